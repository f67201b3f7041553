"""The item pane: everything about the item under the cursor, and the form that edits its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widget import Widget

from discotui.library.edits import Change, MoveItem, SetNote, SetRating
from discotui.library.items import Field, Item
from discotui.library.library import Library
from discotui.ui.text import clean, stars
from discotui.ui.widgets.columns import CONFLICT, WAITING
from discotui.ui.widgets.facts import facts_grid
from discotui.ui.widgets.notes_form import NotesForm
from discotui.ui.words_of_changes import rating_text

_LABEL_CELLS = 9
_THEIRS = f"{CONFLICT} theirs"
"""Stands beside what Discogs has, below what is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pane shows.

    Attributes:
        item: The item, None for nothing.
        fields: The notes fields by position.
        folder: The name of the item's folder.
        copies: How many copies of the release are in the collection.
        is_waiting: It has edits that Discogs has not confirmed.
        theirs: What Discogs has where that is in conflict with what is shown: by field id, or by the kind of change;
            a text, a rating from "1" to "5", a folder's name, "" for nothing.
    """

    item: Item | None = None
    fields: Sequence[Field] = ()
    folder: str = ""
    copies: int = 1
    is_waiting: bool = False
    theirs: Mapping[int | type[Change], str] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library, item: Item | None) -> Shown:
        """All that there is to show of an item, None for nothing."""
        if item is None:
            return cls(fields=tuple(library.fields()))
        theirs: dict[int | type[Change], str] = {}
        for standing in library.deciding.conflicts_of(item.instance_id):
            change = standing.entry.change
            theirs[change.field_id if isinstance(change, SetNote) else type(change)] = standing.theirs
        return cls(
            item,
            tuple(library.fields()),
            next((folder.name for folder in library.folders() if folder.folder_id == item.folder_id), ""),
            len(library.copies(item.release_id)),
            item.instance_id in library.waiting_items(),
            theirs,
        )


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
        if SetRating in shown.theirs:
            head.append(f"{_THEIRS} ", label)
            head.append(f"{rating_text(shown.theirs[SetRating])}\n")
        facts = facts_grid(_facts(shown, item), label, _LABEL_CELLS)
        parts: list[RenderableType] = [head, facts, Text(""), facts_grid(_notes(shown, item), label, _LABEL_CELLS)]
        if item.notes is None:
            parts.append(Text("\nNotes are shown to the owner only.", label))
        if shown.theirs:
            parts.append(Text(f"\n{CONFLICT} changed at Discogs too: c decides", label))
        elif shown.is_waiting:
            parts.append(Text(f"\n{WAITING} waits to be sent to Discogs", label))
        return Group(*parts)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"item-facts--{name}")


def _notes(shown: Shown, item: Item) -> list[tuple[str, str]]:
    """The notes fields by name; then values of fields that the collection does not (or no longer) list."""
    lines = []
    for name, each in zip(short_names([each.name for each in shown.fields]), shown.fields, strict=True):
        lines.append((name, item.note(each.field_id)))
        if each.field_id in shown.theirs:
            lines.append((_THEIRS, shown.theirs[each.field_id]))
    known = {each.field_id for each in shown.fields}
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
    facts = [
        ("Label", item.label),
        ("Cat#", item.catno),
        ("Format", item.format),
        ("Year", str(item.year or "")),
        ("Genre", item.genre),
        ("Folder", shown.folder),
        (_THEIRS, shown.theirs.get(MoveItem, "")),
        ("Added", item.added[:10]),
        ("Copies", f"{shown.copies} in this collection" if shown.copies > 1 else ""),
    ]
    return [(name, value) for name, value in facts if value]


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
        self.scroll_home(animate=False)
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
