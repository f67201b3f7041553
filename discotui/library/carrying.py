"""Doing edits of any size, and undoing and redoing them: in slices, each of them kept before the next begins.

A small edit is one slice. Between two slices of a large one anything may happen: other edits, confirmations, readings,
or the end of the program. So each slice looks at what is there in its turn, and is a part of the edit that is kept,
undone and done again whole (see :mod:`~discotui.library.kept_steps`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from discotui import errors
from discotui.library import edits, intents, journal
from discotui.library.core import Changes, Core
from discotui.library.done import Done
from discotui.library.edits import AddItem, Change, Edit
from discotui.library.enqueuing import Enqueuing
from discotui.library.slicing import Steps

SLICE = 1000
"""Changes that are kept at once: they take some milliseconds."""
_PLANNED_AT_ONCE = 2000


@dataclass(slots=True)
class Tally:
    """What the slices of an edit did so far.

    Attributes:
        as_of: The library's version after the last of them, -1 when others have changed something since the plan.
        items: Of a large edit, the instance ids that it is about.
    """

    verb: str
    changes: list[Changes] = field(default_factory=list)
    subjects: set[tuple[str, int]] = field(default_factory=set)
    skipped: int = 0
    added_again: int = 0
    step_id: int = 0
    as_of: int = 0
    is_large: bool = False
    items: set[int] = field(default_factory=set)

    def done(self) -> Done:
        """All of it."""
        changes = Changes.of_all(self.changes)
        return Done(self.verb, len(self.subjects), changes, self.skipped, self.added_again, self.step_id)


class Carrying:
    """Keeps edits.

    Args:
        core: File and memory.
        enqueuing: The way into the outbox.
        kept: Called after each slice: there may be something to send.

    Attributes:
        items_of: Of large edits of this time, by their number: the instance ids that they were about.
    """

    def __init__(self, core: Core, enqueuing: Enqueuing, kept: Callable[[], None]) -> None:
        self._core = core
        self._enqueuing = enqueuing
        self._kept = kept
        self._ended: set[int] = set()
        self.items_of: dict[int, frozenset[int]] = {}

    def plan(self, plan: Callable[[Sequence[int]], Edit], instance_ids: Iterable[int]) -> Steps[Edit]:
        """Plan an edit of many items.

        Args:
            plan: Plans it for some of them.
            instance_ids: All of them.

        Raises:
            EditRefused: There is nothing to change about any of them, or it cannot be done.
        """
        ids, parts = list(dict.fromkeys(instance_ids)), list[Edit]()
        nothing: errors.EditRefused = errors.UnknownItem()
        for start in range(0, len(ids), _PLANNED_AT_ONCE):
            if start:
                yield
            try:
                parts.append(plan(ids[start : start + _PLANNED_AT_ONCE]))
            except errors.NothingToChange as error:
                nothing = error
            except errors.UnknownItem:
                continue
        if not parts:
            raise nothing
        if len(parts) == 1 and len(ids) <= _PLANNED_AT_ONCE:
            return parts[0]
        # Copies of one release share a rating, and may have been in different parts.
        changes = {edits.target(change): change for part in parts for change in part.changes}
        as_of = {part.as_of for part in parts}
        return replace(parts[0], changes=tuple(changes.values()), as_of=as_of.pop() if len(as_of) == 1 else -1)

    def carry_out(self, edit: Edit) -> Steps[Done]:
        """Keep an edit as one step for undo.

        When it is taken back between two slices, the rest is not done any more. It may be left off, too: what is kept
        stays kept.
        """
        tally = Tally(edit.verb, as_of=edit.as_of, is_large=len(edit.changes) > SLICE)
        # What is removed is kept with all that is known of it.
        size = SLICE // 2 if edit.verb == "remove" else SLICE
        for start in range(0, len(edit.changes), size):
            planned = edit.changes[start : start + size]
            if start:
                yield
            if tally.step_id in self._ended:
                tally.skipped += len(edit.changes) - start
                break
            self._carry_out(planned, edit.appended, tally)
        if tally.is_large:
            self.items_of[tally.step_id] = frozenset(tally.items)
        return tally.done()

    def _carry_out(self, planned: Sequence[Change], appended: str, tally: Tally) -> None:
        core = self._core
        with core.lock:
            is_as_planned = tally.as_of == core.version
            changes = planned if is_as_planned else self._as_of_now(planned, appended)
            tally.skipped += len(planned) - len(changes)
            if not changes:
                return
            step_id, shown = self._keep(changes, tally)
            # What was changed by others once may be about what is still to come.
            tally.as_of = core.version if is_as_planned else -1
        tally.step_id = tally.step_id or step_id
        tally.changes.append(shown)
        tally.subjects.update(map(edits.subject, changes))
        if tally.is_large:
            tally.items |= intents.items_of(core.view, changes)
        self._kept()

    def _keep(self, changes: Sequence[Change], tally: Tally) -> tuple[int, Changes]:
        core = self._core
        with core.kept():
            texts = [edits.to_json(change) for change in changes]
            step_id = core.store.steps.add(tally.verb, texts, edit=tally.step_id)
            return step_id, self._enqueuing.enqueue(changes, step_id, texts=texts)

    def _as_of_now(self, planned: Sequence[Change], appended: str) -> list[Change]:
        core = self._core
        found: list[Change] = []
        for each in planned:
            change = journal.with_current_ids(each, core.resolve)
            if isinstance(change, edits.FOLDER_CHANGES):
                found.append(change)
            elif (now := intents.as_of_now(core.view, change, appended)) is not None:
                found.append(now)
        return found

    def end(self, edit: int) -> None:
        """Do no more of an edit that is being carried out."""
        self._ended.add(edit)

    def travel(self, *, undone: bool) -> Steps[Done]:
        """Undo the latest edit, or (``undone``) redo the one that was undone last.

        Raises:
            NothingToChange: There is none.
            NotReadYet: An item of it has not been read, after a damaged file.
        """
        core, steps = self._core, self._core.store.steps
        with core.lock, core.store.reading():
            step_id = steps.first_undone() if undone else steps.latest()
            step = None if step_id is None else steps.get(step_id)
            if step_id is None or step is None:
                raise errors.NothingToChange
            edit = steps.edit_of(step_id)
            parts = [part for part in steps.parts_of(edit) if (part >= step_id if undone else part <= step_id)]
            if not core.was_read_whole:
                self._check_is_read(parts)
        self.end(edit)
        tally = Tally(step.verb, step_id=edit)
        for count, part in enumerate(parts if undone else reversed(parts)):
            if count:
                yield
            self._travel(part, parts[-1], tally, undone=undone)
        return tally.done()

    def _travel(self, part: int, last: int, tally: Tally, *, undone: bool) -> None:
        core, steps = self._core, self._core.store.steps
        with core.kept():
            step = steps.get(part)
            if step is None or step.undone is not undone:
                return
            way = journal.Way(core.view, core.resolve, core.temporary_id)
            plan = way.again(step.changes) if undone else way.back(step.changes)
            shown = core.drop(plan.drop)
            core.put_aliases(plan.aliases)
            shown |= self._enqueuing.enqueue(plan.changes, part, undoing=True)
            if not undone and (steps.latest() or 0) > last:
                # Something was done between two slices: what is undone before it is not done again after it.
                steps.put_changes(part, ())
            else:
                steps.mark(part, undone=not undone)
        tally.changes.append(shown)
        tally.skipped += plan.skipped
        if plan.drop or plan.changes:
            tally.subjects.update(map(edits.subject, step.changes))
        if not undone:
            tally.added_again += sum(isinstance(change, AddItem) for change in plan.changes)
        self._kept()

    def _check_is_read(self, parts: Sequence[int]) -> None:
        for part in parts:
            step = self._core.store.steps.get(part)
            if step is not None and not all(map(self._is_there, step.changes)):
                raise errors.NotReadYet

    def _is_there(self, change: Change) -> bool:
        """Whether the item is there whose value a change sets: else nobody can tell what it would be set back to."""
        view = self._core.view
        match change:
            case edits.SetRating():
                return bool(view.copies(change.release_id))
            case edits.MoveItem() | edits.SetNote():
                return self._core.resolve("item", change.instance_id) in view.items
        return True
