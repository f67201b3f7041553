"""The state that the library's three faces share: file, memory, and the lock around both.

:class:`~discotui.library.library.Library` is what the screen uses, :class:`~discotui.library.outgoing.Outgoing` what
the sender uses, :class:`~discotui.library.incoming.Incoming` what the puller uses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from discotui.errors import EditRefused, LibraryError, LibraryUnreadable
from discotui.library import edits
from discotui.library.edits import Change
from discotui.library.items import Field, Folder
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome, Past, told
from discotui.library.salvage import Salvaged, salvage
from discotui.library.store import Store
from discotui.library.view import View

_NO_IDS: Mapping[int, int] = MappingProxyType({})

_AT_START = {
    # What was being sent when the program last ended has an unknown outcome.
    State.SENDING: State.UNKNOWN,
    # There may be another token now.
    State.BLOCKED: State.WAITING,
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step did to what is shown.

    Attributes:
        items: Instance ids of items that came, went or changed.
        renamed: Items or folders whose id was replaced, old → new.
        folders: Whether the list of folders or their names changed.
        fields: Whether the notes fields changed.
        conflicts: Changes that were found to be in conflict: Discogs has a third value.
    """

    items: frozenset[int] = frozenset()
    renamed: Mapping[int, int] = field(default_factory=lambda: _NO_IDS)
    folders: bool = False
    fields: bool = False
    conflicts: tuple[Change, ...] = ()

    def __or__(self, other: Changes) -> Changes:
        return Changes.of_all((self, other))

    @classmethod
    def of_all(cls, parts: Iterable[Changes]) -> Changes:
        """What several steps did together."""
        parts = list(parts)
        return cls(
            frozenset().union(*(part.items for part in parts)),
            {old: new for part in parts for old, new in part.renamed.items()},
            any(part.folders for part in parts),
            any(part.fields for part in parts),
            tuple(change for part in parts for change in part.conflicts),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in time, to be taken before Discogs is asked and given with the answer.

    Attributes:
        confirmed: How many changes Discogs had confirmed by then.
        at: Seconds since 1970.
    """

    confirmed: int
    at: float = field(compare=False)


class Core:
    """File and memory, kept in agreement.

    Args:
        path: The library file, made when missing. A damaged one is put aside, and what is left of it taken over.
        clock: Seconds since 1970.
        writes: The file may be changed; only for the one program that holds its lock. Otherwise it is looked at.

    Attributes:
        salvaged: What became of a damaged file; None when it was sound.
        lock: Held around every use of anything here.
        store: The file.
        view: The collection in memory.
        fields: Notes fields by id.
        meta: Small facts, as in the file.
        confirmed: Every change that Discogs confirmed while this program runs, in order. A page that was asked for
            before a confirmation arrived may still show the old state; the puller lays these over it.
        seen: When each item was last read with all it has, by instance id, in seconds since 1970; only what this
            program has read itself.
        seen_lately: The same in the order in which they were read last.
        failed: How many refused changes are still open in the history.
        history_version: Another number whenever the history is another.
        aside_version: Another number whenever something else is set aside.
        version: Another number whenever anything was kept.

    Raises:
        LibraryError: The file cannot be used.
    """

    def __init__(self, path: Path, clock: Callable[[], float], *, writes: bool = True) -> None:
        self.clock = clock
        self._writes = writes
        self.lock = threading.RLock()
        self.salvaged: Salvaged | None = None
        self.confirmed: list[Change] = []
        self.seen: dict[int, float] = {}
        self.seen_lately: dict[int, float] = {}
        self.history_version = self.aside_version = self.version = 0
        try:
            self._open(path, writes=writes)
        except LibraryUnreadable:
            if not writes:
                raise
            self.salvaged = salvage(path, clock())
            self._open(path, writes=writes)

    def _open(self, path: Path, *, writes: bool) -> None:
        self.store = Store(path, writes=writes)
        try:
            try:
                self._load()
            finally:
                # Where both find damage, this tells more exactly where.
                self.store.check()
            self.store.look_closely()
        except LibraryError:
            self.store.close()
            raise

    def _load(self) -> None:
        store = self.store
        with store.reading():
            meta, fields, outbox = store.meta(), store.fields(), store.outbox()
            failed = store.count_open_history()
            items, folders = store.items(), store.folders()
            aliases = {kind: store.aliases(kind) for kind in ("item", "folder")}
        outbox = [replace(entry, state=_AT_START.get(entry.state, entry.state)) for entry in outbox]
        self.view = View(items, folders, outbox)
        self.fields: dict[int, Field] = {field.field_id: field for field in fields}
        self.meta = meta
        self.failed = failed
        self.history_version += 1
        self.aside_version += 1
        self._aliases = aliases
        self._is_stale = False

    def look_again(self) -> Changes:
        """Take over what another program has written to the file; only where it is looked at.

        Raises:
            LibraryError: It cannot be read just now; what was known stays.
        """
        with self.lock, self.store.as_it_is_now() as is_another:
            if not is_another:
                return Changes()
            before, marked = self.view.items, self.view.marks.waiting
            self._load()
            self.version += 1
            after = self.view.items
            ids = {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}
            renamed = {old: new for old in before.keys() - after.keys() if (new := self.resolve("item", old)) in after}
            return Changes(frozenset(ids | (marked ^ self.view.marks.waiting)), renamed, folders=True, fields=True)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Everything done inside, in memory and in the file, is kept together or not at all.

        When the file cannot be written, memory is read back from it, so that the screen never shows what was lost.

        Raises:
            LibraryUnwritable: The file could not be written, or memory could not be read back from it before.
        """
        with self.lock:
            if self._is_stale:
                self._load()
            meta, has_begun = dict(self.meta), False
            self.version += 1
            try:
                with self.store.transaction():
                    has_begun = True
                    yield
                    if (taken := self.meta.get("next_temporary_id")) != meta.get("next_temporary_id"):
                        self.store.put_meta(next_temporary_id=taken)
            except EditRefused:
                # Edits are refused before anything is done; only a temporary id may have been taken.
                self.meta = meta
                raise
            except BaseException:
                if has_begun:
                    self._is_stale = True
                    with suppress(LibraryError):
                        self._load()
                raise

    @property
    def was_read_whole(self) -> bool:
        """Whether what is not in the snapshot is not in the collection, as far as the last whole reading goes."""
        return "pulled_at" in self.meta

    def set_meta(self, **facts: object) -> None:
        """Set small facts, inside :meth:`kept`."""
        self.store.put_meta(**facts)
        self.meta.update({key: str(value) for key, value in facts.items()})

    def keep_last_seen(self, last_seen: Callable[[], str | None]) -> None:
        """Keep what the screen is to begin with, if that is possible just now; it is no loss where it is not."""
        if not self._writes or self._is_stale:
            return
        with suppress(LibraryError):
            text = last_seen()
            if text is not None:
                self.store.keep_last_seen(text)

    def temporary_id(self) -> int:
        """A negative id for a new item or folder, never given twice. Inside :meth:`kept`."""
        number = int(self.meta.get("next_temporary_id", "-1"))
        # Written once at the end: thousands may be taken.
        self.meta["next_temporary_id"] = str(number - 1)
        return number

    def resolve(self, kind: str, number: int) -> int:
        """The id by which an item ("item") or folder ("folder") is known now."""
        aliases = self._aliases[kind]
        while number in aliases:
            number = aliases[number]
        return number

    def current_items(self, instance_ids: Iterable[int]) -> Iterable[int]:
        """The ids by which many items are known now, in their order."""
        if not self._aliases["item"]:
            return instance_ids
        return [self.resolve("item", instance_id) for instance_id in instance_ids]

    def put_alias(self, kind: str, old: int, new: int) -> None:
        """Note that an id was replaced, inside :meth:`kept`."""
        self.put_aliases([(kind, old, new)])

    def put_aliases(self, replaced: Sequence[tuple[str, int, int]]) -> None:
        """Note that ids were replaced, inside :meth:`kept`: kind, old, new."""
        for kind, old, new in replaced:
            # The new id counts from now on, even where Discogs gives one that was in use before.
            self.drop_alias(kind, new)
            self._aliases[kind][old] = new
        self.store.put_aliases(replaced)

    def drop_alias(self, kind: str, old: int) -> None:
        """Note that an id counts again, inside :meth:`kept`."""
        if self._aliases[kind].pop(old, None) is not None:
            self.store.delete_alias(kind, old)

    def remember(
        self, entries: Iterable[Pending], outcome: Outcome, reason: str = "", *, is_open: bool = False
    ) -> None:
        """Keep in the history what became of changes, inside :meth:`kept`, while what they are about is known."""
        now = self.clock()
        self.store.put_history(
            Past(0, e.change, outcome, reason, e.created_at, now, told(e.change, self.view, self.fields), is_open)
            for e in entries
        )
        self.history_version += 1
        if is_open:
            self.failed = self.store.count_open_history()

    def close_history(self, seqs: Iterable[int]) -> None:
        """Note that something refused is dealt with, inside :meth:`kept`."""
        self.store.close_history(seqs)
        self.history_version += 1
        self.failed = self.store.count_open_history()

    def put_pending(self, entries: Sequence[Pending]) -> None:
        """Put changes into the outbox, or in the place of those of the same number, inside :meth:`kept`."""
        for entry in entries:
            self.view.put_pending(entry)
        self.store.put_pending(entries)

    def put_folder(self, folder: Folder) -> None:
        """Set a folder of the snapshot, inside :meth:`kept`."""
        self.view.snapshot_folders[folder.folder_id] = folder
        self.store.put_folders(list(self.view.snapshot_folders.values()))

    def judge(self, pending: Iterable[Pending]) -> Changes:
        """Compare changes with what was last read of the same things, inside :meth:`kept`.

        One is in conflict when Discogs has neither what was there when the person made the edit, nor what the edit
        is to set. It is so no more when a later reading shows one of the two.
        """
        changes = []
        for seq in [entry.seq for entry in pending]:
            entry = self.view.pending.get(seq)
            if entry is None or not entry.state.is_unsent or not self.view.is_first_of_its_kind(entry):
                continue
            change = entry.change
            if not isinstance(change, edits.Absolute):
                continue
            there = self.view.there(change)
            if there is None:
                continue
            is_conflict = there not in (change.base, change.value)
            if is_conflict and entry.state is not State.CONFLICT:
                changes.append(self.mark_conflict(entry))
            elif not is_conflict and entry.state is State.CONFLICT:
                self.put_pending([replace(entry, state=State.WAITING, reason="")])
                changes.append(self.refreshed([change]))
        return Changes.of_all(changes)

    def mark_conflict(self, entry: Pending) -> Changes:
        """Leave a change to the person, inside :meth:`kept`; later ones of the same thing become part of it."""
        change, steps = entry.change, entry.steps
        while (later := self.view.following(entry)) is not None and later.state.is_unsent:
            if not isinstance(change, edits.Absolute) or self.view.is_barred(later.change, entry.seq):
                break
            change = replace(later.change, base=change.base)  # type: ignore[arg-type]
            steps = tuple(dict.fromkeys((*steps, *later.steps)))
            self.drop([later])
        self.put_pending([replace(entry, change=change, steps=steps, state=State.CONFLICT, not_before=0.0)])
        shown = self.refreshed([change])
        if not isinstance(change, edits.FolderChange):
            # What is in conflict looks different, even where it shows the same.
            shown |= Changes(frozenset(self.view.copies(change.release_id)))
        return shown | Changes(conflicts=(change,))

    def drop(self, entries: Iterable[Pending]) -> Changes:
        """Take changes out of the outbox and off the screen, inside :meth:`kept`."""
        entries = list(entries)
        for entry in entries:
            self.view.drop_pending(entry.seq)
        self.store.delete_pending(entry.seq for entry in entries)
        return self.refreshed(entry.change for entry in entries)

    def refreshed(self, changes: Iterable[Change]) -> Changes:
        """Compute anew what is shown of everything that some changes are about."""
        # The order of sending stays, so that what comes to be shown is in memory as it was made.
        releases: dict[int, None] = {}
        folders = False
        for change in changes:
            if isinstance(change, edits.FOLDER_CHANGES):
                folders = True
            else:
                releases[change.release_id] = None
        return Changes(frozenset(self.view.refresh(releases)), folders=folders)
