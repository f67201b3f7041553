"""What is listed: a folder or a view, narrowed by a filter, in an order; the same in slices as in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from discotui.library.items import Item
from discotui.library.listing import Listing
from discotui.library.parsing import parse
from discotui.library.slicing import finish
from discotui.library.sorting import Order
from discotui.library.views import DUPLICATES, PRESSINGS, RECENT, SavedView, given, saved, shifted
from tests.collection import ITEMS, JAZZ, ROCK, TEXT, Shelf, make_item

MANY = 5000


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


def ids(listing: Listing) -> list[int]:
    return [item.instance_id for item in finish(listing.steps())]


def asks(listing: Listing, text: str) -> None:
    query = parse(text, listing.vocabulary).query
    assert query is not None
    listing.query = query


def test_a_folder_is_listed_in_the_order_that_is_asked_for(shelf: Shelf) -> None:
    listing = Listing(shelf.library)
    assert ids(listing) == [1, 2, 3, 4, 5]
    listing.folder_id, listing.order = ROCK, Order((("rating", True),))
    assert ids(listing) == [3, 5]


def test_a_filter_narrows_what_stands_in_the_folder(shelf: Shelf) -> None:
    listing = Listing(shelf.library)
    listing.folder_id = JAZZ
    asks(listing, "rating:2..")
    assert ids(listing) == [1, 4]
    asks(listing, "notes:good")
    assert ids(listing) == [4]
    assert listing.size == 3


def test_an_edit_is_seen_once_the_listing_is_told(shelf: Shelf) -> None:
    listing = Listing(shelf.library)
    asks(listing, "rating:5")
    assert ids(listing) == [3]
    shelf.library.rate([1], 5)
    listing.changed()
    assert ids(listing) == [1, 3]


def test_whether_an_item_belongs_is_told_without_working_the_list_out(shelf: Shelf) -> None:
    listing = Listing(shelf.library)
    listing.folder_id = JAZZ
    asks(listing, "rating:2..")
    assert [item.instance_id for item in ITEMS if listing.holds(item)] == ids(listing)


def test_an_item_that_is_kept_stays_where_the_order_puts_it_as_long_as_it_is_there(shelf: Shelf) -> None:
    listing = Listing(shelf.library)
    listing.folder_id = JAZZ
    everything = ids(listing)
    asks(listing, "rating:2..")
    assert ids(listing) == [1, 4]
    (other,) = set(everything) - {1, 4}
    item = shelf.library.item(other)
    assert item is not None
    assert not listing.holds(item)
    assert listing.keep(other)
    assert ids(listing) == everything
    assert listing.holds(item)
    assert not listing.keep(other), "the same as before"
    assert listing.keep(1), "the other one goes"
    assert ids(listing) == [1, 4]
    shelf.library.move([1], ROCK)
    listing.changed()
    assert ids(listing) == [1, 4]
    shelf.library.remove([1])
    listing.changed()
    assert ids(listing) == [4]
    assert not listing.keep(4), "what belongs there changes nothing"
    assert not listing.keep(None)


@pytest.mark.parametrize("order", [Order(), Order((("year", True), ("title", False)))])
def test_an_item_that_is_kept_has_its_place_wherever_that_is(tmp_path: Path, order: Order) -> None:
    items = [make_item(number, rating=number % 2, year=1950 + number % 7) for number in range(1, 41)]
    listing = Listing(Shelf(tmp_path / "library.sqlite", items).library)
    listing.order = order
    everything = ids(listing)
    asks(listing, "is:rated")
    rated = set(ids(listing))
    assert len(rated) == 20
    for number in everything:
        listing.keep(number)
        assert ids(listing) == [each for each in everything if each in rated or each == number]
    listing.keep(None)
    assert set(ids(listing)) == rated


def test_an_item_that_is_kept_stays_in_a_view_that_shows_so_many_only(tmp_path: Path) -> None:
    items = [make_item(number, added=f"2024-01-0{number}T00:00:00-08:00") for number in range(1, 6)]
    listing = Listing(Shelf(tmp_path / "library.sqlite", items).library)
    listing.view = SavedView("newest", "Newest", "", RECENT.order, most=2)
    assert sorted(ids(listing)) == [4, 5]
    listing.keep(1)
    assert sorted(ids(listing)) == [1, 4, 5]
    assert listing.keep(None), "nobody can tell of one item"
    assert sorted(ids(listing)) == [4, 5]


def test_what_waits_is_found_by_its_view(shelf: Shelf) -> None:
    shelf.library.set_notes([2], {TEXT: "typed"})
    listing = Listing(shelf.library)
    listing.view = next(view for view in given(listing.vocabulary) if view.name == "Waiting")
    assert ids(listing) == [2]


def test_recently_added_shows_the_newest_whatever_the_order(tmp_path: Path) -> None:
    items = [make_item(number, added=f"2024-01-01T00:{number // 60:02}:{number % 60:02}Z") for number in range(1, 151)]
    listing = Listing(Shelf(tmp_path / "library.sqlite", items).library)
    listing.view, listing.order = RECENT, RECENT.order
    assert ids(listing) == [*range(150, 50, -1)]
    listing.order = Order((("added", False),))
    assert ids(listing) == [*range(51, 151)]


def test_duplicates_are_copies_of_a_release_and_pressings_releases_of_a_work(tmp_path: Path) -> None:
    items = [*ITEMS, make_item(6, master_id=9), make_item(7, master_id=9), make_item(8, release_id=700, master_id=3)]
    items.append(make_item(9, release_id=700, master_id=3))
    listing = Listing(Shelf(tmp_path / "library.sqlite", items).library)
    listing.view = DUPLICATES
    assert sorted(ids(listing)) == [4, 5, 8, 9]
    listing.view = PRESSINGS
    assert sorted(ids(listing)) == [6, 7]


def test_every_view_counts_what_it_lists(shelf: Shelf) -> None:
    shelf.library.rate([2], 1)
    listing = Listing(shelf.library)
    views = [*given(listing.vocabulary), SavedView("saved:1", "[/x]", "label:impulse rating:2..", Order())]
    counts = finish(listing.count_steps(views))
    for view in views:
        listing.view = view
        assert counts[view.key] == len(ids(listing)), view.name
    assert counts["no-condition"] == 5


def test_a_view_of_a_field_that_is_gone_shows_nothing(shelf: Shelf) -> None:
    listing = Listing(shelf.library)
    listing.view = SavedView("saved:1", "Shelf", "shelf:b2", Order())
    assert ids(listing) == []


@pytest.mark.parametrize("change", [None, lambda items: items[MANY // 2]])
def test_no_slice_is_left_out_of_a_large_list(tmp_path: Path, change: Callable[[list[Item]], Item] | None) -> None:
    items = [make_item(number, rating=number % 6, year=1950 + number % 70) for number in range(1, MANY + 1)]
    shelf = Shelf(tmp_path / "library.sqlite", items)
    listing = Listing(shelf.library)
    listing.order = Order((("year", True), ("artist", False)))
    asks(listing, "rating:5")
    slices = 0
    steps = listing.steps()
    try:
        while True:
            next(steps)
            slices += 1
    except StopIteration as end:
        found = end.value
    assert slices > 2
    wanted = sorted((item for item in items if item.rating == 5), key=lambda item: (-item.year, item.artist))
    assert [item.instance_id for item in found] == [item.instance_id for item in wanted]
    if change is not None:
        changed = change(items)
        shelf.library.rate([changed.instance_id], 5 if changed.rating != 5 else 0)
        listing.changed()
        after = {item.instance_id for item in finish(listing.steps())}
        assert after ^ {item.instance_id for item in found} == {changed.instance_id}


# --- the person's own views ---------------------------------------------------------------------------------


def test_views_are_kept_across_a_restart(shelf: Shelf) -> None:
    views = saved([], "[PIAS] only", "label:[pias] | ひ", Order((("year", True), ("note:3", False))))
    shelf.library.put_views(views)
    shelf.restart()
    assert shelf.library.views() == views


def test_a_view_saved_under_a_name_that_is_taken_replaces_the_other_in_its_place() -> None:
    views = saved(saved(saved([], "A", "a", Order()), "B", "b", Order()), "a", "c", Order())
    assert [(view.key, view.name, view.text) for view in views] == [("saved:1", "a", "c"), ("saved:2", "B", "b")]


def test_keys_of_views_are_never_given_twice_in_a_row() -> None:
    views = saved(saved([], "A", "a", Order()), "B", "b", Order())
    assert [view.key for view in saved(views[1:], "C", "c", Order())] == ["saved:2", "saved:3"]


@pytest.mark.parametrize(("steps", "names"), [(-1, "BAC"), (1, "ACB"), (-5, "BAC"), (5, "ACB")])
def test_a_view_is_put_in_another_place(steps: int, names: str) -> None:
    views: list[SavedView] = []
    for name in "ABC":
        views = saved(views, name, name, Order())
    assert "".join(view.name for view in shifted(views, "saved:2", steps)) == names


def test_views_that_cannot_be_read_are_left_out(shelf: Shelf) -> None:
    with shelf.library._core.kept():
        shelf.library._core.set_meta(views='[{"key": 7}]')
    assert shelf.library.views() == []


def test_an_edited_view_is_the_same_view() -> None:
    view = saved([], "A", "a", Order())[0]
    assert view.as_typed("B", "b") == replace(view, name="B", text="b")
    assert view.is_own
    assert not RECENT.is_own
