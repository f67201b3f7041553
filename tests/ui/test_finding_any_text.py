"""Every filter and every order on the screen: on answers that Discogs has given, and on texts that mean harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from discotui.library.parsing import parse
from discotui.library.sorting import SORT_KEYS, Order, sort_keys
from discotui.library.vocabulary import STATES
from discotui.ui.app import DiscotuiApp
from tests.demo_data import small_data
from tests.queries import is_asked_for
from tests.ui.driving import TypedPilot, assert_safe, demo_app, drawn, main, table, until
from tests.ui.test_hostile import KINDS, hostile_data
from tests.ui.test_recorded_on_screen import start_with_a_hundred
from tests.unit.test_sorting import in_order

pytestmark = pytest.mark.anyio


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def filters(app: DiscotuiApp, *, each: int) -> Iterator[str]:
    """Filters of every kind: for each field some values that its items have, whole and in part."""
    listing = main(app).listing
    items = sorted(listing.collection.items, key=lambda item: item.instance_id)
    for state in STATES:
        yield f"is:{state}"
        yield f"-is:{state}"
    for name, title in listing.vocabulary.names.items():
        yield f"has:{quoted(title)} | year:..1970"
        yield f"no:{name.key}"
        if name.field_id is not None:
            values = {item.note(name.field_id) for item in items}
        elif name.key in ("artist", "title", "label", "catno", "format", "genre"):
            values = {getattr(item, name.key) for item in items}
        elif name.key in ("year", "rating"):
            values = {str(getattr(item, name.key)) for item in items if item.year}
        elif name.key == "folder":
            values = set(listing.folders.values())
        else:
            values = {item.added[:7] for item in items} if name.key == "added" else set()
        for value in sorted(filter(None, values))[:each]:
            yield f"{name.key}:{quoted(value)}"
            yield quoted(value)
            yield f"-{value[: len(value) // 2]}"


async def finds_what_it_means(pilot: TypedPilot, app: DiscotuiApp, *, each: int) -> int:
    """Types filter after filter; what is shown is what the filter means. Returns how many were tried."""
    screen = main(app)
    assert app.session is not None
    screen.do_collection_filter()
    await drawn(pilot)
    tried = 0
    for text in list(filters(app, each=each)):
        screen.filter_bar.set_text(text)
        await until(pilot, lambda: screen.is_listed)
        assert_safe(pilot)
        parsed = parse(screen.filter_bar.text, screen.listing.vocabulary)
        if parsed.query is None or parsed.problems:
            continue
        tried += 1
        collection = screen.listing.collection
        wanted = {item.instance_id for item in collection.items if is_asked_for(item, parsed.query, collection)}
        assert {item.instance_id for item in table(app).items} == wanted, text
    screen.do_filter_clear()
    await until(pilot, lambda: screen.is_listed)
    return tried


async def sorts_by_everything(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Each key in both directions: nothing is lost or doubled, all is harmless, and the order is the key's."""
    screen = main(app)
    assert app.session is not None
    library = app.session.library
    items = list(table(app).items)
    for key in sort_keys(library.fields()):
        for descending in (False, True):
            order = screen.listing.order = Order(((key.key, descending),))
            screen.show_table()
            await until(pilot, lambda: screen.is_listed)
            assert_safe(pilot)
            shown = list(table(app).items)
            assert sorted(map(id, shown)) == sorted(map(id, items))
            if key.key in SORT_KEYS and key.key != "added":
                assert shown == in_order(items, order, screen.listing.folders)


async def test_every_filter_and_order_of_the_recorded_items(tmp_path: Path) -> None:
    async with demo_app(start=start_with_a_hundred(tmp_path)) as (app, pilot, _):
        assert await finds_what_it_means(pilot, app, each=4) > 100
        await sorts_by_everything(pilot, app)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_filter_and_order_of_hostile_texts(kind: str) -> None:
    async with demo_app(data=hostile_data(KINDS[kind])) as (app, pilot, _):
        assert await finds_what_it_means(pilot, app, each=3) > 30
        await sorts_by_everything(pilot, app)


async def test_every_filter_and_order_of_many_scripts() -> None:
    async with demo_app(data=small_data()) as (app, pilot, _):
        assert await finds_what_it_means(pilot, app, each=6) > 60
        await sorts_by_everything(pilot, app)
