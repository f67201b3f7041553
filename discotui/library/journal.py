"""Undo and redo: from what was done to the changes that take it back, or do it again.

Changes that set a value are taken back only where the value is still the one that was set: what somebody
changed since is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from discotui.errors import FolderNotEmpty
from discotui.library import edits, intents
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
from discotui.library.items import Item
from discotui.library.outbox import Pending
from discotui.library.view import View


@dataclass(slots=True)
class Plan:
    """How to get there.

    Attributes:
        drop: What leaves the outbox, because Discogs never heard of it.
        changes: What is done instead, or again.
        aliases: Ids that get a successor: kind, old, new.
        skipped: Changes that cannot be taken back (or done again), because the thing changed since.
    """

    drop: list[Pending] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    aliases: list[tuple[str, int, int]] = field(default_factory=list)
    skipped: int = 0


class Way:
    """Plans one undo or redo.

    Args:
        view: The collection as shown.
        resolve: The id by which an item or folder is known now.
        new_id: Gives a temporary id.
    """

    def __init__(self, view: View, resolve: Callable[[str, int], int], new_id: Callable[[], int]) -> None:
        self._view = view
        self._resolve = resolve
        self._new_id = new_id
        self._folders = view.folders
        self._plan = Plan()
        self._rated: set[int] = set()

    def back(self, done: Iterable[Change]) -> Plan:
        """The way back from changes that were done.

        Raises:
            FolderNotEmpty: A folder that was made meanwhile holds something.
        """
        for change in reversed(tuple(done)):
            current = with_current_ids(change, self._resolve)
            match current:
                case RemoveItem():
                    self._bring_back(current)
                case AddItem():
                    self._take_out_added(current)
                case NewFolder():
                    self._delete_made(current)
                case DeleteFolder():
                    self._make_again(current)
                case _:
                    self._set(edits.turned(current))
        return self._plan

    def again(self, undone: Iterable[Change]) -> Plan:
        """The way forward again over changes that were undone."""
        for change in undone:
            current = with_current_ids(change, self._resolve)
            match current:
                case RemoveItem():
                    item = self._view.items.get(current.instance_id)
                    if item is None:
                        self._plan.skipped += 1
                    else:
                        self._plan.changes.append(RemoveItem(item))
                case AddItem():
                    self.add(current.item, current.replaces)
                case NewFolder():
                    self._new_folder(current.folder_id, current.name)
                case DeleteFolder():
                    if current.folder_id in self._folders:
                        self._delete_folder(current.folder_id)
                    else:
                        self._plan.skipped += 1
                case _:
                    self._set(current)
        return self._plan

    def once_more(self, refused: Change) -> Plan:
        """What to do to try again what was refused: as the person would do it now.

        Raises:
            EditRefused: It cannot be done any more: the item or folder is gone, or the name is taken.
        """
        change, view = with_current_ids(refused, self._resolve), self._view
        match change:
            case SetRating():
                edit = intents.rate(view, view.copies(change.release_id), change.value)
            case MoveItem():
                edit = intents.move(view, [change.instance_id], change.value)
            case SetNote():
                edit = intents.set_notes(view, {}, [change.instance_id], {change.field_id: change.value})
            case RemoveItem():
                edit = intents.remove(view, [change.instance_id])
            case AddItem():
                self.add(change.item, change.replaces)
                return self._plan
            case NewFolder():
                edit = intents.new_folder(view, change.name, self._new_id)
                self._plan.aliases.append(("folder", change.folder_id, edit.changes[0].folder_id))  # type: ignore[union-attr]
            case RenameFolder():
                edit = intents.rename_folder(view, change.folder_id, change.value)
            case DeleteFolder():
                edit = intents.delete_folder(view, change.folder_id)
        self._plan.changes.extend(edit.changes)
        return self._plan

    def _set(self, change: SetRating | MoveItem | SetNote | RenameFolder) -> None:
        if shown_value(self._view, change) == change.base and self._possible(change):
            self._plan.changes.append(change)
        else:
            self._plan.skipped += 1

    def _possible(self, change: Change) -> bool:
        return not isinstance(change, MoveItem) or change.value in self._folders

    def _bring_back(self, removal: RemoveItem) -> None:
        waiting = self._view.latest(removal)
        if waiting is not None and isinstance(waiting.change, RemoveItem) and waiting.state.is_unsent:
            self._plan.drop.append(waiting)
            return
        if removal.instance_id in self._view.items:
            self._plan.skipped += 1
            return
        self.add(removal.item, removal.instance_id)

    def add_again(self, items: Iterable[Item]) -> tuple[Plan, list[AddItem]]:
        """The way back for items that left the collection, whoever took them out.

        Returns:
            The plan, and the additions for the journal: their items have all they had, so that they can be undone
            and done again whole.
        """
        added = []
        for item in items:
            current = with_current_ids(RemoveItem(item), self._resolve)
            assert isinstance(current, RemoveItem)  # noqa: S101 - for the type, only ids are replaced
            number, folder_id = self.add(current.item, item.instance_id)
            whole = replace(current.item, instance_id=number, folder_id=folder_id)
            added.append(AddItem(whole, item.instance_id))
        return self._plan, added

    def add(self, item: Item, replaces: int) -> tuple[int, int]:
        """Add an item (again) with its folder, rating and notes.

        Returns:
            The new instance id, and the folder.
        """
        number = self._new_id()
        folder_id = item.folder_id if item.folder_id in self._folders else 1
        new = intents.as_new_item(item, number, folder_id)
        self._plan.aliases.append(("item", item.instance_id, number))
        self._plan.changes.append(AddItem(new, replaces))
        if item.rating and item.release_id not in self._rated and not self._view.copies(item.release_id):
            self._rated.add(item.release_id)
            self._plan.changes.append(SetRating(item.release_id, 0, item.rating))
        for field_id, value in (item.notes or {}).items():
            self._plan.changes.append(SetNote(number, item.release_id, field_id, "", value))
        return number, folder_id

    def _take_out_added(self, addition: AddItem) -> None:
        item = self._view.items.get(addition.instance_id)
        if item is None:
            self._plan.skipped += 1
        else:
            # Where Discogs has not heard of it yet, the outbox lets addition and removal cancel out.
            self._plan.changes.append(RemoveItem(item))

    def _delete_made(self, making: NewFolder) -> None:
        if making.folder_id not in self._folders:
            self._plan.skipped += 1
        else:
            # Where Discogs has not heard of it yet, the outbox lets making and deletion cancel out.
            self._delete_folder(making.folder_id)

    def _delete_folder(self, folder_id: int) -> None:
        folder = self._folders[folder_id]
        if folder.count:
            raise FolderNotEmpty(folder.name, folder.count)
        self._plan.changes.append(DeleteFolder(folder_id, folder.name))

    def _make_again(self, deletion: DeleteFolder) -> None:
        waiting = self._view.latest(deletion)
        if waiting is not None and isinstance(waiting.change, DeleteFolder) and waiting.state.is_unsent:
            self._plan.drop.append(waiting)
        else:
            self._new_folder(deletion.folder_id, deletion.name)

    def _new_folder(self, former_id: int, name: str) -> None:
        number = self._new_id()
        self._plan.aliases.append(("folder", former_id, number))
        self._plan.changes.append(NewFolder(number, name))


def shown_value(view: View, change: SetRating | MoveItem | SetNote | RenameFolder) -> int | str | None:
    """The value shown now of what a change sets; None when the thing is gone."""
    match change:
        case SetRating():
            copies = view.copies(change.release_id)
            return view.items[copies[0]].rating if copies else None
        case RenameFolder():
            folder = view.folders.get(change.folder_id)
            return folder.name if folder else None
    item = view.items.get(change.instance_id)
    if item is None:
        return None
    return item.folder_id if isinstance(change, MoveItem) else item.note(change.field_id)


def with_current_ids(change: Change, resolve: Callable[[str, int], int]) -> Change:
    """A change of long ago about the things as they are known now.

    Args:
        change: As it was kept when it was made.
        resolve: Kind ("item" or "folder") and former id → the id that counts now.
    """
    ids: tuple[tuple[str, int], ...]
    match change:
        case SetRating():
            return change
        case MoveItem():
            ids = (("folder", change.base), ("folder", change.value), ("item", change.instance_id))
        case SetNote():
            ids = (("item", change.instance_id),)
        case RemoveItem() | AddItem():
            ids = (("folder", change.item.folder_id), ("item", change.instance_id))
        case NewFolder() | RenameFolder() | DeleteFolder():
            ids = (("folder", change.folder_id),)
    for kind, old in ids:
        new = resolve(kind, old)
        if new != old:
            change = edits.with_ids(change, old, new, folder=kind == "folder")
    return change
