"""What becomes of a change at Discogs: confirmed, declined, or unknown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from discotui.errors import NothingToChange
from discotui.library.edits import AddItem, MoveItem, NewFolder, RemoveItem, SetNote, SetRating
from discotui.library.outbox import State
from tests.collection import EMPTY, ITEMS, JAZZ, MEDIA, ROCK, TEXT, Shelf, make_item


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


# --- confirmed --------------------------------------------------------------------------------------------


def test_confirmed_changes_are_part_of_the_snapshot(shelf: Shelf) -> None:
    library = shelf.library
    library.rate([4], 1)
    library.move([1], ROCK)
    library.set_notes([1], {MEDIA: "", TEXT: "new"})
    library.remove([2])
    library.rename_folder(JAZZ, "Jazz!")
    library.delete_folder(EMPTY)
    shown, folders = shelf.shown(), library.folders()
    shelf.confirm_all()
    assert shelf.shown() == shown
    assert library.folders() == folders
    assert shelf.library.incoming.snapshot(1) == shelf.item(1)
    assert [copy.rating for copy in library.outgoing.copies_at_discogs(500)] == [1, 1]
    assert library.incoming.snapshot(2) is None
    shelf.restart()
    assert shelf.shown() == shown
    assert shelf.library.folders() == folders
    assert shelf.waiting() == []


def test_a_confirmed_addition_has_its_real_id_everywhere(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    temporary = shelf.new_id()
    entry = shelf.begin()
    shelf.library.rate([temporary], 4)
    shelf.library.move([temporary], JAZZ)
    shelf.library.set_notes([temporary], {TEXT: "a"})
    changes = shelf.library.outgoing.confirm(entry.seq, 777)
    assert changes.renamed == {temporary: 777}
    assert {temporary, 777} <= changes.items
    item = shelf.item(temporary)
    assert (item.instance_id, item.rating, item.folder_id, item.note(TEXT)) == (777, 4, JAZZ, "a")
    assert shelf.changes() == [
        SetRating(900, 0, 4),
        MoveItem(777, 900, ROCK, JAZZ),
        SetNote(777, 900, TEXT, "", "a"),
    ]
    assert shelf.library.outgoing.at_discogs(777) == make_item(777, release_id=900, folder_id=ROCK, added="")
    shelf.restart()
    assert shelf.item(temporary).instance_id == 777
    shelf.library.set_notes([temporary], {TEXT: "b"})
    assert shelf.changes()[-1] == SetNote(777, 900, TEXT, "", "b")


def test_a_removal_of_an_addition_on_its_way_addresses_the_real_item(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    entry = shelf.begin()
    shelf.library.remove([shelf.new_id()])
    shelf.library.outgoing.confirm(entry.seq, 777)
    (removal,) = shelf.changes()
    assert isinstance(removal, RemoveItem)
    assert removal.instance_id == 777
    assert shelf.library.item(777) is None


def test_a_confirmed_folder_has_its_real_id_everywhere(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    temporary = shelf.folder_id("Blues")
    shelf.library.move([1], temporary)
    shelf.library.add(make_item(0, release_id=900), temporary)
    shelf.library.rename_folder(temporary, "Soul")
    entry = shelf.begin()
    changes = shelf.library.outgoing.confirm(entry.seq, 55)
    assert changes.renamed == {temporary: 55}
    assert changes.folders
    assert shelf.item(1).folder_id == 55
    assert {item.instance_id for item in shelf.library.items(temporary)} == {1, shelf.new_id()}
    assert shelf.folder_id("Soul") == 55
    shelf.library.move([2], temporary)
    assert shelf.item(2).folder_id == 55
    assert [type(change).__name__ for change in shelf.confirm_all()] == [
        "MoveItem",
        "AddItem",
        "RenameFolder",
        "MoveItem",
    ]
    assert shelf.folder_names()[-1] == "Soul"
    counts = {folder.name: folder.count for folder in shelf.library.folders()}
    assert counts["Soul"] == 3


def test_an_added_copy_takes_the_rating_that_the_release_has(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=500), ROCK)
    shelf.confirm_next()
    assert {copy.rating for copy in shelf.library.outgoing.copies_at_discogs(500)} == {3}


def test_a_confirmed_removal_is_kept_aside_with_its_notes(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.confirm_next()
    db = shelf.library._core.store._db
    ((instance_id, item),) = db.execute("SELECT instance_id, item FROM vanished").fetchall()
    assert instance_id == 1
    assert "first\\npressing" in item


def test_what_was_sent_and_what_was_refused_is_in_the_history(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.library.rate([2], 5)
    shelf.confirm_next()
    shelf.refuse_next()
    rows = shelf.library._core.store._db.execute("SELECT outcome, reason FROM history ORDER BY seq").fetchall()
    assert rows == [("sent", ""), ("refused", "no")]


# --- declined ---------------------------------------------------------------------------------------------


def test_a_declined_change_is_undone_on_the_screen(shelf: Shelf) -> None:
    before, folders = shelf.shown(), shelf.library.folders()
    edits_made: list[Callable[[], object]] = [
        lambda: shelf.library.rate([4], 1),
        lambda: shelf.library.move([1], ROCK),
        lambda: shelf.library.set_notes([1], {TEXT: ""}),
        lambda: shelf.library.remove([1]),
        lambda: shelf.library.add(make_item(0, release_id=900), ROCK),
        lambda: shelf.library.new_folder("Blues"),
        lambda: shelf.library.rename_folder(JAZZ, "Jazz!"),
        lambda: shelf.library.delete_folder(EMPTY),
    ]
    for edit in edits_made:
        edit()
        assert len(shelf.refuse_next()) == 1
        assert shelf.shown() == before
        assert shelf.library.folders() == folders
        assert shelf.waiting() == []
        for travel in (shelf.library.undo, shelf.library.redo):
            with pytest.raises(NothingToChange):
                travel()
    shelf.restart()
    assert shelf.shown() == before


def test_of_a_bulk_edit_only_the_declined_part_is_forgotten(shelf: Shelf) -> None:
    shelf.library.move([1, 2], ROCK)
    shelf.refuse_next()
    shelf.confirm_next()
    done = shelf.library.undo()
    assert (done.count, done.skipped) == (1, 0)
    assert shelf.changes() == [MoveItem(2, 102, ROCK, JAZZ)]


def test_a_declined_addition_takes_all_that_needs_its_item_along(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    new = shelf.new_id()
    shelf.library.rate([new], 4)
    shelf.library.move([new], JAZZ)
    shelf.library.set_notes([new], {TEXT: "a"})
    shelf.library.rate([1], 5)
    dropped = shelf.refuse_next()
    assert isinstance(dropped[0], AddItem)
    assert len(dropped) == 4
    assert shelf.changes() == [SetRating(101, 2, 5)]
    assert shelf.library.item(new) is None
    shelf.library.undo()
    with pytest.raises(NothingToChange):
        shelf.library.undo()


def test_a_declined_addition_of_a_further_copy_keeps_the_releases_rating(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=500), ROCK)
    shelf.library.rate([4], 1)
    assert len(shelf.refuse_next()) == 1
    assert shelf.changes() == [SetRating(500, 3, 1)]


def test_a_declined_folder_takes_moves_and_additions_into_it_along(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    blues = shelf.folder_id("Blues")
    shelf.library.move([1, 2], blues)
    shelf.library.add(make_item(0, release_id=900), blues)
    shelf.library.set_notes([shelf.new_id()], {TEXT: "a"})
    shelf.library.set_notes([2], {TEXT: "stays"})
    dropped = shelf.refuse_next()
    assert [type(change).__name__ for change in dropped] == ["NewFolder", "MoveItem", "MoveItem", "AddItem", "SetNote"]
    assert shelf.changes() == [SetNote(2, 102, TEXT, "", "stays")]
    assert shelf.item(1).folder_id == JAZZ
    shelf.restart()
    assert shelf.changes() == [SetNote(2, 102, TEXT, "", "stays")]


def test_a_declined_folder_takes_its_own_deletion_along(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    entry = shelf.begin()
    shelf.library.delete_folder(shelf.folder_id("Blues"))
    assert len(shelf.library.outgoing.refuse(entry.seq, "no").dropped) == 2
    assert shelf.waiting() == []


def test_a_move_out_of_a_folder_that_never_came_to_be_starts_where_the_item_was(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    shelf.library.move([1], shelf.folder_id("Blues"))
    shelf.library.new_folder("Soul")
    shelf.library.move([1], ROCK)
    shelf.refuse_next()
    assert shelf.changes()[-1] == MoveItem(1, 101, JAZZ, ROCK)


def test_a_later_edit_of_the_same_thing_starts_from_what_was_there_before(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    first = shelf.begin()
    shelf.library.rate([1], 4)
    shelf.library.outgoing.refuse(first.seq, "no")
    assert shelf.changes() == [SetRating(101, 2, 4)]
    assert shelf.item(1).rating == 4
    shelf.library.undo()
    assert shelf.item(1).rating == 2
    assert shelf.waiting() == []


def test_a_later_edit_that_went_back_anyway_is_not_needed_any_more(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    first = shelf.begin()
    shelf.library.rate([1], 2)
    shelf.library.outgoing.refuse(first.seq, "no")
    assert shelf.waiting() == []
    assert shelf.item(1).rating == 2
    with pytest.raises(NothingToChange):
        shelf.library.undo()


def test_a_note_declined_after_its_item_got_its_real_id_cannot_be_undone(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.set_notes([shelf.new_id()], {TEXT: "a"})
    shelf.confirm_next()
    shelf.refuse_next()
    assert shelf.library.undo().verb == "add"


def test_an_undone_removal_that_is_declined_keeps_the_item_and_adds_none(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.confirm_next()
    shelf.library.remove([1])
    entry = shelf.begin()
    shelf.library.undo()
    new = shelf.new_id()
    refused = shelf.library.outgoing.refuse(entry.seq, "no")
    assert refused.changes.renamed == {new: 1}
    assert shelf.waiting() == []
    assert shelf.shown().keys() == {1, 2, 3, 4, 5}
    assert shelf.item(1).rating == 5
    shelf.library.undo()
    assert shelf.item(1).rating == 2


def test_an_undone_deletion_that_is_declined_keeps_the_folder_and_makes_none(shelf: Shelf) -> None:
    shelf.library.delete_folder(EMPTY)
    entry = shelf.begin()
    shelf.library.undo()
    shelf.library.move([1], shelf.folder_id("Empty"))
    dropped = shelf.library.outgoing.refuse(entry.seq, "no").dropped
    assert [type(change).__name__ for change in dropped] == ["DeleteFolder", "NewFolder", "MoveItem"]
    assert shelf.waiting() == []
    assert shelf.folder_id("Empty") == EMPTY
    shelf.library.move([1], EMPTY)
    assert shelf.item(1).folder_id == EMPTY


def test_a_removal_whose_undoing_was_declined_can_be_undone_another_time(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.confirm_next()
    shelf.library.undo()
    shelf.refuse_next()
    assert 1 not in shelf.shown()
    shelf.library.redo()
    shelf.library.undo()
    shelf.confirm_all()
    assert shelf.item(1).notes == ITEMS[0].notes


def test_declining_what_the_person_took_back_meanwhile_does_nothing(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    entry, _ = shelf.library.outgoing.next()
    assert entry is not None
    shelf.library.undo()
    assert shelf.library.outgoing.refuse(entry.seq, "no").dropped == ()


def test_what_did_not_go_out_waits_again(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    entry = shelf.begin()
    shelf.library.outgoing.not_sent(entry.seq)
    (waiting,) = shelf.waiting()
    assert (waiting.state, waiting.checks) == (State.WAITING, 0)


def test_a_folder_id_that_discogs_gives_a_second_time_counts(shelf: Shelf) -> None:
    shelf.library.delete_folder(EMPTY)
    shelf.confirm_next()
    shelf.library.undo()
    (making,) = shelf.changes()
    assert isinstance(making, NewFolder)
    shelf.library.outgoing.confirm(shelf.begin().seq, EMPTY)
    assert shelf.folder_id("Empty") == EMPTY
    shelf.library.move([1], making.folder_id)
    assert shelf.item(1).folder_id == EMPTY
    shelf.restart()
    assert [item.instance_id for item in shelf.library.items(EMPTY)] == [1]


def test_what_became_of_a_change_that_could_not_be_noted_is_unknown_and_not_sent_again(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    begun = shelf.begin()
    again, _ = shelf.library.outgoing.next()
    assert again is not None
    assert (again.seq, again.state) == (begun.seq, State.UNKNOWN)
