"""Which of the items that are shown have something waiting: asked for after each change, so kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from discotui.library.edits import AddItem, MoveItem, SetNote, SetRating
from discotui.library.outbox import Pending, State


class Marks:
    """Signs of items.

    Args:
        copies: Gives the instance ids of a release's copies, as shown.
        pending_of: Gives what waits for a release.
    """

    def __init__(
        self, copies: Callable[[int], tuple[int, ...]], pending_of: Callable[[int], Sequence[Pending]]
    ) -> None:
        self._copies = copies
        self._pending_of = pending_of
        self._waiting = self._in_conflict = frozenset[int]()
        self._of_release: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self.stale: set[int] = set()
        """Releases that have to be looked at again."""

    def knows(self, release_id: int) -> bool:
        """Whether an item of a release has a sign."""
        return release_id in self._of_release

    @property
    def waiting(self) -> frozenset[int]:
        """Instance ids of the shown items that have something waiting."""
        self._update()
        return self._waiting

    @property
    def in_conflict(self) -> frozenset[int]:
        """Instance ids of the shown items that have something in conflict."""
        self._update()
        return self._in_conflict

    def _update(self) -> None:
        if not self.stale:
            return
        former: set[int] = set()
        former_conflicts: set[int] = set()
        waiting: set[int] = set()
        conflicts: set[int] = set()
        for release_id in self.stale:
            if known := self._of_release.pop(release_id, None):
                former.update(known[0])
                former_conflicts.update(known[1])
            if entries := self._pending_of(release_id):
                of_all = self._concerned(release_id, entries)
                of_conflicts = self._concerned(release_id, [e for e in entries if e.state is State.CONFLICT])
                self._of_release[release_id] = of_all, of_conflicts
                waiting.update(of_all)
                conflicts.update(of_conflicts)
        self.stale.clear()
        if former != waiting:
            self._waiting = self._waiting - former | waiting
        if former_conflicts != conflicts:
            self._in_conflict = self._in_conflict - former_conflicts | conflicts

    def _concerned(self, release_id: int, entries: Iterable[Pending]) -> tuple[int, ...]:
        """The copies of a release that some changes of it are about."""
        about: set[int] = set()
        for entry in entries:
            match entry.change:
                case SetRating():
                    return self._copies(release_id)
                case MoveItem() | SetNote() | AddItem():
                    about.add(entry.change.instance_id)
        return tuple(copy for copy in self._copies(release_id) if copy in about) if about else ()
