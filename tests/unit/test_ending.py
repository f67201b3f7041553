"""Ending: the reasons for it, and what happens when the program does not end by itself."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
import threading
from pathlib import Path

import pytest

from discotui.ending import Ending

ROOT = Path(__file__).parents[2]
LONG = 30.0


class Told:
    """Keeps what it is called with."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self._event = threading.Event()

    def __call__(self, code: int) -> None:
        self.codes.append(code)
        self._event.set()

    def wait(self) -> None:
        assert self._event.wait(LONG)


def test_a_program_that_does_not_end_by_itself_is_ended() -> None:
    leave, end = Told(), Told()
    ending = Ending(0, end)
    with ending.heeding(leave):
        ending.begin(7)
        end.wait()
    assert end.codes == [7]
    assert leave.codes == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_makes_it_leave_and_then_ends_it(number: signal.Signals) -> None:
    leave, end = Told(), Told()
    before = signal.getsignal(number)
    with Ending(0, end).heeding(leave):
        os.kill(os.getpid(), number)
        end.wait()
    assert leave.codes == end.codes == [128 + number]
    assert signal.getsignal(number) is before


def test_other_signals_are_no_reason() -> None:
    leave, end = Told(), Told()
    ending = Ending(0, end)
    before = signal.signal(signal.SIGWINCH, lambda *_: None)
    try:
        with ending.heeding(leave):
            os.kill(os.getpid(), signal.SIGWINCH)
            ending.begin(0)
            end.wait()
    finally:
        signal.signal(signal.SIGWINCH, before)
    assert (leave.codes, end.codes) == ([], [0])


STUCK = """
import sys, time, tty
from discotui.ending import Ending

ending = Ending(0.05)
with ending.heeding(lambda code: None):
    tty.setraw(0)
    sys.stdout.write("\\x1b[?1049hstuck")
    sys.stdout.flush()
    ending.begin(3)
    time.sleep(600)
"""


def test_a_program_that_was_ended_gives_the_terminal_back() -> None:
    ours, theirs = pty.openpty()
    try:
        before = termios.tcgetattr(theirs)
        process = subprocess.Popen(
            [sys.executable, "-c", STUCK], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        assert process.wait(LONG) == 3
        output = os.read(ours, 65536)
        assert output.startswith(b"\x1b[?1049hstuck")
        assert output.endswith(b"\x1b[?1049l\x1b[?25h")
        assert termios.tcgetattr(theirs) == before
    finally:
        os.close(ours)
        os.close(theirs)
