"""Keys in their order: each is dealt with, and what it opened has the focus, before the next one is given out.

Textual hands every key to whatever has the focus at the moment it is read. Several keys that arrive in one go, as
over a slow line, would all go to the table, although the first of them opened a dialog: a name typed ahead would
become a row of commands. What is pasted counts as a key.
"""

from __future__ import annotations

from collections import deque
from typing import TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from discotui.ui.once import once

_Result = TypeVar("_Result")

_ROUNDS = 2
_STUCK_SECONDS = 0.15
"""A key whose dialog went away with it is never reported as done; the next one then goes on after this."""


class KeyDone(Message):
    """Follows a key from widget to widget, and arrives when that key has been dealt with.

    Attributes:
        number: Which key.
        target: The widget that the key was given to.
        rounds: How often it still has to make the way: what the key made its widget post, such as that an input
            was submitted, comes behind the first round.
    """

    def __init__(self, number: int, target: MessagePump, rounds: int) -> None:
        super().__init__()
        self.number = number
        self.target = target
        self.rounds = rounds


class OrderedKeys(App[_Result]):
    """An application that gives out its keys one by one."""

    def __init__(self) -> None:
        super().__init__()
        self._keys_waiting: deque[events.Key | events.Paste] = deque()
        self._key_number = 0
        self._key_under_way = False
        self._place_before: tuple[object, ...] = ()
        self._is_holding = False

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back while another is under way."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_under_way or self._is_holding:
            if not self._keys_waiting and not self._is_holding:
                self._watch(self._key_number)
            self._keys_waiting.append(event)
        else:
            await self._give_out(event)

    @property
    def is_holding_keys(self) -> bool:
        """Keys are kept for later."""
        return self._is_holding

    @property
    def has_kept_keys(self) -> bool:
        """There are keys that nobody was given yet."""
        return bool(self._keys_waiting)

    def hold_keys(self) -> None:
        """Keep all keys from now on: what they are meant for is not there yet."""
        self._is_holding = True

    def give_keys(self) -> None:
        """Give out what was kept, in its order, to what has the focus."""
        self._is_holding = False
        if not self._key_under_way:
            self.call_later(self._next_key, self._key_number)

    def drop_keys(self) -> None:
        """Forget what was kept."""
        self._keys_waiting.clear()

    async def _give_out(self, event: events.Key | events.Paste) -> None:
        self._key_under_way = True
        self._key_number += 1
        self._place_before = self._place()
        target = self.focused or self.screen
        await super().on_event(event)
        if not target.post_message(KeyDone(self._key_number, target, _ROUNDS)):
            self._key_dealt_with(self._key_number)
        elif self._keys_waiting:
            self._watch(self._key_number)

    def _watch(self, number: int) -> None:
        once(self, _STUCK_SECONDS, lambda: self._key_dealt_with(number))

    def on_key_done(self, message: KeyDone) -> None:
        """The key has come all the way up."""
        message.stop()
        again = KeyDone(message.number, message.target, message.rounds - 1)
        if not again.rounds or not message.target.post_message(again):
            self._key_dealt_with(message.number)

    def _key_dealt_with(self, number: int) -> None:
        if number != self._key_number or not self._key_under_way:
            return
        if self._place() == self._place_before:
            self.call_later(self._next_key, number)
        else:
            # What was opened is laid out first, then it takes the focus; that in turn goes through our queue.
            self.screen.call_after_refresh(self.screen.call_after_refresh, self.call_later, self._next_key, number)

    async def _next_key(self, number: int) -> None:
        if number != self._key_number:
            return
        self._key_under_way = False
        if self._keys_waiting and not self._is_holding:
            await self._give_out(self._keys_waiting.popleft())

    def _place(self) -> tuple[object, ...]:
        """Where keys go: when this has changed, the next key has to wait for the focus to settle."""
        screen = self.screen
        # The main screen tells by these which pane, form or filter comes to the front, before that has the focus.
        coming = (getattr(screen, "is_editing", False), getattr(screen, "is_filtering", False))
        return (screen, screen.focused, screen.classes, coming)
