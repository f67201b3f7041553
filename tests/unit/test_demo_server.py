"""The demo server as a server: checks and their order, errors, rate limit, tokens, faults, log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import httpx
import pytest

from discotui.demo.server import DemoServer, LogEntry
from tests.demo_data import COLLECTION, EMPTY, JAZZ, MEDIA, OWNER, TOKEN, client_of, small_server

ITEM = f"{COLLECTION}/folders/{JAZZ}/releases/1001/instances/500001"
NOT_OWNER = "You are not allowed to view this resource. Please authenticate as the owner to view this content."


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> DemoServer:
    return small_server()


def message(answer: httpx.Response) -> tuple[int, str]:
    text: str = answer.json()["message"]
    return answer.status_code, text


# --- the table of errors ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/users/nobody/collection/folders", None, (404, "User does not exist or may have been deleted.")),
        ("GET", f"{COLLECTION}/folders/4711", None, (404, "The requested folder does not exist.")),
        ("GET", f"{COLLECTION}/folders/4711/releases", None, (404, "The requested folder does not exist.")),
        ("POST", f"{COLLECTION}/folders/4711", {"name": "x"}, (404, "The requested folder does not exist.")),
        ("DELETE", f"{COLLECTION}/folders/4711", None, (404, "The requested folder does not exist.")),
        ("POST", f"{COLLECTION}/folders/4711/releases/1001", None, (404, "The requested folder does not exist.")),
        ("POST", f"{COLLECTION}/folders/{JAZZ}/releases/99", None, (404, "Release not found.")),
        ("GET", f"{COLLECTION}/releases/99", None, (404, "Release not found.")),
        ("GET", "/releases/99", None, (404, "Release not found.")),
        ("POST", ITEM, {"folder_id": 4711}, (422, "Invalid folder_id: folder does not exist.")),
        ("POST", ITEM, {"rating": 6}, (422, 'See "detail" for validation errors.')),
        ("POST", f"{ITEM}/fields/98", {"value": "x"}, (422, 'See "detail" for validation errors.')),
        ("POST", f"{ITEM}/fields/{MEDIA}", {"value": "Good"}, (422, 'See "detail" for validation errors.')),
        (
            "GET",
            f"{COLLECTION}/folders/0/releases?page=100",
            None,
            (404, "Page 100 is outside of valid range [1, 1]."),
        ),
        ("GET", f"{COLLECTION}/folders/0/releases?page=0", None, (404, "Page 0 is outside of valid range [1, 1].")),
        ("GET", f"{COLLECTION}/folders/0/releases?page=two", None, (404, "The requested resource was not found.")),
        ("GET", "/users", None, (404, "The requested resource was not found.")),
        ("GET", f"{COLLECTION}/folders/jazz", None, (404, "The requested resource was not found.")),
        ("GET", f"{COLLECTION}/folders/{'9' * 5000}", None, (404, "The requested resource was not found.")),
        ("PUT", f"{COLLECTION}/folders", None, (405, "Method not allowed.")),
        ("DELETE", "/oauth/identity", None, (405, "Method not allowed.")),
    ],
)
def test_an_error_has_its_status_and_message(
    server: DemoServer, method: str, path: str, body: dict[str, Any] | None, expected: tuple[int, str]
) -> None:
    assert message(client_of(server).request(method, path, json=body)) == expected


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/oauth/identity"),
        ("GET", "/database/search?q=blue"),
        ("GET", f"{COLLECTION}/value"),
        ("POST", f"{COLLECTION}/folders"),
        ("POST", f"{COLLECTION}/folders/{JAZZ}"),
        ("DELETE", f"{COLLECTION}/folders/{EMPTY}"),
        ("POST", f"{COLLECTION}/folders/{JAZZ}/releases/1001"),
        ("POST", ITEM),
        ("DELETE", ITEM),
        ("POST", f"{ITEM}/fields/{MEDIA}"),
    ],
)
def test_what_needs_a_token_is_401_without_and_403_with_another_accounts(
    server: DemoServer, method: str, path: str
) -> None:
    without = client_of(server, None).request(method, path)
    assert message(without) == (401, "You must authenticate to access this resource.")
    if path.startswith("/users"):
        assert message(client_of(server, server.other_token).request(method, path)) == (403, NOT_OWNER)
    assert len(server.state.instances) == 6
    assert len(server.state.folder_names) == 5


@pytest.mark.parametrize("token", [None, "other"])
@pytest.mark.parametrize("path", [f"/folders/{JAZZ}", "/folders/1/releases", "/folders/4711/releases"])
def test_strangers_may_not_look_into_other_folders_than_all(server: DemoServer, token: str | None, path: str) -> None:
    client = client_of(server, server.other_token if token else None)
    assert message(client.get(COLLECTION + path)) == (403, NOT_OWNER)


@pytest.mark.parametrize(
    "path", ["/folders", "/folders/0", "/folders/0/releases", "/fields", "/releases/1001", "/value"]
)
def test_a_private_collection_is_hidden_from_others(server: DemoServer, path: str) -> None:
    client = client_of(server)
    assert message(client.get(f"/users/hermit/collection{path}")) == (403, NOT_OWNER)
    profile = client.get("/users/hermit").json()
    assert profile["username"] == "hermit"
    assert "num_collection" not in profile


def test_an_owner_sees_their_private_collection(server: DemoServer) -> None:
    server.state.private = True
    assert len(client_of(server).get(f"{COLLECTION}/folders").json()["folders"]) == 5
    assert client_of(server, None).get(f"{COLLECTION}/folders").status_code == 403


@pytest.mark.parametrize("header", ["Discogs token=wrong", "Bearer small-owner-token", "Discogs token="])
def test_a_bad_token_is_refused_even_for_what_is_public(server: DemoServer, header: str) -> None:
    answer = client_of(server, None).get("/releases/1001", headers={"Authorization": header})
    assert message(answer) == (
        401,
        "Invalid consumer token. Please register an app before making requests.",
    )


def test_a_revoked_token_is_a_bad_token_with_the_rate_limit_of_a_stranger(server: DemoServer) -> None:
    client = client_of(server)
    assert client.get("/oauth/identity").headers["X-Discogs-Ratelimit"] == "1000"
    server.revoke_token()
    answer = client.get("/oauth/identity")
    assert answer.status_code == 401
    assert answer.headers["X-Discogs-Ratelimit"] == "25"


def test_a_request_without_a_user_agent_gets_a_page_of_html(server: DemoServer) -> None:
    client = client_of(server, "wrong")
    del client.headers["User-Agent"]
    answer = client.get("/nowhere")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "X-Discogs-Ratelimit" not in answer.headers


def test_the_token_is_checked_before_the_address_and_the_user_before_the_permission(server: DemoServer) -> None:
    assert client_of(server, "wrong").get("/nowhere").status_code == 401
    assert client_of(server, None).post("/users/nobody/collection/folders").status_code == 404


# --- bodies --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"rating": 3', b"[" * 30_000])
def test_a_body_that_is_not_json_is_400(server: DemoServer, body: bytes) -> None:
    assert message(client_of(server).post(ITEM, content=body)) == (400, "The request body is not valid JSON.")


def test_a_body_of_another_shape_is_422(server: DemoServer) -> None:
    assert client_of(server).post(ITEM, json=[1]).status_code == 422


def test_a_huge_body_is_413(server: DemoServer) -> None:
    answer = client_of(server).post(f"{ITEM}/fields/{MEDIA}", json={"value": "x" * 100_000})
    assert answer.status_code == 413


def test_a_validation_error_says_where_and_what(server: DemoServer) -> None:
    detail = client_of(server).post(f"{ITEM}/fields/{MEDIA}", json={"value": "Good"}).json()["detail"]
    assert [sorted(entry) for entry in detail] == [["loc", "msg", "type"]]
    assert detail[0]["loc"] == ["body", "value"]


# --- rate limit ----------------------------------------------------------------------------------------


def counters(answer: httpx.Response) -> tuple[str, ...]:
    return tuple(answer.headers[f"X-Discogs-Ratelimit{name}"] for name in ("", "-Used", "-Remaining"))


def test_the_sixty_first_request_of_a_minute_is_turned_away_until_the_window_has_moved() -> None:
    clock = Clock()
    server = small_server(clock, rate_limit=60)
    client = client_of(server)
    assert counters(client.get("/oauth/identity")) == ("60", "1", "59")
    clock.now += 30
    for _ in range(59):
        answer = client.get("/oauth/identity")
    assert counters(answer) == ("60", "60", "0")
    refused = client.get("/oauth/identity")
    assert message(refused) == (429, "You are making requests too quickly.")
    assert counters(refused) == ("60", "60", "0")
    assert "Retry-After" not in refused.headers
    clock.now += 29.9
    assert client.get("/oauth/identity").status_code == 429
    clock.now += 0.1
    assert client.get("/oauth/identity").status_code == 200
    assert client.get("/oauth/identity").status_code == 429


def test_a_request_that_was_turned_away_changes_nothing() -> None:
    server = small_server(Clock(), rate_limit=1)
    client = client_of(server)
    assert client.delete(ITEM).status_code == 204
    assert client.post(f"{COLLECTION}/folders/{JAZZ}/releases/1001").status_code == 429
    assert len(server.state.instances) == 5


def test_retry_after_is_told_when_wanted() -> None:
    server = small_server(Clock(), rate_limit=1)
    server.retry_after = 7
    client = client_of(server)
    assert "Retry-After" not in client.get("/").headers
    assert client.get("/").headers["Retry-After"] == "7"


@pytest.mark.parametrize(("limit", "strangers"), [(60, "25"), (10, "10")])
def test_strangers_have_a_lower_limit_of_their_own(limit: int, strangers: str) -> None:
    server = small_server(Clock(), rate_limit=limit)
    stranger = client_of(server, None)
    for _ in range(int(strangers)):
        assert stranger.get("/releases/1001").status_code == 200
    refused = stranger.get("/releases/1001")
    assert (refused.status_code, counters(refused)) == (429, (strangers, strangers, "0"))
    assert counters(client_of(server).get("/")) == (str(limit), "1", str(limit - 1))
    assert counters(client_of(server, server.other_token).get("/")) == (str(limit), "1", str(limit - 1))


def test_a_wrong_token_meets_the_rate_limit_first() -> None:
    server = small_server(Clock(), rate_limit=1)
    client = client_of(server, "wrong")
    assert [client.get("/").status_code for _ in range(2)] == [401, 429]


# --- tokens, links, log ---------------------------------------------------------------------------------


def test_a_token_in_the_query_is_accepted_and_comes_back_in_the_links(server: DemoServer) -> None:
    path = f"{COLLECTION}/folders/0/releases"
    answer = client_of(server, None).get(path, params={"token": TOKEN, "per_page": 2, "sort": "year"})
    assert "folder_id" in answer.json()["releases"][0]
    link = answer.json()["pagination"]["urls"]["next"]
    assert link == f"https://api.discogs.com{path}?token={TOKEN}&sort=year&page=2&per_page=2"


def test_links_point_to_the_host_that_was_asked(server: DemoServer) -> None:
    answer = client_of(server).get("http://127.0.0.1:8080/oauth/identity")
    assert answer.json()["resource_url"] == f"http://127.0.0.1:8080/users/{OWNER}"


def test_the_log_tells_every_request_and_never_a_token(server: DemoServer) -> None:
    client_of(server).post(ITEM, params={"token": TOKEN}, json={"rating": 4, "x": TOKEN})
    client_of(server, "wrong-token").get("/", params={"token": "wrong-token", "a": "b"})
    client_of(server, None).get(f"/users/{TOKEN}")
    assert server.log[0] == LogEntry("POST", ITEM, "token=…", {"rating": 4, "x": "…"}, 204, True)
    assert server.log[1] == LogEntry("GET", "/", "token=…&a=b", None, 401, True)
    assert server.log[2] == LogEntry("GET", "/users/…", "", None, 404, False)


def test_the_log_keeps_the_last_ten_thousand_requests(server: DemoServer) -> None:
    old = LogEntry("GET", "/old", "", None, 200, False)
    server.log += [old] * 10_000
    client_of(server).get("/")
    assert len(server.log) == 10_000
    assert server.log[-1].path == "/"


def test_each_server_has_random_tokens_of_its_own() -> None:
    first, second = (DemoServer(small_server().state) for _ in range(2))
    assert len({first.token, first.other_token, second.token, second.other_token}) == 4


def test_requests_from_many_threads_are_all_carried_out(server: DemoServer) -> None:
    def add_ten() -> None:
        client = client_of(server)
        for _ in range(10):
            client.post(f"{COLLECTION}/folders/{JAZZ}/releases/1001")

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(server.state.instances) == list(range(500_001, 500_047))
    assert [entry.status for entry in server.log] == [201] * 40


def test_it_keeps_to_the_wsgi_protocol(server: DemoServer) -> None:
    transport = httpx.WSGITransport(app=validator(server))
    headers = {"User-Agent": "test", "Authorization": f"Discogs token={TOKEN}"}
    with httpx.Client(transport=transport, base_url="http://localhost", headers=headers) as client:
        answers = [client.get("/"), client.post(ITEM, json={"rating": 1}), client.delete(ITEM), client.get("/no")]
    assert [answer.status_code for answer in answers] == [200, 204, 204, 404]


def test_a_path_in_bytes_is_read_as_utf_8(server: DemoServer) -> None:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": "/users/Bj\u00f6rk".encode().decode("latin-1"), "HTTP_USER_AGENT": "test"}
    seen: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
        seen.append(status)
        return lambda data: None

    list(server(environ, start_response))
    assert seen == ["404 Not Found"]
    assert server.log[-1].path == "/users/Björk"


# --- faults --------------------------------------------------------------------------------------------


def test_a_fault_replaces_the_next_matching_answer_once(server: DemoServer) -> None:
    server.fail_next(502, "<html>Bad gateway</html>", match="/value")
    client = client_of(server)
    assert client.get("/oauth/identity").status_code == 200
    broken = client.get(f"{COLLECTION}/value")
    assert (broken.status_code, broken.text) == (502, "<html>Bad gateway</html>")
    assert broken.headers["Content-Type"].startswith("text/html")
    assert client.get(f"{COLLECTION}/value").status_code == 200
    assert [entry.status for entry in server.log] == [200, 502, 200]


def test_a_fault_can_come_before_or_after_the_request_is_carried_out(server: DemoServer) -> None:
    path = f"{COLLECTION}/folders/{JAZZ}/releases/1001"
    client = client_of(server)
    server.fail_next(500, method="POST")
    assert client.post(path).status_code == 500
    assert len(server.state.instances) == 6
    server.fail_next(500, method="POST", after_commit=True)
    assert client.post(path).status_code == 500
    assert len(server.state.instances) == 7


def test_faults_have_headers_methods_pages_and_numbers(server: DemoServer) -> None:
    server.fail_next(429, '{"message": "slow"}', headers={"Retry-After": "3"}, method="DELETE", times=2)
    server.fail_next(200, '{"pagination": {"pa', match="page=2")
    client = client_of(server)
    path = f"{COLLECTION}/folders/0/releases?per_page=2&page="
    assert client.get(path + "1").status_code == 200
    cut = client.get(path + "2")
    assert (cut.status_code, cut.text) == (200, '{"pagination": {"pa')
    assert cut.headers["Content-Type"] == "application/json"
    answers = [client.delete(ITEM) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 204]
    assert answers[0].headers["Retry-After"] == "3"
    assert not server.faults
