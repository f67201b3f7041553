"""All budgets in one table of ratios: ``python -m tests.benchmarks [items …]``. It takes some minutes.

Each figure is our cost by that of its reference in the same run; the modules of this package tell how it is measured.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from statistics import median

from discotui.library.collected import Collection
from discotui.library.matching import Finder
from discotui.library.sorting import Sorter
from tests.benchmarks import editing, opening, query, reading, sorting, table
from tests.benchmarks.collections import make_collection
from tests.benchmarks.figures import Figure, cost

SIZES = (1_000, 10_000, 100_000, 300_000)
_SMALL = 1_000
_TWO_FRAMES = 1000 / 30
_MOST_READ = 100_000
"""The answers of Discogs about more items take more memory than there may be."""

_TYPED = ("v", "vo", "voo", "vood", "voodoo", "voodoo t", "voodoo tok", "voodoo tokyo", "voodoo tokyo -rain")


@cache
def _keys(size: int) -> dict[str, float]:
    return asyncio.run(table.run(size))


def keys(size: int) -> Iterator[Figure]:
    """The table's keys, against the same with a thousand rows."""
    few = _keys(_SMALL)
    for what, milliseconds in _keys(size).items():
        if what in {"cursor down, in view", "cursor down, scrolling", "page down or up", "replace one row"}:
            yield Figure(f"table: {what}", size, milliseconds, few[what], "the same with 1,000 rows", 1.5)


def filtering(size: int) -> Iterator[Figure]:
    """A filter typed key by key, and some at once."""
    items = query.queried_items(size)
    collection = Collection.of(items, query.FOLDERS, query.FIELDS)
    texts = query.whole_texts(items, collection)
    scan = cost(lambda: [text for text in texts if "voodoo" in text])
    finder = Finder()
    finder.search(query.EVERYTHING, items, collection).run()
    times, steps = [], []
    for _ in range(3):
        for typed in _TYPED:
            asked = query.query_of(typed)
            steps.append(query.longest_step(finder.search(asked, items, collection)))
            finder.search(query.query_of(f"-{query.ABSENT} {query.ABSENT}"), items, collection).run()
            if len(typed) > 1:
                finder.search(query.query_of(typed[:-1].rstrip(" -")), items, collection).run()
            times.append(cost(lambda asked=asked: finder.search(asked, items, collection).run(), repeats=1))  # type: ignore[misc]
    yield Figure("filter: the dearest key of nine", size, max(times), scan, "one substring scan", 3)
    yield Figure("filter: the usual key", size, median(times), scan, "one substring scan", 3)
    yield Figure("filter: longest slice", size, max(steps), _TWO_FRAMES, "two frames", 1)


def ordering(size: int) -> Iterator[Figure]:
    """Orders, new and known."""
    items = make_collection(size)
    measured = sorting.Measured(items)
    for _ in range(3):
        sorting.measure_acts(items, measured, random.Random(size))
    for what, budget in (
        ("by another key, used before", 2.0),
        ("by another key, never used", None),
        ("reversed", 2.0),
        ("by artist, one item changed", 2.0),
    ):
        times = measured.times[what]
        yield Figure(f"sort: {what}", size, median(times), measured.whole_reference, "sorted() of ready keys", budget)
    slices = sorting.slices(Sorter(), items, sorting.TITLE)
    yield Figure("sort: longest slice", size, max(slices[:-1]), _TWO_FRAMES, "two frames", 1)


def starting(size: int) -> Iterator[Figure]:
    """The first frame, all items, memory."""
    yield from opening.figures(size)


def read(size: int) -> Iterator[Figure]:
    """Parsing, storing, publishing."""
    if size <= _MOST_READ:
        yield from reading.figures(size)


PARTS: Sequence[Callable[[int], Iterator[Figure]]] = (starting, keys, filtering, ordering, editing.figures, read)


def main(sizes: Sequence[int]) -> None:
    """Measures everything, then prints it as Markdown."""
    rows: dict[str, dict[int, Figure]] = {}
    for part in PARTS:
        for size in sizes:
            for each in part(size):
                rows.setdefault(each.what, {})[size] = each
                print(f"{each.size:>8,}  {each.what:<50} {each.ratio:.2f}", file=sys.stderr, flush=True)
    print(f"| | {' | '.join(f'{size:,}' for size in sizes)} | budget | against |")
    print(f"|---|{'--:|' * len(sizes)}--:|---|")
    for what, by_size in rows.items():
        ratios = [f"{by_size[size].ratio:.2f}" if size in by_size else "" for size in sizes]
        some = next(iter(by_size.values()))
        budget = "" if some.budget is None else f"{some.budget:g}"
        print(f"| {what} | {' | '.join(ratios)} | {budget} | {some.of} |")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or SIZES)
