"""The item pane: everything about the item under the cursor, and the form that edits its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widget import Widget

from discotui.library.items import Field, Item
from discotui.ui.text import clean, fit, stars
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
    """The item as text: its name, the pressing, the rating, the notes."""

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

    def render(self) -> Group:
        """Lines of a label and its value, which wraps beside the label."""
        shown = self.shown
        item = shown.item
        if item is None:
            return Group()
        label, strong = self._style("label"), self._style("strong")
        head = Text(overflow="fold")
        if item.artist:
            head.append(f"{clean(item.artist)}\n")
        head.append(f"{clean(item.title)}\n", strong)
        head.append(f"{stars(item.rating)}\n", self._style("stars"))
        facts = [(name, value) for name, value in _facts(shown, item) if value]
        parts: list[RenderableType] = [head, _grid(facts, label), Text(""), _grid(_notes(shown, item), label)]
        if item.notes is None:
            parts.append(Text("\nNotes are shown to the owner only.", label))
        if shown.is_waiting:
            parts.append(Text("\n↑ waits to be sent to Discogs", label))
        return Group(*parts)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"item-facts--{name}")


def _grid(lines: Sequence[tuple[str, str]], label: Style) -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=_LABEL_CELLS, style=label)
    grid.add_column(ratio=1, overflow="fold")
    for name, value in lines:
        grid.add_row(Text(fit(name, _LABEL_CELLS)), Text(clean(value, lines=True).strip() or "–"))
    return grid


def _notes(shown: Shown, item: Item) -> list[tuple[str, str]]:
    """The notes fields by name; then values of fields that the collection does not (or no longer) list."""
    names = short_names([field.name for field in shown.fields])
    lines = [(name, item.note(field.field_id)) for name, field in zip(names, shown.fields, strict=True)]
    known = {field.field_id for field in shown.fields}
    lines += [(f"Field {number}", value) for number, value in (item.notes or {}).items() if number not in known]
    return lines


def short_names(names: Sequence[str]) -> list[str]:
    """Names that are too long for the pane by their first word, where that still tells them apart."""
    firsts = [name.split()[0] if name.split() else name for name in names]
    return [
        first if cell_len(clean(name)) > _LABEL_CELLS and firsts.count(first) == 1 else name
        for name, first in zip(names, firsts, strict=True)
    ]


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
        # What was hidden can take the focus only after the next layout.
        self.call_after_refresh(form.focus_first)

    def close_form(self) -> None:
        """Show the facts again. Where the focus goes is the screen's to say."""
        self.remove_class("-editing")
        self.can_focus = True

    @property
    def edited_item_id(self) -> int:
        """The instance whose notes the form holds."""
        return self.query_one(NotesForm).instance_id

    def choose_highlighted(self) -> bool:
        """Take the highlighted choice of a list that is open. Returns whether there was one."""
        return self.query_one(NotesForm).choose_highlighted()

    def typed(self) -> Mapping[int, str]:
        """What differs from what was there: field id → new value."""
        return self.query_one(NotesForm).changes()
