"""Which of the items that are shown have something waiting: asked for after each change, so kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from discotui.library.edits import AddItem, MoveItem, SetNote, SetRating
from discotui.library.outbox import Pending, State


class _Signs:
    """A set of instance ids that is given away as it is at that moment."""

    def __init__(self) -> None:
        self._now: set[int] = set()
        self._given: frozenset[int] | None = frozenset()

    def put(self, instance_id: int, *, is_on: bool) -> None:
        if (instance_id in self._now) is is_on:
            return
        self._given = None
        if is_on:
            self._now.add(instance_id)
        else:
            self._now.remove(instance_id)

    def given(self) -> frozenset[int]:
        if self._given is None:
            self._given = frozenset(self._now)
        return self._given


class Marks:
    """Signs of items.

    Args:
        copies: Gives the instance ids of a release's copies, as shown.
        pending_of: Gives what waits for a release.

    Attributes:
        stale: Releases of which the signs may have changed.
    """

    def __init__(
        self, copies: Callable[[int], tuple[int, ...]], pending_of: Callable[[int], Sequence[Pending]]
    ) -> None:
        self._copies = copies
        self._pending_of = pending_of
        self._waiting = _Signs()
        self._in_conflict = _Signs()
        self.stale: set[int] = set()

    @property
    def waiting(self) -> frozenset[int]:
        """Instance ids of the shown items that have something waiting."""
        self._update()
        return self._waiting.given()

    @property
    def in_conflict(self) -> frozenset[int]:
        """Instance ids of the shown items that have something in conflict."""
        self._update()
        return self._in_conflict.given()

    def put(self, instance_id: int, *, waits: bool) -> None:
        """Something waits for an item, or nothing; nothing about it is in conflict."""
        self._waiting.put(instance_id, is_on=waits)
        self._in_conflict.put(instance_id, is_on=False)

    def _update(self) -> None:
        for release_id in self.stale:
            copies, entries = self._copies(release_id), self._pending_of(release_id)
            waiting = self._concerned(copies, entries)
            conflicts = self._concerned(copies, [entry for entry in entries if entry.state is State.CONFLICT])
            for copy in copies:
                self._waiting.put(copy, is_on=copy in waiting)
                self._in_conflict.put(copy, is_on=copy in conflicts)
        self.stale.clear()

    @staticmethod
    def _concerned(copies: Sequence[int], entries: Iterable[Pending]) -> set[int]:
        """The copies of a release that some changes of it are about."""
        about: set[int] = set()
        for entry in entries:
            match entry.change:
                case SetRating():
                    return set(copies)
                case MoveItem() | SetNote() | AddItem():
                    about.add(entry.change.instance_id)
        return about
