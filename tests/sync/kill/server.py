"""A demo server that goes wrong once, in one of many ways."""

from __future__ import annotations

import io
import os
import struct
import threading
from collections.abc import Callable, Iterable
from enum import Enum
from socket import SO_LINGER, SOL_SOCKET
from wsgiref.types import StartResponse, WSGIEnvironment

from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState
from tests.demo_data import TOKEN, small_state

LONG = 20.0
DELIVER = "/deliver-late"
"""Not Discogs': lets the server get to the request that it was slow with."""
PAGE = "<html><body>We will be right back</body></html>"


Row = tuple[int, str, int, list[tuple[int, str]]]
"""Release, folder, rating and notes of an item."""
Collection = tuple[list[Row], list[str]]
"""Items and names of folders."""


class Way(Enum):
    """What the server does with one of the requests that are to change something."""

    ANSWERS = "answers"
    DROPS_BEFORE = "drops it, and hangs up"
    DROPS_AFTER = "carries it out, and hangs up"
    RESETS = "carries it out, and resets the connection within its answer"
    LATE_FIRST = "carries it out late, before it is looked for"
    LATE_AFTER = "carries it out late, after it was looked for once"
    TOO_FAST = "429"
    TOO_FAST_FOR = "429 with Retry-After"
    FAULT_BEFORE = "500, not carried out"
    FAULT_AFTER = "500, carried out"
    PAGE = "200 with a page of HTML, not carried out"
    NO_LOGIN = "401 from then on"

    @property
    def loses_it(self) -> bool:
        """Whether the request is neither carried out nor refused."""
        return self in (Way.DROPS_BEFORE, Way.FAULT_BEFORE, Way.PAGE)


class UnreliableServer(DemoServer):
    """Serves a small collection; one server for all cases, one after the other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.begin()

    def begin(self, way: Way = Way.ANSWERS, number: int = 1) -> None:
        """A new case with a fresh collection.

        Args:
            way: How to go wrong.
            number: With which of the requests that change something, from 1.
        """
        super().__init__(small_state(), token=TOKEN, rate_limit=100_000)
        self._way, self._number = way, number
        self._writes = self._handled = 0
        self._late: list[WSGIEnvironment] = []

    def calm(self) -> None:
        """From now on everything is well, and the token is accepted (again)."""
        self._way = Way.ANSWERS
        self._accounts[self.token] = self.state

    def wait_for(self, requests: int) -> None:
        """Wait until so many requests of this case have been dealt with: those of the dead come to their end."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._handled >= requests, LONG), "a request has not arrived"

    def deliver_late(self) -> None:
        """Get to the request that we were slow with."""
        while self._late:
            super().__call__(self._late.pop(), _unheard)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == DELIVER:
            self.deliver_late()
            start_response("204 No Content", [])
            return []
        try:
            self._writes += environ["REQUEST_METHOD"] != "GET"
            if environ["REQUEST_METHOD"] != "GET" and self._writes == self._number:
                self._go_wrong(environ)
            return super().__call__(environ, start_response)
        finally:
            with self._changed:
                self._handled += 1
                self._changed.notify_all()

    def _go_wrong(self, environ: WSGIEnvironment) -> None:
        match self._way:
            case Way.DROPS_BEFORE:
                raise ConnectionResetError
            case Way.DROPS_AFTER:
                super().__call__(environ, _unheard)
                raise ConnectionResetError
            case Way.RESETS:
                super().__call__(environ, _unheard)
                _reset(environ)
                raise ConnectionResetError
            case Way.LATE_FIRST | Way.LATE_AFTER:
                body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                self._late.append({**environ, "wsgi.input": io.BytesIO(body)})
                raise ConnectionResetError
            case Way.TOO_FAST:
                self.fail_next(429, '{"message": "You are making requests too quickly."}')
            case Way.TOO_FAST_FOR:
                self.fail_next(429, '{"message": "too quickly"}', headers={"Retry-After": "30"})
            case Way.FAULT_BEFORE:
                self.fail_next(500, PAGE)
            case Way.FAULT_AFTER:
                self.fail_next(500, PAGE, after_commit=True)
            case Way.PAGE:
                self.fail_next(200, PAGE)
            case Way.NO_LOGIN:
                self.revoke_token()


def _unheard(status: str, headers: list[tuple[str, str]], exc_info: object = None, /) -> Callable[[bytes], object]:
    """Take an answer that nobody gets."""
    return lambda _: None


def _reset(environ: WSGIEnvironment) -> None:
    """Send the beginning of an answer, and then a reset in place of the rest."""
    line = getattr(getattr(environ["wsgi.input"], "raw", None), "_sock", None)
    if line is not None:
        line.sendall(b"HTTP/1.1 204 No")
        line.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        # Closed here and now: whoever called us would end the connection politely.
        os.close(line.detach())


def canonical(state: CollectionState) -> Collection:
    """What the server has, whatever numbers it gave."""
    names = state.folder_names
    items = [
        (item.release_id, names[item.folder_id], state.rating(item.release_id), sorted(item.notes.items()))
        for item in state.items()
    ]
    return sorted(items), sorted(names.values())
