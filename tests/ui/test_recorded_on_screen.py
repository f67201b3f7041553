"""Real answers of Discogs, through client and library onto the screen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.start import Kind, Start
from tests.recorded import recorded
from tests.ui.driving import assert_safe, demo_app, press, screen_text, titles

pytestmark = pytest.mark.anyio

USER = "BrotherLogic"


@dataclass(frozen=True)
class RecordedStart(Start):
    """A start whose calls are answered from a table of bodies, by their place below the collection."""

    answers: tuple[tuple[str, bytes], ...] = ()

    def client(self) -> DiscogsClient:
        """A client that reaches nothing but the recorded answers."""
        answers = dict(self.answers)

        def reply(request: httpx.Request) -> httpx.Response:
            place = request.url.path.removeprefix(f"/users/{USER}/collection")
            return httpx.Response(200, content=answers[place]) if place in answers else httpx.Response(404, json={})

        return DiscogsClient(self.token, transport=httpx.MockTransport(reply))


def start_with_a_hundred(folder: Path) -> RecordedStart:
    """The owner's first hundred items, as if there were no more."""
    page = json.loads(recorded("collection-2023-page1-of-48.json"))
    page["pagination"] |= {"pages": 1, "items": 100}
    answers = (
        ("/oauth/identity", b'{"id": 1, "username": "brotherlogic"}'),
        ("/folders", recorded("folders-2023.json")),
        ("/fields", recorded("fields-2023.json")),
        ("/folders/0/releases", json.dumps(page).encode()),
        ("/value", recorded("value.json")),
    )
    return RecordedStart(Kind.OWN, USER, Token("recorded-token"), folder=folder, answers=answers)


async def test_the_recorded_hundred_items_are_shown_with_their_notes(tmp_path: Path) -> None:
    releases = json.loads(recorded("collection-2023-page1-of-48.json"))["releases"]
    async with demo_app(start=start_with_a_hundred(tmp_path), size=(140, 40)) as (app, pilot, _):
        assert sorted(titles(app)) == sorted(entry["basic_information"]["title"] for entry in releases)
        assert "All · 100 items" in screen_text(pilot)
        assert "£2.50" in screen_text(pilot)
        assert app.session is not None
        assert sum(len(item.notes or ()) for item in app.session.library.items()) == 427
        for _step in range(6):
            await press(pilot, "pagedown")
            assert_safe(pilot)
        await press(pilot, "e")
        assert_safe(pilot)


async def test_the_recorded_public_view_is_shown_without_folders(tmp_path: Path) -> None:
    answers = (
        ("/folders", b'{"folders": [{"id": 0, "name": "All", "count": 31}]}'),
        ("/fields", b'{"fields": []}'),
        ("/folders/0/releases", recorded("collection-31.json")),
    )
    start = RecordedStart(Kind.PUBLIC, USER, folder=tmp_path, answers=answers)
    async with demo_app(start=start, size=(140, 40)) as (app, pilot, _):
        assert len(titles(app)) == 31
        assert "All · 31 items" in screen_text(pilot)
        assert_safe(pilot)
