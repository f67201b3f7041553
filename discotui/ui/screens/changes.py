"""The screen of the changes: what asks for a decision, what was refused, what waits, and the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widgets import Input

from discotui import errors
from discotui.library.aside import Vanished
from discotui.library.core import Changes
from discotui.library.outbox import Pending
from discotui.library.past import Past
from discotui.ui import words_of_decisions as words
from discotui.ui.command import Command, Place
from discotui.ui.command_list import CHANGES_GROUP
from discotui.ui.commands import bindings, in_place
from discotui.ui.listed_changes import Decision, Listed, found_sections, sections
from discotui.ui.screens.command_screen import CommandScreen
from discotui.ui.screens.dialogs import Choice, Pick, Question
from discotui.ui.session import Session
from discotui.ui.widgets.change_detail import ChangeDetail
from discotui.ui.widgets.change_list import ChangeList
from discotui.ui.widgets.key_bar import KeyBar
from discotui.ui.widgets.status_bar import Status, StatusBar
from discotui.ui.wording import explain
from discotui.ui.words_of_changes import Detail

HISTORY_STEP = 500
"""So many more changes of the history are read whenever the cursor comes to its end."""

_DECISIONS = {decision.value: decision for decision in Decision}


class SearchInput(Input):
    """Words to be found in the history; the arrows leave it for the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,up,enter", "screen.leave_search", "List", show=False),
    ]


class Edits(Protocol):
    """Where edits are made, and what they change is shown."""

    def show_changes(self, changes: Changes) -> None:
        """Show what is other than before."""

    def do_edit_undo(self) -> None:
        """Take back the last edit, and tell so."""

    def do_edit_redo(self) -> None:
        """Do again what was undone, and tell so."""


class ChangesScreen(CommandScreen):
    """Lists changes, and carries out what is decided about them.

    It is up to date as long as somebody calls :meth:`follow`, which the main screen does.

    Args:
        session: The collection.
        edits: Shows elsewhere what a decision changed, and undoes and redoes edits.
    """

    AUTO_FOCUS = "ChangeList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.CHANGES)]

    help_first = CHANGES_GROUP

    def __init__(self, session: Session, edits: Edits) -> None:
        super().__init__(session)
        self._edits = edits
        self._limit = HISTORY_STEP
        self._waiting: Sequence[Pending] = ()
        self._failed: Sequence[Past] = ()
        self._vanished: Sequence[Vanished] = ()
        self._history: Sequence[Past] = ()
        self._version: object = None
        self._vanished_version: object = None
        self._shown_key: object = None

    def compose(self) -> ComposeResult:
        """The list, and beside or below it the change under the cursor."""
        with Container(id="changes"):
            with Vertical(id="list", classes="pane") as listing:
                listing.border_title = "Changes"
                yield SearchInput(placeholder="words: artist, title, field, text", compact=True)
                yield ChangeList(self.session.library)
            with Vertical(id="detail", classes="pane") as detail:
                detail.border_title = "In full"
                yield ChangeDetail()
        yield self.too_small()
        yield StatusBar()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what there is."""
        self.query_one(ChangeList).placeholder = words.NOTHING_FOUND
        self.query_one(SearchInput).display = False
        self._read(keep_cursor=False)

    def on_resize(self) -> None:
        """What a window that was too small had hidden gets its focus back."""
        if not self.is_too_small and self.focused is None:
            self.call_after_refresh(self.query_one(ChangeList).focus)

    @property
    def places(self) -> tuple[Place, ...]:
        """The same whatever has the focus."""
        return (Place.CHANGES, Place.ANYWHERE)

    def say(self, text: str, *, seconds: float = 6.0) -> None:
        """Tell quietly what was done."""
        self.query_one(StatusBar).say(text, seconds)

    # --- what is shown --------------------------------------------------------------------------------

    def follow(self, status: Status) -> None:
        """Something may have happened, or a second has gone by.

        Args:
            status: How things stand.

        Raises:
            NoMatches: The screen is being opened or closed, so that parts of it are missing.
        """
        self.query_one(StatusBar).status = status
        library = self.session.library
        if self._version != self._version_now() or self._waiting != library.outgoing.waiting():
            self._read()
        else:
            # Only ages and rests may differ.
            self.query_one(ChangeList).redraw_changed()
            self._show_detail()

    def _version_now(self) -> tuple[int, object, bool]:
        """Of the history, of what is set aside, and whether nothing is sent."""
        library, engine = self.session.library, self.session.engine
        is_held = engine is not None and engine.is_held
        return library.deciding.history_version, library.vanished_version(), is_held

    @property
    def _search(self) -> str:
        return self.query_one(SearchInput).value.strip()

    def _read(self, *, keep_cursor: bool = True, steps_on: bool = False) -> None:
        """Show what the library has now; see :meth:`ChangeList.show`."""
        library, deciding = self.session.library, self.session.library.deciding
        version, self._waiting = self._version_now(), library.outgoing.waiting()
        try:
            self._failed = deciding.failed()
            self._history = deciding.history(self._search, self._limit)
            if version[1] != self._vanished_version:
                self._vanished, self._vanished_version = library.vanished(), version[1]
        except errors.LibraryError as error:
            self.tell(explain(error), severity="error")
        self._version = version
        more = len(self._history) >= self._limit
        changes = self.query_one(ChangeList)
        if self._search:
            listed = found_sections(self._history, more=more)
        else:
            is_held = version[2]
            listed = sections(self._waiting, self._failed, self._vanished, self._history, more=more, is_held=is_held)
        changes.show(listed, keep_cursor=keep_cursor, steps_on=steps_on)
        self._show_row()

    @on(ChangeList.RowUnderCursor)
    def _row_changed(self) -> None:
        if self.query_one(ChangeList).is_at_end and len(self._history) >= self._limit:
            self._limit += HISTORY_STEP
            self._read()
        else:
            self._show_row()

    def _show_row(self) -> None:
        self._show_detail()
        commands = [command for command in in_place(*self.places) if command.rank and self._is_offered(command)]
        self.query_one(KeyBar).commands = tuple(sorted(commands, key=lambda command: command.rank))

    def _show_detail(self) -> None:
        key: object = None
        row = self.query_one(ChangeList).current
        if row is None:
            key, detail = None, Detail()
        elif row[1] is None:
            key, detail = row[0].words.title, row[0].detail
        else:
            key, detail = (type(row[1]), row[1].number), row[1].detail(self.session.library, self._now)
        self.query_one(ChangeDetail).show(detail, is_same=key == self._shown_key)
        self._shown_key = key

    @property
    def _now(self) -> float:
        return self.session.library.incoming.now()

    # --- commands -------------------------------------------------------------------------------------

    def _is_offered(self, command: Command) -> bool:
        """Whether a command makes sense for the line under the cursor."""
        if self.why_not(command) is not None:
            return False
        return command.id not in _DECISIONS or _DECISIONS[command.id] in self._choices

    @property
    def _meant(self) -> Sequence[Listed]:
        """The change under the cursor; on a heading all that stands below it."""
        row = self.query_one(ChangeList).current
        if row is None:
            return ()
        section, change = row
        return section.changes if change is None else (change,)

    @property
    def _choices(self) -> dict[Decision, str]:
        """What can be decided about it."""
        row = self.query_one(ChangeList).current
        if row is None:
            return {}
        section, change = row
        if change is not None:
            return change.choices(self._now)
        return {decision: words.for_all(choice, len(section.changes)) for decision, choice in section.choices.items()}

    def do_changes_keep_mine(self) -> None:
        """Send mine over theirs."""
        self._decide(Decision.KEEP_MINE, self._meant)

    def do_changes_take_theirs(self) -> None:
        """Leave it as Discogs has it."""
        self._decide(Decision.TAKE_THEIRS, self._meant)

    def do_changes_retry(self) -> None:
        """Let it go now, or do it once more."""
        self._decide(Decision.RETRY, self._meant)

    def do_changes_drop(self) -> None:
        """Give it up."""
        self._decide(Decision.DROP, self._meant)

    @on(ChangeList.Chosen)
    @on(ChangeDetail.Chosen)
    def _ask_what(self) -> None:
        """Enter: what can be done is listed."""
        if self.is_too_small:
            return
        row, choices, meant = self.query_one(ChangeList).current, self._choices, self._meant
        if row is None or not choices or self.session.start.is_read_only:
            self._say_no(meant)
            return
        section, change = row
        title = section.words.title if change is None else change.line(self.session.library, self._now).title
        listed = [Choice(decision, label) for decision, label in choices.items()]
        self.ask(Pick(title, listed, hint="what to do"), lambda decision: self._decide(decision, meant))

    def _decide(self, decision: Decision, meant: Sequence[Listed]) -> None:
        """Carry out a decision; ask first where it is about several changes, or gives one up that was not sent.

        Args:
            decision: What.
            meant: About what, as far as that is possible.
        """
        now = self._now
        able = [change for change in meant if decision in change.choices(now)]
        if not able:
            self._say_no(meant, decision)
        elif len(able) > 1 or decision in able[0].asked:
            line, choice = able[0].line(self.session.library, now), able[0].choices(now)[decision]
            question = words.question(choice, line, len(able), asked=decision in able[0].asked)
            label = choice if len(able) == 1 else words.for_all(choice, len(able))
            self.ask_yes(Question(label, question, yes=label, no=words.LEAVE), lambda: self._carry_out(decision, able))
        else:
            self._carry_out(decision, able)

    def _say_no(self, meant: Sequence[Listed], decision: Decision | None = None) -> None:
        """Why a key does nothing here."""
        if self.session.start.is_read_only:
            self.say(explain(errors.ReadOnly()))
        elif decision is Decision.RETRY and meant and meant[0].goes_by_itself:
            engine = self.session.engine
            if engine is not None and engine.is_held:
                engine.send_as_usual()
                self.say(words.GOES_ON)
            else:
                self.say(words.GOES_BY_ITSELF)
        else:
            self.say(words.nothing_to_decide(self._choices.values()))

    def _carry_out(self, decision: Decision, changes: Sequence[Listed]) -> None:
        try:
            changed = changes[0].decide(self.session.library, decision, changes)
        except errors.EditRefused as error:
            self.say(explain(error))
        except errors.LibraryError as error:
            self.tell(explain(error), severity="error")
        else:
            self.say(words.decided(changes[0].choices(self._now)[decision], len(changes)))
            self._read(steps_on=True)
            self._edits.show_changes(changed)
            return
        self._read()

    def do_edit_undo(self) -> None:
        """As on the main screen."""
        self._edits.do_edit_undo()

    def do_edit_redo(self) -> None:
        """As on the main screen."""
        self._edits.do_edit_redo()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a window that is too small nothing is decided unseen."""
        return action != "command" or not self.is_too_small or parameters[:1] == ("changes.back",)

    # --- moving about ---------------------------------------------------------------------------------

    def do_changes_search(self) -> None:
        """Words to be found."""
        search = self.query_one(SearchInput)
        search.display = True
        search.focus()

    @on(Input.Changed)
    def _searched(self) -> None:
        self._limit = HISTORY_STEP
        self._read(keep_cursor=False)

    def action_leave_search(self) -> None:
        """To what was found."""
        self.query_one(ChangeList).focus()

    def do_changes_detail(self) -> None:
        """From the list to the texts, and back."""
        changes, detail = self.query_one(ChangeList), self.query_one(ChangeDetail)
        (changes if detail.has_focus else detail).focus()

    def do_changes_back(self) -> None:
        """One level back: out of the texts, out of the search, to the collection."""
        search, changes = self.query_one(SearchInput), self.query_one(ChangeList)
        if self.query_one(ChangeDetail).has_focus:
            changes.focus()
        elif search.display:
            with search.prevent(Input.Changed):
                search.value = ""
            search.display = False
            changes.focus()
            self._limit = HISTORY_STEP
            self._read()
        else:
            self.dismiss()
