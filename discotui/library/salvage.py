"""A damaged library is put aside, and what is left of it goes into a new one: above all, what waits to be sent.

At no moment is there nothing: under the library's name is first the damaged file, then the new one, whole.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from discotui.library import opening
from discotui.library.files import beside, make_part, sync_folder
from discotui.library.remains import Remains, collect

_OF_SQLITE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file would be taken for the new one's."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of a damaged library.

    Attributes:
        waiting: How many changes could be saved that Discogs has not confirmed.
        items: How many items can be shown until the collection has been read again.
        damaged: Where the damaged file is.
    """

    waiting: int
    items: int
    damaged: Path


def salvage(path: Path, now: float) -> Salvaged:
    """Put a damaged library aside and make a new one in its place, from what can still be understood.

    The new one counts as never read: its items are shown, and trusted to be all there are only after a whole reading.

    Args:
        path: The damaged file. Only who holds its lock may do this, and has no connection to it.
        now: Seconds since 1970.

    Raises:
        LibraryError: There is no new library, and the damaged one is where it was.
    """
    path = path.resolve()
    try:
        remains = collect(path, now)
        part = make_part(path)
        try:
            _fill(part, remains)
            damaged = _keep(path, now)
            _move_aside(path, damaged)
            sync_folder(path.parent)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        # It is suspect no longer.
        path.with_name(f"{path.name}.suspect").unlink(missing_ok=True)
        sync_folder(path.parent)
    except opening.StorageError as error:
        raise opening.storage_error(path, error) from error
    return Salvaged(remains.count("outbox"), remains.count("item"), damaged)


def _fill(part: Path, remains: Remains) -> None:
    db = sqlite3.connect(part, isolation_level=None)
    try:
        opening.create(db)
        db.execute("BEGIN IMMEDIATE")
        for table, rows in remains.tables.items():
            if rows:
                marks = ", ".join("?" * len(next(iter(rows.values()))))
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows.values())  # noqa: S608
        db.execute("INSERT INTO meta VALUES ('next_temporary_id', ?)", (str(remains.lowest_id - 1),))
        for table, last in remains.last.items():
            # Numbers of rows that went are not given again.
            highest = db.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0]  # noqa: S608
            db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, max(last, highest or 0)))
        db.execute("COMMIT")
    finally:
        db.close()


def _keep(path: Path, now: float) -> Path:
    """A second name for the damaged file; where names cannot be given twice, a copy."""
    damaged = beside(path, f".damaged-{time.strftime('%Y-%m-%d', time.localtime(now))}")
    try:
        os.link(path, damaged)
    except OSError:
        try:
            shutil.copy2(path, damaged)
        except BaseException:
            damaged.unlink(missing_ok=True)
            raise
    return damaged


def _move_aside(path: Path, damaged: Path) -> None:
    for suffix in _OF_SQLITE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(damaged.with_name(damaged.name + suffix))
