"""The program as it is started from a shell: exit codes, one plain line for what is wrong, and a real terminal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from discotui import __version__
from tests.terminal import PATIENCE, environment, terminal


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A machine without a token, with folders of its own."""
    return environment(tmp_path)


def run(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program without a terminal."""
    command = [sys.executable, "-m", "discotui", *arguments]
    return subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_version_and_help_go_to_standard_output(environ: dict[str, str]) -> None:
    version = run(environ, "--version")
    assert (version.returncode, version.stdout, version.stderr) == (0, f"discotui {__version__}\n", "")
    helped = run(environ, "--help")
    assert helped.returncode == 0
    for word in ("--demo", "--user NAME", "--read-only", "demo-server", "DISCOTUI_TOKEN", "DISCOTUI_API_URL"):
        assert word in helped.stdout


@pytest.mark.parametrize("arguments", [[], ["--demo"], ["--user", "somebody"]], ids=str)
def test_without_a_terminal_it_says_so_in_one_line(environ: dict[str, str], arguments: list[str]) -> None:
    done = run(environ, *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "discotui: a terminal is needed: standard input and output must not be redirected.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["--demo", "--user", "x"],
        ["demo-server", "--port", "70000"],
        ["demo-server", "--port", "x"],
        ["demo-server", "--rate-limit", "x"],
        ["demo-server", "--token", "tok123"],
    ],
    ids=str,
)
def test_wrong_usage_ends_with_2(environ: dict[str, str], arguments: list[str]) -> None:
    done = run(environ, *arguments)
    assert done.returncode == 2
    assert "usage: discotui" in done.stderr
    assert "invalid _" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DISCOTUI_API_URL", "http://evil", "https, or http on this machine"),
        ("DISCOTUI_API_URL", "nonsense", "an address such as https://api.discogs.com"),
        ("DISCOTUI_API_URL", "ftp://api.discogs.com", "https, or http on this machine"),
        ("DISCOTUI_TOKEN", "with blanks", "a token is 8 to 200 letters and digits"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_before_anything_opens(
    environ: dict[str, str], name: str, value: str, why: str
) -> None:
    with terminal({"DISCOTUI_TOKEN": "abcdefghij"} | environ | {name: value}) as screen:
        assert screen.wait() == 2
        assert f"discotui: {name}=" in screen.output
        assert ("blanks" in value) != (value in screen.output)
        assert why in screen.output
        assert "Traceback" not in screen.output
        assert "with blanks" not in screen.output.replace("without blanks", "")
        assert len(screen.output.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--port", "abc", "abc is no port: 0 to 65535"),
        ("--rate-limit", "-1", "-1 is no rate limit: at least 1"),
        ("--token", "tok123", "that is no token: 8 to 200 letters and digits, without blanks"),
    ],
)
def test_what_the_demo_server_cannot_use_is_told_in_a_sentence(
    environ: dict[str, str], option: str, value: str, said: str
) -> None:
    assert said in run(environ, "demo-server", f"{option}={value}").stderr


def test_demo_server_tells_three_lines_serves_and_ends_on_sigterm(environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "discotui", "demo-server", "--port", "0"]
    server = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        lines = [server.stdout.readline().strip() for _ in range(3)]
        url = lines[0].removeprefix("listening on ")
        user, token = lines[1].removeprefix("user: "), lines[2].removeprefix("token: ")
        assert url.startswith("http://127.0.0.1:")
        headers = {"User-Agent": "test", "Authorization": f"Discogs token={token}"}
        with urllib.request.urlopen(urllib.request.Request(f"{url}/oauth/identity", headers=headers)) as answer:
            assert json.load(answer)["username"] == user
        server.send_signal(signal.SIGTERM)
        rest, errors = server.communicate(timeout=PATIENCE)
        assert (server.returncode, rest, errors) == (0, "", "")
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def test_the_demo_opens_in_a_terminal_and_leaves_nothing_behind(environ: dict[str, str], tmp_path: Path) -> None:
    with terminal(environ, "--demo") as screen:
        screen.read_until("Folders")
        screen.read_until("requests left")
        assert list((tmp_path / "tmp").iterdir())
        screen.type("q")
        assert screen.wait() == 0
        assert "Traceback" not in screen.output
        # The terminal is given back as it was: no alternate screen, no mouse, a cursor.
        assert screen.output.rstrip().rfind("\x1b[?1049l") > screen.output.rfind("\x1b[?1049h")
    assert not list((tmp_path / "tmp").iterdir())
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "config").exists()


def test_a_collection_that_cannot_be_opened_ends_with_1_and_says_why(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "data" / "discotui" / "api.discogs.com" / "somebody.public.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database" * 1000)
    with terminal(environ, "--user", "somebody") as screen:
        assert screen.wait() == 1
        assert "is no collection of discotui" in screen.output


def test_the_first_start_asks_for_a_token_and_esc_leaves(environ: dict[str, str], tmp_path: Path) -> None:
    with terminal(environ) as screen:
        screen.read_until("personal access token")
        screen.type("\x1b")
        assert screen.wait() == 0
    assert not (tmp_path / "config").exists()
