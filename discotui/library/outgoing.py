"""The outbox as the sender uses it: take the next change, note that it goes, note what became of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from discotui.errors import ChangedElsewhere
from discotui.library import edits
from discotui.library.confirming import Confirming
from discotui.library.core import Changes, Core
from discotui.library.edits import AddItem, Change, FolderChange, RemoveItem, SetRating
from discotui.library.items import Item
from discotui.library.outbox import Pending, State, next_to_send, rested_at
from discotui.library.past import Outcome
from discotui.library.withdrawing import Withdrawing, Withdrawn

FRESH_SECONDS = 120.0
"""For how long what was read of an item is good enough to write to it. There is no way to ask Discogs for "only if
it is still so": the shorter, the smaller the gap in which something can be changed elsewhere unnoticed."""

_GOING = frozenset(state for state in State if state.goes_by_itself)
_READY_AT_MOST = 200
"""Of so many it is remembered that they may go; more than can be sent while what was read is fresh."""

_MANY, _DRIFT = 500, 50
"""With more waiting, what has to be read is counted again only when a fiftieth has gone or come."""


class Outgoing:
    """The sender's view of the library.

    Args:
        core: File and memory.
        wake: Called when something may go that could not go before.
    """

    def __init__(self, core: Core, *, wake: Callable[[], None]) -> None:
        self._core = core
        self._wake = wake
        self._confirming = Confirming(core)
        self._withdrawing = Withdrawing(core)
        self._ready: deque[int] = deque()
        self._dates: list[str] | None = None
        self._dated = 0
        self._unread: tuple[int, Counter[int]] | None = None

    def next(self) -> tuple[Pending | None, float | None]:
        """The change that may go now; without one, the time (seconds since 1970) when a resting one may go."""
        core = self._core
        with core.lock:
            if core.view.is_plain:
                entry, wake = self._next_of_plain()
            else:
                entry, wake = next_to_send(core.view.pending.values(), core.clock(), is_known=self.is_known)
        if entry is not None and entry.state is State.SENDING:
            # There is one sender, and it asks for the next: so what became of this one could not be noted.
            entry = replace(entry, state=State.UNKNOWN)
        return entry, wake

    def _next_of_plain(self) -> tuple[Pending | None, float | None]:
        """What :func:`next_to_send` gives, without looking at thousands each time.

        What may go and is known is remembered; what of it is still so goes first.
        """
        view, now = self._core.view, self._core.clock()
        while self._ready:
            entry = view.pending.get(self._ready[0])
            if entry and view.is_first_of_release(entry) and entry.not_before <= now and self.is_known(entry):
                return entry, None
            self._ready.popleft()
        may_go = (entry.seq for entry in self._candidates() if entry.not_before <= now and self.is_known(entry))
        known = sorted({*islice(may_go, _READY_AT_MOST)})
        if known:
            self._ready.extend(known)
            return view.pending[known[0]], None
        for entry in view.pending.values():
            if entry.not_before <= now and view.is_first_of_release(entry):
                return entry, None
        return None, min((entry.not_before for entry in view.first_of_each_release()), default=None)

    def _candidates(self) -> Iterator[Pending]:
        """The first change of each release of which something was read a moment ago, or which needs no reading."""
        core, view = self._core, self._core.view
        yield from (entry for entry in view.additions if view.is_first_of_release(entry))
        # What was read before the first change was made does not count.
        made = next(iter(view.pending.values())).created_at if view.pending else 0.0
        since, read = max(made, core.clock() - FRESH_SECONDS), list[int]()
        for instance_id, at in reversed(core.seen_lately.items()):
            if at < since:
                break
            if len(read) > len(view.pending):
                yield from view.first_of_each_release()
                return
            read.append(instance_id)
        for instance_id in read:
            item = view.snapshot.get(instance_id)
            entry = None if item is None else view.first_of(item.release_id)
            if entry is not None:
                yield entry

    def is_known(self, entry: Pending) -> bool:
        """Whether what a change is about was read since the person made it, and not too long ago."""
        core, change = self._core, entry.change
        if not entry.state.is_unsent or isinstance(change, AddItem | FolderChange):
            return True
        since = max(entry.created_at, core.clock() - FRESH_SECONDS)
        with core.lock:
            if isinstance(change, SetRating):
                return any(core.seen.get(copy, 0.0) >= since for copy in core.view.snapshot_copies(change.release_id))
            is_there = change.instance_id in core.view.snapshot
            return is_there and core.seen.get(change.instance_id, 0.0) >= since

    def unread_pages(self, size: int, *, soon: int) -> Counter[int]:
        """Where what is to be changed stands, if that has to be read before: page → changes on it.

        Args:
            size: Items on a page of the whole collection, newest additions first.
            soon: So many changes go while what was read is still fresh.
        """
        with self._core.lock:
            pending = self._core.view.pending
            if self._unread is not None and abs(len(pending) - self._unread[0]) * _DRIFT < len(pending):
                return self._unread[1]
            going = [entry for entry in pending.values() if entry.state in _GOING]
            unread = [entry.change for number, entry in enumerate(going) if number >= soon or not self.is_known(entry)]
            pages = self.pages_of(unread, size)
            self._unread = (len(pending), pages) if len(pending) > _MANY else None
            return pages

    def pages_of(self, changes: Iterable[Change], size: int) -> Counter[int]:
        """On which pages the items stand that some changes are about, as far as is known: page → changes on it."""
        pages: Counter[int] = Counter()
        with self._core.lock:
            view, dates = self._core.view, self._sorted_dates(size)
            for change in changes:
                if isinstance(change, SetRating):
                    instance_id = next(iter(view.snapshot_copies(change.release_id)), 0)
                elif isinstance(change, FolderChange | AddItem):
                    continue
                else:
                    instance_id = change.instance_id
                item = view.snapshot.get(instance_id)
                newer = 0 if item is None or not item.added else len(dates) - bisect_right(dates, item.added)
                pages[newer // size] += 1
        return pages

    def _sorted_dates(self, size: int) -> list[str]:
        """When each item was added; sorted again only when that has changed by half a page."""
        view = self._core.view
        if self._dates is None or abs(view.comings_and_goings - self._dated) > size // 2:
            self._dates = sorted([item.added or "~" for item in view.snapshot.values()])
            self._dated = view.comings_and_goings
        return self._dates

    def compared(self, seq: int) -> Changes:
        """Look once more whether a change is in conflict with what was last read."""
        core = self._core
        with core.kept():
            entry = core.view.pending.get(seq)
            return core.judge([entry]) if entry else Changes()

    def noted(self, seq: int, seen: Sequence[int]) -> None:
        """Keep which instances of the release there were before an addition is sent."""
        self._update(seq, seen=tuple(seen))

    def begin(self, seq: int) -> Pending | None:
        """Note durably that a change is about to be sent.

        Returns:
            The change as it is now: the person may have changed their mind since it was looked up. None when
            it is gone, or in conflict.
        """
        with self._core.lock:
            entry = self._core.view.pending.get(seq)
            if entry is None or entry.state is State.CONFLICT:
                return None
            return self._update(seq, state=State.SENDING, reason="")

    def not_sent(self, seq: int, *, not_before: float = 0.0, sendings: int | None = None, reason: str = "") -> None:
        """It did not reach Discogs: it waits again."""
        self._update(seq, state=State.WAITING, not_before=not_before, checks=0, sendings=sendings, reason=reason)

    def blocked(self, seq: int, reason: str) -> None:
        """Discogs does not accept the token: it waits for another one. What may be under way stays as it is."""
        with self._core.lock:
            entry = self._core.view.pending.get(seq)
            if entry is not None and entry.state is State.WAITING:
                self._update(seq, state=State.BLOCKED, reason=reason)

    def parked(self, seq: int) -> None:
        """It was sent more than once, and never found: the person is to decide."""
        self._update(seq, state=State.PARKED, not_before=0.0)

    def unknown(self, seq: int, *, not_before: float = 0.0, checks: int = 0, reason: str | None = None) -> None:
        """It may have reached Discogs: the truth is to be read, not before the given time."""
        self._update(seq, state=State.UNKNOWN, not_before=not_before, checks=checks, reason=reason)

    def conflict(self, seq: int) -> Changes:
        """Discogs has neither what was there before nor what was to be set: the person is to decide."""
        core = self._core
        with core.kept():
            entry = core.view.pending.get(seq)
            if entry is None:
                return Changes()
            return core.mark_conflict(entry)

    def _update(self, seq: int, **facts: object) -> Pending | None:
        """Change some of what is known about a change; None leaves a fact as it is."""
        with self._core.kept():
            entry = self._core.view.pending.get(seq)
            if entry is None:
                return None
            entry = replace(entry, **{name: fact for name, fact in facts.items() if fact is not None})  # type: ignore[arg-type]
            self._core.put_pending([entry])
            return entry

    def now(self) -> float:
        """Seconds since 1970, by the library's clock."""
        return self._core.clock()

    def at_discogs(self, instance_id: int) -> Item | None:
        """An item as Discogs has it, as far as we know: its folder is the one to address."""
        with self._core.lock:
            return self._core.view.snapshot.get(instance_id)

    def copies_at_discogs(self, release_id: int) -> list[Item]:
        """A release's copies as Discogs has them, as far as we know."""
        with self._core.lock:
            view = self._core.view
            return [view.snapshot[copy] for copy in view.snapshot_copies(release_id)]

    def has(self, change: edits.Absolute) -> bool:
        """Whether what was last read is what a change sets.

        Raises:
            ChangedElsewhere: It is neither that, nor what was there when the person made the edit.
        """
        with self._core.lock:
            there = self._core.view.there(change)
        if there is None or there == change.base:
            return False
        if there != change.value:
            raise ChangedElsewhere(change.base, change.value, there)
        return True

    # --- the rest of removals -------------------------------------------------------------------------

    def waiting(self, *, at_once: bool = False) -> list[Pending]:
        """The changes that are not confirmed yet, in the order of sending.

        Args:
            at_once: As they would be after :meth:`send_at_once`.
        """
        with self._core.lock:
            waiting = list(self._core.view.pending.values())
        return [replace(entry, not_before=0.0) if at_once and _rests(entry) else entry for entry in waiting]

    def send_at_once(self) -> None:
        """Let removals that rest go now."""
        self._rest(lambda _: 0.0)
        self._wake()

    def rest_again(self) -> None:
        """Take :meth:`send_at_once` back: what has not gone yet rests for what is left of its time."""
        self._rest(lambda entry: rested_at(entry.created_at))

    def _rest(self, until: Callable[[Pending], float]) -> None:
        """Set the end of the rest of removals."""
        core = self._core
        with core.kept():
            changed = [
                replace(entry, not_before=until(entry))
                for entry in core.view.pending.values()
                if _rests(entry) and entry.not_before != until(entry)
            ]
            for entry in changed:
                core.view.put_pending(entry)
            core.store.put_pending(changed)

    # --- outcomes -------------------------------------------------------------------------------------

    def confirm(self, seq: int, new_id: int = 0) -> Changes:
        """Discogs has it; see :meth:`Confirming.confirm`."""
        with self._core.lock:
            return self._confirming.confirm(seq, new_id)

    def refuse(self, seq: int, reason: str) -> Withdrawn:
        """Discogs declined it: it is undone here, with all that cannot stand without it.

        Args:
            seq: The change.
            reason: For the history: the error's name, and what the server said, as it came.

        Returns:
            What was undone; nothing, when the person has taken the change back already.
        """
        with self._core.kept():
            entry = self._core.view.pending.get(seq)
            if entry is None:
                return Withdrawn(Changes(), ())
            return self._withdrawing.withdraw(Outcome.REFUSED, (entry, reason))


def _rests(entry: Pending) -> bool:
    """A removal that was not tried yet; what failed rests for a reason of its own."""
    is_untried = entry.state is State.WAITING and entry.not_before <= rested_at(entry.created_at)
    return is_untried and isinstance(entry.change, RemoveItem)
