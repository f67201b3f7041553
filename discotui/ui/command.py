"""What a command is: something a person can do, with its keys and its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """Where a command's keys hold."""

    ANYWHERE = "anywhere"
    """On every screen that has commands, but not in dialogs."""
    MAIN = "main"
    """On the main screen, whatever pane has the focus."""
    LIST = "list"
    """In a list: folders or releases."""
    FOLDERS = "folders"
    """In the folder pane, where they come before those of the main screen."""
    TABLE = "table"
    """In the release table, where they come before those of the main screen."""
    CELL = "cell"
    """While a cell of the table is edited."""
    FORM = "form"
    """While the notes of an item are edited."""
    FILTER = "filter"
    """While a filter is typed."""
    CHANGES = "changes"
    """On the screen of the changes."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do.

    Attributes:
        id: Its name in the registry and in key settings.
        keys: As Textual names them; the first is shown. None, for what is found by name only.
        label: One or two words, for the key bar.
        help: One line for help screen, palette and README.
        group: The heading under which help lists it.
        place: Where its keys hold.
        changes: Changes the collection, so not for somebody else's, or read-only.
        needs_item: Does something with the item under the cursor.
        takes_marks: Does it with all marked items, when there are any.
        rank: Order in the key bar, 0 for not there.
        shown_keys: How the keys are written for people, when not derived from ``keys``.
        argument_per_key: Each key passes itself to the command, as the digits of a rating do.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    place: Place = Place.MAIN
    changes: bool = False
    needs_item: bool = False
    takes_marks: bool = False
    rank: int = 0
    shown_keys: str = ""
    argument_per_key: bool = False

    @property
    def method(self) -> str:
        """The name of the method that carries it out."""
        return f"do_{self.id.replace('.', '_')}"

    @property
    def key_text(self) -> str:
        """The keys as people read them."""
        return self.shown_keys or " ".join(key_name(key) for key in self.keys)


_KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "asterisk": "*",
    "full_stop": ".",
    "delete": "del",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}


def key_name(key: str) -> str:
    """A key as people read it: "question_mark" → "?"."""
    return _KEY_NAMES.get(key, key)
