"""Items numbered by what they are sorted by, so that no text is folded or compared twice.

Each item has a slot, and each measure gives each slot a number: equal items have equal numbers, and those without a
value the highest. Any order then comes from numbers alone. A number takes four bytes; texts are the items' own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from itertools import count as counter
from operator import attrgetter, is_, is_not
from typing import Any

from discotui.library.items import Item
from discotui.library.slicing import Steps, sorted_in_slices

_ALWAYS_FEW = 16
_NO_SLOT = -1

_instance_id = attrgetter("instance_id")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that items are compared by.

    Attributes:
        key: Its name. Two measures of one name differ in their basis at most.
        part: The part of an item that counts.
        value: The comparable value of such a part, None for "empty".
        basis: What values depend on besides, such as the names of folders.
    """

    key: str
    part: Callable[[Item], Hashable]
    value: Callable[[Any], Any]
    basis: object = None


class Roll:
    """The items that are known, each in a slot of its own, and which of them have changed lately.

    Attributes:
        items: The latest version of each item, by slot.
        slots: Slots by instance id.
        now: How many changes there have been: a point in time.
    """

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.slots: dict[int, int] = {}
        self.now = 0
        self._changed: list[int] = []

    @property
    def few(self) -> int:
        """Up to so many changes are worth following one by one; beyond, everything is done anew."""
        return max(_ALWAYS_FEW, len(self.items) // 8)

    def meet(self, items: Sequence[Item], size: int) -> Steps[list[Sequence[int]]]:
        """Takes in what is new about some items, ``size`` in a slice. Returns their slots, slice by slice."""
        slots: list[Sequence[int]] = []
        for start in range(0, len(items), size):
            places = range(start, min(start + size, len(items)))
            some, there = items[start : start + size], self.items[start : start + size]
            # The same items at the same places are the usual case, and comparing addresses costs next to nothing.
            unlike = [*compress(places, map(is_not, some, there)), *places[len(there) :]]
            if len(unlike) > len(some) // 2:
                slots.append(self._slots_of(some))
            else:
                found = self._slots_of([items[place] for place in unlike])
                slots.append(places if found == unlike else _corrected(places, unlike, found))
            if len(self._changed) > 2 * self.few:
                del self._changed[: -self.few]
            yield
        return slots

    def _slots_of(self, items: Sequence[Item]) -> list[int]:
        """The slots of some items, which are the latest version of each; the new ones get one."""
        ids = list(map(_instance_id, items))
        found = list(map(self.slots.get, ids, repeat(_NO_SLOT)))
        if _NO_SLOT not in found and all(map(is_, items, map(self.items.__getitem__, found))):
            return found
        for item, slot in zip(items, found, strict=True):
            if slot == _NO_SLOT:
                self.slots[item.instance_id] = len(self.items)
                self._changed.append(len(self.items))
                self.items.append(item)
            elif self.items[slot] is not item:
                self._changed.append(slot)
                self.items[slot] = item
            else:
                continue
            self.now += 1
        return list(map(self.slots.__getitem__, ids))

    def since(self, then: int) -> set[int] | None:
        """The slots whose items came or changed since a point in time; None when they are more than few."""
        count = self.now - then
        if count > min(self.few, len(self._changed)):
            return None
        return set(self._changed[len(self._changed) - count :])


def _corrected(places: Sequence[int], wrong: Sequence[int], right: Sequence[int]) -> list[int]:
    corrected = list(places)
    for place, slot in zip(wrong, right, strict=True):
        corrected[place - places[0]] = slot
    return corrected


@dataclass(frozen=True, slots=True)
class Ranks:
    """The numbers of all slots by one measure. Never changed: who works with them may pause meanwhile.

    Attributes:
        measure: What was measured.
        then: When, in the roll's time. What changed since may have a wrong number, what came since has none.
        numbers: By slot.
        parts: For each number a part of an item that has it; the number after the last means "empty".
    """

    measure: Measure
    then: int
    numbers: array[int]
    parts: Sequence[Any]

    @property
    def empty(self) -> int:
        """The number that means "empty"."""
        return len(self.parts)

    def key(self, *, descending: bool) -> Callable[[int], int]:
        """What slots are to be sorted by; the empty ones are last in both directions."""
        numbers, empty = self.numbers, self.empty
        return (lambda slot: -numbers[slot] if numbers[slot] < empty else 1) if descending else numbers.__getitem__


def ranked(roll: Roll, measure: Measure, size: int) -> Steps[Ranks]:
    """Numbers all items, ``size`` in a slice. What changes meanwhile is left to :func:`ranked_again`."""
    then, count = roll.now, len(roll.items)
    # Artists and labels come again and again: each is folded, sorted and numbered once.
    index_of: defaultdict[Any, int] = defaultdict(counter().__next__)
    indexes: list[int] = []
    for start in range(0, count, size):
        some = roll.items[start : min(start + size, count)]
        indexes += map(index_of.__getitem__, map(measure.part, some))
        yield
    parts = list(index_of)
    values: list[Any] = []
    for start in range(0, len(parts), size):
        values += map(measure.value, parts[start : start + size])
        yield
    filled = [index for index, value in enumerate(values) if value is not None]
    ordered = yield from sorted_in_slices(filled, size, values.__getitem__)
    number_of = [0] * len(parts)
    distinct: list[Any] = []
    last = None
    for start in range(0, len(ordered), size):
        some_indexes = ordered[start : start + size]
        for index, value in zip(some_indexes, map(values.__getitem__, some_indexes), strict=True):
            if value != last:
                last = value
                distinct.append(parts[index])
            number_of[index] = len(distinct) - 1
        yield
    for index, value in enumerate(values):
        if value is None:
            number_of[index] = len(distinct)
    return Ranks(measure, then, (yield from _looked_up(number_of, indexes, size)), distinct)


def ranked_again(roll: Roll, ranks: Ranks, changed: set[int], size: int) -> Steps[Ranks]:
    """Numbers the items that changed, at a cost that hardly depends on how many did not.

    Args:
        roll: The items.
        ranks: As they were.
        changed: The slots of the items that changed since.
        size: Items in a slice of :func:`ranked`. Here a slice has fewer, as each is looked up among all values.
    """
    then, measure, parts = roll.now, ranks.measure, ranks.parts
    empty = ranks.empty
    numbers = ranks.numbers + array("i", [empty]) * (len(roll.items) - len(ranks.numbers))
    fresh: dict[Any, _Fresh] = {}
    for count, slot in enumerate(changed, start=1):
        if count % max(1, size // 16) == 0:
            yield
        part = measure.part(roll.items[slot])
        number = numbers[slot]
        if number < empty and parts[number] == part:
            continue
        value = measure.value(part)
        number = empty if value is None else bisect_left(parts, value, key=measure.value)
        if value is None or (number < empty and measure.value(parts[number]) == value):
            numbers[slot] = number
        else:
            fresh.setdefault(value, _Fresh(number, part, [])).slots.append(slot)
    if fresh:
        numbers, parts = yield from _with_fresh(numbers, parts, [fresh[value] for value in sorted(fresh)], size)
    return Ranks(measure, then, numbers, parts)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A value that no item had before.

    Attributes:
        number: Of the next higher value so far.
        part: Part of an item that has the value.
        slots: Of the items that have it now.
    """

    number: int
    part: Any
    slots: list[int]


def _with_fresh(
    numbers: array[int], parts: Sequence[Any], fresh: Sequence[_Fresh], size: int
) -> Steps[tuple[array[int], list[Any]]]:
    """Numbers and parts with room made for new values, which come in their order."""
    all_parts: list[Any] = []
    shifted: list[int] = []
    for added, new in enumerate(fresh):
        all_parts += [*parts[len(shifted) : new.number], new.part]
        shifted += range(len(shifted) + added, new.number + added)
    all_parts += parts[len(shifted) :]
    shifted += range(len(shifted) + len(fresh), len(parts) + 1 + len(fresh))
    yield
    all_numbers = yield from _looked_up(shifted, numbers, size)
    for added, new in enumerate(fresh):
        for slot in new.slots:
            all_numbers[slot] = new.number + added
    return all_numbers, all_parts


def _looked_up(table: Sequence[int], indexes: Sequence[int], size: int) -> Steps[array[int]]:
    """What stands in a table at some indexes."""
    found = array("i")
    for start in range(0, len(indexes), size):
        found.extend(array("i", list(map(table.__getitem__, indexes[start : start + size]))))
        yield
    return found
