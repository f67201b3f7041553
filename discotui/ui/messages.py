"""Messages that cross from the threads of sync to the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from discotui.sync.events import Event


@dataclass
class SyncTold(Message):
    """Something happened in sync.

    Attributes:
        event: What.
        generation: Which run of sync it came from; those of a former run are dropped.
    """

    event: Event
    generation: int
