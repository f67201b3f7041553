"""A canary for a token: it goes out in one header, and is found nowhere else."""

import io
import logging
import socket
import threading
import traceback
from collections.abc import Callable

import httpx
import pytest
from rich.console import Console
from rich.traceback import Traceback

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from tests.unit.stub import SECRET, Reply, Stub, answer, client_of


def echo(status: int) -> Callable[[httpx.Request], httpx.Response]:
    """An answer that quotes our header back."""
    return lambda request: answer(
        status, {"message": request.headers["Authorization"], "detail": [request.headers["Authorization"]]}
    )


def fail_with_header(request: httpx.Request) -> httpx.Response:
    header = request.headers["Authorization"]
    raise httpx.ReadError(f"while sending {header}", request=request)


def complain_of_header(request: httpx.Request) -> httpx.Response:
    raise httpx.LocalProtocolError(f"Illegal header value {request.headers['Authorization']!r}")


def stumble_with_header(request: httpx.Request) -> httpx.Response:
    header = request.headers["Authorization"]
    raise KeyError(len(header))


def everything_shown(error: BaseException) -> str:
    """The error as any logger, crash screen or careless caller could show it."""
    shown = [repr(error), str(error), repr(vars(error)), repr(error.args)]
    shown += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    seen: BaseException | None = error
    while seen is not None:
        shown += traceback.TracebackException.from_exception(seen, capture_locals=True).format()
        seen = seen.__context__
    screen = Console(file=io.StringIO(), width=400)
    screen.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    assert isinstance(screen.file, io.StringIO)
    return "\n".join([*shown, screen.file.getvalue()])


@pytest.mark.parametrize(
    "reply",
    [
        *(echo(status) for status in (302, 400, 401, 403, 404, 422, 429, 500)),
        echo(200),
        answer(200, b'{"cut'),
        answer(200, b"x" * (9 << 20)),
        fail_with_header,
        stumble_with_header,
        httpx.ConnectError("no"),
        httpx.ReadTimeout("late"),
        complain_of_header,
    ],
)
def test_no_error_shows_the_token(reply: Reply) -> None:
    stub = Stub(reply)
    client = client_of(stub)
    for call in (lambda: client.folder("me", 7), lambda: client.add("me", 7, 10)):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - every kind is looked at alike
            call()
        shown = everything_shown(caught.value)
        assert "test_client_secrets" in shown
        assert SECRET not in shown
    assert stub.requests[0].headers["Authorization"].endswith(SECRET)


def test_a_broken_token_is_not_shown_either() -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it must not show the token
        client_of(Stub(answer(200)), secret=f"{SECRET}\n{SECRET}").folder("me", 7)
    assert SECRET not in everything_shown(caught.value)


def test_neither_the_client_nor_its_parts_show_the_token() -> None:
    client = client_of(Stub(answer(200)))
    parts = [client, *vars(client).values(), *vars(vars(client)["_transport"]).values()]
    assert len(parts) > 5
    assert SECRET not in repr(parts)


def test_nothing_is_logged_that_shows_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    received = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _peer = listener.accept()
        with connection:
            received.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    port = listener.getsockname()[1]
    with DiscogsClient(Token(SECRET), base_url=f"http://127.0.0.1:{port}") as client:
        client.rate("me", 7, 10, 20, 5)
    thread.join(30)
    listener.close()
    assert SECRET.encode() in received[0]
    assert caplog.records
    assert SECRET not in caplog.text
