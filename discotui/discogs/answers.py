"""What an answer means: a model, or an error of :mod:`discotui.errors`. Knows HTTP's numbers, not httpx."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import islice
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from discotui.discogs.shapes import without_halves
from discotui.errors import (
    BadAnswer,
    DiscogsError,
    Forbidden,
    NotFound,
    NotLoggedIn,
    Refused,
    ServerFault,
    TooFast,
)

MOST_DETAILS = 20
DEEPEST_DETAIL = 4
LONGEST_PAUSE = 300.0
LONGEST_NUMBER = 9

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that came whole.

    Attributes:
        status: The HTTP status.
        headers: With names in lower case.
        body: Decoded, at most 8 MiB.
        to_write: Whether the request was to change something.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    to_write: bool

    @property
    def is_success(self) -> bool:
        """2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_page(self) -> bool:
        """A page for people, such as those of a network between us and Discogs."""
        return "html" in self.headers.get("content-type", "").lower() or self.body.lstrip()[:1] == b"<"

    def number(self, header: str) -> int | None:
        """A header that holds a whole number, None when it is absent or holds something else."""
        text = self.headers.get(header, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait by Retry-After, from 1 to 300; None when it does not say.

        A date is compared with the server's own Date where there is one: clocks differ.
        """
        seconds: float | None = self.number("retry-after")
        if seconds is None:
            until = _date(self.headers.get("retry-after", ""))
            if until is None:
                return None
            seconds = (until - (_date(self.headers.get("date", "")) or datetime.now(UTC))).total_seconds()
        return min(max(seconds, 1.0), LONGEST_PAUSE)


def decode(answer: Answer, model: type[_Model]) -> _Model:
    """Read the body of a successful answer.

    Raises:
        BadAnswer: Not JSON, cut short, nested too deeply, or of another shape. The message says where,
            and holds nothing of the body.
    """
    reason = "not JSON"
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as fault:
        reason = _reason(fault)
    if b"\\ud" in answer.body.lower():
        # Half a surrogate pair is refused by pydantic's parser, but json.loads takes it: one broken character
        # in a note must not make a collection unreadable.
        try:
            return model.model_validate_json(without_halves(json.dumps(json.loads(answer.body), ensure_ascii=False)))
        except ValidationError as fault:
            reason = _reason(fault)
        except (ValueError, RecursionError):
            pass  # the reason stands
    raise BadAnswer(reason, may_have_happened=answer.to_write)


def failure(answer: Answer) -> DiscogsError:
    """The error that an answer outside 2xx stands for."""
    message, details = _explanation(answer.body)
    message = message or f"HTTP {answer.status}"
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return NotLoggedIn(message)
        case HTTPStatus.FORBIDDEN if answer.is_page:
            # The content network in front of Discogs turns requests away by a page of its own.
            return ServerFault(message, status=answer.status)
        case HTTPStatus.FORBIDDEN:
            return Forbidden(message)
        case HTTPStatus.NOT_FOUND:
            return NotFound(message)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return TooFast(message, answer.retry_after)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ServerFault(message, status=status, may_have_happened=answer.to_write)
        case status if status >= HTTPStatus.BAD_REQUEST:
            return Refused(message, details)
        case status:
            # Not followed, and so not known: a server may also redirect to tell that something was done.
            return BadAnswer(f"redirected or unfinished (HTTP {status})", may_have_happened=answer.to_write)


def _reason(fault: ValidationError) -> str:
    """The first fault and its place, without the value: that may be long, and is the server's."""
    first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _explanation(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Message and details of an error's body; empty where there are none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return "", ()
    if not isinstance(told, dict):
        return "", ()
    message = told.get("message")
    details = islice(filter(None, _sentences(told.get("detail"))), MOST_DETAILS)
    return without_halves(message) if isinstance(message, str) else "", tuple(map(without_halves, details))


def _sentences(detail: object, depth: int = 0) -> Iterator[str]:
    """The reasons: a text, ``{"loc": […], "msg": …}``, field → reasons, or a list of any of these."""
    if depth > DEEPEST_DETAIL:
        return
    match detail:
        case str():
            yield detail
        case {"msg": str(told), "loc": [*place]} if place:
            yield f"{'.'.join(str(step) for step in place)}: {told}"
        case {"msg": str(told)}:
            yield told
        case dict():
            for name, part in detail.items():
                yield from (f"{name}: {sentence}" for sentence in _sentences(part, depth + 1))
        case list():
            for part in detail:
                yield from _sentences(part, depth + 1)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
