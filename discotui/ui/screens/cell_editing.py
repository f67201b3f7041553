"""Editing in the table: a cell, then the next one, so that a whole shelf is typed in one sweep."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual import on
from textual.geometry import Region
from textual.widget import Widget

from discotui.library.core import Changes
from discotui.library.intentions import Intention, Move, Rate, SetNotes
from discotui.library.items import Item
from discotui.library.sorting import note_field
from discotui.ui import words_of_edits
from discotui.ui.screens.editing import Editing
from discotui.ui.session import Session
from discotui.ui.widgets.cell_editor import CellEditor
from discotui.ui.widgets.cells import FOLDER, RATING, cell_of, is_editable
from discotui.ui.widgets.columns import Column
from discotui.ui.widgets.release_table import ReleaseTable

_NO_FIELD_SHOWN = "No notes field is among the columns. C chooses them; then E edits in the table."


class CellEditing(Editing):
    """The editor belongs to an item and a column: what happens to the rows meanwhile does not concern it.

    The item's row stays as long as it is edited, even where it does not belong any more: who grades what has no
    condition yet goes on to the sleeve in the same row.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._is_keeping = False

    @abstractmethod
    def bring_table(self) -> None:
        """Bring the table to the front, where it is folded away; the subclass's."""

    # --- opening and leaving

    @property
    def cell_editor(self) -> CellEditor:
        """Where cells are edited."""
        return self.query_one(CellEditor)

    @property
    def is_in_cell(self) -> bool:
        """A cell is being edited."""
        return self.cell_editor.is_open

    def do_cell_edit(self) -> None:
        """Edit the cell under both cursors; without one among the columns, that of the first notes field."""
        table, item = self.query_one(ReleaseTable), self.current_item
        if item is None or self.is_in_cell:
            return
        column = self._column(table.column_cursor) or self._first_field()
        if column is None:
            no_fields = "This collection has no notes fields yet. They are made at Discogs."
            self.tell(_NO_FIELD_SHOWN if self.session.library.fields() else no_fields)
        elif not is_editable(column):
            self.say(f"{column.title}: comes from Discogs, nothing to edit")
        else:
            self.bring_table()
            table.put_column_cursor(column.key)
            table.scroll_to_line(table.cursor)
            self._open(item, column)

    def _column(self, key: str) -> Column | None:
        columns: Sequence[Column] = self.query_one(ReleaseTable).columns
        return next((column for column in columns if column.key == key), None)

    def _first_field(self) -> Column | None:
        """The first notes field in sight, or else the first that is reached by going sideways."""
        table = self.query_one(ReleaseTable)
        in_sight = table.keys_in_sight
        fields = [column for column in table.columns if column.field is not None]
        return next((column for column in fields if column.key in in_sight), fields[0] if fields else None)

    def _open(self, item: Item, column: Column) -> None:
        self.cell_editor.open(item.instance_id, cell_of(column, item, self.session.library.folders()))
        self._keep_row(item.instance_id)
        self._place()
        self.show_keys()

    def _close(self) -> None:
        self.cell_editor.close()
        self._keep_row(None)
        self.set_focus(self.query_one(ReleaseTable), scroll_visible=False)
        self.show_keys()

    def on_descendant_focus(self) -> None:
        """Who goes elsewhere with the mouse keeps what was typed, if it can be kept."""
        editor = self.cell_editor
        if not editor.is_open or self.focused is None or self.focused is editor.entry:
            return
        self._keep_cell()
        editor.close()
        self._keep_row(None)
        self.show_keys()

    # --- keeping

    def do_cell_next(self) -> None:
        """Keep it, and go on below."""
        self._keep_and_go_down(1)

    def do_cell_down(self) -> None:
        """Another choice; in a text there is none, so go on below."""
        if not self.cell_editor.step(1):
            self._keep_and_go_down(1)

    def do_cell_up(self) -> None:
        """The choice before; in a text go on above."""
        if not self.cell_editor.step(-1):
            self._keep_and_go_down(-1)

    def do_cell_right(self) -> None:
        """Keep it, and go on in the next column that can be edited."""
        self._keep_and_go_right(1)

    def do_cell_left(self) -> None:
        """Keep it, and go on in the column before."""
        self._keep_and_go_right(-1)

    def do_cell_save(self) -> None:
        """Keep it."""
        if self._keep_cell():
            self._close()

    def do_cell_leave(self) -> None:
        """As it was."""
        self._close()

    def _keep_and_go_down(self, lines: int) -> None:
        """Keep the cell, and edit that of the item that stood next to it before, wherever the edit puts its own."""
        table, editor = self.query_one(ReleaseTable), self.cell_editor
        line, items = self._line_beside(lines), table.items
        following = items[line] if 0 <= line < len(items) else None
        if following is not None:
            # First, because the cursor then stays on that item when the rows change their places.
            table.move_cursor(line)
        if not self._keep_cell():
            table.move_to_item(self._edited_now(editor.instance_id))
            self._place()
            return
        column = self._column(editor.cell.key)
        following = following and self.session.library.item(following.instance_id)
        if following is not None and column is not None:
            self._open(following, column)
            return
        self._close()
        if following is None:
            self.say("that was the last one" if lines > 0 else "that was the first one")

    def _line_beside(self, lines: int) -> int:
        """The line of the item that stands below or above the edited one."""
        table = self.query_one(ReleaseTable)
        if table.move_to_item(self._edited_now(self.cell_editor.instance_id)):
            return table.cursor + lines
        # The edited item is gone, and the cursor stands on what stood below it.
        return table.cursor if lines > 0 else table.cursor - 1

    def _keep_and_go_right(self, columns: int) -> None:
        table, editor = self.query_one(ReleaseTable), self.cell_editor
        if not self._keep_cell():
            return
        editable = [column for column in table.columns if is_editable(column)]
        keys = [column.key for column in editable]
        item = self.session.library.item(editor.instance_id)
        if item is None or editor.cell.key not in keys:
            self._close()
            return
        column = editable[(keys.index(editor.cell.key) + columns) % len(editable)]
        table.put_column_cursor(column.key)
        self._open(item, column)

    def _keep_cell(self) -> bool:
        """Keep what was typed; what nobody changed is not written. Whether the editor can go on."""
        editor = self.cell_editor
        if not editor.has_changed:
            return True
        value = editor.value
        if value is None:
            self.tell(self._why_not_kept())
            return False
        self._is_keeping = True
        try:
            return self.edit_cell(editor.instance_id, editor.cell.key, value)
        finally:
            self._is_keeping = False

    def _why_not_kept(self) -> str:
        editor = self.cell_editor
        typed = editor.entry.value.strip()
        if not typed:
            return f"{editor.cell.title} cannot be empty."
        return f"“{typed}” is none of the choices of {editor.cell.title}. Nothing was changed."

    def edit_cell(self, instance_id: int, key: str, value: str) -> bool:
        """Set one value of one item.

        Args:
            instance_id: The item.
            key: The column.
            value: As :class:`~discotui.ui.widgets.cells.Cell` has it.

        Returns:
            Whether it is so now; otherwise it was told why not.
        """
        field_id = note_field(key)
        if field_id is not None:
            return self._carry_out_at_once(SetNotes({field_id: value}), instance_id)
        if key == RATING:
            return self._carry_out_at_once(Rate(int(value or 0)), instance_id)
        if key == FOLDER:
            return self._carry_out_at_once(Move(int(value)), instance_id)
        raise ValueError(f"{key} cannot be edited")

    def _carry_out_at_once(self, intention: Intention, instance_id: int) -> bool:
        """An edit as any other: it can be repeated elsewhere."""
        names, name = self.names(), self.name_among([instance_id])
        done = self.edit(
            lambda: self.session.library.do(intention, [instance_id]),
            lambda result: words_of_edits.carried_out(intention, result, names, name),
        )
        if done is not None:
            self.done_once(intention)
        return done is not None

    def _edited_now(self, instance_id: int) -> int:
        """The id by which the item is known now."""
        item = self.session.library.item(instance_id)
        return item.instance_id if item else instance_id

    # --- staying with the item

    def _keep_row(self, instance_id: int | None) -> None:
        """The edited item keeps its row; what was edited before leaves the table where it does not belong any more."""
        if self.listing.keep(instance_id):
            self.show_table()

    def library_changed(self, changes: Changes) -> bool:
        """Bring the table up to date, and the editor with it."""
        is_in_place = super().library_changed(changes)
        self.when_listed(self._follow_item)
        return is_in_place

    @on(ReleaseTable.CellsMoved)
    def _cells_moved(self) -> None:
        """Follows once the new places are known."""
        if self.is_in_cell:
            self.call_after_refresh(self._place)

    def _follow_item(self) -> None:
        """The rows are other ones: the cell may have another value, or stand elsewhere."""
        editor = self.cell_editor
        if not editor.is_open or self._is_keeping:
            return
        item, column = self.session.library.item(editor.instance_id), self._column(editor.cell.key)
        if item is not None and column is not None:
            editor.is_now(cell_of(column, item, self.session.library.folders()))
        self._place()

    def _place(self) -> None:
        """Put the editor over its cell, which stays in sight."""
        table, editor = self.query_one(ReleaseTable), self.cell_editor
        if not editor.is_open:
            return
        if not table.move_to_item(self._edited_now(editor.instance_id)):
            # Nothing that is typed goes to whatever stands there now.
            editor.warn("the item is gone")
            return
        table.scroll_to_line(table.cursor)
        cell, container = table.cell_region(), table.parent
        if cell is None or not isinstance(container, Widget):
            return
        offset = table.region.offset - container.content_region.offset
        inside = Region(offset.x, offset.y, table.row_width, table.size.height)
        editor.place(cell.translate(offset), inside)
