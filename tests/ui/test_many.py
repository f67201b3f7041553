"""Edits of many items by keys: what is asked before, how they go on, how they are paused, cancelled and undone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from textual.widgets import Button, OptionList, TextArea

from discotui.credentials import Token
from discotui.demo.data import state_from
from discotui.demo.server import DemoServer
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.library.items import Item
from discotui.start import Kind
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.bulk_progress import ProgressDialog
from discotui.ui.screens.dialogs import Notice, Pick, Question
from discotui.ui.screens.fields_of_many import NoteText
from discotui.ui.widgets.status_bar import StatusBar
from tests.demo_data import EMPTY, MEDIA, NOTES, OWNER, TOKEN, many_records
from tests.ui.driving import (
    NARROW,
    TypedPilot,
    Wire,
    WiredStart,
    all_said,
    app_of,
    assert_safe,
    back_on_main,
    current,
    demo_app,
    dialog,
    go_to,
    main,
    news,
    picture,
    press,
    screen_text,
    settled,
    static_text,
    toasts,
    type_text,
    until,
    writes,
)
from tests.virtual import VirtualClock

pytestmark = pytest.mark.anyio

JOURNEY = "Journey In Satchidananda"
_LONG = 120.0
"""Seconds that thousands of requests may take on a machine that has other things to do."""


def items_of(app: DiscotuiApp) -> list[Item]:
    """All items as they are here."""
    assert app.session is not None
    return app.session.library.items()


def question(app: DiscotuiApp) -> str:
    """What the question that is open asks."""
    assert isinstance(app.screen, Question)
    return static_text(app, ".text")


async def asked_about(pilot: TypedPilot) -> None:
    """Wait until it is asked what many items are to be."""
    await dialog(pilot, Question)
    await until(pilot, lambda: "?" in static_text(app_of(pilot), ".text"))


def collection_of(count: int) -> dict[str, Any]:
    """Data with so many records, in three folders, some rated, some with notes."""
    data = many_records(count)
    folders = ("Jazz [LP]", "奇 Odd", "Uncategorized")
    for number, record in enumerate(data["records"]):
        record["folder"] = folders[number % 3]
        record["rating"] = number % 5
        if number % 4 == 0:
            record["notes"] = {"Notes": f"shelf {number} [x]"}
    return data


async def carried_out(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until an edit is kept and shown."""
    await until(pilot, lambda: main(app).is_at_rest, "kept and shown")


async def all_sent(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until nothing waits to be sent."""
    assert app.session is not None
    library = app.session.library
    await until(pilot, lambda: not library.waiting_count(), "all sent")


# --- a few --------------------------------------------------------------------------------------------------


async def test_a_few_marked_items_are_rated_at_once_and_undone_in_one_step() -> None:
    async with demo_app() as (app, pilot, server):
        before = picture(server.state)
        await press(pilot, "asterisk", "4")
        assert news(app) == "rated ★★★★· · 5 releases · u undoes it"
        await settled(pilot)
        assert {item.rating for item in items_of(app)} == {4}
        assert len(writes(server.log)) == 5
        assert len(main(app).marked) == 6
        await press(pilot, "u")
        await settled(pilot)
        assert picture(server.state) == before


async def test_marked_items_are_moved_together_whatever_the_cursor_is_on() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "space", "g", "space", "G", "m")
        await dialog(pilot, Pick)
        await type_text(pilot, "empty")
        await press(pilot, "enter")
        await settled(pilot)
        assert [copy.folder_id for copy in server.state.instances.values()].count(EMPTY) == 2
        assert "moved 2 items" in news(app)


async def test_the_folder_that_all_of_them_are_in_is_no_choice() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "asterisk", "m")
        await dialog(pilot, Pick)
        offered = [str(option.prompt).split("  ")[0] for option in app.screen.query_one(OptionList).options]
        assert offered == ["Uncategorized", "Empty", "Jazz [LP]", "奇 Odd"]
        await press(pilot, "escape", "escape", "g", "space", "m")
        offered = [str(option.prompt).split("  ")[0] for option in app.screen.query_one(OptionList).options]
        assert offered == ["Uncategorized", "Empty", "奇 Odd"]


async def test_removing_marked_items_names_them_and_undo_brings_them_back() -> None:
    async with demo_app(data=collection_of(6)) as (app, pilot, server):
        before = picture(server.state)
        await press(pilot, "asterisk", "d")
        await dialog(pilot, Question)
        asked = question(app)
        assert "Remove 6 items from the collection?" in asked
        assert "2 of them have notes, which go with them." in asked
        assert "· Artist 003 – Title 003" in asked
        assert asked.count("·") == 6
        await press(pilot, "enter")  # no, by default
        await back_on_main(pilot)
        assert len(items_of(app)) == 6
        await press(pilot, "d", "y")
        await settled(pilot)
        assert not server.state.instances
        assert not main(app).marked
        await press(pilot, "u")
        await settled(pilot)
        assert picture(server.state) == before


async def test_a_field_of_all_marked_items_is_set_and_cleared() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "asterisk", "e")
        await dialog(pilot, Pick)
        await type_text(pilot, "media set")
        await press(pilot, "enter")
        await type_text(pilot, "near")
        await press(pilot, "enter")
        await settled(pilot)
        assert {copy.notes.get(MEDIA) for copy in server.state.instances.values()} == {"Near Mint (NM or M-)"}
        assert news(app) == "set Media Condition of 6 items · u undoes it"
        await press(pilot, "e")
        await type_text(pilot, "media cl")
        await press(pilot, "enter")
        await settled(pilot)
        assert not any(copy.notes.get(MEDIA) for copy in server.state.instances.values())


async def test_a_text_is_appended_to_what_is_there_on_a_line_of_its_own() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "asterisk", "e")
        await type_text(pilot, "notes app")
        await press(pilot, "enter")
        await dialog(pilot, NoteText)
        app.screen.query_one(TextArea).load_text("sold [/x]")
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert server.state.instances[500_001].notes[NOTES] == "first\nsecond [b]line[/b]\nsold [/x]"
        assert server.state.instances[500_006].notes[NOTES] == "sold [/x]"


async def test_a_text_that_was_typed_is_not_thrown_away_unasked() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "asterisk", "e")
        await type_text(pilot, "notes app")
        await press(pilot, "enter")
        await dialog(pilot, NoteText)
        await type_text(pilot, "sold")
        await press(pilot, "escape")
        await dialog(pilot, Question)
        await press(pilot, "n")
        await dialog(pilot, NoteText)
        assert app.screen.query_one(TextArea).text == "sold"
        await press(pilot, "escape")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await back_on_main(pilot)
        assert not writes(server.log)


async def test_an_empty_text_is_not_taken_and_tells_how_to_clear() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "asterisk", "e")
        await type_text(pilot, "notes set")
        await press(pilot, "enter")
        await dialog(pilot, NoteText)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, NoteText)
        assert "choose its “clear”" in screen_text(pilot)
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert not writes(server.log)


async def test_what_is_marked_is_edited_even_where_the_filter_hides_it() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "space", "slash")
        await type_text(pilot, "journey")
        await press(pilot, "enter", "3")
        await all_sent(pilot, app)
        assert server.state.rating(1005) == 3
        assert server.state.rating(1001) == 5


async def test_without_notes_fields_there_is_nothing_to_edit() -> None:
    data = many_records(3) | {"fields": []}
    async with demo_app(data=data) as (app, pilot, _):
        await press(pilot, "asterisk", "e")
        assert "no notes fields yet" in all_said(app)


# --- the last edit again ------------------------------------------------------------------------------------


async def test_the_last_edit_is_repeated_on_the_item_under_the_cursor() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "full_stop")
        assert news(app) == "nothing was edited yet that could be repeated"
        await go_to(pilot, "Meeting")
        await press(pilot, "2")
        await go_to(pilot, "浮世")
        await press(pilot, "full_stop")
        await settled(pilot)
        assert server.state.rating(1005) == server.state.rating(1004) == 2


async def test_a_move_and_a_saved_form_are_repeated_on_marked_items() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "m")
        await dialog(pilot, Pick)
        await type_text(pilot, "empty")
        await press(pilot, "enter", "asterisk", "full_stop")
        await settled(pilot)
        assert {copy.folder_id for copy in server.state.instances.values()} == {EMPTY}
        await press(pilot, "escape", "e")
        await until(pilot, lambda: main(app).is_editing)
        area = main(app).query_one(f"#field-{NOTES}", TextArea)
        area.load_text("played")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not main(app).is_editing)
        await press(pilot, "asterisk", "full_stop", "y")  # one of them says something else
        await settled(pilot)
        assert {copy.notes.get(NOTES) for copy in server.state.instances.values()} == {"played"}


async def test_a_removal_is_not_repeated() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "2", "d", "y")
        await settled(pilot)
        await press(pilot, "full_stop")
        await settled(pilot)
        assert len(server.state.instances) == 5
        assert current(app).rating == 2


async def test_the_last_edit_asks_before_it_replaces_what_somebody_wrote() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "e")
        await until(pilot, lambda: main(app).is_editing)
        main(app).query_one(f"#field-{NOTES}", TextArea).load_text("played")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not main(app).is_editing)
        await go_to(pilot, JOURNEY)
        await press(pilot, "full_stop")
        await dialog(pilot, Question)
        assert "first second [b]line[/b]" in question(app)
        await press(pilot, "enter")
        await back_on_main(pilot)
        await settled(pilot)
        assert server.state.instances[500_001].notes[NOTES] == "first\nsecond [b]line[/b]"
        await press(pilot, "full_stop", "y")
        await settled(pilot)
        assert server.state.instances[500_001].notes[NOTES] == "played"


# --- many ---------------------------------------------------------------------------------------------------


async def test_more_than_twenty_are_asked_about_with_what_changes_and_what_it_costs() -> None:
    async with demo_app(data=collection_of(25)) as (app, pilot, server):
        await press(pilot, "asterisk", "3")
        await asked_about(pilot)
        asked = question(app)
        assert "Rate 20 items ★★★··?" in asked
        assert "not rated (5)" in asked
        assert "5 of the 25 items are like that already." in asked
        assert "21 requests" in asked  # a page is read before
        await press(pilot, "enter")  # ratings would be lost: no
        await back_on_main(pilot)
        assert not writes(server.log)
        await press(pilot, "3", "y")
        await settled(pilot)
        assert set(server.state.ratings.values()) == {3}


async def test_where_nothing_is_lost_enter_means_yes() -> None:
    async with demo_app(data=many_records(25)) as (_app, pilot, server):
        await press(pilot, "asterisk", "3")
        await asked_about(pilot)
        await press(pilot, "enter")
        await settled(pilot)
        assert set(server.state.ratings.values()) == {3}


async def test_the_question_tells_of_items_out_of_sight_and_fits_the_smallest_window() -> None:
    async with demo_app(data=collection_of(30), size=NARROW) as (app, pilot, _):
        await press(pilot, "asterisk", "slash")
        await type_text(pilot, "title 001")
        await press(pilot, "enter", "e")
        await type_text(pilot, "notes cl")
        await press(pilot, "enter")
        await asked_about(pilot)
        assert "Set Notes to nothing for 8 items?" in question(app)
        assert "22 of the 30 items are like that already." in question(app)
        assert "29 of them are not shown in the table right now." in question(app)
        assert_safe(pilot)
        box = app.screen.query_one(".box")
        assert box.region.bottom <= NARROW[1]
        assert all(button.region.bottom < box.region.bottom for button in app.screen.query(Button))


async def test_progress_is_told_and_sending_can_be_paused_and_goes_on(tmp_path: Path) -> None:
    start = VirtualStart.of(collection_of(60), tmp_path)
    assert start.wire is not None
    async with demo_app(start=start) as (app, pilot, server):
        start.wire.is_cut = True
        await press(pilot, "asterisk", "5", "y")
        await until(pilot, lambda: "0 of 60 sent" in all_said(app))
        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        await until(pilot, lambda: "rating of 60 releases: 0 sent, 60 to go" in screen_text(pilot))
        await press(pilot, "p")
        assert "Paused" in screen_text(pilot)
        start.wire.is_cut = False
        await press(pilot, "escape")
        await back_on_main(pilot)
        await until(pilot, lambda: "paused · b" in main(app).query_one(StatusBar).status.sending)
        assert len(server.state.ratings) == 48
        await press(pilot, "b", "p", "escape")
        await until(pilot, lambda: news(app) == "all sent: rating of 60 releases")
        await settled(pilot)
        assert set(server.state.ratings.values()) == {5}


async def test_what_is_answered_before_the_question_is_there_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.ui.between_frames.AT_ONCE_SECONDS", 0.0)
    async with demo_app(data=many_records(25)) as (app, pilot, server):
        await press(pilot, "asterisk")
        for key in ("3", "y"):
            await pilot.press(key)
        await back_on_main(pilot)
        await settled(pilot)
        assert set(server.state.ratings.values()) == {3}
        assert app.session is not None


async def test_what_is_so_already_is_told_without_a_question() -> None:
    async with demo_app(data=many_records(25)) as (app, pilot, server):
        await press(pilot, "asterisk", "0")
        await until(pilot, lambda: news(app) == "it is like that already")
        await back_on_main(pilot)
        assert not writes(server.log)


async def test_a_pause_outlasts_the_question_whether_to_leave_and_is_told_among_the_changes(tmp_path: Path) -> None:
    start = VirtualStart.of(collection_of(60), tmp_path)
    assert start.wire is not None
    async with demo_app(start=start) as (app, pilot, server):
        start.wire.is_cut = True
        await press(pilot, "asterisk", "5", "y")
        await until(pilot, lambda: "0 of 60 sent" in all_said(app))
        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        await press(pilot, "p", "escape")
        start.wire.is_cut = False
        await press(pilot, "q")
        await until(pilot, lambda: "Leave?" in screen_text(pilot))
        await press(pilot, "n")
        await back_on_main(pilot)
        await press(pilot, "c")
        await until(pilot, lambda: "Paused" in screen_text(pilot))
        assert len(server.state.ratings) == 48
        await press(pilot, "r")
        await until(pilot, lambda: not main(app).session.library.waiting_count(), patience=_LONG)
        assert set(server.state.ratings.values()) == {5}


async def test_keys_typed_ahead_of_the_question_come_after_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with demo_app(data=collection_of(40)) as (app, pilot, _server):
        monkeypatch.setattr("discotui.ui.between_frames.AT_ONCE_SECONDS", 0.0)
        engine = main(app).session.engine
        assert engine is not None
        engine.hold_sending()
        await press(pilot, "asterisk", "5", "y", "b")
        await dialog(pilot, ProgressDialog)
        await until(pilot, lambda: "40 to go" in screen_text(pilot))


async def test_one_of_several_is_chosen_wherever_the_focus_is_has_a_sign_and_is_named_by_the_question() -> None:
    async with demo_app(data=collection_of(40)) as (app, pilot, _server):
        engine = main(app).session.engine
        assert engine is not None
        engine.hold_sending()
        await press(pilot, "asterisk", "5", "y")
        await carried_out(pilot, app)
        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        await until(pilot, lambda: "rating of 40 releases" in screen_text(pilot))
        assert "› rating" not in screen_text(pilot), "there is nothing to choose from"
        await press(pilot, "escape")
        await back_on_main(pilot)
        await press(pilot, "m")
        await dialog(pilot, Pick)
        await type_text(pilot, "empty")
        await press(pilot, "enter", "y")
        await carried_out(pilot, app)
        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        for keys, chosen in (
            ([], "rating"),
            (["j"], "move"),
            (["down"], "move"),
            (["k"], "rating"),
            (["tab", "down"], "move"),
            (["up"], "rating"),
            (["j"], "move"),
        ):
            await press(pilot, *keys)
            await until(pilot, lambda: f"› {chosen} of 40" in screen_text(pilot))  # noqa: B023 - awaited at once
            assert len(re.findall("› (rating|move)", screen_text(pilot))) == 1
        await press(pilot, "x")
        await dialog(pilot, Question)
        assert "Cancel the rest of the move of 40 items?" in question(app)
        await until(pilot, lambda: "Edits on their way" not in screen_text(pilot), "nothing shows behind the question")
        await press(pilot, "n")
        await dialog(pilot, ProgressDialog)
        await until(pilot, lambda: "Edits on their way" in screen_text(pilot))


async def test_an_undoing_says_what_it_is_and_how_it_is_stopped(tmp_path: Path) -> None:
    start = VirtualStart.of(collection_of(60), tmp_path)
    assert start.wire is not None
    async with demo_app(start=start) as (app, pilot, server):
        await press(pilot, "asterisk", "5", "y")
        await all_sent(pilot, app)
        start.wire.after = Gate(start.wire, 20)
        await press(pilot, "u")
        await until(pilot, lambda: start.wire is not None and start.wire.is_cut, patience=_LONG)
        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        await until(pilot, lambda: "undoing of the rating of 60 releases: 20 sent, 40 to go" in screen_text(pilot))
        await press(pilot, "x")
        await dialog(pilot, Notice)
        assert "press U. What Discogs has not been told yet is then taken back" in static_text(app, ".text")
        await press(pilot, "enter", "escape")
        await back_on_main(pilot)
        await press(pilot, "U")
        await carried_out(pilot, app)
        start.wire.is_cut, start.wire.after = False, None
        engine = main(app).session.engine
        assert engine is not None
        engine.send_as_usual()
        await all_sent(pilot, app)
        assert set(server.state.ratings.values()) == {5}

        # What is edited since ends redo.
        engine.hold_sending()
        await press(pilot, "u")
        await carried_out(pilot, app)
        await press(pilot, "escape", "1", "b")
        await dialog(pilot, ProgressDialog)
        await press(pilot, "x")
        await dialog(pilot, Notice)
        assert "cannot be stopped any more" in static_text(app, ".text")


async def test_what_is_sent_to_its_end_leaves_alone_what_is_open_over_it(tmp_path: Path) -> None:
    start = VirtualStart.of(collection_of(60), tmp_path)
    assert start.wire is not None
    async with demo_app(start=start) as (app, pilot, _server):
        await press(pilot, "asterisk", "5", "y")
        await all_sent(pilot, app)
        start.wire.is_cut = True
        await press(pilot, "u")
        await carried_out(pilot, app)
        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        await press(pilot, "x")
        await dialog(pilot, Notice)
        under = app.screen_stack[-2]
        assert isinstance(under, ProgressDialog)
        start.wire.is_cut = False
        engine = main(app).session.engine
        assert engine is not None
        engine.send_as_usual()
        await all_sent(pilot, app)
        under._show()
        assert isinstance(app.screen, Notice)
        await press(pilot, "enter")
        await back_on_main(pilot)


async def test_b_says_so_when_nothing_large_is_on_its_way() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "b")
        assert news(app) == "no edit of more than 20 items is on its way"


async def test_what_was_not_accepted_is_listed_and_stays_marked() -> None:
    async with demo_app(data=collection_of(40)) as (app, pilot, server):
        refused = [1003, 1007]
        for release_id in refused:
            body = json.dumps({"message": "Not today."})
            server.fail_next(422, body, method="POST", match=f"/releases/{release_id}/")
        await press(pilot, "asterisk", "e")
        await type_text(pilot, "shelf set")
        await press(pilot, "enter")
        await type_text(pilot, "A1")
        await press(pilot, "ctrl+s", "y")
        await settled(pilot)
        await until(pilot, lambda: any("38 sent, 2 not accepted" in toast for toast in toasts(app)))
        marked = {item.release_id for item in items_of(app) if item.instance_id in main(app).marked}
        assert marked == set(refused)
        assert "“Artist 002 – Title 002”" in toasts(app)[-1]


# --- one thousand five hundred --------------------------------------------------------------------------------


@dataclass(frozen=True)
class VirtualStart(WiredStart):
    """A start whose client and server count their requests on one virtual clock.

    Attributes:
        clock: Passes when somebody waits for Discogs' limit.
    """

    clock: VirtualClock = field(default_factory=VirtualClock)

    def client(self) -> DiscogsClient:
        """A client that waits on the clock."""
        throttle = Throttle(60, clock=self.clock, wait=self.clock.wait)
        return DiscogsClient(self.token, transport=self.wire, throttle=throttle)

    @classmethod
    def of(cls, data: dict[str, Any], folder: Path) -> VirtualStart:
        """For a server with Discogs' own limit."""
        clock = VirtualClock()
        wire = Wire(DemoServer(state_from(data), token=TOKEN, rate_limit=60, clock=clock))
        return cls(Kind.OWN, OWNER, Token(TOKEN), folder=folder, wire=wire, clock=clock)


class Gate:
    """Lets so many writing requests through, then cuts the wire."""

    def __init__(self, wire: Wire, writes: int) -> None:
        self.left = writes
        self._wire = wire

    def __call__(self, request: httpx.Request) -> None:
        if request.method != "GET":
            self.left -= 1
            self._wire.is_cut = self.left <= 0


def chosen_edit(app: DiscotuiApp) -> str:
    """The line of the list of edits that x is about; "" while something else is on top."""
    if not isinstance(app.screen, ProgressDialog):
        return ""
    options = app.screen.query_one(OptionList)
    return "" if options.highlighted is None else str(options.get_option_at_index(options.highlighted).prompt)


async def test_1500_items_are_moved_and_rated_cancelled_half_way_and_undone(  # noqa: PLR0915 - one long story
    tmp_path: Path,
) -> None:
    start = VirtualStart.of(collection_of(1500), tmp_path)
    assert start.wire is not None
    async with demo_app(start=start) as (app, pilot, server):
        before = picture(server.state)
        requests = len(server.log)
        rest: list[int] = []
        start.wire.after = Gate(start.wire, 1700)
        await press(pilot, "asterisk", "m")
        await dialog(pilot, Pick)
        await type_text(pilot, "empty")
        await press(pilot, "enter")
        await asked_about(pilot)
        assert "Move 1,500 items to “Empty”?" in question(app)
        assert "about 28 minutes" in question(app) or "about 29 minutes" in question(app)
        await press(pilot, "y")
        await carried_out(pilot, app)
        assert {item.folder_id for item in items_of(app)} == {EMPTY}
        await press(pilot, "5")
        await asked_about(pilot)
        await press(pilot, "y")
        await carried_out(pilot, app)
        assert {item.rating for item in items_of(app)} == {5}
        await until(pilot, lambda: start.wire is not None and start.wire.is_cut, patience=_LONG)

        await press(pilot, "b")
        await dialog(pilot, ProgressDialog)
        await press(pilot, "p")
        for edit in ("move of 1,500 items", "rating of 1,500 releases"):
            # The one that was cancelled before may still be there.
            await until(pilot, lambda: edit in chosen_edit(app))  # noqa: B023 - awaited at once
            await press(pilot, "x")
            await dialog(pilot, Question)
            assert edit in question(app)
            asked = re.search(r"takes back the ([\d,]+) changes that Discogs has not been told", question(app))
            assert asked is not None
            rest.append(int(asked[1].replace(",", "")))
            await press(pilot, "y")
            await carried_out(pilot, app)
        assert sum(rest) == 3000 - 1700
        await back_on_main(pilot)
        start.wire.is_cut, start.wire.after = False, None
        engine = main(app).session.engine
        assert engine is not None
        engine.send_as_usual()
        await settled(pilot, patience=_LONG)
        moved = sum(copy.folder_id == EMPTY for copy in server.state.instances.values())
        rated = sum(rating == 5 for rating in server.state.ratings.values())
        assert moved + rated == 1700
        assert min(moved, rated) > 100

        await press(pilot, "u")
        await carried_out(pilot, app)
        await press(pilot, "u")
        await carried_out(pilot, app)
        await settled(pilot, patience=_LONG)
        assert picture(server.state) == before
        assert not any(entry.status == 429 for entry in server.log)
        minutes = (start.clock.now - 1000) / 60
        assert minutes > (len(server.log) - requests) / 60
