"""The registry of commands: the one source of bindings, key bar, help, palette and the README's table."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from textual.binding import BindingsMap

from discotui.ui import commands
from discotui.ui.command import Command, Place
from discotui.ui.commands import COMMANDS
from discotui.ui.screens.changes import ChangesScreen
from discotui.ui.screens.command_screen import CommandScreen
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.change_detail import ChangeDetail
from discotui.ui.widgets.line_view import LineView

README = Path(__file__).parents[2] / "README.md"


def test_no_two_commands_have_the_same_id() -> None:
    ids = [command.id for command in commands.in_place(*Place)]
    assert len(ids) == len(set(ids)) == len(COMMANDS)


@pytest.mark.parametrize("place", Place)
def test_no_key_stands_for_two_commands_in_one_place(place: Place) -> None:
    keys = [key for command in commands.in_place(place) for key in command.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "places", [(Place.MAIN, Place.FOLDERS, Place.TABLE), (Place.CHANGES,)], ids=["main", "changes"]
)
def test_the_keys_of_lists_are_no_keys_of_the_screens_that_have_them(places: tuple[Place, ...]) -> None:
    # A list takes its keys first: the same one on the screen would be dead there.
    in_lists = {key for command in commands.in_place(Place.LIST) for key in command.keys}
    on_screen = {key for command in commands.in_place(*places, Place.ANYWHERE) for key in command.keys}
    assert not in_lists & on_screen


@pytest.mark.parametrize(
    "place", [Place.MAIN, Place.FOLDERS, Place.TABLE, Place.CELL, Place.FORM, Place.FILTER, Place.CHANGES]
)
def test_what_holds_anywhere_has_its_keys_to_itself(place: Place) -> None:
    anywhere = {key for command in commands.in_place(Place.ANYWHERE) for key in command.keys}
    assert not anywhere & {key for command in commands.in_place(place) for key in command.keys}


SCREENS: dict[type[CommandScreen], set[Place]] = {
    MainScreen: {Place.MAIN, Place.FOLDERS, Place.TABLE, Place.CELL, Place.FORM, Place.FILTER, Place.ANYWHERE},
    ChangesScreen: {Place.CHANGES, Place.ANYWHERE},
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.id)
def test_every_command_can_be_carried_out(command: Command) -> None:
    if command.place is Place.LIST:
        for widget in (LineView, ChangeDetail):
            assert callable(getattr(widget, f"action_{command.id.replace('.', '_')}"))
    else:
        screens = [screen for screen, places in SCREENS.items() if command.place in places]
        assert screens
        assert all(callable(getattr(screen, command.method)) for screen in screens)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_method_that_carries_out_a_command_has_one(screen: type[CommandScreen]) -> None:
    methods = {name for name in dir(screen) if name.startswith("do_")}
    assert methods == {command.method for command in COMMANDS.values() if command.place in SCREENS[screen]}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.id)
def test_every_command_has_words_for_people(command: Command) -> None:
    assert command.label
    assert command.help
    assert not command.help.endswith(".")
    assert command.key_text


def test_each_key_is_bound_to_its_command() -> None:
    bound = BindingsMap(commands.bindings(Place.MAIN)).key_to_bindings
    expected = set(itertools.chain.from_iterable(command.keys for command in commands.in_place(Place.MAIN)))
    assert set(bound) == expected
    assert bound["4"][0].action == "screen.command('item.rate', '4')"
    assert bound["m"][0].action == "screen.command('item.move')"


def test_readme_has_the_table_of_keys() -> None:
    if not README.exists():
        pytest.skip("there is no README.md in this copy")
    assert commands.readme_table() in README.read_text("utf-8")
