"""Two programs, one library."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from discotui.library.lock import FileLock

_HOLDER = """
import sys, time
from pathlib import Path
from discotui.library.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_only_one_holds_it_and_the_next_gets_it_when_it_is_let_go(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "a.sqlite"), FileLock(tmp_path / "a.sqlite")
    assert first.take()
    assert not second.take()
    assert first.take(), "taking it twice is no harm"
    first.release()
    assert second.take()
    assert not first.is_held


def test_libraries_of_different_accounts_do_not_lock_each_other(tmp_path: Path) -> None:
    assert FileLock(tmp_path / "a.sqlite").take()
    assert FileLock(tmp_path / "b.sqlite").take()


def test_a_killed_program_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "True"
    assert not FileLock(path).take()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert FileLock(path).take()
