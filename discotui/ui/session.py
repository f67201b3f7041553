"""One opened collection: how it was started, its library, and sync once it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from discotui.errors import DiscotuiError, LibraryError, LibraryReadOnly, NotLoggedIn, Offline
from discotui.library.library import Library
from discotui.library.listing import Listing
from discotui.library.lock import FileLock
from discotui.library.outbox import State
from discotui.library.sorting import Order, sort_keys
from discotui.start import Kind, Start

if TYPE_CHECKING:
    from discotui.discogs.client import DiscogsClient
    from discotui.sync.engine import Engine

ANSWER_SECONDS = 0.8
"""How long leaving waits for the answer to a request under way."""
FILE_SECONDS = 0.3
"""How long leaving waits for a thread that is at work on the file."""


class Hindrance(Enum):
    """Why what waits is not sent from here now."""

    SECOND_WINDOW = "another program has the collection open, and sends"
    READ_ONLY = "the collection was opened for reading only"
    NOT_STARTED = "there is no way to Discogs, or not yet"
    UNDECIDED = "the person has to decide about all of it"
    NOT_LOGGED_IN = "Discogs does not accept the token"
    BROKEN = "a defect ended the sending"
    OFFLINE = "Discogs could not be reached the last time"

    @property
    def is_final(self) -> bool:
        """Trying makes no sense."""
        return self is not Hindrance.OFFLINE


@dataclass
class Session:
    """What the screens share about the collection they show.

    Attributes:
        start: How the program was started.
        library: The collection here.
        first_list: What the table begins with.
        lock: Held as long as this program may change the library; not held when another one has it.
        cannot_write: Why the library's file can only be read; "" when it can be written.
        client: The way to Discogs; None until the first frame was drawn.
        engine: Sync; None until then too.
        last_seen: Tells what the next start is to begin with.
    """

    start: Start
    library: Library
    first_list: Listing
    lock: FileLock
    cannot_write: str = ""
    client: DiscogsClient | None = None
    engine: Engine | None = None
    last_seen: Callable[[], str | None] = lambda: None

    @property
    def who(self) -> str:
        """Whose collection, for people."""
        return self.start.who

    @property
    def is_second(self) -> bool:
        """Another program has this library open."""
        return not self.lock.is_held and not self.cannot_write

    @property
    def only_looks(self) -> bool:
        """Nothing is changed, read or sent from here: another program does that, or nothing could be kept."""
        return not self.lock.is_held

    @property
    def hindrance(self) -> Hindrance | None:
        """Why what waits is not sent from here now, None when it can be."""
        if self.is_second:
            return Hindrance.SECOND_WINDOW
        if self.start.is_read_only:
            return Hindrance.READ_ONLY
        if self.engine is None:
            return Hindrance.NOT_STARTED
        states = {entry.state for entry in self.library.outgoing.waiting()}
        if not any(state.goes_by_itself for state in states):
            return Hindrance.NOT_LOGGED_IN if State.BLOCKED in states else Hindrance.UNDECIDED
        match self.engine.trouble:
            case NotLoggedIn():
                return Hindrance.NOT_LOGGED_IN
            case Offline():
                return Hindrance.OFFLINE
            case None | DiscotuiError():
                return None
        return Hindrance.BROKEN

    def close(self) -> None:
        """Stop sync and close everything, within two seconds whatever the network and other threads do."""
        if self.engine is not None:
            self.engine.leave(ANSWER_SECONDS)
        if self.client is not None:
            self.client.close()
        # The demo's file is gone the next time.
        last_seen = (lambda: None) if self.start.kind is Kind.DEMO else self.last_seen
        if not self.library.close(FILE_SECONDS, last_seen):
            return
        if self.start.kind is Kind.PUBLIC and not self.only_looks and self.library.incoming.never_read():
            # A name that was mistyped, or a private collection: nothing is worth keeping.
            self.library.path.unlink(missing_ok=True)
        self.lock.release()


def open_session(start: Start) -> Session:
    """Open a collection: to be changed, if no other program has it; else, or if it cannot be written, to be looked at.

    Raises:
        LibraryError: It cannot be used at all.
    """
    path = start.library_path
    lock = FileLock(path)
    try:
        try:
            # First of all: only who holds it may bring an old file up to date, or put a damaged one aside.
            is_first = lock.take()
        except OSError as error:
            raise LibraryReadOnly(path, error.strerror or str(error)) from error
        library = Library(path, read_only=start.is_read_only, writes=is_first)
        return Session(start if is_first else replace(start, read_only=True), library, _first_list(library), lock)
    except LibraryReadOnly as error:
        lock.release()
        try:
            library = Library(path, writes=False)
        except LibraryError:
            raise error from None
        only_looks = replace(start, read_only=True)
        return Session(only_looks, library, _first_list(library), lock, cannot_write=error.reason)
    except LibraryError:
        lock.release()
        raise


def first_order(library: Library) -> Order:
    """The order that the table begins with: as it was left."""
    order = library.remembered.order()
    if library.read_at() is None:
        return order
    # A field may be gone meanwhile.
    return order.among([key.key for key in sort_keys(library.fields())])


def _first_list(library: Library) -> Listing:
    """What the table begins with."""
    listing = Listing(library)
    listing.order = first_order(library)
    return listing
