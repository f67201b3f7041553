"""Columns under the mouse: a border is drawn to a width, a title to another place; a wheel goes sideways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual import events

from discotui.library.columns import ColumnChoice
from discotui.ui.widgets.column_view import ColumnView
from discotui.ui.widgets.columns import MARK


@dataclass(slots=True)
class _Drag:
    """The mouse holds something of the header.

    Attributes:
        holds: A column's right border, or its title.
        key: Of the column.
        x: Where the mouse was pressed.
        cells: The column's width then.
        choice: The columns then.
    """

    holds: Literal["border", "title"]
    key: str
    x: int
    cells: int
    choice: ColumnChoice


class DraggedColumns(ColumnView):
    """Base of views whose header takes the mouse; a simple click is told as :class:`ColumnView.HeaderClicked`."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._drag: _Drag | None = None
        self._was_dragged = False

    def header_clicked(self, column: int) -> None:
        """Tells which column's title was clicked, unless it was dragged."""
        found = self.column_at(column)
        if not self._was_dragged and found is not None and found[0].key != MARK.key:
            self.post_message(self.HeaderClicked(self, found[0].key))
        self._was_dragged = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes hold of a title or of a column's right border."""
        self._was_dragged = False
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= self.header_lines or event.button != 1:
            return
        found = self.column_at(offset.x)
        if found is not None and found[0] is not MARK:
            column, cells, is_border = found
            self._drag = _Drag("border" if is_border else "title", column.key, offset.x, cells, self.choice)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draws the border with the mouse, or shows where the title would go."""
        drag = self._drag
        if drag is None:
            return
        x = int(event.x) - self.gutter.left
        if drag.holds == "border":
            self._was_dragged = self._was_dragged or x != drag.x
            if self._was_dragged:
                self.choose(self.with_width(drag.choice, drag.key, drag.cells + x - drag.x))
            return
        found = self.column_at(max(0, x))
        target = found[0].key if found is not None else self.keys_in_sight[-1]
        target = self.keys_in_sight[0] if target == MARK.key else target
        self._was_dragged = self._was_dragged or target != drag.key
        if self._was_dragged:
            self.show_dragged((drag.key, target))

    def on_mouse_up(self) -> None:
        """Lets go."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        self.release_mouse()
        if self.choice != drag.choice:
            self.post_message(self.ChoiceChanged(self, self.choice))
        dragged = self.dragged
        self.show_dragged(None)
        if dragged is not None:
            self.put_column(drag.key, self.keys_to_order().index(dragged[1]))

    def on_click(self, event: events.Click) -> None:
        """A cursor among the columns goes to the cell that was clicked."""
        offset = event.get_content_offset(self)
        if self.column_cursor and offset is not None and offset.y >= self.header_lines:
            found = self.column_at(offset.x)
            if found is not None and found[0] is not MARK:
                self.put_column_cursor(found[0].key)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """With shift it goes sideways."""
        self._wheel(event, 1, is_sideways=event.shift)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """With shift it goes sideways."""
        self._wheel(event, -1, is_sideways=event.shift)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """A wheel that goes sideways."""
        self._wheel(event, 1, is_sideways=True)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """A wheel that goes sideways."""
        self._wheel(event, -1, is_sideways=True)

    def _wheel(self, event: events.MouseEvent, steps: int, *, is_sideways: bool) -> None:
        if is_sideways:
            event.stop()
            event.prevent_default()
            self.scroll_columns(steps)
