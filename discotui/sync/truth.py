"""What Discogs has right now of a single item or release, read before anything is written to it.

Only the pages of a folder tell the notes of an item, so its page is read, and with it that of up to 99 others:
all of them are then known for a while.
"""

from __future__ import annotations

from discotui.discogs.client import LARGEST_PAGE, DiscogsClient
from discotui.discogs.models import ItemsPage, WireItem
from discotui.errors import NotFound
from discotui.library.core import Changes
from discotui.library.incoming import Incoming
from discotui.library.items import ALL_FOLDER
from discotui.sync.events import LibraryChanged, Report
from discotui.sync.reading import item_of

PAGES_AT_MOST = 6
"""An item is looked for on so many pages around the one where it should be."""


class Truth:
    """Reads, and takes over what was read. What waits and differs from it is thereby found to be in conflict.

    Args:
        client: The way to Discogs.
        incoming: Where it goes.
        user: The owner.
        report: Told what changed.
    """

    def __init__(self, client: DiscogsClient, incoming: Incoming, user: str, *, report: Report) -> None:
        self._client = client
        self._incoming = incoming
        self._user = user
        self._report = report

    def item(self, instance_id: int, release_id: int) -> bool:
        """Read an item with its notes.

        Returns:
            Whether it is in the collection.
        """
        if self._incoming.rank_of(instance_id) is None and instance_id not in self.release(release_id):
            return False
        if self._find_on_pages(instance_id):
            return True
        copy = self.release(release_id).get(instance_id)
        if copy is None:
            return False
        if copy.notes is None and copy.folder_id is not None:
            self._find_in_folder(instance_id, copy.folder_id)
        return True

    def release(self, release_id: int) -> dict[int, WireItem]:
        """Read where the copies of a release are and how it is rated, by instance id; mostly without their notes."""
        mark = self._incoming.mark()
        copies = self._client.instances(self._user, release_id)
        # A copy without a folder is a stranger's view of it.
        told = [item_of(copy, notes_shown=False) for copy in copies if copy.folder_id is not None]
        self._changed(self._incoming.merge(told, mark))
        return {copy.instance_id: copy for copy in copies}

    def folder_name(self, folder_id: int) -> None:
        """Read the name of a folder.

        Raises:
            NotFound: There is no such folder.
        """
        name = self._client.folder(self._user, folder_id).name
        self._changed(self._incoming.folder_named(folder_id, name))

    def _find_on_pages(self, instance_id: int) -> bool:
        """Look on the page where the item should be, then towards where its date says that it is."""
        added = self._added(instance_id)
        number = (self._incoming.rank_of(instance_id) or 0) // LARGEST_PAGE + 1
        asked: set[int] = set()
        while number not in asked and number > 0 and len(asked) < PAGES_AT_MOST:
            asked.add(number)
            try:
                page = self._page(ALL_FOLDER, number)
            except NotFound:
                number -= 1  # Past the end: there are fewer than we thought.
                continue
            if any(item.instance_id == instance_id for item in page.releases):
                return True
            if not page.releases or not added:
                return False
            # Within a page's dates there may be several items of one date, split between two pages.
            number += 1 if added <= page.releases[-1].date_added else -1
            if number > page.pagination.pages:
                return False
        return False

    def _find_in_folder(self, instance_id: int, folder_id: int) -> None:
        number = 1
        while True:
            page = self._page(folder_id, number)
            if any(item.instance_id == instance_id for item in page.releases):
                return
            if number >= page.pagination.pages:
                return
            number += 1

    def _added(self, instance_id: int) -> str:
        item = self._incoming.snapshot(instance_id)
        return item.added if item else ""

    def _page(self, folder_id: int, number: int) -> ItemsPage:
        mark = self._incoming.mark()
        page = self._client.items(self._user, folder_id, page=number)
        told = [item_of(item, notes_shown=item.folder_id is not None) for item in page.releases]
        self._changed(self._incoming.merge([item for item in told if item.folder_id], mark))
        return page

    def _changed(self, changes: Changes) -> None:
        if changes != Changes():
            self._report(LibraryChanged(changes))
