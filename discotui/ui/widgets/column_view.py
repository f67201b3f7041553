"""A list in columns: which are in sight, the cursor among them, and changing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from discotui.library.columns import USUAL, ColumnChoice, put
from discotui.library.items import Field
from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import ASCENDING, DESCENDING, fit, fit_right
from discotui.ui.widgets.column_layout import Plan, last_start, layout, room_beside_marks, start_that_shows
from discotui.ui.widgets.columns import MARK, Column, chosen_columns, columns_of
from discotui.ui.widgets.line_view import LineView
from discotui.ui.widgets.runs import Runs

MORE_LEFT = "‹"
MORE_RIGHT = "›"


class ColumnView(LineView):
    """Base of views that show their lines in columns under a header.

    Columns that have no room are out of sight; the cursor among the columns goes there, and the view follows it by
    whole columns. The marks stay where they are. A subclass draws the lines by :meth:`plan_in`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TABLE)]

    class HeaderClicked(Message):
        """A column's title was clicked.

        Attributes:
            view: Where.
            column_key: The key of the column.
        """

        def __init__(self, view: ColumnView, column_key: str) -> None:
            super().__init__()
            self.view = view
            self.column_key = column_key

        @property
        def control(self) -> ColumnView:
            """The view, for ``@on`` with a selector."""
            return self.view

    class ChoiceChanged(Message):
        """The person has changed the columns, here.

        Attributes:
            view: Where.
            choice: The columns now.
        """

        def __init__(self, view: ColumnView, choice: ColumnChoice) -> None:
            super().__init__()
            self.view = view
            self.choice = choice

    class CellsMoved(Message):
        """Lines or columns stand elsewhere on the screen."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._fields: tuple[Field, ...] = ()
        self._choice = ColumnChoice()
        self._columns: Sequence[Column] = chosen_columns(self._choice, ())
        self._sort_key = ""
        self._descending = False
        self._start: int | None = None
        self._at = ""
        self._plan: Plan = []
        self._plan_width = -1
        self._dragged: tuple[str, str] | None = None

    # --- which columns there are

    @property
    def choice(self) -> ColumnChoice:
        """The columns as the person wants them."""
        return self._choice

    @property
    def columns(self) -> Sequence[Column]:
        """The columns chosen, in their order, those out of sight included; without the marks."""
        return self._columns

    @property
    def column_keys(self) -> list[str]:
        """Their keys."""
        return [column.key for column in self._columns]

    @property
    def keys_in_sight(self) -> list[str]:
        """The keys of the columns on the screen, from the left; without the marks."""
        return [column.key for column, _ in self.plan_in(self.row_width) if column is not MARK]

    @property
    def row_width(self) -> int:
        """Cells of a row; 0 before the first layout."""
        return self.scrollable_content_region.width

    def choose(self, choice: ColumnChoice) -> None:
        """Show other columns, or the same ones otherwise."""
        if choice != self._choice:
            self._choice = choice
            self._take_columns()
            self._draw_anew()

    def take_fields(self, fields: tuple[Field, ...]) -> bool:
        """The collection has these notes fields. Whether other columns are shown now, to be drawn by the caller."""
        if fields == self._fields:
            return False
        self._fields = fields
        return self._take_columns()

    def cells_of(self, key: str) -> int:
        """How wide a column is, or would be."""
        shown = next((cells for column, cells in self.plan_in(self.row_width) if column.key == key), None)
        if shown is not None:
            return shown
        column = next((column for column in columns_of(self._fields) if column.key == key), None)
        return self._choice.width_of(key) or (column.width if column else 0)

    @property
    def _in_order(self) -> bool:
        return self._choice.preset != USUAL

    def _take_columns(self) -> bool:
        before = (self._columns, self._start)
        self._columns = chosen_columns(self._choice, self._fields)
        self._plan_width = -1
        if self._at in self.column_keys:
            self._bring_into_sight()
        else:
            self._at, self._start = "", None
        return before != (self._columns, self._start)

    def _draw_anew(self) -> None:
        self._plan_width = -1
        self.redraw_all()
        self.post_message(self.CellsMoved())

    def plan_in(self, width: int) -> Plan:
        """The columns in sight and their cells, the marks first."""
        if width != self._plan_width:
            self._plan = layout(self._columns, width, start=self._start, in_order=self._in_order)
            self._plan_width = width
        return self._plan

    # --- the cursor among the columns

    @property
    def column_cursor(self) -> str:
        """The key of the column under the cursor, "" while there is none."""
        return self._at

    def move_column_cursor(self, steps: int) -> None:
        """Go that many columns to the right. The first time it is the outermost column in sight on that side."""
        keys = self.column_keys
        if self._at:
            self.put_column_cursor(keys[max(0, min(keys.index(self._at) + steps, len(keys) - 1))])
        elif in_sight := self.keys_in_sight:
            self.put_column_cursor(in_sight[0 if steps > 0 else -1])

    def put_column_cursor(self, key: str) -> None:
        """Put the cursor on a chosen column, and bring that into sight."""
        if key not in self.column_keys:
            return
        self._at = key
        if self._bring_into_sight():
            self._draw_anew()
        else:
            self.refresh_line_at(self.cursor)

    def let_column_go(self) -> bool:
        """No column is under the cursor any more, and the table goes home. Whether that changes anything."""
        if not self._at and self._start is None:
            return False
        self._at = ""
        if self._start is None:
            self.refresh_line_at(self.cursor)
        else:
            self._start = None
            self._draw_anew()
        return True

    def _bring_into_sight(self) -> bool:
        """Whether the columns have to be drawn anew for it."""
        width = self.row_width
        if not self._at or width <= 0:
            return False
        place = self.column_keys.index(self._at)
        return self._go_sideways(start_that_shows(self._columns, width, place, self._start, in_order=self._in_order))

    def _go_sideways(self, start: int | None) -> bool:
        # In the person's order the first start is home.
        start = None if self._in_order and not start else start
        if start == self._start:
            return False
        self._start, self._plan_width = start, -1
        return True

    def scroll_columns(self, steps: int) -> None:
        """Go sideways by whole columns; the cursor stays where it is."""
        furthest = last_start(self._columns, self.row_width, in_order=self._in_order)
        before, start = self.keys_in_sight, self._start or 0
        while 0 <= start + steps <= furthest:
            start += steps
            # Names stay in sight: a start behind them may show nothing new.
            if self._go_sideways(start) and self.keys_in_sight != before:
                break
        self._draw_anew()

    def cell_region(self) -> Region | None:
        """Where the cell under both cursors stands in this view, None when it is out of sight."""
        if not self._at or not self.line_count or not self.is_in_sight(self.cursor):
            return None
        x = 0
        for column, cells in self.plan_in(self.row_width):
            if column.key == self._at:
                return Region(x, self.header_lines + self.cursor - self.top_line, cells, 1)
            x += cells + 1
        return None

    # --- changing the columns

    def widen_column(self, steps: int) -> bool:
        """Make the column under the cursor that much wider. Whether there is one."""
        if self._at:
            self._person_chose(self.with_width(self._choice, self._at, self.cells_of(self._at) + steps))
        return bool(self._at)

    def shift_column(self, steps: int) -> bool:
        """Put the column under the cursor that many places further right. Whether there is one."""
        if self._at:
            keys = self.keys_to_order()
            self.put_column(self._at, keys.index(self._at) + steps)
        return bool(self._at)

    def with_width(self, choice: ColumnChoice, key: str, cells: int) -> ColumnChoice:
        """A choice with a column that wide, as far as that makes sense here."""
        column = next(column for column in self._columns if column.key == key)
        return choice.with_width(key, max(column.floor, min(cells, room_beside_marks(self.row_width))))

    def put_column(self, key: str, place: int) -> None:
        """Put a column at a place of :meth:`keys_to_order`."""
        keys = self.keys_to_order()
        after = put(keys, key, place)
        if after != keys:
            self._person_chose(self._choice.with_keys(after))

    def keys_to_order(self) -> list[str]:
        """The columns as they are to be put in order: where some have no room, those that have come first."""
        keys = self.column_keys
        if self._start is not None or self._in_order:
            return keys
        in_sight = self.keys_in_sight
        return in_sight + [key for key in keys if key not in in_sight]

    def _person_chose(self, choice: ColumnChoice) -> None:
        if choice != self._choice:
            self.choose(choice)
            self.post_message(self.ChoiceChanged(self, choice))

    # --- drawing

    @property
    def dragged(self) -> tuple[str, str] | None:
        """The column whose title the mouse holds, and the one over which it holds it."""
        return self._dragged

    def show_dragged(self, dragged: tuple[str, str] | None) -> None:
        """Draw the header so that one sees where a title would go."""
        if dragged != self._dragged:
            self._dragged = dragged
            self.refresh(Region(0, 0, self.size.width, self.header_lines))

    def column_at(self, x: int) -> tuple[Column, int, bool] | None:
        """The column at a place of a line, its cells, and whether it is the blank after it that is meant."""
        end = 0
        for column, cells in self.plan_in(self.row_width):
            end += cells
            if x <= end:
                return column, cells, x == end
            end += 1
        return None

    def header_strip(self, row: int, width: int) -> Strip:  # noqa: ARG002 - there is one
        """Draws the titles of the columns."""
        runs = Runs()
        tones, plan = self.tones, self.plan_in(width)
        held, target = self._dragged or ("", "")
        more_left, more_right = bool(self._start), self._is_more_on_the_right(plan)
        for index, (column, cells) in enumerate(plan):
            is_last = index == len(plan) - 1
            room = cells - 1 if is_last and more_right else cells
            style = tones.header
            if column is MARK:
                text = fit_right(MORE_LEFT if more_left else "", cells) + " "
            elif column.key == self._sort_key:
                text, style = self._sorted_title(column, room, is_last), tones.header_strong
            else:
                title = column.title_in(room)
                text = (fit(title, room) if column.align == "left" else fit_right(title, room)) + " "
            if column.key == target:
                style = tones.cell
            elif column.key == held:
                style = tones.header_strong
            runs.add(text[:-1] + MORE_RIGHT + " " if room < cells else text, style)
        return runs.strip(width, tones.header)

    def _is_more_on_the_right(self, plan: Plan) -> bool:
        """Whether there are columns that one comes to by going right.

        At home, where they come and go with the window, those that are left out may stand between others.
        """
        if self._start is None and not self._in_order:
            return bool(plan) and not {column.key for column in self._columns} <= {column.key for column, _ in plan}
        return bool(plan and self._columns) and plan[-1][0].key != self._columns[-1].key

    def _sorted_title(self, column: Column, cells: int, is_last: bool) -> str:
        """The title with its arrow and the blank after the column, which the arrow takes if it must."""
        arrow = DESCENDING if self._descending else ASCENDING
        title = column.title_in(cells - 2)
        if cell_len(title) + 2 <= cells:
            return fit(f"{title} {arrow}", cells) + " "
        title = column.title_in(cells)
        room = cells - 1 if is_last else cells
        # Beside the arrow a letter says more than a sign that one is missing.
        short = title[:room] if title.isascii() else fit(title, min(room, cell_len(title)))
        return fit(short + arrow, cells + 1)

    def _under_cursor(self, strip: Strip) -> Strip:
        """The cell under both cursors stands out from the line."""
        drawn = super()._under_cursor(strip)
        region = self.cell_region()
        if region is None:
            return drawn
        cell = drawn.crop(region.x, region.right)
        style = self.tones.cell
        segments = [Segment(text, style if self.has_focus or not own else own + style) for text, own, _ in cell]
        parts = [*drawn.crop(0, region.x), *segments, *drawn.crop(region.right, drawn.cell_length)]
        return Strip(parts, drawn.cell_length)

    # --- what moves cells

    def on_resize(self) -> None:
        """Keeps the cursor's column in sight."""
        if self._bring_into_sight():
            self.redraw_all()
        self.post_message(self.CellsMoved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Cells have moved with their lines."""
        super().watch_scroll_y(old_value, new_value)
        if self._at and round(old_value) != round(new_value):
            self.post_message(self.CellsMoved())
