"""The last gate before the terminal: what a surface forgot to clean is cleaned here.

Inputs draw their value as it is, and Textual has surfaces of its own. Every line goes through :class:`Gate` when it is
drawn; what is told after the screen has been left, such as a crash, goes through :func:`harmless`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment, Segments
from textual.color import Color
from textual.filter import LineFilter

from discotui.ui.text import clean, fit


class Gate(LineFilter):
    """Draws any text without what a terminal would obey, in as many cells as it had."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """One line. Most are clean, and are given back as they are."""
        if all(clean(text) == text for text, _, _ in segments):
            return segments
        return [Segment(fit(text, cell_len(text)), style) for text, style, _ in segments]


def harmless(segments: Iterable[Segment]) -> Segments:
    """Lines of text that are not drawn on the screen but printed, with their colours and nothing else."""
    return Segments([Segment(clean(text, lines=True), style) for text, style, control in segments if not control])
