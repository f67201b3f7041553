"""What can be typed into a cell of the table: for each column that can be edited, and what a typed text means there.

Pure functions of items and texts: nothing here knows Textual.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER, Folder, Item
from discotui.ui.text import MOST_STARS, clean, stars
from discotui.ui.widgets.columns import Column, short_value

RATING = "rating"
FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a cell can be set to.

    Attributes:
        value: As it is kept.
        short: As it is typed, and as the cell shows it.
        label: In full.
    """

    value: str
    short: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is edited.

    Attributes:
        key: The key of its column.
        title: What is edited.
        value: What is there, as it is kept: a text, a rating from "1" to "5", a folder's id; "" for nothing.
        text: The same as it is typed.
        offers: What it can be set to; empty where any text goes.
        is_clearable: It may be nothing.
        is_locked: It cannot be edited in one line: it has several.
    """

    key: str
    title: str
    value: str
    text: str
    offers: tuple[Offer, ...] = ()
    is_clearable: bool = True
    is_locked: bool = False

    @property
    def label(self) -> str:
        """What is there, in full."""
        return next((offer.label for offer in self.offers if offer.value == self.value), clean(self.value))


def is_editable(column: Column) -> bool:
    """Whether a column's cells can be edited: the rest comes from Discogs' database."""
    return column.field is not None or column.key in (RATING, FOLDER)


def cell_of(column: Column, item: Item, folders: Iterable[Folder]) -> Cell:
    """The cell of an item in a column that can be edited."""
    if column.key == RATING:
        return _rating_cell(column, item)
    if column.key == FOLDER:
        return _folder_cell(column, item, folders)
    if column.field is None:
        raise ValueError(f"{column.key} cannot be edited")
    value = item.note(column.field.field_id)
    if column.field.is_dropdown:
        offers = tuple(Offer(option, clean(short_value(option)), clean(option)) for option in column.field.options)
        return Cell(column.key, column.title, value, clean(short_value(value)).strip(), offers)
    lines = clean(value, lines=True).split("\n")
    return Cell(column.key, column.title, value, lines[0], is_locked=len(lines) > 1)


def _rating_cell(column: Column, item: Item) -> Cell:
    ratings = [Offer(str(rating), str(rating), stars(rating)) for rating in range(1, MOST_STARS + 1)]
    offers = (Offer("", "0", "no rating"), *ratings)
    value = str(item.rating) if item.rating else ""
    return Cell(column.key, "Rating", value, value, offers)


def _folder_cell(column: Column, item: Item, folders: Iterable[Folder]) -> Cell:
    offers = tuple(
        Offer(str(folder.folder_id), clean(folder.name), clean(folder.name))
        for folder in folders
        if folder.folder_id != ALL_FOLDER
    )
    value = str(item.folder_id)
    text = next((offer.short for offer in offers if offer.value == value), "")
    return Cell(column.key, column.title, value, text, offers, is_clearable=False)


def matching(offers: Sequence[Offer], typed: str) -> list[Offer]:
    """The offers that a text may mean, the likeliest first; of those equally likely the one that stands first.

    Case and accents do not matter. "nm" is "Near Mint (NM or M-)", and so is "near". What is inside of a word counts
    only where nothing else does.
    """
    wanted = fold(typed)
    if not wanted:
        return []
    ranked = sorted(((_unlikeliness(offer, wanted), offer) for offer in offers), key=lambda pair: pair[0])
    likely = [offer for rank, offer in ranked if rank < _INSIDE]
    return likely or [offer for rank, offer in ranked if rank == _INSIDE]


_INSIDE = 4


def _unlikeliness(offer: Offer, wanted: str) -> int:
    """How far an offer is from what was typed; beyond :data:`_INSIDE` it cannot be meant."""
    short, label = fold(offer.short), fold(offer.label)
    if wanted in (short, label):
        return 0
    if short.startswith(wanted):
        return 1
    if label.startswith(wanted):
        return 2
    words = wanted.split()
    if all(any(part.startswith(word) for part in label.split()) for word in words):
        return 3
    return _INSIDE if all(word in label for word in words) else _INSIDE + 1
