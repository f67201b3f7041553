"""From what the person wants to the changes that do it, with Discogs' rules checked before anything is kept.

Every function takes the collection as it is shown and gives an :class:`~discotui.library.edits.Edit`, or raises
one of the :class:`~discotui.errors.EditRefused` errors with the facts of why not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from discotui import errors
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    Edit,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER, NO_NOTES, Field, Folder, Item
from discotui.library.view import View


def rate(view: View, instance_ids: Iterable[int], rating: int) -> Edit:
    """Rate the releases of some items, 0 to 5."""
    if not 0 <= rating <= 5:
        raise ValueError(f"a rating is 0 to 5, not {rating}")
    bases = {item.release_id: item.rating for item in _items(view, instance_ids)}
    return _edit("rate", [SetRating(release, base, rating) for release, base in bases.items() if base != rating])


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
    return Item(
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
    found = [view.items[instance_id] for instance_id in dict.fromkeys(instance_ids) if instance_id in view.items]
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
