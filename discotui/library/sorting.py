"""The orders in which a collection can be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discotui.library.folding import alphabetical, natural
from discotui.library.items import Item

FolderNames = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class SortKey:
    """One way to order items.

    Attributes:
        key: The name by which settings and the table's header know it; Discogs' own name where it has one.
        title: What the person reads.
        descending_first: Whether the order people want first is the descending one (newest, best).
        value: The comparable value of an item; None is "empty" and goes last in both directions.
    """

    key: str
    title: str
    descending_first: bool
    value: Callable[[Item, FolderNames], Any]


def _text(text: str) -> str | None:
    return alphabetical(text) or None


def _artist(item: Item) -> tuple[str, int] | None:
    """An artist's records stand in the order of their years, undated ones last."""
    name = alphabetical(item.artist)
    return (name, item.year or 9999) if name else None


SORT_KEYS: dict[str, SortKey] = {
    sort.key: sort
    for sort in (
        SortKey("artist", "Artist", False, lambda item, _: _artist(item)),
        SortKey("title", "Title", False, lambda item, _: _text(item.title)),
        SortKey("label", "Label", False, lambda item, _: _text(item.label)),
        SortKey("catno", "Catalogue number", False, lambda item, _: natural(item.catno) or None),
        SortKey("format", "Format", False, lambda item, _: _text(item.format)),
        SortKey("year", "Year", False, lambda item, _: item.year or None),
        SortKey("rating", "Rating", True, lambda item, _: item.rating or None),
        SortKey("added", "Date added", True, lambda item, _: item.added or None),
        SortKey("folder", "Folder", False, lambda item, names: _text(names.get(item.folder_id, ""))),
    )
}


class Sorter:
    """Orders items, remembering the key of each item so that sorting again costs the comparison alone."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, tuple[Item, Any]]] = {}

    def sort(self, items: Iterable[Item], key: str, *, descending: bool, folders: FolderNames) -> list[Item]:
        """The items in order; equal ones by artist, then by the order of addition.

        Args:
            items: Any number of items.
            key: One of :data:`SORT_KEYS`.
            descending: Turns the order round; items without a value stay last.
            folders: Folder names by id, for the order by folder.
        """
        ordered = sorted(items, key=lambda item: item.instance_id)
        if key not in ("artist", "added"):
            ordered = self._by("artist", ordered, descending=False, folders=folders)
        return self._by(key, ordered, descending=descending, folders=folders)

    def _by(self, key: str, items: Sequence[Item], *, descending: bool, folders: FolderNames) -> list[Item]:
        # Folder names change without their items changing, so that key is made anew each time.
        known = {} if key == "folder" else self._known.setdefault(key, {})
        value = SORT_KEYS[key].value
        keyed: list[tuple[Any, int]] = []
        empty: list[Item] = []
        for place, item in enumerate(items):
            entry = known.get(item.instance_id)
            if entry is None or entry[0] is not item:
                entry = known[item.instance_id] = (item, value(item, folders))
            if entry[1] is None:
                empty.append(item)
            else:
                # The place keeps equal items in their former order in both directions.
                keyed.append((entry[1], -place if descending else place))
        keyed.sort(reverse=descending)
        return [items[abs(place)] for _, place in keyed] + empty
