"""The orders in which a collection can be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from discotui.library.folding import alphabetical, fold, natural
from discotui.library.items import Field, Item
from discotui.library.slicing import Steps, finish

if TYPE_CHECKING:
    from discotui.library.arranging import Arranger, Turn
    from discotui.library.ranking import Measure

FolderNames = Mapping[int, str]

_NOTE = "note:"
_FIELD_ID = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class SortKey:
    """One way to order items.

    Attributes:
        key: The name by which settings and the table's header know it; Discogs' own name where it has one.
        title: What the person reads.
        descending_first: Whether the order people want first is the descending one (newest, best).
    """

    key: str
    title: str
    descending_first: bool = False


SORT_KEYS: dict[str, SortKey] = {
    sort.key: sort
    for sort in (
        SortKey("artist", "Artist"),
        SortKey("title", "Title"),
        SortKey("label", "Label"),
        SortKey("catno", "Catalogue number"),
        SortKey("format", "Format"),
        SortKey("year", "Year"),
        SortKey("rating", "Rating", descending_first=True),
        SortKey("added", "Date added", descending_first=True),
        SortKey("folder", "Folder"),
    )
}
"""The keys that every collection has."""


def note_key(field_id: int) -> str:
    """The key by which a notes field is sorted."""
    return f"{_NOTE}{field_id}"


def note_field(key: str) -> int | None:
    """The notes field that a key sorts by, None when it is another's."""
    return int(key.removeprefix(_NOTE)) if key.startswith(_NOTE) and is_key(key) else None


def sort_keys(fields: Iterable[Field]) -> list[SortKey]:
    """All keys of a collection: those that every one has, then its notes fields, under their own names."""
    return [*SORT_KEYS.values(), *(SortKey(note_key(each.field_id), each.name) for each in fields)]


@dataclass(frozen=True, slots=True)
class Order:
    """Keys that decide in turn, each where those before it find no difference.

    Attributes:
        keys: Keys, at least one and none twice, and whether each descends.
    """

    keys: tuple[tuple[str, bool], ...] = (("artist", False),)

    @property
    def first(self) -> str:
        """The key that decides first."""
        return self.keys[0][0]

    @property
    def descending(self) -> bool:
        """Whether the first key descends."""
        return self.keys[0][1]

    def chosen(self, key: str) -> Order:
        """The order after a person has chosen a key: that key first, then up to two of those that were first before.

        Choosing the first key again reverses it.
        """
        if key == self.first:
            return Order(((key, not self.descending), *self.keys[1:]))
        descending = key in SORT_KEYS and SORT_KEYS[key].descending_first
        others = [other for other in self.keys if other[0] != key]
        return Order(((key, descending), *others[: _MOST_KEYS - 1]))

    def keeps_place(self, before: Item, after: Item) -> bool:
        """Whether an item that has changed surely stands where it did."""
        parts = (_measure(key, {}, {}).part for key, _ in (*self.keys, *_TIES))
        return before.instance_id == after.instance_id and all(part(before) == part(after) for part in parts)

    def among(self, keys: Collection[str]) -> Order:
        """The order without the keys that are not among these; the usual one when none is left."""
        left = tuple(each for each in self.keys if each[0] in keys)
        return Order(left) if left else Order()

    def to_text(self) -> str:
        """For settings: "-year,artist" is the latest year first, then by artist."""
        return ",".join(f"-{key}" if descending else key for key, descending in self.keys)

    @classmethod
    def from_text(cls, text: str) -> Order:
        """What :meth:`to_text` wrote. What cannot be read is left out; the usual order when nothing can."""
        keys: dict[str, bool] = {}
        for word in text.split(","):
            key = word.strip().removeprefix("-")
            if is_key(key):
                keys.setdefault(key, word.strip() != key)
        return cls(tuple(keys.items())[:_MOST_KEYS]) if keys else cls()


_MOST_KEYS = 3
_TIES = (("artist", False), ("year", False))
"""What decides between items that are equal in all chosen keys; the last word is the instance id's."""


class Sorter:
    """Puts items in order by what it knows of them: sorting again costs what has changed since.

    Nothing but :meth:`sort` needs to be called. Where a collection is so large that the screen would be held up, all
    slices of :meth:`prepare` are done before, with pauses: sorting then takes some milliseconds. Between slices other
    orders may be asked for and items may change; an unfinished preparation may be dropped.

    Args:
        slice_size: Items in a slice of work; a slice of this size takes some milliseconds.
    """

    def __init__(self, slice_size: int = 4096) -> None:
        # Not for the names of orders alone, which the first frame needs.
        from discotui.library.arranging import Arranger  # noqa: PLC0415

        self._new: Callable[[], Arranger] = lambda: Arranger(slice_size)
        self._known = self._new()

    def prepare(
        self, items: Iterable[Item], order: Order, *, folders: FolderNames, fields: Iterable[Field]
    ) -> Iterator[None]:
        """Does in slices what :meth:`sort` needs for this order. Yields after each.

        Args:
            items: All items of the collection: others may be forgotten.
            order: As it will be.
            folders: Folder names by id.
            fields: The notes fields.
        """
        items, turns = list(items), _turns(order, folders, fields)
        yield from self._known.meet(items)
        if self._known.has_many_besides(items):
            self._known = self._new()
            yield from self._known.meet(items)
        yield from self._known.arrange(turns)

    def sort(self, items: Iterable[Item], order: Order, *, folders: FolderNames, fields: Iterable[Field]) -> list[Item]:
        """The items in order: by each key in turn, then by artist, year and instance id, all ascending.

        What has no value by a key stands last by that key in both directions.

        Args:
            items: Some or all items of the collection, none twice.
            order: Their order.
            folders: Folder names by id.
            fields: The notes fields.
        """
        return finish(self.sorting(items, order, folders=folders, fields=fields))

    def sorting(
        self, items: Iterable[Item], order: Order, *, folders: FolderNames, fields: Iterable[Field]
    ) -> Steps[list[Item]]:
        """What :meth:`sort` does, in slices: some milliseconds each, after :meth:`prepare`."""
        known = self._known
        slots = yield from known.meet(list(items))
        return (yield from known.pick(slots, _turns(order, folders, fields)))


def _turns(order: Order, folders: FolderNames, fields: Iterable[Field]) -> list[Turn]:
    keys = order.keys
    for usual in (_TIES, _TIES[:1]):
        # The order that ties have anyway is one that is known already.
        if keys[-len(usual) :] == usual:
            keys = keys[: -len(usual)]
    by_id = {each.field_id: each for each in fields}
    return [(_measure(key, folders, by_id), descending) for key, descending in (*keys, *_TIES)]


# --- what items are compared by -----------------------------------------------------------------------------


def _name(text: str) -> str | None:
    return alphabetical(text) or None


def _number(number: int) -> int | None:
    return number or None


def _moment(text: str) -> float | None:
    """Seconds since 1970: the offset of Discogs' dates changes twice a year."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


@cache
def _measures() -> Mapping[str, Measure]:
    """What every collection can be compared by."""
    from discotui.library.ranking import Measure  # noqa: PLC0415 - see Sorter

    measures = (
        Measure("artist", attrgetter("artist"), _name),
        Measure("title", attrgetter("title"), _name),
        Measure("label", attrgetter("label"), _name),
        Measure("catno", attrgetter("catno"), lambda text: natural(text) or None),
        Measure("format", attrgetter("format"), _name),
        Measure("year", attrgetter("year"), _number),
        Measure("rating", attrgetter("rating"), _number),
        Measure("added", attrgetter("added"), _moment),
    )
    return {measure.key: measure for measure in measures}


def is_key(key: str) -> bool:
    """Whether something can be sorted by that key, in this collection or another."""
    number = key.removeprefix(_NOTE)
    return key in SORT_KEYS or (number != key and _FIELD_ID.fullmatch(number) is not None)


def _measure(key: str, folders: FolderNames, fields: Mapping[int, Field]) -> Measure:
    from discotui.library.ranking import Measure  # noqa: PLC0415 - see Sorter

    if key in _measures():
        return _measures()[key]
    if key == "folder":
        names = dict(folders)
        return Measure(key, attrgetter("folder_id"), lambda folder_id: _name(names.get(folder_id, "")), basis=names)
    field_id = int(key.removeprefix(_NOTE))
    field = fields.get(field_id)
    return _note(key, field_id, field.options if field else ())


def _note(key: str, field_id: int, options: tuple[str, ...]) -> Measure:
    """A dropdown goes by its options, best first as Discogs lists them, then what is none of them; a text by itself."""
    from discotui.library.ranking import Measure  # noqa: PLC0415 - see Sorter

    places = {option: place for place, option in enumerate(options)}

    def choice(text: str) -> str | None:
        if not text:
            return None
        place = places.get(text)
        return chr(len(options)) + fold(text) if place is None else chr(place)

    def words(text: str) -> str | None:
        return fold(text) or None

    return Measure(key, lambda item: item.note(field_id), choice if options else words, basis=options)
