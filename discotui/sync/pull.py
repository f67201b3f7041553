"""Reading the collection from Discogs: a quick look that is mostly enough, or all of it.

A whole reading is taken over only when it is complete and consistent: the same account before and after, the
same total on every page, every item once, and what is missing not found by asking for it. Anything less takes
nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from discotui.discogs.client import LARGEST_PAGE, DiscogsClient
from discotui.discogs.models import ItemsPage, WireItem
from discotui.errors import (
    BadAnswer,
    Forbidden,
    Interrupted,
    KeepsChanging,
    NotFound,
    NotLoggedIn,
    Offline,
    Refused,
    ServerFault,
)
from discotui.library.core import Changes, Mark
from discotui.library.first_reading import FirstReading
from discotui.library.incoming import Incoming, Published, Reading
from discotui.library.items import ALL_FOLDER, UNCATEGORIZED_FOLDER, Field, Folder, Item, Value
from discotui.library.losses import spread
from discotui.sync.events import LibraryChanged, MassLoss, PageRead, ReadingDone, ReadingStarted, Report
from discotui.sync.reading import field_of, folder_of, item_of, value_of

READINGS_AT_MOST = 3
"""A collection that is being changed elsewhere is read anew this often before giving up."""
REREADINGS_AT_MOST = 5
"""A page is asked for so often, while our own removals keep moving its successors, before all is read anew."""
CONFIRMED_AT_MOST = 20
"""For so many releases of which copies are missing Discogs is asked by itself, before any copy is taken for gone."""
GOES_ON_WITHIN_SECONDS = 3600.0
"""A first reading that was left off longer ago begins anew."""
PAUSES_BEFORE_ASKING_AGAIN = (1.0, 4.0)
"""Seconds after which a page is asked for again, when the network or the server failed."""

_Answer = TypeVar("_Answer")


class _Inconsistent(Exception):
    """The answers do not fit together: the collection changed meanwhile, or one of them was meant for strangers."""


@dataclass(slots=True)
class _Draft:
    """What was read so far of a whole reading, of use even where the rest does not fit.

    Attributes:
        start: The mark taken before it.
        is_last: No other reading follows at once: all pages are read, whether they fit together or not.
        fits: They do, so far.
        items: By instance id, each as of when its page was read.
        former: How far the first reading came in an earlier run, as long as it is not known whether that fits.
        begun_at: When the reading began that it goes on with; None when it goes on with none.
    """

    start: Mark
    is_last: bool
    former: FirstReading | None = None
    begun_at: float | None = None
    fits: bool = True
    folders: list[Folder] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    items: dict[int, Item] = field(default_factory=dict)


class Puller:
    """Reads one person's collection into the library.

    Args:
        client: The way to Discogs.
        incoming: Where it goes.
        user: Whose collection.
        own: Whether the client's token is that person's; a stranger sees less.
        report: Told of progress and changes.
        pause: Waits so many seconds; True when the program leaves meanwhile.
    """

    def __init__(
        self,
        client: DiscogsClient,
        incoming: Incoming,
        user: str,
        *,
        own: bool,
        report: Report,
        pause: Callable[[float], bool],
    ) -> None:
        self._client = client
        self._incoming = incoming
        self._user = user
        self._own = own
        self._report = report
        self._pause = pause
        self._is_so_limited = False

    def look(self) -> bool:
        """Compare folder counts and the newest page with the copy, in three requests.

        What is new on that page is taken over. Removals, moves and additions show in the counts.

        Returns:
            Whether the copy now agrees with what was seen; otherwise the whole must be read.
        """
        self._report(ReadingStarted(whole=False))
        self._is_so_limited = False
        mark = self._incoming.mark()
        try:
            folders = self._folders()
            page = self._page(1)
            items = self._items(page)
        except _Inconsistent:
            return False
        # Asked last: whoever is let in now was not shown a stranger's view just before.
        self._check_identity()
        self._changed(self._incoming.merge(items, mark))
        if mark != self._incoming.mark() or self._incoming.folder_counts() != self._counts(folders, page):
            return False
        self._incoming.checked()
        self._report(ReadingDone(whole=False, vanished=0))
        return True

    def read_whole(self) -> None:
        """Read everything and take it over.

        Raises:
            KeepsChanging: Three readings in a row were inconsistent. What the last one showed is taken over, and
                nothing is taken out.
            DiscogsError: Discogs could not be reached, or refused.
        """
        for number in range(1, READINGS_AT_MOST + 1):
            self._report(ReadingStarted(whole=True))
            self._is_so_limited = False
            former = self._incoming.first_reading() if number == 1 else None
            draft = _Draft(self._incoming.mark(), is_last=number == READINGS_AT_MOST, former=former)
            try:
                published = self._read_once(draft)
            except _Inconsistent:
                continue
            self._report(ReadingDone(whole=True, vanished=published.vanished, read=len(draft.items)))
            if published.held is not None:
                self._report(MassLoss(published.held.count, published.held.total))
            return
        self._check_identity()
        self._changed(self._incoming.put_frame(draft.folders, draft.fields, draft.start, adding=True))
        self._changed(self._incoming.merge(draft.items.values(), draft.start))
        raise KeepsChanging

    def _read_once(self, draft: _Draft) -> Published:
        start = draft.start
        self._check_identity()
        draft.folders = self._folders()
        draft.fields = self._fields()
        is_first = self._incoming.never_read()
        if is_first:
            self._changed(self._incoming.put_frame(draft.folders, draft.fields, start))
        items, expected = self._all_items(draft, show=is_first)
        if not draft.fits or len(items) != expected + self._incoming.added_since(start):
            raise _Inconsistent
        self._confirm_missing(items, start)
        value = self._value() if self._own else None
        if self._incoming.mark() != start:
            draft.folders, draft.fields = self._folders(), self._fields()
        self._check_identity()
        published = self._incoming.publish(Reading(items, draft.folders, draft.fields, value, draft.begun_at), start)
        self._changed(published.changes)
        return published

    def _all_items(self, draft: _Draft, *, show: bool) -> tuple[dict[int, Item], int]:
        """All pages, newest additions first, so that what is added meanwhile pushes nothing off the pages to come.

        What is removed meanwhile draws later items onto pages that were read already: those are read again.

        Returns:
            The items as of now, and how many there were at the start according to Discogs.
        """
        start = draft.start
        total: int | None = None
        number = 1
        again = 0
        first: tuple[int, ...] = ()
        while True:
            if again > REREADINGS_AT_MOST:
                raise _Inconsistent
            mark = self._incoming.mark()
            try:
                page = self._page(number)
            except NotFound as error:
                if number > 1:
                    raise _Inconsistent from error
                raise
            items = self._items(page)
            added, removed = self._added_and_removed_since(mark)
            if added or removed:
                # Whether the total counts these, only another answer tells; and what a removal drew to the page
                # before is found there.
                number = max(1, number - 1) if removed else number
                again += 1
                continue
            total_at_start = page.pagination.items - self._incoming.added_since(start)
            if total is not None and total != total_at_start:
                draft.fits = False
                if not draft.is_last:
                    raise _Inconsistent
            total = total_at_start
            if number == 1:
                first = tuple(item.instance_id for item in items)
                number = self._go_on(draft, page, first)
            draft.items.update((item.instance_id, item) for item in items)
            if show:
                at = start.at if draft.begun_at is None else draft.begun_at
                self._changed(self._incoming.merge(items, mark, first_reading=FirstReading(number, total, first, at)))
            self._report(PageRead(number, page.pagination.pages))
            if number >= page.pagination.pages:
                break
            if self._added_and_removed_since(mark)[1]:
                again += 1
                continue
            number += 1
            again = 0
        if draft.begun_at is not None:
            # Copies share a rating: what was read now has told that of what was read then.
            draft.items = {each: item for each, item in self._incoming.read_so_far().items() if each in draft.items}
        return self._as_of_now(draft.items, start), total

    def _go_on(self, draft: _Draft, page: ItemsPage, first: Sequence[int]) -> int:
        """Take what an earlier run has read of the first reading, where the pages to come follow on that.

        Returns:
            The last page that is known then: this first one, where nothing is taken.
        """
        former = draft.former
        if former is None:
            return 1
        known = self._incoming.read_so_far()
        age = draft.start.at - former.at
        is_all = len(known) == min(former.pages * LARGEST_PAGE, former.total)
        if is_all and former.goes_on(page.pagination.items, first) and 0 <= age <= GOES_ON_WITHIN_SECONDS:
            draft.items.update(known)
            draft.begun_at = former.at
            return former.pages
        draft.former = None
        return 1

    def _added_and_removed_since(self, mark: Mark) -> tuple[int, int]:
        added = len(self._incoming.added_ids_since(mark))
        return added, added - self._incoming.added_since(mark)

    def _as_of_now(self, read: dict[int, Item], start: Mark) -> dict[int, Item]:
        items = self._incoming.as_of_now(read.values(), start)
        for instance_id in self._incoming.added_ids_since(start):
            item = self._incoming.snapshot(instance_id)
            if instance_id not in items and item is not None:
                items[instance_id] = item
        return items

    def _confirm_missing(self, items: Mapping[int, Item], start: Mark) -> None:
        """Ask for what is missing by itself: something may have slipped from one page to another unseen.

        Raises:
            _Inconsistent: One of them is still there.
        """
        missing: dict[int, set[int]] = {}
        for item in self._incoming.missing(items, start):
            missing.setdefault(item.release_id, set()).add(item.instance_id)
        for release_id in spread(list(missing), CONFIRMED_AT_MOST):
            mark = self._incoming.mark()
            copies = [copy for copy in self._copies(release_id) if copy.instance_id in missing[release_id]]
            # These answers do not show their owner all notes, if any.
            listed = [replace(item_of(copy, notes_shown=False), notes=None) for copy in copies]
            if self._incoming.as_of_now(listed, mark):
                self._check_identity()
                self._changed(self._incoming.merge(listed, mark))
                raise _Inconsistent

    # --- single questions -----------------------------------------------------------------------------

    def _check_identity(self) -> None:
        """A token that died shows a stranger's view, which must never be taken for the truth."""
        if not self._own:
            return
        name = self._answer(lambda: self._client.identity(background=True)).username
        if name.casefold() != self._user.casefold():
            raise NotLoggedIn(f"the token belongs to {name}")

    def _value(self) -> Value | None:
        """What it is worth; None where Discogs cannot tell: the collection itself need not wait for that."""
        try:
            return value_of(self._ask(lambda: self._client.value(self._user, background=True)))
        except (ServerFault, BadAnswer, Forbidden, NotFound, Refused):
            return None

    def _folders(self) -> list[Folder]:
        folders = self._ask(lambda: self._client.folders(self._user, background=True))
        if self._own and all(folder.id != UNCATEGORIZED_FOLDER for folder in folders):
            self._refuse_strangers_view()
        return [folder_of(folder) for folder in folders]

    def _fields(self) -> list[Field]:
        return [field_of(field) for field in self._ask(lambda: self._client.fields(self._user, background=True))]

    def _page(self, number: int) -> ItemsPage:
        return self._ask(
            lambda: self._client.items(self._user, ALL_FOLDER, page=number, per_page=LARGEST_PAGE, background=True)
        )

    def _items(self, page: ItemsPage) -> list[Item]:
        if self._own and any(item.folder_id is None for item in page.releases):
            self._refuse_strangers_view()
        return [item_of(item, notes_shown=self._own) for item in page.releases]

    def _copies(self, release_id: int) -> tuple[WireItem, ...]:
        """A release's copies; none, where Discogs has no such release any more."""
        try:
            return self._ask(lambda: self._client.instances(self._user, release_id, background=True))
        except NotFound:
            return ()

    def _ask(self, question: Callable[[], _Answer]) -> _Answer:
        """Ask, and look at once whether the answer was meant for a stranger.

        Raises:
            _Inconsistent: It was, although the token is accepted.
        """
        try:
            answer = self._answer(question)
        except Forbidden:
            self._check_identity()  # What is private is forbidden to strangers.
            raise
        if self._own and self._client.looks_like_stranger and not self._is_so_limited:
            self._check_identity()
            if not self._client.looks_like_stranger:
                raise _Inconsistent
            # So little is what this owner is allowed: the limit tells nothing.
            self._is_so_limited = True
        return answer

    def _refuse_strangers_view(self) -> None:
        """An answer holds what strangers are shown: the token has died, or the answer is of no use."""
        self._check_identity()
        raise _Inconsistent

    def _answer(self, question: Callable[[], _Answer]) -> _Answer:
        """Ask, and ask again where only the way there failed."""
        for seconds in PAUSES_BEFORE_ASKING_AGAIN:
            try:
                return question()
            except (Offline, ServerFault, BadAnswer):
                if self._pause(seconds):
                    raise Interrupted from None
        return question()

    def _counts(self, folders: list[Folder], page: ItemsPage) -> dict[int, tuple[str, int]]:
        counts = {folder.folder_id: (folder.name, folder.count) for folder in folders}
        if ALL_FOLDER in counts:
            counts[ALL_FOLDER] = (counts[ALL_FOLDER][0], page.pagination.items)
        return counts

    def _changed(self, changes: Changes) -> None:
        if changes != Changes():
            self._report(LibraryChanged(changes))
