"""What the main screen does about changes that are not settled: it tells of them, and opens where they are decided."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress

from textual import on
from textual.css.query import NoMatches

from discotui.sync import events
from discotui.ui import words_of_changes as words
from discotui.ui.messages import SyncTold
from discotui.ui.screens.changes import ChangesScreen
from discotui.ui.screens.commanding import Commanding
from discotui.ui.widgets.status_bar import StatusBar


class Unsettled(Commanding):
    """The main screen hears of everything; the screen of the changes, while it is open, hears of it from here."""

    async def do_screen_changes(self) -> None:
        """Open it."""
        # What was told of them is listed there, and would hide it; what was just done is old on coming back.
        self.app.clear_notifications()
        self.say("")
        await self.app.push_screen(ChangesScreen(self.session, self))
        self.show_status()

    @on(SyncTold)
    def _tell_unsettled(self, message: SyncTold) -> None:
        """What has just become a matter of the person's."""
        if message.generation != self._generation or self._changes_screen is not None:
            return
        match message.event:
            case events.LibraryChanged(changes=changes) if changes.conflicts:
                count = self.session.library.deciding.counts().conflicts
                self.tell(words.conflicts_found(self.named(changes.conflicts[-1]), count))
            case events.Parked(change=change):
                self.tell(words.parked(self.named(change)))

    @abstractmethod
    def do_edit_undo(self) -> None:
        """Take back the last edit; the subclass's."""

    @abstractmethod
    def do_edit_redo(self) -> None:
        """Do again what was undone; the subclass's."""

    def say(self, text: str, *, seconds: float = 6.0) -> None:
        """Tell quietly what was done, on the screen that is seen."""
        changes_screen = self._changes_screen
        if changes_screen is not None and changes_screen.is_mounted:
            changes_screen.say(text, seconds=seconds)
        else:
            super().say(text, seconds=seconds)

    def show_status(self) -> None:
        """How things stand right now: called after all that happens, and every second."""
        super().show_status()
        if self._changes_screen is not None:
            # One that is being opened reads everything when it is there; one that is being closed needs nothing.
            with suppress(NoMatches):
                self._changes_screen.follow(self.query_one(StatusBar).status)

    @property
    def _changes_screen(self) -> ChangesScreen | None:
        return next((screen for screen in self.app.screen_stack if isinstance(screen, ChangesScreen)), None)
