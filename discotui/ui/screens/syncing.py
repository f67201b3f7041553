"""The main screen's side of sync: starts the two threads, and turns what they tell into what is shown."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from time import monotonic

from textual import on, work
from textual.timer import Timer
from textual.worker import Worker, WorkerState, get_current_worker

from discotui import errors
from discotui.library.core import Changes
from discotui.library.edits import Change, FolderChange
from discotui.start import Kind
from discotui.sync import events
from discotui.ui.messages import SyncTold
from discotui.ui.once import once
from discotui.ui.screens.command_screen import CommandScreen
from discotui.ui.screens.dialogs import Notice
from discotui.ui.session import Session
from discotui.ui.text import clean, number, plural
from discotui.ui.widgets.status_bar import StatusBar
from discotui.ui.wording import OTHER_WINDOW_CLOSED, cannot_read, explain, item_name, only_looked_at, salvaged, what
from discotui.ui.words_of_changes import undecided

_SECONDS_BETWEEN_LOOKS = 1.0
"""How often the second window looks whether the first has changed something."""
_GATHER_SECONDS = 0.1
"""Changes that come in quick succession, as pages of a first reading do, are shown together."""


class Syncing(CommandScreen):
    """What the main screen does about sync.

    Attributes:
        wants_word: The person asked for a reading, and is to be told when it is done.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._generation = 0
        self._gathered = Changes()
        self._gathering: Timer | None = None
        self._told_trouble = ""
        self._has_answered = False
        self.wants_word = False

    @abstractmethod
    def show_placeholder(self) -> None:
        """Say in an empty table why it is empty; the subclass's."""

    @abstractmethod
    def show_changes(self, changes: Changes) -> None:
        """Bring the panes up to date; the subclass's."""

    # --- the threads ----------------------------------------------------------------------------------

    def start_sync(self) -> None:
        """Start reading and sending; what a former run still tells is dropped."""
        self.set_interval(1.0, self.show_status)
        library = self.session.library
        if library.salvaged is not None:
            self.app.push_screen(Notice("Damaged file", salvaged(library.salvaged)))
        if self.session.only_looks:
            self.tell(only_looked_at(library.path, self.session.cannot_write))
            self._follow_other_window(self._generation)
            return
        self._generation += 1
        self._connect(self._generation)

    @work(thread=True, exit_on_error=False, group="sync", name="follow")
    def _follow_other_window(self, generation: int) -> None:
        """Show what the other window does, once it is in the file."""
        stopped = get_current_worker().cancelled_event
        rest, has_told = _SECONDS_BETWEEN_LOOKS, False
        while not stopped.wait(rest):
            begun = monotonic()
            with suppress(errors.LibraryError):
                changes = self.session.library.look_again()
                if changes != Changes():
                    self.post_message(SyncTold(events.LibraryChanged(changes), generation))
            if not has_told and not self.session.cannot_write and self.session.lock.is_free():
                has_told = True
                self.app.call_from_thread(self.tell, OTHER_WINDOW_CLOSED)
            # While it is read nobody can write to it.
            rest = max(_SECONDS_BETWEEN_LOOKS, 20 * (monotonic() - begun))

    @work(thread=True, exit_on_error=False, group="sync", name="connect")
    def _connect(self, generation: int) -> None:
        """Load the HTTP side, which takes longer than the first frame, and start the two threads."""
        from discotui.sync.engine import Engine  # noqa: PLC0415 - not before the first frame

        def report(event: events.Event) -> None:
            self.post_message(SyncTold(event, generation))

        start = self.session.start
        try:
            client = start.client()
        except errors.DiscotuiError as error:
            report(events.ReadingFailed(error))
            return
        self.session.client = client
        self.session.engine = Engine(self.session.library, client, start.user, own=start.is_own, report=report)
        self.app.call_from_thread(self._run_engine)

    def _run_engine(self) -> None:
        self._read()
        self._send()

    @work(thread=True, exit_on_error=False, group="sync", name="read")
    def _read(self) -> None:
        if self.session.engine is not None:
            self.session.engine.run_puller()

    @work(thread=True, exit_on_error=False, group="sync", name="send")
    def _send(self) -> None:
        if self.session.engine is not None:
            self.session.engine.run_sender()

    @on(Worker.StateChanged)
    def _worker_failed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            self.tell_trouble(explain(event.worker.error))

    # --- what they tell -------------------------------------------------------------------------------

    @on(SyncTold)
    def _hear(self, message: SyncTold) -> None:
        if message.generation != self._generation:
            return
        bar = self.query_one(StatusBar)
        match message.event:
            case events.ReadingStarted(whole=whole):
                bar.update(looking=not whole, page=0, pages=0)
            case events.PageRead(page=page, pages=pages):
                bar.update(looking=False, page=page, pages=pages, trouble="")
                self._has_answered = True
            case events.ReadingDone() as done:
                bar.update(looking=False, page=0, pages=0, trouble="")
                self._told_trouble = ""
                self._has_answered = True
                self._say_read(done)
                if done.whole:
                    # The value, and that all is there now, come with no change of any item.
                    self._gather(Changes(folders=True))
            case events.ReadingFailed(error=error):
                bar.update(looking=False, page=0, pages=0, trouble=self._trouble(error))
                self.tell_trouble(cannot_read(error, self.session.start))
            case events.SendingHeld(error=error):
                bar.update(trouble=self._trouble(error))
                self.tell_trouble(explain(error))
            case events.Reached():
                bar.update(trouble="")
                self._told_trouble = ""
            case events.LibraryChanged(changes=changes):
                self._gather(changes)
            case events.Declined() as declined:
                self.tell_declined(declined)
            case events.Broken(error=error):
                self.tell_trouble(explain(error))
        self.show_status()
        self.show_placeholder()

    def _say_read(self, done: events.ReadingDone) -> None:
        """A reading that somebody asked for is answered; of others only what went away is told."""
        if done.whole and self.wants_word:
            self.wants_word = False
            self.say(f"read all {plural(done.read, 'item')}")
        if done.vanished:
            self.say(f"{plural(done.vanished, 'item')} no longer at Discogs, set aside here · c")

    @property
    def is_gathering(self) -> bool:
        """Changes have come in that are not shown yet."""
        return self._gathering is not None

    def _gather(self, changes: Changes) -> None:
        self._gathered |= changes
        if self._gathering is None:
            self._gathering = once(self, _GATHER_SECONDS, self._show_gathered)

    def _show_gathered(self) -> None:
        changes, self._gathered, self._gathering = self._gathered, Changes(), None
        self.show_changes(changes)

    def tell_trouble(self, text: str) -> None:
        """Say once what is wrong; it stays in the status line as long as it lasts."""
        if text != self._told_trouble:
            self._told_trouble = text
            self.tell(text)

    def tell_declined(self, declined: events.Declined) -> None:
        """Say what Discogs did not accept."""
        self.tell(self.declined(declined), severity="error")

    def declined(self, declined: events.Declined) -> str:
        """What Discogs did not accept, and why."""
        others = len(declined.dropped) - 1
        more = f" With it went {plural(others, 'edit')} that needed it." if others else ""
        first = self.named(declined.dropped[0])
        return f"Not accepted and undone: {first}. {explain(declined.error)}{more} c keeps it, to be tried again."

    def named(self, change: Change) -> str:
        """A change in words, with the names of now."""
        folders = {folder.folder_id: folder.name for folder in self.session.library.folders()}
        title = ""
        if not isinstance(change, FolderChange):
            copies = self.session.library.copies(change.release_id)
            title = item_name(copies[0]) if copies else ""
        return what(change, folders, title)

    # --- the status line ------------------------------------------------------------------------------

    def show_status(self) -> None:
        """How things stand right now."""
        session = self.session
        engine, library = session.engine, session.library
        read_at = library.read_at()
        counts = library.deciding.counts()
        self.query_one(StatusBar).update(
            who=session.who,
            read_only=session.start.is_read_only and session.start.kind is not Kind.PUBLIC,
            age=None if read_at is None else max(0.0, self.now() - read_at),
            waiting=counts.waiting,
            undecided=undecided(counts),
            requests_left=engine.requests_left if engine and self._has_answered else None,
            wait=round(engine.waiting_seconds) if engine else 0,
        )

    def now(self) -> float:
        """Seconds since 1970, by the library's clock."""
        return self.session.library.incoming.now()

    def say(self, text: str, *, seconds: float = 6.0) -> None:
        """Tell quietly what was done."""
        self.query_one(StatusBar).say(text, seconds)

    def _trouble(self, error: Exception) -> str:
        """An error in the status line."""
        if self.session.start.kind is Kind.PUBLIC:
            match error:
                case errors.NotFound():
                    return "no such user"
                case errors.Forbidden():
                    return "a private collection"
        match error:
            case errors.KeepsChanging():
                return "partly read: it kept changing"
            case errors.Offline():
                return "offline"
            case errors.NotLoggedIn():
                return "token not accepted"
            case errors.TooFast():
                return "slowed down by Discogs"
            case errors.ServerFault(status=status):
                return f"Discogs has trouble ({number(status)})"
            case errors.DiscogsError(message=message):
                return f"not read: {clean(message)}" if message else "not read"
        return "not read"
