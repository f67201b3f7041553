"""Filtering as one types, and the views beside the folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Input

from discotui.library.sorting import Order
from discotui.library.views import saved
from discotui.start import start_demo
from discotui.ui.screens.dialogs import Name, Question
from discotui.ui.screens.view_dialog import ViewDialog
from discotui.ui.widgets.folder_tree import view_key
from tests.demo_data import JAZZ, MEDIA
from tests.ui.driving import (
    NARROW,
    TypedPilot,
    app_of,
    assert_safe,
    back_on_main,
    current,
    demo_app,
    dialog,
    go_to,
    main,
    news,
    press,
    screen_text,
    settled,
    static_text,
    table,
    titles,
    tree,
    type_text,
    until,
)

pytestmark = pytest.mark.anyio


async def type_filter(pilot: TypedPilot, text: str) -> None:
    """Open the filter and type."""
    await press(pilot, "slash")
    await until(pilot, lambda: isinstance(app_of(pilot).focused, Input))
    await type_text(pilot, text)
    await until(pilot, lambda: main(app_of(pilot)).is_at_rest)


async def show_view(pilot: TypedPilot, name: str) -> None:
    """Go to a view in the folder pane, and open it."""
    app = app_of(pilot)
    await until(pilot, lambda: main(app).is_counted)
    view = next(view for view in main(app).views() if view.name == name)
    tree(app).move_to(view_key(view.key))
    main(app).go_to("folders")
    await until(pilot, lambda: app.focused is tree(app))
    await press(pilot, "enter")
    await until(pilot, lambda: app.focused is table(app) and main(app).is_at_rest)


async def go_to_last_view(pilot: TypedPilot) -> None:
    """The cursor on the last view of the folder pane."""
    app = app_of(pilot)
    tree(app).move_to(view_key(main(app).views()[-1].key))
    main(app).go_to("folders")
    await until(pilot, lambda: app.focused is tree(app))


async def test_the_rows_follow_every_key_and_the_matches_are_counted() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "bjork")
        assert titles(app) == ["浮世"]
        assert static_text(app, "#matches") == "1 of 6"
        await press(pilot, *["backspace"] * 5)
        await until(pilot, lambda: len(titles(app)) == 6)


async def test_enter_keeps_the_filter_and_esc_lets_it_go() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "journey")
        await press(pilot, "enter")
        await until(pilot, lambda: app.focused is table(app))
        assert len(titles(app)) == 2
        assert "filtered" in screen_text(pilot)
        await press(pilot, "down", "escape")
        await until(pilot, lambda: len(titles(app)) == 6)
        assert not main(app).is_filtering
        assert current(app).instance_id == 500_002


async def test_esc_while_typing_shows_everything_again() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "zzz")
        assert titles(app) == []
        assert "Nothing matches the filter" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: len(titles(app)) == 6 and app.focused is table(app))


async def test_esc_while_typing_puts_the_cursor_back_on_the_item_where_it_began() -> None:
    async with demo_app() as (app, pilot, _server):
        await go_to(pilot, "Meeting")
        await type_filter(pilot, "journey")
        assert current(app).title != "Meeting"
        await press(pilot, "escape")
        await until(pilot, lambda: len(titles(app)) == 6 and app.focused is table(app))
        assert current(app).title == "Meeting"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("journey yaer:1971", "There is no field “yaer”. Did you mean year?"),
        ("journey media:", "Nothing stands behind “media:”."),
        ("journey is:dup", "is: takes duplicate, pressing, unrated, rated, waiting or conflict."),
    ],
)
@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
async def test_a_filter_that_cannot_be_read_is_not_kept_and_the_reason_stays(key: str, text: str, reason: str) -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, text)
        await press(pilot, key)
        assert app.screen is main(app)
        assert isinstance(app.focused, Input)
        assert static_text(app, "#offers") == reason
        assert news(app) == "the filter cannot be read"
        main(app).go_to("folders")
        await until(pilot, lambda: app.focused is tree(app))
        assert all(word in screen_text(pilot) for word in reason.split())
        await press(pilot, "slash")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await press(pilot, *["backspace"] * (len(text) - len("journey")), "enter")
        await until(pilot, lambda: app.focused is table(app))
        assert len(titles(app)) == 2
        assert reason not in screen_text(pilot)


async def test_an_open_quote_finds_what_is_in_it_so_far() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, '"journey in sat')
        assert len(titles(app)) == 2
        assert "quote" not in static_text(app, "#offers")
        await press(pilot, "enter")
        await until(pilot, lambda: app.focused is table(app))


async def test_a_term_that_cannot_be_read_is_told_and_the_rows_stay() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "journey ")
        await type_text(pilot, "yaer:1971")
        await until(pilot, lambda: "There is no field “yaer”. Did you mean year?" in static_text(app, "#offers"))
        field = main(app).filter_bar.query_one(Input)
        underlined = [(span.start, span.end) for span in field._value.spans if "underline" in str(span.style)]
        assert underlined == [(8, 17)]
        rows = titles(app)
        await press(pilot, *["left"] * 8, "delete")
        assert titles(app) == rows


async def test_tab_takes_what_is_offered() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "med")
        await press(pilot, "tab")
        await until(pilot, lambda: main(app).filter_bar.text == "media:")
        await press(pilot, "tab")
        await until(pilot, lambda: main(app).filter_bar.text == "media:M")
        await until(pilot, lambda: len(titles(app)) == 2)
        assert all(item.note(MEDIA) == "Mint (M)" for item in table(app).items)


async def test_letters_in_the_filter_are_no_commands() -> None:
    async with demo_app() as (app, pilot, server):
        await type_filter(pilot, "5 d m u q x ?")
        assert server.state.rating(1001) == 5
        assert main(app).filter_bar.text == "5 d m u q x ?"
        assert app.session is not None
        assert app.session.library.waiting_count() == 0


async def test_a_filter_stays_through_edits_folders_and_readings() -> None:
    async with demo_app() as (app, pilot, server):
        await type_filter(pilot, "rating:..1")
        await press(pilot, "enter")
        await until(pilot, lambda: len(titles(app)) == 3)
        table(app).move_to_item(500_006)
        await press(pilot, "4")
        await until(pilot, lambda: "Meeting" not in titles(app))
        server.state.rate(1004, 0)
        server.state.rate(1002, 1)
        await press(pilot, "r")
        await until(pilot, lambda: "[untitled]" in titles(app))
        assert sorted(titles(app)) == sorted(["أم كلثوم", "浮世", "[untitled]"])
        await show_view(pilot, "Unrated")
        await until(pilot, lambda: sorted(titles(app)) == sorted(["أم كلثوم", "浮世"]))


async def test_an_item_that_an_edit_brings_under_the_filter_appears() -> None:
    async with demo_app() as (app, pilot, _server):
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await settled(pilot)
        await type_filter(pilot, "rating:4")
        await press(pilot, "enter")
        await until(pilot, lambda: titles(app) == ["Meeting"])
        await press(pilot, "u")
        await until(pilot, lambda: titles(app) == [])


async def test_a_random_pick_honours_the_filter() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "journey")
        await press(pilot, "enter", "x", "x", "x")
        assert current(app).title == "Journey In Satchidananda"


@pytest.mark.parametrize("text", ["[/x]", "[PIAS]", "\x1b[31m", "ひ", "أم", "a|b|", '"', "-", "🎷"])
async def test_odd_filters_harm_nothing(text: str) -> None:
    async with demo_app(size=NARROW) as (app, pilot, _server):
        await press(pilot, "slash")
        main(app).filter_bar.set_text(text)
        await until(pilot, lambda: main(app).is_at_rest)
        assert_safe(pilot)


# --- views --------------------------------------------------------------------------------------------------


async def test_the_given_views_show_what_they_say_and_count_it() -> None:
    async with demo_app() as (app, pilot, _server):
        await until(pilot, lambda: main(app).is_counted)
        counts = {line.name: line.count for line in main(app).view_section().lines}
        for name, count in counts.items():
            await show_view(pilot, name)
            assert len(titles(app)) == count, name
            assert name in screen_text(pilot)
        assert counts["Duplicates"] == 2
        assert counts["Waiting"] == 0


async def test_recently_added_is_in_its_own_order_and_folders_keep_theirs() -> None:
    async with demo_app() as (app, pilot, _server):
        before = titles(app)
        await show_view(pilot, "Recently added")
        assert titles(app)[0] == "浮世"
        main(app).open_folder(0)
        await until(pilot, lambda: titles(app) == before)


async def test_counts_follow_edits() -> None:
    async with demo_app() as (app, pilot, _server):
        await until(pilot, lambda: main(app).is_counted)
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await settled(pilot)
        await until(pilot, lambda: main(app).is_counted)
        counts = {line.name: line.count for line in main(app).view_section().lines}
        assert counts["Unrated"] == 1


async def test_a_filter_is_saved_as_a_view_renamed_moved_and_deleted() -> None:
    async with demo_app() as (app, pilot, _server):
        for text, name in (("journey", "Trips"), ("label:pias", "Belgian")):
            await type_filter(pilot, text)
            await press(pilot, "ctrl+s")
            await dialog(pilot, Name)
            await press(pilot, *["backspace"] * len(text))
            await type_text(pilot, name)
            await press(pilot, "enter")
            await back_on_main(pilot)
            assert f"saved as the view “{name}”" in news(app)
            await press(pilot, "escape")
            await until(pilot, lambda: len(titles(app)) == 6)
        await show_view(pilot, "Belgian")
        assert titles(app) == ["[untitled]"]
        main(app).go_to("folders")
        await until(pilot, lambda: app.focused is tree(app))
        await press(pilot, "K")
        assert [view.name for view in main(app).views()][-2:] == ["Belgian", "Trips"]
        await press(pilot, "e")
        await dialog(pilot, ViewDialog)
        await press(pilot, "end")
        await type_text(pilot, "!")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert [view.name for view in main(app).views()][-2:] == ["Belgian!", "Trips"]
        await press(pilot, "d")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await back_on_main(pilot)
        assert [view.name for view in main(app).views()][-1:] == ["Trips"]
        await until(pilot, lambda: len(titles(app)) == 6)


async def save_view(pilot: TypedPilot, text: str, name: str) -> None:
    """Type a filter, and save it under a name."""
    await type_filter(pilot, text)
    await press(pilot, "ctrl+s")
    await dialog(pilot, Name)
    await press(pilot, *["backspace"] * len(text))
    await type_text(pilot, name)
    await press(pilot, "enter")
    await back_on_main(pilot)
    await press(pilot, "escape")
    await until(pilot, lambda: not main(app_of(pilot)).is_filtering and main(app_of(pilot)).is_at_rest)


async def test_u_takes_back_what_was_done_last_be_it_to_a_view_or_to_an_item() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "1")
        await save_view(pilot, "journey", "Trips")
        await press(pilot, "2")
        await settled(pilot)
        await go_to_last_view(pilot)
        await press(pilot, "d")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await back_on_main(pilot)
        assert news(app) == "deleted the view “Trips” · u undoes it"
        names = [view.name for view in main(app).views()]
        assert "Trips" not in names

        await press(pilot, "u")
        assert news(app) == "undone: the view “Trips” is there again"
        assert [view.name for view in main(app).views()] == [*names, "Trips"]
        await settled(pilot)
        assert server.state.rating(1001) == 2
        await press(pilot, "u")
        await settled(pilot)
        assert server.state.rating(1001) == 1
        await press(pilot, "u")
        assert news(app) == "undone: the view “Trips” is gone"
        assert [view.name for view in main(app).views()] == names
        await settled(pilot)
        assert server.state.rating(1001) == 1
        await press(pilot, "u")
        await settled(pilot)
        assert server.state.rating(1001) == 5
        await press(pilot, "u")
        assert news(app) == "nothing to undo"


async def test_renaming_and_moving_a_view_are_undone_and_the_ends_are_told() -> None:
    async with demo_app() as (app, pilot, _server):
        await save_view(pilot, "journey", "Trips")
        await save_view(pilot, "label:pias", "Belgian")
        await go_to_last_view(pilot)
        await press(pilot, "J")
        assert news(app) == "“Belgian” is the last of the saved views"
        await press(pilot, "K")
        assert news(app) == "moved the view “Belgian” · u undoes it"
        await press(pilot, "K")
        assert news(app) == "“Belgian” is the first of the saved views"
        await press(pilot, "e")
        await dialog(pilot, ViewDialog)
        await press(pilot, "end")
        await type_text(pilot, "s")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert [view.name for view in main(app).views()][-2:] == ["Belgians", "Trips"]
        await press(pilot, "u")
        assert [view.name for view in main(app).views()][-2:] == ["Belgian", "Trips"]
        await press(pilot, "u")
        assert [view.name for view in main(app).views()][-2:] == ["Trips", "Belgian"]


@pytest.mark.parametrize("name", ["trips", "Unrated"])
async def test_a_view_cannot_be_renamed_to_what_another_is_called(name: str) -> None:
    async with demo_app() as (app, pilot, _server):
        await save_view(pilot, "journey", "Trips")
        await save_view(pilot, "label:pias", "Belgian")
        await go_to_last_view(pilot)
        await press(pilot, "e")
        await dialog(pilot, ViewDialog)
        app.screen.query_one(Input).value = name
        await press(pilot, "enter")
        assert isinstance(app.screen, ViewDialog)
        assert f"There is a view “{name}” already" in static_text(app, ".hint")
        app.screen.query_one(Input).value = "BELGIAN"
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert main(app).views()[-1].name == "BELGIAN"


async def test_the_filter_of_a_view_is_edited_where_it_is_shown_and_u_takes_it_back() -> None:
    async with demo_app() as (app, pilot, _server):
        await save_view(pilot, "label:pias", "Belgian")
        await show_view(pilot, "Belgian")
        assert titles(app) == ["[untitled]"]
        main(app).go_to("folders")
        await until(pilot, lambda: app.focused is tree(app))
        await press(pilot, "e")
        await dialog(pilot, ViewDialog)
        await press(pilot, "tab", "ctrl+u")
        await type_text(pilot, "year:197")
        await press(pilot, "enter")
        assert "“197” is no year" in static_text(app, ".hint")
        await press(pilot, *["backspace"] * 8, "enter")
        assert "A view needs a name and a filter." in static_text(app, ".hint")
        await type_text(pilot, "journey")
        await press(pilot, "ctrl+s")
        await back_on_main(pilot)
        assert news(app) == "changed the filter of the view “Belgian” · u undoes it"
        await until(pilot, lambda: len(titles(app)) == 2 and main(app).is_at_rest)
        await press(pilot, "u")
        await until(pilot, lambda: titles(app) == ["[untitled]"] and main(app).is_at_rest)
        assert news(app) == "undone: the view “Belgian” has its former filter"
        await press(pilot, "U")
        await until(pilot, lambda: len(titles(app)) == 2 and main(app).is_at_rest)
        assert news(app) == "done again: the view “Belgian” has its new filter"
        await press(pilot, "U")
        assert news(app) == "nothing to do again"
        await press(pilot, "e")
        await dialog(pilot, ViewDialog)
        await type_text(pilot, "Other")
        await press(pilot, "escape")
        await dialog(pilot, Question)
        await press(pilot, "n")
        await dialog(pilot, ViewDialog)
        await press(pilot, "escape", "y")
        await back_on_main(pilot)
        assert main(app).views()[-1].name == "Belgian"


async def test_a_view_of_the_same_name_is_replaced_only_when_that_is_wanted() -> None:
    async with demo_app() as (app, pilot, _server):
        await save_view(pilot, "journey", "Trips")
        main(app).show_folder(JAZZ)
        await type_filter(pilot, "label:pias")
        await press(pilot, "ctrl+s")
        await dialog(pilot, Name)
        assert "Save as a view of the whole collection" in screen_text(pilot)
        await press(pilot, *["backspace"] * 10)
        await type_text(pilot, "TRIPS")
        await press(pilot, "enter")
        await dialog(pilot, Question)
        assert "There is a view “Trips” already; its filter is “journey”." in screen_text(pilot).replace("\n", " ")
        await press(pilot, "n")
        await back_on_main(pilot)
        assert [(view.name, view.text) for view in main(app).session.library.views()] == [("Trips", "journey")]
        await press(pilot, "ctrl+s")
        await dialog(pilot, Name)
        await press(pilot, *["backspace"] * 10)
        await type_text(pilot, "TRIPS")
        await press(pilot, "enter")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await back_on_main(pilot)
        assert [(view.name, view.text) for view in main(app).session.library.views()] == [("TRIPS", "label:pias")]


async def test_a_filter_that_cannot_be_read_is_not_left_and_its_rows_are_called_those_of_before() -> None:
    async with demo_app() as (app, pilot, _server):
        await type_filter(pilot, "journey year:x")
        assert static_text(app, "#matches") == "rows as before"
        await press(pilot, "backspace", *"1970")
        await until(pilot, lambda: static_text(app, "#matches") == "0 of 6")
        await press(pilot, "space", *"is:r", "shift+tab")
        assert main(app).filter_bar.has_focus_within
        assert "is: takes" in static_text(app, "#offers")


async def test_a_kept_filter_is_shown_from_its_beginning() -> None:
    async with demo_app(size=NARROW) as (app, pilot, _server):
        text = 'artist:alice | title:journey | label:"blue thumb records" | year:1960..1969 | rating:4..'
        await type_filter(pilot, text)
        await press(pilot, "enter")
        await until(pilot, lambda: app.focused is table(app))
        assert "/ artist:alice" in screen_text(pilot)
        await press(pilot, "slash", *" x")
        assert main(app).filter_bar.text == f"{text} x"


async def test_what_is_not_touched_of_a_view_stays_as_it_was() -> None:
    async with demo_app() as (app, pilot, _server):
        library = main(app).session.library
        library.put_views(saved([], "ev\x1b[31mil\u202e [/x]", '"a\u202eb" | label:pias', Order()))
        main(app)._show_views()
        await go_to_last_view(pilot)
        await press(pilot, "e")
        await dialog(pilot, ViewDialog)
        assert_safe(pilot)
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert [(view.name, view.text) for view in library.views()] == [
            ("ev\x1b[31mil\u202e [/x]", '"a\u202eb" | label:pias')
        ]


async def test_a_given_view_is_neither_renamed_nor_deleted() -> None:
    async with demo_app() as (app, pilot, _server):
        await show_view(pilot, "Unrated")
        main(app).go_to("folders")
        await until(pilot, lambda: app.focused is tree(app))
        await press(pilot, "e", "d", "K")
        assert app.screen is main(app)
        assert "only saved views can be put in another place" in news(app)


async def test_the_filter_that_the_readme_shows_finds_something_in_the_demo(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md in this copy")
    found = re.search(r"`/ ([^`]+)`", readme.read_text("utf-8"))
    assert found is not None
    async with demo_app(start=start_demo(tmp_path, read_only=False)) as (app, pilot, _server):
        main(app).filter_bar.set_text(found[1])
        await until(pilot, lambda: main(app).is_filtering and main(app).is_at_rest)
        assert not main(app).filter_bar.has_class("-wrong")
        assert 0 < len(titles(app)) < 20


async def test_in_a_narrow_window_the_filter_has_its_line() -> None:
    async with demo_app(size=NARROW) as (app, pilot, _server):
        await type_filter(pilot, "journey")
        assert "/ journey" in screen_text(pilot)
        assert "2 of 6" in screen_text(pilot)
        assert table(app).visible_lines > 8
