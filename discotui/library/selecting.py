"""What each term of a query matches.

Items are taken by their places in a table, term by term: a term is one loop over the places that are still in
question. That is what keeps a hundred thousand items within a frame or two of a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date
from operator import attrgetter
from typing import TypeVar

from discotui.library.collected import Collection
from discotui.library.folding import fold
from discotui.library.grades import grade
from discotui.library.items import ALL_FOLDER, UNCATEGORIZED_FOLDER, Item, short_condition
from discotui.library.query import Contains, Has, Is, Query, Term, Test, Within, Words
from discotui.library.vocabulary import FieldName

Rows = Sequence[int]
Select = Callable[[Rows], list[int]]
"""From places in the table, in order, to those of them that pass."""

_Made = TypeVar("_Made")

_MOST_SHARED = 4096
"""Notes of the same values share their text, the first so many of them: conditions are, remarks need not be."""
_MOST = 9999
"""More than any year, and than any rating."""
_LAST = "~"
"""Behind a date it is greater than any time of that day."""
_TEXTS = {key: key for key in ("artist", "title", "label", "catno", "format", "genre")} | {"style": "genre"}
"""The attributes in which the text of a field is found."""


class Texts:
    """The folded texts of notes and values, kept from one search to the next. An item's ``search`` is not held twice.

    Attributes:
        values: Folded values by the value as given.
        shorts: The folded short forms of conditions by the value as given.
        grades: The numbers of conditions by the value as given.
    """

    def __init__(self) -> None:
        self.values = _Known(fold)
        self.shorts = _Known(lambda value: fold(short_condition(value)))
        self.grades = _Known(grade)
        # Two plain dicts by instance id: a pair for each item would keep the garbage collector busy.
        self._notes: dict[int, Mapping[int, str]] = {}
        self._folded_notes: dict[int, str] = {}
        self._shared: dict[tuple[str, ...], str] = {}

    def of_notes(self, items: Iterable[Item]) -> list[str]:
        """Of each item its notes' values, folded, one a line in their own order; "" when it has none."""
        known, texts = self._notes.get, self._folded_notes
        return [
            (texts[item.instance_id] if known(item.instance_id) is notes else self._fold(item.instance_id, notes))
            if (notes := item.notes)
            else ""
            for item in items
        ]

    def _fold(self, instance_id: int, notes: Mapping[int, str]) -> str:
        values = tuple(notes.values())
        text = self._shared.get(values)
        if text is None:
            text = "\n".join(map(fold, values))
            if len(self._shared) < _MOST_SHARED:
                self._shared[values] = text
        self._notes[instance_id] = notes
        self._folded_notes[instance_id] = text
        return text


class _Known(dict[str, _Made]):
    """What a function makes of texts, each made once."""

    def __init__(self, make: Callable[[str], _Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> _Made:
        made = self[text] = self._make(text)
        return made


class Table:
    """Items with their texts beside them, as far as these are ready.

    Args:
        items: The items.
        texts: What is known of texts.
        former: A table of mostly the same items in the same order, for its texts; its own former one is let go.

    Attributes:
        items: The items; never changed in place.
        texts: What is known of texts.
        searches: The items' own folded texts, by place.
        notes: The folded texts of their notes, by place.
    """

    def __init__(self, items: Sequence[Item], texts: Texts, former: Table | None = None) -> None:
        self.items = items
        self.texts = texts
        self.searches: list[str] = []
        self.notes: list[str] = []
        self._former = former
        if former is not None:
            former._former = None

    def fill(self, end: int) -> None:
        """Make ready the texts of all items before that place."""
        start = len(self.searches)
        part = self.items[start:end]
        if not part:
            return
        former = self._former
        if former is not None and end <= len(former.searches) and former.items[start:end] == part:
            # Equal items have equal texts; for the same ones this compares nothing but where they are.
            self.searches += former.searches[start:end]
            self.notes += former.notes[start:end]
        else:
            self.searches += [item.search for item in part]
            self.notes += self.texts.of_notes(part)
        if len(self.searches) == len(self.items):
            self._former = None


class Selector:
    """Makes the loops. The table must be filled as far as the places that they are called with.

    Args:
        table: Where to look.
        collection: What its items are part of.
    """

    def __init__(self, table: Table, collection: Collection) -> None:
        self._table = table
        self._items = table.items
        self._collection = collection
        self._dropdowns = frozenset(collection.short_options)

    def query(self, query: Query) -> Select:
        """Places that a query asks for."""
        ways = [self._all(terms) for terms in query.alternatives]
        if not ways:
            return list
        if len(ways) == 1:
            return ways[0]

        def either(rows: Rows) -> list[int]:
            found = ways[0](rows)
            rest, new = rows, found
            for way in ways[1:]:
                rest = _others(rest, new)
                new = way(rest)
                found = found + new
            return sorted(found)

        return either

    def _all(self, terms: Iterable[Term]) -> Select:
        selects = [_without(self._test(term.test)) if term.excluded else self._test(term.test) for term in terms]

        def every(rows: Rows) -> list[int]:
            for select in selects:
                rows = select(rows)
            return list(rows)

        return selects[0] if len(selects) == 1 else every

    def _test(self, test: Test) -> Select:
        match test:
            case Words(text):
                return self._words(fold(text))
            case Contains(field, text):
                return self._contains(field, fold(text))
            case Within(FieldName(field_id=int(field_id)), low, high):
                return self._grade(field_id, low, high)
            case Within(field, low, high):
                return self._added(low, high) if field.key == "added" else self._number(field.key, low, high)
            case Is(state):
                return self._is(state)
            case Has(field, wanted):
                return self._has(field) if wanted else _without(self._has(field))

    def _where(self, passes: Callable[[Item], object]) -> Select:
        items = self._items
        return lambda rows: [row for row in rows if passes(items[row])]

    # --- words ----------------------------------------------------------------------------------------

    def _words(self, text: str) -> Select:
        items, searches, notes = self._items, self._table.searches, self._table.notes
        folders = self._folders(text)
        if not folders:
            return lambda rows: [row for row in rows if text in searches[row] or text in notes[row]]
        return lambda rows: [
            row for row in rows if text in searches[row] or text in notes[row] or items[row].folder_id in folders
        ]

    def _folders(self, text: str) -> Set[int]:
        return {folder_id for folder_id, name in self._collection.folded_folders.items() if text in name}

    # --- one field ------------------------------------------------------------------------------------

    def _contains(self, field: FieldName, text: str) -> Select:
        items, folded = self._items, self._table.texts.values
        if field.field_id is not None:
            return self._note(field.field_id, text)
        if field.key == "folder":
            folders = self._folders(text)
            return lambda rows: [row for row in rows if items[row].folder_id in folders]
        if field.key == "notes":
            return self._remark(lambda field_id: field_id not in self._dropdowns, text)
        value_of = attrgetter(_TEXTS[field.key])
        # Without its blanks, plain text needs no more than small letters to be as good as folded.
        word = max(text.split(" "), key=len)

        def select(rows: Rows) -> list[int]:
            values = map(value_of, map(items.__getitem__, rows))
            found = [
                row
                for row, value in zip(rows, values, strict=True)
                if word in (value.lower() if value.isascii() else folded[value])
            ]
            return found if word == text else [row for row in found if text in fold(value_of(items[row]))]

        return select

    def _note(self, field_id: int, text: str) -> Select:
        if field_id not in self._dropdowns:
            return self._remark(field_id.__eq__, text)
        items, notes = self._items, self._table.notes
        shorts, values = self._table.texts.shorts, self._table.texts.values
        if is_short(field_id, text, self._collection):
            return lambda rows: [
                row for row in rows if text in notes[row] and text == shorts[items[row].note(field_id)]
            ]
        return lambda rows: [row for row in rows if text in notes[row] and text in values[items[row].note(field_id)]]

    def _remark(self, is_wanted: Callable[[int], bool], text: str) -> Select:
        """In the values of textareas, of which no two are the same: what was folded for words serves here too."""
        items, notes = self._items, self._table.notes

        def is_in(row: int) -> bool:
            lines = zip(items[row].notes or (), notes[row].split("\n"), strict=False)
            return any(text in line for field_id, line in lines if is_wanted(field_id))

        return lambda rows: [row for row in rows if text in notes[row] and is_in(row)]

    def _number(self, key: str, low: int | None, high: int | None) -> Select:
        # A year of 0 is not known.
        first = (1 if key == "year" else 0) if low is None else low
        last = _MOST if high is None else high
        items, value_of = self._items, attrgetter(key)

        def select(rows: Rows) -> list[int]:
            values = map(value_of, map(items.__getitem__, rows))
            return [row for row, value in zip(rows, values, strict=True) if first <= value <= last]

        return select

    def _grade(self, field_id: int, low: int | None, high: int | None) -> Select:
        # What is no grade is 0.
        first, last = low or 1, _MOST if high is None else high
        items, grades = self._items, self._table.texts.grades
        return lambda rows: [row for row in rows if first <= grades[items[row].note(field_id)] <= last]

    def _added(self, low: int | None, high: int | None) -> Select:
        # By the day as it is shown: Discogs' own, whatever the time here. A missing date is less than any digit.
        first = "0" if low is None else date.fromordinal(low).isoformat()
        last = _LAST if high is None else date.fromordinal(high).isoformat() + _LAST
        items = self._items
        return lambda rows: [row for row in rows if first <= items[row].added < last]

    # --- states and presence --------------------------------------------------------------------------

    def _is(self, state: str) -> Select:
        collection = self._collection
        match state:
            case "duplicate":
                duplicates = collection.duplicates
                return self._where(lambda item: item.release_id in duplicates)
            case "pressing":
                pressings = collection.pressings
                return self._where(lambda item: item.master_id in pressings)
            case "rated":
                return self._where(lambda item: item.rating)
            case "unrated":
                return self._where(lambda item: not item.rating)
            case "waiting":
                waiting = collection.waiting
                return self._where(lambda item: item.is_unconfirmed or item.instance_id in waiting)
            case _:
                conflicts = collection.conflicts
                return self._where(lambda item: item.instance_id in conflicts)

    def _has(self, field: FieldName) -> Select:
        field_id = field.field_id
        if field_id is not None:
            return self._where(lambda item: item.note(field_id).strip())
        match field.key:
            case "folder":
                return self._where(lambda item: item.folder_id not in (ALL_FOLDER, UNCATEGORIZED_FOLDER))
            case "notes":
                return self._has_remark()
            case "year" | "rating" | "added":
                return self._where(attrgetter(field.key))
            case _:
                text_of = attrgetter(_TEXTS[field.key])
                return self._where(lambda item: text_of(item).strip())

    def _has_remark(self) -> Select:
        items, notes, dropdowns = self._items, self._table.notes, self._dropdowns
        has_no_other = dropdowns.issuperset

        def says(values: Mapping[int, str]) -> bool:
            # A plain loop: for every item a generator would cost more than what it looks at.
            for field_id, value in values.items():  # noqa: SIM110
                if field_id not in dropdowns and value.strip():
                    return True
            return False

        return lambda rows: [
            row
            for row in rows
            if notes[row] and (values := items[row].notes) and not has_no_other(values) and says(values)
        ]


def _without(select: Select) -> Select:
    return lambda rows: _others(rows, select(rows))


def _others(rows: Rows, found: Iterable[int]) -> list[int]:
    known = set(found)
    return [row for row in rows if row not in known]


def is_short(field_id: int, text: str, collection: Collection) -> bool:
    """Whether a folded text is the short form of one of a dropdown's options, and so stands for that alone."""
    return text in collection.short_options.get(field_id, ())
