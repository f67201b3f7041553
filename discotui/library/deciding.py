"""What waits, what is in conflict, what was refused, and what the person decides about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from discotui import errors
from discotui.library import edits
from discotui.library.core import Changes, Core
from discotui.library.edits import Change
from discotui.library.folding import fold
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome, Past, Told, told
from discotui.library.withdrawing import Withdrawing

CHECKS_LEFT_ON_RETRY = 1
"""A parked addition is looked for once more before it is sent again: it may have arrived very late."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes are where.

    Attributes:
        waiting: Not confirmed and going by themselves: queued, resting, under way, or being looked up.
        blocked: Of these, not going before somebody logs in.
        conflicts: Wait for the person: Discogs has a third value.
        parked: Wait for the person: additions that were never answered or found.
        failed: Refused, undone, and not yet dealt with.
    """

    waiting: int = 0
    blocked: int = 0
    conflicts: int = 0
    parked: int = 0
    failed: int = 0

    @property
    def open(self) -> int:
        """What asks the person for something."""
        return self.conflicts + self.parked + self.failed


@dataclass(frozen=True, slots=True)
class Standing:
    """A change in the outbox, for people.

    Attributes:
        entry: The change and its state.
        told: In words.
        theirs: Of a conflict: what Discogs has; a text, a rating from "1" to "5", a folder's name; "" for nothing.
    """

    entry: Pending
    told: Told
    theirs: str = ""


class Deciding:
    """The library as the person looks at what is not settled. Methods that take a ``seq`` take that of the outbox.

    Args:
        core: File and memory.
        read_only: Refuse every decision.
    """

    def __init__(self, core: Core, *, read_only: bool) -> None:
        self._core = core
        self._read_only = read_only
        self._withdrawing = Withdrawing(core)

    def counts(self) -> Counts:
        """How many changes are where."""
        with self._core.lock:
            pending = list(self._core.view.pending.values())
            failed = self._core.store.count_open_history()
        states = [entry.state for entry in pending]
        conflicts, parked = states.count(State.CONFLICT), states.count(State.PARKED)
        return Counts(len(states) - conflicts - parked, states.count(State.BLOCKED), conflicts, parked, failed)

    def standing(self) -> list[Standing]:
        """Everything in the outbox, in the order of sending."""
        with self._core.lock:
            return [self._standing(entry) for entry in self._core.view.pending.values()]

    def failed(self) -> list[Past]:
        """What was refused and is still open, oldest first."""
        with self._core.lock, self._core.store.reading():
            return self._core.store.open_history()

    def history(self, query: str = "", limit: int = 500) -> list[Past]:
        """What left the outbox, newest first.

        Args:
            query: Words that all have to be in it, whatever their case and accents.
            limit: At most so many.
        """
        with self._core.lock, self._core.store.reading():
            return self._core.store.history(fold(query).split(), limit)

    # --- what the person decides ----------------------------------------------------------------------

    def keep_mine(self, seq: int) -> Changes:
        """Settle a conflict: send ours over theirs, which undo brings back.

        Raises:
            UnknownChange: It is no conflict (any more).
        """
        core = self._core
        with core.kept():
            entry = self._in(seq, State.CONFLICT)
            change = entry.change
            assert isinstance(change, edits.Absolute)  # noqa: S101 - for the type: nothing else can be in conflict
            theirs = core.view.there(change)
            if theirs is None:
                raise errors.UnknownChange
            self._withdrawing.rebase_step(entry, theirs)
            change = replace(change, base=theirs)  # type: ignore[arg-type]
            core.put_pending([replace(entry, change=change, state=State.WAITING, reason="")])
            return self._redrawn(change)

    def take_theirs(self, seq: int) -> Changes:
        """Settle a conflict: ours is given up, and kept in the history.

        Raises:
            UnknownChange: It is no conflict (any more).
        """
        with self._core.kept():
            return self._give_up(self._in(seq, State.CONFLICT))

    def drop(self, seq: int) -> Changes:
        """Give up a change with all that needs it; it is kept in the history.

        Raises:
            UnknownChange: It is gone.
            UnderWay: It is being sent, or may have arrived: that has to be known first.
        """
        with self._core.kept():
            entry = self._in(seq)
            if entry.state.is_under_way:
                raise errors.UnderWay
            return self._give_up(entry)

    def retry(self, seq: int) -> Changes:
        """Let a change go as soon as possible: one that rests, is blocked, or is parked.

        Raises:
            UnknownChange: It is gone.
            UnderWay: It is going already.
        """
        core = self._core
        with core.kept():
            entry = self._in(seq)
            match entry.state:
                case State.WAITING | State.BLOCKED:
                    after = replace(entry, state=State.WAITING, not_before=0.0)
                case State.PARKED:
                    after = replace(entry, state=State.UNKNOWN, sendings=0, checks=CHECKS_LEFT_ON_RETRY)
                case _:
                    raise errors.UnderWay
            core.put_pending([after])
            return self._redrawn(entry.change)

    def send_at_once(self) -> None:
        """Let removals that rest go without further rest."""
        core = self._core
        with core.kept():
            resting = [e for e in core.view.pending.values() if e.not_before and isinstance(e.change, edits.RemoveItem)]
            core.put_pending([replace(entry, not_before=0.0) for entry in resting if entry.state is State.WAITING])

    def dismiss(self, past: Past) -> None:
        """Note that something refused needs no more attention; it stays in the history."""
        with self._core.kept():
            self._core.store.close_history(past.seq)

    # --- details --------------------------------------------------------------------------------------

    def _in(self, seq: int, *states: State) -> Pending:
        if self._read_only:
            raise errors.ReadOnly
        entry = self._core.view.pending.get(seq)
        if entry is None or (states and entry.state not in states):
            raise errors.UnknownChange
        return entry

    def _give_up(self, entry: Pending) -> Changes:
        theirs = self._standing(entry).theirs
        return self._withdrawing.withdraw(entry, Outcome.DROPPED, theirs).changes | self._redrawn(entry.change)

    def _redrawn(self, change: Change) -> Changes:
        """Items that look different now, if only by their signs."""
        changes = self._core.refreshed([change])
        if isinstance(change, edits.FolderChange):
            return changes
        return changes | Changes(frozenset(self._core.view.copies(change.release_id)))

    def _standing(self, entry: Pending) -> Standing:
        core = self._core
        words = told(entry.change, core.view, core.fields)
        if entry.state is not State.CONFLICT or not isinstance(entry.change, edits.Absolute):
            return Standing(entry, words)
        there = core.view.there(entry.change)
        theirs = told(replace(entry.change, value=there), core.view, core.fields).after  # type: ignore[arg-type]
        return Standing(entry, words, theirs)
