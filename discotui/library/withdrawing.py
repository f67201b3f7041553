"""Taking a change out of the outbox that will not be carried out, with all that cannot stand without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from discotui.library import edits, journal
from discotui.library.core import Changes, Core
from discotui.library.edits import AddItem, Change, DeleteFolder, NewFolder, RemoveItem, SetRating
from discotui.library.outbox import Pending
from discotui.library.past import Outcome


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was undone because a change will not be carried out.

    Attributes:
        changes: What it did to the screen.
        dropped: The change first, then those that could not stand without it.
    """

    changes: Changes
    dropped: tuple[Change, ...]


class Withdrawing:
    """Undoes changes that were refused, or given up.

    Args:
        core: File and memory.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def withdraw(self, outcome: Outcome, *entries: tuple[Pending, str]) -> Withdrawn:
        """Undo changes here, inside :meth:`Core.kept`.

        Args:
            outcome: For the history. What was refused stays open there until the person has dealt with it.
            entries: Changes of the outbox, each with the reason, for the history.
        """
        core = self._core
        gone: dict[int, Pending] = {}
        changes = []
        for entry, reason in entries:
            together = [other for other in (entry, *self._dependents(entry)) if other.seq not in gone]
            if entry.seq not in gone:
                changes.append(self._stays(entry.change))
                self._remember(together, outcome, reason)
                gone.update((other.seq, other) for other in together)
        if outcome is Outcome.REFUSED:
            self._note_refused(gone.values())
        self._forget_in_journal(gone.values())
        changes.append(core.drop(gone.values()))
        # The last first: what comes after several of them starts in the end from what was there before them all.
        changes += [self._rebase(other) for other in reversed(gone.values())]
        return Withdrawn(Changes.of_all(changes), tuple(other.change for other in gone.values()))

    def rebase_steps(self, bases: Iterable[tuple[Pending, int | str]]) -> None:
        """Let undo know that changes of the outbox start from other values, inside :meth:`Core.kept`."""
        starts: dict[int, dict[tuple[object, ...], tuple[Change, int | str]]] = {}
        for entry, base in bases:
            for step_id in entry.steps:
                starts.setdefault(step_id, {})[edits.target(entry.change)] = (entry.change, base)
        for step_id, of_step in starts.items():
            self._edit_step(step_id, partial(_starting_from, of_step))

    def replace_in_steps(self, entry: Pending, change: Change) -> None:
        """Let undo know a change as it was carried out in the end, inside :meth:`Core.kept`."""
        for step_id in entry.steps:
            self._edit_step(step_id, partial(_instead, change))

    def _remember(self, gone: Sequence[Pending], outcome: Outcome, reason: str) -> None:
        """Keep all of it in the history; what is asked about is the change itself, with all that belonged to it."""
        first = gone[0]
        if isinstance(first.change, AddItem):
            item = self._core.view.items.get(first.change.instance_id, first.change.item)
            first = replace(first, change=replace(first.change, item=item))
        self._core.remember([first], outcome, reason, is_open=outcome is Outcome.REFUSED)
        self._core.remember(gone[1:], outcome, reason)

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
                known = {view.snapshot[copy].rating for copy in view.snapshot_copies(change.release_id)}
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

    def _rebase(self, refused: Pending) -> Changes:
        """A later change of the same thing now starts from what was there before the declined one."""
        core, former = self._core, refused.change
        later = core.view.following(refused)
        if later is None or not isinstance(former, edits.Absolute) or not isinstance(later.change, edits.Absolute):
            return Changes()
        if later.change.base != former.value:
            return Changes()
        for step_id in later.steps:
            self._edit_step(step_id, partial(_rebased, former))
        change = edits.joined(former, later.change)
        if change is None:
            return core.drop([later])
        later = replace(later, change=change)
        core.put_pending([later])
        return core.judge([later])

    def _note_refused(self, gone: Iterable[Pending]) -> None:
        refused: dict[int, list[Change]] = {}
        for entry in gone:
            for step_id in entry.steps:
                refused.setdefault(step_id, []).append(entry.change)
        for step_id, changes in refused.items():
            self._core.store.steps.note_refused(step_id, changes)

    def _forget_in_journal(self, gone: Iterable[Pending]) -> None:
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
        step = core.store.steps.get(step_id)
        if step is not None:
            after = (edit(journal.with_current_ids(change, core.resolve)) for change in step.changes)
            core.store.steps.put_changes(step_id, [change for change in after if change is not None])


def _unless_about(targets: set[tuple[object, ...]], change: Change) -> Change | None:
    return None if edits.target(change) in targets else change


def _rebased(refused: edits.Absolute, change: Change) -> Change | None:
    """A change that started from what a declined one would have set; None when nothing is left of it."""
    if edits.target(change) != edits.target(refused):
        return change
    if not isinstance(change, edits.Absolute) or change.base != refused.value:
        return change
    return edits.joined(refused, change)


def _instead(known: Change, change: Change) -> Change:
    return known if type(change) is type(known) and edits.target(change) == edits.target(known) else change


def _starting_from(starts: Mapping[tuple[object, ...], tuple[Change, int | str]], change: Change) -> Change:
    """A change of an undo step, with another base where it is the first part of one that waits.

    Args:
        starts: What waits, and its new base, by what it is about.
        change: Of the step.
    """
    waiting, base = starts.get(edits.target(change), (None, 0))
    if not isinstance(waiting, edits.Absolute) or not isinstance(change, edits.Absolute):
        return change
    return replace(change, base=base) if change.base == waiting.base else change  # type: ignore[arg-type]
