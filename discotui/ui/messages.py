"""Messages that cross from other threads to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from discotui.errors import LibraryError
    from discotui.sync.events import Event


@dataclass
class ToldToLeave(Message):
    """The program is to end at once, whatever is open.

    Attributes:
        code: The exit code.
    """

    code: int


@dataclass
class OpeningEnded(Message):
    """The collection has been opened, or cannot be.

    Attributes:
        error: Why not; None when it is open.
    """

    error: LibraryError | None


@dataclass
class SyncTold(Message):
    """Something happened in sync.

    Attributes:
        event: What.
        generation: Which run of sync it came from; those of a former run are dropped.
    """

    event: Event
    generation: int
