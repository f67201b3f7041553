"""When the main screen's commands hold."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from discotui import errors
from discotui.ui.command import Command, Place
from discotui.ui.commands import COMMANDS
from discotui.ui.screens.syncing import Syncing

_ALSO_IN_FORM = ("app.palette",)


class Commanding(Syncing):
    """What holds depends on the item under the cursor, and on whether the form is open."""

    @property
    @abstractmethod
    def is_editing(self) -> bool:
        """The form is open: only its own commands hold. The subclass's."""

    @property
    @abstractmethod
    def is_at_folders(self) -> bool:
        """One looks at the folders, and not at an item. The subclass's."""

    @property
    @abstractmethod
    def has_item(self) -> bool:
        """There is an item under the cursor. The subclass's."""

    @property
    @abstractmethod
    def has_marks(self) -> bool:
        """Items are marked. The subclass's."""

    @property
    def places(self) -> Iterable[Place]:
        """The form alone, or all panes: the palette knows no focus."""
        return (Place.FORM,) if self.is_editing else (Place.MAIN, Place.FOLDERS, Place.TABLE, Place.ANYWHERE)

    def why_not(self, command: Command) -> errors.EditRefused | None:
        """The reason why a command cannot be carried out now, None when it can."""
        reason = super().why_not(command)
        if reason is None and command.needs_item and not (command.takes_marks and self.has_marks):
            if self.is_at_folders:
                return errors.NotAtItem()
            if not self.has_item:
                return errors.UnknownItem()
        return reason

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a form is open its keys are letters, not commands."""
        if action != "command" or not parameters:
            return True
        command = COMMANDS[str(parameters[0])]
        if self.is_too_small:
            return command.id == "app.quit"
        return (command.place is Place.FORM) == self.is_editing or command.id in _ALSO_IN_FORM
