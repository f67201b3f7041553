"""Reading the collection from Discogs: a quick look that is mostly enough, or all of it.

A whole reading is taken over only when it is complete and consistent: the same account before and after, the
same total on every page, every item once. Anything less changes nothing that was there before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from discotui.discogs.client import LARGEST_PAGE, DiscogsClient
from discotui.discogs.models import ItemsPage
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
from discotui.library.core import Changes
from discotui.library.incoming import Incoming, Reading
from discotui.library.items import ALL_FOLDER, Field, Folder, Item, Value
from discotui.sync.events import LibraryChanged, PageRead, ReadingDone, ReadingStarted, Report
from discotui.sync.reading import field_of, folder_of, item_of, value_of

READINGS_AT_MOST = 3
"""A collection that is being changed elsewhere is read anew this often before giving up."""
REREADINGS_AT_MOST = 5
"""A page is asked for so often, while our own removals keep moving its successors, before all is read anew."""
PAUSES_BEFORE_ASKING_AGAIN = (1.0, 4.0)
"""Seconds after which a page is asked for again, when the network or the server failed."""

_Answer = TypeVar("_Answer")


class _Inconsistent(Exception):
    """The pages do not fit together: the collection changed meanwhile."""


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

    def look(self) -> bool:
        """Compare folder counts and the newest page with the copy, in three requests.

        What is new on that page is taken over. Removals, moves and additions show in the counts.

        Returns:
            Whether the copy now agrees with what was seen; otherwise the whole must be read.
        """
        self._report(ReadingStarted(whole=False))
        mark = self._incoming.mark()
        folders = self._folders()
        page = self._page(1)
        # Asked last: whoever is let in now was not shown a stranger's view just before.
        self._check_identity()
        self._changed(self._incoming.merge(self._items(page), mark))
        if mark != self._incoming.mark() or self._incoming.folder_counts() != self._counts(folders, page):
            return False
        self._incoming.checked()
        self._report(ReadingDone(whole=False, vanished=0))
        return True

    def read_whole(self) -> None:
        """Read everything and take it over.

        Raises:
            KeepsChanging: Three readings in a row were inconsistent.
            DiscogsError: Discogs could not be reached, or refused.
        """
        for _ in range(READINGS_AT_MOST):
            self._report(ReadingStarted(whole=True))
            try:
                vanished = self._read_once()
            except _Inconsistent:
                continue
            self._report(ReadingDone(whole=True, vanished=vanished))
            return
        raise KeepsChanging

    def _read_once(self) -> int:
        start = self._incoming.mark()
        self._check_identity()
        folders = self._folders()
        fields = self._fields()
        is_first = self._incoming.never_read()
        if is_first:
            self._changed(self._incoming.put_frame(folders, fields, start))
        items, expected = self._all_items(start, show=is_first)
        if len(items) != expected + self._incoming.added_since(start):
            raise _Inconsistent
        value = self._value() if self._own else None
        if self._incoming.mark() != start:
            folders, fields = self._folders(), self._fields()
        self._check_identity()
        published = self._incoming.publish(Reading(items, folders, fields, value), start)
        self._changed(published.changes)
        return published.vanished

    def _all_items(self, start: int, *, show: bool) -> tuple[dict[int, Item], int]:
        """All pages, newest additions first, so that what is added meanwhile pushes nothing off the pages to come.

        What is removed meanwhile draws later items onto pages that were read already: those are read again.

        Returns:
            The items as of now, and how many there were at the start according to Discogs.
        """
        read: dict[int, Item] = {}
        total: int | None = None
        number = 1
        again = 0
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
            added, removed = self._added_and_removed_since(mark)
            if added or removed:
                # Whether the total counts these, only another answer tells; and what a removal drew to the page
                # before is found there.
                number = max(1, number - 1) if removed else number
                again += 1
                continue
            total_at_start = page.pagination.items - self._incoming.added_since(start)
            if total is not None and total != total_at_start:
                raise _Inconsistent
            total = total_at_start
            items = self._items(page)
            read.update((item.instance_id, item) for item in items)
            if show:
                self._changed(self._incoming.merge(items, mark))
            self._report(PageRead(number, page.pagination.pages))
            if number >= page.pagination.pages:
                break
            if self._added_and_removed_since(mark)[1]:
                again += 1
                continue
            number += 1
            again = 0
        return self._as_of_now(read, start), total

    def _added_and_removed_since(self, mark: int) -> tuple[int, int]:
        added = len(self._incoming.added_ids_since(mark))
        return added, added - self._incoming.added_since(mark)

    def _as_of_now(self, read: dict[int, Item], start: int) -> dict[int, Item]:
        items = self._incoming.as_of_now(read.values(), start)
        for instance_id in self._incoming.added_ids_since(start):
            item = self._incoming.snapshot(instance_id)
            if instance_id not in items and item is not None:
                items[instance_id] = item
        return items

    # --- single questions -----------------------------------------------------------------------------

    def _check_identity(self) -> None:
        """A token that died shows a stranger's view, which must never be taken for the truth."""
        if not self._own:
            return
        name = self._ask(lambda: self._client.identity(background=True)).username
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
        return [folder_of(folder) for folder in folders]

    def _fields(self) -> list[Field]:
        return [field_of(field) for field in self._ask(lambda: self._client.fields(self._user, background=True))]

    def _page(self, number: int) -> ItemsPage:
        return self._ask(
            lambda: self._client.items(self._user, ALL_FOLDER, page=number, per_page=LARGEST_PAGE, background=True)
        )

    def _items(self, page: ItemsPage) -> list[Item]:
        if self._own and any(item.folder_id is None for item in page.releases):
            self._check_identity()  # A stranger's view looks like that.
            raise BadAnswer("an item without its folder")
        return [item_of(item, notes_shown=self._own) for item in page.releases]

    def _ask(self, question: Callable[[], _Answer]) -> _Answer:
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
