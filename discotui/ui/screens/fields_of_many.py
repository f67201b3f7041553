"""Notes fields of all marked items: choose a field and what is to become of it, then the value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Label, TextArea

from discotui.library.intentions import AppendNote, Intention, SetNotes
from discotui.library.items import Field
from discotui.ui.screens.dialogs import Choice, Dialog, Pick
from discotui.ui.screens.editing import Editing
from discotui.ui.text import clean, plural


class _Way(Enum):
    """What can be done to a field."""

    SET = "set"
    APPEND = "append"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class _Wish:
    field: Field
    way: _Way


_DETAILS = {
    _Way.SET: "the same for all",
    _Way.APPEND: "behind what is there",
    _Way.CLEAR: "",
}


class NoteText(Dialog[str]):
    """Asks for a text of one or more lines.

    Args:
        title: What the text is for.
        hint: What will be done with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False, priority=True)]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__(title)
        self._hint = hint

    def compose_box(self) -> ComposeResult:
        """The text over its buttons."""
        yield TextArea(show_line_numbers=False, highlight_cursor_line=False, compact=True, tab_behavior="focus")
        yield Label(Content(self._hint), classes="hint")
        with Horizontal(classes="buttons"):
            yield Button("Go on ctrl+s", id="save", compact=True)
            yield Button("Leave esc", id="leave", compact=True)

    @property
    def has_typed(self) -> bool:
        """Whether leaving loses a text."""
        return bool(self.query_one(TextArea).text.strip())

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on, or leave."""
        if event.button.id == "save":
            self.action_save()
        else:
            self.action_give_up()

    def action_save(self) -> None:
        """An empty text is no text: the dialog stays."""
        text = self.query_one(TextArea).text
        if text.strip():
            self.dismiss(text)
        else:
            self.query_one(".hint", Label).update("Nothing is typed. To empty a field, choose its “clear”. Esc leaves.")


class FieldsOfMany(Editing):
    """e, when there are marks."""

    async def do_item_edit(self) -> None:
        """The form for one item; for marked ones one field after the other."""
        if not self.marked:
            await super().do_item_edit()
            return
        fields = self.session.library.fields()
        if not fields:
            self.tell("This collection has no notes fields yet. They are made at Discogs.")
            return
        targets = self.targets()
        count = plural(len(targets), "marked item")
        wishes = [_Wish(field, way) for field in fields for way in _ways(field)]
        choices = [Choice(wish, f"{wish.field.name}: {wish.way.value}", _DETAILS[wish.way]) for wish in wishes]

        def wished(wish: _Wish) -> None:
            self._ask_value(wish, count, lambda intention: self.carry_out(intention, targets))

        self.ask(Pick(f"Edit {count}", choices, hint="type part of a field's name"), wished)

    def _ask_value(self, wish: _Wish, count: str, then: Callable[[Intention], None]) -> None:
        field, title = wish.field, f"{clean(wish.field.name)} of {count}"
        if wish.way is _Way.CLEAR:
            then(SetNotes({field.field_id: ""}))
        elif wish.way is _Way.APPEND:
            dialog = NoteText(f"Append to {title}", "It goes onto a line of its own.")
            self.ask(dialog, lambda text: then(AppendNote(field.field_id, text)))
        elif field.is_dropdown:
            options = [Choice(option, option) for option in field.options]
            pick = Pick(title, options, hint="type part of the value")
            self.ask(pick, lambda value: then(SetNotes({field.field_id: value})))
        else:
            hint = "It takes the place of what is there."
            self.ask(NoteText(title, hint), lambda text: then(SetNotes({field.field_id: text})))


def _ways(field: Field) -> list[_Way]:
    return [_Way.SET, _Way.CLEAR] if field.is_dropdown else [_Way.SET, _Way.APPEND, _Way.CLEAR]
