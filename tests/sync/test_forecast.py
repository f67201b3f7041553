"""How long sending takes: told beforehand, and as it turns out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from discotui.demo.data import state_from
from discotui.demo.server import DemoServer
from discotui.library.edits import Change, RemoveItem, SetRating
from discotui.library.intentions import AppendNote, SetNotes
from discotui.library.items import UNCATEGORIZED_FOLDER
from discotui.library.outbox import Pending, State
from discotui.library.outgoing import FRESH_SECONDS
from discotui.library.slicing import finish
from discotui.sync.engine import Engine
from discotui.sync.forecast import ANSWER_SECONDS, requests_for, seconds_for, seconds_to_send
from discotui.sync.reading import unseen_release
from tests.collection import make_item
from tests.demo_data import EMPTY, JAZZ, NOTES, TOKEN, fill, small_data
from tests.sync.rig import Clock, Rig

FREE = [0.0] * 54
"""The places of a window in which nothing was asked yet."""


@contextmanager
def paced(tmp_path: Path, *, limit: int = 60, items: int = 120) -> Iterator[Rig]:
    """A rig whose server counts requests on the clock by which the client waits, read once."""
    server = DemoServer(state_from(small_data()), token=TOKEN, rate_limit=limit, clock=lambda: made.waiting.now)
    fill(server.state, items)
    made = Rig(tmp_path / "library.sqlite", server, Clock())
    made.puller.read_whole()
    try:
        yield made
    finally:
        made.library.close()
        made.client.close()


def forecast(made: Rig) -> float:
    return seconds_to_send(made.library.outgoing.waiting(), made.client.throttle.places(), now=made.clock.now)


def seconds_taken(made: Rig) -> float:
    """Send everything. Returns how long it took."""
    begun = made.waiting.now
    made.send_all()
    return made.waiting.now - begun


EDITS: dict[str, Callable[[Rig], object]] = {
    "a rating": lambda made: made.library.rate([500_003], 5),
    "a note": lambda made: made.library.set_notes([500_004], {NOTES: "x"}),
    "a move": lambda made: made.library.move([500_005], EMPTY),
    "a removal": lambda made: made.library.remove([500_006]),
    "an addition": lambda made: made.library.add(unseen_release(1006), JAZZ),
    "a new folder": lambda made: made.library.new_folder("Fresh"),
    "a renaming": lambda made: made.library.rename_folder(EMPTY, "Void"),
    "a deletion": lambda made: made.library.delete_folder(EMPTY),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_requests_of_each_kind_of_change_are_known(tmp_path: Path, name: str) -> None:
    with paced(tmp_path, items=6) as made:
        EDITS[name](made)
        expected = requests_for(entry.change for entry in made.library.outgoing.waiting())
        asked = len(made.server.log)
        made.send_all()
        assert len(made.server.log) - asked == expected


@pytest.mark.parametrize("limit", [60, 25])
@pytest.mark.parametrize("minutes", [0, 2])
def test_the_forecast_for_a_few_hundred_edits_comes_true(tmp_path: Path, limit: int, minutes: int) -> None:
    with paced(tmp_path, limit=limit) as made:
        ids = [item.instance_id for item in made.library.items()]
        made.waiting.now += 60 * minutes
        made.library.set_notes(ids, {NOTES: "one", 7: "two"})
        made.library.move(ids[:80], EMPTY)
        made.library.rate(ids, 2)
        made.library.remove(ids[100:])
        made.library.new_folder("Fresh")
        for _ in range(10):
            made.library.add(unseen_release(1006), UNCATEGORIZED_FOLDER)
        made.library.outgoing.send_at_once()
        assert made.library.waiting_count() > 300
        expected = forecast(made)

        taken = seconds_taken(made)

        assert taken > 300
        assert taken == pytest.approx(expected, rel=0.15)
        assert not [entry for entry in made.server.log if entry.status == 429]


@pytest.mark.parametrize("count", [1, 20, 115])
def test_what_an_edit_costs_is_told_before_it_is_made(tmp_path: Path, count: int) -> None:
    with paced(tmp_path) as made:
        made.waiting.now += 60
        made.clock.now += FRESH_SECONDS * 2
        ids = [item.instance_id for item in made.library.items()][:count]
        plan = made.library.plan(AppendNote(NOTES, "sold"), ids)
        engine = Engine(made.library, made.client, "ann", own=True, report=lambda _: None)
        requests, _reads, seconds = engine.cost_of(plan.changes)
        asked = len(made.server.log)
        finish(made.library.carry_out(plan))

        taken = seconds_taken(made)

        assert count < requests <= count + 4
        assert len(made.server.log) - asked == requests
        # On this clock answers take no time at all.
        assert taken == pytest.approx(seconds, rel=0.15, abs=len(FREE) * ANSWER_SECONDS)


def test_what_waits_already_is_no_cost_of_an_edit_but_takes_its_time(tmp_path: Path) -> None:
    with paced(tmp_path) as made:
        ids = [item.instance_id for item in made.library.items()]
        plan = made.library.plan(SetNotes({NOTES: "x"}), ids[:50])
        engine = Engine(made.library, made.client, "ann", own=True, report=lambda _: None)
        alone = engine.cost_of(plan.changes)
        made.library.set_notes(ids, {7: "two"})
        requests, _reads, seconds = engine.cost_of(plan.changes)
        assert requests <= alone[0]
        assert seconds > alone[1] + 60


def test_the_forecast_stays_true_while_it_is_sent(tmp_path: Path) -> None:
    with paced(tmp_path) as made:
        made.library.set_notes([item.instance_id for item in made.library.items()], {NOTES: "one", 7: "two"})
        told = []
        while made.library.waiting_count():
            told.append((made.waiting.now, forecast(made)))
            assert made.send_one() is None
        # On this clock answers take no time at all.
        answers = len(FREE) * ANSWER_SECONDS
        for moment, seconds in told:
            assert made.waiting.now - moment == pytest.approx(seconds, rel=0.15, abs=answers)


def waiting(change: Change, *, state: State = State.WAITING, not_before: float = 0.0) -> Pending:
    return Pending(1, change, (1,), state, not_before, None, 0.0)


RATING = SetRating(1, 0, 5)


def test_nothing_takes_no_time() -> None:
    assert seconds_to_send([], FREE, now=0) == 0


def test_with_free_places_it_takes_as_long_as_the_answers() -> None:
    assert seconds_to_send([waiting(RATING)] * 54, FREE, now=0) == pytest.approx(54 * ANSWER_SECONDS)


def test_one_more_than_there_are_places_takes_a_minute() -> None:
    assert seconds_to_send([waiting(RATING)] * 55, FREE, now=0) == pytest.approx(60, abs=2)


def test_a_rest_comes_first() -> None:
    removal = waiting(RemoveItem(make_item(1)), not_before=110.0)
    assert seconds_to_send([removal, waiting(RATING)], FREE, now=100.0) == pytest.approx(10 + ANSWER_SECONDS)
    assert seconds_to_send([removal], [30.0], now=100.0) == pytest.approx(30 + ANSWER_SECONDS)


def test_what_is_for_the_person_to_decide_takes_no_time() -> None:
    undecided = [waiting(RATING, state=state) for state in (State.CONFLICT, State.PARKED, State.BLOCKED)]
    assert seconds_to_send(undecided, FREE, now=0) == 0


def test_an_unknown_outcome_is_looked_up_first() -> None:
    assert seconds_to_send([waiting(RATING, state=State.UNKNOWN)], FREE, now=0) == pytest.approx(2 * ANSWER_SECONDS)


def test_what_does_not_wait_yet_and_what_is_read_before_are_counted() -> None:
    alone = seconds_to_send([waiting(RATING)] * 4, FREE, now=0)
    assert seconds_to_send([waiting(RATING)], FREE, now=0, more=[RATING], reads=2) == alone


def test_rounds_are_counted_as_if_they_were_gone_through_one_by_one() -> None:
    places = [0.0, 0.0, 12.0, 40.0]
    for number in range(1, 30):
        one_by_one = places
        passed = 0.0
        for _ in range(number):
            passed = max(passed, one_by_one[0]) + ANSWER_SECONDS
            one_by_one = sorted([*one_by_one[1:], passed + 60])
        assert seconds_for({0.0: number}, places) == pytest.approx(passed)


def test_a_hundred_thousand_changes_are_counted_in_few_steps() -> None:
    minutes = seconds_for({0.0: 100_000}, FREE) / 60
    assert minutes == pytest.approx(100_000 / 54, rel=0.02)
