"""What a benchmark finds: our cost beside a reference's in the same run. Ratios hold where milliseconds do not."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import process_time


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Attributes:
        what: What was done.
        size: Items in the collection.
        ours: Milliseconds of the processor, or whatever the reference counts.
        reference: The same of the reference.
        of: What the reference is.
        budget: The ratio that is not to be passed; None where there is none.
    """

    what: str
    size: int
    ours: float
    reference: float
    of: str
    budget: float | None = None

    @property
    def ratio(self) -> float:
        """Ours by the reference."""
        return self.ours / self.reference if self.reference else float("inf")

    @property
    def is_within(self) -> bool:
        """The budget is kept."""
        return self.budget is None or self.ratio <= self.budget


def cost(act: Callable[[], object], *, repeats: int = 7, before: Callable[[], object] = lambda: None) -> float:
    """Median milliseconds of the processor that something takes.

    Args:
        act: What is measured.
        repeats: How often.
        before: Done before each time, and not measured.
    """
    times = []
    for _ in range(repeats):
        before()
        # Whose turn it is to collect the garbage of all is chance.
        gc.collect()
        gc.disable()
        start = process_time()
        act()
        times.append((process_time() - start) * 1000)
        gc.enable()
    return median(times)


def print_figures(measure: Callable[[int], Iterable[Figure]], sizes: Iterable[int]) -> None:
    """Measure at some sizes, and print one line for each figure, as they come."""
    print(f"{'items':>8}  {'':<56}{'ours':>10}{'reference':>11}{'ratio':>8}{'budget':>8}  reference")
    for size in sizes:
        for each in measure(size):
            budget = "" if each.budget is None else f"{each.budget:g}"
            late = "" if each.is_within else "  OVER"
            line = f"{each.ours:>10.2f}{each.reference:>11.2f}{each.ratio:>8.2f}{budget:>8}  {each.of}{late}"
            print(f"{each.size:>8,}  {each.what:<56}{line}", flush=True)
