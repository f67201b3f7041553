"""The words: what is said of errors and of what was done. Lower layers tell facts, only this module tells people.

Texts that are not ours are cleaned here; nothing in here is markup.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from discotui import errors
from discotui.library import edits
from discotui.library.done import Done
from discotui.library.items import Field, Item
from discotui.library.losses import HeldLoss
from discotui.library.salvage import Salvaged
from discotui.library.sorting import SORT_KEYS, Order, sort_keys
from discotui.start import Kind, Start
from discotui.ui.text import ASCENDING, DESCENDING, clean, fit, number, plural, stars
from discotui.ui.words_of_filters import query_problem

_NAME_CELLS = 48
_FOLDER_CELLS = 24
_FIELD_CELLS = 36
OTHER_WINDOW_CLOSED = "The other window was closed. To change things here, leave and start again."
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
        case errors.NotAtItem():
            return "that is for an item: tab goes to the table"
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
    "note": "saved the notes of {what}",
    "remove": "removed {what}",
    "restore": "brought back {what}",
    "new-folder": "made the folder {what}",
    "rename-folder": "renamed the folder to {what}",
    "delete-folder": "deleted the folder {what}",
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


def undoable(text: str) -> str:
    """What is said of something that undo takes back."""
    return f"{text} · u undoes it"


def rated(rating: int, name: str = "") -> str:
    """What is said after rating.

    Args:
        rating: 0 to 5.
        name: The item, "" when there were several.
    """
    text = f"rated {stars(rating)}" if rating else "rating cleared"
    return f"{text}: {_short(name)}" if name else text


def done(result: Done, name: str = "", folder: str = "", field: str = "") -> str:
    """What is said after an edit.

    Args:
        result: Of the edit.
        name: The item or folder that it was about, "" when there were several.
        folder: Where the items went, in a move or an addition.
        field: What was done to which notes field: "set Media Condition".
    """
    what = _short(name) if name and result.count == 1 else plural(result.count, "item")
    if field:
        return undoable(f"{fit(field, _FIELD_CELLS).rstrip()} of {what}")
    if result.verb not in ("move", "add"):
        return undoable(_DONE[result.verb].format(what=what))
    act, to = {"move": "moved", "add": "added"}[result.verb], f" to {fit(folder, _FOLDER_CELLS).rstrip()}"
    return undoable(f"{act}{to}: {what}" if name and result.count == 1 else f"{act} {what}{to if folder else ''}")


def undone(result: Done, name: str = "") -> str:
    """What is said after undo.

    Args:
        result: Of undo.
        name: The item it was about, "" when there were several, or none.
    """
    if not result.count:
        return f"the {KINDS[result.verb]} was changed since, and is left as it is"
    if result.added_again:
        several = f"{plural(result.added_again, 'item')} added again, with new dates"
        text = f"added again, with a new date: {_short(name)}" if name and result.count == 1 else several
    else:
        text = f"{KINDS[result.verb]}{_of(result, name)}"
    left = f" · {number(result.skipped)} changed since, left as they are" if result.skipped else ""
    return f"undone: {text}{left}"


def redone(result: Done, name: str = "") -> str:
    """What is said after redo; arguments as for :func:`undone`."""
    if not result.count:
        return f"the {KINDS[result.verb]} cannot be done again: it was changed since"
    return f"done again: {KINDS[result.verb]}{_of(result, name)}"


def _of(result: Done, name: str) -> str:
    """What an edit was about: one thing by its name, several by their number."""
    if result.count == 1:
        return f" of {_short(name)}" if name else ""
    return f" of {plural(result.count, 'release' if result.verb == 'rate' else 'item')}"


def _short(name: str) -> str:
    return fit(name, _NAME_CELLS).rstrip()


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
    if not count:
        return "nothing is missing any more"
    return f"set aside {plural(count, 'item')}, kept for 30 days · c brings {'it' if count == 1 else 'them'} back"


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
