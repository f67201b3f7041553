"""Sending one request and taking in its answer: the only module that knows httpx.

Errors raised here and above never hold a request, since that holds the token: they are raised outside the
``except`` block, so that neither their cause nor their context leads to a frame of the HTTP library.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import socket
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from discotui import __version__
from discotui.credentials import Token
from discotui.discogs.answers import Answer, failure
from discotui.discogs.throttle import Throttle
from discotui.errors import BadAnswer, BadSetting, Interrupted, NotLoggedIn, Offline

if TYPE_CHECKING:
    import httpcore

USER_AGENT = f"discotui/{__version__} +https://github.com/discotui/discotui"
MEDIA_TYPE = "application/vnd.discogs.v2.discogs+json"
LARGEST_BODY = 8 * 1024 * 1024
LONGEST_ANSWER = 120.0
"""Seconds for a whole answer: the read time-out alone allows one byte every 29 seconds, for ever."""

PAUSES = (10.0, 20.0, 40.0, 60.0, 60.0)
"""Seconds to wait after each 429 in a row that does not say how long."""

_TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=30)
LAST_PORT = 65535
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_LOOPBACK_V4 = ipaddress.ip_network("127.0.0.0/8")
_LOOPBACK_V6 = ipaddress.ip_address("::1")
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


class _TokenHeader(httpx.Auth):
    """Writes the Authorization header into each request; nothing longer-lived holds the secret."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Discogs token={self._token.reveal()}"
        yield request


def in_memory(app: Callable[..., Iterable[bytes]]) -> httpx.BaseTransport:
    """A way to a WSGI application in this process, in place of the network."""
    return httpx.WSGITransport(app=app)


class UnusableBodyError(Exception):
    """The body is too large, cut short or wrongly packed."""


class Transport:
    """Sends requests, each in its turn, waits out 429s and gives back successful answers only.

    Attributes:
        throttle: Shared with whoever shows how many requests are left.
        base_url: Without a slash at the end.
    """

    def __init__(
        self,
        token: Token | None,
        base_url: str,
        transport: httpx.BaseTransport | None,
        throttle: Throttle,
    ) -> None:
        """Prepare; nothing is sent.

        Raises:
            BadSetting: The address is not one that may be given the token, or the environment names a proxy
                or certificates that cannot be used.
        """
        self.base_url = checked_address(base_url)
        self.throttle = throttle
        self._token = token
        self._closed = False
        self._streams: deque[httpcore.NetworkStream] = deque(maxlen=8)
        # A proxy would be given the token in the clear if there is no TLS; on loopback none is needed.
        self._http = _open(transport, trust_env=self.base_url.startswith("https:"))

    def break_off(self) -> None:
        """End the request under way, if any: its call raises Offline, and what it did is not known."""
        for stream in list(self._streams):
            line = stream.get_extra_info("socket")
            if line is not None:
                with suppress(OSError):
                    # Closing would not wake a thread that waits for bytes; this does.
                    line.shutdown(socket.SHUT_RDWR)

    def _watch(self, event: str, info: dict[str, Any]) -> None:
        """Know the connections, to be able to break them off."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._streams.append(info["return_value"])

    def close(self) -> None:
        """Close the connections; later calls raise Interrupted."""
        self._closed = True
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, str | int] | None = None,
        background: bool = False,
        body_matters: bool = True,
    ) -> Answer:
        """Make one call.

        Args:
            method: GET, POST or DELETE; all but GET change something.
            path: From the first slash, quoted.
            params: The query.
            body: Sent as JSON.
            background: See :meth:`Throttle.turn`.
            body_matters: False where a 2xx says it all: then a body that cannot be read is taken as empty.

        Returns:
            An answer of status 2xx.

        Raises:
            DiscogsError: Every other outcome, see :mod:`discotui.errors`.
        """
        pauses = iter(PAUSES)
        while True:
            with self.throttle.turn(background):
                answer = self._exchange(method, path, params, body, body_matters)
                self._learn(answer)
                if answer.is_success:
                    return answer
                pause = None
                if answer.status == httpx.codes.TOO_MANY_REQUESTS:
                    pause = next(pauses, None)
                    self.throttle.hold(answer.retry_after or pause or PAUSES[-1])
            if pause is None:
                raise failure(answer)

    def _exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, str | int] | None,
        body_matters: bool,
    ) -> Answer:
        """Send once and take in the answer, whatever its status."""
        if self._closed:
            raise Interrupted("the client is closed")
        if self._token and not self._token.is_plausible:
            # A line break cannot stand in a header, and the library's complaint would quote the token.
            raise NotLoggedIn("this is not a token")
        to_write = method != "GET"
        problem: Exception
        try:
            request = self._request(method, path, params, body)
            response = self._http.send(request, auth=_TokenHeader(self._token) if self._token else None, stream=True)
            try:
                return Answer(response.status_code, response.headers, self._body(response, body_matters), to_write)
            finally:
                response.close()
        except _NEVER_SENT as fault:
            problem = Offline(self._words(fault))
        except (httpx.HTTPError, OSError) as fault:
            problem = Offline(self._words(fault), may_have_happened=to_write)
        except UnusableBodyError as fault:
            problem = BadAnswer(str(fault), may_have_happened=to_write)
        except Exception as fault:
            problem = Interrupted("the client is closed") if self._closed else _bare(fault)
        raise problem

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, str | int] | None,
    ) -> httpx.Request:
        url = self.base_url + path
        watched = {"trace": self._watch}
        if body is None:
            return self._http.build_request(method, url, params=params, extensions=watched)
        # ASCII only: then any text can be sent, halves of surrogate pairs too.
        content = json.dumps(body).encode("ascii")
        headers = {"Content-Type": "application/json"}
        return self._http.build_request(
            method, url, params=params, content=content, headers=headers, extensions=watched
        )

    def _body(self, response: httpx.Response, body_matters: bool) -> bytes:
        """The decoded body, cleaned of the token should an error's page quote it."""
        try:
            body = unpacked(self._chunks(response), response.headers.get("content-encoding", ""))
        except (UnusableBodyError, httpx.HTTPError):
            # What the status says counts more than a broken explanation.
            if response.is_client_error or response.is_server_error or (response.is_success and not body_matters):
                return b""
            raise
        if self._token and not response.is_success:
            return body.replace(self._token.reveal().encode(), b"...")
        return body

    def _chunks(self, response: httpx.Response) -> Iterable[bytes]:
        """The body still packed: the library would unpack a bomb before we can count."""
        started = self.throttle.clock()
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - for the type, nothing else comes
        for chunk in response.stream:
            if self.throttle.clock() - started > LONGEST_ANSWER:
                raise httpx.ReadTimeout("the answer did not end")
            yield chunk

    def _learn(self, answer: Answer) -> None:
        self.throttle.seen(
            answer.number("x-discogs-ratelimit"),
            answer.number("x-discogs-ratelimit-used"),
            answer.number("x-discogs-ratelimit-remaining"),
        )

    def _words(self, fault: Exception) -> str:
        """What the library says, unless that may quote our headers."""
        kind = type(fault).__name__
        if isinstance(fault, httpx.LocalProtocolError):
            return kind
        text = f"{kind}: {fault}"
        return text.replace(self._token.reveal(), "...") if self._token else text


_SECRETIVE = "@?#\\"
"""Where one of these stands, something may follow or stand before it that is nobody else's business."""


def checked_address(text: str) -> str:
    """The API's address without a slash at the end.

    Raises:
        BadSetting: Neither https, nor http on this machine; or with a user, a query or a fragment; or one that
            could be taken for another, as names in foreign letters can.
    """
    name, wanted = "DISCOTUI_API_URL", "an address such as https://api.discogs.com"
    try:
        url = httpx.URL(text)
        scheme, host, port = url.scheme, url.raw_host.decode("ascii"), url.port
    except (httpx.InvalidURL, TypeError, ValueError):
        raise BadSetting(name, text if _is_plain(text) else "", wanted) from None
    shown = text if _is_plain(text) else f"{scheme}://{host}"
    if any(mark in text for mark in _SECRETIVE) or url.userinfo:
        raise BadSetting(name, shown, "an address without user, password, query and fragment")
    if not text.isascii() or not _is_host(host) or not 0 < (1 if port is None else port) <= LAST_PORT:
        raise BadSetting(name, shown, wanted)
    if scheme != "https" and not (scheme == "http" and _is_loopback(host)):
        raise BadSetting(name, shown, "https, or http on this machine (127.0.0.1, ::1, localhost)")
    return str(url).rstrip("/")


def _is_plain(text: str) -> bool:
    """Whether an address can be shown as it was typed: it has no place for a password, and looks like what it is."""
    return text.isascii() and text.isprintable() and not any(mark in text for mark in _SECRETIVE)


def unpacked(chunks: Iterable[bytes], encoding: str) -> bytes:
    """Join the pieces of a body, gunzip them, and never hold more than 8 MiB.

    Raises:
        UnusableBodyError: Too large, cut short, or packed otherwise than by gzip, which is all we ask for.
    """
    if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
        raise UnusableBodyError("packed in a way that was not asked for")
    gunzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if "gzip" in encoding.lower() else None
    body, received = bytearray(), 0
    try:
        for chunk in chunks:
            if gunzip and gunzip.eof:
                # zlib would keep all of it, for as long as it comes.
                raise UnusableBodyError("longer than its packing")
            received += len(chunk)
            body += gunzip.decompress(chunk, LARGEST_BODY + 1 - len(body)) if gunzip else chunk
            if max(received, len(body)) > LARGEST_BODY:
                raise UnusableBodyError("larger than 8 MiB")
    except zlib.error:
        raise UnusableBodyError("wrongly packed") from None
    if gunzip and body and not gunzip.eof:
        raise UnusableBodyError("cut short")
    return bytes(body)


def _is_host(host: str) -> bool:
    return _NAME.fullmatch(host) is not None or isinstance(_ip_address(host), ipaddress.IPv6Address)


def _is_loopback(host: str) -> bool:
    address = _ip_address(host)
    return host == "localhost" or address == _LOOPBACK_V6 or (address is not None and address in _LOOPBACK_V4)


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _open(transport: httpx.BaseTransport | None, *, trust_env: bool) -> httpx.Client:
    """The one httpx client.

    Raises:
        BadSetting: The environment names certificates or a proxy that cannot be used. A proxy's address is
            not shown: it may hold a password.
    """
    problem: BadSetting
    headers = {"User-Agent": USER_AGENT, "Accept": MEDIA_TYPE, "Accept-Encoding": "gzip"}
    try:
        return httpx.Client(
            transport=transport,
            headers=headers,
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=trust_env,
        )
    except OSError:
        names = ("SSL_CERT_FILE", "SSL_CERT_DIR")
        name = next((name for name in names if os.environ.get(name)), names[0])
        problem = BadSetting(name, os.environ.get(name, ""), "a file or folder of certificates")
    except (ImportError, ValueError, httpx.InvalidURL):
        problem = BadSetting("HTTPS_PROXY", "", "an http:// or https:// address of a proxy")
    raise problem


def _bare(fault: Exception) -> Exception:
    """A fault of the program, not of the line: seen as it is, but without the frames that hold headers."""
    fault.__cause__ = fault.__context__ = None
    return fault.with_traceback(None)
