"""The collection on this machine, as the screen sees it.

    what is shown  =  snapshot (last read from Discogs)  ⊕  changes not yet confirmed

Every method may be called from any thread, is short, and leaves file and memory in agreement. An edit returns
once it is durably kept; the network is never asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from discotui import errors
from discotui.library import aside, edits, intents, journal
from discotui.library.cancelling import Cancelling
from discotui.library.carrying import SLICE, Carrying
from discotui.library.core import Changes, Core
from discotui.library.deciding import Deciding
from discotui.library.done import Done, Progress
from discotui.library.edits import AddItem, Edit
from discotui.library.enqueuing import Enqueuing
from discotui.library.incoming import Incoming
from discotui.library.intentions import Intention, Move, Rate, Remove, SetNotes
from discotui.library.items import ALL_FOLDER, Field, Folder, Item, Value
from discotui.library.losses import HeldLoss, Losses
from discotui.library.outgoing import Outgoing
from discotui.library.past import Past
from discotui.library.remembered import Remembered
from discotui.library.slicing import Steps, finish
from discotui.library.views import SavedView, views_from_json, views_to_json


class Library:
    """A person's collection in its file.

    Args:
        path: The library file, made when missing.
        read_only: Refuse every edit; what Discogs says is kept all the same.
        writes: The file may be changed: for the one program that holds its lock. Otherwise it is only looked at, an
            old one in memory, and nothing is made, brought up to date or salvaged.
        clock: Seconds since 1970.

    Attributes:
        read_only: As given; always, where nothing is written.
        salvaged: What became of a damaged file; None when it was sound.
        outgoing: What the sender needs.
        incoming: What the puller needs.
        deciding: What is not settled, and what the person decides about it.
        remembered: How the person last had the table.
        edited: Set whenever something new waits in the outbox, or may go now; the sender clears it.

    Raises:
        LibraryError: The file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        writes: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.read_only = read_only or not writes
        self._core = Core(path, clock, writes=writes)
        self.salvaged = self._core.salvaged
        self._enqueuing = Enqueuing(self._core)
        self.edited = threading.Event()
        self._carrying = Carrying(self._core, self._enqueuing, self.edited.set)
        self._cancelling = Cancelling(self._core, self._enqueuing, self._carrying, self.edited.set)
        self.outgoing = Outgoing(self._core, wake=self.edited.set)
        self.incoming = Incoming(self._core)
        self.deciding = Deciding(self._core, read_only=self.read_only, decided=self.edited.set)
        self.remembered = Remembered(self._core)

    @property
    def path(self) -> Path:
        """The library file."""
        return self._core.store.path

    def close(self, seconds: float = -1, last_seen: Callable[[], str | None] = lambda: None) -> bool:
        """Close the file; nothing is in memory alone.

        Args:
            seconds: How long to wait for another thread that is at work on it; without limit when negative.
            last_seen: Tells what the screen is to begin with next time, None for nothing; see
                :mod:`~discotui.library.last_seen`. Asked when nothing changes any more, where it can be kept.

        Returns:
            Whether it was closed. One that could not be is left as it was before that work, should the program end.
        """
        if not self._core.lock.acquire(timeout=seconds):
            return False
        try:
            self._core.keep_last_seen(last_seen)
            self._core.store.close()
        finally:
            self._core.lock.release()
        return True

    # --- what is shown --------------------------------------------------------------------------------

    def items(self, folder_id: int = ALL_FOLDER) -> list[Item]:
        """The items of a folder as shown, in no particular order."""
        with self._core.lock:
            folder_id = self._core.resolve("folder", folder_id)
            shown = list(self._core.view.items.values())
        return shown if folder_id == ALL_FOLDER else [item for item in shown if item.folder_id == folder_id]

    def item(self, instance_id: int) -> Item | None:
        """An item as shown; a replaced id finds its successor."""
        with self._core.lock:
            return self._core.view.items.get(self._core.resolve("item", instance_id))

    def there_of(self, instance_ids: Iterable[int]) -> set[int]:
        """Those of some items that are in the collection as shown."""
        with self._core.lock:
            return set(filter(self._core.view.items.__contains__, instance_ids))

    def copies(self, release_id: int) -> list[Item]:
        """The copies of a release as shown."""
        with self._core.lock:
            view = self._core.view
            return [view.items[copy] for copy in view.copies(release_id)]

    def folders(self) -> list[Folder]:
        """Folders as shown, with counts of what is shown: All, Uncategorized, then in Discogs' order."""
        with self._core.lock:
            folders = list(self._core.view.folders.values())
        return sorted(folders, key=lambda folder: folder.folder_id if folder.is_fixed else 2)

    def folder_name(self, folder_id: int) -> str:
        """A folder's name, "" when it is not known any more."""
        with self._core.lock:
            return self._core.view.folder_name(self._core.resolve("folder", folder_id))

    def fields(self) -> list[Field]:
        """The notes fields by position."""
        with self._core.lock:
            return sorted(self._core.fields.values(), key=lambda field: (field.position, field.field_id))

    def value(self) -> Value | None:
        """Discogs' estimate when last read; None when it never was, or may not be, read."""
        with self._core.lock:
            meta = self._core.meta
            if "value_median" not in meta:
                return None
            return Value(meta["value_minimum"], meta["value_median"], meta["value_maximum"])

    def read_at(self) -> float | None:
        """When the copy was last known to be as Discogs', in seconds since 1970; None: never read whole."""
        with self._core.lock:
            known = self._core.meta.get("checked_at")
        return None if known is None else float(known)

    def waiting_items(self) -> frozenset[int]:
        """Instance ids of shown items with something waiting."""
        with self._core.lock:
            return self._core.view.marks.waiting

    def conflict_items(self) -> frozenset[int]:
        """Instance ids of shown items with a change that is in conflict."""
        with self._core.lock:
            return self._core.view.marks.in_conflict

    def waiting_count(self) -> int:
        """How many changes are not confirmed yet."""
        with self._core.lock:
            return len(self._core.view.pending)

    def look_again(self) -> Changes:
        """Where the file is only looked at: take over what the program that has it open has written since.

        Raises:
            LibraryError: It cannot be read just now; what was known stays.
        """
        return self._core.look_again()

    # --- what is gone at Discogs ----------------------------------------------------------------------

    def held_loss(self) -> HeldLoss | None:
        """Items that were missing at Discogs, too many at once to be taken out without a word; None when none are."""
        with self._core.lock:
            return Losses(self._core).held()

    def accept_loss(self) -> Changes:
        """Set aside what is missing and was not shown by any reading since. Discogs is told nothing.

        This follows what Discogs says, so a collection that is open for reading only allows it too.
        """
        with self._core.kept():
            return Losses(self._core).accept()

    def vanished(self) -> list[aside.Vanished]:
        """Items that left the collection in the last 30 days and are not in it again, newest first."""
        with self._core.lock, self._core.store.reading():
            return aside.restorable(self._core)

    def vanished_version(self) -> object:
        """Something else whenever :meth:`vanished` may answer otherwise than before, by whatever but time."""
        with self._core.lock:
            added = (entry.seq for entry in self._core.view.pending.values() if isinstance(entry.change, AddItem))
            return self._core.aside_version, frozenset(added)

    def views(self) -> list[SavedView]:
        """The views that the person has saved, in their order."""
        with self._core.lock:
            return views_from_json(self._core.meta.get("views", "[]"))

    def put_views(self, saved: Iterable[SavedView]) -> None:
        """Keep the saved views; they are the person's own, so a public collection has some too."""
        with self._core.kept():
            self._core.set_meta(views=views_to_json(saved))

    # --- edits ----------------------------------------------------------------------------------------

    def plan(self, intention: Intention, instance_ids: Iterable[int]) -> Edit:
        """What an intention would do to items now; nothing is kept.

        Raises:
            EditRefused: It cannot be done; :class:`~discotui.errors.NothingToChange` when all is so already.
        """
        self._check_writable()
        core = self._core
        with core.lock:
            if isinstance(intention, Move):
                intention = Move(self._folder_now(intention.folder_id))
            edit = intents.planned(core.view, core.fields, intention, core.current_items(instance_ids))
            return replace(edit, as_of=core.version)

    def planning(self, intention: Intention, instance_ids: Iterable[int]) -> Steps[Edit]:
        """What :meth:`plan` does, in slices. What it raises, it raises in one of them."""
        return self._carrying.plan(lambda ids: self.plan(intention, ids), instance_ids)

    def carry_out(self, edit: Edit) -> Steps[Done]:
        """Keep a planned edit as one step for undo, in slices, each of which is kept for good.

        Each change is looked at again in its turn: what is gone, or is so already, is skipped. The generator may be
        left off: what is kept stays kept, and is what undo takes back.

        Raises:
            EditRefused: The collection is open for reading only.
            LibraryError: A slice could not be kept; those before it are.
        """
        self._check_writable()
        return self._carrying.carry_out(edit)

    def rate(self, instance_ids: Iterable[int], rating: int) -> Done:
        """Rate items' releases, 0 (none) to 5."""
        return self.do(Rate(rating), instance_ids)

    def move(self, instance_ids: Iterable[int], folder_id: int) -> Done:
        """Move items to a folder."""
        return self.do(Move(folder_id), instance_ids)

    def set_notes(self, instance_ids: Iterable[int], values: Mapping[int, str]) -> Done:
        """Set notes fields of items: field id → value, "" clears."""
        return self.do(SetNotes(values), instance_ids)

    def remove(self, instance_ids: Iterable[int]) -> Done:
        """Remove items. Sent after a rest, so that undo costs nothing for a while."""
        return self.do(Remove(), instance_ids)

    def do(self, intention: Intention, instance_ids: Iterable[int]) -> Done:
        """Plan an edit and carry it out, all at once."""
        with self._core.lock:
            edit = self.plan(intention, instance_ids)
            if len(edit.changes) <= SLICE:
                return finish(self.carry_out(edit))
        return finish(self.carry_out(edit))

    def add(self, release: Item, folder_id: int) -> Done:
        """Add a copy of a release to a folder; it is shown at once under a temporary id."""
        core = self._core
        return self._do(lambda: intents.add(core.view, release, self._folder_now(folder_id), core.temporary_id))

    def restore(self, instance_ids: Iterable[int]) -> Done:
        """Add items again that left the collection, with folder, rating and notes, as one edit.

        Args:
            instance_ids: Of :meth:`vanished`. Discogs gives them new instances and dates.

        Raises:
            NotRestorable: None of them can be brought back.
        """
        self._check_writable()
        core, wanted = self._core, frozenset(instance_ids)
        with core.kept():
            found = [gone.item for gone in aside.restorable(core) if gone.item.instance_id in wanted]
            if not found:
                raise errors.NotRestorable
            plan, added = journal.Way(core.view, core.resolve, core.temporary_id).add_again(found)
            core.put_aliases(plan.aliases)
            step_id = core.store.steps.add("restore", map(edits.to_json, added))
            changes = self._enqueuing.enqueue(plan.changes, step_id)
        self.edited.set()
        return Done("restore", len(found), changes, skipped=len(wanted) - len(found), step_id=step_id)

    def new_folder(self, name: str) -> Done:
        """Make a folder."""
        return self._do(lambda: intents.new_folder(self._core.view, name, self._core.temporary_id))

    def rename_folder(self, folder_id: int, name: str) -> Done:
        """Rename a folder."""
        return self._do(lambda: intents.rename_folder(self._core.view, self._folder_now(folder_id), name))

    def delete_folder(self, folder_id: int) -> Done:
        """Delete an empty folder."""
        return self._do(lambda: intents.delete_folder(self._core.view, self._folder_now(folder_id)))

    def undo(self) -> Done:
        """Take back the latest edit.

        What still waits simply leaves the outbox; what was sent gets the opposite edit. A removal that was sent
        is added again with its folder, rating and notes; Discogs gives it a new instance and date.

        Raises:
            NothingToChange: There is nothing to undo.
            NotReadYet: An item of it has not been read, after a damaged file.
        """
        return finish(self.undoing())

    def latest_edit(self) -> int:
        """What undo takes back next, as a number that grows from edit to edit; 0 for nothing."""
        with self._core.lock, self._core.store.reading():
            return self._core.store.steps.latest() or 0

    def undoing(self) -> Steps[Done]:
        """What :meth:`undo` does, in slices. What it raises, it raises in the first one."""
        self._check_writable()
        return self._carrying.travel(undone=False)

    def redo(self) -> Done:
        """Do again what was undone last.

        Raises:
            NothingToChange: There is nothing to redo.
            NotReadYet: As with undo.
        """
        return finish(self.redoing())

    def redoing(self) -> Steps[Done]:
        """What :meth:`redo` does, in slices."""
        self._check_writable()
        return self._carrying.travel(undone=True)

    def progress(self, step_id: int) -> Progress | None:
        """How far Discogs has been told of an edit (of :attr:`Done.step_id`) or of its undoing; None when unknown."""
        return self._cancelling.progress(step_id)

    def edits_under_way(self, more_than: int) -> dict[int, Progress]:
        """Edits of which more than so many changes wait, by :attr:`Done.step_id`: the oldest first."""
        return self._cancelling.under_way(more_than)

    def cancel(self, step_id: int) -> Done:
        """Take back what of an edit Discogs has not been told yet; what waited before it comes back.

        What was sent stays, and so does what is under way, or was changed since. Undo afterwards takes back just that.

        Raises:
            NothingToChange: There is no such edit, or it was undone.
        """
        return finish(self.cancelling(step_id))

    def cancelling(self, step_id: int) -> Steps[Done]:
        """What :meth:`cancel` does, in slices."""
        self._check_writable()
        return self._cancelling.cancel(step_id)

    def try_again(self, *pasts: Past) -> Done:
        """Do once more what was refused or given up; it is then open no more.

        Returns:
            What was done; of several changes those that cannot be done any more are skipped.

        Raises:
            EditRefused: None of it can be done any more.
        """
        self._check_writable()
        changes, count, refused = Changes(), 0, None
        with self._core.kept():
            for past in pasts:
                try:
                    changes |= self._once_more(past)
                    count += 1
                except errors.EditRefused as error:
                    refused = error
            if refused is not None and not count:
                raise refused
        self.edited.set()
        return Done(edits.VERBS[type(pasts[0].change)], count, changes, len(pasts) - count)

    def _once_more(self, past: Past) -> Changes:
        core = self._core
        plan = journal.Way(core.view, core.resolve, core.temporary_id).once_more(past.change)
        core.put_aliases(plan.aliases)
        step_id = core.store.steps.add(edits.VERBS[type(past.change)], map(edits.to_json, plan.changes))
        changes = self._enqueuing.enqueue(plan.changes, step_id)
        core.close_history([past.seq])
        return changes

    def _do(self, intend: Callable[[], Edit]) -> Done:
        self._check_writable()
        with self._core.kept():
            edit = intend()
            step_id = self._core.store.steps.add(edit.verb, map(edits.to_json, edit.changes))
            changes = self._enqueuing.enqueue(edit.changes, step_id)
        self.edited.set()
        return Done(edit.verb, len({edits.subject(change) for change in edit.changes}), changes, step_id=step_id)

    def _folder_now(self, folder_id: int) -> int:
        return self._core.resolve("folder", folder_id)

    def _check_writable(self) -> None:
        if self.read_only:
            raise errors.ReadOnly
