"""Changes under their headings, a line each, drawn only where they are seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from discotui.library.library import Library
from discotui.ui.listed_changes import Listed, Section
from discotui.ui.text import clean, fit, fit_right
from discotui.ui.widgets.line_view import LineView
from discotui.ui.words_of_changes import ARROW, Line

_WIDTHS = ((90, 16, 13), (70, 11, 13), (0, 8, 11))
"""From so many cells on: how wide the columns for the field and for the time or state are."""

_SAME_AT_MOST = 6
"""Of two long texts that begin alike, so many characters of the beginning stay, for who wants to know where it is."""

_NEIGHBOURS = 64
"""How far around a change that is gone the nearest one still there is looked for."""

Row = tuple[Section, Listed | None]


class Rows(Sequence[Row]):
    """Headings and changes as one sequence, whatever their number made of nothing but the sections.

    Args:
        sections: In their order.
    """

    def __init__(self, sections: Sequence[Section] = ()) -> None:
        self._sections = sections
        self._headings = list(accumulate((1 + len(section.changes) for section in sections), initial=0))

    def __len__(self) -> int:
        return self._headings[-1]

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        number = bisect_right(self._headings, place) - 1
        section, below = self._sections[number], place - self._headings[number]
        return section, section.changes[below - 1] if below else None

    @property
    def first(self) -> int:
        """The place of the first change, or of the first heading where there is nothing else."""
        return next((place for place, (_, change) in enumerate(self[: len(self._headings)]) if change is not None), 0)

    def find(self, row: Row) -> int | None:
        """The place of the same heading or change, among whatever others it stands now."""
        wanted, change = row
        for heading, section in zip(self._headings, self._sections, strict=False):
            if change is None:
                if section.words is wanted.words:
                    return heading
            elif (below := section.changes.place_of(change)) is not None:
                return heading + 1 + below
        return None


class ChangeList(LineView):
    """Sections of changes. The cursor belongs to a change, not to a line.

    Args:
        library: Whose clock ages are told by, and which knows the words for changes.
    """

    class RowUnderCursor(Message):
        """The cursor stands on another line, or on one that says something else now."""

    def __init__(self, library: Library, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._library = library
        self._rows = Rows()

    # --- what is shown

    @property
    def line_count(self) -> int:
        """Headings and changes."""
        return len(self._rows)

    @property
    def current(self) -> Row | None:
        """The section under the cursor, and its change, None on the heading."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    @property
    def is_at_end(self) -> bool:
        """The cursor stands on the last line."""
        return self.cursor >= len(self._rows) - 1

    def show(self, sections: Sequence[Section], *, keep_cursor: bool = True, steps_on: bool = False) -> None:
        """Replace all lines.

        Args:
            sections: In their order.
            keep_cursor: The cursor stays on its change, or goes to the nearest that is still there. Otherwise it
                goes to the first change.
            steps_on: Where its change has gone under another heading, the cursor does not go with it, but to the
                nearest that is still under the same one; without any to the first change.
        """
        rows = Rows(sections)
        if not keep_cursor or not self._rows:
            cursor = rows.first
        elif steps_on:
            cursor = self._step_on(rows)
        else:
            cursor = self._follow(rows)
        self._rows = rows
        self.lines_changed(cursor, keep_place=keep_cursor)

    def _follow(self, rows: Rows) -> int:
        """Where the cursor belongs among new rows: on its own, else on the nearest change, the next one first."""
        own = rows.find(self._rows[self.cursor])
        if own is not None:
            return own
        found = (rows.find(row) for row in self._around() if row[1] is not None)
        return next((place for place in found if place is not None), rows.first)

    def _step_on(self, rows: Rows) -> int:
        """Where the cursor belongs when it stays under its heading."""
        heading = self._rows[self.cursor][0].words
        near = (rows.find(row) for row in (self._rows[self.cursor], *self._around()) if row[0].words is heading)
        same = (place for place in near if place is not None and rows[place][0].words is heading)
        return next(same, rows.first)

    def _around(self) -> Iterator[Row]:
        """The rows before and after the cursor, the nearest first."""
        for distance in range(1, _NEIGHBOURS):
            for place in (self.cursor + distance, self.cursor - distance):
                if 0 <= place < len(self._rows):
                    yield self._rows[place]

    def announce(self) -> None:
        """Tells that something else is under the cursor."""
        super().announce()
        self.post_message(self.RowUnderCursor())

    # --- drawing

    def line_strip(self, line: int, width: int) -> Strip:
        """Draws a heading or a change."""
        section, change = self._rows[line]
        if change is None:
            return self._heading_strip(section, width)
        return self._change_strip(change.line(self._library, self._library.incoming.now()), width)

    def _heading_strip(self, section: Section, width: int) -> Strip:
        title = f"{section.words.title} · {section.count}" if section.count else section.words.title
        title = fit(title, min(width, cell_len(title)))
        hint = fit(f"  {section.words.hint}", width - cell_len(title))
        return _strip((title, self.tones.strong), (hint, self.tones.header))

    def _change_strip(self, line: Line, width: int) -> Strip:
        what, last = next((what, last) for least, what, last in _WIDTHS if width >= least)
        room = max(0, width - 2 - what - last - 3)
        title = room * 9 // 20
        tones = self.tones
        return _strip(
            (fit(line.sign, 2), tones.accent),
            (fit(line.title, title) + " ", tones.main),
            (fit(line.what, what) + " ", tones.quiet),
            (fit(from_to(line.before, line.after, room - title), room - title) + " ", tones.main),
            (fit_right(line.last, last), tones.quiet),
        )


def from_to(before: str, after: str, cells: int) -> str:
    """What was there and what is set in its place, each with as much of its text as there is room for.

    Args:
        before: "" when there is nothing to tell.
        after: Any text.
        cells: The room for both.
    """
    if not before:
        return after
    room = cells - len(ARROW)
    # Of a long text that was added to, the end tells what is new.
    same = next(
        (at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )
    if same > _SAME_AT_MOST and len(before) + len(after) > room:
        start = same - _SAME_AT_MOST
        before, after = f"…{before[start:]}", f"…{after[start:]}"
    before, after = clean(before[: 4 * cells]), clean(after[: 4 * cells])
    wanted = (cell_len(before), cell_len(after))
    if sum(wanted) > room:
        half = room // 2
        left = min(wanted[0], max(half, room - wanted[1]))
        before, after = fit(before, left), fit(after, min(wanted[1], room - left))
    return f"{before}{ARROW}{after}"


def _strip(*parts: tuple[str, Style]) -> Strip:
    return Strip([Segment(text, style) for text, style in parts if text])
