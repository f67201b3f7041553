"""The JSON shapes of Discogs' answers, key by key as they were recorded."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from discotui.demo.catalogue import Release, fold
from discotui.demo.state import CollectionState, Folder, Instance, NotesField

Json = dict[str, Any]

_PRICES_IN_CENTS = {"minimum": 405, "median": 1127, "maximum": 3468}


def folder(row: Folder, state: CollectionState, base_url: str) -> Json:
    """A folder; ``resource_url`` has the user name as the account writes it."""
    address = f"{base_url}/users/{state.username}/collection/folders/{row.folder_id}"
    return {"id": row.folder_id, "name": row.name, "count": row.count, "resource_url": address}


def notes_field(entry: NotesField) -> Json:
    """A notes field: ``options`` for a dropdown, ``lines`` for a textarea, never both."""
    shape: Json = {
        "id": entry.field_id,
        "name": entry.name,
        "type": "dropdown" if entry.options else "textarea",
        "position": entry.position,
        "public": entry.public,
    }
    return shape | ({"options": list(entry.options)} if entry.options else {"lines": entry.lines})


def item(instance: Instance, state: CollectionState, base_url: str, *, is_owner: bool, with_notes: bool = True) -> Json:
    """A collection item. A stranger gets no ``folder_id`` and public notes only; empty notes are left out."""
    shape: Json = {
        "id": instance.release_id,
        "instance_id": instance.instance_id,
        "date_added": instance.added,
        "rating": state.rating(instance.release_id),
        "basic_information": _basic_information(state.releases[instance.release_id], base_url),
    }
    if is_owner:
        shape["folder_id"] = instance.folder_id
    notes = [
        {"field_id": field_id, "value": value}
        for field_id, value in sorted(instance.notes.items())
        if is_owner or (field_id in state.fields and state.fields[field_id].public)
    ]
    if with_notes and notes:
        shape["notes"] = notes
    return shape


def _basic_information(entry: Release, base_url: str) -> Json:
    return {
        "id": entry.release_id,
        "master_id": entry.master_id,
        "master_url": f"{base_url}/masters/{entry.master_id}" if entry.master_id else None,
        "resource_url": f"{base_url}/releases/{entry.release_id}",
        "thumb": "",
        "cover_image": "",
        "title": entry.title,
        "year": entry.year,
        "formats": _formats(entry),
        "artists": _artists(entry, base_url),
        "labels": _labels(entry, base_url),
        "genres": list(entry.genres),
        "styles": list(entry.styles),
    }


def _artists(entry: Release, base_url: str) -> list[Json]:
    return [
        {
            "name": artist.name,
            "anv": artist.anv,
            "join": artist.join,
            "role": "",
            "tracks": "",
            "id": artist.artist_id,
            "resource_url": f"{base_url}/artists/{artist.artist_id}",
        }
        for artist in entry.artists
    ]


def _labels(entry: Release, base_url: str) -> list[Json]:
    return [
        {
            "name": label.name,
            "catno": label.catno,
            "entity_type": "1",
            "entity_type_name": "Label",
            "id": label.label_id,
            "resource_url": f"{base_url}/labels/{label.label_id}",
        }
        for label in entry.labels
    ]


def _formats(entry: Release) -> list[Json]:
    shapes: list[Json] = []
    for form in entry.formats:
        shape: Json = {"name": form.name, "qty": form.qty}
        if form.text:
            shape["text"] = form.text
        if form.descriptions:
            shape["descriptions"] = list(form.descriptions)
        shapes.append(shape)
    return shapes


def release(entry: Release, base_url: str) -> Json:
    """A release's own page. ``country``, ``released`` and the master are absent when not known."""
    shape: Json = {
        "id": entry.release_id,
        "status": "Accepted",
        "year": entry.year,
        "resource_url": f"{base_url}/releases/{entry.release_id}",
        "uri": base_url + _page_path(entry),
        "artists": _artists(entry, base_url),
        "artists_sort": entry.artists_sort,
        "labels": _labels(entry, base_url),
        "series": [],
        "companies": [],
        "formats": _formats(entry),
        "data_quality": "Correct",
        "community": _community(entry) | {"data_quality": "Correct", "status": "Accepted"},
        "format_quantity": sum(int(form.qty) for form in entry.formats if form.qty.isdecimal()),
        "title": entry.title,
        "identifiers": [],
        "videos": [],
        "genres": list(entry.genres),
        "styles": list(entry.styles),
        "tracklist": [
            {"position": track.position, "type_": "track", "title": track.title, "duration": track.duration}
            for track in entry.tracks
        ],
        "extraartists": [],
        "images": [],
        "thumb": "",
    }
    if entry.master_id:
        shape |= {"master_id": entry.master_id, "master_url": f"{base_url}/masters/{entry.master_id}"}
    if entry.country:
        shape["country"] = entry.country
    if entry.year:
        shape |= {"released": str(entry.year), "released_formatted": str(entry.year)}
    return shape


def search_result(entry: Release, base_url: str) -> Json:
    """A line of ``GET /database/search``: ``year`` is text, and absent when unknown."""
    shape: Json = {
        "id": entry.release_id,
        "type": "release",
        "title": f"{entry.artist_line} - {entry.title}",
        "master_id": entry.master_id,
        "master_url": f"{base_url}/masters/{entry.master_id}" if entry.master_id else None,
        "uri": _page_path(entry),
        "resource_url": f"{base_url}/releases/{entry.release_id}",
        "thumb": "",
        "cover_image": "",
        "country": entry.country,
        "label": list(dict.fromkeys(label.name for label in entry.labels)),
        "catno": ", ".join(dict.fromkeys(label.catno for label in entry.labels)),
        "format": list(dict.fromkeys(word for form in entry.formats for word in (form.name, *form.descriptions))),
        "genre": list(entry.genres),
        "style": list(entry.styles),
        "barcode": [],
        "community": {key: _community(entry)[key] for key in ("want", "have")},
    }
    if entry.year:
        shape["year"] = str(entry.year)
    return shape


def _community(entry: Release) -> Json:
    # Numbers of the demo's own making: plausible, and the same at every start.
    seed = entry.release_id * 2_654_435_761 % 2**32
    return {
        "have": 40 + seed % 4_000,
        "want": 25 + seed // 7 % 1_500,
        "rating": {"count": 5 + seed // 11 % 400, "average": round(3.2 + seed // 13 % 170 / 100, 2)},
    }


def _page_path(entry: Release) -> str:
    plain = unicodedata.normalize("NFKD", f"{entry.artist_line} {entry.title}").encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[A-Za-z0-9]+", plain))
    return f"/release/{entry.release_id}" + (f"-{slug}" if slug else "")


def identity(state: CollectionState, base_url: str) -> Json:
    """Who the token belongs to."""
    return {
        "id": state.user_id,
        "username": state.username,
        "resource_url": f"{base_url}/users/{state.username}",
        "consumer_name": "discotui demo",
    }


def profile(state: CollectionState, base_url: str, *, shows_collection: bool) -> Json:
    """A user's page. The size of a private collection is shown to its owner alone."""
    address = f"{base_url}/users/{state.username}"
    shape: Json = {
        "id": state.user_id,
        "username": state.username,
        "name": "",
        "resource_url": address,
        "uri": f"{base_url}/user/{state.username}",
        "profile": "",
        "location": "",
        "home_page": "",
        "registered": "2010-03-14T15:09:26-07:00",
        "rank": 0.0,
        "num_pending": 0,
        "num_for_sale": 0,
        "num_lists": 0,
        "num_wantlist": 0,
        "releases_contributed": 0,
        "releases_rated": len(state.ratings),
        "rating_avg": round(sum(state.ratings.values()) / len(state.ratings), 2) if state.ratings else 0.0,
        "inventory_url": f"{address}/inventory",
        "collection_folders_url": f"{address}/collection/folders",
        "collection_fields_url": f"{address}/collection/fields",
        "wantlist_url": f"{address}/wants",
        "avatar_url": "",
    }
    if shows_collection:
        shape["num_collection"] = len(state.instances)
    return shape


def value(state: CollectionState) -> Json:
    """What the collection is worth: so much for each item, as texts in one currency."""
    count = len(state.instances)
    return {name: f"${cents * count // 100:,}.{cents * count % 100:02d}" for name, cents in _PRICES_IN_CENTS.items()}


SORT_KEYS = ("label", "artist", "title", "catno", "format", "rating", "added", "year")


def in_order(items: list[Instance], state: CollectionState, sort: str, sort_order: str) -> list[Instance]:
    """Sort items by one of the eight keys; any other key means by date added.

    Ties go by instance id, so that every order is a total one and pages never overlap; descending is exactly
    ascending read backwards.
    """

    def key(entry: Instance) -> tuple[Any, int]:
        return _sort_value(entry, state, sort), entry.instance_id

    return sorted(items, key=key, reverse=sort_order.lower() == "desc")


def _sort_value(entry: Instance, state: CollectionState, sort: str) -> Any:
    found = state.releases[entry.release_id]
    match sort:
        case "label":
            return fold(found.labels[0].name) if found.labels else ""
        case "artist":
            return fold(found.artists_sort)
        case "title":
            return fold(found.title)
        case "catno":
            return fold(found.labels[0].catno) if found.labels else ""
        case "format":
            return fold(found.formats[0].name) if found.formats else ""
        case "rating":
            return state.rating(entry.release_id)
        case "year":
            return found.year
        case _:
            return datetime.fromisoformat(entry.added)
