"""The first screen: a token is taken and kept, and there are two ways without one."""

from __future__ import annotations

import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from discotui.credentials import CredentialFile, Token
from discotui.discogs.client import DiscogsClient
from discotui.start import DISCOGS_URL, Kind, Start, start_own
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.main import MainScreen
from discotui.ui.screens.welcome import WelcomeScreen
from tests.demo_data import OWNER, TOKEN
from tests.ui.driving import (
    NARROW,
    NORMAL,
    TypedPilot,
    Wire,
    dialog,
    moments,
    press,
    screen_text,
    server_of,
    settled,
    static_text,
    titles,
    type_text,
    until,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folders, empty, and a machine on which no token is set."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("DISCOTUI_TOKEN", raising=False)
    return tmp_path


@asynccontextmanager
async def welcome(
    start: Start | None = None, *, size: tuple[int, int] = NORMAL, read_only: bool = False
) -> AsyncIterator[tuple[DiscotuiApp, TypedPilot, Wire]]:
    """The program as it is started without knowing whose collection it is."""
    wire = Wire(server_of())
    real = Start.client

    def client(self: Start) -> DiscogsClient:
        return real(self) if self.demo is not None else DiscogsClient(self.token, transport=wire)

    with moments() as patch:
        patch.setattr(Start, "client", client)
        app = DiscotuiApp(start, environ={}, read_only=read_only)
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True) as pilot:
            if start is None:
                await dialog(pilot, WelcomeScreen)
            yield app, pilot, wire


def trouble(app: DiscotuiApp) -> str:
    """What is wrong."""
    return static_text(app, "#trouble")


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_token_is_checked_kept_for_its_owner_alone_and_opens_the_collection(home: Path) -> None:
    async with welcome() as (app, pilot, wire):
        assert "https://www.discogs.com/settings/developers" in screen_text(pilot)
        await type_text(pilot, TOKEN)
        assert TOKEN not in screen_text(pilot)
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
        await settled(pilot)
        assert len(titles(app)) == 6
        assert wire.server.log[0].path == "/oauth/identity"
    kept = home / "config" / "discotui" / "token.json"
    assert json.loads(kept.read_text("utf-8")) == {DISCOGS_URL: {"token": TOKEN, "user": OWNER}}
    assert mode(kept) == 0o600
    assert mode(kept.parent) == 0o700
    for other in home.rglob("*"):
        assert other == kept or not other.is_file() or TOKEN.encode() not in other.read_bytes(), other
    again = start_own({}, read_only=False)
    assert again == Start(Kind.OWN, OWNER, Token(TOKEN), DISCOGS_URL)


async def test_no_picture_of_any_screen_shows_the_token(home: Path) -> None:
    async with welcome() as (app, pilot, _):
        await type_text(pilot, TOKEN)
        pictures = [app.export_screenshot()]
        assert "••••" in pictures[0]
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
        await settled(pilot)
        for key in ("question_mark", "c", "a", "s", "m", "d", "ctrl+p"):
            await press(pilot, key)
            pictures.append(app.export_screenshot())
            await press(pilot, "escape")
            await dialog(pilot, MainScreen)
        await press(pilot, "e")
        pictures.append(app.export_screenshot())
    assert len(pictures) == 9
    assert not any(TOKEN in picture for picture in pictures)


@pytest.mark.parametrize("size", [(60, 12), NARROW, NORMAL], ids=str)
async def test_another_server_than_discogs_is_named_and_the_first_line_stays(home: Path, size: tuple[int, int]) -> None:
    app = DiscotuiApp(None, environ={"DISCOTUI_API_URL": "http://127.0.0.1:8123/"})
    async with app.run_test(size=size) as pilot:
        await dialog(pilot, WelcomeScreen)
        assert static_text(app, "#where") == "It goes to http://127.0.0.1:8123, not to Discogs."
        for key in ("down", "down", "tab", "up", "shift+tab"):
            await press(pilot, key)
            assert "Your Discogs collection in the terminal" in screen_text(pilot)


async def test_of_discogs_own_server_nothing_is_said(home: Path) -> None:
    async with welcome() as (app, pilot, _):
        assert not app.screen.query("#where")
        assert "not to Discogs" not in screen_text(pilot)


async def test_a_wrong_token_is_told_and_the_screen_stays(home: Path) -> None:
    async with welcome() as (app, pilot, wire):
        await type_text(pilot, "not-the-token")
        await press(pilot, "enter")
        await until(pilot, lambda: "does not accept this token" in trouble(app))
        assert isinstance(app.screen, WelcomeScreen)
        app.screen.query_one("#token", Input).value = ""
        asked = len(wire.server.log)
        for nonsense in ("", "short", "with blanks in it", "ünïcödetoken", "x" * 201):
            app.screen.query_one("#token", Input).value = nonsense
            await press(pilot, "enter")
            assert "cannot be a token" in trouble(app)
        assert len(wire.server.log) == asked
        app.screen.query_one("#token", Input).value = ""
        await type_text(pilot, TOKEN)
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
    assert CredentialFile(home / "config" / "discotui").load(DISCOGS_URL) == (Token(TOKEN), OWNER)


async def test_without_a_network_the_token_is_not_kept_and_can_be_tried_again(home: Path) -> None:
    async with welcome() as (app, pilot, wire):
        wire.is_cut = True
        await type_text(pilot, TOKEN)
        await press(pilot, "enter")
        await until(pilot, lambda: "cannot be reached" in trouble(app))
        assert not (home / "config").exists()
        wire.is_cut = False
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)


async def test_a_token_from_the_environment_is_checked_at_once_and_not_kept(home: Path) -> None:
    async with welcome(Start(Kind.OWN, "", Token(TOKEN))) as (app, pilot, _):
        await dialog(pilot, MainScreen)
        await settled(pilot)
        assert len(titles(app)) == 6
    assert not (home / "config").exists()
    assert TOKEN not in (home / "data" / "discotui" / "users.json").read_text("utf-8")


async def test_a_token_that_cannot_be_kept_still_opens_the_collection(home: Path) -> None:
    (home / "config").write_text("in the way")
    async with welcome() as (app, pilot, _):
        await type_text(pilot, TOKEN)
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
        await settled(pilot)
        assert len(titles(app)) == 6
        assert "could not be kept" in screen_text(pilot)


async def test_the_demo_opens_from_here_and_leaves_nothing_behind(home: Path) -> None:
    async with welcome() as (app, pilot, _):
        while app.focused is None or app.focused.id != "demo":
            await press(pilot, "tab")
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
        await until(pilot, lambda: bool(titles(app)))
        assert app.session is not None
        assert app.session.start.kind is Kind.DEMO
        assert app.session.library.path.exists()
        library = app.session.library.path
    assert not library.parent.exists()
    assert not list(home.rglob("*.sqlite"))


async def test_a_public_collection_opens_from_here_for_reading_only(home: Path) -> None:
    async with welcome() as (app, pilot, wire):
        while app.focused is None or app.focused.id != "user":
            await press(pilot, "tab")
        await press(pilot, "enter")
        assert "Whose?" in trouble(app)
        await type_text(pilot, OWNER)
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
        await settled(pilot)
        assert len(titles(app)) == 6
        assert app.session is not None
        assert app.session.start.is_read_only
        assert not any(entry.authorization for entry in wire.server.log)
    assert not (home / "config").exists()


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_leaving_here_leaves_the_program(home: Path, key: str) -> None:
    async with welcome(size=NARROW) as (app, pilot, _):
        await pilot.press(key)
        await until(pilot, lambda: app._exit)
        assert app.return_code == 0
    assert not list(home.rglob("*token*"))


async def test_read_only_holds_for_what_is_opened_from_here(home: Path) -> None:
    async with welcome(read_only=True) as (app, pilot, wire):
        await type_text(pilot, TOKEN)
        await press(pilot, "enter")
        await dialog(pilot, MainScreen)
        await settled(pilot)
        await press(pilot, "4")
        assert "open for reading only" in screen_text(pilot)
        assert app.session is not None
        assert not [entry for entry in wire.server.log if entry.method != "GET"]
