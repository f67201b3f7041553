"""Orders of items by several measures in turn, kept up to date at the cost of what changed."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, compress
from operator import attrgetter
from typing import TypeAlias

from discotui.library.items import Item
from discotui.library.ranking import Measure, Ranks, Roll, ranked, ranked_again
from discotui.library.slicing import Steps, finish, sorted_in_slices

Turn: TypeAlias = tuple[Measure, bool]
"""A measure, and whether it descends."""

_KEPT = 8
"""Arrangements that are kept, so that going back to one costs nothing. Each takes 8 bytes an item, or 12."""
_HANDFUL = 8
_PART = 4
"""Less than one item in so many is sorted for itself."""

_instance_id = attrgetter("instance_id")


class Arrangement:
    """All slots in an order. Never changed: who works with it may pause meanwhile.

    Attributes:
        slots: The slots in order.
        then: When, in the roll's time. What changed since may stand in a wrong place, what came since in none.
        basis: What the order depends on besides the items.
    """

    def __init__(self, slots: list[int], then: int, basis: Sequence[object]) -> None:
        self.slots = slots
        self.then = then
        self.basis = basis
        self._places: array[int] | None = None

    def places(self) -> array[int]:
        """The place in the order of each slot."""
        if self._places is None:
            places = array("i", [0]) * len(self.slots)
            for place, slot in enumerate(self.slots):
                places[slot] = place
            self._places = places
        return self._places


class Arranger:
    """What is known of some items: their numbers by each measure, and the orders in which they stood lately.

    All methods that work in slices may be left unfinished, and others called meanwhile, edits included.

    Args:
        size: Items in a slice.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._roll = Roll()
        self._ranks: dict[str, Ranks] = {}
        self._arrangements: dict[tuple[tuple[str, bool], ...], Arrangement] = {}

    def meet(self, items: Sequence[Item]) -> Steps[list[Sequence[int]]]:
        """Takes in what is new about some items. Returns their slots in pieces."""
        return self._roll.meet(items, self._size)

    def has_many_besides(self, items: Sequence[Item]) -> bool:
        """Whether so many other items are known that it is better to begin again when these are all."""
        return len(self._roll.items) - len(items) > self._roll.few

    def pick(self, pieces: Sequence[Sequence[int]], turns: Sequence[Turn]) -> Steps[list[Item]]:
        """Items in the order of some measures in turn, then of their instance ids.

        Args:
            pieces: The slots of the items, none twice.
            turns: The measures.
        """
        count = sum(map(len, pieces))
        if count * _PART < len(self._roll.items):
            slots = self._sorted(chain.from_iterable(pieces), turns)
            yield
        else:
            slots = (yield from self.arrange(turns)).slots
            if count < len(slots):
                is_wanted = bytearray(len(slots))
                for piece in pieces:
                    for slot in piece:
                        is_wanted[slot] = True
                    yield
                slots = list(compress(slots, map(is_wanted.__getitem__, slots)))
                yield
        found: list[Item] = []
        for start in range(0, len(slots), self._size):
            found += map(self._roll.items.__getitem__, slots[start : start + self._size])
            yield
        return found

    def _sorted(self, slots: Iterable[int], turns: Sequence[Turn]) -> list[int]:
        """Some slots in order, without a look at the others."""
        if (current := self._current(turns)) is not None:
            return sorted(slots, key=current.places().__getitem__)
        if not turns:
            return sorted(slots, key=lambda slot: self._roll.items[slot].instance_id)
        (measure, descending), *rest = turns
        return sorted(self._sorted(slots, rest), key=finish(self._rank(measure)).key(descending=descending))

    def arrange(self, turns: Sequence[Turn]) -> Steps[Arrangement]:
        """All known items in the order of some measures in turn, then of their instance ids."""
        name, basis = _name(turns), _basis(turns)
        while True:
            found = self._arrangements.get(name)
            changed = None if found is None or found.basis != basis else self._roll.since(found.then)
            if found is None or changed is None:
                found = yield from self._anew(turns)
            elif changed:
                found = yield from self._again(turns, found)
            # The one used last stands last.
            self._arrangements.pop(name, None)
            self._arrangements[name] = found
            if len(self._arrangements) > _KEPT:
                del self._arrangements[next(iter(self._arrangements))]
            if found.then == self._roll.now:
                return found

    def _anew(self, turns: Sequence[Turn]) -> Steps[Arrangement]:
        """Sorts by the first measure what is in the order of the others."""
        if not turns:
            then, slots = self._roll.now, list(self._roll.slots.values())
            ids = list(map(_instance_id, self._roll.items))
            return Arrangement((yield from sorted_in_slices(slots, self._size, ids.__getitem__)), then, [])
        (measure, descending), *rest = turns
        opposite = [(measure, not descending), *rest]
        # The opposite will do as well, and there is next to nothing to sort in it.
        others = yield from self.arrange(opposite if self._current(opposite) else rest)
        ranks = yield from self._rank(measure)
        number = ranks.key(descending=False)
        if descending:
            # Turned before and after, so that equal ones stay as they were, and the empty ones last.
            turned = yield from sorted_in_slices(others.slots[::-1], self._size, number)
            filled = bisect_left(turned, ranks.empty, key=number)
            slots = [*reversed(turned[:filled]), *reversed(turned[filled:])]
        else:
            slots = yield from sorted_in_slices(others.slots, self._size, number)
        return Arrangement(slots, others.then, _basis(turns))

    def _current(self, turns: Sequence[Turn]) -> Arrangement | None:
        """An arrangement that is known already and up to date."""
        found = self._arrangements.get(_name(turns))
        is_current = found is not None and found.basis == _basis(turns) and found.then == self._roll.now
        return found if is_current else None

    def _again(self, turns: Sequence[Turn], former: Arrangement) -> Steps[Arrangement]:
        """Takes out what changed, and puts it in where it belongs now."""
        ranks: list[Ranks] = []
        for measure, _ in turns:
            ranks.append((yield from self._rank(measure)))
        now, changed = self._roll.now, self._roll.since(former.then)
        if changed is None or any(each.then < now for each in ranks):
            # More has changed meanwhile.
            return former
        items = self._roll.items
        keys: list[Callable[[int], int]] = [
            *(each.key(descending=descending) for each, (_, descending) in zip(ranks, turns, strict=True)),
            lambda slot: items[slot].instance_id,
        ]
        staying = _without(former.slots, changed)
        yield
        ordered = list(changed)
        for key in reversed(keys):
            ordered.sort(key=key)
        places: list[int] = []
        for count, slot in enumerate(ordered, start=1):
            places.append(_place(staying, slot, keys))
            if count % max(1, self._size // 16) == 0:
                yield
        yield
        return Arrangement(_with(staying, ordered, places), now, former.basis)

    def _rank(self, measure: Measure) -> Steps[Ranks]:
        """The numbers of all known items by a measure."""
        while True:
            found = self._ranks.get(measure.key)
            changed = None if found is None or found.measure.basis != measure.basis else self._roll.since(found.then)
            if found is None or changed is None:
                found = yield from ranked(self._roll, measure, self._size)
            elif changed:
                found = yield from ranked_again(self._roll, found, changed, self._size)
            self._ranks[measure.key] = found
            if found.then == self._roll.now:
                return found


def _name(turns: Sequence[Turn]) -> tuple[tuple[str, bool], ...]:
    return tuple((measure.key, descending) for measure, descending in turns)


def _basis(turns: Sequence[Turn]) -> list[object]:
    return [measure.basis for measure, _ in turns]


def _without(slots: list[int], leaving: set[int]) -> list[int]:
    """A list of all slots without some, which need not be in it."""
    if len(leaving) > _HANDFUL:
        return [slot for slot in slots if slot not in leaving]
    staying = slots.copy()
    for slot in leaving:
        if slot < len(slots):
            staying.remove(slot)
    return staying


def _place(slots: Sequence[int], slot: int, keys: Iterable[Callable[[int], int]]) -> int:
    """Where a slot belongs among others that are in the order of some keys in turn."""
    start, stop = 0, len(slots)
    for key in keys:
        start = bisect_left(slots, key(slot), start, stop, key=key)
        stop = bisect_right(slots, key(slot), start, stop, key=key)
    return start


def _with(slots: list[int], coming: Sequence[int], places: Sequence[int]) -> list[int]:
    """The list with some slots put in.

    Args:
        slots: A list that nobody else has.
        coming: What to put in, in order.
        places: Before which of those in the list, for each.
    """
    if len(coming) <= _HANDFUL:
        for slot, place in zip(reversed(coming), reversed(places), strict=True):
            slots.insert(place, slot)
        return slots
    mixed: list[int] = []
    done = 0
    for slot, place in zip(coming, places, strict=True):
        mixed += slots[done:place]
        mixed.append(slot)
        done = place
    return mixed + slots[done:]
