"""A hundred thousand items: no key holds the screen up for long, measured beside a plain search of the same texts."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import thread_time

import pytest

from discotui.library.incoming import Reading
from discotui.library.items import Folder, Item
from discotui.library.library import Library
from discotui.ui.app import DiscotuiApp
from tests.benchmarks.collections import FIELDS, FOLDERS, make_collection
from tests.ui.driving import TypedPilot, WiredStart, demo_app, main, main_of, server_of, start_at, table, until

pytestmark = pytest.mark.anyio

SIZE = 100_000
PATIENCE = 120.0


@pytest.fixture(scope="module")
def items() -> Iterator[list[Item]]:
    made = make_collection(SIZE)
    # The test's own copy is nothing that the program has to look through for garbage.
    gc.collect()
    gc.freeze()
    yield made
    gc.unfreeze()


@pytest.fixture
def start(tmp_path: Path, items: list[Item]) -> WiredStart:
    """A collection that was read before; there is no network now."""
    start = start_at(server_of(), tmp_path)
    library = Library(start.library_path)
    folders = [Folder(0, "All", SIZE), *(Folder(folder_id, name) for folder_id, name in FOLDERS.items())]
    library.incoming.publish(Reading({item.instance_id: item for item in items}, folders, FIELDS, None))
    library.close()
    assert start.wire is not None
    start.wire.is_cut = True
    return start


class Blocks:
    """How long the event loop was held up by each thing it did, in seconds of its thread's processor time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    @property
    def longest(self) -> float:
        return max(self.seconds, default=0.0)


@contextmanager
def blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Blocks]:
    """Measures whatever the event loop does meanwhile."""
    found = Blocks()
    run = asyncio.events.Handle._run

    def measured(handle: asyncio.events.Handle) -> None:
        begun = thread_time()
        run(handle)
        found.seconds.append(thread_time() - begun)

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.events.Handle, "_run", measured)
        yield found


def scan(items: list[Item], word: str) -> float:
    """Seconds that looking for a word in the same texts takes, one after the other."""
    texts = [item.search for item in items]
    times = []
    for _ in range(7):
        begun = thread_time()
        assert len([text for text in texts if word in text]) < len(texts)
        times.append(thread_time() - begun)
    return median(times)


async def ready(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until all of it is there."""
    await until(pilot, lambda: main_of(app) is not None, "the main screen", patience=PATIENCE)
    await until(pilot, lambda: len(table(app).items) == SIZE and main(app).is_counted, patience=PATIENCE)
    gc.collect()


async def at_rest(pilot: TypedPilot, app: DiscotuiApp) -> None:
    await until(pilot, lambda: main(app).is_at_rest, patience=PATIENCE)


async def test_no_key_holds_the_screen_up(
    start: WiredStart, items: list[Item], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = scan(items, "sal")
    async with demo_app(start=start, wait=False) as (app, pilot, _):
        await ready(pilot, app)
        longest: dict[str, float] = {}

        async def measured(what: str, *keys: str) -> None:
            with blocks(monkeypatch) as held:
                for key in keys:
                    await pilot.press(key)
                    await at_rest(pilot, app)
            longest[what] = held.longest

        await measured("a filter, key by key", "slash", *"sal", "space", *"night", "space", "minus", *"live")
        assert 0 < len(table(app).items) < SIZE
        await measured("leaving the filter", "escape")
        await measured("the cursor, to the end and back", "j", "pagedown", "G", "k", "g")
        await measured("another order", "s", *"year", "enter")
        await measured("the same one, reversed", "s", *"year", "enter")
        await measured("another folder", "shift+tab", "g", "j", "j", "enter")
        await measured("marking a range and all", "v", "G", "v", "asterisk", "escape")
        await measured("a filter for many", "slash", *"rating:0 year:..1987", "enter")
        assert 9_000 < len(table(app).items) < 12_000
        await measured("marking and rating them", "asterisk", "4", "y")
        await until(pilot, lambda: not table(app).items)
        await measured("undoing it", "u")
        with capsys.disabled():
            print(f"\na plain search {reference * 1000:.1f} ms; held up at most")
            for what, seconds in longest.items():
                print(f"{seconds * 1000:8.1f} ms {seconds / reference:6.2f} ×  {what}")
        # Two frames are about two scans. What is not cut up takes twenty and more; the rest is room for machines whose
        # caches are shared with whatever else runs there.
        assert max(longest.values()) < 8 * reference
