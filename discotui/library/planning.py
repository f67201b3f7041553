"""Planning an edit of thousands of items in slices, so that a screen can draw between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from discotui import errors
from discotui.library.edits import Change, Edit, SetRating
from discotui.library.slicing import Steps

_SLICE = 2000


def planning(plan: Callable[[Sequence[int]], Edit], instance_ids: Sequence[int]) -> Steps[Edit]:
    """What an edit of all items comes to.

    Args:
        plan: Plans it for some of the items; see :meth:`discotui.library.library.Library.plan`.
        instance_ids: All of them.

    Raises:
        EditRefused: As ``plan`` does, where it does so for all of them.
    """
    parts: list[Edit] = []
    refused: errors.EditRefused = errors.UnknownItem()
    for start in range(0, len(instance_ids), _SLICE):
        try:
            parts.append(plan(instance_ids[start : start + _SLICE]))
        except (errors.NothingToChange, errors.UnknownItem) as error:
            refused = error
        yield
    if not parts:
        raise refused
    changes: list[Change] = []
    rated: set[int] = set()
    for part in parts:
        for change in part.changes:
            # Copies of a release that are in several slices share their rating.
            if isinstance(change, SetRating):
                if change.release_id in rated:
                    continue
                rated.add(change.release_id)
            changes.append(change)
        yield
    return Edit(parts[0].verb, tuple(changes), parts[0].appended)
