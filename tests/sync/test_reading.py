"""What Discogs sends, and what a collector reads."""

from __future__ import annotations

from typing import Any

import pytest

from discotui.discogs.models import WireArtist, WireField, WireFormat, WireItem, WireLabel, WireRelease
from discotui.library.items import NO_NOTES
from discotui.sync.reading import (
    artist_line,
    catno_line,
    field_of,
    format_line,
    item_of,
    item_of_release,
    unseen_release,
)


def artists(*named: tuple[str, str, str]) -> list[WireArtist]:
    return [WireArtist(name=name, anv=anv, join=join) for name, anv, join in named]


def wire_item(**more: Any) -> WireItem:
    basic = {"title": "Ágætis Byrjun", "artists": [{"name": "Sigur Rós (2)", "anv": "", "join": ","}], "year": 1999}
    basic |= {"labels": [{"name": "Fat Cat (3)", "catno": "FATLP 11"}], "genres": ["Rock"], "styles": ["Post Rock"]}
    return WireItem.model_validate({"instance_id": 7, "id": 11, "rating": 0, "basic_information": basic} | more)


@pytest.mark.parametrize(
    ("named", "line"),
    [
        ([("Alice Coltrane", "", "")], "Alice Coltrane"),
        ([("Nirvana (2)", "", "")], "Nirvana"),
        ([("Prince", "The Artist", "")], "The Artist"),
        ([("Prince", "  ", "")], "Prince"),
        ([("Blade (3)", "", ",")], "Blade"),
        ([("A", "", ","), ("B", "", "")], "A, B"),
        ([("A", "", "&"), ("B (4)", "", ",")], "A & B"),
        ([("A", "", "Featuring"), ("B", "", "vs."), ("C", "", "")], "A Featuring B vs. C"),
        ([("A", "", ""), ("B", "", "")], "A / B"),
        ([("A", "", " And "), ("B", "", "")], "A And B"),
        ([("!!! (1984)", "", ""), ], "!!!"),
        ([], ""),
    ],
)  # fmt: skip
def test_artists_are_joined_as_they_are_to_be_read(named: list[tuple[str, str, str]], line: str) -> None:
    assert artist_line(artists(*named)) == line


def test_ten_artists_are_all_named_and_the_last_join_is_dropped() -> None:
    named = [(f"Artist {number}", "", "," if number < 8 else "&") for number in range(10)]

    line = artist_line(artists(*named))

    assert line == ", ".join(f"Artist {number}" for number in range(9)) + " & Artist 9"


@pytest.mark.parametrize(
    ("formats", "line"),
    [
        ([("Vinyl", "1", ("LP", "Album"), "")], "LP, Album"),
        ([("Vinyl", "2", ("LP", "Album"), " Blue vinyl ")], "2×LP, Album, Blue vinyl"),
        ([("Vinyl", "1", ('12"', "33 ⅓ RPM"), "")], '12", 33 ⅓ RPM'),
        ([("Vinyl", "45", (), "")], "45×Vinyl"),
        ([("CD", "1", ("Album", " "), "")], "CD, Album"),
        ([("CD", "", (), "")], "CD"),
        ([("Vinyl", "1", ("LP",), ""), ("CD", "2", ("Album",), "")], "LP + 2×CD, Album"),
        ([("All Media", "0", ("Box Set",), "")], "All Media, Box Set"),
        ([], ""),
    ],
)
def test_formats_are_written_as_collectors_write_them(
    formats: list[tuple[str, str, tuple[str, ...], str]], line: str
) -> None:
    wire = [WireFormat(name=name, qty=qty, descriptions=parts, text=text) for name, qty, parts, text in formats]

    assert format_line(wire) == line


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        (["none"], ""),
        (["None "], ""),
        (["AS-9203"], "AS-9203"),
        ([" AB 1", "AB 1", "none", "CD 2"], "AB 1, CD 2"),
        (["[AB-OC-15]"], "[AB-OC-15]"),
    ],
)
def test_catalogue_numbers_are_named_once_and_none_means_none(numbers: list[str], line: str) -> None:
    assert catno_line([WireLabel(name="L", catno=number) for number in numbers]) == line


def test_an_item_is_found_by_its_namesake_number_although_that_is_not_shown() -> None:
    item = item_of(wire_item(folder_id=3, rating=4), notes_shown=True)

    assert (item.artist, item.label, item.catno) == ("Sigur Rós", "Fat Cat", "FATLP 11")
    assert (item.genre, item.year, item.folder_id, item.rating) == ("Rock, Post Rock", 1999, 3, 4)
    for word in ("sigur ros (2)", "fat cat (3)", "agaetis byrjun", "post rock", "fatlp 11"):
        assert word in item.search


def test_no_notes_are_known_to_be_none_only_where_notes_are_shown() -> None:
    assert item_of(wire_item(), notes_shown=True).notes == NO_NOTES
    assert item_of(wire_item(), notes_shown=False).notes is None


def test_notes_are_kept_as_they_came_and_empty_ones_are_none() -> None:
    notes = [{"field_id": 99, "value": "Very Good (VG)\n"}, {"field_id": 1, "value": ""}]

    assert item_of(wire_item(notes=notes), notes_shown=True).notes == {99: "Very Good (VG)\n"}


def test_an_item_without_a_folder_is_in_none() -> None:
    assert item_of(wire_item(), notes_shown=False).folder_id == 0


def test_a_release_to_be_added_has_neither_instance_nor_rating_nor_notes() -> None:
    item = item_of_release(WireRelease.model_validate({"id": 5, "title": "T", "artists": [{"name": "A (2)"}]}))

    assert (item.instance_id, item.release_id, item.rating, item.notes, item.artist) == (0, 5, 0, NO_NOTES, "A")


def test_a_release_that_could_not_be_read_goes_by_its_number() -> None:
    item = unseen_release(4711)

    assert (item.release_id, item.title) == (4711, "Release 4711")
    assert "4711" in item.search


@pytest.mark.parametrize(
    ("wire", "options", "lines"),
    [
        (WireField(id=1, type="dropdown", options=("M", "NM")), ("M", "NM"), 0),
        (WireField(id=1, type="textarea", lines=3), (), 3),
        (WireField(id=1, type="textarea"), (), 1),
        (WireField(id=1, type="dropdown"), (), 1),
    ],
)
def test_a_field_is_a_choice_or_has_lines(wire: WireField, options: tuple[str, ...], lines: int) -> None:
    field = field_of(wire)

    assert (field.options, field.lines, field.is_dropdown) == (options, lines, bool(options))
