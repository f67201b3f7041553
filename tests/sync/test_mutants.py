"""The proofs prove something: with a grave mistake in the program they fail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import httpx
import pytest

from tests.places import quick_folder
from tests.sync import test_conflicts, test_fault_matrix, test_faults, test_lost_answers
from tests.sync.kill.cases import Case, Scenario, Station
from tests.sync.kill.server import Way
from tests.sync.kill.tally import Tally
from tests.sync.mutants import blind_overwrite, naive_repeat, partial_pull
from tests.sync.rig import When

Check = Callable[[Path], None]
"""A test of the suite; it fails by an AssertionError."""


def killed(path: Path, kind: str, way: Way) -> None:
    """Every step of a scenario, until something is wrong."""
    with closing(Station(path)) as station:
        tally, crash_at = Tally(), 1
        while station.run(Case(Scenario(kind, way), crash_at), tally) and not tally.failures:
            crash_at += 1
    assert tally.failures == []


def lost_answer(kind: str) -> Check:
    return lambda path: test_lost_answers.test_a_broken_line_leaves_exactly_one_effect(
        path, kind, When.AFTER, httpx.ReadTimeout
    )


def changed_elsewhere(kind: str) -> Check:
    return lambda path: test_conflicts.test_what_was_changed_elsewhere_since_the_last_reading_is_not_overwritten(
        path, kind
    )


def changed_after_a_lost_answer(kind: str) -> Check:
    return lambda path: test_lost_answers.test_what_was_changed_elsewhere_since_is_not_overwritten(
        path, kind, When.BEFORE, restarts=True
    )


def fault_in_a_reading(fault: str, number: int) -> Check:
    return lambda path: test_faults.test_a_fault_from_any_request_on_leaves_everything_as_it_was(path, fault, number)


def cell(fault: str, name: str) -> Check:
    return lambda path: test_fault_matrix.test_a_fault_ends_as_the_table_says(
        path, {name: test_fault_matrix.calm_after(name)}, fault, name
    )


MUTANTS: dict[str, tuple[Callable[[], AbstractContextManager[None]], dict[str, Check]]] = {
    "naive repeat": (
        naive_repeat,
        {
            "a lost answer to an addition": lost_answer("add"),
            "a lost answer to a new folder": lost_answer("new folder"),
            "a late commit": lambda path: test_lost_answers.test_a_late_commit_leaves_exactly_one_effect(
                path, "add", 10.0
            ),
            "a cell of the table": cell("hang after commit", "add"),
            "a kill": lambda path: killed(path, "add", Way.ANSWERS),
        },
    ),
    "blind overwrite": (
        blind_overwrite,
        {
            **{f"changed elsewhere: {kind}": changed_elsewhere(kind) for kind in test_lost_answers.CHANGES_ELSEWHERE},
            **{
                f"changed after a lost answer: {kind}": changed_after_a_lost_answer(kind)
                for kind in test_lost_answers.CHANGES_ELSEWHERE
            },
            "a kill": lambda path: killed(path, "keep mine", Way.ANSWERS),
        },
    ),
    "delete on a partial pull": (
        partial_pull,
        {
            "a server fault": fault_in_a_reading("500", 5),
            "a time-out": fault_in_a_reading("timeout", 5),
            "too fast": fault_in_a_reading("429", 4),
            "no login": fault_in_a_reading("401", 7),
        },
    ),
}


@pytest.mark.parametrize(
    ("mutant", "check"), [(mutant, check) for mutant, (_, checks) in MUTANTS.items() for check in checks]
)
def test_a_mutant_is_caught(mutant: str, check: str) -> None:
    mutated, checks = MUTANTS[mutant]
    with quick_folder() as path, mutated(), pytest.raises(AssertionError):
        checks[check](path)
