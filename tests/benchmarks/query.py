"""What filtering costs at growing numbers of items: ``python -m tests.benchmarks.query [items …]``.

CPU time of the process, medians. The reference, in the same process, is one plain substring scan over the same folded
texts: ``[text for text in texts if word in text]``, for the same word, or for a word that nothing has where the query
has none. "Longest step" is the longest of the slices of a search that is driven as the screen drives it.
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

from discotui.library.collected import Collection
from discotui.library.completing import Completer
from discotui.library.folding import fold
from discotui.library.items import Field, Folder, Item
from discotui.library.matching import Finder, Search
from discotui.library.parsing import parse
from discotui.library.query import Query
from discotui.library.vocabulary import Vocabulary
from tests.benchmarks.table import CONDITIONS, WORDS, make_items

SIZES = (1_000, 10_000, 100_000, 300_000)
REPEATS = 7
ABSENT = "qqqq"

FIELDS = (
    Field(1, "Media Condition", 1, False, CONDITIONS[:3]),
    Field(2, "Sleeve Condition", 2, False, CONDITIONS[:3]),
    Field(3, "Notes", 3, False, (), 3),
)
FOLDERS = (Folder(0, "All"), Folder(1, "Uncategorized"), Folder(2, "Jazz"))
VOCABULARY = Vocabulary(FIELDS)
EVERYTHING = Query()

QUERIES = (
    ("one word, none", ABSENT, ABSENT),
    ("one word, common", "voodoo", "voodoo"),
    ("one letter", "e", "e"),
    ("a folder's name", "jazz", "jazz"),
    ("two words", "voodoo tokyo", "voodoo"),
    ("a word and without another", "voodoo -tokyo", "voodoo"),
    ("either of two", "voodoo | tokyo", "voodoo"),
    ("label:", "label:voodoo", "voodoo"),
    ("title:", "title:voodoo", "voodoo"),
    ("notes:", "notes:voodoo", "voodoo"),
    ("media:nm", "media:nm", "near mint"),
    ("media:near", "media:near", "near"),
    ("year:1970..1979", "year:1970..1979", ABSENT),
    ("added:2024", "added:2024", ABSENT),
    ("is:duplicate", "is:duplicate", ABSENT),
    ("no:notes", "no:notes", ABSENT),
    ("all kinds", "voodoo media:nm year:1960..1989 -label:rain rating:2..", "voodoo"),
)


def queried_items(count: int) -> list[Item]:
    """The table's items with the texts that a filter reads: a remark on every third, some of them in Japanese."""
    chance = random.Random(count)
    items = []
    for item in make_items(count):
        notes = dict(item.notes or {})
        if item.instance_id % 3 == 0:
            notes[3] = f"{' '.join(chance.choices(WORDS, k=5))} {item.instance_id}"
        texts = (item.artist, item.title, f"{item.artist} {item.label}", item.catno, item.format, item.genre)
        search = fold("\n".join(texts))
        items.append(replace(item, notes={key: value for key, value in notes.items() if value}, search=search))
    return items


def cost(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median CPU milliseconds."""
    times = []
    for _ in range(repeats):
        start = process_time()
        act()
        times.append((process_time() - start) * 1000)
    return median(times)


def query_of(text: str) -> Query:
    """A query that must be right."""
    query = parse(text, VOCABULARY).query
    assert query is not None, text
    return query


def whole_texts(items: Sequence[Item], collection: Collection) -> list[str]:
    """One folded text of each item, with folder and notes: what words are looked for in."""
    folders = collection.folded_folders
    return [
        "\n".join((item.search, folders[item.folder_id], *map(fold, (item.notes or {}).values()))) for item in items
    ]


def longest_step(search: Search) -> float:
    """Milliseconds of the longest step of a search."""
    longest = 0.0
    while not search.is_done:
        start = process_time()
        search.step()
        longest = max(longest, process_time() - start)
    return longest * 1000


def show(count: int, name: str, milliseconds: float, scan: float | None = None, step: float | None = None) -> None:
    """A line of the table."""
    ratio = "" if scan is None else f"{milliseconds / scan:.2f}"
    print(f"{count:>8,}  {name:<44}{milliseconds:>10.2f}{ratio:>10}{'' if step is None else f'{step:.1f}':>14}")


def run(count: int) -> None:
    """Measures and prints at one size."""
    items = queried_items(count)
    collection = Collection.of(items, FOLDERS, FIELDS)
    texts = whole_texts(items, collection)
    scans = {
        word: cost(lambda word=word: [text for text in texts if word in text])  # type: ignore[misc]
        for word in dict.fromkeys(word for _, _, word in QUERIES)
    }
    finder = Finder()

    def search(query: Query, within: Sequence[Item] = items, state: Collection = collection) -> Search:
        return finder.search(query, within, state)

    step = longest_step(Finder().search(EVERYTHING, items, collection))
    first = cost(lambda: Finder().search(EVERYTHING, items, collection).run(), 1)
    show(count, "texts made ready, once", first, scans[ABSENT], step)
    search(EVERYTHING).run()
    nothing = query_of(f"-{ABSENT} {ABSENT}")
    for name, text, word in QUERIES:
        query = query_of(text)
        search(query).run()
        times = []
        steps = []
        for _ in range(REPEATS):
            # What follows is within nothing of this, so that everything is looked at again.
            search(nothing).run()
            times.append(cost(lambda query=query: search(query).run(), 1))  # type: ignore[misc]
            search(nothing).run()
            steps.append(longest_step(search(query)))
        show(count, name, median(times), scans[word], median(steps))
    for before, after in (
        ("vood", "voodo"),
        ("voodoo", "voodoo tokyo"),
        ("voodoo", "voodoo year:1971"),
        ("cat-0012", "cat-00123"),
    ):
        times = []
        for _ in range(REPEATS):
            search(nothing).run()
            search(query_of(before)).run()
            times.append(cost(lambda after=after: search(query_of(after)).run(), 1))  # type: ignore[misc]
        show(count, f"narrowed: {before} → {after}", median(times), scans["voodoo"])

    def after_an_edit() -> None:
        changed = list(items)
        changed[0] = replace(items[0], notes={3: "changed"})
        search(query_of("voodoo"), changed, Collection.of(changed, FOLDERS, FIELDS)).run()

    show(count, "first search after one item changed", cost(after_an_edit), scans["voodoo"])
    for text in ("lab", "label:", "label:vo", "format:", "media:", "artist:b", "added:2024-", "year:19"):
        completer = Completer(collection)
        first = cost(lambda text=text, completer=completer: completer.complete(text, len(text)), 1)  # type: ignore[misc]
        again = cost(lambda text=text, completer=completer: completer.complete(text, len(text)))  # type: ignore[misc]
        show(count, f"completing {text}", again, scans[ABSENT])
        show(count, f"completing {text} the first time", first, scans[ABSENT])


def memory(count: int) -> None:
    """Prints what an item takes, and what filtering adds to it."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    items = queried_items(count)
    gc.collect()
    bare = tracemalloc.get_traced_memory()[0] - before
    collection = Collection.of(items, FOLDERS, FIELDS)
    finder = Finder()
    print(f"{'':>10}bytes an item: {bare / count:,.0f}", end="")
    for text in ("", "voodoo", "label:voodoo title:e", "catno:cat artist:blue format:lp genre:jazz"):
        finder.search(query_of(text), items, collection).run()
        gc.collect()
        now = tracemalloc.get_traced_memory()[0] - before
        print(f"; after {text or 'nothing'} {(now - bare) / count:+,.0f}", end="")
    tracemalloc.stop()
    print("\n")


def main(sizes: Sequence[int]) -> None:
    """Measures and prints."""
    print(f"{'items':>8}  {'':<44}{'ms CPU':>10}{'× scan':>10}{'longest step':>14}")
    for count in sizes:
        run(count)
        memory(count)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or SIZES)
