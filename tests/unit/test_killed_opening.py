"""Killed while an old file is brought up to date, or a damaged one put aside: the next start does it from the start."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from discotui.library import edits
from discotui.library.library import Library
from tests.collection import put_old_library
from tests.unit.test_migrations import contents

ROOT = Path(__file__).parents[2]
VICTIM = """
import os, signal, sys
from pathlib import Path
from unittest.mock import patch
from discotui.library.library import Library
with patch(sys.argv[2], lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
    Library(Path(sys.argv[1]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ann.sqlite"


def killed_at(path: Path, function: str) -> None:
    """Let a program open a file, and die where it calls a function."""
    done = subprocess.run([sys.executable, "-c", VICTIM, str(path), function], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -9


def waiting(path: Path) -> list[str]:
    with closing(Library(path)) as library:
        return [edits.to_json(entry.change) for entry in library._core.view.pending.values()]


@pytest.mark.parametrize(
    "function",
    [
        "discotui.library.migrations.os.rename",
        "discotui.library.migrations.sync_folder",
        "discotui.library.migrations._removed_from_here",
        "discotui.library.opening._check_rows",
    ],
)
def test_killed_while_an_old_file_is_brought_up_to_date(path: Path, function: str) -> None:
    put_old_library(path, 1)
    before = contents(path)
    killed_at(path, function)
    Library(path).close()
    assert contents(path) == before
    others = [entry for entry in path.parent.iterdir() if entry != path]
    assert others
    assert all(entry.name.startswith("ann.sqlite.v1-copy") and contents(entry) == before for entry in others)


@pytest.mark.parametrize(
    "function",
    [
        "discotui.library.salvage.collect",
        "discotui.library.salvage._fill",
        "discotui.library.salvage._keep",
        "discotui.library.salvage._move_aside",
        "pathlib.Path.replace",
    ],
)
def test_killed_while_a_damaged_file_is_put_aside(path: Path, function: str) -> None:
    put_old_library(path, 1)
    content = path.read_bytes()
    expected = waiting(path)
    content = bytes(4096) + content[4096:]
    path.write_bytes(content)
    killed_at(path, function)
    assert path.read_bytes() == content
    assert waiting(path) == expected
    kept = list(path.parent.glob("*.damaged-*"))
    assert kept
    assert all(entry.read_bytes() == content for entry in kept)
    assert not list(path.parent.glob("*.part"))
