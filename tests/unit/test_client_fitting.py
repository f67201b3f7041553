"""An answer that can be read and yet is not the one to this question, or contradicts itself, is a bad answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from discotui.discogs.client import DiscogsClient
from discotui.errors import BadAnswer
from tests.unit.stub import Stub, answer, client_of

Call = Callable[[DiscogsClient], object]

ALL = {"id": 0, "name": "All", "count": 3}
JAZZ = {"id": 7, "name": "Jazz", "count": 3}


def row(instance_id: int, release_id: int = 10) -> dict[str, Any]:
    return {"id": release_id, "instance_id": instance_id, "rating": 0, "basic_information": {"title": "Blue Train"}}


def page(rows: list[dict[str, Any]], **changes: int) -> dict[str, Any]:
    whole = {"page": 1, "pages": 1, "per_page": 100, "items": len(rows)}
    return {"pagination": whole | changes, "releases": rows}


def error_of(call: Call, body: object) -> BadAnswer:
    with pytest.raises(BadAnswer) as caught:
        call(client_of(Stub(answer(200, body))))
    return caught.value


THREE = [row(1), row(2), row(3)]


@pytest.mark.parametrize(
    "body",
    [
        page(THREE, page=2),
        page(THREE, page=0),
        page(THREE, pages=2),
        page(THREE, pages=0),
        page(THREE, items=4),
        page(THREE, items=2),
        page(THREE, items=0),
        page(THREE, per_page=2),
        page(THREE, per_page=2, pages=2),
        page(THREE, per_page=0),
        page([], items=3),
        page([], per_page=0),
        page([row(1), row(2), row(2)]),
        [],
        THREE,
        page(THREE) | {"releases": []},
    ],
    ids=str,
)
def test_a_page_that_is_another_one_or_not_whole_tells_nothing(body: object) -> None:
    error_of(lambda client: client.items("me", 0), body)
    error_of(lambda client: client.instances("me", 10), body)


@pytest.mark.parametrize(
    ("number", "body"),
    [
        (1, page([])),
        (1, page([], pages=0)),
        (1, page(THREE)),
        (1, page(THREE, per_page=3)),
        (1, page(THREE, per_page=3, pages=2, items=4)),
        (2, page([row(4)], page=2, per_page=3, pages=2, items=4)),
    ],
    ids=str,
)
def test_a_page_that_holds_what_it_says_is_read(number: int, body: dict[str, Any]) -> None:
    read = client_of(Stub(answer(200, body))).items("me", 0, page=number)
    assert len(read.releases) == len(body["releases"])


def test_copies_of_another_release_are_none_of_this_one() -> None:
    error_of(lambda client: client.instances("me", 10), page([row(1), row(2, release_id=11)]))


def test_copies_that_come_and_go_between_the_pages_are_not_told_in_part() -> None:
    first = page([row(number) for number in range(1, 101)], pages=2, items=101)
    second = page([row(100)], page=2, pages=2, items=101)
    with pytest.raises(BadAnswer):
        client_of(Stub(answer(200, first), answer(200, second))).instances("me", 10)


@pytest.mark.parametrize("folders", [[], [JAZZ], [ALL, JAZZ, JAZZ], [ALL, ALL]], ids=str)
def test_a_list_of_folders_has_all_in_it_and_none_twice(folders: list[dict[str, Any]]) -> None:
    error_of(lambda client: client.folders("me"), {"folders": folders})


def test_no_field_is_there_twice() -> None:
    field = {"id": 3, "name": "Notes", "type": "textarea"}
    error_of(lambda client: client.fields("me"), {"fields": [field, field]})


def test_another_folder_is_not_the_one_asked_for() -> None:
    assert not error_of(lambda client: client.folder("me", 8), JAZZ).may_have_happened
    assert error_of(lambda client: client.rename_folder("me", 8, "Bop"), JAZZ).may_have_happened


@pytest.mark.parametrize("number", [0, 1])
def test_a_new_folder_is_none_of_those_that_are_always_there(number: int) -> None:
    assert error_of(lambda client: client.create_folder("me", "Bop"), JAZZ | {"id": number}).may_have_happened
