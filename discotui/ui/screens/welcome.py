"""The first screen: how to get a token, and what can be seen without one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Input, Label, Static

from discotui.credentials import TOKEN_FORM
from discotui.errors import DiscotuiError, NotLoggedIn, Offline
from discotui.start import DISCOGS_URL, TOKEN_PAGE, Kind, Start
from discotui.ui.text import clean
from discotui.ui.widgets.token_input import TokenInput
from discotui.ui.wording import explain

_WHAT = "Your Discogs collection in the terminal: browse, rate, move and annotate your records, online or off."
_TEXT = (
    "It needs a personal access token. At Discogs, logged in, open\n"
    "  [bold]$url[/bold]\n"
    "press “Generate new token”, paste it here, and press enter:"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the person decided.

    Attributes:
        start: What to open; a token in it has been checked with Discogs.
        keep: Keep the token for next time.
    """

    start: Start
    keep: bool = False


class WelcomeScreen(Screen[Opened]):
    """Takes a token, or opens the demo or a public collection.

    Args:
        api_url: Where the API is.
        read_only: Passed on.
        pending: A token whose user is not known yet: it is checked at once.
        trouble: Why the last attempt failed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("ctrl+q", "leave", "Leave", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, api_url: str, *, read_only: bool, pending: Start | None = None, trouble: str = "") -> None:
        super().__init__()
        self._api_url = api_url
        self._read_only = read_only
        self._pending = pending
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with VerticalScroll(classes="box") as box:
            box.border_title = "discotui"
            box.can_focus = False
            yield Static(_WHAT, id="what")
            yield Static(Content.from_markup(_TEXT, url=TOKEN_PAGE), id="how")
            if self._api_url != DISCOGS_URL:
                yield Static(Content(f"It goes to {clean(self._api_url)}, not to Discogs."), id="where")
            yield TokenInput(placeholder="token", id="token")
            yield Label("", id="trouble")
            yield Label("Without a token", classes="label")
            with Horizontal(classes="line"):
                yield Input(placeholder="a user's name", id="user", compact=True)
                yield Button("Look at their collection", id="public", compact=True)
            with Horizontal(classes="line"):
                yield Button("Open the demo", id="demo", compact=True)
                yield Label("a sample to try everything", classes="aside")
            yield Label("tab goes on · enter chooses · esc leaves", classes="hint")

    def on_mount(self) -> None:
        """A token that is there already is checked at once."""
        self.query_one("#token").focus()
        if self._trouble:
            self._tell(self._trouble)
        if self._pending is not None:
            self._ask(self._pending, keep=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A token, or a user's name."""
        if event.input.id == "user":
            self._open_public()
            return
        token = self.query_one(TokenInput).token
        if not token.is_plausible:
            self._tell(f"That cannot be a token: {TOKEN_FORM}.")
            return
        self._ask(Start(Kind.OWN, "", token, self._api_url, self._read_only), keep=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The ways without a token."""
        if event.button.id == "demo":
            self.dismiss(Opened(Start(Kind.DEMO, read_only=self._read_only)))
        else:
            self._open_public()

    def _open_public(self) -> None:
        user = self.query_one("#user", Input).value.strip()
        if user:
            self.dismiss(Opened(Start(Kind.PUBLIC, user, None, self._api_url)))
        else:
            self._tell("Whose? Type a user's name first.")
            self.query_one("#user").focus()

    def _ask(self, start: Start, *, keep: bool) -> None:
        self._tell("asking Discogs whose token it is …")
        self._check(start, keep)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _check(self, start: Start, keep: bool) -> None:
        """Ask Discogs; in a thread."""
        try:
            with start.client() as client:
                user = client.identity().username
        except NotLoggedIn:
            result: Opened | str = "Discogs does not accept this token. Check it, or make a new one."
        except Offline:
            result = "Discogs cannot be reached. Check the network, then press enter again."
        except DiscotuiError as error:
            result = explain(error)
        else:
            result = Opened(replace(start, user=user), keep)
        if self.is_attached:
            self.app.call_from_thread(self._checked, result)

    def _checked(self, result: Opened | str) -> None:
        if isinstance(result, Opened):
            self.dismiss(result)
        else:
            self._tell(result)

    def _tell(self, text: str) -> None:
        self.query_one("#trouble", Label).update(Content(clean(text)))

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit(0)
