"""What the main screen begins with, as it was when the program was left: shown while the collection is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from discotui.library.columns import ColumnChoice
from discotui.library.items import Field, Folder, Item, Value

FORMAT = 1
"""Another number whenever the text is to be read otherwise."""

MOST_ROWS = 100
"""More than a window has."""
_LONGEST = 400
"""Characters of a text: more than a column shows."""


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The main screen's first frame.

    Attributes:
        title: The table's, without what was not ours cleaned.
        columns: Those that were chosen.
        items: The first rows in their order; texts that are not drawn in rows are left out.
        sort_key: What the rows are sorted by first.
        descending: Which arrow.
        folders: With counts of what is in them.
        fields: The notes fields.
        waiting: Of the items, those with changes that Discogs has not confirmed.
        conflicts: Of the items, those with changes in conflict.
        views: Keys and names.
        value: Discogs' estimate.
        read_at: When the copy was known to be as Discogs', in seconds since 1970.
    """

    title: str
    columns: ColumnChoice
    items: tuple[Item, ...]
    sort_key: str
    descending: bool
    folders: tuple[Folder, ...]
    fields: tuple[Field, ...]
    waiting: frozenset[int]
    conflicts: frozenset[int]
    views: tuple[tuple[str, str], ...]
    value: Value | None
    read_at: float

    def to_text(self) -> str:
        """For the library file: the format, a checksum, and all of it."""
        text = json.dumps(
            {
                "title": self.title,
                "columns": self.columns.to_json(),
                "items": [_row(item) for item in self.items],
                "sort_key": self.sort_key,
                "descending": self.descending,
                "folders": [(folder.folder_id, folder.name, folder.count) for folder in self.folders],
                "fields": [(f.field_id, f.name, f.position, f.public, f.options, f.lines) for f in self.fields],
                "waiting": sorted(self.waiting),
                "conflicts": sorted(self.conflicts),
                "views": self.views,
                "value": self.value and (self.value.minimum, self.value.median, self.value.maximum),
                "read_at": self.read_at,
            }
        )
        return f"{FORMAT} {crc32(text.encode()):08x} {text}"

    @classmethod
    def from_text(cls, text: str | None) -> LastSeen | None:
        """What :meth:`to_text` wrote; None for anything else, damage included."""
        form, _, rest = (text or "").partition(" ")
        checksum, _, rest = rest.partition(" ")
        if form != str(FORMAT) or checksum != f"{crc32(rest.encode(errors='replace')):08x}":
            return None
        kept = json.loads(rest)
        kept["columns"] = ColumnChoice.from_json(kept["columns"])
        kept["items"] = tuple(map(_item, kept["items"]))
        kept["folders"] = tuple(Folder(*folder) for folder in kept["folders"])
        kept["fields"] = tuple(
            Field(field_id, name, position, public, tuple(options), lines)
            for field_id, name, position, public, options, lines in kept["fields"]
        )
        kept["waiting"], kept["conflicts"] = frozenset(kept["waiting"]), frozenset(kept["conflicts"])
        kept["views"] = tuple((key, name) for key, name in kept["views"])
        kept["value"] = kept["value"] and Value(*kept["value"])
        return cls(**kept)


def shortened(items: Sequence[Item]) -> tuple[Item, ...]:
    """The first rows, with no more of their texts than is drawn."""
    return tuple(
        replace(
            item,
            artist=item.artist[:_LONGEST],
            title=item.title[:_LONGEST],
            label=item.label[:_LONGEST],
            catno=item.catno[:_LONGEST],
            format=item.format[:_LONGEST],
            genre=item.genre[:_LONGEST],
            search="",
            notes=_shortened_notes(item.notes),
            cover="",
        )
        for item in items[:MOST_ROWS]
    )


def _shortened_notes(notes: Mapping[int, str] | None) -> Mapping[int, str] | None:
    return None if notes is None else {field_id: value[:_LONGEST] for field_id, value in notes.items()}


def _row(item: Item) -> list[object]:
    return [
        item.instance_id,
        item.release_id,
        item.folder_id,
        item.rating,
        item.added,
        item.artist,
        item.title,
        item.label,
        item.catno,
        item.format,
        item.year,
        item.genre,
        None if item.notes is None else list(item.notes.items()),
    ]


def _item(row: Sequence[Any]) -> Item:
    notes = row[12]
    return Item(*row[:12], "", None if notes is None else dict(notes))  # type: ignore[call-arg]
