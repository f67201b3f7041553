"""While a collection is opened: what was seen last is there at once, keys wait, and one can leave."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.worker import WorkerFailed

from discotui.errors import BadSetting
from discotui.library.library import Library
from discotui.library.lock import FileLock
from discotui.start import Kind
from discotui.ui.app import DiscotuiApp
from discotui.ui.opening import Opening
from discotui.ui.screens.dialogs import Notice
from discotui.ui.screens.help import HelpScreen
from discotui.ui.screens.main import MainScreen
from discotui.ui.screens.opening import OpeningScreen
from discotui.ui.session import Session
from discotui.ui.widgets.folder_tree import FolderTree
from discotui.ui.widgets.release_table import ReleaseTable
from tests.demo_data import small_data
from tests.ui.driving import (
    NARROW,
    USUAL,
    TypedPilot,
    WiredStart,
    assert_safe,
    current,
    demo_app,
    dialog,
    drawn,
    go_to,
    lines_of,
    main,
    moments,
    opened,
    press,
    screen_text,
    server_of,
    settled,
    start_at,
    table,
    titles,
    toasts,
    until,
)
from tests.ui.test_hostile import HOSTILE

pytestmark = pytest.mark.anyio


class Door:
    """Collections are opened only once it is let go of.

    Attributes:
        open: Set it to go on.
        sessions: What was opened.
    """

    def __init__(self) -> None:
        self.open = threading.Event()
        self.sessions: list[Session] = []


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    door, real = Door(), Opening._open

    def wait(self: Opening) -> Session:
        door.open.wait(20)
        session = real(self)
        door.sessions.append(session)
        return session

    with monkeypatch.context() as patch:
        patch.setattr(Opening, "_open", wait)
        yield door
        door.open.set()


@asynccontextmanager
async def opening(start: WiredStart, size: tuple[int, int] = USUAL) -> AsyncIterator[tuple[DiscotuiApp, TypedPilot]]:
    """The program while it opens a collection."""
    with moments():
        app = DiscotuiApp(start)
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True, tooltips=False) as pilot:
            await dialog(pilot, OpeningScreen)
            yield app, pilot


@contextmanager
def let_through(door: Door) -> Iterator[None]:
    """For a while collections are opened as usual."""
    door.open.set()
    yield
    door.open.clear()


async def seen_before(start: WiredStart, door: Door, *, size: tuple[int, int] = USUAL) -> None:
    """The collection was read, and the program left."""
    with let_through(door):
        async with demo_app(start=start, size=size) as (_app, _pilot, _):
            pass


def rows(lines: list[str]) -> list[str]:
    """Title, header and rows of the table, as they are drawn."""
    left = lines[0].index("─ All")
    return [line[left : left + 50] for line in lines[:12]]


# --- what is shown ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [USUAL, (80, 24), NARROW], ids=str)
async def test_the_first_rows_are_there_before_the_collection_and_stay_where_they_are(
    own_start: WiredStart, door: Door, size: tuple[int, int]
) -> None:
    await seen_before(own_start, door, size=size)
    async with opening(own_start, size) as (app, pilot):
        await until(pilot, lambda: "opening …" in screen_text(pilot))
        assert app.session is None
        before = lines_of(app.screen)
        seen = [item.title for item in app.screen.query_one(ReleaseTable).items]
        door.open.set()
        await opened(pilot)
        assert seen == titles(app)
        assert len(seen) == 6
        after = lines_of(app.screen)
        if size[0] >= 80:
            # Only the counts of the views and the item come later.
            assert [line[:20] for line in before[:8]] == [line[:20] for line in after[:8]]
            assert rows(before) == rows(after)
        else:
            assert before[:-2] == after[:-2]
        assert before[-1] == after[-1], "the keys"
        await settled(pilot)


async def test_what_waits_and_what_is_in_the_folders_is_shown_as_it_was(own_start: WiredStart, door: Door) -> None:
    wire = own_start.wire
    assert wire is not None
    with let_through(door):
        async with demo_app(start=own_start) as (app, pilot, _):
            wire.is_cut = True
            await go_to(pilot, "Meeting")
            await press(pilot, "4")
            app.session.library.new_folder("Kept [/x]")  # type: ignore[union-attr]
    async with opening(own_start) as (app, pilot):
        text = screen_text(pilot)
        (line,) = [line for line in text.splitlines() if "Meeting" in line]
        assert "↑" in line
        assert "★★★★·" in line
        assert "Kept [/x]" in text
        assert app.screen.query_one(FolderTree).current_key == "folder:0"
        door.open.set()
        await opened(pilot)


async def test_another_folder_and_a_filter_are_left_behind(own_start: WiredStart, door: Door) -> None:
    with let_through(door):
        async with demo_app(start=own_start) as (app, pilot, _):
            await press(pilot, "slash", *"bj", "enter")
            assert titles(app) == ["浮世"]
    async with opening(own_start) as (app, pilot):
        assert len(app.screen.query_one(ReleaseTable).items) == 6
        door.open.set()
        await opened(pilot)
        assert len(titles(app)) == 6


async def test_what_was_changed_since_is_not_shown_as_it_was(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    # A program that was killed leaves without a word.
    library = Library(own_start.library_path)
    library.rate([library.items()[0].instance_id], 1)
    library.close()
    async with opening(own_start) as (app, pilot):
        assert not app.screen.query_one(ReleaseTable).items
        assert "Opening the collection …" in screen_text(pilot)
        door.open.set()
        await opened(pilot)
        assert len(titles(app)) == 6


async def test_a_first_start_says_what_it_does(own_start: WiredStart, door: Door) -> None:
    async with opening(own_start) as (_, pilot):
        assert "Opening the collection …" in screen_text(pilot)
        assert "crate.digger · opening …" in screen_text(pilot)
        door.open.set()
        await opened(pilot)
        await settled(pilot)


async def test_any_text_is_drawn_safely(tmp_path: Path, door: Door) -> None:
    data = small_data()
    for record in data["records"]:
        record["title"] = HOSTILE
        record["artists"][0]["name"] = HOSTILE
    start = start_at(server_of(data), tmp_path)
    await seen_before(start, door)
    async with opening(start) as (_, pilot):
        await until(pilot, lambda: "6 items" in screen_text(pilot))
        assert_safe(pilot)


async def test_a_public_collection_opens_like_one_s_own(public_start: WiredStart, door: Door) -> None:
    await seen_before(public_start, door)
    async with opening(public_start) as (_, pilot):
        text = screen_text(pilot)
        assert "crate.digger's collection · opening …" in text
        assert "Rate" not in text.splitlines()[-1]
        door.open.set()
        await opened(pilot)
        assert "Rate" not in screen_text(pilot).splitlines()[-1]


async def test_a_window_that_is_too_small_says_so(own_start: WiredStart, door: Door) -> None:
    async with opening(own_start, (40, 10)) as (_, pilot):
        assert "needs a window of at least" in screen_text(pilot)


# --- keys -------------------------------------------------------------------------------------------------


async def test_keys_typed_meanwhile_arrive_in_their_order(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    async with opening(own_start) as (app, pilot):
        await pilot.press("j", "j", "2", "slash", *"jq", "backspace", "o", "enter", "k")
        assert isinstance(app.screen, OpeningScreen)
        door.open.set()
        await opened(pilot)
        await until(pilot, lambda: main(app).filter_bar.text == "jo" and not app.has_kept_keys)
        assert app.focused is table(app)
        assert len(titles(app)) == 3
        await press(pilot, "escape")
        await settled(pilot)
        assert {item.title: item.rating for item in table(app).items}["Meeting"] == 2


async def test_escape_is_not_lost(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    async with opening(own_start) as (app, pilot):
        await pilot.press("slash", "x", "escape", "j")
        door.open.set()
        await opened(pilot)
        await until(pilot, lambda: not app.has_kept_keys and table(app).cursor == 1)
        assert not main(app).is_filtering
        assert len(titles(app)) == 6


async def test_a_key_that_opens_something_has_the_next_ones_go_there(own_start: WiredStart, door: Door) -> None:
    async with opening(own_start) as (app, pilot):
        await pilot.press("question_mark")
        door.open.set()
        await dialog(pilot, HelpScreen)
        assert not app.has_kept_keys


async def test_the_mouse_does_nothing_yet(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    async with opening(own_start) as (app, pilot):
        click_on_row(app, 3)
        await drawn(pilot)
        assert app.screen.query_one(ReleaseTable).cursor == 0
        door.open.set()
        await opened(pilot)
        assert table(app).cursor == 0
        click_on_row(app, 3)
        await until(pilot, lambda: table(app).cursor == 3)


def click_on_row(app: DiscotuiApp, row: int) -> None:
    """What a terminal tells of a click."""
    place = app.screen.query_one(ReleaseTable).region.offset
    x, y = place.x + 5, place.y + 1 + row
    for kind in (events.MouseDown, events.MouseUp):
        app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))


# --- leaving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [["q"], ["ctrl+q"], ["ctrl+c"], ["slash", "q", "ctrl+q"]], ids=" ".join)
async def test_one_can_leave_meanwhile_and_the_collection_is_let_go_of(
    own_start: WiredStart, door: Door, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discotui.ui.app._FILE_SECONDS", 0.01)
    await seen_before(own_start, door)
    before = own_start.library_path.read_bytes()
    async with opening(own_start) as (app, pilot):
        await pilot.press(*keys)
        await until(pilot, lambda: app._exit)
    assert app.return_code == 0
    door.open.set()
    assert_closed(own_start, door)
    assert own_start.library_path.read_bytes() == before


def assert_closed(start: WiredStart, door: Door) -> None:
    """The thread has closed what it has opened."""
    lock = FileLock(start.library_path)
    for _ in range(1000):
        if door.sessions and lock.take():
            break
        threading.Event().wait(0.01)
    assert lock.is_held
    lock.release()


async def test_q_behind_other_keys_is_one_of_them(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    async with opening(own_start) as (app, pilot):
        await pilot.press("slash", "q")
        door.open.set()
        await opened(pilot)
        await until(pilot, lambda: main(app).filter_bar.text == "q")
        assert not app._exit


async def test_being_told_to_end_meanwhile_ends(own_start: WiredStart, door: Door) -> None:
    async with opening(own_start) as (app, pilot):
        app.leave(143)
        await until(pilot, lambda: app._exit)
        assert app.return_code == 143
        door.open.set()
    assert_closed(own_start, door)


async def test_the_end_comes_although_the_thread_hangs(
    own_start: WiredStart, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discotui.ui.app._FILE_SECONDS", 0.01)
    async with opening(own_start) as (app, pilot):
        await pilot.press("q")
        await until(pilot, lambda: app._exit)
    assert not door.open.is_set()


async def test_an_opening_that_was_done_when_one_left_is_closed(own_start: WiredStart, door: Door) -> None:
    door.open.set()
    it = Opening(own_start)
    it.run()
    it.abandon(0.0)
    assert_closed(own_start, door)
    assert it.take() is None


# --- what can be wrong ------------------------------------------------------------------------------------


async def test_a_damaged_file_is_told_and_no_key_answers_before_it_was_read(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    with closing(sqlite3.connect(own_start.library_path)) as db:
        db.execute("DROP TABLE alias")
    async with opening(own_start) as (app, pilot):
        assert len(app.screen.query_one(ReleaseTable).items) == 6
        await pilot.press("4", "enter", "escape")
        door.open.set()
        await dialog(pilot, Notice)
        await until(pilot, lambda: not app.is_holding_keys)
        assert not app.has_kept_keys
        assert isinstance(app.screen, Notice)
        await press(pilot, "enter")
        await settled(pilot)
        assert current(app).rating != 4


async def test_a_newer_file_is_told_when_the_screen_is_left(own_start: WiredStart, door: Door) -> None:
    await seen_before(own_start, door)
    with closing(sqlite3.connect(own_start.library_path)) as db:
        db.execute("PRAGMA user_version = 99")
    async with opening(own_start) as (app, pilot):
        door.open.set()
        await until(pilot, lambda: app._exit)
    assert app.return_code == 1
    assert "was written by a newer discotui" in app.last_words
    assert FileLock(own_start.library_path).take()


async def test_a_second_window_opens_to_look_at(own_start: WiredStart, door: Door) -> None:
    with let_through(door):
        async with demo_app(start=own_start) as (_app, _pilot, _):
            door.open.clear()
            second = DiscotuiApp(own_start)
            async with second.run_test(size=USUAL, notifications=True) as other:
                await dialog(other, OpeningScreen)
                door.open.set()
                await opened(other)
                await until(other, lambda: any("open in another window" in said for said in toasts(second)))
                assert len(titles(second)) == 6


async def test_a_defect_while_opening_ends_the_program_in_full_view(
    own_start: WiredStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_: Opening) -> Session:
        raise BadSetting("x", "y", "z")

    monkeypatch.setattr(Opening, "_open", break_down)
    with pytest.raises(WorkerFailed):
        async with opening(own_start) as (app, pilot):
            await until(pilot, lambda: app._exit)
    assert app.return_code == 1


async def test_the_demo_keeps_nothing_for_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr("discotui.library.store.Store.keep_last_seen", lambda _, text: kept.append(text))
    for kind in (Kind.DEMO, Kind.OWN):
        async with demo_app(start=start_at(server_of(), tmp_path / kind.value, kind=kind)) as (app, _pilot, _):
            assert isinstance(app.screen, MainScreen)
        assert len(kept) == (kind is Kind.OWN)
