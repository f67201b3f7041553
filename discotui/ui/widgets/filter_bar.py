"""The filter: one line to type in, how many items match, and below it what could stand there or why a term cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from discotui.library.completing import Completion
from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import clean, number

_OFFERED_AT_ONCE = 12
_HINT = "enter keeps it · esc clears it · ctrl+s saves it as a view"


class _Underlined(Highlighter):
    """Underlines the terms that cannot be read.

    Attributes:
        spans: Where they begin and end, in characters.
    """

    def __init__(self) -> None:
        self.spans: Sequence[tuple[int, int]] = ()

    def highlight(self, text: Text) -> None:
        """Draw the lines."""
        for start, end in self.spans:
            text.stylize("underline", start, end)


class FilterBar(Vertical):
    """Shows nothing until it is opened, one line while a filter is kept, two while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FILTER)]

    DEFAULT_CSS = """
    FilterBar {
        display: none;
        height: auto;

        &.-open { display: block; }
        & Horizontal { height: 1; }
        & #slash { width: 2; color: $accent; }
        & Input { width: 1fr; }
        & #matches { width: auto; color: $text-muted; margin-left: 1; }
        & #offers { height: 1; padding-left: 2; color: $text-muted; display: none; }
        &:focus-within #offers { display: block; }
        &.-wrong #offers { color: $text-warning; display: block; height: auto; max-height: 2; }
    }
    """

    class Typed(Message):
        """The text has changed.

        Attributes:
            text: What it is now.
            cursor: Where the cursor stands in it.
        """

        def __init__(self, text: str, cursor: int) -> None:
            super().__init__()
            self.text = text
            self.cursor = cursor

    def __init__(self) -> None:
        super().__init__()
        self._underlined = _Underlined()
        self._completions: Sequence[Completion] = ()
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """The line, and what is said below it."""
        with Horizontal():
            yield Static("/", id="slash")
            yield Input(compact=True, highlighter=self._underlined, select_on_focus=False)
            yield Static(id="matches")
        yield Static(id="offers")

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    @property
    def is_open(self) -> bool:
        """It is on the screen."""
        return self.has_class("-open")

    def open(self) -> None:
        """Show it, and type into it."""
        field = self.query_one(Input)
        field.cursor_position = len(field.value)
        if self.is_open:
            field.focus()
        else:
            self.add_class("-open")
            # What was hidden can take the focus only after the next layout.
            self.call_after_refresh(field.focus)

    def set_text(self, text: str) -> None:
        """Put a filter in, as if it had been typed; "" closes the bar."""
        text = clean(text)
        field = self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self.set_class(bool(text), "-open")
        self.post_message(self.Typed(text, len(text)))

    def show_matches(self, count: int, of: int) -> None:
        """Tell how many items match."""
        self.query_one("#matches", Static).update(Content(f"{number(count)} of {number(of)}"))

    def show_problem(self, spans: Sequence[tuple[int, int]], reason: str) -> None:
        """Underline what cannot be read, and tell why."""
        self._underlined.spans = spans
        self._completions = ()
        self.set_class(True, "-wrong")
        self.query_one("#offers", Static).update(Content(reason))
        # What is in the table was found by something else.
        self.query_one("#matches", Static).update("rows as before")
        self.query_one(Input).refresh()

    def show_offers(self, completions: Sequence[Completion]) -> None:
        """Tell what could stand at the cursor."""
        self._underlined.spans = ()
        self._completions = completions[:_OFFERED_AT_ONCE]
        self._chosen = 0
        self.set_class(False, "-wrong")
        self._draw_offers()
        self.query_one(Input).refresh()

    def _draw_offers(self) -> None:
        line = Content("")
        for place, offer in enumerate(self._completions):
            is_chosen = place == self._chosen
            text = clean(offer.text.strip()) + (f" {number(offer.count)}" if offer.count else "")
            line += Content.styled(text, "$text-accent" if is_chosen else "$text-muted") + Content("  ")
        if not self._completions:
            line = Content(_HINT)
        self.query_one("#offers", Static).update(line)

    # --- keys

    def complete(self) -> bool:
        """Take the completion that is chosen. Whether there was one."""
        if not self._completions:
            return False
        offer = self._completions[self._chosen]
        field = self.query_one(Input)
        text = field.value[: offer.start] + offer.text + field.value[offer.end :]
        cursor = offer.start + len(offer.text)
        with self.prevent(Input.Changed):
            field.value = text
        field.cursor_position = cursor
        self.post_message(self.Typed(text, cursor))
        return True

    def choose(self, steps: int) -> None:
        """Go on to another completion."""
        if self._completions:
            self._chosen = (self._chosen + steps) % len(self._completions)
            self._draw_offers()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter, which the input has taken."""
        event.stop()
        await self.run_action("screen.command('filter.keep')")

    def on_descendant_blur(self) -> None:
        """What is kept is read from its beginning."""
        self.query_one(Input).cursor_position = 0

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every key."""
        event.stop()
        self.post_message(self.Typed(event.value, event.input.cursor_position))
