"""What a filter asks for, and how that is written.

The language, as it is typed. Blanks are whatever Unicode calls so; case, accents and width never matter::

    query       = terms { "|" terms }           either of them; "|" binds weakest: a b | c d is (a b) or (c d)
    terms       = term { blanks term }          all of them
    term        = [ "-" ] ( words | field | state | presence )       "-" right before a term excludes it
    words       = quoted | bare                 in artist, title, label, catalogue number, format, genre, folder, notes
    field       = name ":" value                name is a field of Vocabulary; quoted where it has blanks
    state       = "is:" ( "duplicate" | "pressing" | "unrated" | "rated" | "waiting" | "conflict" )
    presence    = ( "has:" | "no:" ) name
    value       = text | compared
    text        = quoted | bare
    compared    = point | point ".." [ point ] | ".." point | ( ">=" | ">" | "<=" | "<" ) point
    quoted      = '"' { any character, '"' written twice } '"'
    bare        = characters without blanks and "|"

Both ends of a range belong to it. A point of ``rating`` is 0 to 5, where 0 is unrated, so that ``rating:..2`` has the
unrated too; of ``year`` four digits; of ``added`` a year, month or day as in 2024, 2024-03, 2024-03-05, which as an
end of a range stands for all of its days, as they are shown. A dropdown of conditions has ranges of grades, from poor
to mint: ``media:vg+..`` is "VG+ or better", ``sleeve:<vg`` worse than VG; they may be named from either end, and are
text in quotes. A year, date or grade that is not known is in no range, and what a stranger's view does not show is not
there.

What is decided where it could be otherwise:

- A quote opens only at the beginning of a term or value: ``12"`` is a word, and ``format:12"`` a value. One that is not
  closed is read as closed where the text ends, so that what is being typed is looked for already.
- There are no parentheses: ``nirvana (2)`` are two words.
- A colon makes a field only behind a known name, or behind something that looks like a name: a letter, then letters,
  digits, ``_`` or ``-``. So ``12:30`` and ``:)`` are words, and so is ``http://…``, for its slashes, while ``re:mix``
  is an unknown field, to be quoted.
- A dash alone, and what folds to nothing, say nothing: ``alice coltrane - journey`` may be pasted as it is.
- An alternative that says nothing is left out: while ``a | `` is typed, it is ``a``.
- ``is:duplicate`` is a release owned more than once; ``is:pressing`` a work of which several releases are owned.
- ``genre`` and ``style`` look at the same line, in which Discogs' genres and styles stand together.
- ``notes`` is whatever was written freely: every value of a notes field that is not a dropdown.
- A dropdown's value is matched by its short form alone when that is what was asked for: ``sleeve:vg`` is "Very Good
  (VG)", not "Very Good Plus (VG+)"; any other text is looked for within the values: ``media:near``.
- ``no:folder`` is what lies in Uncategorized, which is Discogs' word for it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from discotui.library.grades import GRADES, is_range
from discotui.library.vocabulary import HAS, IS, NO, FieldName


@dataclass(frozen=True, slots=True)
class Words:
    """Text that is looked for everywhere, as typed; several words are a quoted phrase."""

    text: str

    def __str__(self) -> str:
        return quoted(self.text) if ":" in self.text or self.text.startswith("-") else unquoted(self.text)


@dataclass(frozen=True, slots=True)
class Contains:
    """Text that is looked for in one field, as typed."""

    field: FieldName
    text: str

    def __str__(self) -> str:
        is_text = not self.field.is_graded or not is_range(self.text)
        return f"{written(self.field)}:{unquoted(self.text) if is_text else quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class Within:
    """A range of year, rating, added, or grades; of the two ends one may be open.

    Attributes:
        field: One of these three, or a dropdown of conditions.
        low: The least that matches; days are numbered as ``datetime.date.toordinal`` does, grades as in
            :mod:`~discotui.library.grades`.
        high: The most that matches.
    """

    field: FieldName
    low: int | None
    high: int | None

    def __str__(self) -> str:
        if self.field.field_id is not None:
            low, high = ("" if end is None else GRADES[end - 1] for end in (self.low, self.high))
            # One grade alone would be text.
            return f"{written(self.field)}:{low}..{high}"
        if self.field.key == "added":
            low, high = _days(self.low, self.high)
        else:
            low, high = ("" if end is None else str(end) for end in (self.low, self.high))
        return f"{self.field.key}:{low if low == high else f'{low}..{high}'}"


@dataclass(frozen=True, slots=True)
class Is:
    """One of :data:`~discotui.library.vocabulary.STATES`."""

    state: str

    def __str__(self) -> str:
        return f"{IS}:{self.state}"


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a field says anything."""

    field: FieldName
    wanted: bool = True

    def __str__(self) -> str:
        return f"{HAS if self.wanted else NO}:{unquoted(self.field.key)}"


Test = Words | Contains | Within | Is | Has


@dataclass(frozen=True, slots=True)
class Term:
    """A test that an item must, or must not, pass."""

    test: Test
    excluded: bool = False

    def __str__(self) -> str:
        return f"-{self.test}" if self.excluded else str(self.test)


@dataclass(frozen=True, slots=True)
class Query:
    """What a filter asks for. ``str()`` writes it so that reading it again gives the same query.

    Attributes:
        alternatives: Of each all terms must hold, of these one is enough; none at all asks for everything.
    """

    alternatives: tuple[tuple[Term, ...], ...] = ()

    @property
    def asks_for_copies(self) -> bool:
        """Whether the answer depends on how many copies, or pressings, there are of something."""
        return any(term.test in _OF_COPIES for terms in self.alternatives for term in terms)

    def __str__(self) -> str:
        return " | ".join(" ".join(map(str, terms)) for terms in self.alternatives)


_OF_COPIES = (Is("duplicate"), Is("pressing"))


def quoted(text: str) -> str:
    """The text in quotes."""
    return '"' + text.replace('"', '""') + '"'


def unquoted(text: str) -> str:
    """The text without quotes where it can do without, as the value of a field."""
    is_bare = bool(text) and not text.startswith('"') and "|" not in text and not any(map(str.isspace, text))
    return text if is_bare else quoted(text)


def written(field: FieldName) -> str:
    """A field's name as it stands before a colon."""
    is_bare = not field.key.startswith("-") and not set(field.key) & set('":|')
    return field.key if is_bare else quoted(field.key)


def _days(low: int | None, high: int | None) -> tuple[str, str]:
    """Both ends as years, months or days: as coarse as they can be, and the same where both are given."""
    first = None if low is None else date.fromordinal(low)
    last = None if high is None else date.fromordinal(high)
    length = max(0 if first is None else _coarsest(first, 1, 1), 0 if last is None else _coarsest(last, 12, None))
    return first.isoformat()[:length] if first else "", last.isoformat()[:length] if last else ""


def _coarsest(day: date, month: int, day_of_month: int | None) -> int:
    """How much of a date must be written: 4 characters when it begins or ends a year, 7 a month, else all 10.

    Args:
        day: The date.
        month: The month in which a year begins or ends.
        day_of_month: The day on which a month begins; None for the day on which it ends.
    """
    if day.day != (day_of_month or calendar.monthrange(day.year, day.month)[1]):
        return 10
    return 4 if day.month == month else 7
