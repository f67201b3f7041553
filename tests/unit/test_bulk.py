"""Edits of many items: kept in slices, undone as one, cancelled, and followed on their way to Discogs."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discotui.errors import EditRefused, LibraryUnwritable, NotATextField, NothingToChange, ReadOnly, UnknownItem
from discotui.library.done import Done
from discotui.library.edits import AddItem, MoveItem, RemoveItem, SetNote, SetRating
from discotui.library.intentions import AppendNote, Intention, Move, Rate, Remove, SetNotes
from discotui.library.items import Item
from discotui.library.library import Library
from discotui.library.outbox import Pending, State
from discotui.library.slicing import Steps, finish
from discotui.library.view import View
from discotui.ui import wording
from tests.collection import EMPTY, FOLDERS, JAZZ, MEDIA, ROCK, TEXT, Shelf, make_item

SLICE = 4
"""So that a few items are many. Removals are kept by two."""
COUNT = 10
MANY = [
    # Two copies of one release come late.
    *(
        make_item(number, rating=number % 3, notes={TEXT: f"note {number}"} if number % 2 else {})
        for number in range(1, 9)
    ),
    make_item(9, release_id=500, rating=2),
    make_item(10, release_id=500, rating=2, folder_id=ROCK),
]
ALL = range(1, COUNT + 1)
INTENTIONS: dict[str, Intention] = {
    "rate": Rate(5),
    "move": Move(EMPTY),
    "note": SetNotes({TEXT: "other", MEDIA: "Mint (M)"}),
    "append": AppendNote(TEXT, "sold"),
    "remove": Remove(),
}


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.library.carrying.SLICE", SLICE)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "library.sqlite", MANY)
    yield made
    made.library.close()


def steps_of(shelf: Shelf, intention: Intention, ids: object = ALL) -> Steps[Done]:
    """Begin an edit of all items."""
    library = shelf.library
    return library.carry_out(library.plan(intention, ids))  # type: ignore[arg-type]


def slices_of(steps: Steps[Done]) -> int:
    """Do all of it. Returns how many slices it took."""
    return 1 + sum(1 for _ in steps)


def do_some(steps: Steps[Done], slices: int) -> None:
    """Do some slices, and leave it at that."""
    for _ in range(slices):
        next(steps)
    steps.close()


def die(shelf: Shelf) -> None:
    """The program ends as it stands; another one opens the file."""
    shelf.library = Library(shelf.path, clock=shelf.clock)


def content(shelf: Shelf) -> list[tuple[object, ...]]:
    """What is shown, apart from ids that are given anew."""
    items = shelf.library.items()
    return sorted(
        (item.release_id, item.folder_id, item.rating, sorted((item.notes or {}).items()), item.title) for item in items
    )


def check(shelf: Shelf) -> None:
    """What is shown is the snapshot with the outbox laid over it, and memory is as the file is."""
    core = shelf.library._core
    store, view = core.store, core.view
    outbox = store.outbox()
    fresh = View(store.items(), store.folders(), outbox)
    assert view.pending == {entry.seq: entry for entry in outbox}
    assert list(view.pending) == sorted(view.pending)
    assert view.items == fresh.items
    assert view.folders == fresh.folders
    assert +view.states == Counter(entry.state for entry in outbox)
    assert view.marks.waiting == fresh.marks.waiting == marked(view, outbox)
    assert view.marks.in_conflict == marked(view, [entry for entry in outbox if entry.state is State.CONFLICT])


def marked(view: View, entries: list[Pending]) -> frozenset[int]:
    """Which shown items some changes are about, looked up one by one."""
    found: set[int] = set()
    for entry in entries:
        match entry.change:
            case SetRating(release_id=release_id):
                found |= {item.instance_id for item in view.items.values() if item.release_id == release_id}
            case MoveItem() | SetNote() | AddItem():
                found.add(entry.change.instance_id)
    return frozenset(found & view.items.keys())


# --- planning ---------------------------------------------------------------------------------------------


def test_a_plan_keeps_nothing(shelf: Shelf) -> None:
    before = content(shelf)
    edit = shelf.library.plan(Rate(5), ALL)
    assert edit.verb == "rate"
    assert len(edit.changes) == COUNT - 1, "two copies are one release"
    assert content(shelf) == before
    assert shelf.waiting() == []
    with pytest.raises(NothingToChange):
        shelf.library.undo()


@pytest.mark.parametrize("name", INTENTIONS)
def test_what_is_so_already_is_not_planned(shelf: Shelf, name: str) -> None:
    finish(steps_of(shelf, INTENTIONS[name]))
    if name == "append":
        assert len(shelf.library.plan(INTENTIONS[name], ALL).changes) == COUNT, "a text can be added again"
    else:
        with pytest.raises(UnknownItem if name == "remove" else NothingToChange):
            shelf.library.plan(INTENTIONS[name], ALL)


@pytest.mark.parametrize("name", INTENTIONS)
def test_planning_in_slices_comes_to_the_same(shelf: Shelf, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.library.carrying._PLANNED_AT_ONCE", 3)
    shelf.library.rate([4, 5, 6], 5)
    ids = [10, *ALL, 77, 1]
    steps = shelf.library.planning(INTENTIONS[name], ids)
    next(steps)
    assert finish(steps) == shelf.library.plan(INTENTIONS[name], ids)


def test_planning_in_slices_refuses_as_planning_does(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.library.carrying._PLANNED_AT_ONCE", 3)
    shelf.library.rate(ALL, 5)
    with pytest.raises(NothingToChange):
        finish(shelf.library.planning(Rate(5), ALL))
    with pytest.raises(UnknownItem):
        finish(shelf.library.planning(Rate(5), range(70, 80)))
    with pytest.raises(NotATextField):
        finish(shelf.library.planning(AppendNote(MEDIA, "x"), ALL))


def test_a_text_is_added_on_a_line_of_its_own_where_there_is_something(shelf: Shelf) -> None:
    finish(steps_of(shelf, AppendNote(TEXT, "sold")))
    assert shelf.item(1).note(TEXT) == "note 1\nsold"
    assert shelf.item(2).note(TEXT) == "sold"


def test_nothing_can_be_added_to_one_of_several_choices(shelf: Shelf) -> None:
    with pytest.raises(NotATextField) as caught:
        shelf.library.plan(AppendNote(MEDIA, "x"), ALL)
    assert wording.explain(caught.value) == "Media Condition takes one of its choices: nothing can be added to it."
    with pytest.raises(NothingToChange):
        shelf.library.plan(AppendNote(TEXT, ""), ALL)


def test_who_may_only_look_can_neither_plan_nor_carry_out(shelf: Shelf) -> None:
    edit = shelf.library.plan(Rate(5), ALL)
    looking = Library(shelf.path, writes=False)
    refused: list[Callable[[], object]] = [
        lambda: looking.plan(Rate(5), ALL),
        lambda: looking.carry_out(edit),
        looking.undoing,
        looking.redoing,
        lambda: looking.cancelling(1),
    ]
    for act in refused:
        with pytest.raises(ReadOnly):
            act()
    looking.close()


# --- slices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INTENTIONS)
def test_a_large_edit_is_done_in_slices_and_undone_and_done_again_as_one(shelf: Shelf, name: str) -> None:
    before = content(shelf)
    edit = shelf.library.plan(INTENTIONS[name], ALL)
    size = SLICE // 2 if name == "remove" else SLICE
    slices = -(-len(edit.changes) // size)
    assert slices_of(shelf.library.carry_out(edit)) == slices
    after = content(shelf)
    assert after != before
    check(shelf)
    for restarts in (False, True):
        assert slices_of(shelf.library.undoing()) == slices
        assert content(shelf) == before
        assert shelf.waiting() == []
        check(shelf)
        with pytest.raises(NothingToChange):
            shelf.library.undo()
        if restarts:
            shelf.restart()
        assert slices_of(shelf.library.redoing()) == slices
        assert content(shelf) == after
        check(shelf)
        with pytest.raises(NothingToChange):
            shelf.library.redo()


@pytest.mark.parametrize("name", INTENTIONS)
def test_a_large_edit_that_was_sent_is_undone_and_done_again_as_one(shelf: Shelf, name: str) -> None:
    before = content(shelf)
    done = finish(steps_of(shelf, INTENTIONS[name]))
    after = content(shelf)
    shelf.confirm_all()
    undone = finish(shelf.library.undoing())
    assert (undone.count, undone.skipped, undone.step_id) == (done.count, 0, done.step_id)
    assert undone.added_again == (COUNT if name == "remove" else 0)
    assert content(shelf) == before
    check(shelf)
    shelf.confirm_all()
    redone = finish(shelf.library.redoing())
    assert redone.count == done.count
    assert content(shelf) == after
    check(shelf)


@pytest.mark.parametrize("name", INTENTIONS)
def test_what_is_told_of_a_large_edit_is_what_is_told_of_a_small_one(
    shelf: Shelf, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = finish(steps_of(shelf, INTENTIONS[name]))
    shelf.library.undo()
    monkeypatch.setattr("discotui.library.carrying.SLICE", 1000)
    small = finish(steps_of(shelf, INTENTIONS[name]))
    assert (large.verb, large.count, large.changes, large.skipped) == (small.verb, small.count, small.changes, 0)
    assert 0 < large.step_id < small.step_id


def test_each_change_is_looked_at_again_in_its_turn(shelf: Shelf) -> None:
    steps = steps_of(shelf, Rate(5))
    next(steps)
    shelf.library.rate([6], 5)
    shelf.library.rate([7], 3)
    shelf.library.remove([8])
    done = finish(steps)
    assert (done.count, done.skipped) == (COUNT - 3, 2)
    shelf.library.undo()
    assert {number: shelf.item(number).rating for number in (5, 6, 7)} == {5: 2, 6: 5, 7: 3}
    check(shelf)


def test_a_text_is_added_to_what_stands_there_by_then(shelf: Shelf) -> None:
    steps = steps_of(shelf, AppendNote(TEXT, "sold"))
    next(steps)
    shelf.library.set_notes([9], {TEXT: "typed meanwhile"})
    finish(steps)
    assert shelf.item(9).note(TEXT) == "typed meanwhile\nsold"
    shelf.library.undo()
    assert shelf.item(9).note(TEXT) == "typed meanwhile"


def test_a_folder_that_is_deleted_meanwhile_gets_nothing_more(shelf: Shelf) -> None:
    steps = steps_of(shelf, Move(EMPTY))
    next(steps)
    shelf.library.move(range(1, 5), JAZZ)
    shelf.library.delete_folder(EMPTY)
    done = finish(steps)
    assert (done.count, done.skipped) == (SLICE, COUNT - SLICE)
    assert all(item.folder_id != EMPTY for item in shelf.library.items())


def test_an_item_that_gets_its_number_meanwhile_is_edited_by_that(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    new = shelf.new_id()
    steps = steps_of(shelf, Rate(5), [*ALL, new])
    next(steps)
    assert isinstance(shelf.confirm_next(), AddItem)
    done = finish(steps)
    assert done.skipped == 0
    assert shelf.item(9001).rating == 5
    progress = shelf.library.progress(done.step_id)
    assert progress is not None
    assert progress.items == {*ALL, 9001}


def test_when_nothing_is_left_of_an_edit_there_is_nothing_to_undo(shelf: Shelf) -> None:
    edit = shelf.library.plan(Rate(5), [1, 2])
    shelf.library.rate([1, 2], 5)
    shelf.confirm_all()
    done = finish(shelf.library.carry_out(edit))
    assert (done.count, done.skipped, done.step_id) == (0, 2, 0)
    assert shelf.library.undo().count == 2
    with pytest.raises(NothingToChange):
        shelf.library.undo()


def test_it_ends_when_it_is_taken_back_in_the_middle(shelf: Shelf) -> None:
    for take_back in (shelf.library.undo, lambda: shelf.library.cancel(2)):
        before = content(shelf)
        steps = steps_of(shelf, Rate(5))
        next(steps)
        take_back()
        done = finish(steps)
        assert (done.count, done.skipped) == (SLICE, COUNT - 1 - SLICE)
        assert content(shelf) == before
        assert shelf.waiting() == []


# --- the end in the middle --------------------------------------------------------------------------------


@pytest.mark.parametrize("dies", [False, True])
@pytest.mark.parametrize("name", INTENTIONS)
def test_what_was_kept_of_an_edit_left_off_is_what_is_undone_and_done_again(
    shelf: Shelf, name: str, dies: bool
) -> None:
    before = content(shelf)
    do_some(steps_of(shelf, INTENTIONS[name]), 2)
    half = content(shelf)
    assert half != before
    for _ in range(2):
        if dies:
            die(shelf)
        assert content(shelf) == half
        check(shelf)
        undone = finish(shelf.library.undoing())
        assert (undone.count, undone.skipped) == (4 if name in ("remove", "note") else 8, 0)
        assert content(shelf) == before
        if dies:
            die(shelf)
        assert content(shelf) == before
        finish(shelf.library.redoing())
    assert content(shelf) == half
    check(shelf)


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("name", INTENTIONS)
def test_an_undoing_left_off_goes_on_where_it_was(shelf: Shelf, name: str, is_sent: bool) -> None:
    before = content(shelf)
    finish(steps_of(shelf, INTENTIONS[name]))
    after = content(shelf)
    if is_sent:
        shelf.confirm_all()
    do_some(shelf.library.undoing(), 1)
    half = content(shelf)
    assert half not in (before, after)
    die(shelf)
    assert content(shelf) == half
    check(shelf)
    finish(shelf.library.redoing())
    assert content(shelf) == after
    do_some(shelf.library.undoing(), 1)
    die(shelf)
    finish(shelf.library.undoing())
    assert content(shelf) == before
    check(shelf)
    do_some(shelf.library.redoing(), 1)
    die(shelf)
    finish(shelf.library.redoing())
    assert content(shelf) == after
    check(shelf)


def test_what_is_done_between_two_slices_of_an_undoing_ends_redo(shelf: Shelf) -> None:
    before = content(shelf)
    finish(steps_of(shelf, Rate(5)))
    steps = shelf.library.undoing()
    next(steps)
    shelf.library.set_notes([1], {TEXT: "x"})
    finish(steps)
    with pytest.raises(NothingToChange):
        shelf.library.redo()
    shelf.library.undo()
    assert content(shelf) == before


def test_a_slice_that_cannot_be_kept_leaves_those_before_it(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(shelf)
    steps = steps_of(shelf, Rate(5))
    next(steps)
    half = content(shelf)

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(shelf.library._core.store, "add_pending", fails)
    with pytest.raises(LibraryUnwritable):
        next(steps)
    monkeypatch.undo()
    assert content(shelf) == half
    check(shelf)
    shelf.library.undo()
    assert content(shelf) == before


# --- cancelling -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INTENTIONS)
def test_cancelling_before_anything_is_sent_leaves_nothing_to_undo(shelf: Shelf, name: str) -> None:
    before = content(shelf)
    done = finish(steps_of(shelf, INTENTIONS[name]))
    cancelled = finish(shelf.library.cancelling(done.step_id))
    assert (cancelled.verb, cancelled.count, cancelled.skipped) == (done.verb, done.count, 0)
    assert cancelled.changes.items == done.changes.items
    assert content(shelf) == before
    assert shelf.waiting() == []
    check(shelf)
    assert shelf.library.progress(done.step_id) is None
    with pytest.raises(NothingToChange):
        shelf.library.undo()
    with pytest.raises(NothingToChange):
        shelf.library.cancel(done.step_id)


@pytest.mark.parametrize("name", INTENTIONS)
def test_what_was_sent_stays_and_is_what_undo_takes_back(shelf: Shelf, name: str) -> None:
    before = content(shelf)
    done = finish(steps_of(shelf, INTENTIONS[name]))
    sent = [shelf.confirm_next() for _ in range(3)]
    steps = shelf.library.cancelling(done.step_id)
    next(steps)
    under_way = shelf.begin()
    cancelled = finish(steps)
    assert cancelled.skipped == len(sent) + 1
    assert [entry.seq for entry in shelf.waiting()] == [under_way.seq]
    progress = shelf.library.progress(done.step_id)
    assert progress is not None
    assert (progress.total, progress.sent, progress.waiting, progress.under_way) == (4, 3, 1, 1)
    shelf.library.outgoing.confirm(under_way.seq)
    check(shelf)
    undone = shelf.library.undo()
    assert undone.skipped == 0
    assert len(shelf.waiting()) >= 4
    shelf.confirm_all()
    assert content(shelf) == before


def test_what_waited_before_comes_back(shelf: Shelf) -> None:
    shelf.library.rate([1, 6], 4)
    shelf.library.move([2], ROCK)
    before, waiting = content(shelf), shelf.changes()
    done = finish(steps_of(shelf, Rate(5)))
    assert len(shelf.waiting()) == COUNT
    shelf.library.cancel(done.step_id)
    assert content(shelf) == before
    assert shelf.changes() == waiting
    check(shelf)
    shelf.library.undo()
    assert shelf.changes() == waiting[:-1]


def test_a_folder_that_was_made_since_does_not_keep_moves_from_being_cancelled(shelf: Shelf) -> None:
    shelf.library.move([3], ROCK)
    before = content(shelf)
    done = finish(steps_of(shelf, Move(EMPTY)))
    shelf.library.new_folder("Blues")
    cancelled = shelf.library.cancel(done.step_id)
    assert cancelled.skipped == 0
    assert content(shelf) == before
    assert len(shelf.waiting()) == 2
    check(shelf)


def test_moves_out_of_a_folder_that_goes_are_not_cancelled(shelf: Shelf) -> None:
    done = finish(steps_of(shelf, Move(EMPTY)))
    shelf.library.delete_folder(ROCK)
    cancelled = shelf.library.cancel(done.step_id)
    assert (cancelled.count, cancelled.skipped) == (COUNT - 1, 1)
    assert shelf.item(10).folder_id == EMPTY
    check(shelf)


def test_what_was_changed_since_stays(shelf: Shelf) -> None:
    done = finish(steps_of(shelf, Rate(5)))
    shelf.library.rate([1], 3)
    cancelled = shelf.library.cancel(done.step_id)
    assert (cancelled.count, cancelled.skipped) == (COUNT - 2, 1)
    assert shelf.changes() == [SetRating(101, 1, 3)]
    shelf.library.undo()
    assert shelf.item(1).rating == 5
    shelf.library.undo()
    assert shelf.item(1).rating == 1
    assert shelf.waiting() == []


def test_a_conflict_is_cancelled_and_kept_in_the_history(shelf: Shelf) -> None:
    done = finish(steps_of(shelf, SetNotes({TEXT: "mine"})))
    shelf.library.incoming.merge([make_item(1, rating=1, notes={TEXT: "theirs"})])
    assert shelf.library.conflict_items() == {1}
    shelf.library.cancel(done.step_id)
    assert shelf.item(1).note(TEXT) == "theirs"
    assert shelf.waiting() == []
    assert [past.change for past in shelf.library.deciding.history()] == [SetNote(1, 101, TEXT, "note 1", "mine")]
    check(shelf)


def test_additions_and_folders_are_cancelled_too(shelf: Shelf) -> None:
    shelf.library.remove(ALL)
    shelf.confirm_all()
    restored = shelf.library.restore(ALL)
    finish(shelf.library.cancelling(restored.step_id))
    assert shelf.library.items() == []
    made = shelf.library.new_folder("Blues")
    shelf.library.cancel(made.step_id)
    gone = shelf.library.delete_folder(EMPTY)
    shelf.library.cancel(gone.step_id)
    assert sorted(shelf.folder_names()) == sorted(folder.name for folder in FOLDERS)
    assert shelf.waiting() == []
    check(shelf)


def test_what_was_undone_or_never_was_cannot_be_cancelled(shelf: Shelf) -> None:
    done = finish(steps_of(shelf, Rate(5)))
    shelf.library.undo()
    for step_id in (done.step_id, 77):
        with pytest.raises(NothingToChange):
            shelf.library.cancel(step_id)
    shelf.library.redo()
    assert len(shelf.waiting()) == COUNT - 1


# --- how far it is ----------------------------------------------------------------------------------------


def test_progress_counts_what_waits_what_was_sent_and_what_is_in_the_way(shelf: Shelf) -> None:
    done = finish(steps_of(shelf, SetNotes({TEXT: "mine"})))
    shelf.library.incoming.merge([make_item(7, rating=1, notes={TEXT: "theirs"})])
    shelf.confirm_next()
    shelf.refuse_next()
    shelf.begin()
    for dies in (False, True):
        if dies:
            die(shelf)
        progress = shelf.library.progress(done.step_id)
        assert progress is not None
        assert (progress.verb, progress.total) == ("note", COUNT)
        assert (progress.sent, progress.refused, progress.in_conflict) == (1, (2,), 1)
        assert (progress.waiting, progress.under_way) == (7, 1)
        assert progress.items == set(ALL)
        assert shelf.library.edits_under_way(6) == {done.step_id: progress}
        assert shelf.library.edits_under_way(10) == {}


def test_progress_knows_an_edit_by_any_of_its_parts(shelf: Shelf) -> None:
    done = finish(steps_of(shelf, Rate(5)))
    last = shelf.waiting()[-1].steps[0]
    assert last != done.step_id
    assert shelf.library.progress(last) == shelf.library.progress(done.step_id)
    assert shelf.library.progress(77) is None


def test_progress_asked_for_between_two_slices_does_not_stay_at_the_items_of_the_first(shelf: Shelf) -> None:
    steps = steps_of(shelf, Rate(5))
    next(steps)
    (between,) = shelf.library.edits_under_way(0).values()
    assert len(between.items) < COUNT
    for _ in steps:
        pass
    (after,) = shelf.library.edits_under_way(0).values()
    assert len(after.items) == COUNT


def test_a_refused_rating_names_all_copies(shelf: Shelf) -> None:
    done = shelf.library.rate([9], 5)
    shelf.refuse_next()
    progress = shelf.library.progress(done.step_id)
    assert progress is not None
    assert (progress.total, progress.refused) == (1, (9, 10))
    assert progress.items == {9, 10}


def test_an_undoing_has_a_progress_of_its_own_even_after_further_edits(shelf: Shelf) -> None:
    finish(steps_of(shelf, Rate(5)))
    shelf.confirm_all()
    undone = finish(shelf.library.undoing())
    shelf.library.set_notes([1], {TEXT: "x"})
    shelf.confirm_next()
    progress = shelf.library.progress(undone.step_id)
    assert progress is not None
    assert (progress.total, progress.sent, progress.waiting) == (COUNT - 1, 1, COUNT - 2)
    assert (progress.is_undoing, progress.redos) == (True, 0), "what was edited since ended redo"


def test_progress_knows_an_undoing_and_how_often_redo_is_done_until_it_is_stopped(shelf: Shelf) -> None:
    first = finish(steps_of(shelf, Rate(5))).step_id
    second = finish(steps_of(shelf, SetNotes({TEXT: "mine"}))).step_id
    shelf.confirm_all()
    redos = {first: [], second: []}  # type: dict[int, list[tuple[bool, int]]]
    for travel in (None, shelf.library.undoing, shelf.library.undoing, shelf.library.redoing, shelf.library.redoing):
        if travel is not None:
            finish(travel())
        for step_id, found in redos.items():
            progress = shelf.library.progress(step_id)
            found.append((progress.is_undoing, progress.redos) if progress is not None else (False, 0))
    assert redos[first] == [(False, 0), (False, 0), (True, 1), (False, 0), (False, 0)]
    assert redos[second] == [(False, 0), (True, 1), (True, 2), (True, 1), (False, 0)]


@pytest.mark.parametrize("name", INTENTIONS)
def test_an_undoing_that_cannot_be_done_again_is_still_known_for_what_it_is_after_a_restart(
    shelf: Shelf, name: str
) -> None:
    shelf.library.new_folder("Blues")
    done = finish(steps_of(shelf, INTENTIONS[name]))
    shelf.confirm_all()
    finish(shelf.library.undoing())
    shelf.library.rename_folder(EMPTY, "Other")
    die(shelf)
    progress = shelf.library.progress(done.step_id)
    assert progress is not None
    assert (progress.verb, progress.is_undoing, progress.redos) == (done.verb, True, 0)
    assert len(progress.items) == COUNT


def test_an_edit_that_was_declined_whole_is_no_undoing(shelf: Shelf) -> None:
    done = shelf.library.rate([9], 5)
    shelf.refuse_next()
    progress = shelf.library.progress(done.step_id)
    assert progress is not None
    assert not progress.is_undoing
    done = shelf.library.rate([9], 4)
    shelf.confirm_all()
    shelf.library.undo()
    assert shelf.library.progress(done.step_id) is not None
    shelf.refuse_next()
    progress = shelf.library.progress(done.step_id)
    assert progress is not None
    assert progress.is_undoing


# --- anything in any order --------------------------------------------------------------------------------

numbers = st.integers(1, COUNT)
intentions = st.one_of(
    st.builds(Rate, st.integers(0, 5)),
    st.builds(Move, st.sampled_from([1, JAZZ, ROCK, EMPTY])),
    st.builds(SetNotes, st.dictionaries(st.just(TEXT), st.sampled_from(["", "a", "b"]), min_size=1)),
    st.builds(AppendNote, st.just(TEXT), st.sampled_from(["c", "d"])),
    st.just(Remove()),
)
between = st.lists(
    st.tuples(st.sampled_from(["edit", "confirm", "refuse", "read", "undo", "redo", "cancel"]), intentions, numbers),
    max_size=4,
)


def meddle(shelf: Shelf, what: str, intention: Intention, number: int) -> None:
    """Something that happens between two slices."""
    library = shelf.library
    try:
        match what:
            case "edit":
                finish(library.carry_out(library.plan(intention, [number, number % COUNT + 1])))
            case "confirm" if library.outgoing.next()[0]:
                shelf.confirm_next()
            case "refuse" if library.outgoing.next()[0]:
                shelf.refuse_next()
            case "read":
                read = make_item(number, rating=number % 6, notes={TEXT: "theirs"}, folder_id=ROCK)
                library.incoming.merge([read] if number < 9 and library.outgoing.at_discogs(number) else [])
            case "undo":
                library.undo()
            case "redo":
                library.redo()
            case "cancel":
                library.cancel(number)
    except EditRefused:
        pass


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=intentions, others=st.lists(between, max_size=5), size=st.integers(2, 5), before=between)
def test_whatever_happens_between_slices_what_is_shown_is_what_was_read_and_what_waits(
    tmp_path_factory: pytest.TempPathFactory,
    first: Intention,
    others: list[list[tuple[str, Intention, int]]],
    size: int,
    before: list[tuple[str, Intention, int]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("discotui.library.carrying.SLICE", size)
        shelf = Shelf(tmp_path_factory.mktemp("bulk") / "library.sqlite", MANY)
        for each in before:
            meddle(shelf, *each)
        try:
            steps = steps_of(shelf, first)
        except EditRefused:
            shelf.library.close()
            return
        slices = iter(others)
        for _ in steps:
            check(shelf)
            for each in next(slices, []):
                meddle(shelf, *each)
                check(shelf)
        check(shelf)
        for travel in (shelf.library.undoing, shelf.library.redoing, shelf.library.undoing):
            try:
                for _ in travel():
                    check(shelf)
                    for each in next(slices, []):
                        meddle(shelf, *each)
            except EditRefused:
                continue
            check(shelf)
        shelf.library.close()


@settings(max_examples=60, deadline=None)
@given(first=intentions, before=between, size=st.integers(1, 5))
def test_in_slices_comes_to_the_same_as_at_once(
    tmp_path_factory: pytest.TempPathFactory, first: Intention, before: list[tuple[str, Intention, int]], size: int
) -> None:
    found: list[object] = []
    for slice_size in (max(2, size), 1000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("discotui.library.carrying.SLICE", slice_size)
            shelf = Shelf(tmp_path_factory.mktemp("bulk") / "library.sqlite", MANY)
            for each in before:
                meddle(shelf, *each)
            try:
                done = finish(steps_of(shelf, first))
            except EditRefused as error:
                found.append(type(error))
                shelf.library.close()
                continue
            told = (done.verb, done.count, done.changes.items, done.skipped)
            after = {item.instance_id: item for item in shelf.library.items()}, shelf.changes()
            shelf.library.undo()
            undone = items_without_order(shelf), shelf.changes()
            shelf.library.redo()
            found.append((told, after, undone, items_without_order(shelf), shelf.changes()))
            shelf.library.close()
    assert found[0] == found[1]


def items_without_order(shelf: Shelf) -> dict[int, Item]:
    """What is shown, by id."""
    return {item.instance_id: item for item in shelf.library.items()}


def test_a_removal_is_kept_as_the_item_was_in_its_turn(shelf: Shelf) -> None:
    steps = steps_of(shelf, Remove())
    next(steps)
    shelf.library.set_notes([7], {TEXT: "last words"})
    finish(steps)
    removed = {change.instance_id: change.item for change in shelf.changes() if isinstance(change, RemoveItem)}
    assert removed[7].note(TEXT) == "last words"
