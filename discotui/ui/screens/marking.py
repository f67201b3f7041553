"""Marks: the items that were chosen to be edited together. They stay through filters, folders and orders."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from textual import on

from discotui.library.core import Changes
from discotui.library.items import Item
from discotui.ui.screens.showing import Showing
from discotui.ui.session import Session
from discotui.ui.text import number, plural
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.release_table import ReleaseTable
from discotui.ui.widgets.status_bar import StatusBar


class Marking(Showing):
    """Marks items one by one, in a range, all that are shown, or all others."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        # The table looks into this very set.
        self._marked: set[int] = set()
        self._range: _Range | None = None
        self._hidden = 0

    @property
    @abstractmethod
    def current_item(self) -> Item | None:
        """The item under the cursor; the subclass's."""

    # --- what is marked -------------------------------------------------------------------------------

    @property
    def marked(self) -> frozenset[int]:
        """Instance ids of the marked items."""
        return frozenset(self._marked)

    @property
    def has_marks(self) -> bool:
        """There are some."""
        return bool(self._marked)

    def targets(self) -> list[int]:
        """Instance ids of what a command is about: what is marked, or else the item under the cursor.

        In the order of the table; those that it does not show come last.
        """
        if not self._marked:
            return [] if self.current_item is None else [self.current_item.instance_id]
        shown = [item.instance_id for item in self._table.items if item.instance_id in self._marked]
        return [*shown, *sorted(self._marked.difference(shown))]

    def column_context(self) -> ColumnContext:
        """What rows say beyond their items, their marks included."""
        return replace(super().column_context(), marked=self._marked)

    def library_changed(self, changes: Changes) -> bool:
        """Marks follow ids that were replaced, and go with items that are gone."""
        if self._marked:
            for old, new in changes.renamed.items():
                if old in self._marked:
                    self._marked.remove(old)
                    self._marked.add(new)
            gone = (changes.items & self._marked) - self.session.library.there_of(changes.items)
            if gone:
                self._marked -= gone
                self._show_number()
        return super().library_changed(changes)

    # --- marking --------------------------------------------------------------------------------------

    def do_item_mark(self) -> None:
        """Mark the item under the cursor, or let it go, and step on; at the end of a range that is all."""
        if self._range is not None:
            self.end_range()
            return
        item = self.current_item
        if item is not None:
            self.mark([item.instance_id], marked=item.instance_id not in self._marked)
            self._table.action_cursor_down()

    def do_mark_range(self) -> None:
        """Begin a range that follows the cursor, or end it."""
        if self._range is not None:
            self.end_range()
            return
        item = self.current_item
        if item is not None:
            self._range = _Range(self._table, self._marked)
            self._range.reach(self._table.cursor)
            self._show_number()
            self.say("v or space ends the range, esc lets it go", seconds=60)

    def do_mark_all(self) -> None:
        """Mark all that are shown; when they are, let them go."""
        self._leave_range()
        shown = {item.instance_id for item in self._table.items}
        self.mark(shown, marked=not shown <= self._marked)

    def do_mark_invert(self) -> None:
        """Of those that are shown, mark what is not marked, and let go what is."""
        self._leave_range()
        self._marked ^= {item.instance_id for item in self._table.items}
        self._marks_changed()

    def _leave_range(self) -> None:
        """Other marks are made: what the range has marked stays, and nothing is said of it any more."""
        if self._range is not None:
            self._range = None
            self.say("")

    def mark(self, instance_ids: Iterable[int], *, marked: bool = True) -> None:
        """Mark items that are shown, or let them go."""
        if marked:
            self._marked.update(instance_ids)
        else:
            self._marked.difference_update(instance_ids)
        self._marks_changed()

    def mark_only(self, instance_ids: Iterable[int], *, of: frozenset[int]) -> None:
        """Of some items, mark these and let the others go; all other marks stay."""
        self._marked -= of
        self._marked.update(instance_ids)
        self._count_hidden()
        self._marks_changed()

    def let_range_go(self) -> bool:
        """Leave the range that is being chosen, and what it has marked. Whether there was one."""
        if self._range is None:
            return False
        self._range.let_go()
        self.end_range()
        return True

    def let_marks_go(self) -> None:
        """Without marks."""
        if self._marked:
            self.say(f"let {plural(len(self._marked), 'mark')} go")
            self._marked.clear()
            self._hidden = 0
            self._marks_changed()

    @on(ReleaseTable.CursorMoved, "#releases")
    def _range_follows(self) -> None:
        if self._range is not None and self.is_listed:
            self._range.reach(self._table.cursor)
            self._show_number()

    def _fill(self, items: list[Item]) -> None:
        """Other rows: a range that was being chosen ends as it is, and other marks are out of sight."""
        if self._range is not None:
            self.end_range()
        super()._fill(items)
        self._count_hidden()

    def end_range(self) -> None:
        """The range that was being chosen is what it has come to."""
        if self._range is None:
            return
        self._range = None
        self.say("")
        self._show_number()

    def _marks_changed(self) -> None:
        self._table.redraw_changed()
        self._show_number()

    def _show_number(self) -> None:
        """How many are marked, and how many of them are out of the table; in the status line, which is always there."""
        text = f"{number(len(self._marked))} marked" if self._marked else ""
        if self._marked and self._hidden:
            text += f", {number(self._hidden)} not shown"
        self.query_one(StatusBar).update(marked=text)
        self.show_keys()

    def _count_hidden(self) -> None:
        """How many marks are on items that the table does not show; marking in the table changes nothing about it."""
        shown = sum(item.instance_id in self._marked for item in self._table.items) if self._marked else 0
        self._hidden = len(self._marked) - shown
        self._show_number()

    @property
    def _table(self) -> ReleaseTable:
        return self.query_one(ReleaseTable)


class _Range:
    """A range that follows the cursor: what it has passed over and left again is as it was.

    Args:
        table: Whose rows.
        marked: The marks; changed as the range is.
    """

    def __init__(self, table: ReleaseTable, marked: set[int]) -> None:
        self._table = table
        self._marked = marked
        self._before = frozenset(marked)
        self._anchor = table.cursor
        self._rows = range(self._anchor, self._anchor)

    def reach(self, row: int) -> None:
        """Let the range go from where it began to this row."""
        old, new = self._rows, range(min(self._anchor, row), max(self._anchor, row) + 1)
        self._rows = new
        for left in (range(old.start, min(old.stop, new.start)), range(max(old.start, new.stop), old.stop)):
            self._put(left, marked=False)
        for reached in (range(new.start, min(new.stop, old.start)), range(max(new.start, old.stop), new.stop)):
            self._put(reached, marked=True)

    def let_go(self) -> None:
        """All is as it was before."""
        self._put(self._rows, marked=False)

    def _put(self, rows: range, *, marked: bool) -> None:
        items = self._table.items
        ids = [items[row].instance_id for row in rows]
        if marked:
            self._marked.update(ids)
        else:
            self._marked.difference_update(each for each in ids if each not in self._before)
        self._table.redraw_lines(rows)
