"""A library, a demo server and the engine's two halves, driven step by step without threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import httpx

from discotui.credentials import Token
from discotui.demo.data import state_from
from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.errors import DiscogsError
from discotui.library.library import Library
from discotui.library.outbox import Pending
from discotui.sync.events import Event
from discotui.sync.pull import Puller
from discotui.sync.push import Sender
from tests.demo_data import OWNER, TOKEN, fill, many_records, small_data
from tests.virtual import VirtualClock

Shown = tuple[int, int, int, dict[int, str]]
"""Release, folder, rating and notes of an item."""


class When(Enum):
    """At which moment the line breaks."""

    BEFORE = "the server never hears of the request"
    AFTER = "the server has carried it out, the answer is lost"
    LATE = "the server carries it out only after the client has given up"


@dataclass(slots=True)
class Accident:
    """What is to happen to the next request that fits."""

    when: When
    error: type[httpx.TransportError]
    method: str
    match: str


class Line(httpx.BaseTransport):
    """The way to the server, on which accidents can be arranged.

    Attributes:
        accidents: Still to come; each happens once.
        late: Requests that the server has not got to yet.
        before_each: Called with each request before anything happens to it; an answer that it gives is taken for
            the server's.
        hides_token: Requests arrive as those of a stranger, as they do when a token has died and only what is for its
            owner alone is refused.
        hides_limit: Answers do not tell the rate limit.
    """

    def __init__(self, server: DemoServer) -> None:
        self._inner = httpx.WSGITransport(app=server)
        self.accidents: list[Accident] = []
        self.late: list[httpx.Request] = []
        self.before_each: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
        self.hides_token = False
        self.hides_limit = False

    def breaks(
        self,
        when: When,
        error: type[httpx.TransportError] = httpx.ReadTimeout,
        *,
        method: str = "",
        match: str = "",
        times: int = 1,
    ) -> None:
        """Arrange accidents for the next requests of a method whose path holds a text."""
        self.accidents += [Accident(when, error, method, match) for _ in range(times)]

    def deliver_late(self) -> None:
        """The server gets to the requests that it was slow with."""
        while self.late:
            self._inner.handle_request(self.late.pop(0)).read()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.before_each(request)
        if answer is not None:
            return answer
        for accident in self.accidents:
            if accident.method in ("", request.method) and accident.match in request.url.path:
                self.accidents.remove(accident)
                request.read()
                if accident.when is When.AFTER:
                    self._inner.handle_request(request).read()
                if accident.when is When.LATE:
                    self.late.append(request)
                raise accident.error("the line broke", request=request)
        if self.hides_token:
            request.headers.pop("Authorization", None)
        answer = self._inner.handle_request(request)
        if self.hides_limit:
            for name in [name for name in answer.headers if name.startswith("x-discogs-ratelimit")]:
                del answer.headers[name]
        return answer


_Kind = TypeVar("_Kind", bound=Event)


class Clock:
    """A clock that a test moves; seconds since 1970."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Rig:
    """Everything between a key press and the server's state."""

    def __init__(self, path: Path, server: DemoServer, clock: Clock, *, own: bool = True) -> None:
        self.server = server
        self.clock = clock
        self.own = own
        self.events: list[Event] = []
        self.line = Line(server)
        self.waiting = VirtualClock()
        throttle = Throttle(100_000, clock=self.waiting, wait=self.waiting.wait)
        self.client = DiscogsClient(Token(TOKEN) if own else None, transport=self.line, throttle=throttle)
        self.path = path
        self.library = Library(path, clock=clock)
        self.wants_reading = 0
        self.puller = Puller(
            self.client, self.library.incoming, OWNER, own=own, report=self._note, pause=lambda _: False
        )
        self.sender = Sender(
            self.client,
            self.library.outgoing,
            self.library.incoming,
            OWNER,
            report=self._note,
            read_again=self._note_reading,
        )
        self.on_event: Callable[[Event], None] = lambda _: None
        self.after_each: Callable[[Pending], None] = lambda _: None

    def _note(self, event: Event) -> None:
        self.events.append(event)
        self.on_event(event)

    def _note_reading(self) -> None:
        self.wants_reading += 1

    @property
    def state(self) -> CollectionState:
        """The server's side."""
        return self.server.state

    def restart(self) -> None:
        """Die without a word and start again on the same file."""
        self.library.close()
        self.client.close()
        self.__init__(self.path, self.server, self.clock, own=self.own)  # type: ignore[misc]

    def send_one(self) -> DiscogsError | None:
        """Send the next change, if any may go. Returns what held it up."""
        entry, _ = self.library.outgoing.next()
        if entry is None:
            return None
        try:
            self.sender.send(entry)
        except DiscogsError as error:
            return error
        finally:
            self.after_each(entry)
        return None

    def send_all(self) -> None:
        """Send until nothing is left, moving the clock over every rest."""
        for _ in range(10_000):
            entry, wake = self.library.outgoing.next()
            if entry is None and wake is None:
                return
            if entry is None and wake is not None:
                self.clock.now = max(self.clock.now, wake)
                continue
            error = self.send_one()
            assert error is None or error.may_have_happened, repr(error)
        raise AssertionError("the outbox does not drain")

    def ids(self, title: str) -> list[int]:
        """Instance ids of the items of a title, as shown."""
        return sorted(item.instance_id for item in self.library.items() if item.title == title)

    def of(self, kind: type[_Kind]) -> list[_Kind]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def here(self) -> dict[int, Shown]:
        """What the library shows."""
        return {
            item.instance_id: (item.release_id, item.folder_id, item.rating, dict(item.notes or {}))
            for item in self.library.items()
        }

    def there(self) -> dict[int, Shown]:
        """What the server has."""
        return {
            item.instance_id: (item.release_id, item.folder_id, self.state.rating(item.release_id), dict(item.notes))
            for item in self.state.items()
        }

    def folders_here(self) -> dict[int, tuple[str, int]]:
        """Name and count of each folder shown."""
        return {folder.folder_id: (folder.name, folder.count) for folder in self.library.folders()}

    def folders_there(self) -> dict[int, tuple[str, int]]:
        """Name and count of each folder at the server."""
        return {folder.folder_id: (folder.name, folder.count) for folder in self.state.folders()}

    def agrees(self) -> bool:
        """Whether, after one more reading, both sides are the same and nothing waits."""
        self.puller.read_whole()
        return (
            self.library.waiting_count() == 0
            and self.here() == self.there()
            and self.folders_here() == self.folders_there()
        )

    def writes(self) -> list[tuple[str, str, Any, int]]:
        """Method, path below the collection, body and status of every request that was to change something."""
        return [
            (entry.method, entry.path.removeprefix(f"/users/{OWNER}/collection"), entry.body, entry.status)
            for entry in self.server.log
            if entry.method != "GET"
        ]


@contextmanager
def rig(tmp_path: Path, *, own: bool = True, read: bool = True, items: int = 6, records: int = 0) -> Iterator[Rig]:
    """A rig over a collection, read once.

    Args:
        tmp_path: Where the library goes.
        own: Whether it is the owner who looks.
        read: Whether it is read.
        items: The small collection is filled up to so many items with copies of its first release.
        records: So many different records in one folder, in place of the small collection.
    """
    data = many_records(records) if records else small_data()
    server = DemoServer(state_from(data), token=TOKEN, rate_limit=100_000)
    if not records:
        fill(server.state, items)
    made = Rig(tmp_path / "library.sqlite", server, Clock(), own=own)
    if read:
        made.puller.read_whole()
    try:
        yield made
    finally:
        made.library.close()
        made.client.close()
