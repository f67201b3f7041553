"""What is read from Discogs, under what waits and what was just confirmed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from discotui.library.edits import AddItem, Change, SetRating
from discotui.library.items import Field, Folder, Item, Value
from discotui.library.outbox import State
from tests.collection import EMPTY, FIELDS, FOLDERS, ITEMS, JAZZ, MEDIA, ROCK, TEXT, Shelf, make_item, reading_of


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


def vanished(shelf: Shelf) -> dict[int, dict[str, object]]:
    rows = shelf.library._core.store._db.execute("SELECT instance_id, item FROM vanished").fetchall()
    return {instance_id: json.loads(text)["item"] for instance_id, text in rows}


def test_a_page_deletes_nothing(shelf: Shelf) -> None:
    changes = shelf.library.incoming.merge([make_item(6), replace(ITEMS[0], title="New")])
    assert changes.items == {1, 6}
    assert shelf.shown().keys() == {1, 2, 3, 4, 5, 6}
    assert shelf.item(1).title == "New"
    shelf.restart()
    assert shelf.shown().keys() == {1, 2, 3, 4, 5, 6}


def test_a_page_without_news_changes_nothing(shelf: Shelf) -> None:
    assert shelf.library.incoming.merge(ITEMS).items == frozenset()


def test_what_a_whole_reading_misses_is_kept_aside_with_its_notes(shelf: Shelf) -> None:
    published = shelf.library.incoming.publish(reading_of(ITEMS[1:]))
    assert (published.vanished, published.changes.items) == (1, frozenset({1}))
    assert shelf.library.item(1) is None
    assert vanished(shelf)[1]["notes"] == {str(MEDIA): "Mint (M)", str(TEXT): "first\npressing"}
    shelf.restart()
    assert shelf.library.item(1) is None


def test_an_item_that_comes_back_is_shown_again(shelf: Shelf) -> None:
    shelf.library.incoming.publish(reading_of(ITEMS[1:]))
    assert shelf.library.incoming.publish(reading_of()).changes.items == {1}
    assert shelf.item(1) == ITEMS[0]


def test_waiting_edits_stay_on_top_of_a_whole_reading(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.library.set_notes([1], {TEXT: "mine"})
    shelf.library.remove([2])
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.rename_folder(JAZZ, "Jazz!")
    new = shelf.new_id()
    theirs = [replace(ITEMS[0], rating=1, folder_id=ROCK, notes={TEXT: "theirs", MEDIA: "Mint (M)"}), *ITEMS[1:]]
    shelf.library.incoming.publish(reading_of(theirs))
    item = shelf.item(1)
    assert (item.rating, item.folder_id, item.note(TEXT)) == (5, ROCK, "mine")
    assert shelf.shown().keys() == {1, 3, 4, 5, new}
    assert "Jazz!" in shelf.folder_names()
    assert shelf.library.waiting_count() == 5


def test_going_back_to_a_value_that_was_changed_elsewhere_meanwhile_is_still_to_be_decided(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.library.incoming.publish(reading_of([replace(ITEMS[0], rating=4), *ITEMS[1:]]))
    shelf.library.rate([1], 2)
    assert shelf.item(1).rating == 2
    (standing,) = shelf.library.deciding.standing()
    assert (standing.entry.state, standing.entry.change) == (State.CONFLICT, SetRating(101, 2, 2))
    shelf.library.deciding.keep_mine(standing.entry.seq)
    assert shelf.confirm_all() == [SetRating(101, 4, 2)]
    assert shelf.item(1).rating == 2


def test_undoing_what_was_changed_elsewhere_meanwhile_shows_theirs(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.library.incoming.publish(reading_of([replace(ITEMS[0], rating=4), *ITEMS[1:]]))
    shelf.library.undo()
    assert (shelf.item(1).rating, shelf.waiting()) == (4, [])


def test_a_view_without_notes_blanks_none(shelf: Shelf) -> None:
    blind = [replace(item, notes=None) for item in ITEMS]
    assert shelf.library.incoming.merge(blind).items == frozenset()
    assert shelf.library.incoming.publish(reading_of(blind)).changes.items == frozenset()
    shelf.restart()
    assert shelf.item(1).notes == ITEMS[0].notes
    shelf.library.incoming.merge([replace(ITEMS[0], notes={})])
    assert shelf.item(1).notes == {}


def test_notes_that_were_never_seen_stay_unseen(shelf: Shelf) -> None:
    shelf.library.incoming.merge([make_item(6, notes=None)])
    shelf.restart()
    assert shelf.item(6).notes is None
    assert shelf.item(2).notes == {}


# --- answers that are older than what was confirmed meanwhile ---------------------------------------------


def confirmed_meanwhile(shelf: Shelf) -> None:
    """A rating, a move, two notes and a removal, confirmed while a page is on its way."""
    shelf.library.rate([4], 1)
    shelf.library.move([1], ROCK)
    shelf.library.set_notes([1], {TEXT: "", MEDIA: "Very Good (VG)"})
    shelf.library.remove([3])
    shelf.confirm_all()


def test_what_was_confirmed_since_is_laid_over_a_stale_page(shelf: Shelf) -> None:
    mark = shelf.library.incoming.mark()
    confirmed_meanwhile(shelf)
    now = shelf.library.incoming.as_of_now(ITEMS, mark)
    assert now == shelf.shown()
    assert shelf.library.incoming.as_of_now(ITEMS, shelf.library.incoming.mark()) == {i.instance_id: i for i in ITEMS}


def test_a_stale_page_changes_nothing_back(shelf: Shelf) -> None:
    mark = shelf.library.incoming.mark()
    confirmed_meanwhile(shelf)
    shown = shelf.shown()
    assert shelf.library.incoming.merge(ITEMS, mark).items == frozenset()
    assert shelf.shown() == shown


def test_a_stale_whole_reading_changes_nothing_back(shelf: Shelf) -> None:
    mark = shelf.library.incoming.mark()
    confirmed_meanwhile(shelf)
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.new_folder("Blues")
    shelf.library.rename_folder(JAZZ, "Jazz!")
    shelf.library.delete_folder(EMPTY)
    shelf.confirm_all()
    shown, names = shelf.shown(), shelf.folder_names()
    published = shelf.library.incoming.publish(reading_of(), mark)
    assert published.vanished == 0
    assert shelf.shown() == shown
    assert shelf.folder_names() == names
    shelf.restart()
    assert shelf.shown() == shown
    assert shelf.folder_names() == names


def test_an_item_added_and_removed_meanwhile_stays_away(shelf: Shelf) -> None:
    mark = shelf.library.incoming.mark()
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.confirm_all()
    added = next(item for item in shelf.library.items() if item.release_id == 900)
    shelf.library.remove([added.instance_id])
    shelf.confirm_all()
    shelf.library.incoming.publish(reading_of([*ITEMS, added]), mark)
    assert shelf.shown().keys() == {1, 2, 3, 4, 5}


def test_our_own_additions_and_removals_are_counted(shelf: Shelf) -> None:
    mark = shelf.library.incoming.mark()
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.remove([1, 2])
    sent: list[Change] = shelf.confirm_all()
    assert sum(isinstance(change, AddItem) for change in sent) == 1
    assert shelf.library.incoming.added_since(mark) == -1
    (added,) = shelf.library.incoming.added_ids_since(mark)
    assert shelf.item(added).release_id == 900
    assert shelf.library.incoming.added_since(shelf.library.incoming.mark()) == 0


# --- folders, fields, value, age --------------------------------------------------------------------------


def test_folders_and_fields_report_whether_they_changed(shelf: Shelf) -> None:
    same = shelf.library.incoming.put_frame(FOLDERS, FIELDS)
    assert (same.folders, same.fields) == (False, False)
    changed = shelf.library.incoming.put_frame([*FOLDERS, Folder(20, "[b]\x1b")], [Field(7, "Only")])
    assert (changed.folders, changed.fields) == (True, True)
    shelf.restart()
    assert shelf.folder_names()[-1] == "[b]\x1b"
    assert shelf.library.fields() == [Field(7, "Only")]


def test_fields_come_back_by_position_with_their_options(shelf: Shelf) -> None:
    shelf.library.incoming.put_frame(FOLDERS, list(reversed(FIELDS)))
    shelf.restart()
    assert tuple(shelf.library.fields()) == FIELDS


def test_counts_for_comparing_are_those_of_the_snapshot(shelf: Shelf) -> None:
    shelf.library.move([1], ROCK)
    assert shelf.library.incoming.folder_counts() == {
        0: ("All", 5),
        1: ("Uncategorized", 0),
        JAZZ: ("Jazz", 3),
        ROCK: ("Rock", 2),
        EMPTY: ("Empty", 0),
    }


def test_the_value_is_kept_until_another_is_read(shelf: Shelf) -> None:
    assert shelf.library.value() is None
    shelf.library.incoming.publish(reading_of(value=Value("$1.00", "$2.00", "€3,00")))
    shelf.library.incoming.publish(reading_of(value=None))
    shelf.restart()
    assert shelf.library.value() == Value("$1.00", "$2.00", "€3,00")


def test_the_age_of_the_copy_counts_from_the_last_look(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new.sqlite", fill=False)
    assert shelf.library.incoming.never_read()
    assert (shelf.library.read_at(), shelf.library.incoming.pulled_at()) == (None, 0.0)
    shelf.library.incoming.merge(ITEMS)
    assert shelf.library.incoming.never_read()
    start = shelf.clock.now
    shelf.library.incoming.publish(reading_of())
    shelf.clock.now += 100
    shelf.library.incoming.checked()
    shelf.restart()
    assert not shelf.library.incoming.never_read()
    assert (shelf.library.incoming.pulled_at(), shelf.library.read_at()) == (start, start + 100)


def test_the_order_of_a_reading_does_not_matter(shelf: Shelf) -> None:
    backwards: list[Item] = list(reversed(ITEMS))
    assert shelf.library.incoming.publish(reading_of(backwards)).changes.items == frozenset()
