"""The grades of records and sleeves, by which a condition is better or worse than another.

They are the eight of the Goldmine standard, which Discogs uses and collectors write in short. What Discogs lists beside
them for sleeves ("Generic", "Not Graded", "No Cover") is no grade.
"""

from __future__ import annotations

from collections.abc import Iterable

from discotui.library.folding import fold
from discotui.library.items import short_condition

GRADES = ("p", "f", "g", "g+", "vg", "vg+", "nm", "m")
"""Their short forms, folded, the worst first; the first has the number 1."""

NUMBERS = {grade: number for number, grade in enumerate(GRADES, 1)} | {
    "poor": 1,
    "fair": 2,
    "good": 3,
    "goodplus": 4,
    "good+": 4,
    "verygood": 5,
    "verygoodplus": 6,
    "verygood+": 6,
    "nearmint": 7,
    "m-": 7,
    "mint": 8,
}
"""How they may be written, folded and without blanks, and their numbers."""


def grade(value: str) -> int:
    """The number of a condition as Discogs gives it, such as "Very Good Plus (VG+)"; 0 for what is no grade."""
    return NUMBERS.get(fold(short_condition(value)).replace(" ", ""), 0)


def is_range(text: str) -> bool:
    """Whether the value of a graded field is a range of grades, or begins to be one; any other is text."""
    value = fold(text)
    is_begun = value == "." or (value.endswith(".") and value[:-1].replace(" ", "") in NUMBERS)
    return is_begun or ".." in value or value.startswith(("<", ">"))


def are_graded(options: Iterable[str]) -> bool:
    """Whether these are options of which some are better than others."""
    return len(set(map(grade, options)) - {0}) > 1
