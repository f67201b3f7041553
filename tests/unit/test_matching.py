"""Which items a filter finds, and that it does so in slices and from what it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest

from discotui.library.collected import Collection
from discotui.library.folding import fold
from discotui.library.items import Field, Folder, Item
from discotui.library.matching import Finder, Search, match
from discotui.library.parsing import parse
from discotui.library.query import Query
from tests.collection import make_item
from tests.queries import FIELDS, MEDIA, NOTES, SHOP, SLEEVE, UNLISTED, VOCABULARY

JAZZ = 10
FOLDERS = (Folder(0, "All"), Folder(1, "Uncategorized"), Folder(JAZZ, "Jazz"), Folder(11, "Rock [x] 山"))


def record(instance_id: int, artist: str = "", title: str = "", **more: object) -> Item:
    """An item whose search text is made as a reading makes it."""
    texts = {"artist": artist, "title": title, "label": "", "catno": "", "format": "", "genre": ""}
    texts |= {key: str(more.pop(key)) for key in list(more) if key in texts}
    item = make_item(instance_id, **{"added": "", "year": 0} | texts | more)  # type: ignore[arg-type]
    return replace(item, search=fold("\n".join(texts.values())))


ITEMS = [
    record(1, "Björk", "Début", label="One Little", catno="TPLP 31", format="LP, Album", genre="Electronic, Jungle",
           year=1993, rating=4, folder_id=1, added="2024-03-31T23:59:00-08:00",
           notes={MEDIA: "Near Mint (NM or M-)", SLEEVE: "Very Good (VG)\n", NOTES: "signed,\nfrom Reykjavík"}),
    record(2, "Sigur Rós (2)", "Ágætis Byrjun", label="Fat Cat", catno="FATLP 11", format='2×LP, 12"', genre="Rock",
           year=1999, release_id=500, notes={MEDIA: "Mint (M)", SLEEVE: "Very Good Plus (VG+)", SHOP: "Amoeba"}),
    record(3, "Sigur Rós (2)", "Ágætis Byrjun", release_id=500, year=1999, rating=2, folder_id=11,
           notes={SLEEVE: "Generic", UNLISTED: "odd", NOTES: " \n"}, added="2024-04-01T00:00:00-08:00"),
    record(4, "山下達郎", "ＦＯＲ　ＹＯＵ", label="[PIAS]", catno="RAL-8801", year=1982, rating=5, notes=None,
           added="2023-12-31T00:00:00-08:00", folder_id=0),
    record(-1, "MØ", "No Mythologies | To Follow", format='7"', notes={MEDIA: "Good (G)", SLEEVE: "Good Plus (G+)"}),
]  # fmt: skip
COLLECTION = Collection.of(ITEMS, FOLDERS, FIELDS, waiting={3}, conflicts={2})


def query_of(text: str) -> Query:
    query = parse(text, VOCABULARY).query
    assert query is not None, text
    return query


def found(text: str, items: list[Item] = ITEMS, collection: Collection = COLLECTION) -> list[int]:
    return [item.instance_id for item in match(query_of(text), items, collection)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 4, -1]),
        ("bjork", [1]),
        ("BJÖRK debut", [1]),
        ("sigur ros", [2, 3]),
        ('"ros sigur"', []),
        ("ros sigur", [2, 3]),
        ('"ágætis byrjun"', [2, 3]),
        ("agaetis", [2, 3]),
        ("mo", [2, -1]),
        ("for", [4]),
        ("山下", [4]),
        ("(2)", [2, 3]),
        ("[pias]", [4]),
        ("ral-88", [4]),
        ("electronic", [1]),
        ('12"', [2]),
        ('"mythologies | to"', [-1]),
        ("reykjavik", [1]),
        ('"signed, from"', [1]),
        ("amoeba", [2]),
        ("odd", [3]),
        ("vg+", [2]),
        ("jazz", [2, -1]),
        ("uncat", [1]),
        ("rock [x]", [3]),
        ('"rock [x]"', [3]),
        ('"[x] generic"', []),
        ("byrjun -amoeba", [3]),
        ("-byrjun", [1, 4, -1]),
        ('bjork -signed | mo 7"', [-1]),
        ("1993", []),
        ("artist:sigur title:byrjun", [2, 3]),
        ("artist:byrjun", []),
        ('title:"for you"', [4]),
        ('title:"you for"', []),
        ("label:fat", [2]),
        ("catno:tplp", [1]),
        ('format:7"', [-1]),
        ("genre:jungle style:electronic", [1]),
        ("folder:jazz", [2, -1]),
        ("folder:山", [3]),
        ("-folder:jazz", [1, 3, 4]),
        ("notes:signed", [1]),
        ("notes:amoeba", [2]),
        ("notes:odd", [3]),
        ("notes:mint", []),
        ('"käufer:":amoeba', [2]),
        ('"käufer:":signed', []),
        ("media:nm", [1]),
        ("media:m", [2]),
        ("media:near", [1]),
        ("media:mint", [1, 2]),
        ("media:m-", [1]),
        ("sleeve:vg", [1]),
        ("sleeve:VG+", [2]),
        ("sleeve:very", [1, 2]),
        ("sleeve:g", []),
        ("sleeve:generic", [3]),
        ("media:g", [-1]),
        ("-sleeve:vg", [2, 3, 4, -1]),
        ("year:1993", [1]),
        ("year:1982..1993", [1, 4]),
        ("year:1983..", [1, 2, 3]),
        ("year:..1993", [1, 4]),
        ("-year:..1993", [2, 3, -1]),
        ("rating:0", [2, -1]),
        ("rating:..2", [2, 3, -1]),
        ("rating:4..", [1, 4]),
        ("added:2024", [1, 3]),
        ("added:2024-03", [1]),
        ("added:..2024-03-31", [1, 4]),
        ("added:>2024-03", [3]),
        ("is:duplicate", [2, 3]),
        ("is:rated", [1, 3, 4]),
        ("is:unrated", [2, -1]),
        ("is:waiting", [3, -1]),
        ("-is:waiting", [1, 2, 4]),
        ("is:conflict", [2]),
        ("has:notes", [1, 2, 3]),
        ("no:notes", [4, -1]),
        ("has:media", [1, 2, -1]),
        ("no:sleeve", [4]),
        ("no:year", [-1]),
        ("no:rating", [2, -1]),
        ("no:added", [2, -1]),
        ("no:label", [3, -1]),
        ("no:folder", [1, 4]),
        ("has:folder", [2, 3, -1]),
        ("no:genre", [3, 4, -1]),
        ("-has:year", [-1]),
    ],
)
def test_filters_find_what_people_expect(text: str, ids: list[int]) -> None:
    assert found(text) == ids


def test_matches_keep_the_order_of_the_items() -> None:
    assert found("sigur | bjork | 山下", ITEMS[::-1]) == [4, 3, 2, 1]


def test_blank_notes_say_nothing() -> None:
    items = [record(1, notes={MEDIA: " ", NOTES: " \n"}), record(2, notes={MEDIA: "Mint (M)", SHOP: "", UNLISTED: "x"})]
    assert found("no:media no:notes", items, Collection.of(items, FOLDERS, FIELDS)) == [1]
    assert found("has:media has:notes", items, Collection.of(items, FOLDERS, FIELDS)) == [2]


def test_copies_are_counted_in_the_whole_collection() -> None:
    assert found("is:duplicate", ITEMS[:2]) == [2]


def test_the_folder_all_holds_nothing() -> None:
    assert found("all") == []


def test_a_dropdown_that_is_a_textarea_now_has_no_short_forms() -> None:
    collection = Collection.of(ITEMS, FOLDERS, [replace(field, options=(), lines=1) for field in FIELDS])
    assert found("sleeve:vg", collection=collection) == [1, 2]
    assert found("notes:generic", collection=collection) == [3]


@pytest.mark.parametrize(
    "text", ["[/x]", "\x1b[31m", "\u202eevil", "مرحبا", "👩\u200d🎤", "🎷", "e\u0301\u0323", "한국", "ガ", "\ud800"]
)
@pytest.mark.parametrize("place", ["title", "label", "folder", "note", "option"])
def test_hostile_text_is_found_wherever_it_is(text: str, place: str) -> None:
    note = {"note": {NOTES: f"x {text} y"}, "option": {MEDIA: text}}.get(place, {})
    item = record(1, **{place: text} if place in ("title", "label") else {}, notes=note, folder_id=JAZZ)
    folders = [Folder(JAZZ, text if place == "folder" else "Jazz")]
    fields = [Field(MEDIA, "Media", 1, options=(text, "Mint (M)")), Field(NOTES, "Notes", 2, lines=1)]
    collection = Collection.of([item, record(2, folder_id=11)], folders, fields)
    named = {"note": "notes", "option": "media"}.get(place, place)
    assert found(f'"{text}"', list(collection.items), collection) == [1]
    assert found(f'{named}:"{text}"', list(collection.items), collection) == [1]


# --- slices, and what is remembered -----------------------------------------------------------------------


def ticking() -> Callable[[], float]:
    """A clock that is a second later whenever it is looked at."""
    ticks: Iterator[int] = count()
    return lambda: next(ticks)


def steps(search: Search, seconds: float) -> int:
    number = 1
    while not search.step(seconds):
        number += 1
    return number


MANY = [
    record(
        number,
        "Blue" if number % 3 else "Red",
        f"Number {number}",
        year=1965 + number % 20 if number % 7 else 0,
        notes={SLEEVE: ("Very Good (VG)", "Very Good Plus (VG+)", "Good (G)")[number % 3]},
    )
    for number in range(1, 1001)
]
MANY_COLLECTION = Collection.of(MANY)


def test_a_search_is_cut_by_the_clock_and_shows_what_it_has() -> None:
    finder = Finder(clock=ticking(), tests_at_once=100)
    search = finder.search(query_of("red"), MANY, MANY_COLLECTION)
    assert search.step(seconds=2) is False
    assert [item.instance_id for item in search.matches] == [*range(3, 201, 3)]
    assert steps(search, seconds=2) == 4
    assert search.is_done
    assert search.matches == [item for item in MANY if item.artist == "Red"]
    assert search.step() is True


def test_a_filter_of_many_terms_is_cut_into_smaller_slices() -> None:
    many_terms = query_of(" ".join(["red"] * 50))
    search = Finder(clock=ticking(), tests_at_once=100).search(many_terms, MANY, MANY_COLLECTION)
    search.step(seconds=0)
    assert len(search.matches) == 0
    assert steps(search, seconds=0) == 499
    assert len(search.matches) == 333


def test_one_more_letter_is_looked_for_in_the_last_answer_alone() -> None:
    finder = Finder(clock=ticking(), tests_at_once=100)
    assert len(finder.search(query_of("number 99"), MANY, MANY_COLLECTION).run()) == 19
    for text, number in (("number 999", 1), ("number 999 blue", 0)):
        search = finder.search(query_of(text), MANY, MANY_COLLECTION)
        assert steps(search, seconds=0) == 1
        assert len(search.matches) == number
    wider = finder.search(query_of("number 9"), MANY, MANY_COLLECTION)
    assert steps(wider, seconds=0) == 20


@pytest.mark.parametrize(
    ("former", "after", "narrows"),
    [
        ("", "re", True),
        ("re", "", False),
        ("re", "red", True),
        ("re", "RE", True),
        ("red", "re", False),
        ("number 7", "number", False),
        ("7", '"number 7"', True),
        ("re", "re 7", True),
        ("re 7", "re", False),
        ("re", "re -7", True),
        ("-77", "-7", True),
        ("-7", "-77", False),
        ("7", "-7", False),
        ("red | 7", "red | 77", True),
        ("red | 7", "red", True),
        ("red", "red | 7", False),
        ("artist:re", "artist:red", True),
        ("artist:re", "title:red", False),
        ("sleeve:ver", "sleeve:very", True),
        ("sleeve:v", "sleeve:vg", True),
        ("sleeve:vg", "sleeve:vg+", False),
        ("sleeve:vg", "sleeve:VG", True),
        ("-sleeve:vg", "-sleeve:vg+", False),
        ("year:1970..", "year:1970..1979", True),
        ("year:1970..1979", "year:1971", True),
        ("year:1971", "year:1970..1979", False),
        ("year:1970..", "year:..1979", False),
        ("year:..1979", "rating:0", False),
        ("is:unrated year:1971", "is:unrated year:1971 red", True),
        ("is:rated", "is:unrated", False),
        ("has:year", "no:year", False),
    ],
)
def test_what_asks_for_less_is_looked_for_in_what_was_found(former: str, after: str, narrows: bool) -> None:
    collection = Collection.of(MANY, FOLDERS, FIELDS)
    finder = Finder(tests_at_once=1)
    left = len(finder.search(query_of(former), MANY, collection).run())
    assert left < len(MANY) or not former
    search = finder.search(query_of(after), MANY, collection)
    assert len(search.open_rows) == (left if narrows else len(MANY))


def test_a_changed_item_is_found_by_what_it_says_now() -> None:
    finder = Finder()
    assert finder.search(query_of("amoeba"), ITEMS, COLLECTION).run() == [ITEMS[1]]
    items = [ITEMS[0], replace(ITEMS[1], notes={NOTES: "Rough Trade"}), *ITEMS[2:]]
    collection = Collection.of(items, FOLDERS, FIELDS)
    assert finder.search(query_of("amoeba"), items, collection).run() == []
    assert finder.search(query_of("rough"), items, collection).run() == [items[1]]


def test_a_renamed_folder_is_found_by_its_new_name() -> None:
    finder = Finder()
    assert len(finder.search(query_of("jazz"), ITEMS, COLLECTION).run()) == 2
    collection = Collection.of(ITEMS, [Folder(JAZZ, "Zydeco")], FIELDS)
    assert finder.search(query_of("jazz"), ITEMS, collection).run() == []
    assert len(finder.search(query_of("zydeco"), ITEMS, collection).run()) == 2


def test_what_waits_now_is_found_although_the_items_are_the_same() -> None:
    finder = Finder()
    for waiting, number in ({3}, 2), ({1, 2, 3}, 4), (set(), 1):
        collection = Collection.of(ITEMS, FOLDERS, FIELDS, waiting=waiting)
        assert len(finder.search(query_of("is:waiting"), ITEMS, collection).run()) == number


def test_a_search_that_was_left_behind_can_be_gone_on_with() -> None:
    finder = Finder(clock=ticking(), tests_at_once=100)
    first = finder.search(query_of("number"), MANY, MANY_COLLECTION)
    first.step(seconds=0)
    second = finder.search(query_of("number 1"), MANY, MANY_COLLECTION)
    assert len(first.run()) == 1000
    assert second.run() == [item for item in MANY if "1" in item.title]


def test_items_share_the_text_of_the_same_conditions() -> None:
    items = [make_item(number, notes={1: "Mint (M)", 2: f"{number % 2}"}) for number in range(100)]
    search = Finder().search(Query(), items, Collection.of(items))
    search.run()
    assert len({id(text) for text in search.table.notes}) == 2
    assert all(text is item.search for text, item in zip(search.table.searches, items, strict=True))
