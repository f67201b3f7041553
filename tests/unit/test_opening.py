"""What may be found in a library's place when it is opened, and what is then said and left alone."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from discotui.errors import (
    LibraryBusy,
    LibraryFull,
    LibraryReadOnly,
    LibraryTooNew,
    LibraryUnwritable,
    NotALibrary,
    ReadOnly,
)
from discotui.library.library import Library
from tests.collection import ITEMS, library_with


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "library.sqlite"


def not_a_database(path: Path) -> None:
    path.write_bytes(b"To be, or not to be, that is the question.\n" * 200)


def newer_schema(path: Path) -> None:
    library_with(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def another_programs(path: Path, version: int = 0) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE meta (anything)")
        db.execute(f"PRAGMA user_version = {version}")
    db.close()


def a_text_like_ours(path: Path) -> None:
    path.write_bytes(b"x" * 68 + b"Disc" + b"y" * 100_000)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (not_a_database, NotALibrary),
        (a_text_like_ours, NotALibrary),
        (newer_schema, LibraryTooNew),
        (another_programs, NotALibrary),
        (lambda path: another_programs(path, 1), NotALibrary),
        (lambda path: another_programs(path, 57), NotALibrary),
        (a_folder, NotALibrary),
        (a_pipe, NotALibrary),
    ],
)
@pytest.mark.parametrize("writes", [True, False], ids=["to be changed", "to be looked at"])
def test_what_is_not_ours_is_told_and_left_as_it_is(
    path: Path, spoil: Callable[[Path], None], error: type[Exception], writes: bool
) -> None:
    path.parent.mkdir()
    spoil(path)
    before = path.read_bytes() if path.is_file() else path.lstat()
    with pytest.raises(error) as caught:
        Library(path, writes=writes)
    assert type(caught.value) is error
    assert before == (path.read_bytes() if path.is_file() else path.lstat())
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_in_the_folders_place_is_told(path: Path) -> None:
    path.parent.write_text("not a folder", "utf-8")
    with pytest.raises(LibraryUnwritable):
        Library(path)
    assert path.parent.read_text("utf-8") == "not a folder"


def test_a_system_that_says_no_is_told_as_what_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, error in (
        (errno.ENOSPC, LibraryFull),
        (errno.EDQUOT, LibraryFull),
        (errno.EACCES, LibraryReadOnly),
        (errno.EROFS, LibraryReadOnly),
        (errno.EIO, LibraryUnwritable),
    ):

        def says_no(*_: object, number: int = number) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("discotui.library.opening.make_private", says_no)
        with pytest.raises(LibraryUnwritable) as caught:
            Library(path)
        assert type(caught.value) is error
        assert caught.value.reason == os.strerror(number)


# --- a file that can only be read -------------------------------------------------------------------------


NOBODY = 65534


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """As somebody to whom permissions mean something, who may go as far as a folder."""
    if os.geteuid():
        yield
        return
    for above in folder.parents:
        if above.stat().st_uid == 0 and not above.stat().st_mode & stat.S_IXOTH:
            pytest.skip(f"root is held up by no permission, and nobody else may enter {above}")
    os.chown(folder, NOBODY, NOBODY)
    for entry in folder.rglob("*"):
        os.chown(entry, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A library in a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "data" / "ann.sqlite"
        library_with(path).close()
        yield path
        path.parent.chmod(0o700)


@pytest.mark.parametrize("which", ["file", "folder", "both"])
def test_a_file_that_may_not_be_written_is_told_and_can_be_looked_at(open_path: Path, which: str) -> None:
    before = open_path.read_bytes()
    with as_nobody(open_path.parent):
        if which != "folder":
            open_path.chmod(0o400)
        if which != "file":
            open_path.parent.chmod(0o500)
        with pytest.raises(LibraryReadOnly):
            Library(open_path)
        looking = Library(open_path, writes=False)
        assert len(looking.items()) == len(ITEMS)
        assert looking.read_only
        with pytest.raises(ReadOnly):
            looking.rate([1], 5)
        with pytest.raises(LibraryUnwritable):
            looking.incoming.checked()
        looking.close()
    assert open_path.read_bytes() == before
    assert [entry.name for entry in open_path.parent.iterdir()] == [open_path.name]


def test_a_file_that_may_not_be_read_is_told(open_path: Path) -> None:
    with as_nobody(open_path.parent):
        open_path.chmod(0)
        for writes in (True, False):
            with pytest.raises(LibraryReadOnly):
                Library(open_path, writes=writes)


def test_looking_makes_nothing(path: Path) -> None:
    with pytest.raises(LibraryUnwritable):
        Library(path, writes=False)
    assert not path.parent.exists()
    path.parent.mkdir()
    path.touch()
    looking = Library(path, writes=False)
    assert looking.items() == []
    looking.close()
    assert path.read_bytes() == b""


# --- a file that another program holds


def test_opening_a_file_that_another_program_holds_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library_with(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **named: real(*args, **(named | {"timeout": 0})))
    for writes in (True, False):
        with pytest.raises(LibraryBusy):
            Library(path, writes=writes)
    other.close()


def test_a_file_that_another_program_writes_to_can_be_opened_meanwhile(path: Path) -> None:
    library_with(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    library = Library(path)
    assert len(library.items()) == len(ITEMS)
    with pytest.raises(LibraryBusy):
        library.rate([1], 5)
    other.execute("ROLLBACK")
    other.close()
    library.rate([1], 5)
    library.close()


def test_another_program_is_waited_for_a_second_and_no_longer(path: Path) -> None:
    library = Library(path)
    assert library._core.store._db.execute("PRAGMA busy_timeout").fetchone() == (1000,)
    library.close()


def test_what_is_kept_outlasts_a_power_failure_and_what_is_deleted_does_not_stay(path: Path) -> None:
    library = Library(path)
    db = library._core.store._db
    assert db.execute("PRAGMA synchronous").fetchone() == (3,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert db.execute("PRAGMA secure_delete").fetchone() == (1,)
    library.close()
