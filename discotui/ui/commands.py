"""The one registry of commands. Bindings, key bar, help, palette and the README's table all come from it.

A command's ``id`` is also the name of what carries it out: ``item.move`` is ``do_item_move`` of the screen that
shows it, found by :meth:`discotui.ui.screens.command_screen.CommandScreen.action_command`.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from discotui.ui.command import Command, Place
from discotui.ui.command_list import ALL

COMMANDS: dict[str, Command] = {command.id: command for command in ALL}


def in_place(*places: Place) -> Iterable[Command]:
    """The commands whose keys hold in one of the places."""
    return (command for command in ALL if command.place in places)


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
    for command in ALL:
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
