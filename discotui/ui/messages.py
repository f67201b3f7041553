"""Messages that cross from other threads to the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from discotui.sync.events import Event


@dataclass
class ToldToLeave(Message):
    """The program is to end at once, whatever is open.

    Attributes:
        code: The exit code.
    """

    code: int


@dataclass
class SyncTold(Message):
    """Something happened in sync.

    Attributes:
        event: What.
        generation: Which run of sync it came from; those of a former run are dropped.
    """

    event: Event
    generation: int
