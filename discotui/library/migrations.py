"""Old library files, brought up to date step by step.

Each step is as it was when its version was new: the tables are written out here, because ``schema.sql`` goes on. A
file of each old version is kept among the tests.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from discotui.errors import LibraryUnreadable
from discotui.library import edits, journal
from discotui.library.edits import RemoveItem
from discotui.library.files import beside, make_part, sync_folder
from discotui.library.items import Field, Folder, Item
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome, Past, told
from discotui.library.view import View


def migrate(db: sqlite3.Connection, path: Path, version: int, target: int, *, keeps_copy: bool) -> None:
    """Bring a file up to date in one transaction: all of it, or nothing.

    Args:
        db: In autocommit mode.
        path: Its file.
        version: Of its schema now.
        target: Of its schema afterwards.
        keeps_copy: The file as it was is saved beside it before anything is changed, and stays there.

    Raises:
        sqlite3.Error: The copy or the migration failed; the file is as it was, and there is no new copy.
        OSError: So it is here.
        LibraryUnreadable: And here, because a row cannot be understood.
    """
    copy: Path | None = None
    db.execute("BEGIN")
    try:
        # From here on nobody else writes: what is copied is what is migrated.
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if keeps_copy:
            copy = _copy(db, path, version)
        for number in range(version, target):
            _STEPS[number](db)
        db.execute(f"PRAGMA user_version = {target}")
        db.execute("COMMIT")
    except BaseException as error:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        if copy is not None:
            copy.unlink(missing_ok=True)
        if isinstance(error, ValueError | TypeError | KeyError | AttributeError):
            raise LibraryUnreadable(path, f"a row of version {version} cannot be understood") from error
        raise


def _copy(db: sqlite3.Connection, path: Path, version: int) -> Path:
    part = make_part(path)
    try:
        target = sqlite3.connect(part, isolation_level=None)
        try:
            db.backup(target)
        finally:
            target.close()
        copy = beside(path, f".v{version}-copy")
        os.rename(part, copy)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return copy


# --- from 1 to 2: more states of the outbox, and a history in words ---------------------------------------

_TABLES_OF_2 = {
    "vanished": """
        CREATE TABLE vanished (
            instance_id INTEGER PRIMARY KEY,
            vanished_at REAL NOT NULL,
            item TEXT NOT NULL,
            cause TEXT NOT NULL
        )""",
    "outbox": """
        CREATE TABLE outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            change TEXT NOT NULL,
            steps TEXT NOT NULL,
            state TEXT NOT NULL,
            not_before REAL NOT NULL,
            seen TEXT,
            created_at REAL NOT NULL,
            checks INTEGER NOT NULL,
            sendings INTEGER NOT NULL,
            reason TEXT NOT NULL
        )""",
    "history": """
        CREATE TABLE history (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            change TEXT NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_at REAL NOT NULL,
            ended_at REAL NOT NULL,
            title TEXT NOT NULL,
            field TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            search TEXT NOT NULL,
            open INTEGER NOT NULL
        )""",
}


def _to_2(db: sqlite3.Connection) -> None:
    words = _words_of_1(db)
    removed = _removed_from_here(db)
    last = dict(db.execute("SELECT name, seq FROM sqlite_sequence"))
    for table, statement in _TABLES_OF_2.items():
        db.execute(f"ALTER TABLE {table} RENAME TO former_{table}")
        db.execute(statement)
    db.execute("INSERT INTO outbox SELECT *, 0, '' FROM former_outbox ORDER BY seq")
    db.executemany(
        "INSERT INTO vanished SELECT *, ? FROM former_vanished WHERE instance_id = ?",
        [
            ("removed" if instance_id in removed else "missing", instance_id)
            for (instance_id,) in db.execute("SELECT instance_id FROM former_vanished").fetchall()
        ],
    )
    db.executemany(
        # What was refused has been told long ago: it is not open.
        "INSERT INTO history SELECT *, ?, ?, ?, ?, ?, 0 FROM former_history WHERE seq = ?",
        [
            (*words(change, outcome, reason), seq)
            for seq, change, outcome, reason in db.execute(
                "SELECT seq, change, outcome, reason FROM former_history ORDER BY seq"
            ).fetchall()
        ],
    )
    db.execute("CREATE INDEX history_open ON history (open) WHERE open")
    for table in _TABLES_OF_2:
        db.execute(f"DROP TABLE former_{table}")
        if table in last:
            # Numbers of rows that went are not given again.
            db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last[table]))


def _words_of_1(db: sqlite3.Connection) -> Callable[[str, str, str], tuple[str, str, str, str, str]]:
    """What puts a change of the history into words, as far as the things are still known that it was about."""
    # Of an item nothing but its name is told.
    items = [
        Item(instance_id, release_id, 0, 0, "", artist, title, "", "", "", 0, "", "", None)
        for instance_id, release_id, artist, title in db.execute(
            "SELECT instance_id, release_id, artist, title FROM item"
        )
    ]
    gone = [edits.from_json(text) for (text,) in db.execute("SELECT item FROM vanished")]
    folders = [Folder(*row) for row in db.execute("SELECT folder_id, name, count FROM folder ORDER BY position")]
    fields = {number: Field(number, name) for number, name in db.execute("SELECT field_id, name FROM field")}
    waiting = [
        Pending(seq, edits.from_json(change), (), State.WAITING, 0.0, None, 0.0)
        for seq, change in db.execute("SELECT seq, change FROM outbox ORDER BY seq")
    ]
    view = View([*(change.item for change in gone if isinstance(change, RemoveItem)), *items], folders, waiting)
    successors = {(kind, old): new for kind, old, new in db.execute("SELECT kind, old, new FROM alias")}

    def resolve(kind: str, number: int) -> int:
        while (kind, number) in successors:
            number = successors[kind, number]
        return number

    def words(text: str, outcome: str, reason: str) -> tuple[str, str, str, str, str]:
        change = journal.with_current_ids(edits.from_json(text), resolve)
        past = Past(0, change, Outcome(outcome), reason, 0.0, 0.0, told(change, view, fields))
        return past.told.title, past.told.field, past.told.before, past.told.after, past.search

    return words


def _removed_from_here(db: sqlite3.Connection) -> set[int]:
    sent = db.execute("SELECT change FROM history WHERE outcome = 'sent'")
    changes = [edits.from_json(text) for (text,) in sent]
    return {change.instance_id for change in changes if isinstance(change, RemoveItem)}


# --- from 2 to 3: large edits in parts --------------------------------------------------------------------


def _to_3(db: sqlite3.Connection) -> None:
    db.execute("CREATE INDEX step_undone ON step (undone) WHERE undone")
    db.execute(
        """
        CREATE TABLE part (
            step_id INTEGER PRIMARY KEY,
            edit INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            refused TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX part_of_edit ON part (edit)")
    db.execute("INSERT INTO part SELECT step_id, step_id, 0, '[]' FROM step")


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _to_2, 2: _to_3}
