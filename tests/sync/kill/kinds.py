"""What a person does in a case: one or more edits, and where they end when nothing goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from discotui.demo.state import CollectionState
from discotui.errors import EditRefused
from discotui.library.library import Library
from discotui.library.outbox import State
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES, ODD, SHELF

ADDED = 1006
"""A release that is not in the collection."""

Edit = Callable[[Library], object]
"""One thing that the person does. It returns when the screen shows it; ``False`` when there was nothing to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of edit.

    Attributes:
        edits: In order.
        writes: How many requests change something when all goes well.
        one_by_one: All that waits is sent between the edits, and not only after them.
        elsewhere: What was changed on the website since the collection was read.
    """

    edits: tuple[Edit, ...]
    writes: int = 1
    one_by_one: bool = False
    elsewhere: Callable[[CollectionState], None] = lambda _: None


def new_item(library: Library) -> int:
    """The item of the release that was added here."""
    return next(item.instance_id for item in library.items() if item.release_id == ADDED)


def new_folder(library: Library) -> int:
    """The folder that was made here."""
    return next(folder.folder_id for folder in library.folders() if folder.name == "Fresh")


def keep_mine(library: Library) -> object:
    """Settle the conflict, if it was found already."""
    for standing in library.deciding.standing():
        if standing.entry.state is State.CONFLICT:
            return library.deciding.keep_mine(standing.entry.seq)
    return False


KINDS = {
    "rate": Kind((lambda library: library.rate([500_003], 5),)),
    "move": Kind((lambda library: library.move([500_003], EMPTY),)),
    "set note": Kind((lambda library: library.set_notes([500_003], {NOTES: "Ä [b] ♥\nsecond"}),)),
    "clear note": Kind((lambda library: library.set_notes([500_001], {MEDIA: ""}),)),
    "remove": Kind((lambda library: library.remove([500_003]),)),
    "add": Kind((lambda library: library.add(unseen_release(ADDED), ODD),)),
    "add and edit": Kind(
        (
            lambda library: library.add(unseen_release(ADDED), ODD),
            lambda library: library.rate([new_item(library)], 4),
            lambda library: library.set_notes([new_item(library)], {NOTES: "mine", SHELF: "C3"}),
            lambda library: library.move([new_item(library)], JAZZ),
        ),
        writes=5,
    ),
    "new folder": Kind(
        (
            lambda library: library.new_folder("Fresh"),
            lambda library: library.move([500_003], new_folder(library)),
        ),
        writes=2,
    ),
    "rename folder": Kind((lambda library: library.rename_folder(ODD, "Even"),)),
    "delete folder": Kind((lambda library: library.delete_folder(EMPTY),)),
    "bulk": Kind((lambda library: library.move(range(500_001, 500_006), EMPTY),), writes=5),
    "undo a sent removal": Kind(
        (lambda library: library.remove([500_005]), lambda library: library.undo()), writes=4, one_by_one=True
    ),
    "keep mine": Kind(
        (lambda library: library.rate([500_003], 5), keep_mine),
        one_by_one=True,
        elsewhere=lambda state: state.rate(1002, 1),
    ),
}

LONG_NOTES = "long notes"
"""A kind for itself: so much at once that SQLite, given little memory, writes to the file before it commits."""
ALL_KINDS = KINDS | {
    LONG_NOTES: Kind(
        (lambda library: library.set_notes(range(500_001, 500_007), {NOTES: "x" * 999, SHELF: "y" * 999}),)
    )
}


# --- any edits, one after the other ---------------------------------------------------------------------------

VERBS = (
    *("rate", "move", "set note", "clear note", "remove", "add", "new folder", "rename folder", "delete folder"),
    *("bulk", "undo", "redo"),
)


def _random_edit(library: Library, chance: Random) -> str:
    """Do anything that can be done. Returns which verb it was.

    Raises:
        EditRefused: It could not be done; another time.
    """
    items = sorted(item.instance_id for item in library.items())
    folders = sorted(folder.folder_id for folder in library.folders() if folder.folder_id)
    item, some = chance.choice(items), chance.sample(items, min(len(items), 5))
    verb = chance.choice(VERBS)
    match verb:
        case "rate":
            library.rate([item], chance.randrange(6))
        case "move":
            library.move([item], chance.choice(folders))
        case "set note":
            library.set_notes([item], {chance.choice((NOTES, SHELF)): f"[b]♥ {chance.random()}"})
        case "clear note":
            library.set_notes([item], {chance.choice((MEDIA, NOTES, SHELF)): ""})
        case "remove":
            library.remove([item])
        case "add":
            library.add(unseen_release(chance.choice((1001, 1003, ADDED))), chance.choice(folders))
        case "new folder":
            library.new_folder(f"Folder {chance.random()}")
        case "rename folder":
            library.rename_folder(chance.choice(folders), f"Name {chance.random()}")
        case "delete folder":
            library.delete_folder(chance.choice(folders))
        case "bulk":
            library.set_notes(some, {NOTES: f"all {chance.random()}"})
        case "undo":
            library.undo()
        case "redo":
            library.redo()
    return verb


def random_edits(library: Library, seed: int, count: int, shown: Callable[[str], None] = lambda _: None) -> None:
    """So many edits of any kind, always the same for the same seed.

    Args:
        library: The collection.
        seed: Any number.
        count: How many.
        shown: Called with the verb as soon as an edit is done.
    """
    chance, done = Random(seed), 0
    while done < count:
        try:
            verb = _random_edit(library, chance)
        except EditRefused:
            continue
        shown(verb)
        done += 1
