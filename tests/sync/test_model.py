"""Anything in any order: edits here, edits on the website, lost answers, cut readings, sudden death.

The real library and the real sync run against the demo server. Three things are watched all the time or at the end:
nothing that was set elsewhere is overwritten unseen, nothing is made twice, and nothing that the person was shown as
kept is lost: it is at Discogs, or was changed elsewhere since, or stands in the history as given up or refused.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from discotui.demo.data import state_from
from discotui.demo.refusals import ApiError
from discotui.demo.server import DemoServer
from discotui.errors import DiscotuiError, EditRefused
from discotui.library import edits
from discotui.library.done import Done
from discotui.library.edits import AddItem, MoveItem, SetNote, SetRating
from discotui.library.intentions import AppendNote, Intention, Move, Rate, Remove, SetNotes
from discotui.library.items import Item
from discotui.library.outbox import State
from discotui.library.outgoing import FRESH_SECONDS
from discotui.library.past import Outcome
from discotui.library.slicing import Steps
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES, ODD, TOKEN, fill, small_data
from tests.sync.rig import Clock, Rig, When

A_LATE_COMMIT_AT_MOST = 30.0
"""Seconds by which the server has carried out what it was slow with."""
RELEASES = (1001, 1002, 1003, 1004, 1005, 1006)
TEXTS = ("", "a", "b", "[/x]", "ひ\nsecond")
GRADES = ("", "Mint (M)", "Near Mint (NM or M-)")

picks = st.integers(0, 11)
ratings = st.integers(0, 5)
texts = st.sampled_from(TEXTS)
releases = st.sampled_from(RELEASES)


class Collector(RuleBasedStateMachine):
    """One person, one server, and no edits elsewhere: the outbox always drains, with no conflict.

    Attributes:
        mine: What the person last set, by what it is about.
        touched: What was changed elsewhere.
        latest_edit: The latest edit that was done in slices.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="discotui-model-"))
        server = DemoServer(state_from(small_data()), token=TOKEN, rate_limit=10_000_000)
        fill(server.state, 8)
        self.made = Rig(self.folder / "library.sqlite", server, Clock())
        self.made.puller.read_whole()
        self.mine: dict[tuple[object, ...], int | str] = {}
        self.touched: set[tuple[object, ...]] = set()
        self.first_id = server.state._next_instance_id
        self.added_elsewhere = 0
        self.latest_edit = 0
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("discotui.library.carrying.SLICE", 2)
        self._watch()

    def teardown(self) -> None:
        self.patch.undo()
        try:
            self._settle_everything()
            self._check_the_end()
        finally:
            self.made.library.close()
            self.made.client.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- the person -------------------------------------------------------------------------------------------

    def _some(self, pick: int) -> Item | None:
        items = sorted(self.made.library.items(), key=lambda item: item.instance_id)
        return items[pick % len(items)] if items else None

    def _edit(self, act: Callable[[], Done]) -> None:
        with suppress(EditRefused):
            act()
            self._note_mine()

    def _note_mine(self) -> None:
        """Remember what the person is shown of everything that was ever edited."""
        pending = self.made.library._core.view.pending.values()
        waiting = {edits.target(e.change) for e in pending if isinstance(e.change, SetRating | MoveItem | SetNote)}
        for target in {*self.mine, *waiting}:
            shown = self._shown(target)
            if shown is None:
                self.mine.pop(target, None)
            else:
                self.mine[target] = shown

    def _shown(self, target: tuple[object, ...]) -> int | str | None:
        """What the screen shows of something, None when it is not there."""
        library = self.made.library
        match target:
            case ("rating", int(release_id)):
                return next((copy.rating for copy in library.copies(release_id)), None)
            case ("folder", int(instance_id)) if item := library.item(instance_id):
                return item.folder_id
            case ("note", int(instance_id), int(field_id)) if item := library.item(instance_id):
                return item.note(field_id)
        return None

    @rule(pick=picks, rating=ratings)
    def rate(self, pick: int, rating: int) -> None:
        if item := self._some(pick):
            self._edit(lambda: self.made.library.rate([item.instance_id], rating))

    @rule(pick=picks, folder=st.sampled_from([1, JAZZ, ODD, EMPTY]))
    def move(self, pick: int, folder: int) -> None:
        if item := self._some(pick):
            self._edit(lambda: self.made.library.move([item.instance_id], folder))

    @rule(pick=picks, text=texts)
    def write(self, pick: int, text: str) -> None:
        if item := self._some(pick):
            self._edit(lambda: self.made.library.set_notes([item.instance_id], {NOTES: text}))

    @rule(picks=st.lists(picks, min_size=2, max_size=5), grade=st.sampled_from(GRADES))
    def grade_many(self, picks: list[int], grade: str) -> None:
        ids = [item.instance_id for pick in picks if (item := self._some(pick))]
        self._edit(lambda: self.made.library.set_notes(ids, {MEDIA: grade}))

    @rule(pick=picks)
    def remove(self, pick: int) -> None:
        if item := self._some(pick):
            self._edit(lambda: self.made.library.remove([item.instance_id]))

    @rule(release=releases, folder=st.sampled_from([1, JAZZ, ODD, EMPTY]))
    def add(self, release: int, folder: int) -> None:
        self._edit(lambda: self.made.library.add(unseen_release(release), folder))

    @rule(name=st.sampled_from(["Fresh", "Fresher", "ひ"]))
    def new_folder(self, name: str) -> None:
        self._edit(lambda: self.made.library.new_folder(name))

    @rule(pick=picks, name=st.sampled_from(["One", "Two"]))
    def rename_folder(self, pick: int, name: str) -> None:
        folders = [folder for folder in self.made.library.folders() if not folder.is_fixed]
        self._edit(lambda: self.made.library.rename_folder(folders[pick % len(folders)].folder_id, name))

    @rule(pick=picks)
    def move_into_the_newest_folder(self, pick: int) -> None:
        item, newest = self._some(pick), min(folder.folder_id for folder in self.made.library.folders())
        if item and newest < 0:
            self._edit(lambda: self.made.library.move([item.instance_id], newest))

    @rule(
        picks=st.lists(picks, min_size=2, max_size=8),
        intention=st.sampled_from([Rate(4), Move(ODD), AppendNote(NOTES, "sold"), SetNotes({MEDIA: ""}), Remove()]),
        left_off=st.booleans(),
    )
    def edit_many_in_slices(self, picks: list[int], intention: Intention, left_off: bool) -> None:
        library = self.made.library
        ids = [item.instance_id for pick in picks if (item := self._some(pick))]
        with suppress(EditRefused):
            self._in_slices(library.carry_out(library.plan(intention, ids)), left_off=left_off)

    def _in_slices(self, steps: Steps[Done], *, left_off: bool) -> None:
        """The sender comes in between."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                self.latest_edit = end.value.step_id
                break
            except EditRefused:
                break
            self._note_mine()
            self.made.send_one()
            if left_off:
                steps.close()
                break
        self._note_mine()

    @rule()
    def cancel(self) -> None:
        self._edit(lambda: self.made.library.cancel(self.latest_edit))

    @rule()
    def undo(self) -> None:
        self._edit(self.made.library.undo)

    @rule()
    def redo(self) -> None:
        self._edit(self.made.library.redo)

    @rule(left_off=st.booleans())
    def undo_in_slices(self, left_off: bool) -> None:
        self._in_slices(self.made.library.undoing(), left_off=left_off)

    # --- the program ------------------------------------------------------------------------------------------

    @rule(times=st.integers(1, 4))
    def send(self, times: int) -> None:
        for _ in range(times):
            self.made.send_one()

    @rule(when=st.sampled_from(list(When)), error=st.sampled_from([httpx.ReadTimeout, httpx.ReadError]))
    def send_with_the_answer_lost(self, when: When, error: type[httpx.TransportError]) -> None:
        for method in ("POST", "DELETE"):
            self.made.line.breaks(when, error, method=method)
        self.made.send_one()
        self.made.line.accidents.clear()

    @rule(status=st.sampled_from([429, 500, 503]), after_commit=st.booleans())
    def send_with_a_fault(self, status: int, after_commit: bool) -> None:
        for method in ("POST", "DELETE"):
            self.made.server.fail_next(status, "<html>oops</html>", method=method, after_commit=after_commit)
        if status == 429:
            self.made.server.faults.clear()
            self.made.server.fail_next(status, '{"message": "You are making requests too quickly."}')
        self.made.send_one()
        self.made.server.faults.clear()

    @rule()
    def send_while_offline(self) -> None:
        self.made.line.breaks(When.BEFORE, httpx.ConnectError, times=3)
        self.made.send_one()
        self.made.line.accidents.clear()

    @rule(seconds=st.sampled_from([1.0, 5.0, 15.0, 70.0, 400.0]))
    def time_passes(self, seconds: float) -> None:
        self._pass(seconds)

    @rule()
    def the_server_gets_to_it(self) -> None:
        self.made.line.deliver_late()

    @rule()
    def look(self) -> None:
        self.made.puller.look()

    @rule()
    def read(self) -> None:
        self.made.puller.read_whole()

    @rule(request=st.integers(1, 8))
    def read_and_be_cut_off(self, request: int) -> None:
        asked: list[httpx.Request] = []

        def answer(asking: httpx.Request) -> httpx.Response | None:
            asked.append(asking)
            if len(asked) >= request:
                raise httpx.ReadTimeout("cut", request=asking)
            return None

        self.made.line.before_each = answer
        with suppress(DiscotuiError):
            self.made.puller.read_whole()
        self._watch()

    @rule()
    def die_and_start_again(self) -> None:
        late = self.made.line.late
        self.made.restart()
        self.made.line.late = late
        self._watch()

    # --- what must hold ---------------------------------------------------------------------------------------

    def _pass(self, seconds: float) -> None:
        if seconds >= A_LATE_COMMIT_AT_MOST:
            self.made.line.deliver_late()
        self.made.clock.now += seconds

    def _watch(self) -> None:
        """Look at every request that sets something, at the moment it is sent."""
        self.made.line.before_each = self._sees_what_it_overwrites

    def _sees_what_it_overwrites(self, request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        for entry in self.made.library._core.view.pending.values():
            change = entry.change
            if entry.state is State.SENDING and isinstance(change, SetRating | MoveItem | SetNote):
                there = self._at_server(edits.target(change))
                assert there in (None, change.base, change.value), f"{there!r} would be overwritten by {change}"
        return None

    def _at_server(self, target: tuple[object, ...]) -> int | str | None:
        """What the server has of something; None when the thing is gone."""
        state = self.made.state
        match target:
            case ("rating", int(release_id)):
                return state.rating(release_id) if state.instances_of(release_id) else None
            case ("folder", int(instance_id)) if instance_id in state.instances:
                return state.instances[instance_id].folder_id
            case ("note", int(instance_id), int(field_id)) if instance_id in state.instances:
                return state.instances[instance_id].notes.get(field_id, "")
        return None

    @invariant()
    def no_release_has_two_ratings(self) -> None:
        seen: dict[int, int] = {}
        for item in self.made.library.items():
            assert seen.setdefault(item.release_id, item.rating) == item.rating

    @invariant()
    def nothing_is_in_conflict_when_nothing_was_changed_elsewhere(self) -> None:
        if not self.touched:
            assert self.made.library.deciding.counts().conflicts == 0

    def _settle_everything(self) -> None:
        """The line is good again, and the person decides whatever asks for it."""
        made = self.made
        made.line.accidents.clear()
        made.server.faults.clear()
        made.line.deliver_late()
        deciding = made.library.deciding
        for _ in range(200):
            made.send_all()
            asking = [standing for standing in deciding.standing() if not standing.entry.state.is_under_way]
            if not asking:
                break
            for number, standing in enumerate(asking):
                decide: dict[State, list[Callable[[int], Any]]] = {
                    State.CONFLICT: [deciding.keep_mine, deciding.take_theirs],
                    State.PARKED: [deciding.retry],
                    State.WAITING: [deciding.retry],
                }
                if standing.entry.seq in made.library._core.view.pending:
                    ways = decide[standing.entry.state]
                    with suppress(EditRefused):
                        ways[number % len(ways)](standing.entry.seq)
        assert made.library.waiting_count() == 0

    def _check_the_end(self) -> None:
        made = self.made
        assert made.agrees()
        history = made.library.deciding.history(limit=100_000)
        sent = [past for past in history if isinstance(past.change, AddItem) and past.outcome is Outcome.SENT]
        carried_out = made.state._next_instance_id - self.first_id - self.added_elsewhere
        assert len(sent) == carried_out, f"{len(sent)} additions were meant, {carried_out} were made"
        given_up = {edits.target(past.change) for past in history if past.outcome is not Outcome.SENT}
        resolve = made.library._core.resolve
        for target, value in self.mine.items():
            now = _with_current_id(target, resolve)
            there = self._at_server(now)
            wanted = resolve("folder", int(value)) if target[0] == "folder" else value
            explained = there is None or bool({target, now} & (given_up | self.touched))
            assert there == wanted or explained, f"{target}: {wanted!r} was kept here, {there!r} is at Discogs"


class TwoPlaces(Collector):
    """The same person also uses the website, two minutes or more after whatever was read."""

    def _elsewhere(self, act: Callable[[], object], *targets: tuple[object, ...]) -> None:
        self._pass(FRESH_SECONDS + 1)
        with suppress(ApiError):
            act()
            self.touched.update(targets)

    def _theirs(self, pick: int) -> int | None:
        """An item to be changed elsewhere: none that may be our own addition, which is just being looked for."""
        instances = self.made.state.instances
        ids = [number for number in sorted(instances) if not self._is_sought(instances[number].release_id)]
        return ids[pick % len(ids)] if ids else None

    def _is_sought(self, release: int) -> bool:
        """Whether an addition of a release waits: when another comes then, nobody can tell whose is whose."""
        waiting = self.made.library._core.view.pending.values()
        return any(isinstance(entry.change, AddItem) and entry.change.release_id == release for entry in waiting)

    @rule(pick=picks, rating=ratings)
    def rate_elsewhere(self, pick: int, rating: int) -> None:
        if (number := self._theirs(pick)) is not None:
            release = self.made.state.instance(number).release_id
            self._elsewhere(lambda: self.made.state.rate(release, rating), ("rating", release))

    @rule(pick=picks, text=st.sampled_from(["", "theirs", "a"]))
    def write_elsewhere(self, pick: int, text: str) -> None:
        if (number := self._theirs(pick)) is not None:
            self._elsewhere(lambda: self.made.state.set_note(number, NOTES, text), ("note", number, NOTES))

    @rule(pick=picks, folder=st.sampled_from([1, JAZZ, ODD, EMPTY]))
    def move_elsewhere(self, pick: int, folder: int) -> None:
        if (number := self._theirs(pick)) is not None:
            self._elsewhere(lambda: self.made.state.move(number, folder), ("folder", number))

    @rule(pick=picks)
    def remove_elsewhere(self, pick: int) -> None:
        if (number := self._theirs(pick)) is not None:
            release = self.made.state.instance(number).release_id
            self._elsewhere(lambda: self.made.state.remove(number), ("rating", release))

    @rule(release=releases)
    def add_elsewhere(self, release: int) -> None:
        if not self._is_sought(release):
            self._elsewhere(lambda: self.made.state.add(JAZZ, release), ("rating", release))
            self.added_elsewhere += 1

    @precondition(lambda self: self.touched)
    @rule(number=picks, mine=st.booleans())
    def decide(self, number: int, mine: bool) -> None:
        deciding = self.made.library.deciding
        conflicts = [standing for standing in deciding.standing() if standing.entry.state is State.CONFLICT]
        if conflicts:
            seq = conflicts[number % len(conflicts)].entry.seq
            (deciding.keep_mine if mine else deciding.take_theirs)(seq)


def _with_current_id(target: tuple[object, ...], resolve: Callable[[str, int], int]) -> tuple[object, ...]:
    kind, number, *rest = target
    assert isinstance(number, int)
    return target if kind == "rating" else (kind, resolve("item", number), *rest)


_AS_OFTEN = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    phases=(Phase.generate,),
    report_multiple_bugs=False,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

Collector.TestCase.settings = _AS_OFTEN
TwoPlaces.TestCase.settings = _AS_OFTEN


class TestOnePlace(Collector.TestCase):  # type: ignore[misc, valid-type]
    """Edits here alone."""


class TestTwoPlaces(TwoPlaces.TestCase):  # type: ignore[misc, valid-type]
    """Edits here and on the website."""
