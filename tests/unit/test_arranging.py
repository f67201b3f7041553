"""Orders are kept up to date at the cost of what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from discotui.library.arranging import Arranger, Turn
from discotui.library.items import Item
from discotui.library.ranking import Measure
from discotui.library.slicing import Steps, finish
from tests.collection import make_item

COUNT, SIZE = 4000, 100


class Valuer:
    """Measures titles, and counts how often it was asked for a value."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, title: str) -> str | None:
        self.asked += 1
        return title.lower() or None

    def turns(self, *, descending: bool = False) -> list[Turn]:
        """By title alone."""
        return [(Measure("title", attrgetter("title"), self), descending)]

    def asked_in_each(self, steps: Steps[object]) -> Iterator[int]:
        """How often it is asked in each slice."""
        for _ in steps:
            yield self.asked
            self.asked = 0


def titled(number: int) -> str:
    """A title that no other number has, in another order than the numbers."""
    return f"Title {number * 1_237 % COUNT:05}"


ITEMS = [make_item(number, title=titled(number)) for number in range(COUNT)]


def sort(arranger: Arranger, items: list[Item], turns: list[Turn]) -> list[Item]:
    """All in one go."""
    return finish(arranger.pick(finish(arranger.meet(items)), turns))


def test_a_value_is_computed_once_whatever_is_sorted_later() -> None:
    valuer, arranger = Valuer(), Arranger(SIZE)
    assert sort(arranger, ITEMS, valuer.turns()) == sorted(ITEMS, key=attrgetter("title"))
    assert valuer.asked == COUNT
    assert sort(arranger, ITEMS, valuer.turns(descending=True)) == sorted(ITEMS, key=attrgetter("title"), reverse=True)
    for part in (ITEMS[::3], ITEMS[::9], list(reversed(ITEMS))):
        assert sort(arranger, part, valuer.turns()) == sorted(part, key=attrgetter("title"))
    assert valuer.asked == COUNT


def test_after_one_edit_a_handful_of_values_is_computed() -> None:
    valuer, arranger = Valuer(), Arranger(SIZE)
    sort(arranger, ITEMS, valuer.turns())
    for title in ("Title 00017", "Title 00017 and more", ""):
        valuer.asked = 0
        items = list(ITEMS)
        items[1234] = replace(ITEMS[1234], title=title)
        expected = sorted(items, key=lambda item: (not item.title, item.title, item.instance_id))
        assert sort(arranger, items, valuer.turns()) == expected
        assert valuer.asked < 20
    valuer.asked = 0
    rated = [replace(item, rating=5) if item.instance_id % 100 == 0 else item for item in items]
    sort(arranger, rated, valuer.turns())
    assert valuer.asked == 0


def test_no_slice_computes_more_values_than_it_may() -> None:
    valuer, arranger = Valuer(), Arranger(SIZE)
    finish(arranger.meet(ITEMS))
    asked = list(valuer.asked_in_each(arranger.arrange(valuer.turns())))
    assert sum(asked) == COUNT
    assert max(asked) == SIZE
    changed = [replace(item, title=f"{item.title}!") if item.instance_id % 10 == 0 else item for item in ITEMS]
    finish(arranger.meet(changed))
    asked = list(valuer.asked_in_each(arranger.arrange(valuer.turns())))
    assert 0 < max(asked) < 2 * SIZE
