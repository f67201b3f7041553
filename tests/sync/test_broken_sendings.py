"""Broken answers while edits are sent: each edit ends on the server once, waits, or is told to be declined."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from discotui.errors import BadAnswer, ChangedElsewhere, DiscogsError, FolderNotEmpty, NotFound
from discotui.library.edits import RemoveItem, SetNote
from discotui.library.items import Item
from discotui.library.outbox import State
from discotui.sync.events import Declined, Sent
from tests.demo_data import JAZZ, MEDIA, NOTES, ODD
from tests.mutations import Mutant, Mutator, rows_in
from tests.sync.rig import Rig, Shown, rig
from tests.sync.test_push import KINDS, edit

EACH = 80
"""Broken answers for each kind of edit."""
OTHER = 500_005
"""An item that no edit is about, but one that waits and stays waiting."""
FOLDERS = {500_001: JAZZ, 500_003: ODD}
"""Where the items are whose notes are edited."""
WAITS = "waits for its turn"
UNDER_WAY = (State.WAITING, State.SENDING, State.UNKNOWN)

Outcome = tuple[list[Shown], list[str]]


class Line:
    """Lets the server carry out every request, and breaks one answer on the way back.

    Attributes:
        mutant: The broken answer, once it was given.
        was_write: Whether it was the answer to a request that was to change something.
    """

    def __init__(self, made: Rig, mutator: Mutator, number: int, *, loses_first_write: bool) -> None:
        self._inner = httpx.WSGITransport(app=made.server)
        self._mutator, self._number = mutator, number
        self._loses = loses_first_write
        self.mutant: Mutant | None = None
        self.was_write = False

    def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if self._number < 0:
            return None
        response = self._inner.handle_request(request)
        answer = Mutant(response.status_code, response.read())
        if self._loses and request.method != "GET":
            self._loses = False
            raise httpx.ReadTimeout("lost", request=request)
        self._number -= 1
        if self._number < 0:
            self.was_write = request.method != "GET"
            answer = self.mutant = self._mutator.mutant(answer.status, answer.body)
        return answer.response()


def outcome(made: Rig) -> Outcome:
    """What the server has, whatever numbers it gave."""
    return sorted(made.there().values(), key=repr), sorted(made.state.folder_names.values())


def prepared(made: Rig, kind: str) -> tuple[int, dict[int, Item]]:
    """An edit to be sent, and one that is not. Returns the first one's place in the outbox, and what was shown."""
    made.library._core.store._db.execute("PRAGMA synchronous=OFF")
    before = {item.instance_id: item for item in made.library.items()}
    edit(made, kind)
    made.library.set_notes([OTHER], {NOTES: WAITS})
    seq, other = made.library._core.view.pending
    made.library.outgoing.not_sent(other, not_before=float("inf"))
    return seq, before


def expected(path: Path, kind: str) -> tuple[Outcome, Outcome]:
    """What the server has before and after an edit when nothing goes wrong."""
    path.mkdir()
    with rig(path) as made:
        before = outcome(made)
        edit(made, kind)
        made.send_all()
        return before, outcome(made)


def send(made: Rig, seq: int, line: Line) -> None:
    """Send an edit over the line, which is good after the broken answer, until it waits no more."""
    made.line.before_each = line
    for _ in range(40):
        entry = made.library._core.view.pending.get(seq)
        if entry is None or entry.state not in UNDER_WAY:
            return
        made.clock.now = max(made.clock.now, entry.not_before) + 1
        made.send_one()
    raise AssertionError("it waits for ever")


def says_so(mutant: Mutant, declined: Declined) -> bool:
    """Whether a broken answer plainly tells what an edit was declined for."""
    change, error = declined.dropped[0], declined.error
    if isinstance(error, NotFound) and isinstance(change, SetNote):
        row = next((row for row in rows_in(mutant.said()) if row.get("instance_id") == change.instance_id), {})
        return row.get("folder_id") != FOLDERS[change.instance_id]
    return isinstance(error, ChangedElsewhere | FolderNotEmpty)


def check(made: Rig, kind: str, line: Line, before: dict[int, Item], ways: tuple[Outcome, Outcome]) -> None:
    """Once, or told; and nothing else touched."""
    assert line.mutant is not None
    untouched, done = ways
    declined, there = made.of(Declined), outcome(made)
    is_refusal = 400 <= line.mutant.status < 500
    waits = [entry for entry in made.library._core.view.pending.values() if entry.state not in UNDER_WAY]
    if declined:
        assert is_refusal or (not line.was_write and says_so(line.mutant, declined[0])), declined
    else:
        assert made.of(Sent) or waits
    if not is_refusal:
        assert there == done or (there == untouched and (declined or waits)), "not exactly once"
    shown = {item.instance_id: item for item in made.library.items()}
    store = made.library._core.store
    with store.reading():
        aside = {item.instance_id: item for item, _, _ in store.vanished(0)}
    # A removal that still waits holds its item.
    aside |= {entry.change.instance_id: entry.change.item for entry in waits if isinstance(entry.change, RemoveItem)}
    assert made.library._core.view.items[OTHER].note(NOTES) == WAITS
    for instance_id, item in before.items():
        kept = shown.get(instance_id) or aside[instance_id]
        changed = {NOTES, MEDIA} if "note" in kind or instance_id == OTHER else set()
        for field_id in (item.notes or {}).keys() - changed:
            assert kept.note(field_id) == item.note(field_id)
    assert OTHER in made.library.waiting_items()


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_answer_leaves_an_edit_done_once_or_waiting_or_declined_aloud(tmp_path: Path, kind: str) -> None:
    mutator = Mutator(len(kind) + 5, numbers=(500_001, 500_003, 500_007, 7001, 7003, 7004))
    ways = expected(tmp_path / "calm", kind)
    broken = 0
    with rig(tmp_path) as made:
        made.library.close()
        pristine = made.path.read_bytes()
    while broken < EACH:
        made.path.write_bytes(pristine)
        dice = mutator.dice
        with rig(tmp_path, read=False) as made:
            seq, before = prepared(made, kind)
            loses = dice.random() < 0.4
            line = Line(made, mutator, dice.choice((0, 0, 1, 1, 2, 3)), loses_first_write=loses)
            try:
                send(made, seq, line)
                if line.mutant is None:
                    continue  # It was sent with fewer requests.
                broken += 1
                check(made, kind, line, before, ways)
            except (AssertionError, KeyError) as error:
                raise AssertionError(f"{line.mutant and line.mutant.done}, lost: {loses}: {error}") from error
            except DiscogsError as error:
                raise AssertionError("told by an exception that only the sender may see") from error
    print(f"{broken} broken answers while sending: {kind}")


@pytest.mark.parametrize("known", [500_001, 500_003, 500_006])
def test_an_addition_answered_with_the_id_of_another_item_takes_nothing_from_it(tmp_path: Path, known: int) -> None:
    with rig(tmp_path) as made:
        before = made.here()
        edit(made, "add")
        made.server.fail_next(201, f'{{"instance_id": {known}}}', method="POST", after_commit=True)
        error = made.send_one()
        assert isinstance(error, BadAnswer)
        assert before.items() <= made.here().items()
        made.send_all()
        assert made.agrees()
        assert len(made.ids("Kind Of Blue")) == 1


def test_a_new_folder_answered_with_the_id_of_another_one_takes_nothing_from_it(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        before = made.folders_here()
        edit(made, "new folder")
        made.server.fail_next(201, f'{{"id": {JAZZ}, "name": "New"}}', method="POST", after_commit=True)
        error = made.send_one()
        assert isinstance(error, BadAnswer)
        assert before.items() <= made.folders_here().items()
        made.send_all()
        assert made.agrees()
