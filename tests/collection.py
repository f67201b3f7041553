"""Small collections for tests: items made from what matters, and a library that holds them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

from discotui.library.edits import Change
from discotui.library.incoming import Reading
from discotui.library.items import NO_NOTES, Field, Folder, Item, Value
from discotui.library.library import Library
from discotui.library.outbox import Pending, State

MEDIA, SLEEVE, TEXT = 1, 2, 3
JAZZ, ROCK, EMPTY = 10, 11, 12

FOLDERS = (
    Folder(0, "All"),
    Folder(1, "Uncategorized"),
    Folder(JAZZ, "Jazz"),
    Folder(ROCK, "Rock"),
    Folder(EMPTY, "Empty"),
)
FIELDS = (
    Field(MEDIA, "Media Condition", 1, True, ("Mint (M)", "Near Mint (NM or M-)", "Very Good (VG)")),
    Field(SLEEVE, "Sleeve Condition", 2, True, ("Mint (M)", "Generic")),
    Field(TEXT, "Notes", 3, False, (), 3),
)


class Clock:
    """Seconds since 1970, moved by the test."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def make_item(
    instance_id: int,
    release_id: int = 0,
    folder_id: int = JAZZ,
    rating: int = 0,
    notes: Mapping[int, str] | None = NO_NOTES,
    **texts: object,
) -> Item:
    """An item; its release is ``100 + instance_id`` unless told."""
    release_id = release_id or 100 + instance_id
    known: dict[str, object] = {
        "added": "2024-01-02T03:04:05-08:00",
        "artist": f"Artist {release_id}",
        "title": f"Title {release_id}",
        "label": "Impulse!",
        "catno": f"AS-{release_id}",
        "format": "LP, Album",
        "year": 1971,
        "genre": "Jazz",
        "search": f"artist {release_id} title {release_id}",
    } | texts
    return Item(instance_id, release_id, folder_id, rating, notes=notes, **known)  # type: ignore[arg-type]


ITEMS = (
    make_item(1, rating=2, notes={MEDIA: "Mint (M)", TEXT: "first\npressing"}),
    make_item(2, rating=0),
    make_item(3, folder_id=ROCK, rating=5, notes={SLEEVE: "Generic"}),
    # Two copies of one release.
    make_item(4, release_id=500, rating=3, notes={TEXT: "the good one"}),
    make_item(5, release_id=500, folder_id=ROCK, rating=3),
)


def reading_of(
    items: Sequence[Item] = ITEMS,
    folders: Sequence[Folder] = FOLDERS,
    fields: Sequence[Field] = FIELDS,
    value: Value | None = None,
) -> Reading:
    """A whole reading of these."""
    return Reading({item.instance_id: item for item in items}, folders, fields, value)


def library_with(
    path: Path,
    items: Sequence[Item] = ITEMS,
    folders: Sequence[Folder] = FOLDERS,
    fields: Sequence[Field] = FIELDS,
    *,
    clock: Clock | None = None,
) -> Library:
    """A library file that holds these as read from Discogs."""
    library = Library(path, clock=clock or Clock())
    library.incoming.publish(reading_of(items, folders, fields))
    return library


def put_old_library(path: Path, version: int) -> None:
    """Put a library there that was written by the program when its schema had that version."""
    path.write_bytes(gzip.decompress((Path(__file__).parent / "kept" / f"library-{version}.sqlite.gz").read_bytes()))
    path.chmod(0o600)


class Shelf:
    """A library with the two things around it that tests play themselves: the clock and Discogs' answers."""

    def __init__(
        self, path: Path, items: Sequence[Item] = ITEMS, folders: Sequence[Folder] = FOLDERS, *, fill: bool = True
    ) -> None:
        self.path = path
        self.clock = Clock()
        self.library = library_with(path, items, folders, clock=self.clock) if fill else Library(path, clock=self.clock)
        self._next_id = 9000

    def restart(self) -> None:
        """Leave, and open the same file again."""
        self.library.close()
        self.library = Library(self.path, clock=self.clock)

    # --- what is there --------------------------------------------------------------------------------

    def shown(self) -> dict[int, Item]:
        """What is shown, by id."""
        return {item.instance_id: item for item in self.library.items()}

    def item(self, instance_id: int) -> Item:
        """An item that must be there."""
        item = self.library.item(instance_id)
        assert item is not None
        return item

    def folder_names(self) -> list[str]:
        """The names of all folders as shown."""
        return [folder.name for folder in self.library.folders()]

    def folder_id(self, name: str) -> int:
        """The folder of a name."""
        return next(folder.folder_id for folder in self.library.folders() if folder.name == name)

    def waiting(self) -> list[Pending]:
        """The outbox as the file has it."""
        return self.library._core.store.outbox()

    def changes(self) -> list[Change]:
        """The changes of the outbox in order."""
        return [entry.change for entry in self.waiting()]

    def new_id(self) -> int:
        """The instance id of the one item that Discogs has not confirmed yet."""
        (found,) = (item.instance_id for item in self.library.items() if item.is_unconfirmed)
        return found

    # --- Discogs' part --------------------------------------------------------------------------------

    def begin(self) -> Pending:
        """Let the next change go out, moving the clock over a rest."""
        entry, wake = self.library.outgoing.next()
        if entry is None:
            assert wake is not None, "nothing waits"
            self.clock.now = wake
            entry, _ = self.library.outgoing.next()
        assert entry is not None
        begun = self.library.outgoing.begin(entry.seq)
        assert begun is not None
        assert begun.state is State.SENDING
        return begun

    def confirm_next(self) -> Change:
        """Send the next change, and have it confirmed."""
        entry = self.begin()
        self._next_id += 1
        self.library.outgoing.confirm(entry.seq, self._next_id)
        return entry.change

    def confirm_all(self) -> list[Change]:
        """Send everything."""
        sent = []
        while self.library.waiting_count():
            sent.append(self.confirm_next())
        return sent

    def refuse_next(self) -> tuple[Change, ...]:
        """Send the next change, and have it declined. Returns all that was dropped."""
        return self.library.outgoing.refuse(self.begin().seq, "no").dropped
