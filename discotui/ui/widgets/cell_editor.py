"""The line in which a cell of the table is edited, at the cell's place; the table's border tells what is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input

from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import clean
from discotui.ui.widgets.cells import Cell, Offer, matching

_CELLS_FOR_CHOICE, _CELLS_FOR_TEXT = 6, 28
"""Narrow enough for artist and title to be seen beside it in the narrowest window."""
_NOTHING = Cell("", "", "", "")


class CellEditor(Vertical):
    """Holds what is typed into one cell of one item until it is kept or left.

    A value that nobody has touched is never written, however odd it is. It belongs to its item, whatever happens to
    the rows around it.

    Attributes:
        hint: What is said about what is typed: the choice that would be taken, or why none would be.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.CELL)]

    DEFAULT_CSS = """
    CellEditor {
        display: none;
        position: absolute;
        /* A layer of its own: the rows below keep their places. */
        layer: cell;
        height: 1;

        & Input { width: 1fr; background: $background; text-style: underline; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._cell = _NOTHING
        self._instance_id = 0
        self._offers: Sequence[Offer] = ()
        self._at = 0
        self._is_stepping = False
        self._is_touched = False
        self.hint = ""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Input(compact=True)

    # --- what it holds

    @property
    def is_open(self) -> bool:
        """A cell is edited."""
        return self._cell is not _NOTHING

    @property
    def cell(self) -> Cell:
        """The cell as it was when it was opened; a blank one before the first was."""
        return self._cell

    @property
    def instance_id(self) -> int:
        """Whose cell it is; the item may have got another id since."""
        return self._instance_id

    @property
    def entry(self) -> Input:
        """The line."""
        return self.query_one(Input)

    def open(self, instance_id: int, cell: Cell) -> None:
        """Edit a cell, from what is there; where it stands is told by :meth:`place`."""
        self._instance_id, self._cell = instance_id, cell
        self._is_touched = self._is_stepping = False
        self._offers, self._at = (), 0
        self.display = True
        with self.prevent(Input.Changed):
            self.entry.value = cell.text
        if cell.offers:
            # The first letter is the beginning of another choice; a text is gone on with.
            self.entry.action_select_all()
        else:
            self.entry.cursor_position = len(cell.text)
        self._tell()
        # Not in a while: what is typed next is meant for it.
        self.screen.set_focus(self.entry, scroll_visible=False)

    def close(self) -> None:
        """Edit nothing any more. Where the focus goes is the screen's to say."""
        self._cell = _NOTHING
        self.display = False
        self._show_hint("", is_warning=False)

    def is_now(self, cell: Cell) -> None:
        """The cell has another value, from elsewhere: what was typed stays, and what is there now is told."""
        if cell == self._cell:
            return
        if self._is_touched:
            self._cell = cell
            self.warn(f"meanwhile it is {cell.label or 'empty'}")
        else:
            self.open(self._instance_id, cell)

    @property
    def has_changed(self) -> bool:
        """Something else would be kept than was there, or cannot be."""
        return self._is_touched and self.value != self.cell.value

    @property
    def value(self) -> str | None:
        """What would be kept; None when what is typed cannot be."""
        cell = self.cell
        if not self._is_touched:
            return cell.value
        text = self.entry.value
        if cell.offers and text.strip():
            return self._offers[self._at].value if self._offers else None
        if not text.strip():
            return "" if cell.is_clearable else None
        return text

    # --- where it stands

    def place(self, cell: Region, inside: Region) -> None:
        """Stand over a cell.

        Args:
            cell: The cell, and
            inside: the table, both as seen from the container.
        """
        least = _CELLS_FOR_CHOICE if self.cell.offers else _CELLS_FOR_TEXT
        width = min(max(least, cell.width), inside.width)
        self.styles.width = width
        self.styles.offset = (max(inside.x, min(cell.x, inside.right - width)), cell.y)

    # --- typing and choosing

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every key."""
        event.stop()
        if not self.is_open or event.value != self.entry.value:
            return
        if self._cell.is_locked:
            with self.prevent(Input.Changed):
                self.entry.value = self._cell.text
            return
        self._is_stepping = False
        self._is_touched = event.value != self._cell.text
        self._offers, self._at = matching(self._cell.offers, event.value), 0
        self._tell()

    def step(self, steps: int) -> bool:
        """Go on to another choice. Whether there are choices here."""
        offers = self.cell.offers
        if not offers:
            return False
        if not self._is_stepping:
            # Among those that match what was typed; else among all, from the one that is there.
            if len(self._offers) < 2:
                value, self._offers = self.value, offers
                here = [number for number, offer in enumerate(offers) if offer.value == value]
                # From a value that is none of them the first step is onto the first, or the last.
                self._at = here[0] if here else (-1 if steps > 0 else len(offers))
            self._is_stepping = True
        self._at = max(0, min(self._at + steps, len(self._offers) - 1))
        self._is_touched = True
        with self.prevent(Input.Changed):
            self.entry.value = self._offers[self._at].short
        self.entry.action_select_all()
        self._tell()
        return True

    def warn(self, text: str) -> None:
        """Tell what one must know before one goes on, until something else is typed."""
        self._show_hint(text, is_warning=True)

    def _tell(self) -> None:
        text, is_warning = self._hint(self.cell)
        self._show_hint(text, is_warning=is_warning)

    def _show_hint(self, text: str, *, is_warning: bool) -> None:
        self.hint = text
        pane = self.parent
        assert isinstance(pane, Widget)  # noqa: S101 - for the type
        said = f"{self.cell.title}: {text}" if text and text != self.cell.title else text
        pane.border_subtitle = Content.styled(clean(said), "$text-warning" if is_warning else "$foreground")

    def _hint(self, cell: Cell) -> tuple[str, bool]:
        """What is said below the line, and whether it is a warning."""
        if cell.is_locked:
            return "several lines: esc, then e edits them", True
        if not self._is_touched:
            return cell.label if cell.offers and cell.value else cell.title, False
        if not self.entry.value.strip():
            return ("empty: clears it", False) if cell.is_clearable else ("it cannot be empty", True)
        if not cell.offers:
            return cell.title, False
        if not self._offers:
            return "no such choice", True
        more = len(self._offers) - 1
        others = f" +{more} ↓" if more and not self._is_stepping else ""
        return f"{self._offers[self._at].label}{others}", False

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter, which the input has taken."""
        event.stop()
        await self.run_action("screen.command('cell.next')")
