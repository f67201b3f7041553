"""What left the collection is kept for 30 days and can be brought back with everything that was known of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from discotui.errors import NothingToChange, NotRestorable, ReadOnly
from discotui.library.aside import Vanished
from discotui.library.edits import AddItem, SetNote, SetRating
from discotui.library.items import Item
from tests.collection import EMPTY, FOLDERS, ITEMS, JAZZ, MEDIA, ROCK, SLEEVE, TEXT, Shelf, make_item, reading_of

DAY = 24 * 3600.0


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


def vanish(shelf: Shelf, *instance_ids: int) -> None:
    """Let a reading miss these."""
    there = [item for item in shelf.library._core.view.snapshot.values() if item.instance_id not in instance_ids]
    folders = list(shelf.library._core.view.snapshot_folders.values())
    shelf.library.incoming.publish(reading_of(there, folders))


def kept(shelf: Shelf) -> list[int]:
    return [gone.item.instance_id for gone in shelf.library.vanished()]


def rows(shelf: Shelf) -> int:
    count: int = shelf.library._core.store._db.execute("SELECT count(*) FROM vanished").fetchone()[0]
    return count


def facts(item: Item) -> tuple[object, ...]:
    """What is the person's of an item."""
    return item.release_id, item.title, item.folder_id, item.rating, dict(item.notes or {})


# --- what is kept -----------------------------------------------------------------------------------------


def test_what_vanished_is_listed_newest_first_with_time_and_cause(shelf: Shelf) -> None:
    first = shelf.clock.now
    vanish(shelf, 1)
    shelf.library.remove([3])
    shelf.confirm_all()
    later = shelf.clock.now
    assert shelf.library.vanished() == [Vanished(ITEMS[2], later, "removed"), Vanished(ITEMS[0], first, "missing")]
    assert later > first
    shelf.restart()
    assert kept(shelf) == [3, 1]


def test_a_removal_that_was_not_sent_is_no_matter_for_this_list(shelf: Shelf) -> None:
    shelf.library.remove([3])
    assert kept(shelf) == []


def test_it_is_kept_for_thirty_days_and_then_forgotten(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.clock.now += 30 * DAY
    vanish(shelf, 2)
    assert kept(shelf) == [2, 1]
    shelf.clock.now += 1
    assert kept(shelf) == [2]
    shelf.clock.now += DAY
    vanish(shelf)
    assert rows(shelf) == 1


def test_forgetting_is_not_gone_through_at_every_reading(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []
    vanish(shelf)
    monkeypatch.setattr(shelf.library._core.store, "prune_vanished", calls.append)
    for _ in range(8):
        shelf.clock.now += DAY / 4
        vanish(shelf)
    assert len(calls) == 2


def test_a_clock_that_was_wrong_does_not_stop_the_forgetting(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.clock.now += 900 * DAY
    vanish(shelf, 2)
    shelf.clock.now -= 869 * DAY
    vanish(shelf, 3)
    assert rows(shelf) == 2


def test_an_item_that_a_reading_shows_again_leaves_the_list(shelf: Shelf) -> None:
    vanish(shelf, 1, 2)
    shelf.library.incoming.merge([ITEMS[0]])
    assert kept(shelf) == [2]
    shelf.library.incoming.publish(reading_of())
    assert kept(shelf) == []
    assert rows(shelf) == 0


# --- bringing back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("cause", ["removed", "missing"])
def test_a_vanished_item_comes_back_with_folder_rating_and_every_field(
    shelf: Shelf, cause: str, restarts: bool
) -> None:
    if cause == "missing":
        vanish(shelf, 1)
    else:
        shelf.library.remove([1])
        shelf.confirm_all()
    if restarts:
        shelf.restart()
    done = shelf.library.restore([1])
    assert (done.verb, done.count, done.skipped) == ("restore", 1, 0)
    new = shelf.new_id()
    assert done.changes.items == {new}
    (addition, *others) = shelf.changes()
    assert isinstance(addition, AddItem)
    assert (addition.replaces, addition.item.folder_id, addition.item.rating, addition.item.notes) == (1, JAZZ, 0, {})
    assert set(others) == {
        SetRating(101, 0, 2),
        SetNote(new, 101, MEDIA, "", "Mint (M)"),
        SetNote(new, 101, TEXT, "", "first\npressing"),
    }
    if restarts:
        shelf.restart()
    shelf.confirm_all()
    assert facts(shelf.item(1)) == facts(ITEMS[0])
    assert shelf.item(1).instance_id > 9000
    assert kept(shelf) == []


def test_many_come_back_as_one_edit(shelf: Shelf) -> None:
    before = sorted(map(facts, ITEMS))
    vanish(shelf, 1, 2, 3, 4, 5)
    done = shelf.library.restore([1, 2, 3, 4, 5])
    assert done.count == 5
    assert sorted(map(facts, shelf.library.items())) == before
    assert shelf.library.undo().verb == "restore"
    assert (shelf.library.items(), shelf.waiting()) == ([], [])
    with pytest.raises(NothingToChange):
        shelf.library.undo()
    assert shelf.library.redo().verb == "restore"
    shelf.confirm_all()
    assert sorted(map(facts, shelf.library.items())) == before


@pytest.mark.parametrize("restarts", [False, True])
def test_bringing_back_can_be_undone_and_done_again_after_it_was_sent(shelf: Shelf, restarts: bool) -> None:
    vanish(shelf, 1)
    shelf.library.restore([1])
    for _ in range(2):
        shelf.confirm_all()
        if restarts:
            shelf.restart()
        assert facts(shelf.item(1)) == facts(ITEMS[0])
        undone = shelf.library.undo()
        assert (undone.verb, undone.count, undone.skipped) == ("restore", 1, 0)
        shelf.confirm_all()
        assert shelf.library.item(1) is None
        assert [gone.item.notes for gone in shelf.library.vanished()] == [ITEMS[0].notes]
        assert shelf.library.redo().skipped == 0


def test_a_folder_that_is_gone_gives_way_to_uncategorized(shelf: Shelf) -> None:
    vanish(shelf, 3)
    shelf.library.incoming.put_frame([folder for folder in FOLDERS if folder.folder_id != ROCK], [])
    shelf.library.restore([3])
    assert shelf.item(3).folder_id == 1


def test_a_folder_that_was_deleted_and_made_again_is_found(shelf: Shelf) -> None:
    shelf.library.move([1], EMPTY)
    shelf.library.remove([1])
    shelf.library.delete_folder(EMPTY)
    shelf.confirm_all()
    shelf.library.undo()
    shelf.confirm_all()
    shelf.library.restore([1])
    assert shelf.item(1).folder_id == shelf.folder_id("Empty") != EMPTY


def test_what_is_in_the_collection_again_is_refused(shelf: Shelf) -> None:
    vanish(shelf, 1, 2)
    shelf.library.restore([1])
    done = shelf.library.restore([1, 2])
    assert (done.count, done.skipped) == (1, 1)
    for wanted in ([1], [1, 2], [3], [777], []):
        with pytest.raises(NotRestorable):
            shelf.library.restore(wanted)
    shelf.confirm_all()
    with pytest.raises(NotRestorable):
        shelf.library.restore([1])
    assert len(shelf.library.copies(101)) == 1


def test_what_undo_has_brought_back_is_refused(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.confirm_all()
    shelf.library.undo()
    assert kept(shelf) == []
    with pytest.raises(NotRestorable):
        shelf.library.restore([1])


def test_what_was_kept_for_too_long_is_refused(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.clock.now += 30 * DAY + 1
    with pytest.raises(NotRestorable):
        shelf.library.restore([1])


def test_of_something_that_came_back_and_went_again_only_the_last_is_listed(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.library.restore([1])
    shelf.library.set_notes([1], {SLEEVE: "Generic"})
    shelf.confirm_all()
    successor = shelf.item(1).instance_id
    vanish(shelf, successor)
    assert kept(shelf) == [successor]
    shelf.library.restore([successor])
    assert shelf.item(1).note(SLEEVE) == "Generic"
    assert len(shelf.library.copies(101)) == 1
    assert kept(shelf) == []


def test_a_restoring_that_was_undone_unsent_can_be_done_anew(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.library.restore([1])
    shelf.library.undo()
    assert kept(shelf) == [1]
    shelf.library.restore([1])
    shelf.confirm_all()
    assert facts(shelf.item(1)) == facts(ITEMS[0])


def test_an_item_that_returns_by_itself_is_known_by_its_own_id_beside_its_successor(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.library.restore([1])
    shelf.confirm_all()
    successor = shelf.item(1).instance_id
    shelf.library.incoming.publish(reading_of([*ITEMS, shelf.item(successor)]))
    shelf.restart()
    assert shelf.item(1).instance_id == 1
    shelf.library.set_notes([1], {TEXT: "mine"})
    assert shelf.item(1).note(TEXT) == "mine"
    assert shelf.item(successor).note(TEXT) == "first\npressing"


def test_a_rating_that_other_copies_share_is_not_set_again(shelf: Shelf) -> None:
    vanish(shelf, 4)
    shelf.library.restore([4])
    assert not any(isinstance(change, SetRating) for change in shelf.changes())
    assert shelf.item(4).rating == 3


def test_notes_that_were_never_seen_do_not_come_back_as_empty_ones(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", [make_item(1, notes=None)])
    vanish(shelf, 1)
    shelf.library.restore([1])
    assert [type(change) for change in shelf.changes()] == [AddItem]


def test_a_collection_for_reading_only_brings_nothing_back(shelf: Shelf) -> None:
    vanish(shelf, 1)
    shelf.library.read_only = True
    with pytest.raises(ReadOnly):
        shelf.library.restore([1])
    assert kept(shelf) == [1]


def test_a_hundred_come_back_and_wait_in_order(tmp_path: Path) -> None:
    items = [make_item(number, rating=number % 6, notes={TEXT: str(number)}) for number in range(1, 121)]
    shelf = Shelf(tmp_path / "many.sqlite", items)
    shelf.library.incoming.publish(reading_of(items[:20]))
    shelf.library.accept_loss()
    done = shelf.library.restore([gone.item.instance_id for gone in shelf.library.vanished()])
    assert done.count == 100
    assert shelf.library.edited.is_set()
    shelf.confirm_all()
    assert sorted(map(facts, shelf.library.items())) == sorted(map(facts, items))
