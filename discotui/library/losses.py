"""How far a reading is believed when it shows less than before.

A few missing items are set aside. Many at once are more often a fault than the truth: they stay as they are, as a
*held loss*, until a later reading shows them again or the person says that they are gone. Notes that many items
have lost at once are believed when a second reading says the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from discotui.library import aside
from discotui.library.core import Changes, Core
from discotui.library.edits import RemoveItem
from discotui.library.items import Folder, Item

MOST_AT_ONCE = 20
ONE_IN = 20
SAMPLE = 5

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class HeldLoss:
    """So many items missing at Discogs at once that nothing was done about it.

    Attributes:
        count: How many are still missing.
        total: How many items there were when it was noticed last.
        when: When it was noticed first, in seconds since 1970.
        sample: Some of them.
    """

    count: int
    total: int
    when: float
    sample: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """A held loss as it is kept: ids of the items, and of the folders that are there for their sake alone."""

    ids: frozenset[int] = frozenset()
    folders: frozenset[int] = frozenset()
    total: int = 0
    when: float = 0.0


def allowed(total: int) -> int:
    """How many of so many items may be missing at once without anybody being asked: 20, or 5 %."""
    return max(MOST_AT_ONCE, total // ONE_IN)


def spread(things: Sequence[_Thing], count: int) -> list[_Thing]:
    """So many of them, evenly spread; all, when there are no more."""
    if len(things) <= count:
        return list(things)
    return [things[len(things) * place // count] for place in range(count)]


class Losses:
    """Decides what becomes of items and notes that a reading does not show any more.

    All that changes something is to be called inside ``core.kept()``.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    # --- items ----------------------------------------------------------------------------------------

    def unexplained(self, missing: Iterable[Item]) -> list[Item]:
        """Of items that a reading does not show, those that are not being removed from here."""
        view = self._core.view
        found = []
        for item in missing:
            waiting = view.latest(RemoveItem(item))
            if waiting is None or not isinstance(waiting.change, RemoveItem):
                found.append(item)
        return found

    def is_too_much(self, lost: Sequence[Item]) -> bool:
        """Whether so many are missing that the person has to be asked."""
        return self._was_read and len(lost) > allowed(len(self._core.view.snapshot))

    def hold(self, lost: Sequence[Item], listed: Iterable[Folder]) -> list[Folder]:
        """Note which items are missing; none settles the matter.

        Args:
            lost: All that a whole reading did not show, still in the snapshot.
            listed: The folders that it showed.

        Returns:
            Folders that are gone at Discogs, but stay as long as the items in them.
        """
        core, held = self._core, self._held
        if not lost:
            self._keep(_Held())
            return []
        there = {folder.folder_id for folder in listed}
        needed = {item.folder_id for item in lost} - there
        kept = [folder for folder_id, folder in core.view.snapshot_folders.items() if folder_id in needed]
        self._keep(
            _Held(
                frozenset(item.instance_id for item in lost),
                frozenset(folder.folder_id for folder in kept),
                len(core.view.snapshot),
                held.when or core.clock(),
            )
        )
        return kept

    def are_shown(self, items: Iterable[Item]) -> None:
        """Discogs shows these items: they are neither missing nor set aside. To be told before they are taken over."""
        core, ids = self._core, [item.instance_id for item in items]
        if new := [instance_id for instance_id in ids if instance_id not in core.view.snapshot]:
            aside.are_back(core, new)
        held = self._held
        if held.ids:
            self._keep(replace(held, ids=held.ids.difference(ids)))

    @property
    def held_ids(self) -> frozenset[int]:
        """Items that are missing at Discogs and stay here for now."""
        return self._held.ids

    @property
    def held_folders(self) -> frozenset[int]:
        """Folders that are gone at Discogs and stay here with the items in them."""
        return self._held.folders

    def held(self) -> HeldLoss | None:
        """What waits for the person's word, None when nothing does."""
        held, snapshot = self._held, self._core.view.snapshot
        ids = sorted(instance_id for instance_id in held.ids if instance_id in snapshot)
        if not ids:
            return None
        sample = tuple(snapshot[instance_id] for instance_id in spread(ids, SAMPLE))
        return HeldLoss(len(ids), held.total, held.when, sample)

    def accept(self) -> Changes:
        """The person says that they are gone: all are set aside that no reading has shown since."""
        core, held, view = self._core, self._held, self._core.view
        gone = [view.snapshot[instance_id] for instance_id in held.ids if instance_id in view.snapshot]
        aside.set_aside(core, gone, aside.MISSING)
        used = {item.folder_id for item in view.snapshot.values()} if held.folders else set()
        empty = (held.folders & view.snapshot_folders.keys()) - used
        if empty:
            view.snapshot_folders = {key: folder for key, folder in view.snapshot_folders.items() if key not in empty}
            core.store.put_folders(list(view.snapshot_folders.values()))
        self._keep(_Held())
        return Changes(frozenset(view.refresh({item.release_id for item in gone})), folders=bool(empty))

    @property
    def _was_read(self) -> bool:
        """Whether there is anything to compare a reading with."""
        return "pulled_at" in self._core.meta

    @property
    def _held(self) -> _Held:
        return _parsed(self._core.meta.get("held_loss", ""))

    def _keep(self, held: _Held) -> None:
        if held == self._held:
            return
        fact = {"ids": sorted(held.ids), "folders": sorted(held.folders), "total": held.total, "when": held.when}
        self._core.set_meta(held_loss=json.dumps(fact) if held.ids else "")

    # --- notes ----------------------------------------------------------------------------------------

    def with_doubted_notes(
        self, changed: list[Item], *, whole: bool, gone_fields: Set[int] = frozenset()
    ) -> list[Item]:
        """Items as read, but with the notes that too many of them have lost at once.

        Args:
            changed: Items that differ from the snapshot.
            whole: Of a whole reading: a second one in a row that says the same is believed.
            gone_fields: Fields that are no more, and took their notes along.

        Returns:
            Those that still differ.
        """
        core = self._core
        if not self._was_read:
            return changed
        was_doubted = bool(core.meta.get("notes_doubted"))
        kept = {item.instance_id: known for item in changed if (known := self._with_former_notes(item, gone_fields))}
        is_doubtful = len(kept) > allowed(len(core.view.snapshot))
        if whole and (is_doubtful or was_doubted):
            core.set_meta(notes_doubted="1" if is_doubtful and not was_doubted else "")
        if not is_doubtful or (whole and was_doubted):
            return changed
        changed = [kept.get(item.instance_id, item) for item in changed]
        return [item for item in changed if core.view.snapshot.get(item.instance_id) != item]

    def _with_former_notes(self, item: Item, gone_fields: Set[int]) -> Item | None:
        """The item with the notes it has lost, None when it has lost none."""
        known = self._core.view.snapshot.get(item.instance_id)
        if known is None or not known.notes or item.notes is None:
            return None
        lost = {
            field_id: value
            for field_id, value in known.notes.items()
            if field_id not in item.notes and field_id not in gone_fields
        }
        return replace(item, notes={**lost, **item.notes}) if lost else None


@lru_cache(maxsize=1)
def _parsed(text: str) -> _Held:
    if not text:
        return _Held()
    fact = json.loads(text)
    return _Held(frozenset(fact["ids"]), frozenset(fact["folders"]), fact["total"], fact["when"])
