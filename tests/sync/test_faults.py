"""A reading that goes wrong at any of its requests changes nothing that was there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from discotui.errors import BadAnswer, DiscogsError, NotLoggedIn, Offline, ServerFault, TooFast
from discotui.sync.events import ReadingDone
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES
from tests.sync.rig import Rig, rig

REQUESTS = 8
"""Identity, folders, fields, two pages, the copies of what is missing, value, identity."""


def _refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def _timed_out(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too late", request=request)


FAULTS: dict[str, tuple[Callable[[httpx.Request], httpx.Response], type[DiscogsError]]] = {
    "500": (lambda _: httpx.Response(500, text='{"message": "oops"}'), ServerFault),
    "503 page": (lambda _: httpx.Response(503, html="<html>Backend fetch failed</html>"), ServerFault),
    "200 page": (lambda _: httpx.Response(200, html="<html>maintenance</html>"), BadAnswer),
    "cut JSON": (lambda _: httpx.Response(200, text='{"pagination": {"page": 1, "pa'), BadAnswer),
    "other JSON": (lambda _: httpx.Response(200, json={"folders": None, "releases": 7}), BadAnswer),
    "redirect": (lambda _: httpx.Response(302, headers={"Location": "https://example.com/"}), BadAnswer),
    "401": (lambda _: httpx.Response(401, json={"message": "You must authenticate"}), NotLoggedIn),
    "429": (lambda _: httpx.Response(429, json={"message": "too quickly"}), TooFast),
    "refused": (_refused, Offline),
    "timeout": (_timed_out, Offline),
}


def change_everything(made: Rig) -> None:
    """Whatever of this shows after a failed reading was taken over too early."""
    made.state.remove(500_006)
    made.state.move(500_001, EMPTY)
    made.state.rate(1004, 4)
    made.state.set_note(500_004, NOTES, "new")
    made.state.add(JAZZ, 1006)
    made.state.create_folder("Elsewhere")
    made.state.fields.pop(MEDIA)


def everything(made: Rig) -> object:
    library = made.library
    return (
        made.here(), made.folders_here(), library.fields(), library.value(), library.read_at(), library.waiting_items(),
        library.vanished(), library.held_loss(),
    )  # fmt: skip


def test_a_reading_takes_as_many_requests_as_these_tests_think(tmp_path: Path) -> None:
    with rig(tmp_path, items=150) as made:
        change_everything(made)
        made.server.log.clear()

        made.puller.read_whole()

        assert len(made.server.log) == REQUESTS


@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_from_any_request_on_leaves_everything_as_it_was(tmp_path: Path, fault: str, number: int) -> None:
    reply, error = FAULTS[fault]
    with rig(tmp_path, items=150) as made:
        made.library.rate([500_003], 1)
        before = everything(made)
        change_everything(made)
        made.events.clear()
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response | None:
            asked.append(request)
            return reply(request) if len(asked) >= number else None

        made.line.before_each = answer

        with pytest.raises(error):
            made.puller.read_whole()

        assert everything(made) == before
        assert not made.of(ReadingDone)
        made.restart()
        assert everything(made) == before


@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"401"}))
def test_a_single_fault_is_got_over(tmp_path: Path, fault: str, number: int) -> None:
    with rig(tmp_path, items=150) as made:
        change_everything(made)
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response | None:
            asked.append(request)
            return FAULTS[fault][0](request) if len(asked) == number else None

        made.line.before_each = answer

        made.puller.read_whole()

        assert made.here() == made.there()
        assert made.folders_here() == made.folders_there()
        assert len(made.library.fields()) == 3


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_look_leaves_everything_as_it_was(tmp_path: Path, fault: str, number: int) -> None:
    reply, error = FAULTS[fault]
    with rig(tmp_path) as made:
        before = everything(made)
        change_everything(made)
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response | None:
            asked.append(request)
            return reply(request) if len(asked) >= number else None

        made.line.before_each = answer

        with pytest.raises(error):
            made.puller.look()

        assert everything(made) == before


@pytest.mark.parametrize("fault", FAULTS)
def test_a_first_reading_that_breaks_off_goes_on_the_next_time(tmp_path: Path, fault: str) -> None:
    reply, error = FAULTS[fault]
    with rig(tmp_path, read=False, items=250) as made:
        made.line.before_each = lambda request: reply(request) if "page=2" in str(request.url.query) else None

        with pytest.raises(error):
            made.puller.read_whole()

        assert len(made.library.items()) == 100
        assert made.library.read_at() is None
        made.line.before_each = lambda _: None
        made.puller.read_whole()
        assert made.here() == made.there()
