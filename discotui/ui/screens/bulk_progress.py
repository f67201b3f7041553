"""Edits of many items on their way to Discogs: how far they are, pausing them, cancelling the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Label, OptionList, ProgressBar
from textual.widgets.option_list import Option

from discotui.library.done import Done, Progress
from discotui.sync import events
from discotui.ui import words_of_edits
from discotui.ui.screens.changing import ASKED_ABOUT, Changing
from discotui.ui.screens.dialogs import Dialog, Notice, Question
from discotui.ui.session import Session
from discotui.ui.widgets.status_bar import StatusBar

_SECONDS_BETWEEN_LOOKS = 0.5


class ProgressDialog(Dialog[None]):
    """Shows the large edits that are being sent. It may be left any time: they go on.

    Args:
        session: The collection.
        under_way: Gives the edits that are under way, by undo step.
        cancel: Takes back what is left of one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "Pause", show=False),
        Binding("x", "cancel", "Cancel the rest", show=False),
        Binding("b", "give_up", "Back", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("left", "app.focus_previous", "Other", show=False),
        Binding("right", "app.focus_next", "Other", show=False),
    ]

    def __init__(
        self, session: Session, under_way: Callable[[], Mapping[int, Progress]], cancel: Callable[[int], None]
    ) -> None:
        super().__init__("Edits on their way to Discogs")
        self._session = session
        self._under_way = under_way
        self._cancel = cancel
        self._shown: dict[int, Progress] = {}
        self._chosen = 0

    def compose_box(self) -> ComposeResult:
        """The edits, how far the chosen one is, and what can be done."""
        yield OptionList(markup=False, compact=True)
        yield ProgressBar(show_eta=False)
        yield Label("", id="pace")
        with Horizontal(classes="buttons"):
            yield Button("Pause (p)", id="pause", compact=True)
            yield Button("Cancel rest (x)", id="cancel", compact=True)
            yield Button("Back (esc)", id="back", compact=True)

    def on_mount(self) -> None:
        """Keep it up to date."""
        self.query_one(OptionList).can_focus = False
        self.query_one("#back").focus()
        self._show()
        self.set_interval(_SECONDS_BETWEEN_LOOKS, self._show)

    def _show(self) -> None:
        self._shown = dict(self._under_way())
        if not self._shown:
            # Only what is on top can be left: what is open over it is answered first.
            if self.is_active:
                self.dismiss(None)
            return
        if self._chosen not in self._shown:
            self._chosen = next(iter(self._shown))
        options, box = self.query_one(OptionList), self.query_one(".box")
        options.clear_options()
        options.add_options(Option(self._line(step_id), id=str(step_id)) for step_id in self._shown)
        options.highlighted = list(self._shown).index(self._chosen)
        box.border_subtitle = "↑ ↓ choose one" if len(self._shown) > 1 else ""
        progress = self._shown[self._chosen]
        self.query_one(ProgressBar).update(total=progress.total, progress=progress.total - progress.waiting)
        engine = self._session.engine
        is_held = engine is not None and engine.is_held
        pace = words_of_edits.pace(None if engine is None else engine.seconds_to_send(), is_held=is_held)
        self.query_one("#pace", Label).update(Content(pace))
        self.query_one("#pause", Button).label = "Go on (p)" if is_held else "Pause (p)"

    def _line(self, step_id: int) -> Content:
        """How far an edit is; of several the chosen one has a sign, for colours may be few."""
        text = words_of_edits.under_way(self._shown[step_id])
        if len(self._shown) == 1:
            return Content(text)
        return Content(f"› {text}").stylize("bold") if step_id == self._chosen else Content(f"  {text}")

    def action_step(self, lines: int) -> None:
        """Choose another edit, while a button keeps the focus."""
        if self._chosen in self._shown:
            steps = list(self._shown)
            self._chosen = steps[max(0, min(steps.index(self._chosen) + lines, len(steps) - 1))]
            self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        self._chosen = int(event.option.id or 0)
        self._show()

    def action_pause(self) -> None:
        """Send nothing, or go on."""
        engine = self._session.engine
        if engine is not None:
            if engine.is_held:
                engine.send_as_usual()
            else:
                engine.hold_sending()
            self._show()

    def action_cancel(self) -> None:
        """Take back what Discogs has not been told; of an undoing, tell what does that."""
        step_id = self._chosen
        progress = self._shown.get(step_id)
        if progress is None:
            return
        if progress.is_undoing:
            self.app.push_screen(Notice("An undoing", words_of_edits.not_cancelling(progress)))
            return
        question = Question(
            "Cancel the rest", words_of_edits.cancelling(progress), yes="Cancel the rest", no="Let it go on"
        )
        # What is asked about stays as it is while it is asked.
        engine = self._session.engine
        was_held = engine is None or engine.is_held
        if engine is not None:
            engine.hold_sending()

        def answered(yes: bool | None) -> None:
            if yes:
                self._cancel(step_id)
            if engine is not None and not was_held:
                engine.send_as_usual()
            self._show()

        self.app.push_screen(question, answered)

    def on_screen_suspend(self) -> None:
        """Its borders would be taken for those of the question over it."""
        self.query(".box").set(visible=False)

    def on_screen_resume(self) -> None:
        """The question is answered."""
        self.query(".box").set(visible=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click, or enter."""
        if event.button.id == "pause":
            self.action_pause()
        elif event.button.id == "cancel":
            self.action_cancel()
        else:
            self.action_give_up()


class BulkProgress(Changing):
    """Follows large edits until all of them is at Discogs."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._large: dict[int, Progress] = {}
        self._refusals = 0

    def large_edits(self) -> Mapping[int, Progress]:
        """The large edits that are not at Discogs yet, by undo step, oldest first."""
        library = self.session.library
        found = library.edits_under_way(ASKED_ABOUT)
        for step_id in self._large.keys() - found.keys():
            progress = library.progress(step_id)
            if progress is not None and progress.waiting:
                found[step_id] = progress
        return dict(sorted(found.items()))

    def on_mount(self) -> None:
        """Not with each answer of Discogs: there is one a second."""
        self.set_interval(1.0, self._follow_large)

    def _show_result(self, result: Done, words: Callable[[Done], str], *, follows: bool = False) -> None:
        """A large edit is followed from its beginning: a fast answer could else overtake the first look."""
        if (
            result.step_id
            and result.count > ASKED_ABOUT
            and (progress := self.session.library.progress(result.step_id))
        ):
            self._large[result.step_id] = progress
        super()._show_result(result, words, follows=follows)

    def _follow_large(self) -> None:
        """How far the large edits are, in the status line; what is to be said of those that have come to an end."""
        if not self._large and self.session.library.waiting_count() <= ASKED_ABOUT:
            return
        former, self._large = self._large, dict(self.large_edits())
        for step_id in former.keys() - self._large.keys():
            self._ended(self.session.library.progress(step_id))
        engine = self.session.engine
        is_held = engine is not None and engine.is_held
        seconds = engine.seconds_to_send() if engine is not None and self._large else None
        text = words_of_edits.progress_in_short(self._large.values(), seconds, is_held=is_held)
        if self.session.start.is_read_only:
            # Nothing can be done about it from here.
            text = text.removesuffix(" · b")
        self.query_one(StatusBar).update(sending=text)

    def _ended(self, progress: Progress | None) -> None:
        """All that could be sent of a large edit has been; what was not accepted stays marked, the rest does not."""
        if not self._large:
            self._refusals = 0
        if progress is None or progress.in_conflict:
            return
        if not progress.refused:
            self.say(words_of_edits.all_sent(progress))
            return
        self.mark_only(progress.refused, of=progress.items)
        self.tell(words_of_edits.partly_refused(progress, self.items_of(progress.refused)), severity="error")

    def tell_declined(self, declined: events.Declined) -> None:
        """Of a large edit the first refusal is told at once, the others are counted and listed at its end."""
        self._refusals += 1
        if self._refusals == 1 or not self._large:
            super().tell_declined(declined)

    def do_bulk_progress(self) -> None:
        """Look at them, pause or cancel them."""
        if self.is_carrying_out or self.is_preparing:
            self.after_edits(self.do_bulk_progress)
        elif self.large_edits():
            self.app.push_screen(ProgressDialog(self.session, self.large_edits, self._cancel_rest))
        else:
            self.say(f"no edit of more than {ASKED_ABOUT} items is on its way")

    def _cancel_rest(self, step_id: int) -> None:
        self._in_slices(lambda: self.session.library.cancelling(step_id), words_of_edits.cancelled)
