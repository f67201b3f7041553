"""What waits to be told to Discogs: its order, and which of it may go next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    FolderChange,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
    target,
)

REMOVAL_REST_SECONDS = 10.0
"""How long a removal waits before it is sent, so that undoing it costs nothing."""


class State(Enum):
    """Where a change stands between the key press and Discogs' confirmation."""

    WAITING = "waiting"
    """Not sent."""
    SENDING = "sending"
    """Noted before the first byte went out. After a restart this is the same as unknown."""
    UNKNOWN = "unknown"
    """Sent, and no usable answer came: the truth must be read before anything else is done."""
    CONFLICT = "conflict"
    """Not sent: at Discogs the same thing was set to a third value. The person decides."""
    BLOCKED = "blocked"
    """Not sent: Discogs does not accept the token. It goes as soon as one is accepted."""
    PARKED = "parked"
    """An addition whose answer was lost each time, and which no reading found. The person decides."""

    # There is one of each: thousands are counted, and Enum's own way goes by the name.
    __hash__ = object.__hash__

    @property
    def is_unsent(self) -> bool:
        """Discogs has not carried it out, and does not do so unless it is sent (again)."""
        return self in (State.WAITING, State.BLOCKED, State.CONFLICT)

    @property
    def is_under_way(self) -> bool:
        """It may be carried out at any moment, or has been: it cannot be taken back any more."""
        return self in (State.SENDING, State.UNKNOWN)

    @property
    def goes_by_itself(self) -> bool:
        """It is sent, or looked up at Discogs, with nobody deciding anything."""
        return self in (State.WAITING, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Pending:
    """One change in the outbox.

    Attributes:
        seq: Its place in the order.
        change: What is to be sent.
        steps: The undo steps that it came from; several when waiting edits of one thing became one.
        state: See :class:`State`.
        not_before: Seconds since 1970; a removal rests a while, so that undoing it costs nothing.
        seen: The release's instance ids noted before an addition was sent; None before that.
        created_at: Seconds since 1970.
        checks: How many readings have looked for an addition of unknown outcome, and not found it.
        sendings: How often an addition has been sent with no answer, and was not found afterwards.
        reason: Why it does not go on, as far as the last try has told: an error's name and words. For people to read.
    """

    seq: int
    change: Change
    steps: tuple[int, ...]
    state: State
    not_before: float
    seen: tuple[int, ...] | None
    created_at: float
    checks: int = 0
    sendings: int = 0
    reason: str = ""


class _Unfrozen:
    """A change in the making; see :func:`discotui.library.items.changed`."""

    __slots__ = Pending.__slots__


_new: Callable[[type], Any] = object.__new__


def new_pending(seq: int, change: Change, steps: tuple[int, ...], not_before: float, created_at: float) -> Pending:
    """A change that has just been made, for thousands at once."""
    made = _new(_Unfrozen)
    made.seq = seq
    made.change = change
    made.steps = steps
    made.state = State.WAITING
    made.not_before = not_before
    made.seen = None
    made.created_at = created_at
    made.checks = 0
    made.sendings = 0
    made.reason = ""
    made.__class__ = Pending
    ready: Pending = made
    return ready


def rested_at(created_at: float) -> float:
    """When a removal of that time has rested long enough; both in seconds since 1970."""
    return created_at + REMOVAL_REST_SECONDS


def next_to_send(
    outbox: Iterable[Pending], now: float, *, is_known: Callable[[Pending], bool] = lambda _: True
) -> tuple[Pending | None, float | None]:
    """The change that may be sent next, and else when to look again.

    Changes of one release keep their order; releases do not wait for each other. Everything after a folder's making,
    renaming or deletion waits for it: moves need their folders. A deletion also waits for everything before it,
    which has to be out of the folder by then. What waits for the person holds up only what cannot go without it.

    Args:
        outbox: In the order of sending.
        now: Seconds since 1970.
        is_known: Whether a change can go without first reading what it is about. Of those that may go, the first
            such one goes, so that a page that was read serves for all its items.

    Returns:
        The change, None when nothing may go now; and then the time from which a resting one may go, if any.
    """
    held: set[int] = set()
    stuck = _Stuck()
    first: Pending | None = None
    wake: float | None = None
    for pending in outbox:
        change = pending.change
        if pending.state in (State.CONFLICT, State.PARKED) or stuck.holds(change):
            stuck.add(change)
            continue
        if isinstance(change, FolderChange):
            waits_for_items = (bool(held) or first is not None) and isinstance(change, DeleteFolder)
            if first is not None or waits_for_items:
                break
            if pending.not_before <= now:
                return pending, None
            return None, _earlier(wake, pending.not_before)
        if change.release_id in held:
            continue
        if pending.not_before > now:
            wake = _earlier(wake, pending.not_before)
        elif is_known(pending):
            return pending, None
        elif first is None:
            first = pending
        held.add(change.release_id)
    return first, None if first else wake


class _Stuck:
    """What waits for the person, and what cannot go before it."""

    def __init__(self) -> None:
        self._targets: set[tuple[object, ...]] = set()
        self._releases: set[int] = set()
        self._items: set[int] = set()
        self._folders: set[int] = set()
        self._used_folders: set[int] = set()

    def add(self, change: Change) -> None:
        """Note a change that does not go."""
        self._targets.add(target(change))
        match change:
            case AddItem(item=item):
                # Its copies' ratings too: there may be no other copy to rate.
                self._releases.add(change.release_id)
                self._used_folders.add(item.folder_id)
            case MoveItem(instance_id=instance_id, base=base, value=value):
                self._items.add(instance_id)
                self._used_folders |= {base, value}
            case SetNote(instance_id=instance_id):
                self._items.add(instance_id)
            case RemoveItem(item=item):
                self._items.add(item.instance_id)
                self._used_folders.add(item.folder_id)
            case NewFolder() | RenameFolder() | DeleteFolder():
                self._folders.add(change.folder_id)

    def holds(self, change: Change) -> bool:
        """Whether a later change needs one of them to be settled first."""
        if target(change) in self._targets:
            return True
        match change:
            case SetRating(release_id=release_id) | SetNote(release_id=release_id):
                return release_id in self._releases
            case AddItem(item=item):
                return item.folder_id in self._folders or item.release_id in self._releases
            case MoveItem(release_id=release_id, base=base, value=value):
                return release_id in self._releases or bool({base, value} & self._folders)
            case RemoveItem(item=item):
                return item.release_id in self._releases or item.instance_id in self._items
            case DeleteFolder(folder_id=folder_id):
                return folder_id in self._folders or folder_id in self._used_folders
            case NewFolder(folder_id=folder_id) | RenameFolder(folder_id=folder_id):
                return folder_id in self._folders


def _earlier(one: float | None, other: float) -> float:
    return other if one is None else min(one, other)
