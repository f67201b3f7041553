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
from tests.benchmarks.figures import Figure, print_figures

SIZES = (100_000,)
EDITED = 10_000
REPEATS = 5
TWO_FRAMES = 1000 / 30
INTENTIONS: dict[str, Intention] = {
    "rating": Rate(1),
    "moving": Move(6),
    "setting a note of": SetNotes({TEXT: "Hörprobe in der Küche gelesen"}),
    "appending to a note of": AppendNote(TEXT, "sold"),
    "removing": Remove(),
}


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


def figures_of_many(library: Library, ids: Sequence[int], size: int) -> Iterator[Figure]:
    """Edits of many items, and their undoing: of 10,000, or half of all."""
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
        many, frames = f"{name} 10,000 items at once", "two frames"
        total = median(plan + each.total for plan, each in zip(plans, done, strict=True))
        yield Figure(many, size, total, reference, "executemany", 3)
        clock = median(each.clock for each in done)
        yield Figure(f"{many}: on the clock", size, clock, reference_clock, "executemany")
        longest = median(max(each.slices) for each in done)
        yield Figure(f"{many}: longest slice", size, longest, TWO_FRAMES, frames, 1)
        yield Figure(f"{many}: undoing", size, median(each.total for each in undone), reference, "executemany")
        longest = median(max(each.slices) for each in undone)
        yield Figure(f"{many}: undoing, longest slice", size, longest, TWO_FRAMES, frames, 1)


def figure_of_one(library: Library, ids: Sequence[int], size: int) -> Figure:
    """An edit of one item, against a durable commit of its rows."""
    times, references = [], []
    for instance_id in ids[:50]:
        start = process_time()
        library.rate([instance_id], 1)
        times.append((process_time() - start) * 1000)
        references.append(plain_executemany(library.path)[0])
        library.undo()
    return Figure("rating one item", size, median(times), median(references), "one commit of its rows")


def figures(size: int) -> Iterator[Figure]:
    """What edits cost in a collection of that size."""
    items = make_collection(size)
    ids = [item.instance_id for item in items if item.rating != 1 and item.folder_id != 6]
    edited = min(EDITED, len(ids) // 2)
    with library_of(items) as library:
        yield figure_of_one(library, ids, size)
        yield from figures_of_many(library, ids[:: len(ids) // edited][:edited], size)


if __name__ == "__main__":
    print_figures(figures, [int(argument) for argument in sys.argv[1:]] or SIZES)
