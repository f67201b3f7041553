"""How an edit is carried out on the main screen: kept, shown, told; of many items in slices, and asked about first."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Sequence

from discotui import errors
from discotui.library.done import Done
from discotui.library.edits import Edit
from discotui.library.intentions import Intention, Remove, SetNotes
from discotui.library.items import Item
from discotui.library.slicing import Steps
from discotui.ui import wording, words_of_edits
from discotui.ui.between_frames import BetweenFrames
from discotui.ui.screens.dialogs import Question
from discotui.ui.screens.marking import Marking
from discotui.ui.session import Session

ASKED_ABOUT = 20
"""Edits of more items are asked about before: what will change, and what it costs."""


class Changing(Marking):
    """Edits go to the library, which keeps them; the panes follow; sync sends them when it can.

    A command that asks something first edits what was meant when the key was pressed, not what the cursor stands
    on by the time of the answer.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._carrying = BetweenFrames[Done](self)
        self._preparing = BetweenFrames[tuple[Edit, str]](self)
        self._next: deque[Callable[[], None]] = deque()
        self._last_intention: Intention | None = None

    @abstractmethod
    def follow(self, result: Done) -> None:
        """Put the cursor on what an edit brought, where that is in sight of the table or the folders."""

    # --- one edit at once -----------------------------------------------------------------------------

    def edit(
        self, act: Callable[[], Done], words: Callable[[Done], str], *, nothing: str = "", follows: bool = False
    ) -> Done | None:
        """Do an edit and show what it did; an error is told and nothing is changed.

        Args:
            act: Does it.
            words: What is then said.
            nothing: What is said instead when there was nothing to do.
            follows: The cursor goes to what the edit brought.
        """
        try:
            result = act()
        except (errors.EditRefused, errors.LibraryError) as error:
            self._say_why_not(error, nothing)
            return None
        self._show_result(result, words, follows=follows)
        return result

    def _show_result(self, result: Done, words: Callable[[Done], str], *, follows: bool = False) -> None:
        self.show_changes(result.changes)
        if follows:
            self.follow(result)
        self.say(words(result))

    def _say_why_not(self, error: Exception, nothing: str = "") -> None:
        match error:
            case errors.NothingToChange():
                self.say(nothing or wording.explain(error))
            case errors.EditRefused():
                self.say_refused(error)
            case _:
                self.tell(wording.explain(error), severity="error")

    def say_refused(self, error: errors.EditRefused) -> None:
        """Why an edit was declined here."""
        self.tell(wording.explain(error))

    def name_of(self, result: Done) -> str:
        """The item that an edit was about, "" when it was about several or is gone."""
        return self.name_among(result.changes.items)

    def name_among(self, instance_ids: Collection[int]) -> str:
        """What items are called, "" when not all are called the same."""
        names = {wording.item_name(item) for item in self.items_of(list(instance_ids)[:ASKED_ABOUT])}
        return names.pop() if len(names) == 1 and len(instance_ids) <= ASKED_ABOUT else ""

    # --- edits of any number of items -----------------------------------------------------------------

    def items_of(self, instance_ids: Sequence[int]) -> list[Item]:
        """The items of those ids that are there."""
        return [item for item in map(self.session.library.item, instance_ids) if item is not None]

    def carry_out(self, intention: Intention, instance_ids: Sequence[int], *, asks: bool = False) -> None:
        """Do something to some items; what is removed, and many items, are asked about first.

        Args:
            intention: What is to be done.
            instance_ids: To which items.
            asks: Ask, too, before something that a person has written or chosen is replaced.
        """
        self.end_range()
        if len(instance_ids) > ASKED_ABOUT:
            self._ask_about_many(intention, instance_ids)
            return
        try:
            edit = self.session.library.plan(intention, instance_ids)
        except errors.EditRefused as error:
            self._say_why_not(error)
            return

        def keep() -> None:
            self._keep(intention, edit, self.name_among(instance_ids))

        if isinstance(intention, Remove) or (asks and words_of_edits.overwrites(edit)):
            self.ask_yes(self._question(intention, edit, instance_ids), keep)
        else:
            keep()

    def _question(self, intention: Intention, edit: Edit, instance_ids: Sequence[int]) -> Question:
        title, items, is_removal = (
            words_of_edits.title(intention),
            self.items_of(instance_ids),
            isinstance(intention, Remove),
        )
        if is_removal and len(items) == 1:
            text = words_of_edits.removal_of_one(items[0], len(self.session.library.copies(items[0].release_id)))
        else:
            text = words_of_edits.question(intention, edit, items, self.names(), hidden=self._hidden_of(items))
        return Question(title, text, yes=title, no="Keep" if is_removal else "Leave it")

    def _ask_about_many(self, intention: Intention, instance_ids: Sequence[int]) -> None:
        """The dialog opens at once, so that no key goes astray; what it asks is worked out between frames."""
        title = words_of_edits.title(intention)
        dialog = Question(title, "Looking at what will change …", yes=title, no="Leave it")
        planned: Edit | None = None
        is_refused = is_wanted = False

        def refused(error: Exception) -> None:
            nonlocal is_refused
            is_refused = True
            if dialog in self.app.screen_stack:
                dialog.dismiss(False)
            self._say_why_not(error)
            self._carry_on()

        def prepared() -> Steps[tuple[Edit, str]]:
            edit = yield from self.session.library.planning(intention, instance_ids)
            items = self.items_of(instance_ids)
            yield
            engine = self.session.engine
            cost = None if engine is None else engine.cost_of(edit.changes)
            yield
            hidden = self._hidden_of(items)
            yield
            is_held = engine is not None and engine.is_held
            names = self.names()
            text = words_of_edits.question(intention, edit, items, names, hidden=hidden, cost=cost, is_held=is_held)
            return edit, text

        def put(question: tuple[Edit, str]) -> None:
            nonlocal planned
            planned, text = question
            if is_wanted:
                self._keep(intention, planned, "")
            else:
                dialog.put(text, is_safe=not words_of_edits.overwrites(planned))

        def wanted() -> None:
            nonlocal is_wanted
            # Who knows what will be asked need not wait for the question.
            is_wanted = True
            if planned is not None:
                self._keep(intention, planned, "")

        self._preparing.run(prepared(), put, failed=refused)
        if not is_refused:
            self.ask_yes(dialog, wanted)

    def _hidden_of(self, items: Sequence[Item]) -> int:
        """How many of some items the table does not show."""
        shown = {item.instance_id for item in self._table.items}
        return sum(item.instance_id not in shown for item in items)

    def names(self) -> words_of_edits.Names:
        """What folders and fields are called."""
        library = self.session.library
        return words_of_edits.Names(
            {folder.folder_id: folder.name for folder in library.folders()},
            {field.field_id: field for field in library.fields()},
        )

    def _keep(self, intention: Intention, edit: Edit, name: str) -> None:
        self.done_once(intention)
        names = self.names()
        self._in_slices(
            lambda: self.session.library.carry_out(edit),
            lambda result: words_of_edits.carried_out(intention, result, names, name),
        )

    def done_once(self, intention: Intention) -> None:
        """Something was done, and can be repeated; but nobody wants to remove one more by accident."""
        if not isinstance(intention, Remove):
            self._last_intention = intention

    def do_edit_repeat(self) -> None:
        """The last edit on what is marked, or under the cursor, now."""
        if self._last_intention is None:
            self.say("nothing was edited yet that could be repeated")
        else:
            # What was right for that item may be wrong for this one, and nobody sees what it would replace.
            self.carry_out(self._last_intention, self.targets(), asks=isinstance(self._last_intention, SetNotes))

    def do_edit_undo(self) -> None:
        """Take back."""
        self.end_range()
        self._in_slices(
            self.session.library.undoing,
            lambda result: wording.undone(result, self.name_of(result)),
            nothing="nothing to undo",
            follows=True,
        )

    def do_edit_redo(self) -> None:
        """Do again."""
        self.end_range()
        self._in_slices(
            self.session.library.redoing,
            lambda result: wording.redone(result, self.name_of(result)),
            nothing="nothing to do again",
            follows=True,
        )

    def _in_slices(
        self,
        begin: Callable[[], Steps[Done]],
        words: Callable[[Done], str],
        *,
        nothing: str = "",
        follows: bool = False,
    ) -> None:
        """Do an edit that may be a long one: one after the other, in the order in which they were asked for."""

        def start() -> None:
            self._carrying.run(begin(), finished, failed=failed)

        def failed(error: Exception) -> None:
            self._say_why_not(error, nothing)
            self._carry_on()

        def finished(result: Done) -> None:
            self._show_result(result, words, follows=follows)
            self._carry_on()

        if self._carrying.is_running:
            self._next.append(start)
        else:
            start()

    def _carry_on(self) -> None:
        if self._next:
            self._next.popleft()()

    @property
    def is_carrying_out(self) -> bool:
        """A long edit is not kept whole yet."""
        return self._carrying.is_running

    @property
    def is_preparing(self) -> bool:
        """What an edit of many items will change is not known yet."""
        return self._preparing.is_running

    def after_edits(self, act: Callable[[], None]) -> None:
        """Do something once the edits under way are kept."""
        self._next.append(act)
