"""How far the first reading of a collection has come: what a later start can go on from.

Of a large collection it takes a quarter of an hour. What it has read is in the snapshot; whether the rest still follows
on that is told by the first page and the total, for whatever comes or goes at Discogs changes one of the two.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_UNDERSTOOD = (ValueError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class FirstReading:
    """A first reading that has not been finished.

    Attributes:
        pages: How many pages have been read, from the first one.
        total: How many items Discogs held.
        first: The instance ids on the first page, in their order.
        at: When it began, in seconds since 1970: so old is what it has read.
    """

    pages: int
    total: int
    first: tuple[int, ...]
    at: float

    def goes_on(self, total: int, first: Sequence[int]) -> bool:
        """Whether the pages that follow are those that followed then.

        Args:
            total: How many items Discogs holds now.
            first: The instance ids on the first page now.
        """
        return self.total == total and self.first == tuple(first)

    def to_text(self) -> str:
        """For the library file."""
        return json.dumps({"pages": self.pages, "total": self.total, "first": self.first, "at": self.at})


def first_reading(text: str) -> FirstReading | None:
    """Read back what :meth:`FirstReading.to_text` wrote; None for anything else."""
    try:
        known = json.loads(text)
        first = tuple(map(int, known["first"]))
        return FirstReading(int(known["pages"]), int(known["total"]), first, float(known["at"]))
    except _NOT_UNDERSTOOD:
        return None
