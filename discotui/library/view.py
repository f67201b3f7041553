"""What is shown: the snapshot with everything that waits laid over it.

Items are computed release by release, because nothing that can wait reaches beyond one: an edit of one item
costs the copies of its release, whatever the size of the collection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter

from discotui.library import edits
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    FolderChange,
    ItemChange,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.items import ALL_FOLDER, Folder, Item, changed
from discotui.library.outbox import Pending, State
from discotui.library.waiting import Waiting

_instance_id, _release_id, _folder_id = attrgetter("instance_id"), attrgetter("release_id"), attrgetter("folder_id")


class View(Waiting):
    """The collection in memory. Not thread-safe: the Library's lock is held around every use.

    Attributes:
        snapshot: Items as last read from (or confirmed by) Discogs, by instance id.
        items: Items as shown, by instance id.
        snapshot_folders: Folders as last read, by id, in Discogs' order.
        folders: Folders as shown, with counts of what is shown.
        comings_and_goings: How many items came into the snapshot, left it, or got another date of addition.
    """

    def __init__(
        self, items: Iterable[Item] = (), folders: Iterable[Folder] = (), outbox: Iterable[Pending] = ()
    ) -> None:
        super().__init__()
        items = list(items)
        self.snapshot: dict[int, Item] = dict(zip(map(_instance_id, items), items, strict=True))
        self._snapshot_copies = _copies(self.snapshot)
        self.items: dict[int, Item] = dict(self.snapshot)
        # Where that is not what was last read, because copies come or go.
        self._shown_copies: dict[int, tuple[int, ...]] = {}
        self._count: Counter[int] = Counter(map(_folder_id, self.items.values()))
        self.snapshot_folders: dict[int, Folder] = {folder.folder_id: folder for folder in folders}
        self.comings_and_goings = 0
        for entry in outbox:
            self.put_pending(entry)
        self.refresh(list(self._pending_of_release))

    # --- the outbox -----------------------------------------------------------------------------------

    def comes_to_nothing(self, entry: Pending, there: edits.Absolute, back: edits.Absolute, *, undoing: bool) -> bool:
        """Whether a waiting change and the one that takes it back can both be left out.

        Not when another value would then be shown: of a still earlier change, when copies came or went between, or
        one that was read meanwhile, unless by undoing: what was changed elsewhere since is not ours to take back.
        """
        if there.base != back.value:
            return False
        seqs = self._pending_by_target[edits.target(there)]
        earlier = [self.pending[seq].change for seq in seqs if seq < entry.seq]
        if earlier and isinstance(earlier[-1], edits.Absolute):
            return earlier[-1].value == back.value
        return undoing or self.there(back) in (None, back.value)

    def there(self, change: edits.Absolute) -> int | str | None:
        """The value that was last read of what a change sets; None when that was never read."""
        if isinstance(change, RenameFolder):
            folder = self.snapshot_folders.get(change.folder_id)
            return folder.name if folder else None
        if isinstance(change, SetRating):
            return next((self.snapshot[copy].rating for copy in self.snapshot_copies(change.release_id)), None)
        item = self.snapshot.get(change.instance_id)
        if item is None:
            return None
        if isinstance(change, MoveItem):
            return item.folder_id
        return None if item.notes is None else item.note(change.field_id)

    def addition_and_its_own(self, instance_id: int, release_id: int) -> list[Pending]:
        """The addition of an item, if it waits, with all that cannot stand without that item, in order.

        A rating is the release's: it falls with the item only when it was given to this copy alone.
        """
        waiting = self.pending_of(release_id)
        # Not the copies that are shown: of several that go in one step, the first ones are shown until its end.
        added = (entry.change.instance_id for entry in waiting if isinstance(entry.change, AddItem))
        others = {*self.snapshot_copies(release_id), *added} - {instance_id}
        found: list[Pending] = []
        for entry in waiting:
            if isinstance(entry.change, RemoveItem):
                others.discard(entry.change.instance_id)
            is_its_rating = isinstance(entry.change, SetRating) and not others and entry.state.is_unsent
            if is_its_rating or edits.touches_instance(entry.change, instance_id):
                found.append(entry)
        return found

    # --- items ----------------------------------------------------------------------------------------

    def copies(self, release_id: int) -> tuple[int, ...]:
        """Instance ids of a release's copies as shown."""
        shown = self._shown_copies.get(release_id) if self._shown_copies else None
        return self._snapshot_copies.get(release_id, ()) if shown is None else shown

    def snapshot_copies(self, release_id: int) -> tuple[int, ...]:
        """Instance ids of a release's copies as last read."""
        return self._snapshot_copies.get(release_id, ())

    def put_snapshot(self, item: Item) -> None:
        """Set an item of the snapshot; call :meth:`refresh` for its release afterwards."""
        if item.instance_id not in self.snapshot:
            copies = self.snapshot_copies(item.release_id)
            self._shown_copies.setdefault(item.release_id, copies)
            self._snapshot_copies[item.release_id] = (*copies, item.instance_id)
            self.comings_and_goings += 1
        elif self.snapshot[item.instance_id].added != item.added:
            self.comings_and_goings += 1
        self.snapshot[item.instance_id] = item

    def drop_snapshot(self, instance_id: int) -> None:
        """Take an item out of the snapshot; call :meth:`refresh` for its release afterwards."""
        item = self.snapshot.pop(instance_id)
        self.comings_and_goings += 1
        copies = self._snapshot_copies[item.release_id]
        self._shown_copies.setdefault(item.release_id, copies)
        rest = tuple(copy for copy in copies if copy != instance_id)
        if rest:
            self._snapshot_copies[item.release_id] = rest
        else:
            del self._snapshot_copies[item.release_id]

    def refresh(self, release_ids: Iterable[int]) -> set[int]:
        """Compute anew what is shown of some releases.

        Returns:
            The instance ids whose items came, went or changed.
        """
        different: set[int] = set()
        items, snapshot, marks = self.items, self.snapshot, self.marks
        has_conflicts = self.states[State.CONFLICT] > 0
        for release_id in release_ids:
            seqs = self._pending_of_release.get(release_id, ())
            copies = self._snapshot_copies.get(release_id, ())
            shown = self._shown_copies.get(release_id, copies) if self._shown_copies else copies
            if len(copies) == 1 and shown == copies:
                # So it is with nearly all, and there may be thousands.
                (copy,) = copies
                base = item = snapshot[copy]
                is_about_it = not seqs
                for seq in seqs:
                    change = self.pending[seq].change
                    is_about_it = isinstance(change, SetRating) or edits.sets_value_of(change, copy)
                    if not is_about_it:
                        break
                    item = laid_over(item, change)
                if is_about_it:
                    if has_conflicts:
                        marks.stale.add(release_id)
                    else:
                        marks.put(copy, waits=bool(seqs))
                    before = items[copy]
                    if before is not item and (before is base or item is base or before != item):
                        self._show(before, item)
                        different.add(copy)
                    continue
            if seqs:
                marks.stale.add(release_id)
            different |= self._refresh(release_id, copies, shown, seqs)
        return different

    def _show(self, before: Item, item: Item) -> None:
        self.items[item.instance_id] = item
        if before.folder_id != item.folder_id:
            self._count[before.folder_id] -= 1
            self._count[item.folder_id] += 1

    def _refresh(
        self, release_id: int, copies: tuple[int, ...], shown: tuple[int, ...], seqs: Iterable[int]
    ) -> set[int]:
        """Compute anew what is shown of a release, whatever has changed about it. Returns what is different."""
        different: set[int] = set()
        now = {copy: self.snapshot[copy] for copy in copies}
        for seq in seqs:
            change = self.pending[seq].change
            if not isinstance(change, FolderChange):
                lay_over(now, change)
        for copy in shown:
            if copy not in now:
                different.add(copy)
                self.marks.put(copy, waits=False)
                self._count[self.items.pop(copy).folder_id] -= 1
        for copy, item in now.items():
            if not seqs:
                self.marks.put(copy, waits=False)
            before = self.items.get(copy)
            if before is None:
                self.items[copy] = item
                self._count[item.folder_id] += 1
            elif before is item or before == item:
                continue
            else:
                self._show(before, item)
            different.add(copy)
        if copies == tuple(now):
            self._shown_copies.pop(release_id, None)
        else:
            self._shown_copies[release_id] = tuple(now)
        return different

    # --- folders --------------------------------------------------------------------------------------

    @property
    def folders(self) -> dict[int, Folder]:
        """Folders as shown, counted here, by id: Discogs' order, then the new ones."""
        shown = dict(self.snapshot_folders)
        for change in self._folder_changes.values():
            match change:
                case NewFolder(folder_id=folder_id, name=name):
                    shown[folder_id] = Folder(folder_id, name)
                case RenameFolder(folder_id=folder_id, value=value) if folder_id in shown:
                    shown[folder_id] = replace(shown[folder_id], name=value)
                case DeleteFolder(folder_id=folder_id):
                    shown.pop(folder_id, None)
        return {
            folder_id: replace(folder, count=len(self.items) if folder_id == ALL_FOLDER else self._count[folder_id])
            for folder_id, folder in shown.items()
        }

    def has_folder(self, folder_id: int) -> bool:
        """Whether a folder is shown."""
        if self._folder_changes:
            return folder_id in self.folders
        return folder_id in self.snapshot_folders

    def folder_name(self, folder_id: int) -> str:
        """A folder's name as shown, or as it was last when it is going; "" when it was never known."""
        known = self.snapshot_folders.get(folder_id)
        name = known.name if known else ""
        for change in self._folder_changes.values():
            match change:
                case NewFolder(folder_id=its_id, name=its_name) if its_id == folder_id:
                    name = its_name
                case RenameFolder(folder_id=its_id, value=its_name) if its_id == folder_id:
                    name = its_name
        return name


def _copies(items: Mapping[int, Item]) -> dict[int, tuple[int, ...]]:
    """Instance ids by release. Nearly all releases are owned once, which is quickly done."""
    release_ids = list(map(_release_id, items.values()))
    # zip() of one makes tuples of one.
    copies: dict[int, tuple[int, ...]] = dict(zip(release_ids, zip(items, strict=True), strict=True))
    if len(copies) < len(items):
        owned_again = {release_id for release_id, count in Counter(release_ids).items() if count > 1}
        found: dict[int, list[int]] = {release_id: [] for release_id in owned_again}
        for release_id, instance_id in zip(release_ids, items, strict=True):
            if release_id in owned_again:
                found[release_id].append(instance_id)
        copies |= {release_id: tuple(ids) for release_id, ids in found.items()}
    return copies


def lay_over(items: dict[int, Item], change: ItemChange) -> None:
    """Apply a change to the copies of its release.

    Args:
        items: The release's copies by instance id; changed in place. A change of a missing copy does nothing.
        change: What to apply.
    """
    match change:
        case AddItem(item=item):
            rating = next((copy.rating for copy in items.values()), item.rating)
            items[item.instance_id] = changed(item, item.folder_id, rating, item.notes)
        case RemoveItem():
            items.pop(change.instance_id, None)
        case SetRating() | MoveItem() | SetNote():
            for instance_id, item in items.items():
                items[instance_id] = laid_over(item, change)


def laid_over(item: Item, change: Change) -> Item:
    """An item with a value set by a change of its release, which may be of another copy.

    Returns:
        The very same item where that makes no difference, as with changes that set no value.
    """
    if isinstance(change, SetRating):
        return item if item.rating == change.value else changed(item, item.folder_id, change.value, item.notes)
    if isinstance(change, MoveItem):
        is_so = item.instance_id != change.instance_id or item.folder_id == change.value
        return item if is_so else changed(item, change.value, item.rating, item.notes)
    if isinstance(change, SetNote):
        is_so = item.instance_id != change.instance_id or item.note(change.field_id) == change.value
        return item if is_so else changed(item, item.folder_id, item.rating, with_note(item.notes, change))
    return item


def with_note(notes: Mapping[int, str] | None, change: SetNote) -> Mapping[int, str]:
    """The notes with one field set, or cleared by ""."""
    after = dict(notes or {})
    if change.value:
        after[change.field_id] = change.value
    else:
        after.pop(change.field_id, None)
    return after
