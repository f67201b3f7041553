"""The sample collection: reads ``collection.json`` into a collection that can be served.

The file has ``username``, ``folders`` (names), ``fields`` (as Discogs gives them), ``records`` (owned) and
``others`` (releases that can be found and added). Releases are numbered from 1001 in the file's order,
instances from 500001 (a record first, then its further copies), folders from 7001: the same file always gives
the same numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from discotui.demo.catalogue import Artist, Format, Label, Release, Track
from discotui.demo.state import UNCATEGORIZED, CollectionState, NotesField

FIRST_RELEASE_ID = 1001
FIRST_ARTIST_ID = 30_001
FIRST_LABEL_ID = 60_001
MASTER_ID_OFFSET = 90_000


class SampleError(ValueError):
    """The data refers to something that is not in it."""


class _Numbers:
    """Gives each name a number of its own, in the order of first sight."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._known: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self._known.setdefault(name, self._first + len(self._known))


def sample_state() -> CollectionState:
    """A fresh copy of the sample collection; nobody else sees the edits made to it."""
    text = resources.files("discotui.demo").joinpath("collection.json").read_text(encoding="utf-8")
    return state_from(json.loads(text))


def state_from(data: Mapping[str, Any]) -> CollectionState:
    """Build a collection from data of the sample's shape.

    Raises:
        SampleError: A folder or field that is not listed.
    """
    records: list[Mapping[str, Any]] = list(data["records"])
    releases = _releases([*records, *data.get("others", ())])
    fields = [_field(entry) for entry in data["fields"]]
    state = CollectionState(data["username"], releases, fields=fields)
    folders = {"Uncategorized": UNCATEGORIZED}
    for name in data["folders"]:
        if name not in ("All", "Uncategorized"):
            folders[name] = state.create_folder(name)
    field_ids = {field.name: field.field_id for field in fields}
    for release_id, record in zip(releases, records, strict=False):
        for copy in (record, *record.get("copies", ())):
            folder_id = _known(folders, copy["folder"], f"folder of {record['title']!r}")
            notes = _notes(copy, field_ids, record["title"])
            state.add(folder_id, release_id, added=copy["added"], notes=notes)
        if record.get("rating"):
            state.rate(release_id, record["rating"])
    return state


def neighbours(state: CollectionState) -> tuple[CollectionState, CollectionState]:
    """Two more accounts: a stranger with an empty public collection, and a hermit with a private one."""
    fields = list(state.fields.values())
    stranger = CollectionState(
        "stranger",
        state.releases,
        fields=fields,
        user_id=9002,
        first_folder_id=8001,
        first_instance_id=800_001,
    )
    hermit = CollectionState(
        "hermit",
        state.releases,
        fields=fields,
        user_id=9003,
        private=True,
        first_folder_id=9001,
        first_instance_id=900_001,
    )
    for release_id in list(state.releases)[:1]:
        hermit.add(UNCATEGORIZED, release_id, added="2020-02-02T20:20:02-08:00")
    return stranger, hermit


def _known(numbers: Mapping[str, int], name: str, what: str) -> int:
    if name not in numbers:
        raise SampleError(f"{what}: {name!r} is not listed")
    return numbers[name]


def _notes(copy: Mapping[str, Any], field_ids: Mapping[str, int], title: str) -> dict[int, str]:
    notes = {_known(field_ids, name, f"field of {title!r}"): value for name, value in copy.get("notes", {}).items()}
    for note in copy.get("extra_notes", ()):
        notes[note["field_id"]] = note["value"]
    return notes


def _field(entry: Mapping[str, Any]) -> NotesField:
    return NotesField(
        field_id=entry["id"],
        name=entry["name"],
        position=entry["position"],
        public=entry["public"],
        options=tuple(entry.get("options", ())),
        lines=entry.get("lines", 0),
    )


def _releases(entries: Iterable[Mapping[str, Any]]) -> dict[int, Release]:
    artists, labels = _Numbers(FIRST_ARTIST_ID), _Numbers(FIRST_LABEL_ID)
    return {
        release_id: _release(release_id, entry, artists, labels)
        for release_id, entry in enumerate(entries, FIRST_RELEASE_ID)
    }


def _release(release_id: int, entry: Mapping[str, Any], artists: _Numbers, labels: _Numbers) -> Release:
    return Release(
        release_id=release_id,
        title=entry["title"],
        artists=tuple(
            Artist(artists.of(artist["name"]), artist["name"], artist.get("anv", ""), artist.get("join", ""))
            for artist in entry["artists"]
        ),
        labels=tuple(Label(labels.of(label["name"]), label["name"], label["catno"]) for label in entry["labels"]),
        formats=tuple(
            Format(form["name"], form["qty"], tuple(form.get("descriptions", ())), form.get("text", ""))
            for form in entry["formats"]
        ),
        year=entry.get("year", 0),
        country=entry.get("country", ""),
        genres=tuple(entry.get("genres", ())),
        styles=tuple(entry.get("styles", ())),
        master_id=entry["master"] + MASTER_ID_OFFSET if entry.get("master") else 0,
        tracks=tuple(Track(position, title, duration) for position, title, duration in entry.get("tracks", ())),
    )
