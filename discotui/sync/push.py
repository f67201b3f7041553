"""Sending: the one place that changes anything at Discogs.

Three outcomes are kept apart. *Confirmed*: the snapshot takes the change over. *Declined*: it is undone here and
the person is told why. *Unknown*: it may or may not have happened; Discogs is read before anything is sent again,
because there is no way to make a repeat harmless from the outside.
"""

from __future__ import annotations

from collections.abc import Callable

from discotui.discogs.client import DiscogsClient
from discotui.discogs.models import WireItem
from discotui.errors import (
    ChangedElsewhere,
    DiscogsError,
    DiscotuiError,
    FolderNotEmpty,
    Forbidden,
    NotFound,
    Refused,
)
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    FolderChange,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.outbox import Pending, State
from discotui.library.outgoing import Outgoing
from discotui.sync.events import Declined, LibraryChanged, Report, Sent

SECONDS_BEFORE_CHECKING = 3.0
"""A server that did not answer in time may still be at work on the request."""
SECONDS_BETWEEN_CHECKS = 60.0
CHECKS_BEFORE_ADDING_AGAIN = 2
"""An addition of unknown outcome is sent again only after so many readings, a minute apart, did not find it."""

ItemChange = SetRating | MoveItem | SetNote | RemoveItem


class Sender:
    """Sends one change at a time.

    Args:
        client: The way to Discogs.
        outgoing: Where changes come from.
        user: The owner.
        report: Told what became of each.
        read_again: Called when Discogs turned out to differ from the copy.
    """

    def __init__(
        self,
        client: DiscogsClient,
        outgoing: Outgoing,
        user: str,
        *,
        report: Report,
        read_again: Callable[[], None],
    ) -> None:
        self._client = client
        self._outgoing = outgoing
        self._user = user
        self._report = report
        self._read_again = read_again

    def send(self, entry: Pending) -> None:
        """Take one change as far as it can be taken now.

        Raises:
            DiscogsError: Nothing can be sent for now; the change waits (or waits to be checked).
        """
        if entry.state is State.UNKNOWN:
            self._settle(entry)
            return
        try:
            self._prepare(entry)
        except (NotFound, Forbidden, Refused, FolderNotEmpty) as error:
            self._decline(entry, error)
            return
        ready = self._outgoing.begin(entry.seq)
        if ready is None:
            return
        try:
            new_id = self._carry_out(ready.change)
        except (NotFound, Forbidden, Refused, ChangedElsewhere) as error:
            self._decline(ready, error)
        except DiscogsError as error:
            if error.may_have_happened:
                self._outgoing.unknown(ready.seq, not_before=self._outgoing.now() + SECONDS_BEFORE_CHECKING)
            else:
                self._outgoing.not_sent(ready.seq)
            raise
        else:
            self._confirm(ready, new_id)

    # --- before ---------------------------------------------------------------------------------------

    def _prepare(self, entry: Pending) -> None:
        """Read what must be known before sending."""
        match entry.change:
            case AddItem(item=item):
                if entry.seen is None:
                    copies = self._client.instances(self._user, item.release_id)
                    self._outgoing.noted(entry.seq, [copy.instance_id for copy in copies])
            case DeleteFolder(folder_id=folder_id, name=name):
                try:
                    folder = self._client.folder(self._user, folder_id)
                except NotFound:
                    return  # Gone already: deleting it will say so, and that counts as done.
                if folder.count:
                    raise FolderNotEmpty(name, folder.count)

    # --- the calls ------------------------------------------------------------------------------------

    def _carry_out(self, change: Change) -> int:
        """Make the call. Returns the id of what is new, else 0."""
        match change:
            case AddItem(item=item):
                return self._client.add(self._user, item.folder_id, item.release_id).instance_id
            case NewFolder(name=name):
                return self._client.create_folder(self._user, name).id
            case RenameFolder(folder_id=folder_id, value=name):
                self._client.rename_folder(self._user, folder_id, name)
            case DeleteFolder(folder_id=folder_id):
                try:
                    self._client.delete_folder(self._user, folder_id)
                except NotFound:
                    return 0
            case _:
                self._change_item(change)
        return 0

    def _change_item(self, change: ItemChange) -> None:
        """Change an item where it is; a 404 only says that it is not where we thought."""
        addressed = self._address(change)
        if addressed is None:
            if isinstance(change, SetRating | RemoveItem):
                return  # No copy is left to rate or remove.
            raise NotFound
        folder_id, instance_id = addressed
        try:
            self._call(change, folder_id, instance_id)
        except NotFound:
            found = self._find(change)
            if found is None:
                self._read_again()
                if isinstance(change, RemoveItem):
                    return
                raise
            if found.folder_id is None or found.folder_id == folder_id:
                raise
            self._report(LibraryChanged(self._outgoing.found_in(found.instance_id, found.folder_id)))
            if isinstance(change, MoveItem) and found.folder_id != change.base:
                self._settle_move(change, found.folder_id)
                return
            self._call(change, found.folder_id, found.instance_id)

    def _address(self, change: ItemChange) -> tuple[int, int] | None:
        """The folder and instance by which Discogs is to be told; any copy will do for a rating."""
        if isinstance(change, SetRating):
            copies = self._outgoing.copies_at_discogs(change.release_id)
            return (copies[0].folder_id, copies[0].instance_id) if copies else None
        item = self._outgoing.at_discogs(change.instance_id)
        return (item.folder_id, item.instance_id) if item else None

    def _call(self, change: ItemChange, folder_id: int, instance_id: int) -> None:
        match change:
            case SetRating(release_id=release_id, value=rating):
                self._client.rate(self._user, folder_id, release_id, instance_id, rating)
            case MoveItem(release_id=release_id, value=to):
                self._client.move(self._user, folder_id, release_id, instance_id, to)
            case SetNote(release_id=release_id, field_id=field_id, value=text):
                self._client.set_field(self._user, folder_id, release_id, instance_id, field_id, text)
            case RemoveItem():
                self._client.remove(self._user, folder_id, change.release_id, instance_id)

    def _find(self, change: ItemChange) -> WireItem | None:
        """The item (for a rating: any copy) as Discogs has it now."""
        copies = self._client.instances(self._user, change.release_id)
        if isinstance(change, SetRating):
            return copies[0] if copies else None
        return next((copy for copy in copies if copy.instance_id == change.instance_id), None)

    @staticmethod
    def _settle_move(change: MoveItem, folder_id: int) -> None:
        """It was moved elsewhere: to where we want it, or to a third place, which is not ours to overrule."""
        if folder_id != change.value:
            raise ChangedElsewhere(change.base, change.value, folder_id)

    # --- after a lost answer --------------------------------------------------------------------------

    def _settle(self, entry: Pending) -> None:
        """Read the truth about a change of unknown outcome, then decide."""
        change = entry.change
        try:
            if isinstance(change, AddItem):
                self._settle_addition(entry, change)
                return
            happened = self._happened_to_folder(change) if isinstance(change, FolderChange) else self._happened(change)
        except (NotFound, Forbidden, Refused, ChangedElsewhere) as error:
            self._decline(entry, error)
        else:
            if happened is None:
                self._outgoing.not_sent(entry.seq)
            else:
                self._confirm(entry, happened)

    def _happened(self, change: ItemChange) -> int | None:
        """0 when Discogs shows our change, None when it shows what was there before."""
        found = self._find(change)
        if isinstance(change, RemoveItem):
            return 0 if found is None else None
        if found is None:
            self._read_again()
            raise NotFound
        if found.folder_id is not None:
            self._report(LibraryChanged(self._outgoing.found_in(found.instance_id, found.folder_id)))
        theirs = self._value_there(change, found)
        if theirs is None or theirs == change.base:
            return None  # Setting a value twice does no harm.
        if theirs == change.value:
            return 0
        self._read_again()
        raise ChangedElsewhere(change.base, change.value, theirs)

    @staticmethod
    def _value_there(change: SetRating | MoveItem | SetNote, found: WireItem) -> int | str | None:
        """What Discogs shows of the thing that was to be changed, None when this view does not tell."""
        match change:
            case SetRating():
                return found.rating
            case MoveItem():
                return found.folder_id
            case SetNote(field_id=field_id):
                if found.notes is None:
                    return None
                return next((note.value for note in found.notes if note.field_id == field_id), "")

    def _happened_to_folder(self, change: FolderChange) -> int | None:
        match change:
            case NewFolder(name=name):
                known = self._outgoing.folder_ids()
                folders = self._client.folders(self._user)
                return next((folder.id for folder in folders if folder.name == name and folder.id not in known), None)
            case RenameFolder(folder_id=folder_id, value=name):
                return 0 if self._client.folder(self._user, folder_id).name == name else None
            case DeleteFolder(folder_id=folder_id):
                try:
                    self._client.folder(self._user, folder_id)
                except NotFound:
                    return 0
                return None

    def _settle_addition(self, entry: Pending, change: AddItem) -> None:
        """A new copy in the right folder is ours. None, twice, a minute apart: it never arrived."""
        copies = self._client.instances(self._user, change.release_id)
        known = set(entry.seen or ()) | {
            item.instance_id for item in self._outgoing.copies_at_discogs(change.release_id)
        }
        new = [copy for copy in copies if copy.instance_id not in known]
        ours = next((copy for copy in new if copy.folder_id in (None, change.item.folder_id)), None)
        if ours is not None:
            self._confirm(entry, ours.instance_id)
        elif entry.checks + 1 < CHECKS_BEFORE_ADDING_AGAIN:
            later = self._outgoing.now() + SECONDS_BETWEEN_CHECKS
            self._outgoing.unknown(entry.seq, not_before=later, checks=entry.checks + 1)
        else:
            self._outgoing.not_sent(entry.seq)

    # --- outcomes -------------------------------------------------------------------------------------

    def _confirm(self, entry: Pending, new_id: int) -> None:
        changes = self._outgoing.confirm(entry.seq, new_id)
        self._report(LibraryChanged(changes))
        self._report(Sent(entry.change))

    def _decline(self, entry: Pending, error: DiscotuiError) -> None:
        refused = self._outgoing.refuse(entry.seq, f"{type(error).__name__}: {error}")
        self._report(LibraryChanged(refused.changes))
        self._report(Declined(refused.dropped, error))
        if isinstance(error, NotFound | Refused | FolderNotEmpty):
            self._read_again()
