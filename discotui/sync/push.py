"""Sending: the one place that changes anything at Discogs.

Three outcomes are kept apart. *Confirmed*: the snapshot takes the change over. *Declined*: it is undone here and
the person is told why. *Unknown*: it may or may not have happened; Discogs is read before anything is sent again,
because there is no way to make a repeat harmless from the outside.

Before anything is set, what it is about is read, unless that was done a moment ago: what was changed elsewhere
since the person made the edit is not overwritten, but left to the person as a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from discotui.discogs.client import DiscogsClient
from discotui.errors import (
    BadAnswer,
    ChangedElsewhere,
    DiscogsError,
    DiscotuiError,
    FolderNotEmpty,
    Forbidden,
    NotFound,
    NotLoggedIn,
    Refused,
    ServerFault,
    kept,
)
from discotui.library.core import Changes
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.incoming import Incoming
from discotui.library.outbox import Pending
from discotui.library.outgoing import Outgoing
from discotui.sync.events import Declined, LibraryChanged, Parked, Report, Sent
from discotui.sync.truth import Truth

SENDINGS_BEFORE_PARKING = 2
"""An addition that vanished without a trace so often is not sent again by itself."""
SECONDS_BEFORE_CHECKING = 3.0
"""A server that did not answer in time may still be at work on the request."""
SECONDS_BETWEEN_CHECKS = 60.0
CHECKS_BEFORE_MAKING_AGAIN = 2
"""What makes something new is, after a lost answer, sent again only when so many readings, a minute apart, did
not find it."""
RESTS_AFTER_FAULT = (0.0, 10.0, 30.0, 90.0, 300.0)
"""Seconds for which a change that the server fails on again lets others go first; longer each time."""

ItemChange = SetRating | MoveItem | SetNote | RemoveItem


class Sender:
    """Sends one change at a time.

    Args:
        client: The way to Discogs.
        outgoing: Where changes come from.
        incoming: Where what is read before and after sending goes.
        user: The owner.
        report: Told what became of each.
        read_again: Called when Discogs turned out to differ from the copy.
    """

    def __init__(
        self,
        client: DiscogsClient,
        outgoing: Outgoing,
        incoming: Incoming,
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
        self._truth = Truth(client, incoming, user, report=report)
        self._faults: dict[int, int] = {}

    def send(self, entry: Pending) -> None:
        """Take one change as far as it can be taken now.

        Raises:
            DiscogsError: Nothing can be sent for now; the change waits (or waits to be checked).
        """
        try:
            if entry.state.is_unsent:
                self._send(entry)
            else:
                # Still marked as being sent: its outcome could not be noted, which is as good as unknown.
                self._settle(entry)
        except NotLoggedIn as error:
            self._outgoing.blocked(entry.seq, kept(error))
            raise

    def _send(self, entry: Pending) -> None:
        try:
            is_done = self._prepare(entry)
        except ChangedElsewhere:
            self._changed(self._outgoing.compared(entry.seq))
            return
        except (NotFound, Forbidden, Refused, FolderNotEmpty) as error:
            self._decline(entry, error)
            return
        except DiscogsError as error:
            self._outgoing.not_sent(entry.seq, not_before=self._rest_after(entry.seq, error), reason=kept(error))
            raise
        self._changed(self._outgoing.compared(entry.seq))
        ready = self._outgoing.begin(entry.seq)
        if ready is None:
            return
        if is_done:
            if ready.change == entry.change:
                self._confirm(ready, 0)
            else:
                self._outgoing.not_sent(ready.seq)  # The person went on editing while it was looked up.
            return
        try:
            try:
                new_id = self._carry_out(ready.change)
                if self._is_taken(ready, new_id):
                    raise BadAnswer("something new under an id that is in use", may_have_happened=True)
            except ChangedElsewhere:
                self._changed(self._outgoing.conflict(ready.seq))
                return
            except (NotFound, Forbidden, Refused) as error:
                self._decline(ready, error)
                return
        except DiscogsError as error:
            if error.may_have_happened:
                later = self._outgoing.now() + SECONDS_BEFORE_CHECKING
                self._outgoing.unknown(ready.seq, not_before=later, reason=kept(error))
            else:
                self._outgoing.not_sent(ready.seq, not_before=self._rest_after(ready.seq, error), reason=kept(error))
            raise
        self._confirm(ready, new_id)

    # --- before ---------------------------------------------------------------------------------------

    def _prepare(self, entry: Pending) -> bool:
        """Read what must be known before sending.

        Returns:
            Whether Discogs has it already, so that nothing need be sent.
        """
        change = entry.change
        match change:
            case AddItem(item=item):
                # Anew before each sending: what was added elsewhere since the last one is not ours.
                copies = self._client.instances(self._user, item.release_id)
                self._outgoing.noted(entry.seq, [copy.instance_id for copy in copies])
                return False
            case NewFolder():
                folders = self._client.folders(self._user)
                self._outgoing.noted(entry.seq, [folder.id for folder in folders])
                return False
            case RenameFolder(folder_id=folder_id):
                self._truth.folder_name(folder_id)
            case DeleteFolder(folder_id=folder_id, name=name):
                count = self._count_in(folder_id)
                if count:
                    raise FolderNotEmpty(name, count)
                return count is None
            case _:
                if not self._outgoing.is_known(entry) and not self._is_there(change):
                    self._read_again()
                    if isinstance(change, RemoveItem):
                        return True
                    raise NotFound
                if isinstance(change, RemoveItem):
                    return False
        return self._outgoing.has(change)

    def _is_there(self, change: ItemChange) -> bool:
        """Read the item (for a rating: any copy) anew. Whether Discogs has it."""
        if not isinstance(change, SetRating):
            return self._truth.item(change.instance_id, change.release_id)
        for copy in self._outgoing.copies_at_discogs(change.release_id):
            if self._truth.item(copy.instance_id, change.release_id):
                return True
        return bool(self._truth.release(change.release_id))

    def _count_in(self, folder_id: int) -> int | None:
        """How many items a folder holds at Discogs; None when it is gone.

        Raises:
            NotLoggedIn: It was not found because we are somebody else there.
        """
        try:
            return self._client.folder(self._user, folder_id).count
        except NotFound:
            self._check_identity()
            return None

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
                    if self._count_in(folder_id) is not None:
                        raise
            case _:
                self._change_item(change)
        return 0

    def _change_item(self, change: ItemChange) -> None:
        """Change an item where it is; a 404 only says that it is not where we thought."""
        addressed = self._address(change)
        if addressed is None:
            raise NotFound
        folder_id, instance_id = addressed
        try:
            self._call(change, folder_id, instance_id)
        except NotFound:
            copies = self._truth.release(change.release_id)
            is_there = bool(copies) if isinstance(change, SetRating) else change.instance_id in copies
            if not is_there:
                self._read_again()
                if isinstance(change, RemoveItem):
                    return
                raise
            found = self._address(change, among=copies)
            if found is None or found == addressed:
                raise
            if isinstance(change, MoveItem) and found[0] != change.base:
                if found[0] != change.value:
                    raise ChangedElsewhere(change.base, change.value, found[0]) from None
                return
            self._call(change, *found)

    def _address(self, change: ItemChange, among: Container[int] | None = None) -> tuple[int, int] | None:
        """The folder and instance by which Discogs is to be told; any copy will do for a rating.

        Args:
            change: What is to be told.
            among: The copies that there are, where that was just read.
        """
        if isinstance(change, SetRating):
            copies = self._outgoing.copies_at_discogs(change.release_id)
            item = next((copy for copy in copies if among is None or copy.instance_id in among), None)
        else:
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

    # --- after a lost answer --------------------------------------------------------------------------

    def _settle(self, entry: Pending) -> None:
        """Read the truth about a change of unknown outcome, then decide."""
        change = entry.change
        try:
            match change:
                case AddItem() | NewFolder():
                    self._settle_creation(entry, change)
                    return
                case RenameFolder() | DeleteFolder():
                    happened = self._happened_to_folder(change)
                case _:
                    happened = self._happened(change)
        except ChangedElsewhere:
            self._changed(self._outgoing.conflict(entry.seq))
            return
        except (NotFound, Forbidden, Refused) as error:
            self._decline(entry, error)
            return
        if happened:
            self._confirm(entry, 0)
        else:
            self._outgoing.not_sent(entry.seq, not_before=self._rest_of(entry.seq))

    def _happened(self, change: ItemChange) -> bool:
        """Whether Discogs shows our change; not, when it shows what was there before.

        Raises:
            ChangedElsewhere: It shows something else.
            NotFound: The item is gone.
        """
        if isinstance(change, SetNote):
            is_there = self._truth.item(change.instance_id, change.release_id)
        else:
            copies = self._truth.release(change.release_id)
            is_there = bool(copies) if isinstance(change, SetRating) else change.instance_id in copies
        if isinstance(change, RemoveItem):
            return not is_there
        if not is_there:
            self._read_again()
            raise NotFound
        return self._outgoing.has(change)

    def _happened_to_folder(self, change: RenameFolder | DeleteFolder) -> bool:
        if isinstance(change, RenameFolder):
            self._truth.folder_name(change.folder_id)
            return self._outgoing.has(change)
        return self._count_in(change.folder_id) is None

    def _settle_creation(self, entry: Pending, change: AddItem | NewFolder) -> None:
        """Something new that was not there before is ours. None, twice, a minute apart: it never arrived.

        Only what was noted before sending counts as there before: what has been read since may be ours.
        """
        if isinstance(change, NewFolder):
            folders = self._client.folders(self._user)
            new = [folder.id for folder in folders if folder.name == change.name]
        else:
            copies = self._client.instances(self._user, change.release_id)
            fits = (None, change.item.folder_id)
            new = [copy.instance_id for copy in copies if copy.folder_id in fits]
        new = [number for number in new if not self._is_taken(entry, number)]
        if new:
            self._confirm(entry, new[0])
        elif entry.checks + 1 < CHECKS_BEFORE_MAKING_AGAIN:
            later = self._outgoing.now() + SECONDS_BETWEEN_CHECKS
            self._outgoing.unknown(entry.seq, not_before=later, checks=entry.checks + 1)
        elif entry.sendings + 1 < SENDINGS_BEFORE_PARKING:
            self._outgoing.not_sent(entry.seq, not_before=self._rest_of(entry.seq), sendings=entry.sendings + 1)
        else:
            self._outgoing.parked(entry.seq)
            self._report(Parked(change))

    def _is_taken(self, entry: Pending, new_id: int) -> bool:
        """Whether an id that is to be that of something new was another's before: it would take its place."""
        if new_id in (entry.seen or ()) or not isinstance(entry.change, AddItem):
            return new_id in (entry.seen or ())
        known = self._outgoing.at_discogs(new_id)
        # A reading may have found our own addition already.
        return known is not None and known.release_id != entry.change.release_id

    def _rest_after(self, seq: int, error: DiscogsError) -> float:
        """When a change that could not be sent may go again: at once, if it was not the server that failed on it."""
        if not isinstance(error, ServerFault | BadAnswer):
            return 0.0
        return self._rest_of(seq)

    def _rest_of(self, seq: int) -> float:
        """A time until which others go first, so that one change that always fails does not hold up the rest."""
        faults = self._faults.get(seq, 0)
        self._faults[seq] = faults + 1
        return self._outgoing.now() + RESTS_AFTER_FAULT[min(faults, len(RESTS_AFTER_FAULT) - 1)]

    # --- outcomes -------------------------------------------------------------------------------------

    def _confirm(self, entry: Pending, new_id: int) -> None:
        changes = self._outgoing.confirm(entry.seq, new_id)
        self._faults.pop(entry.seq, None)
        # Also where nothing but the sign that it waits goes.
        self._report(LibraryChanged(changes))
        self._report(Sent(entry.change))

    def _changed(self, changes: Changes) -> None:
        if changes != Changes():
            self._report(LibraryChanged(changes))

    def _decline(self, entry: Pending, error: DiscotuiError) -> None:
        """Undo a change here.

        Raises:
            DiscogsError: Discogs did not know us: what it declines to a stranger it need not decline to the owner.
        """
        if isinstance(error, NotFound | Forbidden):
            self._check_identity()
        refused = self._outgoing.refuse(entry.seq, kept(error))
        self._faults.pop(entry.seq, None)
        if not refused.dropped:
            return  # The person has taken it back meanwhile.
        self._changed(refused.changes)
        self._report(Declined(refused.dropped, error))
        if isinstance(error, NotFound | Refused | FolderNotEmpty):
            self._read_again()

    def _check_identity(self) -> None:
        name = self._client.identity().username
        if name.casefold() != self._user.casefold():
            raise NotLoggedIn(f"the token belongs to {name}")
