"""An independent judge: the public Python client for Discogs works against the demo server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discogs_client
import pytest
from discogs_client.exceptions import HTTPError

from discotui.demo.serve import running
from discotui.demo.server import DemoServer
from tests.demo_data import EMPTY, JAZZ, ODD, OWNER, TOKEN, fill, small_server


@pytest.fixture
def server() -> DemoServer:
    return small_server()


@pytest.fixture
def client(server: DemoServer) -> Iterator[Any]:
    with running(server) as url:
        made = discogs_client.Client("discotui-tests/1", user_token=TOKEN)
        made._base_url = url
        made.backoff_enabled = False
        made.set_timeout(connect=5, read=5)
        yield made


def folder(client: Any, folder_id: int) -> Any:
    return next(entry for entry in client.identity().collection_folders if entry.id == folder_id)


def test_it_reads_identity_profile_and_folders(client: Any) -> None:
    me = client.identity()
    assert me.username == OWNER
    assert me.num_collection == 6
    assert me.registered.year == 2010
    first = me.collection_folders[0]
    assert (first.id, first.count) == (0, 6)
    assert {entry.name for entry in me.collection_folders} >= {"Jazz [LP]", "奇 Odd", "Uncategorized"}
    assert len(me.wantlist) == 0


def test_it_reads_every_item_over_all_pages(server: DemoServer, client: Any) -> None:
    fill(server.state, 130)
    items = folder(client, 0).releases
    items.sort("added", "desc")
    assert (items.count, items.pages) == (130, 3)
    assert {item.instance_id for item in items} == set(server.state.instances)
    assert items[129].date_added.year == 2018
    assert {item.release.title for item in folder(client, ODD).releases} >= {"[untitled]", "浮世"}


def test_it_can_follow_the_links_from_page_to_page(server: DemoServer, client: Any) -> None:
    fill(server.state, 130)
    content = client._get(f"{client._base_url}/users/{OWNER}/collection/folders/0/releases?per_page=60")
    sizes = [len(content["releases"])]
    while "next" in content["pagination"]["urls"]:
        content = client._get(content["pagination"]["urls"]["next"])
        sizes.append(len(content["releases"]))
    assert sizes == [60, 60, 10]


def test_it_adds_moves_and_removes(server: DemoServer, client: Any) -> None:
    folder(client, JAZZ).add_release(1006)
    added = client.identity().collection_items(1006)[0]
    assert (added.folder_id, added.release.title) == (JAZZ, "Kind Of Blue")
    folder(client, JAZZ).move_release(added, EMPTY)
    assert server.state.instance(added.instance_id).folder_id == EMPTY
    with pytest.raises(HTTPError, match="404"):
        folder(client, JAZZ).remove_release(added)
    folder(client, EMPTY).remove_release(added)
    assert server.state.instances_of(1006) == []


def test_it_reads_the_value_releases_and_search_results(client: Any) -> None:
    assert client.identity().collection_value.median == "$67.62"
    release = client.release(1001)
    assert [track.title for track in release.tracklist] == ["Journey In Satchidananda", "Shiva-Loka"]
    assert release.community.rating.count > 0
    assert release.labels[0].name == "Impulse!"
    found = client.search("kind of blue", type="release")
    assert [(entry.id, entry.artists[0].name) for entry in found] == [(1006, "Miles Davis")]


def test_it_is_told_what_is_wrong(server: DemoServer, client: Any) -> None:
    with pytest.raises(HTTPError, match="User does not exist"):
        client.user("nobody").num_collection  # noqa: B018
    server.revoke_token()
    with pytest.raises(HTTPError, match="Invalid consumer token"):
        client.identity()
