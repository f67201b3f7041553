"""The words: what is said of errors and of what was done. Lower layers tell facts, only this module tells people.

Texts that are not ours are cleaned here; nothing in here is markup.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from discotui import errors
from discotui.library import edits
from discotui.library.done import Done
from discotui.library.items import Field, Item
from discotui.library.losses import HeldLoss
from discotui.library.salvage import Salvaged
from discotui.library.sorting import SORT_KEYS, Order, sort_keys
from discotui.library.vocabulary import STATES
from discotui.start import Kind, Start
from discotui.ui.session import Hindrance
from discotui.ui.text import ASCENDING, DESCENDING, clean, fit, number, plural, stars

FIXED_VIEW = "This view is always there. Views that you have saved can be renamed and deleted."
_NAME_CELLS = 48
_CLOUD = "What you do meanwhile is kept and sent later."


def item_name(item: Item) -> str:
    """An item as a person names it: "Alice Coltrane – Journey In Satchidananda"."""
    return clean(f"{item.artist} – {item.title}" if item.artist else item.title)


def order_of(order: Order, fields: Iterable[Field]) -> str:
    """An order in the words of the table's title: "year ▲, artist ▲"; the names of fields stay as they are."""
    titles = {key.key: clean(key.title) for key in sort_keys(fields)}
    titles |= {key.key: key.title.lower() for key in SORT_KEYS.values()}
    return ", ".join(
        f"{titles.get(key, 'a former field')} {DESCENDING if descending else ASCENDING}"
        for key, descending in order.keys
    )


def explain(error: Exception) -> str:
    """What went wrong, why, and what to do next, in one or two sentences."""
    match error:
        case errors.LibraryError():
            return _explain_library(error)
        case errors.EditRefused():
            return _explain_refused_here(error)
        case errors.DiscogsError():
            return _explain_discogs(error)
        case errors.ChangedElsewhere():
            theirs = clean(str(error.theirs)) or "nothing"
            return f"It was changed at Discogs meanwhile (to {theirs}). Yours was not sent; c decides."
        case errors.KeepsChanging():
            return (
                "The collection kept changing while it was read. What is new in it is shown, nothing was taken out. "
                "It is read again by itself; r reads it now."
            )
        case errors.QueryProblem():
            return query_problem(error)
        case errors.BadSetting():
            return f"{error.name}: {clean(error.value)}. {error.why}"
        case _:
            return f"Something in the program broke ({type(error).__name__}). Your data are safe; please restart."


def _explain_discogs(error: errors.DiscogsError) -> str:
    said = f" Discogs says: “{clean(error.message)}”" if error.message else ""
    match error:
        case errors.NotLoggedIn():
            return "Discogs does not accept the token (any more). Check it, or make a new one, and start again."
        case errors.Forbidden():
            return f"That is not allowed.{said}"
        case errors.NotFound():
            return f"Discogs does not have it.{said}"
        case errors.Refused():
            details = "; ".join(clean(detail) for detail in error.details)
            return f"Discogs did not accept it.{said}" + (f" ({details})" if details else "")
        case errors.TooFast():
            return "Discogs asks for slower requests, even after waiting. It goes on by itself."
        case errors.Offline():
            return f"Discogs cannot be reached. {_CLOUD}"
        case errors.ServerFault():
            number_of_it = f" (error {error.status})" if error.status else ""
            return f"Discogs has trouble of its own{number_of_it}. {_CLOUD}"
        case errors.BadAnswer():
            return "Discogs answered with something that cannot be read. Nothing was changed here; it is tried again."
    return f"The request was broken off.{said}"


def _explain_refused_here(error: errors.EditRefused) -> str:
    match error:
        case errors.NothingToChange():
            return "it is like that already"
        case errors.ReadOnly():
            return "This collection is open for reading only."
        case errors.NotReadYet():
            return "The collection is still being read. Try again when all of it is there."
        case errors.UnknownItem():
            return "That item is no longer in the collection."
        case errors.UnknownChange():
            return "That is settled already."
        case errors.UnderWay():
            return "It is on its way to Discogs; wait until the answer is there."
        case errors.NotRestorable():
            return "It is in the collection again, or has been gone for more than 30 days."
        case errors.UnknownFolder():
            return "That folder no longer exists."
        case errors.FixedFolder():
            return (
                f"“{clean(error.folder)}” is one of Discogs' two fixed folders, All and Uncategorized: "
                "they cannot be renamed or deleted, and nothing is put into All."
            )
        case errors.FolderNotEmpty():
            return (
                f"“{clean(error.folder)}” holds {plural(error.count, 'item')}. Discogs deletes only empty folders: "
                "move them out first."
            )
        case errors.FolderNameTaken():
            return f"There is a folder “{clean(error.folder)}” already."
        case errors.EmptyName():
            return "A folder needs a name."
        case errors.NotAnOption():
            return f"“{clean(error.value)}” is none of the choices for {clean(error.field)}."
        case errors.NotATextField():
            return f"{clean(error.field)} takes one of its choices: nothing can be added to it."
    return "That cannot be done."


def _explain_library(error: errors.LibraryError) -> str:
    where, reason = clean(error.path), clean(error.reason)
    match error:
        case errors.LibraryTooNew():
            return f"{where} was written by a newer discotui. Please update; the file was left as it is."
        case errors.NotALibrary():
            return (
                f"{where} is no collection of discotui ({reason}). It was left as it is: "
                "move it out of the way and start again."
            )
        case errors.LibraryUnreadable():
            return (
                f"{where} is damaged ({reason}). Nothing was changed in it. "
                "Close every window of discotui and start it again: what can still be read is saved then."
            )
        case errors.LibraryFull():
            return f"There is no room left for {where} ({reason}). Nothing was changed: make room and try again."
        case errors.LibraryBusy():
            return f"{where} is held by another program ({reason}). Nothing was changed: close that and try again."
    return (
        f"{where} cannot be written ({reason}). Nothing was changed: check the disk and who may write there, "
        "then try again."
    )


def only_looked_at(path: Path, reason: str) -> str:
    """Why a collection can only be looked at; "" as a reason: another window has it."""
    if not reason:
        return "This collection is open in another window. Here it can be looked at; changes are made there."
    return (
        f"{clean(str(path))} cannot be written ({clean(reason)}). The collection can be looked at as it was; "
        "nothing is changed, read from Discogs or sent."
    )


def salvaged(result: Salvaged) -> str:
    """What became of a damaged file."""
    was, they = ("was", "It is") if result.waiting == 1 else ("were", "They are")
    saved = (
        f"{plural(result.waiting, 'change')} that had not been sent {was} saved. {they} sent as soon as the collection "
        "has been read."
        if result.waiting
        else "No change that had not been sent was found in it."
    )
    shown = f" Until then you see the {plural(result.items, 'item')} that could be read." if result.items else ""
    return (
        f"The file of this collection was damaged. {saved}\n"
        f"The collection is read from Discogs again.{shown}\n"
        f"The damaged file is kept as {clean(str(result.damaged))}."
    )


_EXAMPLES = {
    "year": "1971, 1970..1979, 1970.. or >=1970",
    "rating": "0 to 5, 4.. or >=3",
    "added": "2024, 2024-03, 2024-03-05, 2024-01..2024-06 or >=2024-05-01",
}


def query_problem(problem: errors.QueryProblem) -> str:
    """Why a term of a filter cannot be read, and what could be; in one line."""
    match problem:
        case errors.UnknownField():
            name = clean(problem.name)
            guess = f" Did you mean {_either(problem.near)}?" if problem.near else ""
            quotes = f' In quotes it is text: "{name}:…"' if problem.is_before_colon else ""
            return f"There is no field “{name}”.{guess}{quotes}"
        case errors.UnknownState():
            return f"“{clean(problem.word)}” is nothing that an item can be: {_either(STATES)}."
        case errors.UnreadableValue():
            said = clean(problem.value)
            return f"“{said}” is not understood. {problem.field.capitalize()} takes {_EXAMPLES[problem.field]}."
        case errors.RangeBackwards():
            return f"“{clean(problem.value)}” ends before it begins."
        case errors.NothingAsked():
            return f"Nothing stands behind “{clean(problem.name)}:”."
        case errors.UnclosedQuote():
            return "The quote is not closed."
    return "That cannot be understood."


def _either(words: Sequence[str]) -> str:
    cleaned = [clean(word) for word in words]
    return " or ".join(filter(None, (", ".join(cleaned[:-1]), cleaned[-1])))


def cannot_read(error: Exception, start: Start) -> str:
    """Why the collection could not be read, where whose it is matters."""
    user = clean(start.user)
    if start.kind is Kind.PUBLIC:
        match error:
            case errors.Forbidden():
                return f"The collection of “{user}” is private: only its owner can see it."
            case errors.NotFound():
                return f"Discogs knows no user “{user}”, or the account was deleted."
            case errors.Offline() | errors.ServerFault():
                return "Discogs cannot be reached. It is tried again by itself; r tries now."
    return explain(error)


_DONE = {
    "move": "moved {count}",
    "note": "saved the notes of {count}",
    "remove": "removed {count}",
    "add": "added {count}",
    "restore": "brought back {count}",
    "new-folder": "made a folder",
    "rename-folder": "renamed a folder",
    "delete-folder": "deleted a folder",
}
KINDS = {
    "rate": "rating",
    "move": "move",
    "note": "notes",
    "remove": "removal",
    "add": "addition",
    "restore": "bringing back",
    "new-folder": "new folder",
    "rename-folder": "renaming",
    "delete-folder": "deletion of a folder",
}


def rated(rating: int) -> str:
    """What is said after rating."""
    return f"rated {stars(rating)}" if rating else "rating cleared"


def done(result: Done) -> str:
    """What is said after an edit."""
    return _DONE[result.verb].format(count=plural(result.count, "item")) + " · u undoes it"


def undone(result: Done, name: str = "") -> str:
    """What is said after undo.

    Args:
        result: Of undo.
        name: The item it was about, "" when there were several, or none.
    """
    if not result.count:
        return f"the {KINDS[result.verb]} was changed since, and is left as it is"
    text = f"undone: {KINDS[result.verb]}{_of(name)}"
    if result.added_again:
        text += " · added again, Discogs gives it a new date"
    if result.skipped:
        text += f" · {number(result.skipped)} changed since, left as they are"
    return text


def redone(result: Done, name: str = "") -> str:
    """What is said after redo; arguments as for :func:`undone`."""
    if not result.count:
        return f"the {KINDS[result.verb]} cannot be done again: it was changed since"
    return f"done again: {KINDS[result.verb]}{_of(name)}"


def _of(name: str) -> str:
    return f" of {name}" if name else ""


def leaving(waiting: int, *, is_kept: bool, typed: bool, undecided: int = 0, more: Sequence[str] = ()) -> str:
    """What is asked before the program ends with something undone.

    Args:
        waiting: How many changes have not been sent.
        is_kept: They are there again the next time.
        typed: A form holds something that was not saved.
        undecided: How many of those that wait the person has to decide about.
        more: Sentences about sending them now.
    """
    lines = ["What you typed is not saved and would be lost."] if typed else []
    if waiting:
        has, it = ("has", "It is") if waiting == 1 else ("have", "They are")
        after = "kept on this machine and sent the next time" if is_kept else "gone then: the demo keeps nothing"
        lines.append(f"{plural(waiting, 'change')} {has} not been sent. {it} {after}.")
    elif not typed:
        lines.append("Nothing waits to be sent any more.")
    if 0 < undecided < waiting:
        waits = "waits" if undecided == 1 else "wait"
        lines.append(f"{number(undecided)} of them {waits} for your decision first.")
    return "\n".join([*lines, *more, "Leave?"])


_HINDERED = {
    Hindrance.SECOND_WINDOW: "The other window sends what waits.",
    Hindrance.READ_ONLY: "Nothing is sent while the collection is open for reading only.",
    Hindrance.NOT_STARTED: "There is no way to Discogs yet.",
    Hindrance.UNDECIDED: "What waits is not sent before you have decided about it.",
    Hindrance.NOT_LOGGED_IN: "Nothing can be sent now: Discogs does not accept the token.",
    Hindrance.BROKEN: "Nothing can be sent before a restart: something in the program broke.",
    Hindrance.OFFLINE: "Discogs cannot be reached just now.",
}


def hindered(hindrance: Hindrance) -> str:
    """Why what waits is not sent now."""
    return _HINDERED[hindrance]


def sending_takes(seconds: float) -> str:
    """How long it would take to send what waits."""
    return f"Sending now takes {duration(seconds)}."


def time_left(seconds: float) -> str:
    """How long the rest takes to be sent."""
    return f"{duration(seconds)} left at Discogs' limit"


def sent_of(sent: int, total: int, *, is_under_way: bool = False) -> str:
    """How far the sending has come.

    Args:
        sent: How many changes Discogs has confirmed.
        total: Of how many.
        is_under_way: The sending was stopped with one more on its way.
    """
    text = f"{number(sent)} of {plural(total, 'change')} sent"
    return f"{text}, and one more is on its way" if is_under_way else text


def not_accepted(first: str, more: int) -> str:
    """What Discogs declined while it was sent: the first in words, the others counted."""
    return first + (f" And {number(more)} more." if more else "")


def goes_on(seconds: float) -> str:
    """That Discogs' limit has been reached."""
    return f"Discogs' limit: goes on in {number(math.ceil(seconds))} s."


def tried_again(seconds: float, *, is_lost: bool) -> str:
    """What is waited for when not for Discogs' limit.

    Args:
        seconds: How long.
        is_lost: An answer did not arrive, so that Discogs is asked first; otherwise the change failed before.
    """
    wait = number(math.ceil(seconds))
    if is_lost:
        return f"An answer was lost: in {wait} s Discogs is asked what became of the change."
    return f"A change that failed is tried again in {wait} s."


def duration(seconds: float) -> str:
    """How long something takes, roughly: "a few seconds", "about 40 seconds", "about 5 minutes", "about 3 hours"."""
    if seconds <= 15:
        return "a few seconds"
    if seconds <= 90:
        return f"about {math.ceil(seconds / 10) * 10} seconds"
    minutes = math.ceil(seconds / 60)
    return f"about {minutes} minutes" if minutes <= 90 else f"about {round(minutes / 60)} hours"


def loss(held: HeldLoss) -> str:
    """What is asked about items that are missing at Discogs."""
    names = "\n".join(f"· {fit(item_name(item), _NAME_CELLS).rstrip()}" for item in held.sample)
    others = held.count - len(held.sample)
    more = f"\n· … and {number(others)} more" if others else ""
    are = "is" if held.count == 1 else "are"
    return (
        f"{number(held.count)} of {plural(held.total, 'item')} {are} missing at Discogs:\n{names}{more}\n"
        "It may be a fault that passes, so nothing was taken out here. If they are gone, yes sets them aside: they are "
        "kept with their notes for 30 days."
    )


def set_aside(count: int) -> str:
    """What is said when the person has said that missing items are gone."""
    return f"set aside {plural(count, 'item')}, kept for 30 days" if count else "nothing is missing any more"


def what(change: edits.Change, folders: Mapping[int, str], title: str) -> str:
    """A change in words: for the message that it was not accepted.

    Args:
        change: Any change.
        folders: Folder names by id.
        title: The item's name, "" when it is not known.
    """
    name = f"“{title}”" if title else "an item"
    match change:
        case edits.SetRating(value=rating):
            return f"rating {name} {rating}"
        case edits.MoveItem(value=folder_id):
            return f"moving {name} to “{clean(folders.get(folder_id, 'a folder'))}”"
        case edits.SetNote():
            return f"the notes of {name}"
        case edits.RemoveItem():
            return f"removing {name}"
        case edits.AddItem():
            return f"adding {name}"
        case edits.NewFolder():
            return f"the new folder “{clean(change.name)}”"
        case edits.RenameFolder():
            return f"renaming “{clean(change.base)}”"
        case edits.DeleteFolder():
            return f"deleting “{clean(change.name)}”"
