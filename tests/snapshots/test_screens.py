"""Each screen in each size, as a picture. Look at the pictures before accepting a change: ``--snapshot-update``."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label, TextArea

from discotui.credentials import Token
from discotui.demo.server import DemoServer
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.library.core import Changes
from discotui.library.deciding import Counts
from discotui.library.library import Library
from discotui.start import Kind, start_demo
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.main import MainScreen
from discotui.ui.screens.opening import OpeningScreen
from discotui.ui.screens.typed_yes import TypedYes
from tests.collection import Clock
from tests.pictures import read, still
from tests.ui.driving import Wire, WiredStart

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
        if isinstance(pilot.app.screen, OpeningScreen | MainScreen):
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
    while not (isinstance(app.screen, TypedYes) and app.screen.query(Input)):
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
def test_columns(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("C", *"jj", "space", *"jjj", "right", "K"))


@SIZES
def test_columns_of_ones_own(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    pressed = ("C", "w", "enter", *"jjj", *["right"] * 10)
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*pressed))


@SIZES
@pytest.mark.parametrize("typed", [("n",), ("down", "down"), ("x", "y")], ids=["option", "stepped", "no-option"])
def test_a_cell(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], typed: tuple[str, ...]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*"jjj", "E", "enter", *typed))


@SIZES
def test_remove(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("d"))


@SIZES
def test_leave_with_a_change_waiting(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("d", "y", "q"))


class Paced(WiredStart):
    """A start at which no time passes: what has reached Discogs' limit waits there."""

    def client(self) -> DiscogsClient:
        def wait(event: threading.Event, _: float) -> None:
            event.wait()

        throttle = Throttle(60, clock=lambda: 1000.0, wait=wait)
        return DiscogsClient(self.token, transport=self.wire, throttle=throttle)


def sending(
    app: DiscotuiApp, wire: Wire, is_there: Callable[[str], bool], *pressed: str
) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Waits for the collection to be read, rates sixty items, and sends them until something is said."""
    is_open = threading.Event()

    def hold(request: httpx.Request) -> None:
        if request.method != "GET":
            is_open.wait(30)

    wire.before = hold

    async def run(pilot: Pilot[Any]) -> None:
        await read(pilot)
        assert app.session is not None
        items = sorted(app.session.library.items(), key=lambda item: item.instance_id)
        main = app.screen
        assert isinstance(main, MainScreen)
        rated = app.session.library.rate([item.instance_id for item in items[:60]], 5)
        main.show_changes(rated.changes)
        # Large edits are followed once a second: here at its beginning and at its end, however fast the machine is.
        main._follow_large()
        await keys("q", "s")(pilot)
        is_open.set()
        end = time.monotonic() + 60
        while not is_there("\n".join(str(label.render()) for label in app.screen.query(Label))):
            assert time.monotonic() < end, "never said"
            await pilot.pause(0.05)
        main._follow_large()
        await keys(*pressed)(pilot)

    return run


@SIZES
def test_leave_while_it_is_sent(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    wire = Wire(DemoServer())
    start = Paced(Kind.OWN, wire.server.state.username, Token(wire.server.token), folder=tmp_path, wire=wire)
    app = DiscotuiApp(start, environ={})
    run_before = sending(app, wire, lambda text: "Discogs' limit: goes on in" in text)
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@SIZES
def test_leave_after_a_refusal(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    wire = Wire(DemoServer(rate_limit=100_000))
    wire.server.fail_next(403, '{"message": "Ratings are closed."}', method="POST", times=3)
    start = Paced(Kind.OWN, wire.server.state.username, Token(wire.server.token), folder=tmp_path, wire=wire)
    app = DiscotuiApp(start, environ={})
    run_before = sending(app, wire, lambda text: "Leave?" in text)
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@SIZES
def test_add(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("a", *"1001", "enter"))


@SIZES
def test_new_folder(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("n", *"Shellac"))


@SIZES
def test_saved_view(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    saving = ("slash", *"media:vg+..", "ctrl+s", *"Best", "enter")
    pressed = (*saving, "escape", "shift+tab", "end", "e", "tab", "end", *"x", "enter")
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*pressed))


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


# --- many items -------------------------------------------------------------------------------------------------


@SIZES
def test_marks(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    pressed = ("space", "space", "j", "v", "j", "j", "j")
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys(*pressed))


@pytest.fixture
def forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of Discogs' limit hangs on the moment: here it does not."""
    monkeypatch.setattr("discotui.sync.engine.Engine.requests_left", 41)
    monkeypatch.setattr("discotui.sync.engine.Engine.cost_of", lambda *_: (380, 5, 400.0))
    monkeypatch.setattr("discotui.sync.engine.Engine.seconds_to_send", lambda *_: 400.0)


def held(*pressed: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Presses keys while nothing is sent."""

    async def press(pilot: Pilot[Any]) -> None:
        await read(pilot)
        app = pilot.app
        assert isinstance(app, DiscotuiApp)
        assert app.session is not None
        assert app.session.engine is not None
        app.session.engine.hold_sending()
        await keys(*pressed)(pilot)
        await pilot.pause(1.1)
        await still(pilot)

    return press


@SIZES
@pytest.mark.usefixtures("forecast")
@pytest.mark.parametrize("place", ["rating", "removal", "field", "text", "progress"])
def test_edits_of_all_marked(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], place: str) -> None:
    pressed = {
        "rating": ("asterisk", "5"),
        "removal": ("asterisk", "d"),
        "field": ("asterisk", "e", *"bou"),
        "text": ("asterisk", "e", *"notes a", "enter", *"Lent to Mia"),
        "progress": ("asterisk", "5", "y", "b"),
    }
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=held(*pressed[place]))


# --- the changes ------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Time that stands still, of a zone that is everybody's, and nothing that rests before it is tried again."""
    clock = Clock()
    defaults = Library.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "clock", clock)
    monkeypatch.setattr("discotui.sync.engine.Engine.requests_left", 41)
    monkeypatch.setattr("discotui.sync.engine.SECONDS_BETWEEN_TRIES", (0.02,))
    monkeypatch.setattr("discotui.sync.push.SECONDS_BEFORE_CHECKING", 0.0)
    monkeypatch.setattr("discotui.sync.push.SECONDS_BETWEEN_CHECKS", 0.0)
    monkeypatch.setattr("discotui.sync.push.RESTS_AFTER_FAULT", (0.0,))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield clock
    monkeypatch.undo()
    time.tzset()


def one_of_each(clock: Clock, *pressed: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Makes a change of each sort, then presses keys."""

    async def make(pilot: Pilot[Any]) -> None:
        await read(pilot)
        app = pilot.app
        assert isinstance(app, DiscotuiApp)
        assert app.session is not None
        library, server = app.session.library, app.session.start.demo
        assert server is not None
        by_release = {item.release_id: item for item in library.items()}
        items = sorted(by_release.values(), key=lambda item: item.search)
        notes = next(field.field_id for field in library.fields() if not field.is_dropdown)

        async def until(condition: Callable[[Counts], bool]) -> None:
            for _ in range(400):
                if condition(library.deciding.counts()):
                    return
                await pilot.pause(0.05)
            raise TimeoutError(library.deciding.counts())

        library.rate([items[2].instance_id], 1 + items[2].rating % 5)
        library.move([items[3].instance_id], library.folders()[-1].folder_id)
        library.set_notes([items[4].instance_id], {notes: "Bought at the fair.\nSleeve signed on the back."})
        await until(lambda counts: counts.waiting == 0)
        library.remove([items[8].instance_id])
        clock.now += 60
        library.rate([items[9].instance_id], 1 + items[9].rating % 5)
        await until(lambda counts: counts.waiting == 0)
        clock.now += 3 * 3600
        server.fail_next(422, '{"message": "Rating is out of range"}', method="POST")
        library.rate([items[5].instance_id], 1 + items[5].rating % 5)
        await until(lambda counts: counts.failed == 1)
        server.fail_next(502, "", method="POST", match=f"/releases/{items[6].release_id}", times=2)
        library.add(items[6], 1)
        await until(lambda counts: counts.parked == 1)
        # That it is not there was found out by reading everything again.
        await until(lambda _: library.read_at() == clock.now)
        clock.now += 600
        server.state.set_note(items[0].instance_id, notes, "Cleaned in May.\nPlays well, a click on B2.")
        server.state.rate(items[1].release_id, 1 + items[1].rating % 5)
        library.set_notes([items[0].instance_id], {notes: "Cleaned in May.\nPlays with a click on B2, else near mint."})
        library.rate([items[1].instance_id], 1 + (items[1].rating + 1) % 5)
        await until(lambda counts: counts.conflicts == 2)
        library.remove([items[7].instance_id])
        main = app.screen
        assert isinstance(main, MainScreen)
        main.show_changes(Changes(folders=True))
        # What sync has told may still be on its way.
        await still(pilot)
        app.clear_notifications()
        await keys(pressed[0])(pilot)
        while app.focused is None:
            await pilot.pause(0.05)
        await keys(*pressed[1:])(pilot)

    return make


@SIZES
@pytest.mark.parametrize("place", ["conflict", "heading", "refused", "choices", "search"])
def test_changes(snap_compare: Compare, tmp_path: Path, clock: Clock, size: tuple[int, int], place: str) -> None:
    pressed = {
        "conflict": ("c",),
        "heading": ("c", "g"),
        "refused": ("c", *"jjjjj"),
        "choices": ("c", "enter"),
        "search": ("c", "slash", *"fair"),
    }
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=one_of_each(clock, *pressed[place]))


@SIZES
def test_an_item_in_conflict(snap_compare: Compare, tmp_path: Path, clock: Clock, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=one_of_each(clock, "g", "enter"))


@SIZES
def test_no_changes_yet(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(demo(tmp_path), terminal_size=size, run_before=keys("c"))
