"""When no usable answer comes: the truth is read, and the server ends with each edit exactly once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from discotui.library.outbox import State
from discotui.sync.events import Declined, Sent
from discotui.sync.push import SECONDS_BEFORE_CHECKING, SECONDS_BETWEEN_CHECKS
from tests.demo_data import EMPTY, JAZZ, NOTES, ODD
from tests.sync.rig import Rig, Shown, When, rig
from tests.sync.test_push import KINDS, conflict, edit

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout)


def outcome(made: Rig) -> tuple[list[Shown], dict[int, tuple[str, int]]]:
    """What the server has, whatever numbers it gave."""
    return sorted(made.there().values(), key=repr), made.folders_there()


def expected(path: Path, kind: str) -> tuple[list[Shown], dict[int, tuple[str, int]]]:
    """What the server has after an edit when nothing goes wrong."""
    path.mkdir()
    with rig(path) as made:
        edit(made, kind)
        made.send_all()
        return outcome(made)


def break_write(made: Rig, when: When, error: type[httpx.TransportError] = httpx.ReadTimeout) -> None:
    for method in ("POST", "DELETE"):
        made.line.breaks(when, error, method=method)


def first_try(made: Rig) -> None:
    """Send until the accident happened."""
    made.clock.now += 60
    error = made.send_one()
    assert error is not None
    made.line.accidents.clear()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("when", "error"),
    [
        (When.BEFORE, httpx.ConnectError),
        (When.BEFORE, httpx.ConnectTimeout),
        (When.BEFORE, httpx.ReadTimeout),
        (When.BEFORE, httpx.RemoteProtocolError),
        (When.AFTER, httpx.ReadTimeout),
        (When.AFTER, httpx.RemoteProtocolError),
        (When.AFTER, httpx.ReadError),
    ],
)
def test_a_broken_line_leaves_exactly_one_effect(
    tmp_path: Path, kind: str, when: When, error: type[httpx.TransportError]
) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        break_write(made, when, error)
        first_try(made)

        made.send_all()

        assert outcome(made) == expected(tmp_path / "calm", kind)
        assert made.of(Declined) == []
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("after_commit", [False, True])
def test_a_server_fault_leaves_exactly_one_effect(
    tmp_path: Path, kind: str, after_commit: bool, restarts: bool
) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        method = KINDS[kind][0]
        made.server.fail_next(500, "<html>oops</html>", method=method, after_commit=after_commit)
        first_try(made)
        if restarts:
            made.restart()

        made.send_all()

        assert outcome(made) == expected(tmp_path / "calm", kind)
        assert made.agrees()


@pytest.mark.parametrize("kind", ["add", "new folder", "rename folder"])
def test_half_an_answer_leaves_exactly_one_effect(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        made.server.fail_next(201, '{"instance_id": 5', method="POST", after_commit=True)
        first_try(made)

        made.send_all()

        assert outcome(made) == expected(tmp_path / "calm", kind)
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [1.0, 10.0])
def test_a_late_commit_leaves_exactly_one_effect(tmp_path: Path, kind: str, seconds: float) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        break_write(made, When.LATE)
        first_try(made)
        late_at = made.clock.now + seconds

        for _ in range(20):
            if made.clock.now >= late_at:
                made.line.deliver_late()
            if made.library.waiting_count():
                made.send_one()
            made.clock.now += 1
        made.send_all()

        assert outcome(made) == expected(tmp_path / "calm", kind)
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whole", [False, True], ids=["look", "whole reading"])
def test_a_reading_before_the_check_makes_nothing_twice(tmp_path: Path, kind: str, whole: bool) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        break_write(made, When.AFTER)
        first_try(made)
        if whole or not made.puller.look():
            made.puller.read_whole()

        made.send_all()

        assert outcome(made) == expected(tmp_path / "calm", kind)
        assert made.of(Declined) == []
        assert made.agrees()


def test_an_addition_is_looked_for_twice_a_minute_apart_before_it_is_sent_again(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        made.clock.now += 60
        break_write(made, When.BEFORE, httpx.ReadTimeout)
        start = made.clock.now
        made.send_one()
        times: list[float] = []

        made.line.before_each = lambda _: times.append(made.clock.now - start)
        made.line.accidents.clear()
        made.send_all()

        checks = [SECONDS_BEFORE_CHECKING, SECONDS_BEFORE_CHECKING + SECONDS_BETWEEN_CHECKS]
        # Two checks; then what is there is noted anew, and the addition is sent.
        assert times == [*checks, checks[1], checks[1]]
        assert [write[3] for write in made.writes()] == [201]


def test_an_addition_made_elsewhere_long_before_the_resending_is_not_taken_for_ours(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        break_write(made, When.BEFORE, httpx.ConnectError)
        first_try(made)
        made.state.add(ODD, 1006)
        break_write(made, When.BEFORE, httpx.ReadTimeout)
        first_try(made)

        made.send_all()

        assert len(made.state.instances_of(1006)) == 2
        assert made.agrees()


def test_two_copies_added_with_lost_answers_are_two_copies(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        edit(made, "add")
        made.line.breaks(When.AFTER, method="POST", times=2)

        made.send_all()

        assert len(made.state.instances_of(1006)) == 2
        assert len(made.of(Sent)) == 2
        assert made.agrees()


def test_edits_of_an_item_whose_addition_is_unknown_wait_for_it(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        (temporary,) = made.ids("Release 1006")
        made.library.set_notes([temporary], {NOTES: "after"})
        break_write(made, When.AFTER)
        first_try(made)

        assert made.send_one() is None
        made.send_all()

        (copy,) = made.state.instances_of(1006)
        assert copy.notes == {NOTES: "after"}
        assert made.agrees()


def test_others_go_while_an_outcome_is_unknown(tmp_path: Path) -> None:
    with rig(tmp_path) as made:
        edit(made, "add")
        made.library.rate([500_004], 2)
        break_write(made, When.AFTER)
        first_try(made)

        assert made.send_one() is None

        assert made.state.rating(1003) == 2
        states = [entry.state for entry in made.library._core.view.pending.values()]
        assert states == [State.UNKNOWN]


CHANGES_ELSEWHERE: dict[str, tuple[Callable[[Rig], None], tuple[str, str, str]]] = {
    "rate": (lambda made: made.state.rate(1002, 1), ("3", "5", "1")),
    "move": (lambda made: made.state.move(500_003, JAZZ), ("奇 Odd", "Empty", "Jazz [LP]")),
    "note": (lambda made: made.state.set_note(500_003, NOTES, "theirs"), ("", "Ä [b] ♥\nsecond", "theirs")),
    "clear note": (
        lambda made: made.state.set_note(500_001, 4, "Near Mint (NM or M-)"),
        ("Mint (M)", "", "Near Mint (NM or M-)"),
    ),
    "rename folder": (lambda made: made.state.rename_folder(ODD, "Theirs"), ("奇 Odd", "Even", "Theirs")),
}


@pytest.mark.parametrize("kind", CHANGES_ELSEWHERE)
@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
@pytest.mark.parametrize("restarts", [False, True])
def test_what_was_changed_elsewhere_since_is_not_overwritten(
    tmp_path: Path, kind: str, when: When, restarts: bool
) -> None:
    elsewhere, (base, mine, theirs) = CHANGES_ELSEWHERE[kind]
    with rig(tmp_path) as made:
        edit(made, kind)
        break_write(made, when)
        first_try(made)
        elsewhere(made)
        there = outcome(made)
        if restarts:
            made.restart()

        made.send_all()

        found = conflict(made)
        assert (found.told.before, found.told.after, found.theirs) == (base, mine, theirs)
        assert outcome(made) == there
        made.library.deciding.take_theirs(found.entry.seq)
        assert outcome(made) == there
        assert made.agrees()


@pytest.mark.parametrize("kind", ["rate", "move", "note", "remove"])
def test_an_item_that_moved_elsewhere_while_the_outcome_was_unknown_is_still_found(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        break_write(made, When.BEFORE)
        first_try(made)
        made.state.move(500_003, EMPTY if kind == "move" else JAZZ)

        made.send_all()

        assert made.of(Declined) == []
        assert made.agrees()


def test_a_note_far_down_a_full_folder_is_found_to_be_sent(tmp_path: Path) -> None:
    with rig(tmp_path, items=250) as made:
        made.library.set_notes([500_006], {NOTES: "deep"})
        break_write(made, When.AFTER)
        first_try(made)

        made.send_all()

        assert [write[3] for write in made.writes()] == [204]
        assert made.agrees()


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_that_cannot_be_made_is_made_later(tmp_path: Path, kind: str) -> None:
    with rig(tmp_path) as made:
        edit(made, kind)
        break_write(made, When.AFTER)
        first_try(made)
        made.line.breaks(When.BEFORE, httpx.ConnectError, method="GET")
        first_try(made)

        assert made.library.waiting_count() == 1
        made.send_all()

        assert outcome(made) == expected(tmp_path / "calm", kind)
        assert made.agrees()
