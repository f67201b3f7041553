"""Thousands of broken answers to readings: an error that is known, or a reading; and nothing is lost by either.

What a reading tells is believed, for it may be true: that a title is another, that an item is no longer listed, that a
note was cleared on the website. So the judge here reads the broken answers with a parser of its own, and asks what
they plainly said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from discotui.errors import DiscogsError, KeepsChanging
from discotui.library.items import Field, Folder, Item
from discotui.library.outbox import Pending
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES, ODD, SHELF
from tests.mutations import Mutant, Mutator, rows_in
from tests.sync.rig import Rig, rig

WHOLE = 1000
LOOKS = 400

State = tuple[dict[int, Item], list[Folder], list[Field], list[Pending], dict[int, Item]]
Address = tuple[str, str]


class Line:
    """Gives each answer again that the server gave once, but for one that is broken.

    Attributes:
        good: Status and body by method and address.
        given: Addresses and bodies of the answers, as our own parser reads them, in order.
    """

    def __init__(self, made: Rig) -> None:
        self._inner = httpx.WSGITransport(app=made.server)
        self.good: dict[Address, tuple[int, bytes]] = {}
        self.given: list[tuple[str, Any]] = []
        self.broken: dict[Address, Mutant] = {}
        self.times = 0

    def arrange(self, broken: dict[Address, Mutant], *, times: int) -> None:
        """Break the next answers to some addresses, so many of them each."""
        self.given, self.broken, self.times = [], broken, times * len(broken)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        address = request.method, str(request.url)
        if address not in self.good:
            response = self._inner.handle_request(request)
            self.good[address] = response.status_code, response.read()
        mutant = self.broken.get(address) if self.times > 0 else None
        self.times -= mutant is not None
        mutant = mutant or Mutant(*self.good[address])
        self.given.append((address[1], mutant.said()))
        return mutant.response()


def state_of(made: Rig) -> State:
    """All that is shown, all that waits, and what it is laid over."""
    items = {item.instance_id: item for item in made.library.items()}
    pending = list(made.library._core.view.pending.values())
    return items, made.library.folders(), made.library.fields(), pending, dict(made.library._core.view.snapshot)


def rows_given(line: Line) -> Iterator[dict[str, Any]]:
    """The items that all answers listed, in order."""
    return (row for _, said in line.given for row in rows_in(said))


def is_whole(line: Line) -> bool:
    """Whether the last answer to each page says how many items there are, and they list just as many."""
    pages = {address: said for address, said in line.given if "/folders/0/releases" in address}
    totals = {said["pagination"]["items"] if isinstance(said, dict) else None for said in pages.values()}
    listed = {row.get("instance_id") for said in pages.values() for row in rows_in(said)}
    return totals == {len(listed)}


def said_of(line: Line, instance_id: int) -> list[dict[str, Any]]:
    """What the answers said of an item, in order."""
    return [row for row in rows_given(line) if row.get("instance_id") == instance_id]


def says_otherwise(row: dict[str, Any], field_id: int, value: str) -> bool:
    """Whether a row plainly tells that a note is another now, or none: it lists its notes without it."""
    notes = row.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, dict) for note in notes):
        return False
    told = [note.get("value") for note in notes if note.get("field_id") == field_id]
    return not told or (isinstance(told[-1], str | int | float) and str(told[-1]) != value)


def told(rows: Iterable[dict[str, Any]], name: str) -> list[int]:
    """The whole numbers that rows give plainly."""
    return [row[name] for row in rows if isinstance(row.get(name), int)]


def check_nothing_lost(made: Rig, line: Line, before: State, what: str) -> None:
    """Each item and note is shown still, or set aside, or was plainly told to be another."""
    store = made.library._core.store
    with store.reading():
        aside = {item.instance_id: item for item, _, _ in store.vanished(0)}
    shown = {item.instance_id: item for item in made.library.items()}
    for instance_id, item in before[0].items():
        rows = said_of(line, instance_id)
        if instance_id not in shown:
            assert is_whole(line), f"{what}: {instance_id} is gone by an answer that contradicts itself"
            assert not rows, f"{what}: {instance_id} was listed, and is gone"
            assert aside[instance_id].notes == before[4][instance_id].notes, f"{what}: notes of {instance_id}"
            continue
        for field_id, value in (item.notes or {}).items():
            kept = shown[instance_id].note(field_id) == value
            assert kept or (rows and says_otherwise(rows[-1], field_id, value)), f"{what}: note of {instance_id}"
        after = shown[instance_id]
        assert after.folder_id in (item.folder_id, *told(rows, "folder_id")), f"{what}: folder of {instance_id}"
        copies = [row for row in rows_given(line) if row.get("id") == item.release_id]
        assert after.rating in (item.rating, *told(copies, "rating")), f"{what}: rating of {instance_id}"
    assert state_of(made)[3] == before[3], f"{what}: what waited"


def prepare(made: Rig) -> Line:
    """Notes on every item, an edit of every kind that waits, several pages to read."""
    for number in range(500_001, 500_007):
        made.state.set_note(number, NOTES, f"written in {number}\nover the years")
        made.state.set_note(number, SHELF, f"S{number}")
    made.state.set_note(500_003, MEDIA, "Mint (M)")
    made.puller.read_whole()
    made.library._core.store._db.execute("PRAGMA synchronous=OFF")
    library = made.library
    library.rate([500_004], 4)
    library.set_notes([500_003], {NOTES: "typed here, not sent"})
    library.move([500_006], EMPTY)
    library.remove([500_005])
    library.add(unseen_release(1006), JAZZ)
    library.new_folder("New")
    library.rename_folder(ODD, "Even")
    line = Line(made)
    made.line.before_each = line
    return line


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr("discotui.sync.pull.LARGEST_PAGE", 3)
    with rig(tmp_path) as made:
        yield made


def run(made: Rig, line: Line, act: Callable[[], object], mutator: Mutator, count: int) -> dict[str, int]:
    """Let so many broken answers into a reading. Returns how often each outcome came."""
    made.puller.read_whole()
    pristine = state_of(made)
    line.arrange({}, times=0)
    act()
    # Of what can be broken, the pages matter most.
    addresses, dice = [*line.good, *[address for address in line.good if "page=" in address[1]] * 3], mutator.dice
    outcomes: dict[str, int] = {}
    broken = 0
    while broken < count:
        chosen = dice.sample(addresses, 2 if dice.random() < 0.1 else 1)
        mutants = {address: mutator.mutant(*line.good[address]) for address in chosen}
        broken += len(mutants)
        what = "; ".join(f"{address[1]}: {mutant.done}" for address, mutant in mutants.items())
        line.arrange(mutants, times=1 if dice.random() < 0.2 else 1000)
        before = state_of(made)
        outcome = "read"
        try:
            act()
        except (DiscogsError, KeepsChanging) as error:
            outcome = type(error).__name__
        except Exception as error:  # what is not of the tree is what this test is for
            raise AssertionError(what) from error
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if state_of(made) != before:
            assert outcome in ("read", "KeepsChanging"), f"{what}: {outcome}, and yet something changed"
            check_nothing_lost(made, line, before, what)
            line.arrange({}, times=0)
            made.puller.read_whole()
            assert state_of(made) == pristine, f"{what}: not as before after a good reading"
    return outcomes


def test_broken_answers_to_a_whole_reading_lose_nothing(made: Rig) -> None:
    line = prepare(made)
    mutator = Mutator(3, numbers=(JAZZ, EMPTY, 500_001, 500_003, 500_099, 1002))
    outcomes = run(made, line, made.puller.read_whole, mutator, WHOLE)
    assert outcomes.keys() >= {"read", "BadAnswer", "NotLoggedIn", "ServerFault"}
    print(f"{WHOLE} broken answers to whole readings: {outcomes}")


def test_broken_answers_to_a_look_lose_nothing(made: Rig) -> None:
    line = prepare(made)
    mutator = Mutator(4, numbers=(JAZZ, EMPTY, 500_001, 500_003, 500_099, 1002))
    outcomes = run(made, line, made.puller.look, mutator, LOOKS)
    assert outcomes.keys() >= {"read", "BadAnswer", "NotLoggedIn", "ServerFault"}
    print(f"{LOOKS} broken answers to looks: {outcomes}")
