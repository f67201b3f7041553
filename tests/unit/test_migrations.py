"""Old files: kept ones, written by the program of their time, with everything in them that it could write.

The one of version 1 holds items, folders, fields and notes with hostile text; every kind of change in the outbox, one
of unknown outcome and one that was just being sent; a history of sent and refused changes, of things that are still
there and of others that are not; steps, one of them undone; ids that were replaced; items that were removed here or
went missing at Discogs.
"""

from __future__ import annotations

import resource
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from discotui.errors import LibraryBusy, LibraryError
from discotui.library.edits import AddItem
from discotui.library.library import Library
from discotui.library.opening import SCHEMA_VERSION
from discotui.library.outbox import State
from discotui.library.past import Outcome
from tests.collection import JAZZ, ROCK, Shelf, put_old_library

HOSTILE = "[/x] [PIAS] [@click=app.quit]\x1b[31m\x00\u202e 株式会社 🎷‍👩 שלום '\"; DROP TABLE outbox; --"
VERSIONS = range(1, SCHEMA_VERSION)
KEPT_AS_THEY_WERE = {
    "meta": "*",
    "folder": "*",
    "field": "*",
    "item": "*",
    "step": "*",
    "alias": "*",
    "sqlite_sequence": "*",
    "vanished": "instance_id, vanished_at, item",
    "outbox": "seq, change, steps, state, not_before, seen, created_at, checks",
    "history": "seq, change, outcome, reason, created_at, ended_at",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ann.sqlite"


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that was in a file of the oldest version, each text as bytes."""
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = bytes
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in KEPT_AS_THEY_WERE.items()
        }


def schema(path: Path) -> dict[str, object]:
    """Tables and indexes with their columns."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master")]
        return {
            name: (
                db.execute(f"PRAGMA table_info({name})").fetchall(),
                db.execute(f"PRAGMA index_xinfo({name})").fetchall(),
            )
            for name in names
        }


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_in_an_old_file_is_in_the_new_one_as_it_was(path: Path, version: int) -> None:
    put_old_library(path, version)
    before = contents(path)
    assert all(before.values())
    Library(path).close()
    assert contents(path) == before


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_file_becomes_like_a_new_one(path: Path, tmp_path: Path, version: int) -> None:
    put_old_library(path, version)
    Library(path).close()
    Library(tmp_path / "new.sqlite").close()
    assert schema(path) == schema(tmp_path / "new.sqlite")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_copy_of_the_old_file_is_kept_for_its_owner_alone(path: Path, version: int) -> None:
    put_old_library(path, version)
    before = contents(path)
    Library(path).close()
    copy = path.with_name(f"ann.sqlite.v{version}-copy")
    assert names(path) == [path.name, copy.name]
    assert contents(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (version,)


def test_a_copy_never_takes_the_place_of_another(path: Path) -> None:
    put_old_library(path, 1)
    Library(path).close()
    first = path.with_name("ann.sqlite.v1-copy").read_bytes()
    put_old_library(path, 1)
    Library(path).close()
    assert names(path) == [path.name, "ann.sqlite.v1-copy", "ann.sqlite.v1-copy-2"]
    assert path.with_name("ann.sqlite.v1-copy").read_bytes() == first


def test_the_history_is_told_in_words_as_far_as_things_are_known(path: Path) -> None:
    put_old_library(path, 1)
    library = Library(path)
    past = {entry.seq: entry for entry in library._core.store.history((), 100)}
    library.close()
    told = {seq: (e.told.title, e.told.field, e.told.before, e.told.after) for seq, e in past.items()}
    artist = "Artist {0} – Title {0}".format
    renamed = f"Jazz {HOSTILE}"
    assert told[1] == (artist(101), "", "2", "4")
    assert told[2] == (artist(102), "", renamed, "Rock")
    assert told[3] == (f"[b]{HOSTILE} – {HOSTILE}", "Notes", f"{HOSTILE}\r\n\ttwo", f"{HOSTILE} again")
    assert told[4] == (artist(820), "", renamed, "")
    assert told[5] == (f"Artist 900 – Added {HOSTILE}", "", "", HOSTILE)
    assert told[7] == ("Empty", "", "Empty", "Full")
    assert told[9] == ("Gone", "", "Gone", "")
    assert told[14] == (artist(823), "", "", "5"), "an item that is gone"
    assert past[12].outcome is Outcome.REFUSED
    assert past[12].reason == f"Refused: {HOSTILE}"
    assert not any(entry.is_open for entry in past.values())


def test_the_history_is_found_by_its_words(path: Path) -> None:
    put_old_library(path, 1)
    library = Library(path)
    assert {entry.seq for entry in library._core.store.history(("title 103", "refused"), 100)} == {12}
    library.close()


def test_why_an_item_vanished_is_told_by_the_history(path: Path) -> None:
    put_old_library(path, 1)
    library = Library(path)
    causes = {item.instance_id: cause for item, _, cause in library._core.store.vanished(0.0)}
    library.close()
    assert causes == {20: "removed", 21: "missing", 22: "removed", 23: "removed"}


def test_an_old_library_is_worked_with_as_before(path: Path) -> None:
    put_old_library(path, 1)
    shelf = Shelf(path, fill=False)
    waiting = shelf.library._core.view.pending
    assert [entry.state for entry in waiting.values()] == [State.UNKNOWN, State.UNKNOWN] + [State.WAITING] * 11
    assert (waiting[16].seen, waiting[16].checks, waiting[16].sendings) == ((500, 501), 1, 0)
    shelf.library.undo()
    assert len(shelf.waiting()) == 12, "the deletion of a folder is taken back"
    shelf.library.move([1], ROCK)
    assert shelf.waiting()[-1].seq == 30, "29 was given before, and is not given again"
    shelf.library.add(shelf.item(1), JAZZ)
    addition = shelf.changes()[-1]
    assert isinstance(addition, AddItem)
    assert addition.instance_id == -8
    shelf.restart()
    assert shelf.waiting()[-1].change == addition
    shelf.library.close()


# --- what can go wrong ------------------------------------------------------------------------------------


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can get larger than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_without_room_for_the_copy_or_for_the_new_tables_the_file_is_as_it_was(path: Path) -> None:
    put_old_library(path, 1)
    before = path.read_bytes()
    told = set()
    for pages in range(1, 60):
        with room_for(pages * 4096):
            try:
                Library(path).close()
            except LibraryError as error:
                told.add(type(error))
            else:
                break
        assert path.read_bytes() == before
        assert names(path) == [path.name]
    else:
        pytest.fail("there was never room")
    assert pages > len(before) // 4096, "room for the copy alone is not enough"
    assert told
    assert contents(path) == contents(path.with_name("ann.sqlite.v1-copy"))


def test_a_failure_in_the_middle_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_old_library(path, 1)
    before = path.read_bytes()

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("discotui.library.migrations._removed_from_here", fails)
    with pytest.raises(LibraryError):
        Library(path)
    assert path.read_bytes() == before
    assert names(path) == [path.name]


def test_a_file_that_another_program_holds_is_neither_copied_nor_changed(path: Path) -> None:
    put_old_library(path, 1)
    before = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy):
            Library(path)
        other.execute("ROLLBACK")
    assert path.read_bytes() == before
    assert names(path) == [path.name]


@pytest.mark.parametrize("version", VERSIONS)
def test_who_may_not_write_sees_an_old_file_and_leaves_it_as_it_is(path: Path, version: int) -> None:
    put_old_library(path, version)
    before = path.read_bytes()
    looking = Library(path, writes=False)
    assert any(HOSTILE in item.title for item in looking.items())
    assert looking.waiting_count() == 13
    looking.close()
    assert path.read_bytes() == before
    assert names(path) == [path.name]


def test_a_row_that_cannot_be_understood_is_lost_alone(path: Path) -> None:
    put_old_library(path, 1)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE history SET change = '{' WHERE seq = 3")
    db.close()
    library = Library(path)
    assert library.salvaged is not None
    assert library.waiting_count() == library.salvaged.waiting == 13
    assert {entry.seq for entry in library._core.store.history((), 100)} == {1, 2, *range(4, 16)}
    library.close()
    assert names(path) == [path.name, library.salvaged.damaged.name]
