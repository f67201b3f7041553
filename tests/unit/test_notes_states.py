"""Notes have three states (a value, known to be empty, not seen), and no view blanks what it does not show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from discotui.library.items import Field, Item
from tests.collection import FIELDS, MEDIA, ROCK, SLEEVE, TEXT, Shelf, make_item, reading_of

Notes = Mapping[int, str] | None
VALUE: Notes = {MEDIA: "Mint (M)", TEXT: "a\nb"}
OTHER: Notes = {TEXT: "c"}
EMPTY: Notes = {}
UNSEEN: Notes = None

TRANSITIONS: list[tuple[Notes, Notes, Notes]] = [
    (VALUE, VALUE, VALUE),
    (VALUE, OTHER, OTHER),
    (VALUE, EMPTY, EMPTY),
    (VALUE, UNSEEN, VALUE),
    (EMPTY, VALUE, VALUE),
    (EMPTY, EMPTY, EMPTY),
    (EMPTY, UNSEEN, EMPTY),
    (UNSEEN, VALUE, VALUE),
    (UNSEEN, EMPTY, EMPTY),
    (UNSEEN, UNSEEN, UNSEEN),
]
"""Known before, shown by the answer, known after."""
MANY = 40


@pytest.mark.parametrize("way", ["a page", "a whole reading"])
@pytest.mark.parametrize(("before", "shown", "after"), TRANSITIONS)
def test_every_transition_of_one_item(tmp_path: Path, before: Notes, shown: Notes, after: Notes, way: str) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", [make_item(1, notes=before), make_item(2)])
    read = [make_item(1, notes=shown), make_item(2)]
    if way == "a page":
        shelf.library.incoming.merge(read)
    else:
        shelf.library.incoming.publish(reading_of(read))
    assert shelf.item(1).notes == after
    shelf.restart()
    assert shelf.item(1).notes == after


@pytest.mark.parametrize("shown", [VALUE, EMPTY, UNSEEN])
def test_an_item_that_was_not_known_has_what_is_shown(tmp_path: Path, shown: Notes) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", [make_item(2)])
    shelf.library.incoming.merge([make_item(1, notes=shown)])
    shelf.restart()
    assert shelf.item(1).notes == shown


@pytest.mark.parametrize("whole", [False, True])
def test_a_view_without_folders_moves_nothing(tmp_path: Path, whole: bool) -> None:
    items = [make_item(1, folder_id=ROCK, notes=VALUE), make_item(2)]
    shelf = Shelf(tmp_path / "library.sqlite", items)
    blind = [replace(item, folder_id=0, notes=None) for item in items]
    if whole:
        changes = shelf.library.incoming.publish(reading_of(blind)).changes
    else:
        changes = shelf.library.incoming.merge(blind)
    assert changes.items == frozenset()
    assert shelf.item(1) == items[0]


# --- notes that many items have lost at once ----------------------------------------------------------------


def noted(count: int, notes: Notes = VALUE) -> list[Item]:
    return [make_item(number, notes=notes) for number in range(1, count + 1)]


def notes_of(shelf: Shelf) -> list[Notes]:
    return [item.notes for _, item in sorted(shelf.shown().items())]


@pytest.mark.parametrize("left", [EMPTY, {TEXT: "a\nb"}], ids=["none is shown", "one field is shown"])
def test_notes_lost_by_many_items_are_believed_when_a_second_reading_says_so(tmp_path: Path, left: Notes) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY))
    published = shelf.library.incoming.publish(reading_of(noted(MANY, left)))
    assert published.changes.items == frozenset()
    assert notes_of(shelf) == [VALUE] * MANY
    shelf.restart()
    shelf.library.incoming.publish(reading_of(noted(MANY, left)))
    assert notes_of(shelf) == [left] * MANY


def test_notes_that_show_again_are_doubted_anew_the_next_time(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY))
    for shown in (EMPTY, VALUE, EMPTY):
        shelf.library.incoming.publish(reading_of(noted(MANY, shown)))
        assert notes_of(shelf) == [VALUE] * MANY


def test_what_else_such_a_reading_shows_is_taken_over(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY))
    shown = [replace(item, rating=4) for item in noted(MANY, {SLEEVE: "Generic"})]
    shelf.library.incoming.publish(reading_of(shown))
    assert notes_of(shelf) == [{**(VALUE or {}), SLEEVE: "Generic"}] * MANY
    assert {item.rating for item in shelf.library.items()} == {4}


@pytest.mark.parametrize("lost", [20, 21])
def test_notes_of_a_few_items_go_at_once(tmp_path: Path, lost: int) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY))
    shelf.library.incoming.publish(reading_of([*noted(lost, EMPTY), *noted(MANY)[lost:]]))
    assert notes_of(shelf).count(EMPTY) == (lost if lost == 20 else 0)


def test_a_page_blanks_no_more_than_a_few_however_often_it_is_read(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY))
    for _ in range(3):
        shelf.library.incoming.merge(noted(MANY, EMPTY))
    assert notes_of(shelf) == [VALUE] * MANY


def test_notes_go_at_once_with_their_field(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY))
    fields: list[Field] = [field for field in FIELDS if field.field_id != MEDIA]
    shelf.library.incoming.publish(reading_of(noted(MANY, {TEXT: "a\nb"}), fields=fields))
    assert notes_of(shelf) == [{TEXT: "a\nb"}] * MANY


def test_notes_of_a_field_that_is_not_listed_are_no_less_guarded(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY, {99: "odd"}))
    shelf.library.incoming.publish(reading_of(noted(MANY, EMPTY)))
    assert notes_of(shelf) == [{99: "odd"}] * MANY


def test_notes_cleared_from_here_stay_cleared(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", noted(MANY, {TEXT: "x"}))
    shelf.library.set_notes(range(1, MANY + 1), {TEXT: ""})
    shelf.confirm_all()
    shelf.library.incoming.publish(reading_of(noted(MANY, EMPTY)))
    assert notes_of(shelf) == [EMPTY] * MANY


def test_a_first_reading_is_believed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", fill=False)
    shelf.library.incoming.merge(noted(MANY))
    shelf.library.incoming.publish(reading_of(noted(MANY, EMPTY)))
    assert notes_of(shelf) == [EMPTY] * MANY
