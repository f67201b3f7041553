"""What is to be done once is done, even when the program was held up in the meantime."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import _time
from textual.app import App

import discotui
from discotui.ui.once import once

pytestmark = pytest.mark.anyio


async def test_what_is_late_from_the_start_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    app: App[None] = App()
    async with app.run_test():
        moments = iter([0.0])
        real = _time.get_time

        def held_up() -> float:
            """The first look at the clock is long before all others: another thread had the processor."""
            return real() - 10.0 if next(moments, None) is not None else real()

        monkeypatch.setattr(_time, "get_time", held_up)
        once(app, 0.001, lambda: done.append("done"))
        for _ in range(200):
            await asyncio.sleep(0.005)
            if done:
                break
        await asyncio.sleep(0.02)
        assert done == ["done"]


async def test_it_can_be_called_off_and_begun_anew() -> None:
    done: list[str] = []
    app: App[None] = App()
    async with app.run_test():
        once(app, 0.01, lambda: done.append("called off")).stop()
        timer = once(app, 0.05, lambda: done.append("done"))
        timer.reset()
        await asyncio.sleep(0.02)
        assert not done
        for _ in range(200):
            await asyncio.sleep(0.005)
            if done:
                break
        await asyncio.sleep(0.1)
        assert done == ["done"]


def test_nothing_else_is_done_by_a_timer_that_can_be_lost() -> None:
    package = Path(discotui.__file__).parent
    users = [path.name for path in package.rglob("*.py") if ".set_timer(" in path.read_text("utf-8")]
    assert users == []
