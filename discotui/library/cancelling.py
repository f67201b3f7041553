"""How far an edit has got, and taking back what of it Discogs has not been told yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from operator import attrgetter

from discotui import errors
from discotui.library import edits, intents, journal
from discotui.library.carrying import Carrying, Tally
from discotui.library.core import Changes, Core
from discotui.library.done import Done, Progress
from discotui.library.edits import AddItem, Change, DeleteFolder, MoveItem, NewFolder, RemoveItem
from discotui.library.enqueuing import Enqueuing
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome
from discotui.library.slicing import Steps

_state = attrgetter("state")
_UNDONE_BY = {"add": "remove", "remove": "add", "new-folder": "delete-folder", "delete-folder": "new-folder"}
"""What is undone by doing this, where that is not called the same."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What an edit is about, as long as it has so many parts."""

    verb: str
    items: Set[int]
    parts: int


class Cancelling:
    """Looks at edits that are on their way to Discogs.

    Args:
        core: File and memory.
        enqueuing: The way into the outbox.
        carrying: What may be at work on the edit.
        kept: Called after each slice.
    """

    def __init__(self, core: Core, enqueuing: Enqueuing, carrying: Carrying, kept: Callable[[], None]) -> None:
        self._core = core
        self._enqueuing = enqueuing
        self._carrying = carrying
        self._kept = kept
        self._known: dict[int, _Known] = {}
        self._undone: dict[int, bool] = {}

    # --- how far it is --------------------------------------------------------------------------------

    def progress(self, step_id: int) -> Progress | None:
        """How far Discogs has been told of an edit; None when nothing is known of it (any more)."""
        core, steps = self._core, self._core.store.steps
        with core.lock, core.store.reading():
            edit = steps.edit_of(step_id)
            parts = frozenset(steps.parts_of(edit))
            entries = [
                entry
                for entry in core.view.pending.values()
                if entry.steps and (entry.steps[0] in parts or not parts.isdisjoint(entry.steps[1:]))
            ]
            return self._progress(edit, entries)

    def under_way(self, more_than: int) -> dict[int, Progress]:
        """Edits of which more than so many changes wait, each by its number: the oldest first."""
        core, steps = self._core, self._core.store.steps
        with core.lock, core.store.reading():
            by_edit: dict[int, list[Pending]] = {}
            edit_of: dict[int, int] = {}
            for entry in core.view.pending.values():
                for step_id in entry.steps:
                    if step_id not in edit_of:
                        edit_of[step_id] = steps.edit_of(step_id)
                    by_edit.setdefault(edit_of[step_id], []).append(entry)
            large = {edit: entries for edit, entries in sorted(by_edit.items()) if len(entries) > more_than}
            found = {edit: self._progress(edit, entries) for edit, entries in large.items()}
        return {edit: progress for edit, progress in found.items() if progress is not None}

    def _progress(self, edit: int, entries: Sequence[Pending]) -> Progress | None:
        sent, refused = self._core.store.steps.outcome(edit)
        states = Counter(map(_state, entries))
        in_conflict = states[State.CONFLICT]
        total = len(entries) + sent + len(refused)
        if not total:
            return None
        verb, items = self._about(edit, entries)
        is_undoing = self._is_undoing(edit, entries)
        return Progress(
            verb,
            total,
            waiting=len(entries) - in_conflict,
            under_way=states[State.SENDING] + states[State.UNKNOWN],
            sent=sent,
            in_conflict=in_conflict,
            refused=tuple(sorted(self._core.current_items(intents.items_of(self._core.view, refused)))),
            items=items,
            is_undoing=is_undoing,
            redos=self._core.store.steps.redos_until(edit) if is_undoing else 0,
        )

    def _is_undoing(self, edit: int, entries: Sequence[Pending]) -> bool:
        undone = self._core.store.steps.is_undone(edit)
        if undone is not None:
            self._undone[edit] = undone
        elif entries:
            # What can be done again no more is forgotten, though its undoing still waits.
            self._undone[edit] = True
        # Of what was declined whole nothing is left, either.
        return self._undone.get(edit, False)

    def _about(self, edit: int, entries: Sequence[Pending]) -> tuple[str, frozenset[int]]:
        """What was done, and to which items."""
        parts = self._core.store.steps.parts_of(edit)
        known = self._known.get(edit)
        # It may have been asked about before all of its parts were kept.
        if known is None or known.parts != len(parts):
            known = self._known[edit] = self._read(edit, parts, entries)
        return known.verb, frozenset(self._core.current_items(known.items))

    def _read(self, edit: int, parts: Sequence[int], entries: Sequence[Pending]) -> _Known:
        """Find out what an edit is about; of a large one that takes a while."""
        steps = self._core.store.steps
        items = self._carrying.items_of.get(edit)
        # One part is enough where the items are known.
        found = [step for step in map(steps.get, parts if items is None else parts[:1]) if step is not None]
        changes = [*(change for step in found for change in step.changes), *steps.outcome(edit)[1]]
        if found:
            verb = found[0].verb
        elif entries:
            # Only the undoing is left.
            changes += [entry.change for entry in entries]
            opposite = edits.VERBS[type(entries[0].change)]
            verb = _UNDONE_BY.get(opposite, opposite)
        else:
            verb = edits.VERBS[type(changes[0])] if changes else ""
        return _Known(verb, intents.items_of(self._core.view, changes) if items is None else items, len(parts))

    # --- taking back ----------------------------------------------------------------------------------

    def cancel(self, step_id: int) -> Steps[Done]:
        """Take back what of an edit Discogs has not been told yet; what waited before comes back.

        What was sent, is under way, or was changed since stays, and the edit is then just that.

        Raises:
            NothingToChange: There is no such edit, or it was undone.
        """
        core, steps = self._core, self._core.store.steps
        with core.lock, core.store.reading():
            edit = steps.edit_of(step_id)
            # What is sent next is at the beginning: more is taken back by starting at the end.
            parts = steps.parts_of(edit)[::-1]
            found = [step for step in map(steps.get, parts) if step is not None and not step.undone]
        if not found:
            raise errors.NothingToChange
        self._carrying.end(edit)
        tally = Tally(found[0].verb, step_id=edit)
        for count, part in enumerate(parts):
            if count:
                yield
            self._cancel(part, tally)
        return tally.done()

    def _cancel(self, part: int, tally: Tally) -> None:
        core, steps = self._core, self._core.store.steps
        with core.kept():
            step = steps.get(part)
            if step is None or step.undone:
                return
            back = _Back(core, self._enqueuing, part)
            stays: list[Change] = []
            for change in reversed(step.changes):
                if back.take(change):
                    tally.subjects.add(edits.subject(change))
                else:
                    stays.insert(0, change)
            if len(stays) < len(step.changes):
                tally.changes.append(back.shown())
                steps.put_changes(part, stays)
        tally.skipped += len(stays)
        self._known.pop(tally.step_id, None)
        self._carrying.items_of.pop(tally.step_id, None)
        self._kept()


class _Back:
    """Takes back what waits of one part of an edit.

    Args:
        core: File and memory, inside of :meth:`Core.kept`.
        enqueuing: The way into the outbox.
        part: The part.
    """

    def __init__(self, core: Core, enqueuing: Enqueuing, part: int) -> None:
        self._core = core
        self._enqueuing = enqueuing
        self._part = part
        self._drops: list[Pending] = []
        self._puts: list[Pending] = []
        self._changes: list[Change] = []

    def take(self, done: Change) -> bool:
        """Take a change back, if Discogs has not been told of it. Returns whether it is."""
        core = self._core
        change = journal.with_current_ids(done, core.resolve)
        entry = core.view.latest(change)
        if entry is None or not entry.state.is_unsent or self._part not in entry.steps:
            return False
        match change:
            case RemoveItem() | DeleteFolder():
                self._drops.append(entry)
                return isinstance(entry.change, type(change))
            case AddItem():
                item = core.view.items.get(change.instance_id)
                return item is not None and self._cancels_out(RemoveItem(item))
            case NewFolder():
                folder = core.view.folders.get(change.folder_id)
                is_empty = folder is not None and not folder.count
                return is_empty and self._cancels_out(DeleteFolder(change.folder_id, change.name))
        return self._set_back(entry, change)

    def _cancels_out(self, opposite: Change) -> bool:
        if not self._enqueuing.unsent(opposite):
            return False
        self._changes.append(opposite)
        return True

    def _set_back(self, entry: Pending, change: edits.Absolute) -> bool:
        view, waiting = self._core.view, entry.change
        if not isinstance(waiting, edits.Absolute) or journal.shown_value(view, change) != change.value:
            return False
        if isinstance(change, MoveItem) and not view.has_folder(change.base):
            return False
        if view.comes_to_nothing(entry, waiting, edits.turned(change), undoing=True):
            self._drops.append(entry)
            return True
        if waiting.base == change.base:
            return False
        before = replace(waiting, value=change.base)  # type: ignore[arg-type]
        steps = tuple(step_id for step_id in entry.steps if step_id != self._part)
        self._puts.append(replace(entry, change=before, steps=steps))
        return True

    def shown(self) -> Changes:
        """Take all of it back. Returns what it did to the screen."""
        core = self._core
        core.remember((entry for entry in self._drops if entry.state is State.CONFLICT), Outcome.DROPPED)
        shown = [core.drop(self._drops)]
        core.put_pending(self._puts)
        shown.append(core.refreshed(entry.change for entry in self._puts))
        shown.append(core.judge(entry for entry in self._puts if entry.state is State.CONFLICT))
        shown.append(self._enqueuing.enqueue(self._changes, self._part, undoing=True))
        return Changes.of_all(shown)
