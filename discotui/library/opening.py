"""How a library file is opened: what it is, whether it is sound, and that it has the schema of this program.

Three things may be in the file's place. A library is opened, and brought up to date where it is an old one. A damaged
library is told apart from the third, which is somebody else's and never touched.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from contextlib import closing, suppress
from functools import cache
from importlib import resources
from pathlib import Path

from discotui.errors import (
    LibraryBusy,
    LibraryError,
    LibraryFull,
    LibraryReadOnly,
    LibraryTooNew,
    LibraryUnreadable,
    LibraryUnwritable,
    NotALibrary,
)
from discotui.library import migrations
from discotui.library.files import make_private
from discotui.library.pages import HEADER_SIZE, PAGE_SIZE
from discotui.library.remains import holds_our_rows

SCHEMA_VERSION = 3
APPLICATION_ID = int.from_bytes(b"disc")
"""Tells our files from those of other programs."""

BUSY_SECONDS = 1.0
"""How long another program that holds the file is waited for: no answer may take longer than two seconds."""

_ERRORS: dict[int, type[LibraryError]] = {
    sqlite3.SQLITE_CORRUPT: LibraryUnreadable,
    sqlite3.SQLITE_NOTADB: LibraryUnreadable,
    # A table that should be there is not.
    sqlite3.SQLITE_ERROR: LibraryUnreadable,
    sqlite3.SQLITE_FULL: LibraryFull,
    sqlite3.SQLITE_BUSY: LibraryBusy,
    sqlite3.SQLITE_LOCKED: LibraryBusy,
    sqlite3.SQLITE_READONLY: LibraryReadOnly,
    sqlite3.SQLITE_PERM: LibraryReadOnly,
}
_SYSTEM_ERRORS: dict[int, type[LibraryError]] = {
    errno.ENOSPC: LibraryFull,
    errno.EDQUOT: LibraryFull,
    errno.EACCES: LibraryReadOnly,
    errno.EPERM: LibraryReadOnly,
    errno.EROFS: LibraryReadOnly,
}


StorageError = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What SQLite raises; the last where its own message cites what is damaged."""


def storage_error(path: Path, error: sqlite3.Error | OSError | UnicodeDecodeError) -> LibraryError:
    """What an error of SQLite or of the system means for the person."""
    if isinstance(error, OSError):
        kind = _SYSTEM_ERRORS.get(error.errno or 0, LibraryUnwritable)
        return kind(path, error.strerror or str(error))
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8"):
        # Its message goes on with the text in question, which is nobody's business.
        return LibraryUnreadable(path, "text that is not UTF-8")
    return _ERRORS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, LibraryUnwritable)(path, str(error))


class Opened:
    """A library file that is open, and perhaps still being looked through for damage.

    Going through a large file takes as long as reading what is in it. Both are done at once: SQLite looks on a thread
    and a connection of its own. Nothing may be changed, and nothing that was read is to be trusted, before
    :meth:`check` has returned.

    Args:
        db: A connection in autocommit mode: transactions are opened explicitly, in one place. The Library's lock
            makes sharing it between threads safe.
        path: The file.
        writes: It may be changed.
        is_sound: It has been looked through already.
    """

    def __init__(self, db: sqlite3.Connection, path: Path, *, writes: bool, is_sound: bool) -> None:
        self.db = db
        self._path = path
        self._writes = writes
        self._damage: BaseException | None = None
        self._looking: threading.Thread | None = None
        if not is_sound:
            self._looking = threading.Thread(target=self._look, name="look for damage")
            self._looking.start()

    def _look(self) -> None:
        try:
            with closing(_connect(self._path, writes=False)) as db:
                _check_pages(db, self._path)
                _check_rows(db, self._path)
        except BaseException as error:
            self._damage = error

    def check(self) -> None:
        """Wait until the file has been looked through.

        Raises:
            LibraryUnreadable: It is damaged.
            LibraryReadOnly: It was to be written, and can at best be read.
            LibraryUnwritable: It could not be looked through.
        """
        if self._looking is not None:
            self._looking.join()
            self._looking = None
        try:
            if self._damage is not None:
                raise self._damage
            if self._writes:
                _check_writable(self.db, self._path)
            else:
                self.db.execute("PRAGMA query_only = ON")
        except StorageError as error:
            raise storage_error(self._path, error) from error


def open_file(path: Path, *, writes: bool) -> Opened:
    """Open a library file. It is to be closed on errors, and used only after it has been checked.

    Args:
        path: The file.
        writes: It may be changed: it and its folder are made when missing, readable by their owner alone, and an old
            one is brought up to date, after a copy of it was saved. Otherwise nothing on the disk is touched.

    Raises:
        LibraryTooNew: Written by a later version.
        NotALibrary: Something else. It is left as it is, as in all these cases.
        LibraryUnreadable: A library, and damaged.
        LibraryReadOnly: It was to be written, and can at best be read.
        LibraryUnwritable: It cannot be opened.
    """
    try:
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                make_private(path)
        if path.exists() and not path.is_file():
            raise NotALibrary(path, "a folder" if path.is_dir() else "no file")
        header = _header(path)
        db = _connect(path, writes=writes)
        try:
            return _ready(db, path, _identify(db, path, header), writes=writes)
        except BaseException:
            db.close()
            raise
    except StorageError as error:
        raise storage_error(path, error) from error


def _connect(path: Path, *, writes: bool) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'rw' if writes else 'ro'}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_SECONDS,
    )


def _ready(db: sqlite3.Connection, path: Path, version: int, *, writes: bool) -> Opened:
    """The file with the schema of this program."""
    if writes:
        db.execute("PRAGMA journal_mode = DELETE")
        # What commits a transaction is that its journal goes: that, too, must outlast a power failure.
        db.execute("PRAGMA synchronous = EXTRA")
        # What was deleted must not be taken for something that waits when a damaged file is read page by page.
        db.execute("PRAGMA secure_delete = ON")
    if version == SCHEMA_VERSION:
        return Opened(db, path, writes=writes, is_sound=False)
    if version:
        # Nothing is made of what is damaged.
        _check_pages(db, path)
    if not writes:
        db = _in_memory(db)
    try:
        if version == 0:
            create(db)
        else:
            migrations.migrate(db, path, version, SCHEMA_VERSION, keeps_copy=writes)
        _check_rows(db, path)
    except BaseException:
        db.close()
        raise
    return Opened(db, path, writes=writes, is_sound=True)


def create(db: sqlite3.Connection) -> None:
    """Make an empty library of an empty file."""
    db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    db.executescript(
        f"BEGIN IMMEDIATE; {_schema()}; PRAGMA application_id = {APPLICATION_ID};"
        f" PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    )


@cache
def _schema() -> str:
    return resources.files(__package__).joinpath("schema.sql").read_text("utf-8")


def _in_memory(db: sqlite3.Connection) -> sqlite3.Connection:
    """The same in memory, for an old library, or one that another program is just making, that may not be changed."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    # A backup waits for ever for another program; a transaction does not, and once it reads, nobody is in the way.
    db.execute("BEGIN")
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    db.backup(memory)
    db.close()
    return memory


# --- what it is -------------------------------------------------------------------------------------------


def _header(path: Path) -> bytes:
    # Not while SQLite has the file open: closing it here would let go of SQLite's own locks.
    with path.open("rb") as file:
        return file.read(HEADER_SIZE)


def _identify(db: sqlite3.Connection, path: Path, header: bytes) -> int:
    """The version of a library's schema, 0 for a file that holds nothing at all yet."""
    try:
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        owner = db.execute("PRAGMA application_id").fetchone()[0]
        is_empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except StorageError as error:
        is_ours = header[68:72] == APPLICATION_ID.to_bytes(4) or holds_our_rows(path)
        if isinstance(storage_error(path, error), LibraryUnreadable) and not is_ours:
            raise NotALibrary(path, "not a database that can be read") from error
        raise
    if is_empty and version == owner == 0:
        return 0
    if owner != APPLICATION_ID:
        if holds_our_rows(path):
            raise LibraryUnreadable(path, "its beginning is damaged")
        raise NotALibrary(path, "a database of another program")
    if version > SCHEMA_VERSION:
        raise LibraryTooNew(path, f"schema {version}, this program knows {SCHEMA_VERSION}")
    # Bytes 18 and 19: who may write and read it. With any other number SQLite would open it for reading only.
    if version < 1 or max(header[18:20]) > 2:
        raise LibraryUnreadable(path, "its beginning is damaged")
    return version


# --- whether it is sound ----------------------------------------------------------------------------------


def _check_pages(db: sqlite3.Connection, path: Path) -> None:
    """Find damage now, not in the middle of an edit: rows can be lost without SQLite noticing.

    Raises:
        LibraryUnreadable: The pages do not fit together.
    """
    (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise LibraryUnreadable(path, found.splitlines()[-1])


def _check_rows(db: sqlite3.Connection, path: Path) -> None:
    """Find damage that is none to SQLite.

    Raises:
        LibraryUnreadable: A table or a row is not as this program writes it.
    """
    model = sqlite3.connect(":memory:")
    model.executescript(_schema())
    expected, found = _columns(model), _columns(db)
    model.close()
    if found != expected:
        raise LibraryUnreadable(path, "its tables are not as they should be")
    for table, columns in found.items():
        # Any type may be in any column, for SQLite; a damaged row can hold text in place of a number.
        wrong = " OR ".join(
            f"typeof({name}) <> '{kind.lower()}'" + ("" if is_needed else f" AND {name} IS NOT NULL")
            for name, kind, is_needed in columns
        )
        if db.execute(f"SELECT 1 FROM {table} WHERE {wrong} LIMIT 1").fetchone():  # noqa: S608
            raise LibraryUnreadable(path, f"a row of {table} is not as it should be")


def _columns(db: sqlite3.Connection) -> dict[str, list[tuple[str, str, bool]]]:
    """Table → its columns: name, type, and whether they are always filled."""
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return {
        name: [
            (column, kind, bool(needed or key))
            for _, column, kind, needed, _, key in db.execute(f'PRAGMA table_info("{name}")')
        ]
        for (name,) in names.fetchall()
    }


def _check_writable(db: sqlite3.Connection, path: Path) -> None:
    """Try to write, and take it back: that the file can be written says nothing about its folder and its journal.

    A disk that is full just now, or a program that holds the file just now, is no reason to give up.

    Raises:
        LibraryReadOnly: It can only be read.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except sqlite3.OperationalError as error:
        told = storage_error(path, error)
        if isinstance(told, LibraryReadOnly) or error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN:
            raise LibraryReadOnly(path, str(error)) from error
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
