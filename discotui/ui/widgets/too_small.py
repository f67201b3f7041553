"""What is shown in place of everything in a window that is too small."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

LEAST_SIZE = Size(60, 20)
"""The smallest window that everything fits into; textual.css and the app's breakpoints say the same."""


class TooSmall(Static):
    """Says how large the window is, and how large it has to be."""

    def __init__(self) -> None:
        super().__init__(id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        """It fills the window."""
        needed = f"discotui needs a window of at least {LEAST_SIZE.width} × {LEAST_SIZE.height}"
        self.update(Content(f"{needed}\nthis one has {event.size.width} × {event.size.height}"))
