"""The whole program driven by keys: real screens, library and sync against a demo server in memory.

Only time and the network are replaced: what waits for seconds in earnest waits for a moment here, and requests
go to the server without a socket.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Select, Static, TextArea
from textual.worker import WorkerState

from discotui.credentials import Token
from discotui.demo.data import state_from
from discotui.demo.server import DemoServer, LogEntry
from discotui.demo.state import CollectionState
from discotui.discogs.client import DiscogsClient
from discotui.library.items import Item
from discotui.start import Kind, Start
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.folder_tree import FolderTree
from discotui.ui.widgets.item_pane import ItemPane
from discotui.ui.widgets.release_table import ReleaseTable
from discotui.ui.widgets.status_bar import StatusBar
from tests.demo_data import OWNER, TOKEN, small_data

WIDE = (140, 40)
USUAL = (116, 26)
"""The smallest with all three panes, and some rows more: drawing is most of what a test costs."""
NORMAL = (80, 24)
NARROW = (60, 20)
PATIENCE = 30.0
"""Seconds after which a condition is taken for one that never comes true."""

TypedPilot = Pilot[int]


class Wire(httpx.BaseTransport):
    """The way to a demo server, which can be cut.

    Attributes:
        server: What is at the other end.
        is_cut: Every request fails as it does without a network.
        before: Called with each request before anything happens to it.
        after: Called with each request that was carried out, before its answer is given.
    """

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self._inner = httpx.WSGITransport(app=server)
        self.is_cut = False
        self.before: Callable[[httpx.Request], None] | None = None
        self.after: Callable[[httpx.Request], None] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail."""
        if self.before is not None:
            self.before(request)
        if self.is_cut:
            raise httpx.ConnectError("name not resolved")
        response = self._inner.handle_request(request)
        if self.after is not None:
            self.after(request)
        return response


@dataclass(frozen=True)
class WiredStart(Start):
    """A start whose requests go over a :class:`Wire`, although its collection is no demo.

    Attributes:
        wire: The way to the server.
    """

    wire: Wire | None = None

    @property
    def server(self) -> DemoServer:
        """What is at the other end."""
        assert self.wire is not None
        return self.wire.server

    def client(self) -> DiscogsClient:
        """A client over the wire."""
        return DiscogsClient(self.token, transport=self.wire)


@contextmanager
def moments() -> Iterator[pytest.MonkeyPatch]:
    """What rests or is tried again after seconds does so after a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("discotui.library.outbox.REMOVAL_REST_SECONDS", 0.0)
        patch.setattr("discotui.sync.engine.SECONDS_BETWEEN_TRIES", (0.05,))
        patch.setattr("discotui.sync.pull.PAUSES_BEFORE_ASKING_AGAIN", (0.01, 0.01))
        patch.setattr("discotui.sync.push.SECONDS_BEFORE_CHECKING", 0.0)
        patch.setattr("discotui.sync.push.SECONDS_BETWEEN_CHECKS", 0.0)
        patch.setattr("discotui.ui.screens.main._REST_SECONDS", 0.001)
        patch.setattr("discotui.ui.screens.syncing._GATHER_SECONDS", 0.01)
        patch.setattr("discotui.ui.screens.syncing._SECONDS_BETWEEN_LOOKS", 0.02)
        # Textual's own way to know that nothing goes on is to sleep and look at the processor's time.
        patch.setattr("textual.app.wait_for_idle", quiet)
        patch.setattr("textual.pilot.wait_for_idle", quiet)
        yield patch


@asynccontextmanager
async def removals_rest(seconds: float = 1000.0) -> AsyncIterator[None]:
    """Removals wait before they are sent, as they do for people; to be entered inside :func:`demo_app`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("discotui.library.outbox.REMOVAL_REST_SECONDS", seconds)
        yield


def server_of(data: dict[str, Any] | None = None) -> DemoServer:
    """A server for one test, its rate limit out of the way."""
    return DemoServer(state_from(data or small_data()), token=TOKEN, rate_limit=100_000)


def start_at(
    server: DemoServer, folder: Path, *, kind: Kind = Kind.OWN, user: str = OWNER, read_only: bool = False
) -> WiredStart:
    """How the program is started for a collection of that server."""
    token = None if kind is Kind.PUBLIC else Token(server.token)
    return WiredStart(kind, user, token, read_only=read_only, folder=folder, wire=Wire(server))


@asynccontextmanager
async def demo_app(
    *,
    size: tuple[int, int] = USUAL,
    data: dict[str, Any] | None = None,
    server: DemoServer | None = None,
    start: Start | None = None,
    wait: bool = True,
) -> AsyncIterator[tuple[DiscotuiApp, TypedPilot, DemoServer]]:
    """The program on a collection, read, in a window of that size.

    Args:
        size: Columns and rows.
        data: Of the collection, in the shape of the sample's file; the small one by default.
        server: In place of one made from the data.
        start: In place of the owner's own.
        wait: Until the collection has been read.

    Yields:
        The app, its pilot, and the server.
    """
    if isinstance(start, WiredStart):
        server = start.server
    server = server or server_of(data)
    with moments(), tempfile.TemporaryDirectory() as folder:
        app = DiscotuiApp(start or start_at(server, Path(folder)))
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True, tooltips=False) as pilot:
            await opened(pilot)
            if wait:
                await settled(pilot)
            yield app, pilot, server
            # As when a person leaves: no timer fires while the screens are taken apart.
            app._exit = True


# --- waiting ------------------------------------------------------------------------------------------------


async def quiet(*_seconds: float) -> None:
    """Let everything run that can run without time passing: whatever is left waits for a timer or a thread."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while ready:
        await asyncio.sleep(0)


async def drawn(pilot: TypedPilot) -> None:
    """Let the screen be laid out and drawn, and what waited for that run."""
    for _round in range(3):
        pilot.app.screen._on_timer_update()
        await quiet()


async def until(
    pilot: TypedPilot, condition: Callable[[], bool], what: str = "", *, patience: float = PATIENCE
) -> None:
    """Wait until something is so, and all that is due by then has been drawn.

    Raises:
        AssertionError: It never came to be.
    """
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never came to be: {what or condition}\n{screen_text(pilot)}")
        await asyncio.sleep(0.005)
        await drawn(pilot)
    await drawn(pilot)


def is_settled(app: DiscotuiApp) -> bool:
    """The collection has been read, nothing waits to be sent or shown, and no worker but sync's runs."""
    main = main_of(app)
    if main is None or app.session is None or app.session.engine is None:
        return False
    library, status = app.session.library, main.query_one(StatusBar).status
    if library.read_at() is None or library.waiting_count() or status.waiting or status.pages or status.looking:
        return False
    if main._gathering is not None or main._resting is not None:
        return False
    # What sync did last may still be on its way to the screen.
    if {item.instance_id: item for item in library.items(main.shown_folder)} != {
        item.instance_id: item for item in main.query_one(ReleaseTable).items
    }:
        return False
    return all(worker.group == "sync" or worker.state is not WorkerState.RUNNING for worker in app.workers)


async def opened(pilot: TypedPilot) -> None:
    """Wait until the main screen is there, or the program has ended because it cannot be."""
    app = app_of(pilot)
    await until(pilot, lambda: app._exit or (main_of(app) is not None and not app.is_holding_keys), "the main screen")


async def settled(pilot: TypedPilot, *, patience: float = PATIENCE) -> None:
    """Wait until nothing goes on any more."""
    app = app_of(pilot)
    await until(pilot, lambda: is_settled(app), "everything read and sent", patience=patience)


async def press(pilot: TypedPilot, *keys: str) -> None:
    """Press keys, and wait until what they did has been shown."""
    for key in keys:
        await pilot.press(key)
        await drawn(pilot)
    screen = main_of(app_of(pilot))
    if screen is not None:
        await until(pilot, lambda: screen._resting is None or not screen.is_attached)


async def resize(pilot: TypedPilot, size: tuple[int, int]) -> None:
    """Make the window another size, columns and rows."""
    await pilot.resize_terminal(*size)
    await until(pilot, lambda: tuple(pilot.app.screen.size) == size)


async def type_text(pilot: TypedPilot, text: str) -> None:
    """Press the keys of a text."""
    await press(pilot, *(_KEYS.get(character, character) for character in text))


_KEYS = {
    " ": "space",
    "/": "slash",
    ":": "colon",
    ".": "full_stop",
    "-": "minus",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "\n": "enter",
}


# --- looking ------------------------------------------------------------------------------------------------


def app_of(pilot: TypedPilot) -> DiscotuiApp:
    """The pilot's app, by its own type."""
    assert isinstance(pilot.app, DiscotuiApp)
    return pilot.app


def main_of(app: DiscotuiApp) -> MainScreen | None:
    """The main screen, once it is there, even below a dialog."""
    return next((screen for screen in app.screen_stack if isinstance(screen, MainScreen) and screen.is_mounted), None)


def main(app: DiscotuiApp) -> MainScreen:
    """The main screen."""
    found = main_of(app)
    assert found is not None
    return found


def table(app: DiscotuiApp) -> ReleaseTable:
    """The release table."""
    return main(app).query_one(ReleaseTable)


def tree(app: DiscotuiApp) -> FolderTree:
    """The folder pane's list."""
    return main(app).query_one(FolderTree)


def pane(app: DiscotuiApp) -> ItemPane:
    """The item pane."""
    return main(app).query_one(ItemPane)


def current(app: DiscotuiApp) -> Item:
    """The item under the cursor."""
    item = table(app).current
    assert item is not None
    return item


def titles(app: DiscotuiApp) -> list[str]:
    """The titles in the table, from above."""
    return [item.title for item in table(app).items]


def news(app: DiscotuiApp) -> str:
    """What the status line says was just done."""
    return main(app).query_one(StatusBar).news


def toasts(app: DiscotuiApp) -> list[str]:
    """The messages that stand in the corner, oldest first."""
    notifications: list[Notification] = list(app._notifications)
    return [notification.message for notification in notifications]


def all_said(app: DiscotuiApp) -> str:
    """Everything that the program says right now beside the collection: status line and messages."""
    return "\n".join([main(app).query_one(StatusBar).render().plain, news(app), *toasts(app)])


def lines_of(screen: Screen[Any]) -> list[str]:
    """A screen as it is drawn, line by line."""
    return [strip.text for strip in screen._compositor.render_strips()]


def screen_text(pilot: TypedPilot) -> str:
    """All that is on the terminal, dialogs and messages included; screens below a dialog come first."""
    return "\n".join("\n".join(lines_of(screen)) for screen in pilot.app.screen_stack)


_UNSAFE_KINDS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def unsafe_in(text: str) -> set[str]:
    """Controls, direction marks, invisible characters and surrogates in one line of text, by name."""
    return {f"U+{ord(character):04X}" for character in text if unicodedata.category(character) in _UNSAFE_KINDS}


def assert_safe(pilot: TypedPilot) -> None:
    """Nothing that a terminal obeys, and nothing that turns the direction of writing, is drawn anywhere."""
    for screen in pilot.app.screen_stack:
        for line in lines_of(screen):
            assert not unsafe_in(line), (unsafe_in(line), line)


def static_text(app: DiscotuiApp, selector: str) -> str:
    """What a label or static of the top screen says."""
    return str(app.screen.query_one(selector, Static).content)


# --- moving about -------------------------------------------------------------------------------------------


async def go_to(pilot: TypedPilot, title: str, *, copy: int = 0) -> Item:
    """Put the table's cursor on an item by the keys that a person would use.

    Args:
        pilot: Of the app.
        title: The item's title.
        copy: Which of several, from above.
    """
    app = app_of(pilot)
    rows = [row for row, each in enumerate(titles(app)) if each == title]
    await press(pilot, "escape", "escape", "g", *["j"] * rows[copy])
    assert current(app).title == title
    return current(app)


async def go_to_folder(pilot: TypedPilot, name: str) -> None:
    """Put the folder pane's cursor on a folder."""
    app = app_of(pilot)
    await press(pilot, "escape", "escape", "shift+tab", "g")
    for _ in range(tree(app).line_count):
        folder = main(app).folder_under_cursor
        if folder is not None and folder.name == name:
            return
        await press(pilot, "j")
    raise AssertionError(f"no folder {name!r}")


async def open_folder(pilot: TypedPilot, name: str) -> None:
    """Show a folder, and be at its items."""
    await go_to_folder(pilot, name)
    await press(pilot, "enter")


async def open_form(pilot: TypedPilot) -> None:
    """Press e, and be in the first field."""
    await press(pilot, "e")
    await until(pilot, lambda: isinstance(pilot.app.focused, Select), "the first field has the focus")


async def go_to_area(pilot: TypedPilot, field: int) -> TextArea:
    """Go on with tab to a textarea of the form."""
    for _step in range(12):
        if pilot.app.focused is not None and pilot.app.focused.id == f"field-{field}":
            break
        await press(pilot, "tab")
    assert isinstance(pilot.app.focused, TextArea)
    return pilot.app.focused


async def dialog(pilot: TypedPilot, kind: type[Screen[Any]]) -> None:
    """Wait until a dialog of that kind is open."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), kind.__name__)


async def back_on_main(pilot: TypedPilot) -> None:
    """Wait until no dialog is open."""
    await until(pilot, lambda: isinstance(pilot.app.screen, MainScreen), "the main screen")


# --- the server ---------------------------------------------------------------------------------------------


def writes(log: Sequence[LogEntry]) -> list[LogEntry]:
    """The requests that change something."""
    return [entry for entry in log if entry.method != "GET"]


class Dice(random.Random):
    """Falls as it is told: gives the numbers in turn, each brought into the range that is asked for."""

    def __init__(self, *falls: int) -> None:
        super().__init__(0)
        self._falls = list(falls)

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """The next number."""
        low, high = (0, start) if stop is None else (start, stop)
        return low + self._falls.pop(0) % (high - low)


def picture(state: CollectionState) -> object:
    """All that a collection is, but for the numbers that Discogs gives anew: items, ratings, folders."""
    names = state.folder_names
    copies = sorted(
        (each.release_id, names[each.folder_id], tuple(sorted(each.notes.items()))) for each in state.instances.values()
    )
    return copies, dict(state.ratings), sorted(names.values())
