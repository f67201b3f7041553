"""What reading a collection costs beside parsing its JSON: ``python -m tests.benchmarks.reading [items …]``."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from discotui.discogs.models import ItemsPage
from discotui.library.incoming import Reading
from discotui.library.items import Folder, Item
from discotui.library.library import Library
from discotui.sync.reading import item_of
from tests.benchmarks.collections import FIELDS, FOLDERS, make_collection
from tests.benchmarks.figures import Figure, cost, print_figures

SIZES = (1_000, 10_000, 100_000)
PAGE = 100
_API = "https://api.discogs.com"
_IMAGE = (
    "https://i.discogs.com/" + "Cl-zRsODmZWAirbROSartU8yy8Gvr3RV_PBcui_dIug/rs:fit/g:sm/q:40/h:150/w:150/" + "x" * 80
)


def wire_of(item: Item) -> dict[str, Any]:
    """An item in the shape, and about the length, of Discogs' answer."""
    release = f"{_API}/releases/{item.release_id}"
    return {
        "id": item.release_id,
        "instance_id": item.instance_id,
        "date_added": item.added,
        "rating": item.rating,
        "basic_information": {
            "id": item.release_id,
            "master_id": item.master_id,
            "master_url": f"{_API}/masters/{item.master_id}",
            "resource_url": release,
            "thumb": _IMAGE,
            "cover_image": _IMAGE,
            "title": item.title,
            "year": item.year,
            "formats": [{"name": "Vinyl", "qty": "1", "descriptions": item.format.split(", ")}],
            "artists": [_named(item.artist) | {"anv": "", "join": "", "role": "", "tracks": ""}],
            "labels": [_named(item.label) | {"catno": item.catno, "entity_type": "1", "entity_type_name": "Label"}],
            "genres": item.genre.split(", "),
            "styles": ["Post Rock", "Lo-Fi", "Noise"],
        },
        "folder_id": item.folder_id,
        "notes": [{"field_id": field_id, "value": value} for field_id, value in (item.notes or {}).items()],
    }


def _named(name: str) -> dict[str, Any]:
    number = len(name) * 1000 + ord(name[0]) if name else 0
    return {"name": name, "id": number, "resource_url": f"{_API}/artists/{number}"}


def pages_of(items: Sequence[Item]) -> list[bytes]:
    """The collection as Discogs would answer, page by page."""
    pages = []
    for start in range(0, len(items), PAGE):
        pagination = {"page": start // PAGE + 1, "pages": -(-len(items) // PAGE), "per_page": PAGE, "items": len(items)}
        releases = [wire_of(item) for item in items[start : start + PAGE]]
        pages.append(json.dumps({"pagination": pagination, "releases": releases}).encode())
    return pages


def read(page: bytes) -> list[Item]:
    """A page as the program reads it."""
    return [item_of(wire, notes_shown=True) for wire in ItemsPage.model_validate_json(page).releases]


def figures(size: int) -> Iterator[Figure]:
    """What reading a collection of that size costs."""
    pages = pages_of(make_collection(size))
    some = pages[:50]
    parsing = cost(lambda: [json.loads(page) for page in some])
    checked = cost(lambda: [ItemsPage.model_validate_json(page) for page in some])
    yield Figure("pages parsed and checked", size, checked, parsing, "json.loads", 2.5)
    yield Figure(
        "pages parsed, checked and made items", size, cost(lambda: list(map(read, some))), parsing, "json.loads"
    )

    items = {item.instance_id: item for page in pages for item in read(page)}
    folders = [Folder(0, "All", size), *(Folder(folder_id, name) for folder_id, name in FOLDERS.items())]
    whole = cost(lambda: [json.loads(page) for page in pages], repeats=3)
    with tempfile.TemporaryDirectory() as place:
        library = Library(Path(place) / "library.sqlite")
        read_pages = iter([list(items.values())[start : start + PAGE] for start in range(0, min(size, 1000), PAGE)])
        stored = min(10, size // PAGE)
        storing = cost(lambda: library.incoming.merge(next(read_pages)), repeats=stored)
        yield Figure("a page stored", size, storing, parsing / len(some), "json.loads", 3)

        def publish(found: dict[int, Item]) -> None:
            library.incoming.publish(Reading(found, folders, FIELDS, None))

        publish(items)
        yield Figure(
            "a reading published, nothing changed",
            size,
            cost(lambda: publish(items), repeats=3),
            whole,
            "json.loads",
            3,
        )
        turn = count()
        cause = random.Random(size)

        def with_changes() -> dict[int, Item]:
            some = dict(items)
            for instance_id in cause.sample(list(items), size // 100):
                some[instance_id] = replace(items[instance_id], label=f"Label {next(turn)}")
            return some

        changed = iter([with_changes() for _ in range(3)])
        cost_of_changed = cost(lambda: publish(next(changed)), repeats=3)
        yield Figure("a reading published, 1 % changed", size, cost_of_changed, whole, "json.loads", 3)
        library.close()


if __name__ == "__main__":
    print_figures(figures, [int(argument) for argument in sys.argv[1:]] or SIZES)
