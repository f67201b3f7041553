"""Each screen in each size, as a picture. Look at the pictures before accepting a change: ``--snapshot-update``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from discotui.start import start_demo
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.main import MainScreen
from discotui.ui.screens.typed_yes import TypedYes
from tests.pictures import read, still

Compare = Callable[..., bool]

NARROW, NORMAL, WIDE = (60, 20), (80, 24), (140, 40)
SIZES = pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE], ids=["60x20", "80x24", "140x40"])


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def demo(tmp_path: Path, *, read_only: bool = False) -> DiscotuiApp:
    return DiscotuiApp(start_demo(tmp_path, read_only=read_only), environ={})


def keys(*pressed: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Waits for the demo to be read, presses keys, and waits until what they opened is drawn."""

    async def press(pilot: Pilot[Any]) -> None:
        if isinstance(pilot.app.screen, MainScreen):
            await read(pilot)
        for key in pressed:
            await pilot.press(key)
            await pilot.pause(0.05)
        for entry in pilot.app.screen.query("Input, TextArea"):
            assert isinstance(entry, Input | TextArea)
            entry.cursor_blink = False
        await still(pilot)

    return press


async def lose_many(pilot: Pilot[Any]) -> None:
    """A third of the demo's items goes missing at its server; waits until that is asked about."""
    await read(pilot)
    app = pilot.app
    assert isinstance(app, DiscotuiApp)
    assert app.session is not None
    server = app.session.start.demo
    assert server is not None
    for number in list(server.state.instances)[::3]:
        server.state.remove(number)
    assert app.session.engine is not None
    app.session.engine.read_again()
    while not isinstance(app.screen, TypedYes):
        await pilot.pause(0.05)
    app.screen.query_one(Input).cursor_blink = False
    await still(pilot)


@SIZES
def test_main(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*"jjjjjjjjj"))


@SIZES
def test_folders(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("shift+tab", "j", "j"))


@SIZES
def test_item(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*"jjjjjjjjj", "enter"))


@SIZES
def test_another_folder_in_another_order(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    pressed = ("shift+tab", "end", "up", "enter", "s", "r", "a", "t", "enter")
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*pressed))


@SIZES
def test_an_empty_folder(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("shift+tab", "end", "enter"))


@SIZES
def test_edit(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*"jjjjjjjjj", "e", "tab", "tab"))


@SIZES
def test_zoom(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("z"))


@SIZES
def test_move(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("m", "a"))


@SIZES
def test_sort(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("s"))


@SIZES
def test_remove(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("d"))


@SIZES
def test_leave_with_a_change_waiting(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("d", "y", "q"))


@SIZES
def test_add(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("a", *"1001", "enter"))


@SIZES
def test_new_folder(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("n", *"Shellac"))


@SIZES
def test_missing_items(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=lose_many)


@SIZES
def test_help(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("question_mark"))


@SIZES
def test_palette(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("ctrl+p", *"ra"))


@SIZES
def test_read_only(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path, read_only=True), terminal_size=size, run_before=keys("4"))


@SIZES
def test_welcome(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(DiscotuiApp(None, environ={}), terminal_size=size, run_before=keys())


def test_a_window_that_is_too_small_says_so(snap_compare: Compare, tmp_path: Path) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=(50, 15), run_before=keys())
