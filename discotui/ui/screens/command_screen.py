"""A screen whose commands come from the registry: carrying them out, asking before it, telling about it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from inspect import isawaitable
from time import monotonic
from typing import Any, ClassVar, Literal, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from discotui import errors
from discotui.ui.command import Command, Place
from discotui.ui.commands import COMMANDS, bindings
from discotui.ui.screens.dialogs import Dialog, Question
from discotui.ui.screens.help import HelpScreen
from discotui.ui.session import Session
from discotui.ui.widgets.too_small import LEAST_SIZE, TooSmall
from discotui.ui.wording import explain

_ERROR_SECONDS = 12.0

_Answer = TypeVar("_Answer")


class CommandScreen(Screen[None]):
    """``item.move`` of the registry is the method ``do_item_move`` of the screen that shows it.

    Args:
        session: The collection.

    Attributes:
        session: As given.
        help_first: The heading of the registry that help begins with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ANYWHERE)]

    help_first = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._error_until = 0.0

    @abstractmethod
    def compose(self) -> ComposeResult:
        """The subclass's; with :meth:`too_small` in it."""

    @abstractmethod
    def say(self, text: str, *, seconds: float = 6.0) -> None:
        """Tell quietly what was done; the subclass's."""

    @property
    @abstractmethod
    def places(self) -> Iterable[Place]:
        """Where one is: the commands of these places hold now. The subclass's."""

    @staticmethod
    def too_small() -> TooSmall:
        """What is shown in place of everything in a window that is too small."""
        return TooSmall()

    @property
    def is_too_small(self) -> bool:
        """Nothing but a word about it is shown, so nothing may be done."""
        return self.size.width < LEAST_SIZE.width or self.size.height < LEAST_SIZE.height

    # --- commands

    def why_not(self, command: Command) -> errors.EditRefused | None:
        """The reason why a command cannot be carried out now, None when it can."""
        if command.changes and self.session.start.is_read_only:
            return errors.ReadOnly()
        return None

    async def action_command(self, command_id: str, *arguments: str) -> None:
        """Carry out a command, or tell why not."""
        command = COMMANDS[command_id]
        reason = self.why_not(command)
        if reason is not None:
            self.say("no item here" if isinstance(reason, errors.UnknownItem) else explain(reason))
            return
        method: Callable[..., Any] = getattr(self, command.method)
        result = method(*arguments)
        if isawaitable(result):
            await result

    def run_command(self, command_id: str, *arguments: str) -> None:
        """Carry out a command that was chosen by name."""
        self.run_worker(self.action_command(command_id, *arguments))

    def do_app_help(self) -> None:
        """The keys."""
        self.app.push_screen(HelpScreen(self.help_first, read_only=self.session.start.is_read_only))

    def do_app_palette(self) -> None:
        """Everything by name."""
        self.app.action_command_palette()

    # --- asking and telling

    def ask(self, dialog: Dialog[_Answer], then: Callable[[_Answer], None]) -> None:
        """Open a dialog, at once: what is typed next is meant for it.

        Args:
            dialog: What asks.
            then: Gets the answer; not called when the dialog is left.
        """

        def answered(answer: _Answer | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(dialog, answered)

    def ask_yes(self, question: Question, then: Callable[[], object]) -> None:
        """Ask for yes or no, and do something if it was yes."""

        def answered(yes: bool) -> None:
            if yes:
                then()

        self.ask(question, answered)

    def tell(self, text: str, *, severity: Literal["warning", "error"] = "warning") -> None:
        """Tell what has to be read.

        The latest replaces the one before, so that no answer hides behind another's, and what was just done; but an
        error stays its time.
        """
        now = monotonic()
        self.say("")
        if now >= self._error_until:
            self.app.clear_notifications()
        if severity == "error":
            self._error_until = now + _ERROR_SECONDS
        self.notify(text, severity=severity, timeout=_ERROR_SECONDS if severity == "error" else 8, markup=False)
