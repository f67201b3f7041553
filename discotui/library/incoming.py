"""What was read from Discogs, on its way into the snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from discotui.library.core import Changes, Core
from discotui.library.edits import (
    AddItem,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.items import Field, Folder, Item, Value
from discotui.library.view import lay_over


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole collection as read.

    Attributes:
        items: Every item by instance id.
        folders: In Discogs' order.
        fields: The notes fields.
        value: Discogs' estimate, None when it could not be had.
    """

    items: Mapping[int, Item]
    folders: Sequence[Folder]
    fields: Sequence[Field]
    value: Value | None


@dataclass(frozen=True, slots=True)
class Published:
    """What a whole reading changed.

    Attributes:
        changes: What it did to the screen.
        vanished: Items that Discogs no longer lists; they are kept aside with their notes.
    """

    changes: Changes
    vanished: int


class Incoming:
    """The puller's view of the library."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def mark(self) -> int:
        """A point in time: to be taken before asking, and given with the answer.

        What is confirmed between the two may be missing from the answer, and is laid over it.
        """
        with self._core.lock:
            return len(self._core.confirmed)

    def added_since(self, mark: int) -> int:
        """By how much our own confirmed additions and removals changed the number of items since a mark."""
        with self._core.lock:
            since = self._core.confirmed[mark:]
        return sum(isinstance(change, AddItem) for change in since) - sum(
            isinstance(change, RemoveItem) for change in since
        )

    def added_ids_since(self, mark: int) -> list[int]:
        """Instance ids of our own additions that were confirmed since a mark."""
        with self._core.lock:
            return [change.instance_id for change in self._core.confirmed[mark:] if isinstance(change, AddItem)]

    def as_of_now(self, items: Iterable[Item], since: int) -> dict[int, Item]:
        """Items of an answer with everything laid over that was confirmed since it was asked for."""
        with self._core.lock:
            changes = self._core.confirmed[since:]
        found = {item.instance_id: item for item in items}
        if not changes:
            return found
        by_release: dict[int, list[int]] = {}
        for item in found.values():
            by_release.setdefault(item.release_id, []).append(item.instance_id)
        for change in changes:
            match change:
                case SetRating() | MoveItem() | SetNote() | RemoveItem():
                    copies = [copy for copy in by_release.get(change.release_id, ()) if copy in found]
                    touched = {copy: found.pop(copy) for copy in copies}
                    lay_over(touched, change)
                    found.update(touched)
        return found

    def never_read(self) -> bool:
        """Whether no whole reading was ever finished."""
        with self._core.lock:
            return not self._core.was_read_whole

    def pulled_at(self) -> float:
        """When the last whole reading was finished, in seconds since 1970; 0.0 for never."""
        with self._core.lock:
            return float(self._core.meta.get("pulled_at", "0"))

    def now(self) -> float:
        """Seconds since 1970, by the library's clock."""
        return self._core.clock()

    def snapshot(self, instance_id: int) -> Item | None:
        """An item as last read."""
        with self._core.lock:
            return self._core.view.snapshot.get(instance_id)

    def folder_counts(self) -> dict[int, tuple[str, int]]:
        """What the snapshot holds: folder id → name and number of items."""
        with self._core.lock:
            counts: dict[int, int] = {}
            for item in self._core.view.snapshot.values():
                counts[item.folder_id] = counts.get(item.folder_id, 0) + 1
            total = len(self._core.view.snapshot)
            return {
                folder_id: (folder.name, counts.get(folder_id, 0) if folder_id else total)
                for folder_id, folder in self._core.view.snapshot_folders.items()
            }

    def merge(self, items: Iterable[Item], since: int | None = None) -> Changes:
        """Take over items without concluding anything from those that are missing.

        Args:
            items: As read.
            since: The mark taken before they were asked for; what was confirmed since is laid over them. None when
                they are as of now.
        """
        core = self._core
        with core.kept():
            if since is not None:
                items = self.as_of_now(items, since).values()
            changed = [
                item for item in map(self._with_known_notes, items) if core.view.snapshot.get(item.instance_id) != item
            ]
            core.store.put_items(changed)
            for item in changed:
                core.view.put_snapshot(item)
            return Changes(frozenset(core.view.refresh({item.release_id for item in changed})))

    def put_frame(self, folders: Sequence[Folder], fields: Sequence[Field], since: int | None = None) -> Changes:
        """Take over the lists of folders and fields; ``since`` as with :meth:`merge`."""
        core = self._core
        with core.kept():
            return Changes(folders=self._put_folders(folders, since), fields=self._put_fields(fields))

    def checked(self) -> None:
        """The copy is known to be as Discogs' right now."""
        with self._core.kept():
            self._core.set_meta(checked_at=self._core.clock())

    def publish(self, reading: Reading, since: int | None = None) -> Published:
        """Make a whole and consistent reading the new snapshot, in one transaction. Waiting edits stay on top.

        Args:
            reading: As read.
            since: The mark taken before the reading; what was confirmed since, to the last moment, is laid over it.
                None when it is as of now.
        """
        core = self._core
        with core.kept():
            snapshot = core.view.snapshot
            items = reading.items if since is None else self._whole_as_of_now(reading.items, since)
            gone = [item for instance_id, item in snapshot.items() if instance_id not in items]
            read = map(self._with_known_notes, items.values())
            changed = [item for item in read if snapshot.get(item.instance_id) != item]
            core.store.vanish_items(gone, core.clock(), "missing")
            core.store.put_items(changed)
            folders = self._put_folders(reading.folders, since)
            fields = self._put_fields(reading.fields)
            now = core.clock()
            core.set_meta(pulled_at=now, checked_at=now)
            if reading.value is not None:
                core.set_meta(
                    value_minimum=reading.value.minimum,
                    value_median=reading.value.median,
                    value_maximum=reading.value.maximum,
                )
            for item in gone:
                core.view.drop_snapshot(item.instance_id)
            for item in changed:
                core.view.put_snapshot(item)
            shown = core.view.refresh({item.release_id for item in (*gone, *changed)})
            return Published(Changes(frozenset(shown), folders=folders, fields=fields), len(gone))

    def _whole_as_of_now(self, read: Mapping[int, Item], since: int) -> dict[int, Item]:
        items = self.as_of_now(read.values(), since)
        for instance_id in self.added_ids_since(since):
            if item := self._core.view.snapshot.get(instance_id):
                items.setdefault(instance_id, item)
        return items

    def _with_known_notes(self, item: Item) -> Item:
        """A view that shows no notes says nothing about them: what is known stays."""
        if item.notes is not None:
            return item
        known = self._core.view.snapshot.get(item.instance_id)
        return item if known is None or known.notes is None else replace(item, notes=known.notes)

    def _put_folders(self, folders: Sequence[Folder], since: int | None) -> bool:
        core = self._core
        listed = {folder.folder_id: folder for folder in folders}
        if since is not None:
            # A folder made here while Discogs' list was on its way is not in it yet; one deleted here still is.
            for change in core.confirmed[since:]:
                match change:
                    case NewFolder(folder_id=folder_id, name=name):
                        listed.setdefault(folder_id, Folder(folder_id, name))
                    case RenameFolder(folder_id=folder_id, value=name) if folder_id in listed:
                        listed[folder_id] = replace(listed[folder_id], name=name)
                    case DeleteFolder(folder_id=folder_id):
                        listed.pop(folder_id, None)
        if list(core.view.snapshot_folders.values()) == list(listed.values()):
            return False
        core.store.put_folders(list(listed.values()))
        core.view.snapshot_folders = listed
        return True

    def _put_fields(self, fields: Sequence[Field]) -> bool:
        core = self._core
        known = {field.field_id: field for field in fields}
        if known == core.fields:
            return False
        core.store.put_fields(fields)
        core.fields = known
        return True
