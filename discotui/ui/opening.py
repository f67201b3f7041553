"""Opening a collection on a thread, while the screen shows what was seen last."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from discotui.start import Start

if TYPE_CHECKING:
    from discotui.ui.session import Session

_LARGE_BYTES = 4_000_000
"""From some ten thousand items on."""


class Opening:
    """A collection on its way from the file to the screen. Whoever has it last closes it.

    Args:
        start: What to open.
    """

    def __init__(self, start: Start) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._is_unwanted = False
        self._session: Session | None = None

    def run(self) -> None:
        """Open it and get its first list ready; on a thread.

        Raises:
            LibraryError: It cannot be used.
        """
        try:
            session = self._open()
            with self._lock:
                self._session = None if self._is_unwanted else session
            if self._session is None:
                session.close()
        finally:
            self._is_over.set()

    def _open(self) -> Session:
        with _without_garbage(self._start):
            # Not before the first frame: this is most of the program.
            from discotui.library.slicing import finish  # noqa: PLC0415
            from discotui.ui.screens import main  # noqa: F401, PLC0415
            from discotui.ui.session import open_session  # noqa: PLC0415

            session = open_session(self._start)
            finish(session.first_list.steps())
            return session

    def take(self) -> Session | None:
        """The open collection, which is the caller's from now on; None before that, or when it is unwanted."""
        with self._lock:
            session, self._session = self._session, None
            return session

    def abandon(self, seconds: float) -> None:
        """It is not wanted any more: close it, or leave that to the thread.

        Args:
            seconds: How long to wait until it has been closed.
        """
        with self._lock:
            self._is_unwanted = True
            session, self._session = self._session, None
        if session is not None:
            session.close()
        else:
            self._is_over.wait(seconds)


@contextmanager
def _without_garbage(start: Start) -> Iterator[None]:
    """Around making what stays as long as the program runs: its classes, and the objects of a large collection.

    Going through all of them for garbage takes a tenth of a second and stops the screen: some times while they are
    made, and ever again later. They are left out from now on.
    """
    if gc.isenabled() and not _is_large(start):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _is_large(start: Start) -> bool:
    try:
        return start.library_path.stat().st_size >= _LARGE_BYTES
    except OSError:
        return False
