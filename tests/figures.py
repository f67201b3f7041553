"""Numbers that tests have counted, to be read at the end of a run."""

from __future__ import annotations

FIGURES: list[str] = []


def told(figure: str) -> None:
    """Have a line told at the end of the run (and at once, where output is not captured)."""
    print(figure)
    FIGURES.append(figure)
