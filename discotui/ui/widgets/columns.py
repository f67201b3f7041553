"""The columns of the release table: what each says about an item, and how they share a width.

Pure functions of items and numbers: nothing here knows Textual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal

from discotui.library.items import Field, Folder, Item, short_condition
from discotui.library.sorting import SORT_KEYS, note_key
from discotui.ui.text import stars

MARKED = "●"
WAITING = "↑"
CONFLICT = "!"

MEDIA_FIELD = "Media Condition"
SLEEVE_FIELD = "Sleeve Condition"

Align = Literal["left", "right"]
Tone = Literal["mark", "main", "quiet", "rating"]
"""How a column is drawn: state symbols, what one reads first, what one looks up, stars."""


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What a row says beyond its item.

    Attributes:
        folders: Folder names by id.
        media_field: Id of the field for the medium's condition, None when the collection has none.
        sleeve_field: The same for the sleeve.
        waiting: Instance ids with edits that Discogs has not confirmed.
        conflicts: Instance ids with edits of what was changed at Discogs too.
        marked: Instance ids chosen by the person.
    """

    folders: Mapping[int, str] = field(default_factory=dict)
    media_field: int | None = None
    sleeve_field: int | None = None
    waiting: Set[int] = frozenset()
    conflicts: Set[int] = frozenset()
    marked: Set[int] = frozenset()

    @classmethod
    def of(
        cls,
        folders: Iterable[Folder],
        fields: Iterable[Field],
        *,
        waiting: Set[int] = frozenset(),
        conflicts: Set[int] = frozenset(),
        marked: Set[int] = frozenset(),
    ) -> ColumnContext:
        """The context of a collection. Condition fields are found by name: their ids are the person's own."""
        by_name = {each.name.strip().casefold(): each.field_id for each in fields}
        return cls(
            folders={folder.folder_id: folder.name for folder in folders},
            media_field=by_name.get(MEDIA_FIELD.casefold()),
            sleeve_field=by_name.get(SLEEVE_FIELD.casefold()),
            waiting=waiting,
            conflicts=conflicts,
            marked=marked,
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Attributes:
        key: Its name in code; for most also the key that the collection is sorted by: see :func:`sort_key`.
        title: What the header says.
        width: Cells: the least for a column that grows, exactly for one that does not.
        text: What it says about an item, uncleaned.
        weight: Share of the cells that are left over; 0 keeps the width.
        comfort: Cells that a column wants before a less important one is given room; at least ``width``.
        priority: Rank when room is short; the lowest number goes last.
        align: Where a text shorter than the column stands.
        tone: How it is drawn.
    """

    key: str
    title: str
    width: int
    text: Callable[[Item, ColumnContext], str]
    weight: int = 0
    comfort: int = 0
    priority: int = 0
    align: Align = "left"
    tone: Tone = "quiet"

    @property
    def wanted(self) -> int:
        """The cells that the column wants before a less important one appears."""
        return max(self.width, self.comfort)


def _mark(item: Item, context: ColumnContext) -> str:
    marked = MARKED if item.instance_id in context.marked else " "
    if item.instance_id in context.conflicts:
        return marked + CONFLICT
    waits = item.is_unconfirmed or item.instance_id in context.waiting
    return marked + (WAITING if waits else " ")


def _media(item: Item, context: ColumnContext) -> str:
    return "" if context.media_field is None else short_condition(item.note(context.media_field))


def _sleeve(item: Item, context: ColumnContext) -> str:
    return "" if context.sleeve_field is None else short_condition(item.note(context.sleeve_field))


COLUMNS: tuple[Column, ...] = (
    Column("mark", "", 2, _mark, priority=0, tone="mark"),
    Column("artist", "Artist", 10, lambda item, _: item.artist, weight=5, comfort=15, priority=2, tone="main"),
    Column("title", "Title", 10, lambda item, _: item.title, weight=7, comfort=20, priority=1, tone="main"),
    Column("label", "Label", 10, lambda item, _: item.label, weight=3, comfort=10, priority=5),
    Column("catno", "Cat#", 9, lambda item, _: item.catno, weight=2, comfort=9, priority=6),
    Column("format", "Format", 12, lambda item, _: item.format, weight=3, comfort=22, priority=7),
    Column("year", "Year", 4, lambda item, _: str(item.year) if item.year else "", priority=3),
    # One cell more than the stars, so that the last column of a narrow table has room for the sort arrow.
    Column("rating", "Rated", 6, lambda item, _: stars(item.rating), priority=4, tone="rating"),
    Column("media", "Media", 6, _media, priority=8),
    Column("sleeve", "Sleeve", 8, _sleeve, priority=9),
    Column("added", "Added", 10, lambda item, _: item.added[:10], priority=10),
    Column(
        "folder",
        "Folder",
        10,
        lambda item, context: context.folders.get(item.folder_id, ""),
        weight=2,
        priority=11,
    ),
)
"""All columns, in the order in which they stand."""


def columns_for(context: ColumnContext) -> tuple[Column, ...]:
    """The columns that this collection has something to say in."""
    missing = {
        key for key, field_id in (("media", context.media_field), ("sleeve", context.sleeve_field)) if field_id is None
    }
    return tuple(column for column in COLUMNS if column.key not in missing)


def sort_key(column: str, context: ColumnContext) -> str:
    """The key by which a column's items are sorted, "" for a column that has none."""
    field_id = {"media": context.media_field, "sleeve": context.sleeve_field}.get(column)
    if field_id is not None:
        return note_key(field_id)
    return column if column in SORT_KEYS else ""


def sorted_column(key: str, context: ColumnContext) -> str:
    """The column whose items a key sorts, "" when none does."""
    return next((column.key for column in COLUMNS if sort_key(column.key, context) == key), "")


def layout(columns: Sequence[Column], width: int) -> list[tuple[Column, int]]:
    """Which columns are shown in a table of that many cells, and how wide.

    Columns appear in the order of their priority, each as soon as the more important ones have the width
    that they want; those shown keep the order given. One blank cell stands between two columns.

    Args:
        columns: The columns to choose from.
        width: Cells of a row.

    Returns:
        Columns and their widths, which together with the blanks between them are exactly ``width``, provided
        that a column that grows fits in at all. No width is below its column's least.
    """
    shown = _choose(columns, width)
    widths = {column.key: column.width for column in shown}
    left_over = width - sum(widths.values()) - (len(shown) - 1)
    _grow(shown, widths, left_over)
    return [(column, widths[column.key]) for column in shown]


def _choose(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns that have room, in the order given."""
    chosen: list[Column] = []
    wanted = 0
    for column in sorted(columns, key=lambda column: column.priority):
        gap = 1 if chosen else 0
        if wanted + gap + column.width > width:
            break
        chosen.append(column)
        wanted += gap + column.wanted
    return [column for column in columns if column in chosen]


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
