"""Requests and answers as the demo's calls see them, free of WSGI."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode
from wsgiref.types import WSGIEnvironment

from discotui.demo import refusals

LARGEST_BODY = 64 * 1024
"""Bytes. The longest note takes a tenth of it."""

_DRAINED = 1024 * 1024
_DEFAULT_PER_PAGE = 50
_MOST_PER_PAGE = 100
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        path: Decoded.
        query_string: As it came, without the question mark.
        base_url: Scheme and host as the client asked for them; every link in an answer starts with it.
        body: None when it was too large to be read.
        address: Where it came from.
        user_agent: "" when there was none.
        authorization: The header, "" when there was none.
    """

    method: str
    path: str
    query_string: str
    base_url: str
    body: bytes | None
    address: str
    user_agent: str
    authorization: str

    @classmethod
    def from_environ(cls, environ: WSGIEnvironment) -> Request:
        """Read a request from its WSGI environment."""
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        return cls(
            method=environ["REQUEST_METHOD"],
            path=_decoded(environ.get("PATH_INFO", "")),
            query_string=environ.get("QUERY_STRING", ""),
            base_url=f"{environ['wsgi.url_scheme']}://{host}",
            body=_read_body(environ),
            address=environ.get("REMOTE_ADDR", ""),
            user_agent=environ.get("HTTP_USER_AGENT", "").strip(),
            authorization=environ.get("HTTP_AUTHORIZATION", "").strip(),
        )

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters; of a repeated one the first counts."""
        found: dict[str, str] = {}
        for key, value in parse_qsl(self.query_string, keep_blank_values=True):
            found.setdefault(key, value)
        return found

    @property
    def token(self) -> str | None:
        """The token of the header, else of the query; None when the client did not log in.

        A header of another scheme gives "", which no account has: it is a bad token, not a missing one.
        """
        if self.authorization:
            found = re.fullmatch(r"Discogs\s+token=\"?([^\s\",]+)\"?", self.authorization, re.IGNORECASE)
            return found[1] if found else ""
        return self.query.get("token") or None

    def json_object(self) -> dict[str, Any]:
        """The body, which must be a JSON object; an empty body is an empty object."""
        if self.body is None:
            raise refusals.body_too_large()
        if not self.body.strip():
            return {}
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            raise refusals.not_json() from None
        if not isinstance(content, dict):
            raise refusals.invalid(["body"], "The body must be an object.", "type_error.dict")
        return content

    def whole_number(self, key: str, default: int) -> int | None:
        """A number of the query; None when it is no number."""
        text = self.query.get(key)
        if text is None:
            return default
        return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        body: Text to be sent, "" for none.
        headers: Beside the length, which is added when it is sent.
    """

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_json(cls, content: object, status: int = HTTPStatus.OK) -> Reply:
        """An answer of Discogs itself. Like Discogs' it is ASCII, with escapes for all else."""
        return cls(int(status), json.dumps(content), JSON_HEADERS)

    @classmethod
    def nothing(cls) -> Reply:
        """204: done, and nothing to say."""
        return cls(int(HTTPStatus.NO_CONTENT))


JSON_HEADERS = (("Content-Type", "application/json"), ("X-Discogs-Media-Type", "discogs.v2"))
HTML_HEADERS = (("Content-Type", "text/html; charset=UTF-8"),)


def page_of(rows: Sequence[_Row], request: Request) -> tuple[Sequence[_Row], dict[str, Any]]:
    """Cut one page out of the rows.

    ``per_page`` is brought into 1 to 100 without a word, and taken as 50 when it is no number. An empty list
    has one empty page. The links repeat the path and all parameters that were asked for, a token among them.

    Returns:
        The rows of the page, and the ``pagination`` object.

    Raises:
        refusals.ApiError: 404 for a page that does not exist, or is no number.
    """
    per_page = request.whole_number("per_page", _DEFAULT_PER_PAGE)
    per_page = max(1, min(_MOST_PER_PAGE, _DEFAULT_PER_PAGE if per_page is None else per_page))
    pages = max(1, -(-len(rows) // per_page))
    page = request.whole_number("page", 1)
    if page is None:
        raise refusals.unknown_path()
    if not 1 <= page <= pages:
        raise refusals.page_out_of_range(page, pages)
    pagination = {
        "page": page,
        "pages": pages,
        "per_page": per_page,
        "items": len(rows),
        "urls": _page_links(request, page, pages, per_page),
    }
    return rows[(page - 1) * per_page : page * per_page], pagination


def _page_links(request: Request, page: int, pages: int, per_page: int) -> dict[str, str]:
    targets: dict[str, int] = {}
    if page > 1:
        targets |= {"first": 1, "prev": page - 1}
    if page < pages:
        targets |= {"last": pages, "next": page + 1}
    kept = {key: value for key, value in request.query.items() if key not in ("page", "per_page")}
    address = request.base_url + quote(request.path)
    return {
        name: f"{address}?{urlencode(kept | {'page': target, 'per_page': per_page})}"
        for name, target in targets.items()
    }


def _decoded(path: str) -> str:
    # WSGI servers hand over the bytes of the path as Latin-1; httpx's transport hands over the text itself.
    try:
        return path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return path


def _read_body(environ: WSGIEnvironment) -> bytes | None:
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isascii() and length.isdigit() else 0
    if size > LARGEST_BODY:
        # Read and dropped, so that the client gets an answer and not a reset connection.
        environ["wsgi.input"].read(min(size, _DRAINED))
        return None
    body: bytes = environ["wsgi.input"].read(size) if size else b""
    return body
