"""The orders in which a collection can be shown."""

from __future__ import annotations

import pytest

from discotui.library.items import Item
from discotui.library.sorting import SORT_KEYS, Sorter
from tests.collection import JAZZ, ROCK, make_item


def ids(items: list[Item], key: str, *, descending: bool = False, folders: dict[int, str] | None = None) -> list[int]:
    return [item.instance_id for item in Sorter().sort(items, key, descending=descending, folders=folders or {})]


def test_catalogue_numbers_stand_in_natural_order() -> None:
    items = [make_item(1, catno="BLP 4195"), make_item(2, catno="BLP 4003"), make_item(3, catno="BLP 595")]
    assert ids(items, "catno") == [3, 2, 1]


def test_artists_are_filed_without_article_accent_or_case() -> None:
    items = [make_item(1, artist="The Zombies"), make_item(2, artist="björk"), make_item(3, artist="Cecil Taylor")]
    assert ids(items, "artist") == [2, 3, 1]


@pytest.mark.parametrize(
    ("key", "empty"),
    [
        ("artist", {"artist": ""}),
        ("title", {"title": ""}),
        ("label", {"label": ""}),
        ("catno", {"catno": ""}),
        ("format", {"format": ""}),
        ("year", {"year": 0}),
        ("added", {"added": ""}),
    ],
)
def test_what_is_empty_stands_last_in_both_directions(key: str, empty: dict[str, object]) -> None:
    items = [make_item(1, **empty), make_item(2), make_item(3)]  # type: ignore[arg-type]
    assert ids(items, key)[-1] == 1
    assert ids(items, key, descending=True)[-1] == 1


def test_unrated_items_stand_last_in_both_directions() -> None:
    items = [make_item(1, rating=0), make_item(2, rating=1), make_item(3, rating=5)]
    assert ids(items, "rating") == [2, 3, 1]
    assert ids(items, "rating", descending=True) == [3, 2, 1]


def test_equal_items_stand_by_artist_in_both_directions() -> None:
    items = [
        make_item(1, artist="Coltrane", year=1970),
        make_item(2, artist="Ayler", year=1970),
        make_item(3, artist="Sanders", year=1969),
    ]
    assert ids(items, "year") == [3, 2, 1]
    assert ids(items, "year", descending=True) == [2, 1, 3]


def test_items_equal_in_everything_stand_in_the_order_of_their_addition() -> None:
    items = [make_item(number, release_id=7) for number in (3, 1, 2)]
    for key in SORT_KEYS:
        assert ids(items, key, folders={JAZZ: "Jazz"}) == [1, 2, 3]
        assert ids(items, key, descending=True, folders={JAZZ: "Jazz"}) == [1, 2, 3]


def test_the_order_by_folder_follows_a_renaming() -> None:
    sorter = Sorter()
    items = [make_item(1, folder_id=JAZZ), make_item(2, folder_id=ROCK)]

    def order(folders: dict[int, str]) -> list[int]:
        return [item.instance_id for item in sorter.sort(items, "folder", descending=False, folders=folders)]

    assert order({JAZZ: "Jazz", ROCK: "Rock"}) == [1, 2]
    assert order({JAZZ: "Zydeco", ROCK: "Rock"}) == [2, 1]


def test_a_changed_item_is_sorted_by_its_new_value() -> None:
    sorter = Sorter()
    sorter.sort([make_item(1, rating=1), make_item(2, rating=3)], "rating", descending=False, folders={})
    again = sorter.sort([make_item(1, rating=5), make_item(2, rating=3)], "rating", descending=False, folders={})
    assert [item.instance_id for item in again] == [2, 1]


def test_hostile_texts_have_a_place_too() -> None:
    texts = ["[bold]", "\x1b[31m", "مرحبا", "株式会社", "🎷", "9" * 5000, "a\u0301", "١٢"]
    items = [
        make_item(number, artist=text, title=text, label=text, catno=text, format=text)
        for number, text in enumerate(texts, start=1)
    ]
    for key in SORT_KEYS:
        assert sorted(ids(items, key)) == list(range(1, len(texts) + 1))
