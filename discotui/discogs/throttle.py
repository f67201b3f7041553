"""Pacing: how fast we may ask, learnt from the server and never exceeded.

Discogs counts requests in a moving window of 60 seconds and tells its limit with each answer. We stay at 90 %
of it, one request at a time, so that a 429 is never of our own making. Nothing here knows HTTP.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from discotui.errors import Interrupted

WINDOW = 60.0
"""Seconds in which Discogs counts."""

RESERVED = 2
"""Places of the window that work in the background leaves to the person."""

LARGEST_LIMIT = 100_000
"""Requests a minute. Each place of the window that others take costs memory."""

WORTH_TELLING = 0.5
"""Shorter waits, in seconds, pass unnoticed."""

_ANSWERS_KEPT, _ANSWERS_ENOUGH = 25, 5

PACE = "pace"
TOO_FAST = "too-fast"


def _wait_for(event: threading.Event, seconds: float) -> None:
    event.wait(seconds)


class _Ticket:
    """Somebody who waits for a turn.

    Attributes:
        background: Whether people come first.
        changed: Set when there is a reason to look again.
        until: The clock's time at which the turn is expected, None while that depends on others.
    """

    __slots__ = ("background", "changed", "until")

    def __init__(self, background: bool) -> None:
        self.background = background
        self.changed = threading.Event()
        self.until: float | None = None


class Throttle:
    """A sliding window over the requests of this program, shared by all its threads.

    The server counts a request when it arrives, which is some time between our start and the answer. So a
    request holds its place from its start until 60 seconds after its completion.

    Attributes:
        clock: Seconds, never going backwards; all times given by this class are of this clock.
        on_wait: Called with the seconds and the reason (``PACE`` or ``TOO_FAST``), once for each turn that
            has to wait for longer than half a second, on the thread that waits.
    """

    def __init__(
        self,
        limit: int = 60,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], None] | None = None,
        on_wait: Callable[[float, str], None] | None = None,
    ) -> None:
        """Start with an empty window.

        Args:
            limit: Requests a minute, until the server says otherwise.
            clock: See the class.
            wait: Waits until the event is set or the seconds have passed. A test that owns the clock moves it
                here instead.
            on_wait: See the class.
        """
        self.clock = clock
        self.on_wait = on_wait
        self._wait = wait or _wait_for
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._busy = False
        self._stopped = False
        self._held_until = float("-inf")
        # When the places taken become free again: by our own requests, and by those of other programs.
        self._own: deque[float] = deque()
        self._foreign: deque[float] = deque()
        self._took: deque[float] = deque(maxlen=_ANSWERS_KEPT)

    @property
    def answer_seconds(self) -> float | None:
        """What an answer took lately, from start to end; None before there were some."""
        with self._lock:
            return median(self._took) if len(self._took) >= _ANSWERS_ENOUGH else None

    @property
    def left(self) -> int:
        """Requests that could be made right now."""
        with self._lock:
            now = self.clock()
            if now < self._held_until:
                return 0
            return max(0, self._budget - self._used(now))

    def places(self) -> list[float]:
        """In how many seconds each place of the window is free, 0.0 for now; the soonest first, as many as there are.

        Those who wait for one already have none yet.
        """
        with self._lock:
            now = self.clock()
            used = self._used(now)
            ends = sorted([*self._own, *self._foreign, *[now + WINDOW] * self._busy])
            # With more taken than we allow ourselves, the first to end free nothing.
            taken = ends[max(0, used - self._budget) :]
            held = max(0.0, self._held_until - now)
            return [held] * (self._budget - len(taken)) + [max(held, end - now) for end in taken]

    @property
    def limit(self) -> int:
        """Requests a minute, as the server has told last."""
        with self._lock:
            return self._limit

    @property
    def waiting_until(self) -> float | None:
        """The clock's time until which somebody waits for the next turn, None when nobody does."""
        with self._lock:
            first = self._first()
            return first.until if first else None

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped

    @contextmanager
    def turn(self, background: bool = False) -> Iterator[None]:
        """Wait for the turn; the body of the ``with`` is the request.

        Args:
            background: Nobody looks at a spinner for this one: waits behind all others, and leaves two places
                of the window free.

        Raises:
            Interrupted: ``stop`` was called; the body was not entered.
        """
        self._enter(_Ticket(background))
        begun = self.clock()
        try:
            yield
        finally:
            with self._lock:
                self._busy = False
                now = self.clock()
                self._took.append(now - begun)
                self._own.append(now + WINDOW)
                self._wake()

    def seen(self, limit: int | None, used: int | None, remaining: int | None) -> None:
        """Learn from the headers of an answer; call it within the turn.

        Requests that the server counted and we did not make (another program with the same token, or this one
        before a restart) keep their places for 60 seconds, since nothing tells when they were made.

        Args:
            limit: X-Discogs-Ratelimit; None (absent) and 0 leave it as it is. Who tells of a limit beyond
                100,000 is not believed at all.
            used: X-Discogs-Ratelimit-Used.
            remaining: X-Discogs-Ratelimit-Remaining, which can lag by one.
        """
        if limit is not None and limit > LARGEST_LIMIT:
            return
        with self._lock:
            if limit is not None and limit > 0:
                self._limit = limit
            counted = [n for n in (used, None if remaining is None else self._limit - remaining) if n is not None]
            if counted:
                now = self.clock()
                unknown = min(max(counted), self._limit) - self._used(now)
                self._foreign.extend([now + WINDOW] * unknown)
            self._wake()

    def hold(self, seconds: float) -> None:
        """Nobody goes before this many seconds have passed: the server said that we are too fast."""
        with self._lock:
            self._held_until = max(self._held_until, self.clock() + seconds)
            self._wake()

    def stop(self) -> None:
        """Give up: every turn that waits, and every later one, raises ``Interrupted`` at once."""
        with self._lock:
            self._stopped = True
            self._wake()

    @property
    def _budget(self) -> int:
        return max(1, self._limit * 9 // 10)

    def _enter(self, ticket: _Ticket) -> None:
        told = False
        with self._lock:
            self._waiting.append(ticket)
        try:
            while True:
                with self._lock:
                    ticket.changed.clear()
                    if self._stopped:
                        raise Interrupted("stopped before the request was sent")
                    seconds, reason = self._delay(ticket)
                    if seconds is not None and seconds <= 0:
                        self._busy = True
                        return
                    ticket.until = None if seconds is None else self.clock() + seconds
                if seconds is None:
                    ticket.changed.wait()
                    continue
                if self.on_wait and not told and seconds > WORTH_TELLING:
                    told = True
                    self.on_wait(seconds, reason)
                self._wait(ticket.changed, seconds)
        finally:
            with self._lock:
                self._waiting.remove(ticket)
                self._wake()

    def _delay(self, ticket: _Ticket) -> tuple[float | None, str]:
        """Seconds until this ticket's turn and why; None while it depends on others."""
        if self._busy or self._first() is not ticket:
            return None, PACE
        now = self.clock()
        held = self._held_until - now
        paced = self._next_place(now, ticket.background) - now
        return (held, TOO_FAST) if held > max(paced, 0) else (paced, PACE)

    def _next_place(self, now: float, background: bool) -> float:
        """The time at which the window has a place."""
        allowed = max(1, self._budget - RESERVED) if background else self._budget
        if (used := self._used(now)) < allowed:
            return now
        return sorted([*self._own, *self._foreign])[used - allowed]

    def _used(self, now: float) -> int:
        """Places taken, the request under way included."""
        for places in (self._own, self._foreign):
            while places and places[0] <= now:
                places.popleft()
        return len(self._own) + len(self._foreign) + self._busy

    def _first(self) -> _Ticket | None:
        """Who goes next: people before background work, each in the order of arrival."""
        return min(self._waiting, key=lambda ticket: ticket.background, default=None)

    def _wake(self) -> None:
        for ticket in self._waiting:
            ticket.changed.set()
