"""One program at a time writes to a library: a lock of the kernel's, gone with the process that held it.

A lock file alone would outlive a program that was killed, and then lie. Here the file means nothing; what counts
is the lock on it, which the system lets go of by itself.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


class FileLock:
    """A lock beside a library file.

    Args:
        path: The library file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + ".lock")
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        """Held by this object."""
        return self._handle is not None

    def take(self) -> bool:
        """Take the lock if nobody has it; never waits.

        Returns:
            Whether it is held now.

        Raises:
            OSError: The lock's file cannot be opened at all: no folder, or no permission.
        """
        if self._handle is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def is_free(self) -> bool:
        """Whether nobody has it; to find out, it is taken for a moment."""
        if self.is_held:
            return False
        try:
            is_free = self.take()
        except OSError:
            return False
        self.release()
        return is_free

    def release(self) -> None:
        """Let go. The file stays: deleting it could take it from under another program's feet."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
