"""What can stand where the cursor is in a filter: names, and values from this collection."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from discotui.library.collected import Collection
from discotui.library.folding import fold
from discotui.library.grades import NUMBERS
from discotui.library.items import Field, short_condition
from discotui.library.parsing import Piece, has_ranges, scan
from discotui.library.query import unquoted, written
from discotui.library.vocabulary import IS, KEYWORDS, STATES, FieldName, Vocabulary, keyword

MOST = 50
"""More than anybody reads."""
_LONGEST_REMARK = 40
"""Longer values of textareas are written once, not chosen again."""
_BEFORE_LAST_POINT = re.compile(r".*\.\.|>=|<=|>|<", re.DOTALL)
_QUANTITY = re.compile(r"^\d+×")
# The one genre with commas in it; no style has any.
_FOLK = "Folk, World, & Country"


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing that can stand there.

    Attributes:
        start: Where what it replaces begins in the text.
        end: Where that ends. The cursor belongs behind what was put there.
        text: What to put there, with quotes where they are needed; printable, on one line.
        detail: What it means where the text does not say so, as given: a field's name, an option in full.
        count: How many items have it; 0 for names.
    """

    start: int
    end: int
    text: str
    detail: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    """A completion that is not in its place yet; found by lines of folded text."""

    text: str
    detail: str
    count: int
    folded: str


class Completer:
    """Completes filters over one state of a collection; the values of a field are counted when first asked for.

    Args:
        collection: Whose values are offered.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._vocabulary = Vocabulary(collection.fields.values())
        self._fields = self._names(lambda name: unquoted(name.key))
        self._before_colon = self._names(lambda name: f"{written(name)}:")
        self._before_colon += [_Offer(f"{word}:", "", 0, word) for word in KEYWORDS]
        self._states = [_Offer(state, "", 0, state) for state in STATES]
        self._terms = self._before_colon + [_Offer(f"{IS}:{state}", "", 0, state) for state in STATES]
        self._values: dict[FieldName, list[_Offer]] = {}

    def _names(self, shape: Callable[[FieldName], str]) -> list[_Offer]:
        return [
            _Offer(shape(name), title, 0, f"{name.key}\n{fold(title)}")
            for name, title in self._vocabulary.names.items()
            if name.key.isprintable()
        ]

    def complete(self, text: str, cursor: int) -> list[Completion]:
        """What can stand at the cursor: what begins as typed, then what holds it; of both the commonest first.

        Args:
            text: The filter.
            cursor: A place in it; what stands before it, back to the beginning of its word, is what was typed.
        """
        pieces = chain.from_iterable(scan(text, self._vocabulary))
        piece = next((piece for piece in pieces if piece.start <= cursor <= piece.end), None)
        if piece is None:
            return _placed(self._before_colon, "", cursor, cursor)
        begin = piece.start + piece.excluded
        if piece.name is not None and cursor >= piece.value_start:
            return self._behind_colon(piece, piece.name, text[piece.value_start : cursor])
        if cursor < begin or (piece.name is None and piece.quoted):
            return []
        typed = text[begin:cursor].lstrip('"')
        offers = self._terms if typed else self._before_colon
        return _placed(offers, typed, begin, piece.end if piece.name is None else piece.value_start)

    def _behind_colon(self, piece: Piece, name: str, typed: str) -> list[Completion]:
        start = piece.value_start
        field = self._vocabulary.find(name)
        if field is None:
            word = keyword(name)
            offers = [] if word is None else self._states if word == IS else self._fields
        else:
            offers = self._values_of(field)
            before = _BEFORE_LAST_POINT.match(typed) if has_ranges(field) and not piece.quoted else None
            if before:
                offers = [offer for offer in offers if not field.is_graded or fold(offer.text) in NUMBERS]
                start += before.end()
                typed = typed[before.end() :]
        if piece.quoted:
            typed = typed.removeprefix('"').removesuffix('"').replace('""', '"')
        return _placed(offers, typed, start, piece.end)

    # --- values ---------------------------------------------------------------------------------------

    def _values_of(self, field: FieldName) -> list[_Offer]:
        known = self._values.get(field)
        if known is None:
            known = self._values[field] = list(self._count(field))
        return known

    def _count(self, field: FieldName) -> Iterator[_Offer]:
        items = self._collection.items
        if field.field_id is not None:
            return self._count_notes(self._collection.fields[field.field_id])
        match field.key:
            case "folder":
                ids = Counter(map(attrgetter("folder_id"), items))
                return _offers((name, ids[folder_id]) for folder_id, name in self._collection.folders.items())
            case "year":
                years = Counter(map(attrgetter("year"), items))
                return _offers((str(year), count) for year, count in years.items() if year)
            case "rating":
                ratings = Counter(map(attrgetter("rating"), items))
                return _offers((str(rating), count) for rating, count in ratings.items())
            case "added":
                months = Counter(item.added[:7] for item in items if item.added)
                years_added = _split(months, lambda month: [month[:4]])
                return chain(_offers(years_added.items()), _offers(months.items()))
            case "artist" | "label" | "format" | "genre" | "style" as key:
                lines = Counter(map(attrgetter(_LINES[key][0]), items))
                return _offers(_split(lines, _LINES[key][1]).items())
        return iter(())

    def _count_notes(self, field: Field) -> Iterator[_Offer]:
        counts = Counter(item.note(field.field_id) for item in self._collection.items)
        del counts[""]
        if not field.is_dropdown:
            return _offers((value, count) for value, count in counts.items() if len(value) <= _LONGEST_REMARK)
        values = dict.fromkeys((*field.options, *counts))
        return _offers(((value, counts[value]) for value in values), short_condition)


# --- the parts of a line ----------------------------------------------------------------------------------


def _listed(line: str) -> list[str]:
    return line.split(", ")


def _genres(line: str) -> list[str]:
    rest = line.replace(_FOLK, "")
    return _listed(rest) + ([_FOLK] if rest != line else [])


def _formats(line: str) -> list[str]:
    return [_QUANTITY.sub("", part) for form in line.split(" + ") for part in _listed(form)]


_LINES: dict[str, tuple[str, Callable[[str], list[str]]]] = {
    "artist": ("artist", lambda line: [line]),
    "label": ("label", _listed),
    "format": ("format", _formats),
    "genre": ("genre", _genres),
    "style": ("genre", _genres),
}
"""The attribute in which the values of a field stand, and how they are told apart."""


def _split(lines: Counter[str], parts: Callable[[str], list[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line, count in lines.items():
        for part in set(parts(line)):
            counts[part] += count
    return counts


# --- offers -----------------------------------------------------------------------------------------------


def _offers(counted: Iterable[tuple[str, int]], shorten: Callable[[str], str] = str) -> Iterator[_Offer]:
    """Values with their counts, the commonest first, without those that nobody could type.

    Values that are written the same, as those that differ by a line end, are one, under the commonest one's detail.
    """
    counts: Counter[str] = Counter()
    details: dict[str, str] = {}
    for value, count in sorted(counted, key=lambda each: (-each[1], each[0])):
        full, short = (" ".join(text.split()) for text in (value, shorten(value)))
        if short and short.isprintable():
            counts[short] += count
            details.setdefault(short, full if full != short else "")
    for short, count in sorted(counts.items(), key=lambda each: -each[1]):
        detail = details[short]
        yield _Offer(unquoted(short), detail, count, f"{fold(short)}\n{fold(detail)}")


def _placed(offers: Iterable[_Offer], typed: str, start: int, end: int) -> list[Completion]:
    """The offers that fit what was typed, in their place."""
    wanted = fold(typed)
    begun: list[_Offer] = []
    holding: list[_Offer] = []
    for offer in offers:
        if offer.folded.startswith(wanted) or f"\n{wanted}" in offer.folded:
            begun.append(offer)
            if len(begun) == MOST:
                break
        elif wanted in offer.folded:
            holding.append(offer)
    return [Completion(start, end, offer.text, offer.detail, offer.count) for offer in (*begun, *holding)[:MOST]]
