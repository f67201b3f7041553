"""The field that a token is typed into."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from discotui.credentials import Token

_HIDDEN = "•"


class TokenInput(Input):
    """Holds what is typed apart, and knows of its own value only how long it is.

    An input tells its value with every message, and messages are written to logs and shown by crash screens; a
    selection can be copied to the clipboard. None of these gets more than dots from this one. For the same reason
    keys and pastes are taken here at once, and are not posted on.
    """

    def __init__(self, *, placeholder: str, id: str) -> None:  # noqa: A002 - Textual's name
        self._typed = ""
        super().__init__(placeholder=placeholder, password=True, id=id, compact=True)

    @property
    def token(self) -> Token:
        """What was typed."""
        return Token(self._typed)

    def post_message(self, message: Message) -> bool:
        """Take in what is typed or pasted; all else goes its way."""
        match message:
            case events.Key(character=str(text)) if message.is_printable:
                self.replace(text, *self.selection)
            case events.Paste():
                pasted = Token(next(iter(message.text.splitlines()), ""))
                # Whoever still holds the event, a frame of a traceback say, holds nothing.
                message.text = ""
                self.replace(pasted.reveal(), *self.selection)
            case _:
                return super().post_message(message)
        return True

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of what was typed; dots stand for it."""
        start, end = sorted((max(0, start), min(len(self._typed), end)))
        self._typed = self._typed[:start] + text + self._typed[end:]
        text = _HIDDEN * len(text)
        super().replace(text, start, end)

    def validate_value(self, value: str) -> str:
        """Take a value that is set as a whole; only dots are kept of it."""
        if value != _HIDDEN * len(self._typed):
            self._typed = value
        return _HIDDEN * len(self._typed)

    def on_unmount(self) -> None:
        """Forget what was typed."""
        self._typed = ""
