"""Killed without warning at any moment: what was acknowledged is at the server once, or still waits."""

from __future__ import annotations

from contextlib import closing

from tests.figures import told
from tests.places import quick_folder
from tests.sync.kill.cases import Station
from tests.sync.kill.kinds import LONG_NOTES, VERBS
from tests.sync.kill.runs import run_all, run_marked

EVERY = 17
"""Of all kills so many-th ones are a fair sample: another one of each scenario is the first. ``python -m
tests.sync.kill`` takes them all."""
STEPS = {"begun", "written", "committed", "shown", "connected", "sent", "answered", "read"}


def test_killed_at_any_step_every_edit_is_at_the_server_once_or_still_waits() -> None:
    tally = run_all(EVERY)

    told(f"killed at any step: {tally}")
    assert tally.failures == []
    assert tally.cases >= 1000
    assert tally.again >= 100
    assert tally.died_at.keys() == STEPS


def test_killed_right_after_the_mark_nothing_is_lost() -> None:
    tally = run_marked(1000)

    told(f"killed right after the mark: {tally}")
    assert tally.failures == []
    assert tally.cases == 1000
    assert tally.died_at.keys() == set(VERBS)


def test_killed_with_half_of_an_edit_in_the_file_the_other_half_is_not_missed() -> None:
    with quick_folder() as path, closing(Station(path)) as station:
        station.run_torn(LONG_NOTES)
