"""Finding the items that a query asks for, in slices that never hold a screen up.

One :class:`Finder` lives as long as the screen, on the screen's thread. For every text typed it is given what
:func:`~discotui.library.parsing.parse` made of it, and the search that it returns is stepped until done, other things
being let in between two steps. Of a few changed items :func:`match` tells at once whether they still belong.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from discotui.library.collected import Collection
from discotui.library.items import Item
from discotui.library.narrowing import narrows
from discotui.library.query import Query
from discotui.library.selecting import Rows, Selector, Table, Texts

_SLICE_SECONDS = 0.008
_TESTS_AT_ONCE = 4096
"""A millisecond's worth, or a few the first time."""


class Search:
    """A search under way: drive it in slices until it is done, or let it run to its end.

    Attributes:
        query: What is asked for.
        table: Where it is looked for.
        collection: What that is part of.
        matches: The items found so far, in the order of the items searched.
    """

    def __init__(
        self,
        query: Query,
        table: Table,
        rows: Rows,
        collection: Collection,
        *,
        clock: Callable[[], float],
        tests_at_once: int,
    ) -> None:
        self.query = query
        self.table = table
        self.collection = collection
        self.matches: list[Item] = []
        self._rows = rows
        self._at = 0
        self._found: list[int] = []
        self._clock = clock
        self._select = Selector(table, collection).query(query)
        self._count = max(1, tests_at_once // max(1, sum(map(len, query.alternatives))))

    @property
    def is_done(self) -> bool:
        """Whether all items have been looked at."""
        return self._at >= len(self._rows)

    @property
    def open_rows(self) -> Rows:
        """The places that can match: those found, and those not looked at yet."""
        rest = self._rows[self._at :]
        return [*self._found, *rest] if rest else self._found

    def step(self, seconds: float = _SLICE_SECONDS) -> bool:
        """Go on for about so long, and at least a little. Returns whether the search is done."""
        until = self._clock() + seconds
        while not self.is_done:
            self._advance()
            if self._clock() >= until:
                break
        return self.is_done

    def run(self) -> list[Item]:
        """Go on to the end, however long it takes, and return the matches."""
        while not self.is_done:
            self._advance()
        return self.matches

    def _advance(self) -> None:
        rows = self._rows[self._at : self._at + self._count]
        self._at += len(rows)
        self.table.fill(rows[-1] + 1)
        found = self._select(rows)
        items = self.table.items
        self._found += found
        self.matches += map(items.__getitem__, found)


class Finder:
    """Finds items, remembering their texts and the last answer: one more letter is looked for in that alone.

    Args:
        clock: Seconds, by which a search is cut into slices.
        tests_at_once: How many times an item is tested between two looks at the clock.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter, *, tests_at_once: int = _TESTS_AT_ONCE) -> None:
        self._clock = clock
        self._tests_at_once = tests_at_once
        self._texts = Texts()
        self._last: Search | None = None

    def search(self, query: Query, items: Sequence[Item], collection: Collection) -> Search:
        """Begin a search.

        As long as items and collection are the same objects as the last time, a query that asks for less than the
        last one costs what that one left. Asking for everything makes the texts ready: done while nothing else is,
        it takes that from the first letter.

        Args:
            query: What is asked for.
            items: Where to look, in the order in which matches are wanted. Not to be changed in place.
            collection: What they are part of.
        """
        last = self._last
        table = last.table if last is not None else None
        if table is None or table.items is not items:
            table = Table(items, self._texts, former=table)
        rows: Rows = range(len(items))
        if (
            last is not None
            and last.table is table
            and last.collection is collection
            and narrows(query, last.query, collection)
        ):
            rows = last.open_rows
        self._last = Search(query, table, rows, collection, clock=self._clock, tests_at_once=self._tests_at_once)
        return self._last


def match(query: Query, items: Sequence[Item], collection: Collection) -> list[Item]:
    """The items that match, at once and with nothing remembered: for few items, or where nobody waits."""
    return Finder().search(query, items, collection).run()
