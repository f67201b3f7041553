"""Texts of a drawn line, put together so that painting them costs little."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Runs:
    """Collects texts of a line; neighbours in one style become one segment, which is what painting costs."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._style: Style | None = None
        self._segments: list[Segment] = []

    def add(self, text: str, style: Style) -> None:
        """Appends a text, perhaps an empty one."""
        if style is not self._style:
            self._close()
            self._style = style
        self._texts.append(text)

    def _close(self) -> None:
        text = "".join(self._texts)
        if text:
            self._segments.append(Segment(text, self._style))
        self._texts.clear()

    def strip(self, width: int, filler: Style) -> Strip:
        """The line in ``width`` cells, without the blank after the last column; ``filler`` if it is short."""
        if self._texts and self._texts[-1].endswith(" "):
            self._texts[-1] = self._texts[-1][:-1]
        self._close()
        cells = sum(segment.cell_length for segment in self._segments)
        if cells < width:
            self._segments.append(Segment(" " * (width - cells), filler))
        return Strip(self._segments, width)
