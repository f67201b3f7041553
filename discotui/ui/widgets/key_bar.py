"""The last line: the commonest keys of where one is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.widget import Widget

from discotui.ui.command import Command, key_name

_ALWAYS = ("app.help", "app.quit", "changes.back")
"""What keeps its place however narrow the window is."""


class KeyBar(Widget):
    """Shows commands with their first key; a click carries them out."""

    COMPONENT_CLASSES = {"key-bar--key"}  # noqa: RUF012 - Textual's own form

    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        padding: 0 1;
        color: $text-muted;

        & > .key-bar--key { color: $accent; text-style: bold; }
    }
    """

    commands: reactive[Sequence[Command]] = reactive(())
    """In the order of importance; help always keeps its place."""

    def __init__(self) -> None:
        super().__init__()
        self._ends: list[tuple[int, Command]] = []

    def render(self) -> Text:
        """As many as fit, those of the highest rank first to go."""
        shown = list(self.commands)
        width = self.content_size.width
        while sum(map(_cells, shown)) + 2 * (len(shown) - 1) > width:
            last = next((command for command in reversed(shown) if command.id not in _ALWAYS), None)
            if last is None:
                break
            shown.remove(last)
        line = Text(no_wrap=True)
        style = self.get_component_rich_style("key-bar--key")
        self._ends = []
        for command in shown:
            if line:
                line.append("  ")
            line.append(_key(command), style)
            line.append(f" {command.label}")
            self._ends.append((line.cell_len, command))
        return line

    def on_click(self, event: events.Click) -> None:
        """Carry out what was clicked; a rating needs to be told which."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        command = next((command for end, command in self._ends if offset.x < end), None)
        if command is not None and not command.argument_per_key:
            self.run_worker(self.run_action(f"screen.command({command.id!r})"))


def _key(command: Command) -> str:
    return command.shown_keys or key_name(command.keys[0])


def _cells(command: Command) -> int:
    return cell_len(_key(command)) + 1 + cell_len(command.label)
