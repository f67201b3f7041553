"""The one list of commands. Bindings, key bar, help, palette and the README's table all come from it.

A command's ``id`` is also the name of what carries it out: ``item.move`` is ``do_item_move`` of the screen that
shows it, found by :meth:`discotui.ui.screens.command_screen.CommandScreen.action_command`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding


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
}


def key_name(key: str) -> str:
    """A key as people read it: "question_mark" → "?"."""
    return _KEY_NAMES.get(key, key)


CHANGES_GROUP = "The changes"
MANY_GROUP = "Many items at once"

_ALL = (
    # --- moving about
    Command("cursor.down", ("down", "j"), "Down", "one line down", "Moving about", Place.LIST),
    Command("cursor.up", ("up", "k"), "Up", "one line up", "Moving about", Place.LIST),
    Command("cursor.page_down", ("pagedown",), "Page down", "one screenful down", "Moving about", Place.LIST),
    Command("cursor.page_up", ("pageup",), "Page up", "one screenful up", "Moving about", Place.LIST),
    Command("cursor.home", ("home", "g"), "First", "to the first line", "Moving about", Place.LIST),
    Command("cursor.end", ("end", "G"), "Last", "to the last line", "Moving about", Place.LIST),
    Command(
        "cursor.choose",
        ("enter",),
        "Open",
        "open: a folder or view, an item, what to do about a change",
        "Moving about",
        Place.LIST,
    ),
    Command("pane.next", ("tab",), "Next pane", "folders → table → item", "Moving about"),
    Command("pane.previous", ("shift+tab",), "Previous pane", "item → table → folders", "Moving about"),
    Command("pane.zoom", ("z",), "Zoom", "the focused pane alone, and back", "Moving about"),
    Command(
        "app.back",
        ("escape",),
        "Back",
        "back: to the table, out of zoom, filter or marks",
        "Moving about",
    ),
    # --- the item
    Command(
        "item.rate",
        ("0", "1", "2", "3", "4", "5"),
        "Rate",
        "rate the release or all marked ones, 0 clears",
        "The item",
        changes=True,
        needs_item=True,
        takes_marks=True,
        rank=1,
        shown_keys="0-5",
        argument_per_key=True,
    ),
    Command(
        "item.move",
        ("m",),
        "Move",
        "move it, or all marked, to a folder found by name",
        "The item",
        changes=True,
        needs_item=True,
        takes_marks=True,
        rank=2,
    ),
    Command(
        "item.edit",
        ("e",),
        "Edit",
        "edit the notes fields, or one field of all marked",
        "The item",
        changes=True,
        needs_item=True,
        takes_marks=True,
        rank=3,
    ),
    Command(
        "item.remove",
        ("d", "delete"),
        "Remove",
        "remove it, or all marked; asks first",
        "The item",
        changes=True,
        needs_item=True,
        takes_marks=True,
        rank=4,
    ),
    Command(
        "edit.repeat",
        ("full_stop",),
        "Repeat",
        "the last edit once more, on this item or all marked",
        "The item",
        changes=True,
        needs_item=True,
        takes_marks=True,
    ),
    Command("item.open", ("o",), "Open", "the release's page at Discogs, in the browser", "The item", needs_item=True),
    Command("item.copy", ("y",), "Copy", "artist and title, to the clipboard", "The item", needs_item=True),
    Command(
        "item.copy_url",
        ("Y",),
        "Copy URL",
        "the address of its page at Discogs, to the clipboard",
        "The item",
        needs_item=True,
    ),
    # --- many items
    Command("item.mark", ("space",), "Mark", "mark the item, or let it go, and step on", MANY_GROUP, needs_item=True),
    Command(
        "mark.range", ("v",), "Mark a range", "mark from here to where the cursor goes", MANY_GROUP, needs_item=True
    ),
    Command("mark.all", ("asterisk",), "Mark all", "mark all that are shown; again lets them go", MANY_GROUP),
    Command("mark.invert", ("I",), "Invert marks", "of those shown, mark what is not, let go what is", MANY_GROUP),
    Command(
        "bulk.progress",
        ("b",),
        "Progress",
        "how far a large edit is: pause it, cancel the rest",
        MANY_GROUP,
        changes=True,
    ),
    # --- the collection
    Command(
        "collection.add",
        ("a",),
        "Add",
        "add a release by its number or its address",
        "The collection",
        changes=True,
        rank=5,
    ),
    Command(
        "collection.filter",
        ("slash",),
        "Filter",
        "filter as you type; enter keeps it, esc clears it",
        "The collection",
        rank=6,
    ),
    Command(
        "collection.sort", ("s",), "Sort", "choose the order; the same one again reverses it", "The collection", rank=7
    ),
    Command("collection.random", ("x",), "Random", "pick something to play from what is shown", "The collection"),
    Command("collection.sync", ("r",), "Read again", "read the whole collection from Discogs now", "The collection"),
    Command(
        "collection.loss",
        (),
        "Missing items",
        "items missing at Discogs, kept until you say yes",
        "The collection",
        shown_keys="ctrl+p",
    ),
    Command(
        "edit.undo",
        ("u",),
        "Undo",
        "take back the last edit, and the one before it, …",
        "The collection",
        Place.ANYWHERE,
        changes=True,
        rank=8,
    ),
    Command("edit.redo", ("U",), "Redo", "do again what was undone", "The collection", Place.ANYWHERE, changes=True),
    Command(
        "screen.changes",
        ("c",),
        "Changes",
        "what waits, what was sent, what was refused, what is in conflict",
        "The collection",
        rank=8,
    ),
    # --- folders
    Command("folder.new", ("n",), "New folder", "make a folder", "Folders", changes=True, rank=9),
    Command(
        "folder.rename",
        ("e",),
        "Rename",
        "rename the folder or saved view under the cursor",
        "Folders",
        Place.FOLDERS,
        changes=True,
        rank=1,
    ),
    Command(
        "folder.delete",
        ("d", "delete"),
        "Delete",
        "delete the empty folder, or the saved view, under the cursor",
        "Folders",
        Place.FOLDERS,
        changes=True,
        rank=2,
    ),
    Command("view.up", ("K",), "View up", "put a saved view one place higher", "Folders", Place.FOLDERS),
    Command("view.down", ("J",), "View down", "one place lower", "Folders", Place.FOLDERS),
    # --- the form
    Command("form.save", ("ctrl+s",), "Save", "keep what was typed", "While editing", Place.FORM, rank=1),
    Command(
        "form.leave",
        ("escape",),
        "Leave",
        "leave without saving; asks when something was typed",
        "While editing",
        Place.FORM,
        rank=2,
    ),
    Command("form.next", ("tab",), "Next", "to the next field", "While editing", Place.FORM, rank=3),
    Command("form.previous", ("shift+tab",), "Previous", "to the field before it", "While editing", Place.FORM),
    # --- the filter
    Command(
        "filter.keep",
        ("enter",),
        "Keep",
        "keep the filter, and go to the items",
        "Typing a filter",
        Place.FILTER,
        rank=1,
    ),
    Command("filter.clear", ("escape",), "Clear", "show everything again", "Typing a filter", Place.FILTER, rank=2),
    Command("filter.complete", ("tab",), "Complete", "take what is offered", "Typing a filter", Place.FILTER, rank=3),
    Command(
        "view.save",
        ("ctrl+s",),
        "Save view",
        "keep the filter as a view in the folder pane",
        "Typing a filter",
        Place.FILTER,
        rank=4,
    ),
    Command("filter.next", ("down",), "Next", "the next thing that is offered", "Typing a filter", Place.FILTER),
    Command("filter.previous", ("up",), "Previous", "the one before it", "Typing a filter", Place.FILTER),
    # --- the changes
    Command(
        "changes.keep_mine",
        ("m",),
        "Keep mine",
        "in conflict: send mine over theirs; on a heading, all",
        CHANGES_GROUP,
        Place.CHANGES,
        changes=True,
        rank=1,
    ),
    Command(
        "changes.take_theirs",
        ("t",),
        "Take theirs",
        "in conflict: leave theirs; mine stays in the history",
        CHANGES_GROUP,
        Place.CHANGES,
        changes=True,
        rank=2,
    ),
    Command(
        "changes.retry",
        ("r",),
        "Try again",
        "send now, do once more, or bring back what is set aside",
        CHANGES_GROUP,
        Place.CHANGES,
        changes=True,
        rank=3,
    ),
    Command(
        "changes.drop",
        ("d", "delete"),
        "Drop",
        "give up, asks first; take what was refused off the list",
        CHANGES_GROUP,
        Place.CHANGES,
        changes=True,
        rank=4,
    ),
    Command(
        "changes.search", ("slash",), "Search", "search the history as you type", CHANGES_GROUP, Place.CHANGES, rank=5
    ),
    Command(
        "changes.detail",
        ("tab", "shift+tab"),
        "Detail",
        "to the whole texts, which scroll, and back to the list",
        CHANGES_GROUP,
        Place.CHANGES,
        rank=6,
        shown_keys="tab",
    ),
    Command("changes.back", ("escape", "c", "q"), "Back", "to the collection", CHANGES_GROUP, Place.CHANGES, rank=11),
    # --- the program
    Command("app.help", ("question_mark",), "Help", "these keys", "The program", Place.ANYWHERE, rank=10),
    Command(
        "app.palette", ("ctrl+p",), "Palette", "every command, folder and order, by name", "The program", Place.ANYWHERE
    ),
    Command("app.quit", ("q",), "Quit", "leave; offers to send first what still waits", "The program", rank=11),
)

COMMANDS: dict[str, Command] = {command.id: command for command in _ALL}


def in_place(*places: Place) -> Iterable[Command]:
    """The commands whose keys hold in one of the places."""
    return (command for command in _ALL if command.place in places)


def bindings(*places: Place) -> list[Binding]:
    """Textual's bindings for the commands of some places; each key carries the command's id.

    Args:
        places: Where the commands' keys hold.
    """
    made = []
    for command in in_place(*places):
        for key in command.keys:
            argument = f", {key!r}" if command.argument_per_key else ""
            made.append(
                Binding(
                    key,
                    # A list moves its own cursor; all else is carried out by the screen.
                    command.id.replace(".", "_")
                    if command.place is Place.LIST
                    else f"screen.command({command.id!r}{argument})",
                    command.label,
                    show=False,
                    id=f"{command.id}.{key}" if command.argument_per_key else command.id,
                    tooltip=command.help,
                )
            )
    return made


def groups(first: str = "", *, read_only: bool = False) -> dict[str, list[Command]]:
    """All commands under their headings, in the order of the registry.

    Args:
        first: The heading that comes before all others.
        read_only: Without those that change the collection, the form's among them.
    """
    found: dict[str, list[Command]] = {first: []} if first else {}
    for command in _ALL:
        if not (read_only and (command.changes or command.place is Place.FORM)):
            found.setdefault(command.group, []).append(command)
    return {heading: commands for heading, commands in found.items() if commands}


def readme_table() -> str:
    """The README's table of keys, in Markdown."""
    lines = ["| key | what it does |", "|---|---|"]
    for heading, commands in groups().items():
        lines.append(f"| **{heading}** | |")
        lines.extend(f"| `{command.key_text}` | {command.help} |" for command in commands)
    return "\n".join(lines)
