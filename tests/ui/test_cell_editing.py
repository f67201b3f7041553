"""Editing in the table: one cell after the other, and that nothing goes to another item than it is meant for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Offset

from discotui import errors
from discotui.demo.server import DemoServer
from discotui.library.columns import ColumnChoice
from discotui.library.items import Item
from discotui.ui.app import DiscotuiApp
from discotui.ui.between_frames import BetweenFrames
from discotui.ui.screens.dialogs import Pick
from discotui.ui.widgets.cell_editor import CellEditor
from discotui.ui.widgets.key_bar import KeyBar
from tests.demo_data import GRADES, JAZZ, MEDIA, NOTES, SHELF, SLEEVE, many_records, small_data
from tests.ui.driving import NARROW as SMALL
from tests.ui.driving import WIDE as LARGE
from tests.ui.driving import (
    TypedPilot,
    app_of,
    assert_safe,
    back_on_main,
    current,
    demo_app,
    dialog,
    drawn,
    go_to,
    main,
    news,
    pane,
    press,
    resize,
    screen_text,
    server_of,
    settled,
    start_at,
    table,
    titles,
    toasts,
    type_text,
    until,
    writes,
)
from tests.ui.test_hostile import hostile_data
from tests.ui.test_keys import in_one_go

pytestmark = pytest.mark.anyio

MEDIA_KEY, SLEEVE_KEY, NOTES_KEY, SHELF_KEY = (f"note:{number}" for number in (MEDIA, SLEEVE, NOTES, SHELF))
COLUMNS = ColumnChoice().with_keys(["artist", "title", MEDIA_KEY, SHELF_KEY, "rating", "folder"])


@asynccontextmanager
async def cells_app(**more: Any) -> AsyncIterator[tuple[DiscotuiApp, TypedPilot, DemoServer]]:
    """The program with columns that can be edited."""
    async with demo_app(**({"size": LARGE} | more)) as (app, pilot, server):
        table(app).choose(COLUMNS)
        yield app, pilot, server


def editor(app: DiscotuiApp) -> CellEditor:
    return main(app).query_one(CellEditor)


def hint(app: DiscotuiApp) -> str:
    return main(app).cell_editor.hint


def edited(app: DiscotuiApp) -> tuple[str, str]:
    """The title of the item whose cell is edited, and the column."""
    item = main(app).session.library.item(editor(app).instance_id)
    assert item is not None
    return item.title, editor(app).cell.key


def note(app: DiscotuiApp, title: str, field: int) -> list[str]:
    """The values of a field of all copies of that title, in the order of their instances."""
    items = [item for item in main(app).session.library.items() if item.title == title]
    return [item.note(field) for item in sorted(items, key=lambda item: item.instance_id)]


async def edit(pilot: TypedPilot, key: str, title: str = "") -> None:
    """Edit a column's cell of the item under the cursor, or of that title."""
    app = app_of(pilot)
    if title:
        await go_to(pilot, title)
    table(app).put_column_cursor(key)
    await press(pilot, "E")
    assert editor(app).is_open
    assert app.focused is editor(app).entry


def assert_in_place(app: DiscotuiApp) -> None:
    """The editor stands over its cell, inside of the table, and the item's name is beside it."""
    shown, cell = editor(app), table(app).cell_region()
    assert cell is not None
    place = table(app).region.offset + Offset(cell.x, cell.y)
    assert shown.entry.region.y == place.y
    assert shown.region.x <= place.x
    assert shown.region.right >= min(place.x + 1, table(app).region.right)
    assert shown.entry.region.width >= (6 if shown.cell.offers else 20)
    assert table(app).region.contains_region(shown.region)


def assert_over_own_cell(app: DiscotuiApp) -> None:
    """The editor stands in the row of its own item, and in its own column."""
    item = main(app).session.library.item(editor(app).instance_id)
    assert item is not None
    assert current(app) == item
    assert table(app).column_cursor == editor(app).cell.key
    assert_in_place(app)


def folder_of(app: DiscotuiApp, title: str) -> int:
    return next(item.folder_id for item in main(app).session.library.items() if item.title == title)


async def show_what_has_no_media(pilot: TypedPilot) -> list[str]:
    """The titles that are shown then."""
    await press(pilot, "slash", *"no", "colon", *"media", "enter", "g")
    return titles(app_of(pilot))


# --- a sweep


@pytest.mark.parametrize("key", ["E", "f2"])
async def test_a_column_of_conditions_is_typed_in_one_sweep(key: str) -> None:
    async with cells_app() as (app, pilot, server):
        order = [item.instance_id for item in table(app).items]
        await press(pilot, "g", key)
        assert editor(app).cell.key == MEDIA_KEY, "without a column cursor it is the first notes field"
        for typed in ("nm", "vg+", "mint", "near"):
            await type_text(pilot, typed)
            await press(pilot, "enter")
        assert editor(app).is_open
        assert table(app).cursor == 4
        await press(pilot, "escape")
        assert not editor(app).is_open
        assert app.focused is table(app)
        library = main(app).session.library
        values = [item.note(MEDIA) for item in map(library.item, order[:4]) if item is not None]
        assert values == [GRADES[1], GRADES[2], GRADES[0], GRADES[1]]
        await settled(pilot)
        assert {entry.method for entry in writes(server.log)} == {"POST"}
        assert [server.state.instance(number).notes[MEDIA] for number in order[:4]] == values


async def test_keys_that_are_typed_ahead_go_into_the_cells() -> None:
    async with cells_app() as (app, pilot, _):
        await press(pilot, "g", *["right"] * 3)
        order = [item.instance_id for item in table(app).items]
        in_one_go(app, "Enm\nvg\nm\n")
        await until(pilot, lambda: editor(app).is_open and table(app).cursor == 3)
        await press(pilot, "escape")
        library = main(app).session.library
        assert [item.note(MEDIA) for item in map(library.item, order[:3]) if item] == [GRADES[1], GRADES[2], GRADES[0]]


async def test_each_cell_is_an_edit_of_its_own_that_can_be_undone() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, SHELF_KEY, "Meeting")
        line = table(app).cursor
        await press(pilot, "escape")
        table(app).move_cursor(line - 1 if line else line)
        before = {item.instance_id: item.note(SHELF) for item in table(app).items}
        await edit(pilot, SHELF_KEY)
        await press(pilot, "A", "1", "enter", "A", "2", "ctrl+s")
        await press(pilot, "u")
        changed = {item.instance_id: item.note(SHELF) for item in table(app).items}
        assert sum(changed[number] != before[number] for number in before) == 1
        await press(pilot, "u")
        assert {item.instance_id: item.note(SHELF) for item in table(app).items} == before


async def test_a_sweep_goes_on_with_what_stood_next_although_the_edited_row_moves() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        await press(pilot, "s", *"shelf", "enter", "g")
        order = titles(app)
        await edit(pilot, SHELF_KEY)
        # Each value puts its row at the other end of those that have one.
        for number, letter in enumerate("zyxwv"):
            assert edited(app) == (order[number], SHELF_KEY)
            await press(pilot, letter, "enter")
            assert edited(app) == (order[number + 1], SHELF_KEY)
            assert current(app).title == order[number + 1]
            assert_in_place(app)
        assert titles(app)[:5] == [order[4], order[3], order[2], order[1], order[0]]


async def test_a_sweep_goes_on_although_the_edited_item_leaves_the_list() -> None:
    async with cells_app() as (app, pilot, _):
        await press(pilot, "slash", *"no", "colon", *"shelf", "enter", "g")
        order = [(item.instance_id, item.title) for item in table(app).items]
        await edit(pilot, SHELF_KEY)
        await press(pilot, "A", "enter", "B", "enter")
        assert editor(app).instance_id == order[2][0]
        await press(pilot, "escape")
        library = main(app).session.library
        found = [library.item(number) for number, _ in order[:2]]
        assert [item.note(SHELF) for item in found if item] == ["A", "B"]
        assert [item.instance_id for item in table(app).items] == [number for number, _ in order[2:]]


async def test_a_row_that_does_not_match_any_more_stays_until_the_editor_goes_on_to_another() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, server):
        order = await show_what_has_no_media(pilot)
        shown = table(app).items
        for number in range(3):
            if number:
                await press(pilot, "shift+tab")
            else:
                await edit(pilot, MEDIA_KEY)
            await press(pilot, "v", "g", "tab")
            assert edited(app) == (order[number], SHELF_KEY)
            assert titles(app) == order[number:], "the row is where it was"
            assert_over_own_cell(app)
            await press(pilot, str(number), "enter")
            assert edited(app) == (order[number + 1], SHELF_KEY)
            assert titles(app) == order[number + 1 :]
            assert_over_own_cell(app)
        await press(pilot, "escape")
        assert len(titles(app)) == len(shown) - 3
        assert [note(app, title, MEDIA) for title in order[:4]] == [[GRADES[2]]] * 3 + [[""]]
        assert [note(app, title, SHELF)[0][-1:] for title in order[:3]] == ["0", "1", "2"]
        await until(pilot, lambda: main(app).session.library.waiting_count() == 0)
        sent = [server.state.instance(item.instance_id).notes for item in shown[:4]]
        assert [notes.get(MEDIA, "") for notes in sent] == [GRADES[2]] * 3 + [""]


@pytest.mark.parametrize("lines", [1, 6])
async def test_a_row_that_stays_in_the_middle_of_the_list_stays_there_and_the_next_one_is_gone_on_with(
    lines: int,
) -> None:
    async with cells_app(size=(80, 24), data=many_records(60)) as (app, pilot, _):
        order = await show_what_has_no_media(pilot)
        table(app).move_cursor(lines)
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", "tab", "tab")
        assert edited(app) == (order[lines], "rating")
        assert titles(app) == order
        assert_over_own_cell(app)
        await press(pilot, "4", "shift+tab", "up")
        assert edited(app) == (order[lines - 1], SHELF_KEY)
        assert titles(app) == [*order[:lines], *order[lines + 1 :]]
        assert_over_own_cell(app)


@pytest.mark.parametrize("leave", ["escape", "ctrl+s", "click"])
async def test_a_row_that_does_not_match_any_more_goes_when_the_editor_is_left(leave: str) -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        order = await show_what_has_no_media(pilot)
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", "tab")
        assert titles(app) == order
        if leave == "click":
            await pilot.click("#tree", offset=(5, 30))
            await press(pilot)
        else:
            await press(pilot, leave)
        assert not editor(app).is_open
        assert titles(app) == order[1:]
        assert current(app).title == order[1]
        assert f"All · {len(order) - 1} items" in screen_text(pilot)


async def test_an_item_that_is_put_into_another_folder_stays_until_it_is_left() -> None:
    async with cells_app() as (app, pilot, _):
        main(app).open_folder(JAZZ)
        before = titles(app)
        await edit(pilot, "folder", "Meeting")
        await press(pilot, *"emp", "shift+tab")
        assert edited(app) == ("Meeting", "rating")
        assert folder_of(app, "Meeting") != JAZZ
        assert titles(app) == before
        assert_over_own_cell(app)
        await press(pilot, "3", "shift+tab", *"A1", "ctrl+s")
        assert titles(app) == [title for title in before if title != "Meeting"]
        assert note(app, "Meeting", SHELF) == ["A1"]


async def test_no_more_is_said_to_match_than_there_is_while_a_row_stays() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        main(app).open_folder(JAZZ)
        await show_what_has_no_media(pilot)
        await edit(pilot, "folder")
        await press(pilot, *"emp", "shift+tab")
        # Sorting fills the table anew.
        main(app).sort_by("title")
        await until(pilot, lambda: main(app).is_listed)
        assert "12 of 12" in screen_text(pilot)
        assert_over_own_cell(app)
        await press(pilot, "escape")
        assert "11 of 11" in screen_text(pilot)


async def test_a_row_that_stays_follows_the_order_of_what_is_typed() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        await press(pilot, "s", *"shelf", "enter")
        order = await show_what_has_no_media(pilot)
        table(app).move_cursor(3)
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", "tab", *"zz", "tab")
        assert edited(app) == (order[3], "rating")
        assert sorted(titles(app)) == sorted(order)
        assert titles(app)[0] == order[3]
        assert_over_own_cell(app)


async def test_an_edit_that_is_undone_meanwhile_takes_the_cursor_from_no_cell() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        order = await show_what_has_no_media(pilot)
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", "enter", "v", "g", "tab")
        assert titles(app) == order[1:]
        main(app).do_edit_undo()
        main(app).do_edit_undo()
        await until(pilot, lambda: titles(app) == order)
        assert edited(app) == (order[1], SHELF_KEY)
        assert_over_own_cell(app)
        await press(pilot, "enter")
        assert edited(app) == (order[2], SHELF_KEY)
        await press(pilot, "escape")
        assert titles(app) == order


async def test_an_edit_that_is_undone_in_another_row_leaves_the_cursor_at_the_cell() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        await press(pilot, "g")
        order = titles(app)
        await edit(pilot, SHELF_KEY)
        await press(pilot, "A", "enter", "enter", *"C7")
        main(app).do_edit_undo()
        await until(pilot, lambda: note(app, order[0], SHELF) == [""])
        assert edited(app) == (order[2], SHELF_KEY)
        assert_over_own_cell(app)
        await press(pilot, "enter")
        assert edited(app) == (order[3], SHELF_KEY)
        assert note(app, order[2], SHELF) == ["C7"]


async def test_marks_of_a_row_that_stays_are_shown_until_it_goes() -> None:
    async with cells_app(data=many_records(12)) as (_, pilot, _):
        await show_what_has_no_media(pilot)
        await press(pilot, "space", "k")
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", "tab")
        assert "1 marked" in screen_text(pilot)
        assert "not shown" not in screen_text(pilot)
        await press(pilot, "enter")
        assert "1 marked, 1 not shown" in screen_text(pilot)


async def test_a_large_list_that_is_filtered_between_frames_keeps_the_editor_at_its_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(BetweenFrames.run.__kwdefaults__ or {}, "at_once", 0.0)
    async with cells_app(data=many_records(40)) as (app, pilot, _):
        await press(pilot, "slash", *"no", "colon", *"media", "enter", "g")
        await until(pilot, lambda: main(app).is_listed)
        order = titles(app)
        table(app).put_column_cursor(MEDIA_KEY)
        in_one_go(app, "Evg")
        app.post_message(events.Key("tab", None))
        in_one_go(app, "A\nB\n")
        await until(pilot, lambda: editor(app).is_open and edited(app) == (order[2], SHELF_KEY))
        await until(pilot, lambda: main(app).is_listed)
        assert titles(app) == order[1:]
        assert current(app).title == order[2]
        assert_over_own_cell(app)


async def test_a_large_list_that_is_sorted_between_frames_takes_no_key_for_another_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(BetweenFrames.run.__kwdefaults__ or {}, "at_once", 0.0)
    async with cells_app(data=many_records(40)) as (app, pilot, _):
        await press(pilot, "s", *"shelf", "enter")
        await until(pilot, lambda: main(app).is_listed)
        await press(pilot, "g")
        order = [item.instance_id for item in table(app).items]
        table(app).put_column_cursor(SHELF_KEY)
        in_one_go(app, "Ez\ny\nx\n")
        await until(pilot, lambda: editor(app).is_open and editor(app).instance_id == order[3])
        await until(pilot, lambda: main(app).is_listed)
        library = main(app).session.library
        assert [item.note(SHELF) for item in map(library.item, order[:4]) if item] == ["z", "y", "x", ""]
        assert current(app).instance_id == order[3]


async def test_after_the_last_item_the_editor_is_left_with_a_word() -> None:
    async with cells_app() as (app, pilot, _):
        await press(pilot, "G")
        await edit(pilot, SHELF_KEY)
        await press(pilot, "X", "enter")
        assert not editor(app).is_open
        assert "last one" in news(app)
        assert current(app).note(SHELF).endswith("X")
        assert app.focused is table(app)


# --- keys of the editor


async def test_tab_goes_on_to_the_next_column_that_can_be_edited_and_around() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, MEDIA_KEY, "Meeting")
        await press(pilot, "n", "m", "tab")
        assert edited(app) == ("Meeting", SHELF_KEY)
        assert note(app, "Meeting", MEDIA) == [GRADES[1]]
        await press(pilot, "tab", "tab")
        assert edited(app) == ("Meeting", "folder")
        await press(pilot, "tab")
        assert edited(app) == ("Meeting", MEDIA_KEY)
        await press(pilot, "shift+tab", "shift+tab")
        assert edited(app) == ("Meeting", "rating")
        assert table(app).column_cursor == "rating"
        assert_in_place(app)


async def test_esc_changes_nothing_and_ctrl_s_keeps_and_closes() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, MEDIA_KEY, "Meeting")
        await press(pilot, "n", "m", "escape")
        assert note(app, "Meeting", MEDIA) == [""]
        assert table(app).column_cursor == MEDIA_KEY
        assert not writes(server.log)
        await press(pilot, "E", "n", "m", "ctrl+s")
        assert not editor(app).is_open
        assert note(app, "Meeting", MEDIA) == [GRADES[1]]
        assert current(app).title == "Meeting"
        await press(pilot, "escape")
        assert table(app).column_cursor == ""


async def test_what_nobody_changed_is_no_edit_however_odd_it_is() -> None:
    async with cells_app(data=hostile_data("x\u202e\x1b[31m\u200b")) as (app, pilot, server):
        library = main(app).session.library
        keys = [f"note:{field.field_id}" for field in library.fields()] + ["rating", "folder"]
        table(app).choose(ColumnChoice().with_keys(keys))
        before = library.items()
        await press(pilot, "g")
        await edit(pilot, keys[0])
        await press(pilot, *["tab"] * len(keys), *["enter"] * 3)
        assert sorted(library.items(), key=id) == sorted(before, key=id)
        assert library.waiting_count() == 0
        assert not writes(server.log)


async def test_what_was_typed_and_taken_back_is_no_edit() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, SHELF_KEY, "Meeting")
        await press(pilot, "x", "backspace", "enter", "escape")
        assert main(app).session.library.waiting_count() == 0
        assert not writes(server.log)


async def test_the_option_that_would_be_taken_is_shown() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, MEDIA_KEY, "Meeting")
        assert hint(app) == "Media Condition"
        await press(pilot, "n")
        assert hint(app) == GRADES[1]
        await press(pilot, "backspace", "m")
        assert hint(app).startswith("Mint (M)")
        await press(pilot, "backspace", *"xyz")
        assert hint(app) == "no such choice"


async def test_up_and_down_go_through_the_options() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, MEDIA_KEY, "Meeting")
        await press(pilot, "down")
        assert (editor(app).entry.value, hint(app)) == ("M", GRADES[0])
        await press(pilot, "down", "down", "down")
        assert (editor(app).entry.value, hint(app)) == ("VG+", GRADES[2])
        await press(pilot, "up")
        assert hint(app) == GRADES[1]
        await press(pilot, "enter")
        assert note(app, "Meeting", MEDIA) == [GRADES[1]]
        await press(pilot, "escape")
        await edit(pilot, MEDIA_KEY, "Meeting")
        await press(pilot, "up", "enter")
        assert note(app, "Meeting", MEDIA) == [GRADES[0]], "steps begin at what is there"


async def test_down_goes_through_what_matches_and_a_letter_begins_anew() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, MEDIA_KEY, "Meeting")
        await press(pilot, "m")
        assert "+" in hint(app)
        await press(pilot, "down")
        assert hint(app) == GRADES[1]
        await press(pilot, "v")
        assert hint(app) == GRADES[2]


async def test_an_empty_line_clears_and_says_so() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, MEDIA_KEY, "浮世")
        await press(pilot, "backspace")
        assert "clears" in hint(app)
        await press(pilot, "ctrl+s")
        assert note(app, "浮世", MEDIA) == [""]


async def test_what_matches_nothing_is_told_and_not_taken() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, MEDIA_KEY, "浮世")
        line = table(app).cursor
        for key in ("enter", "tab", "ctrl+s"):
            await press(pilot, "z", key)
            assert edited(app) == ("浮世", MEDIA_KEY)
            assert any("none of the choices of Media Condition" in said for said in toasts(app))
            assert app.focused is editor(app).entry
        assert table(app).cursor == line
        assert_in_place(app)
        await press(pilot, "escape")
        assert not writes(server.log)


async def test_in_a_text_up_and_down_keep_it_and_go_to_the_items_beside() -> None:
    async with cells_app() as (app, pilot, _):
        await press(pilot, "g")
        first, second = (item.instance_id for item in table(app).items[:2])
        await edit(pilot, SHELF_KEY)
        await press(pilot, "A", "down", "B", "up")
        assert editor(app).instance_id == first
        library = main(app).session.library
        found = [library.item(first), library.item(second)]
        assert [item.note(SHELF)[-1] for item in found if item] == ["A", "B"]
        await press(pilot, "up")
        assert not editor(app).is_open
        assert "first one" in news(app)


async def test_a_text_is_gone_on_with_and_a_choice_is_replaced() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, SHELF_KEY)
        await press(pilot, *"B2", "enter", "up", "b", "ctrl+s")
        assert current(app).note(SHELF) == "B2b"
        await edit(pilot, MEDIA_KEY, "浮世")
        await press(pilot, "v", "ctrl+s")
        assert note(app, "浮世", MEDIA) == [GRADES[2]]


async def test_a_text_of_several_lines_is_left_alone_and_the_sweep_goes_on() -> None:
    async with cells_app() as (app, pilot, server):
        table(app).choose(ColumnChoice().with_keys(["artist", "title", NOTES_KEY]))
        item = next(item for item in table(app).items if item.note(NOTES))
        table(app).move_to_item(item.instance_id)
        await edit(pilot, NOTES_KEY)
        line = table(app).cursor
        assert "e edits" in hint(app)
        await press(pilot, *"d4x", "backspace", "delete", "enter")
        assert table(app).cursor == line + 1
        await press(pilot, "escape")
        assert not writes(server.log)
        again = main(app).session.library.item(item.instance_id)
        assert again == item
        await press(pilot, "k", "e")
        await until(pilot, lambda: pane(app).is_editing)


async def test_a_rating_is_typed_and_cleared() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, "rating", "Meeting")
        await press(pilot, "4")
        assert hint(app) == "★★★★·"
        await press(pilot, "enter", "escape")
        await go_to(pilot, "Meeting")
        assert current(app).rating == 4
        for key in ("0", "backspace"):
            await edit(pilot, "rating", "Meeting")
            await press(pilot, "4", "ctrl+s")
            assert current(app).rating == 4
            await edit(pilot, "rating", "Meeting")
            await press(pilot, key, "ctrl+s")
            assert current(app).rating == 0
        await press(pilot, "E", "9", "enter")
        assert any("none of the choices of Rating" in said for said in toasts(app))


async def test_a_folder_is_found_by_part_of_its_name_and_cannot_be_none() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, "folder", "Meeting")
        assert editor(app).entry.value == "Jazz [LP]"
        await press(pilot, *"emp", "ctrl+s")
        names = {folder.folder_id: folder.name for folder in main(app).session.library.folders()}
        assert names[current(app).folder_id] == "Empty"
        await press(pilot, "E", "backspace", "enter")
        assert any("cannot be empty" in said for said in toasts(app))
        assert names[current(app).folder_id] == "Empty"


async def test_keys_are_letters_and_the_key_bar_tells_those_of_the_editor() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, SHELF_KEY, "Meeting")
        await type_text(pilot, "dqu05mEC")
        assert editor(app).entry.value == "dqu05mEC"
        assert [command.id for command in main(app).query_one(KeyBar).commands][:2] == ["cell.next", "cell.leave"]
        await press(pilot, "f2")
        assert editor(app).entry.value == "dqu05mEC"
        await press(pilot, "escape")
        assert "item.rate" in [command.id for command in main(app).query_one(KeyBar).commands]
        assert not writes(server.log)


# --- where it opens


async def test_what_comes_from_discogs_says_that_it_cannot_be_edited() -> None:
    async with cells_app() as (app, pilot, _):
        await press(pilot, "right", "E")
        assert not editor(app).is_open
        assert "Artist: comes from Discogs" in news(app)


async def test_without_a_notes_column_a_word_tells_how_to_get_one() -> None:
    async with cells_app() as (app, pilot, _):
        table(app).choose(ColumnChoice().with_keys(["artist", "rating"]))
        await press(pilot, "E")
        assert not editor(app).is_open
        assert any("C chooses them" in said for said in toasts(app))


async def test_a_collection_without_notes_fields_says_so() -> None:
    data = small_data() | {"fields": []}
    for record in data["records"]:
        for owner in (record, *record.get("copies", ())):
            owner.pop("notes", None)
    async with demo_app(data=data) as (app, pilot, _):
        await press(pilot, "E")
        assert any("no notes fields yet" in said for said in toasts(app))


async def test_a_column_out_of_sight_comes_into_sight_for_it() -> None:
    async with demo_app(size=SMALL) as (app, pilot, _):
        assert MEDIA_KEY not in table(app).keys_in_sight
        await press(pilot, "E")
        assert edited(app)[1] == MEDIA_KEY
        assert {"artist", "title", MEDIA_KEY} <= set(table(app).keys_in_sight)
        assert_in_place(app)


async def test_at_the_folders_no_cell_is_edited() -> None:
    async with cells_app() as (app, pilot, _):
        await press(pilot, "shift+tab", "E")
        assert not editor(app).is_open
        assert news(app)


async def test_from_the_item_it_brings_the_table_to_the_front() -> None:
    async with demo_app(size=SMALL) as (app, pilot, _):
        await press(pilot, "tab", "E")
        assert app.focused is editor(app).entry
        assert table(app).region.area
        assert_in_place(app)


async def test_for_reading_only_it_is_refused_like_every_edit(tmp_path: Path) -> None:
    async with demo_app(start=start_at(server_of(), tmp_path, read_only=True)) as (app, pilot, _):
        await press(pilot, "right", "E")
        assert not editor(app).is_open
        assert "read-only" in news(app) or "reading only" in news(app)


async def test_an_empty_table_has_no_cell() -> None:
    async with cells_app() as (app, pilot, _):
        main(app).open_folder(7003)
        await press(pilot, "right", "E")
        assert not editor(app).is_open
        assert "no item" in news(app)


@pytest.mark.parametrize("size", [SMALL, (80, 24), LARGE])
async def test_it_stands_over_its_cell_inside_of_the_table_on_every_line(size: tuple[int, int]) -> None:
    async with cells_app(size=size, data=many_records(60)) as (app, pilot, _):
        for key in (MEDIA_KEY, "folder"):
            await press(pilot, "g")
            await edit(pilot, key)
            for _ in range(table(app).visible_lines + 3):
                await press(pilot, "enter")
                assert_in_place(app)
            await press(pilot, "escape", "G")
            await edit(pilot, key)
            assert_in_place(app)
            await press(pilot, "escape")


async def test_it_stays_at_its_cell_when_the_window_changes() -> None:
    async with cells_app(data=many_records(60)) as (app, pilot, _):
        table(app).move_cursor(30)
        await edit(pilot, "folder")
        await press(pilot, *"emp")
        before = edited(app)
        for size in (SMALL, (80, 24), (60, 30), LARGE):
            await resize(pilot, size)
            assert edited(app) == before
            assert editor(app).entry.value == "emp"
            assert_in_place(app)


async def test_rows_that_are_scrolled_come_back_to_the_cell() -> None:
    async with cells_app(data=many_records(60)) as (app, pilot, _):
        await press(pilot, "g")
        await edit(pilot, MEDIA_KEY)
        for _ in range(12):
            table(app)._on_mouse_scroll_down(scroll(app))
        await drawn(pilot)
        await press(pilot)
        assert table(app).is_in_sight(table(app).cursor)
        assert_in_place(app)


def scroll(app: DiscotuiApp) -> events.MouseScrollDown:
    return events.MouseScrollDown(table(app), 5, 5, 0, 1, 0, shift=False, meta=False, ctrl=False)


# --- what comes in meanwhile


def read_again(app: DiscotuiApp) -> None:
    engine = main(app).session.engine
    assert engine is not None
    engine.read_again()


async def test_items_that_come_in_move_the_editor_with_its_item_and_close_nothing() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, SHELF_KEY, "浮世")
        instance_id, line = editor(app).instance_id, table(app).cursor
        await press(pilot, *"C7")
        for _ in range(3):
            server.state.add(JAZZ, 1001, added="2024-01-01T00:00:00-08:00")
        read_again(app)
        await until(pilot, lambda: table(app).line_count == 9)
        assert table(app).cursor == line + 3
        assert (editor(app).instance_id, editor(app).entry.value) == (instance_id, "C7")
        assert app.focused is editor(app).entry
        assert_in_place(app)
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert server.state.instance(instance_id).notes[SHELF] == "C7"


async def test_a_value_that_comes_in_is_shown_in_a_cell_that_nobody_touched() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, MEDIA_KEY, "浮世")
        server.state.set_note(editor(app).instance_id, MEDIA, GRADES[2])
        read_again(app)
        await until(pilot, lambda: editor(app).entry.value == "VG+")
        await press(pilot, "enter", "escape")
        assert main(app).session.library.waiting_count() == 0
        assert note(app, "浮世", MEDIA) == [GRADES[2]]


async def test_a_value_that_comes_in_while_another_is_typed_is_told() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, MEDIA_KEY, "浮世")
        await press(pilot, "n", "m")
        server.state.set_note(editor(app).instance_id, MEDIA, GRADES[2])
        read_again(app)
        await until(pilot, lambda: "meanwhile it is Very Good Plus (VG+)" in hint(app))
        assert editor(app).entry.value == "nm"
        await press(pilot, "ctrl+s")
        assert note(app, "浮世", MEDIA) == [GRADES[1]]


async def test_a_value_that_came_in_as_it_was_typed_is_no_edit() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, MEDIA_KEY, "浮世")
        await press(pilot, "n", "m")
        server.state.set_note(editor(app).instance_id, MEDIA, GRADES[1])
        read_again(app)
        await until(pilot, lambda: "meanwhile" in hint(app))
        await press(pilot, "enter", "escape")
        await settled(pilot)
        assert not writes(server.log)


async def test_an_item_that_goes_meanwhile_gives_its_text_to_no_other() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, SHELF_KEY, "浮世")
        await press(pilot, *"C7")
        before = {item.instance_id: item.notes for item in table(app).items}
        server.state.remove(editor(app).instance_id)
        read_again(app)
        await until(pilot, lambda: table(app).line_count == 5)
        assert editor(app).is_open
        assert "gone" in hint(app)
        await press(pilot, "enter")
        assert editor(app).is_open
        assert toasts(app)
        await press(pilot, "escape")
        assert all(item.notes == before[item.instance_id] for item in table(app).items)
        assert not writes(server.log)


async def test_an_item_that_leaves_the_list_meanwhile_still_gets_what_was_typed() -> None:
    async with cells_app() as (app, pilot, server):
        main(app).open_folder(JAZZ)
        await edit(pilot, SHELF_KEY, "Meeting")
        instance_id = editor(app).instance_id
        await press(pilot, *"C7")
        server.state.move(instance_id, 7003)
        read_again(app)
        await until(pilot, lambda: current(app).folder_id == 7003)
        assert_over_own_cell(app)
        assert editor(app).entry.value == "C7"
        await press(pilot, "ctrl+s")
        assert "Meeting" not in titles(app)
        await settled(pilot)
        assert server.state.instance(instance_id).notes[SHELF] == "C7"
        assert [note(app, title, SHELF) for title in titles(app)] == [["", "B2"]]


async def test_an_item_that_stays_goes_when_it_is_gone_for_good() -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, server):
        order = await show_what_has_no_media(pilot)
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", "tab", *"A1")
        await settled(pilot)
        server.state.remove(editor(app).instance_id)
        read_again(app)
        await until(pilot, lambda: titles(app) == order[1:])
        assert "gone" in hint(app)
        await press(pilot, "escape")
        assert titles(app) == order[1:]
        assert all(not item.note(SHELF).endswith("A1") for item in table(app).items)


async def test_an_added_item_that_gets_its_number_meanwhile_gets_what_was_typed(tmp_path: Path) -> None:
    start = start_at(server_of(), tmp_path)
    async with cells_app(start=start) as (app, pilot, server):
        assert start.wire is not None
        start.wire.is_cut = True
        library = main(app).session.library
        found: Item = table(app).items[0]
        done = library.add(found, 7003)
        main(app).show_changes(done.changes)
        (temporary,) = done.changes.items
        table(app).move_to_item(temporary)
        await edit(pilot, SHELF_KEY)
        await press(pilot, *"C7")
        start.wire.is_cut = False
        await until(pilot, lambda: current(app).instance_id > 0)
        assert editor(app).instance_id == temporary
        assert_in_place(app)
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert [each.notes.get(SHELF) for each in server.state.instances.values() if each.folder_id == 7003] == ["C7"]


async def test_an_edit_that_cannot_be_kept_leaves_editor_and_cursor_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with cells_app() as (app, pilot, _):
        library = main(app).session.library

        def full(*_: object) -> None:
            raise errors.LibraryFull(library.path, "no room")

        await press(pilot, "g")
        await edit(pilot, SHELF_KEY)
        monkeypatch.setattr(library, "do", full)
        await press(pilot, *"C7", "enter")
        assert (table(app).cursor, editor(app).entry.value[-2:]) == (0, "C7")
        assert len(toasts(app)) == 1
        monkeypatch.undo()
        await press(pilot, "enter")
        assert table(app).cursor == 1
        assert table(app).items[0].note(SHELF).endswith("C7")


# --- the mouse, and other screens


async def test_a_click_elsewhere_keeps_what_was_typed() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, SHELF_KEY, "Meeting")
        await press(pilot, *"C7")
        line = (table(app).cursor + 2) % table(app).line_count
        await pilot.click(table(app), offset=(5, 1 + line))
        await press(pilot)
        assert not editor(app).is_open
        assert note(app, "Meeting", SHELF) == ["C7"]
        assert table(app).cursor == line
        assert app.focused is table(app)


@pytest.mark.parametrize("more", [["tab"], []])
async def test_a_click_on_another_row_is_about_that_row_although_the_edited_one_goes(more: list[str]) -> None:
    async with cells_app(data=many_records(12)) as (app, pilot, _):
        order = await show_what_has_no_media(pilot)
        await edit(pilot, MEDIA_KEY)
        await press(pilot, "n", "m", *more)
        await pilot.click(table(app), offset=(5, 1 + 4))
        await press(pilot)
        assert titles(app) == order[1:]
        assert current(app).title == order[4]


async def test_a_click_elsewhere_leaves_what_cannot_be_kept_and_says_so() -> None:
    async with cells_app() as (app, pilot, server):
        await edit(pilot, MEDIA_KEY, "Meeting")
        await press(pilot, *"xyz")
        await pilot.click("#tree", offset=(5, 3))
        await press(pilot)
        assert not editor(app).is_open
        assert any("none of the choices" in said for said in toasts(app))
        assert not writes(server.log)


async def test_a_dialog_that_comes_up_leaves_the_editor_as_it_is() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, SHELF_KEY, "Meeting")
        await press(pilot, *"C7")
        app.push_screen(Pick("Something", [], hint="else"))
        await dialog(pilot, Pick)
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert editor(app).entry.value == "C7"
        assert app.focused is editor(app).entry
        await press(pilot, "ctrl+s")
        assert note(app, "Meeting", SHELF) == ["C7"]


async def test_a_terminal_that_loses_the_focus_and_gets_it_back_changes_nothing() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, SHELF_KEY, "Meeting")
        await press(pilot, *"C7")
        app.post_message(events.AppBlur())
        await drawn(pilot)
        app.post_message(events.AppFocus())
        await drawn(pilot)
        assert editor(app).entry.value == "C7"
        await press(pilot, "8", "ctrl+s")
        assert note(app, "Meeting", SHELF) == ["C78"]


async def test_what_is_pasted_is_one_clean_line() -> None:
    async with cells_app() as (app, pilot, _):
        await edit(pilot, SHELF_KEY, "Meeting")
        app.post_message(events.Paste("one \x1b[31m\u202e[/x]\ntwo"))
        await drawn(pilot)
        await until(pilot, lambda: editor(app).entry.value.startswith("one"))
        assert_safe(pilot)
        await press(pilot, "ctrl+s")
        assert note(app, "Meeting", SHELF) == ["one [31m[/x]"]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_any_name_and_value_is_drawn_in_the_editor(size: tuple[int, int]) -> None:
    text = "[/x][red]\x1b]52;c;aGk=\x07\u202eesrever\u200b山下達郎 👨‍👩‍👧 ❤️"
    async with demo_app(size=size, data=hostile_data(text)) as (app, pilot, _):
        keys = [f"note:{field.field_id}" for field in main(app).session.library.fields()]
        table(app).choose(ColumnChoice().with_keys(["title", *keys, "rating", "folder"]))
        await press(pilot, "g")
        await edit(pilot, keys[0])
        for _ in range(len(keys) + 2):
            assert_safe(pilot)
            await press(pilot, "down", "up")
            assert_safe(pilot)
            if not editor(app).is_open:
                await press(pilot, "E")
            await press(pilot, "tab")
        assert "\x1b" not in screen_text(pilot)
