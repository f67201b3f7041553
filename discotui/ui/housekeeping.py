"""Looking for garbage while nobody waits for the screen.

Python does so when enough new objects have come, which is in the middle of the largest edits and readings, and with a
large collection in memory it takes a tenth of a second. Most of what there is stays as long as the program runs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic, thread_time

_IDLE_SECONDS = 1.5
_LONGEST_SECONDS = 300.0
"""After so long it is done even while somebody types."""
_WORTH_IT = 10
"""Smaller collections since the last whole one."""
_LONG_SECONDS = 0.02
_NEVER = 1_000_000


class Housekeeping:
    """Takes over the whole garbage collections from Python; the small ones of new objects stay as they are.

    Args:
        is_plain: Whether nothing is open that will soon be garbage, such as a dialog.
    """

    def __init__(self, is_plain: Callable[[], bool]) -> None:
        self._is_plain = is_plain
        self._usual = gc.get_threshold()
        self._touched = self._collected = monotonic()

    def take_over(self) -> None:
        """From now on whole collections are made by :meth:`look` alone."""
        self._usual = gc.get_threshold()
        gc.set_threshold(*self._usual[:2], _NEVER)

    def give_back(self) -> None:
        """Python collects as before."""
        gc.set_threshold(*self._usual)

    def touched(self) -> None:
        """Somebody is at the keys."""
        self._touched = monotonic()

    def look(self) -> None:
        """To be called every second or so: collect, if it is worth it and nobody is at the keys."""
        now = monotonic()
        if not gc.isenabled() or gc.get_count()[2] < _WORTH_IT:
            return
        if now - self._touched < _IDLE_SECONDS and now - self._collected < _LONGEST_SECONDS:
            return
        begun = thread_time()
        gc.collect()
        if thread_time() - begun > _LONG_SECONDS and self._is_plain():
            # What made it long are the items, which are here to stay: the next time they are left out.
            gc.freeze()
        self._collected = monotonic()
