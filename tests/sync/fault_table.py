"""What can happen to a request, and what is then to be where: at the server, in the outbox, before the person."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

import httpx

from discotui.errors import (
    BadAnswer,
    Forbidden,
    NotFound,
    NotLoggedIn,
    Offline,
    Refused,
    ServerFault,
)
from discotui.library.outbox import State
from tests.sync.rig import Rig, When

HALF = '{"instance_id": 5, "id": 7'


class Sort(Enum):
    """Operations that fare alike."""

    SET = "sets a value; the answer is empty"
    TAKE = "takes something away; the answer is empty"
    NAME = "sets a value; the answer tells it"
    MAKE = "makes something; the answer tells its number"


OPERATIONS = {
    "rate": Sort.SET,
    "move": Sort.SET,
    "set note": Sort.SET,
    "clear note": Sort.SET,
    "bulk": Sort.SET,
    "remove": Sort.TAKE,
    "delete folder": Sort.TAKE,
    "rename folder": Sort.NAME,
    "add": Sort.MAKE,
    "new folder": Sort.MAKE,
}


class Told(Enum):
    """What the person hears of it at once."""

    HELD = "nothing can be sent for now"
    SENT = "it is sent"
    DECLINED = "it was not accepted, and is undone"


class End(Enum):
    """What is when the fault is over and nothing is left to do."""

    ONCE = "exactly one effect"
    UNDONE = "no effect, undone here, with the reason in the history"


@dataclass(frozen=True, slots=True)
class Expected:
    """How an operation fares with a fault.

    Attributes:
        is_there: Whether the server has it as soon as the fault has happened.
        state: Where it then stands in the outbox; None when it has left it.
        told: What the person hears.
        error: Of what, if of an error.
        end: What is in the end.
        waited: Seconds that the client waited by itself before.
    """

    is_there: bool
    state: State | None
    told: Told
    error: type[Exception] | None
    end: End
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens to a request.

    Attributes:
        happen: Arrange it for the next request that changes something (or, without a network, for every one).
        end: Let it be over.
        fares: How operations fare.
        but: Those that fare otherwise.
    """

    happen: Callable[[Rig], None]
    fares: Expected
    end: Callable[[Rig], None] = lambda _: None
    but: dict[Sort, Expected] | None = None

    def expected(self, sort: Sort) -> Expected:
        """How operations of a sort fare."""
        return (self.but or {}).get(sort, self.fares)


# --- making things go wrong -----------------------------------------------------------------------------------


def _no_way(cause: Exception, kind: type[httpx.TransportError] = httpx.ConnectError) -> Callable[[Rig], None]:
    """No request gets through, and the HTTP library says why as it does: by the cause's words."""

    def happen(made: Rig) -> None:
        def fail(request: httpx.Request) -> httpx.Response:
            raise kind(str(cause), request=request) from cause

        made.line.before_each = fail

    return happen


def _network_back(made: Rig) -> None:
    made.line.before_each = lambda _: None


def _line_breaks(when: When, kind: type[httpx.TransportError]) -> Callable[[Rig], None]:
    def happen(made: Rig) -> None:
        for method in ("POST", "DELETE"):
            made.line.breaks(when, kind, method=method)

    return happen


def _only_this_time(made: Rig) -> None:
    made.line.accidents.clear()
    made.server.faults.clear()


def _got_to_it(made: Rig) -> None:
    """The server is done with what it was slow with, seconds after we gave up."""
    _only_this_time(made)
    made.line.deliver_late()


def _answers(
    status: int, message: str = "", *, body: str = "", headers: dict[str, str] | None = None, after_commit: bool = False
) -> Callable[[Rig], None]:
    def happen(made: Rig) -> None:
        for method in ("POST", "DELETE"):
            made.server.fail_next(
                status,
                body or json.dumps({"message": message}),
                method=method,
                headers=headers,
                after_commit=after_commit,
            )

    return happen


def _token_refused(made: Rig) -> None:
    made.server.revoke_token()


def _logged_in_again(made: Rig) -> None:
    made.server._accounts[made.server.token] = made.state


# --- the table ------------------------------------------------------------------------------------------------

#                       at the server   in the outbox    the person hears                      in the end
_NEVER_SENT = Expected(False, State.WAITING, Told.HELD, Offline, End.ONCE)
_UNHEARD = Expected(False, State.UNKNOWN, Told.HELD, Offline, End.ONCE)
_UNANSWERED = Expected(True, State.UNKNOWN, Told.HELD, Offline, End.ONCE)
_SENT = Expected(True, None, Told.SENT, None, End.ONCE)
_BLOCKED = Expected(False, State.BLOCKED, Told.HELD, NotLoggedIn, End.ONCE)
_FAILED_AFTER = Expected(True, State.UNKNOWN, Told.HELD, ServerFault, End.ONCE)
_UNREADABLE = Expected(True, State.UNKNOWN, Told.HELD, BadAnswer, End.ONCE)
_FORBIDDEN = Expected(False, None, Told.DECLINED, Forbidden, End.UNDONE)
_NOT_FOUND = Expected(False, None, Told.DECLINED, NotFound, End.UNDONE)
_REFUSED = Expected(False, None, Told.DECLINED, Refused, End.UNDONE)

_NO_NAME = socket.gaierror(-2, "Name or service not known")
_NO_TLS = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")

FAULTS = {
    "DNS failure": Fault(_no_way(_NO_NAME), _NEVER_SENT, _network_back),
    "connect time-out": Fault(_no_way(TimeoutError("timed out"), httpx.ConnectTimeout), _NEVER_SENT, _network_back),
    "TLS failure": Fault(_no_way(_NO_TLS), _NEVER_SENT, _network_back),
    "reset before send": Fault(_line_breaks(When.BEFORE, httpx.WriteError), _UNHEARD, _only_this_time),
    "reset after commit": Fault(_line_breaks(When.AFTER, httpx.ReadError), _UNANSWERED, _only_this_time),
    "hang after commit": Fault(_line_breaks(When.AFTER, httpx.ReadTimeout), _UNANSWERED, _only_this_time),
    "late commit": Fault(_line_breaks(When.LATE, httpx.ReadTimeout), _UNHEARD, _got_to_it),
    "429 with Retry-After": Fault(
        _answers(429, "You are making requests too quickly.", headers={"Retry-After": "30"}),
        replace(_SENT, waited=30.0),
    ),
    "429": Fault(_answers(429, "You are making requests too quickly."), replace(_SENT, waited=10.0)),
    "401": Fault(_token_refused, _BLOCKED, _logged_in_again),
    "403": Fault(_answers(403, "You are not allowed to."), _FORBIDDEN, _only_this_time),
    "404": Fault(_answers(404, "The requested resource was not found."), _NOT_FOUND, _only_this_time),
    "422": Fault(_answers(422, "Invalid."), _REFUSED, _only_this_time),
    "500 after commit": Fault(_answers(500, "Oops.", after_commit=True), _FAILED_AFTER, _only_this_time),
    "broken JSON": Fault(
        _answers(200, body=HALF, after_commit=True),
        _SENT,
        _only_this_time,
        but={Sort.NAME: _UNREADABLE, Sort.MAKE: _UNREADABLE},
    ),
}
