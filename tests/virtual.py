"""Time that passes only when somebody waits."""

import threading


class VirtualClock:
    """Stands in for a monotonic clock and for waiting on it.

    Attributes:
        now: Seconds.
        waited: The waits asked for, in order.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, event: threading.Event, seconds: float) -> None:
        """Pass the time at once."""
        self.waited.append(seconds)
        self.now += seconds
