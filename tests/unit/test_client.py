"""Each call is the one that Discogs documents, and carries what Discogs asks for."""

from typing import Any

import httpx
import pytest

from discotui import __version__
from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.errors import BadAnswer, BadSetting, Interrupted, NotFound
from tests.recorded import recorded
from tests.unit.stub import SECRET, Stub, answer, client_of

ALL = {"id": 0, "name": "All", "count": 3}
FOLDER = {"id": 7, "name": "Jazz", "count": 3}
PAGINATION = {"page": 1, "pages": 1, "per_page": 100, "items": 0}
NO_ITEMS = {"pagination": PAGINATION, "releases": []}
ME = "/users/me/collection"
COPY = f"{ME}/folders/7/releases/10/instances/20"


def pages(*, number: int, of: int, items: int) -> dict[str, Any]:
    return {"pagination": {"page": number, "pages": of, "per_page": 100, "items": items}}


def copy(instance_id: int) -> dict[str, Any]:
    return {"id": 10, "instance_id": instance_id, "rating": 0, "basic_information": {}}


@pytest.mark.parametrize(
    ("method", "arguments", "body", "asked"),
    [
        ("identity", (), {"id": 1, "username": "me"}, "/oauth/identity"),
        ("folders", ("me",), {"folders": [ALL, FOLDER]}, f"{ME}/folders"),
        ("folder", ("me", 7), FOLDER, f"{ME}/folders/7"),
        ("fields", ("me",), {"fields": []}, f"{ME}/fields"),
        ("value", ("me",), {"minimum": "£1"}, f"{ME}/value"),
        ("instances", ("me", 10), NO_ITEMS, f"{ME}/releases/10?page=1&per_page=100"),
        (
            "items",
            ("me", 0),
            NO_ITEMS,
            f"{ME}/folders/0/releases?page=1&per_page=100&sort=added&sort_order=desc",
        ),
        ("release", (10,), {"id": 10}, "/releases/10"),
    ],
)
def test_a_reading_call_asks_its_address(method: str, arguments: tuple[Any, ...], body: object, asked: str) -> None:
    stub = Stub(answer(200, body))
    with client_of(stub) as client:
        getattr(client, method)(*arguments)
        getattr(client, method)(*arguments, background=True)
    assert stub.asked == [f"GET {asked}"] * 2
    assert stub.sent == [None, None]


@pytest.mark.parametrize(
    ("method", "arguments", "reply", "asked", "sent"),
    [
        ("create_folder", ("me", "Jazz"), answer(201, FOLDER), f"POST {ME}/folders", {"name": "Jazz"}),
        ("rename_folder", ("me", 7, "Bop"), answer(200, FOLDER), f"POST {ME}/folders/7", {"name": "Bop"}),
        ("delete_folder", ("me", 7), answer(204), f"DELETE {ME}/folders/7", None),
        ("add", ("me", 7, 10), answer(201, {"instance_id": 20}), f"POST {ME}/folders/7/releases/10", None),
        ("rate", ("me", 7, 10, 20, 5), answer(204), f"POST {COPY}", {"rating": 5}),
        ("move", ("me", 7, 10, 20, 8), answer(204), f"POST {COPY}", {"folder_id": 8}),
        ("remove", ("me", 7, 10, 20), answer(204), f"DELETE {COPY}", None),
        ("set_field", ("me", 7, 10, 20, 3, "ニア"), answer(204), f"POST {COPY}/fields/3", {"value": "ニア"}),
        ("set_field", ("me", 7, 10, 20, 3, ""), answer(204), f"POST {COPY}/fields/3", {"value": ""}),
        ("set_field", ("me", 7, 10, 20, 3, "\ud83d"), answer(204), f"POST {COPY}/fields/3", {"value": "\ud83d"}),
    ],
)
def test_a_writing_call_sends_its_body(
    method: str, arguments: tuple[Any, ...], reply: httpx.Response, asked: str, sent: object
) -> None:
    stub = Stub(reply)
    getattr(client_of(stub), method)(*arguments)
    assert stub.asked == [asked]
    assert stub.sent == [sent]


@pytest.mark.parametrize("reply", [answer(200, b"plain"), answer(201, b'{"cut'), answer(200, b"x" * (9 << 20))])
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("rate", (7, 10, 20, 5)),
        ("move", (7, 10, 20, 8)),
        ("set_field", (7, 10, 20, 3, "VG")),
        ("remove", (7, 10, 20)),
        ("delete_folder", (7,)),
    ],
)
def test_a_change_that_only_needs_a_status_ignores_the_body(
    method: str, arguments: tuple[Any, ...], reply: httpx.Response
) -> None:
    stub = Stub(reply)
    getattr(client_of(stub), method)("me", *arguments)
    assert len(stub.requests) == 1


def test_answers_are_given_as_models() -> None:
    client = client_of(Stub(lambda _request: answer(200, FOLDER)))
    assert client.folder("me", 7).name == "Jazz"
    assert client.rename_folder("me", 7, "Jazz").count == 3
    assert client_of(Stub(answer(201, {"instance_id": 20}))).add("me", 7, 10).instance_id == 20


def test_a_recorded_page_comes_through_whole() -> None:
    client = client_of(Stub(answer(200, recorded("collection-2023-page1-of-48.json"))))
    read = client.items("brotherlogic", 0)
    assert len(read.releases) == 100
    assert sum(len(item.notes or ()) for item in read.releases) == 427


def test_all_pages_of_copies_are_read() -> None:
    first = pages(number=1, of=2, items=102) | {"releases": [copy(number) for number in range(1, 101)]}
    second = pages(number=2, of=2, items=102) | {"releases": [copy(101), copy(102)]}
    stub = Stub(answer(200, first), answer(200, second))
    assert [item.instance_id for item in client_of(stub).instances("me", 10)] == list(range(1, 103))
    assert stub.asked[1] == f"GET {ME}/releases/10?page=2&per_page=100"


def test_copies_without_end_are_a_bad_answer() -> None:

    def page(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        copies = [copy(number * 100 + each) for each in range(100)]
        return answer(200, pages(number=number, of=999, items=99_900) | {"releases": copies})

    stub = Stub(page)
    with pytest.raises(BadAnswer):
        client_of(stub).instances("me", 10)
    assert len(stub.requests) == 10


def test_a_search_asks_for_releases_and_only_for_what_was_given() -> None:
    stub = Stub(answer(200, {"pagination": PAGINATION, "results": []}))
    client = client_of(stub)
    client.search("a b&c", page=2)
    client.search(barcode="5018524063819", catno="AS-9203", artist="Björk", title="\udcff", per_page=5)
    first, second = (dict(request.url.params) for request in stub.requests)
    assert first == {"q": "a b&c", "type": "release", "page": "2", "per_page": "50"}
    assert second == {
        "barcode": "5018524063819",
        "catno": "AS-9203",
        "artist": "Björk",
        "release_title": "?",
        "type": "release",
        "page": "1",
        "per_page": "5",
    }


def test_every_request_tells_who_we_are_and_carries_the_token_in_the_header_only() -> None:
    stub = Stub(answer(200, FOLDER))
    client_of(stub).folder("me", 7)
    request = stub.requests[0]
    assert request.headers["Authorization"] == f"Discogs token={SECRET}"
    assert request.headers["User-Agent"] == f"discotui/{__version__} +https://github.com/discotui/discotui"
    assert request.headers["Accept"] == "application/vnd.discogs.v2.discogs+json"
    assert SECRET not in str(request.url)
    assert request.url.host == "api.discogs.com"


def test_a_stranger_sends_no_authorization_and_has_22_requests_a_minute() -> None:
    stub = Stub(answer(200, FOLDER))
    client = DiscogsClient(None, transport=stub)
    assert client.throttle.left == 22
    assert client.is_stranger
    client.folder("me", 7)
    assert "Authorization" not in stub.requests[0].headers
    assert DiscogsClient(Token(SECRET), transport=stub).throttle.left == 54


@pytest.mark.parametrize(
    ("user", "quoted"),
    [
        ("a/b", "a%2Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("Jürgen", "J%C3%BCrgen"),
        ("\udcff", "%3F"),
        ("a b\n", "a%20b%0A"),
    ],
)
def test_a_user_name_stays_one_step_of_the_path(user: str, quoted: str) -> None:
    stub = Stub(answer(200, FOLDER))
    client_of(stub).folder(user, 7)
    assert stub.asked == [f"GET /users/{quoted}/collection/folders/7"]


@pytest.mark.parametrize("user", ["", " ", ".", ".."])
def test_a_user_name_that_would_lead_elsewhere_is_not_asked_for(user: str) -> None:
    stub = Stub(answer(200, FOLDER))
    with pytest.raises(NotFound):
        client_of(stub).folder(user, 0)
    assert stub.requests == []


@pytest.mark.parametrize("number", [-1, True])
def test_a_number_that_discogs_did_not_give_is_never_sent(number: int) -> None:
    stub = Stub(answer(204))
    client = client_of(stub)
    with pytest.raises(ValueError, match="no id"):
        client.remove("me", 1, 10, number)
    with pytest.raises(ValueError, match="no id"):
        client.move("me", 1, 10, 20, number)
    assert stub.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "https://api.discogs.com",
        "https://api.discogs.com/",
        "HTTPS://proxy.example/discogs",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://[::1]:8080/",
        "http://localhost:1",
        "HTTP://LOCALHOST:65535",
        "https://API.DISCOGS.COM:8443",
        "https://[2001:db8::1]",
        "https://xn--dscogs-pvf.example",
    ],
)
def test_https_and_this_machine_may_be_asked(address: str) -> None:
    stub = Stub(answer(200, FOLDER))
    client = DiscogsClient(None, base_url=address, transport=stub)
    client.folder("me", 7)
    assert str(stub.requests[0].url) == f"{client.base_url}/users/me/collection/folders/7"
    assert client.base_url == address.lower().rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.discogs.com",
        "http://api.discogs.com",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "http://[::2]",
        "http://localhost.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://",
        "https://somebody:hidden@api.discogs.com",
        "https://api.discogs.com@elsewhere.example",
        "https://api.discogs.com?token=hidden",
        "https://api.discogs.com?",
        "https://api.discogs.com#x",
        "http://127.0.0.1\\@elsewhere.example",
        "https://api.discogs.com:port",
        "https://api.discogs.com\n",
        # what only looks like this machine
        "http://127.0.0.1.evil.example",
        "http://localhost.evil",
        "http://localhost.",
        "http://127.0.0.1.",
        "http://127.1",
        "http://2130706433",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://127.000.000.001",
        "http://0",
        "http://0.0.0.0",
        "http://[::]",
        "http://[::ffff:127.0.0.1]",
        "http://[::1%25lo]",
        "http://[::1]evil",
        "http://127.0.0.1%00.evil",
        "http://127.0.0.1%2eevil.example",
        "http://127.0.0.1 .evil",
        "http://127.0.0.1\t.evil",
        "http://127.0.0.1;evil",
        "http://127.0.0.1,evil",
        "http://127.0.0.1%2f@evil",
        "http://127.0.0.1?@evil",
        "http://localhos\u212a",
        "http://localhost\u3002",
        "http://\uff11\uff12\uff17.0.0.1",
        "//127.0.0.1",
        "http:127.0.0.1",
        "http:///127.0.0.1",
        "ws://127.0.0.1",
        # what only looks like Discogs
        "https://api.discogs.com.",
        "https://api.d\u0456scogs.com",
        "https://api\u3002discogs\u3002com",
        "https://\uff41\uff50\uff49.discogs.com",
        "https://api.discogs.com/\u202egpj",
        "https://api.discogs.com\x00",
        "https://api.discogs.com/\x1b[31m",
        "https://api discogs.com",
        "https://*",
        "https://.discogs.com",
        "https:///api.discogs.com",
        "http://xn--localhost",
        # no port
        "https://api.discogs.com:0",
        "https://api.discogs.com:-1",
        "https://api.discogs.com:99999",
        "https://api.discogs.com:443:443",
        "https://api.discogs.com:\u0664\u0664\u0663",
    ],
    ids=ascii,
)
def test_other_addresses_are_refused_without_repeating_a_secret(address: str) -> None:
    with pytest.raises(BadSetting) as caught:
        DiscogsClient(Token(SECRET), base_url=address, transport=Stub(answer(200)))
    assert caught.value.name == "DISCOTUI_API_URL"
    assert "hidden" not in str(caught.value)
    assert caught.value.value.isascii()
    assert caught.value.value.isprintable()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SSL_CERT_FILE", "/nowhere/at-all.pem"), ("HTTPS_PROXY", "gopher://somebody:hidden@proxy.example")],
)
def test_an_environment_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as caught:
        DiscogsClient(None)
    assert caught.value.name == variable
    assert "hidden" not in str(caught.value)


def test_on_loopback_no_proxy_is_given_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy.example")
    with DiscogsClient(Token(SECRET), base_url="http://127.0.0.1:9") as client:
        assert client.base_url == "http://127.0.0.1:9"


def test_nothing_is_sent_after_stop_or_close() -> None:
    stub = Stub(answer(200, FOLDER))
    stopped, closed = client_of(stub), client_of(stub)
    stopped.stop()
    closed.close()
    for client in (stopped, closed):
        with pytest.raises(Interrupted):
            client.folder("me", 7)
        with pytest.raises(Interrupted):
            client.rate("me", 7, 10, 20, 5)
    assert stub.requests == []
