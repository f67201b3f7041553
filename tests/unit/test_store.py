"""The file: who may read it, what happens when it cannot be read or written."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from discotui.errors import (
    LibraryBusy,
    LibraryFull,
    LibraryUnwritable,
)
from discotui.library.library import Library
from discotui.library.outbox import State
from discotui.library.store import Store
from tests.collection import ITEMS, JAZZ, ROCK, TEXT, Shelf, library_with, make_item, reading_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "library.sqlite"


@pytest.fixture
def shelf(path: Path) -> Shelf:
    return Shelf(path)


def test_file_and_folder_are_their_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        library_with(path).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_empty_file_becomes_a_library(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    library = Library(path)
    assert library.items() == []
    library.close()


def test_items_are_read_back_exactly(path: Path) -> None:
    odd = [
        make_item(1, notes=None, cover="https://i/1.jpg", master_id=9, title="[b]\x1b[31m \u202e 株式会社 🎷\x00"),
        make_item(2, notes={}, year=0, added=""),
        make_item(2**53, notes={TEXT: "a\r\nb", 99: "ひ"}),
    ]
    shelf = Shelf(path, odd)
    shelf.restart()
    assert shelf.shown() == {item.instance_id: item for item in odd}
    assert shelf.item(1).cover == "https://i/1.jpg"
    assert shelf.item(1).notes is None


# --- writes that fail -------------------------------------------------------------------------------------


def in_memory(library: Library) -> tuple[object, ...]:
    core = library._core
    return (
        dict(core.view.items),
        dict(core.view.snapshot),
        core.view.folders,
        # What was on its way when the file was read has an unknown outcome.
        [replace(e, state=State.UNKNOWN) if e.state is State.SENDING else e for e in core.view.pending.values()],
        core.fields,
        core.meta,
        core._aliases,
    )


def assert_memory_equals_file(shelf: Shelf) -> None:
    fresh = Library(shelf.path, clock=shelf.clock)
    try:
        assert in_memory(shelf.library) == in_memory(fresh)
    finally:
        fresh.close()


def edits_of_every_kind(shelf: Shelf) -> Iterator[Callable[[], object]]:
    library = shelf.library
    big = {TEXT: "x" * 60_000}
    yield lambda: library.set_notes([1, 2, 3, 4], big)
    yield lambda: library.add(make_item(0, release_id=900, title="x" * 60_000), ROCK)
    yield lambda: library.new_folder("x" * 60_000)
    yield lambda: library.rename_folder(JAZZ, "x" * 60_000)
    yield lambda: library.incoming.merge([make_item(77, title="x" * 60_000)])
    yield lambda: library.incoming.publish(reading_of([*ITEMS[1:], make_item(77, title="x" * 60_000)]))


def test_a_full_disk_loses_nothing_that_was_kept_and_shows_nothing_that_was_not(shelf: Shelf) -> None:
    shelf.library.rate([1], 5)
    db = shelf.library._core.store._db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    shown = shelf.shown()
    for edit in edits_of_every_kind(shelf):
        db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryFull):
            edit()
        assert shelf.shown() == shown
        assert_memory_equals_file(shelf)
    db.execute("PRAGMA max_page_count = 1000000")
    shelf.library.rate([1], 4)
    assert shelf.item(1).rating == 4
    assert_memory_equals_file(shelf)


def test_a_file_held_by_another_program_takes_no_edit_and_shows_none(shelf: Shelf) -> None:
    shelf.library._core.store._db.execute("PRAGMA busy_timeout = 1")
    shelf.library.rate([1], 5)
    shown = shelf.shown()
    other = sqlite3.connect(shelf.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for edit in (
        lambda: shelf.library.rate([1], 1),
        lambda: shelf.library.remove([2]),
        lambda: shelf.library.new_folder("Blues"),
        shelf.library.undo,
        shelf.begin,
    ):
        with pytest.raises(LibraryUnwritable):
            edit()
        assert shelf.shown() == shown
    other.execute("ROLLBACK")
    other.close()
    assert_memory_equals_file(shelf)
    shelf.library.rate([1], 1)
    assert shelf.item(1).rating == 1


def test_a_program_that_reads_at_the_moment_of_keeping_costs_that_edit_alone(shelf: Shelf) -> None:
    reader = sqlite3.connect(shelf.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM item").fetchone()
    with pytest.raises(LibraryBusy):
        shelf.library.rate([1], 5)
    assert shelf.item(1).rating == 2
    reader.execute("ROLLBACK")
    reader.close()
    assert_memory_equals_file(shelf)
    shelf.library.rate([1], 5)
    assert shelf.item(1).rating == 5


class BreaksDown:
    """A connection that fails once a number of statements have gone through."""

    def __init__(self, db: sqlite3.Connection, after: int) -> None:
        self._db = db
        self._left = after

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)

    def _count(self, sql: str) -> None:
        if sql == "ROLLBACK" or self._left < 0:
            return
        self._left -= 1
        if self._left < 0:
            raise sqlite3.OperationalError("disk I/O error")

    def execute(self, sql: str, *args: object) -> object:
        self._count(sql)
        return self._db.execute(sql, *args)  # type: ignore[arg-type]

    def executemany(self, sql: str, rows: object) -> object:
        self._count(sql)
        return self._db.executemany(sql, rows)  # type: ignore[arg-type]

    @property
    def has_failed(self) -> bool:
        """Whether the failure came."""
        return self._left < 0


SETUPS: dict[str, Callable[[Shelf], Callable[[], object]]] = {}


def setup_of(function: Callable[[Shelf], Callable[[], object]]) -> Callable[[Shelf], Callable[[], object]]:
    SETUPS[function.__name__] = function
    return function


@setup_of
def bulk_removal(shelf: Shelf) -> Callable[[], object]:
    shelf.library.rate([1], 5)
    return lambda: shelf.library.remove([1, 2, 4])


@setup_of
def undo_of_a_sent_removal(shelf: Shelf) -> Callable[[], object]:
    shelf.library.remove([1])
    shelf.confirm_all()
    return shelf.library.undo


@setup_of
def confirmation_of_an_addition(shelf: Shelf) -> Callable[[], object]:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.rate([shelf.new_id()], 4)
    seq = shelf.begin().seq
    return lambda: shelf.library.outgoing.confirm(seq, 777)


@setup_of
def refusal_of_a_folder(shelf: Shelf) -> Callable[[], object]:
    shelf.library.new_folder("Blues")
    shelf.library.move([1], shelf.folder_id("Blues"))
    seq = shelf.begin().seq
    return lambda: shelf.library.outgoing.refuse(seq, "no")


@setup_of
def whole_reading(shelf: Shelf) -> Callable[[], object]:
    shelf.library.rate([1], 5)
    return lambda: shelf.library.incoming.publish(reading_of([*ITEMS[2:], make_item(9)]))


@pytest.mark.parametrize("name", SETUPS)
def test_a_failure_at_any_statement_leaves_all_or_nothing(tmp_path: Path, name: str) -> None:
    for statement in range(100):
        shelf = Shelf(tmp_path / f"{statement}.sqlite")
        act = SETUPS[name](shelf)
        shown, mark = shelf.shown(), shelf.library.incoming.mark()
        breaking = BreaksDown(shelf.library._core.store._db, statement)
        shelf.library._core.store._db = breaking  # type: ignore[assignment]
        with suppress(LibraryUnwritable):
            act()
        if not breaking.has_failed:
            assert statement > 3
            shelf.library.close()
            break
        assert shelf.shown() == shown
        assert shelf.library.incoming.mark() == mark
        assert_memory_equals_file(shelf)
        act()
        shelf.library.close()
    else:
        pytest.fail("the failure came every time")


def test_a_file_that_can_be_neither_written_nor_read_back_is_read_as_soon_as_it_can_be(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "put_pending", gone)
        patch.setattr(Store, "items", gone)
        for _ in range(2):
            with pytest.raises(LibraryUnwritable):
                shelf.library.rate([1], 5)
    shelf.library.rate([2], 5)
    assert [item.rating for item in (shelf.item(1), shelf.item(2))] == [2, 5]
    assert_memory_equals_file(shelf)


def test_a_closed_library_takes_no_edit(shelf: Shelf) -> None:
    shelf.library.close()
    with pytest.raises(LibraryUnwritable):
        shelf.library.rate([1], 5)
