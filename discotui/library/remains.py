"""What is left of a damaged library: which rows are whose, and which of them can still be understood.

Every row is judged by itself, by its form and by whether it means something. Rows of all versions of the schema are
known; what comes out is of the present one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from discotui.library import edits, pages
from discotui.library.edits import AddItem, Change, MoveItem, NewFolder, RemoveItem
from discotui.library.outbox import State
from discotui.library.pages import Columns, Row, Value
from discotui.library.past import Outcome, Past, told
from discotui.library.view import View

_HIGHEST_NUMBER = 10**12
"""A higher number of a row was never given: it would leave none for those to come."""
_LOWEST_TEMPORARY_ID = -(10**9)
_LONGEST_REST_SECONDS = 600.0
"""No change rests longer than that by itself."""
_PAGES_TO_TELL = 1000
"""A file that has none of our rows on so many pages is not ours."""

_COLUMNS_OF_OUTBOX = (8, 10)

_FACTS_OF_THE_PERSON = ("views",)

_NOT_UNDERSTOOD = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(slots=True)
class Remains:
    """Rows as the present schema has them, by what makes them unique.

    Attributes:
        tables: Name → key → columns.
        lowest_id: The lowest temporary id that stands anywhere; none lower was given, as far as can be told.
        last: Name → the highest number that was given to a row of a table.
    """

    tables: dict[str, dict[object, Columns]] = field(default_factory=dict)
    lowest_id: int = 0
    last: dict[str, int] = field(default_factory=dict)

    def put(self, table: str, key: object, columns: Columns) -> None:
        """Keep a row; the first of two with the same key."""
        self.tables.setdefault(table, {}).setdefault(key, columns)

    def count(self, table: str) -> int:
        """How many rows there are."""
        return len(self.tables.get(table, {}))


def collect(path: Path, now: float) -> Remains:
    """Everything that can still be understood.

    Args:
        path: A damaged library file.
        now: Seconds since 1970.

    Raises:
        OSError: The file cannot be read at all.
    """
    remains = Remains()
    for row in pages.rows(path):
        _take(row, remains, now)
    _break_circles(remains)
    _renumber(remains)
    return remains


def holds_our_rows(path: Path) -> bool:
    """Whether a file that cannot be told by its beginning holds what only a library holds."""
    found = Remains()
    for row in pages.rows(path, pages_at_most=_PAGES_TO_TELL):
        _take(row, found, 0.0)
        if any(found.count(table) for table in ("item", "outbox", "history", "step", "vanished")):
            return True
    return False


def _take(row: Row, remains: Remains, now: float) -> None:
    if row.number is None:
        reader = _READERS_WITHOUT_NUMBER.get(len(row.columns))
        if reader is not None:
            reader(row.columns, remains)
        return
    for numbered in (*_READERS.get(len(row.columns), ()), _outbox):
        try:
            if numbered(row.number, row.columns, remains, now):
                return
        except _NOT_UNDERSTOOD:
            continue


# --- the tables -------------------------------------------------------------------------------------------


def _outbox(seq: int, columns: Columns, remains: Remains, now: float) -> bool:
    """A waiting change: worth keeping whatever became of the rest of its row."""
    is_whole = len(columns) in _COLUMNS_OF_OUTBOX
    if not is_whole and (len(columns) < 3 or _numbers(columns[2]) is None):
        return False
    rest = columns[3:] if is_whole else ()
    _, text, steps, *_ = columns
    state, not_before, seen, created_at, checks, sendings, reason = (*rest, *[None] * 7)[:7]
    change = _change(text)
    known = {each.value for each in State}
    noted = _numbers(seen)
    if not isinstance(state, str) or state not in known or state == State.SENDING.value:
        # As at every start: what was being sent has an unknown outcome.
        state = State.UNKNOWN.value
    if state == State.UNKNOWN.value and isinstance(change, AddItem | NewFolder) and noted is None:
        # Whether it was carried out cannot be found out any more.
        state = State.PARKED.value
    remains.lowest_id = min(remains.lowest_id, _lowest_id(change))
    remains.put(
        "outbox",
        seq,
        (
            seq,
            text,
            "[]" if _numbers(steps) is None else steps,
            state,
            min(_real(not_before), now + _LONGEST_REST_SECONDS),
            None if noted is None else seen,
            _real(created_at),
            _small(checks),
            _small(sendings),
            reason if isinstance(reason, str) else "",
        ),
    )
    return True


def _history(seq: int, columns: Columns, remains: Remains, _now: float) -> bool:
    _, text, outcome, reason, created_at, ended_at, *words = columns
    change = _change(text)
    ended = Outcome(outcome)
    if not isinstance(reason, str):
        reason = ""
    if not all(isinstance(word, str) for word in words[:5]) or len(words) != 6:
        # So much can be told without the collection.
        past = Past(0, change, ended, reason, 0.0, 0.0, told(change, View(), {}))
        words = [past.told.title, past.told.field, past.told.before, past.told.after, past.search, 0]
    remains.lowest_id = min(remains.lowest_id, _lowest_id(change))
    remains.put(
        "history",
        _number(seq),
        (_number(seq), text, outcome, reason, _real(created_at), _real(ended_at), *words[:5], int(words[5] == 1)),
    )
    return True


def _step(number: int, columns: Columns, remains: Remains, _now: float) -> bool:
    _, verb, text, undone = columns
    if not isinstance(verb, str) or not isinstance(text, str):
        return False
    changes = edits.many_from_json(text)
    for change in changes:
        _check_types(change)
    remains.lowest_id = min(remains.lowest_id, *map(_lowest_id, changes), 0)
    remains.put("step", _number(number), (_number(number), verb, text, int(undone == 1)))
    return True


def _part(step_id: int, columns: Columns, remains: Remains, _now: float) -> bool:
    """Which edit a step is a part of. What Discogs declined of it is told by the history too."""
    _, edit, sent, refused = columns
    if type(edit) is not int or type(sent) is not int or not isinstance(refused, str):
        return False
    changes = edits.many_from_json(refused)
    for change in changes:
        _check_types(change)
    remains.lowest_id = min(remains.lowest_id, *map(_lowest_id, changes), 0)
    remains.put("part", _number(step_id), (_number(step_id), _number(edit), max(0, sent), refused))
    return True


def _vanished(instance_id: int, columns: Columns, remains: Remains, _now: float) -> bool:
    _, at, text, *rest = columns
    if not isinstance(_change(text), RemoveItem):
        return False
    cause = rest[0] if rest and rest[0] in ("removed", "missing") else "missing"
    remains.put("vanished", instance_id, (instance_id, _real(at), text, cause))
    return True


def _item(instance_id: int, columns: Columns, remains: Remains, _now: float) -> bool:
    *known, notes, master_id, cover = columns[1:]
    kinds = (int, int, int, str, str, str, str, str, str, int, str, str, int, str)
    if not all(type(value) is kind for value, kind in zip((*known, master_id, cover), kinds, strict=True)):
        return False
    if notes is not None:
        _check_notes(json.loads(_text(notes)))
    remains.put("item", instance_id, (instance_id, *columns[1:]))
    return True


def _folder(folder_id: int, columns: Columns, remains: Remains, _now: float) -> bool:
    _, name, count, position = columns
    if not isinstance(name, str) or type(count) is not int or type(position) is not int:
        return False
    remains.put("folder", folder_id, (folder_id, name, count, position))
    return True


def _field(field_id: int, columns: Columns, remains: Remains, _now: float) -> bool:
    _, name, position, public, options, lines = columns
    if not isinstance(name, str) or not all(type(value) is int for value in (position, public, lines)):
        return False
    choices = json.loads(_text(options))
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        return False
    remains.put("field", field_id, (field_id, name, position, public, options, lines))
    return True


def _last_number(_number: int, columns: Columns, remains: Remains, _now: float) -> bool:
    """SQLite's own table of the numbers that it has given."""
    table, number = columns
    if table in ("outbox", "history", "step") and type(number) is int and 0 <= number <= _HIGHEST_NUMBER:
        remains.last[str(table)] = max(number, remains.last.get(str(table), 0))
    return True


def _alias(columns: Columns, remains: Remains) -> None:
    kind, old, new = columns
    if kind in ("item", "folder") and type(old) is int and type(new) is int:
        remains.lowest_id = min(remains.lowest_id, _temporary(old), _temporary(new))
        remains.put("alias", (kind, old), columns)


def _meta(columns: Columns, remains: Remains) -> None:
    """Of the small facts only the person's own outlast the collection as it was read, and which ids were given."""
    key, value = columns
    if key in _FACTS_OF_THE_PERSON and isinstance(value, str):
        remains.put("meta", key, columns)
    if key == "next_temporary_id" and isinstance(value, str) and value.lstrip("-").isdecimal():
        remains.lowest_id = min(remains.lowest_id, _temporary(int(value) + 1))


_Reader = Callable[[int, Columns, Remains, float], bool]
_READERS: Mapping[int, tuple[_Reader, ...]] = {
    2: (_last_number,),
    3: (_vanished,),
    4: (_step, _part, _vanished, _folder),
    6: (_history, _field),
    12: (_history,),
    16: (_item,),
}
"""By the number of columns, of this schema and of those before it. Anything may be left of a waiting change."""
_READERS_WITHOUT_NUMBER: Mapping[int, Callable[[Columns, Remains], None]] = {2: _meta, 3: _alias}


# --- what means something ---------------------------------------------------------------------------------


def _break_circles(remains: Remains) -> None:
    """Ids that replace each other in a circle are followed for ever."""
    aliases = remains.tables.get("alias", {})
    for kind in ("item", "folder"):
        following = {old: new for of, old, new in aliases.values() if of == kind}
        for old in in_circles(following):
            del aliases[kind, old]


def _renumber(remains: Remains) -> None:
    """What waits is not lost with its number: it goes to the end."""
    waiting = remains.tables.get("outbox", {})
    numbers = [seq for seq in waiting if isinstance(seq, int) and 0 < seq <= _HIGHEST_NUMBER]
    free = max([*numbers, remains.last.get("outbox", 0)], default=0) + 1
    for seq in [seq for seq in waiting if seq not in set(numbers)]:
        waiting[free] = (free, *waiting.pop(seq)[1:])
        free += 1


def in_circles(following: Mapping[Value, Value]) -> set[Value]:
    """Where one comes back to, or never gets out of, by going from each to what follows it."""
    good: set[Value] = set()
    bad: set[Value] = set()
    for start in following:
        way: list[Value] = []
        at = start
        while at in following and at not in good and at not in bad and at not in way:
            way.append(at)
            at = following[at]
        (bad if at in bad or at in way else good).update(way)
    return bad


def _change(text: Value) -> Change:
    change = edits.from_json(_text(text))
    _check_types(change)
    return change


def _check_types(thing: object) -> None:
    """What is read back from JSON may hold anything."""
    for each in fields(thing):  # type: ignore[arg-type]
        value = getattr(thing, each.name)
        match each.type:
            case "int":
                if type(value) is not int:
                    raise TypeError
            case "str":
                _text(value).encode()
            case "Item":
                _check_types(value)
            case _:
                _check_notes(value)


def _check_notes(notes: object) -> None:
    if notes is None:
        return
    if not isinstance(notes, Mapping):
        raise TypeError
    for field_id, value in notes.items():
        int(field_id)
        _text(value).encode()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _numbers(value: Value) -> list[int] | None:
    """A JSON list of numbers; None for anything else."""
    try:
        found = json.loads(_text(value))
    except _NOT_UNDERSTOOD:
        return None
    is_list = isinstance(found, list) and all(type(number) is int for number in found)
    return found if is_list else None


def _number(number: int) -> int:
    if not 0 < number <= _HIGHEST_NUMBER:
        raise ValueError
    return number


def _real(value: Value) -> float:
    """Seconds since 1970, 0.0 when nobody can tell. A whole number is kept as such by SQLite."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and value >= 0 else 0.0


def _small(value: Value) -> int:
    return value if isinstance(value, int) and 0 <= value < 1000 else 0


def _lowest_id(change: Change) -> int:
    ids = [getattr(change, "instance_id", 0), getattr(change, "folder_id", 0)]
    match change:
        case MoveItem():
            ids += [change.base, change.value]
        case AddItem() | RemoveItem():
            ids.append(change.item.folder_id)
    return min(map(_temporary, ids))


def _temporary(number: int) -> int:
    return number if _LOWEST_TEMPORARY_ID < number < 0 else 0
