"""The form for the notes fields of one item: dropdowns as choices, textareas with their number of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Label, OptionList, Select, TextArea

from discotui.library.items import Field, Item
from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import clean
from discotui.ui.wording import item_name

_LINES_AT_MOST = 12
_UNLISTED = "not one of the choices"


class NotesForm(Vertical):
    """Holds what is typed until it is saved or left.

    Values are compared with what was there as this form shows it, so that what nobody touched is never written,
    however odd it is: values outside of the options, control characters, stray spaces.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FORM)]

    DEFAULT_CSS = """
    NotesForm {
        height: auto;

        & Label { color: $text-muted; margin-top: 1; width: 1fr; }
        & #form-name { color: $foreground; text-style: bold; margin: 0; }
        & TextArea { border: none; padding: 0; background: $boost; }
        & TextArea:focus { border: none; background: $panel; }
        & #form-buttons { height: 1; margin-top: 1; }
        & #form-buttons Button { margin-right: 2; }
    }
    """

    class Pressed(Message):
        """A button was pressed.

        Attributes:
            save: Save, or leave.
        """

        def __init__(self, save: bool) -> None:
            super().__init__()
            self.save = save

    def __init__(self) -> None:
        super().__init__()
        self.instance_id = 0
        self._fields: Sequence[Field] = ()
        self._before: dict[int, str] = {}

    def compose(self) -> ComposeResult:
        """Name, fields (made when first filled) and buttons."""
        yield Label("", id="form-name", markup=False)
        yield Vertical(id="form-fields")
        with Horizontal(id="form-buttons"):
            yield Button("Save ctrl+s", id="form-save", variant="primary", compact=True)
            yield Button("Leave esc", id="form-leave", compact=True)

    def on_mount(self) -> None:
        """The container grows with its fields."""
        self.query_one("#form-fields").styles.height = "auto"

    async def fill(self, item: Item, fields: Sequence[Field]) -> None:
        """Show an item's values.

        Args:
            item: Whose notes.
            fields: The fields by position.
        """
        self.instance_id = item.instance_id
        self.query_one("#form-name", Label).update(Content(item_name(item)))
        box = self.query_one("#form-fields")
        with self.prevent(Select.Changed, TextArea.Changed):
            if tuple(fields) != tuple(self._fields):
                await box.remove_children()
                for field in fields:
                    await box.mount(Label(Content(clean(field.name))), _widget(field))
                self._fields = tuple(fields)
            for field in fields:
                self._put(field, item.note(field.field_id))
        self._before = {field.field_id: self._value(field) for field in fields}

    def _put(self, field: Field, value: str) -> None:
        if not field.is_dropdown:
            area = self._area(field)
            area.load_text(clean(value, lines=True))
            area.move_cursor(area.document.end)
            return
        select = self._select(field)
        options = [(Content(clean(option)), option) for option in field.options]
        if value and value not in field.options:
            options.insert(0, (Content(f"{clean(value).strip()} ({_UNLISTED})"), value))
        select.set_options(options)
        select.value = value or Select.NULL

    def _value(self, field: Field) -> str:
        if not field.is_dropdown:
            return self._area(field).text
        value = self._select(field).value
        return value if isinstance(value, str) else ""

    def changes(self) -> Mapping[int, str]:
        """What the person changed: field id → new value, "" for cleared."""
        found = {field.field_id: self._value(field) for field in self._fields}
        return {field_id: value for field_id, value in found.items() if value != self._before[field_id]}

    def choose_highlighted(self) -> bool:
        """Take the highlighted choice of a list that is open. Returns whether there was one."""
        for select in self.query(Select):
            if select.expanded:
                select.query_one(OptionList).action_select()
                return True
        return False

    def focus_first(self) -> None:
        """Put the cursor into the first field, which stands at the top: nothing needs to be scrolled."""
        if self._fields:
            self.query_one(f"#field-{self._fields[0].field_id}").focus(scroll_visible=False)

    def _select(self, field: Field) -> Select[str]:
        return self.query_one(f"#field-{field.field_id}", Select)

    def _area(self, field: Field) -> TextArea:
        return self.query_one(f"#field-{field.field_id}", TextArea)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Save and Leave."""
        event.stop()
        self.post_message(self.Pressed(event.button.id == "form-save"))


def _widget(field: Field) -> Select[str] | TextArea:
    if field.is_dropdown:
        return Select[str]([], prompt="–", id=f"field-{field.field_id}", compact=True)
    area = TextArea(id=f"field-{field.field_id}", show_line_numbers=False, highlight_cursor_line=False, compact=True)
    area.styles.height = "auto"
    area.styles.min_height = min(max(1, field.lines), _LINES_AT_MOST)
    area.styles.max_height = _LINES_AT_MOST
    return area
