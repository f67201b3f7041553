from __future__ import annotations

from dataclasses import replace

import pytest

from discotui.library.columns import NARROW, PRESETS, USUAL, WIDE, ColumnChoice
from discotui.library.items import Field, Folder, Item
from discotui.library.sorting import is_key
from discotui.ui.text import clean
from discotui.ui.widgets.columns import (
    MARK,
    ColumnContext,
    chosen_columns,
    columns_of,
    preset_keys,
    short_value,
)

GRADES = ("Mint (M)", "Near Mint (NM or M-)", "Very Good Plus (VG+)")
FIELDS = (
    Field(41, "media condition ", 1, options=GRADES),
    Field(42, "Sleeve Condition", 2, options=(*GRADES, "Not Graded")),
    Field(1, "Notes", 3, lines=3),
    Field(7, "Shelf", 4, lines=1),
)
BASE = ["artist", "title", "label", "catno", "format", "year", "rating"]
HOSTILE = [
    "[/x][red]",
    "\x1b]52;c;c2VjcmV0\x07",
    "\u202eesrever",
    "山下達郎 山下達郎",
    "👨‍👩‍👧 ❤️",
    "\ud800",
    " ",
    "",
    "x" * 5000,
]

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
    notes={41: "Near Mint (NM or M-)", 42: "Generic", 7: "B2"},
)


def said(key: str, item: Item, context: ColumnContext) -> str:
    column = next(column for column in (MARK, *columns_of(context.fields)) if column.key == key)
    return column.text(item, context)


def keys(choice: ColumnChoice, fields: tuple[Field, ...] = FIELDS) -> list[str]:
    return [column.key for column in chosen_columns(choice, fields)]


def test_every_field_has_a_column_under_its_own_name() -> None:
    titles = {column.key: column.title for column in columns_of(FIELDS)}
    assert titles["note:41"] == "media condition"
    assert titles["note:1"] == "Notes"
    assert titles["note:7"] == "Shelf"


def test_a_title_that_is_too_long_is_told_by_its_first_word_where_that_is_no_other_fields() -> None:
    def titles(*names: str) -> list[str]:
        fields = tuple(Field(number, name) for number, name in enumerate(names, 1))
        return [column.title_in(6) for column in columns_of(fields) if column.field is not None]

    assert titles("Media Condition", "Sleeve Condition") == ["Media", "Sleeve"]
    assert titles("Bought at", "Bought for") == ["Bought at", "Bought for"]
    assert columns_of(FIELDS)[7].title_in(20) == "media condition"


def test_usually_the_conditions_are_shown_whatever_their_ids_and_no_other_field() -> None:
    assert keys(ColumnChoice(USUAL)) == [*BASE, "note:41", "note:42", "added", "folder"]
    assert keys(ColumnChoice(USUAL), ()) == [*BASE, "added", "folder"]
    assert keys(ColumnChoice(USUAL), FIELDS[1:]) == [*BASE, "note:42", "added", "folder"]


def test_narrow_has_what_fits_into_a_small_window_and_wide_has_everything() -> None:
    assert keys(ColumnChoice(NARROW)) == ["artist", "title", "year", "rating", "note:41", "note:42"]
    assert keys(ColumnChoice(WIDE)) == [*BASE, "note:41", "note:42", "note:1", "note:7", "added", "folder"]
    assert keys(ColumnChoice(WIDE), ()) == [*BASE, "added", "folder"]


def test_a_choice_without_a_field_that_is_gone_is_shown_without_it() -> None:
    choice = ColumnChoice().with_keys(["note:99", "note:7", "artist"])
    assert keys(choice) == ["note:7", "artist"]
    assert keys(ColumnChoice().with_keys(["note:99"])) == keys(ColumnChoice(USUAL))


def test_a_width_that_was_given_is_kept_but_for_what_makes_no_sense() -> None:
    choice = ColumnChoice().with_width("artist", 31).with_width("rating", 1)
    by_key = {column.key: column for column in chosen_columns(choice, FIELDS)}
    assert (by_key["artist"].width, by_key["artist"].weight) == (31, 0)
    assert by_key["rating"].width == 5
    assert by_key["title"].weight


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("fields", [(), FIELDS])
def test_a_preset_has_columns_that_there_are_and_none_twice(preset: str, fields: tuple[Field, ...]) -> None:
    found = preset_keys(preset, fields)
    assert len(found) == len(set(found))
    assert set(found) <= {column.key for column in columns_of(fields)}


def test_cells_tell_conditions_by_their_grade_and_other_values_as_they_are() -> None:
    context = ColumnContext.of([Folder(3, "Jazz")], FIELDS)
    assert said("note:41", ITEM, context) == "NM"
    assert said("note:42", ITEM, context) == "Generic"
    assert said("note:7", ITEM, context) == "B2"
    assert said("folder", ITEM, context) == "Jazz"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("Very Good Plus (VG+)", "VG+"), ("Swapped (at a fair)", "Swapped (at a fair)"), ("Generic", "Generic"), ("", "")],
)
def test_only_a_grade_in_brackets_stands_for_the_whole(value: str, shown: str) -> None:
    assert short_value(value) == shown


def test_a_text_in_brackets_stays_whole_in_a_text_field() -> None:
    context = ColumnContext.of([], FIELDS)
    assert said("note:1", replace(ITEM, notes={1: "Gift (Jo)"}), context) == "Gift (Jo)"


def test_state_is_told_by_symbols() -> None:
    assert said("mark", ITEM, ColumnContext()) == "  "
    assert said("mark", ITEM, ColumnContext(marked={7})) == "● "
    assert said("mark", ITEM, ColumnContext(waiting={7})) == " ↑"
    assert said("mark", ITEM, ColumnContext(marked={7}, waiting={7})) == "●↑"
    assert said("mark", replace(ITEM, instance_id=-1), ColumnContext()) == " ↑"


def test_what_is_unknown_is_left_blank() -> None:
    unknown = replace(ITEM, year=0, added="", notes=None)
    blank = ["year", "added", "note:41", "note:7", "folder"]
    assert [said(key, unknown, ColumnContext(fields=FIELDS)) for key in blank] == [""] * 5


def test_every_column_but_the_marks_is_sorted_by_its_own_key() -> None:
    assert all(is_key(column.key) for column in columns_of(FIELDS))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_field_may_be_called_anything(name: str) -> None:
    (column,) = [each for each in columns_of((Field(5, name, options=(name, "A")),)) if each.field is not None]
    assert column.title == clean(column.title)
    assert column.title.strip()
    assert column.width <= 8
