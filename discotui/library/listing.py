"""Which items are shown and in which order: those of a folder, narrowed by a filter, by the keys of an order.

The work is done in slices, so that a screen can draw between them; what is known already is not worked out again: one
more letter of a filter looks through the last answer, another order sorts by keys that are ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discotui.library.collected import Collection
from discotui.library.items import ALL_FOLDER, Item
from discotui.library.library import Library
from discotui.library.matching import Finder, match
from discotui.library.query import Query
from discotui.library.slicing import Steps
from discotui.library.sorting import Order, Sorter
from discotui.library.views import SavedView
from discotui.library.vocabulary import Vocabulary

EVERYTHING = Query()


class Listing:
    """One list of a library's items.

    Args:
        library: Whose items. Call :meth:`changed` after every change of it.

    Attributes:
        folder_id: Whose items are listed.
        view: Which of them; None for all of the folder.
        query: What they must be beside; everything by default.
        order: How they are sorted.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._sorter = Sorter()
        self._finder = Finder()
        self._collection: Collection | None = None
        self._base: tuple[object, list[Item]] | None = None
        self._kept_id: int | None = None
        self.folder_id = ALL_FOLDER
        self.query = EVERYTHING
        self.order = Order()
        self.view: SavedView | None = None

    def again(self, order: Order) -> Listing:
        """A list of everything in another order, made with what is known here already."""
        other = Listing(self._library)
        other._sorter, other._collection, other.order = self._sorter, self._collection, order
        return other

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

    @property
    def size(self) -> int:
        """How many items the folder or view has, whatever the filter; 0 before it was worked out."""
        return 0 if self._base is None else len(self._base[1])

    @property
    def is_whole(self) -> bool:
        """Everything there is is listed."""
        return self.folder_id == ALL_FOLDER and self.view is None and self.query == EVERYTHING

    def changed(self) -> None:
        """Something in the library has changed."""
        self._collection = None

    def keep(self, instance_id: int | None) -> bool:
        """Keep one item in the list even where it does not belong, as long as it is in the collection.

        Args:
            instance_id: Which, in place of the one that was kept before; None for none.

        Returns:
            Whether the list may be another one now.
        """
        former, self._kept_id = self._kept, instance_id
        kept = self._kept
        if former is not None and kept is not None and former.instance_id == kept.instance_id:
            return False
        if self.view is not None and self.view.most is not None:
            # Of a single item nobody can tell whether it is among the first.
            return True
        return not all(self._belongs(item) for item in (former, kept) if item is not None)

    @property
    def _kept(self) -> Item | None:
        return None if self._kept_id is None else self._library.item(self._kept_id)

    def steps(self) -> Steps[list[Item]]:
        """Work out the list; yields between slices of some milliseconds. Returns the items in their order."""
        collection = self.collection
        wanted = (collection, self.folder_id, self.view, self.order)
        if self._base is None or self._base[0] != wanted:
            self._base = (wanted, (yield from self._base_steps(collection)))
        found = yield from self._matching(self.query, self._base[1], collection)
        return (yield from self._with_kept(found, collection))

    def _base_steps(self, collection: Collection) -> Steps[list[Item]]:
        """What stands in the folder or view, in order."""
        order, fields = self.order, list(collection.fields.values())
        yield from self._sorter.prepare(collection.items, order, folders=collection.folders, fields=fields)
        folder = self._library.items(self.folder_id)
        yield
        items = yield from self._sorter.sorting(folder, order, folders=collection.folders, fields=fields)
        if self.view is None:
            return items
        return (yield from self._in_view(self.view, items, collection))

    def _in_view(self, view: SavedView, items: Sequence[Item], collection: Collection) -> Steps[list[Item]]:
        found = yield from self._matching(view.query(self.vocabulary), items, collection)
        if view.most is None or len(found) <= view.most:
            return found
        # The first by the view's own order, whatever the order that they are shown in.
        fields = list(collection.fields.values())
        yield from self._sorter.prepare(collection.items, view.order, folders=collection.folders, fields=fields)
        first = yield from self._sorter.sorting(found, view.order, folders=collection.folders, fields=fields)
        kept = {item.instance_id for item in first[: view.most]}
        return [item for item in found if item.instance_id in kept]

    def _with_kept(self, items: list[Item], collection: Collection) -> Steps[list[Item]]:
        """The list with the item that is kept in it, where the order puts that."""
        kept = self._kept
        if kept is None:
            return items
        fields = list(collection.fields.values())
        # Its place is found by halves: going through a long list, or sorting it again, would hold up a frame.
        start, stop = 0, len(items)
        while start < stop:
            middle = (start + stop) // 2
            two = [items[middle], kept]
            if two[0].instance_id == kept.instance_id:
                return items
            first, _ = yield from self._sorter.sorting(two, self.order, folders=collection.folders, fields=fields)
            if first.instance_id == kept.instance_id:
                stop = middle
            else:
                start = middle + 1
        # What was found is the finder's.
        items = items.copy()
        items.insert(start, kept)
        return items

    def _matching(self, query: Query, items: Sequence[Item], collection: Collection) -> Steps[list[Item]]:
        if query == EVERYTHING:
            return list(items)
        if query.asks_for_copies:
            yield from collection.count_copies()
        search = self._finder.search(query, items, collection)
        while not search.step():
            yield
        return search.matches

    def count_steps(self, views: Sequence[SavedView]) -> Steps[dict[str, int]]:
        """Count what each view shows; yields between slices. Returns the counts by the views' keys."""
        collection = self.collection
        counts: dict[str, int] = {}
        for view in views:
            found = yield from self._matching(view.query(self.vocabulary), collection.items, collection)
            counts[view.key] = len(found) if view.most is None else min(view.most, len(found))
            yield
        return counts

    def holds(self, item: Item) -> bool:
        """Whether an item is in the list: it belongs there, or is kept."""
        kept = self._kept
        return (kept is not None and kept.instance_id == item.instance_id) or self._belongs(item)

    def _belongs(self, item: Item) -> bool:
        if self.folder_id not in (ALL_FOLDER, item.folder_id):
            return False
        if self.view is not None and not match(self.view.query(self.vocabulary), [item], self.collection):
            return False
        return self.query == EVERYTHING or bool(match(self.query, [item], self.collection))
