"""A change in full: every value with all its lines, and why it is where it is."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from discotui.ui.command import Place
from discotui.ui.commands import bindings
from discotui.ui.text import clean
from discotui.ui.widgets.facts import facts_grid
from discotui.ui.words_of_changes import Detail

_LABEL_CELLS = 7


class ChangeFacts(Widget):
    """The texts."""

    COMPONENT_CLASSES = {"change-facts--label", "change-facts--strong"}  # noqa: RUF012 - Textual's own form

    DEFAULT_CSS = """
    ChangeFacts {
        height: auto;
        width: 1fr;

        & > .change-facts--label { color: $text-muted; }
        & > .change-facts--strong { text-style: bold; }
    }
    """

    detail: reactive[Detail] = reactive(Detail(), layout=True)

    def render(self) -> Group:
        """Name, state, values, sentences."""
        detail = self.detail
        label = self.get_component_rich_style("change-facts--label")
        strong = self.get_component_rich_style("change-facts--strong")
        parts: list[RenderableType] = [Text(clean(detail.title), strong)]
        if detail.heading:
            parts.append(Text(clean(detail.heading), label))
        if detail.values:
            parts.append(facts_grid(detail.values, label, _LABEL_CELLS))
        if detail.sentences:
            parts += [Text(""), *(Text(clean(sentence)) for sentence in detail.sentences)]
        return Group(*parts)


class ChangeDetail(VerticalScroll, can_focus=True):
    """Shows one change; scrolls with the keys of lists."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.LIST)]

    DEFAULT_CSS = """
    ChangeDetail { scrollbar-size-vertical: 1; padding: 0 1; }
    """

    class Chosen(Message):
        """Enter was pressed: what to do with the change is to be asked."""

    def compose(self) -> ComposeResult:
        """The texts."""
        yield ChangeFacts()

    def show(self, detail: Detail, *, is_same: bool) -> None:
        """Show a change.

        Args:
            detail: In full.
            is_same: It is the one that is shown already, so that what is being read stays in sight.
        """
        self.query_one(ChangeFacts).detail = detail
        if not is_same:
            self.scroll_home(animate=False)

    def action_cursor_down(self) -> None:
        """Scroll by a line."""
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        """Scroll by a line."""
        self.scroll_up(animate=False)

    def action_cursor_page_down(self) -> None:
        """Scroll by a screenful."""
        self.scroll_page_down(animate=False)

    def action_cursor_page_up(self) -> None:
        """Scroll by a screenful."""
        self.scroll_page_up(animate=False)

    def action_cursor_home(self) -> None:
        """Scroll to the top."""
        self.scroll_home(animate=False)

    def action_cursor_end(self) -> None:
        """Scroll to the end."""
        self.scroll_end(animate=False)

    def action_cursor_choose(self) -> None:
        """Ask what to do."""
        self.post_message(self.Chosen())
