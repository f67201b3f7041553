"""A server that says what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from tests.virtual import VirtualClock

SECRET = "CanaryCanaryCanaryCanary"
Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> httpx.Response:
    """A JSON answer, or one with the bytes or text given."""
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    return httpx.Response(status, content=raw if body is not None else b"", headers=headers)


class Stub(httpx.BaseTransport):
    """Gives its replies in order, the last one again and again.

    Attributes:
        requests: What came in.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply(request) if callable(reply) else reply

    @property
    def asked(self) -> list[str]:
        """Method and address of each request, without the host."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]

    @property
    def sent(self) -> list[Any]:
        """The body of each request, None where there was none."""
        return [json.loads(request.content) if request.content else None for request in self.requests]


def client_of(stub: Stub, clock: VirtualClock | None = None, *, secret: str | None = SECRET) -> DiscogsClient:
    """A client on a clock of its own that asks this stub."""
    clock = clock or VirtualClock()
    throttle = Throttle(clock=clock, wait=clock.wait)
    return DiscogsClient(None if secret is None else Token(secret), transport=stub, throttle=throttle)
