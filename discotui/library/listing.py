"""Which items are shown and in which order: those of a folder, narrowed by a filter, by the keys of an order.

The work is done in slices, so that a screen can draw between them; what is known already is not worked out again: one
more letter of a filter looks through the last answer, another order sorts by keys that are ready.
"""

from __future__ import annotations

from collections.abc import Mapping

from discotui.library.collected import Collection
from discotui.library.items import ALL_FOLDER, Item
from discotui.library.library import Library
from discotui.library.matching import Finder, match
from discotui.library.query import Query
from discotui.library.slicing import Steps
from discotui.library.sorting import Order, Sorter
from discotui.library.vocabulary import Vocabulary

EVERYTHING = Query()


class Listing:
    """One list of a library's items.

    Args:
        library: Whose items. Call :meth:`changed` after every change of it.

    Attributes:
        folder_id: Whose items are listed.
        query: What they must be; everything by default.
        order: How they are sorted.
        most: At most so many, the first ones; None for all.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._sorter = Sorter()
        self._finder = Finder()
        self._collection: Collection | None = None
        self._base: tuple[object, list[Item]] | None = None
        self.folder_id = ALL_FOLDER
        self.query = EVERYTHING
        self.order = Order()
        self.most: int | None = None

    @property
    def collection(self) -> Collection:
        """The collection as it stands."""
        if self._collection is None:
            library = self._library
            self._collection = Collection.of(
                library.items(),
                library.folders(),
                library.fields(),
                waiting=library.waiting_items(),
                conflicts=library.conflict_items(),
            )
        return self._collection

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that a filter may use here."""
        return Vocabulary(self.collection.fields.values())

    @property
    def folders(self) -> Mapping[int, str]:
        """Folder names by id, All left out."""
        return self.collection.folders

    def changed(self) -> None:
        """Something in the library has changed."""
        self._collection = None

    def steps(self) -> Steps[list[Item]]:
        """Work out the list; yields between slices of some milliseconds. Returns the items in their order."""
        collection = self.collection
        wanted = (collection, self.folder_id, self.order)
        if self._base is None or self._base[0] != wanted:
            fields = list(collection.fields.values())
            yield from self._sorter.prepare(collection.items, self.order, folders=collection.folders, fields=fields)
            items = self._library.items(self.folder_id)
            base = self._sorter.sort(items, self.order, folders=collection.folders, fields=fields)
            self._base = (wanted, base)
            yield
        items = self._base[1]
        if self.query != EVERYTHING:
            search = self._finder.search(self.query, items, collection)
            while not search.step():
                yield
            items = search.matches
        return items if self.most is None else items[: self.most]

    def holds(self, item: Item) -> bool:
        """Whether an item belongs into the list."""
        if self.folder_id not in (ALL_FOLDER, item.folder_id):
            return False
        return self.query == EVERYTHING or bool(match(self.query, [item], self.collection))
