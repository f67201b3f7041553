"""What waits: how edits become one, and what may be sent next."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discotui.errors import EditRefused
from discotui.library.edits import AddItem, Change, DeleteFolder, MoveItem, NewFolder, RemoveItem, SetNote, SetRating
from discotui.library.outbox import REMOVAL_REST_SECONDS, Pending, State, new_pending, next_to_send
from discotui.library.outgoing import FRESH_SECONDS
from tests.collection import EMPTY, JAZZ, ROCK, TEXT, Shelf, make_item


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


def pending(seq: int, change: Change, *, not_before: float = 0.0, state: State = State.WAITING) -> Pending:
    return Pending(seq, change, (seq,), state, not_before, None, 0.0)


# --- edits of one thing become one ------------------------------------------------------------------------


def test_a_to_b_to_c_is_a_to_c_in_the_first_ones_place(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    shelf.library.rate([2], 1)
    shelf.library.rate([1], 4)
    assert shelf.changes() == [SetRating(101, 2, 4), SetRating(102, 0, 1)]


def test_a_to_b_to_a_leaves_nothing(shelf: Shelf) -> None:
    shelf.library.move([1], ROCK)
    shelf.library.set_notes([1], {TEXT: "other"})
    shelf.library.move([1], JAZZ)
    shelf.library.set_notes([1], {TEXT: "first\npressing"})
    assert shelf.waiting() == []
    assert shelf.library.waiting_items() == frozenset()


def test_notes_of_different_fields_and_items_stay_apart(shelf: Shelf) -> None:
    shelf.library.set_notes([4, 5], {TEXT: "a", 99: "b"})
    assert len(shelf.waiting()) == 4


def test_moves_are_not_joined_across_a_folders_change(shelf: Shelf) -> None:
    shelf.library.move([1], ROCK)
    shelf.library.new_folder("Blues")
    blues = shelf.folder_id("Blues")
    shelf.library.move([1], blues)
    assert shelf.changes() == [
        MoveItem(1, 101, JAZZ, ROCK),
        NewFolder(blues, "Blues"),
        MoveItem(1, 101, ROCK, blues),
    ]
    shelf.library.move([1], EMPTY)
    assert shelf.changes()[-1] == MoveItem(1, 101, ROCK, EMPTY)
    assert len(shelf.waiting()) == 3


def test_ratings_and_notes_need_no_folder_and_are_joined_across_its_change(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    shelf.library.set_notes([2], {TEXT: "a"})
    shelf.library.new_folder("Blues")
    shelf.library.rate([1], 4)
    shelf.library.set_notes([2], {TEXT: "b"})
    assert shelf.changes()[:2] == [SetRating(101, 2, 4), SetNote(2, 102, TEXT, "", "b")]
    assert len(shelf.waiting()) == 3


def test_a_rating_is_not_joined_across_the_addition_of_a_copy(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    shelf.library.remove([1])
    shelf.library.add(make_item(0, release_id=101), ROCK)
    shelf.library.rate([shelf.new_id()], 4)
    assert shelf.item(shelf.new_id()).rating == 4
    shelf.library.undo()
    assert shelf.item(shelf.new_id()).rating == 0


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_what_is_on_its_way_is_never_touched(shelf: Shelf, state: State) -> None:
    shelf.library.rate([1], 3)
    first = shelf.begin()
    if state is State.UNKNOWN:
        shelf.library.outgoing.unknown(first.seq)
    shelf.library.rate([1], 4)
    shelf.library.rate([1], 2)
    assert shelf.changes() == [SetRating(101, 2, 3), SetRating(101, 3, 2)]
    assert shelf.waiting()[0].state is state
    assert shelf.item(1).rating == 2


def test_a_change_that_did_not_go_out_is_not_joined_with_one_made_after_a_later_one(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    first = shelf.begin()
    shelf.library.rate([1], 4)
    shelf.library.outgoing.not_sent(first.seq)
    shelf.library.rate([1], 5)
    assert shelf.item(1).rating == 5
    assert shelf.changes()[-1] == SetRating(101, 3, 5)
    assert [change.value for change in shelf.confirm_all() if isinstance(change, SetRating)] == [3, 5]


def test_added_and_removed_before_sending_leaves_nothing(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    new = shelf.new_id()
    shelf.library.rate([new], 4)
    shelf.library.set_notes([new], {TEXT: "a"})
    shelf.library.move([new], JAZZ)
    shelf.library.remove([new])
    assert shelf.waiting() == []
    assert shelf.library.item(new) is None


def test_removing_an_unsent_copy_keeps_what_waits_for_the_other_copies(shelf: Shelf) -> None:
    shelf.library.rate([4], 1)
    shelf.library.add(make_item(0, release_id=500), ROCK)
    shelf.library.remove([shelf.new_id()])
    assert shelf.changes() == [SetRating(500, 3, 1)]


def test_removing_an_unsent_copy_does_not_bring_back_a_removed_one(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.library.add(make_item(0, release_id=101), ROCK)
    shelf.library.remove([shelf.new_id()])
    assert shelf.library.copies(101) == []
    assert [type(change) for change in shelf.changes()] == [RemoveItem]


def test_an_addition_on_its_way_must_be_removed_at_discogs(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    new = shelf.new_id()
    shelf.begin()
    shelf.library.remove([new])
    assert [type(change) for change in shelf.changes()] == [AddItem, RemoveItem]


def test_a_folder_made_and_deleted_before_sending_leaves_nothing(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    shelf.library.rename_folder(shelf.folder_id("Blues"), "Soul")
    shelf.library.delete_folder(shelf.folder_id("Soul"))
    assert shelf.waiting() == []
    assert "Soul" not in shelf.folder_names()


def test_a_new_folder_that_waiting_moves_need_is_made_before_it_is_deleted(shelf: Shelf) -> None:
    shelf.library.new_folder("Blues")
    blues = shelf.folder_id("Blues")
    shelf.library.move([1], blues)
    shelf.library.new_folder("Soul")
    shelf.library.move([1], JAZZ)
    shelf.library.delete_folder(blues)
    assert [type(change) for change in shelf.changes()] == [NewFolder, MoveItem, NewFolder, MoveItem, DeleteFolder]


# --- what goes next ---------------------------------------------------------------------------------------


def test_a_removal_rests_before_it_is_sent(shelf: Shelf) -> None:
    shelf.library.remove([1])
    start = shelf.clock.now
    assert shelf.library.outgoing.next() == (None, start + REMOVAL_REST_SECONDS)
    shelf.clock.now = start + REMOVAL_REST_SECONDS - 0.01
    assert shelf.library.outgoing.next()[0] is None
    shelf.clock.now = start + REMOVAL_REST_SECONDS
    entry, _ = shelf.library.outgoing.next()
    assert entry is not None
    assert isinstance(entry.change, RemoveItem)


def test_a_removal_goes_on_resting_after_a_restart(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.restart()
    assert shelf.library.outgoing.next() == (None, shelf.clock.now + REMOVAL_REST_SECONDS)


def rests(shelf: Shelf) -> list[float]:
    """For how long each change must still wait."""
    return [max(0.0, entry.not_before - shelf.clock.now) for entry in shelf.waiting()]


def test_removals_can_be_sent_without_their_rest(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.library.remove([2])
    assert shelf.library.outgoing.next()[0] is None
    shelf.library.edited.clear()

    shelf.library.outgoing.send_at_once()

    assert shelf.library.edited.is_set()
    assert rests(shelf) == [0, 0]
    assert [type(change) for change in shelf.confirm_all()] == [RemoveItem, RemoveItem]


def test_only_removals_that_were_not_tried_yet_go_without_a_rest(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.library.remove([2])
    shelf.library.remove([3])
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.clock.now += REMOVAL_REST_SECONDS
    failed, lost, _, added = shelf.waiting()
    shelf.library.outgoing.begin(failed.seq)
    shelf.library.outgoing.not_sent(failed.seq, not_before=shelf.clock.now + 30)
    shelf.library.outgoing.begin(lost.seq)
    shelf.library.outgoing.unknown(lost.seq, not_before=shelf.clock.now + 3)
    shelf.library.outgoing.begin(added.seq)
    shelf.library.outgoing.unknown(added.seq, not_before=shelf.clock.now + 60)

    shelf.library.outgoing.send_at_once()

    assert rests(shelf) == [30, 3, 0, 60]


def test_what_was_not_sent_at_once_rests_for_what_is_left_of_its_time(shelf: Shelf) -> None:
    shelf.library.remove([1])
    shelf.clock.now += 4
    shelf.library.remove([2])
    before = shelf.waiting()
    assert [entry.not_before for entry in shelf.library.outgoing.waiting(at_once=True)] == [0, 0]
    assert shelf.library.outgoing.waiting() == before
    shelf.library.outgoing.send_at_once()
    shelf.library.outgoing.rest_again()
    assert shelf.waiting() == before
    assert shelf.library.outgoing.next() == (None, shelf.clock.now + REMOVAL_REST_SECONDS - 4)

    shelf.library.outgoing.send_at_once()
    shelf.confirm_next()
    shelf.library.outgoing.rest_again()
    assert rests(shelf) == [REMOVAL_REST_SECONDS]


def test_releases_do_not_wait_for_each_other_but_changes_of_one_do() -> None:
    removal = pending(1, RemoveItem(make_item(1, release_id=7)), not_before=20.0)
    same = pending(2, SetRating(7, 0, 1))
    other = pending(3, SetRating(8, 0, 1))
    assert next_to_send([removal, same, other], 10.0) == (other, None)
    assert next_to_send([removal, same], 10.0) == (None, 20.0)
    assert next_to_send([removal, same, other], 20.0) == (removal, None)


def test_the_earliest_rest_decides_when_to_look_again() -> None:
    late = pending(1, RemoveItem(make_item(1)), not_before=30.0)
    early = pending(2, RemoveItem(make_item(2)), not_before=20.0)
    assert next_to_send([late, early], 10.0) == (None, 20.0)
    assert next_to_send([], 10.0) == (None, None)


def test_a_folders_deletion_waits_for_everything_before_it() -> None:
    removal = pending(1, RemoveItem(make_item(1)), not_before=20.0)
    folder = pending(2, DeleteFolder(JAZZ, "Jazz"))
    assert next_to_send([removal, folder], 10.0) == (None, 20.0)
    assert next_to_send([folder], 10.0) == (folder, None)


def test_everything_after_a_folders_change_waits_for_it() -> None:
    folder = pending(1, NewFolder(-1, "Blues"), not_before=20.0, state=State.UNKNOWN)
    move = pending(2, MoveItem(1, 101, JAZZ, -1))
    assert next_to_send([folder, move], 10.0) == (None, 20.0)


def test_a_new_folder_need_not_wait_for_a_resting_removal_but_what_follows_waits_for_the_folder() -> None:
    removal = pending(1, RemoveItem(make_item(1)), not_before=20.0)
    move = pending(3, MoveItem(2, 102, JAZZ, -1))
    folder = pending(2, NewFolder(-1, "Blues"))
    assert next_to_send([removal, folder, move], 10.0) == (folder, None)
    late = pending(2, NewFolder(-1, "Blues"), not_before=15.0, state=State.UNKNOWN)
    assert next_to_send([removal, late, move], 10.0) == (None, 15.0)


def test_a_change_that_was_taken_back_meanwhile_is_not_sent(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    entry, _ = shelf.library.outgoing.next()
    assert entry is not None
    shelf.library.undo()
    assert shelf.library.outgoing.begin(entry.seq) is None


def test_a_change_is_sent_as_it_is_at_the_last_moment(shelf: Shelf) -> None:
    shelf.library.set_notes([2], {TEXT: "a"})
    entry, _ = shelf.library.outgoing.next()
    assert entry is not None
    shelf.library.set_notes([2], {TEXT: "ab"})
    begun = shelf.library.outgoing.begin(entry.seq)
    assert begun is not None
    assert begun.change == SetNote(2, 102, TEXT, "", "ab")


def test_what_was_on_its_way_when_the_program_died_has_an_unknown_outcome(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    entry, _ = shelf.library.outgoing.next()
    assert entry is not None
    shelf.library.outgoing.noted(entry.seq, [7, 8])
    shelf.begin()
    shelf.restart()
    again, _ = shelf.library.outgoing.next()
    assert again is not None
    assert (again.state, again.seen) == (State.UNKNOWN, (7, 8))


def test_checks_of_an_unknown_outcome_are_counted_across_a_restart(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    entry = shelf.begin()
    shelf.library.outgoing.unknown(entry.seq, not_before=shelf.clock.now + 60, checks=1)
    shelf.restart()
    assert shelf.library.outgoing.next() == (None, shelf.clock.now + 60)
    shelf.clock.now += 60
    again, _ = shelf.library.outgoing.next()
    assert again is not None
    assert again.checks == 1


def test_numbers_of_the_outbox_are_never_used_twice(shelf: Shelf) -> None:
    shelf.library.rate([1], 3)
    first = shelf.waiting()[0].seq
    shelf.library.undo()
    shelf.restart()
    shelf.library.rate([1], 3)
    assert shelf.waiting()[0].seq > first


# --- with thousands ---------------------------------------------------------------------------------------


def test_a_change_that_was_just_made_is_like_any_other() -> None:
    change = SetRating(101, 2, 5)
    made = new_pending(7, change, (3,), 1.5, 2.5)
    assert made == Pending(7, change, (3,), State.WAITING, 1.5, None, 2.5)
    assert type(made) is Pending


COUNT = 8
acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["rate", "note", "move", "remove", "add", "read", "send", "fail", "folder", "conflict", "wait"]
        ),
        st.integers(1, COUNT),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(acts)
def test_what_goes_next_is_what_may_go_whether_all_was_looked_at_or_not(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    items = [make_item(number, release_id=100 + number % 6) for number in range(1, COUNT + 1)]
    shelf = Shelf(tmp_path_factory.mktemp("next") / "library.sqlite", items)
    shelf.clock.now += FRESH_SECONDS * 2
    for act, number in acts:
        with suppress(EditRefused):
            do(shelf, act, number)
        outgoing, core = shelf.library.outgoing, shelf.library._core
        entry, wake = outgoing.next()
        in_order = list(core.view.pending.values())
        may_go = {
            each.seq for each in in_order if next_to_send(in_order, shelf.clock.now, is_known=each.__eq__)[0] == each
        }
        expected, expected_wake = next_to_send(in_order, shelf.clock.now, is_known=outgoing.is_known)
        assert wake == expected_wake
        assert (entry is None) is (expected is None)
        if entry is not None and expected is not None:
            assert entry.seq in may_go
            assert outgoing.is_known(entry) is outgoing.is_known(expected)
    shelf.library.close()


def do(shelf: Shelf, act: str, number: int) -> None:
    """Something that has a say in what goes next."""
    library, there = shelf.library, shelf.library.outgoing.at_discogs(number)
    entry, _ = library.outgoing.next()
    match act:
        case "rate":
            library.rate([number], number % 6)
        case "note":
            library.set_notes([number], {TEXT: f"{shelf.clock.now}"})
        case "move":
            library.move([number], ROCK if number % 2 else EMPTY)
        case "remove":
            library.remove([number])
        case "add":
            library.add(make_item(0, release_id=100 + number), ROCK)
        case "read" if there:
            library.incoming.merge([there])
        case "send" if entry:
            shelf.confirm_next()
        case "fail" if entry and library.outgoing.begin(entry.seq):
            library.outgoing.not_sent(entry.seq, not_before=shelf.clock.now + 10 * number)
        case "folder":
            library.new_folder(f"{shelf.clock.now}")
        case "conflict" if there:
            library.incoming.merge([make_item(number, release_id=there.release_id, rating=5, notes={TEXT: "theirs"})])
        case "wait":
            shelf.clock.now += 30 * number
