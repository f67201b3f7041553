from __future__ import annotations

from dataclasses import replace

import pytest

from discotui.library.items import Field, Folder, Item
from discotui.ui.widgets.columns import (
    COLUMNS,
    Column,
    ColumnContext,
    columns_for,
    layout,
    sort_key,
    sorted_column,
)

FULL = ColumnContext(media_field=1, sleeve_field=2)

ITEM = Item(
    instance_id=7,
    release_id=1,
    folder_id=3,
    rating=4,
    added="2024-03-05T10:00:00-08:00",
    artist="Alice Coltrane",
    title="Journey in Satchidananda",
    label="Impulse!",
    catno="AS-9203",
    format="LP, Album",
    year=1971,
    genre="Jazz",
    search="",
    notes={41: "Near Mint (NM or M-)", 42: "Generic"},
)


def keys(width: int, context: ColumnContext = FULL) -> list[str]:
    return [column.key for column, _ in layout(columns_for(context), width)]


def said(key: str, item: Item, context: ColumnContext) -> str:
    column = next(column for column in COLUMNS if column.key == key)
    return column.text(item, context)


@pytest.mark.parametrize("context", [FULL, ColumnContext()])
@pytest.mark.parametrize("width", range(20, 301))
def test_the_columns_fill_the_width_exactly_and_none_is_too_narrow(context: ColumnContext, width: int) -> None:
    shown = layout(columns_for(context), width)
    assert sum(cells for _, cells in shown) + len(shown) - 1 == width
    assert all(cells >= column.width for column, cells in shown)
    assert all(cells == column.width for column, cells in shown if not column.weight)


@pytest.mark.parametrize("width", range(10))
def test_no_room_is_no_error(width: int) -> None:
    shown = layout(COLUMNS, width)
    assert sum(cells for _, cells in shown) <= width


def test_a_narrow_table_keeps_artist_title_year_and_rating() -> None:
    assert keys(58) == ["mark", "artist", "title", "year", "rating"]


def test_more_columns_appear_as_there_is_room() -> None:
    assert "label" in keys(75)
    everything_usual = {"artist", "title", "label", "catno", "format", "year", "rating"}
    assert everything_usual <= set(keys(110))
    assert keys(180) == [column.key for column in COLUMNS]


def test_a_column_that_has_appeared_stays_as_the_table_grows() -> None:
    shown: set[str] = set()
    for width in range(20, 301):
        assert shown <= set(keys(width))
        shown = set(keys(width))


def test_condition_columns_are_shown_only_where_the_collection_has_the_fields() -> None:
    assert not {"media", "sleeve"} & set(keys(300, ColumnContext()))
    assert "sleeve" in keys(300, ColumnContext(sleeve_field=9))
    assert "media" not in keys(300, ColumnContext(sleeve_field=9))


def test_condition_fields_are_found_by_name_whatever_their_ids() -> None:
    fields = [Field(41, "media condition "), Field(42, "Sleeve Condition"), Field(1, "Notes")]
    context = ColumnContext.of([Folder(3, "Jazz")], fields)
    assert (context.media_field, context.sleeve_field) == (41, 42)
    assert said("media", ITEM, context) == "NM"
    assert said("sleeve", ITEM, context) == "Generic"
    assert said("folder", ITEM, context) == "Jazz"


def test_state_is_told_by_symbols() -> None:
    assert said("mark", ITEM, ColumnContext()) == "  "
    assert said("mark", ITEM, ColumnContext(marked={7})) == "● "
    assert said("mark", ITEM, ColumnContext(waiting={7})) == " ↑"
    assert said("mark", ITEM, ColumnContext(marked={7}, waiting={7})) == "●↑"
    assert said("mark", replace(ITEM, instance_id=-1), ColumnContext()) == " ↑"


def test_what_is_unknown_is_left_blank() -> None:
    unknown = replace(ITEM, year=0, added="", notes=None)
    blank = ["year", "added", "media", "sleeve", "folder"]
    assert [said(key, unknown, FULL) for key in blank] == ["", "", "", "", ""]


def test_columns_that_cannot_grow_leave_the_rest_of_the_width() -> None:
    fixed = [Column("year", "Year", 4, lambda item, _: str(item.year))]
    assert layout(fixed, 40) == [(fixed[0], 4)]


def test_every_column_but_the_marks_is_sorted_by_a_key_of_its_own() -> None:
    keys = {column.key: sort_key(column.key, FULL) for column in COLUMNS}
    assert keys.pop("mark") == ""
    assert (keys["artist"], keys["media"], keys["sleeve"]) == ("artist", "note:1", "note:2")
    assert {sorted_column(key, FULL) for key in keys.values()} == keys.keys()


def test_what_has_no_counterpart_is_neither_sorted_nor_marked() -> None:
    assert sort_key("media", ColumnContext()) == ""
    assert sorted_column("note:3", FULL) == ""
