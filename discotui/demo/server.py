"""Discogs' collection API from memory, as a WSGI application.

Checks come in the order of a real server: the CDN looks for a User-Agent, then come the rate limit, the
token, the address and its method, the user, the permission, and at last the folder, item or release.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from discotui.demo import refusals
from discotui.demo.calls import ROUTES, Access, Call, Handler
from discotui.demo.data import neighbours, sample_state
from discotui.demo.limits import MovingWindow
from discotui.demo.refusals import ApiError
from discotui.demo.state import CollectionState
from discotui.demo.wire import HTML_HEADERS, JSON_HEADERS, Reply, Request

RATE_LIMIT = 60
STRANGERS_RATE_LIMIT = 25
LOG_LENGTH = 10_000

_NO_USER_AGENT = """<html>
<head><title>403 Forbidden</title></head>
<body><center><h1>403 Forbidden</h1></center></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request and its answer.

    Attributes:
        path: Decoded, with "…" in place of a token.
        query: As it came, with "…" in place of a token.
        body: The parsed JSON body; None when there was none, or it could not be parsed.
        status: What the client was told; for a fault made by :meth:`DemoServer.fail_next`, the fault's.
        authorization: Whether a token was given, valid or not.
    """

    method: str
    path: str
    query: str
    body: Any
    status: int
    authorization: bool


@dataclass(slots=True)
class Fault:
    """An answer that is to come in place of the right one; see :meth:`DemoServer.fail_next`."""

    reply: Reply
    match: str
    method: str
    after_commit: bool
    times: int


class DemoServer:
    """The demo's API for one owner and two neighbours.

    Accounts are the owner of ``state``, "stranger" with an empty public collection and a token, and "hermit"
    with a private one. Requests are handled one at a time.

    Attributes:
        state: The owner's collection.
        users: All collections by user name.
        token: The owner's token.
        other_token: The stranger's token.
        rate_limit: Requests in any 60 seconds with a token; strangers have 25, or the limit when it is less.
        retry_after: Seconds to tell in a ``Retry-After`` with 429; None leaves the header out.
        faults: Wrong answers still to come.
        log: The last 10,000 requests, oldest first.
    """

    def __init__(
        self,
        state: CollectionState | None = None,
        *,
        token: str | None = None,
        rate_limit: int = RATE_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.state = sample_state() if state is None else state
        self.users = {account.username: account for account in (self.state, *neighbours(self.state))}
        self.token = token or secrets.token_hex(20)
        self.other_token = secrets.token_hex(20)
        self.rate_limit = rate_limit
        self.retry_after: int | None = None
        self.faults: deque[Fault] = deque()
        self.log: list[LogEntry] = []
        self._accounts = {self.token: self.state, self.other_token: self.users["stranger"]}
        self._window = MovingWindow(clock)
        self._lock = threading.RLock()

    def fail_next(
        self,
        status: int,
        body: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        match: str = "",
        method: str = "",
        after_commit: bool = False,
        times: int = 1,
    ) -> None:
        """Let the next matching request go wrong.

        A faulty answer has the given headers only, none about the rate limit, and uses up none of it unless the
        request is carried out.

        Args:
            status: The status of the wrong answer; 200 with half a JSON text is a fault, too.
            body: Its body, as it is.
            headers: Its headers; without a Content-Type it is JSON when it starts like it, else HTML.
            match: A part of the path, such as "/collection/value", or one whole parameter, such as "page=3".
            method: The method, any when "".
            after_commit: Carry the request out first.
            times: How often.
        """
        given = dict(headers or {})
        if not any(name.casefold() == "content-type" for name in given):
            given |= dict(JSON_HEADERS[:1] if body.lstrip().startswith(("{", "[")) else HTML_HEADERS)
        reply = Reply(status, body, tuple(given.items()))
        with self._lock:
            self.faults.append(Fault(reply, match, method.upper(), after_commit, times))

    def revoke_token(self) -> None:
        """From now on the owner's token is a bad one."""
        with self._lock:
            self._accounts.pop(self.token, None)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request.from_environ(environ)
        with self._lock:
            fault = self._take_fault(request)
            reply = self._answer(request) if fault is None or fault.after_commit else fault.reply
            if fault is not None:
                reply = fault.reply
            self._note(request, reply.status)
        content = reply.body.encode()
        headers = list(reply.headers)
        if reply.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(content))))
        start_response(f"{reply.status} {_reason(reply.status)}", headers)
        return [content] if content else []

    def _take_fault(self, request: Request) -> Fault | None:
        parameters = [f"{key}={value}" for key, value in request.query.items()]
        for fault in self.faults:
            is_meant = fault.match in request.path or fault.match in parameters
            if is_meant and fault.method in ("", request.method):
                fault.times -= 1
                if fault.times < 1:
                    self.faults.remove(fault)
                return fault
        return None

    def _answer(self, request: Request) -> Reply:
        if not request.user_agent:
            return Reply(HTTPStatus.FORBIDDEN.value, _NO_USER_AGENT, HTML_HEADERS)
        account = self._accounts.get(request.token or "")
        limit = self.rate_limit if account else min(STRANGERS_RATE_LIMIT, self.rate_limit)
        who = f"token of {account.username}" if account else f"address {request.address}"
        used = self._window.admit(who, limit)
        counters = _counters(limit, limit if used is None else used)
        if used is None:
            if self.retry_after is not None:
                counters = (*counters, ("Retry-After", str(self.retry_after)))
            return _refused(refusals.too_fast(), counters)
        try:
            reply = self._dispatch(request, account)
        except ApiError as refusal:
            return _refused(refusal, counters)
        return Reply(reply.status, reply.body, reply.headers + counters)

    def _dispatch(self, request: Request, viewer: CollectionState | None) -> Reply:
        if request.token is not None and viewer is None:
            raise refusals.bad_token()
        access, handler, found = _route_of(request)
        name = found.pop("user", None)
        state = viewer or self.state if name is None else self._account(name)
        call = Call(request, viewer, state, {key: int(digits) for key, digits in found.items()})
        call.check(access)
        with state.lock:
            return handler(call)

    def _account(self, name: str) -> CollectionState:
        for username, account in self.users.items():
            if username.casefold() == name.casefold():
                return account
        raise refusals.unknown_user()

    def _note(self, request: Request, status: int) -> None:
        given = {text for text in (request.token, self.token, self.other_token) if text}
        entry = LogEntry(
            method=request.method,
            path=_without(given, request.path),
            query=_without(given, request.query_string),
            body=_parsed(_without(given, (request.body or b"").decode("utf-8", "replace"))),
            status=status,
            authorization=request.token is not None,
        )
        self.log.append(entry)
        del self.log[:-LOG_LENGTH]


def _route_of(request: Request) -> tuple[Access, Handler, dict[str, str]]:
    for route in ROUTES:
        found = route.pattern.fullmatch(request.path)
        if found:
            if request.method not in route.methods:
                raise refusals.wrong_method()
            return *route.methods[request.method], found.groupdict()
    raise refusals.unknown_path()


def _refused(refusal: ApiError, counters: tuple[tuple[str, str], ...]) -> Reply:
    return Reply(refusal.status, json.dumps(refusal.body), JSON_HEADERS + counters)


def _counters(limit: int, used: int) -> tuple[tuple[str, str], ...]:
    return (
        ("X-Discogs-Ratelimit", str(limit)),
        ("X-Discogs-Ratelimit-Used", str(used)),
        ("X-Discogs-Ratelimit-Remaining", str(limit - used)),
    )


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _without(tokens: set[str], text: str) -> str:
    for token in tokens:
        text = text.replace(token, "…")
    return text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        return None
