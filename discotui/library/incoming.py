"""What was read from Discogs, on its way into the snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from discotui.library import aside
from discotui.library.confirming import Confirming
from discotui.library.core import Changes, Core, Mark
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
from discotui.library.first_reading import FirstReading, first_reading
from discotui.library.items import Field, Folder, Item, Value
from discotui.library.losses import HeldLoss, Losses
from discotui.library.view import lay_over

_FIRST_READING = "first_reading"


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole collection as read.

    Attributes:
        items: Every item by instance id.
        folders: In Discogs' order.
        fields: The notes fields.
        value: Discogs' estimate, None when it could not be had.
        begun_at: When its oldest part was read, in seconds since 1970; None when all of it was read just now.
    """

    items: Mapping[int, Item]
    folders: Sequence[Folder]
    fields: Sequence[Field]
    value: Value | None
    begun_at: float | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a whole reading changed.

    Attributes:
        changes: What it did to the screen.
        vanished: Items that Discogs no longer lists; they are kept aside with their notes.
        held: So many were missing that they stay until the person has been asked.
    """

    changes: Changes
    vanished: int
    held: HeldLoss | None = None


class Incoming:
    """The puller's view of the library."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._confirming = Confirming(core)
        self._losses = Losses(core)

    def mark(self) -> Mark:
        """A point in time: to be taken before asking, and given with the answer.

        What is confirmed between the two may be missing from the answer, and is laid over it.
        """
        with self._core.lock:
            return Mark(len(self._core.confirmed), self._core.clock())

    def added_since(self, mark: Mark) -> int:
        """By how much our own confirmed additions and removals changed the number of items since a mark."""
        with self._core.lock:
            since = self._core.confirmed[mark.confirmed :]
        return sum(isinstance(change, AddItem) for change in since) - sum(
            isinstance(change, RemoveItem) for change in since
        )

    def added_ids_since(self, mark: Mark) -> list[int]:
        """Instance ids of our own additions that were confirmed since a mark."""
        with self._core.lock:
            return [
                change.instance_id for change in self._core.confirmed[mark.confirmed :] if isinstance(change, AddItem)
            ]

    def as_of_now(self, items: Iterable[Item], since: Mark) -> dict[int, Item]:
        """Items of an answer with everything laid over that was confirmed since it was asked for."""
        with self._core.lock:
            changes = self._core.confirmed[since.confirmed :]
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

    def first_reading(self) -> FirstReading | None:
        """How far the first reading came in an earlier run, where it was left off; else None."""
        with self._core.lock:
            return first_reading(self._core.meta.get(_FIRST_READING, "")) if self.never_read() else None

    def read_so_far(self) -> dict[int, Item]:
        """All items of the snapshot."""
        with self._core.lock:
            return dict(self._core.view.snapshot)

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
        """What Discogs held when it was read last: folder id → name and number of items."""
        with self._core.lock:
            counts: dict[int, int] = {}
            held, held_folders = self._losses.held_ids, self._losses.held_folders
            total = 0
            for instance_id, item in self._core.view.snapshot.items():
                if instance_id not in held:
                    counts[item.folder_id] = counts.get(item.folder_id, 0) + 1
                    total += 1
            return {
                folder_id: (folder.name, counts.get(folder_id, 0) if folder_id else total)
                for folder_id, folder in self._core.view.snapshot_folders.items()
                if folder_id not in held_folders
            }

    def missing(self, items: Mapping[int, Item], since: Mark) -> list[Item]:
        """Items that a whole reading should show and does not, other than those that are being removed from here.

        None, when there was no whole reading before: then nothing is known.

        Args:
            items: As read.
            since: The mark taken before the reading.
        """
        core = self._core
        with core.lock:
            if self.never_read():
                return []
            shown = self._whole_as_of_now(items, since)
            return self._losses.unexplained(
                item for instance_id, item in core.view.snapshot.items() if instance_id not in shown
            )

    def merge(
        self, items: Iterable[Item], since: Mark | None = None, *, first_reading: FirstReading | None = None
    ) -> Changes:
        """Take over items without concluding anything from those that are missing.

        Args:
            items: As read.
            since: The mark taken before they were asked for; what was confirmed since is laid over them. None when
                they are as of now.
            first_reading: How far the first reading has come with them.
        """
        core = self._core
        with core.kept():
            if first_reading is not None:
                core.set_meta(**{_FIRST_READING: first_reading.to_text()})
            items = list(items if since is None else self.as_of_now(items, since).values())
            self._note_seen(items, core.clock() if since is None else since.at)
            self._losses.are_shown(items)
            items += self._other_copies(items)
            changed = [
                item
                for item in map(self._with_what_is_known, items)
                if core.view.snapshot.get(item.instance_id) != item
            ]
            changed = self._losses.with_doubted_notes(changed, whole=False)
            core.store.put_items(changed)
            for item in changed:
                core.view.put_snapshot(item)
            releases = {item.release_id for item in changed}
            shown = core.view.refresh(releases)
            return Changes(frozenset(shown)) | self._settle(releases)

    def _note_seen(self, items: Iterable[Item], at: float) -> None:
        """Items that were shown with their notes are known as they were at that time."""
        seen, lately = self._core.seen, self._core.seen_lately
        for item in items:
            if item.notes is not None and seen.get(item.instance_id, 0.0) < at:
                seen[item.instance_id] = at
                lately.pop(item.instance_id, None)
                lately[item.instance_id] = at

    def _other_copies(self, items: Iterable[Item]) -> list[Item]:
        """Copies that were not read themselves, with the rating that was read of another one: they share it."""
        view, read = self._core.view, {item.instance_id for item in items}
        return [
            replace(view.snapshot[copy], rating=item.rating)
            for item in items
            for copy in view.snapshot_copies(item.release_id)
            if copy not in read and view.snapshot[copy].rating != item.rating
        ]

    def _settle(self, releases: Iterable[int]) -> Changes:
        """Find what waits and is there, or is in conflict, by what has just been read of some releases."""
        view = self._core.view
        waiting = [entry for release_id in releases for entry in view.pending_of(release_id)]
        return self._confirming.found(waiting) | self._core.judge(waiting)

    def _settle_folders(self) -> Changes:
        """So with the folders themselves."""
        waiting = self._core.view.folder_entries
        return self._confirming.found(waiting) | self._core.judge(waiting)

    def _settle_all(self) -> Changes:
        waiting = list(self._core.view.pending.values())
        return self._confirming.found(waiting) | self._core.judge(waiting)

    def put_frame(
        self, folders: Sequence[Folder], fields: Sequence[Field], since: Mark | None = None, *, adding: bool = False
    ) -> Changes:
        """Take over the lists of folders and fields.

        Args:
            folders: As read.
            fields: As read.
            since: As with :meth:`merge`.
            adding: Those that are missing stay.
        """
        core = self._core
        with core.kept():
            if adding:
                there = {folder.folder_id for folder in folders}
                known = core.view.snapshot_folders
                folders = [*folders, *(folder for folder_id, folder in known.items() if folder_id not in there)]
                fields = [*{**core.fields, **{field.field_id: field for field in fields}}.values()]
            changed = Changes(folders=self._put_folders(folders, since), fields=self._put_fields(fields))
            return changed | self._settle_folders()

    def folder_named(self, folder_id: int, name: str) -> Changes:
        """Take over the name that Discogs gave for one folder."""
        core = self._core
        with core.kept():
            folder = core.view.snapshot_folders.get(folder_id)
            if folder is None or folder.name == name:
                return Changes()
            core.put_folder(replace(folder, name=name))
            return Changes(folders=True) | core.judge(core.view.folder_entries)

    def rank_of(self, instance_id: int) -> int | None:
        """How many items were added after this one, as last read: its place in the order of Discogs' pages.

        An item of which the date is not known yet is one of the newest. None when it was never read at all.
        """
        with self._core.lock:
            item = self._core.view.snapshot.get(instance_id)
            if item is None:
                return None
            if not item.added:
                return 0
            return sum(not other.added or other.added > item.added for other in self._core.view.snapshot.values())

    def checked(self) -> None:
        """The copy is known to be as Discogs' right now."""
        with self._core.kept():
            self._core.set_meta(checked_at=self._core.clock())

    def publish(self, reading: Reading, since: Mark | None = None) -> Published:
        """Make a whole and consistent reading the new snapshot, in one transaction. Waiting edits stay on top.

        Args:
            reading: As read.
            since: The mark taken before the reading; what was confirmed since, to the last moment, is laid over it.
                None when it is as of now.
        """
        core, losses = self._core, self._losses
        with core.kept():
            snapshot = core.view.snapshot
            items = reading.items if since is None else self._whole_as_of_now(reading.items, since)
            now = core.clock()
            read_at = now if since is None else since.at
            self._note_seen(items.values(), read_at if reading.begun_at is None else min(read_at, reading.begun_at))
            losses.are_shown(items.values())
            missing = [item for instance_id, item in snapshot.items() if instance_id not in items]
            lost = losses.unexplained(missing)
            held = lost if losses.is_too_much(lost) else []
            folders = self._put_folders([*reading.folders, *losses.hold(held, reading.folders)], since)
            former_fields = core.fields
            fields = self._put_fields(reading.fields)
            read = map(self._with_what_is_known, items.values())
            changed = [item for item in read if snapshot.get(item.instance_id) != item]
            gone_fields = former_fields.keys() - core.fields.keys()
            changed = losses.with_doubted_notes(changed, whole=True, gone_fields=gone_fields)
            gone = self._set_aside(missing, lost, held)
            core.store.put_items(changed)
            aside.prune(core)
            as_of = now if reading.begun_at is None else min(now, reading.begun_at)
            core.set_meta(pulled_at=as_of, checked_at=as_of)
            if core.meta.get(_FIRST_READING):
                core.set_meta(**{_FIRST_READING: ""})
            if reading.value is not None:
                core.set_meta(
                    value_minimum=reading.value.minimum,
                    value_median=reading.value.median,
                    value_maximum=reading.value.maximum,
                )
            for item in changed:
                core.view.put_snapshot(item)
            shown = core.view.refresh({item.release_id for item in (*gone, *changed)})
            changes = Changes(frozenset(shown), folders=folders, fields=fields)
            return Published(changes | self._settle_all(), len(gone), losses.held())

    def _set_aside(self, missing: Sequence[Item], lost: Sequence[Item], held: Sequence[Item]) -> list[Item]:
        """Take out what is missing, but for what is held. Returns what went."""
        unexplained = {item.instance_id for item in lost}
        removed = [item for item in missing if item.instance_id not in unexplained]
        aside.set_aside(self._core, removed, aside.REMOVED)
        if held:
            return removed
        aside.set_aside(self._core, lost, aside.MISSING)
        return [*removed, *lost]

    def _whole_as_of_now(self, read: Mapping[int, Item], since: Mark) -> dict[int, Item]:
        items = self.as_of_now(read.values(), since)
        for instance_id in self.added_ids_since(since):
            if item := self._core.view.snapshot.get(instance_id):
                items.setdefault(instance_id, item)
        return items

    def _with_what_is_known(self, item: Item) -> Item:
        """A view that shows no notes, or no folder, says nothing about them: what is known stays."""
        if item.notes is not None and item.folder_id:
            return item
        known = self._core.view.snapshot.get(item.instance_id)
        if known is None:
            return item
        notes = known.notes if item.notes is None else item.notes
        folder_id = item.folder_id or known.folder_id
        if notes is item.notes and folder_id == item.folder_id:
            return item
        return replace(item, notes=notes, folder_id=folder_id)

    def _put_folders(self, folders: Sequence[Folder], since: Mark | None) -> bool:
        core = self._core
        listed = {folder.folder_id: folder for folder in folders}
        if since is not None:
            # A folder made here while Discogs' list was on its way is not in it yet; one deleted here still is.
            for change in core.confirmed[since.confirmed :]:
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
