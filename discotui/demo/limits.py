"""The rate limit: so many requests in any 60 seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW = 60.0
"""Seconds. The window moves with every request, it does not start at full minutes."""


class MovingWindow:
    """Counts requests, separately for each token or address.

    A request that is turned away does not count: waiting until the oldest one is a minute old is enough.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def admit(self, who: str, limit: int) -> int | None:
        """Count a request.

        Returns:
            How many of the limit are used now, this one included; None when the limit was reached before.
        """
        now = self._clock()
        times = self._times.setdefault(who, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= limit:
            return None
        times.append(now)
        return len(times)
