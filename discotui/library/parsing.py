"""From what was typed to a :class:`~discotui.library.query.Query`, whose module has the grammar.

Nothing that is typed is an error for the caller: what cannot be read comes back as values that tell where and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from discotui.errors import (
    NothingAsked,
    QueryProblem,
    RangeBackwards,
    UnknownField,
    UnknownState,
    UnreadableValue,
)
from discotui.library.folding import fold
from discotui.library.grades import GRADES, NUMBERS, is_range
from discotui.library.query import Contains, Has, Is, Query, Term, Test, Within, Words
from discotui.library.vocabulary import IS, NO, STATES, FieldName, Vocabulary, keyword

_BLANKS = re.compile(r"\s*")
_BARE = re.compile(r"[^\s|]*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)("?)')
_HEAD = re.compile(r'([^\s|":]+):')
_LIKE_A_NAME = re.compile(r"[^\W\d_][\w-]*")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood.

    Attributes:
        query: What is asked for; None when there are problems.
        problems: The terms that cannot be read, in the order of the text.
        unfinished: Terms that will say something once they are typed to their end: no value yet, or a last word
            that is the beginning of a right one. The query goes without them. Where nothing more will be typed, they
            are problems too.
    """

    query: Query | None
    problems: tuple[QueryProblem, ...] = ()
    unfinished: tuple[QueryProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A term as it stands in the text.

    Attributes:
        start: Where it begins, its dash included.
        end: Where it ends.
        excluded: A dash stands before it.
        name: What stands before its colon, None when there is no colon that counts.
        value_start: Where the value, or the word, begins, its quote included.
        text: The value, or the word, without quotes.
        quoted: It stands in quotes.
        closed: It does not, or the quote is closed. One that is open goes to the end of the text.
    """

    start: int
    end: int
    excluded: bool
    name: str | None
    value_start: int
    text: str
    quoted: bool
    closed: bool


def parse(text: str, vocabulary: Vocabulary) -> Parsed:
    """Read a filter.

    Args:
        text: Anything.
        vocabulary: Of the collection.
    """
    alternatives: list[tuple[Term, ...]] = []
    problems: list[QueryProblem] = []
    unfinished: list[QueryProblem] = []
    for pieces in scan(text, vocabulary):
        terms: list[Term] = []
        for piece in pieces:
            found = _understand(piece, vocabulary)
            if isinstance(found, _Unfinished):
                # Only what the text ends with can still become right by typing on.
                is_open = not found.only_at_end or (piece.end == len(text) and not (piece.quoted and piece.closed))
                (unfinished if is_open else problems).append(found.problem)
            elif isinstance(found, QueryProblem):
                problems.append(found)
            elif found is not None:
                terms.append(Term(found, piece.excluded))
        if terms:
            alternatives.append(tuple(terms))
    return Parsed(None if problems else Query(tuple(alternatives)), tuple(problems), tuple(unfinished))


# --- cutting the text -------------------------------------------------------------------------------------


def scan(text: str, vocabulary: Vocabulary) -> list[list[Piece]]:
    """The terms of every alternative, those that say nothing included."""
    alternatives: list[list[Piece]] = [[]]
    at = _end(_BLANKS, text, 0)
    while at < len(text):
        if text[at] == "|":
            alternatives.append([])
            at += 1
        else:
            piece = _piece(text, at, vocabulary)
            alternatives[-1].append(piece)
            at = piece.end
        at = _end(_BLANKS, text, at)
    return alternatives


def _piece(text: str, start: int, vocabulary: Vocabulary) -> Piece:
    excluded = text[start] == "-"
    begin = start + 1 if excluded else start
    name, at = _name(text, begin, vocabulary)
    value = _quoted(text, at)
    if value is not None:
        content, end, closed = value
        return Piece(start, end, excluded, name, at, content, True, closed)
    end = _end(_BARE, text, at)
    return Piece(start, end, excluded, name, at, text[at:end], False, True)


def _name(text: str, at: int, vocabulary: Vocabulary) -> tuple[str | None, int]:
    """The name before a colon that counts, and where what follows begins."""
    value = _quoted(text, at)
    if value is not None:
        name, end, closed = value
        return (name, end + 1) if closed and fold(name) and text[end : end + 1] == ":" else (None, at)
    head = _HEAD.match(text, at)
    if head is None:
        return None, at
    name = head[1]
    is_known = keyword(name) is not None or vocabulary.find(name) is not None
    is_address = text.startswith("//", head.end())
    if is_known or (_LIKE_A_NAME.fullmatch(name) and not is_address):
        return name, head.end()
    return None, at


def _quoted(text: str, at: int) -> tuple[str, int, bool] | None:
    """What stands in the quotes that open here, where they end, and whether they close."""
    found = _QUOTED.match(text, at)
    return None if found is None else (found[1].replace('""', '"'), found.end(), bool(found[2]))


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


# --- what a term means ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unfinished:
    """A problem that typing on may solve; some only where the text ends."""

    problem: QueryProblem
    only_at_end: bool = False


def _understand(piece: Piece, vocabulary: Vocabulary) -> Test | QueryProblem | _Unfinished | None:
    """The test of a term; None when it says nothing."""
    start, end = piece.start, piece.end
    name = piece.name
    word = None if name is None else keyword(name)
    field = None if name is None else vocabulary.find(name)
    if name is not None and word is None and field is None:
        return UnknownField(start, end, name, vocabulary.near(name), is_before_colon=True)
    if not fold(piece.text):
        return None if name is None else _Unfinished(NothingAsked(start, end, name))
    if field is not None:
        return _field_test(piece, field)
    if word == IS:
        return _state(piece)
    return Words(piece.text) if word is None else _presence(piece, vocabulary, wanted=word != NO)


def _state(piece: Piece) -> Test | QueryProblem | _Unfinished:
    state = fold(piece.text)
    if state in STATES:
        return Is(state)
    problem = UnknownState(piece.start, piece.end, piece.text)
    is_begun = any(known.startswith(state) for known in STATES)
    return _Unfinished(problem, only_at_end=True) if is_begun else problem


def _presence(piece: Piece, vocabulary: Vocabulary, *, wanted: bool) -> Test | QueryProblem | _Unfinished:
    field = vocabulary.find(piece.text)
    if field is not None:
        return Has(field, wanted)
    near = vocabulary.near(piece.text)
    problem = UnknownField(piece.start, piece.end, piece.text, near, is_before_colon=False)
    return _Unfinished(problem, only_at_end=True) if vocabulary.is_begun(piece.text) else problem


def has_ranges(field: FieldName) -> bool:
    """Whether the values of a field are compared, and not looked for as text alone."""
    return field.is_graded or (field.field_id is None and field.key in _SCALES)


def _field_test(piece: Piece, field: FieldName) -> Test | QueryProblem | _Unfinished:
    scale = _SCALES.get(field.key) if field.field_id is None else None
    if field.is_graded and is_range(piece.text) and not piece.quoted:
        scale = _GRADES
    if scale is None:
        return Contains(field, piece.text)
    value = fold(piece.text).replace(" ", "")
    ends = scale.ends(value)
    if ends is None:
        problem = UnreadableValue(piece.start, piece.end, field.key, piece.text, is_grade=field.is_graded)
        return _Unfinished(problem, only_at_end=True) if scale.is_begun(value) else problem
    low, high = ends
    if low is not None and high is not None and low > high:
        if field.is_graded:
            # Discogs lists the best first.
            return Within(field, high, low)
        return RangeBackwards(piece.start, piece.end, field.key, piece.text)
    return Within(field, low, high)


# --- values that are compared -----------------------------------------------------------------------------

_OPERATOR = re.compile(r">=|<=|>|<")


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the values of a field are written.

    Attributes:
        point: The first and last number for which a point stands; None when it is none.
        begun: Matches what a point may begin with.
        least: The least number.
        most: The greatest.
    """

    point: Callable[[str], tuple[int, int] | None]
    begun: re.Pattern[str]
    least: int
    most: int

    def ends(self, value: str) -> tuple[int | None, int | None] | None:
        """Both ends of a range, included; None when it cannot be read."""
        operator, first, last = _operands(value)
        low, high = self.point(first), self.point(last)
        if (first and low is None) or (last and high is None) or low is high is None:
            return None
        ends = _compared(operator, *high) if operator != ".." and high else (low and low[0], high and high[1])
        return ends if all(end is None or self.least <= end <= self.most for end in ends) else None

    def is_begun(self, value: str) -> bool:
        """Whether an unreadable value may become readable by typing on."""
        operator, first, last = _operands(value)
        if not operator and last.endswith("."):
            return last == "." or self.point(last[:-1]) is not None
        return (not first or self.point(first) is not None) and self.begun.fullmatch(last) is not None


def _operands(value: str) -> tuple[str, str, str]:
    """What joins two points, or stands before one; the first point, and the last; "" where there is none."""
    operator = _OPERATOR.match(value)
    if operator:
        return operator[0], "", value[operator.end() :]
    first, dots, last = value.partition("..")
    return (dots, first, last) if dots else ("", "", value)


def _compared(operator: str, first: int, last: int) -> tuple[int | None, int | None]:
    """The ends of what an operator, "" for none, makes of a point."""
    return {
        "": (first, last),
        ">=": (first, None),
        ">": (last + 1, None),
        "<=": (None, last),
        "<": (None, first - 1),
    }[operator]


def _number(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    return (int(text), int(text)) if pattern.fullmatch(text) else None


def _grade(text: str) -> tuple[int, int] | None:
    number = NUMBERS.get(text)
    return None if number is None else (number, number)


def _days(text: str) -> tuple[int, int] | None:
    """The days of a year, a month, or a day."""
    if not _DATE.fullmatch(text):
        return None
    year, month, day = (int(part) if part else 0 for part in (text[:4], text[5:7], text[8:]))
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first.toordinal(), first.toordinal()
    after = date(year, month + 1, 1) if 0 < month < 12 else date(year + 1, 1, 1)
    return first.toordinal(), after.toordinal() - 1


_DATE = re.compile(r"[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?")
_BEGUN_GRADES = {name[:length] for name in NUMBERS for length in range(len(name))}
_GRADES = _Scale(_grade, re.compile("|".join(map(re.escape, sorted(_BEGUN_GRADES)))), least=1, most=len(GRADES))
_SCALES = {
    "year": _Scale(
        partial(_number, re.compile(r"[12][0-9]{3}")), re.compile(r"([12][0-9]{0,2})?"), least=1000, most=2999
    ),
    "rating": _Scale(partial(_number, re.compile(r"[0-5]")), re.compile(""), least=0, most=5),
    "added": _Scale(
        _days,
        re.compile(r"([12][0-9]{0,2}|[12][0-9]{3}-[01]?|[12][0-9]{3}-[01][0-9]-[0-3]?)?"),
        least=date(1000, 1, 1).toordinal(),
        most=date(2999, 12, 31).toordinal(),
    ),
}
