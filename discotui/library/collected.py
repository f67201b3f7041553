"""What a filter is asked of: a collection as it stands, with what its items do not say themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER, Field, Folder, Item, short_condition


# Compared by identity: whoever makes a new one has new things to say.
@dataclass(frozen=True, eq=False)
class Collection:
    """The state of a collection; made anew when anything in it changes.

    Attributes:
        items: All of them, whatever part is searched: copies are counted, and values completed, among these.
        folders: Names by id.
        fields: Notes fields by id.
        waiting: Instance ids with edits that Discogs has not confirmed.
        conflicts: Instance ids with an edit of something that was changed elsewhere too.
    """

    items: Sequence[Item] = ()
    folders: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[int, Field] = field(default_factory=dict)
    waiting: Set[int] = frozenset()
    conflicts: Set[int] = frozenset()

    @classmethod
    def of(
        cls,
        items: Sequence[Item],
        folders: Iterable[Folder] = (),
        fields: Iterable[Field] = (),
        *,
        waiting: Set[int] = frozenset(),
        conflicts: Set[int] = frozenset(),
    ) -> Collection:
        """A collection from what the library gives. The folder All is left out: nothing lies in it."""
        names = {folder.folder_id: folder.name for folder in folders if folder.folder_id != ALL_FOLDER}
        return cls(items, names, {each.field_id: each for each in fields}, waiting, conflicts)

    @cached_property
    def duplicates(self) -> frozenset[int]:
        """Releases that are owned more than once."""
        copies = Counter(map(attrgetter("release_id"), self.items))
        return frozenset(release_id for release_id, count in copies.items() if count > 1)

    @cached_property
    def pressings(self) -> frozenset[int]:
        """Works of which more than one release is owned, by their master."""
        works = Counter(master for master, _ in {(item.master_id, item.release_id) for item in self.items} if master)
        return frozenset(master for master, count in works.items() if count > 1)

    @cached_property
    def folded_folders(self) -> Mapping[int, str]:
        """Folded folder names by id."""
        return {folder_id: fold(name) for folder_id, name in self.folders.items()}

    @cached_property
    def short_options(self) -> Mapping[int, Set[str]]:
        """The folded short forms of every dropdown's options, by field."""
        return {
            field_id: frozenset(fold(short_condition(option)) for option in each.options)
            for field_id, each in self.fields.items()
            if each.is_dropdown
        }
