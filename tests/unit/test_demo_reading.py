"""The demo server's calls: what they answer."""

from __future__ import annotations

import httpx
import pytest

from discotui.demo.server import DemoServer
from tests.demo_data import (
    COLLECTION,
    JAZZ,
    MEDIA,
    NOTES,
    ODD,
    OWNER,
    ROOT,
    client_of,
    fill,
    items,
    numbers,
    small_server,
)


@pytest.fixture
def server() -> DemoServer:
    return small_server()


@pytest.fixture
def owner(server: DemoServer) -> httpx.Client:
    return client_of(server)


@pytest.fixture
def stranger(server: DemoServer) -> httpx.Client:
    return client_of(server, None)


# --- items (calls 6 and 7) -----------------------------------------------------------------------


def test_an_item_has_the_keys_of_the_recorded_ones_in_their_order(owner: httpx.Client) -> None:
    row = items(owner, JAZZ, sort="rating", sort_order="desc")[0]
    assert list(row) == [*("id", "instance_id", "date_added", "rating", "basic_information", "folder_id", "notes")]
    basic = row["basic_information"]
    assert list(basic) == [
        *("id", "master_id", "master_url", "resource_url", "thumb", "cover_image", "title", "year"),
        *("formats", "artists", "labels", "genres", "styles"),
    ]
    assert (basic["id"], basic["master_id"]) == (1001, 90_007)
    assert basic["master_url"] == "https://api.discogs.com/masters/90007"
    assert list(basic["artists"][0]) == ["name", "anv", "join", "role", "tracks", "id", "resource_url"]
    assert list(basic["labels"][0]) == [*("name", "catno", "entity_type", "entity_type_name", "id", "resource_url")]
    assert row["notes"] == [
        {"field_id": MEDIA, "value": "Mint (M)"},
        {"field_id": NOTES, "value": "first\nsecond [b]line[/b]"},
    ]


def test_what_an_item_does_not_have_is_absent_null_or_text_as_at_discogs(owner: httpx.Client) -> None:
    rows = {row["instance_id"]: row for row in items(owner)}
    assert "notes" not in rows[500_004]
    assert rows[500_004]["basic_information"]["master_url"] is None
    assert rows[500_004]["basic_information"]["master_id"] == 0
    assert rows[500_003]["notes"] == [{"field_id": 99, "value": "Very Good (VG)\n"}]
    assert rows[500_003]["basic_information"]["formats"] == [{"name": "CD", "qty": "1"}]
    assert rows[500_006]["basic_information"]["formats"] == [
        {"name": "Vinyl", "qty": "45", "text": " Blue vinyl ", "descriptions": ["LP", "Album"]}
    ]


def test_strangers_get_no_folder_and_public_notes_only(stranger: httpx.Client) -> None:
    rows = items(stranger)
    assert len(rows) == 6
    assert not any("folder_id" in row for row in rows)
    notes = [row["notes"] for row in rows if "notes" in row]
    assert notes == [[{"field_id": NOTES, "value": "first\nsecond [b]line[/b]"}]]


def test_a_folder_lists_its_own_items(owner: httpx.Client) -> None:
    assert {row["folder_id"] for row in items(owner, ODD)} == {ODD}
    assert len(items(owner, ODD)) == 3


def test_copies_of_a_release_come_from_all_folders_without_notes(owner: httpx.Client, stranger: httpx.Client) -> None:
    path = f"{COLLECTION}/releases/1001"
    content = owner.get(path).json()
    assert numbers(content["releases"]) == [1, 2]
    assert [row["folder_id"] for row in content["releases"]] == [JAZZ, ODD]
    assert not any("notes" in row for row in content["releases"])
    assert content["pagination"]["items"] == 2
    assert not any("folder_id" in row for row in stranger.get(path).json()["releases"])


def test_a_release_that_is_not_owned_has_no_copies(owner: httpx.Client) -> None:
    content = owner.get(f"{COLLECTION}/releases/1006").json()
    assert (content["releases"], content["pagination"]["pages"]) == ([], 1)


@pytest.mark.parametrize(
    ("key", "ascending"),
    [
        ("label", [3, 4, 6, 1, 2, 5]),
        ("artist", [1, 2, 6, 5, 4, 3]),
        ("title", [3, 1, 2, 6, 4, 5]),
        ("catno", [3, 6, 1, 2, 4, 5]),
        ("format", [4, 3, 1, 2, 5, 6]),
        ("rating", [4, 6, 5, 3, 1, 2]),
        ("added", [6, 1, 3, 4, 2, 5]),
        ("year", [3, 1, 2, 6, 5, 4]),
        ("colour", [6, 1, 3, 4, 2, 5]),
    ],
)
def test_items_are_sorted_both_ways_with_ties_by_instance(owner: httpx.Client, key: str, ascending: list[int]) -> None:
    assert numbers(items(owner, sort=key)) == ascending
    assert numbers(items(owner, sort=key, sort_order="asc")) == ascending
    assert numbers(items(owner, sort=key, sort_order="desc")) == ascending[::-1]


def test_items_come_by_date_added_when_no_order_is_asked_for(owner: httpx.Client) -> None:
    assert items(owner) == items(owner, sort="added", sort_order="asc")


@pytest.mark.parametrize(
    ("asked", "got"), [(None, 50), ("1000", 100), ("100", 100), ("7", 7), ("0", 1), ("-5", 1), ("many", 50)]
)
def test_the_page_size_is_clamped_in_silence(
    server: DemoServer, owner: httpx.Client, asked: str | None, got: int
) -> None:
    fill(server.state, 120)
    params = {} if asked is None else {"per_page": asked}
    content = owner.get(f"{COLLECTION}/folders/0/releases", params=params).json()
    assert (content["pagination"]["per_page"], len(content["releases"])) == (got, got)
    assert content["pagination"]["pages"] == -(-120 // got)


def test_the_links_of_pages_lead_through_the_collection_once(server: DemoServer, owner: httpx.Client) -> None:
    fill(server.state, 25)
    url = f"{ROOT}/folders/0/releases?sort=added&sort_order=desc&per_page=10"
    seen: list[int] = []
    links: list[list[str]] = []
    while url:
        content = owner.get(url).json()
        seen += numbers(content["releases"])
        links.append(sorted(content["pagination"]["urls"]))
        url = content["pagination"]["urls"].get("next", "")
    assert sorted(seen) == list(range(1, 26))
    assert links == [["last", "next"], ["first", "last", "next", "prev"], ["first", "prev"]]


def test_of_a_repeated_parameter_the_first_counts(owner: httpx.Client) -> None:
    content = owner.get(f"{COLLECTION}/folders/0/releases?per_page=2&page=3&page=1").json()
    assert content["pagination"]["page"] == 3


def test_a_single_page_has_no_links_and_an_empty_list_one_page(server: DemoServer, owner: httpx.Client) -> None:
    content = owner.get(f"{COLLECTION}/folders/0/releases").json()
    assert content["pagination"] == {"page": 1, "pages": 1, "per_page": 50, "items": 6, "urls": {}}
    empty = owner.get("/users/stranger/collection/folders/0/releases")
    assert (empty.status_code, empty.json()["releases"]) == (200, [])
    assert empty.json()["pagination"]["pages"] == 1
    late = owner.get("/users/stranger/collection/folders/0/releases?page=2")
    assert late.json() == {"message": "Page 2 is outside of valid range [1, 1]."}


# --- fields and value (calls 11 and 13) ---------------------------------------------------------------------


def test_fields_have_options_or_lines_and_strangers_see_public_ones(
    owner: httpx.Client, stranger: httpx.Client
) -> None:
    fields = owner.get(f"{COLLECTION}/fields").json()["fields"]
    assert [entry["name"] for entry in fields] == ["Media Condition", "Sleeve Condition", "Notes", "Shelf"]
    assert list(fields[0]) == ["id", "name", "type", "position", "public", "options"]
    assert list(fields[2]) == ["id", "name", "type", "position", "public", "lines"]
    assert [entry["id"] for entry in stranger.get(f"{COLLECTION}/fields").json()["fields"]] == [NOTES]


def test_the_value_grows_with_the_collection(server: DemoServer, owner: httpx.Client) -> None:
    assert owner.get(f"{COLLECTION}/value").json() == {
        "minimum": "$24.30",
        "median": "$67.62",
        "maximum": "$208.08",
    }
    fill(server.state, 1000)
    assert owner.get(f"{COLLECTION}/value").json()["maximum"] == "$34,680.00"


# --- beside the collection ------------------------------------------------------------------------------


def test_identity_tells_whose_token_it_is(server: DemoServer, owner: httpx.Client) -> None:
    assert owner.get("/oauth/identity").json()["username"] == OWNER
    assert client_of(server, server.other_token).get("/oauth/identity").json()["username"] == "stranger"


def test_user_names_are_found_in_any_case_and_written_as_the_account_does(owner: httpx.Client) -> None:
    content = owner.get(f"/users/{OWNER.upper()}").json()
    assert (content["username"], content["num_collection"]) == (OWNER, 6)
    assert content["collection_folders_url"] == f"{ROOT}/folders"


def test_a_release_is_told_with_its_tracks(stranger: httpx.Client) -> None:
    content = stranger.get("/releases/1001").json()
    assert content["tracklist"] == [
        {"position": "A1", "type_": "track", "title": "Journey In Satchidananda", "duration": "6:39"},
        {"position": "A2", "type_": "track", "title": "Shiva-Loka", "duration": ""},
    ]
    assert (content["released"], content["master_id"], content["country"]) == ("1971", 90_007, "US")
    assert set(content["community"]) >= {"have", "want", "rating"}
    odd = stranger.get("/releases/1002").json()
    assert (odd["year"], odd["artists_sort"]) == (0, "Fall, The")
    assert not {"released", "master_id", "master_url"} & set(odd)
    assert "country" not in stranger.get("/releases/1004").json()
    joined = stranger.get("/releases/1005").json()["artists_sort"]
    assert joined.startswith("Artist 0, Artist 1, ")
    assert joined.endswith(", Artist 9")


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "bjork"}, [1004]),
        ({"q": "BLUE davis"}, [1006]),
        ({"q": "blue coltrane"}, []),
        ({"artist": "fall"}, [1002]),
        ({"catno": "as-9203"}, [1001]),
        ({"release_title": "journey"}, [1001]),
        ({"label": "pias"}, [1002]),
        ({"year": "1959"}, [1006]),
        ({"q": "kind", "year": "1960"}, []),
        ({"barcode": "5018524063819"}, []),
        ({"q": "vinyl", "type": "artist"}, []),
        ({"type": "release"}, [1001, 1002, 1003, 1004, 1005, 1006]),
    ],
)
def test_search_finds_releases_that_match_every_word(
    owner: httpx.Client, params: dict[str, str], found: list[int]
) -> None:
    content = owner.get("/database/search", params=params).json()
    assert [row["id"] for row in content["results"]] == found
    assert content["pagination"]["items"] == len(found)


def test_a_search_result_has_text_for_the_year_and_lists_of_names(owner: httpx.Client) -> None:
    row = owner.get("/database/search", params={"q": "kind of blue"}).json()["results"][0]
    assert row["title"] == "Miles Davis - Kind Of Blue"
    assert (row["year"], row["label"], row["format"], row["catno"]) == ("1959", ["Columbia"], ["Vinyl"], "CS 8163")
    assert (row["genre"], row["style"], row["country"], row["thumb"]) == (["Jazz"], [], "US", "")
    assert row["resource_url"] == "https://api.discogs.com/releases/1006"
    assert row["uri"] == "/release/1006-Miles-Davis-Kind-Of-Blue"
    untold = owner.get("/database/search", params={"artist": "the fall"}).json()["results"][0]
    assert "year" not in untold


def test_wants_are_an_empty_page(owner: httpx.Client) -> None:
    content = owner.get(f"/users/{OWNER}/wants").json()
    assert (content["wants"], content["pagination"]["items"]) == ([], 0)
    assert owner.get("/").json()["hello"]
