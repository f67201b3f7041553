"""All cases, or a fair sample of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.places import quick_folder
from tests.sync.kill.cases import HOUR, Case, Scenario, Station
from tests.sync.kill.kinds import KINDS
from tests.sync.kill.server import Way
from tests.sync.kill.tally import Tally

STATIONS = 2
PAUSES = (HOUR, 2.0)
"""Seconds after which the program is started again, in turn."""
AGAIN_EVERY = 7
"""Of so many cases one is killed a second time, after it was started again."""


def scenarios(kinds: Iterable[str] = KINDS) -> list[Scenario]:
    """All of some kinds: every way to go wrong at every request that changes something."""
    return [
        Scenario(kind, way, number)
        for kind in kinds
        for way in Way
        for number in range(1, 2 if way is Way.ANSWERS else KINDS[kind].writes + 1)
    ]


def in_stations(work: Callable[[Station, int, Tally], None], numbers: Iterable[int]) -> Tally:
    """Do numbered work in several stations at once."""
    started = time.monotonic()
    jobs = list(numbers)

    def one(share: list[int]) -> Tally:
        tally = Tally()
        with quick_folder() as path, closing(Station(path)) as station:
            for number in share:
                work(station, number, tally)
        return tally

    with ThreadPoolExecutor(STATIONS) as pool:
        tallies = list(pool.map(one, [jobs[start::STATIONS] for start in range(STATIONS)]))
    whole = Tally()
    for tally in tallies:
        whole += tally
    whole.seconds = time.monotonic() - started
    return whole


def run_all(stride: int = 1, kinds: Iterable[str] = KINDS) -> Tally:
    """Kill at every step of every scenario, or at each so many-th; in each scenario another one is the first."""
    known = scenarios(kinds)

    def work(station: Station, number: int, tally: Tally) -> None:
        crash_at, turn = 1 + number % stride, number
        while True:
            again = 1 + turn * 5 % 23 if turn % AGAIN_EVERY == 0 else 0
            pause = PAUSES[turn % len(PAUSES)]
            if not station.run(Case(known[number], crash_at, again, pause), tally):
                return
            crash_at += stride
            turn += 1

    return in_stations(work, range(len(known)))


def run_marked(cases: int) -> Tally:
    """Kill right after the mark appears, so often."""
    return in_stations(lambda station, seed, tally: station.run_marked(seed, tally), range(cases))
