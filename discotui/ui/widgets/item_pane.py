"""The item pane: everything about the item under the cursor, and the form that edits its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widget import Widget

from discotui.library.items import Field, Item
from discotui.ui.text import clean, stars
from discotui.ui.widgets.notes_form import NotesForm

_LABEL_CELLS = 9


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pane shows.

    Attributes:
        item: The item, None for nothing.
        fields: The notes fields by position.
        folder: The name of the item's folder.
        copies: How many copies of the release are in the collection.
        is_waiting: It has edits that Discogs has not confirmed.
    """

    item: Item | None = None
    fields: Sequence[Field] = ()
    folder: str = ""
    copies: int = 1
    is_waiting: bool = False


class ItemFacts(Widget):
    """The item as text."""

    COMPONENT_CLASSES = {"item-facts--label", "item-facts--stars", "item-facts--strong"}  # noqa: RUF012

    DEFAULT_CSS = """
    ItemFacts {
        height: auto;
        width: 1fr;

        & > .item-facts--label { color: $text-muted; }
        & > .item-facts--stars { color: $accent; }
        & > .item-facts--strong { text-style: bold; }
    }
    """

    shown: reactive[Shown] = reactive(Shown(), layout=True)

    def render(self) -> Text:
        """Name and pressing, rating, then the notes."""
        shown = self.shown
        item = shown.item
        text = Text(overflow="fold")
        if item is None:
            return text
        label, strong = self._style("label"), self._style("strong")
        if item.artist:
            text.append(f"{clean(item.artist)}\n")
        text.append(f"{clean(item.title)}\n", strong)
        text.append(f"{stars(item.rating)}\n\n", self._style("stars"))
        for name, value in _facts(shown, item):
            if value:
                self._line(text, name, value, label)
        text.append("\n")
        for field in shown.fields:
            self._line(text, field.name, item.note(field.field_id), label)
        known = {field.field_id for field in shown.fields}
        for field_id, value in (item.notes or {}).items():
            if field_id not in known:
                self._line(text, f"Field {field_id}", value, label)
        if item.notes is None:
            text.append("\nNotes are shown to the owner only.", label)
        if shown.is_waiting:
            text.append("\n↑ waits to be sent to Discogs", label)
        text.rstrip()
        return text

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"item-facts--{name}", partial=True)

    @staticmethod
    def _line(text: Text, name: str, value: str, label: Style) -> None:
        """A label and its value; a value of several lines, or beside a long label, stands below."""
        name = clean(name)
        value = clean(value, lines=True).strip()
        if len(name) < _LABEL_CELLS and "\n" not in value:
            text.append(f"{name:<{_LABEL_CELLS}}", label)
            text.append(f"{value or '–'}\n")
        elif not value:
            text.append(name, label)
            text.append("  –\n")
        else:
            text.append(f"{name}\n", label)
            for line in value.split("\n"):
                text.append(f"  {line}\n")


def _facts(shown: Shown, item: Item) -> list[tuple[str, str]]:
    return [
        ("Label", item.label),
        ("Cat#", item.catno),
        ("Format", item.format),
        ("Year", str(item.year or "")),
        ("Genre", item.genre),
        ("Folder", shown.folder),
        ("Added", item.added[:10]),
        ("Copies", f"{shown.copies} in this collection" if shown.copies > 1 else ""),
    ]


class ItemPane(VerticalScroll, can_focus=True):
    """Shows one item; in its place, while editing, the form."""

    DEFAULT_CSS = """
    ItemPane {
        scrollbar-size-vertical: 1;
        padding: 0 1;

        & > NotesForm { display: none; }
        &.-editing > ItemFacts { display: none; }
        &.-editing > NotesForm { display: block; }
    }
    """

    def compose(self) -> ComposeResult:
        """Facts, and the form when it is wanted."""
        yield ItemFacts()
        yield NotesForm()

    @property
    def is_editing(self) -> bool:
        """The form is open."""
        return self.has_class("-editing")

    def show(self, shown: Shown) -> None:
        """Show an item; a form that is open keeps its own."""
        facts = self.query_one(ItemFacts)
        if facts.shown != shown:
            if (
                facts.shown.item is None
                or shown.item is None
                or (facts.shown.item.instance_id != shown.item.instance_id)
            ):
                self.scroll_home(animate=False)
            facts.shown = shown

    async def edit(self, item: Item, fields: Sequence[Field]) -> None:
        """Open the form on an item, the cursor in its first field."""
        form = self.query_one(NotesForm)
        await form.fill(item, fields)
        self.add_class("-editing")
        self.can_focus = False
        form.focus_first()

    def close_form(self) -> None:
        """Show the facts again."""
        self.remove_class("-editing")
        self.can_focus = True
        self.focus()

    @property
    def edited_item_id(self) -> int:
        """The instance whose notes the form holds."""
        return self.query_one(NotesForm).instance_id

    def typed(self) -> Mapping[int, str]:
        """What differs from what was there: field id → new value."""
        return self.query_one(NotesForm).changes()
