"""A small collection with odd data, and clients for a demo server that serves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from discotui.demo.data import state_from
from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState

OWNER = "crate.digger"
TOKEN = "small-owner-token"
MEDIA, SLEEVE, NOTES, SHELF = 4, 5, 6, 7
JAZZ, ODD, EMPTY = 7001, 7002, 7003
COLLECTION = f"/users/{OWNER}/collection"
ROOT = f"https://api.discogs.com{COLLECTION}"

GRADES = ["Mint (M)", "Near Mint (NM or M-)", "Very Good Plus (VG+)"]


def record(title: str, artist: str, label: str, catno: str, form: str, *, year: int, **more: Any) -> dict[str, Any]:
    """A release with one artist, label and format, in the shape of collection.json."""
    return {
        "artists": [{"name": artist, "anv": "", "join": ""}],
        "title": title,
        "labels": [{"name": label, "catno": catno}],
        "formats": [{"name": form, "qty": "1"}],
        "year": year,
        "country": "US",
        "genres": ["Jazz"],
        "styles": [],
    } | more


def owned(folder: str, added: str, rating: int = 0, **more: Any) -> dict[str, Any]:
    """What a release has beside, when it is in the collection."""
    return {"folder": folder, "added": added, "rating": rating} | more


def small_data() -> dict[str, Any]:
    """Five records (six items) in two of three folders, and one release that is not owned.

    Instances, in the order of the file: 500001 and 500002 are two copies of release 1001, then 1002 to 1005.
    """
    return {
        "username": OWNER,
        "folders": ["Jazz [LP]", "奇 Odd", "Empty"],
        "fields": [
            {"id": MEDIA, "name": "Media Condition", "type": "dropdown", "position": 1, "public": False}
            | {"options": GRADES},
            {"id": SLEEVE, "name": "Sleeve Condition", "type": "dropdown", "position": 2, "public": False}
            | {"options": ["Generic", *GRADES]},
            {"id": NOTES, "name": "Notes", "type": "textarea", "position": 3, "public": True, "lines": 3},
            {"id": SHELF, "name": "Shelf", "type": "textarea", "position": 4, "public": False, "lines": 1},
        ],
        "records": [
            record("Journey In Satchidananda", "Alice Coltrane", "Impulse!", "AS-9203", "Vinyl", year=1971)
            | owned("Jazz [LP]", "2019-05-04T10:00:00-07:00", 5)
            | {
                "master": 7,
                "notes": {"Media Condition": "Mint (M)", "Notes": "first\nsecond [b]line[/b]"},
                "copies": [{"folder": "奇 Odd", "added": "2021-01-01T09:00:00-08:00", "notes": {"Shelf": "B2"}}],
                "tracks": [["A1", "Journey In Satchidananda", "6:39"], ["A2", "Shiva-Loka", ""]],
            },
            record("[untitled]", "The Fall", "[PIAS] Le Label", "[AB-OC-15]", "CD", year=0)
            | owned("奇 Odd", "2020-02-29T23:59:59-08:00", 3)
            | {"extra_notes": [{"field_id": 99, "value": "Very Good (VG)\n"}]},
            record("أم كلثوم", "Blade (3)", "ä", "none", "Cassette", year=1994)
            | owned("Uncategorized", "2020-02-29T23:59:59-08:00"),
            record("浮世", "Bj\u00f6rk", "One Little Indian", "TPLP 1", "Vinyl", year=1993)
            | owned("奇 Odd", "2022-06-01T12:00:00-07:00", 1, notes={"Media Condition": "Mint (M)"})
            | {"genres": ["Electronic"], "styles": ["House"], "country": ""},
            record("Meeting", "Ten", "A & M", "AM 10", "Vinyl", year=1980)
            | owned("Jazz [LP]", "2018-01-01T00:00:00+00:00")
            | {
                "artists": [{"name": f"Artist {n}", "anv": "", "join": "," if n < 9 else "&"} for n in range(10)],
                "formats": [{"name": "Vinyl", "qty": "45", "descriptions": ["LP", "Album"], "text": " Blue vinyl "}],
            },
        ],
        "others": [record("Kind Of Blue", "Miles Davis", "Columbia", "CS 8163", "Vinyl", year=1959)],
    }


def many_records(count: int) -> dict[str, Any]:
    """Data with so many records, "Title 000" and on by "Artist 000" and on, in one folder."""
    records = [
        record(f"Title {number:03}", f"Artist {number:03}", "Label", f"CAT {number}", "Vinyl", year=1950 + number % 70)
        | owned("Jazz [LP]", "2020-01-01T00:00:00-08:00")
        for number in range(count)
    ]
    return small_data() | {"records": records}


def small_state() -> CollectionState:
    """A fresh small collection."""
    return state_from(small_data())


def fill(state: CollectionState, items: int) -> None:
    """Add copies of one release until the collection has that many items."""
    while len(state.instances) < items:
        state.add(JAZZ, 1001, added="2023-01-01T00:00:00-08:00")


def small_server(clock: Callable[[], float] | None = None, rate_limit: int = 1000) -> DemoServer:
    """A server with the small collection, and by default a rate limit out of the way."""
    if clock is None:
        return DemoServer(small_state(), token=TOKEN, rate_limit=rate_limit)
    return DemoServer(small_state(), token=TOKEN, rate_limit=rate_limit, clock=clock)


def client_of(server: DemoServer, token: str | None = TOKEN) -> httpx.Client:
    """A plain HTTP client without a socket; ``token=None`` is a stranger."""
    headers = {"User-Agent": "test"}
    if token is not None:
        headers["Authorization"] = f"Discogs token={token}"
    return httpx.Client(transport=httpx.WSGITransport(app=server), base_url="https://api.discogs.com", headers=headers)


def items(client: httpx.Client, folder: int = 0, **params: Any) -> list[dict[str, Any]]:
    """The first page of a folder of the owner."""
    answer = client.get(f"{COLLECTION}/folders/{folder}/releases", params=params)
    found: list[dict[str, Any]] = answer.json()["releases"]
    return found


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    """Instance ids, counted from 1 as in the file."""
    return [row["instance_id"] - 500_000 for row in rows]
