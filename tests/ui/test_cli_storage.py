"""The program as it is started from a shell on a file that it cannot use: one plain line, and exit code 1."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from discotui.credentials import KnownUsers, Token
from discotui.library.lock import FileLock
from discotui.paths import library_file
from tests.collection import library_with, make_item
from tests.terminal import Terminal, environment, terminal, without_how

NOWHERE = "http://127.0.0.1:9"
"""Nothing answers there: the copy on this machine is all there is."""
TOKEN = "abcdefghijklmnop"
LEFT = "\x1b[?1049l"
"""What ends the full-screen mode."""


@pytest.fixture
def owner(tmp_path: Path) -> dict[str, str]:
    """A machine on which a token's owner is known."""
    KnownUsers(tmp_path / "data" / "discotui").remember(Token(TOKEN), NOWHERE, "ann")
    return environment(tmp_path) | {"DISCOTUI_TOKEN": TOKEN, "DISCOTUI_API_URL": NOWHERE}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The library that the program opens."""
    found = library_file(tmp_path / "data" / "discotui", NOWHERE, "ann", public=False)
    found.parent.mkdir(parents=True)
    return found


def said(screen: Terminal) -> list[str]:
    """What stands on the terminal after the program has left, line by line."""
    after = screen.output[screen.output.rfind(LEFT) + len(LEFT) :] if LEFT in screen.output else screen.output
    return [line for line in without_how(after).replace("\r", "").split("\n") if line.strip()]


@contextmanager
def start_with(change: Callable[[list[str]], list[str]]) -> Iterator[None]:
    """Terminals start another command in place of theirs."""
    real = subprocess.Popen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", lambda command, **named: real(change(command), **named))
        yield


def not_a_database(path: Path) -> None:
    path.write_text("To be, or not to be, that is the question.\n" * 200, "utf-8")


def newer(path: Path) -> None:
    library_with(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)")


def a_folder(path: Path) -> None:
    path.mkdir()


def no_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("", "utf-8")


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (not_a_database, "is no collection of discotui (not a database that can be read). It was left as it is"),
        (newer, "was written by a newer discotui. Please update; the file was left as it is."),
        (of_another_program, "is no collection of discotui (a database of another program). It was left as it is"),
        (a_folder, "is no collection of discotui (a folder). It was left as it is"),
        (no_folder, "cannot be written ("),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(
    owner: dict[str, str], path: Path, spoil: Callable[[Path], None], line: str
) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with terminal(owner) as screen:
        assert screen.wait() == 1
    (only,) = said(screen)
    assert only.startswith(f"discotui: {path} {line}")
    assert "Traceback" not in screen.output
    assert before is None or path.read_bytes() == before


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program has the file for itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_file_that_another_program_holds_is_told_in_one_line(owner: dict[str, str], path: Path) -> None:
    library_with(path).close()
    with held(path), terminal(owner) as screen:
        assert screen.wait() == 1
    assert said(screen) == [
        f"discotui: {path} is held by another program (database is locked). Nothing was changed: close that and try "
        "again."
    ]


def test_a_disk_without_room_for_a_new_file_is_told_in_one_line(owner: dict[str, str], path: Path) -> None:
    program = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n" + (
        "from discotui.cli import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", program]
    with start_with(lambda _: command):
        screen = Terminal(owner)
    try:
        assert screen.wait() == 1
    finally:
        screen.close()
    (only,) = said(screen)
    assert only.startswith(f"discotui: {path} cannot be written (disk I/O error). Nothing was changed")
    assert path.read_bytes() == b""


def test_a_damaged_file_is_told_on_the_screen_and_the_program_goes_on(owner: dict[str, str], path: Path) -> None:
    library = library_with(path, [make_item(number) for number in range(1, 200)])
    library.rate([1], 5)
    library.close()
    content = b"\xff" * 4096 + path.read_bytes()[4096:]
    path.write_bytes(content)
    with terminal(owner) as screen:
        screen.read_until("was damaged. 1 change")
        screen.type("\r")
        screen.read_until("Artist 101")
        screen.type("q")
        screen.read_until("Leave?")
        screen.type("y")
        assert screen.wait() == 0
    assert "Traceback" not in screen.output
    (damaged,) = path.parent.glob("*.damaged-*")
    assert damaged.read_bytes() == content
    assert FileLock(path).take()


ON_A_READ_ONLY_DISK = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def read_only(folder: Path) -> list[str]:
    """What is put before a command so that it finds a folder on a read-only disk."""
    if os.geteuid():
        for place in (folder, *folder.rglob("*")):
            place.chmod(0o500 if place.is_dir() else 0o400)
        return []
    # Permissions mean nothing to root; a disk of its own that is read-only does.
    prefix = ["unshare", "--mount", "sh", "-c", ON_A_READ_ONLY_DISK, str(folder)]
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("root is held up by no permission, and a read-only disk cannot be made here")
    return prefix


def test_a_file_on_a_read_only_disk_is_shown(owner: dict[str, str], path: Path, tmp_path: Path) -> None:
    library_with(path).close()
    before = path.read_bytes()
    prefix = read_only(tmp_path / "data")
    with start_with(lambda command: [*prefix, *command]):
        screen = Terminal(owner, columns=140)
    try:
        for words in ("read-only", "Artist 101", "written", "looked"):
            screen.read_until(words)
        screen.type("q")
        assert screen.wait() == 0
    finally:
        screen.close()
        for place in (tmp_path / "data").rglob("*"):
            place.chmod(0o700)
    assert "Traceback" not in screen.output
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
