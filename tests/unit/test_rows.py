"""Items made of rows by the thousand are the same as items made one by one."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, astuple, replace

import pytest

from discotui.library.items import NO_NOTES, Item
from discotui.library.rows import items_from_rows
from tests.collection import ITEMS, make_item


def row(item: Item) -> list[object]:
    values = [getattr(item, name) for name in Item.__slots__]
    values[13] = None if item.notes is None else json.dumps(dict(item.notes))
    return values


STRANGE = make_item(9, notes=None, artist="", title="浮世 \x1b[31m", master_id=7, cover="https://x/y.jpg")


def test_they_are_equal_attribute_by_attribute() -> None:
    items = [*ITEMS, STRANGE]
    made = items_from_rows(map(row, items))
    assert made == items
    assert [astuple(replace(item, notes=None)) for item in made] == [
        astuple(replace(item, notes=None)) for item in items
    ]
    assert made[-1].cover == STRANGE.cover


def test_they_are_items_in_every_respect() -> None:
    (made,) = items_from_rows([row(ITEMS[1])])
    assert type(made) is Item
    assert made.notes is NO_NOTES
    assert replace(made, rating=5).rating == 5
    with pytest.raises(FrozenInstanceError):
        made.rating = 5  # type: ignore[misc]
    assert not hasattr(made, "__dict__")


@pytest.mark.parametrize(
    ("notes", "error"),
    [
        ('{"1": "a"} x', ValueError),
        ('{"1": "a"', ValueError),
        ("", ValueError),
        ('{"one": "a"}', ValueError),
        ("[]", AttributeError),
        ("7", AttributeError),
        (b"{}", TypeError),
        (7, TypeError),
    ],
)
def test_notes_that_cannot_be_understood_are_an_error(notes: object, error: type[Exception]) -> None:
    values = row(ITEMS[0])
    values[13] = notes
    with pytest.raises(error):
        items_from_rows([row(ITEMS[1]), values])
