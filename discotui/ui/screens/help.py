"""The help screen: the keys as they are bound, and the notices that Discogs asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from discotui import __version__
from discotui.ui.commands import groups

NOTICE = (
    "This application uses Discogs' API but is not affiliated with, sponsored or endorsed by Discogs. "
    "'Discogs' is a trademark of Zink Media, LLC."
)
SOURCE = "Data provided by Discogs. https://www.discogs.com"
_KEY_CELLS = 14

_SYMBOLS = (
    ("●", "marked"),
    ("↑", "waits to be sent to Discogs"),
    ("!", "in conflict: changed here and at Discogs; c decides"),
    ("?", "an addition that cannot be found: c decides"),
    ("×", "refused by Discogs, and undone here"),
    ("✓", "sent"),
    ("–", "given up"),
    ("○", "set aside: no longer in the collection"),
    ("▌", "the folder that is shown"),
    ("★★★··", "the rating"),
)


class HelpScreen(ModalScreen[None]):
    """Lists every command under its heading.

    Args:
        first: The heading that stands on top, "" for the registry's own order.
        read_only: Leave out what changes the collection.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss", "Back", show=False),
        Binding("j", "scroll('down')", "Down", show=False),
        Binding("k", "scroll('up')", "Up", show=False),
    ]

    def __init__(self, first: str = "", *, read_only: bool = False) -> None:
        super().__init__()
        self._first = first
        self._read_only = read_only

    def compose(self) -> ComposeResult:
        """One text in a box that scrolls."""
        with VerticalScroll(classes="box") as box:
            box.border_title = f"discotui {__version__}"
            box.border_subtitle = "esc goes back"
            yield Static(self._content())

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, way: str) -> None:
        """Scroll by a line."""
        box = self.query_one(VerticalScroll)
        if way == "down":
            box.scroll_down(animate=False)
        else:
            box.scroll_up(animate=False)

    def _content(self) -> Group:
        parts: list[RenderableType] = []
        for heading, commands in groups(self._first, read_only=self._read_only).items():
            parts += self._part(heading, [(command.key_text, command.help) for command in commands])
        parts += self._part("Signs", _SYMBOLS)
        return Group(*parts, Text(f"{SOURCE}\n{NOTICE}", "dim"))

    @staticmethod
    def _part(heading: str, lines: Iterable[tuple[str, str]]) -> list[RenderableType]:
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(width=_KEY_CELLS)
        grid.add_column(ratio=1)
        for key, meaning in lines:
            grid.add_row(Text(f"  {key}", "bold"), Text(meaning))
        return [Text(heading, "bold"), grid, Text()]
