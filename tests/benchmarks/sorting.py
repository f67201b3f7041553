"""What sorting costs at growing numbers of items: ``python -m tests.benchmarks.sorting [items …]``.

CPU time of the process, medians. Beside the milliseconds stands the ratio against ``sorted()`` of as many ready keys
(the folded artists) in the same process; that of a part of the items is against as many keys as the part has.
"""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from time import process_time

from discotui.library.folding import alphabetical
from discotui.library.items import Item
from discotui.library.sorting import Order, Sorter, sort_keys
from tests.benchmarks.collections import FIELDS, FOLDERS, make_collection

SIZES = (1_000, 10_000, 100_000, 300_000)
REPEATS = 5
FRAME = 1000 / 60

ARTIST, YEAR, TITLE = Order(), Order().chosen("year"), Order().chosen("title")
RATING = Order().chosen("rating")


def sort(sorter: Sorter, items: Sequence[Item], order: Order) -> list[Item]:
    """All in one go."""
    return sorter.sort(items, order, folders=FOLDERS, fields=FIELDS)


def cost(act: Callable[[], object]) -> float:
    """CPU milliseconds."""
    start = process_time()
    act()
    return (process_time() - start) * 1000


def reference(items: Sequence[Item]) -> float:
    """Median CPU milliseconds of ``sorted()`` of ready keys."""
    keys = [alphabetical(item.artist) for item in items]
    return median(cost(lambda: sorted(keys)) for _ in range(REPEATS))


class Measured:
    """The milliseconds of each act, and what they are to be compared with."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.times: dict[str, list[float]] = {}
        self.part = [item for item in items if item.release_id % 100 < 11]
        self.whole_reference, self.part_reference = reference(items), reference(self.part)

    def measure(self, name: str, act: Callable[[], object]) -> None:
        """Once more."""
        self.times.setdefault(name, []).append(cost(act))

    def print(self, count: int) -> None:
        """All of them."""
        print(f"{count:>8,}  {'sorted() of ready keys':<52}{self.whole_reference:>9.2f}{1:>8.2f}")
        for name, times in self.times.items():
            against = self.part_reference if name.startswith("11 %") else self.whole_reference
            print(f"{count:>8,}  {name:<52}{median(times):>9.2f}{median(times) / against:>8.2f}")


def changed(items: Sequence[Item], share: float, chance: random.Random, *, artist: bool) -> list[Item]:
    """The items with some of them, at least one, rated anew or given to an artist whom nobody knew."""
    after = list(items)
    for place in chance.sample(range(len(items)), max(1, int(len(items) * share))):
        item = items[place]
        name = f"{chance.choice(items).artist} {chance.randrange(1_000_000)}"
        after[place] = replace(item, artist=name) if artist else replace(item, rating=(item.rating + 1) % 6)
    return after


def measure_acts(items: Sequence[Item], measured: Measured, chance: random.Random) -> None:
    """All acts once, from the beginning."""
    sorter = Sorter()

    def act(name: str, order: Order, some: Sequence[Item] = items) -> None:
        measured.measure(name, lambda: sort(sorter, some, order))

    act("first time, by artist", ARTIST)
    act("by another key, never used", TITLE)
    act("by another key, used before", YEAR)
    act("by a third key, used before", YEAR.chosen("title"))
    act("reversed", YEAR.chosen("title").chosen("title"))
    act("the same again", YEAR.chosen("title").chosen("title"))
    act("11 % of the items, first time", TITLE, measured.part)
    act("11 % of the items, again", TITLE, measured.part)
    act("11 % of the items, reversed", TITLE.chosen("title"), measured.part)
    for order, name in ((RATING, "by rating"), (ARTIST, "by artist")):
        for share, how_many in ((0.0, "one item"), (0.01, "1 %")):
            sort(sorter, items, order)
            act(f"{name}, {how_many} changed", order, changed(items, share, chance, artist=order is ARTIST))


def slices(sorter: Sorter, items: Sequence[Item], order: Order) -> list[float]:
    """CPU milliseconds of each slice, and of the sorting at the end."""
    steps = sorter.prepare(items, order, folders=FOLDERS, fields=FIELDS)
    times = []
    is_done = False
    while not is_done:
        start = process_time()
        is_done = next(steps, steps) is steps
        times.append((process_time() - start) * 1000)
    return [*times, cost(lambda: sort(sorter, items, order))]


def print_slices(items: Sequence[Item], chance: random.Random) -> None:
    """The longest slice of each preparation, and what the garbage collector takes of its own when it wants to."""
    pause = cost(gc.collect)
    print(f"{len(items):>8,}  {'garbage collection of everything (ms; frames)':<52}{pause:>9.2f}{pause / FRAME:>8.2f}")
    gc.disable()
    sorter = Sorter()
    for name, some, order in [
        ("by artist", items, ARTIST),
        ("by title", items, TITLE),
        ("reversed", items, TITLE.chosen("title")),
        ("by date added", items, ARTIST.chosen("added")),
        ("by catalogue number", items, ARTIST.chosen("catno")),
        ("by artist, 1 % changed", changed(items, 0.01, chance, artist=True), ARTIST),
    ]:
        times = slices(sorter, some, order)
        line = f"longest of {len(times)} slices, {name} (ms; frames)"
        print(f"{len(items):>8,}  {line:<52}{max(times):>9.2f}{max(times) / FRAME:>8.2f}")
    gc.enable()


def print_memory(count: int) -> None:
    """Of the items, and of all that is known of them when every key has been used."""
    tracemalloc.start()
    items = make_collection(count)
    of_items = tracemalloc.get_traced_memory()[0]
    sorter = Sorter()
    for key in sort_keys(FIELDS):
        sort(sorter, items, ARTIST.chosen(key.key))
    sort(sorter, items[: count // 9], ARTIST)
    of_sorter = tracemalloc.get_traced_memory()[0] - of_items
    tracemalloc.stop()
    print(f"{count:>8,}  {'bytes an item: the item itself':<52}{of_items / count:>9.0f}")
    print(f"{count:>8,}  {'bytes an item: sorted by every key':<52}{of_sorter / count:>9.0f}")


def main(sizes: Sequence[int]) -> None:
    """Measures and prints."""
    print(f"{'items':>8}  {'':<52}{'ms':>9}{'ratio':>8}")
    for count in sizes:
        items, chance = make_collection(count), random.Random(count)
        measured = Measured(items)
        for _ in range(REPEATS):
            measure_acts(items, measured, chance)
        measured.print(count)
        print_slices(items, chance)
        print_memory(count)
        print()


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or SIZES)
