"""Many items that are missing at Discogs: nothing goes before somebody has typed yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from discotui.demo.server import DemoServer
from discotui.errors import NotRestorable
from discotui.library.core import Changes
from discotui.library.done import Done
from discotui.ui import wording
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.typed_yes import TypedYes
from discotui.ui.widgets.status_bar import StatusBar
from tests.demo_data import many_records
from tests.ui.driving import (
    NARROW,
    TypedPilot,
    WiredStart,
    all_said,
    app_of,
    assert_safe,
    back_on_main,
    demo_app,
    dialog,
    drawn,
    main,
    news,
    opened,
    press,
    screen_text,
    server_of,
    settled,
    start_at,
    static_text,
    titles,
    type_text,
    until,
)
from tests.ui.test_hostile import HOSTILE

pytestmark = pytest.mark.anyio

FIRST = 500_001
HELD = "30 items missing at Discogs"


@pytest.fixture
def start(tmp_path: Path) -> WiredStart:
    return start_at(server_of(many_records(60)), tmp_path)


@pytest.fixture(autouse=True)
def _asks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.ui.screens.losing._SECONDS_BETWEEN_TRIES", 0.01)


def lose(server: DemoServer, count: int = 30) -> None:
    """So many go at Discogs, from the first."""
    for number in range(count):
        server.state.remove(FIRST + number)


async def read_again(pilot: TypedPilot) -> None:
    await press(pilot, "r")
    await until(pilot, lambda: "read all" in all_said(app_of(pilot)), "read again")


async def test_what_is_missing_was_not_read(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        await press(pilot, "escape")
        await back_on_main(pilot)
        await read_again(pilot)
        assert news(app) == "read all 30 items"
        assert HELD in all_said(app)
        assert len(titles(app)) == 60


async def asked(pilot: TypedPilot, server: DemoServer) -> None:
    """Lose half of the collection, and be asked about it."""
    lose(server)
    await press(pilot, "r")
    await dialog(pilot, TypedYes)


def missing(app: DiscotuiApp) -> int:
    return main(app).query_one(StatusBar).status.missing


async def test_a_great_loss_is_asked_about_with_its_facts_and_nothing_is_gone(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        text = static_text(app, ".text")
        assert text.startswith("30 of 60 items are missing at Discogs:\n· Artist 000 – Title 000\n")
        assert "\n· … and 25 more\n" in text
        assert "kept with their notes for 30 days" in text
        assert HELD in all_said(app)
        assert len(titles(app)) == 60


@pytest.mark.parametrize("keys", [["escape"], ["enter"], [*"no", "escape"]], ids=" ".join)
async def test_no_is_the_default_and_leaves_everything_as_it_is(start: WiredStart, keys: list[str]) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        await press(pilot, *keys)
        await back_on_main(pilot)
        await settled(pilot)
        assert len(titles(app)) == 60
        assert missing(app) == 30


async def test_another_word_is_no_answer(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        for word in ("y", "es!", "\x7f"):
            app.screen.query_one(Input).value = word
            await press(pilot, "enter")
            assert isinstance(app.screen, TypedYes)
            assert "that is not yes" in static_text(app, ".hint")
        assert len(titles(app)) == 60


@pytest.mark.parametrize("word", ["yes", "YES", " Yes "])
async def test_a_typed_yes_sets_aside_what_is_missing(start: WiredStart, word: str) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        app.screen.query_one(Input).value = word
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert news(app) == "set aside 30 items, kept for 30 days · c brings them back"
        await settled(pilot)
        assert titles(app)[0] == "Title 030"
        assert len(titles(app)) == 30
        assert (missing(app), "missing at Discogs" in all_said(app)) == (0, False)
        assert app.session is not None
        assert len(app.session.library.vanished()) == 30
        assert all(entry.method == "GET" for entry in server.log)


async def test_the_word_is_typed_by_keys(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        await type_text(pilot, "yes")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert len(titles(app)) == 30


async def test_the_same_loss_is_asked_about_once_and_then_by_name(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        await press(pilot, "escape")
        await read_again(pilot)
        await drawn(pilot)
        await back_on_main(pilot)
        assert HELD in all_said(app)
        main(app).run_command("collection.loss")
        await dialog(pilot, TypedYes)
        await press(pilot, "escape")
        await back_on_main(pilot)
        lose_more = [FIRST + 30, FIRST + 31]
        for number in lose_more:
            server.state.remove(number)
        await press(pilot, "r")
        await dialog(pilot, TypedYes)
        assert "32 of 60 items" in static_text(app, ".text")


async def test_a_loss_is_found_in_the_palette_and_there_may_be_none() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "ctrl+p")
        await type_text(pilot, "missing")
        await until(pilot, lambda: "Missing items" in screen_text(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: "nothing is held back" in news(app))


async def test_a_held_loss_is_asked_about_at_the_next_start(start: WiredStart) -> None:
    async with demo_app(start=start) as (_app, pilot, server):
        await asked(pilot, server)
    async with demo_app(start=start, wait=False) as (app, pilot, _):
        await dialog(pilot, TypedYes)
        assert missing(app) == 30
        assert len(titles(app)) == 60


async def test_items_that_are_back_end_it_without_a_word(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        away = dict(server.state.instances)
        await asked(pilot, server)
        await press(pilot, "escape")
        server.state.instances.update(away)
        await press(pilot, "r")
        await until(pilot, lambda: missing(app) == 0)
        await settled(pilot)
        assert len(titles(app)) == 60
        assert "missing at Discogs" not in all_said(app)


async def test_a_yes_that_comes_too_late_takes_nothing_out(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        away = dict(server.state.instances)
        await asked(pilot, server)
        server.state.instances.update(away)
        assert app.session is not None
        assert app.session.engine is not None
        app.session.engine.read_again()
        await until(pilot, lambda: missing(app) == 0)
        await type_text(pilot, "yes")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert news(app) == "nothing is missing any more"
        assert len(titles(app)) == 60


async def test_a_yes_is_not_taken_for_more_than_it_was_said_to(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        await asked(pilot, server)
        for number in range(30, 50):
            server.state.remove(FIRST + number)
        assert app.session is not None
        assert app.session.engine is not None
        app.session.engine.read_again()
        await until(pilot, lambda: missing(app) == 50)
        await type_text(pilot, "yes")
        await press(pilot, "enter")
        await until(pilot, lambda: static_text(app, ".text").startswith("50 of 60 items"))
        assert len(titles(app)) == 60


async def test_a_loss_that_has_become_smaller_is_not_asked_about_again(start: WiredStart) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        away = dict(server.state.instances)
        await asked(pilot, server)
        await press(pilot, "escape")
        server.state.instances[FIRST] = away[FIRST]
        await press(pilot, "r")
        await until(pilot, lambda: missing(app) == 29)
        await drawn(pilot)
        assert app.screen is main(app)
        assert main(app)._waiting_to_ask is None


@pytest.mark.parametrize("key", ["m", "e"])
async def test_the_question_waits_until_a_dialog_or_the_form_is_closed(start: WiredStart, key: str) -> None:
    async with demo_app(start=start) as (app, pilot, server):
        lose(server)
        await press(pilot, key)
        await until(pilot, lambda: isinstance(app.focused, Input | Select))
        assert app.session is not None
        assert app.session.engine is not None
        app.session.engine.read_again()
        await until(pilot, lambda: main(app)._waiting_to_ask is not None)
        assert missing(app) == 30
        assert not isinstance(app.screen, TypedYes)
        await press(pilot, "escape")
        await dialog(pilot, TypedYes)


async def test_a_collection_for_reading_only_follows_discogs_too(tmp_path: Path) -> None:
    async with demo_app(start=start_at(server_of(many_records(60)), tmp_path, read_only=True)) as (app, pilot, server):
        await asked(pilot, server)
        await type_text(pilot, "yes")
        await press(pilot, "enter")
        await back_on_main(pilot)
        assert len(titles(app)) == 30


async def test_the_second_window_shows_it_and_asks_nothing(start: WiredStart) -> None:
    async with demo_app(start=start) as (_app, pilot, server):
        await asked(pilot, server)
        second = DiscotuiApp(start)
        async with second.run_test(size=(116, 26), notifications=True) as other:
            await opened(other)
            await until(other, lambda: "missing at Discogs" in all_said(second))
            main(second).ask_about_loss()
            await drawn(other)
            assert news(second) == "the other window asks about it"
            assert second.screen is main(second)


async def test_bringing_back_has_its_words() -> None:
    done = Done("restore", 3, Changes())
    assert wording.done(done) == "brought back 3 items · u undoes it"
    assert wording.undone(done) == "undone: bringing back of 3 items"
    assert wording.redone(replace(done, count=1), "A – B") == "done again: bringing back of A – B"
    assert "more than 30 days" in wording.explain(NotRestorable())


@pytest.mark.parametrize("size", [NARROW, (116, 26)], ids=str)
async def test_the_question_draws_any_text_and_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    data = many_records(60)
    for place, entry in enumerate(data["records"]):
        entry["title"] = f"{HOSTILE}{place}" if place % 2 else "x" * 400
        entry["artists"][0]["name"] = HOSTILE
    async with demo_app(size=size, start=start_at(server_of(data), tmp_path)) as (app, pilot, server):
        lose(server)
        await press(pilot, "r")
        await dialog(pilot, TypedYes)
        assert_safe(pilot)
        assert "missing at Discogs" in screen_text(pilot)
        assert "type yes" in screen_text(pilot)
        assert "leaves them here" in screen_text(pilot)
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert_safe(pilot)
        assert "missing at Discogs" in main(app).query_one(StatusBar).render().plain
