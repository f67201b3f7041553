"""What Discogs has confirmed becomes part of the snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from discotui.library import aside, edits
from discotui.library.core import Changes, Core
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.items import NO_NOTES, Folder, Item
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome
from discotui.library.view import with_note
from discotui.library.withdrawing import Withdrawing


class Confirming:
    """Takes changes out of the outbox that were carried out.

    Args:
        core: File and memory.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._withdrawing = Withdrawing(core)

    def confirm(self, seq: int, new_id: int = 0) -> Changes:
        """Discogs has it: the snapshot takes it over, and it leaves the outbox.

        Nothing, where a reading has found it meanwhile.

        Args:
            seq: The change.
            new_id: The instance or folder id that Discogs gave to something new.
        """
        core = self._core
        with core.lock:
            with core.kept():
                entry = core.view.pending.get(seq)
                if entry is None:
                    return Changes()
                changes, change = self._confirm(entry, new_id)
            core.confirmed.append(change)
            return changes

    def _confirm(self, entry: Pending, new_id: int) -> tuple[Changes, Change]:
        """Inside :meth:`Core.kept`. What it did to the screen, and the change with the ids that count now."""
        core = self._core
        change, changes = entry.change, Changes()
        if isinstance(change, AddItem | NewFolder):
            changes = self._adopt(change, new_id)
            change = core.view.pending[entry.seq].change
        if isinstance(change, RemoveItem):
            change = self._with_newest(entry, change)
        self._take_over(change)
        core.remember([replace(entry, change=change)], Outcome.SENT)
        core.store.steps.count_sent(entry.steps)
        return changes | core.drop([entry]), change

    def _with_newest(self, entry: Pending, change: RemoveItem) -> RemoveItem:
        """A removal of the item as it was in the end, so that undo brings back what was typed elsewhere since."""
        known = self._core.view.snapshot.get(change.instance_id)
        if known is None or known == change.item:
            return change
        change = RemoveItem(known)
        self._withdrawing.replace_in_steps(entry, change)
        return change

    def _adopt(self, change: AddItem | NewFolder, new_id: int) -> Changes:
        """Put the id that Discogs gave in the place of the temporary one, wherever it stands."""
        core = self._core
        if isinstance(change, AddItem):
            kind, old, waiting = "item", change.instance_id, core.view.pending_of(change.release_id)
        else:
            kind, old, waiting = "folder", change.folder_id, list(core.view.pending.values())
        core.put_alias(kind, old, new_id)
        renamed = []
        for entry in waiting:
            after = edits.with_ids(entry.change, old, new_id, folder=kind == "folder")
            if after is not entry.change:
                renamed.append(replace(entry, change=after))
        core.put_pending(renamed)
        changes = core.refreshed(entry.change for entry in renamed)
        return replace(changes, renamed={old: new_id})

    def _take_over(self, change: Change) -> None:
        """Change the snapshot as Discogs has just changed the collection."""
        view = self._core.view
        match change:
            case SetRating():
                for item in self._copies(change.release_id):
                    self._put(replace(item, rating=change.value))
            case MoveItem():
                if known := view.snapshot.get(change.instance_id):
                    self._put(replace(known, folder_id=change.value))
            case SetNote():
                if known := view.snapshot.get(change.instance_id):
                    self._put(replace(known, notes=with_note(known.notes, change) or NO_NOTES))
            case RemoveItem():
                if known := view.snapshot.get(change.instance_id):
                    aside.set_aside(self._core, [known], aside.REMOVED)
            case AddItem(item=item) if item.instance_id not in view.snapshot:
                siblings = self._copies(change.release_id)
                self._put(replace(item, rating=siblings[0].rating if siblings else 0))
            case NewFolder():
                self._core.put_folder(Folder(change.folder_id, change.name))
            case RenameFolder():
                if folder := view.snapshot_folders.get(change.folder_id):
                    self._core.put_folder(replace(folder, name=change.value))
            case DeleteFolder():
                view.snapshot_folders.pop(change.folder_id, None)
                self._core.store.put_folders(list(view.snapshot_folders.values()))

    def _put(self, item: Item) -> None:
        self._core.view.put_snapshot(item)
        self._core.store.put_items([item])

    def found(self, entries: Iterable[Pending]) -> Changes:
        """See whether a reading shows what was sent and never answered, inside :meth:`Core.kept`.

        What is new since the instances (or folders) were noted before sending, and stands where ours is to be, is
        ours. Otherwise it would be shown twice until somebody looks for it.
        """
        changes = Changes()
        for entry in list(entries):
            new_id = self._new_id(entry)
            if new_id is not None:
                done, change = self._confirm(entry, new_id)
                self._core.confirmed.append(change)
                changes |= done
        return changes

    def _new_id(self, entry: Pending) -> int | None:
        if entry.seen is None or not (entry.state.is_under_way or entry.state is State.PARKED):
            return None
        view = self._core.view
        match entry.change:
            case AddItem(item=item):
                copies = self._copies(item.release_id)
                new = [copy.instance_id for copy in copies if copy.folder_id == item.folder_id]
            case NewFolder(name=name):
                new = [folder.folder_id for folder in view.snapshot_folders.values() if folder.name == name]
            case _:
                return None
        return next((number for number in new if number not in entry.seen), None)

    def _copies(self, release_id: int) -> list[Item]:
        """A release's copies as Discogs has them, as far as we know."""
        view = self._core.view
        return [view.snapshot[copy] for copy in view.snapshot_copies(release_id)]
