"""The program in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0

_HOW = re.compile(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b[=>]")
"""Where, and in which colours: a text that lies over others is drawn in several pieces."""


def without_how(output: str) -> str:
    """What a terminal is sent, without where and in which colours."""
    return _HOW.sub("", output)


def environment(folder: Path) -> dict[str, str]:
    """The variables of a machine without a token, and with a person's folders below the given one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCOTUI", "XDG", "TEXTUAL"))}
    temporary = folder / "tmp"
    temporary.mkdir()
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "TMPDIR": str(temporary),
        "TERM": "xterm-256color",
    }


class Terminal:
    """The program in a terminal of its own.

    Attributes:
        process: The program.
        output: All that it has written so far.
    """

    def __init__(
        self,
        environ: dict[str, str],
        *arguments: str,
        columns: int = 100,
        rows: int = 30,
        command: Sequence[str] = (),
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        command = command or [sys.executable, "-m", "discotui", *arguments]
        self.process = subprocess.Popen(
            command, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.output = ""

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._ours, text.encode())

    def read_until(self, text: str) -> None:
        """Read on until the program has written a text.

        Raises:
            AssertionError: It never did.
        """
        end = time.monotonic() + PATIENCE
        goes_on = True
        while text not in (seen := without_how(self.output)):
            assert goes_on, f"not written: {text!r}; but {seen[-2000:]!r}"
            assert time.monotonic() < end, f"never written: {text!r}; but {seen[-2000:]!r}"
            goes_on = self._read()

    def read_on(self) -> None:
        """Read what the program writes next, or wait a moment.

        Raises:
            AssertionError: It has ended.
        """
        assert self._read(), self.output[-2000:]

    def wait(self) -> int:
        """Read to the end. Returns the exit code.

        Raises:
            AssertionError: It does not come to one.
        """
        end = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < end, f"it has not ended: {without_how(self.output)[-3000:]!r}"
        return self.process.wait(PATIENCE)

    def _read(self) -> bool:
        """Read a piece; False at the end."""
        if not select.select([self._ours], [], [], 0.1)[0]:
            return self.process.poll() is None
        try:
            piece = os.read(self._ours, 65536)
        except OSError:
            return False
        self.output += piece.decode("utf-8", "replace")
        return bool(piece)

    def hang_up(self) -> None:
        """Close the window."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()


@contextmanager
def terminal(environ: dict[str, str], *arguments: str, columns: int = 100, rows: int = 30) -> Iterator[Terminal]:
    """The program in a terminal, ended in any case."""
    made = Terminal(environ, *arguments, columns=columns, rows=rows)
    try:
        yield made
    finally:
        made.close()
