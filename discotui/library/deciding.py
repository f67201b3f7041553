"""What waits, what is in conflict, what was refused, and what the person decides about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from discotui import errors
from discotui.library import edits
from discotui.library.core import Changes, Core
from discotui.library.edits import FolderChange
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
    """The library as the person looks at what is not settled.

    Decisions take numbers of the outbox, one or thousands, which are decided together; those that were settled
    meanwhile are passed over.

    Args:
        core: File and memory.
        read_only: Refuse every decision.
        decided: Called after a decision that may let something go.
    """

    def __init__(self, core: Core, *, read_only: bool, decided: Callable[[], None]) -> None:
        self._core = core
        self._read_only = read_only
        self._decided = decided
        self._withdrawing = Withdrawing(core)

    def counts(self) -> Counts:
        """How many changes are where; cheap, and never fails."""
        with self._core.lock:
            states, failed = self._core.view.states.copy(), self._core.failed
        conflicts, parked = states[State.CONFLICT], states[State.PARKED]
        return Counts(states.total() - conflicts - parked, states[State.BLOCKED], conflicts, parked, failed)

    def standing(self) -> list[Standing]:
        """Everything in the outbox, in the order of sending."""
        with self._core.lock:
            return [self._standing(entry) for entry in self._core.view.pending.values()]

    def standing_of(self, entry: Pending) -> Standing:
        """A change of the outbox, or one that was there a moment ago, in words."""
        with self._core.lock:
            return self._standing(entry)

    def conflicts_of(self, instance_id: int) -> list[Standing]:
        """What is in conflict about an item: its folder, its notes, its release's rating."""
        view = self._core.view
        with self._core.lock:
            item = view.items.get(instance_id)
            return [
                self._standing(entry)
                for entry in (view.pending_of(item.release_id) if item else ())
                if entry.state is State.CONFLICT
                and (isinstance(entry.change, edits.SetRating) or edits.touches_instance(entry.change, instance_id))
            ]

    @property
    def history_version(self) -> int:
        """Another number whenever :meth:`history` or :meth:`failed` may answer otherwise than before."""
        with self._core.lock:
            return self._core.history_version

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

    def keep_mine(self, *seqs: int) -> Changes:
        """Settle conflicts: send ours over theirs, which undo brings back.

        Raises:
            UnknownChange: None of it is in conflict (any more).
        """
        core = self._core
        with core.kept():
            theirs, kept = [], []
            for entry in self._among(seqs, State.CONFLICT):
                change = entry.change
                assert isinstance(change, edits.Absolute)  # noqa: S101 - for the type: nothing else can be in conflict
                there = core.view.there(change)
                if there is not None:
                    theirs.append((entry, there))
                    change = replace(change, base=there)  # type: ignore[arg-type]
                    kept.append(replace(entry, change=change, state=State.WAITING, reason=""))
            if not kept:
                raise errors.UnknownChange
            self._withdrawing.rebase_steps(theirs)
            core.put_pending(kept)
            changes = self._redrawn(kept)
        self._decided()
        return changes

    def take_theirs(self, *seqs: int) -> Changes:
        """Settle conflicts: ours is given up, and kept in the history.

        Raises:
            UnknownChange: None of it is in conflict (any more).
        """
        with self._core.kept():
            changes = self._give_up(self._among(seqs, State.CONFLICT))
        self._decided()
        return changes

    def drop(self, *seqs: int) -> Changes:
        """Give up changes with all that needs them; they are kept in the history.

        Raises:
            UnknownChange: All of it is gone.
            UnderWay: All of it is being sent, or may have arrived: that has to be known first.
        """
        with self._core.kept():
            entries = [entry for entry in self._among(seqs) if not entry.state.is_under_way]
            if not entries:
                raise errors.UnderWay
            changes = self._give_up(entries)
        self._decided()
        return changes

    def retry(self, *seqs: int) -> Changes:
        """Let changes go as soon as possible: those that rest, are blocked, or are parked.

        Raises:
            UnknownChange: All of it is gone.
            UnderWay: All of it is going already.
        """
        core, going = self._core, []
        with core.kept():
            for entry in self._among(seqs):
                match entry.state:
                    case State.WAITING | State.BLOCKED:
                        going.append(replace(entry, state=State.WAITING, not_before=0.0))
                    case State.PARKED:
                        going.append(replace(entry, state=State.UNKNOWN, sendings=0, checks=CHECKS_LEFT_ON_RETRY))
            if not going:
                raise errors.UnderWay
            core.put_pending(going)
            changes = self._redrawn(going)
        self._decided()
        return changes

    def dismiss(self, *pasts: Past) -> None:
        """Note that something refused needs no more attention; it stays in the history."""
        self._check_writable()
        with self._core.kept():
            self._core.close_history(past.seq for past in pasts)

    # --- details --------------------------------------------------------------------------------------

    def _check_writable(self) -> None:
        if self._read_only:
            raise errors.ReadOnly

    def _among(self, seqs: Iterable[int], *states: State) -> list[Pending]:
        """The changes of these numbers that are (in one of these states) in the outbox: at least one."""
        self._check_writable()
        found = [self._core.view.pending[seq] for seq in seqs if seq in self._core.view.pending]
        found = [entry for entry in found if not states or entry.state in states]
        if not found:
            raise errors.UnknownChange
        return found

    def _give_up(self, entries: Sequence[Pending]) -> Changes:
        with_theirs = [(entry, self._standing(entry).theirs) for entry in entries]
        return self._withdrawing.withdraw(Outcome.DROPPED, *with_theirs).changes | self._redrawn(entries)

    def _redrawn(self, entries: Iterable[Pending]) -> Changes:
        """Items that look different now, if only by their signs."""
        changed = [entry.change for entry in entries]
        releases = {change.release_id for change in changed if not isinstance(change, FolderChange)}
        looks = frozenset(copy for release_id in releases for copy in self._core.view.copies(release_id))
        return self._core.refreshed(changed) | Changes(looks)

    def _standing(self, entry: Pending) -> Standing:
        core = self._core
        words = told(entry.change, core.view, core.fields)
        if entry.state is not State.CONFLICT or not isinstance(entry.change, edits.Absolute):
            return Standing(entry, words)
        there = core.view.there(entry.change)
        theirs = told(replace(entry.change, value=there), core.view, core.fields).after  # type: ignore[arg-type]
        return Standing(entry, words, theirs)
