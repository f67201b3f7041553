"""What is offered while a filter is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discotui.library.collected import Collection
from discotui.library.completing import MOST, Completer, Completion
from discotui.library.items import Field, Item
from discotui.library.matching import match
from discotui.library.parsing import parse
from tests.collection import make_item
from tests.queries import FIELDS, FOLDERS, MEDIA, NOTES, SHOP, VOCABULARY, typed

FOLK_JAZZ = "Folk, World, & Country, Jazz"
MARCH, MAY, LAST_YEAR = (f"{month}-05T10:00:00-08:00" for month in ("2024-03", "2024-05", "2023-03"))
ITEMS = [
    make_item(1, artist="Björk", label="Blue Note, Verve", format='2×LP, Album + 7", Single', genre=FOLK_JAZZ,
              year=1971, rating=4, added=MARCH, notes={MEDIA: "Near Mint (NM or M-)", SHOP: "Amoeba"}),
    make_item(2, artist="Art Blakey", label="Blue Note", format="LP + LP", genre="Jazz, Hard Bop", year=1958,
              added=MAY, notes={MEDIA: "Very Good Plus (VG+)", SHOP: "Amoeba"}),
    make_item(3, artist="Art Blakey", label='True "Blue"', format="CD", genre="Jazz", year=1971,
              added=LAST_YEAR, notes={MEDIA: "worn out", NOTES: "x" * 41, SHOP: "a | b"}),
    make_item(4, artist="\x1b[31m", label="evil\u202e", format="", genre="", year=0, folder_id=11,
              added="", notes=None),
]  # fmt: skip
COMPLETER = Completer(Collection.of(ITEMS, FOLDERS, FIELDS))


def offers(text: str, *, completer: Completer = COMPLETER) -> list[str]:
    """What is offered at the "^" in a text."""
    return [offer.text for offer in completer.complete(text.replace("^", ""), text.index("^"))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("art^", ["artist:"]),
        ("-ye^", ["year:"]),
        ("blue ra^", ["rating:"]),
        ("med^", ["media:"]),
        ("Med^", ["media:"]),
        ("kau^", ['"kaufer:":']),
        ("i^", ["is:"]),
        ("dup^", ["is:duplicate"]),
        ("catalogue^", ["catno:"]),
        ("cond^", ["media:", "sleeve:"]),
        ("is:^", ["duplicate", "pressing", "unrated", "rated", "waiting", "conflict"]),
        ("is:w^", ["waiting"]),
        ("has:sl^", ["sleeve"]),
        ("no:kau^", ["kaufer:"]),
        ("label:^", ['"Blue Note"', '"True ""Blue"""', "Verve"]),
        ("label:blue^", ['"Blue Note"', '"True ""Blue"""']),
        ('label:"blue n^', ['"Blue Note"']),
        ('label:"true ""bl^', ['"True ""Blue"""']),
        ("artist:^", ['"Art Blakey"', "Björk"]),
        ("artist:bj^", ["Björk"]),
        ("format:^", ["LP", '7"', "Album", "CD", "Single"]),
        ("genre:^", ["Jazz", '"Folk, World, & Country"', '"Hard Bop"']),
        ("style:hard^", ['"Hard Bop"']),
        ("folder:^", ["Jazz", '"山 & Björk [x]"', "Uncategorized"]),
        ("media:^", ["NM", "VG+", '"worn out"', "G", "G+", "M", "VG"]),
        ("media:v^", ["VG+", "VG"]),
        ("media:near^", ["NM"]),
        ("media:>=^", ["NM", "VG+", "G", "G+", "M", "VG"]),
        ("media:g..v^", ["VG+", "VG"]),
        ('"käufer:":^', ["Amoeba", '"a | b"']),
        ("year:^", ["1971", "1958"]),
        ("year:195^", ["1958"]),
        ("year:1950..19^", ["1971", "1958"]),
        ("year:>=195^", ["1958"]),
        ("rating:^", ["0", "4"]),
        ("added:^", ["2024", "2023", "2023-03", "2024-03", "2024-05"]),
        ("added:2024-^", ["2024-03", "2024-05"]),
    ],
)
def test_what_fits_is_offered_commonest_first(text: str, first: list[str]) -> None:
    assert offers(text)[: len(first)] == first


@pytest.mark.parametrize("text", ["label:^", "media:v^", "is:^", "has:sl^", "added:2024-^", "dup^", '"käufer:":^'])
def test_nothing_else_is_offered(text: str) -> None:
    expected = {"label:^": 3, "media:v^": 2, "is:^": 6, "has:sl^": 1, "added:2024-^": 2, "dup^": 1, '"käufer:":^': 2}
    assert len(offers(text)) == expected[text]


@pytest.mark.parametrize("text", ["^", "blue ^", "a | ^", "-^"])
def test_where_nothing_stands_yet_all_names_are_offered(text: str) -> None:
    assert offers(text)[:3] == ["artist:", "title:", "label:"]
    assert offers(text)[-3:] == ["is:", "has:", "no:"]


@pytest.mark.parametrize("text", ["^-a", '"art^', "title:^", "catno:a^", "notes:^", "foo:^", "label:zzz^"])
def test_where_nothing_can_be_offered_nothing_is(text: str) -> None:
    assert offers(text) == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("blue art^ x", "blue artist: x"),
        ("-art^", "-artist:"),
        ("art^xyz", "artist:"),
        ("art^:blue", "artist:blue"),
        ('"med^ia condition":x', "media:x"),
        ("label:blue^ x", 'label:"Blue Note" x'),
        ('label:"blue n^ote" x', 'label:"Blue Note" x'),
        ('label:"blue n^', 'label:"Blue Note"'),
        ("-media:near^", "-media:NM"),
        ("year:1960..197^", "year:1960..1971"),
        ("year:>=197^", "year:>=1971"),
        ("a|folder:^|b", "a|folder:Jazz|b"),
    ],
)
def test_what_is_offered_takes_the_place_of_what_was_typed(text: str, after: str) -> None:
    plain = text.replace("^", "")
    offer = COMPLETER.complete(plain, text.index("^"))[0]
    assert plain[: offer.start] + offer.text + plain[offer.end :] == after


def test_an_offer_tells_what_it_means_and_how_common_it_is() -> None:
    assert COMPLETER.complete("media:nm", 8) == [Completion(6, 8, "NM", "Near Mint (NM or M-)", 1)]
    assert COMPLETER.complete("sleev", 5)[0] == Completion(0, 5, "sleeve:", "Sleeve Condition")
    assert COMPLETER.complete("format:lp", 9) == [Completion(7, 9, "LP", "", 2)]
    assert COMPLETER.complete("folder:jazz", 11) == [Completion(7, 11, "Jazz", "", 3)]


def test_values_that_differ_by_a_line_end_alone_are_offered_once_and_counted_together() -> None:
    notes = ["Very Good Plus (VG+)"] * 2 + ["Very Good (VG)"] + ["Very Good Plus (VG+)\n"] * 3
    items = [replace(ITEMS[0], instance_id=number, notes={MEDIA: note}) for number, note in enumerate(notes, 1)]
    completer = Completer(Collection.of(items, FOLDERS, FIELDS))
    offered = [(each.text, each.count) for each in completer.complete("media:", 6) if each.count]
    assert offered == [("VG+", 5), ("VG", 1)]


@pytest.mark.parametrize("name", ["artist", "label", "format", "genre", "folder", "year", "rating", "added", "media"])
def test_what_is_offered_finds_the_items_that_have_it(name: str) -> None:
    collection = Collection.of(ITEMS, FOLDERS, FIELDS)
    for offer in COMPLETER.complete(f"{name}:", len(name) + 1):
        query = parse(f"{name}:{offer.text}", VOCABULARY).query
        assert query is not None
        assert len(match(query, ITEMS, collection)) >= offer.count


@given(typed, st.data())
@settings(deadline=None)
def test_wherever_the_cursor_is_what_is_offered_stands_around_it(text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    for offer in COMPLETER.complete(text, cursor):
        assert 0 <= offer.start <= cursor <= offer.end <= len(text)
        assert offer.text.isprintable()


def test_no_more_are_offered_than_anybody_reads() -> None:
    items: list[Item] = [make_item(number, label=f"Label {number % 200:03}") for number in range(1000)]
    completer = Completer(Collection.of(items))
    assert len(offers("label:l^", completer=completer)) == MOST
    assert len(offers("label:abel^", completer=completer)) == MOST
    assert offers("label:199^", completer=completer) == ['"Label 199"']


def test_what_no_terminal_should_get_is_not_offered() -> None:
    for field in ("artist", "label"):
        assert all(text.isprintable() for text in offers(f"{field}:^"))
    assert len(offers("artist:^")) == 2
    hostile = Completer(Collection.of([], fields=[Field(1, "\x1b[31m"), Field(2, "\u202evil")]))
    assert all(text.isprintable() for text in (*offers("^", completer=hostile), *offers("has:^", completer=hostile)))
