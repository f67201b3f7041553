"""What is remembered of the table: round trips of anything, and tolerance towards what a file may hold."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discotui import errors
from discotui.library.columns import MOST_CELLS, NARROW, PRESETS, USUAL, WIDE, ColumnChoice, put
from discotui.library.library import Library
from discotui.library.sorting import SORT_KEYS, Order, note_field, note_key

KEYS = st.sampled_from(list(SORT_KEYS)) | st.integers(0, 10**12).map(note_key)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    preset=st.sampled_from([*PRESETS, ""]),
    keys=st.lists(KEYS, min_size=1, unique=True),
    widths=st.dictionaries(KEYS, st.integers(1, MOST_CELLS)),
)
def test_any_choice_is_read_as_it_was_written(preset: str, keys: list[str], widths: dict[str, int]) -> None:
    choice = ColumnChoice(preset) if preset else ColumnChoice().with_keys(keys)
    for key, cells in widths.items():
        choice = choice.with_width(key, cells)
    assert ColumnChoice.from_json(choice.to_json()) == choice


@given(ANYTHING.map(json.dumps) | st.text())
def test_whatever_a_file_holds_is_read_without_an_error(text: str) -> None:
    choice = ColumnChoice.from_json(text)
    assert ColumnChoice.from_json(choice.to_json()) == choice


@given(st.dictionaries(st.sampled_from(["preset", "columns", "widths"]), ANYTHING).map(json.dumps))
def test_what_cannot_be_read_of_a_choice_is_left_out(text: str) -> None:
    choice = ColumnChoice.from_json(text)
    assert choice.preset in PRESETS or choice.keys
    assert all(0 < cells <= MOST_CELLS for _, cells in choice.widths)


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ({"preset": "", "columns": ["artist", "nonsense", 7, "note:3", "artist"]}, ("artist", "note:3")),
        ({"columns": ["note:x", None]}, ()),
        ({"preset": "another", "columns": ["year"]}, ("year",)),
        ({"preset": "wide", "columns": ["year"]}, ()),
    ],
)
def test_columns_that_there_are_not_are_left_out(kept: object, read: tuple[str, ...]) -> None:
    assert ColumnChoice.from_json(json.dumps(kept)).keys == read


def test_widths_that_make_no_sense_are_left_out_or_cut() -> None:
    widths = {"artist": 0, "title": -3, "label": True, "catno": "9", "year": 10**9, "note:3": 12, "nonsense": 5}
    choice = ColumnChoice.from_json(json.dumps({"preset": "usual", "widths": widths}))
    assert dict(choice.widths) == {"year": MOST_CELLS, "note:3": 12}


def test_a_deep_nest_is_no_error() -> None:
    assert ColumnChoice.from_json("[" * 100_000) == ColumnChoice()


def test_a_width_of_nothing_gives_the_column_back_its_own() -> None:
    choice = ColumnChoice().with_width("artist", 20)
    assert (choice.width_of("artist"), choice.width_of("title")) == (20, 0)
    assert choice.with_width("artist", 0) == ColumnChoice()


def test_another_order_keeps_the_widths_and_a_preset_does_not() -> None:
    choice = ColumnChoice().with_width("artist", 20).with_keys(["title", "artist", "title"])
    assert (choice.preset, choice.keys, choice.width_of("artist")) == ("", ("title", "artist"), 20)
    assert choice.with_preset(WIDE) == ColumnChoice(WIDE)
    assert choice.with_keys([]).preset == USUAL


def test_a_column_is_put_at_a_place_or_as_near_as_there_is() -> None:
    assert put(["a", "b", "c"], "a", 1) == ["b", "a", "c"]
    assert put(["a", "b", "c"], "c", 0) == ["c", "a", "b"]
    assert put(["a", "b", "c"], "b", 99) == ["a", "c", "b"]
    assert put(["a", "b", "c"], "b", -99) == ["b", "a", "c"]


def test_a_key_tells_the_field_that_it_sorts_by() -> None:
    assert note_field(note_key(41)) == 41
    assert note_field("artist") is None
    assert note_field("note:x") is None


def test_an_order_leaves_out_what_is_gone() -> None:
    order = Order((("note:3", True), ("year", True), ("artist", False)))
    assert order.among(["artist", "year"]) == Order((("year", True), ("artist", False)))
    assert order.among(["title"]) == Order()


def test_columns_and_order_are_there_again_when_the_library_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    choice, order = ColumnChoice(NARROW).with_width("artist", 17), Order((("note:3", True), ("artist", False)))
    library = Library(path)
    assert (library.remembered.columns(), library.remembered.order()) == (ColumnChoice(), Order())
    library.remembered.put_columns(choice)
    library.remembered.put_order(order)
    library.close()
    library = Library(path)
    assert (library.remembered.columns(), library.remembered.order()) == (choice, order)
    library.close()
    library = Library(path, writes=False)
    assert (library.remembered.columns(), library.remembered.order()) == (choice, order)
    with pytest.raises(errors.LibraryError):
        library.remembered.put_order(Order())
    assert library.remembered.order() == order
    library.close()


def test_a_collection_that_is_open_for_reading_only_has_columns_of_its_own(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite", read_only=True)
    library.remembered.put_columns(ColumnChoice(WIDE))
    assert library.remembered.columns() == ColumnChoice(WIDE)
    library.close()


def test_garbage_in_the_file_is_the_usual_table(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Library(path).close()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO meta VALUES ('columns', '{\"preset\": 3'), ('order', '-,,nonsense')")
    db.close()
    library = Library(path)
    assert (library.remembered.columns(), library.remembered.order()) == (ColumnChoice(), Order())
    library.close()
