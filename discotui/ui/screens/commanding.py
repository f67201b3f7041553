"""From a command of the registry to the method that carries it out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from textual.geometry import Size

from discotui import errors
from discotui.ui.commands import COMMANDS, Command, Place
from discotui.ui.screens.syncing import Syncing
from discotui.ui.wording import explain

LEAST_SIZE = Size(60, 20)
"""The smallest window that everything fits into; textual.css and the app's breakpoints say the same."""

_ALSO_IN_FORM = ("pane.next", "pane.previous", "app.palette")


class Commanding(Syncing):
    """A screen whose commands come from the registry: ``item.move`` is its method ``do_item_move``."""

    @property
    @abstractmethod
    def is_editing(self) -> bool:
        """The form is open: only its own commands hold. The subclass's."""

    @property
    def is_too_small(self) -> bool:
        """Nothing but a word about it is shown, so nothing may be done."""
        return self.size.width < LEAST_SIZE.width or self.size.height < LEAST_SIZE.height

    @property
    @abstractmethod
    def has_item(self) -> bool:
        """There is an item under the cursor. The subclass's."""

    def why_not(self, command: Command) -> errors.EditRefused | None:
        """The reason why a command cannot be carried out now, None when it can."""
        if command.changes and self.session.start.is_read_only:
            return errors.ReadOnly()
        if command.needs_item and not self.has_item:
            return errors.UnknownItem()
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a form is open its keys are letters, not commands."""
        if action != "command" or not parameters:
            return True
        command = COMMANDS[str(parameters[0])]
        if self.is_too_small:
            return command.id == "app.quit"
        return (command.place is Place.FORM) == self.is_editing or command.id in _ALSO_IN_FORM

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

    def run_command(self, command_id: str) -> None:
        """Carry out a command that was chosen by name."""
        self.run_worker(self.action_command(command_id))
