"""The file of a collection and its troubles, as a person meets them on the screen."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from discotui.errors import LibraryError
from discotui.library.library import Library
from discotui.library.lock import FileLock
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.dialogs import Notice
from tests.collection import put_old_library
from tests.ui.driving import (
    NARROW,
    WiredStart,
    all_said,
    assert_safe,
    back_on_main,
    current,
    demo_app,
    dialog,
    go_to,
    lines_of,
    main,
    news,
    opened,
    press,
    server_of,
    settled,
    start_at,
    static_text,
    titles,
    toasts,
    until,
    writes,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def start(tmp_path: Path) -> WiredStart:
    """The owner's own collection, in a folder of a hostile name."""
    folder = tmp_path / "[red]株式[" / "x]"
    folder.mkdir(parents=True)
    return start_at(server_of(), folder)


async def read_and_edited(start: WiredStart) -> None:
    """The collection has been read, and three edits wait because the network is gone."""
    assert start.wire is not None
    async with demo_app(start=start) as (app, pilot, _):
        start.wire.is_cut = True
        await go_to(pilot, "Meeting")
        await press(pilot, "4", "escape")
        main(app).session.library.new_folder("Kept [/x]")
        main(app).session.library.set_notes([current(app).instance_id], {6: "a note"})
    start.wire.is_cut = False


def spoil(path: Path, statement: str = "DROP TABLE alias") -> bytes:
    """Damage a file. Returns what is in it then."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statement)
    return path.read_bytes()


# --- a damaged file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [NARROW, (116, 26)], ids=str)
async def test_a_damaged_file_is_told_in_one_message_and_what_waited_is_sent(
    start: WiredStart, size: tuple[int, int]
) -> None:
    await read_and_edited(start)
    content = spoil(start.library_path, "DELETE FROM item; DROP TABLE alias")
    async with demo_app(start=start, size=size, wait=False) as (app, pilot, server):
        await dialog(pilot, Notice)
        told = static_text(app, ".text")
        assert "The file of this collection was damaged. 3 changes that had not been sent were saved." in told
        (damaged,) = start.library_path.parent.glob("*.damaged-*")
        assert damaged.read_bytes() == content
        assert f"The damaged file is kept as {damaged}." in told
        drawn_lines = lines_of(app.screen)
        for shown in ("damaged. 3 changes", "read from Discogs again", "Go on (enter)"):
            assert any(shown in line for line in drawn_lines), shown
        assert_safe(pilot)
        await press(pilot, "enter")
        await back_on_main(pilot)
        await settled(pilot)
        assert server.state.rating(1005) == 4
        assert "Kept [/x]" in server.state.folder_names.values()
        assert server.state.instances[500_006].notes == {6: "a note"}
        assert len(titles(app)) == 6
    async with demo_app(start=start) as (app, pilot, _):
        assert not isinstance(app.screen, Notice), "told once"


async def test_a_damaged_file_without_a_network_shows_what_could_be_read(start: WiredStart) -> None:
    await read_and_edited(start)
    spoil(start.library_path)
    assert start.wire is not None
    start.wire.is_cut = True
    async with demo_app(start=start, wait=False) as (app, pilot, _):
        await dialog(pilot, Notice)
        assert "Until then you see the 6 items that could be read." in static_text(app, ".text")
        await press(pilot, "escape")
        await back_on_main(pilot)
        await until(pilot, lambda: "offline" in all_said(app))
        assert len(titles(app)) == 6
        assert "3 changes waiting" in all_said(app)
        start.wire.is_cut = False
        await settled(pilot)


async def test_an_edit_that_meets_damage_is_told_and_not_shown(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await go_to(pilot, "Meeting")
        spoil(start.library_path, "DROP TABLE step")
        await press(pilot, "4")
        assert any("is damaged" in text and "start it again" in text for text in toasts(app))
        assert "[red]株式[/x]" in "".join(toasts(app))
        assert current(app).rating == 0
        assert "rated" not in news(app)
        assert not writes(server.log)
        assert_safe(pilot)
    async with demo_app(start=start, wait=False) as (app, pilot, _):
        await dialog(pilot, Notice)
        assert "No change that had not been sent was found in it." in static_text(app, ".text")


async def test_an_edit_without_room_on_the_disk_is_told_and_not_shown(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await go_to(pilot, "Meeting")
        db = main(app).session.library._core.store._db
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        db.execute("PRAGMA synchronous = OFF")
        with suppress(sqlite3.OperationalError):
            while True:
                db.execute("INSERT INTO step (verb, changes) VALUES ('rate', '[]')")
        await press(pilot, "4")
        assert any("There is no room left for" in text and "Nothing was changed" in text for text in toasts(app))
        assert current(app).rating == 0
        db.execute(f"PRAGMA max_page_count = {pages + 100}")
        await press(pilot, "4")
        await settled(pilot)
        assert server.state.rating(1005) == current(app).rating == 4
        assert len(writes(server.log)) == 1


# --- who only looks ---------------------------------------------------------------------------------------


async def test_a_file_that_cannot_be_written_is_looked_at_with_a_word(start: WiredStart) -> None:
    async with demo_app(start=start):
        pass
    before = start.library_path.read_bytes()
    lock = FileLock(start.library_path).path
    lock.unlink()
    lock.mkdir()
    async with demo_app(start=start, wait=False) as (app, pilot, server):
        asked = len(server.log)
        await until(pilot, lambda: bool(toasts(app)))
        assert "cannot be written (Is a directory)." in toasts(app)[0]
        assert "nothing is changed, read from Discogs or sent" in toasts(app)[0]
        assert len(titles(app)) == 6
        await press(pilot, "4")
        assert "open for reading only" in all_said(app)
        await press(pilot, "r")
        assert "nothing that is read could be kept here" in all_said(app)
        assert "read-only" in all_said(app)
        assert_safe(pilot)
        assert len(server.log) == asked
    assert start.library_path.read_bytes() == before


@pytest.mark.parametrize("is_old", [True, False], ids=["an old file", "a damaged file"])
async def test_the_second_window_neither_brings_up_to_date_nor_salvages(start: WiredStart, is_old: bool) -> None:
    path = start.library_path
    path.parent.mkdir(parents=True)
    put_old_library(path, 1)
    if not is_old:
        spoil(path)
    before = path.read_bytes()
    first = FileLock(path)
    assert first.take()
    app = DiscotuiApp(start)
    async with app.run_test(size=(116, 26)) as pilot:
        await opened(pilot)
        if is_old:
            await until(pilot, lambda: len(titles(app)) > 6)
        else:
            await until(pilot, lambda: app._exit)
            assert app.return_code == 1
            assert "Close every window of discotui and start it again" in app.last_words
    first.release()
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in path.parent.iterdir()) == [path.name, f"{path.name}.lock"]


async def test_the_first_window_has_the_lock_before_the_file_is_changed(
    start: WiredStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = start.library_path
    path.parent.mkdir(parents=True)
    put_old_library(path, 1)
    locked: list[bool] = []
    real = Library.__init__

    def watched(self: Library, path: Path, **named: Any) -> None:
        other = FileLock(path)
        locked.append(not other.take())
        other.release()
        real(self, path, **named)

    monkeypatch.setattr(Library, "__init__", watched)
    async with demo_app(start=start, wait=False):
        pass
    assert locked == [True]


async def test_what_cannot_be_opened_lets_go_of_its_lock(start: WiredStart) -> None:
    path = start.library_path
    path.parent.mkdir(parents=True)
    path.mkdir()
    app = DiscotuiApp(start)
    async with app.run_test(size=(116, 26)) as pilot:
        await until(pilot, lambda: app._exit)
    assert app.return_code == 1
    assert app.last_words.startswith(f"discotui: {path} is no collection of discotui (a folder).")
    assert FileLock(path).take()


def test_every_trouble_has_a_plain_sentence_of_its_own() -> None:
    from discotui.ui.wording import explain  # noqa: PLC0415

    kinds = [kind for base in LibraryError.__subclasses__() for kind in (base, *base.__subclasses__())]
    said = {explain(kind("/a/[/x].sqlite", "why [b]\x1b[31m")) for kind in kinds}
    assert len(said) == len(kinds) - 1, "no permission, and a disk that fails, are one to a person"
    assert all("/a/[/x].sqlite" in text and "\x1b" not in text for text in said)
