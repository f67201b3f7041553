"""The dialog for a saved view: its name and its filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label

from discotui.library.views import SavedView
from discotui.ui.screens.dialogs import Dialog
from discotui.ui.text import clean

_HINT = "tab goes on · enter saves · esc leaves"


class ViewDialog(Dialog[SavedView]):
    """Asks what a saved view is to be; answered with the view as it then is.

    Args:
        view: As it is.
        objection: Tells why it cannot be so, "" when it can.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, view: SavedView, objection: Callable[[SavedView], str]) -> None:
        super().__init__(f"Edit {view.name}")
        self._view = view
        self._objection = objection

    def compose_box(self) -> ComposeResult:
        """The name over the filter."""
        yield Label("Name", classes="label")
        yield Input(clean(self._view.name), id="name", compact=True)
        yield Label("Filter", classes="label")
        yield Input(clean(self._view.text), id="filter", compact=True, select_on_focus=False)
        yield Label(_HINT, classes="hint")

    @property
    def _edited(self) -> SavedView:
        return self._view.as_typed(self._typed("name", self._view.name), self._typed("filter", self._view.text))

    @property
    def has_typed(self) -> bool:
        """Whether leaving loses something."""
        return self._edited != self._view

    def on_input_changed(self) -> None:
        """What was objected to may be mended."""
        self._say("")

    def on_input_submitted(self) -> None:
        """Enter."""
        self.action_save()

    def action_save(self) -> None:
        """Answer; while something is to be objected to the dialog stays."""
        view = self._edited
        objection = self._objection(view)
        if objection:
            self._say(objection)
        else:
            self.dismiss(view)

    def _typed(self, which: str, former: str) -> str:
        """What stands there; what was not touched stays as it was, unprintable characters and all."""
        value = self.query_one(f"#{which}", Input).value
        return former if value == clean(former) else value.strip()

    def _say(self, objection: str) -> None:
        self.query_one(".hint", Label).update(Content(f"{objection} · esc leaves" if objection else _HINT))
