"""Ten operations, fifteen faults: what is at the server, in the outbox and before the person, and how it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from discotui.errors import DiscogsError
from discotui.library.edits import Change
from discotui.library.past import Outcome
from discotui.sync.events import Declined, Sent
from tests.places import quick_folder
from tests.sync.fault_table import FAULTS, OPERATIONS, End, Told
from tests.sync.kill.kinds import KINDS
from tests.sync.kill.server import Collection, canonical
from tests.sync.rig import Rig, rig


@pytest.fixture
def place() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture(scope="module")
def calm() -> dict[str, Collection]:
    """What the server has after each operation when nothing goes wrong."""
    return {name: calm_after(name) for name in OPERATIONS}


def calm_after(name: str) -> Collection:
    with quick_folder() as path, rig(path) as made:
        operate(made, name)
        made.send_all()
        return canonical(made.state)


def operate(made: Rig, name: str) -> None:
    """The person does it, and the time passes in which a removal could be taken back for nothing."""
    KINDS[name].edits[0](made.library)
    made.clock.now += 60


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_as_the_table_says(place: Path, calm: dict[str, Collection], fault: str, name: str) -> None:
    expected = FAULTS[fault].expected(OPERATIONS[name])
    with rig(place) as made:
        before, shown_before = canonical(made.state), made.here()
        operate(made, name)
        all_of_it = [standing.entry.change for standing in made.library.deciding.standing()]
        waited_before = made.waiting.now
        FAULTS[fault].happen(made)

        error = made.send_one()

        # Of several changes the first one was sent.
        assert (canonical(made.state) != before) is expected.is_there
        states = [s.entry.state for s in made.library.deciding.standing() if s.entry.change == all_of_it[0]]
        assert states == ([expected.state] if expected.state else [])
        assert told(made, error) == (expected.told, expected.error)
        assert made.waiting.now - waited_before == expected.waited

        FAULTS[fault].end(made)
        made.send_all()

        refused = made.library.deciding.failed()
        past = made.library.deciding.history()
        if expected.end is End.ONCE:
            assert canonical(made.state) == calm[name]
            assert refused == []
            assert kinds(sent(made)) == kinds(entry.change for entry in past) == kinds(all_of_it)
        else:
            (only,) = refused
            assert expected.error is not None
            assert (only.change, only.reason.partition(":")[0]) == (all_of_it[0], expected.error.__name__)
            assert [entry.change for entry in past if entry.outcome is Outcome.REFUSED] == [only.change]
            assert len(sent(made)) == len(all_of_it) - 1
            if len(all_of_it) == 1:
                assert canonical(made.state) == before
                assert made.here() == shown_before
        assert made.agrees()


def told(made: Rig, error: DiscogsError | None) -> tuple[Told, type[Exception] | None]:
    """What the person hears: the engine tells an error that is raised, the sender all else."""
    events = [event for event in made.events if isinstance(event, Sent | Declined)]
    if error is not None:
        assert events == []
        return Told.HELD, type(error)
    (event,) = events
    return (Told.DECLINED, type(event.error)) if isinstance(event, Declined) else (Told.SENT, None)


def sent(made: Rig) -> list[Change]:
    return [event.change for event in made.of(Sent)]


def kinds(changes: Iterable[Change]) -> Counter[type[Change]]:
    """How many of each kind: what is new has another number as soon as Discogs has given it one."""
    return Counter(map(type, changes))


def test_the_table_has_a_hundred_and_fifty_cells() -> None:
    assert len(OPERATIONS) * len(FAULTS) == 150
