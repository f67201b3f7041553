"""Asks about an edit of many items, while what it will change is still being worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Label

from discotui.library.edits import Edit
from discotui.ui.screens.dialogs import Dialog
from discotui.ui.text import clean


@dataclass(frozen=True, slots=True)
class Wanted:
    """Yes.

    Attributes:
        edit: What was asked about; None when the answer came before the question.
    """

    edit: Edit | None


class EditQuestion(Dialog[Wanted]):
    """Answered for yes with what was asked about. Who knows what will be asked need not wait for it.

    Args:
        title: What is to be done, in a word; also what the yes button says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
        Binding("left,right", "app.focus_next", "Other", show=False),
    ]

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._yes = title
        self._edit: Edit | None = None
        self._text = "Looking at what will change …"
        self._is_safe = False

    def compose_box(self) -> ComposeResult:
        """The question over its two answers."""
        yield Label(Content(self._text), classes="text")
        with Horizontal(classes="buttons"):
            yield Button(Content(f"{self._yes} (y)"), id="yes", compact=True)
            yield Button(Content("Leave it (n)"), id="no", compact=True)

    def on_mount(self) -> None:
        """The question may be there already."""
        self._show()

    def put(self, edit: Edit, text: str, *, is_safe: bool) -> None:
        """Ask.

        Args:
            edit: What is asked about.
            text: The whole question.
            is_safe: Enter means yes, because nothing would be lost.
        """
        self._edit, self._text, self._is_safe = edit, clean(text, lines=True), is_safe
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        self.query_one(".text", Label).update(Content(self._text))
        self.query_one("#yes" if self._is_safe else "#no").focus()

    def action_answer(self, yes: bool) -> None:
        """A letter."""
        self.dismiss(Wanted(self._edit) if yes else None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click, or enter."""
        self.action_answer(event.button.id == "yes")
