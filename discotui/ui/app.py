"""The application: opens a collection, or the welcome screen when it is not known which."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual import events, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from discotui.credentials import CredentialFile
from discotui.errors import LibraryError
from discotui.library.last_seen import last_seen
from discotui.paths import config_folder
from discotui.start import Kind, Start, api_url_of, start_demo, with_user
from discotui.ui.gate import Gate, harmless
from discotui.ui.housekeeping import Housekeeping
from discotui.ui.keys import OrderedKeys
from discotui.ui.last_seen import LastSeen
from discotui.ui.messages import OpeningEnded, ToldToLeave
from discotui.ui.opening import Opening
from discotui.ui.screens.opening import OpeningScreen
from discotui.ui.text import clean
from discotui.ui.themes import RECORD_SLEEVE

if TYPE_CHECKING:
    from textual.command import Provider

    from discotui.ui.screens.main import MainScreen
    from discotui.ui.screens.welcome import Opened
    from discotui.ui.session import Session

_FILE_SECONDS = 0.3
"""How long leaving waits for a collection that is just being opened."""


def _style_sheet() -> Path:
    """The style sheet: in the installed package, or at the top of the checkout."""
    packaged = Path(__file__).parents[1] / "textual.css"
    return packaged if packaged.exists() else packaged.parent.parent / "textual.css"


def _provider() -> type[Provider]:
    """The palette's own offers; like all of the main screen, not loaded before the first frame."""
    from discotui.ui.providers import MainProvider  # noqa: PLC0415

    return MainProvider


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
    COMMANDS = {_provider}  # noqa: RUF012 - Textual's own form
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
        self._housekeeping = Housekeeping(is_plain=lambda: self.screen is self._main)
        self._opening: Opening | None = None
        self._main: MainScreen | None = None
        self._demo_folder: tempfile.TemporaryDirectory[str] | None = None
        self.session: Session | None = None
        self.last_words = ""

        self.register_theme(RECORD_SLEEVE)
        self.theme = RECORD_SLEEVE.name
        self.stylesheet.set_variables(self.get_css_variables())
        self._has_first_rules = True

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing is drawn but through the gate."""
        return [*super().get_line_filters(), self._gate]

    def refresh_css(self, animate: bool = True) -> None:
        """Apply another theme. The first one needs none of it, and reading all rules again would cost a frame."""
        if self._has_first_rules:
            self._has_first_rules = False
            self.stylesheet.update(self, animate=animate)
        else:
            super().refresh_css(animate)

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
        if isinstance(event, events.InputEvent):
            self._housekeeping.touched()
        if self._opening is not None:
            if isinstance(event, events.MouseEvent):
                return
            if isinstance(event, events.Key) and self._leaves(event.key):
                self.exit(0)
                return
        await super().on_event(event)

    def _leaves(self, key: str) -> bool:
        """Whether a key leaves while the collection is being opened."""
        # Behind others it may be a letter, of a filter, for one, that was begun.
        return key in ("ctrl+q", "ctrl+c") or (key == "q" and not self.has_kept_keys)

    def on_mount(self) -> None:
        """Straight to the collection, if it is known which."""
        asyncio.get_running_loop().set_default_executor(LeavingExecutor())
        self._housekeeping.take_over()
        self.set_interval(1.0, self._housekeeping.look)
        if self._start is not None and self._start.user:
            self._open(self._start)
        else:
            self._welcome(self._start)

    @work
    async def _welcome(self, pending: Start | None, trouble: str = "") -> None:
        from discotui.ui.screens.welcome import WelcomeScreen  # noqa: PLC0415 - only where it is wanted

        gc.enable()
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
        """Show at once what was seen last, and open the collection meanwhile; keys wait for it."""
        self._opening = Opening(start)
        self.hold_keys()
        seen = LastSeen.from_text(last_seen(start.library_path))
        self.push_screen(OpeningScreen(start, seen, drawn=self._run_opening))

    @work(thread=True, name="open")
    def _run_opening(self) -> None:
        if self._opening is None:
            return
        error: LibraryError | None = None
        try:
            self._opening.run()
        except LibraryError as its:
            error = its
        self.post_message(OpeningEnded(error))

    def on_opening_ended(self, message: OpeningEnded) -> None:
        """The main screen takes over."""
        from discotui.ui.screens.main import MainScreen  # noqa: PLC0415 - loaded by now
        from discotui.ui.wording import explain  # noqa: PLC0415

        if message.error is not None:
            self.last_words = f"discotui: {explain(message.error)}"
            self.exit(1, 1)
            return
        self.session = self._opening.take() if self._opening else None
        if self.session is None:
            return
        self._opening = None
        if self.session.library.salvaged is not None:
            # They were meant for a collection that is not the same any more, and must not answer what is told now.
            self.drop_keys()
        self._main = MainScreen(self.session)
        self.switch_screen(self._main)
        self._main.call_after_refresh(self.give_keys)

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
        if self._main is None:
            self.exit(0)
        else:
            self._main.do_app_quit()

    def action_command_palette(self) -> None:
        """Above a dialog, and in a window that is too small, there is nothing that it could offer."""
        from discotui.ui.screens.command_screen import CommandScreen  # noqa: PLC0415 - not before the first frame

        if isinstance(self.screen, CommandScreen) and not self.screen.is_too_small:
            super().action_command_palette()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own commands, those that make sense here."""
        for command in super().get_system_commands(screen):
            if command.title == "Theme":
                yield command

    def on_unmount(self) -> None:
        """Stop the threads, close the file, leave nothing of the demo behind."""
        self._housekeeping.give_back()
        if self._opening is not None:
            self._opening.abandon(_FILE_SECONDS)
        if self.session is not None:
            self.session.close()
        if self._demo_folder is not None:
            self._demo_folder.cleanup()
