"""Real answers of Discogs, through the client into the library."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.library.library import Library
from discotui.sync.pull import Puller
from tests.recorded import recorded


def load(tmp_path: Path, answers: dict[str, bytes], *, own: bool) -> Library:
    """Read a collection whose calls are answered by these bodies."""

    def reply(request: httpx.Request) -> httpx.Response:
        place = request.url.path.removeprefix("/users/BrotherLogic/collection")
        return httpx.Response(200, content=answers[place]) if place in answers else httpx.Response(404, json={})

    library = Library(tmp_path / "recorded.sqlite")
    token = Token("RecordedRecordedRecorded") if own else None
    with DiscogsClient(token, transport=httpx.MockTransport(reply)) as client:
        puller = Puller(client, library.incoming, "BrotherLogic", own=own, report=lambda _: None, pause=lambda _: False)
        puller.read_whole()
    return library


def test_a_hundred_items_with_their_427_notes_are_loaded(tmp_path: Path) -> None:
    page = json.loads(recorded("collection-2023-page1-of-48.json"))
    page["pagination"] |= {"pages": 1, "items": 100}
    answers = {
        "/oauth/identity": b'{"id": 1, "username": "brotherlogic"}',
        "/folders": recorded("folders-2023.json"),
        "/fields": recorded("fields-2023.json"),
        "/folders/0/releases": json.dumps(page).encode(),
        "/value": recorded("value.json"),
    }

    library = load(tmp_path, answers, own=True)

    items = library.items()
    assert len(items) == 100
    assert sum(len(item.notes or ()) for item in items) == 427
    wire = {entry["instance_id"]: entry for entry in page["releases"]}
    for item in items:
        entry = wire[item.instance_id]
        notes = {note["field_id"]: note["value"] for note in entry.get("notes", ())}
        assert (item.notes, item.folder_id, item.rating) == (notes, entry["folder_id"], entry["rating"])
        assert item.title == entry["basic_information"]["title"]
        assert item.artist
    assert [field.name for field in library.fields()] == [
        "Media Condition",
        "Sleeve Condition",
        "Notes",
        "Width",
        "Cleaned",
    ]
    assert len(library.folders()) == len(json.loads(recorded("folders-2023.json"))["folders"])
    library.close()
    again = Library(tmp_path / "recorded.sqlite")
    assert {item.instance_id: item for item in again.items()} == {item.instance_id: item for item in items}
    again.close()


def test_a_public_view_without_folders_and_notes_is_loaded(tmp_path: Path) -> None:
    answers = {
        "/folders": b'{"folders": [{"id": 0, "name": "All", "count": 31}]}',
        "/fields": b'{"fields": []}',
        "/folders/0/releases": recorded("collection-31.json"),
    }

    library = load(tmp_path, answers, own=False)

    items = library.items()
    assert len(items) == 31
    assert {item.folder_id for item in items} == {0}
    assert {item.notes for item in items} == {None}
    assert len(library.folders()) == 1
    assert library.value() is None
    library.close()
