"""From what the person wants to the changes that do it, with Discogs' rules checked before anything is kept.

Every function takes the collection as it is shown and gives an :class:`~discotui.library.edits.Edit`, or raises
one of the :class:`~discotui.errors.EditRefused` errors with the facts of why not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from discotui import errors
from discotui.library.edits import (
    FOLDER_CHANGES,
    AddItem,
    Change,
    DeleteFolder,
    Edit,
    ItemChange,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.folding import fold
from discotui.library.intentions import AppendNote, Intention, Move, Rate, Remove, SetNotes
from discotui.library.items import ALL_FOLDER, NO_NOTES, Field, Folder, Item, made_item
from discotui.library.view import View

_Setting = TypeVar("_Setting", SetRating, MoveItem, SetNote)


def planned(view: View, fields: Mapping[int, Field], intention: Intention, instance_ids: Iterable[int]) -> Edit:
    """What an intention comes to.

    Args:
        view: The collection as shown.
        fields: Notes fields by id.
        intention: With the folder id that counts now.
        instance_ids: So here.
    """
    match intention:
        case Rate(rating):
            return rate(view, instance_ids, rating)
        case Move(folder_id):
            return move(view, instance_ids, folder_id)
        case SetNotes(values):
            return set_notes(view, fields, instance_ids, values)
        case AppendNote(field_id, text):
            return append_note(view, fields, instance_ids, field_id, text)
        case Remove():
            return remove(view, instance_ids)


def rate(view: View, instance_ids: Iterable[int], rating: int) -> Edit:
    """Rate the releases of some items, 0 to 5."""
    if not 0 <= rating <= 5:
        raise ValueError(f"a rating is 0 to 5, not {rating}")
    others = {item.release_id: item.rating for item in _items(view, instance_ids) if item.rating != rating}
    return _edit("rate", [SetRating(release_id, base, rating) for release_id, base in others.items()])


def move(view: View, instance_ids: Iterable[int], folder_id: int) -> Edit:
    """Move items to a folder."""
    folder = _folder(view, folder_id)
    if folder_id == ALL_FOLDER:
        raise errors.FixedFolder(folder.name)
    return _edit(
        "move",
        [
            MoveItem(item.instance_id, item.release_id, item.folder_id, folder_id)
            for item in _items(view, instance_ids)
            if item.folder_id != folder_id
        ],
    )


def set_notes(view: View, fields: Mapping[int, Field], instance_ids: Iterable[int], values: Mapping[int, str]) -> Edit:
    """Set notes fields of items, field id → value; "" clears.

    A dropdown takes its own options only. A value outside of them that an item already has may stay.
    """
    changes: list[Change] = []
    for item in _items(view, instance_ids):
        for field_id, value in values.items():
            base = item.note(field_id)
            if base == value:
                continue
            field = fields.get(field_id)
            if field is not None and field.is_dropdown and value and value not in field.options:
                raise errors.NotAnOption(field.name, value)
            changes.append(SetNote(item.instance_id, item.release_id, field_id, base, value))
    return _edit("note", changes)


def append_note(view: View, fields: Mapping[int, Field], instance_ids: Iterable[int], field_id: int, text: str) -> Edit:
    """Add a text to a notes field of items: on a line of its own, where there is something already."""
    field = fields.get(field_id)
    if field is not None and field.is_dropdown:
        raise errors.NotATextField(field.name)
    if not text:
        raise errors.NothingToChange
    items = _items(view, instance_ids)
    edit = _edit("note", [_appended(item, field_id, text) for item in items])
    return replace(edit, appended=text)


def _appended(item: Item, field_id: int, text: str) -> SetNote:
    base = item.note(field_id)
    return SetNote(item.instance_id, item.release_id, field_id, base, f"{base}\n{text}" if base else text)


def as_of_now(view: View, change: ItemChange, appended: str = "") -> ItemChange | None:
    """A change that was planned a moment ago, from what is shown now; None when there is nothing to it any more.

    Args:
        view: The collection as shown.
        change: With the ids that count now.
        appended: It is to add this text, whatever stands there now.
    """
    match change:
        case SetRating():
            copies = view.copies(change.release_id)
            return None if not copies else _from(change, view.items[copies[0]].rating)
        case AddItem():
            return change if change.item.folder_id in view.folders else None
    item = view.items.get(change.instance_id)
    if item is None:
        return None
    match change:
        case RemoveItem():
            return change if item is change.item else RemoveItem(item)
        case MoveItem():
            return _from(change, item.folder_id) if view.has_folder(change.value) else None
        case SetNote():
            base = item.note(change.field_id)
            if appended and base != change.base:
                return _appended(item, change.field_id, appended)
            return _from(change, base)


def items_of(view: View, changes: Iterable[Change]) -> set[int]:
    """Instance ids of the items that some changes are about, with the ids of their time."""
    found: set[int] = set()
    for change in changes:
        if isinstance(change, SetRating):
            found.update(view.copies(change.release_id))
        elif not isinstance(change, FOLDER_CHANGES):
            found.add(change.instance_id)
    return found


def _from(change: _Setting, base: int | str) -> _Setting | None:
    """A change that starts from another value; None when that is the one it sets."""
    if base == change.base:
        return change
    return None if base == change.value else replace(change, base=base)  # type: ignore[arg-type]


def remove(view: View, instance_ids: Iterable[int]) -> Edit:
    """Remove items from the collection."""
    return _edit("remove", [RemoveItem(item) for item in _items(view, instance_ids)])


def add(view: View, release: Item, folder_id: int, new_id: Callable[[], int]) -> Edit:
    """Add a copy of a release.

    Args:
        view: The collection as shown.
        release: What is known of the release; its own ids, rating and notes do not count.
        folder_id: Where the copy goes; not All.
        new_id: Gives a temporary instance id.
    """
    folder = _folder(view, folder_id)
    if folder_id == ALL_FOLDER:
        raise errors.FixedFolder(folder.name)
    return _edit("add", [AddItem(as_new_item(release, new_id(), folder_id))])


def new_folder(view: View, name: str, new_id: Callable[[], int]) -> Edit:
    """Make a folder."""
    return _edit("new-folder", [NewFolder(new_id(), _free_name(view, name))])


def rename_folder(view: View, folder_id: int, name: str) -> Edit:
    """Rename a folder; 0 and 1 are fixed."""
    folder = _changeable(view, folder_id)
    if name.strip() == folder.name:
        raise errors.NothingToChange
    return _edit("rename-folder", [RenameFolder(folder_id, folder.name, _free_name(view, name, but=folder_id))])


def delete_folder(view: View, folder_id: int) -> Edit:
    """Delete an empty folder; 0 and 1 are fixed."""
    folder = _changeable(view, folder_id)
    if folder.count:
        raise errors.FolderNotEmpty(folder.name, folder.count)
    return _edit("delete-folder", [DeleteFolder(folder_id, folder.name)])


def as_new_item(item: Item, instance_id: int, folder_id: int) -> Item:
    """An item as it stands right after being added: unrated, without notes."""
    return made_item(
        instance_id=instance_id,
        release_id=item.release_id,
        folder_id=folder_id,
        rating=0,
        added="",
        artist=item.artist,
        title=item.title,
        label=item.label,
        catno=item.catno,
        format=item.format,
        year=item.year,
        genre=item.genre,
        search=item.search,
        notes=NO_NOTES,
        master_id=item.master_id,
        cover=item.cover,
    )


def _edit(verb: str, changes: list[Change]) -> Edit:
    if not changes:
        raise errors.NothingToChange
    return Edit(verb, tuple(changes))


def _items(view: View, instance_ids: Iterable[int]) -> list[Item]:
    there = view.items
    found = [item for instance_id in dict.fromkeys(instance_ids) if (item := there.get(instance_id)) is not None]
    if not found:
        raise errors.UnknownItem
    return found


def _folder(view: View, folder_id: int) -> Folder:
    folder = view.folders.get(folder_id)
    if folder is None:
        raise errors.UnknownFolder
    return folder


def _changeable(view: View, folder_id: int) -> Folder:
    folder = _folder(view, folder_id)
    if folder.is_fixed:
        raise errors.FixedFolder(folder.name)
    return folder


def _free_name(view: View, name: str, *, but: int | None = None) -> str:
    name = name.strip()
    if not name:
        raise errors.EmptyName
    for folder in view.folders.values():
        if fold(folder.name) == fold(name) and folder.folder_id != but:
            raise errors.FolderNameTaken(folder.name)
    return name
