"""Long work in short slices, so that a screen can draw between them.

Sorting holds the interpreter's lock, so a thread would not help. A function that works in slices is a generator
that yields after each and returns its result; who has the time runs it with :func:`finish`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Sequence
from itertools import chain
from time import perf_counter
from typing import Any, TypeAlias, TypeVar

_T = TypeVar("_T")

Steps: TypeAlias = Generator[None, None, _T]


def finish(steps: Steps[_T]) -> _T:
    """Does all slices at once. Returns what they come to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: _T = end.value
            return result


def finish_within(seconds: float, steps: Steps[_T]) -> _T | None:
    """Does slices for a while. Returns what they come to, None when the time was not enough."""
    until = perf_counter() + seconds
    try:
        while perf_counter() < until:
            next(steps)
    except StopIteration as end:
        result: _T = end.value
        return result
    return None


def sorted_in_slices(values: Sequence[Any], size: int, key: Callable[[Any], Any] | None = None) -> Steps[list[Any]]:
    """What ``sorted(values, key=key)`` returns, in about its time, and stable like it.

    Runs of ``size`` values are sorted first. Then one range of values after the other is taken from all runs and
    merged. The borders between the ranges come from regular samples of the runs, so that none is much longer than
    two runs, but for equal values, which cost next to nothing to merge.

    Args:
        values: What to sort; not to be changed before the end.
        size: Values in a slice, at least 1.
        key: As for ``sorted``.
    """
    runs = []
    for start in range(0, len(values), size):
        runs.append(sorted(values[start : start + size], key=key))
        yield
    if len(runs) < 2:
        return runs[0] if runs else []
    samples = list(chain.from_iterable(run[:: max(1, size // len(runs))] for run in runs))
    samples = sorted(map(key, samples) if key else samples)
    starts = [0] * len(runs)
    merged: list[Any] = []
    for border in samples[len(runs) :: len(runs)]:
        stops = [bisect_left(run, border, start, key=key) for run, start in zip(runs, starts, strict=True)]
        merged += _merged(runs, starts, stops, key)
        starts = stops
        yield
    return merged + _merged(runs, starts, [len(run) for run in runs], key)


def _merged(
    runs: Sequence[list[Any]], starts: Sequence[int], stops: Sequence[int], key: Callable[[Any], Any] | None
) -> list[Any]:
    pieces = (run[start:stop] for run, start, stop in zip(runs, starts, stops, strict=True))
    # Sorting finds the pieces sorted, and does no more than merge them.
    return sorted(chain.from_iterable(pieces), key=key)
