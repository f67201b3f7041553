"""The columns of the release table: which there are, what each says about an item, which ones a choice means.

Pure functions of items: nothing here knows Textual. How columns share a width is
:mod:`discotui.ui.widgets.column_layout`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len

from discotui.library.columns import NARROW, USUAL, WIDE, ColumnChoice
from discotui.library.items import Field, Folder, Item, short_condition
from discotui.library.sorting import note_key
from discotui.ui.text import clean, stars

MARKED = "●"
WAITING = "↑"
CONFLICT = "!"

CONDITIONS = ("media condition", "sleeve condition")
"""The fields that Discogs makes for every collection, by name, in small letters: their ids are the person's own."""

_SHORT_CELLS = 4
"""What stands in brackets is a grade if it is so short, in capitals: "Very Good (VG)", but not "Swap (at a fair)"."""
_LEAST_DROPDOWN, _MOST_DROPDOWN = 6, 8

Align = Literal["left", "right"]
Tone = Literal["mark", "main", "quiet", "rating"]
"""How a column is drawn: state symbols, what one reads first, what one looks up, stars."""


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """What a row says beyond its item.

    Attributes:
        folders: Folder names by id.
        fields: The notes fields, by position.
        waiting: Instance ids with edits that Discogs has not confirmed.
        conflicts: Instance ids with edits of what was changed at Discogs too.
        marked: Instance ids chosen by the person.
    """

    folders: Mapping[int, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
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
        """The context of a collection."""
        return cls(
            folders={folder.folder_id: folder.name for folder in folders},
            fields=tuple(fields),
            waiting=waiting,
            conflicts=conflicts,
            marked=marked,
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Attributes:
        key: Its name in code; for all but the marks also the key that the collection is sorted by.
        title: What it is called; any text.
        width: Cells: the least for a column that grows, exactly for one that does not.
        text: What it says about an item, uncleaned.
        weight: Share of the cells that are left over; 0 keeps the width.
        comfort: Cells that a column wants before a less important one is given room; at least ``width``.
        priority: Rank when room is short; the lowest number goes last.
        align: Where a text shorter than the column stands.
        tone: How it is drawn.
        floor: Cells below which it makes no sense.
        short_title: What the header says where there is no room for the title; "" for the title as far as it goes.
        field: The notes field that it shows, None for what every item has.
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
    floor: int = 4
    short_title: str = ""
    field: Field | None = None

    @property
    def wanted(self) -> int:
        """The cells that the column wants before a less important one appears."""
        return max(self.width, self.comfort)

    def title_in(self, cells: int) -> str:
        """The title for so much room."""
        return self.short_title if self.short_title and cell_len(self.title) > cells else self.title

    def with_width(self, cells: int) -> Column:
        """The column in exactly that width, if that makes sense; it then matters enough to stay in sight."""
        return replace(self, width=max(self.floor, cells), weight=0, comfort=0, priority=min(self.priority, 1))


def _mark(item: Item, context: ColumnContext) -> str:
    marked = MARKED if item.instance_id in context.marked else " "
    if item.instance_id in context.conflicts:
        return marked + CONFLICT
    waits = item.is_unconfirmed or item.instance_id in context.waiting
    return marked + (WAITING if waits else " ")


MARK = Column("mark", "", 2, _mark, priority=0, tone="mark", floor=2)
"""Always there, and always the first."""

_BEFORE_FIELDS = (
    Column("artist", "Artist", 10, lambda item, _: item.artist, weight=5, comfort=15, priority=2, tone="main"),
    Column("title", "Title", 10, lambda item, _: item.title, weight=7, comfort=20, priority=1, tone="main"),
    Column("label", "Label", 10, lambda item, _: item.label, weight=3, comfort=10, priority=5),
    Column("catno", "Cat#", 9, lambda item, _: item.catno, weight=2, comfort=9, priority=6),
    Column("format", "Format", 12, lambda item, _: item.format, weight=3, comfort=22, priority=7),
    Column("year", "Year", 4, lambda item, _: str(item.year) if item.year else "", priority=3),
    # One cell more than the stars, so that the last column of a narrow table has room for the sort arrow.
    Column("rating", "Rated", 6, lambda item, _: stars(item.rating), priority=4, tone="rating", floor=5),
)
_AFTER_FIELDS = (
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
_FIRST_FIELD_PRIORITY = 8
_OTHER_FIELD_PRIORITY = 12


@lru_cache(maxsize=8)
def columns_of(fields: tuple[Field, ...]) -> tuple[Column, ...]:
    """All columns that a collection with these fields can show, in the order in which they stand by themselves.

    Equal fields give the same columns. The marks are not among them.
    """
    return (*_BEFORE_FIELDS, *_field_columns(fields), *_AFTER_FIELDS)


def chosen_columns(choice: ColumnChoice, fields: tuple[Field, ...]) -> tuple[Column, ...]:
    """The columns that a choice means in a collection, in their order, as wide as it says.

    What the collection has not got is left out; where nothing is left, the usual columns are meant.
    """
    known = {column.key: column for column in columns_of(fields)}
    keys = choice.keys or preset_keys(choice.preset, fields)
    found = [known[key] for key in keys if key in known] or [known[key] for key in preset_keys(USUAL, fields)]
    widths = dict(choice.widths)
    return tuple(column.with_width(widths[column.key]) if column.key in widths else column for column in found)


def preset_keys(preset: str, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """The columns of a preset."""
    if preset == WIDE:
        return tuple(column.key for column in columns_of(fields))
    conditions = tuple(note_key(each.field_id) for each in _conditions(fields).values())
    if preset == NARROW:
        return ("artist", "title", "year", "rating", *conditions)
    return (*(each.key for each in _BEFORE_FIELDS), *conditions, *(each.key for each in _AFTER_FIELDS))


# --- the notes fields -----------------------------------------------------------------------------------------


def _conditions(fields: Iterable[Field]) -> dict[str, Field]:
    """The condition fields by name, the medium's first; of several with one name the first."""
    by_name: dict[str, Field] = {}
    for each in fields:
        by_name.setdefault(each.name.strip().casefold(), each)
    return {name: by_name[name] for name in CONDITIONS if name in by_name}


def _field_columns(fields: Sequence[Field]) -> list[Column]:
    """A column for each field; those of the conditions come first, as everybody has them."""
    conditions = list(_conditions(fields).values())
    names = [field_name(each) for each in fields]
    firsts = [name.split()[0] if name.split() else "" for name in names]
    columns: list[Column] = []
    for each, name, first in zip(fields, names, firsts, strict=True):
        # The first word tells only where no other field begins with it.
        short = first if first != name and firsts.count(first) == 1 else ""
        if each in conditions:
            priority = _FIRST_FIELD_PRIORITY + conditions.index(each)
        else:
            priority = _OTHER_FIELD_PRIORITY + len(columns)
        columns.append(_field_column(each, name, short, priority))
    columns.sort(key=lambda column: column.priority)
    return columns


def _field_column(field: Field, name: str, short: str, priority: int) -> Column:
    key, field_id = note_key(field.field_id), field.field_id
    if field.is_dropdown or name.casefold() in CONDITIONS:
        needed = max([cell_len(short or name) + 1, *(cell_len(clean(short_value(each))) for each in field.options)])
        width = max(_LEAST_DROPDOWN, min(needed, _MOST_DROPDOWN))
        return Column(
            key,
            name,
            width,
            lambda item, _: short_value(item.note(field_id)),
            priority=priority,
            short_title=short,
            field=field,
        )
    return Column(
        key,
        name,
        10,
        lambda item, _: item.note(field_id),
        weight=3,
        comfort=14,
        priority=priority,
        short_title=short,
        field=field,
    )


def field_name(field: Field) -> str:
    """A field's name in one clean line; a nameless one by its number."""
    return clean(field.name).strip() or f"Field {field.field_id}"


def short_value(value: str) -> str:
    """A dropdown's value as a cell shows it: the grade of a condition, other values as they are."""
    short = short_condition(value)
    return short if len(short) <= _SHORT_CELLS and short.isupper() else value
