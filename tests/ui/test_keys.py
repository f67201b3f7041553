"""Keys that arrive together, as over a slow line."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.add import AddDialog
from discotui.ui.screens.dialogs import Pick
from discotui.ui.widgets.folder_tree import FolderTree
from tests.ui.driving import current, demo_app, dialog, screen_text, settled, until, writes

pytestmark = pytest.mark.anyio


def in_one_go(app: DiscotuiApp, keys: str) -> None:
    """Hand the app all keys before it has dealt with the first."""
    for key in keys:
        app.post_message(events.Key("enter" if key == "\n" else key, None if key == "\n" else key))


async def typed(pilot: Pilot[int], text: str) -> None:
    await until(pilot, lambda: any(entry.value == text for entry in pilot.app.screen.query(Input)))


async def test_what_is_typed_behind_a_command_goes_to_the_dialog_it_opens() -> None:
    async with demo_app() as (app, pilot, server):
        in_one_go(app, "mdey")
        await dialog(pilot, Pick)
        await typed(pilot, "dey")
        assert not writes(server.log)


async def test_a_number_typed_behind_add_rates_nothing() -> None:
    async with demo_app() as (app, pilot, server):
        in_one_go(app, "a1460")
        await dialog(pilot, AddDialog)
        await typed(pilot, "1460")
        assert not writes(server.log)


async def test_a_question_is_answered_by_the_next_key() -> None:
    async with demo_app() as (app, pilot, _):
        before = current(app)
        in_one_go(app, "dn")
        await settled(pilot)
        assert current(app) == before
        assert "Keep (n)" not in screen_text(pilot)


async def test_a_whole_move_can_be_typed_ahead() -> None:
    async with demo_app() as (app, pilot, server):
        instance_id = current(app).instance_id
        in_one_go(app, "mempty\n3")
        await until(pilot, lambda: len(writes(server.log)) == 2)
        folder = next(folder for folder in server.state.folders() if folder.name == "Empty")
        assert folder.count == 1
        assert server.state.rating(server.state.instance(instance_id).release_id) == 3


async def test_a_key_behind_tab_goes_to_the_next_pane() -> None:
    async with demo_app() as (app, pilot, _):
        before = current(app)
        app.post_message(events.Key("shift+tab", None))
        in_one_go(app, "jj")
        await until(pilot, lambda: app.screen.query_one(FolderTree).current_key == "folder:7003")
        assert current(app) == before


async def test_a_key_that_is_never_reported_as_done_does_not_hold_up_the_next() -> None:
    async with demo_app() as (app, pilot, _):
        before = current(app)
        # As if its dialog had gone away with it.
        app._key_under_way = True
        in_one_go(app, "j")
        await until(pilot, lambda: current(app) != before)
