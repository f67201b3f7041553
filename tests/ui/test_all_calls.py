"""One sitting at the keyboard that makes every call of Discogs' collection API."""

from __future__ import annotations

import re

import pytest
from textual.widgets import Button, Input, Select, TextArea

from discotui.demo.server import LogEntry
from discotui.ui.screens.dialogs import Name
from tests.demo_data import COLLECTION, EMPTY, NOTES, small_data
from tests.ui.driving import (
    demo_app,
    dialog,
    go_to,
    go_to_folder,
    press,
    settled,
    titles,
    type_text,
    until,
)

pytestmark = pytest.mark.anyio

CALLS = {
    "1 list folders": ("GET", r"/folders", 200),
    "2 make a folder": ("POST", r"/folders", 201),
    "3 look at a folder": ("GET", r"/folders/\d+", 200),
    "4 rename a folder": ("POST", r"/folders/\d+", 200),
    "5 delete a folder": ("DELETE", r"/folders/\d+", 204),
    "6 copies of a release": ("GET", r"/releases/\d+", 200),
    "7 a page of items": ("GET", r"/folders/\d+/releases", 200),
    "8 add a release": ("POST", r"/folders/\d+/releases/\d+", 201),
    "9 rate": ("POST", r"/folders/\d+/releases/\d+/instances/\d+", 204),
    "9 move": ("POST", r"/folders/\d+/releases/\d+/instances/\d+", 204),
    "10 remove": ("DELETE", r"/folders/\d+/releases/\d+/instances/\d+", 204),
    "11 notes fields": ("GET", r"/fields", 200),
    "12 set a field": ("POST", r"/folders/\d+/releases/\d+/instances/\d+/fields/\d+", 204),
    "13 value": ("GET", r"/value", 200),
}
BODIES = {"9 rate": "rating", "9 move": "folder_id", "2 make a folder": "name", "12 set a field": "value"}


def calls_in(log: list[LogEntry]) -> set[str]:
    """Which of the calls were made, with success."""
    return {
        name
        for entry in log
        for name, (method, path, status) in CALLS.items()
        if (entry.method, entry.status) == (method, status)
        and re.fullmatch(COLLECTION + path, entry.path)
        and (name not in BODIES or BODIES[name] in (entry.body or {}))
    }


async def test_all_thirteen_calls_are_made_by_keys_alone_and_the_server_has_it_all() -> None:
    data = small_data() | {"folders": [*small_data()["folders"], "Old"]}
    async with demo_app(data=data) as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "3")
        await press(pilot, "m")
        await type_text(pilot, "emp")
        await press(pilot, "enter", "e")
        await until(pilot, lambda: isinstance(app.focused, Select))
        while not isinstance(app.focused, TextArea):
            await press(pilot, "tab")
        await type_text(pilot, "played")
        await press(pilot, "ctrl+s")
        await press(pilot, "a")
        app.screen.query_one(Input).focus()
        await type_text(pilot, "1006")
        await press(pilot, "enter")
        await until(pilot, lambda: not app.screen.query_one("#add", Button).disabled)
        await press(pilot, "enter", "n")
        await dialog(pilot, Name)
        await type_text(pilot, "New")
        await press(pilot, "enter")
        await go_to_folder(pilot, "Empty")
        await press(pilot, "e")
        await dialog(pilot, Name)
        await type_text(pilot, "Played")
        await press(pilot, "enter")
        await go_to_folder(pilot, "Old")
        await press(pilot, "d", "y")
        await go_to(pilot, "[untitled]")
        await press(pilot, "d", "y")
        await press(pilot, "r")
        await settled(pilot)

        assert calls_in(server.log) == set(CALLS)
        assert all(entry.authorization for entry in server.log)
        state = server.state
        meeting = state.instances[500_006]
        assert state.rating(1005) == 3
        assert meeting.folder_id == EMPTY
        assert meeting.notes == {NOTES: "played"}
        assert [copy.folder_id for copy in state.instances_of(1006)] == [1]
        assert 500_003 not in state.instances
        assert sorted(state.folder_names.values()) == ["All", "Jazz [LP]", "New", "Played", "Uncategorized", "奇 Odd"]
        assert sorted(titles(app)) == sorted(state.releases[each.release_id].title for each in state.instances.values())
