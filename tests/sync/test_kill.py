"""Killed without warning at any moment: what was kept is sent, once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from discotui.demo.serve import running
from discotui.demo.server import DemoServer
from tests.demo_data import EMPTY, JAZZ, NOTES, ODD, TOKEN, small_state
from tests.sync.rig import Clock, Rig

LONG = 20.0
ROOT = Path(__file__).parents[2]
RATE, NOTE, MOVE, REMOVE, ADD, NEW_FOLDER = range(1, 7)
NEVER = 0


class Gate(DemoServer):
    """Keeps one of the requests that change something waiting, before or after it is carried out.

    Attributes:
        arrived: That request is here, and as far as it is to get.
        opened: It may go on.
        passed: It has gone on to its end.
    """

    def __init__(self, number: int, *, after_commit: bool, drops: bool = False) -> None:
        super().__init__(small_state(), token=TOKEN, rate_limit=100_000)
        self.arrived, self.opened, self.passed = threading.Event(), threading.Event(), threading.Event()
        self._number, self._after_commit, self._drops = number, after_commit, drops
        self._writes = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._writes += environ["REQUEST_METHOD"] != "GET"
        if environ["REQUEST_METHOD"] == "GET" or self._writes != self._number:
            return super().__call__(environ, start_response)
        self._number = NEVER
        if self._after_commit:
            answer = super().__call__(environ, start_response)
            self._wait()
        else:
            self._wait()
            if self._drops:
                start_response("500 Dropped", [])
                return []
            answer = super().__call__(environ, start_response)
        self.passed.set()
        return answer

    def _wait(self) -> None:
        self.arrived.set()
        self.opened.wait(LONG)


def victim(path: Path, url: str, stop: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sync.victim", str(path), url, stop], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def survivor(path: Path, server: DemoServer) -> Rig:
    """The program started again on the same file, an hour later."""
    made = Rig(path, server, Clock())
    made.clock.now = made.library.incoming.now() + 3600
    return made


def prepare(path: Path, server: DemoServer) -> None:
    """The library as it was before the edits."""
    made = Rig(path, server, Clock())
    made.puller.read_whole()
    made.library.close()
    made.client.close()


def check(made: Rig) -> None:
    """Each edit is at the server once, and the library knows it."""
    state = made.state
    assert state.rating(1002) == 5
    assert state.instance(500_004).notes == {NOTES: "kept"}
    assert state.instance(500_005).folder_id == EMPTY
    assert 500_006 not in state.instances
    assert [copy.folder_id for copy in state.instances_of(1006)] == [ODD]
    assert sorted(state.folder_names.values()).count("Fresh") == 1
    assert len(state.instances) == 6
    assert {item.folder_id for item in state.items()} <= {1, JAZZ, ODD, EMPTY}
    assert made.agrees()
    made.library.close()
    made.client.close()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(LONG)
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.parametrize("number", ["kept", *map(str, (RATE, MOVE, REMOVE, ADD, NEW_FOLDER))])
def test_killed_between_two_steps_of_its_own(tmp_path: Path, number: str) -> None:
    server, path = Gate(NEVER, after_commit=False), tmp_path / "library.sqlite"
    prepare(path, server)
    with running(server) as url:
        process = victim(path, url, number)
        assert process.stdout is not None
        assert process.stdout.readline() == "stopped\n"
        kill(process)

    made = survivor(path, server)
    made.send_all()

    check(made)


@pytest.mark.parametrize("number", [NOTE, ADD, NEW_FOLDER])
@pytest.mark.parametrize("when", ["never carried out", "answer lost"])
def test_killed_while_it_waits_for_an_answer(tmp_path: Path, number: int, when: str) -> None:
    server = Gate(number, after_commit=when == "answer lost", drops=when == "never carried out")
    path = tmp_path / "library.sqlite"
    prepare(path, server)
    with running(server) as url:
        process = victim(path, url, str(NEVER))
        assert server.arrived.wait(LONG)
        kill(process)
        server.opened.set()

        made = survivor(path, server)
        made.send_all()

    check(made)


@pytest.mark.parametrize("number", [MOVE, ADD, NEW_FOLDER])
def test_killed_and_started_again_before_the_server_gets_to_the_request(tmp_path: Path, number: int) -> None:
    server, path = Gate(number, after_commit=False), tmp_path / "library.sqlite"
    prepare(path, server)
    with running(server) as url:
        process = victim(path, url, str(NEVER))
        assert server.arrived.wait(LONG)
        kill(process)
        made = survivor(path, server)
        made.send_one()
        server.opened.set()
        assert server.passed.wait(LONG)

        made.send_all()

    check(made)
