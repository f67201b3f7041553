"""One opened collection: how it was started, its library, and sync once it runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from discotui.errors import LibraryError, LibraryReadOnly
from discotui.library.library import Library
from discotui.library.lock import FileLock
from discotui.start import Kind, Start

if TYPE_CHECKING:
    from discotui.discogs.client import DiscogsClient
    from discotui.sync.engine import Engine

ANSWER_SECONDS = 0.8
"""How long leaving waits for the answer to a request under way."""


@dataclass
class Session:
    """What the screens share about the collection they show.

    Attributes:
        start: How the program was started.
        library: The collection here.
        lock: Held as long as this program may change the library; not held when another one has it.
        cannot_write: Why the library's file can only be read; "" when it can be written.
        client: The way to Discogs; None until the first frame was drawn.
        engine: Sync; None until then too.
    """

    start: Start
    library: Library
    lock: FileLock
    cannot_write: str = ""
    client: DiscogsClient | None = None
    engine: Engine | None = None

    @property
    def who(self) -> str:
        """Whose collection, for people."""
        match self.start.kind:
            case Kind.DEMO:
                return "demo"
            case Kind.PUBLIC:
                return f"{self.start.user}'s collection"
            case Kind.OWN:
                return self.start.user

    @property
    def is_second(self) -> bool:
        """Another program has this library open."""
        return not self.lock.is_held and not self.cannot_write

    @property
    def only_looks(self) -> bool:
        """Nothing is changed, read or sent from here: another program does that, or nothing could be kept."""
        return not self.lock.is_held

    def close(self) -> None:
        """Stop sync and close everything, within two seconds whatever the network does."""
        if self.engine is not None:
            self.engine.leave(ANSWER_SECONDS)
        if self.client is not None:
            self.client.close()
        never_read = self.start.kind is Kind.PUBLIC and not self.only_looks and self.library.incoming.never_read()
        self.library.close()
        self.lock.release()
        if never_read:
            # A name that was mistyped, or a private collection: nothing is worth keeping.
            self.library.path.unlink(missing_ok=True)


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
        return Session(start if is_first else replace(start, read_only=True), library, lock)
    except LibraryReadOnly as error:
        lock.release()
        try:
            library = Library(path, writes=False)
        except LibraryError:
            raise error from None
        return Session(replace(start, read_only=True), library, lock, cannot_write=error.reason)
    except LibraryError:
        lock.release()
        raise
