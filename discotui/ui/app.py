"""The application: opens a collection, or the welcome screen when it is not known which."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import events, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from discotui.credentials import CredentialFile
from discotui.errors import LibraryError
from discotui.paths import config_folder
from discotui.start import Kind, Start, api_url_of, start_demo, with_user
from discotui.ui.gate import Gate, harmless
from discotui.ui.keys import OrderedKeys
from discotui.ui.messages import ToldToLeave
from discotui.ui.providers import MainProvider
from discotui.ui.screens.command_screen import CommandScreen
from discotui.ui.screens.main import MainScreen
from discotui.ui.screens.welcome import Opened, WelcomeScreen
from discotui.ui.session import Session, open_session
from discotui.ui.text import clean
from discotui.ui.themes import RECORD_SLEEVE
from discotui.ui.wording import explain


def _style_sheet() -> Path:
    """The style sheet: in the installed package, or at the top of the checkout."""
    packaged = Path(str(resources.files("discotui"))) / "textual.css"
    return packaged if packaged.exists() else packaged.parent.parent / "textual.css"


class LeavingExecutor(ThreadPoolExecutor):
    """Runs the threads of the program, and does not keep it from ending: one may wait for a dead connection."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let threads that still run be."""
        super().shutdown(wait=False, cancel_futures=wait or cancel_futures)


class DiscotuiApp(OrderedKeys[int]):
    """The program on the screen.

    Args:
        start: What to open; None asks on the welcome screen.
        environ: The environment, for the API's address.
        read_only: Refuse edits, whatever is opened.
        leaving: Told the exit code as soon as it is decided that the program ends.

    Attributes:
        last_words: What is to be said when the screen has been left, "" for nothing.
    """

    TITLE = "discotui"
    CSS_PATH = _style_sheet()
    COMMANDS = {MainProvider}  # noqa: RUF012 - Textual's own form
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"),
        (60, "-narrow"),
        (80, "-normal"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        # Leaving goes through the command, which asks; the terminal's own ways stay.
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
    ]

    def __init__(
        self,
        start: Start | None,
        *,
        environ: Mapping[str, str] | None = None,
        read_only: bool = False,
        leaving: Callable[[int], object] = lambda _: None,
    ) -> None:
        super().__init__()
        self._start = start
        self._environ = os.environ if environ is None else environ
        self._read_only = read_only
        self._leaving = leaving
        self._gate = Gate()
        self._demo_folder: tempfile.TemporaryDirectory[str] | None = None
        self.session: Session | None = None
        self.last_words = ""

        self.register_theme(RECORD_SLEEVE)
        self.theme = RECORD_SLEEVE.name

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing is drawn but through the gate."""
        return [*super().get_line_filters(), self._gate]

    def copy_to_clipboard(self, text: str) -> None:
        """What is copied is pasted elsewhere, perhaps into a shell."""
        super().copy_to_clipboard(clean(text, lines=True))

    def _print_error_renderables(self) -> None:
        """A crash is told in full; but what is in its words, and in the values it shows, is not ours."""
        console = self.error_console
        self._exit_renderables[:] = [harmless(console.render(each)) for each in self._exit_renderables]
        super()._print_error_renderables()

    async def on_event(self, event: events.Event) -> None:
        """What is pasted is cleaned: inputs draw their text as it is, controls and all."""
        if isinstance(event, events.Paste):
            event.text = clean(event.text, lines=True)
        await super().on_event(event)

    def on_mount(self) -> None:
        """Straight to the collection, if it is known which."""
        asyncio.get_running_loop().set_default_executor(LeavingExecutor())
        if self._start is not None and self._start.user:
            self._open(self._start)
        else:
            self._welcome(self._start)

    @work
    async def _welcome(self, pending: Start | None, trouble: str = "") -> None:
        screen = WelcomeScreen(api_url_of(self._environ), read_only=self._read_only, pending=pending, trouble=trouble)
        opened = await self.push_screen_wait(screen)
        self._take(opened)

    def _take(self, opened: Opened) -> None:
        """Open what was decided, and keep what is to be kept."""
        start = opened.start
        if start.kind is Kind.DEMO:
            self._demo_folder = tempfile.TemporaryDirectory(prefix="discotui-demo-", ignore_cleanup_errors=True)
            start = start_demo(Path(self._demo_folder.name), read_only=start.read_only)
        elif start.token is not None:
            try:
                start = with_user(start, start.user)
                if opened.keep:
                    CredentialFile(config_folder()).save(start.token, start.user, start.api_url)  # type: ignore[arg-type]
            except OSError as error:
                self.notify(
                    f"The token could not be kept for next time: {error.strerror}.", severity="warning", markup=False
                )
        self._open(start)

    def _open(self, start: Start) -> None:
        try:
            self.session = open_session(start)
        except LibraryError as error:
            self.last_words = f"discotui: {explain(error)}"
            self.exit(1, 1)
            return
        self.push_screen(MainScreen(self.session))

    def leave(self, code: int) -> None:
        """End the program without a question. May be called from any thread.

        Args:
            code: The exit code.
        """
        self.post_message(ToldToLeave(code))

    def on_told_to_leave(self, message: ToldToLeave) -> None:
        """What is not sent is kept; what is not saved is gone."""
        self.exit(message.code, message.code)

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the program; from here on its time runs."""
        self._leaving(return_code)
        super().exit(result, return_code, message)

    async def action_leave(self) -> None:
        """Ctrl and q: like q, wherever one is."""
        screen = next((screen for screen in self.screen_stack if isinstance(screen, MainScreen)), None)
        if screen is None:
            self.exit(0)
        else:
            screen.do_app_quit()

    def action_command_palette(self) -> None:
        """Above a dialog, and in a window that is too small, there is nothing that it could offer."""
        if isinstance(self.screen, CommandScreen) and not self.screen.is_too_small:
            super().action_command_palette()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own commands, those that make sense here."""
        for command in super().get_system_commands(screen):
            if command.title == "Theme":
                yield command

    def on_unmount(self) -> None:
        """Stop the threads, close the file, leave nothing of the demo behind."""
        if self.session is not None:
            self.session.close()
        if self._demo_folder is not None:
            self._demo_folder.cleanup()
