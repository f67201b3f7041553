"""The words for changes that wait, ask for a decision, or are history. As in :mod:`wording`, nothing is markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from discotui import errors
from discotui.library import edits
from discotui.library.aside import KEPT_SECONDS, Vanished
from discotui.library.aside import REMOVED as REMOVED_HERE
from discotui.library.deciding import Counts, Standing
from discotui.library.edits import Change
from discotui.library.items import Field
from discotui.library.outbox import Pending, State
from discotui.library.past import KINDS, Outcome, Past, Told
from discotui.ui.text import age, clean, number, plural, stars
from discotui.ui.wording import explain, item_name

CONFLICT, PARKED, REFUSED, WAITING, SENT, DROPPED, ASIDE = "!?×↑✓–○"
NOTHING = "–"
ARROW = " → "


@dataclass(frozen=True, slots=True)
class Line:
    """A change in a line. All texts are as they came: whoever draws them cleans them.

    Attributes:
        sign: One cell.
        title: The item or folder.
        what: The field.
        before: What was there, "" where there is nothing to say.
        after: What was to be there.
        last: When, or how it stands.
    """

    sign: str
    title: str
    what: str
    before: str
    after: str
    last: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A change in full. All texts are as they came.

    Attributes:
        title: The item or folder.
        heading: What it is about, and how it stands.
        values: Label and text, which may have many lines.
        sentences: Why it is so, and what can be done.
    """

    title: str = ""
    heading: str = ""
    values: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()


def undecided(counts: Counts) -> str:
    """What asks for a decision, for the status line: "2 conflicts, 1 refused · c"; "" when nothing does."""
    parts = []
    if counts.conflicts:
        parts.append(plural(counts.conflicts, "conflict"))
    if counts.parked:
        parts.append(f"{number(counts.parked)} {'asks' if counts.parked == 1 else 'ask'} you")
    if counts.failed:
        parts.append(f"{number(counts.failed)} refused")
    return f"{CONFLICT} {', '.join(parts)} · c" if parts else ""


def conflicts_found(latest: str, count: int) -> str:
    """What is told when a change turns out to be in conflict.

    Args:
        latest: It in words.
        count: How many are in conflict by now.
    """
    if count <= 1:
        return f"In conflict: {latest}. It was changed at Discogs too. Yours is shown and not sent; c decides."
    return (
        f"{number(count)} changes are in conflict, the latest: {latest}. They were changed at Discogs too. "
        "Yours are shown and not sent; c decides."
    )


def parked(change: str) -> str:
    """What is told when an addition was sent twice and is nowhere."""
    return f"No answer to {change}, twice, and it is not at Discogs. It is not sent again by itself; c decides."


# --- a line -------------------------------------------------------------------------------------------


def line_of_standing(standing: Standing, now: float) -> Line:
    """A change of the outbox in a line."""
    entry = standing.entry
    sign = {State.CONFLICT: CONFLICT, State.PARKED: PARKED}.get(entry.state, WAITING)
    is_decided = entry.state in (State.CONFLICT, State.PARKED)
    last = age(now - entry.created_at) if is_decided else state(entry, now)
    return _line(sign, entry.change, standing.told, last)


def line_of_past(past: Past, now: float) -> Line:
    """A change of the history in a line."""
    signs = {Outcome.SENT: SENT, Outcome.REFUSED: REFUSED, Outcome.DROPPED: DROPPED}
    return _line(signs[past.outcome], past.change, past.told, age(now - past.ended_at))


def _line(sign: str, change: Change, told: Told, last: str) -> Line:
    before, after = (value(change, text) for text in (told.before, told.after))
    match change:
        case edits.NewFolder() | edits.DeleteFolder():
            before = after = ""
        case edits.AddItem():
            before, after = "", f"to {told.after}" if told.after else ""
        case edits.RemoveItem():
            before, after = "", f"from {told.before}" if told.before else ""
        case _:
            before, after = before or NOTHING, after or NOTHING
    return Line(sign, title_of(told), what_of(change, told), before, after, last)


def title_of(told: Told) -> str:
    """The name of what a change is about."""
    return told.title or "an item that is gone"


def what_of(change: Change, told: Told) -> str:
    """The field that a change sets, or what it does."""
    return KINDS.get(type(change), told.field)


def value(change: Change, text: str) -> str:
    """A value of a change for people: ratings as stars, all else as it is."""
    return rating_text(text) if isinstance(change, edits.SetRating) else text


def rating_text(rating: str) -> str:
    """A rating, given as "1" to "5" or "" for none, as stars."""
    return stars(int(rating or 0))


def state(entry: Pending, now: float) -> str:
    """How a change of the outbox stands, in a word or three."""
    match entry.state:
        case State.SENDING:
            return "being sent"
        case State.UNKNOWN:
            return "looking it up"
        case State.CONFLICT:
            return "in conflict"
        case State.PARKED:
            return "asks you"
        case State.BLOCKED:
            return "log in first"
        case State.WAITING if entry.not_before > now:
            return f"resting {number(ceil(entry.not_before - now))} s"
    return "queued"


# --- in full ------------------------------------------------------------------------------------------


def detail_of_standing(standing: Standing, now: float) -> Detail:
    """A change of the outbox in full."""
    entry, told = standing.entry, standing.told
    values = _values(entry.change, told)
    sentences: list[str] = []
    if entry.state is State.CONFLICT:
        values = (
            ("Before", value(entry.change, told.before)),
            ("Mine", value(entry.change, told.after)),
            ("Theirs", value(entry.change, standing.theirs)),
        )
        sentences.append(
            "Discogs has neither what was there before nor what you set. m sends yours over it, t leaves it as it is."
        )
    elif entry.state is State.PARKED:
        sentences.append(
            "It was sent twice with no answer, and no reading has found it. r looks once more, then sends it; d gives "
            "it up."
        )
    elif entry.state is State.BLOCKED:
        sentences.append("It goes as soon as Discogs accepts a token again.")
    elif entry.state is State.UNKNOWN:
        sentences.append("It was sent, and no answer came. Discogs is read before anything else is done.")
        if entry.not_before > now:
            sentences.append(f"That is in {number(ceil(entry.not_before - now))} s.")
    elif isinstance(entry.change, edits.RemoveItem) and entry.not_before > now:
        sentences.append("A removal rests a while, so that undoing it costs nothing. r sends it now.")
    if entry.reason and entry.state is not State.CONFLICT:
        sentences.append(f"The last try: {reason(entry.reason)}")
    heading = f"{what_of(entry.change, told)} · {state(entry, now)} · {moment(entry.created_at, now)}"
    return Detail(title_of(told), heading, values, tuple(sentences))


def detail_of_past(past: Past, now: float) -> Detail:
    """A change of the history in full."""
    values = _values(past.change, past.told)
    sentences: list[str] = []
    match past.outcome:
        case Outcome.SENT:
            how = "sent"
        case Outcome.REFUSED:
            how = "refused"
            sentences.append(f"It was undone here. {reason(past.reason)}")
            sentences.append("r tries again, d takes it off this list." if past.is_open else "r tries again.")
        case Outcome.DROPPED:
            how = "given up"
            if past.reason:
                values += (("Theirs", value(past.change, past.reason)),)
            sentences.append("It is kept here alone. r does it once more.")
    heading = f"{what_of(past.change, past.told)} · {how} · {moment(past.ended_at, now)}"
    return Detail(title_of(past.told), heading, values, tuple(sentences))


def _values(change: Change, told: Told) -> tuple[tuple[str, str], ...]:
    match change:
        case edits.NewFolder() | edits.DeleteFolder():
            return ()
        case edits.AddItem():
            return (("Folder", told.after),)
        case edits.RemoveItem():
            return (("Folder", told.before),)
    return (("From", value(change, told.before)), ("To", value(change, told.after)))


def moment(at: float, now: float) -> str:
    """A point in time, by the clock of this machine and as an age: "2026-03-01 14:05, 12 min ago"."""
    local = datetime.fromtimestamp(at, UTC).astimezone()
    return f"{local:%Y-%m-%d %H:%M}, {age(now - at)}"


# --- what is set aside --------------------------------------------------------------------------------


def line_of_vanished(vanished: Vanished, folder: str, now: float) -> Line:
    """An item that is set aside in a line.

    Args:
        vanished: The item.
        folder: The name of its folder.
        now: Seconds since 1970.
    """
    what = "Removed" if vanished.cause == REMOVED_HERE else "Missing"
    last = age(now - vanished.when)
    return Line(ASIDE, item_name(vanished.item), what, "", f"from {folder}" if folder else "", last)


def detail_of_vanished(vanished: Vanished, folder: str, fields: Iterable[Field], now: float) -> Detail:
    """An item that is set aside in full; see :func:`line_of_vanished`.

    Args:
        vanished: The item.
        folder: The name of its folder.
        fields: The notes fields by position.
        now: Seconds since 1970.
    """
    item, is_ours = vanished.item, vanished.cause == REMOVED_HERE
    notes = tuple((field.name, item.note(field.field_id)) for field in fields if item.note(field.field_id))
    days = max(0, ceil((vanished.when + KEPT_SECONDS - now) / (24 * 3600)))
    return Detail(
        item_name(item),
        f"{'removed from here' if is_ours else 'no longer at Discogs'} · {moment(vanished.when, now)}",
        (("Folder", folder), ("Rating", stars(item.rating)), *notes),
        (f"It is kept for {plural(days, 'more day', 'more days')}. r adds it again with all of this.",),
    )


# --- reasons ------------------------------------------------------------------------------------------


def _folder_not_empty(words: str) -> Exception:
    name, _, count = words.rpartition(": ")
    return errors.FolderNotEmpty(name, int(count)) if count.isdecimal() else errors.Refused(words)


_ERRORS: dict[str, Callable[[str], Exception]] = {
    kind.__name__: kind
    for kind in (
        errors.NotLoggedIn,
        errors.Forbidden,
        errors.NotFound,
        errors.Refused,
        errors.TooFast,
        errors.Offline,
        errors.BadAnswer,
    )
}
_ERRORS |= {
    "ServerFault": lambda words: errors.ServerFault(words, status=0),
    "FolderNotEmpty": _folder_not_empty,
}


def reason(text: str) -> str:
    """An error that was kept in the file, as :func:`discotui.errors.kept` wrote it, in sentences."""
    kind, _, words = text.partition(": ")
    error = _ERRORS.get(kind)
    return explain(error(words)) if error else clean(text)
