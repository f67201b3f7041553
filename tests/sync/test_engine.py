"""The two threads: they drain the outbox, wait out trouble, and end when told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from discotui.credentials import Token
from discotui.demo.server import DemoServer
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import WINDOW, Throttle
from discotui.errors import LibraryUnwritable, NotLoggedIn, Offline
from discotui.library.edits import SetRating
from discotui.library.library import Library
from discotui.sync.engine import Engine
from discotui.sync.events import (
    Broken,
    Declined,
    Drained,
    Event,
    Reached,
    ReadingDone,
    ReadingFailed,
    ReadingStarted,
    SendingHeld,
    Sent,
)
from discotui.sync.forecast import ANSWER_SECONDS
from tests.collection import reading_of
from tests.demo_data import JAZZ, NOTES, ODD, OWNER, TOKEN, small_state
from tests.sync.rig import Line

LONG = 10.0
"""Seconds after which something that should happen is taken never to happen."""


class Running:
    """An engine with its threads."""

    def __init__(self, path: Path, server: DemoServer, *, own: bool = True) -> None:
        self.server = server
        self.line = Line(server)
        self.client = DiscogsClient(
            Token(TOKEN) if own else None, transport=self.line, throttle=Throttle(100_000)
        )  # fmt: skip
        self.library = Library(path)
        self.events: list[Event] = []
        self._heard = threading.Condition()
        self.engine = Engine(self.library, self.client, OWNER, own=own, report=self._hear)
        self.threads = [
            threading.Thread(target=self.engine.run_puller, daemon=True),
            threading.Thread(target=self.engine.run_sender, daemon=True),
        ]

    def _hear(self, event: Event) -> None:
        with self._heard:
            self.events.append(event)
            self._heard.notify_all()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for something that an event brings about."""
        with self._heard:
            assert self._heard.wait_for(condition, LONG), self.events

    def count(self, kind: type[Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)

    def drained(self) -> bool:
        return self.library.waiting_count() == 0

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def end(self) -> bool:
        """Stop; whether both threads ended."""
        self.engine.stop()
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(LONG)
        return not any(thread.is_alive() for thread in self.threads)


@pytest.fixture
def server() -> DemoServer:
    return DemoServer(small_state(), token=TOKEN, rate_limit=100_000)


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.sync.engine.SECONDS_BETWEEN_TRIES", (0.01,))
    monkeypatch.setattr("discotui.sync.pull.PAUSES_BEFORE_ASKING_AGAIN", (0.0,))
    monkeypatch.setattr("discotui.sync.push.SECONDS_BEFORE_CHECKING", 0.0)
    monkeypatch.setattr("discotui.sync.push.SECONDS_BETWEEN_CHECKS", 0.0)
    monkeypatch.setattr("discotui.library.outbox.REMOVAL_REST_SECONDS", 0.0)


@contextmanager
def running(path: Path, server: DemoServer, *, own: bool = True) -> Iterator[Running]:
    made = Running(path / "library.sqlite", server, own=own)
    try:
        yield made
    finally:
        ended = made.end()
        made.client.close()
        made.library.close()
        assert ended


def dead(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network", request=request)


def test_it_reads_at_once_and_sends_what_is_edited(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)

        made.library.rate([500_003], 5)
        made.library.remove([500_006])
        made.wait(made.drained)

        assert server.state.rating(1002) == 5
        assert 500_006 not in server.state.instances


def test_what_was_edited_offline_is_sent_when_the_network_is_back(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
    with running(tmp_path, server) as made:
        made.line.before_each = dead
        made.library.rate([500_003], 5)
        made.library.set_notes([500_004], {NOTES: "offline"})
        made.library.move([500_006], ODD)
        made.start()
        made.wait(lambda: made.count(SendingHeld) > 1 and made.count(ReadingFailed) > 1)
        assert made.library.waiting_count() == 3

        made.line.before_each = lambda _: None
        made.wait(lambda: made.drained() and made.count(Reached) > 0 and made.count(ReadingDone) > 0)

        assert server.state.rating(1002) == 5
        assert server.state.instance(500_004).notes == {NOTES: "offline"}
        assert server.state.instance(500_006).folder_id == ODD
        assert len([entry for entry in server.log if entry.method == "POST"]) == 3
        held = [event.error for event in made.events if isinstance(event, SendingHeld)]
        assert all(isinstance(error, Offline) for error in held)


def test_a_first_start_offline_reads_when_the_network_is_back(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.line.before_each = dead
        made.start()
        made.wait(lambda: made.count(ReadingFailed) > 2)

        made.line.before_each = lambda _: None
        made.wait(lambda: made.count(ReadingDone) == 1)

        assert len(made.library.items()) == 6


def test_a_revoked_token_is_not_tried_again_and_again(tmp_path: Path, server: DemoServer) -> None:
    account = server._accounts[server.token]
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        server.revoke_token()
        made.library.rate([500_003], 5)
        made.wait(lambda: made.count(SendingHeld) == 1)
        made.library.set_notes([500_004], {NOTES: "kept"})
        made.wait(lambda: made.count(SendingHeld) == 2)
        assert made.library.waiting_count() == 2
        # An edit that is seen before it is heard of is tried once more.
        assert made.count(SendingHeld) <= 4

        server._accounts[server.token] = account
        made.engine.read_again()
        made.wait(made.drained)

        assert server.state.rating(1002) == 5
        assert server.state.instance(500_004).notes == {NOTES: "kept"}


def test_a_reading_without_a_login_waits_to_be_asked(tmp_path: Path, server: DemoServer) -> None:
    account = server._accounts[server.token]
    server.revoke_token()
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingFailed) == 1)
        assert isinstance(made.events[-1], ReadingFailed)
        assert isinstance(made.events[-1].error, NotLoggedIn)

        server._accounts[server.token] = account
        made.engine.read_again()
        made.wait(lambda: made.count(ReadingDone) == 1)


def test_a_missing_network_after_a_missing_login_is_tried_again(tmp_path: Path, server: DemoServer) -> None:
    account = server._accounts[server.token]
    server.revoke_token()
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingFailed) == 1)
        server._accounts[server.token] = account
        made.line.before_each = dead
        made.engine.read_again()
        made.wait(lambda: made.count(ReadingFailed) > 3)

        made.line.before_each = lambda _: None
        made.wait(lambda: made.count(ReadingDone) == 1)


def test_a_whole_reading_that_failed_stays_wanted(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        server.state.rate(1002, 1)
        made.line.before_each = dead
        made.engine.read_again()
        made.wait(lambda: made.count(ReadingFailed) > 0)
        made.line.before_each = lambda _: None

        # A rating changes no count: a look would not notice.
        made.wait(lambda: made.count(ReadingDone) == 2)

        assert made.events.count(ReadingDone(whole=True, vanished=0, read=6)) == 2
        item = made.library.item(500_003)
        assert item is not None
        assert item.rating == 1


def test_a_fresh_copy_is_only_looked_at(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)

        assert made.events[0] == ReadingStarted(whole=False)
        assert ReadingDone(whole=False, vanished=0) in made.events


def test_a_copy_from_the_future_is_read_anew(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        with made.library._core.kept():
            made.library._core.set_meta(pulled_at=9e9)
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)

        assert made.events[0] == ReadingStarted(whole=True)


def test_what_a_reading_would_miss_is_read_after_a_decline(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        server.state.remove(500_003)

        made.library.rate([500_003], 5)
        made.wait(lambda: made.count(ReadingDone) == 2)

        assert made.library.item(500_003) is None


@pytest.mark.parametrize("asked_to_leave", [False, True])
def test_both_threads_end_even_while_discogs_makes_us_wait(
    tmp_path: Path, server: DemoServer, asked_to_leave: bool
) -> None:
    waits = threading.Event()
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        made.client.throttle.on_wait = lambda seconds, reason: waits.set()
        server.fail_next(429, "{}", headers={"Retry-After": "300"}, times=100)
        made.library.rate([500_003], 5)
        made.engine.read_again()
        assert waits.wait(LONG)

        assert made.engine.leave(LONG) if asked_to_leave else made.end()

        assert made.library.waiting_count() == 1
        assert made.count(Broken) == 0


def test_the_way_is_told_when_all_that_can_be_sent_has_been(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        made.engine.hold_sending()
        made.library.rate([500_003], 5)
        made.library.remove([500_006])
        server.fail_next(422, "{}", method="DELETE")

        made.engine.send_all()
        made.wait(lambda: made.count(Drained) > 0)

        ends = [event for event in made.events if isinstance(event, Sent | Declined | Drained)]
        assert [type(event) for event in ends[:3]] == [Sent, Declined, Drained]


def test_nobody_is_told_of_an_empty_outbox_who_does_not_wait_for_it(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        made.library.rate([500_003], 5)
        made.wait(made.drained)
        made.engine.send_all()
        made.wait(lambda: made.count(Drained) > 0)
        made.engine.send_as_usual()
        made.library.rate([500_003], 4)
        made.wait(lambda: made.drained() and made.count(Sent) == 2)
        told = made.count(Drained)
        made.library.rate([500_003], 3)
        made.wait(lambda: made.drained() and made.count(Sent) == 3)
        assert made.count(Drained) == told


def test_nothing_is_sent_while_sending_is_held(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        arrived, released = threading.Event(), threading.Event()

        def hold(request: httpx.Request) -> None:
            if request.method == "POST":
                arrived.set()
                assert released.wait(LONG)

        made.line.before_each = hold
        made.library.rate([500_003], 5)
        made.library.set_notes([500_004], {NOTES: "later"})
        assert arrived.wait(LONG)
        made.engine.hold_sending()
        released.set()
        made.wait(lambda: made.count(Sent) == 1)
        made.engine.read_again()
        made.wait(lambda: made.count(ReadingDone) == 2)
        assert made.library.waiting_count() == 1

        made.engine.send_as_usual()
        made.wait(made.drained)
        assert server.state.instance(500_004).notes == {NOTES: "later"}


def test_what_is_in_the_way_of_sending_is_known_until_it_is_gone(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        assert not made.engine.trouble
        made.line.before_each = dead
        made.library.rate([500_003], 5)
        made.wait(lambda: made.count(SendingHeld) == 1)
        assert isinstance(made.engine.trouble, Offline)
        made.line.before_each = lambda _: None
        made.wait(lambda: made.count(Reached) == 1 and not made.engine.trouble)


def test_the_time_that_sending_takes_counts_what_waits_and_what_comes_to_it(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.client.throttle.seen(60, None, None)
        assert made.engine.seconds_to_send() == 0
        made.library.incoming.publish(reading_of())
        made.library.rate([1], 5)
        # The page on which it stands is read before.
        assert made.engine.seconds_to_send() == 2 * ANSWER_SECONDS
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("discotui.library.outbox.REMOVAL_REST_SECONDS", 1000.0)
            made.library.remove([2])
            assert made.engine.seconds_to_send() > 900
            assert made.engine.seconds_to_send(at_once=True) == 3 * ANSWER_SECONDS
            made.library.undo()
        assert made.engine.seconds_to_send([SetRating(number, 0, 1) for number in range(60)]) > WINDOW


def test_leaving_waits_for_the_answer_that_is_on_its_way(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server) as made:
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        arrived, released = threading.Event(), threading.Event()

        def hold(request: httpx.Request) -> None:
            if request.method == "POST":
                arrived.set()
                assert released.wait(LONG)

        made.line.before_each = hold
        made.library.rate([500_003], 5)
        assert arrived.wait(LONG)

        assert not made.engine.leave(0.0)
        released.set()
        assert made.engine.leave(LONG)
        assert made.drained()
        assert server.state.rating(1002) == 5


def test_a_defect_is_told_and_the_other_thread_goes_on(
    tmp_path: Path, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, server) as made:

        def defect(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(made.client, "rate", defect)
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        made.library.rate([500_003], 5)
        made.wait(lambda: made.count(Broken) == 1)

        made.engine.read_again()
        made.wait(lambda: made.count(ReadingDone) == 2)
        assert made.library.waiting_count() == 1
        assert isinstance(made.engine.trouble, ZeroDivisionError)


def test_a_full_disk_holds_sending_and_makes_nothing_twice(
    tmp_path: Path, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, server) as made:
        confirm = made.library.outgoing.confirm
        failures = [LibraryUnwritable("library.sqlite", "disk full")]

        def full_once(seq: int, new_id: int = 0) -> object:
            if failures:
                raise failures.pop()
            return confirm(seq, new_id)

        monkeypatch.setattr(made.library.outgoing, "confirm", full_once)
        made.start()
        made.wait(lambda: made.count(ReadingDone) == 1)
        release = made.library.items()[0]
        made.library.add(release, JAZZ)
        before = len(server.state.instances)
        made.wait(lambda: made.drained() and made.count(Sent) == 1)

        assert made.count(SendingHeld) == 1
        assert made.count(Broken) == 0
        assert len([entry for entry in server.log if entry.method == "POST"]) == 1
        assert before <= len(server.state.instances) == 7


def test_a_stranger_never_sends(tmp_path: Path, server: DemoServer) -> None:
    with running(tmp_path, server, own=False) as made:
        made.start()
        made.threads[1].join(LONG)

        assert not made.threads[1].is_alive()
        made.wait(lambda: made.count(ReadingDone) == 1)
