"""What waits to be told to Discogs: its order, and which of it may go next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from discotui.library.edits import Change, DeleteFolder, FolderChange


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

    @property
    def is_unsent(self) -> bool:
        """Discogs has not carried it out, and does not do so unless it is sent (again)."""
        return self in (State.WAITING, State.BLOCKED, State.CONFLICT)

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


def next_to_send(outbox: Iterable[Pending], now: float) -> tuple[Pending | None, float | None]:
    """The change that may be sent next, and else when to look again.

    Changes of one release keep their order; releases do not wait for each other. Everything after a folder's making,
    renaming or deletion waits for it: moves need their folders. A deletion also waits for everything before it,
    which has to be out of the folder by then.

    Args:
        outbox: In the order of sending.
        now: Seconds since 1970.

    Returns:
        The change, None when nothing may go now; and then the time from which a resting one may go, if any.
    """
    held: set[int] = set()
    wake: float | None = None
    for pending in outbox:
        change = pending.change
        if isinstance(change, FolderChange):
            waits_for_items = bool(held) and isinstance(change, DeleteFolder)
            if pending.not_before <= now and not waits_for_items:
                return pending, None
            if not waits_for_items:
                wake = _earlier(wake, pending.not_before)
            return None, wake
        if change.release_id in held:
            continue
        if pending.not_before <= now:
            return pending, None
        held.add(change.release_id)
        wake = _earlier(wake, pending.not_before)
    return None, wake


def _earlier(one: float | None, other: float) -> float:
    return other if one is None else min(one, other)
