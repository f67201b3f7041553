"""The main screen's commands for the columns, and what is remembered of the table."""

from __future__ import annotations

from collections.abc import Callable

from textual import on

from discotui import errors
from discotui.library.columns import ColumnChoice
from discotui.ui import wording
from discotui.ui.screens.column_dialog import ColumnsDialog
from discotui.ui.screens.showing import Showing
from discotui.ui.widgets.release_table import ReleaseTable

_CHOOSE_FIRST = "choose a column first: ← and → in the table"


class Arranging(Showing):
    """Columns are changed where one sees them; columns and order are there again the next time.

    Where nothing can be written they hold for this run.
    """

    def recall_columns(self) -> None:
        """The columns as they were left. To be called before the table is first filled."""
        self.query_one(ReleaseTable).choose(self.session.library.remembered.columns())

    def sort_by(self, key: str) -> None:
        """Order by a key; that of folders is remembered, while views have their own."""
        super().sort_by(key)
        if self.listing.view is None:
            order = self.listing.order
            self._remember(lambda: self.session.library.remembered.put_order(order))

    @on(ReleaseTable.ChoiceChanged)
    def _choice_changed(self, event: ReleaseTable.ChoiceChanged) -> None:
        event.stop()
        self._remember_columns(event.choice)

    def _remember_columns(self, choice: ColumnChoice) -> None:
        self._remember(lambda: self.session.library.remembered.put_columns(choice))

    def _remember(self, put: Callable[[], None]) -> None:
        if self.session.only_looks:
            return
        try:
            put()
        except errors.LibraryError as error:
            self.tell(wording.explain(error), severity="error")

    # --- commands

    def do_columns_choose(self) -> None:
        """Choose, order and size them; the table shows at once how it would be."""
        table = self.query_one(ReleaseTable)
        before = table.choice

        def answered(choice: ColumnChoice | None) -> None:
            table.choose(choice or before)
            if choice is not None and choice != before:
                self._remember_columns(choice)

        fields = tuple(self.session.library.fields())
        dialog = ColumnsDialog(before, fields, preview=table.choose, cells_of=table.cells_of)
        self.app.push_screen(dialog, answered)

    def do_column_left(self) -> None:
        """To the column on the left."""
        self.query_one(ReleaseTable).move_column_cursor(-1)

    def do_column_right(self) -> None:
        """To the column on the right."""
        self.query_one(ReleaseTable).move_column_cursor(1)

    def do_column_narrower(self) -> None:
        """A cell less."""
        self._widen(-1)

    def do_column_wider(self) -> None:
        """A cell more."""
        self._widen(1)

    def _widen(self, steps: int) -> None:
        if not self.query_one(ReleaseTable).widen_column(steps):
            self.say(_CHOOSE_FIRST)

    def do_column_earlier(self) -> None:
        """One place further left."""
        self._shift_column(-1)

    def do_column_later(self) -> None:
        """One place further right."""
        self._shift_column(1)

    def _shift_column(self, steps: int) -> None:
        if not self.query_one(ReleaseTable).shift_column(steps):
            self.say(_CHOOSE_FIRST)
