"""A token that can be known again is typed into the real program: it is found nowhere but where it belongs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from discotui.demo.serve import running
from discotui.demo.server import DemoServer
from tests.demo_data import small_state
from tests.terminal import Terminal, environment, without_how
from tests.terminal_bytes import Watched

CANARY = "CanaryThatSingsNowhere0123456789abcdefgh"
NO_HOST = "127.0.0.77"

WATCH = """
import logging, sys
logging.basicConfig(filename=PATH + "/debug.log", level=logging.DEBUG)
hosts = open(PATH + "/hosts.txt", "a", buffering=1)
def heard(event, arguments):
    if event == "socket.connect":
        hosts.write(f"{arguments[1]}\\n")
    elif event == "socket.getaddrinfo":
        hosts.write(f"look up {arguments[0]}\\n")
sys.addaudithook(heard)
"""

CRASH = """
from discotui.ui.screens.browsing import Browsing
def crash(self):
    token = self.session.start.token
    start, client, transport = self.session.start, self.session.client, self.session.client._transport
    raise RuntimeError(f"{token} {token!r} {start} {client} {transport}")
Browsing.do_item_copy = crash
"""


@contextmanager
def watched(folder: Path, url: str, *, token: bool = False, crashes: bool = False) -> Iterator[Watched]:
    """The program in a terminal; it logs all that anything in it has to log, and every host that it turns to."""
    watching = folder / "watching"
    watching.mkdir()
    code = f"PATH = {str(watching)!r}\n{WATCH}{CRASH if crashes else ''}"
    (watching / "sitecustomize.py").write_text(f"{code}\n")
    environ = environment(folder) | {"DISCOTUI_API_URL": url, "TEXTUAL_LOG": str(watching / "textual.log")}
    environ["PYTHONPATH"] = f"{watching}:{environ['PYTHONPATH']}"
    if token:
        environ["DISCOTUI_TOKEN"] = CANARY
    made = Watched(environ, columns=140, rows=40)
    try:
        yield made
    finally:
        made.close()


def places_of(token: str, folder: Path, screen: Terminal) -> list[str]:
    """Where a token is found, other than in the file that keeps it."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "token.json"]
    found = [str(path) for path in files if token.encode() in path.read_bytes()]
    return [*found, "the terminal"] if token in screen.output else found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_token_that_is_typed_is_seen_nowhere_and_goes_to_one_host(tmp_path: Path) -> None:
    server = DemoServer(small_state(), token=CANARY, rate_limit=100_000)
    with running(server) as url, watched(tmp_path, url) as screen:
        screen.brings("token")
        screen.type(CANARY)
        screen.brings("•" * 8)
        time.sleep(0.2)
        screen.type("\r")
        screen.brings("Meeting")
        screen.type("4")
        screen.brings("rated")
        while not any(entry.method == "POST" for entry in server.log):
            screen.read_on()
        screen.rest()
        server.fail_next(422, json.dumps({"message": f"no, {CANARY}", "detail": CANARY}), method="POST")
        screen.type("2")
        screen.brings("1 refused")
        for status, body, headers in (
            (302, "", {"Location": f"http://{NO_HOST}:9/collect"}),
            (200, f'{{"pagination": {{"urls": {{"next": "http://{NO_HOST}/"}}, "pa', {}),
            (500, f"<html>{CANARY}</html>", {}),
        ):
            server.fail_next(status, body, match="/collection/folders", headers=headers, times=9)
            screen.type("r")
            screen.brings("not read")
            server.faults.clear()
        screen.type("c")
        screen.brings("Refused")
        screen.type("c")
        screen.brings("Folders")
        server.revoke_token()
        screen.type("r")
        screen.brings("token not accepted")
        command = Path(f"/proc/{screen.process.pid}/cmdline").read_bytes()
        screen.type("q")
        assert screen.wait() == 0
    watching = tmp_path / "watching"
    assert (watching / "textual.log").stat().st_size > 1000
    assert "httpcore" in (watching / "debug.log").read_text("utf-8")
    assert CANARY.encode() not in command
    assert places_of(CANARY, tmp_path, screen) == []
    assert CANARY in next(tmp_path.rglob("token.json")).read_text("utf-8")
    host, port = url.removeprefix("http://").split(":")
    turned_to = set((watching / "hosts.txt").read_text("utf-8").split("\n")) - {""}
    assert turned_to == {f"look up {host}", str((host, int(port)))}


def test_a_token_of_the_environment_is_not_in_what_a_crash_shows(tmp_path: Path) -> None:
    server = DemoServer(small_state(), token=CANARY, rate_limit=100_000)
    with running(server) as url, watched(tmp_path, url, token=True, crashes=True) as screen:
        screen.brings("Meeting")
        screen.brings("read just now")
        screen.type("y")
        assert screen.wait() == 1
    assert "RuntimeError" in screen.output
    assert "Token(…)" in without_how(screen.output)
    assert places_of(CANARY, tmp_path, screen) == []
    assert not list(tmp_path.rglob("token.json"))
