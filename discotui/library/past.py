"""What became of changes that left the outbox, in words that stay true: names and folders change later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.folding import fold
from discotui.library.items import Field, Item
from discotui.library.view import View

KINDS: Mapping[type[Change], str] = {
    SetRating: "Rating",
    MoveItem: "Folder",
    AddItem: "Addition",
    RemoveItem: "Removal",
    NewFolder: "New folder",
    RenameFolder: "Folder name",
    DeleteFolder: "Deletion",
}
"""What a change is called that is about no notes field."""


class Outcome(Enum):
    """How a change ended."""

    SENT = "sent"
    """Discogs has it."""
    REFUSED = "refused"
    """Discogs declined it, and it was undone here."""
    DROPPED = "dropped"
    """The person gave it up: what was to be set is kept here alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change in the words of its time.

    Attributes:
        title: The item's or folder's name; "" when it was not known any more.
        field: The notes field's name, "" for what is no note.
        before: What was there: a text, a rating from "1" to "5", a folder's name; "" for nothing.
        after: What was to be there.
    """

    title: str = ""
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A change that left the outbox.

    Attributes:
        seq: Its number in the history.
        change: What was to be done.
        outcome: How it ended.
        reason: Of a refusal: the error's name and the server's words. Of what was dropped: what stood at Discogs.
        created_at: When the person did it, in seconds since 1970.
        ended_at: When it ended.
        told: The change in words.
        is_open: Refused, and the person has not said yet what to do about it.
    """

    seq: int
    change: Change
    outcome: Outcome
    reason: str
    created_at: float
    ended_at: float
    told: Told
    is_open: bool = False

    @property
    def search(self) -> str:
        """Folded text of everything in it that is worth finding."""
        told = self.told
        kind = KINDS.get(type(self.change), "")
        return fold("\n".join((told.title, told.field, told.before, told.after, self.reason, kind)))


def told(change: Change, view: View, fields: Mapping[int, Field]) -> Told:
    """Put a change into words, while what it is about is still known.

    Args:
        change: Any change.
        view: The collection.
        fields: Notes fields by id.
    """
    folder = view.folder_name
    match change:
        case SetRating():
            title = _title(_any_copy(view, change.release_id))
            return Told(title, "", str(change.base or ""), str(change.value or ""))
        case MoveItem():
            title = _title(view.items.get(change.instance_id) or view.snapshot.get(change.instance_id))
            return Told(title, "", folder(change.base), folder(change.value))
        case SetNote(field_id=field_id):
            title = _title(view.items.get(change.instance_id) or view.snapshot.get(change.instance_id))
            name = fields[field_id].name if field_id in fields else f"Field {field_id}"
            return Told(title, name, change.base, change.value)
        case AddItem(item=item):
            return Told(_title(item), "", "", folder(item.folder_id))
        case RemoveItem(item=item):
            return Told(_title(item), "", folder(item.folder_id), "")
        case NewFolder(name=name):
            return Told(name, "", "", name)
        case RenameFolder():
            return Told(change.base, "", change.base, change.value)
        case DeleteFolder(name=name):
            return Told(name, "", name, "")


def _any_copy(view: View, release_id: int) -> Item | None:
    for copy in view.copies(release_id):
        return view.items[copy]
    for copy in view.snapshot_copies(release_id):
        return view.snapshot[copy]
    return None


def _title(item: Item | None) -> str:
    if item is None:
        return ""
    return f"{item.artist} – {item.title}" if item.artist else item.title
