"""Rows read straight from pages: what SQLite has, and nothing that it has no more."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from discotui.library.pages import PAGE_SIZE, Value, rows

SIZES = (0, 1, 100, 479, 480, 1002, 1003, 4061, 4062, 9000, 20_000)
"""Of texts: with these, rows just fit a page, or do not."""


def filled(path: Path, seed: int) -> tuple[set[tuple[Value, ...]], set[tuple[Value, ...]], set[str]]:
    """A file after many insertions, changes and deletions.

    Returns:
        The rows of a table with numbers, these first, and of one without; and the marks of texts that are gone.
    """
    dice = random.Random(seed)
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        f"PRAGMA page_size = {PAGE_SIZE}; PRAGMA secure_delete = ON; PRAGMA synchronous = OFF;"
        "CREATE TABLE numbered (n INTEGER PRIMARY KEY AUTOINCREMENT, a, b, c, d);"
        "CREATE TABLE keyed (k TEXT, n INTEGER, v, PRIMARY KEY (k, n)) WITHOUT ROWID; BEGIN"
    )
    given = 0

    def value() -> Value:
        number = dice.randrange(-(2**63), 2**63) >> dice.randrange(64)
        return dice.choice([None, 0, 1, number, dice.random(), "é株🎷" * dice.randrange(400), dice.randbytes(5)])

    def text() -> str:
        nonlocal given
        given += 1
        return f"<{given}>" + "x" * dice.choice(SIZES)

    for _ in range(dice.randrange(700)):
        which = dice.randrange(10)
        if which < 5:
            number = dice.choice([None, None, dice.randrange(-(10**12), 10**12)])
            db.execute("INSERT INTO numbered VALUES (?, ?, ?, ?, ?)", (number, text(), value(), value(), value()))
        elif which < 7:
            db.execute("INSERT OR REPLACE INTO keyed VALUES (?, ?, ?)", (text(), dice.randrange(9), value()))
        elif which < 9:
            kept = [row[0] for row in db.execute("SELECT n FROM numbered")]
            for number in dice.sample(kept, min(3, len(kept))):
                db.execute("UPDATE numbered SET a = ? WHERE n = ?", (text(), number))
        else:
            db.execute("DELETE FROM numbered WHERE n % 7 = ?", (dice.randrange(7),))
            db.execute("DELETE FROM keyed WHERE n = ?", (dice.randrange(9),))
    db.execute("COMMIT")
    numbered, keyed = set(db.execute("SELECT * FROM numbered")), set(db.execute("SELECT * FROM keyed"))
    db.close()
    there = {str(row[1]).partition(">")[0] for row in numbered} | {str(row[0]).partition(">")[0] for row in keyed}
    return numbered, keyed, {f"<{number}" for number in range(1, given + 1)} - there


@pytest.mark.parametrize("seed", [*range(20), 290])
def test_every_row_that_sqlite_has_is_read_and_none_that_was_deleted(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "some.sqlite"
    numbered, keyed, gone = filled(path, seed)

    found = list(rows(path))

    assert numbered <= {(row.number, *row.columns[1:]) for row in found if row.number is not None}
    assert keyed <= {row.columns for row in found if row.number is None}
    texts = [value for row in found for value in row.columns if isinstance(value, str)]
    assert not [text for text in texts if text.partition(">")[0] in gone]


def test_any_bytes_can_be_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "noise"
    for seed in range(50):
        dice = random.Random(seed)
        pages = [dice.choice([b"\x0d", b"\x0a", b"\x02", b"\x05"]) + dice.randbytes(PAGE_SIZE - 1) for _ in range(5)]
        path.write_bytes(b"".join(pages)[: dice.randrange(5 * PAGE_SIZE)])
        list(rows(path))  # Nothing is raised.


def test_a_long_row_whose_pages_run_in_a_circle_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "circle.sqlite"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, a, b)")
    db.execute("INSERT INTO t VALUES (1, 'first', ?)", ("x" * 50_000,))
    db.commit()
    db.close()
    content = bytearray(path.read_bytes())
    content[3 * PAGE_SIZE : 3 * PAGE_SIZE + 4] = (3).to_bytes(4)
    path.write_bytes(content)
    assert (None, "first", None) in [row.columns for row in rows(path)]
