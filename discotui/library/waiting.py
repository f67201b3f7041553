"""The outbox in memory, found by what its changes are about."""

from __future__ import annotations

from abc import abstractmethod
from bisect import insort
from collections import Counter
from collections.abc import Iterator

from discotui.library import edits
from discotui.library.edits import AddItem, FolderChange, MoveItem, RemoveItem, RenameFolder, SetRating
from discotui.library.marks import Marks
from discotui.library.outbox import Pending, State


class Waiting:
    """What waits to be told to Discogs.

    Attributes:
        pending: The outbox by sequence number, in order.
        states: How many changes of the outbox are in each state.
        marks: Which items have something waiting.
    """

    def __init__(self) -> None:
        self.pending: dict[int, Pending] = {}
        self.states: Counter[State] = Counter()
        self.marks = Marks(self.copies, self.pending_of)
        self._pending_of_release: dict[int, list[int]] = {}
        self._pending_by_target: dict[tuple[object, ...], list[int]] = {}
        self._folder_changes: dict[int, FolderChange] = {}
        self._additions: set[int] = set()

    @abstractmethod
    def copies(self, release_id: int) -> tuple[int, ...]:
        """Instance ids of a release's copies as shown; the subclass's."""

    def put_pending(self, entry: Pending) -> None:
        """Add a change at the end of the outbox, or replace the one of the same number."""
        former = self.pending.get(entry.seq)
        if former is None:
            self.add_pending(entry, edits.target(entry.change))
            return
        key = edits.target(entry.change)
        if edits.target(former.change) != key:
            self._forget_target(former)
            insort(self._pending_by_target.setdefault(key, []), entry.seq)
        self.pending[entry.seq] = entry
        self.states[former.state] -= 1
        self.states[entry.state] += 1
        if isinstance(entry.change, FolderChange):
            self._folder_changes[entry.seq] = entry.change
        else:
            self.marks.stale.add(entry.change.release_id)

    def add_pending(self, entry: Pending, key: tuple[object, ...]) -> None:
        """Add a change at the end of the outbox.

        Args:
            entry: With a number of its own.
            key: What it is about; see :func:`edits.target`.
        """
        seq, change = entry.seq, entry.change
        self.pending[seq] = entry
        self.states[entry.state] += 1
        seqs = self._pending_by_target.get(key)
        if seqs is None:
            self._pending_by_target[key] = [seq]
        else:
            insort(seqs, seq)
        if isinstance(change, edits.FOLDER_CHANGES):
            self._folder_changes[seq] = change
            return
        if isinstance(change, AddItem):
            self._additions.add(seq)
        release_id = change.release_id
        seqs = self._pending_of_release.get(release_id)
        if seqs is None:
            self._pending_of_release[release_id] = [seq]
        else:
            seqs.append(seq)

    def drop_pending(self, seq: int) -> None:
        """Take a change out of the outbox."""
        entry = self.pending.pop(seq)
        self.states[entry.state] -= 1
        self._additions.discard(seq)
        self._forget_target(entry)
        if isinstance(entry.change, FolderChange):
            del self._folder_changes[seq]
            return
        seqs = self._pending_of_release[entry.change.release_id]
        seqs.remove(seq)
        if not seqs:
            del self._pending_of_release[entry.change.release_id]

    def _forget_target(self, entry: Pending) -> None:
        key = edits.target(entry.change)
        seqs = self._pending_by_target[key]
        seqs.remove(entry.seq)
        if not seqs:
            del self._pending_by_target[key]

    def mergeable(self, entry: Pending, change: edits.Change) -> tuple[Pending, edits.Absolute, edits.Absolute] | None:
        """The latest change of the same thing, if a new one may take its place in the order: its entry, and both.

        A move or a folder's name may not when a folder's change stands behind it: the new value could need that.
        A rating may not when a copy comes or goes behind it: it was given to other copies.
        """
        if not entry.state.is_unsent:
            return None
        if self.is_barred(change, entry.seq):
            return None
        if not isinstance(entry.change, edits.Absolute) or not isinstance(change, edits.Absolute):
            return None
        return entry, entry.change, change

    def is_barred(self, change: edits.Change, since: int) -> bool:
        """Whether a change cannot take a place further ahead in the outbox; see :meth:`mergeable`."""
        match change:
            case MoveItem() | RenameFolder():
                return bool(self._folder_changes) and max(self._folder_changes) > since
            case SetRating():
                for seq in self._pending_of_release.get(change.release_id, ()):
                    if seq > since and isinstance(self.pending[seq].change, AddItem | RemoveItem):
                        return True
        return False

    def latest(self, change: edits.Change) -> Pending | None:
        """The last change in the outbox that is about the same thing."""
        return self.latest_about(edits.target(change))

    def latest_about(self, key: tuple[object, ...]) -> Pending | None:
        """The last change in the outbox that is about something; see :func:`edits.target`."""
        seqs = self._pending_by_target.get(key)
        return self.pending[seqs[-1]] if seqs else None

    def is_first_of_its_kind(self, entry: Pending) -> bool:
        """Whether no earlier change in the outbox is about the same thing."""
        return self._pending_by_target[edits.target(entry.change)][0] == entry.seq

    def following(self, entry: Pending) -> Pending | None:
        """The next change in the outbox that is about the same thing as one that is, or was, there."""
        seqs = self._pending_by_target.get(edits.target(entry.change), ())
        return next((self.pending[seq] for seq in seqs if seq > entry.seq), None)

    def pending_of(self, release_id: int) -> list[Pending]:
        """What waits for a release's copies, in order."""
        return [self.pending[seq] for seq in self._pending_of_release.get(release_id, ())]

    def has_pending(self, release_id: int) -> bool:
        """Whether anything waits for a release's copies."""
        return release_id in self._pending_of_release

    @property
    def is_plain(self) -> bool:
        """Nothing in the outbox holds up more than what waits for the same release: all of it goes by itself."""
        states = self.states
        return not self._folder_changes and states[State.WAITING] + states[State.BLOCKED] == len(self.pending)

    def is_first_of_release(self, entry: Pending) -> bool:
        """Whether a change in the outbox is the first one of its release."""
        change = entry.change
        return not isinstance(change, FolderChange) and self._pending_of_release[change.release_id][0] == entry.seq

    def first_of_each_release(self) -> Iterator[Pending]:
        """What of each release has to go before all else, in no particular order."""
        return (self.pending[seqs[0]] for seqs in self._pending_of_release.values())

    def first_of(self, release_id: int) -> Pending | None:
        """What of a release has to go before all else; None when nothing waits."""
        seqs = self._pending_of_release.get(release_id)
        return self.pending[seqs[0]] if seqs else None

    @property
    def additions(self) -> list[Pending]:
        """The additions in the outbox."""
        return [self.pending[seq] for seq in sorted(self._additions)]

    @property
    def folder_entries(self) -> list[Pending]:
        """What of the outbox is about folders themselves."""
        return [self.pending[seq] for seq in self._folder_changes]
