"""Items that left the collection: they are kept aside for a while with their notes, and can be brought back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discotui.library.core import Core
from discotui.library.items import Item

KEPT_SECONDS = 30 * 24 * 3600.0
_SECONDS_BETWEEN_PRUNINGS = 24 * 3600.0

REMOVED = "removed"
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Vanished:
    """An item that left the collection.

    Attributes:
        item: As it was, with folder, rating and notes.
        when: When it was set aside, in seconds since 1970.
        cause: "removed" from here, or "missing" at Discogs.
    """

    item: Item
    when: float
    cause: str


def set_aside(core: Core, items: Iterable[Item], cause: str) -> None:
    """Take items out of the snapshot and keep them aside, inside ``core.kept()``; the caller refreshes the view."""
    items = list(items)
    core.store.vanish_items(items, core.clock(), cause)
    core.aside_version += 1
    for item in items:
        core.view.drop_snapshot(item.instance_id)


def are_back(core: Core, instance_ids: Iterable[int]) -> None:
    """Items are in the collection under their own ids, whatever has taken their place since; inside ``core.kept()``."""
    instance_ids = list(instance_ids)
    core.store.drop_vanished(instance_ids)
    core.aside_version += 1
    for instance_id in instance_ids:
        core.drop_alias("item", instance_id)


def restorable(core: Core) -> list[Vanished]:
    """What was set aside in the last 30 days and is not in the collection again, newest first."""
    rows = core.store.vanished(core.clock() - KEPT_SECONDS)
    kept = {item.instance_id for item, _, _ in rows}
    found = []
    for item, when, cause in rows:
        now = core.resolve("item", item.instance_id)
        # Brought back, and perhaps gone once more: then its successor stands for it.
        has_successor = now != item.instance_id and now in kept
        if not has_successor and now not in core.view.items and now not in core.view.snapshot:
            found.append(Vanished(item, when, cause))
    return found


def prune(core: Core) -> None:
    """Forget what has been kept for its 30 days, at most once a day; inside ``core.kept()``."""
    now = core.clock()
    # A time in the future is that of a clock which was wrong.
    if not 0 <= now - float(core.meta.get("pruned_at", "0")) < _SECONDS_BETWEEN_PRUNINGS:
        core.store.prune_vanished(now - KEPT_SECONDS)
        core.set_meta(pruned_at=now)
