"""The demo server's calls: what they change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from discotui.demo.server import DemoServer
from tests.demo_data import (
    COLLECTION,
    EMPTY,
    JAZZ,
    MEDIA,
    NOTES,
    ODD,
    ROOT,
    SHELF,
    client_of,
    items,
    numbers,
    small_server,
)

JAZZ_ITEM = f"{COLLECTION}/folders/{JAZZ}/releases/1001/instances/500001"
NO_ITEM = "The requested collection item does not exist in this user's collection."


@pytest.fixture
def server() -> DemoServer:
    return small_server()


@pytest.fixture
def owner(server: DemoServer) -> httpx.Client:
    return client_of(server)


@pytest.fixture
def stranger(server: DemoServer) -> httpx.Client:
    return client_of(server, None)


# --- folders (calls 1 to 5) -----------------------------------------------------------------------------


def test_folders_are_listed_with_their_counts_all_first(owner: httpx.Client) -> None:
    rows = owner.get(f"{COLLECTION}/folders").json()["folders"]
    assert [(row["id"], row["name"], row["count"]) for row in rows] == [
        (0, "All", 6),
        (EMPTY, "Empty", 0),
        (JAZZ, "Jazz [LP]", 2),
        (1, "Uncategorized", 1),
        (ODD, "奇 Odd", 3),
    ]
    assert rows[2]["resource_url"] == f"{ROOT}/folders/{JAZZ}"


def test_strangers_see_folder_all_alone(stranger: httpx.Client) -> None:
    assert [row["id"] for row in stranger.get(f"{COLLECTION}/folders").json()["folders"]] == [0]
    assert stranger.get(f"{COLLECTION}/folders/0").json()["count"] == 6


def test_a_folder_is_created_shown_renamed_and_deleted(server: DemoServer, owner: httpx.Client) -> None:
    made = owner.post(f"{COLLECTION}/folders", json={"name": "Soul \U0001f3b6"})
    assert made.status_code == 201
    assert made.json() == {
        "id": 7004,
        "name": "Soul \U0001f3b6",
        "count": 0,
        "resource_url": f"{ROOT}/folders/7004",
    }
    renamed = owner.post(f"{COLLECTION}/folders/7004", json={"name": "Soul & Funk"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Soul & Funk")
    assert owner.get(f"{COLLECTION}/folders/7004").json()["name"] == "Soul & Funk"
    gone = owner.delete(f"{COLLECTION}/folders/7004")
    assert (gone.status_code, gone.content) == (204, b"")
    assert 7004 not in server.state.folder_names


@pytest.mark.parametrize("body", [None, {}, {"name": ""}, {"name": " \n"}, {"name": 5}, {"name": None}])
@pytest.mark.parametrize("path", ["/folders", f"/folders/{JAZZ}"])
def test_a_folder_needs_a_name(server: DemoServer, owner: httpx.Client, path: str, body: Any) -> None:
    before = dict(server.state.folder_names)
    assert owner.post(COLLECTION + path, json=body).status_code == 422
    assert server.state.folder_names == before


@pytest.mark.parametrize("folder", [0, 1])
def test_the_two_fixed_folders_stay(server: DemoServer, owner: httpx.Client, folder: int) -> None:
    server.state.remove(500_004)
    assert owner.post(f"{COLLECTION}/folders/{folder}", json={"name": "x"}).status_code == 403
    refused = owner.delete(f"{COLLECTION}/folders/{folder}")
    assert refused.status_code == 403
    assert refused.json()["message"]
    assert server.state.folder_names[folder] in ("All", "Uncategorized")


def test_only_an_empty_folder_can_be_deleted(owner: httpx.Client) -> None:
    assert owner.delete(f"{COLLECTION}/folders/{JAZZ}").status_code == 403
    assert owner.delete(f"{COLLECTION}/folders/{EMPTY}").status_code == 204


# --- changing items (calls 8 to 10, 12) -------------------------------------------------------------------


def test_each_addition_makes_another_instance(server: DemoServer, owner: httpx.Client) -> None:
    path = f"{COLLECTION}/folders/1/releases/1001"
    first, second = owner.post(path), owner.post(path)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == {
        "instance_id": 500_007,
        "resource_url": f"{ROOT}/folders/1/releases/1001?instance_id=500007",
    }
    assert second.json()["instance_id"] == 500_008
    assert server.state.instance(500_007).folder_id == 1
    assert numbers(items(owner, sort="added", sort_order="desc"))[:2] == [8, 7]


def test_a_new_item_is_dated_now_but_never_before_an_older_one(server: DemoServer) -> None:
    moment = datetime.fromisoformat("2024-07-01T08:00:00-08:00")
    server.state.now = lambda: moment
    assert server.state.instance(server.state.add(1, 1006)).added == "2024-07-01T08:00:00-08:00"
    server.state.now = lambda: datetime.fromisoformat("2001-01-01T00:00:00-08:00")
    assert server.state.instance(server.state.add(1, 1006)).added == "2024-07-01T08:00:00-08:00"


def test_nothing_can_be_added_to_folder_all(server: DemoServer, owner: httpx.Client) -> None:
    assert owner.post(f"{COLLECTION}/folders/0/releases/1001").status_code == 422
    assert len(server.state.instances) == 6


def test_a_rating_is_shared_by_the_copies_of_a_release(owner: httpx.Client) -> None:
    assert owner.post(JAZZ_ITEM, json={"rating": 2}).status_code == 204
    copies = owner.get(f"{COLLECTION}/releases/1001").json()["releases"]
    assert [row["rating"] for row in copies] == [2, 2]
    assert owner.post(JAZZ_ITEM, json={"rating": 0}).status_code == 204
    assert items(owner, JAZZ, sort="artist")[0]["rating"] == 0


def test_a_rating_goes_with_the_last_copy(server: DemoServer) -> None:
    state = server.state
    state.remove(500_001)
    assert state.rating(1001) == 5
    state.remove(500_002)
    state.add(1, 1001)
    assert state.rating(1001) == 0


def test_an_item_is_moved_and_rated_in_one_call(server: DemoServer, owner: httpx.Client) -> None:
    assert owner.post(JAZZ_ITEM, json={"rating": 1, "folder_id": EMPTY}).status_code == 204
    assert server.state.instance(500_001).folder_id == EMPTY
    assert server.state.rating(1001) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rating": -1},
        {"rating": True},
        {"rating": "3"},
        {"rating": 2.5},
        {"rating": None},
        {"folder_id": 0},
        {"folder_id": "1"},
        {"rating": 6, "folder_id": EMPTY},
        {"rating": 1, "folder_id": 4711},
    ],
)
def test_a_refused_change_changes_nothing(server: DemoServer, owner: httpx.Client, body: dict[str, Any]) -> None:
    assert owner.post(JAZZ_ITEM, json=body).status_code == 422
    assert server.state.instance(500_001).folder_id == JAZZ
    assert server.state.rating(1001) == 5


@pytest.mark.parametrize(
    "address",
    [
        f"folders/{ODD}/releases/1001/instances/500001",
        "folders/0/releases/1001/instances/500001",
        "folders/4711/releases/1001/instances/500001",
        f"folders/{JAZZ}/releases/1002/instances/500001",
        f"folders/{JAZZ}/releases/1001/instances/1",
    ],
)
def test_an_item_is_addressed_where_it_is(server: DemoServer, owner: httpx.Client, address: str) -> None:
    path = f"{COLLECTION}/{address}"
    answers = [
        owner.post(path, json={"folder_id": EMPTY}),
        owner.post(f"{path}/fields/{NOTES}", json={"value": "x"}),
        owner.delete(path),
    ]
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [(404, NO_ITEM)] * 3
    assert server.state.instance(500_001).folder_id == JAZZ


def test_an_item_moved_elsewhere_is_no_longer_at_its_old_address(server: DemoServer, owner: httpx.Client) -> None:
    server.state.move(500_001, EMPTY)
    assert owner.delete(JAZZ_ITEM).status_code == 404
    assert owner.delete(JAZZ_ITEM.replace(str(JAZZ), str(EMPTY))).status_code == 204
    assert [row.instance_id for row in server.state.instances_of(1001)] == [500_002]


def test_a_note_is_set_changed_and_cleared(server: DemoServer, owner: httpx.Client) -> None:
    for value in ("[b]C3[/b]\n\x1b[31m", "D4"):
        assert owner.post(f"{JAZZ_ITEM}/fields/{SHELF}", json={"value": value}).status_code == 204
        assert server.state.instance(500_001).notes[SHELF] == value
    for field in (SHELF, MEDIA):
        assert owner.post(f"{JAZZ_ITEM}/fields/{field}", json={"value": ""}).status_code == 204
    assert list(server.state.instance(500_001).notes) == [NOTES]


@pytest.mark.parametrize(("field", "value"), [(MEDIA, "Mint"), (NOTES, "x" * 1001), (NOTES, 5), (98, "x")])
def test_a_value_that_does_not_fit_its_field_is_422(
    server: DemoServer, owner: httpx.Client, field: int, value: Any
) -> None:
    before = dict(server.state.instance(500_001).notes)
    assert owner.post(f"{JAZZ_ITEM}/fields/{field}", json={"value": value}).status_code == 422
    assert server.state.instance(500_001).notes == before
    assert owner.post(f"{JAZZ_ITEM}/fields/{NOTES}", json={"value": "x" * 1000}).status_code == 204


def test_a_value_in_the_query_is_not_a_value(server: DemoServer, owner: httpx.Client) -> None:
    assert owner.post(f"{JAZZ_ITEM}/fields/{SHELF}?value=C3").status_code == 422
    assert SHELF not in server.state.instance(500_001).notes
