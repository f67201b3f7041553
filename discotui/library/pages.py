"""Rows straight from the pages of an SQLite file, for one that SQLite itself gives up on.

Each page is read by itself, whatever the tree above it looks like, and each row by itself: a damaged page costs the
rows on it, a damaged row nothing but itself. The form of the pages is told at https://sqlite.org/fileformat2.html.

What was deleted must not come back here. So the library's files are written with ``secure_delete``: what is deleted
is overwritten with zeros, which are no rows, and neither is what they have overwritten in part.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

PAGE_SIZE = 4096
"""Of every library file. Not read from the file: its beginning may be what is damaged."""
HEADER_SIZE = 100
"""At the beginning of the file, before the first page's own content."""

Value = int | float | str | bytes | None
Columns = tuple[Value, ...]

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_MOST_LOCAL = {
    _TABLE_LEAF: PAGE_SIZE - 35,
    _INDEX_LEAF: (PAGE_SIZE - 12) * 64 // 255 - 23,
    _INDEX_INNER: (PAGE_SIZE - 12) * 64 // 255 - 23,
}
"""So many bytes of a row stand on the page itself; the rest of a longer one is on pages of its own."""
_LEAST_LOCAL = (PAGE_SIZE - 12) * 32 // 255 - 23
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_DAMAGED = (IndexError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of some table; nothing on the page tells which.

    Attributes:
        number: The rowid. None in tables without one.
        columns: As stored. Text that is not UTF-8 is given as bytes; the column that is the rowid is None.
    """

    number: int | None
    columns: Columns


def rows(path: Path, *, pages_at_most: int | None = None) -> Iterator[Row]:
    """Every row that can be read, in the order of the pages.

    Args:
        path: Any file.
        pages_at_most: Look no further.

    Raises:
        OSError: The file cannot be opened.
    """
    with FileIO(path) as file:
        count = -(-os.fstat(file.fileno()).st_size // PAGE_SIZE)
        for index in range(count if pages_at_most is None else min(count, pages_at_most)):
            page = _page(file, index)
            start = 0 if index else HEADER_SIZE
            kind = page[start] if len(page) > start else 0
            if kind not in _MOST_LOCAL:
                continue
            for place in _places(page, start, kind):
                try:
                    yield _row(file, page, place, kind)
                except _DAMAGED:
                    continue


def _page(file: FileIO, index: int) -> bytes:
    """A page; what is missing at the end of the file, or cannot be read from the disk, is zeros."""
    try:
        file.seek(index * PAGE_SIZE)
        return file.read(PAGE_SIZE).ljust(PAGE_SIZE, b"\0")
    except OSError:
        return bytes(PAGE_SIZE)


def _places(page: bytes, start: int, kind: int) -> list[int]:
    """Where rows begin on a page.

    All places are given that the page has room to name, not just as many as it says it has: that number may be what
    is damaged, and what it does not count is zeros, or a row that is named twice.
    """
    first = start + (12 if kind == _INDEX_INNER else 8)
    told, content = struct.unpack_from(">HH", page, start + 3)
    end = max(first + 2 * told, content or PAGE_SIZE)
    end = min(end, PAGE_SIZE) - (min(end, PAGE_SIZE) - first) % 2
    places = struct.unpack_from(f">{max(0, end - first) // 2}H", page, first)
    # SQLite, too, looks at no more bits than a place on a page can have.
    return [place for place in dict.fromkeys(place % PAGE_SIZE for place in places) if place > first]


def _row(file: FileIO, page: bytes, place: int, kind: int) -> Row:
    if kind == _INDEX_INNER:
        place += 4
    size, place = _varint(page, place)
    number = None
    if kind == _TABLE_LEAF:
        number, place = _varint(page, place)
        number -= (number >> 63) << 64
    columns, is_whole = _columns(_payload(file, page, place, size, _MOST_LOCAL[kind]))
    if not is_whole:
        # Its size may be what is damaged. The columns have sizes of their own.
        on_this_page, is_whole = _columns(page[place:])
        columns = on_this_page if is_whole else columns
    return Row(number, columns)


def _payload(file: FileIO, page: bytes, place: int, size: int, most: int) -> bytes:
    """The bytes of a row, gathered from all the pages that they are on, as far as they are to be had."""
    if size <= most:
        return page[place : place + size]
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE_SIZE - 4)
    if local > most:
        local = _LEAST_LOCAL
    parts = [page[place : place + local]]
    following = int.from_bytes(page[place + local : place + local + 4])
    left = size - local
    seen: set[int] = set()
    while left > 0 and following and following not in seen:
        seen.add(following)
        further = _page(file, following - 1)
        parts.append(further[4 : 4 + left])
        left -= PAGE_SIZE - 4
        following = int.from_bytes(further[:4])
    return b"".join(parts)


def _columns(payload: bytes) -> tuple[Columns, bool]:
    """The columns of a row, None for those that are missing, and whether all are there."""
    end, place = _varint(payload, 0)
    kinds = []
    while place < end:
        # Nearly all are one byte long.
        kind, place = (payload[place], place + 1) if payload[place] < 0x80 else _varint(payload, place)
        kinds.append(kind)
    if place != end or not kinds:
        raise ValueError("no row")
    columns: list[Value] = []
    is_whole = True
    for kind in kinds:
        size = _size(kind)
        is_whole = is_whole and place + size <= len(payload)
        columns.append(_value(payload[place : place + size], kind) if is_whole else None)
        place += size
    return tuple(columns), is_whole


def _size(kind: int) -> int:
    """How many bytes a value takes."""
    if kind >= 12:
        return (kind - 12) // 2
    return 8 if kind == 7 else _INTEGERS.get(kind, 0)


def _value(content: bytes, kind: int) -> Value:
    if kind in _INTEGERS:
        return int.from_bytes(content, signed=True)
    match kind:
        case 0:
            return None
        case 7:
            number: float = struct.unpack(">d", content)[0]
            return number
        case 8 | 9:
            return kind - 8
        case 10 | 11:
            raise ValueError("no such kind of value")
    if kind % 2 == 0:
        return content
    if content.endswith(b"\0"):
        raise ValueError("overwritten")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of one to nine bytes, and the place behind it."""
    number = 0
    for offset in range(8):
        byte = data[place + offset]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + offset + 1
    return number << 8 | data[place + 8], place + 9
