"""The small dialogs: a question, a list that narrows as one types, a name.

Questions are answered with y or n; enter and esc mean no where something would be lost. Lists take the first
match with enter. All text that is not ours goes through :func:`clean`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, OptionList
from textual.widgets.option_list import Option

from discotui.library.folding import fold
from discotui.ui.text import clean

_Key = TypeVar("_Key")


class Dialog(ModalScreen[_Key]):
    """Base of all dialogs: a titled box in the middle; esc answers :attr:`on_escape`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "Back", show=False)]

    on_escape: _Key | None = None

    def __init__(self, title: str) -> None:
        super().__init__()
        self._box_title = title

    def compose(self) -> ComposeResult:
        """The box; subclasses fill it in :meth:`compose_box`."""
        with Vertical(classes="box") as box:
            box.border_title = Content(clean(self._box_title))
            yield from self.compose_box()

    @abstractmethod
    def compose_box(self) -> ComposeResult:
        """What stands in the box."""

    @property
    def has_typed(self) -> bool:
        """Something was typed that nobody would like to type again."""
        return False

    def action_give_up(self) -> None:
        """Esc."""
        if not self.has_typed:
            self.dismiss(self.on_escape)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(self.on_escape)

        self.app.push_screen(unsaved("Unsaved text"), answered)


class Question(Dialog[bool]):
    """Asks for yes or no.

    Args:
        title: The question in a word or two.
        text: The whole question.
        yes: What the yes button says.
        no: What the no button says.
        is_safe: Enter means yes, because nothing would be lost.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
        Binding("left,right", "app.focus_next", "Other", show=False),
    ]

    on_escape = False

    def __init__(self, title: str, text: str, *, yes: str = "Yes", no: str = "No", is_safe: bool = False) -> None:
        super().__init__(title)
        self._text = text
        self._yes = yes
        self._no = no
        self._is_safe = is_safe

    def compose_box(self) -> ComposeResult:
        """The question over its two answers; the one without loss has the focus."""
        yield Label(Content(clean(self._text, lines=True)), classes="text")
        with Horizontal(classes="buttons"):
            yield Button(Content(f"{self._yes} (y)"), id="yes", compact=True)
            yield Button(Content(f"{self._no} (n)"), id="no", compact=True)

    def on_mount(self) -> None:
        """What is asked may be another thing by now; and enter must not lose anything."""
        self._show()

    def put(self, text: str, *, is_safe: bool) -> None:
        """Ask something else, now that it is known; arguments as of the class."""
        self._text, self._is_safe = text, is_safe
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        self.query_one(".text", Label).update(Content(clean(self._text, lines=True)))
        self.query_one("#yes" if self._is_safe else "#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click, or enter."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """A letter."""
        self.dismiss(yes)


def unsaved(title: str) -> Question:
    """The question before something goes that was typed."""
    return Question(title, "What you typed is not saved. Throw it away?", yes="Throw away", no="Go on editing")


class Notice(Dialog[None]):
    """Tells something that has to be read, and stays until it has been.

    Args:
        title: It in a word or two.
        text: All of it.
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self._text = text

    def compose_box(self) -> ComposeResult:
        """The text over the one way on."""
        yield Label(Content(clean(self._text, lines=True)), classes="text")
        with Horizontal(classes="buttons"):
            yield Button("Go on (enter)", compact=True)

    def on_button_pressed(self) -> None:
        """A click, or enter."""
        self.dismiss(None)


@dataclass(frozen=True, slots=True)
class Choice(Generic[_Key]):
    """A line of a list to choose from.

    Attributes:
        key: What is answered.
        label: Any text.
        detail: Shown behind it, such as a count. Any text.
    """

    key: _Key
    label: str
    detail: str = ""


class Pick(Dialog[_Key]):
    """A list that narrows as one types; enter takes the line under the cursor, which is the first match.

    Args:
        title: What is chosen.
        choices: In their order.
        hint: Shown while nothing is typed.
        current: The choice that the cursor starts on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Down", show=False),
        Binding("up", "step(-1)", "Up", show=False),
        Binding("pagedown", "step(8)", "Page down", show=False),
        Binding("pageup", "step(-8)", "Page up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice[_Key]], *, hint: str, current: _Key | None = None) -> None:
        super().__init__(title)
        self._choices = choices
        self._matches = list(choices)
        self._hint = hint
        self._current = current

    def compose_box(self) -> ComposeResult:
        """What one types, and what is left to choose from."""
        yield Input(placeholder=self._hint, compact=True)
        yield OptionList(markup=False, compact=True)
        yield Label("enter chooses · esc leaves", classes="hint")

    def on_mount(self) -> None:
        """All choices at first."""
        options = self.query_one(OptionList)
        options.can_focus = False
        self._fill()
        keys = [choice.key for choice in self._matches]
        if self._current in keys:
            options.highlighted = keys.index(self._current)
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list; those that begin with what was typed come first."""
        typed = fold(event.value)
        words = typed.split()
        found = [choice for choice in self._choices if all(word in fold(choice.label) for word in words)]
        found.sort(key=lambda choice: not fold(choice.label).startswith(typed))
        self._matches = found
        self._fill()

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._line(choice)) for choice in self._matches)
        options.highlighted = 0 if self._matches else None
        self.query_one(".hint", Label).update(
            "enter chooses · esc leaves" if self._matches else "nothing of that name · esc leaves"
        )

    @staticmethod
    def _line(choice: Choice[_Key]) -> Content:
        return Content.assemble(clean(choice.label), (f"  {clean(choice.detail)}", "$text-muted"))

    def action_step(self, lines: int) -> None:
        """Move in the list while the cursor stays in the text."""
        options = self.query_one(OptionList)
        if self._matches:
            options.highlighted = max(0, min((options.highlighted or 0) + lines, len(self._matches) - 1))

    def on_input_submitted(self) -> None:
        """Enter."""
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and self._matches:
            self.dismiss(self._matches[highlighted].key)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        self.dismiss(self._matches[event.option_index].key)


class Name(Dialog[str]):
    """Asks for a name.

    Args:
        title: What the name is for.
        value: The name so far.
        hint: Shown while it is empty.
        objection: Tells why a name cannot be taken, "" when it can.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]

    def __init__(
        self, title: str, value: str = "", *, hint: str = "", objection: Callable[[str], str] = lambda _: ""
    ) -> None:
        super().__init__(title)
        self._objection = objection
        self._value = value
        self._hint = hint

    def compose_box(self) -> ComposeResult:
        """The name."""
        yield Input(clean(self._value), placeholder=self._hint, compact=True)
        yield Label("enter saves · esc leaves", classes="hint")

    def on_input_submitted(self) -> None:
        """Enter."""
        self.action_save()

    def action_save(self) -> None:
        """An empty name is no name: the dialog stays."""
        name = self.query_one(Input).value.strip()
        objection = self._objection(name) if name else "A name is needed."
        if objection:
            self.query_one(".hint", Label).update(Content(f"{objection} · esc leaves"))
        else:
            self.dismiss(name)
