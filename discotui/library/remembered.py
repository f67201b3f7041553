"""How the person last had the table: kept with the collection, and no part of it."""

from __future__ import annotations

from discotui.library.columns import ColumnChoice
from discotui.library.core import Core
from discotui.library.sorting import Order

_COLUMNS = "columns"
_ORDER = "order"


class Remembered:
    """What is shown next time as it was left.

    Putting raises :class:`~discotui.errors.LibraryError` where the file cannot be written.

    Args:
        core: The library's state.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def columns(self) -> ColumnChoice:
        """The columns that were chosen."""
        return ColumnChoice.from_json(self._get(_COLUMNS))

    def put_columns(self, choice: ColumnChoice) -> None:
        """Keep the choice of columns."""
        self._put(_COLUMNS, choice.to_json())

    def order(self) -> Order:
        """The order that folders were last shown in."""
        return Order.from_text(self._get(_ORDER))

    def put_order(self, order: Order) -> None:
        """Keep the order."""
        self._put(_ORDER, order.to_text())

    def _get(self, name: str) -> str:
        with self._core.lock:
            return str(self._core.meta.get(name, ""))

    def _put(self, name: str, text: str) -> None:
        with self._core.kept():
            self._core.set_meta(**{name: text})
