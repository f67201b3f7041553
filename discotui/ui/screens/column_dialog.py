"""The dialog that chooses, orders and sizes the columns, while the table behind it shows how that would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import Label

from discotui.library.columns import NARROW, USUAL, WIDE, ColumnChoice, put
from discotui.library.items import Field
from discotui.ui.screens.dialogs import Dialog
from discotui.ui.text import fit, fit_right
from discotui.ui.widgets.columns import Column, columns_of, preset_keys
from discotui.ui.widgets.line_view import LineView
from discotui.ui.widgets.runs import Runs

_WIDTH_CELLS = 9
_HINT = """\
space shows or hides · J K lower, higher
← → narrower, wider · = as wide as it likes
all at once: u usual · n narrow · w wide
enter keeps · esc leaves all as it was"""


class ColumnList(LineView):
    """Every column on a line: whether it is shown, its name, its width if it was given one."""

    class Toggled(LineView.Chosen):
        """A line was double-clicked."""

    def __init__(self) -> None:
        super().__init__(id="columns")
        self._lines: Sequence[tuple[Column, bool, int]] = ()

    @property
    def line_count(self) -> int:
        """How many columns there are."""
        return len(self._lines)

    def show(self, lines: Sequence[tuple[Column, bool, int]], cursor: int) -> None:
        """Show columns, whether they are shown in the table, and the widths that they were given or 0."""
        self._lines = lines
        self.lines_changed(cursor)
        self.scroll_to_line(self.cursor)

    def line_strip(self, line: int, width: int) -> Strip:
        """Draws a column."""
        column, is_shown, cells = self._lines[line]
        runs, tones = Runs(), self.tones
        runs.add("[x] " if is_shown else "[ ] ", tones.accent if is_shown else tones.quiet)
        runs.add(fit(column.title, width - 4 - _WIDTH_CELLS), tones.main if is_shown else tones.quiet)
        runs.add(fit_right(f"{cells} cells" if cells else "", _WIDTH_CELLS), tones.quiet)
        return runs.strip(width, tones.main)

    def line_clicked(self, line: int, times: int) -> None:
        """A double click shows or hides it."""
        self.move_cursor(line, scroll=False)
        if times == 2:
            self.post_message(self.Toggled(self, line))


class ColumnsDialog(Dialog[ColumnChoice]):
    """Answers the columns as they are to be.

    Args:
        choice: The columns now.
        fields: The collection's notes fields.
        preview: Shows columns in the table.
        cells_of: How wide a column is in the table.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "show_or_hide", "Show or hide", show=False),
        Binding("J,shift+down", "shift(1)", "Lower", show=False),
        Binding("K,shift+up", "shift(-1)", "Higher", show=False),
        Binding("right,greater_than_sign", "widen(1)", "Wider", show=False),
        Binding("left,less_than_sign", "widen(-1)", "Narrower", show=False),
        Binding("equals_sign", "own_width", "Its own width", show=False),
        Binding("u", f"preset('{USUAL}')", "Usual", show=False),
        Binding("n", f"preset('{NARROW}')", "Narrow", show=False),
        Binding("w", f"preset('{WIDE}')", "Wide", show=False),
        Binding("ctrl+s", "keep", "Keep", show=False),
    ]

    def __init__(
        self,
        choice: ColumnChoice,
        fields: tuple[Field, ...],
        *,
        preview: Callable[[ColumnChoice], object],
        cells_of: Callable[[str], int],
    ) -> None:
        super().__init__("Columns")
        self._choice = choice
        self._fields = fields
        self._preview = preview
        self._cells_of = cells_of
        self._columns = {column.key: column for column in columns_of(fields)}
        self._keys: list[str] = []
        self._shown: set[str] = set()

    def compose_box(self) -> ComposeResult:
        """The columns, and the keys."""
        yield ColumnList()
        yield Label(_HINT, classes="hint")

    def on_mount(self) -> None:
        """The columns as they are."""
        self._list_anew()
        self._fill(0)
        self._list.focus()

    @property
    def _list(self) -> ColumnList:
        return self.query_one(ColumnList)

    @property
    def _key(self) -> str:
        return self._keys[self._list.cursor]

    def _list_anew(self) -> None:
        """Those shown in their order, then the others."""
        wanted = self._choice.keys or preset_keys(self._choice.preset, self._fields)
        shown = [key for key in wanted if key in self._columns]
        shown = shown or list(preset_keys(USUAL, self._fields))
        self._shown = set(shown)
        self._keys = [*shown, *(key for key in self._columns if key not in self._shown)]

    def _fill(self, cursor: int) -> None:
        widths = dict(self._choice.widths)
        self._list.show([(self._columns[key], key in self._shown, widths.get(key, 0)) for key in self._keys], cursor)
        name = self._choice.preset or "your own"
        self.query_one(".box").border_subtitle = f"{name}: {len(self._shown)} of {len(self._keys)}"

    def _take(self, choice: ColumnChoice, cursor: int) -> None:
        self._choice = choice
        self._preview(choice)
        self._fill(cursor)

    # --- keys

    def action_show_or_hide(self) -> None:
        """Space; the last column stays."""
        key = self._key
        shown = self._shown ^ {key}
        if shown:
            self._shown = shown
            self._put_in_order(self._list.cursor)

    def action_shift(self, lines: int) -> None:
        """Put the column lower, or higher."""
        key, before = self._key, self._keys
        self._keys = put(before, key, before.index(key) + lines)
        if self._keys != before:
            self._put_in_order(self._keys.index(key))

    def _put_in_order(self, cursor: int) -> None:
        self._take(self._choice.with_keys(key for key in self._keys if key in self._shown), cursor)

    def action_widen(self, cells: int) -> None:
        """Make the column wider, or narrower."""
        key = self._key
        width = max(self._columns[key].floor, self._cells_of(key) + cells)
        self._take(self._choice.with_width(key, width), self._list.cursor)

    def action_own_width(self) -> None:
        """Let the column have what suits it."""
        self._take(self._choice.with_width(self._key, 0), self._list.cursor)

    def action_preset(self, preset: str) -> None:
        """Begin with one of the given choices."""
        self._choice = self._choice.with_preset(preset)
        self._list_anew()
        self._take(self._choice, 0)

    @on(ColumnList.Toggled)
    def _double_clicked(self, event: ColumnList.Toggled) -> None:
        event.stop()
        self.action_show_or_hide()

    @on(ColumnList.Chosen)
    def _entered(self, event: ColumnList.Chosen) -> None:
        event.stop()
        if not isinstance(event, ColumnList.Toggled):
            self.action_keep()

    def action_keep(self) -> None:
        """Enter."""
        self.dismiss(self._choice)
