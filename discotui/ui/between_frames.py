"""Long work on the screen's thread, done in slices: a frame is drawn and a key is taken in between."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Generic, TypeVar

from textual.message_pump import MessagePump

from discotui.library.slicing import Steps
from discotui.ui.once import once

AT_ONCE_SECONDS = 0.024
"""Work of up to two frames is done before the key is answered; what takes longer goes on between frames."""

_T = TypeVar("_T")


class BetweenFrames(Generic[_T]):
    """Does one piece of work at a time; another one takes its place.

    Args:
        pump: Whose timers are used: the screen.
        slice_seconds: For how long it may hold the screen up each time.
        pause: Seconds in between.
    """

    def __init__(self, pump: MessagePump, *, slice_seconds: float = 0.012, pause: float = 0.001) -> None:
        self._pump = pump
        self._slice_seconds = slice_seconds
        self._pause = pause
        self._steps: Steps[_T] | None = None
        self._then: Callable[[_T], object] = lambda _: None
        self._failed: Callable[[Exception], object] | None = None

    @property
    def is_running(self) -> bool:
        """It has work that is not finished."""
        return self._steps is not None

    def run(
        self,
        steps: Steps[_T],
        then: Callable[[_T], object],
        *,
        at_once: float = AT_ONCE_SECONDS,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Begin some work, in place of what goes on.

        Args:
            steps: The work.
            then: Gets what it comes to; called before this returns, when that takes no longer than ``at_once``.
            at_once: For how long the work may hold the screen up right now; 0 leaves all of it for later.
            failed: Gets the error when there is one; without it the error is raised where the work was done.
        """
        self._steps, self._then, self._failed = steps, then, failed
        if at_once:
            self._go_on(at_once)
        else:
            self._later(steps)

    def drop(self) -> None:
        """Leave what goes on as it is."""
        self._steps = None

    def _later(self, steps: Steps[_T]) -> None:
        # Work that was begun anew goes on by itself.
        once(self._pump, self._pause, lambda: self._go_on(self._slice_seconds) if self._steps is steps else None)

    def _go_on(self, seconds: float) -> None:
        steps = self._steps
        if steps is None:
            return
        until = perf_counter() + seconds
        try:
            while perf_counter() < until:
                next(steps)
        except StopIteration as end:
            self._steps = None
            self._then(end.value)
        except Exception as error:
            self._steps = None
            if self._failed is None:
                raise
            self._failed(error)
        else:
            self._later(steps)
