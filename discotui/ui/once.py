"""Something that is done once, after a while.

Textual's ``set_timer`` skips what is late: a timer that is to fire once, and is late by its whole time when it is
started, never fires. That happens whenever another thread, or program, has the processor for some milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer


def once(pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
    """Do something once, after some seconds; ``reset()`` of the timer begins to count anew, ``stop()`` calls it off.

    Args:
        pump: Whose timer it is: the screen or widget.
        seconds: At least so many.
        act: Not a coroutine.
    """

    def fired() -> None:
        timer.stop()
        act()

    timer = pump.set_interval(seconds, fired)
    return timer
