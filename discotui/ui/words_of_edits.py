"""The words about edits of items: what is asked before, and what is said when they are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from discotui.library.done import Done, Progress
from discotui.library.edits import Change, Edit, MoveItem, RemoveItem, SetNote, SetRating
from discotui.library.intentions import AppendNote, Intention, Move, Rate, Remove, SetNotes
from discotui.library.items import Field, Item
from discotui.library.outbox import REMOVAL_REST_SECONDS
from discotui.ui.text import clean, fit, number, plural, stars
from discotui.ui.wording import KINDS, done, duration, item_name, rated, undoable

_NAME_CELLS = 48
_VALUE_CELLS = 40
_NAMED = 8
"""Up to so many items are named one by one; of more, the first few."""
_VALUES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called.

    Attributes:
        folders: Folder names by id.
        fields: Notes fields by id.
    """

    folders: Mapping[int, str]
    fields: Mapping[int, Field]

    def folder(self, folder_id: int) -> str:
        """A folder as it is named in a sentence."""
        return f"“{clean(self.folders.get(folder_id, 'a folder that is gone'))}”"

    def field(self, field_id: int) -> str:
        """A notes field as it is named in a sentence."""
        field = self.fields.get(field_id)
        return clean(field.name) if field else "a field that is gone"


# --- before -------------------------------------------------------------------------------------------------


def title(intention: Intention) -> str:
    """What a person is asked about, in a word or two; also what the button says."""
    match intention:
        case Rate():
            return "Rate"
        case Move():
            return "Move"
        case Remove():
            return "Remove"
        case AppendNote():
            return "Append"
        case SetNotes(values=values):
            return "Set" if any(values.values()) else "Clear"


def overwrites(edit: Edit) -> bool:
    """Whether something that a person has written or chosen is replaced, or goes."""
    return not edit.appended and any(
        isinstance(change, RemoveItem) or (isinstance(change, SetRating | SetNote) and bool(change.base))
        for change in edit.changes
    )


def question(
    intention: Intention,
    edit: Edit,
    items: Iterable[Item],
    names: Names,
    *,
    hidden: int,
    cost: tuple[int, int, float] | None = None,
    is_held: bool = False,
) -> str:
    """What is asked before many items are edited.

    Args:
        intention: What is to be done.
        edit: What that comes to.
        items: What it is to be done to.
        names: What things are called.
        hidden: How many of the items are not shown by the table.
        cost: How many requests to Discogs it takes, how many of them only read, and how many seconds; None when that
            is not known yet.
        is_held: Nothing is sent now.
    """
    items = list(items)
    lines = [_what(intention, edit, items, names), *_now(edit, names), *_going(edit)]
    same = len(items) - _count(edit, items)
    if same and not isinstance(intention, Remove):
        lines.append(f"{number(same)} of the {plural(len(items), 'item')} {_are(same)} like that already.")
    if hidden:
        lines.append(f"{number(hidden)} of them {_are(hidden)} not shown in the table right now.")
    if cost is not None:
        requests, reads, seconds = cost
        first = f", {number(reads)} of them to see what is there now" if reads else ""
        paused = " Sending is paused; it goes on behind b." if is_held else ""
        lines.append(
            f"That takes {plural(requests, 'request')}{first}: {duration(seconds)} at Discogs' limit.{paused} "
            "You can go on meanwhile: b shows how far it is, u undoes it"
            + (", and adds again with a new date what was sent." if isinstance(intention, Remove) else ".")
        )
    else:
        lines.append(_back("them") if isinstance(intention, Remove) else "u undoes it.")
    return "\n".join(lines)


def removal_of_one(item: Item, copies: int) -> str:
    """What is asked before an item goes.

    Args:
        item: The item.
        copies: How many copies of its release there are, itself included.
    """
    others = f" You have {copies} copies; only this one goes." if copies > 1 else ""
    notes = " Its notes go with it." if item.notes else ""
    return f"Remove {item_name(item)} from the collection?{others}{notes}\n{_back('it')}"


def _back(them: str) -> str:
    later = f"After {REMOVAL_REST_SECONDS:.0f} seconds Discogs is told; then u adds {them} again, with a new date."
    return f"u brings {them} back. {later}"


def _what(intention: Intention, edit: Edit, items: list[Item], names: Names) -> str:
    count = plural(_count(edit, items), "item")
    releases = len(edit.changes)
    if isinstance(intention, Rate) and releases != _count(edit, items):
        count += f" ({plural(releases, 'release')})"
    match intention:
        case Rate(rating=0):
            return f"Clear the rating of {count}?"
        case Rate(rating=rating):
            return f"Rate {count} {stars(rating)}?"
        case Move(folder_id=folder_id):
            return f"Move {count} to {names.folder(folder_id)}?"
        case Remove():
            noted = sum(bool(item.notes) for item in items)
            with_notes = f" {number(noted)} of them {_have(noted)} notes, which go with them." if noted else ""
            return f"Remove {count} from the collection?{with_notes}"
        case AppendNote(field_id=field_id, text=text):
            return f"Append “{_value(text)}” to {names.field(field_id)} of {count}?"
        case SetNotes(values=values):
            said = [
                f"{names.field(field_id)} to “{_value(value)}”" if value else f"{names.field(field_id)} to nothing"
                for field_id, value in values.items()
            ]
            return f"Set {' and '.join(said)} for {count}?"


def _count(edit: Edit, items: list[Item]) -> int:
    """How many of the items are changed: a rating is that of all copies of a release."""
    releases = {change.release_id for change in edit.changes if isinstance(change, SetRating)}
    if releases:
        return sum(item.release_id in releases for item in items)
    return len({change.instance_id for change in edit.changes if isinstance(change, MoveItem | SetNote | RemoveItem)})


def _now(edit: Edit, names: Names) -> list[str]:
    """What is there now that would be replaced."""
    values = Counter(_before(change, names) for change in edit.changes if _is_absolute(change))
    fields = {change.field_id for change in edit.changes if isinstance(change, SetNote)}
    if not values or len(fields) > 1:
        return []
    named = [f"{value} ({number(count)})" for value, count in values.most_common(_VALUES_NAMED)]
    rest = len(values) - len(named)
    return [f"Now: {', '.join(named)}" + (f" and {plural(rest, 'other value')}" if rest else "") + "."]


def _before(change: Change, names: Names) -> str:
    match change:
        case SetRating(base=base):
            return stars(base) if base else "not rated"
        case MoveItem(base=base):
            return names.folder(base)
        case SetNote(base=base):
            return f"“{_value(base)}”" if base else "nothing"
    return ""


def _is_absolute(change: Change) -> bool:
    """Whether it sets a value of an item or a release."""
    return isinstance(change, SetRating | MoveItem | SetNote)


def _going(edit: Edit) -> list[str]:
    """What goes away is named, at least in part."""
    going = [change.item for change in edit.changes if isinstance(change, RemoveItem)]
    if not going:
        return []
    named = going if len(going) <= _NAMED else going[: _NAMED // 2]
    lines = [f"· {fit(item_name(item), _NAME_CELLS).rstrip()}" for item in named]
    if len(named) < len(going):
        lines.append(f"· … and {number(len(going) - len(named))} more")
    return lines


def _value(text: str) -> str:
    return fit(clean(text), _VALUE_CELLS).rstrip()


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


# --- after --------------------------------------------------------------------------------------------------


def carried_out(intention: Intention, result: Done, names: Names, name: str) -> str:
    """What is said when an edit is kept here.

    Args:
        intention: What was done.
        result: What came of it.
        names: What things are called.
        name: The item, "" when there were several.
    """
    match intention:
        case Rate(rating=rating) if result.count == 1:
            return undoable(rated(rating, name))
        case Rate(rating=rating):
            return undoable(f"{rated(rating)} · {plural(result.count, 'release')}")
        case Move(folder_id=folder_id):
            return done(result, name, names.folders.get(folder_id, ""))
        case SetNotes(values=values) if len(values) == 1:
            ((field_id, value),) = values.items()
            return done(result, name, field=f"{'set' if value else 'cleared'} {names.field(field_id)}")
        case AppendNote(field_id=field_id):
            return done(result, name, field=f"appended to {names.field(field_id)}")
    return done(result, name)


# --- while it is sent ---------------------------------------------------------------------------------------


def under_way(progress: Progress) -> str:
    """How far a large edit is, or its undoing: "move of 1,480 items: 300 sent, 2 not accepted, 1,178 to go"."""
    parts = [f"{number(progress.sent)} sent"]
    if progress.refused:
        parts.append(f"{number(len(progress.refused))} not accepted")
    if progress.in_conflict:
        parts.append(f"{number(progress.in_conflict)} in conflict")
    parts.append(f"{number(progress.waiting)} to go")
    return f"{_edit_of(progress)}: {', '.join(parts)}"


def _edit_of(progress: Progress) -> str:
    # A release's copies share its rating, those outside of what was marked included.
    of = plural(progress.total, "release") if progress.verb == "rate" else plural(len(progress.items), "item")
    edit = f"{KINDS[progress.verb]} of {of}"
    return f"undoing of the {edit}" if progress.is_undoing else edit


def pace(seconds: float | None, *, is_held: bool) -> str:
    """How long all that waits takes.

    Args:
        seconds: By Discogs' limit; None when there is no way to Discogs yet.
        is_held: Nothing is sent now.
    """
    if seconds is None:
        return "There is no way to Discogs yet."
    if is_held:
        return f"Paused: nothing is sent. It would take {duration(seconds)}."
    return f"{duration(seconds).capitalize()} left at Discogs' limit, with all else that waits."


def progress_in_short(under_way: Iterable[Progress], seconds: float | None, *, is_held: bool) -> str:
    """How far all large edits are, for the status line; "" without any.

    Args:
        under_way: Large edits that are not sent whole.
        seconds: How long all that waits takes, None when nobody knows.
        is_held: Nothing is sent now.
    """
    edits = list(under_way)
    total = sum(progress.total for progress in edits)
    if not total:
        return ""
    sent = f"{number(total - sum(progress.waiting for progress in edits))} of {number(total)} sent"
    if is_held:
        return f"{sent}, paused · b"
    return f"{sent} · b" if seconds is None else f"{sent}, {duration(seconds)} left · b"


def cancelling(progress: Progress) -> str:
    """What is asked before the rest of a large edit is taken back."""
    rest = (
        f"Cancel the rest of the {_edit_of(progress)}? "
        f"That takes back the {plural(progress.waiting, 'change')} that Discogs has not been told yet."
    )
    if not progress.sent:
        return f"{rest} Then nothing is left of this edit."
    return f"{rest} The {number(progress.sent)} that were sent stay as they are; u takes those back, too."


def not_cancelling(progress: Progress) -> str:
    """What is said instead of an undoing: nothing but doing the edit again stops it."""
    undoing = _edit_of(progress)
    if not progress.redos:
        return (
            f"The {undoing} cannot be stopped any more: something else was edited since, so that nothing of it can be "
            "done again. p pauses it."
        )
    if progress.redos == 1:
        keys = "U"
    else:
        keys = f"U {number(progress.redos)} times (what was undone after it is done again first)"
    again = ", and what it has undone already is done again" if progress.sent else ""
    return (
        f"Doing the edit again is what stops the {undoing}: leave this list with esc, and press {keys}. "
        f"What Discogs has not been told yet is then taken back{again}."
    )


def cancelled(result: Done) -> str:
    """What is said when the rest of a large edit was taken back."""
    return f"took back what was not sent yet of the {KINDS[result.verb]}: {plural(result.count, 'item')}"


def all_sent(progress: Progress) -> str:
    """What is said when all of a large edit is at Discogs."""
    return f"all sent: {_edit_of(progress)}"


def partly_refused(progress: Progress, refused: Iterable[Item]) -> str:
    """What is said when Discogs did not accept all of a large edit."""
    items = list(refused)
    names = ", ".join(f"“{fit(item_name(item), _VALUE_CELLS).rstrip()}”" for item in items[:_VALUES_NAMED])
    rest = len(items) - _VALUES_NAMED
    more = f" and {number(rest)} more" if rest > 0 else ""
    return (
        f"{_edit_of(progress).capitalize()}: {number(progress.sent)} sent, {number(len(items))} not accepted. "
        f"Marked now: {names}{more}. c tells why."
    )
