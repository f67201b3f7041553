"""The outbox as the sender uses it: take the next change, note that it goes, note what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from discotui.library import edits, journal
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
from discotui.library.outbox import Pending, State, next_to_send
from discotui.library.past import Outcome
from discotui.library.view import with_note


@dataclass(frozen=True, slots=True)
class RefusedChanges:
    """What was undone because Discogs declined a change.

    Attributes:
        changes: What it did to the screen.
        dropped: The declined change first, then those that could not stand without it.
    """

    changes: Changes
    dropped: tuple[Change, ...]


class Outgoing:
    """The sender's view of the library."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def next(self) -> tuple[Pending | None, float | None]:
        """The change that may go now; without one, the time (seconds since 1970) when a resting one may go."""
        with self._core.lock:
            entry, wake = next_to_send(
                self._core.view.pending.values(), self._core.clock(), is_held=self._is_not_known_yet
            )
        if entry is not None and entry.state is State.SENDING:
            # There is one sender, and it asks for the next: so what became of this one could not be noted.
            entry = replace(entry, state=State.UNKNOWN)
        return entry, wake

    def _is_not_known_yet(self, entry: Pending) -> bool:
        """Whether a change is about an item that no reading has brought so far, but one still may.

        After a damaged file, changes can wait for items that the new one does not have. That an item is not there
        means that it is gone only once the collection has been read whole.
        """
        view, change = self._core.view, entry.change
        if entry.state is not State.WAITING or self._core.was_read_whole:
            return False
        match change:
            case SetRating():
                return not view.snapshot_copies(change.release_id)
            case MoveItem() | SetNote() | RemoveItem():
                return change.instance_id > 0 and change.instance_id not in view.snapshot
        return False

    def noted(self, seq: int, seen: Sequence[int]) -> None:
        """Keep which instances of the release there were before an addition is sent."""
        self._update(seq, seen=tuple(seen))

    def begin(self, seq: int) -> Pending | None:
        """Note durably that a change is about to be sent.

        Returns:
            The change as it is now: the person may have changed their mind since it was looked up. None when
            it is gone.
        """
        return self._update(seq, state=State.SENDING)

    def not_sent(self, seq: int, *, not_before: float = 0.0) -> None:
        """It did not reach Discogs: it waits again."""
        self._update(seq, state=State.WAITING, not_before=not_before, checks=0)

    def unknown(self, seq: int, *, not_before: float = 0.0, checks: int = 0) -> None:
        """It may have reached Discogs: the truth is to be read, not before the given time."""
        self._update(seq, state=State.UNKNOWN, not_before=not_before, checks=checks)

    def _update(
        self,
        seq: int,
        *,
        state: State | None = None,
        not_before: float | None = None,
        seen: tuple[int, ...] | None = None,
        checks: int | None = None,
    ) -> Pending | None:
        with self._core.kept():
            entry = self._core.view.pending.get(seq)
            if entry is None:
                return None
            entry = replace(
                entry,
                state=entry.state if state is None else state,
                not_before=entry.not_before if not_before is None else not_before,
                seen=entry.seen if seen is None else seen,
                checks=entry.checks if checks is None else checks,
            )
            self._core.view.put_pending(entry)
            self._core.store.put_pending([entry])
            return entry

    def now(self) -> float:
        """Seconds since 1970, by the library's clock."""
        return self._core.clock()

    def at_discogs(self, instance_id: int) -> Item | None:
        """An item as Discogs has it, as far as we know: its folder is the one to address."""
        with self._core.lock:
            return self._core.view.snapshot.get(instance_id)

    def copies_at_discogs(self, release_id: int) -> list[Item]:
        """A release's copies as Discogs has them, as far as we know."""
        with self._core.lock:
            view = self._core.view
            return [view.snapshot[copy] for copy in view.snapshot_copies(release_id)]

    def found_in(self, instance_id: int, folder_id: int) -> Changes:
        """Discogs told where an item is now."""
        with self._core.kept():
            item = self._core.view.snapshot.get(instance_id)
            if item is None or item.folder_id == folder_id:
                return Changes()
            self._put(replace(item, folder_id=folder_id))
            return Changes(frozenset(self._core.view.refresh([item.release_id])))

    # --- outcomes -------------------------------------------------------------------------------------

    def confirm(self, seq: int, new_id: int = 0) -> Changes:
        """Discogs has it: the snapshot takes it over, and it leaves the outbox.

        Args:
            seq: The change.
            new_id: The instance or folder id that Discogs gave to something new.
        """
        core = self._core
        with core.lock:
            with core.kept():
                entry = core.view.pending[seq]
                change, changes = entry.change, Changes()
                if isinstance(change, AddItem | NewFolder):
                    changes = self._adopt(change, new_id)
                    change = core.view.pending[seq].change
                self._take_over(change)
                core.remember([replace(entry, change=change)], Outcome.SENT)
                changes |= core.drop([entry])
            core.confirmed.append(change)
            return changes

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
        for entry in renamed:
            core.view.put_pending(entry)
        core.store.put_pending(renamed)
        changes = core.refreshed(entry.change for entry in renamed)
        return replace(changes, renamed={old: new_id})

    def _take_over(self, change: Change) -> None:
        """Change the snapshot as Discogs has just changed the collection."""
        view = self._core.view
        match change:
            case SetRating():
                for item in self.copies_at_discogs(change.release_id):
                    self._put(replace(item, rating=change.value))
            case MoveItem():
                if known := view.snapshot.get(change.instance_id):
                    self._put(replace(known, folder_id=change.value))
            case SetNote():
                if known := view.snapshot.get(change.instance_id):
                    self._put(replace(known, notes=with_note(known.notes, change) or NO_NOTES))
            case RemoveItem():
                if known := view.snapshot.get(change.instance_id):
                    self._core.store.vanish_items([known], self._core.clock(), "removed")
                    view.drop_snapshot(change.instance_id)
            case AddItem(item=item):
                siblings = self.copies_at_discogs(change.release_id)
                self._put(replace(item, rating=siblings[0].rating if siblings else 0))
            case NewFolder():
                self._put_folder(Folder(change.folder_id, change.name))
            case RenameFolder():
                if folder := view.snapshot_folders.get(change.folder_id):
                    self._put_folder(replace(folder, name=change.value))
            case DeleteFolder():
                view.snapshot_folders.pop(change.folder_id, None)
                self._core.store.put_folders(list(view.snapshot_folders.values()))

    def _put(self, item: Item) -> None:
        self._core.view.put_snapshot(item)
        self._core.store.put_items([item])

    def _put_folder(self, folder: Folder) -> None:
        self._core.view.snapshot_folders[folder.folder_id] = folder
        self._core.store.put_folders(list(self._core.view.snapshot_folders.values()))

    def refuse(self, seq: int, reason: str) -> RefusedChanges:
        """Discogs declined it: it is undone here, with all that cannot stand without it.

        Args:
            seq: The change.
            reason: For the history: what the server said, as it came.

        Returns:
            What was undone; nothing, when the person has taken the change back already.
        """
        core = self._core
        with core.kept():
            entry = core.view.pending.get(seq)
            if entry is None:
                return RefusedChanges(Changes(), ())
            gone = [entry, *self._dependents(entry)]
            changes = self._stays(entry.change)
            core.remember(gone, Outcome.REFUSED, reason, is_open=True)
            self._forget_in_journal(gone)
            changes |= core.drop(gone)
            for other in gone:
                self._rebase(other)
            return RefusedChanges(changes, tuple(other.change for other in gone))

    def _dependents(self, entry: Pending) -> list[Pending]:
        """Waiting changes that are about something which will not come to be."""
        view, change = self._core.view, entry.change
        match change:
            case AddItem():
                found = view.addition_and_its_own(change.instance_id, change.release_id)
                return [other for other in found if other.seq > entry.seq]
            case RemoveItem():
                # The item stays; so it must not be added a second time by an undo that came meanwhile.
                again = self._core.resolve("item", change.instance_id)
                later = [other for other in view.pending_of(change.release_id) if other.seq > entry.seq]
                added = [o for o in later if isinstance(o.change, AddItem) and o.change.instance_id == again]
                known = {item.rating for item in self.copies_at_discogs(change.release_id)}
                rated = [o for o in later if added and isinstance(o.change, SetRating) and {o.change.value} == known]
                return self._with_dependents([*added, *rated])
            case NewFolder():
                return self._with_dependents(
                    other
                    for other in view.pending.values()
                    if other.seq > entry.seq and edits.needs_folder(other.change, change.folder_id)
                )
            case DeleteFolder():
                again = self._core.resolve("folder", change.folder_id)
                return self._with_dependents(
                    other
                    for other in view.pending.values()
                    if other.seq > entry.seq and isinstance(other.change, NewFolder) and other.change.folder_id == again
                )
        return []

    def _with_dependents(self, found: Iterable[Pending]) -> list[Pending]:
        all_of_them: dict[int, Pending] = {}
        for entry in list(found):
            all_of_them[entry.seq] = entry
            all_of_them.update((deeper.seq, deeper) for deeper in self._dependents(entry))
        return list(all_of_them.values())

    def _stays(self, refused: Change) -> Changes:
        """What was not removed is known by its own id again, whatever an undo has put in its place meanwhile."""
        core = self._core
        match refused:
            case RemoveItem():
                kind, own = "item", refused.instance_id
            case DeleteFolder():
                kind, own = "folder", refused.folder_id
            case _:
                return Changes()
        again = core.resolve(kind, own)
        if again == own:
            return Changes()
        core.drop_alias(kind, own)
        return Changes(renamed={again: own})

    def _rebase(self, refused: Pending) -> None:
        """A later change of the same thing now starts from what was there before the declined one."""
        core, former = self._core, refused.change
        later = core.view.following(refused)
        if later is None or not isinstance(former, edits.Absolute) or not isinstance(later.change, edits.Absolute):
            return
        if later.change.base != former.value:
            return
        for step_id in later.steps:
            self._edit_step(step_id, partial(_rebased, former))
        change = edits.joined(former, later.change)
        if change is None:
            core.drop([later])
            return
        later = replace(later, change=change)
        core.view.put_pending(later)
        core.store.put_pending([later])

    def _forget_in_journal(self, gone: Sequence[Pending]) -> None:
        """What never came to be cannot be undone."""
        targets: dict[int, set[tuple[object, ...]]] = {}
        for entry in gone:
            # A removal whose undoing was declined did happen, and may be undone another time.
            if isinstance(entry.change, AddItem) and entry.change.replaces:
                continue
            for step_id in entry.steps:
                targets.setdefault(step_id, set()).add(edits.target(entry.change))
        for step_id, of_step in targets.items():
            self._edit_step(step_id, partial(_unless_about, of_step))

    def _edit_step(self, step_id: int, edit: Callable[[Change], Change | None]) -> None:
        """Replace or (None) drop changes of an undo step, which are given with the ids that count now."""
        core = self._core
        step = core.store.step(step_id)
        if step is not None:
            after = (edit(journal.with_current_ids(change, core.resolve)) for change in step[1])
            core.store.put_step_changes(step_id, [change for change in after if change is not None])


def _unless_about(targets: set[tuple[object, ...]], change: Change) -> Change | None:
    return None if edits.target(change) in targets else change


def _rebased(refused: edits.Absolute, change: Change) -> Change | None:
    """A change that started from what a declined one would have set; None when nothing is left of it."""
    if edits.target(change) != edits.target(refused):
        return change
    if not isinstance(change, edits.Absolute) or change.base != refused.value:
        return change
    return edits.joined(refused, change)
