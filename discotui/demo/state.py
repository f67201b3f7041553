"""One account's collection as the server keeps it: folders, notes fields, instances, ratings.

The HTTP calls and the tests use the same methods, so that a test can change things "elsewhere", as the
website would, and look at what a request really did.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from discotui.demo import refusals
from discotui.demo.catalogue import Release

ALL = 0
UNCATEGORIZED = 1
HIGHEST_RATING = 5
FIRST_FOLDER_ID = 7001
FIRST_INSTANCE_ID = 500_001

LONGEST_NOTE = 1000
"""Discogs states no limit. The longest recorded note has 255 characters; we accept four times that."""

_DISCOGS_TIME = timezone(timedelta(hours=-8))
_LONG_AGO = datetime(1900, 1, 1, tzinfo=_DISCOGS_TIME)


@dataclass(slots=True)
class Instance:
    """One copy of a release in the collection.

    Attributes:
        added: ISO 8601 with offset.
        notes: Field id → value; never an empty value. May hold ids that the account's fields do not list.
    """

    instance_id: int
    release_id: int
    folder_id: int
    added: str
    notes: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotesField:
    """A notes field of the account.

    Attributes:
        options: A dropdown's values, empty for a textarea.
        lines: A textarea's height, 0 for a dropdown.
    """

    field_id: int
    name: str
    position: int
    public: bool = False
    options: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder and the number of items in it now."""

    folder_id: int
    name: str
    count: int


def wall_clock() -> datetime:
    """Now, to the second, with the offset that Discogs uses in winter."""
    return datetime.now(_DISCOGS_TIME).replace(microsecond=0)


class CollectionState:
    """A collection in memory. Every method takes the lock and raises the ``ApiError`` of the API.

    The dictionaries are open to tests; hold ``lock`` when requests may run at the same time.

    Attributes:
        username: As it is written in answers; addresses may write it in any case.
        private: Others are kept out altogether.
        releases: The whole database, owned or not; shared between accounts, never changed.
        fields: Field id → notes field.
        folder_names: Folder id → name, with 0 and 1.
        instances: Instance id → item.
        ratings: Release id → 1 to 5; a release that is not rated is absent. A rating goes when the last
            copy of its release does.
        now: The time that new items are added at, replaceable in tests.
    """

    def __init__(
        self,
        username: str,
        releases: Mapping[int, Release],
        *,
        fields: Iterable[NotesField] = (),
        user_id: int = 9001,
        private: bool = False,
        first_folder_id: int = FIRST_FOLDER_ID,
        first_instance_id: int = FIRST_INSTANCE_ID,
        now: Callable[[], datetime] = wall_clock,
    ) -> None:
        self.username = username
        self.user_id = user_id
        self.private = private
        self.releases = releases
        self.fields = {notes_field.field_id: notes_field for notes_field in fields}
        self.folder_names = {ALL: "All", UNCATEGORIZED: "Uncategorized"}
        self.instances: dict[int, Instance] = {}
        self.ratings: dict[int, int] = {}
        self.now = now
        self.lock = threading.RLock()
        self._next_folder_id = first_folder_id
        self._next_instance_id = first_instance_id
        self._newest = _LONG_AGO

    # --- looking ----------------------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """All folders as Discogs lists them: All first, then by name."""
        with self.lock:
            counts = dict.fromkeys(self.folder_names, 0)
            for instance in self.instances.values():
                counts[instance.folder_id] = counts.get(instance.folder_id, 0) + 1
            counts[ALL] = len(self.instances)
            rows = [Folder(folder_id, name, counts[folder_id]) for folder_id, name in self.folder_names.items()]
        return sorted(rows, key=lambda row: (row.folder_id != ALL, row.name.casefold(), row.folder_id))

    def folder(self, folder_id: int) -> Folder:
        """One folder with its count."""
        with self.lock:
            name = self._folder_name(folder_id)
            return Folder(folder_id, name, len(self.items(folder_id)))

    def items(self, folder_id: int = ALL) -> list[Instance]:
        """The items of a folder, in the order in which they came; folder 0 holds everything."""
        with self.lock:
            self._folder_name(folder_id)
            return [item for item in self.instances.values() if folder_id in (ALL, item.folder_id)]

    def instance(self, instance_id: int) -> Instance:
        """One item."""
        with self.lock:
            if instance_id not in self.instances:
                raise refusals.unknown_item()
            return self.instances[instance_id]

    def instances_of(self, release_id: int) -> list[Instance]:
        """All copies of a release; empty when it is not owned."""
        with self.lock:
            if release_id not in self.releases:
                raise refusals.unknown_release()
            return [item for item in self.instances.values() if item.release_id == release_id]

    def rating(self, release_id: int) -> int:
        """0 when the release is not rated."""
        return self.ratings.get(release_id, 0)

    # --- items ------------------------------------------------------------------------------------------

    def add(
        self,
        folder_id: int,
        release_id: int,
        *,
        added: str | None = None,
        notes: Mapping[int, str] | None = None,
    ) -> int:
        """Put one more copy of a release into a folder.

        Args:
            folder_id: Any folder but 0.
            release_id: Any release of the database; each call makes another instance.
            added: When; now by default, and then never before an item that is there already.
            notes: What it comes with, unchecked, as old data can be.

        Returns:
            The new instance id.
        """
        with self.lock:
            self._folder_name(folder_id)
            if folder_id == ALL:
                # Documented as "must not be 0" without a status; answered like a move into folder 0.
                raise refusals.invalid_target("nothing can be added to the All folder.")
            if release_id not in self.releases:
                raise refusals.unknown_release()
            moment = datetime.fromisoformat(added) if added else max(self.now(), self._newest)
            self._newest = max(self._newest, moment)
            instance_id = self._next_instance_id
            self._next_instance_id += 1
            self.instances[instance_id] = Instance(
                instance_id, release_id, folder_id, added or moment.isoformat(), dict(notes or {})
            )
            return instance_id

    def move(self, instance_id: int, folder_id: int) -> None:
        """Put an item into another folder."""
        with self.lock:
            item = self.instance(instance_id)
            self.check_target(folder_id)
            item.folder_id = folder_id

    def check_target(self, folder_id: int) -> None:
        """Raise unless items can be moved into this folder."""
        if folder_id == ALL:
            raise refusals.invalid_target("items cannot be moved to the All folder.")
        if folder_id not in self.folder_names:
            raise refusals.invalid_target()

    def rate(self, release_id: int, rating: int) -> None:
        """Rate a release, and thereby all copies of it; 0 takes the rating away."""
        with self.lock:
            if not self.instances_of(release_id):
                raise refusals.unknown_item()
            check_rating(rating)
            if rating:
                self.ratings[release_id] = rating
            else:
                self.ratings.pop(release_id, None)

    def set_note(self, instance_id: int, field_id: int, value: str) -> None:
        """Write a notes field of an item; an empty value clears it, a dropdown's too."""
        with self.lock:
            item = self.instance(instance_id)
            notes_field = self.fields.get(field_id)
            if notes_field is None:
                raise refusals.invalid(["path", "field_id"], "The field does not exist.")
            if value and notes_field.options and value not in notes_field.options:
                raise refusals.invalid(["body", "value"], "The value is not one of the field's options.")
            if len(value) > LONGEST_NOTE:
                raise refusals.invalid(
                    ["body", "value"],
                    f"The value has more than {LONGEST_NOTE} characters.",
                    "value_error.any_str.max_length",
                )
            if value:
                item.notes[field_id] = value
            else:
                item.notes.pop(field_id, None)

    def remove(self, instance_id: int) -> None:
        """Take an item out of the collection for good."""
        with self.lock:
            release_id = self.instance(instance_id).release_id
            del self.instances[instance_id]
            if not self.instances_of(release_id):
                self.ratings.pop(release_id, None)

    # --- folders ----------------------------------------------------------------------------------------

    def create_folder(self, name: str) -> int:
        """A new, empty folder. Two folders may have the same name: nothing documented forbids it."""
        with self.lock:
            check_folder_name(name)
            folder_id = self._next_folder_id
            self._next_folder_id += 1
            self.folder_names[folder_id] = name
            return folder_id

    def rename_folder(self, folder_id: int, name: str) -> None:
        """Give a folder another name."""
        with self.lock:
            self._folder_name(folder_id)
            if folder_id in (ALL, UNCATEGORIZED):
                raise refusals.fixed_folder("renamed")
            check_folder_name(name)
            self.folder_names[folder_id] = name

    def delete_folder(self, folder_id: int) -> None:
        """Delete an empty folder."""
        with self.lock:
            self._folder_name(folder_id)
            if folder_id in (ALL, UNCATEGORIZED):
                raise refusals.fixed_folder("deleted")
            if self.items(folder_id):
                raise refusals.folder_not_empty()
            del self.folder_names[folder_id]

    def _folder_name(self, folder_id: int) -> str:
        if folder_id not in self.folder_names:
            raise refusals.unknown_folder()
        return self.folder_names[folder_id]


def check_rating(rating: int) -> None:
    """Raise unless the rating is 0 to 5."""
    if not 0 <= rating <= HIGHEST_RATING:
        raise refusals.invalid(["body", "rating"], f"The rating must be between 0 and {HIGHEST_RATING}.")


def check_folder_name(name: str) -> None:
    """Raise for a name without any visible character."""
    if not name.strip():
        raise refusals.invalid(["body", "name"], "The folder needs a name.", "value_error.missing")
