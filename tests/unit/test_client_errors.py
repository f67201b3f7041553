"""Whatever comes back, or does not, is one error of the tree, which tells whether a change may have happened."""

import gzip
import json
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.errors import (
    BadAnswer,
    DiscogsError,
    Forbidden,
    Interrupted,
    NotFound,
    NotLoggedIn,
    Offline,
    Refused,
    ServerFault,
)
from tests.unit.stub import SECRET, Reply, Stub, answer, client_of
from tests.virtual import VirtualClock

FOLDER = {"id": 7, "name": "Jazz", "count": 3}
MEBIBYTE = 1 << 20


def read(client: DiscogsClient) -> object:
    return client.folder("me", 7)


def write(client: DiscogsClient) -> object:
    client.rate("me", 7, 10, 20, 5)
    return None


def make(client: DiscogsClient) -> object:
    return client.create_folder("me", "Jazz")


CALLS = pytest.mark.parametrize("call", [read, write, make])
Call = Callable[[DiscogsClient], object]


def error_of(call: Call, *replies: Reply) -> DiscogsError:
    with pytest.raises(DiscogsError) as caught:
        call(client_of(Stub(*replies)))
    return caught.value


# --- what the status says -----------------------------------------------------------------------------------


@CALLS
@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (401, NotLoggedIn, "You must authenticate to access this resource."),
        (403, Forbidden, "You are not allowed to view this resource."),
        (404, NotFound, "The requested folder does not exist."),
        (400, Refused, "Bad request"),
        (405, Refused, "Method not allowed"),
        (409, Refused, "Conflict"),
        (422, Refused, 'See "detail" for validation errors.'),
        (418, Refused, "[red]\x1b[31m"),
    ],
)
def test_a_refusal_is_told_in_the_servers_words_and_nothing_happened(
    call: Call, status: int, kind: type[DiscogsError], message: str
) -> None:
    error = error_of(call, answer(status, {"message": message}))
    assert type(error) is kind
    assert error.message == message
    assert not error.may_have_happened


@pytest.mark.parametrize(
    ("detail", "details"),
    [
        (["One.", "Two."], ("One.", "Two.")),
        ([{"loc": ["body", "rating"], "msg": "too large"}], ("body.rating: too large",)),
        ([{"loc": ["body", 0], "msg": "odd"}, {"msg": "no place"}, {"loc": [], "msg": "nowhere"}],
         ("body.0: odd", "no place", "nowhere")),
        ({"rating": ["too large", "not a number"]}, ("rating: too large", "rating: not a number")),
        ({"rating": "too large"}, ("rating: too large",)),
        ("Invalid value.", ("Invalid value.",)),
        ("", ()),
        (None, ()),
        (7, ()),
        ([None, 7, [], {}], ()),
        ([["deep"]], ("deep",)),
        ([[[[[[[["too deep"]]]]]]]], ()),
        (["x"] * 1000, ("x",) * 20),
    ],
)  # fmt: skip
def test_the_details_of_a_refusal_are_read_in_every_shape(detail: object, details: tuple[str, ...]) -> None:
    error = error_of(write, answer(422, {"message": "See detail", "detail": detail}))
    assert isinstance(error, Refused)
    assert error.details == details


def test_half_a_surrogate_pair_in_a_refusal_can_be_kept() -> None:
    error = error_of(
        write, answer(422, b'{"message": "a\\ud83d", "detail": ["\\udc00b", {"loc": ["\\ud800"], "msg": "c"}]}')
    )
    assert isinstance(error, Refused)
    assert (error.message, error.details) == ("a?", ("?b", "?: c"))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"message": 7}', b'{"mess', b"[" * 100_000, b"\xff"])
def test_a_refusal_without_usable_words_is_known_by_its_status(body: bytes) -> None:
    assert error_of(read, answer(404, body)).message == "HTTP 404"
    assert type(error_of(read, answer(404, body))) is NotFound


@CALLS
@pytest.mark.parametrize(
    "reply",
    [
        answer(403, b"<html>Attention Required!</html>", {"Content-Type": "text/html; charset=UTF-8"}),
        answer(403, b"\n <!DOCTYPE html>"),
    ],
)
def test_a_page_that_forbids_is_the_networks_fault_and_not_the_accounts(call: Call, reply: httpx.Response) -> None:
    error = error_of(call, reply)
    assert isinstance(error, ServerFault)
    assert error.status == 403
    assert not error.may_have_happened


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_a_server_fault_leaves_the_outcome_of_a_change_open(status: int) -> None:
    for call, open_outcome in ((read, False), (write, True), (make, True)):
        error = error_of(call, answer(status, b"<html>Bad gateway</html>"))
        assert isinstance(error, ServerFault)
        assert error.status == status
        assert error.may_have_happened is open_outcome


@CALLS
@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/",
        "http://api.discogs.com/users/me/collection/folders/7",
        "https://api.discogs.com/users/me/collection/folders/7",
        "//elsewhere.example/",
        "/oauth/identity",
        "",
        "http://127.0.0.1:1/",
        "https://api.discogs.com@elsewhere.example/",
        "\u0456",
    ],
    ids=ascii,
)
def test_a_redirect_is_not_followed_and_leaves_the_outcome_of_a_change_open(
    call: Call, status: int, location: str
) -> None:
    stub = Stub(httpx.Response(status, headers=[(b"Location", location.encode())]))
    with pytest.raises(BadAnswer) as caught:
        call(client_of(stub))
    assert [request.url.host for request in stub.requests] == ["api.discogs.com"]
    assert caught.value.may_have_happened is (call is not read)


# --- bodies that cannot be used -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>It works</html>",
        b'{"id": 7, "name": "Ja',
        b'{"id": "7"}',
        b"null",
        b"[]",
        b'{"id": 7, "name": "\xff"}',
        b'{"id": 7, "x": ' + b"[" * 100_000,
        b'{"id": 7, "x": "\\ud800", "y": ' + b"[" * 100_000,
        b'{"id": "\\ud800"}',
        json.dumps(FOLDER).encode() + b" " * (8 * MEBIBYTE),
    ],
)
@pytest.mark.parametrize(("call", "open_outcome"), [(read, False), (make, True)])
def test_an_unusable_body_is_a_bad_answer(call: Call, open_outcome: bool, body: bytes) -> None:
    error = error_of(call, answer(200, body))
    assert type(error) is BadAnswer
    assert error.may_have_happened is open_outcome


def test_the_fault_is_named_by_its_place_and_not_by_its_content() -> None:
    error = error_of(read, answer(200, {"id": "private words", "name": "Jazz"}))
    assert error.message.startswith("id: ")
    assert "private" not in error.message


def test_eight_mebibytes_are_accepted() -> None:
    body = json.dumps(FOLDER).encode()
    client_of(Stub(answer(200, body.ljust(8 * MEBIBYTE)))).folder("me", 7)


def test_half_a_surrogate_pair_does_not_make_an_answer_unreadable() -> None:
    client = client_of(Stub(answer(200, b'{"id": 7, "name": "\\uD83C\\uDFB7 \\uD83C"}')))
    assert client.folder("me", 7).name == "\N{SAXOPHONE} ?"


def packed(body: bytes) -> Reply:
    return lambda _request: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(body))


def test_gzip_is_unpacked() -> None:
    assert client_of(Stub(packed(gzip.compress(json.dumps(FOLDER).encode())))).folder("me", 7).name == "Jazz"


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(json.dumps(FOLDER).encode() + b" " * (64 * MEBIBYTE)),
        gzip.compress(json.dumps(FOLDER).encode())[:-9],
        b"not gzip",
        # packed, it is larger than it is ever to be unpacked: blocks that hold nothing
        zlib.compress(b"", wbits=31)[:10] + b"\x00\x00\x00\xff\xff" * (2 * MEBIBYTE),
    ],
    ids=len,
)
def test_bombs_and_broken_packings_are_bad_answers(body: bytes) -> None:
    assert type(error_of(read, packed(body))) is BadAnswer


def test_a_bomb_is_given_up_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(b" " * (200 * MEBIBYTE))
    tracemalloc.start()
    try:
        with pytest.raises(BadAnswer):
            read(client_of(Stub(packed(bomb))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * MEBIBYTE


def test_what_comes_after_the_packing_is_not_collected() -> None:
    given: list[int] = []

    def chunks() -> Iterator[bytes]:
        yield gzip.compress(b"{}")
        for number in range(1000):
            given.append(number)
            yield b" " * 65536

    def reply(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Pieces(chunks()))

    with pytest.raises(BadAnswer):
        read(client_of(Stub(reply)))
    assert given == [0]


def test_a_packing_that_was_not_asked_for_is_a_bad_answer() -> None:
    stub = Stub(lambda _request: httpx.Response(
        200, headers={"Content-Encoding": "deflate"}, stream=httpx.ByteStream(zlib.compress(b"{}"))
    ))  # fmt: skip
    with pytest.raises(BadAnswer):
        read(client_of(stub))
    assert stub.requests[0].headers["Accept-Encoding"] == "gzip"


class Pieces(httpx.SyncByteStream):
    """A body in the pieces given."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces


class Trickle(httpx.SyncByteStream):
    """One byte in 29 seconds, for ever."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.clock.now += 29
            yield b" "

    def close(self) -> None:
        self.closed = True


def test_an_answer_that_never_ends_is_given_up() -> None:
    clock = VirtualClock()
    begun = clock.now
    stream = Trickle(clock)
    with pytest.raises(Offline):
        read(client_of(Stub(httpx.Response(200, stream=stream)), clock))
    assert clock.now - begun <= 150
    assert stream.closed


class Broken(httpx.SyncByteStream):
    """Some bytes, then a reset."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"id": 7'
        raise httpx.ReadError("reset")


@pytest.mark.parametrize(
    ("status", "call", "kind", "open_outcome"),
    [
        (200, read, Offline, False),
        (201, make, Offline, True),
        (404, write, NotFound, False),
        (500, make, ServerFault, True),
    ],
)
def test_an_answer_that_breaks_off_still_tells_what_its_status_told(
    status: int, call: Call, kind: type[DiscogsError], open_outcome: bool
) -> None:
    error = error_of(call, httpx.Response(status, stream=Broken()))
    assert type(error) is kind
    assert error.may_have_happened is open_outcome


def test_a_change_whose_empty_answer_breaks_off_has_happened() -> None:
    stub = Stub(httpx.Response(204, stream=Broken()))
    write(client_of(stub))
    assert len(stub.requests) == 1


# --- no answer ----------------------------------------------------------------------------------------------


@CALLS
@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectTimeout("timed out"),
        httpx.PoolTimeout("busy"),
        httpx.UnsupportedProtocol("odd"),
        httpx.ProxyError("407 Proxy Authentication Required"),
        httpx.LocalProtocolError("ours"),
    ],
)
def test_without_a_connection_nothing_can_have_happened(call: Call, fault: httpx.TransportError) -> None:
    error = error_of(call, fault)
    assert type(error) is Offline
    assert not error.may_have_happened


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout("timed out"),
        httpx.WriteTimeout("timed out"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.CloseError("odd"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        ConnectionResetError("reset"),
    ],
)
def test_a_connection_lost_on_the_way_leaves_the_outcome_of_a_change_open(fault: Exception) -> None:
    for call, open_outcome in ((read, False), (write, True), (make, True)):
        error = error_of(call, fault)
        assert type(error) is Offline
        assert error.may_have_happened is open_outcome


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html; charset=UTF-8"}, {}])
def test_a_page_is_no_confirmation_of_a_change(headers: dict[str, str]) -> None:
    error = error_of(write, answer(200, b"\n<html>Blocked by your company</html>", headers))
    assert type(error) is BadAnswer
    assert error.may_have_happened


def test_no_call_is_repeated_by_itself_after_a_fault() -> None:
    for reply in (httpx.ConnectError("no"), httpx.ReadTimeout("late"), answer(500), answer(200, b"odd")):
        stub = Stub(reply)
        with pytest.raises(DiscogsError):
            make(client_of(stub))
        assert len(stub.requests) == 1


def test_a_fault_of_the_program_itself_stays_visible() -> None:
    with pytest.raises(ZeroDivisionError):
        read(client_of(Stub(ZeroDivisionError())))


def test_a_token_that_cannot_stand_in_a_header_is_never_sent() -> None:
    stub = Stub(answer(200, FOLDER))
    for secret in (f"{SECRET}\r\nX-Other: 1", "Zürich-Zürich", "two words", "short"):
        with pytest.raises(NotLoggedIn):
            read(client_of(stub, secret=secret))
    assert stub.requests == []


def test_closing_while_a_request_is_under_way_is_no_fault_of_the_program() -> None:
    clients: list[DiscogsClient] = []

    def close_and_fail(_request: httpx.Request) -> httpx.Response:
        clients[0].close()
        raise RuntimeError("Cannot send a request, as the client has been closed.")

    clients.append(client_of(Stub(close_and_fail)))
    with pytest.raises(Interrupted):
        read(clients[0])


# --- over a real socket ---------------------------------------------------------------------------------------


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], DiscogsClient]]:
    """A client of a server on loopback that reads one request, says these bytes and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(said: bytes) -> None:
        connection, _peer = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(said)

    def client(said: bytes) -> DiscogsClient:
        threads.append(threading.Thread(target=serve, args=(said,)))
        threads[-1].start()
        port: int = listener.getsockname()[1]
        return DiscogsClient(Token(SECRET), base_url=f"http://127.0.0.1:{port}")

    yield client
    for thread in threads:
        thread.join(30)
    listener.close()


@pytest.mark.parametrize(
    ("said", "kind", "open_outcome"),
    [
        (b"", Offline, True),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{", Offline, True),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n{", BadAnswer, True),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Offline, True),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", ServerFault, True),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", BadAnswer, True),
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", NotLoggedIn, False),
    ],
)
def test_what_a_real_server_does_is_told_alike(
    answering: Callable[[bytes], DiscogsClient], said: bytes, kind: type[DiscogsError], open_outcome: bool
) -> None:
    with answering(said) as client, pytest.raises(DiscogsError) as caught:
        make(client)
    assert type(caught.value) is kind
    assert caught.value.may_have_happened is open_outcome


def test_a_real_answer_is_read(answering: Callable[[bytes], DiscogsClient]) -> None:
    body = gzip.compress(json.dumps(FOLDER).encode())
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    with answering(head.encode() + body) as client:
        assert client.folder("me", 7).name == "Jazz"


def test_nobody_listening_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with DiscogsClient(None, base_url=f"http://127.0.0.1:{port}") as client, pytest.raises(Offline) as caught:
        make(client)
    assert not caught.value.may_have_happened


def bodies_of(kind: Any) -> list[object]:
    """One answer with each of its values replaced by others of a wrong kind."""
    wrong: list[object] = [None, True, -1, 1.5, "x", [], {}, [[]], 2**70]
    if isinstance(kind, dict):
        return [kind | {key: other} for key in kind for other in [*wrong, *bodies_of(kind[key])]] + wrong
    if isinstance(kind, list) and kind:
        return [[other] for other in bodies_of(kind[0])] + wrong
    return wrong


def test_no_mutation_of_a_page_raises_anything_but_a_bad_answer() -> None:
    item = {
        "id": 1,
        "instance_id": 2,
        "folder_id": 1,
        "rating": 3,
        "date_added": "2020-01-01T00:00:00-08:00",
        "notes": [{"field_id": 1, "value": "Mint (M)"}],
        "basic_information": {
            "title": "Blue Train",
            "year": 1957,
            "artists": [{"name": "John Coltrane", "anv": "", "join": ","}],
            "labels": [{"name": "Blue Note", "catno": "BLP 1577"}],
            "formats": [{"name": "Vinyl", "qty": "1", "descriptions": ["LP"], "text": "Mono"}],
            "genres": ["Jazz"],
        },
    }
    page = {"pagination": {"page": 1, "pages": 1, "per_page": 100, "items": 1}, "releases": [item]}
    bodies = bodies_of(page)
    assert len(bodies) > 200
    clock = VirtualClock()
    client = client_of(Stub(*(answer(200, body) for body in bodies)), clock)
    outcomes = set()
    for _ in bodies:
        try:
            client.items("me", 0)
            outcomes.add("read")
        except BadAnswer:
            outcomes.add("bad")
    assert outcomes == {"read", "bad"}
