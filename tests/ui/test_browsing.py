"""Looking at a collection by keys and mouse: nothing here changes it."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence

import pytest
from textual.command import CommandPalette
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from discotui.library.sorting import SORT_KEYS
from discotui.start import Start
from discotui.ui.app import DiscotuiApp
from discotui.ui.command import Place
from discotui.ui.commands import COMMANDS
from discotui.ui.screens.dialogs import Pick
from discotui.ui.screens.help import HelpScreen
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.release_table import ReleaseTable
from tests.demo_data import many_records
from tests.ui.driving import (
    NARROW,
    NORMAL,
    WIDE,
    Dice,
    TypedPilot,
    WiredStart,
    back_on_main,
    current,
    demo_app,
    dialog,
    drawn,
    go_to_folder,
    lines_of,
    main,
    news,
    pane,
    press,
    resize,
    screen_text,
    settled,
    table,
    titles,
    toasts,
    tree,
    type_text,
    until,
    writes,
)

pytestmark = pytest.mark.anyio

ORDERS = {
    "artist": [1, 2, 6, 5, 4, 3],
    "title": [3, 1, 2, 6, 4, 5],
    "catno": [3, 6, 1, 2, 5, 4],
    "format": [6, 4, 3, 1, 2, 5],
    "year": [1, 2, 6, 5, 4, 3],
    "rating": [1, 2, 3, 5, 6, 4],
    "added": [5, 2, 4, 3, 1, 6],
    "folder": [1, 6, 4, 2, 5, 3],
}
"""Instances of the small collection, counted from 1, in the order that comes first; ties by artist."""
REVERSED = {
    "artist": [3, 4, 5, 6, 1, 2],
    "title": [5, 4, 6, 1, 2, 3],
    "catno": [5, 1, 2, 6, 3, 4],
    "format": [1, 2, 5, 3, 4, 6],
    "year": [4, 5, 6, 1, 2, 3],
    "rating": [5, 3, 1, 2, 6, 4],
    "added": [6, 1, 4, 3, 2, 5],
    "folder": [2, 5, 3, 4, 1, 6],
}
"""The same the other way round: what is empty stays last, ties stay as they were."""


def shown(app: DiscotuiApp) -> list[int]:
    """The items in the table, counted from 1."""
    return [item.instance_id - 500_000 for item in table(app).items]


def visible_panes(app: DiscotuiApp) -> list[str]:
    """The panes on the screen, from the left."""
    panes = (main(app).query_one(f"#{name}") for name in ("folders", "table", "item"))
    return [str(each.id) for each in panes if each.display and each.region.area]


def pane_in_focus(app: DiscotuiApp) -> str:
    """The pane that holds the focus."""
    focused = main(app).focused
    names = {tree(app): "folders", table(app): "table", pane(app): "item"}
    return next((name for widget, name in names.items() if widget is focused), "none")


def table_title(app: DiscotuiApp) -> str:
    """What stands in the frame of the table."""
    return str(main(app).query_one("#table").border_title)


async def test_every_cursor_key_moves_in_the_table() -> None:
    async with demo_app(size=NORMAL, data=many_records(60)) as (app, pilot, server):
        asked = len(server.log)
        page = table(app).visible_lines - 1
        steps: Sequence[tuple[str, int]] = [
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("up", 0),
            ("up", 0),
            ("pagedown", page),
            ("pagedown", 2 * page),
            ("pageup", page),
            ("G", 59),
            ("j", 59),
            ("g", 0),
            ("end", 59),
            ("home", 0),
        ]
        for key, line in steps:
            await press(pilot, key)
            assert table(app).cursor == line, key
            assert table(app).is_in_sight(line), key
            assert f"Title {line:03}" in screen_text(pilot)
        assert len(server.log) == asked


async def test_cursor_keys_move_in_the_folder_pane_and_enter_shows_the_folder() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "shift+tab", "g")
        assert tree(app).current_key is None  # the heading
        for key, name in [("j", "All"), ("down", "Uncategorized"), ("down", "Empty"), ("j", "Jazz [LP]")]:
            await press(pilot, key)
            folder = main(app).folder_under_cursor
            assert folder is not None
            assert folder.name == name
        assert len(titles(app)) == 6  # the cursor alone opens nothing
        await press(pilot, "enter")
        assert titles(app) == ["Journey In Satchidananda", "Meeting"]
        assert table_title(app) == "Jazz [LP] · 2 items · artist ▲"
        assert pane_in_focus(app) == "table"


async def test_enter_and_space_fold_a_heading() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "shift+tab", "g")
        lines = tree(app).line_count
        await press(pilot, "enter")
        assert tree(app).line_count == lines - len(main(app).session.library.folders())
        await press(pilot, "space")
        assert tree(app).line_count == lines


async def test_enter_in_the_table_goes_to_the_item_and_esc_comes_back() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "j", "enter")
        assert pane_in_focus(app) == "item"
        await press(pilot, "escape")
        assert pane_in_focus(app) == "table"
        assert current(app).instance_id == 500_002


async def test_tab_goes_round_the_panes_in_both_directions() -> None:
    async with demo_app() as (app, pilot, _):
        forward = []
        for _step in range(3):
            await press(pilot, "tab")
            forward.append(pane_in_focus(app))
        assert forward == ["item", "folders", "table"]
        backward = []
        for _step in range(3):
            await press(pilot, "shift+tab")
            backward.append(pane_in_focus(app))
        assert backward == ["folders", "item", "table"]


async def test_z_shows_the_focused_pane_alone_and_z_or_esc_brings_the_others_back() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "z")
        assert visible_panes(app) == ["table"]
        await press(pilot, "tab")
        assert visible_panes(app) == ["item"]
        assert pane_in_focus(app) == "item"
        await press(pilot, "z")
        assert visible_panes(app) == ["folders", "table", "item"]
        await press(pilot, "shift+tab", "shift+tab", "z")
        assert visible_panes(app) == ["folders"]
        await press(pilot, "escape")
        assert visible_panes(app) == ["folders", "table", "item"]
        assert pane_in_focus(app) == "folders"


async def test_esc_steps_back_one_level_at_a_time_and_never_leaves() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "tab", "z", "escape", "escape")
        assert pane_in_focus(app) == "table"
        await press(pilot, "escape", "escape")
        assert app.is_running
        assert visible_panes(app) == ["folders", "table", "item"]


async def test_the_item_pane_follows_the_cursor() -> None:
    async with demo_app() as (app, pilot, _):
        assert "second [b]line[/b]" in screen_text(pilot)
        await press(pilot, "G")
        assert "[PIAS] Le Label" in "\n".join(line[82:] for line in lines_of(app.screen))
        # Neither a field that nobody lists nor a value outside of all options is hidden.
        assert "Field 99" in screen_text(pilot)
        assert "Very Good (VG)" in screen_text(pilot)


def in_usual_order(app: DiscotuiApp) -> None:
    """Sort by artist, so that this decides next."""
    if main(app).sort_key != "artist":
        main(app).sort_by("artist")


async def choose_order(pilot: TypedPilot, name: str) -> None:
    """Choose the first order that matches a name from the dialog."""
    await press(pilot, "s")
    await dialog(pilot, Pick)
    await type_text(pilot, name)
    await press(pilot, "enter")
    await back_on_main(pilot)


async def test_the_sort_dialog_offers_every_order_and_the_same_one_again_reverses_it() -> None:
    async with demo_app() as (app, pilot, _):
        for key, order in ORDERS.items():
            in_usual_order(app)
            first = SORT_KEYS[key]
            expected = [("artist", True, REVERSED[key])] if key == "artist" else [(key, first.descending_first, order)]
            expected.append((key, not expected[0][1], order if key == "artist" else REVERSED[key]))
            for _key, descending, rows in expected:
                await choose_order(pilot, first.title.lower()[:6])
                assert shown(app) == rows, key
                assert f"items · {first.title.lower()} {'▼' if descending else '▲'}" in table_title(app)


async def test_the_orders_chosen_before_decide_what_the_new_one_leaves_open() -> None:
    async with demo_app() as (app, pilot, _):
        await choose_order(pilot, "year")
        await choose_order(pilot, "rating")
        assert table_title(app).endswith("rating ▼, year ▲, artist ▲")
        assert shown(app) == [1, 2, 3, 5, 6, 4]
        await choose_order(pilot, "year")
        await choose_order(pilot, "year")
        await choose_order(pilot, "rating")
        assert table_title(app).endswith("rating ▼, year ▼, artist ▲")
        assert shown(app) == [1, 2, 3, 5, 4, 6]


async def test_every_notes_field_is_an_order_of_its_own_and_its_column_shows_it() -> None:
    async with demo_app(size=(200, 40)) as (app, pilot, _):
        await choose_order(pilot, "media")
        assert table_title(app).endswith("Media Condition ▲, artist ▲")
        assert shown(app) == [1, 5, 2, 6, 4, 3]
        await choose_order(pilot, "shelf")
        assert table_title(app).endswith("Shelf ▲, Media Condition ▲, artist ▲")
        assert shown(app) == [2, 1, 5, 6, 4, 3]
        for arrow in ("▲", "▼"):
            await pilot.click(ReleaseTable, offset=(table(app).render_line(0).text.index("Media"), 0))
            await drawn(pilot)
            assert f"Media{arrow}" in table(app).render_line(0).text


async def test_the_sort_dialog_is_left_by_esc_without_effect() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "s", "down", "down", "escape")
        await back_on_main(pilot)
        assert shown(app) == ORDERS["artist"]
        await press(pilot, "s")
        await type_text(pilot, "zzz")
        assert "nothing of that name" in screen_text(pilot)
        await press(pilot, "enter", "escape")
        await back_on_main(pilot)
        assert shown(app) == ORDERS["artist"]


async def test_the_cursor_stays_on_its_item_through_every_order() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "j", "j")
        title = current(app).title
        for key in SORT_KEYS:
            main(app).sort_by(key)
            await drawn(pilot)
            assert current(app).title == title, key


async def test_a_click_on_a_header_sorts_by_it_and_another_one_reverses() -> None:
    async with demo_app() as (app, pilot, _):
        for title, key in [("Title", "title"), ("Year", "year"), ("Rate", "rating")]:
            in_usual_order(app)
            for rows in (ORDERS[key], REVERSED[key]):
                header = table(app).render_line(0).text
                await pilot.click(ReleaseTable, offset=(header.index(title) + 1, 0))
                await drawn(pilot)
                assert shown(app) == rows, key


async def test_a_click_on_a_row_and_on_a_folder_does_what_the_keys_do() -> None:
    async with demo_app() as (app, pilot, _):
        await pilot.click(ReleaseTable, offset=(10, 4))
        assert current(app).title == "浮世"
        await pilot.click("#tree", offset=(5, 4))
        await drawn(pilot)
        assert titles(app) == ["Journey In Satchidananda", "Meeting"]
        await pilot.click(ReleaseTable, offset=(10, 2), times=2)
        await until(pilot, lambda: pane_in_focus(app) == "item")


async def test_a_random_pick_is_neither_what_the_cursor_is_on_nor_what_was_picked_lately() -> None:
    async with demo_app() as (app, pilot, _):
        main(app)._dice = Dice(0, 4, 4, 0, 2, 4, 2, 5, 0, 4)
        lines = [0]
        for _fall in range(5):
            await press(pilot, "x")
            lines.append(table(app).cursor)
            assert news(app) == "how about " + f"{current(app).artist} – {current(app).title}" + "?"
        # Falls on the present row and on the last three picks, half of all rows, do not count.
        assert lines == [0, 4, 0, 2, 5, 4]


async def test_random_picks_among_few_never_run_out() -> None:
    async with demo_app() as (app, pilot, _):
        await go_to_folder(pilot, "Jazz [LP]")
        await press(pilot, "enter")
        seen = []
        for _fall in range(6):
            await press(pilot, "x")
            seen.append(table(app).cursor)
        assert seen == [1, 0, 1, 0, 1, 0]


async def test_a_random_pick_says_so_when_there_is_nothing_to_choose() -> None:
    async with demo_app() as (app, pilot, _):
        await go_to_folder(pilot, "Empty")
        await press(pilot, "enter", "x")
        assert news(app) == "nothing to pick from"
        await go_to_folder(pilot, "Uncategorized")
        await press(pilot, "enter", "x")
        assert news(app) == "this is the only one"


async def test_y_copies_artist_and_title_and_shift_y_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    async with demo_app() as (app, pilot, _):
        monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
        await press(pilot, "G", "y")
        assert news(app) == "copied artist and title"
        await press(pilot, "Y")
        assert copied == ["The Fall – [untitled]", "https://www.discogs.com/release/1002"]


async def test_o_opens_the_page_of_the_release_in_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    async with demo_app() as (app, pilot, _):
        monkeypatch.setattr(app, "open_url", opened.append)
        monkeypatch.setattr("webbrowser.get", lambda: None)
        await press(pilot, "o")
        assert news(app) == "opened in the browser"
        assert opened == ["https://www.discogs.com/release/1001"]


async def test_where_there_is_no_browser_o_tells_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error

    opened: list[str] = []
    async with demo_app() as (app, pilot, _):
        monkeypatch.setattr(app, "open_url", opened.append)
        monkeypatch.setattr("webbrowser.get", none)
        await press(pilot, "o")
        (told,) = toasts(app)
        assert "https://www.discogs.com/release/1001 · Y copies" in told
        assert not opened


async def test_in_the_demo_o_and_shift_y_say_that_there_is_no_page(
    monkeypatch: pytest.MonkeyPatch, demo_start: Start
) -> None:
    opened: list[str] = []
    async with demo_app(start=demo_start) as (app, pilot, _):
        monkeypatch.setattr(app, "open_url", opened.append)
        monkeypatch.setattr(app, "copy_to_clipboard", opened.append)
        await press(pilot, "o", "Y")
        assert not opened
        assert any("no page at Discogs" in text for text in toasts(app))


async def test_commands_for_an_item_say_so_where_there_is_none() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to_folder(pilot, "Empty")
        await press(pilot, "enter")
        assert "Nothing in this folder yet" in screen_text(pilot)
        for key in ("4", "m", "e", "d", "o", "y", "Y"):
            main(app).say("")
            await press(pilot, key)
            assert isinstance(app.screen, MainScreen), key
            assert news(app) == "no item here", key
        assert not writes(server.log)


async def test_at_the_folders_nothing_is_done_to_the_item_of_the_table() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "4")
        await settled(pilot)
        sent = len(writes(server.log))
        await go_to_folder(pilot, "Empty")
        for key in ("5", "m", "full_stop", "v", "o", "y", "Y"):
            main(app).say("")
            await press(pilot, key)
            assert app.screen is main(app), key
            assert news(app) == "that is for an item: tab goes to the table", key
        assert len(writes(server.log)) == sent
        assert not main(app).marked


async def test_at_the_folders_marked_items_are_edited() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "space", "shift+tab")
        await until(pilot, lambda: app.focused is tree(app))
        await press(pilot, "4")
        await settled(pilot)
        assert server.state.rating(1001) == 4


async def test_help_lists_every_command_with_its_keys() -> None:
    async with demo_app(size=(140, 140)) as (app, pilot, _):
        await press(pilot, "question_mark")
        await dialog(pilot, HelpScreen)
        text = " ".join(" ".join(line.strip(" │") for line in lines_of(app.screen)).split())
        for command in COMMANDS.values():
            assert command.key_text in text, command.id
            assert command.help in text, command.id
        assert "not affiliated with, sponsored or endorsed by Discogs" in text
        assert "Data provided by Discogs." in text
        assert "esc" in text


async def test_help_for_reading_only_leaves_out_what_changes_the_collection(public_start: WiredStart) -> None:
    async with demo_app(size=(140, 140), start=public_start) as (app, pilot, _):
        await press(pilot, "question_mark")
        await dialog(pilot, HelpScreen)
        text = " ".join(" ".join(line.strip(" │") for line in lines_of(app.screen)).split())
        for command in COMMANDS.values():
            assert (command.help in text) == (not command.changes and command.place is not Place.FORM), command.id
        assert "While editing" not in text


async def test_help_scrolls_to_its_end_in_a_small_window() -> None:
    async with demo_app(size=NORMAL) as (app, pilot, _):
        await press(pilot, "question_mark")
        await dialog(pilot, HelpScreen)
        box = app.screen.query_one(VerticalScroll)
        await until(pilot, lambda: box.max_scroll_y > 0)
        for key in ("j", "k", "down", "up", "pagedown", "end"):
            await press(pilot, key)
        await until(pilot, lambda: "Media, LLC." in screen_text(pilot))
        await press(pilot, "escape")
        await back_on_main(pilot)


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "enter"])
async def test_help_is_left_by_any_of_its_keys(key: str) -> None:
    async with demo_app(size=NARROW) as (app, pilot, _):
        await press(pilot, "question_mark")
        await dialog(pilot, HelpScreen)
        await press(pilot, key)
        await back_on_main(pilot)
        assert app.is_running


async def run_by_name(pilot: TypedPilot, name: str) -> None:
    """Choose the first match in the palette."""
    await press(pilot, "ctrl+p")
    await dialog(pilot, CommandPalette)
    await type_text(pilot, name)
    options = pilot.app.screen.query_one(OptionList)
    await until(pilot, lambda: bool(options.option_count) and name in str(options.get_option_at_index(0).prompt), name)
    await press(pilot, "down", "enter")
    await back_on_main(pilot)


async def test_the_palette_offers_every_command_every_folder_and_every_order() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "ctrl+p")
        await dialog(pilot, CommandPalette)
        wanted = [
            f"{command.label} ({command.key_text})" if command.keys else command.label
            for command in COMMANDS.values()
            if command.place in (Place.MAIN, Place.FOLDERS)
            and command.id not in ("app.palette", "item.rate")  # itself, and one that takes a number
        ]
        wanted += ["Rate ····· (0)", "Rate ★★★★· (4)", "Undo (u)", "Redo (U)"]
        wanted += [f"Folder: {name}" for name in ("All", "Uncategorized", "Jazz [LP]", "奇 Odd", "Empty")]
        wanted += [f"Sort by {key.title}" for key in SORT_KEYS.values()]
        wanted += ["Sort by Media Condition", "Sort by Shelf"]
        options = app.screen.query_one(OptionList)

        def offered() -> str:
            return "\n".join(str(option.prompt) for option in options.options)

        await until(pilot, lambda: all(name in offered() for name in wanted), f"all of {wanted}")


async def test_the_palette_carries_out_what_is_chosen() -> None:
    async with demo_app() as (app, pilot, _):
        await run_by_name(pilot, "Folder: 奇")
        assert len(titles(app)) == 3
        await run_by_name(pilot, "Sort by Year")
        assert titles(app) == ["Journey In Satchidananda", "浮世", "[untitled]"]
        await run_by_name(pilot, "Zoom (z)")
        await until(pilot, lambda: visible_panes(app) == ["table"])


async def test_the_palette_rates() -> None:
    async with demo_app() as (_app, pilot, server):
        await run_by_name(pilot, "Rate")
        await settled(pilot)
        assert server.state.rating(1001) < 5


async def test_the_palette_says_of_one_order_alone_that_it_would_be_reversed() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "ctrl+p")
        await dialog(pilot, CommandPalette)
        await type_text(pilot, "sort by")
        options = app.screen.query_one(OptionList)
        await until(pilot, lambda: options.option_count >= len(SORT_KEYS))
        reversing = [str(each.prompt) for each in options.options if "reverses" in str(each.prompt)]
        assert len(reversing) == 1
        assert reversing[0].startswith("Sort by Artist")


@pytest.mark.parametrize("key", ["m", "n", "question_mark"])
async def test_the_palette_does_not_open_above_a_dialog(key: str) -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, key)
        opened = app.screen
        assert opened is not main(app)
        await press(pilot, "ctrl+p")
        assert app.screen is opened


async def test_what_was_just_done_makes_room_for_what_is_told_and_is_not_said_again_later() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "4")
        assert news(app)
        await go_to_folder(pilot, "All")
        await press(pilot, "d")
        assert any("two fixed folders" in text for text in toasts(app))
        assert news(app) == ""
        await press(pilot, "tab", "3")
        assert news(app)
        await press(pilot, "c")
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert news(app) == ""


async def test_too_small_a_window_says_so_and_a_larger_one_brings_all_back() -> None:
    async with demo_app(size=NARROW) as (app, pilot, _):
        for size in [(59, 20), (60, 19), (20, 5), (1, 1), (59, 19)]:
            await resize(pilot, size)
            await until(pilot, lambda: not visible_panes(app), f"no panes at {size}")
        await until(pilot, lambda: "this one has 59 × 19" in screen_text(pilot))
        assert "at least 60 × 20" in screen_text(pilot)
        await press(pilot, "ctrl+p", "question_mark")
        assert app.screen is main(app)
        await resize(pilot, NARROW)
        await until(pilot, lambda: visible_panes(app) == ["table"])
        assert "Alice Coltrane" in screen_text(pilot)


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        (NARROW, {"table": ["table"], "folders": ["folders"], "item": ["item"]}),
        (NORMAL, {"table": ["folders", "table"], "folders": ["folders", "table"], "item": ["folders", "item"]}),
        (WIDE, {pane: ["folders", "table", "item"] for pane in ("folders", "table", "item")}),
    ],
)
async def test_each_width_shows_the_panes_that_have_room(size: tuple[int, int], panes: dict[str, list[str]]) -> None:
    async with demo_app(size=size) as (app, pilot, _):
        for key, name in [("escape", "table"), ("tab", "item"), ("tab", "folders"), ("tab", "table")]:
            await press(pilot, key)
            assert pane_in_focus(app) == name
            assert visible_panes(app) == panes[name]
            assert all(len(line) <= size[0] for line in lines_of(app.screen))
            assert "? Help" in lines_of(app.screen)[-1]


async def test_a_public_collection_shows_no_folders_and_no_value_but_all_items(public_start: WiredStart) -> None:
    async with demo_app(start=public_start) as (app, pilot, server):
        assert len(titles(app)) == 6
        assert tree(app).line_count == 2 + 1 + len(main(app).views())
        assert "Value at Discogs" not in screen_text(pilot)
        assert server.log
        assert not any(entry.authorization for entry in server.log)
