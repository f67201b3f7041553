"""Limits that the server tells are kept, and a 429 is waited out where everybody can see it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import TOO_FAST, Throttle
from discotui.errors import Interrupted, TooFast
from tests.unit.stub import SECRET, Stub, answer, client_of
from tests.virtual import VirtualClock

FOLDER = {"id": 7, "name": "Jazz", "count": 3}
TOLD = {"message": "You are making requests too quickly."}


def too_fast(headers: Mapping[str, str] | None = None) -> httpx.Response:
    return answer(429, TOLD, dict(headers or {}))


def waits(*replies: httpx.Response) -> list[float]:
    clock = VirtualClock()
    client_of(Stub(*replies, answer(200, FOLDER)), clock).folder("me", 7)
    return clock.waited


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7), ("0", 1), ("299", 299), ("86400", 300), ("999999999", 300), (" 12 ", 12)]
)
def test_a_429_is_waited_out_for_as_long_as_asked(asked: str, waited: float) -> None:
    assert waits(too_fast({"Retry-After": asked})) == [waited]


@pytest.mark.parametrize("asked", [None, "", "soon", "-5", "nan", "1e3", "9" * 5000, "٣"])
def test_a_429_that_does_not_say_how_long_is_waited_out_for_longer_each_time(asked: str | None) -> None:
    headers = {} if asked is None or not asked.isascii() else {"Retry-After": asked}
    assert waits(too_fast(headers)) == [10]
    assert waits(*[too_fast(headers)] * 5) == [10, 20, 40, 60, 60]


def test_a_429_may_name_a_time_by_the_servers_clock() -> None:
    server = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
    headers = {
        "Date": format_datetime(server, usegmt=True),
        "Retry-After": format_datetime(server + timedelta(seconds=42), usegmt=True),
    }
    assert waits(too_fast(headers)) == [42]


def test_a_time_in_the_past_is_a_short_wait() -> None:
    assert waits(too_fast({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})) == [1]


def test_after_five_waits_it_is_told() -> None:
    clock = VirtualClock()
    stub = Stub(too_fast({"Retry-After": "30"}))
    with pytest.raises(TooFast) as caught:
        client_of(stub, clock).add("me", 7, 10)
    assert clock.waited == [30] * 5
    assert len(stub.requests) == 6
    assert caught.value.retry_after == 30
    assert caught.value.message == TOLD["message"]


def test_after_giving_up_the_next_call_still_waits_as_asked() -> None:
    clock = VirtualClock()
    client = client_of(Stub(*[too_fast({"Retry-After": "30"})] * 6, answer(200, FOLDER)), clock)
    with pytest.raises(TooFast):
        client.folder("me", 7)
    client.folder("me", 7)
    assert clock.waited == [30] * 6


def test_a_429_is_shown_while_it_lasts() -> None:
    clock = VirtualClock()
    told: list[tuple[float, str]] = []
    throttle = Throttle(clock=clock, wait=clock.wait, on_wait=lambda *wait: told.append(wait))
    stub = Stub(too_fast({"Retry-After": "30"}), too_fast(), answer(200, FOLDER))
    DiscogsClient(Token(SECRET), transport=stub, throttle=throttle).folder("me", 7)
    assert told == [(30, TOO_FAST), (20, TOO_FAST)]


def test_a_429_that_is_waited_out_can_be_interrupted() -> None:
    # On the real clock: the 300 seconds would be felt if stopping did not end them.
    stub = Stub(too_fast({"Retry-After": "300"}))
    throttle = Throttle()
    client = DiscogsClient(Token(SECRET), transport=stub, throttle=throttle)
    throttle.on_wait = lambda _seconds, _reason: client.stop()
    with pytest.raises(Interrupted):
        client.rate("me", 7, 10, 20, 5)
    assert len(stub.requests) == 1


def test_the_pace_follows_the_limit_that_answers_tell() -> None:
    headers = {"X-Discogs-Ratelimit": "25", "X-Discogs-Ratelimit-Used": "1", "X-Discogs-Ratelimit-Remaining": "24"}
    client = client_of(Stub(answer(200, FOLDER, headers)))
    assert client.throttle.left == 54
    client.folder("me", 7)
    assert client.throttle.left == 21


def test_an_owner_whose_answers_tell_the_limit_of_strangers_looks_like_one() -> None:
    limits = iter(["60", "25", None, "60"])

    def serve(_request: httpx.Request) -> httpx.Response:
        limit = next(limits)
        return answer(200, FOLDER, {"X-Discogs-Ratelimit": limit} if limit else {})

    client = client_of(Stub(serve))
    seen = []
    for _ in range(4):
        client.folder("me", 7)
        seen.append(client.looks_like_stranger)
    assert seen == [False, True, True, False]


def test_who_has_no_token_does_not_merely_look_like_a_stranger() -> None:
    client = client_of(Stub(answer(200, FOLDER, {"X-Discogs-Ratelimit": "25"})), secret=None)
    client.folder("me", 7)
    assert client.throttle.limit == 25
    assert not client.looks_like_stranger


@pytest.mark.parametrize("odd", ["", "-1", "many", "6" * 400, "1.5", "0"])
def test_odd_limits_are_ignored(odd: str) -> None:
    client = client_of(Stub(answer(200, FOLDER, {"X-Discogs-Ratelimit": odd})))
    client.folder("me", 7)
    assert client.throttle.left == 53


def test_a_long_run_against_a_counting_server_never_meets_its_limit() -> None:
    clock = VirtualClock()
    arrivals: list[float] = []
    refusals = []

    def serve(_request: httpx.Request) -> httpx.Response:
        clock.now += 0.2
        arrivals.append(clock.now)
        used = sum(moment > clock.now - 60 for moment in arrivals)
        headers = {"X-Discogs-Ratelimit": "60", "X-Discogs-Ratelimit-Used": str(used)}
        clock.now += 0.1
        if used > 60:
            refusals.append(clock.now)
            return answer(429, TOLD, headers)
        return answer(200, FOLDER, headers)

    client = client_of(Stub(serve), clock)
    begun = clock.now
    for number in range(540):
        client.folder("me", 7, background=number % 3 == 0)
    assert refusals == []
    assert clock.now - begun < 12 * 60
