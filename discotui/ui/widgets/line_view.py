"""A list drawn line by line: what it costs depends on what is seen, not on how long it is."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import fit_center
from discotui.ui.widgets.tones import Tones

_CONTEXT_LINES = 2
"""Lines kept in sight above and below the cursor, where there are any."""

_STRIPS_KEPT = 512
"""Drawn lines that are kept: some screenfuls, so that going back and forth draws nothing anew."""


class LineView(ScrollView, can_focus=True, inherit_bindings=False):
    """Base of the views that draw their own lines under a cursor.

    A subclass gives :attr:`line_count` and :meth:`line_strip`, perhaps fixed lines on top
    (:attr:`header_lines`, :meth:`header_strip`), and calls :meth:`lines_changed` when its lines were replaced,
    :meth:`redraw_line` or :meth:`redraw_changed` when they only look different.
    """

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.LIST)]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-view--strong",
        "line-view--quiet",
        "line-view--accent",
        "line-view--header",
        "line-view--header-strong",
        "line-view--placeholder",
        "line-view--cursor",
        "line-view--cell",
    }

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-background: transparent;
        scrollbar-background-hover: transparent;
        scrollbar-background-active: transparent;
        color: $foreground;

        & > .line-view--strong { color: $foreground; text-style: bold; }
        & > .line-view--quiet { color: $text-muted; }
        & > .line-view--accent { color: $text-accent; }
        & > .line-view--header { color: $text-muted; }
        & > .line-view--header-strong { color: $foreground; text-style: bold; }
        & > .line-view--placeholder { color: $text-muted; }
        & > .line-view--cursor {
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .line-view--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        /* By its line, too, so that it stands out without colours. */
        & > .line-view--cell { color: $foreground; background: $surface; text-style: bold underline; }
        /* The terminal's own colours know no muted text and no shaded line. */
        &:ansi > .line-view--quiet { text-style: dim; }
        &:ansi > .line-view--header { text-style: dim; }
        &:ansi > .line-view--placeholder { text-style: dim; }
        &:ansi > .line-view--cursor { text-style: bold; }
        &:ansi:nocolor:focus > .line-view--cursor { text-style: reverse; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The line of the cursor; 0 when there is none."""

    placeholder: reactive[str] = reactive("")
    """Shown in the middle while there are no lines. Any text: it is cleaned."""

    class CursorMoved(Message):
        """The cursor stands on another line, or what stands on its line has changed.

        Attributes:
            view: Where.
            line: The cursor's line.
        """

        def __init__(self, view: LineView, line: int) -> None:
            super().__init__()
            self.view = view
            self.line = line

        @property
        def control(self) -> LineView:
            """The view, for ``@on`` with a selector."""
            return self.view

    class Chosen(Message):
        """A line was chosen with enter or the mouse.

        Attributes:
            view: Where.
            line: The line.
        """

        def __init__(self, view: LineView, line: int) -> None:
            super().__init__()
            self.view = view
            self.line = line

        @property
        def control(self) -> LineView:
            """The view, for ``@on`` with a selector."""
            return self.view

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name=name, id=id, classes=classes)
        self._strips: dict[int, Strip] = {}
        self._strips_width = 0
        self._tones: Tones | None = None
        self._follow_cursor = True

    # --- what a subclass gives

    @property
    @abstractmethod
    def line_count(self) -> int:
        """How many lines there are, those out of sight included."""

    @property
    def header_lines(self) -> int:
        """How many lines stand fixed on top."""
        return 0

    @abstractmethod
    def line_strip(self, line: int, width: int) -> Strip:
        """Draws a line, without the cursor, in exactly ``width`` cells."""

    def header_strip(self, row: int, width: int) -> Strip:  # noqa: ARG002 - which line matters where there are several
        """Draws a fixed line in exactly ``width`` cells; a blank one where a subclass has nothing to say."""
        return Strip.blank(width, self.tones.header)

    def header_clicked(self, column: int) -> None:
        """The mouse was pressed on a fixed line, ``column`` cells from the left."""

    def line_clicked(self, line: int, times: int) -> None:
        """The mouse was pressed on a line, for the ``times``-th time in quick succession."""
        self.move_cursor(line, scroll=False)
        if times == 2:
            self.action_cursor_choose()

    def announce(self) -> None:
        """Tells that the cursor is on another line, or on a line that says something else now."""
        self.post_message(self.CursorMoved(self, self.cursor))

    # --- the cursor

    def move_cursor(self, to: int, *, scroll: bool = True) -> None:
        """Puts the cursor on a line, the nearest there is.

        Args:
            to: The line.
            scroll: Bring it into sight.
        """
        self._follow_cursor = False
        self.cursor = to
        self._follow_cursor = True
        if scroll:
            self.scroll_to_line(self.cursor)

    def validate_cursor(self, cursor: int) -> int:
        """Keeps the cursor on a line."""
        return max(0, min(cursor, self.line_count - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Redraws the two lines concerned."""
        self.refresh_line_at(before)
        self.refresh_line_at(after)
        if self._follow_cursor:
            self.scroll_to_line(after)
        self.announce()

    def action_cursor_down(self) -> None:
        """Move down a line."""
        self.move_cursor(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Move up a line."""
        self.move_cursor(self.cursor - 1)

    def action_cursor_page_down(self) -> None:
        """Move down a screenful; the cursor stays where it is on the screen."""
        self._move_page(1)

    def action_cursor_page_up(self) -> None:
        """Move up a screenful; the cursor stays where it is on the screen."""
        self._move_page(-1)

    def action_cursor_home(self) -> None:
        """Move to the first line."""
        self.move_cursor(0)

    def action_cursor_end(self) -> None:
        """Move to the last line."""
        self.move_cursor(self.line_count - 1)

    def action_cursor_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.line_count:
            self.post_message(self.Chosen(self, self.cursor))

    def _move_page(self, direction: int) -> None:
        lines = max(1, self.visible_lines - 1) * direction
        self._scroll_to_top_line(self.top_line + lines)
        self.move_cursor(self.cursor + lines)

    # --- what is in sight

    @property
    def top_line(self) -> int:
        """The first line in sight."""
        return self.scroll_offset.y

    @property
    def visible_lines(self) -> int:
        """How many lines there is room for below the fixed ones; 0 before the first layout."""
        return max(0, self.scrollable_content_region.height - self.header_lines)

    def is_in_sight(self, line: int) -> bool:
        """Whether the line is on the screen."""
        return 0 <= line - self.top_line < self.visible_lines

    def scroll_to_line(self, line: int) -> None:
        """Scrolls as little as brings the line into sight, with some lines around it."""
        height = self.visible_lines
        if not height:
            return
        context = min(_CONTEXT_LINES, (height - 1) // 2)
        top = self.top_line
        if line < top + context:
            self._scroll_to_top_line(line - context)
        elif line > top + height - 1 - context:
            self._scroll_to_top_line(line - height + 1 + context)

    def _scroll_to_top_line(self, top: int) -> None:
        """Makes ``top`` the first line in sight, as far as there are enough lines below it."""
        self.scroll_to(y=max(0, min(top, self.max_scroll_y)), animate=False, force=True)

    # --- changes

    def lines_changed(self, cursor: int, *, keep_place: bool = True, announce: bool = True) -> None:
        """Draws all anew after the lines were replaced.

        Args:
            cursor: Where the cursor belongs now.
            keep_place: The cursor's line stays where it is on the screen, as far as possible; when it was
                out of sight the view does not move. Otherwise the view starts at its top.
            announce: What is under the cursor has changed, even if its line has the same number.
        """
        before, top = self.cursor, self.top_line
        was_in_sight = self.is_in_sight(before)
        self._strips.clear()
        self.virtual_size = Size(0, self.header_lines + self.line_count)
        cursor = self.validate_cursor(cursor)
        # Not through the watcher: it would compare lines of the old list with lines of the new one.
        self.set_reactive(LineView.cursor, cursor)
        if not keep_place:
            top = 0
        elif was_in_sight and top:
            # At the very top the list stays at its top: what is in sight need not move.
            top += cursor - before
        self._scroll_to_top_line(top)
        if was_in_sight or not keep_place:
            self.scroll_to_line(cursor)
        self.refresh()
        if announce or cursor != before:
            self.announce()

    def redraw_line(self, line: int) -> None:
        """Draws a line anew that says something else now."""
        self._strips.pop(line, None)
        self.refresh_line_at(line)

    def redraw_lines(self, lines: range) -> None:
        """Draws some lines anew that say something else now."""
        for line in [line for line in self._strips if line in lines]:
            del self._strips[line]
        for line in range(max(lines.start, self.top_line), min(lines.stop, self.top_line + self.visible_lines)):
            self.refresh_line_at(line)

    def redraw_all(self) -> None:
        """Draws every line anew, and the fixed ones."""
        self._strips.clear()
        self.refresh()

    def redraw_changed(self) -> None:
        """Draws the lines anew that look different now; those that look the same cost nothing to send."""
        before, self._strips = self._strips, {}
        width = self.scrollable_content_region.width
        if width != self._strips_width:
            self.refresh()
            return
        end = min(self.line_count, self.top_line + self.visible_lines)
        for line in range(self.top_line, end):
            if self._strip(line, width) != before.get(line):
                self.refresh_line_at(line)

    def refresh_line_at(self, line: int) -> None:
        """Paints a line again if it is in sight."""
        if self.is_in_sight(line):
            y = self.header_lines + line - self.top_line
            self.refresh(Region(0, y, self.size.width, 1))

    # --- drawing

    @property
    def tones(self) -> Tones:
        """The styles of the theme in use."""
        if self._tones is None:
            self._tones = Tones.of(self)
        return self._tones

    def render_line(self, y: int) -> Strip:
        """Draws a line of the screen."""
        width = self.scrollable_content_region.width
        if width != self._strips_width:
            self._strips.clear()
            self._strips_width = width
        if y < self.header_lines:
            return self.header_strip(y, width)
        if not self.line_count:
            return self._placeholder_strip(y - self.header_lines, width)
        line = self.top_line + y - self.header_lines
        if line >= self.line_count:
            return Strip.blank(width, self.tones.main)
        strip = self._strip(line, width)
        return self._under_cursor(strip) if line == self.cursor else strip

    def _strip(self, line: int, width: int) -> Strip:
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) >= _STRIPS_KEPT:
                del self._strips[next(iter(self._strips))]
            strip = self._strips[line] = self.line_strip(line, width)
        return strip

    def _under_cursor(self, strip: Strip) -> Strip:
        """Strong and in one piece with the focus; without it the line keeps its own colours."""
        if self.has_focus:
            return Strip([Segment(strip.text, self.tones.cursor)], strip.cell_length)
        over = self.tones.cursor_blurred
        segments = [Segment(text, style + over if style else over) for text, style, _ in strip]
        return Strip(segments, strip.cell_length)

    def _placeholder_strip(self, row: int, width: int) -> Strip:
        text = self.placeholder if row == max(0, self.visible_lines - 1) // 2 else ""
        return Strip([Segment(fit_center(text, width), self.tones.placeholder)], width)

    def notify_style_update(self) -> None:
        """Forgets what was drawn in other colours."""
        self._tones = None
        self._strips.clear()
        self.refresh()
        super().notify_style_update()

    # --- events

    def on_resize(self) -> None:
        """Keeps the cursor in sight."""
        self.scroll_to_line(self.cursor)

    def on_focus(self) -> None:
        """Shows the cursor strongly."""
        self.refresh_line_at(self.cursor)

    def on_blur(self) -> None:
        """Shows the cursor quietly."""
        self.refresh_line_at(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor to the line under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.y < self.header_lines:
            self.header_clicked(offset.x)
            return
        line = self.top_line + offset.y - self.header_lines
        if line < self.line_count:
            self.line_clicked(line, event.chain)
