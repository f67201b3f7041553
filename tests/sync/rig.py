"""A library, a demo server and the engine's two halves, driven step by step without threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from discotui.credentials import Token
from discotui.demo.data import state_from
from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.errors import DiscogsError
from discotui.library.library import Library
from discotui.sync.events import Event
from discotui.sync.pull import Puller
from discotui.sync.push import Sender
from tests.demo_data import OWNER, TOKEN, small_data


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
        self.events: list[Event] = []
        self.client = DiscogsClient(
            Token(TOKEN) if own else None,
            transport=httpx.WSGITransport(app=server),
            throttle=Throttle(100_000),
        )
        self.path = path
        self.library = Library(path, clock=clock)
        self.wants_reading = 0
        self.puller = Puller(
            self.client, self.library.incoming, OWNER, own=own, report=self.events.append, pause=lambda _: False
        )
        self.sender = Sender(
            self.client, self.library.outgoing, OWNER, report=self.events.append, read_again=self._note_reading
        )

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
        self.__init__(self.path, self.server, self.clock)  # type: ignore[misc]

    def send_one(self) -> DiscogsError | None:
        """Send the next change, if any may go. Returns what held it up."""
        entry, _ = self.library.outgoing.next()
        if entry is None:
            return None
        try:
            self.sender.send(entry)
        except DiscogsError as error:
            return error
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

    def of(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


@contextmanager
def rig(tmp_path: Path, *, own: bool = True, read: bool = True) -> Iterator[Rig]:
    """A rig over the small collection, read once."""
    server = DemoServer(state_from(small_data()), token=TOKEN, rate_limit=100_000)
    made = Rig(tmp_path / "library.sqlite", server, Clock(), own=own)
    if read:
        made.puller.read_whole()
    try:
        yield made
    finally:
        made.library.close()
        made.client.close()
