"""Leaving: what becomes of changes that were not sent yet, and the progress when they are sent first."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Label, ProgressBar

from discotui import errors
from discotui.library.outbox import State
from discotui.sync import events
from discotui.ui import wording
from discotui.ui import words_of_leaving as words
from discotui.ui.messages import SyncTold
from discotui.ui.screens.commanding import Commanding
from discotui.ui.screens.dialogs import Dialog
from discotui.ui.session import Hindrance, Session
from discotui.ui.text import clean, fit
from discotui.ui.widgets.item_pane import ItemPane

_SECONDS_BETWEEN_LOOKS = 0.5

_LONGEST = 240
"""Cells of what comes from Discogs in part: the answers need room in the smallest window."""

_PASSING = (errors.ServerFault, errors.BadAnswer, errors.TooFast)
"""What is tried again by itself, and no reason to ask again."""


class LeavingDialog(Dialog[bool]):
    """Asks whether to send first, to leave, or to stay; shows the sending, and asks again when that does not end well.

    While it is open nothing is edited, but what waits goes on being sent, until the person stops it.

    Args:
        session: The collection.
        typed: A form holds something that was not saved.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "send", "Send now", show=False),
        Binding("y", "answer(True)", "Leave", show=False),
        Binding("n", "answer(False)", "Stay", show=False),
        Binding("q", "leave_sending", "Leave", show=False),
        Binding("left", "app.focus_previous", "Other", show=False),
        Binding("right", "app.focus_next", "Other", show=False),
    ]

    on_escape = False

    def __init__(self, session: Session, *, typed: bool) -> None:
        super().__init__("Leave")
        self._session = session
        self._typed = typed
        self._is_kept = session.start.demo is None
        self._is_sending = False
        self._has_sent = False
        self._is_stopped = False
        self._was_held = False
        self._sendable = 0
        self._waiting_before = 0
        self._refused = 0
        self._refusals: list[str] = []
        self._news: list[str] = []

    def compose_box(self) -> ComposeResult:
        """The question or the progress, over the answers."""
        yield Label("", classes="text")
        yield ProgressBar(show_eta=False)
        yield Label("", id="pace")
        with Horizontal(classes="buttons"):
            yield Button("Send now (s)", id="send", compact=True)
            yield Button("Leave (y)", id="yes", compact=True)
            yield Button("Stay (n)", id="no", compact=True)

    def on_mount(self) -> None:
        """Ask, and keep what is said up to date."""
        engine = self._session.engine
        self._was_held = engine is not None and engine.is_held
        if engine is not None and not self._was_held and self._session.hindrance is Hindrance.OFFLINE:
            # Discogs may be back: trying is the way to know.
            engine.send_as_usual()
        self._ask()
        self.set_interval(_SECONDS_BETWEEN_LOOKS, self._show)

    def _show(self) -> None:
        bar, pace = self.query_one(ProgressBar), self.query_one("#pace", Label)
        bar.display = pace.display = self._is_sending
        self.query_one("#send").display = self._can_send and not self._is_sending
        if not self._is_sending:
            self._say(self._question())
            return
        self._say("\n".join(self._progress()))
        bar.update(total=self._sendable, progress=self._sendable - self._sendable_now())
        pace.update(Content(self._held_up()))

    def _say(self, text: str) -> None:
        self.query_one(".text", Label).update(Content(clean(text, lines=True)))

    # --- the question ---------------------------------------------------------------------------------

    def _ask(self, *news: str) -> None:
        """Let the person choose, after what has happened."""
        self._is_sending = False
        self._news = [_shortened(line) for line in news]
        self.query_one("#no", Button).label = "Stay (n)"
        self._show()
        is_safe = self._is_kept and not self._typed
        self.query_one("#yes" if is_safe else "#no").focus()

    @property
    def _can_send(self) -> bool:
        hindrance = self._session.hindrance
        return bool(self._session.library.waiting_count()) and (hindrance is None or not hindrance.is_final)

    def _question(self) -> str:
        session = self._session
        waiting = session.library.outgoing.waiting()
        more = [*self._not_accepted, *(self._news if waiting else [])]
        if self._has_sent:
            is_under_way = self._is_stopped and any(entry.state is State.SENDING for entry in waiting)
            more.insert(0, f"{words.sent_of(self._sent, self._sendable, is_under_way=is_under_way)}.")
        if waiting and session.hindrance is not None:
            more.append(words.hindered(session.hindrance))
        elif waiting and session.engine is not None:
            more.append(words.sending_takes(session.engine.seconds_to_send(at_once=True)))
        return words.leaving(
            len(waiting),
            is_kept=self._is_kept,
            typed=self._typed,
            undecided=sum(not entry.state.goes_by_itself for entry in waiting),
            more=list(dict.fromkeys(more)),
        )

    # --- the sending ----------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Send what waits, without the rest that removals have otherwise."""
        session = self._session
        if self._is_sending or not self._can_send or session.engine is None:
            return
        try:
            session.library.outgoing.send_at_once()
        except errors.LibraryError as error:
            self._ask(wording.explain(error))
            return
        self._is_sending, self._has_sent, self._is_stopped = True, True, False
        self._sendable = self._sendable_now()
        self._waiting_before = session.library.waiting_count()
        self._refused, self._refusals = 0, []
        session.engine.send_all()
        self.query_one("#no", Button).label = "Stop (n)"
        self._show()
        self.query_one("#no").focus()

    def _sendable_now(self) -> int:
        return sum(entry.state.goes_by_itself for entry in self._session.library.outgoing.waiting())

    @property
    def _sent(self) -> int:
        return max(0, self._waiting_before - self._session.library.waiting_count() - self._refused)

    def _progress(self) -> list[str]:
        engine = self._session.engine
        seconds = engine.seconds_to_send() if engine is not None else 0.0
        lines = [words.sent_of(self._sent, self._sendable), words.time_left(seconds)]
        return lines + self._not_accepted

    @property
    def _not_accepted(self) -> list[str]:
        if not self._refusals:
            return []
        return [words.not_accepted(_shortened(self._refusals[0]), len(self._refusals) - 1)]

    def _held_up(self) -> str:
        """What it waits for."""
        library, engine = self._session.library, self._session.engine
        if engine is None:
            return ""
        if engine.waiting_seconds > 1:
            return words.goes_on(engine.waiting_seconds)
        lines = [_shortened(wording.explain(engine.trouble))] if engine.trouble is not None else []
        entry, wake = library.outgoing.next()
        if entry is None and wake is not None:
            is_lost = any(
                each.not_before == wake and each.state is State.UNKNOWN for each in library.outgoing.waiting()
            )
            lines.append(words.tried_again(wake - library.outgoing.now(), is_lost=is_lost))
        return "\n".join(lines)

    def hear(self, event: events.Event) -> None:
        """Sync tells something; what comes while nobody waits for the sending shows by itself."""
        if not self._is_sending:
            return
        match event:
            case events.SendingHeld(error=errors.Offline()):
                self._end(words.hindered(Hindrance.OFFLINE))
            case events.SendingHeld(error=error) if not isinstance(error, _PASSING):
                self._end(wording.explain(error))
            case events.Broken() if self._session.hindrance is Hindrance.BROKEN:
                self._end()
            case events.Drained():
                self._drained()

    def refused(self, event: events.Declined, words: str) -> None:
        """Discogs declined a change.

        Args:
            event: As told.
            words: The same for the person.
        """
        self._refused += len(event.dropped)
        self._refusals.append(words)
        self._show()

    def _drained(self) -> None:
        """Leave when all is well; what was not accepted, or not saved, is to be seen first."""
        if self._session.library.waiting_count() or self._refusals or self._typed:
            self._end()
        else:
            self.dismiss(True)

    def _end(self, *news: str) -> None:
        """The sending has come to an end, or is given up: ask again."""
        with suppress(errors.LibraryError):  # Of a file that cannot be written nothing is sent either.
            self._session.library.outgoing.rest_again()
        self._ask(*news)

    # --- the answers ----------------------------------------------------------------------------------

    def action_answer(self, yes: bool) -> None:
        """A letter: leave, or stay; while it is sent, leave, or stop."""
        engine = self._session.engine
        if not yes and self._is_sending:
            self._is_stopped = True
            if engine is not None:
                engine.hold_sending()
            self._end()
            return
        if not yes and engine is not None:
            # As it was before: a pause goes on.
            if self._was_held:
                engine.hold_sending()
            else:
                engine.send_as_usual()
        self.dismiss(yes)

    def action_give_up(self) -> None:
        """Esc."""
        self.action_answer(False)

    def action_leave_sending(self) -> None:
        """Ctrl and q, or q: while it is sent nothing is lost by leaving; the question is answered otherwise."""
        if self._is_sending:
            self.app.exit(0)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click, or enter."""
        if event.button.id == "send":
            self.action_send()
        else:
            self.action_answer(event.button.id == "yes")


def _shortened(text: str) -> str:
    return fit(text, _LONGEST).rstrip()


class Leaving(Commanding):
    """How the main screen is left."""

    def do_app_quit(self) -> None:
        """Leave; ask when something has not been sent, or not even saved."""
        if (dialog := self._leaving_dialog) is not None:
            dialog.action_leave_sending()
            return
        typed = self.is_editing and bool(self.query_one(ItemPane).typed())
        if not self.session.library.waiting_count() and not typed:
            self.app.exit(0)
            return

        def answered(leave: bool | None) -> None:
            if leave:
                self.app.exit(0)

        # What was told before would lie over the dialog.
        self.app.clear_notifications()
        self.app.push_screen(LeavingDialog(self.session, typed=typed), answered)

    def tell(self, text: str, *, severity: Literal["warning", "error"] = "warning") -> None:
        """Tell what has to be read; while the dialog is open, it does."""
        if self._leaving_dialog is None:
            super().tell(text, severity=severity)

    @property
    def _leaving_dialog(self) -> LeavingDialog | None:
        stack = self.app.screen_stack
        return next((screen for screen in stack if isinstance(screen, LeavingDialog) and screen.is_mounted), None)

    @on(SyncTold)
    def _pass_on(self, message: SyncTold) -> None:
        """What sync tells is for the dialog too."""
        dialog = self._leaving_dialog
        if dialog is None or message.generation != self._generation:
            return
        if isinstance(message.event, events.Declined):
            dialog.refused(message.event, self.declined(message.event))
        else:
            dialog.hear(message.event)
