"""The folder pane: sections such as Folders and Views, each with its lines and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from discotui.library.items import ALL_FOLDER, UNCATEGORIZED_FOLDER
from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import fit, number
from discotui.ui.widgets.line_view import LineView

OPEN = "▾"
CLOSED = "▸"
SHOWN = "▌"

_FOLDER_PREFIX = "folder:"
_VIEW_PREFIX = "view:"


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder as the pane shows it.

    Attributes:
        folder_id: 0 is All, 1 is Uncategorized.
        name: As given; any text.
        count: Items in it, as counted here.
    """

    folder_id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A line of a section.

    Attributes:
        key: What it stands for; one of a kind in the whole tree.
        name: Any text.
        count: Shown at the right; None shows nothing.
    """

    key: str
    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading that can be folded away.

    Attributes:
        key: One of a kind among the sections.
        title: The heading.
        lines: What stands under it, in this order.
    """

    key: str
    title: str
    lines: tuple[TreeLine, ...]


def folder_key(folder_id: int) -> str:
    """The key of a folder's line."""
    return f"{_FOLDER_PREFIX}{folder_id}"


def folder_id_of(key: str | None) -> int | None:
    """The folder that a line stands for, None when it stands for something else."""
    if key is None or not key.startswith(_FOLDER_PREFIX):
        return None
    return int(key.removeprefix(_FOLDER_PREFIX))


def view_key(key: str) -> str:
    """The key of a view's line."""
    return f"{_VIEW_PREFIX}{key}"


def view_of(key: str | None) -> str | None:
    """The view that a line stands for, None when it stands for something else."""
    return key.removeprefix(_VIEW_PREFIX) if key is not None and key.startswith(_VIEW_PREFIX) else None


def folder_section(folders: Sequence[FolderLine]) -> Section:
    """The section of the folders: All, then Uncategorized, then the others in the order given."""
    rank = {ALL_FOLDER: 0, UNCATEGORIZED_FOLDER: 1}
    ordered = sorted(folders, key=lambda folder: rank.get(folder.folder_id, len(rank)))
    lines = tuple(TreeLine(folder_key(folder.folder_id), folder.name, folder.count) for folder in ordered)
    return Section("folders", "Folders", lines)


class FolderTree(LineView):
    """Sections of lines. What is shown in the table is marked; the cursor is another thing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.FOLDERS),
        Binding("space", "cursor_choose", "Open", show=False),
    ]

    class LineUnderCursor(Message):
        """The cursor has moved to another line.

        Attributes:
            tree: Where.
            key: The line's key, None on a heading and in an empty tree.
        """

        def __init__(self, tree: FolderTree, key: str | None) -> None:
            super().__init__()
            self.tree = tree
            self.key = key

        @property
        def control(self) -> FolderTree:
            """The tree, for ``@on`` with a selector."""
            return self.tree

    class Chosen(LineView.Chosen):
        """A line, not a heading, was chosen to be shown.

        Attributes:
            key: The line's key.
        """

        def __init__(self, view: LineView, line: int, key: str) -> None:
            super().__init__(view, line)
            self.key = key

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._sections: Sequence[Section] = ()
        self._selected = ""
        self._folded: set[str] = set()
        self._rows: list[tuple[Section, TreeLine | None]] = []
        self._announced: str | None = None

    # --- what is shown

    @property
    def line_count(self) -> int:
        """Headings and the lines that are not folded away."""
        return len(self._rows)

    @property
    def current_key(self) -> str | None:
        """The key of the line under the cursor, None on a heading."""
        line = self._rows[self.cursor][1] if self.cursor < len(self._rows) else None
        return None if line is None else line.key

    @property
    def selected_key(self) -> str:
        """The key of the line that is shown in the table."""
        return self._selected

    def show(self, sections: Sequence[Section], selected_key: str) -> None:
        """Replaces all lines. The cursor stays on its key; the first time it goes to the selected one.

        Args:
            sections: In their order.
            selected_key: The line to be marked as shown.
        """
        is_first = not self._rows
        place = (None, selected_key) if is_first else self._place()
        self._sections = sections
        self._selected = selected_key
        self._fill(place)

    def move_to(self, key: str) -> None:
        """Puts the cursor on a line, opening its section; an unknown key is passed over."""
        for section in self._sections:
            if any(line.key == key for line in section.lines):
                self._folded.discard(section.key)
                self._fill((section.key, key))
                self.scroll_to_line(self.cursor)

    def _place(self) -> tuple[str | None, str | None]:
        """The keys of the section and of the line under the cursor."""
        if self.cursor >= len(self._rows):
            return None, None
        section, line = self._rows[self.cursor]
        return section.key, None if line is None else line.key

    def _fill(self, place: tuple[str | None, str | None]) -> None:
        self._rows = [
            (section, line)
            for section in self._sections
            for line in (None, *(() if section.key in self._folded else section.lines))
        ]
        self.lines_changed(self._row_of(place), announce=False)
        if self.current_key != self._announced:
            self.announce()

    def _row_of(self, place: tuple[str | None, str | None]) -> int:
        """The row of a line, or its heading while it is folded away, or else where the cursor is."""
        section_key, line_key = place
        heading = self.cursor
        for row, (section, line) in enumerate(self._rows):
            if line is not None and line.key == line_key:
                return row
            if line is None and section.key == section_key and (not line_key or section_key in self._folded):
                heading = row
        return heading

    def announce(self) -> None:
        """Tells that the cursor has moved, and what is under it if that is something else."""
        super().announce()
        key = self.current_key
        if key != self._announced:
            self._announced = key
            self.post_message(self.LineUnderCursor(self, key))

    # --- choosing

    def action_cursor_choose(self) -> None:
        """Show the line under the cursor; fold or unfold a heading."""
        if self.cursor >= len(self._rows):
            return
        section, line = self._rows[self.cursor]
        if line is None:
            self._folded ^= {section.key}
            self._fill((section.key, None))
        else:
            self.post_message(self.Chosen(self, self.cursor, line.key))

    def line_clicked(self, line: int, times: int) -> None:
        """One click chooses."""
        self.move_cursor(line, scroll=False)
        if times == 1:
            self.action_cursor_choose()

    # --- drawing

    def line_strip(self, line: int, width: int) -> Strip:
        """Draws a heading, or a line with its mark, name and count."""
        section, tree_line = self._rows[line]
        tones = self.tones
        if tree_line is None:
            sign = CLOSED if section.key in self._folded else OPEN
            return Strip([Segment(fit(f"{sign} {section.title}", width), tones.header)], width)
        is_shown = tree_line.key == self._selected
        count = "" if tree_line.count is None else f" {number(tree_line.count)}"
        name_cells = max(0, width - 2 - cell_len(count))
        segments = [
            Segment(fit(f"{SHOWN} " if is_shown else "", min(2, width)), tones.accent),
            Segment(fit(tree_line.name, name_cells), tones.strong if is_shown else tones.main),
            Segment(fit(count, max(0, min(cell_len(count), width - 2))), tones.quiet),
        ]
        return Strip([segment for segment in segments if segment.text], width)
