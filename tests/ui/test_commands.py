"""The registry of commands: the one source of bindings, key bar, help, palette and the README's table."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from textual.binding import BindingsMap

from discotui.ui import commands
from discotui.ui.commands import COMMANDS, Command, Place
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.line_view import LineView

README = Path(__file__).parents[2] / "README.md"


def test_no_two_commands_have_the_same_id() -> None:
    ids = [command.id for command in commands.in_place(*Place)]
    assert len(ids) == len(set(ids)) == len(COMMANDS)


@pytest.mark.parametrize("place", Place)
def test_no_key_stands_for_two_commands_in_one_place(place: Place) -> None:
    keys = [key for command in commands.in_place(place) for key in command.keys]
    assert len(keys) == len(set(keys))


def test_the_keys_of_lists_are_no_keys_of_the_main_screen() -> None:
    # A list takes its keys first: the same one on the main screen would be dead there.
    in_lists = {key for command in commands.in_place(Place.LIST) for key in command.keys}
    on_main = {key for command in commands.in_place(Place.MAIN, Place.FOLDERS) for key in command.keys}
    assert not in_lists & on_main


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.id)
def test_every_command_can_be_carried_out(command: Command) -> None:
    if command.place is Place.LIST:
        assert callable(getattr(LineView, f"action_{command.id.replace('.', '_')}"))
    else:
        assert callable(getattr(MainScreen, command.method))


def test_every_method_that_carries_out_a_command_has_one() -> None:
    methods = {name for name in dir(MainScreen) if name.startswith("do_")}
    assert methods == {command.method for command in COMMANDS.values() if command.place is not Place.LIST}


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
