"""What a person can do to a collection, as values: each change knows how it is undone and how it is kept.

A *change* is one thing that Discogs will be told in one call. An :class:`Edit` is what the person did in one
go: one change or thousands, undone in one step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from discotui.library.items import Item, known_as, made_item


@dataclass(frozen=True, slots=True)
class SetRating:
    """Rate a release: 0 to 5, for all its copies, because Discogs keeps ratings per release."""

    release_id: int
    base: int
    value: int


@dataclass(frozen=True, slots=True)
class MoveItem:
    """Move an item from the folder ``base`` to the folder ``value``."""

    instance_id: int
    release_id: int
    base: int
    value: int


@dataclass(frozen=True, slots=True)
class SetNote:
    """Set a notes field of an item; "" clears it."""

    instance_id: int
    release_id: int
    field_id: int
    base: str
    value: str


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Remove an item. The item as it was is kept, so that it can be added again."""

    item: Item

    @property
    def instance_id(self) -> int:
        """The item that goes."""
        return self.item.instance_id

    @property
    def release_id(self) -> int:
        """Its release."""
        return self.item.release_id


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add a copy of a release. Its item has a negative id until Discogs gives it a real one.

    Attributes:
        item: What is known of the item: at least release and folder, with no rating and no notes. In the journal,
            what was brought back has both.
        replaces: The instance that is brought back, 0 when this is a new copy.
    """

    item: Item
    replaces: int = 0

    @property
    def instance_id(self) -> int:
        """The negative, temporary id."""
        return self.item.instance_id

    @property
    def release_id(self) -> int:
        """What is added."""
        return self.item.release_id


@dataclass(frozen=True, slots=True)
class NewFolder:
    """Make a folder; its id is negative until Discogs gives it a real one."""

    folder_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RenameFolder:
    """Rename a folder from ``base`` to ``value``."""

    folder_id: int
    base: str
    value: str


@dataclass(frozen=True, slots=True)
class DeleteFolder:
    """Delete an empty folder."""

    folder_id: int
    name: str


ItemChange = SetRating | MoveItem | SetNote | RemoveItem | AddItem
FolderChange = NewFolder | RenameFolder | DeleteFolder
Change = ItemChange | FolderChange
FOLDER_CHANGES = (NewFolder, RenameFolder, DeleteFolder)
"""As :data:`FolderChange`, for ``isinstance`` with thousands."""

Absolute = SetRating | MoveItem | SetNote | RenameFolder
"""Changes that set something to a value: sending one twice does no harm, and the later one is what counts."""

_KINDS: dict[str, type[Change]] = {
    kind.__name__: kind
    for kind in (SetRating, MoveItem, SetNote, RemoveItem, AddItem, NewFolder, RenameFolder, DeleteFolder)
}


VERBS: dict[type[Change], str] = {
    SetRating: "rate",
    MoveItem: "move",
    SetNote: "note",
    RemoveItem: "remove",
    AddItem: "add",
    NewFolder: "new-folder",
    RenameFolder: "rename-folder",
    DeleteFolder: "delete-folder",
}
"""What it is called when the person did just that; see :class:`Edit`."""


# One encoder for all, and names looked up once: thousands of changes are written in one go.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_QUOTED = json.encoder.encode_basestring
_NAMES = {kind: tuple(each.name for each in fields(kind)) for kind in (*_KINDS.values(), Item)}


@dataclass(frozen=True, slots=True)
class Edit:
    """What the person did in one go.

    Attributes:
        verb: What it was, for the undo message: rate, move, note, remove, add, restore, new-folder, rename-folder
            or delete-folder.
        changes: In the order in which they are to be sent.
        appended: The text that the person added to what stands in a notes field, "" when they did something else.
        as_of: The library's version that it was planned by, -1 when unknown: nothing needs to be looked at again as
            long as it is that.
    """

    verb: str
    changes: tuple[Change, ...]
    appended: str = ""
    as_of: int = field(default=-1, compare=False)


# --- keeping ---------------------------------------------------------------------------------------------


def to_json(change: Change) -> str:
    """The change as it is kept in the library file."""
    write = _FAST_TEXT.get(type(change))
    return _ENCODE(_to_dict(change)) if write is None else write(change)


def from_json(text: str) -> Change:
    """Read back what :func:`to_json` wrote."""
    return _from_dict(json.loads(text))


def many_to_json(changes: Iterable[Change]) -> str:
    """A list of changes as it is kept in the library file."""
    return joined_json(map(to_json, changes))


def joined_json(texts: Iterable[str]) -> str:
    """A list of changes of which each is a text already."""
    return f"[{','.join(texts)}]"


def many_from_json(text: str) -> tuple[Change, ...]:
    """Read back what :func:`many_to_json` wrote."""
    return tuple(_from_dict(entry) for entry in json.loads(text))


def _to_dict(change: Change) -> dict[str, Any]:
    kind = type(change)
    entry: dict[str, Any] = {"kind": kind.__name__}
    for name in _NAMES[kind]:
        entry[name] = getattr(change, name)
    if isinstance(change, RemoveItem | AddItem):
        item = {name: getattr(change.item, name) for name in _NAMES[Item]}
        item["notes"] = None if item["notes"] is None else dict(item["notes"])
        entry["item"] = item
    return entry


def _rating_text(change: SetRating) -> str:
    return f'{{"kind":"SetRating","release_id":{change.release_id},"base":{change.base},"value":{change.value}}}'


def _move_text(change: MoveItem) -> str:
    return (
        f'{{"kind":"MoveItem","instance_id":{change.instance_id},"release_id":{change.release_id},'
        f'"base":{change.base},"value":{change.value}}}'
    )


def _note_text(change: SetNote) -> str:
    return (
        f'{{"kind":"SetNote","instance_id":{change.instance_id},"release_id":{change.release_id},'
        f'"field_id":{change.field_id},"base":{_QUOTED(change.base)},"value":{_QUOTED(change.value)}}}'
    )


def _removal_text(change: RemoveItem) -> str:
    return f'{{"kind":"RemoveItem","item":{_item_text(change.item)}}}'


def _addition_text(change: AddItem) -> str:
    return f'{{"kind":"AddItem","item":{_item_text(change.item)},"replaces":{change.replaces}}}'


def _item_text(item: Item) -> str:
    quoted, notes = _QUOTED, "null"
    if item.notes is not None:
        notes = "{" + ",".join([f'"{field_id}":{quoted(text)}' for field_id, text in item.notes.items()]) + "}"
    return (
        f'{{"instance_id":{item.instance_id},"release_id":{item.release_id},"folder_id":{item.folder_id},'
        f'"rating":{item.rating},"added":{quoted(item.added)},"artist":{quoted(item.artist)},'
        f'"title":{quoted(item.title)},"label":{quoted(item.label)},"catno":{quoted(item.catno)},'
        f'"format":{quoted(item.format)},"year":{item.year},"genre":{quoted(item.genre)},'
        f'"search":{quoted(item.search)},"notes":{notes},"master_id":{item.master_id},"cover":{quoted(item.cover)}}}'
    )


# What is done to thousands of items at once is written as the encoder would, in a fraction of its time.
_FAST_TEXT: dict[type[Change], Callable[[Any], str]] = {
    SetRating: _rating_text,
    MoveItem: _move_text,
    SetNote: _note_text,
    RemoveItem: _removal_text,
    AddItem: _addition_text,
}


def _from_dict(entry: dict[str, Any]) -> Change:
    kind = _KINDS[entry.pop("kind")]
    if "item" in entry:
        known = entry["item"]
        if known["notes"] is not None:
            known["notes"] = {int(field_id): value for field_id, value in known["notes"].items()}
        entry["item"] = made_item(**known)
    return kind(**entry)


# --- what belongs together -------------------------------------------------------------------------------


def target(change: Change) -> tuple[object, ...]:
    """What a change is about. Two absolute changes with the same target are one when the later one counts."""
    # Not by match, which takes twice as long: it is asked for thousands of changes at once.
    if isinstance(change, SetRating):
        return ("rating", change.release_id)
    if isinstance(change, SetNote):
        return ("note", change.instance_id, change.field_id)
    if isinstance(change, MoveItem):
        return ("folder", change.instance_id)
    if isinstance(change, RemoveItem):
        return ("item", change.item.instance_id)
    if isinstance(change, AddItem):
        return ("item", change.item.instance_id)
    return ("folder-name" if isinstance(change, RenameFolder) else "folder-itself", change.folder_id)


def subject(change: Change) -> tuple[str, int]:
    """The item, release or folder that a change is about, for counting."""
    match change:
        case SetRating():
            return ("release", change.release_id)
        case NewFolder() | RenameFolder() | DeleteFolder():
            return ("folder", change.folder_id)
        case _:
            return ("item", change.instance_id)


def with_ids(change: Change, old: int, new: int, *, folder: bool) -> Change:
    """The change with a temporary id replaced by the one that Discogs gave.

    Args:
        change: Any change.
        old: The temporary (or former) id.
        new: The id that counts now.
        folder: Whether the ids are folder ids; else they are instance ids.
    """
    if not folder:
        match change:
            case MoveItem() | SetNote() if change.instance_id == old:
                return replace(change, instance_id=new)
            case RemoveItem() if change.instance_id == old:
                return RemoveItem(known_as(change.item, new))
            case AddItem() if change.instance_id == old:
                return AddItem(known_as(change.item, new), change.replaces)
        return change
    match change:
        case MoveItem():
            base = new if change.base == old else change.base
            value = new if change.value == old else change.value
            return replace(change, base=base, value=value) if (base, value) != (change.base, change.value) else change
        case RemoveItem() | AddItem() if change.item.folder_id == old:
            return replace(change, item=replace(change.item, folder_id=new))
        case NewFolder() | RenameFolder() | DeleteFolder() if change.folder_id == old:
            return replace(change, folder_id=new)
    return change


def turned(change: Absolute) -> Absolute:
    """The change that takes one back."""
    match change:
        case SetRating():
            return SetRating(change.release_id, change.value, change.base)
        case MoveItem():
            return MoveItem(change.instance_id, change.release_id, change.value, change.base)
        case SetNote():
            return SetNote(change.instance_id, change.release_id, change.field_id, change.value, change.base)
        case RenameFolder():
            return RenameFolder(change.folder_id, change.value, change.base)


def joined(waiting: Absolute, later: Absolute) -> Absolute | None:
    """Two changes of the same thing as one: A→B and B→C is A→C. None when that changes nothing."""
    if waiting.base == later.value:
        return None
    return replace(later, base=waiting.base)  # type: ignore[arg-type]


def mentions_folder(change: Change, folder_id: int) -> bool:
    """Whether a change has anything to do with a folder."""
    match change:
        case MoveItem():
            return folder_id in (change.base, change.value)
        case SetRating() | SetNote():
            return False
        case RemoveItem() | AddItem():
            return change.item.folder_id == folder_id
        case NewFolder() | RenameFolder() | DeleteFolder():
            return change.folder_id == folder_id


def needs_folder(change: Change, folder_id: int) -> bool:
    """Whether a change can only be carried out when that folder exists."""
    match change:
        case MoveItem():
            return change.value == folder_id
        case AddItem():
            return change.item.folder_id == folder_id
        case NewFolder() | RenameFolder() | DeleteFolder():
            return change.folder_id == folder_id
    return False


def sets_value_of(change: Change, instance_id: int) -> bool:
    """Whether a change moves that very item, or sets a note of it."""
    return isinstance(change, (MoveItem, SetNote)) and change.instance_id == instance_id


def touches_instance(change: Change, instance_id: int) -> bool:
    """Whether a change is about that very item."""
    return not isinstance(change, SetRating | FolderChange) and change.instance_id == instance_id
