"""Leaving with changes waiting: they are sent first, or kept for the next time, or the person stays."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from textual.widgets import Button, ProgressBar

from discotui.library.outbox import State
from discotui.start import Start
from discotui.sync.events import Drained
from discotui.ui.app import DiscotuiApp
from discotui.ui.messages import SyncTold
from discotui.ui.screens.add import AddDialog
from discotui.ui.screens.leaving import LeavingDialog
from discotui.ui.wording import duration
from tests.demo_data import SHELF
from tests.ui.driving import (
    NARROW,
    PATIENCE,
    USUAL,
    TypedPilot,
    Wire,
    WiredStart,
    all_said,
    assert_safe,
    back_on_main,
    demo_app,
    dialog,
    go_to,
    go_to_area,
    lines_of,
    main,
    open_form,
    opened,
    pane,
    press,
    removals_rest,
    screen_text,
    settled,
    start_at,
    static_text,
    titles,
    toasts,
    until,
    writes,
)
from tests.ui.test_hostile import HOSTILE, MARKUP

pytestmark = pytest.mark.anyio

SIZES = pytest.mark.parametrize("size", [USUAL, NARROW], ids=["116x26", "60x20"])
OFFERED = ["Send now (s)", "Leave (y)", "Stay (n)"]
NOT_SENDING = ["Leave (y)", "Stay (n)"]
PROGRESS = ["Leave (y)", "Stop (n)"]


def has_left(app: DiscotuiApp) -> bool:
    """The program is leaving, without an error."""
    return app._exit and app.return_code == 0


def wire_of(start: WiredStart) -> Wire:
    """The way to the server."""
    assert start.wire is not None
    return start.wire


def said(app: DiscotuiApp) -> str:
    """What the dialog says."""
    return static_text(app, ".text")


def waiting(app: DiscotuiApp) -> int:
    """How many changes have not been sent."""
    assert app.session is not None
    return app.session.library.waiting_count()


def answers(app: DiscotuiApp) -> list[str]:
    """The answers that are offered."""
    return [str(button.label) for button in app.screen.query(Button) if button.display]


async def asked(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until the person is asked."""
    await until(
        pilot, lambda: isinstance(app.screen, LeavingDialog) and "Leave?" in said(app), "asked whether to leave"
    )
    for word in ("Traceback", "Error(", "Exception", "httpx", "None"):
        assert word not in said(app)


async def sending(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until the progress is shown."""
    await until(pilot, lambda: isinstance(app.screen, LeavingDialog) and " sent\n" in said(app), "the progress")


@contextmanager
def gate(start: WiredStart, *, lets_pass: int = 0) -> Iterator[threading.Event]:
    """Keep what changes something waiting on its way, after so many that pass, until the event is set."""
    opened, passed = threading.Event(), 0

    def before(request: httpx.Request) -> None:
        nonlocal passed
        if request.method == "GET":
            return
        passed += 1
        if passed > lets_pass:
            assert opened.wait(PATIENCE)

    wire_of(start).before = before
    try:
        yield opened
    finally:
        opened.set()


async def rate_all(pilot: TypedPilot) -> None:
    """Rate every release of the small collection: five changes."""
    for title in ("Meeting", "浮世", "أم كلثوم", "[untitled]", "Journey In Satchidananda"):
        await go_to(pilot, title)
        await press(pilot, "4")


# --- nothing to ask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_with_everything_sent_asks_nothing(key: str) -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "4")
        await settled(pilot)
        await pilot.press(key)
        await until(pilot, lambda: has_left(app))


async def test_ctrl_q_leaves_out_of_any_dialog() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "a")
        await dialog(pilot, AddDialog)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: has_left(app))


async def test_who_is_told_to_leave_leaves_whatever_is_open(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        wire_of(own_start).is_cut = True
        await press(pilot, "4", "q")
        await asked(pilot, app)
        threading.Thread(target=app.leave, args=(143,)).start()
        await until(pilot, lambda: app._exit)
        assert app.return_code == 143


# --- the question -------------------------------------------------------------------------------------------


@SIZES
@pytest.mark.parametrize(("answer", "leaves"), [("n", False), ("escape", False), ("y", True), ("enter", True)])
async def test_edits_that_wait_are_asked_about_and_kept(
    own_start: WiredStart, size: tuple[int, int], answer: str, leaves: bool
) -> None:
    async with demo_app(size=size, start=own_start) as (app, pilot, server), removals_rest():
        await go_to(pilot, "Meeting")
        await press(pilot, "d", "y", "q")
        await asked(pilot, app)
        assert said(app) == (
            "1 change has not been sent. It is kept on this machine and sent the next time.\n"
            "Sending now takes a few seconds.\nLeave?"
        )
        assert answers(app) == OFFERED
        assert "Stay (n)" in screen_text(pilot)
        await pilot.press(answer)
        if leaves:
            await until(pilot, lambda: has_left(app))
        else:
            await back_on_main(pilot)
            assert not app._exit
        assert not writes(server.log)
    async with demo_app(start=own_start, wait=False) as (app, pilot, server):
        assert "Meeting" not in titles(app)
        assert waiting(app) == 1


async def test_what_was_kept_is_sent_the_next_time(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        wire_of(own_start).is_cut = True
        await press(pilot, "4", "q")
        await asked(pilot, app)
        await pilot.press("y")
        await until(pilot, lambda: has_left(app))
    wire_of(own_start).is_cut = False
    async with demo_app(start=own_start) as (app, pilot, server):
        assert server.state.rating(1001) == 4


async def test_the_demo_says_that_waiting_edits_are_gone_and_enter_stays(demo_start: Start) -> None:
    # Undone before the app's own patches are: the other way round the rest would be gone for all later tests.
    async with demo_app(start=demo_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y", "q")
        await asked(pilot, app)
        assert "It is gone then: the demo keeps nothing." in said(app)
        await pilot.press("enter")
        await back_on_main(pilot)
        await pilot.press("q", "y")
        await until(pilot, lambda: has_left(app))


async def test_q_in_the_form_is_a_letter_and_ctrl_q_asks_about_what_was_typed() -> None:
    async with demo_app() as (app, pilot, _):
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await press(pilot, "q")
        assert pane(app).typed() == {SHELF: "q"}
        assert not app._exit
        for answer in ("n", "enter", "escape"):
            await press(pilot, "ctrl+q")
            await asked(pilot, app)
            assert said(app) == "What you typed is not saved and would be lost.\nLeave?"
            assert answers(app) == NOT_SENDING
            await press(pilot, answer)
            await back_on_main(pilot)
            assert pane(app).typed() == {SHELF: "q"}
        await press(pilot, "ctrl+q")
        await asked(pilot, app)
        await pilot.press("y")
        await until(pilot, lambda: has_left(app))


async def test_what_was_typed_is_said_before_what_waits_and_enter_stays(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y")
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await press(pilot, "x", "ctrl+q")
        await asked(pilot, app)
        assert said(app).startswith("What you typed is not saved and would be lost.\n1 change has not been sent.")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert pane(app).typed() == {SHELF: "B2x"}


async def test_what_is_sent_while_the_question_stands_is_no_longer_asked_about(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        with gate(own_start) as opened:
            await press(pilot, "4", "q")
            await asked(pilot, app)
            assert said(app).startswith("1 change has not been sent.")
            opened.set()
            await until(pilot, lambda: said(app) == "Nothing waits to be sent any more.\nLeave?")
            assert answers(app) == NOT_SENDING
            await press(pilot, "s", "n")
            await back_on_main(pilot)


async def test_q_does_not_answer_the_question(demo_start: Start) -> None:
    async with demo_app(start=demo_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y", "q", "q", "ctrl+q")
        assert isinstance(app.screen, LeavingDialog)
        assert len(app.screen_stack) == 3
        assert not app._exit


# --- nothing can be sent ------------------------------------------------------------------------------------


@asynccontextmanager
async def patched() -> AsyncIterator[pytest.MonkeyPatch]:
    """Patches for a part of a test."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


async def not_offered(pilot: TypedPilot, app: DiscotuiApp, why: str) -> None:
    """The dialog does not offer to send, says why, and s does nothing."""
    await until(pilot, lambda: why in said(app), why)
    assert answers(app) == NOT_SENDING
    await press(pilot, "s")
    assert "Leave?" in said(app)


async def test_without_a_network_it_is_told_and_sent_once_it_is_back(own_start: WiredStart) -> None:
    # Patched inside: undone after the app's own patches it would last for all later tests.
    async with demo_app(start=own_start) as (app, pilot, server), patched() as patch:
        patch.setattr("discotui.sync.engine.SECONDS_BETWEEN_TRIES", (1000.0,))
        wire_of(own_start).is_cut = True
        await press(pilot, "4")
        await until(pilot, lambda: "offline" in all_said(app))
        await press(pilot, "q")
        await until(pilot, lambda: "Discogs cannot be reached just now." in said(app))
        await press(pilot, "s")
        await until(pilot, lambda: "0 of 1 change sent." in said(app))
        await asked(pilot, app)
        assert said(app).count("cannot be reached") == 1
        wire_of(own_start).is_cut = False
        await pilot.press("s")
        await until(pilot, lambda: has_left(app))
        assert server.state.rating(1001) == 4


async def test_a_token_that_is_not_accepted_is_told() -> None:
    async with demo_app() as (app, pilot, server):
        server.revoke_token()
        await press(pilot, "4")
        await until(pilot, lambda: "token not accepted" in all_said(app))
        await press(pilot, "q")
        await not_offered(pilot, app, "Discogs does not accept the token")
        await pilot.press("enter")
        await until(pilot, lambda: has_left(app))


async def test_for_reading_only_it_is_told(own_start: WiredStart, tmp_path: Path) -> None:
    async with demo_app(start=own_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y")
    looking = start_at(own_start.server, tmp_path, read_only=True)
    async with demo_app(start=looking, wait=False) as (app, pilot, _):
        await press(pilot, "q")
        await not_offered(pilot, app, "open for reading only")


async def test_a_second_window_tells_that_the_other_one_sends(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (_app, pilot, _), removals_rest():
        await press(pilot, "d", "y")
        second = DiscotuiApp(own_start)
        async with second.run_test(size=USUAL, notifications=True) as other:
            await opened(other)
            await other.press("q")
            await not_offered(other, second, "The other window sends what waits.")


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.CONFLICT, "not sent before you have decided"),
        (State.PARKED, "not sent before you have decided"),
        (State.BLOCKED, "Discogs does not accept the token"),
    ],
)
async def test_what_cannot_go_by_itself_is_not_offered_to_be_sent(
    own_start: WiredStart, state: State, why: str
) -> None:
    async with demo_app(start=own_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y")
        assert app.session is not None
        library = app.session.library
        library.outgoing._update(library.outgoing.waiting()[0].seq, state=state)
        await press(pilot, "q")
        await not_offered(pilot, app, why)


async def test_what_waits_for_a_decision_is_counted_and_keeps_the_program_from_leaving(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _), removals_rest():
        with gate(own_start):
            await press(pilot, "d", "y", "j", "4")
            assert app.session is not None
            library = app.session.library
            library.outgoing._update(library.outgoing.waiting()[0].seq, state=State.CONFLICT)
            await press(pilot, "q")
            await asked(pilot, app)
            assert "1 of them waits for your decision first." in said(app)
            assert answers(app) == OFFERED
            await press(pilot, "s")
            await sending(pilot, app)
            assert said(app).startswith("0 of 1 change sent")
            main(app).post_message(SyncTold(Drained(), main(app)._generation))
            await asked(pilot, app)
            assert not app._exit


async def test_before_there_is_a_way_to_discogs_it_is_told(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y")
        assert app.session is not None
        engine, app.session.engine = app.session.engine, None
        await press(pilot, "q")
        await not_offered(pilot, app, "no way to Discogs yet")
        app.session.engine = engine
        await until(pilot, lambda: answers(app) == OFFERED)


# --- sending first ------------------------------------------------------------------------------------------


@SIZES
async def test_a_removal_that_rests_is_sent_at_once_and_the_program_leaves(
    own_start: WiredStart, size: tuple[int, int]
) -> None:
    async with demo_app(size=size, start=own_start) as (app, pilot, server), removals_rest():
        await go_to(pilot, "Meeting")
        await press(pilot, "d", "y", "q")
        await asked(pilot, app)
        await pilot.press("s")
        await until(pilot, lambda: has_left(app))
        assert [entry.method for entry in writes(server.log)] == ["DELETE"]


@SIZES
async def test_the_progress_tells_how_many_are_sent_and_how_long_it_takes(
    own_start: WiredStart, size: tuple[int, int]
) -> None:
    async with demo_app(size=size, start=own_start) as (app, pilot, server):
        with gate(own_start, lets_pass=2) as opened:
            await rate_all(pilot)
            await until(pilot, lambda: waiting(app) == 3)
            await press(pilot, "q")
            await asked(pilot, app)
            await press(pilot, "s")
            await sending(pilot, app)
            assert said(app) == "0 of 3 changes sent\na few seconds left at Discogs' limit"
            assert answers(app) == PROGRESS
            assert app.screen.query_one(ProgressBar).percentage == 0
            assert "Stop (n)" in screen_text(pilot)
            opened.set()
            await until(pilot, lambda: has_left(app))
        assert len(writes(server.log)) == 5


@pytest.mark.parametrize("key", ["n", "escape", "enter"])
async def test_stopping_goes_back_to_the_question_and_nothing_more_is_sent(own_start: WiredStart, key: str) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start, lets_pass=2) as opened:
            await rate_all(pilot)
            await until(pilot, lambda: waiting(app) == 3)
            await press(pilot, "q")
            await asked(pilot, app)
            await press(pilot, "s")
            await sending(pilot, app)
            await press(pilot, key)
            await asked(pilot, app)
            assert "0 of 3 changes sent, and one more is on its way." in said(app)
            assert answers(app) == OFFERED
            opened.set()
            await until(pilot, lambda: "1 of 3 changes sent." in said(app))
            assert said(app).startswith("2 changes have not been sent.")
            assert len(writes(server.log)) == 3
            await press(pilot, "n")
            await back_on_main(pilot)
            await settled(pilot)
            assert len(writes(server.log)) == 5


async def test_a_removal_that_was_not_sent_when_stopped_rests_again(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server), removals_rest():
        with gate(own_start) as opened:
            await go_to(pilot, "浮世")
            await press(pilot, "4")
            await go_to(pilot, "Meeting")
            await press(pilot, "d", "y", "q")
            await asked(pilot, app)
            await press(pilot, "s")
            await sending(pilot, app)
            await press(pilot, "n")
            await asked(pilot, app)
            opened.set()
            await press(pilot, "n")
            await back_on_main(pilot)
            await until(pilot, lambda: server.state.rating(1004) == 4)
        await press(pilot, "u")
        await settled(pilot)
        assert "Meeting" in titles(app)
        assert [entry.method for entry in writes(server.log)] == ["POST"]


async def test_after_stopping_one_can_go_on_and_leave(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened:
            await rate_all(pilot)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            await press(pilot, "n")
            await asked(pilot, app)
            await press(pilot, "s")
            await sending(pilot, app)
            opened.set()
            await until(pilot, lambda: has_left(app))
        assert len(writes(server.log)) == 5


@pytest.mark.parametrize("key", ["q", "ctrl+q", "y"])
async def test_one_can_leave_at_once_while_it_is_sent_and_the_rest_is_kept(own_start: WiredStart, key: str) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start, lets_pass=1) as opened:
            await rate_all(pilot)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            await pilot.press(key)
            await until(pilot, lambda: has_left(app))
            opened.set()
    wire_of(own_start).before = None
    async with demo_app(start=own_start) as (_app, pilot, server):
        await settled(pilot)
        assert {server.state.rating(release) for release in range(1001, 1006)} == {4}


async def test_nothing_is_edited_while_it_is_sent(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened:
            await press(pilot, "4", "q", "s")
            await sending(pilot, app)
            assert app.session is not None
            before = app.session.library.outgoing.waiting()
            await press(pilot, "1", "d", "m", "a", "u", "e", "j", "space", "delete", "ctrl+s", "ctrl+p", *"rate")
            assert app.session.library.outgoing.waiting() == before
            await sending(pilot, app)
            opened.set()
            await until(pilot, lambda: has_left(app))
        assert [entry.body for entry in writes(server.log)] == [{"rating": 4}]


async def test_what_is_typed_and_not_saved_keeps_the_program_from_leaving_by_itself(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server), removals_rest():
        await press(pilot, "d", "y")
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await press(pilot, "x", "ctrl+q", "s")
        await until(pilot, lambda: len(writes(server.log)) == 1)
        await asked(pilot, app)
        await until(pilot, lambda: "1 of 1 change sent." in said(app))
        assert said(app).startswith("What you typed is not saved and would be lost.")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert pane(app).typed() == {SHELF: "B2x"}


# --- when that does not go well -----------------------------------------------------------------------------


@SIZES
@pytest.mark.parametrize("message", ["Rating is closed.", MARKUP, HOSTILE], ids=["plain", "markup", "hostile"])
async def test_what_is_refused_is_told_and_the_person_asked_again(
    own_start: WiredStart, size: tuple[int, int], message: str
) -> None:
    body = httpx.Response(422, json={"message": message}).text
    async with demo_app(size=size, start=own_start) as (app, pilot, server):
        with gate(own_start) as opened:
            server.fail_next(422, body, match="/1005/", method="POST")
            await rate_all(pilot)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            opened.set()
            await asked(pilot, app)
        first, second, third, *_ = said(app).split("\n")
        assert (first, second) == ("Nothing waits to be sent any more.", "4 of 5 changes sent.")
        assert third.startswith("Not accepted and undone: rating")
        assert not toasts(app)
        assert "Meeting" in said(app)
        assert answers(app) == NOT_SENDING
        assert_safe(pilot)
        assert not app._exit
        await press(pilot, "n")
        await back_on_main(pilot)
        assert server.state.rating(1004) == 4


async def test_what_has_no_end_leaves_room_for_the_answers(own_start: WiredStart) -> None:
    body = httpx.Response(422, json={"message": "no " * 3000}).text
    async with demo_app(size=NARROW, start=own_start) as (app, pilot, server), removals_rest():
        await press(pilot, "d", "y")
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await press(pilot, "x", "ctrl+q")
        await asked(pilot, app)
        server.fail_next(422, body, method="DELETE")
        await press(pilot, "s")
        await until(pilot, lambda: "Not accepted" in said(app) and "Leave?" in said(app))
        shown = "\n".join(lines_of(app.screen))
        assert "What you typed" in shown
        assert "Stay (n)" in shown


async def test_of_many_refusals_the_first_is_told_and_the_others_counted(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened:
            server.fail_next(422, "{}", method="POST", times=5)
            await rate_all(pilot)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            opened.set()
            await asked(pilot, app)
        assert "0 of 5 changes sent." in said(app)
        assert " And 4 more." in said(app)


async def test_a_network_that_goes_meanwhile_is_told_and_the_person_asked_again(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        with gate(own_start, lets_pass=2) as opened:
            await rate_all(pilot)
            await until(pilot, lambda: waiting(app) == 3)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            wire_of(own_start).is_cut = True
            opened.set()
            await asked(pilot, app)
        assert said(app).startswith("3 changes have not been sent.")
        assert "0 of 3 changes sent.\nDiscogs cannot be reached just now." in said(app)
        await pilot.press("y")
        await until(pilot, lambda: has_left(app))


async def test_a_token_that_dies_meanwhile_is_told_and_the_person_asked_again(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened:
            await rate_all(pilot)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            server.revoke_token()
            opened.set()
            await asked(pilot, app)
        await not_offered(pilot, app, "Discogs does not accept the token")


async def test_trouble_of_discogs_own_is_told_and_waited_out(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened, pytest.MonkeyPatch.context() as patch:
            patch.setattr("discotui.sync.engine.SECONDS_BETWEEN_TRIES", (1000.0,))
            patch.setattr("discotui.sync.push.RESTS_AFTER_FAULT", (0.0,))
            # To be asked to send makes the sender try a second time without a rest.
            server.fail_next(503, "", times=2)
            await press(pilot, "4", "q", "s")
            await sending(pilot, app)
            opened.set()
            await until(pilot, lambda: "trouble of its own (error 503)" in static_text(app, "#pace"))
            await sending(pilot, app)
            assert app.session is not None
            app.session.library.edited.set()
            await until(pilot, lambda: has_left(app))
        assert server.state.rating(1001) == 4


async def test_a_lost_answer_is_told_to_be_looked_for(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened, pytest.MonkeyPatch.context() as patch:
            patch.setattr("discotui.sync.push.SECONDS_BEFORE_CHECKING", 1000.0)
            server.fail_next(503, "", method="POST", after_commit=True)
            await press(pilot, "4", "q", "s")
            await sending(pilot, app)
            opened.set()
            await until(pilot, lambda: "An answer was lost: in 1,000 s Discogs is asked" in static_text(app, "#pace"))
            await press(pilot, "n")
            await asked(pilot, app)


async def test_a_change_that_failed_is_told_to_be_tried_again(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        with gate(own_start) as opened, pytest.MonkeyPatch.context() as patch:
            patch.setattr("discotui.sync.push.RESTS_AFTER_FAULT", (1000.0,))
            server.fail_next(503, "", method="POST")
            await press(pilot, "4", "q", "s")
            await sending(pilot, app)
            opened.set()
            told = re.compile(r"failed is tried again in (1,000|9\d\d) s")
            await until(pilot, lambda: told.search(static_text(app, "#pace")) is not None)


async def test_discogs_limit_is_told_and_one_can_leave_at_once(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        server.fail_next(429, "{}", headers={"Retry-After": "300"}, method="POST")
        await press(pilot, "4", "q")
        await asked(pilot, app)
        await until(pilot, lambda: "Sending now takes about 5 minutes." in said(app))
        await press(pilot, "s")
        await sending(pilot, app)
        await until(pilot, lambda: "Discogs' limit: goes on in " in static_text(app, "#pace"))
        assert "about 5 minutes left" in said(app)
        await pilot.press("q")
        await until(pilot, lambda: has_left(app))


async def test_a_defect_is_told_and_the_person_asked_again(
    own_start: WiredStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with demo_app(start=own_start) as (app, pilot, _):
        with gate(own_start) as opened:
            await rate_all(pilot)
            await press(pilot, "q", "s")
            await sending(pilot, app)
            assert app.session is not None
            monkeypatch.setattr(app.session.client, "rate", broken)
            opened.set()
            await asked(pilot, app)
        await not_offered(pilot, app, "something in the program broke")


def broken(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("change", ["send_at_once", "rest_again"])
async def test_a_file_that_cannot_be_written_is_no_reason_to_be_stuck(own_start: WiredStart, change: str) -> None:
    async with demo_app(start=own_start) as (app, pilot, _), removals_rest():
        await press(pilot, "d", "y")
        with gate(own_start):
            assert app.session is not None
            store = app.session.library._core.store
            await press(pilot, "q")
            await asked(pilot, app)
            if change == "rest_again":
                await press(pilot, "s")
                await sending(pilot, app)
                outgoing = app.session.library.outgoing
                await until(pilot, lambda: [entry.state for entry in outgoing.waiting()] == [State.SENDING])
            store._db.execute("PRAGMA query_only = ON")
            await press(pilot, "s" if change == "send_at_once" else "n")
            await asked(pilot, app)
            if change == "send_at_once":
                assert "cannot be written" in said(app)
            store._db.execute("PRAGMA query_only = OFF")
            await pilot.press("y")
            await until(pilot, lambda: has_left(app))


# --- words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"),
        (15, "a few seconds"),
        (16, "about 20 seconds"),
        (90, "about 90 seconds"),
        (91, "about 2 minutes"),
        (3600, "about 60 minutes"),
        (5400, "about 90 minutes"),
        (5401, "about 2 hours"),
        (12 * 3600, "about 12 hours"),
    ],
)
def test_how_long_something_takes_is_told_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
