"""The person's edits as rows of the library file: what undo and redo go by, and what became of each.

A large edit is kept in parts, each a step of its own, which are undone and done again together. So every part is
kept, undone or given up whole, whatever happens between two of them. An edit is known by the number of its first part.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from discotui.library import edits
from discotui.library.edits import Change


@dataclass(frozen=True, slots=True)
class KeptStep:
    """A step as it is kept.

    Attributes:
        verb: See :class:`~discotui.library.edits.Edit`.
        changes: What was done, with the ids of that time.
        undone: It was taken back, and may be done again.
    """

    verb: str
    changes: tuple[Change, ...]
    undone: bool


class KeptSteps:
    """The tables ``step`` and ``part``.

    Args:
        db: The file. Whoever writes is inside of a transaction.
        reading: Put around what reads rows that may be damaged.
    """

    def __init__(self, db: sqlite3.Connection, reading: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._reading = reading

    def add(self, verb: str, texts: Iterable[str], *, edit: int = 0) -> int:
        """Keep what the person did, and forget what they had undone before it.

        Args:
            verb: What it was.
            texts: What they did: each change as :func:`edits.to_json` gives it.
            edit: The edit that this is a further part of; 0 for the first one.

        Returns:
            The step's id.
        """
        self._db.execute("DELETE FROM step WHERE undone")
        cursor = self._db.execute("INSERT INTO step (verb, changes) VALUES (?, ?)", (verb, edits.joined_json(texts)))
        step_id = int(cursor.lastrowid or 0)
        self._db.execute("INSERT INTO part VALUES (?, ?, 0, '[]')", (step_id, edit or step_id))
        return step_id

    def get(self, step_id: int) -> KeptStep | None:
        """A step; None when there is none, or nothing is left of it."""
        with self._reading():
            row = self._db.execute("SELECT verb, changes, undone FROM step WHERE step_id = ?", (step_id,)).fetchone()
            return KeptStep(row[0], edits.many_from_json(row[1]), bool(row[2])) if row else None

    def all_ids(self) -> list[int]:
        """The ids of all steps."""
        return [step_id for (step_id,) in self._db.execute("SELECT step_id FROM step").fetchall()]

    def latest(self) -> int | None:
        """The step that undo takes next."""
        found: int | None = self._db.execute("SELECT max(step_id) FROM step WHERE NOT undone").fetchone()[0]
        return found

    def first_undone(self) -> int | None:
        """The step that redo takes next."""
        found: int | None = self._db.execute("SELECT min(step_id) FROM step WHERE undone").fetchone()[0]
        return found

    def redos_until(self, edit: int) -> int:
        """How often redo is to be done until it does an edit again; 0 when it never does."""
        rows = self._db.execute(
            "SELECT DISTINCT coalesce(edit, step_id) FROM step LEFT JOIN part USING (step_id) WHERE undone ORDER BY 1"
        )
        undone = [each for (each,) in rows.fetchall()]
        return undone.index(edit) + 1 if edit in undone else 0

    def edit_of(self, step_id: int) -> int:
        """The edit that a step is a part of: its first part, which may not be there any more."""
        row = self._db.execute("SELECT edit FROM part WHERE step_id = ?", (step_id,)).fetchone()
        return int(row[0]) if row else step_id

    def parts_of(self, edit: int) -> list[int]:
        """The steps that an edit was kept as, in their order; of some nothing may be left."""
        rows = self._db.execute("SELECT step_id FROM part WHERE edit = ? ORDER BY step_id", (edit,)).fetchall()
        return [step_id for (step_id,) in rows] or [edit]

    def is_undone(self, edit: int) -> bool | None:
        """Whether all that is left of an edit was undone; None when nothing is left of it."""
        query = "SELECT min(undone) FROM step WHERE step_id = ? OR step_id IN (SELECT step_id FROM part WHERE edit = ?)"
        found = self._db.execute(query, (edit, edit)).fetchone()[0]
        return None if found is None else bool(found)

    def mark(self, step_id: int, *, undone: bool) -> None:
        """Note that a step was undone or done again."""
        self._db.execute("UPDATE step SET undone = ? WHERE step_id = ?", (int(undone), step_id))
        self._db.execute("UPDATE part SET sent = 0, refused = '[]' WHERE step_id = ?", (step_id,))

    def put_changes(self, step_id: int, changes: Sequence[Change]) -> None:
        """Replace a step's changes; a step without any goes."""
        if changes:
            self._db.execute("UPDATE step SET changes = ? WHERE step_id = ?", (edits.many_to_json(changes), step_id))
        else:
            self._db.execute("DELETE FROM step WHERE step_id = ?", (step_id,))

    # --- what became of it ----------------------------------------------------------------------------

    def count_sent(self, step_ids: Iterable[int]) -> None:
        """Note that Discogs confirmed a change of some steps."""
        self._db.executemany("UPDATE part SET sent = sent + 1 WHERE step_id = ?", [(number,) for number in step_ids])

    def note_refused(self, step_id: int, changes: Sequence[Change]) -> None:
        """Note that Discogs declined changes of a step."""
        refused = self._refused(self._db.execute("SELECT refused FROM part WHERE step_id = ?", (step_id,)))
        text = edits.many_to_json([*refused, *changes])
        self._db.execute("UPDATE part SET refused = ? WHERE step_id = ?", (text, step_id))

    def outcome(self, edit: int) -> tuple[int, list[Change]]:
        """How many changes of an edit Discogs has confirmed since it was done (or undone), and what it declined."""
        with self._reading():
            sent = self._db.execute("SELECT coalesce(sum(sent), 0) FROM part WHERE edit = ?", (edit,)).fetchone()[0]
            return int(sent), self._refused(self._db.execute("SELECT refused FROM part WHERE edit = ?", (edit,)))

    def _refused(self, rows: Iterable[tuple[str]]) -> list[Change]:
        return [change for (text,) in rows if text != "[]" for change in edits.many_from_json(text)]
