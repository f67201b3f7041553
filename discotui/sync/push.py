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
)
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
from discotui.library.items import Item
from discotui.library.outbox import Pending, State
from discotui.library.outgoing import Outgoing
from discotui.sync.events import Declined, LibraryChanged, Report, Sent

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
        self._faults: dict[int, int] = {}

    def send(self, entry: Pending) -> None:
        """Take one change as far as it can be taken now.

        Raises:
            DiscogsError: Nothing can be sent for now; the change waits (or waits to be checked).
        """
        if entry.state is not State.WAITING:
            # Still marked as being sent: its outcome could not be noted, which is as good as unknown.
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
            try:
                new_id = self._carry_out(ready.change)
                if self._is_taken(ready, new_id):
                    raise BadAnswer("something new under an id that is in use", may_have_happened=True)
            except (NotFound, Forbidden, Refused, ChangedElsewhere) as error:
                self._decline(ready, error)
                return
        except DiscogsError as error:
            if error.may_have_happened:
                self._outgoing.unknown(ready.seq, not_before=self._outgoing.now() + SECONDS_BEFORE_CHECKING)
            else:
                self._outgoing.not_sent(ready.seq, not_before=self._rest_after(ready.seq, error))
            raise
        self._confirm(ready, new_id)

    # --- before ---------------------------------------------------------------------------------------

    def _prepare(self, entry: Pending) -> None:
        """Read what must be known before sending."""
        match entry.change:
            case AddItem(item=item):
                # Anew before each sending: what was added elsewhere since the last one is not ours.
                copies = self._client.instances(self._user, item.release_id)
                self._outgoing.noted(entry.seq, [copy.instance_id for copy in copies])
            case NewFolder():
                folders = self._client.folders(self._user)
                self._outgoing.noted(entry.seq, [folder.id for folder in folders])
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
            if isinstance(change, RemoveItem):
                return  # A reading found it gone.
            raise NotFound
        self._check_unchanged(change)
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
            if found.folder_id is None or (found.folder_id, found.instance_id) == addressed:
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

    def _check_unchanged(self, change: ItemChange) -> None:
        """Leave alone what was set to a third value elsewhere, as far as a reading has told since the edit.

        Raises:
            ChangedElsewhere: It was.
        """
        if isinstance(change, RemoveItem):
            return
        if isinstance(change, SetRating):
            copies = self._outgoing.copies_at_discogs(change.release_id)
        else:
            copies = [item for item in (self._outgoing.at_discogs(change.instance_id),) if item]
        there = [_value_of(change, item) for item in copies]
        if there and not any(value in (change.base, change.value) for value in there):
            raise ChangedElsewhere(change.base, change.value, there[0])

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
            match change:
                case AddItem() | NewFolder():
                    self._settle_creation(entry, change)
                    return
                case RenameFolder() | DeleteFolder():
                    happened = self._happened_to_folder(change)
                case _:
                    happened = self._happened(change)
        except (NotFound, Forbidden, Refused, ChangedElsewhere) as error:
            self._decline(entry, error)
            return
        if happened:
            self._confirm(entry, 0)
        else:
            self._outgoing.not_sent(entry.seq, not_before=self._rest_of(entry.seq))

    def _happened(self, change: ItemChange) -> bool:
        """Whether Discogs shows our change; not, when it shows what was there before."""
        found = self._find(change)
        if isinstance(change, RemoveItem):
            if found is not None and found.folder_id is not None:
                self._report(LibraryChanged(self._outgoing.found_in(found.instance_id, found.folder_id)))
            return found is None
        if found is None:
            self._read_again()
            raise NotFound
        if found.folder_id is not None:
            self._report(LibraryChanged(self._outgoing.found_in(found.instance_id, found.folder_id)))
        theirs = self._value_there(change, found)
        if theirs is None or theirs == change.base:
            return False  # Setting a value twice does no harm.
        if theirs == change.value:
            return True
        self._read_again()
        raise ChangedElsewhere(change.base, change.value, theirs)

    def _value_there(self, change: SetRating | MoveItem | SetNote, found: WireItem) -> int | str | None:
        """What Discogs shows of the thing that was to be changed, None when it does not tell."""
        match change:
            case SetRating():
                return found.rating
            case MoveItem():
                return found.folder_id
            case SetNote(field_id=field_id):
                listed = found if found.notes is not None else self._with_notes(found)
                if listed is None:
                    return None
                return next((note.value for note in listed.notes or () if note.field_id == field_id), "")

    def _with_notes(self, item: WireItem) -> WireItem | None:
        """The item as the pages of its folder list it: only these tell its owner the notes."""
        if item.folder_id is None:
            return None
        number = 1
        while True:
            page = self._client.items(self._user, item.folder_id, page=number)
            for listed in page.releases:
                if listed.instance_id == item.instance_id:
                    return listed
            if number >= page.pagination.pages:
                return None
            number += 1

    def _happened_to_folder(self, change: RenameFolder | DeleteFolder) -> bool:
        if isinstance(change, DeleteFolder):
            try:
                self._client.folder(self._user, change.folder_id)
            except NotFound:
                return True
            return False
        name = self._client.folder(self._user, change.folder_id).name
        if name not in (change.base, change.value):
            self._read_again()
            raise ChangedElsewhere(change.base, change.value, name)
        return name == change.value

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
        else:
            self._outgoing.not_sent(entry.seq, not_before=self._rest_of(entry.seq))

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
        self._report(LibraryChanged(changes))
        self._report(Sent(entry.change))

    def _decline(self, entry: Pending, error: DiscotuiError) -> None:
        """Undo a change here.

        Raises:
            DiscogsError: Discogs did not know us: what it declines to a stranger it need not decline to the owner.
        """
        if isinstance(error, NotFound | Forbidden):
            self._check_identity()
        refused = self._outgoing.refuse(entry.seq, f"{type(error).__name__}: {error}")
        self._faults.pop(entry.seq, None)
        if not refused.dropped:
            return  # The person has taken it back meanwhile.
        self._report(LibraryChanged(refused.changes))
        self._report(Declined(refused.dropped, error))
        if isinstance(error, NotFound | Refused | FolderNotEmpty):
            self._read_again()

    def _check_identity(self) -> None:
        name = self._client.identity().username
        if name.casefold() != self._user.casefold():
            raise NotLoggedIn(f"the token belongs to {name}")


def _value_of(change: SetRating | MoveItem | SetNote, item: Item) -> int | str:
    """What an item has where a change sets something."""
    match change:
        case SetRating():
            return item.rating
        case MoveItem():
            return item.folder_id
        case SetNote(field_id=field_id):
            return item.note(field_id)
