"""What can go wrong at Discogs or on the way there, as a person sees it.

Each time the same is asked for: a plain message in the status line or in the corner, nothing lost, and a program
that goes on. (A wrong token on the first screen is in ``test_welcome``.)
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.widgets import Select, TextArea

from discotui.start import Kind
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.dialogs import Pick, Question
from tests.demo_data import EMPTY, MEDIA, ODD, SHELF, many_records, owned, record, small_data
from tests.ui.driving import (
    TypedPilot,
    Wire,
    WiredStart,
    all_said,
    current,
    demo_app,
    dialog,
    go_to,
    go_to_folder,
    main,
    open_folder,
    pane,
    press,
    screen_text,
    server_of,
    settled,
    start_at,
    table,
    titles,
    toasts,
    tree,
    type_text,
    until,
    writes,
)

pytestmark = pytest.mark.anyio


def wire_of(start: WiredStart) -> Wire:
    """The way to the server."""
    assert start.wire is not None
    return start.wire


async def told(pilot: TypedPilot, app: DiscotuiApp, text: str) -> None:
    """Wait until the person is told so, in words that do not come from a program."""
    await until(pilot, lambda: text in all_said(app), text)
    for word in ("Traceback", "Error(", "Exception", "httpx", "None"):
        assert word not in all_said(app)


async def goes_on(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """The program still does what it is told."""
    assert app.is_running
    await press(pilot, "g", "j")
    assert table(app).cursor == min(1, max(0, table(app).line_count - 1))
    await press(pilot, "s")
    await dialog(pilot, Pick)
    await press(pilot, "escape")


# --- not let in ---------------------------------------------------------------------------------------------


async def test_a_token_that_is_revoked_keeps_the_copy_and_the_waiting_edits() -> None:
    async with demo_app() as (app, pilot, server):
        server.revoke_token()
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await told(pilot, app, "token not accepted")
        await told(pilot, app, "Discogs does not accept the token")
        await press(pilot, "r")
        await until(pilot, lambda: "1 change waiting" in all_said(app))
        assert len(titles(app)) == 6
        assert current(app).rating == 4
        assert tree(app).line_count == 6
        await goes_on(pilot, app)
        assert server.state.rating(1005) == 0


@pytest.mark.parametrize(
    ("user", "message"),
    [
        ("hermit", "“hermit” is private: only its owner can see it"),
        ("nobody.here", "Discogs knows no user “nobody.here”"),
    ],
)
async def test_a_collection_that_cannot_be_seen_is_told(tmp_path: Path, user: str, message: str) -> None:
    start = start_at(server_of(), tmp_path, kind=Kind.PUBLIC, user=user)
    async with demo_app(start=start, wait=False) as (app, pilot, _):
        await told(pilot, app, message)
        await until(pilot, lambda: "Not read yet: " in screen_text(pilot))
        await goes_on(pilot, app)


async def test_the_token_of_somebody_else_changes_nothing(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        server.fail_next(200, json.dumps({"id": 1, "username": "stranger"}), match="/oauth/identity", times=9)
        await press(pilot, "r")
        await told(pilot, app, "does not accept the token")
        assert len(titles(app)) == 6


# --- no network ---------------------------------------------------------------------------------------------


async def test_without_a_network_at_the_first_start_it_is_told_and_read_later(own_start: WiredStart) -> None:
    wire_of(own_start).is_cut = True
    async with demo_app(start=own_start, wait=False) as (app, pilot, _):
        await told(pilot, app, "Discogs cannot be reached")
        await told(pilot, app, "offline")
        assert "Not read yet: " in screen_text(pilot)
        await goes_on(pilot, app)
        wire_of(own_start).is_cut = False
        await settled(pilot)
        assert len(titles(app)) == 6
        assert "offline" not in all_said(app)


async def test_without_a_network_at_a_later_start_the_copy_is_shown(own_start: WiredStart) -> None:
    async with demo_app(start=own_start):
        pass
    wire_of(own_start).is_cut = True
    async with demo_app(start=own_start, wait=False) as (app, pilot, _):
        assert len(titles(app)) == 6
        await told(pilot, app, "offline")
        assert len(titles(app)) == 6
        await goes_on(pilot, app)


async def test_without_a_network_edits_wait_and_are_sent_when_it_is_back(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        wire_of(own_start).is_cut = True
        await go_to(pilot, "Meeting")
        await press(pilot, "4", "m")
        await type_text(pilot, "emp")
        await press(pilot, "enter")
        await told(pilot, app, "2 changes waiting ↑")
        await told(pilot, app, "offline")
        assert sum("cannot be reached" in text for text in toasts(app)) == 1
        wire_of(own_start).is_cut = False
        await settled(pilot)
        assert "offline" not in all_said(app)
        assert (server.state.rating(1005), server.state.instances[500_006].folder_id) == (4, EMPTY)
        assert len(writes(server.log)) == 2


# --- too fast -----------------------------------------------------------------------------------------------

TOO_FAST = '{"message": "You are making requests too quickly."}'


async def test_a_429_counts_down_in_the_status_line_and_goes_on_by_itself() -> None:
    async with demo_app() as (app, pilot, server):
        server.fail_next(429, TOO_FAST, headers={"Retry-After": "2"}, method="POST")
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await told(pilot, app, "Discogs' limit: on in ")
        assert current(app).rating == 4
        await settled(pilot)
        assert server.state.rating(1005) == 4
        assert [entry.status for entry in writes(server.log)] == [429, 204]


async def test_one_can_leave_at_once_in_the_middle_of_a_429() -> None:
    async with demo_app() as (app, pilot, server):
        server.fail_next(429, TOO_FAST, headers={"Retry-After": "600"})
        await press(pilot, "4")
        await told(pilot, app, "Discogs' limit: on in ")
        await goes_on(pilot, app)
        await press(pilot, "q")
        await dialog(pilot, Question)
        await pilot.press("y")
        await until(pilot, lambda: app._exit)


# --- a collection that keeps changing -----------------------------------------------------------------------


async def test_a_collection_that_keeps_changing_is_shown_as_far_as_it_was_read(tmp_path: Path) -> None:
    start = start_at(server_of(many_records(150)), tmp_path)
    async with demo_app(start=start) as (app, pilot, server):
        server.state.rate(1001, 5)

        def change(request: httpx.Request) -> None:
            if b"page=1&" in request.url.query:
                server.state.remove(max(server.state.instances))

        wire_of(start).after = change
        await press(pilot, "r")
        await told(pilot, app, "kept changing while it was read. What is new in it is shown, nothing was taken out.")
        await told(pilot, app, "partly read: it kept changing")
        await until(pilot, lambda: "★★★★★" in screen_text(pilot))
        assert len(titles(app)) == 150
        wire_of(start).after = None
        await until(pilot, lambda: len(titles(app)) == len(server.state.instances) < 150)
        await settled(pilot)
        assert "partly read" not in all_said(app)


# --- answers that cannot be used ----------------------------------------------------------------------------

PAGE = "<html><head><title>502</title></head><body>Bad gateway</body></html>"
BAD: dict[str, tuple[int, str, str]] = {
    "a 500": (500, "", "Discogs has trouble of its own (error 500)"),
    "a 503 with a page": (503, PAGE, "Discogs has trouble of its own (error 503)"),
    "a page in place of JSON": (200, PAGE, "something that cannot be read"),
    "JSON cut short": (200, '{"folders": [{"id": 0, "na', "something that cannot be read"),
    "JSON of another shape": (200, '["folders"]', "something that cannot be read"),
    "nothing at all": (200, "", "something that cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_answer_while_reading_loses_nothing_and_is_tried_again(name: str) -> None:
    status, body, message = BAD[name]
    async with demo_app() as (app, pilot, server):
        server.fail_next(status, body, match="/collection/folders", method="GET", times=3)
        server.state.rate(1005, 2)
        await press(pilot, "r")
        await told(pilot, app, message)
        assert len(titles(app)) == 6
        assert tree(app).line_count == 6
        await until(pilot, lambda: next(item.rating for item in table(app).items if item.title == "Meeting") == 2)
        await settled(pilot)
        assert not main(app).query_one("StatusBar").status.trouble  # type: ignore[attr-defined]
        await goes_on(pilot, app)


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_answer_at_the_first_reading_is_tried_again(name: str) -> None:
    status, body, message = BAD[name]
    server = server_of()
    server.fail_next(status, body, match="/folders/0/releases", times=3)
    async with demo_app(server=server, wait=False) as (app, pilot, _):
        await told(pilot, app, message)
        await settled(pilot)
        assert len(titles(app)) == 6


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("name", ["a 500", "a 503 with a page"])
async def test_a_bad_answer_to_an_edit_leaves_it_on_the_screen_and_at_discogs_once(
    name: str, after_commit: bool
) -> None:
    status, body, _ = BAD[name]
    async with demo_app() as (app, pilot, server):
        server.fail_next(status, body, method="POST", after_commit=after_commit)
        await press(pilot, "n")
        await type_text(pilot, "Dub")
        await press(pilot, "enter")
        await told(pilot, app, "Discogs has trouble of its own")
        await settled(pilot)
        assert list(server.state.folder_names.values()).count("Dub") == 1
        assert "Dub" in screen_text(pilot)
        await goes_on(pilot, app)


async def test_an_edit_that_discogs_declines_is_undone_and_the_reason_told() -> None:
    async with demo_app() as (app, pilot, server):
        body = {"message": 'See "detail" for validation errors.', "detail": [{"msg": "Not today."}]}
        server.fail_next(422, json.dumps(body), method="POST")
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await told(pilot, app, "Not accepted and undone: rating “Artist 0")
        await told(pilot, app, "Not today.")
        await settled(pilot)
        assert current(app).rating == 0
        await goes_on(pilot, app)


# --- changed elsewhere --------------------------------------------------------------------------------------


async def test_moving_to_a_folder_that_was_deleted_elsewhere_is_undone_and_told() -> None:
    async with demo_app() as (app, pilot, server):
        server.state.delete_folder(EMPTY)
        await go_to(pilot, "Meeting")
        await press(pilot, "m")
        await type_text(pilot, "emp")
        await press(pilot, "enter")
        await told(pilot, app, "Not accepted and undone: moving “Artist 0")
        await told(pilot, app, "folder does not exist")
        await until(pilot, lambda: "Empty" not in "\n".join(str(f.name) for f in main(app).session.library.folders()))
        await settled(pilot)
        assert current(app).title == "Meeting"
        assert current(app).folder_id == 7001
        assert len(titles(app)) == 6


async def test_the_folder_that_is_shown_and_was_deleted_elsewhere_gives_way_to_all() -> None:
    async with demo_app() as (app, pilot, server):
        await open_folder(pilot, "Empty")
        server.state.delete_folder(EMPTY)
        await press(pilot, "r")
        await until(pilot, lambda: len(titles(app)) == 6)
        await settled(pilot)
        assert main(app).shown_folder == 0
        assert str(main(app).query_one("#table").border_title).startswith("All · 6 items")
        await go_to_folder(pilot, "All")


async def test_an_item_that_was_moved_elsewhere_is_found_and_edited_there() -> None:
    async with demo_app() as (app, pilot, server):
        server.state.move(500_006, ODD)
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await settled(pilot)
        assert server.state.rating(1005) == 4
        assert current(app).title == "Meeting"
        assert current(app).folder_id == ODD


async def test_an_item_that_was_moved_to_a_third_folder_elsewhere_is_not_moved_back() -> None:
    async with demo_app() as (app, pilot, server):
        server.state.move(500_006, ODD)
        await go_to(pilot, "Meeting")
        await press(pilot, "m")
        await type_text(pilot, "emp")
        await press(pilot, "enter")
        await told(pilot, app, "In conflict: moving")
        await told(pilot, app, "! 1 conflict · c")
        assert server.state.instances[500_006].folder_id == ODD
        await goes_on(pilot, app)


async def test_an_item_that_was_removed_elsewhere_goes_and_the_edit_is_told() -> None:
    async with demo_app() as (app, pilot, server):
        server.state.remove(500_006)
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await told(pilot, app, "Not accepted and undone: rating")
        await told(pilot, app, "Discogs does not have it")
        await until(pilot, lambda: "Meeting" not in titles(app))
        await settled(pilot)
        assert len(titles(app)) == 5
        await goes_on(pilot, app)


async def test_removing_what_was_removed_elsewhere_is_no_trouble_at_all() -> None:
    async with demo_app() as (app, pilot, server):
        server.state.remove(500_006)
        await go_to(pilot, "Meeting")
        await press(pilot, "d", "y")
        await settled(pilot)
        assert "Meeting" not in titles(app)
        assert not toasts(app)


# --- odd data -----------------------------------------------------------------------------------------------


async def test_a_choice_outside_of_its_options_is_shown_and_kept() -> None:
    odd = "Very Good (VG)\n"
    data = small_data()
    data["records"][4]["notes"] = {"Media Condition": odd}
    async with demo_app(data=data) as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await until(pilot, lambda: "Very Good (VG)" in screen_text(pilot))
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(app.focused, Select))
        assert "Very Good (VG) (not one" in screen_text(pilot)
        while not isinstance(app.focused, TextArea) or app.focused.id != f"field-{SHELF}":
            await press(pilot, "tab")
        await type_text(pilot, "A1")
        assert pane(app).typed() == {SHELF: "A1"}
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert server.state.instances[500_006].notes == {MEDIA: odd, SHELF: "A1"}


def _empty() -> dict[str, Any]:
    return small_data() | {
        "records": [],
        "others": [record("Kind Of Blue", "Miles Davis", "Columbia", "CS 8163", "LP", year=1959)],
    }


async def test_an_empty_collection_says_so_and_takes_its_first_item() -> None:
    async with demo_app(data=_empty()) as (app, pilot, server):
        assert "Nothing in this folder yet" in screen_text(pilot)
        assert "All · 0 items" in screen_text(pilot)
        await press(pilot, "j", "k", "G", "g", "x", "z", "z", "tab", "tab", "tab", "4", "e", "d", "m")
        await press(pilot, "a")
        await type_text(pilot, "1001")
        await press(pilot, "enter")
        await until(pilot, lambda: not app.screen.query_one("#add").disabled)
        await press(pilot, "enter")
        await settled(pilot)
        assert titles(app) == ["Kind Of Blue"]
        assert len(server.state.instances) == 1


async def test_an_empty_folder_says_so() -> None:
    async with demo_app() as (app, pilot, _):
        await open_folder(pilot, "Empty")
        assert "Nothing in this folder yet" in screen_text(pilot)
        await goes_on(pilot, app)


async def test_a_collection_without_notes_fields_says_that_there_is_nothing_to_edit() -> None:
    data = small_data() | {"fields": []}
    data["records"] = [
        record("Title", "Artist", "Label", "1", "CD", year=2000) | owned("Empty", "2020-01-01T00:00:00-08:00")
    ]
    async with demo_app(data=data) as (app, pilot, _):
        await press(pilot, "e")
        await told(pilot, app, "no notes fields yet")
        assert not pane(app).is_editing
        await goes_on(pilot, app)
