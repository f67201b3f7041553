"""Putting changes into the outbox: what waits for the same thing becomes one, what was never sent cancels out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat

from discotui.library import edits
from discotui.library.core import Changes, Core
from discotui.library.edits import AddItem, Change, DeleteFolder, NewFolder, RemoveItem, RenameFolder
from discotui.library.outbox import Pending, State, new_pending, rested_at
from discotui.library.past import Outcome

_ENDS = (RemoveItem, DeleteFolder)
"""What they are about is there no more."""


class Enqueuing:
    """The person's way into the outbox.

    Args:
        core: File and memory.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def enqueue(
        self, changes: Sequence[Change], step_id: int, *, texts: Sequence[str] = (), undoing: bool = False
    ) -> Changes:
        """Put changes into the outbox, joined with what waits for the same thing; inside :meth:`Core.kept`.

        Args:
            changes: In the order in which they are to be sent.
            step_id: The undo step that they come from.
            texts: Each of them as :func:`edits.to_json` gives it, where that is known.
            undoing: They take something back.
        """
        core, view = self._core, self._core.view
        now = core.clock()
        steps, seq = (step_id,), core.store.next_seq()
        new: dict[int, str] = {}
        rows: dict[int, Pending] = {}
        dropped: list[int] = []

        def drop(entry: Pending) -> None:
            view.drop_pending(entry.seq)
            rows.pop(entry.seq, None)
            dropped.append(entry.seq)

        for change, text in zip(changes, texts or repeat("")):  # noqa: B905 - there may be no texts
            if isinstance(change, _ENDS) and (unsent := self.unsent(change)):
                for entry in unsent:
                    drop(entry)
                continue
            key = edits.target(change)
            latest = view.latest_about(key)
            if latest is not None and (found := view.mergeable(latest, change)):
                waiting, former, later = found
                if view.comes_to_nothing(waiting, former, later, undoing=undoing):
                    if waiting.state is State.CONFLICT:
                        core.remember([waiting], Outcome.DROPPED)
                    drop(waiting)
                    continue
                is_conflict = waiting.state is State.CONFLICT
                merged = replace(later, base=former.base) if is_conflict else edits.joined(former, later) or later  # type: ignore[arg-type]
                row = replace(waiting, change=merged, steps=tuple(dict.fromkeys((*waiting.steps, step_id))))
                new.pop(row.seq, None)
                rows[row.seq] = row
                view.put_pending(row)
            else:
                row = new_pending(seq, change, steps, rested_at(now) if isinstance(change, RemoveItem) else 0.0, now)
                new[seq] = text
                rows[seq] = row
                view.add_pending(row, key)
                seq += 1
        core.store.add_pending(
            (rows[seq], text or edits.to_json(rows[seq].change)) for seq, text in new.items() if seq in rows
        )
        core.store.put_pending(row for row in rows.values() if row.seq not in new)
        core.store.delete_pending(dropped)
        return core.refreshed(changes) | core.judge(row for row in rows.values() if row.state is State.CONFLICT)

    def unsent(self, change: Change) -> list[Pending]:
        """What waits for the thing that a change takes away and Discogs has not heard of: all of it can simply go.

        Nothing, when Discogs must be told.
        """
        view = self._core.view
        match change:
            case RemoveItem() if view.has_pending(change.release_id):
                about = view.addition_and_its_own(change.instance_id, change.release_id)
                made = next((entry for entry in about if isinstance(entry.change, AddItem)), None)
                return about if made is not None and not made.state.is_under_way else []
            case DeleteFolder():
                about = [e for e in view.pending.values() if edits.mentions_folder(e.change, change.folder_id)]
                is_unsent = bool(about) and isinstance(about[0].change, NewFolder)
                can_go = all(
                    not entry.state.is_under_way and isinstance(entry.change, NewFolder | RenameFolder)
                    for entry in about
                )
                return about if is_unsent and can_go else []
        return []
