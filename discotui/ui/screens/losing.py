"""The main screen's question about items that are missing at Discogs, too many to go without a word."""

from __future__ import annotations

from textual import on
from textual.timer import Timer

from discotui import errors
from discotui.sync import events
from discotui.ui import wording
from discotui.ui.messages import SyncTold
from discotui.ui.once import once
from discotui.ui.screens.commanding import Commanding
from discotui.ui.screens.typed_yes import TypedYes
from discotui.ui.widgets.status_bar import StatusBar

_SECONDS_BETWEEN_TRIES = 0.5
"""How long the question waits to be asked while something else is open."""


class Losing(Commanding):
    """Tells in the status line what is missing as long as it is held, and asks about it once."""

    _asked_about = 0
    _waiting_to_ask: Timer | None = None

    def on_mount(self) -> None:
        """What was held when the program ended last is held still."""
        self.call_after_refresh(self._notice_loss)

    @on(SyncTold)
    def _hear_of_loss(self, message: SyncTold) -> None:
        if message.generation == self._generation and isinstance(message.event, events.MassLoss | events.ReadingDone):
            self._notice_loss()

    def _notice_loss(self) -> None:
        missing = self._missing
        self.query_one(StatusBar).update(missing=missing)
        if not missing:
            self._asked_about = 0
        elif missing > self._asked_about and not self.session.is_second:
            self._ask_when_free()

    @property
    def _missing(self) -> int:
        held = self.session.library.held_loss()
        return held.count if held is not None else 0

    def _ask_when_free(self) -> None:
        """Ask, but never into what somebody is typing elsewhere."""
        if self._waiting_to_ask is not None:
            self._waiting_to_ask.stop()
            self._waiting_to_ask = None
        if self.app.screen is not self or self.is_editing or self.is_too_small:
            self._waiting_to_ask = once(self, _SECONDS_BETWEEN_TRIES, self._ask_when_free)
        elif self._missing:
            self.ask_about_loss()

    def do_collection_loss(self) -> None:
        """Ask again."""
        self.ask_about_loss()

    def ask_about_loss(self) -> None:
        """Show what is missing, and ask whether it is gone; the default is no."""
        if self.session.is_second:
            self.say("the other window asks about it")
            return
        held = self.session.library.held_loss()
        if held is None:
            self.say("nothing is held back: what is missing at Discogs was set aside")
            return
        self._asked_about = held.count

        def answered(yes: bool | None) -> None:
            if yes and self._missing > held.count:
                self.ask_about_loss()  # More is missing by now than the yes was said to.
            elif yes:
                self._accept_loss()

        self.app.push_screen(TypedYes("Missing at Discogs", wording.loss(held), no="leaves them here"), answered)

    def _accept_loss(self) -> None:
        try:
            changes = self.session.library.accept_loss()
        except errors.LibraryError as error:
            self.tell(wording.explain(error), severity="error")
            return
        self.show_changes(changes)
        self._notice_loss()
        self.say(wording.set_aside(len(changes.items)))
