"""What is told of an edit once it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from discotui.library.core import Changes


@dataclass(frozen=True, slots=True)
class Done:
    """An edit that is kept.

    Attributes:
        verb: What was done; see :class:`~discotui.library.edits.Edit`.
        count: How many items, releases or folders it was done to.
        changes: What it changed on the screen.
        skipped: How many changes were left alone: by a large edit, undo, redo and cancelling, because the thing is
            gone, or was changed since; by restore, because the item is in the collection again, or was not kept.
        added_again: By undo: how many sent removals are added again, as new instances.
        step_id: The edit, for what has to do with all of it; 0 when nothing was kept.
    """

    verb: str
    count: int
    changes: Changes
    skipped: int = 0
    added_again: int = 0
    step_id: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far Discogs has been told of an edit, or of its undoing.

    What is taken back, given up, or cancelled out by a later edit is counted no more.

    Attributes:
        verb: What was done; see :class:`~discotui.library.edits.Edit`.
        total: All of its changes: those that wait, were sent, are in conflict, or were refused.
        waiting: Changes that Discogs has not confirmed, and that are not in conflict.
        under_way: Of these, those that are being sent, or looked up because no answer came.
        sent: Changes that Discogs has confirmed.
        in_conflict: Changes that wait for the person: Discogs has a third value.
        refused: Instance ids of the items of which Discogs declined a change; it was undone here.
        items: Instance ids of all items that the edit is about; those that it removes are there no more.
        is_undoing: The edit was undone, and its undoing is what all of this is about.
        redos: Of an undoing: how often redo is to be done until it does this edit again; 0 when it never does.
    """

    verb: str
    total: int
    waiting: int
    under_way: int
    sent: int
    in_conflict: int
    refused: tuple[int, ...]
    items: frozenset[int]
    is_undoing: bool = False
    redos: int = 0
