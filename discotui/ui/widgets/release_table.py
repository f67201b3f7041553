"""The table of the collection: one line for each item, drawn only where it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from operator import attrgetter, indexOf

from textual import events
from textual.message import Message
from textual.strip import Strip

from discotui.library.items import Item
from discotui.ui.text import NO_STAR, fit, fit_right
from discotui.ui.widgets.column_mouse import DraggedColumns
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.runs import Runs

_FEW = 3
"""Up to so many rows are looked for one by one; for more an index of all rows is cheaper."""

_NEIGHBOURS = 64
"""How far around an item that is gone the nearest one still there is looked for."""

_instance_id = attrgetter("instance_id")


class ReleaseTable(DraggedColumns):
    """Items as rows under a header that names the columns and the order.

    The rows are the sequence that :meth:`show` was given, in its order: the table neither sorts nor filters.
    The cursor belongs to an item, not to a line; so does the cell under it and the cursor among the columns.
    """

    class ItemUnderCursor(Message):
        """Another item is under the cursor, or a new version of the same one.

        Attributes:
            table: Where.
            item: None when the table is empty.
        """

        def __init__(self, table: ReleaseTable, item: Item | None) -> None:
            super().__init__()
            self.table = table
            self.item = item

        @property
        def control(self) -> ReleaseTable:
            """The table, for ``@on`` with a selector."""
            return self.table

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._items: Sequence[Item] = ()
        self._own_rows: list[Item] | None = None
        self._rows_by_id: dict[int, int] | None = None
        self._row_context = ColumnContext()
        self._announced: Item | None = None
        self._pressed: int | None = None

    # --- what is shown

    @property
    def items(self) -> Sequence[Item]:
        """The rows, in their order. Not to be changed by the caller."""
        return self._items

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self._items[self.cursor] if self.cursor < len(self._items) else None

    def move_to_item(self, instance_id: int) -> bool:
        """Put the cursor on an item. Returns whether it has a row."""
        row = self._find_row(instance_id)
        if row is None:
            return False
        self.move_cursor(row)
        return True

    def shown(self, instance_id: int) -> Item | None:
        """The item of that id as its row has it, None when it has no row."""
        row = self._find_row(instance_id)
        return None if row is None else self._items[row]

    @property
    def line_count(self) -> int:
        """How many items there are."""
        return len(self._items)

    @property
    def header_lines(self) -> int:
        """The titles of the columns."""
        return 1

    def show(
        self,
        items: Sequence[Item],
        *,
        context: ColumnContext,
        sort_key: str,
        descending: bool,
        keep_cursor: bool = True,
    ) -> None:
        """Replaces all rows, at a cost that does not grow with them, unless the cursor's item must be found.

        Args:
            items: The rows in their order. Held, not copied: the caller does not change it afterwards.
            context: What rows say beyond their items.
            sort_key: Key of the column that gets the arrow, if it is shown; "" for none.
            descending: Which arrow.
            keep_cursor: The cursor stays on its item, or on the nearest one still there, and that where it
                is on the screen. Otherwise it goes to the first row.
        """
        cursor = self._follow(items) if keep_cursor else 0
        self._items = items
        self._own_rows = self._rows_by_id = None
        self._sort_key, self._descending = sort_key, descending
        self._take_context(context)
        item = items[min(cursor, len(items) - 1)] if items else None
        self.lines_changed(cursor, keep_place=keep_cursor, announce=item is not self._announced)
        if self.column_cursor:
            self.post_message(self.CellsMoved())

    def replace(self, items: Iterable[Item], context: ColumnContext) -> None:
        """Changes single rows where they are, whatever the order; items without a row are passed over.

        Args:
            items: New versions of items shown. May be empty when only marks or waiting edits changed.
            context: What rows say beyond their items, all rows.
        """
        for row, item in self._find_rows(list(items)):
            self._set_row(row, item)
        if self._take_context(context):
            self.redraw_all()
        else:
            self.redraw_changed()
        self._announce_new_item()

    def rename_item(self, old_id: int, new_id: int) -> None:
        """An added item has got its instance id from Discogs: its row, and the cursor on it, stay.

        To be called before :meth:`show` is given rows with the new id.
        """
        row = self._find_row(old_id)
        if row is not None:
            self._set_row(row, replace(self._items[row], instance_id=new_id))
            self.redraw_line(row)
            self._announce_new_item()

    def announce(self) -> None:
        """Tells that the cursor has moved, and what is under it if that is something else."""
        super().announce()
        item = self.current
        if item is not self._announced:
            self._announced = item
            self.post_message(self.ItemUnderCursor(self, item))

    def _announce_new_item(self) -> None:
        if self.current is not self._announced:
            self.announce()

    def _take_context(self, context: ColumnContext) -> bool:
        """Whether other columns are shown now."""
        self._row_context = context
        return self.take_fields(context.fields)

    # --- finding rows

    def _follow(self, items: Sequence[Item]) -> int:
        """The row in ``items`` of the item under the cursor, or of the nearest one that is still there."""
        current = self.current
        if current is None:
            return 0
        same_row = items[self.cursor] if self.cursor < len(items) else None
        if same_row is not None and same_row.instance_id == current.instance_id:
            return self.cursor
        # Another order of the same objects is the usual case, and comparing addresses reads no object's memory.
        with suppress(ValueError):
            return indexOf(map(id, items), id(current))
        with suppress(ValueError):
            return indexOf(map(_instance_id, items), current.instance_id)
        return self._nearest(items)

    def _nearest(self, items: Sequence[Item]) -> int:
        """The row in ``items`` of the nearest neighbour of the cursor, the next one before the previous."""
        start = max(0, self.cursor - _NEIGHBOURS)
        around = self._items[start : self.cursor + _NEIGHBOURS]
        distances = {
            item.instance_id: 2 * abs(row - self.cursor) + (row < self.cursor) for row, item in enumerate(around, start)
        }
        found = (
            (distances[instance_id], row)
            for row, instance_id in enumerate(map(_instance_id, items))
            if instance_id in distances
        )
        return min(found, default=(0, self.cursor))[1]

    def _find_row(self, instance_id: int) -> int | None:
        current = self.current
        if current is not None and current.instance_id == instance_id:
            return self.cursor
        if self._rows_by_id is not None:
            return self._rows_by_id.get(instance_id)
        in_sight = self._items[self.top_line : self.top_line + self.visible_lines]
        for row, item in enumerate(in_sight, self.top_line):
            if item.instance_id == instance_id:
                return row
        try:
            return indexOf(map(_instance_id, self._items), instance_id)
        except ValueError:
            return None

    def _find_rows(self, items: Sequence[Item]) -> list[tuple[int, Item]]:
        """Rows and the items that belong there."""
        if len(items) > _FEW and self._rows_by_id is None:
            self._rows_by_id = dict(zip(map(_instance_id, self._items), range(len(self._items)), strict=True))
        found = ((self._find_row(item.instance_id), item) for item in items)
        return [(row, item) for row, item in found if row is not None]

    def _set_row(self, row: int, item: Item) -> None:
        if self._own_rows is None:
            # The sequence was lent; from the first change on the table has its own.
            self._items = self._own_rows = list(self._items)
        if self._rows_by_id is not None:
            self._rows_by_id.pop(self._own_rows[row].instance_id, None)
            self._rows_by_id[item.instance_id] = row
        self._own_rows[row] = item

    # --- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Notes the item: the focus comes with it, and may take a row away before the button is let go."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else self.top_line + offset.y - self.header_lines
        is_item = offset is not None and offset.y >= self.header_lines and row < len(self._items)
        self._pressed = self._items[row].instance_id if is_item else None

    def line_clicked(self, line: int, times: int) -> None:
        """The cursor goes to the item on which the button was pressed."""
        row = None if self._pressed is None else self._find_row(self._pressed)
        super().line_clicked(line if row is None else row, times)

    # --- drawing

    def line_strip(self, line: int, width: int) -> Strip:
        """Draws an item."""
        item, context, tones = self._items[line], self._row_context, self.tones
        runs = Runs()
        for column, cells in self.plan_in(width):
            text = column.text(item, context)
            text = (fit(text, cells) if column.align == "left" else fit_right(text, cells)) + " "
            if column.tone == "main":
                runs.add(text, tones.main)
            elif column.tone == "quiet":
                runs.add(text, tones.quiet)
            elif column.tone == "rating":
                given = text.rstrip(f"{NO_STAR} ")
                runs.add(given, tones.accent)
                runs.add(text[len(given) :], tones.quiet)
            else:
                runs.add(text, tones.main if text.isspace() else tones.accent)
        return runs.strip(width, tones.main)
