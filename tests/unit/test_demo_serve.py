"""The demo server on a socket, and the data it starts with."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from importlib import resources

import httpx
import pytest

from discotui.demo import data
from discotui.demo.data import SampleError, sample_state, state_from
from discotui.demo.serve import running, serve
from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState
from tests.demo_data import TOKEN, small_data, small_server, small_state

SERVE = """
import sys
from discotui.demo import server
from discotui.demo.serve import serve
from tests.demo_data import small_state
server.sample_state = small_state
sys.exit(serve(0, rate_limit=60, token="a-token-for-the-demo", say=lambda line: print(line, flush=True)))
"""


def test_it_answers_on_loopback_with_links_to_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with running(small_server()) as url:
        headers = {"User-Agent": "test", "Authorization": f"Discogs token={TOKEN}"}
        content = httpx.get(f"{url}/oauth/identity", headers=headers).json()
        large = httpx.post(f"{url}/users/x/collection/folders", headers=headers, content=b"x" * 200_000)
    assert content["resource_url"].startswith(url + "/users/")
    assert large.status_code == 404
    assert capfd.readouterr().err == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_cleanly_when_told(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        address = lines[0].removeprefix("listening on ")
        answer = httpx.get(address, headers={"User-Agent": "test"})
        os.kill(process.pid, number)
        rest, errors = process.communicate(timeout=10)
    assert address.startswith("http://127.0.0.1:")
    assert lines[1:] == ["user: crate.digger", "token: a-token-for-the-demo"]
    assert answer.status_code == 200
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.parametrize("what", ["taken", "impossible"])
def test_a_port_that_cannot_be_had_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr("discotui.demo.server.sample_state", small_state)
    said: list[str] = []
    handler = signal.getsignal(signal.SIGTERM)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1] if what == "taken" else 70_000
        assert serve(port, rate_limit=60, token=None, say=said.append) == 1
    assert len(said) == 1
    assert str(port) in said[0]
    assert signal.getsignal(signal.SIGTERM) is handler


def test_the_same_data_gives_the_same_numbers() -> None:
    first, second = small_state(), small_state()
    assert first.instances == second.instances
    assert first.folder_names == second.folder_names
    assert first.releases == second.releases
    assert min(first.instances) == 500_001


@pytest.mark.parametrize("wrong", [{"folder": "Nowhere"}, {"notes": {"Colour": "red"}}])
def test_data_that_refers_to_what_is_not_there_is_refused(wrong: dict[str, object]) -> None:
    broken = small_data()
    broken["records"][0] |= wrong
    with pytest.raises(SampleError):
        state_from(broken)


# --- the sample collection that comes with the program ---------------------------------------------------


@pytest.fixture
def sample() -> CollectionState:
    if not resources.files(data.__package__ or "").joinpath("collection.json").is_file():
        pytest.skip("collection.json is not there")
    return sample_state()


def test_the_sample_loads_without_broken_references(sample: CollectionState) -> None:
    assert len(sample.instances) >= 400
    assert len(sample.folder_names) >= 10
    assert {"Media Condition", "Sleeve Condition", "Notes"} < {entry.name for entry in sample.fields.values()}
    assert len(sample.fields) >= 5
    assert sum(bool(item.notes) for item in sample.instances.values()) > len(sample.instances) / 2
    assert len({item.release_id for item in sample.instances.values()}) < len(sample.instances)
    assert len(sample.releases) > len({item.release_id for item in sample.instances.values()})
    for item in sample.instances.values():
        assert item.folder_id in sample.folder_names
        assert item.release_id in sample.releases
        assert all(item.notes.values())
        assert all(isinstance(value, str) for value in item.notes.values())


def test_the_sample_has_whole_releases(sample: CollectionState) -> None:
    for release in sample.releases.values():
        assert release.title
        assert release.artists
        assert release.labels
        assert release.formats
        assert all(isinstance(form.qty, str) for form in release.formats)
    assert all(0 <= rating <= 5 for rating in sample.ratings.values())


def test_a_server_starts_with_the_sample(sample: CollectionState) -> None:
    assert DemoServer().state.instances == sample.instances
