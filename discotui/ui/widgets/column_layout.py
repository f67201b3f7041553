"""How the columns of the table share its width, and which of them have room.

Pure functions of columns and numbers. Two rules are known. At home, where nothing was chosen, columns come and go with
the window: the more important ones first, each with the room it wants. Columns that a person has put in order stand in
that order, each in its least width, and those that have no room are reached by going sideways. Artist and title stay in
sight then, so that one sees whose values these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from discotui.ui.widgets.columns import MARK, Column

Plan = list[tuple[Column, int]]
"""Columns from left to right with their cells. One blank cell stands between two columns."""


def layout(columns: Sequence[Column], width: int, *, start: int | None = None, in_order: bool = False) -> Plan:
    """Which columns are shown in a table of that many cells, and how wide.

    Args:
        columns: The columns to choose from, in their order, without the marks, which are always shown.
        width: Cells of a row.
        start: The number of the column that is the first beside the marks, and beside the names that would stand
            before it; None is at home, where the first columns are shown or, unless ``in_order``, the most important
            ones.
        in_order: The order is the person's: what stands first has room first.

    Returns:
        Columns and their widths, which together with the blanks between them are exactly ``width``, provided that a
        column that grows is among them, and never more. No width is below its column's least, but in a table that
        has not got that much.
    """
    columns = _narrowed(columns, width)
    if start is None and not in_order:
        shown = _most_important(columns, width)
    else:
        shown = _one_by_one(columns, width, start or 0, in_order=in_order)
    widths = {column.key: column.width for column in shown}
    _grow(shown, widths, width - sum(widths.values()) - (len(shown) - 1))
    return [(column, widths[column.key]) for column in shown]


def start_that_shows(
    columns: Sequence[Column], width: int, place: int, start: int | None, *, in_order: bool
) -> int | None:
    """Where the table has to start so that a column is in sight, moved no further than needed.

    Args:
        columns: As for :func:`layout`.
        width: As for :func:`layout`.
        place: The number of the column.
        start: Where the table starts now.
        in_order: As for :func:`layout`.
    """
    key = columns[place].key

    def is_in_sight(start: int | None) -> bool:
        return any(shown.key == key for shown, _ in layout(columns, width, start=start, in_order=in_order))

    if is_in_sight(start):
        return start
    first = start or 0
    if place < first:
        return place
    # Nearer ones may show the same, where all that is left out is names.
    return next((each for each in range(first, place) if is_in_sight(each)), place)


def last_start(columns: Sequence[Column], width: int, *, in_order: bool) -> int:
    """The furthest start that makes sense: the one that brings the last column into sight."""
    if not columns:
        return 0
    return start_that_shows(columns, width, len(columns) - 1, 0, in_order=in_order) or 0


def room_beside_marks(width: int) -> int:
    """Cells of a row that columns other than the marks can have."""
    return width - MARK.width - 1


def _narrowed(columns: Sequence[Column], width: int) -> Sequence[Column]:
    """The columns, none wider than the table."""
    room = max(0, room_beside_marks(width))
    if all(column.width <= room for column in columns):
        return columns
    return [replace(each, width=min(each.width, room), comfort=min(each.comfort, room)) for each in columns]


def _one_by_one(columns: Sequence[Column], width: int, start: int, *, in_order: bool) -> list[Column]:
    """The columns from ``start`` on that have room, beside the names that stand before it."""
    names = [replace(column, comfort=0) for column in columns[:start] if column.tone == "main"]
    while True:
        shown = _fitting([MARK, *names, *columns[start:]], width, at_least=in_order)
        if not names or len(shown) > 1 + len(names):
            return shown
        names.pop(0)


def _most_important(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns that have room, those that matter most first, in the order given."""
    every = [MARK, *columns]
    chosen = _fitting(sorted(every, key=lambda column: column.priority), width)
    return [column for column in every if column in chosen]


def _fitting(columns: Sequence[Column], width: int, *, at_least: bool = False) -> list[Column]:
    """As many columns as have room, each once those before it have what they want, or the least they need."""
    chosen: list[Column] = []
    wanted = 0
    for column in columns:
        gap = 1 if chosen else 0
        if not column.width or wanted + gap + column.width > width:
            break
        chosen.append(column)
        wanted += gap + (column.width if at_least else column.wanted)
    return chosen


def _grow(shown: Sequence[Column], widths: dict[str, int], left_over: int) -> None:
    """Gives the cells left over to the growing columns by weight; what does not divide goes to the first."""
    growing = sorted((column for column in shown if column.weight), key=lambda column: column.priority)
    if not growing:
        return
    total = sum(column.weight for column in growing)
    rest = left_over
    for column in growing:
        share = left_over * column.weight // total
        widths[column.key] += share
        rest -= share
    widths[growing[0].key] += rest
