"""What can be typed into a cell, and what it means there."""

from __future__ import annotations

import pytest

from discotui.library.items import Field, Folder, Item
from discotui.ui.widgets.cells import Cell, cell_of, is_editable, matching
from discotui.ui.widgets.columns import Column, columns_of

OPTIONS = (
    "Mint (M)",
    "Near Mint (NM or M-)",
    "Very Good Plus (VG+)",
    "Very Good (VG)",
    "Good Plus (G+)",
    "Good (G)",
    "Fair (F)",
    "Poor (P)",
    "Generic",
    "No Cover",
    "Not Graded",
)
FIELDS = (
    Field(1, "Sleeve Condition", 1, options=OPTIONS),
    Field(2, "Notes", 2, lines=3),
)
FOLDERS = [Folder(0, "All"), Folder(1, "Uncategorized"), Folder(5, "Café Jazz"), Folder(6, "[LP]")]
BY_KEY = {column.key: column for column in columns_of(FIELDS)}


def item(**notes: str) -> Item:
    values = {int(key[1:]): value for key, value in notes.items()}
    return Item(1, 1, 5, 3, "", "A", "T", "", "", "", 0, "", "", values)


def cell(key: str, of: Item | None = None) -> Cell:
    return cell_of(BY_KEY[key], of or item(), FOLDERS)


def meant(key: str, typed: str) -> str:
    """The value that a text stands for, "" for none."""
    return next((offer.value for offer in matching(cell(key).offers, typed)), "")


def test_notes_fields_rating_and_folder_can_be_edited_and_nothing_else() -> None:
    assert {key for key, column in BY_KEY.items() if is_editable(column)} == {"note:1", "note:2", "rating", "folder"}
    with pytest.raises(ValueError, match="artist"):
        cell("artist")


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("nm", "Near Mint (NM or M-)"),
        ("NM", "Near Mint (NM or M-)"),
        ("vg+", "Very Good Plus (VG+)"),
        ("vg", "Very Good (VG)"),
        ("near", "Near Mint (NM or M-)"),
        ("m", "Mint (M)"),
        ("mint", "Mint (M)"),
        ("g", "Good (G)"),
        ("ge", "Generic"),
        ("no", "No Cover"),
        ("not", "Not Graded"),
        ("cover", "No Cover"),
        ("very plus", "Very Good Plus (VG+)"),
        ("  Ｆ ", "Fair (F)"),
        ("raded", "Not Graded"),
        ("xyz", ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_part_of_an_option_is_enough(typed: str, option: str) -> None:
    assert meant("note:1", typed) == option


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_meant_by_its_short_form_and_by_its_whole_name(option: str) -> None:
    short = cell("note:1", item(_1=option)).text
    assert meant("note:1", short) == meant("note:1", option) == option


@pytest.mark.parametrize(("typed", "value"), [("0", ""), ("1", "1"), ("5", "5"), ("6", ""), ("good", ""), ("-1", "")])
def test_a_rating_is_a_digit(typed: str, value: str) -> None:
    assert meant("rating", typed) == value


def test_a_rating_of_nothing_is_told_apart_from_no_rating_at_all() -> None:
    assert [offer.value for offer in matching(cell("rating").offers, "0")] == [""]
    assert matching(cell("rating").offers, "9") == []


def test_a_folder_is_found_by_part_of_its_name_and_all_is_none() -> None:
    assert meant("folder", "jazz") == meant("folder", "cafe") == "5"
    assert meant("folder", "[lp") == "6"
    assert meant("folder", "all") == ""
    assert not cell("folder").is_clearable


def test_a_cell_begins_with_what_it_shows() -> None:
    assert cell("note:1", item(_1="Near Mint (NM or M-)")).text == "NM"
    assert cell("note:1", item(_1="Near Mint (NM or M-)")).label == "Near Mint (NM or M-)"
    assert cell("rating").text == "3"
    assert cell("folder").text == "Café Jazz"
    assert cell("note:2", item(_2="B2")).text == "B2"
    assert cell("note:2").text == ""


def test_a_value_that_is_none_of_the_options_is_shown_as_it_is() -> None:
    odd = cell("note:1", item(_1="Swapped (at a fair)\n"))
    assert (odd.value, odd.text, odd.label) == ("Swapped (at a fair)\n", "Swapped (at a fair)", "Swapped (at a fair) ")


@pytest.mark.parametrize("value", ["a\nb", "a\r\nb", "a\n", "\na", "a\u2028b"])
def test_a_text_of_several_lines_is_not_for_one_line(value: str) -> None:
    assert cell("note:2", item(_2=value)).is_locked


@pytest.mark.parametrize("value", ["", "a", "a\tb", "[/x]", "\x1b[31mred", "e\u0301"])
def test_any_other_text_is(value: str) -> None:
    found = cell("note:2", item(_2=value))
    assert not found.is_locked
    assert "\x1b" not in found.text


def test_columns_of_fields_know_their_field() -> None:
    column: Column = BY_KEY["note:2"]
    assert column.field == FIELDS[1]
