"""Garbage is looked for while nobody is at the keys."""

from __future__ import annotations

import gc

import pytest

from discotui.ui import housekeeping
from discotui.ui.housekeeping import Housekeeping
from tests.collection import Clock
from tests.ui.driving import demo_app


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(housekeeping, "monotonic", clock)
    return clock


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done; no other garbage collection comes in between, and there is much to collect."""
    done: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda: done.append("collected"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("frozen"))
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 50))
    return done


def test_nothing_is_collected_while_somebody_types(clock: Clock, collected: list[str]) -> None:
    keeping = Housekeeping(is_plain=lambda: True)
    for _second in range(100):
        clock.now += 1
        keeping.touched()
        keeping.look()
    assert not collected
    clock.now += 2
    keeping.look()
    assert collected == ["collected"]


def test_after_some_minutes_it_is_done_all_the_same(clock: Clock, collected: list[str]) -> None:
    keeping = Housekeeping(is_plain=lambda: True)
    for _second in range(400):
        clock.now += 1
        keeping.touched()
        keeping.look()
    assert collected == ["collected"]


@pytest.mark.parametrize(("is_plain", "wanted"), [(True, ["collected", "frozen"]), (False, ["collected"])])
def test_what_made_it_long_is_left_out_later_but_not_while_a_dialog_is_open(
    clock: Clock, collected: list[str], monkeypatch: pytest.MonkeyPatch, is_plain: bool, wanted: list[str]
) -> None:
    times = iter([0.0, 0.1])
    monkeypatch.setattr(housekeeping, "thread_time", lambda: next(times))
    keeping = Housekeeping(is_plain=lambda: is_plain)
    clock.now += 2
    keeping.look()
    assert collected == wanted


@pytest.mark.anyio
async def test_python_collects_as_before_once_the_program_has_ended() -> None:
    before = gc.get_threshold()
    async with demo_app():
        assert gc.get_threshold()[2] > 100_000
    assert gc.get_threshold() == before
