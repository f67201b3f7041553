"""What is shown is what was read with what waits laid over it."""

from __future__ import annotations

from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.outbox import Pending, State
from discotui.library.view import View, lay_over, with_note
from tests.collection import EMPTY, FOLDERS, ITEMS, JAZZ, MEDIA, ROCK, TEXT, make_item


def pending(seq: int, change: Change, state: State = State.WAITING) -> Pending:
    return Pending(seq, change, (seq,), state, 0.0, None, 0.0)


def view_with(*changes: Change) -> View:
    return View(ITEMS, FOLDERS, [pending(seq, change) for seq, change in enumerate(changes, start=1)])


def test_without_anything_waiting_the_snapshot_is_shown() -> None:
    view = View(ITEMS, FOLDERS)
    assert view.items == {item.instance_id: item for item in ITEMS}
    assert view.folders[0].count == 5
    assert (view.folders[JAZZ].count, view.folders[ROCK].count, view.folders[EMPTY].count) == (3, 2, 0)


def test_changes_are_laid_over_in_their_order() -> None:
    view = view_with(MoveItem(1, 101, JAZZ, ROCK), SetNote(1, 101, TEXT, "", "x"), MoveItem(1, 101, ROCK, EMPTY))
    assert view.items[1].folder_id == EMPTY
    assert view.items[1].notes == {MEDIA: "Mint (M)", TEXT: "x"}
    assert view.folders[EMPTY].count == 1


def test_a_change_of_an_item_that_is_gone_shows_nothing() -> None:
    view = view_with(MoveItem(77, 177, JAZZ, ROCK), SetNote(77, 177, TEXT, "", "x"), SetRating(177, 0, 5))
    assert view.items == {item.instance_id: item for item in ITEMS}
    assert view.marks.waiting == set()


def test_an_item_whose_removal_waits_is_not_among_the_waiting_ones() -> None:
    view = view_with(MoveItem(1, 101, JAZZ, ROCK), RemoveItem(make_item(1)))
    assert 1 not in view.items
    assert view.marks.waiting == set()


def test_counts_follow_every_refresh() -> None:
    view = view_with(RemoveItem(ITEMS[0]), AddItem(make_item(-1, release_id=500, folder_id=EMPTY)))
    assert (view.folders[0].count, view.folders[JAZZ].count, view.folders[EMPTY].count) == (5, 2, 1)
    view.drop_pending(1)
    view.drop_pending(2)
    assert view.refresh([101, 500]) == {1, -1}
    assert (view.folders[0].count, view.folders[JAZZ].count, view.folders[EMPTY].count) == (5, 3, 0)
    assert view.refresh([101, 500]) == set()


def test_a_refresh_reports_only_what_changed() -> None:
    view = view_with()
    view.put_pending(pending(1, SetRating(500, 3, 3)))
    assert view.refresh([500]) == set()
    view.put_pending(pending(1, SetRating(500, 3, 4)))
    assert view.refresh([500]) == {4, 5}


def test_folders_show_what_waits() -> None:
    view = view_with(NewFolder(-1, "Blues"), RenameFolder(-1, "Blues", "Soul"), DeleteFolder(EMPTY, "Empty"))
    assert [folder.name for folder in view.folders.values()] == ["All", "Uncategorized", "Jazz", "Rock", "Soul"]


def test_the_latest_change_of_a_thing_stays_the_latest_when_an_earlier_one_is_updated() -> None:
    view = view_with(SetRating(101, 2, 3), SetRating(101, 3, 4))
    view.put_pending(pending(1, SetRating(101, 2, 3), State.UNKNOWN))
    assert view.latest(SetRating(101, 0, 0)) == view.pending[2]
    view.drop_pending(2)
    assert view.latest(SetRating(101, 0, 0)) == view.pending[1]
    view.drop_pending(1)
    assert view.latest(SetRating(101, 0, 0)) is None


def test_the_snapshot_can_gain_and_lose_copies() -> None:
    view = view_with()
    view.put_snapshot(make_item(6, release_id=500))
    assert view.refresh([500]) == {6}
    assert set(view.copies(500)) == {4, 5, 6}
    for copy in (4, 5, 6):
        view.drop_snapshot(copy)
    assert view.refresh([500]) == {4, 5, 6}
    assert view.copies(500) == ()
    assert view.snapshot_copies(500) == ()


def test_a_copy_laid_over_takes_the_rating_of_the_others() -> None:
    items = {4: ITEMS[3]}
    lay_over(items, AddItem(make_item(-1, release_id=500)))
    assert items[-1].rating == 3


def test_clearing_a_note_leaves_no_empty_value() -> None:
    change = SetNote(1, 101, TEXT, "x", "")
    assert with_note({TEXT: "x", MEDIA: "y"}, change) == {MEDIA: "y"}
    assert with_note(None, change) == {}
    assert with_note({}, change) == {}
