"""A question that is too grave for a single key."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label

from discotui.library.folding import fold
from discotui.ui.screens.dialogs import Dialog
from discotui.ui.text import clean


class TypedYes(Dialog[bool]):
    """Asks for the word yes; everything else is no.

    Args:
        title: The question in a word or two.
        text: The whole question.
        no: What leaving means, as "leaves them".
    """

    on_escape = False

    def __init__(self, title: str, text: str, *, no: str) -> None:
        super().__init__(title)
        self._text = text
        self._hint = f"esc {no} · so does enter without a word"

    def compose_box(self) -> ComposeResult:
        """The question over the line for the word."""
        yield Label(Content(clean(self._text, lines=True)), classes="text")
        yield Input(placeholder="type yes", compact=True)
        yield Label(Content(self._hint), classes="hint")

    def on_mount(self) -> None:
        """What is typed goes into the line."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Another word may be a slip: the dialog stays."""
        word = fold(event.value).strip()
        if word == "yes":
            self.dismiss(True)
        elif not word:
            self.dismiss(False)
        else:
            self.query_one(".hint", Label).update(Content(f"that is not yes · {self._hint}"))
