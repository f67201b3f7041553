"""How columns share a width, for any choice of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discotui.library.columns import NARROW, PRESETS, USUAL, WIDE, ColumnChoice
from discotui.library.items import Field, Item
from discotui.ui.widgets.column_layout import last_start, layout, start_that_shows
from discotui.ui.widgets.columns import MARK, Column, chosen_columns, columns_of

FIELDS = (
    Field(1, "Media Condition", 1, options=("Mint (M)",)),
    Field(2, "Sleeve Condition", 2, options=("Mint (M)", "Not Graded")),
    Field(3, "Notes", 3, lines=3),
    Field(4, "Shelf", 4, lines=1),
)
EVERY_KEY = [column.key for column in columns_of(FIELDS)]
USUALLY = chosen_columns(ColumnChoice(), FIELDS)

CHOICES = st.builds(
    lambda preset, keys, widths: ColumnChoice(preset, () if preset else tuple(keys), tuple(sorted(widths.items()))),
    st.sampled_from([*PRESETS, "", ""]),
    st.lists(st.sampled_from(EVERY_KEY), min_size=1, unique=True),
    st.dictionaries(st.sampled_from(EVERY_KEY), st.integers(1, 400)),
)
"""What a person may have chosen."""


def keys(width: int, columns: tuple[Column, ...] = USUALLY) -> list[str]:
    return [column.key for column, _ in layout(columns, width)]


@pytest.mark.parametrize("fields", [FIELDS, ()])
@pytest.mark.parametrize("width", range(20, 301))
def test_the_usual_columns_fill_the_width_exactly_and_none_is_too_narrow(fields: tuple[Field, ...], width: int) -> None:
    shown = layout(chosen_columns(ColumnChoice(), fields), width)
    assert sum(cells for _, cells in shown) + len(shown) - 1 == width
    assert all(cells >= column.width for column, cells in shown)
    assert all(cells == column.width for column, cells in shown if not column.weight)


@given(choice=CHOICES, width=st.integers(0, 250), start=st.none() | st.integers(0, 12))
def test_no_choice_is_wider_than_the_table(choice: ColumnChoice, width: int, start: int | None) -> None:
    columns = chosen_columns(choice, FIELDS)
    start = None if start is None else min(start, len(columns) - 1)
    for in_order in (False, True):
        shown = layout(columns, width, start=start, in_order=in_order)
        cells = sum(cells for _, cells in shown) + max(0, len(shown) - 1)
        assert cells <= width
        assert cells == width or not any(column.weight for column, _ in shown)
        assert all(cells > 0 for _, cells in shown)
        names = [column.key for column, _ in shown]
        assert len(names) == len(set(names))
        if width >= 20:
            assert names[0] == MARK.key
            assert len(names) > 1


@given(choice=CHOICES, width=st.integers(20, 250), start=st.none() | st.integers(0, 12), seed=st.randoms())
def test_every_column_can_be_brought_into_sight(
    choice: ColumnChoice, width: int, start: int | None, seed: random.Random
) -> None:
    columns = chosen_columns(choice, FIELDS)
    start = None if start is None else min(start, len(columns) - 1)
    in_order = choice.preset != USUAL
    for place in seed.sample(range(len(columns)), len(columns)):
        start = start_that_shows(columns, width, place, start, in_order=in_order)
        shown = [column.key for column, _ in layout(columns, width, start=start, in_order=in_order)]
        assert columns[place].key in shown


@given(choice=CHOICES, width=st.integers(20, 250))
def test_the_furthest_start_shows_the_last_column(choice: ColumnChoice, width: int) -> None:
    columns = chosen_columns(choice, FIELDS)
    for in_order in (False, True):
        start = last_start(columns, width, in_order=in_order)
        assert layout(columns, width, start=start, in_order=in_order)[-1][0].key == columns[-1].key


@pytest.mark.parametrize("width", range(10))
def test_no_room_is_no_error(width: int) -> None:
    assert sum(cells for _, cells in layout(USUALLY, width)) <= width
    assert last_start(USUALLY, width, in_order=True) < len(USUALLY)


def test_a_narrow_table_keeps_artist_title_year_and_rating() -> None:
    assert keys(58) == ["mark", "artist", "title", "year", "rating"]


def test_more_columns_appear_as_there_is_room() -> None:
    assert "label" in keys(75)
    everything_usual = {"artist", "title", "label", "catno", "format", "year", "rating"}
    assert everything_usual <= set(keys(110))
    assert keys(180) == ["mark", *(column.key for column in USUALLY)]


def test_a_column_that_has_appeared_stays_as_the_table_grows() -> None:
    shown: set[str] = set()
    for width in range(20, 301):
        assert shown <= set(keys(width))
        shown = set(keys(width))


def test_the_narrow_columns_fit_into_the_narrowest_window() -> None:
    columns = chosen_columns(ColumnChoice(NARROW), FIELDS)
    assert [column.key for column, _ in layout(columns, 57, in_order=True)[1:]] == [each.key for each in columns]


def test_what_stands_first_has_room_first_in_an_order_of_ones_own() -> None:
    columns = chosen_columns(ColumnChoice().with_keys(["note:3", "folder", "artist", "title", "label"]), FIELDS)
    assert [column.key for column, _ in layout(columns, 40, in_order=True)] == ["mark", "note:3", "folder", "artist"]


def test_artist_and_title_stay_in_sight_beside_what_is_far_on_the_right() -> None:
    columns = chosen_columns(ColumnChoice(WIDE), FIELDS)
    start = start_that_shows(columns, 58, len(columns) - 1, None, in_order=True)
    shown = [column.key for column, _ in layout(columns, 58, start=start, in_order=True)]
    assert shown[:3] == ["mark", "artist", "title"]
    assert shown[-1] == "folder"


def test_names_make_way_for_a_column_that_leaves_them_no_room() -> None:
    columns = chosen_columns(ColumnChoice(WIDE).with_width("note:3", 50), FIELDS)
    place = [column.key for column in columns].index("note:3")
    start = start_that_shows(columns, 58, place, None, in_order=True)
    assert [column.key for column, _ in layout(columns, 58, start=start, in_order=True)] == ["mark", "note:3"]


def test_a_column_that_was_given_a_width_is_not_the_first_to_go() -> None:
    columns = chosen_columns(ColumnChoice().with_width("folder", 20), FIELDS)
    assert "folder" in [column.key for column, _ in layout(columns, 58)]


def test_columns_that_cannot_grow_leave_the_rest_of_the_width() -> None:
    def year(item: Item, _: object) -> str:
        return str(item.year)

    fixed = [Column("year", "Year", 4, year)]
    assert layout(fixed, 40) == [(MARK, 2), (fixed[0], 4)]
