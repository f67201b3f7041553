"""What edits cost: ``python -m tests.benchmarks.editing [items …]``.

CPU milliseconds of the process, medians; waiting for the disk is left out on both sides, for it depends on the disk:
a large edit waits once for each slice, the reference once. How long all of it takes on the clock is told, too.

The reference for an edit of many items is writing the very same rows, made before, to the same tables of an empty
file by ``executemany`` in one transaction, as durably. Garbage collection is left out of slices, as it comes at any
time; it is told by the benchmark of sorting.
"""

from __future__ import annotations

import gc
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from discotui.library.done import Done
from discotui.library.incoming import Reading
from discotui.library.intentions import AppendNote, Intention, Move, Rate, Remove, SetNotes
from discotui.library.items import Folder, Item
from discotui.library.library import Library
from discotui.library.opening import open_file
from discotui.library.slicing import Steps
from tests.benchmarks.collections import FIELDS, FOLDERS, TEXT, make_collection

SIZES = (100_000,)
EDITED = 10_000
REPEATS = 5
TWO_FRAMES = 1000 / 30
INTENTIONS: dict[str, Intention] = {
    "rating": Rate(1),
    "moving": Move(6),
    "a note": SetNotes({TEXT: "Hörprobe in der Küche gelesen"}),
    "adding to a note": AppendNote(TEXT, "sold"),
    "removing": Remove(),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure.

    Attributes:
        what: What was done.
        size: In a collection of so many items.
        ours: Milliseconds.
        reference: Milliseconds of what it is compared with.
        budget: How much more it may be, as a ratio; None where there is no budget.
    """

    what: str
    size: int
    ours: float
    reference: float
    budget: float | None

    @property
    def ratio(self) -> float:
        """How much more it is."""
        return self.ours / self.reference


@dataclass(slots=True)
class Timed:
    """One edit: its slices in CPU milliseconds, and all of it on the clock."""

    slices: list[float]
    clock: float
    done: Done

    @property
    def total(self) -> float:
        """All of them."""
        return sum(self.slices)


def timed(begin: Callable[[], Steps[Done]]) -> Timed:
    """Do an edit slice by slice."""
    slices = []
    gc.collect()
    gc.disable()
    begun, start = perf_counter(), process_time()
    steps = begin()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            slices.append((process_time() - start) * 1000)
            gc.enable()
            return Timed(slices, (perf_counter() - begun) * 1000, end.value)
        slices.append((process_time() - start) * 1000)
        start = process_time()


@contextmanager
def library_of(items: Sequence[Item]) -> Iterator[Library]:
    """A library on the disk that holds these items."""
    with tempfile.TemporaryDirectory(prefix="discotui-benchmark-") as folder:
        library = Library(Path(folder) / "library.sqlite")
        folders = [Folder(0, "All"), *(Folder(number, name) for number, name in FOLDERS.items())]
        library.incoming.publish(Reading({item.instance_id: item for item in items}, folders, FIELDS, None))
        yield library
        library.close()


def plain_executemany(path: Path) -> tuple[float, float]:
    """CPU milliseconds for the rows of an edit that is in a library, written to an empty one; and on the clock."""
    with closing(sqlite3.connect(path)) as db:
        rows = {
            "outbox": db.execute("SELECT * FROM outbox").fetchall(),
            "step": db.execute("SELECT * FROM step").fetchall(),
        }
    with tempfile.TemporaryDirectory(prefix="discotui-benchmark-") as folder:
        db = open_file(Path(folder) / "reference.sqlite", writes=True).db
        begun, start = perf_counter(), process_time()
        db.execute("BEGIN IMMEDIATE")
        for table, of_table in rows.items():
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(of_table[0]))})", of_table)
        db.execute("COMMIT")
        taken, clock = process_time() - start, perf_counter() - begun
        db.close()
    return taken * 1000, clock * 1000


def rows_of_many(library: Library, ids: Sequence[int], size: int) -> Iterator[Row]:
    """Edits of many items, and their undoing."""
    for name, intention in INTENTIONS.items():
        plans: list[float] = []
        done: list[Timed] = []
        undone: list[Timed] = []
        references: list[tuple[float, float]] = []
        for _ in range(REPEATS):
            start = process_time()
            edit = library.plan(intention, ids)
            plans.append((process_time() - start) * 1000)
            done.append(timed(lambda edit=edit: library.carry_out(edit)))  # type: ignore[misc]
            references.append(plain_executemany(library.path))
            undone.append(timed(library.undoing))
        reference, reference_clock = (median(each) for each in zip(*references, strict=True))
        many = f"{name}, {len(edit.changes):,} changes"
        total = median(plan + each.total for plan, each in zip(plans, done, strict=True))
        yield Row(many, size, total, reference, 3.0)
        yield Row(f"{many}: on the clock", size, median(each.clock for each in done), reference_clock, None)
        yield Row(f"{many}: planning", size, median(plans), TWO_FRAMES, 1.0)
        longest = median(max(each.slices) for each in done)
        yield Row(f"{many}: longest of {len(done[0].slices)} slices", size, longest, TWO_FRAMES, 1.0)
        yield Row(f"{many}: undoing", size, median(each.total for each in undone), reference, None)
        longest = median(max(each.slices) for each in undone)
        yield Row(f"{many}: undoing, longest of {len(undone[0].slices)} slices", size, longest, TWO_FRAMES, 1.0)


def row_of_one(library: Library, ids: Sequence[int], size: int) -> Row:
    """An edit of one item, against a durable commit of its rows."""
    times, references = [], []
    for instance_id in ids[:50]:
        start = process_time()
        library.rate([instance_id], 1)
        times.append((process_time() - start) * 1000)
        references.append(plain_executemany(library.path)[0])
        library.undo()
    return Row("rating one item", size, median(times), median(references), None)


def measure(size: int, edited: int = EDITED) -> list[Row]:
    """All figures of a collection of so many items."""
    items = make_collection(size)
    ids = [item.instance_id for item in items if item.rating != 1 and item.folder_id != 6][
        :: max(1, size // edited // 2)
    ]
    with library_of(items) as library:
        return [row_of_one(library, ids, size), *rows_of_many(library, ids[:edited], size)]


def main(sizes: Sequence[int]) -> None:
    """Measures and prints."""
    print(f"{'items':>8}  {'':<62}{'ms':>9}{'against':>9}{'ratio':>8}{'budget':>8}")
    for size in sizes:
        for row in measure(size):
            budget = "" if row.budget is None else f"{row.budget:.1f}"
            print(f"{size:>8,}  {row.what:<62}{row.ours:>9.2f}{row.reference:>9.2f}{row.ratio:>8.2f}{budget:>8}")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or SIZES)
