"""Columns and order on the main screen: the commands, the dialog, and that they are there again the next time."""

from __future__ import annotations

from pathlib import Path

import pytest

from discotui import errors
from discotui.library.columns import NARROW, WIDE, ColumnChoice
from discotui.library.library import Library
from discotui.start import Kind
from discotui.ui.screens.column_dialog import ColumnList, ColumnsDialog
from tests.demo_data import MEDIA, NOTES, SHELF, small_data
from tests.ui.driving import (
    NARROW as SMALL,
)
from tests.ui.driving import (
    WIDE as LARGE,
)
from tests.ui.driving import (
    TypedPilot,
    WiredStart,
    app_of,
    assert_safe,
    back_on_main,
    current,
    demo_app,
    dialog,
    main,
    news,
    press,
    resize,
    screen_text,
    server_of,
    start_at,
    table,
    toasts,
    tree,
    until,
)
from tests.ui.test_hostile import BIDI, ESCAPES, MARKUP, hostile_data

pytestmark = pytest.mark.anyio

MEDIA_KEY, NOTES_KEY, SHELF_KEY = (f"note:{number}" for number in (MEDIA, NOTES, SHELF))


async def open_dialog(pilot: TypedPilot) -> ColumnsDialog:
    """Press C."""
    await press(pilot, "C")
    await dialog(pilot, ColumnsDialog)
    screen = pilot.app.screen
    assert isinstance(screen, ColumnsDialog)
    return screen


async def go_to_line(pilot: TypedPilot, title: str) -> None:
    """Put the dialog's cursor on a column."""
    columns = pilot.app.screen.query_one(ColumnList)
    await press(pilot, "g")
    for _ in range(columns.line_count):
        if columns._lines[columns.cursor][0].title == title:
            return
        await press(pilot, "j")
    raise AssertionError(f"no column {title!r}")


def keys(pilot: TypedPilot) -> list[str]:
    """The columns chosen in the table."""
    return [column.key for column in table(app_of(pilot)).columns]


def remembered(start: WiredStart) -> Library:
    """The library file as another program finds it."""
    return Library(start.library_path, writes=False)


# --- the cursor among the columns


async def test_left_and_right_go_among_the_columns_and_esc_lets_go_before_anything_else() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "slash", *"the", "enter")
        await press(pilot, "right", "l", "h")
        assert table(app).column_cursor == "artist"
        await press(pilot, "z", "right")
        assert table(app).column_cursor == "title"
        await press(pilot, "escape")
        assert table(app).column_cursor == ""
        assert main(app).has_class("-zoomed")
        assert main(app).is_filtering
        await press(pilot, "escape")
        assert not main(app).has_class("-zoomed")
        assert main(app).is_filtering
        await press(pilot, "escape")
        assert not main(app).is_filtering


async def test_the_folder_pane_does_not_react_to_the_keys_of_columns() -> None:
    async with demo_app() as (app, pilot, _):
        before = table(app).choice
        await press(pilot, "shift+tab", "j")
        line = tree(app).cursor
        await press(pilot, "left", "right", "h", "l", "H", "L", "less_than_sign", "greater_than_sign")
        assert (table(app).column_cursor, table(app).choice, tree(app).cursor) == ("", before, line)


async def test_a_column_out_of_sight_is_gone_to_and_esc_brings_the_table_home() -> None:
    async with demo_app(size=SMALL) as (app, pilot, _):
        home = table(app).keys_in_sight
        await press(pilot, *["right"] * 12)
        assert table(app).column_cursor == "folder"
        assert "Jazz [LP]"[:8] in screen_text(pilot)
        await press(pilot, "escape")
        assert table(app).keys_in_sight == home


async def test_widths_and_places_change_under_the_column_cursor_and_without_one_a_word_tells_how() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "greater_than_sign")
        assert "choose a column first" in news(app)
        await press(pilot, "right", "right")
        before = table(app).cells_of("title")
        await press(pilot, "greater_than_sign", "greater_than_sign", "less_than_sign")
        assert table(app).cells_of("title") == before + 1
        await press(pilot, "H")
        assert keys(pilot)[:2] == ["title", "artist"]
        await press(pilot, "L")
        assert keys(pilot)[:2] == ["artist", "title"]
        assert table(app).column_cursor == "title"


async def test_the_palette_has_the_commands_of_columns_too() -> None:
    async with demo_app() as (_app, pilot, _):
        await press(pilot, "right", "ctrl+p", *"further", "space", *"right")
        await until(pilot, lambda: "one place further right" in screen_text(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: keys(pilot)[:2] == ["title", "artist"])


# --- the dialog


async def test_the_dialog_lists_every_column_by_its_whole_name() -> None:
    async with demo_app(size=LARGE) as (_app, pilot, _):
        await open_dialog(pilot)
        text = screen_text(pilot)
        for title in ("Artist", "Rated", "Media Condition", "Sleeve Condition", "Added", "Folder"):
            assert f"[x] {title}" in text
        for title in ("Notes", "Shelf"):
            assert f"[ ] {title}" in text
        assert "usual: 11 of 13" in text


async def test_a_notes_field_is_shown_put_higher_and_kept() -> None:
    async with demo_app(size=LARGE) as (_app, pilot, _):
        await open_dialog(pilot)
        await go_to_line(pilot, "Shelf")
        await press(pilot, "space", *["K"] * 12)
        assert "[x] Shelf" in screen_text(pilot)
        assert keys(pilot)[0] == SHELF_KEY, "the table behind shows how it would be"
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert keys(pilot)[0] == SHELF_KEY
        assert "B2" in screen_text(pilot)


@pytest.mark.parametrize("keep", ["enter", "ctrl+s"])
async def test_enter_and_ctrl_s_keep_and_esc_leaves_all_as_it_was(keep: str) -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "right", "right")
        before, in_sight = table(app).choice, table(app).keys_in_sight
        await open_dialog(pilot)
        await press(pilot, "space", "j", "shift+down", "right", "w")
        assert table(app).choice != before
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert (table(app).choice, table(app).keys_in_sight) == (before, in_sight)
        assert table(app).column_cursor == "title"
        await open_dialog(pilot)
        await press(pilot, "n", keep)
        await back_on_main(pilot)
        assert table(app).choice == ColumnChoice(NARROW)


async def test_the_keys_of_the_dialog_hide_order_and_size() -> None:
    async with demo_app() as (app, pilot, _):
        await open_dialog(pilot)
        await go_to_line(pilot, "Label")
        await press(pilot, "space")
        assert "label" not in keys(pilot)
        await press(pilot, "space", "J", "shift+down", "shift+up")
        assert keys(pilot)[:4] == ["artist", "title", "catno", "label"]
        cells = table(app).cells_of("label")
        await press(
            pilot, "right", "greater_than_sign", "greater_than_sign", "left", "less_than_sign", "greater_than_sign"
        )
        assert table(app).choice.width_of("label") == cells + 2
        assert f"{cells + 2} cells" in screen_text(pilot)
        await press(pilot, "equals_sign")
        assert table(app).choice.width_of("label") == 0
        await press(pilot, "w")
        assert keys(pilot)[-3:] == [SHELF_KEY, "added", "folder"]
        await press(pilot, "n")
        assert keys(pilot) == ["artist", "title", "year", "rating", "note:4", "note:5"]
        await press(pilot, "u")
        assert table(app).choice == ColumnChoice()


async def test_the_last_column_cannot_be_hidden() -> None:
    async with demo_app() as (_app, pilot, _):
        await open_dialog(pilot)
        await press(pilot, "n")
        for _ in range(6):
            await press(pilot, "space", "j")
        assert len(keys(pilot)) == 1


async def test_a_double_click_shows_or_hides() -> None:
    async with demo_app() as (_app, pilot, _):
        await open_dialog(pilot)
        await pilot.double_click(ColumnList, offset=(6, 2))
        await press(pilot)
        assert "[ ] Label" in screen_text(pilot)
        assert isinstance(pilot.app.screen, ColumnsDialog)
        assert "label" not in keys(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("text", [MARKUP, f"{ESCAPES}{BIDI}", "山下達郎" * 12])
async def test_names_and_values_may_be_anything(size: tuple[int, int], text: str) -> None:
    async with demo_app(size=size, data=hostile_data(text)) as (app, pilot, _):
        await open_dialog(pilot)
        await press(pilot, "w")
        for _ in range(13):
            assert_safe(pilot)
            await press(pilot, "right", "j")
        await press(pilot, "enter")
        await back_on_main(pilot)
        for _ in range(13):
            await press(pilot, "right", "j")
            assert_safe(pilot)
        for field in main(app).session.library.fields():
            main(app).sort_by(f"note:{field.field_id}")
            await press(pilot, "right")
            assert_safe(pilot)


# --- ordering by what is shown


async def test_the_title_of_a_notes_column_sorts_and_the_sort_dialog_knows_it() -> None:
    async with demo_app(size=LARGE) as (app, pilot, _):
        table(app).choose(ColumnChoice().with_keys(["artist", SHELF_KEY, MEDIA_KEY]))
        await press(pilot)
        header = table(app).render_line(0).text
        await pilot.click(table(app), offset=(header.index("Shelf"), 0))
        await press(pilot)
        assert main(app).listing.order.first == SHELF_KEY
        assert "Shelf ▲" in table(app).render_line(0).text
        assert table(app).items[0].note(SHELF) == "B2"
        await press(pilot, "s", *"media", "enter")
        assert main(app).listing.order.first == MEDIA_KEY


# --- remembered


async def test_columns_and_order_are_there_again_the_next_time(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        await press(pilot, "C", "w", "enter")
        await press(pilot, "right", "greater_than_sign", "s", *"year", "enter", "s", *"shelf", "enter")
        choice, order = table(app).choice, main(app).listing.order
        rows = [item.instance_id for item in table(app).items]
    assert choice.preset == WIDE
    assert choice.width_of("artist")
    assert [key for key, _ in order.keys] == [SHELF_KEY, "year", "artist"]
    async with demo_app(start=own_start) as (app, _pilot, _):
        assert (table(app).choice, main(app).listing.order) == (choice, order)
        assert [item.instance_id for item in table(app).items] == rows


async def test_what_the_mouse_does_to_columns_is_remembered_too(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        header = table(app).render_line(0).text
        border = header.index("Title") - 1
        await pilot.mouse_down(table(app), offset=(border, 0))
        await pilot.hover(table(app), offset=(border + 3, 0))
        await pilot.mouse_up(table(app), offset=(border + 3, 0))
        await press(pilot)
        choice = table(app).choice
        assert choice.width_of("artist")
    library = remembered(own_start)
    assert library.remembered.columns() == choice
    library.close()


async def test_the_order_of_a_view_is_the_views_and_not_remembered(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        main(app).open_view("recent")
        await press(pilot, "s", *"year", "enter")
        assert main(app).listing.order.first == "year"
    async with demo_app(start=own_start) as (app, _pilot, _):
        assert main(app).listing.order.first == "artist"


async def test_a_field_that_is_gone_is_neither_a_column_nor_an_order(tmp_path: Path) -> None:
    start = start_at(server_of(), tmp_path)
    async with demo_app(start=start) as (app, pilot, _):
        await press(pilot, "C", "w", "enter", "s", *"shelf", "enter")
    data = small_data()
    data["fields"] = data["fields"][:3]
    for record in data["records"]:
        for copy in record.get("copies", ()):
            copy.pop("notes", None)
    # The other server is read before the program is opened once more.
    start = start_at(server_of(data), tmp_path)
    async with demo_app(start=start) as (app, pilot, _):
        await press(pilot, "r")
        await until(pilot, lambda: len(main(app).session.library.fields()) == 3)
    async with demo_app(start=start) as (app, pilot, _):
        assert SHELF_KEY not in keys(pilot)
        assert main(app).listing.order.first == "artist"
        assert "former" not in screen_text(pilot)


async def test_for_reading_only_columns_are_changed_and_remembered_all_the_same(tmp_path: Path) -> None:
    start = start_at(server_of(), tmp_path, kind=Kind.PUBLIC)
    async with demo_app(start=start) as (app, pilot, _):
        await press(pilot, "C", "n", "enter")
        assert table(app).choice == ColumnChoice(NARROW)
    async with demo_app(start=start) as (app, _pilot, _):
        assert table(app).choice == ColumnChoice(NARROW)


async def test_a_second_window_has_the_columns_of_the_first_and_changes_them_for_itself(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (first, pilot, _):
        await press(pilot, "C", "n", "enter")
        async with demo_app(start=own_start, wait=False) as (second, other, _):
            await until(other, lambda: len(toasts(second)) == 1, "it tells that it can only be looked at")
            assert table(second).choice == ColumnChoice(NARROW)
            await press(other, "C", "w", "enter", "s", *"year", "enter")
            assert table(second).choice == ColumnChoice(WIDE)
            assert len(toasts(second)) == 1
        assert table(first).choice == ColumnChoice(NARROW)
    library = remembered(own_start)
    assert library.remembered.columns() == ColumnChoice(NARROW)
    assert library.remembered.order().first == "artist"
    library.close()


async def test_a_full_disk_is_told_and_the_columns_hold_for_this_run(monkeypatch: pytest.MonkeyPatch) -> None:
    async with demo_app() as (app, pilot, _):
        library = main(app).session.library

        def full(_choice: ColumnChoice) -> None:
            raise errors.LibraryFull(library.path, "no room")

        monkeypatch.setattr(library.remembered, "put_columns", full)
        await press(pilot, "C", "n", "enter")
        assert table(app).choice == ColumnChoice(NARROW)
        assert len(toasts(app)) == 1


async def test_the_columns_stay_when_the_window_changes_its_size() -> None:
    async with demo_app(size=LARGE) as (app, pilot, _):
        await press(pilot, "C", "w", "enter", *["right"] * 9)
        before, choice = table(app).column_cursor, table(app).choice
        item = current(app)
        for size in (SMALL, (80, 24), LARGE):
            await resize(pilot, size)
            assert table(app).column_cursor in table(app).keys_in_sight
        assert (table(app).column_cursor, table(app).choice, current(app)) == (before, choice, item)
