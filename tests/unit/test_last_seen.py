"""What the screen begins with at the next start: kept when the program is left, gone with the first thing written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from discotui.library.last_seen import last_seen
from discotui.library.library import Library
from tests.collection import library_with


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x [?]#.sqlite"
    library_with(path).close(last_seen=lambda: "seen")
    return path


def test_what_was_seen_last_can_be_read_before_the_file_is_opened(path: Path) -> None:
    assert last_seen(path) == "seen"
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_it_is_no_fact_of_the_collection(path: Path) -> None:
    library = Library(path)
    assert "seen" not in library._core.meta.values()
    library.close()
    assert last_seen(path) == "seen"


@pytest.mark.parametrize(
    "write",
    [
        lambda library: library.rate([1], 5),
        lambda library: library.put_views([]),
        lambda library: library.new_folder("New"),
    ],
)
def test_it_is_gone_with_the_first_thing_that_is_written(path: Path, write: Callable[[Library], object]) -> None:
    library = Library(path)
    write(library)
    # Whoever looks now, while the program runs or after it was killed, sees nothing in place of something old.
    assert last_seen(path) is None
    library.close()
    assert last_seen(path) is None


def test_what_could_not_be_kept_leaves_it(path: Path) -> None:
    library = Library(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        library.close(last_seen=lambda: "another")
    assert last_seen(path) == "seen"


def test_leaving_without_a_change_writes_nothing(path: Path) -> None:
    before = path.read_bytes()
    for seen in ("seen", None):
        Library(path).close(last_seen=lambda seen=seen: seen)  # type: ignore[misc]
    assert path.read_bytes() == before


def test_who_only_looks_keeps_nothing(path: Path) -> None:
    before = path.read_bytes()
    Library(path, writes=False).close(last_seen=lambda: "another")
    assert path.read_bytes() == before


def missing(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def no_database(path: Path) -> None:
    path.write_text("To be, or not to be\n" * 500, "utf-8")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_text(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE meta SET value = CAST(x'ff00' AS TEXT) WHERE key = 'last_seen'")


def a_number(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("DROP TABLE meta; CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('last_seen', 7)")


def no_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE meta")


@pytest.mark.parametrize("spoil", [missing, a_folder, no_database, empty, no_text, a_number, no_table])
def test_what_cannot_be_read_is_nothing_and_stays_as_it_is(path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    assert last_seen(path) is None
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [each.name for each in path.parent.iterdir()] == ([] if spoil is missing else [path.name])


def test_a_file_that_another_program_holds_is_not_waited_for(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert last_seen(path) is None
    assert last_seen(path) == "seen"
