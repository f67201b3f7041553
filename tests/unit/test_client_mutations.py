"""Thousands of broken answers to every call of the client: each is read, or is one error of the tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.errors import DiscogsError
from tests.demo_data import EMPTY, JAZZ, NOTES, OWNER, TOKEN, small_server
from tests.mutations import Mutator
from tests.recorded import recorded
from tests.unit.stub import Stub, client_of
from tests.virtual import VirtualClock

Call = Callable[[DiscogsClient], object]

FROM_THE_DEMO = 2400
FROM_RECORDED = 400

READING: dict[str, Call] = {
    "identity": lambda client: client.identity(),
    "folders": lambda client: client.folders(OWNER),
    "folder": lambda client: client.folder(OWNER, JAZZ),
    "fields": lambda client: client.fields(OWNER),
    "value": lambda client: client.value(OWNER),
    "items": lambda client: client.items(OWNER, 0),
    "instances": lambda client: client.instances(OWNER, 1001),
    "release": lambda client: client.release(1001),
    "search": lambda client: client.search("blue"),
}
WRITING: dict[str, Call] = {
    "create_folder": lambda client: client.create_folder(OWNER, "Bop"),
    "rename_folder": lambda client: client.rename_folder(OWNER, EMPTY, "Bop"),
    "delete_folder": lambda client: client.delete_folder(OWNER, EMPTY),
    "add": lambda client: client.add(OWNER, JAZZ, 1006),
    "rate": lambda client: client.rate(OWNER, JAZZ, 1001, 500_001, 2),
    "move": lambda client: client.move(OWNER, JAZZ, 1001, 500_001, EMPTY),
    "remove": lambda client: client.remove(OWNER, JAZZ, 1001, 500_001),
    "set_field": lambda client: client.set_field(OWNER, JAZZ, 1001, 500_001, NOTES, "typed"),
}
RECORDED: dict[str, Call] = {
    "collection-2023-page1-of-48.json": lambda client: client.items("brotherlogic", 0),
    "collection-31.json": lambda client: client.items("somebody", 0),
    "items-by-release-550078.json": lambda client: client.instances("brotherlogic", 550078),
    "folders-2023.json": lambda client: client.folders("brotherlogic"),
    "fields-2023.json": lambda client: client.fields("brotherlogic"),
    "release-372000.json": lambda client: client.release(372000),
    "search.json": lambda client: client.search("x"),
    "identity.json": lambda client: client.identity(),
    "value.json": lambda client: client.value("x"),
    "create-folder.json": lambda client: client.create_folder("x", "TestFolder"),
    "add-release.json": lambda client: client.add("x", 812802, 10),
}


class Keeping(httpx.BaseTransport):
    """The way to a demo server, on which the last answer is kept."""

    def __init__(self) -> None:
        self._inner = httpx.WSGITransport(app=small_server())
        self.kept: tuple[int, bytes] = (0, b"")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        self.kept = (response.status_code, response.read())
        return httpx.Response(self.kept[0], content=self.kept[1])


def good_answer(call: Call) -> tuple[int, bytes]:
    """What the demo answers to a call: the status and the body."""
    line = Keeping()
    clock = VirtualClock()
    call(DiscogsClient(Token(TOKEN), transport=line, throttle=Throttle(1000, clock=clock, wait=clock.wait)))
    return line.kept


def outcome(call: Call, mutator: Mutator, status: int, body: bytes, *, is_writing: bool) -> str:
    """What comes of one broken answer: "read" or the name of the error."""
    mutant = mutator.mutant(status, body)
    told: DiscogsError | None = None
    try:
        call(client_of(Stub(lambda _request: mutant.response())))
    except DiscogsError as error:
        told = error
    except Exception as error:  # what is not of the tree is what this test is for
        raise AssertionError(f"{mutant.done}: {mutant.body[:500]!r}") from error
    if told is None:
        return "read"
    assert told.may_have_happened or not is_writing or 400 <= mutant.status < 500, (mutant.done, told)
    return type(told).__name__


def through(calls: dict[str, Call], count: int, answer_to: Callable[[str], tuple[int, bytes]], seed: int) -> set[str]:
    """Break answers to all calls in turn, so many in all. Returns every outcome there was."""
    mutator = Mutator(seed, numbers=(JAZZ, EMPTY, 500_001, 500_003, 1002))
    good = {name: answer_to(name) for name in calls}
    names = list(calls)
    return {
        outcome(calls[name], mutator, *good[name], is_writing=name in WRITING)
        for name in (names[number % len(names)] for number in range(count))
    }


def test_a_broken_answer_to_any_call_is_read_or_told() -> None:
    outcomes = through(READING | WRITING, FROM_THE_DEMO, lambda name: good_answer((READING | WRITING)[name]), seed=1)
    assert outcomes >= {
        "read",
        "BadAnswer",
        "NotLoggedIn",
        "Forbidden",
        "NotFound",
        "Refused",
        "TooFast",
        "ServerFault",
    }
    print(f"{FROM_THE_DEMO} broken answers of the demo")


def test_a_broken_answer_of_discogs_itself_is_read_or_told() -> None:
    outcomes = through(RECORDED, FROM_RECORDED, lambda name: (200, recorded(name)), seed=2)
    assert outcomes >= {"read", "BadAnswer"}
    print(f"{FROM_RECORDED} broken answers of Discogs")


@pytest.mark.parametrize("call", [*READING.values(), *WRITING.values()], ids=[*READING, *WRITING])
def test_the_answers_that_are_broken_were_good(call: Call) -> None:
    status, body = good_answer(call)
    reply: Any = httpx.Response(status, content=body)
    call(client_of(Stub(lambda _request: reply)))
