"""What the two threads of sync tell the rest of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from discotui.errors import DiscotuiError
from discotui.library.core import Changes
from discotui.library.edits import Change


@dataclass(frozen=True, slots=True)
class ReadingStarted:
    """A reading begins: a quick look, or the whole collection."""

    whole: bool


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page of the whole collection was read: number ``page`` of ``pages``."""

    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ReadingDone:
    """The copy here is as Discogs'.

    Attributes:
        whole: Everything was read; otherwise a look was enough.
        vanished: How many items were set aside, because Discogs no longer lists them.
        read: How many items Discogs has, when all of them were read.
    """

    whole: bool
    vanished: int
    read: int = 0


@dataclass(frozen=True, slots=True)
class ReadingFailed:
    """A reading was given up; nothing was taken out here."""

    error: DiscotuiError


@dataclass(frozen=True, slots=True)
class MassLoss:
    """So many items are missing at Discogs that nothing was taken out: the person has to be asked.

    Attributes:
        missing: How many.
        total: Of how many.
    """

    missing: int
    total: int


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """What is shown has changed."""

    changes: Changes


@dataclass(frozen=True, slots=True)
class Sent:
    """Discogs confirmed a change."""

    change: Change


@dataclass(frozen=True, slots=True)
class Declined:
    """A change was not accepted, and is undone here.

    Attributes:
        dropped: The change, then those that could not stand without it.
        error: Why.
    """

    dropped: tuple[Change, ...]
    error: DiscotuiError


@dataclass(frozen=True, slots=True)
class Parked:
    """An addition was sent more than once, and neither answered nor found: the person is to decide."""

    change: Change


@dataclass(frozen=True, slots=True)
class SendingHeld:
    """Nothing can be sent for now; what waits, waits. It is tried again by itself, but for a missing login."""

    error: DiscotuiError


@dataclass(frozen=True, slots=True)
class Drained:
    """Nothing is left that could be sent, after all was to be sent: the outbox is empty, or waits for the person."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Discogs answered again, after a failure."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A defect ended a thread of sync; the program goes on without it."""

    error: Exception


Event = (
    ReadingStarted
    | PageRead
    | ReadingDone
    | ReadingFailed
    | MassLoss
    | LibraryChanged
    | Sent
    | Declined
    | Parked
    | SendingHeld
    | Drained
    | Reached
    | Broken
)
Report = Callable[[Event], None]
