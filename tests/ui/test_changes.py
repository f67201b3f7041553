"""The screen of the changes: what it lists, what is decided there, and that it is up to date."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event

import httpx
import pytest
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState
from discotui.library.deciding import Counts
from discotui.library.past import Outcome
from discotui.sync.reading import unseen_release
from discotui.ui.app import DiscotuiApp
from discotui.ui.command import Place
from discotui.ui.commands import COMMANDS
from discotui.ui.screens.changes import ChangesScreen
from discotui.ui.screens.dialogs import Pick, Question
from discotui.ui.screens.help import HelpScreen
from discotui.ui.widgets.change_detail import ChangeDetail, ChangeFacts
from discotui.ui.widgets.change_list import ChangeList
from discotui.ui.widgets.key_bar import KeyBar
from discotui.ui.widgets.status_bar import StatusBar
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES, ODD
from tests.ui.driving import (
    NARROW,
    NORMAL,
    WIDE,
    TypedPilot,
    WiredStart,
    all_said,
    back_on_main,
    demo_app,
    dialog,
    drawn,
    go_to,
    lines_of,
    main,
    press,
    removals_rest,
    resize,
    screen_text,
    settled,
    table,
    toasts,
    type_text,
    until,
)

pytestmark = pytest.mark.anyio

UNTITLED, BLADE, BJORK, MEETING = 500_003, 500_004, 500_005, 500_006


# --- getting there ------------------------------------------------------------------------------------------


def counts(app: DiscotuiApp) -> Counts:
    """How many changes are where."""
    assert app.session is not None
    return app.session.library.deciding.counts()


def screen(app: DiscotuiApp) -> ChangesScreen:
    """The screen of the changes, which is open."""
    return next(screen for screen in app.screen_stack if isinstance(screen, ChangesScreen))


def listing(app: DiscotuiApp) -> ChangeList:
    """Its list."""
    return screen(app).query_one(ChangeList)


def listed(app: DiscotuiApp) -> list[str]:
    """The lines of its list, as they are drawn, with single blanks."""
    changes = listing(app)
    return [" ".join(changes.line_strip(line, 100).text.split()) for line in range(changes.line_count)]


def current(app: DiscotuiApp) -> str:
    """The line under the cursor."""
    return listed(app)[listing(app).cursor]


def said(app: DiscotuiApp) -> str:
    """What its status line says was just done."""
    return screen(app).query_one(StatusBar).news


def detail(app: DiscotuiApp) -> str:
    """The change in full."""
    shown = screen(app).query_one(ChangeFacts).detail
    values = [f"{label}: {text}" for label, text in shown.values]
    return "\n".join([shown.title, shown.heading, *values, *shown.sentences])


async def open_changes(pilot: TypedPilot, *keys: str) -> None:
    """Open it from the table, then press keys."""
    await press(pilot, "c")
    await dialog(pilot, ChangesScreen)
    await press(pilot, *keys)


async def line(pilot: TypedPilot, app: DiscotuiApp, text: str) -> None:
    """Put the cursor on the first line that holds a text."""
    await press(pilot, "g")
    for _ in range(listing(app).line_count):
        if text in current(app):
            return
        await press(pilot, "j")
    raise AssertionError(f"no line with {text!r} in {listed(app)}")


def cut(start: WiredStart, *, off: bool = True) -> None:
    """Take the network away, or bring it back."""
    assert start.wire is not None
    start.wire.is_cut = off


async def online(pilot: TypedPilot, app: DiscotuiApp, start: WiredStart) -> None:
    """Bring the network back, and have it noticed."""
    cut(start, off=False)
    assert app.session is not None
    assert app.session.engine is not None
    app.session.engine.read_again()


async def conflicts(pilot: TypedPilot, app: DiscotuiApp, start: WiredStart) -> None:
    """Four changes, made here without a network and at Discogs meanwhile: rating, folder, notes, a folder's name."""
    assert app.session is not None
    library, state = app.session.library, start.server.state
    cut(start)
    library.rate([UNTITLED], 5)
    library.move([BLADE], EMPTY)
    library.set_notes([UNTITLED], {NOTES: "mine\nof two lines"})
    library.rename_folder(JAZZ, "Jass")
    state.rate(1002, 1)
    state.move(BLADE, ODD)
    state.set_note(UNTITLED, NOTES, "theirs\nof two lines")
    state.rename_folder(JAZZ, "Jazz & more")
    await online(pilot, app, start)
    await until(pilot, lambda: counts(app) == Counts(conflicts=4))
    await until(pilot, lambda: not main(app).is_gathering)


async def refused(pilot: TypedPilot, app: DiscotuiApp, server: DemoServer, *ratings: int) -> None:
    """Edits that Discogs declines."""
    assert app.session is not None
    failed = counts(app).failed
    for rating in ratings:
        server.fail_next(422, json.dumps({"message": f"no {rating}"}), method="POST")
        app.session.library.rate([MEETING], rating)
        failed += 1
        await until(pilot, lambda: counts(app).failed == failed)  # noqa: B023 - awaited at once


async def parked(pilot: TypedPilot, app: DiscotuiApp, server: DemoServer) -> None:
    """An addition that is answered by nothing usable, twice, and never carried out."""
    assert app.session is not None
    server.fail_next(500, "", method="POST", match="/releases/1006", times=2)
    app.session.library.add(unseen_release(1006), ODD)
    await until(pilot, lambda: counts(app) == Counts(parked=1))


@asynccontextmanager
async def opened(
    start: WiredStart, *, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[DiscotuiApp, TypedPilot, DemoServer]]:
    """The program on a collection of one's own."""
    async with demo_app(start=start, size=size) as made:
        yield made


# --- opening, leaving, what is there ------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["escape", "c", "q"])
async def test_c_opens_it_and_esc_c_and_q_go_back(key: str) -> None:
    async with demo_app() as (app, pilot, _):
        await open_changes(pilot)
        await press(pilot, key)
        await back_on_main(pilot)
        assert app.is_running


async def test_with_nothing_ever_changed_it_says_in_a_sentence_that_everything_is_at_discogs() -> None:
    async with demo_app() as (app, pilot, _):
        await open_changes(pilot)
        assert listed(app) == ["Everything is at Discogs what you change is listed here"]
        assert "Nothing waits, nothing is in conflict" in detail(app)
        await press(pilot, "m", "t", "r", "d", "enter", "j", "G", "g", "tab", "j", "tab")
        assert isinstance(app.screen, ChangesScreen)


async def test_with_everything_sent_it_says_so_above_the_history(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await settled(pilot)
        await open_changes(pilot)
        first, history, sent = listed(app)
        assert first.startswith("Everything is at Discogs")
        assert history.startswith("History · 1")
        assert sent.endswith("Rating ····· → ★★★★· just now")
        assert sent.startswith("✓ Artist 0, Artist 1")
        assert current(app) == sent
        await press(pilot, "enter")
        assert "nothing to decide" in said(app)


async def test_each_kind_of_change_has_its_section_its_sign_and_its_words(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server), removals_rest():
        assert app.session is not None
        library = app.session.library
        await refused(pilot, app, server, 3)
        await conflicts_of_two(pilot, app, own_start)
        await parked_beside(pilot, app, server)
        library.new_folder("New [LP]")
        await until(pilot, lambda: counts(app).waiting == 0)
        library.remove([BJORK])
        await open_changes(pilot)
        lines = listed(app)
        assert [text.split(" · ")[0] for text in lines if "·" in text and text[0].isupper()] == [
            "Conflicts",
            "Asks you",
            "Refused",
            "Waiting",
            "History",
        ]
        for wanted in (
            "! The Fall – [untitled] Rating ★★★·· → ★★★★★ just now",
            "? Release 1006 Addition to 奇 Odd just now",
            "Rating ····· → ★★★·· just now",
            "↑ Björk – 浮世 Removal from 奇 Odd resting ",
            "✓ New [LP] New folder just now",
        ):
            assert any(wanted in text for text in lines), (wanted, lines)


async def conflicts_of_two(pilot: TypedPilot, app: DiscotuiApp, start: WiredStart) -> None:
    """A rating and a note in conflict."""
    assert app.session is not None
    cut(start)
    app.session.library.rate([UNTITLED], 5)
    app.session.library.set_notes([UNTITLED], {NOTES: "mine"})
    start.server.state.rate(1002, 1)
    start.server.state.set_note(UNTITLED, NOTES, "theirs")
    await online(pilot, app, start)
    await until(pilot, lambda: counts(app).conflicts == 2)


async def parked_beside(pilot: TypedPilot, app: DiscotuiApp, server: DemoServer) -> None:
    """An addition that asks, whatever else there is."""
    assert app.session is not None
    server.fail_next(500, "", method="POST", match="/releases/1006", times=2)
    app.session.library.add(unseen_release(1006), ODD)
    await until(pilot, lambda: counts(app).parked == 1)


async def test_the_detail_shows_base_mine_and_theirs_with_all_their_lines(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        await line(pilot, app, "Notes")
        shown = " ".join(text[88:].strip("│ ") for text in lines_of(app.screen))
        assert "Before – Mine mine of two lines Theirs theirs of two lines" in " ".join(shown.split())
        await line(pilot, app, "Folder name")
        assert "Before: Jazz [LP]\nMine: Jass\nTheirs: Jazz & more\n" in detail(app)


async def test_long_notes_scroll_in_the_detail_with_the_keys_of_lists(own_start: WiredStart) -> None:
    async with opened(own_start, size=NARROW) as (app, pilot, _):
        assert app.session is not None
        cut(own_start)
        app.session.library.set_notes([UNTITLED], {NOTES: "\n".join(f"line {number}" for number in range(60))})
        await open_changes(pilot)
        assert "line 59" not in screen_text(pilot)
        await press(pilot, "tab", "G")
        await until(pilot, lambda: screen(app).query_one(ChangeDetail).scroll_offset.y > 40)
        await press(pilot, "k", "pageup", "j", "pagedown", "g")
        await until(pilot, lambda: screen(app).query_one(ChangeDetail).scroll_offset.y == 0)
        await press(pilot, "enter")
        await dialog(pilot, Pick)
        await press(pilot, "escape", "escape")
        assert isinstance(app.focused, ChangeList)


async def test_why_a_change_waits_is_told_in_words(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        assert app.session is not None
        cut(own_start)
        app.session.library.rate([UNTITLED], 5)
        await open_changes(pilot)
        await until(pilot, lambda: "Discogs cannot be reached" in detail(app))
        assert "Offline" not in detail(app)
        assert current(app).endswith("queued")


async def test_a_token_that_is_not_accepted_is_told_beside_what_it_holds_up(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        assert app.session is not None
        account = server._accounts[server.token]
        server.revoke_token()
        app.session.library.rate([UNTITLED], 5)
        await open_changes(pilot)
        await until(pilot, lambda: listing(app).line_count > 1 and current(app).endswith("log in first"))
        assert "does not accept the token" in detail(app)
        server._accounts[server.token] = account
        await press(pilot, "r")
        await until(pilot, lambda: server.state.rating(1002) == 5)
        await until(pilot, lambda: current(app).startswith("✓"))


@pytest.mark.parametrize("how", ["sent", "looked up"])
async def test_what_is_under_way_is_shown_so_and_cannot_be_given_up(own_start: WiredStart, how: str) -> None:
    async with opened(own_start) as (app, pilot, server):
        assert app.session is not None
        assert own_start.wire is not None
        answer, reached = Event(), Event()
        held = "POST" if how == "sent" else "GET"

        def hold(request: httpx.Request) -> None:
            if request.method == held and "/releases" in request.url.path:
                reached.set()
                answer.wait(10)

        if how == "looked up":
            server.fail_next(502, "", method="POST")
        own_start.wire.after = hold if how == "sent" else _after_first_write(hold)
        app.session.library.rate([UNTITLED], 5)
        await until(pilot, reached.is_set)
        await open_changes(pilot)
        try:
            state = "being sent" if how == "sent" else "looking it up"
            await until(pilot, lambda: current(app).endswith(state), state)
            for key in ("d", "r", "m"):
                await press(pilot, key)
                assert isinstance(app.screen, ChangesScreen)
                assert ("goes by itself" if key == "r" else "nothing to decide") in said(app)
        finally:
            own_start.wire.after = None
            answer.set()
        await until(pilot, lambda: current(app).startswith("✓"))
        assert server.state.rating(1002) == 5


def _after_first_write(then: Callable[[httpx.Request], None]) -> Callable[[httpx.Request], None]:
    """Called for requests only once something was to be written."""
    wrote = Event()

    def after(request: httpx.Request) -> None:
        if wrote.is_set():
            then(request)
        if request.method == "POST":
            wrote.set()

    return after


# --- deciding conflicts -------------------------------------------------------------------------------------

IN_CONFLICT: dict[str, tuple[str, Callable[[CollectionState], object], object, object]] = {
    "rating": ("Rating", lambda state: state.rating(1002), 5, 1),
    "folder": ("Blade", lambda state: state.instances[BLADE].folder_id, EMPTY, ODD),
    "notes": (
        "Notes",
        lambda state: state.instances[UNTITLED].notes.get(NOTES),
        "mine\nof two lines",
        "theirs\nof two lines",
    ),
    "folder name": ("Folder name", lambda state: state.folder_names[JAZZ], "Jass", "Jazz & more"),
}


@pytest.mark.parametrize("kind", IN_CONFLICT)
@pytest.mark.parametrize("by", ["key", "dialog"])
async def test_mine_is_kept(own_start: WiredStart, kind: str, by: str) -> None:
    text, there, mine, _ = IN_CONFLICT[kind]
    async with opened(own_start) as (app, pilot, server):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        await line(pilot, app, text)
        if by == "key":
            await press(pilot, "m")
        else:
            await press(pilot, "enter")
            await dialog(pilot, Pick)
            await press(pilot, "enter")
        await until(pilot, lambda: there(server.state) == mine)
        await until(pilot, lambda: counts(app) == Counts(conflicts=3))
        await until(pilot, lambda: any(text.startswith("✓") for text in listed(app)))


@pytest.mark.parametrize("kind", IN_CONFLICT)
@pytest.mark.parametrize("by", ["key", "dialog"])
async def test_theirs_is_taken_and_mine_can_be_done_once_more_from_the_history(
    own_start: WiredStart, kind: str, by: str
) -> None:
    text, there, mine, theirs = IN_CONFLICT[kind]
    async with opened(own_start) as (app, pilot, server):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        await line(pilot, app, text)
        if by == "key":
            await press(pilot, "t")
        else:
            await press(pilot, "enter")
            await dialog(pilot, Pick)
            await type_text(pilot, "theirs")
            await press(pilot, "enter")
        await until(pilot, lambda: counts(app) == Counts(conflicts=3))
        assert there(server.state) == theirs
        assert "yours is in the history" in said(app)
        await press(pilot, "G")
        assert current(app).startswith("–")
        assert "Theirs" in detail(app)
        await press(pilot, "r")
        await until(pilot, lambda: there(server.state) == mine)


@pytest.mark.parametrize(
    ("key", "words", "wanted"), [("m", "Keep mine in all 4?", 2), ("t", "Take theirs in all 4?", 3)]
)
async def test_all_conflicts_are_decided_on_their_heading_after_a_question(
    own_start: WiredStart, key: str, words: str, wanted: int
) -> None:
    async with opened(own_start) as (app, pilot, server):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        await line(pilot, app, "Conflicts")
        await press(pilot, key)
        await dialog(pilot, Question)
        assert words in screen_text(pilot)
        await press(pilot, "enter")
        assert counts(app) == Counts(conflicts=4)
        await press(pilot, "enter")
        await dialog(pilot, Pick)
        await type_text(pilot, words[:4])
        await press(pilot, "enter")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await until(pilot, lambda: counts(app) == Counts())
        for _, there, mine, theirs in IN_CONFLICT.values():
            assert there(server.state) == (mine if key == "m" else theirs)
        assert "4 changes: " in said(app)


@pytest.mark.parametrize("key", ["m", "t"])
async def test_after_a_decision_the_cursor_goes_on_to_the_next_conflict(own_start: WiredStart, key: str) -> None:
    async with opened(own_start) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot, "j")
        for left in (3, 2, 1):
            await press(pilot, key)
            await until(pilot, lambda: counts(app) == Counts(conflicts=left))  # noqa: B023 - awaited at once
            assert current(app).startswith("!")
            assert listed(app)[0].startswith(f"Conflicts · {left}")
        await press(pilot, key)
        await until(pilot, lambda: counts(app) == Counts())
        assert "Everything is at Discogs" in listed(app)[0]


async def test_u_and_shift_u_undo_and_redo_the_last_edit_and_say_so_there(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await settled(pilot)
        await open_changes(pilot, "u")
        assert said(app).startswith("undone: rating of Artist 0")
        await until(pilot, lambda: server.state.rating(1005) == 0)
        await press(pilot, "U")
        assert said(app).startswith("done again: rating of Artist 0")
        await until(pilot, lambda: server.state.rating(1005) == 4)
        await press(pilot, "U")
        assert said(app) == "nothing to do again"


async def test_of_what_waits_r_says_that_it_goes_by_itself(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        assert app.session is not None
        cut(own_start)
        app.session.library.rate([MEETING], 3)
        await until(pilot, lambda: "offline" in all_said(app))
        await open_changes(pilot, "r")
        assert said(app) == "nothing to do: what waits goes by itself"
        await press(pilot, "k", "r")
        assert current(app).startswith("Waiting")
        assert said(app) == "nothing to do: what waits goes by itself"


async def test_what_cannot_be_done_with_a_conflict_is_told_with_what_can(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        for key in ("r", "d"):
            await press(pilot, key)
            assert said(app) == "here there is only: “Keep mine”, “Take theirs”"
        assert counts(app) == Counts(conflicts=4)


# --- deciding all else --------------------------------------------------------------------------------------


async def test_an_addition_that_asks_is_sent_again(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await parked(pilot, app, server)
        await open_changes(pilot)
        assert current(app).startswith("? Release 1006 Addition to 奇 Odd")
        await press(pilot, "r")
        await until(pilot, lambda: "resting" in current(app))
        await press(pilot, "r")
        await until(pilot, lambda: counts(app) == Counts())
        assert len(server.state.instances_of(1006)) == 1


async def test_an_addition_that_asks_is_given_up_after_a_question(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await parked(pilot, app, server)
        await open_changes(pilot, "d")
        await dialog(pilot, Question)
        assert "Give up: addition of Release 1006?" in " ".join(screen_text(pilot).split())
        await press(pilot, "enter")
        assert counts(app) == Counts(parked=1)
        await press(pilot, "d", "y")
        await until(pilot, lambda: counts(app) == Counts())
        assert not server.state.instances_of(1006)
        assert len(table(app).items) == 6
        assert current(app).startswith("– Release 1006")


async def test_what_was_refused_is_tried_again(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await refused(pilot, app, server, 2)
        await open_changes(pilot)
        assert "Discogs says: “no 2”" in detail(app)
        await press(pilot, "r")
        await until(pilot, lambda: server.state.rating(1005) == 2)
        await until(pilot, lambda: counts(app) == Counts())


async def test_what_was_refused_is_taken_off_the_list_and_stays_in_the_history(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await refused(pilot, app, server, 2, 3)
        await open_changes(pilot, "d")
        assert counts(app) == Counts(failed=1)
        assert "it stays in the history" in said(app)
        await line(pilot, app, "Refused")
        await press(pilot, "r")
        await until(pilot, lambda: [text[0] for text in listed(app)] == ["E", "H", "✓", "×", "×"])
        assert server.state.rating(1005) == 3


async def test_all_that_was_refused_is_decided_on_its_heading(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await refused(pilot, app, server, 2, 3)
        await open_changes(pilot)
        await line(pilot, app, "Refused")
        await press(pilot, "d")
        await dialog(pilot, Question)
        await press(pilot, "y")
        assert counts(app) == Counts()
        assert [text[0] for text in listed(app)] == ["E", "H", "×", "×"]


async def test_a_resting_removal_is_sent_at_once_or_given_up(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server), removals_rest():
        assert app.session is not None
        app.session.library.remove([BJORK, BLADE])
        await open_changes(pilot)
        await until(pilot, lambda: len(listed(app)) == 3)
        await press(pilot, "r")
        await until(pilot, lambda: BJORK not in server.state.instances)
        await until(pilot, lambda: "Blade" in current(app))
        await press(pilot, "d")
        await dialog(pilot, Question)
        await press(pilot, "y")
        assert counts(app) == Counts()
        assert BLADE in server.state.instances
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert BLADE in {item.instance_id for item in table(app).items}


@pytest.mark.parametrize("answer", ["enter", "escape", "n"])
async def test_no_is_the_answer_that_keeps_a_waiting_change(own_start: WiredStart, answer: str) -> None:
    async with opened(own_start) as (app, pilot, _):
        assert app.session is not None
        cut(own_start)
        app.session.library.rate([UNTITLED], 5)
        await open_changes(pilot, "d")
        await dialog(pilot, Question)
        await press(pilot, answer)
        assert counts(app) == Counts(waiting=1)


async def test_what_was_sent_while_it_was_asked_about_is_not_given_up(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        assert app.session is not None
        cut(own_start)
        app.session.library.rate([UNTITLED], 5)
        await open_changes(pilot, "d")
        await dialog(pilot, Question)
        await online(pilot, app, own_start)
        await until(pilot, lambda: counts(app) == Counts())
        await press(pilot, "y")
        assert said(app) == "That is settled already."
        assert server.state.rating(1002) == 5
        assert [past.outcome for past in app.session.library.deciding.history()] == [Outcome.SENT]


async def test_a_collection_for_reading_only_is_listed_and_not_decided(own_start: WiredStart) -> None:
    from dataclasses import replace  # noqa: PLC0415

    async with opened(own_start) as (app, pilot, server):
        await refused(pilot, app, server, 2)
    async with opened(replace(own_start, read_only=True)) as (app, pilot, server):
        await open_changes(pilot)
        assert current(app).startswith("×")
        for command in COMMANDS.values():
            if command.place is Place.CHANGES and command.changes:
                for key in command.keys:
                    screen(app).say("")
                    await press(pilot, key)
                    assert said(app) == "This collection is open for reading only.", key
        await press(pilot, "enter")
        assert isinstance(app.screen, ChangesScreen)
        assert counts(app) == Counts(failed=1)
        assert not [each for each in screen(app).query_one(KeyBar).commands if each.changes]


# --- what is set aside --------------------------------------------------------------------------------------


async def test_what_left_the_collection_is_brought_back_with_folder_rating_and_notes(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        assert app.session is not None
        server.state.remove(BJORK)
        await open_changes(pilot)
        await online(pilot, app, own_start)
        await until(pilot, lambda: len(listed(app)) == 3)
        assert listed(app)[1].startswith("Set aside · 1 left the collection in the last 30 days")
        await line(pilot, app, "○ Björk – 浮世 Missing from 奇 Odd just now")
        for wanted in (
            "no longer at Discogs",
            "Folder: 奇 Odd",
            "Rating: ★····",
            "Media Condition: Mint (M)",
            "30 more",
        ):
            assert wanted in detail(app)
        await press(pilot, "r")
        assert "added again" in said(app)
        await until(pilot, lambda: [text[0] for text in listed(app)][:3] == ["E", "H", "✓"])
        back = server.state.instances_of(1004)
        assert [(each.folder_id, each.notes) for each in back] == [(ODD, {MEDIA: "Mint (M)"})]


async def test_all_that_is_set_aside_is_brought_back_on_its_heading(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        assert app.session is not None
        app.session.library.remove([BJORK, BLADE])
        await open_changes(pilot)
        await until(pilot, lambda: [text[0] for text in listed(app)][:4] == ["E", "S", "○", "○"])
        assert "Removed from " in listed(app)[2]
        await line(pilot, app, "Set aside")
        await press(pilot, "enter")
        await dialog(pilot, Pick)
        assert "Bring all 2 back" in screen_text(pilot)
        await press(pilot, "enter")
        await dialog(pilot, Question)
        assert "Bring all 2 back?" in screen_text(pilot)
        assert "Bring all 2 back (y)" in screen_text(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: counts(app) == Counts() and not any("○" in text for text in listed(app)))
        assert len(server.state.instances) == 6


# --- searching ----------------------------------------------------------------------------------------------


async def with_history(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Three changes that were sent."""
    assert app.session is not None
    library = app.session.library
    library.rate([MEETING], 4)
    library.set_notes([UNTITLED], {NOTES: "Scratch on side B"})
    library.set_notes([BJORK], {NOTES: "Café"})
    await until(pilot, lambda: counts(app) == Counts())
    await open_changes(pilot)
    await until(pilot, lambda: len(listed(app)) == 5)


async def test_the_history_is_searched_as_one_types_and_esc_shows_everything(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await with_history(pilot, app)
        await press(pilot, "slash")
        await type_text(pilot, "CAFE")
        first, found = listed(app)
        assert first.startswith("Found in the history · 1")
        assert "Björk – 浮世 Notes – → Café" in found
        await press(pilot, *["backspace"] * 4)
        assert len(listed(app)) == 5
        await type_text(pilot, "rating")
        assert len(listed(app)) == 2
        assert " Rating " in listed(app)[1]
        await press(pilot, *["backspace"] * 6)
        await type_text(pilot, "side scr")
        await press(pilot, "enter")
        assert isinstance(app.focused, ChangeList)
        assert "Scratch on side B" in current(app)
        await press(pilot, "escape")
        assert len(listed(app)) == 5
        assert "Scratch on side B" in current(app)
        assert not screen(app).query_one(Input).display
        await press(pilot, "escape")
        await back_on_main(pilot)


async def test_what_is_not_found_is_told(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await with_history(pilot, app)
        await press(pilot, "slash")
        await type_text(pilot, "nowhere mcq")
        assert listed(app) == []
        assert "Nothing in the history has all of these words." in screen_text(pilot)
        await press(pilot, "enter", "m", "enter", "slash")
        assert isinstance(app.focused, Input)
        await press(pilot, "escape")
        assert len(listed(app)) == 5


async def test_a_history_without_an_end_is_read_as_one_goes_down(
    own_start: WiredStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discotui.ui.screens.changes.HISTORY_STEP", 2)
    async with opened(own_start) as (app, pilot, _):
        assert app.session is not None
        for rating in (1, 2, 3, 4, 5):
            app.session.library.rate([MEETING], rating)
            await until(pilot, lambda: counts(app) == Counts())
        await open_changes(pilot)
        assert len(listed(app)) == 4
        assert listed(app)[1].startswith("History · the newest 2")
        await press(pilot, "j")
        await until(pilot, lambda: len(listed(app)) == 6)
        assert current(app).split()[-4:-2] == ["→", "★★★★·"]
        await press(pilot, "G")
        await until(pilot, lambda: len(listed(app)) == 7)
        assert listed(app)[1].startswith("History · 5")


# --- up to date ---------------------------------------------------------------------------------------------


async def test_it_follows_what_happens_and_the_cursor_stays_on_its_change(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        assert app.session is not None
        library, state = app.session.library, server.state
        cut(own_start)
        library.rate([UNTITLED], 5)
        library.rate([BLADE], 4)
        library.set_notes([BJORK], {NOTES: "mine"})
        await open_changes(pilot)
        await line(pilot, app, "Björk")
        state.set_note(BJORK, NOTES, "theirs")
        await online(pilot, app, own_start)
        await until(pilot, lambda: len(listed(app)) == 5 and listed(app)[-1].startswith("✓"))
        assert listed(app)[0].startswith("Conflicts · 1")
        assert current(app).startswith("! Björk – 浮世 Notes – → mine")
        assert [text[0] for text in listed(app)] == ["C", "!", "H", "✓", "✓"]
        state.set_note(BJORK, NOTES, "theirs, again")
        await online(pilot, app, own_start)
        await until(pilot, lambda: "theirs, again" in detail(app))


async def test_where_the_change_under_the_cursor_was_sent_the_cursor_goes_to_the_next(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _), removals_rest():
        assert app.session is not None
        app.session.library.remove([BJORK, BLADE, UNTITLED])
        await open_changes(pilot)
        await line(pilot, app, "Blade")
        await press(pilot, "r")
        await until(pilot, lambda: counts(app) == Counts(waiting=2))
        await until(pilot, lambda: [text[0] for text in listed(app)] == ["W", "↑", "↑", "S", "○", "H", "✓"])
        assert "[untitled]" in current(app)


async def test_ages_and_rests_go_on(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _), removals_rest():
        assert app.session is not None
        library = app.session.library
        library.remove([BJORK])
        await open_changes(pilot)
        await until(pilot, lambda: "resting" in current(app))
        later = library.outgoing.waiting()[0].not_before - 400
        library._core.clock = lambda: later
        main(app).show_status()
        await drawn(pilot)
        assert any("resting 400 s" in text for text in lines_of(screen(app)))
        assert "10 min ago" in detail(app)


# --- sizes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [NARROW, NORMAL, WIDE])
async def test_in_every_size_the_line_and_the_whole_change_are_in_sight(
    own_start: WiredStart, size: tuple[int, int]
) -> None:
    async with opened(own_start, size=size) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        await line(pilot, app, "Rating")
        shown = "\n".join(lines_of(app.screen))
        for text in ("! The Fall", "★★★·· → ★★★★★", "Before", "Mine", "Theirs", "★····", "m Keep mine", "esc Back"):
            assert text in shown, text


async def test_in_a_window_that_is_too_small_nothing_is_decided(own_start: WiredStart) -> None:
    async with opened(own_start, size=NARROW) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot)
        await resize(pilot, (59, 19))
        await until(pilot, lambda: "at least 60 × 20" in screen_text(pilot))
        await press(pilot, "m", "t", "enter", "slash")
        assert counts(app) == Counts(conflicts=4)
        await resize(pilot, NARROW)
        await until(pilot, lambda: isinstance(app.focused, ChangeList))
        await press(pilot, "m")
        assert counts(app).conflicts == 3


# --- what leads there ---------------------------------------------------------------------------------------


async def test_conflicts_are_told_once_shown_in_the_status_line_and_signed_in_the_table(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        assert toasts(app)[-1].startswith("4 changes are in conflict, the latest: ")
        assert toasts(app)[-1].endswith("They were changed at Discogs too. Yours are shown and not sent; c decides.")
        assert "! 4 conflicts · c" in all_said(app)
        assert "waiting" not in all_said(app)
        await go_to(pilot, "[untitled]")
        signs = {item.title: table(app).line_strip(row, 100).text[1] for row, item in enumerate(table(app).items)}
        assert {title for title, sign in signs.items() if sign == "!"} == {"[untitled]", "أم كلثوم"}

        def shown() -> str:
            return " ".join("\n".join(lines_of(app.screen)).split())

        await until(pilot, lambda: "! changed at Discogs too" in shown())
        assert shown().count("! theirs") == 2


async def test_what_is_parked_and_what_is_refused_are_told_with_the_way_to_decide(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, server):
        await parked(pilot, app, server)
        await until(pilot, lambda: any("twice, and it is not at Discogs" in text for text in toasts(app)))
        await until(pilot, lambda: "! 1 asks you · c" in all_said(app))
        await refused(pilot, app, server, 2)
        await until(pilot, lambda: any("c keeps it" in text for text in toasts(app)))
        await until(pilot, lambda: "! 1 asks you, 1 refused · c" in all_said(app))
        await open_changes(pilot)
        assert not toasts(app)


async def test_help_begins_with_its_keys_and_the_palette_offers_what_is_possible(own_start: WiredStart) -> None:
    async with opened(own_start) as (app, pilot, _):
        await conflicts(pilot, app, own_start)
        await open_changes(pilot, "question_mark")
        await dialog(pilot, HelpScreen)
        assert "The changes" in lines_of(app.screen)[2] or "The changes" in "\n".join(lines_of(app.screen)[:4])
        await press(pilot, "escape", "ctrl+p")
        await dialog(pilot, CommandPalette)
        options = app.screen.query_one(OptionList)
        await until(pilot, lambda: any("Keep mine (m)" in str(option.prompt) for option in options.options))
        await press(pilot, "escape")
        await dialog(pilot, ChangesScreen)
