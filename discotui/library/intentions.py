"""What a person wants done to some items, as values: to be asked about before it is done, and to be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """Rate the items' releases, 0 (none) to 5."""

    rating: int


@dataclass(frozen=True, slots=True)
class Move:
    """Move the items to a folder."""

    folder_id: int


@dataclass(frozen=True, slots=True)
class SetNotes:
    """Set notes fields: field id → value, "" clears."""

    values: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class AppendNote:
    """Add a text to a textarea: on a line of its own, where there is something already."""

    field_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the items."""


Intention = Rate | Move | SetNotes | AppendNote | Remove
