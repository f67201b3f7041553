"""Undo and redo of every edit: unsent, sent, and after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from discotui.errors import FolderNotEmpty, NothingToChange
from discotui.library.edits import AddItem, DeleteFolder, MoveItem, RemoveItem, SetNote, SetRating
from discotui.library.items import Item
from tests.collection import EMPTY, FOLDERS, ITEMS, JAZZ, MEDIA, ROCK, SLEEVE, TEXT, Shelf, make_item, reading_of


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


EDITS: dict[str, Callable[[Shelf], object]] = {
    "rate": lambda shelf: shelf.library.rate([1, 4], 1),
    "move": lambda shelf: shelf.library.move([1, 2, 4], ROCK),
    "note": lambda shelf: shelf.library.set_notes([1, 2], {TEXT: "new", MEDIA: ""}),
    "remove": lambda shelf: shelf.library.remove([1, 4, 5]),
    "add": lambda shelf: shelf.library.add(make_item(0, release_id=900), ROCK),
    "new-folder": lambda shelf: shelf.library.new_folder("Blues"),
    "rename-folder": lambda shelf: shelf.library.rename_folder(JAZZ, "Jazz!"),
    "delete-folder": lambda shelf: shelf.library.delete_folder(EMPTY),
}


def content(shelf: Shelf) -> tuple[list[tuple[object, ...]], list[tuple[str, int]]]:
    """What is shown, apart from ids and dates that Discogs gives anew."""
    names = {folder.folder_id: folder.name for folder in shelf.library.folders()}

    def of(item: Item) -> tuple[object, ...]:
        notes = sorted((item.notes or {}).items())
        return (item.release_id, item.title, names[item.folder_id], item.rating, notes)

    folders = sorted((folder.name, folder.count) for folder in shelf.library.folders())
    return sorted(map(of, shelf.library.items()), key=repr), folders


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("verb", EDITS)
def test_an_unsent_edit_vanishes_and_comes_back(shelf: Shelf, verb: str, restarts: bool) -> None:
    before = content(shelf)
    EDITS[verb](shelf)
    after = content(shelf)
    assert after != before
    for _ in range(2):
        if restarts:
            shelf.restart()
        undone = shelf.library.undo()
        assert (undone.verb, undone.skipped, undone.added_again) == (verb, 0, 0)
        assert content(shelf) == before
        assert shelf.waiting() == []
        assert undone.count > 0
        if restarts:
            shelf.restart()
        redone = shelf.library.redo()
        assert (redone.verb, redone.skipped) == (verb, 0)
        assert content(shelf) == after
        assert shelf.waiting() != []


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("verb", EDITS)
def test_a_sent_edit_gets_the_opposite_edit_and_comes_back(shelf: Shelf, verb: str, restarts: bool) -> None:
    before = content(shelf)
    EDITS[verb](shelf)
    after = content(shelf)
    shelf.confirm_all()
    for _ in range(2):
        if restarts:
            shelf.restart()
        undone = shelf.library.undo()
        assert undone.skipped == 0
        assert content(shelf) == before
        shelf.confirm_all()
        assert content(shelf) == before
        if restarts:
            shelf.restart()
        assert shelf.library.redo().skipped == 0
        assert content(shelf) == after
        shelf.confirm_all()
        assert content(shelf) == after


@pytest.mark.parametrize("verb", EDITS)
def test_an_edit_on_its_way_is_undone_by_what_follows_it(shelf: Shelf, verb: str) -> None:
    before = content(shelf)
    EDITS[verb](shelf)
    entry = shelf.begin()
    assert shelf.library.undo().skipped == 0
    assert content(shelf) == before
    shelf.library.outgoing.confirm(entry.seq, 8888)
    shelf.confirm_all()
    assert content(shelf) == before


def test_edits_are_undone_in_the_reverse_of_their_order(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.library.move([1], ROCK)
    assert shelf.library.undo().verb == "move"
    assert shelf.library.undo().verb == "rate"
    with pytest.raises(NothingToChange):
        shelf.library.undo()
    assert shelf.library.redo().verb == "rate"
    assert shelf.library.redo().verb == "move"
    with pytest.raises(NothingToChange):
        shelf.library.redo()


def test_a_new_edit_forgets_what_was_undone(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    shelf.library.undo()
    shelf.library.rate([2], 1)
    with pytest.raises(NothingToChange):
        shelf.library.redo()
    assert shelf.library.undo().verb == "rate"
    assert shelf.shown() == {item.instance_id: item for item in ITEMS}


def test_of_joined_edits_each_is_undone_by_itself(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    shelf.library.rate([1], 4)
    shelf.library.undo()
    assert shelf.item(1).rating == 3
    assert shelf.changes() == [SetRating(101, 2, 3)]
    shelf.library.redo()
    assert shelf.item(1).rating == 4


def test_undoing_and_redoing_for_ever_makes_no_row_longer(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    shelf.library.rate([1], 4)
    for _ in range(5):
        shelf.library.undo()
        shelf.library.redo()
    (row,) = shelf.waiting()
    assert len(row.steps) == 2


def test_a_sent_removal_is_added_again_with_folder_rating_and_every_note(shelf: Shelf) -> None:
    shelf.library.set_notes([3], {TEXT: "two\nlines", 99: "odd"})
    shelf.library.remove([3])
    shelf.confirm_all()
    undone = shelf.library.undo()
    assert (undone.added_again, undone.skipped) == (1, 0)
    new = shelf.new_id()
    (addition, *others) = shelf.changes()
    assert isinstance(addition, AddItem)
    assert (addition.replaces, addition.item.folder_id) == (3, ROCK)
    assert set(others) == {
        SetRating(103, 0, 5),
        SetNote(new, 103, SLEEVE, "", "Generic"),
        SetNote(new, 103, TEXT, "", "two\nlines"),
        SetNote(new, 103, 99, "", "odd"),
    }
    shelf.confirm_all()
    item = shelf.item(3)
    assert item.instance_id > 9000
    assert (item.folder_id, item.rating) == (ROCK, 5)
    assert item.notes == {SLEEVE: "Generic", TEXT: "two\nlines", 99: "odd"}


def test_what_was_done_to_an_item_before_its_removal_can_still_be_undone(shelf: Shelf) -> None:
    shelf.library.set_notes([1], {TEXT: "second"})
    shelf.library.move([1], ROCK)
    for _ in range(3):
        shelf.library.remove([1] if 1 in shelf.shown() else [shelf.item(1).instance_id])
        shelf.confirm_all()
        shelf.library.undo()
        shelf.confirm_all()
        shelf.restart()
    assert shelf.library.undo().verb == "move"
    assert shelf.library.undo().verb == "note"
    item = shelf.item(1)
    assert (item.folder_id, item.note(TEXT)) == (JAZZ, "first\npressing")
    assert item.instance_id > 9000


def test_a_removal_of_a_copy_leaves_the_releases_rating_alone_when_undone(shelf: Shelf) -> None:
    shelf.library.remove([4])
    shelf.confirm_all()
    shelf.library.undo()
    assert not any(isinstance(change, SetRating) for change in shelf.changes())
    assert shelf.item(4).rating == 3


def test_the_folder_of_a_removed_item_may_be_gone_when_it_comes_back(shelf: Shelf) -> None:
    shelf.library.remove([3])
    shelf.confirm_all()
    shelf.library.incoming.put_frame([folder for folder in FOLDERS if folder.folder_id != ROCK], [])
    shelf.library.undo()
    assert shelf.item(3).folder_id == 1


def test_an_undone_addition_does_not_bring_back_a_removed_copy(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.library.add(make_item(0, release_id=101), ROCK)
    shelf.library.undo()
    assert shelf.library.copies(101) == []
    shelf.library.undo()
    assert shelf.shown() == {item.instance_id: item for item in ITEMS}
    assert shelf.waiting() == []


def test_what_was_changed_since_is_left_alone(shelf: Shelf) -> None:
    shelf.library.rate([1, 2, 3], 4)
    shelf.library.move([1, 2], ROCK)
    shelf.library.rename_folder(EMPTY, "Void")
    shelf.confirm_all()
    theirs = [
        make_item(1, rating=1, folder_id=EMPTY, notes=ITEMS[0].notes),
        make_item(2, rating=4, folder_id=ROCK),
    ]
    folders = [folder for folder in FOLDERS if folder.folder_id != EMPTY]
    shelf.library.incoming.publish(reading_of(theirs, [*folders, FOLDERS[-1]]))
    assert shelf.library.undo().skipped == 1  # the folder has a third name
    moved = shelf.library.undo()
    assert (moved.skipped, shelf.changes()) == (1, [MoveItem(2, 102, ROCK, JAZZ)])
    rated = shelf.library.undo()
    assert (rated.skipped, shelf.changes()[-1]) == (2, SetRating(102, 4, 0))


def test_nothing_is_moved_back_into_a_folder_that_is_gone(shelf: Shelf) -> None:
    shelf.library.move([3], JAZZ)
    shelf.confirm_all()
    folders = [folder for folder in FOLDERS if folder.folder_id != ROCK]
    shelf.library.incoming.publish(reading_of([make_item(3, rating=5)], folders))
    undone = shelf.library.undo()
    assert (undone.skipped, undone.count, shelf.waiting()) == (1, 0, [])


def test_a_new_folder_that_holds_something_is_not_undone(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    shelf.confirm_all()
    blues = shelf.folder_id("Blues")
    elsewhere = [*ITEMS, make_item(6, folder_id=blues)]
    shelf.library.incoming.publish(reading_of(elsewhere, [*FOLDERS, shelf.library.folders()[-1]]))
    with pytest.raises(FolderNotEmpty) as caught:
        shelf.library.undo()
    assert caught.value.count == 1
    assert shelf.waiting() == []
    shelf.library.move([6], JAZZ)
    shelf.library.undo()
    with pytest.raises(FolderNotEmpty):
        shelf.library.undo()


def test_moves_come_back_into_a_folder_that_was_deleted_and_made_again(shelf: Shelf) -> None:
    shelf.library.move([3, 5], JAZZ)
    shelf.library.delete_folder(ROCK)
    shelf.confirm_all()
    before_last = shelf.library.undo()
    assert before_last.verb == "delete-folder"
    assert shelf.library.undo().skipped == 0
    shelf.confirm_all()
    rock = shelf.folder_id("Rock")
    assert rock > 9000
    assert {item.instance_id for item in shelf.library.items(rock)} == {3, 5}
    shelf.library.redo()
    shelf.library.redo()
    shelf.confirm_all()
    assert "Rock" not in shelf.folder_names()


def test_a_deletion_of_an_unsent_folder_that_was_undone_leaves_the_making_alone(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    entry = shelf.begin()
    shelf.library.delete_folder(shelf.folder_id("Blues"))
    shelf.library.undo()
    shelf.library.outgoing.not_sent(entry.seq)
    shelf.library.undo()
    assert shelf.waiting() == []
    assert "Blues" not in shelf.folder_names()


def test_an_undone_deletion_on_its_way_makes_the_folder_again(shelf: Shelf) -> None:
    shelf.library.delete_folder(EMPTY)
    entry = shelf.begin()
    shelf.library.undo()
    shelf.library.outgoing.confirm(entry.seq)
    shelf.confirm_all()
    assert shelf.folder_id("Empty") > 9000
    assert not any(isinstance(change, DeleteFolder) for change in shelf.changes())


def test_a_redone_removal_of_an_item_added_again_cancels_the_addition(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.confirm_all()
    shelf.library.undo()
    shelf.library.redo()
    assert shelf.waiting() == []
    assert shelf.library.item(1) is None
    shelf.library.undo()
    assert content(shelf)[0] == content_of_start(shelf)


def test_redone_removals_of_all_copies_leave_no_rating_waiting(shelf: Shelf) -> None:
    shelf.library.remove([4, 5])
    shelf.confirm_all()
    shelf.library.undo()
    assert [change for change in shelf.changes() if isinstance(change, SetRating)] == [SetRating(500, 0, 3)]
    shelf.library.redo()
    assert shelf.waiting() == []


def content_of_start(shelf: Shelf) -> list[tuple[object, ...]]:
    """What a fresh collection holds."""
    fresh = Shelf(shelf.path.with_name("fresh.sqlite"))
    try:
        return content(fresh)[0]
    finally:
        fresh.library.close()


def test_thousands_are_removed_and_undone_in_one_step(tmp_path: Path) -> None:
    items = [make_item(number, rating=number % 6, notes={TEXT: str(number)}) for number in range(1, 2001)]
    shelf = Shelf(tmp_path / "many.sqlite", items)
    done = shelf.library.remove(range(1, 2001))
    assert done.count == 2000
    assert len(shelf.waiting()) == 2000
    assert all(isinstance(change, RemoveItem) for change in shelf.changes())
    shelf.library.undo()
    assert shelf.waiting() == []
    assert shelf.shown() == {item.instance_id: item for item in items}
