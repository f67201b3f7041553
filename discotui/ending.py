"""Ending: once the program is to end it ends within two seconds, whatever hangs, and gives the terminal back."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

LONGEST = 1.8
"""Seconds from the decision to leave until the process is ended by force."""

_ASKED = 0
"""The byte that stands for a decision made here; all others are numbers of signals."""
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

# Mouse, focus, paste and resize reports off, lines wrapped, keys as usual, the shell's screen, a cursor.
_GIVE_BACK = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)


class Ending:
    """Waits for a reason to end the program: a decision, a signal, or a terminal that was closed.

    Nothing that takes locks is done where a signal arrives: it is a byte in a pipe, which a thread reads.

    Args:
        seconds: How long the program may take to end by itself.
        end: Ends the process.
    """

    def __init__(self, seconds: float = LONGEST, end: Callable[[int], object] = os._exit) -> None:
        self._seconds = seconds
        self._end = end
        self._code = 0
        self._reasons, self._tell = os.pipe()
        self._terminal = _terminal_state()

    def begin(self, code: int) -> None:
        """The program leaves: the time runs.

        Args:
            code: The exit code, should it have to be ended.
        """
        self._code = code
        os.write(self._tell, bytes([_ASKED]))

    @contextmanager
    def heeding(self, leave: Callable[[int], object]) -> Iterator[None]:
        """Inside, signals and a closed terminal make the program leave. To be entered in the main thread.

        Args:
            leave: Makes it leave with an exit code; called on another thread.
        """
        threading.Thread(target=self._watch, args=(leave,), name="ending", daemon=True).start()
        if sys.platform == "win32":
            yield
            return
        if sys.stdin.isatty():
            threading.Thread(target=self._wait_for_hang_up, name="hang-up", daemon=True).start()
        os.set_blocking(self._tell, False)
        handlers = {number: signal.signal(number, _nothing) for number in _SIGNALS}
        descriptor = signal.set_wakeup_fd(self._tell, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(descriptor)
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _watch(self, leave: Callable[[int], object]) -> None:
        number = self._reason()
        code = self._code if number == _ASKED else 128 + number
        if number != _ASKED:
            leave(code)
        time.sleep(self._seconds)
        self._give_back()
        self._end(code)

    def _reason(self) -> int:
        """Wait for one. Other signals, such as that the window has another size, are none."""
        while (number := os.read(self._reasons, 1)[0]) not in (_ASKED, *_SIGNALS):
            pass
        return number

    def _wait_for_hang_up(self) -> None:
        """Who is not told by a signal that the terminal is gone, because it is not his own, sees it here."""
        terminal = select.poll()
        terminal.register(sys.stdin, 0)
        for _, what in terminal.poll():
            if what & (select.POLLHUP | select.POLLERR):
                os.write(self._tell, bytes([signal.SIGHUP]))

    def _give_back(self) -> None:
        """What the screen does when it ends by itself; not where that would wait for a terminal that does not read."""
        if self._terminal is None:
            return
        import termios  # noqa: PLC0415 - not on every system

        with suppress(OSError, termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSANOW, self._terminal)
            if select.select([], [1], [], 0)[1]:
                os.write(1, _GIVE_BACK)


def _terminal_state() -> list[Any] | None:
    """How the terminal is set, None when there is none that could tell."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        return None
    import termios  # noqa: PLC0415 - not on every system

    return termios.tcgetattr(sys.stdin)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """The signal has been heard of already."""
