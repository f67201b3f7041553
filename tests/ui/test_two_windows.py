"""The same collection in two windows."""

from __future__ import annotations

import pytest

from discotui.ui.app import DiscotuiApp
from tests.ui.driving import (
    WiredStart,
    all_said,
    demo_app,
    news,
    opened,
    press,
    screen_text,
    settled,
    table,
    titles,
    toasts,
    type_text,
    until,
    writes,
)

pytestmark = pytest.mark.anyio


async def test_the_second_window_shows_the_copy_and_leaves_everything_else_to_the_first(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (first, pilot, server):
        asked_before = len(server.log)
        second = DiscotuiApp(own_start)
        async with second.run_test(size=(120, 30), notifications=True) as other:
            await opened(other)
            await until(other, lambda: any("open in another window" in said for said in toasts(second)))
            assert titles(second) == titles(first)
            for key in "4", "r", "d":
                await other.press(key)
            assert not writes(server.log)
            assert len(server.log) == asked_before
        await press(pilot, "4")
        await settled(pilot)
        assert len(writes(server.log)) == 1
        assert "rated" in news(first)


async def test_the_second_window_follows_the_first(own_start: WiredStart) -> None:
    assert own_start.wire is not None
    async with demo_app(start=own_start) as (first, pilot, server):
        second = DiscotuiApp(own_start)
        async with second.run_test(size=(120, 30), notifications=True) as other:
            await opened(other)
            own_start.wire.is_cut = True
            await press(pilot, "4", "G", "m")
            await type_text(pilot, "empty")
            await press(pilot, "enter", "n")
            await type_text(pilot, "New one")
            await press(pilot, "enter")
            await until(other, lambda: "3 changes waiting ↑" in all_said(second))
            assert [item.rating for item in table(second).items] == [item.rating for item in table(first).items]
            await until(other, lambda: "New one" in screen_text(other))
            row = next(line for line in screen_text(other).splitlines() if "Journey" in line)
            assert "↑" in row
            own_start.wire.is_cut = False
            await press(pilot, "r")
            await settled(pilot)
            await until(other, lambda: "waiting" not in all_said(second))
            assert table(second).items == table(first).items
            await other.press("q")
            await until(other, lambda: second._exit)
        assert len(writes(server.log)) == 3


async def test_the_second_window_tells_when_the_first_is_closed(own_start: WiredStart) -> None:
    second = DiscotuiApp(own_start)
    async with demo_app(start=own_start) as (_first, pilot, _server):
        context = second.run_test(size=(120, 30), notifications=True)
        other = await context.__aenter__()
        await opened(other)
        assert not any("other window was closed" in said for said in toasts(second))
        await press(pilot, "j")
    try:
        await until(other, lambda: any("other window was closed" in said for said in toasts(second)))
    finally:
        await context.__aexit__(None, None, None)


async def test_when_the_first_window_is_closed_the_next_one_may_change_things_again(own_start: WiredStart) -> None:
    async with demo_app(start=own_start):
        pass
    async with demo_app(start=own_start) as (app, pilot, server):
        await press(pilot, "3")
        await settled(pilot)
        assert len(writes(server.log)) == 1
        assert not app.session or not app.session.is_second
