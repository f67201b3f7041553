"""Runs cases, and judges what came of them."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from discotui.demo.serve import running
from discotui.library.library import Library
from discotui.library.outbox import State
from tests.sync.kill.kinds import KINDS, Kind, random_edits
from tests.sync.kill.server import Collection, UnreliableServer, Way, canonical
from tests.sync.kill.tally import Doubled, Lost, Tally
from tests.sync.kill.victim import Job, is_time_for_late
from tests.sync.rig import Clock, Rig

ROOT = Path(__file__).parents[3]
START = 1_790_000_000.0
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Some edits and a server that goes wrong.

    Attributes:
        kind: Which edits.
        way: How the server goes wrong.
        number: At which of the requests that change something.
    """

    kind: str
    way: Way
    number: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario in which the program is killed.

    Attributes:
        crash_at: At which of its steps, from 1.
        again: At which step it is killed after the restart; 0 for not at all.
        pause: Seconds between death and restart.
    """

    scenario: Scenario
    crash_at: int
    again: int = 0
    pause: float = HOUR


@dataclass(slots=True)
class Fate:
    """What became of a victim.

    Attributes:
        begun: How many edits were begun.
        shown: How many of these the screen acknowledged; the names of the verbs where it told them.
        sent: How many requests went out whole.
        died_at: The step at which it was killed, "" when it came to its end.
        steps: How many steps it had, when it came to its end.
    """

    begun: int = 0
    shown: list[str] = field(default_factory=list)
    sent: int = 0
    died_at: str = ""
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Calm:
    """Where a kind of edit ends when nothing goes wrong, after none, one, … of its edits.

    Attributes:
        shown: What the screen shows as soon as the last of them is acknowledged.
        there: What the server has in the end.
    """

    shown: list[Collection]
    there: list[Collection]


class Station:
    """A server, and a process that forks victims of it.

    Args:
        folder: A place of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self._calm: dict[str, Calm] = {}
        self.server = UnreliableServer()
        self._template, self._path = folder / "template.sqlite", folder / "library.sqlite"
        with closing_rig(Rig(self._template, self.server, Clock(START))) as made:
            made.puller.read_whole()
        url = self._stack.enter_context(running(self.server))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sync.kill.victim", url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def close(self) -> None:
        """End the server and the other process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(20) == 0
        self._stack.close()

    def live(self, job: Job) -> Fate:
        """Let a victim live until it is killed or has nothing more to do."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        fate = Fate()
        for line in self._process.stdout:
            word, _, rest = line.strip().partition(" ")
            match word:
                case "edits":
                    fate.begun += 1
                case "shown":
                    fate.shown.append(rest)
                case "sent":
                    fate.sent += 1
                case "killed":
                    fate.died_at = rest
                case "lived":
                    fate.steps = int(rest)
                case "over":
                    expected = signal.SIGKILL if fate.died_at else 0
                    assert int(rest) == expected, f"{job}: status {rest}"
                    return fate
        raise AssertionError(f"{job}: the process that forks has ended")

    # --- edits that are sent --------------------------------------------------------------------------

    def run(self, case: Case, tally: Tally) -> bool:
        """Run a case and judge it. Returns whether the victim was killed at all."""
        kind, way = KINDS[case.scenario.kind], case.scenario.way
        calm = self._calm_of(case.scenario.kind)
        self._fresh_file()
        self.server.begin(way, case.scenario.number)
        kind.elsewhere(self.server.state)
        job = Job(str(self._path), START, case.crash_at, case.scenario.kind, way.value)
        fate = self.live(job)
        now = START + case.pause
        self.server.wait_for(fate.sent)
        where = fate.died_at
        if fate.died_at and case.again:
            second = self.live(Job(str(self._path), now, case.again, "", way.value))
            self.server.wait_for(fate.sent + second.sent)
            where += f", again {second.died_at or 'not'}"
            tally.again += bool(second.died_at)
            now += case.pause
        self.server.calm()
        try:
            tally.parked += self._judge(case, kind, calm, fate, now)
        except Doubled as error:
            tally.double.append(f"{case} at {where}: {error}")
        except Lost as error:
            tally.lost.append(f"{case} at {where}: {error}")
        except AssertionError as error:
            tally.wrong.append(f"{case} at {where}: {error!r}")
        if not fate.died_at:
            tally.calm += 1
            return False
        tally.cases += 1
        tally.died_at[fate.died_at] += 1
        return True

    def _judge(self, case: Case, kind: Kind, calm: Calm, fate: Fate, now: float) -> int:
        """Start the program again, and compare. Returns how many changes had to be asked about."""
        # What was being edited when it died may be there or not; what was acknowledged must be.
        possible = range(len(fate.shown), fate.begun + 1) if fate.died_at else [len(fate.shown)]
        is_lossy = bool(case.again) or case.scenario.way.loses_it
        with closing_rig(Rig(self._path, self.server, Clock(now))) as made:
            self._check_file()
            shown = [done for done in possible if shown_by(made.library) == calm.shown[done]]
            if not shown:
                raise Lost(f"shown after the restart: {shown_by(made.library)}")
            self._drain(made, case.scenario.way)
            done, asked = self._decide(made, kind, shown, calm, is_lossy=is_lossy)
            self._compare(canonical(self.server.state), calm.there[done])
            failed = made.library.deciding.failed()
            assert failed == [], f"refused: {failed}"
            assert made.agrees(), "the library and the server differ"
        self._check_file()
        return asked

    def _drain(self, made: Rig, way: Way) -> None:
        """Send all that goes by itself; what the server was slow with comes when it may come at the latest."""
        if is_time_for_late(way, made.library):
            self.server.deliver_late()
        first = [s.entry.seq for s in made.library.deciding.standing() if s.entry.state.is_under_way]
        made.after_each = lambda entry: self.server.deliver_late() if entry.seq in first else None
        made.send_all()
        self.server.deliver_late()

    def _decide(self, made: Rig, kind: Kind, shown: list[int], calm: Calm, *, is_lossy: bool) -> tuple[int, int]:
        """Answer what the person is asked. Returns how many edits were made, and how many questions there were."""
        standing = [standing.entry for standing in made.library.deciding.standing()]
        states = [entry.state for entry in standing]
        if State.CONFLICT in states:
            assert states == [State.CONFLICT], f"waits: {states}"
            self._compare(canonical(self.server.state), calm.there[1])
            kind.edits[1](made.library)
            made.send_all()
            return 2, 1
        parked = [entry for entry in standing if entry.state is State.PARKED]
        if standing:
            # Only what makes something new waits for an answer, when it was lost twice; and what needs it.
            assert is_lossy, f"waits: {states}"
            assert parked, f"waits: {states}"
            for entry in parked:
                made.library.deciding.retry(entry.seq)
            made.send_all()
        there = canonical(self.server.state)
        return next((done for done in shown if calm.there[done] == there), shown[-1]), len(parked)

    def _compare(self, there: Collection, expected: Collection) -> None:
        if there == expected:
            return
        (items, folders), (known_items, known_folders) = there, expected
        more_items = Counter(row[0] for row in items) - Counter(row[0] for row in known_items)
        more_folders = Counter(folders) - Counter(known_folders)
        found, missing = Counter(map(repr, items)), Counter(map(repr, known_items))
        raise (Doubled if more_items or more_folders else Lost)(
            f"there is {[*(found - missing)]} in {folders}, not {[*(missing - found)]} in {known_folders}"
        )

    def _calm_of(self, name: str) -> Calm:
        """What comes of the first edits of a kind, when nothing goes wrong."""
        if name not in self._calm:
            kind = KINDS[name]
            calm = Calm([], [])
            for count in range(len(kind.edits) + 1):
                self._fresh_file()
                self.server.begin()
                kind.elsewhere(self.server.state)
                with closing_rig(Rig(self._path, self.server, Clock(START))) as made:
                    shown = shown_by(made.library)
                    for edit in kind.edits[:count]:
                        edit(made.library)
                        shown = shown_by(made.library)
                        if kind.one_by_one:
                            made.send_all()
                    made.send_all()
                calm.shown.append(shown)
                calm.there.append(canonical(self.server.state))
            self._calm[name] = calm
        return self._calm[name]

    # --- edits that are shown -------------------------------------------------------------------------

    def run_marked(self, seed: int, tally: Tally) -> None:
        """Kill the program right after the mark of its last edit of some appears, before anything is sent."""
        count = 1 + seed % 6
        self._fresh_file()
        job = Job(str(self._path), START, crash_at=count, seed=seed, count=count)
        fate = self.live(job)
        assert (fate.died_at, len(fate.shown)) == ("shown", count), f"{job}: {fate}"
        after_kill = self._read_file()
        self._fresh_file()
        with closing(Library(self._path, clock=Clock(START))) as twin:
            random_edits(twin, seed, count)
        if after_kill != self._read_file():
            tally.lost.append(f"{job}: {fate.shown}")
        tally.cases += 1
        tally.died_at[fate.shown[-1]] += 1

    def _read_file(self) -> tuple[list[str], object]:
        """All that is in the file, and what the screen shows of it."""
        with closing(Library(self._path, clock=Clock(START))) as library:
            self._check_file()
            shown = (shown_by(library), [standing.entry for standing in library.deciding.standing()])
        with closing(sqlite3.connect(self._path)) as file:
            return list(file.iterdump()), shown

    def run_torn(self, kind: str) -> None:
        """Kill the program when a part of what it has not committed is in the file already."""
        self._fresh_file()
        before = self._read_file()
        fate = self.live(Job(str(self._path), START, crash_at=2, kind=kind))
        assert (fate.died_at, fate.shown) == ("written", [])
        whole = self._template.read_bytes()
        assert self._path.read_bytes()[: len(whole)] != whole, "nothing was written early"
        assert self._read_file() == before

    # --- the file -------------------------------------------------------------------------------------

    def _fresh_file(self) -> None:
        Path(f"{self._path}-journal").unlink(missing_ok=True)
        shutil.copyfile(self._template, self._path)

    def _check_file(self) -> None:
        with closing(sqlite3.connect(self._path)) as file:
            found = file.execute("PRAGMA integrity_check").fetchall()
        assert found == [("ok",)], f"the file is damaged: {found}"


@contextmanager
def closing_rig(made: Rig) -> Iterator[Rig]:
    """A rig that is closed in the end."""
    try:
        yield made
    finally:
        made.library.close()
        made.client.close()


def shown_by(library: Library) -> Collection:
    """What the screen shows, whatever the numbers."""
    names = {row.folder_id: row.name for row in library.folders()}
    items = [
        (item.release_id, names[item.folder_id], item.rating, sorted((item.notes or {}).items()))
        for item in library.items()
    ]
    return sorted(items), sorted(names.values())
