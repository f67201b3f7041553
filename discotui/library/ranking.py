"""Items numbered by what they are sorted by, so that no text is folded or compared twice.

Each item has a slot, and each measure gives each slot a number: equal items have equal numbers, and those without a
value the highest. Any order then comes from numbers alone. A number takes four bytes; texts are the items' own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
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
        if found.count(_NO_SLOT) == len(found) == len(set(ids)):
            # All are new, as at the beginning.
            found = list(range(len(self.items), len(self.items) + len(ids)))
            self.slots.update(zip(ids, found, strict=True))
            self.items.extend(items)
            self._changed.extend(found)
            self.now += len(found)
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
    then, measure, parts, empty = roll.now, ranks.measure, ranks.parts, ranks.empty
    # Looking up comes by the same values in the middle again and again.
    value_of = cache(measure.value)
    numbers = ranks.numbers + array("i", [empty]) * (len(roll.items) - len(ranks.numbers))
    # What is new: its values, the numbers they displace, a part that has each, and the slots. Thousands of small
    # objects instead would set the garbage collector off, which then looks at all the long lists.
    places: dict[Any, int] = {}
    new_parts: dict[Any, Any] = {}
    new_values: dict[int, Any] = {}
    for count, slot in enumerate(changed, start=1):
        if count % max(1, size // 16) == 0:
            yield
        part = measure.part(roll.items[slot])
        number = numbers[slot]
        if number < empty and parts[number] == part:
            continue
        value = value_of(part)
        number = empty if value is None else bisect_left(parts, value, key=value_of)
        if value is None or (number < empty and value_of(parts[number]) == value):
            numbers[slot] = number
        else:
            places[value], new_parts[value], new_values[slot] = number, part, value
    if places:
        moved, parts, number_of = _with_room(parts, places, new_parts)
        yield
        numbers = yield from _looked_up(moved, numbers, size)
        for slot, value in new_values.items():
            numbers[slot] = number_of[value]
    return Ranks(measure, then, numbers, parts)


def _with_room(
    parts: Sequence[Any], places: Mapping[Any, int], new_parts: Mapping[Any, Any]
) -> tuple[list[int], list[Any], dict[Any, int]]:
    """Puts new values in between.

    Args:
        parts: As of :class:`Ranks`.
        places: For each new value, before which of the parts it belongs.
        new_parts: For each new value, a part that has it.

    Returns:
        The new number for each old one, that for "empty" included; all parts; and the numbers of the new values.
    """
    moved: list[int] = []
    all_parts: list[Any] = []
    number_of: dict[Any, int] = {}
    for added, value in enumerate(sorted(places)):
        place = places[value]
        all_parts += parts[len(moved) : place]
        all_parts.append(new_parts[value])
        moved += range(len(moved) + added, place + added)
        number_of[value] = place + added
    all_parts += parts[len(moved) :]
    moved += range(len(moved) + len(places), len(parts) + 1 + len(places))
    return moved, all_parts, number_of


def _looked_up(table: Sequence[int], indexes: Sequence[int], size: int) -> Steps[array[int]]:
    """What stands in a table at some indexes."""
    found = array("i")
    for start in range(0, len(indexes), size):
        found.extend(array("i", list(map(table.__getitem__, indexes[start : start + size]))))
        yield
    return found
