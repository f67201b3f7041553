"""The library file: every SQL statement of the program is here or in ``kept_steps``, but for those that open a file.

The store knows rows, not rules. It is used under :class:`discotui.library.library.Library`'s lock, by one thread
at a time, and it is the one place that writes to the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from discotui.errors import LibraryError, LibraryUnreadable
from discotui.library import edits, last_seen
from discotui.library.edits import RemoveItem
from discotui.library.items import Field, Folder, Item
from discotui.library.kept_steps import KeptSteps
from discotui.library.opening import StorageError, open_file, storage_error
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome, Past, Told
from discotui.library.remains import in_circles
from discotui.library.rows import items_from_rows

_ITEM_COLUMNS = (
    "instance_id, release_id, folder_id, rating, added, artist, title, label, catno, format, year, genre, search,"
    " notes, master_id, cover"
)
_ITEM_MARKS = ", ".join("?" * 16)


class Store:
    """An open library file. What is read before :meth:`check` has returned may be damaged.

    Args:
        path: The file; see :func:`~discotui.library.opening.open_file`.
        writes: It may be changed.

    Attributes:
        steps: The person's edits, for undo and redo.

    Raises:
        LibraryError: It cannot be used; it was left as it is.
    """

    def __init__(self, path: Path, *, writes: bool = True) -> None:
        self.path = path
        self._file = open_file(path, writes=writes)
        self._db = self._file.db
        self.steps = KeptSteps(self._db, self.reading)
        self._mark = path.with_name(f"{path.name}.suspect") if writes else None
        self._version = self._data_version()

    def close(self) -> None:
        """Close the file. Everything acknowledged is in it already."""
        self._db.close()

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def as_it_is_now(self) -> Iterator[bool]:
        """All that is read inside is of one moment. Gives whether another program has written to the file since.

        As long as it lasts nobody can write.
        """
        with self.reading():
            former, self._version = self._version, self._data_version()
            if self._version == former:
                yield False
                return
            self._db.execute("BEGIN")
            try:
                yield True
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are kept together or not at all.

        Raises:
            LibraryUnwritable: The file could not be written: no room, no permission, or gone.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            # It was seen before this.
            self._db.execute("DELETE FROM meta WHERE key = ?", (last_seen.KEY,))
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            if isinstance(error, StorageError):
                raise self._told(storage_error(self.path, error)) from error
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Around reading outside of a transaction.

        Raises:
            LibraryUnreadable: Damaged: what is in it cannot be understood.
            LibraryUnwritable: Held by another program, or gone.
        """
        try:
            yield
        except StorageError as error:
            raise self._told(storage_error(self.path, error)) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._told(LibraryUnreadable(self.path, "a row that cannot be understood")) from error

    def _told(self, error: LibraryError) -> LibraryError:
        """The error; damage is noted beside the file, because not all of it is met again at the next start."""
        if isinstance(error, LibraryUnreadable) and self._mark is not None:
            with suppress(OSError):
                self._mark.touch(mode=0o600)
        return error

    def check(self) -> None:
        """Wait until the file is known to be sound, which takes about as long as reading all of it.

        Raises:
            LibraryError: It is not, or it cannot be written although it was to be.
        """
        self._file.check()

    def look_closely(self) -> None:
        """If damage was met while the program ran last: read everything there is, even what is seldom read.

        Raises:
            LibraryUnreadable: It is there.
        """
        if self._mark is None or not self._mark.exists():
            return
        with self.reading():
            self.vanished(0.0)
            self.history((), limit=-1)
            for step_id in self.steps.all_ids():
                self.steps.get(step_id)
        with suppress(OSError):
            self._mark.unlink()

    # --- the snapshot ---------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """Every item of the snapshot, in the order of its id."""
        rows = self._db.execute(f"SELECT {_ITEM_COLUMNS} FROM item ORDER BY instance_id")  # noqa: S608
        return items_from_rows(rows)

    def put_items(self, items: Iterable[Item]) -> None:
        """Insert items, or replace those of the same instance id."""
        self._db.executemany(
            f"INSERT OR REPLACE INTO item ({_ITEM_COLUMNS}) VALUES ({_ITEM_MARKS})",  # noqa: S608
            (
                (
                    item.instance_id,
                    item.release_id,
                    item.folder_id,
                    item.rating,
                    item.added,
                    item.artist,
                    item.title,
                    item.label,
                    item.catno,
                    item.format,
                    item.year,
                    item.genre,
                    item.search,
                    None if item.notes is None else json.dumps(dict(item.notes), ensure_ascii=False),
                    item.master_id,
                    item.cover,
                )
                for item in items
            ),
        )

    def vanish_items(self, items: Iterable[Item], at: float, cause: str) -> None:
        """Take items out of the snapshot and keep them aside with their notes.

        Args:
            items: Items of the snapshot.
            at: When, in seconds since 1970.
            cause: "removed" from here, or "missing" at Discogs.
        """
        gone = [(item.instance_id, at, edits.to_json(RemoveItem(item)), cause) for item in items]
        self._db.executemany("INSERT OR REPLACE INTO vanished VALUES (?, ?, ?, ?)", gone)
        self._db.executemany("DELETE FROM item WHERE instance_id = ?", [(entry[0],) for entry in gone])

    def vanished(self, since: float) -> list[tuple[Item, float, str]]:
        """Items set aside, the latest first: each with when and why ("removed", "missing").

        Args:
            since: Not those of before, in seconds since 1970.
        """
        found = []
        with self.reading():
            rows = self._db.execute(
                "SELECT item, vanished_at, cause FROM vanished WHERE vanished_at >= ?"
                " ORDER BY vanished_at DESC, instance_id",
                (since,),
            )
            for text, at, cause in rows:
                change = edits.from_json(text)
                assert isinstance(change, RemoveItem)  # noqa: S101 - for the type, nothing else is put there
                found.append((change.item, at, cause))
        return found

    def drop_vanished(self, instance_ids: Iterable[int]) -> None:
        """Forget items that were set aside, because they are in the collection again."""
        self._db.executemany("DELETE FROM vanished WHERE instance_id = ?", [(number,) for number in instance_ids])

    def prune_vanished(self, before: float) -> None:
        """Forget items that were set aside before a time, in seconds since 1970."""
        self._db.execute("DELETE FROM vanished WHERE vanished_at < ?", (before,))

    def folders(self) -> list[Folder]:
        """The folders in Discogs' order."""
        rows = self._db.execute("SELECT folder_id, name, count FROM folder ORDER BY position")
        return [Folder(*row) for row in rows]

    def put_folders(self, folders: Sequence[Folder]) -> None:
        """Replace all folders."""
        self._db.execute("DELETE FROM folder")
        self._db.executemany(
            "INSERT INTO folder (folder_id, name, count, position) VALUES (?, ?, ?, ?)",
            [(folder.folder_id, folder.name, folder.count, place) for place, folder in enumerate(folders)],
        )

    def fields(self) -> list[Field]:
        """The notes fields by position."""
        rows = self._db.execute(
            "SELECT field_id, name, position, public, options, lines FROM field ORDER BY position, field_id"
        )
        return [
            Field(field_id, name, position, bool(public), tuple(json.loads(options)), lines)
            for field_id, name, position, public, options, lines in rows
        ]

    def put_fields(self, fields: Sequence[Field]) -> None:
        """Replace all fields."""
        self._db.execute("DELETE FROM field")
        self._db.executemany(
            "INSERT INTO field VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    field.field_id,
                    field.name,
                    field.position,
                    int(field.public),
                    json.dumps(field.options, ensure_ascii=False),
                    field.lines,
                )
                for field in fields
            ],
        )

    def meta(self) -> dict[str, str]:
        """All small facts: when the collection was read, its value, the next temporary id."""
        return dict(self._db.execute("SELECT key, value FROM meta WHERE key <> ?", (last_seen.KEY,)))

    def put_meta(self, **facts: object) -> None:
        """Set small facts."""
        self._db.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, str(value)) for key, value in facts.items()]
        )

    def keep_last_seen(self, text: str) -> None:
        """Keep what the screen is to begin with, until something is written; see :mod:`~discotui.library.last_seen`.

        Raises:
            LibraryError: It cannot be kept.
        """
        with self.reading():
            kept = self._db.execute("SELECT value FROM meta WHERE key = ?", (last_seen.KEY,)).fetchone()
        if kept != (text,):
            with self.transaction():
                self.put_meta(**{last_seen.KEY: text})

    # --- the outbox -----------------------------------------------------------------------------------

    def outbox(self) -> list[Pending]:
        """What waits, in the order of sending."""
        rows = self._db.execute(
            "SELECT seq, change, steps, state, not_before, seen, created_at, checks, sendings, reason FROM outbox"
            " ORDER BY seq"
        )
        return [
            Pending(
                seq,
                edits.from_json(change),
                tuple(json.loads(steps)),
                State(state),
                not_before,
                None if seen is None else tuple(json.loads(seen)),
                *rest,
            )
            for seq, change, steps, state, not_before, seen, *rest in rows
        ]

    def next_seq(self) -> int:
        """The number that the next row of the outbox gets. Never used twice."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        return int(row[0]) + 1 if row else 1

    def add_pending(self, pending: Iterable[tuple[Pending, str]]) -> None:
        """Insert changes that nothing has been done about yet, each with its text of :func:`edits.to_json`."""
        self._db.executemany(
            "INSERT INTO outbox VALUES (?, ?, ?, 'waiting', ?, NULL, ?, 0, 0, '')",
            [(row.seq, text, f"[{row.steps[0]}]", row.not_before, row.created_at) for row, text in pending],
        )

    def put_pending(self, pending: Iterable[Pending]) -> None:
        """Insert rows of the outbox, or replace those of the same number."""
        self._db.executemany(
            "INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row.seq,
                    edits.to_json(row.change),
                    json.dumps(row.steps),
                    row.state.value,
                    row.not_before,
                    None if row.seen is None else json.dumps(row.seen),
                    row.created_at,
                    row.checks,
                    row.sendings,
                    row.reason,
                )
                for row in pending
            ],
        )

    def delete_pending(self, seqs: Iterable[int]) -> None:
        """Take rows out of the outbox."""
        self._db.executemany("DELETE FROM outbox WHERE seq = ?", [(seq,) for seq in seqs])

    def put_history(self, entries: Iterable[Past]) -> None:
        """Note what became of changes; their numbers are given here."""
        self._db.executemany(
            "INSERT INTO history"
            " (change, outcome, reason, created_at, ended_at, title, field, before, after, search, open)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    edits.to_json(entry.change),
                    entry.outcome.value,
                    entry.reason,
                    entry.created_at,
                    entry.ended_at,
                    entry.told.title,
                    entry.told.field,
                    entry.told.before,
                    entry.told.after,
                    entry.search,
                    int(entry.is_open),
                )
                for entry in entries
            ],
        )

    def history(self, words: Sequence[str], limit: int) -> list[Past]:
        """The latest changes that left the outbox, newest first.

        Args:
            words: Folded; only what holds all of them.
            limit: At most so many.
        """
        where = " AND ".join(["instr(search, ?)"] * len(words)) or "1"
        return self._past(f"WHERE {where} ORDER BY seq DESC LIMIT ?", (*words, limit))

    def open_history(self) -> list[Past]:
        """What was refused and is still open, oldest first."""
        return self._past("WHERE open ORDER BY seq", ())

    def count_open_history(self) -> int:
        """How much was refused and is still open."""
        return int(self._db.execute("SELECT count(*) FROM history WHERE open").fetchone()[0])

    def past(self, seq: int) -> Past | None:
        """An entry of the history by its number."""
        return next(iter(self._past("WHERE seq = ?", (seq,))), None)

    def close_history(self, seqs: Iterable[int]) -> None:
        """Note that something refused is dealt with."""
        self._db.executemany("UPDATE history SET open = 0 WHERE seq = ?", ((seq,) for seq in seqs))

    def _past(self, rest: str, values: tuple[str | int, ...]) -> list[Past]:
        columns = "seq, change, outcome, reason, created_at, ended_at, open, title, field, before, after"
        with self.reading():
            rows = self._db.execute(f"SELECT {columns} FROM history {rest}", values)  # noqa: S608
            return [
                Past(seq, edits.from_json(change), Outcome(outcome), reason, created, ended, Told(*told), bool(is_open))
                for seq, change, outcome, reason, created, ended, is_open, *told in rows
            ]

    # --- ids ------------------------------------------------------------------------------------------

    def aliases(self, kind: str) -> dict[int, int]:
        """Replaced ids, old → new, of items ("item") or folders ("folder")."""
        found = dict(self._db.execute("SELECT old, new FROM alias WHERE kind = ?", (kind,)))
        if in_circles(found):
            raise ValueError("ids that replace each other")
        return found

    def put_aliases(self, replaced: Iterable[tuple[str, int, int]]) -> None:
        """Note that ids were replaced: kind, old, new."""
        self._db.executemany("INSERT OR REPLACE INTO alias VALUES (?, ?, ?)", replaced)

    def delete_alias(self, kind: str, old: int) -> None:
        """Note that an id counts again."""
        self._db.execute("DELETE FROM alias WHERE kind = ? AND old = ?", (kind, old))
