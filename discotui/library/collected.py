"""What a filter is asked of: a collection as it stands, with what its items do not say themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER, Field, Folder, Item, short_condition
from discotui.library.slicing import Steps, finish

_SLICE = 8192


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
    _copies: list[tuple[Set[int], Set[int]]] = field(default_factory=list, init=False, repr=False)

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

    @property
    def duplicates(self) -> Set[int]:
        """Releases that are owned more than once."""
        return finish(self.count_copies())[0]

    @property
    def pressings(self) -> Set[int]:
        """Works of which more than one release is owned, by their master."""
        return finish(self.count_copies())[1]

    def count_copies(self) -> Steps[tuple[Set[int], Set[int]]]:
        """:attr:`duplicates` and :attr:`pressings`, counted in slices; once that is done both cost nothing."""
        if self._copies:
            return self._copies[0]
        release_of: dict[int, int] = {}
        releases, duplicates, pressings = set[int](), set[int](), set[int]()
        for start in range(0, len(self.items), _SLICE):
            for item in self.items[start : start + _SLICE]:
                release_id, master_id = item.release_id, item.master_id
                if release_id in releases:
                    duplicates.add(release_id)
                else:
                    releases.add(release_id)
                if master_id and release_of.setdefault(master_id, release_id) != release_id:
                    pressings.add(master_id)
            yield
        self._copies.append((duplicates, pressings))
        return self._copies[0]

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
