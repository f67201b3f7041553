"""The views of the folder pane: opening them, keeping their counts current, saving a filter as one more."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from textual.timer import Timer

from discotui import errors
from discotui.library.core import Changes
from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER, Item
from discotui.library.slicing import finish_within
from discotui.library.sorting import Order
from discotui.library.views import SavedView, given, saved, shifted
from discotui.library.views import named as view_named
from discotui.ui import wording, words_of_filters
from discotui.ui.between_frames import BetweenFrames
from discotui.ui.last_seen import MOST_ROWS, LastSeen, shortened
from discotui.ui.once import once
from discotui.ui.screens.dialogs import Name, Question
from discotui.ui.screens.editing import Editing
from discotui.ui.screens.view_dialog import ViewDialog
from discotui.ui.session import Session, first_order
from discotui.ui.widgets.folder_tree import FolderTree, Section, TreeLine, folder_key, view_key, view_of

_REST_SECONDS = 0.3
"""Views are counted once changes have stopped coming in."""
_LEAVING_SECONDS = 0.15
"""What the first frame is to show next time is known at once, but for an order that was not used since the start."""
_TAKEN_BACK_AT_MOST = 20
"""So much that was done to the views can be taken back."""


@dataclass(frozen=True, slots=True)
class _Done:
    """Something that was done to the saved views.

    Attributes:
        before: The views as they were.
        after: As they were then.
        edit: The latest edit of the collection by then.
    """

    before: list[SavedView]
    after: list[SavedView]
    edit: int


class Viewing(Editing):
    """Shows views beside the folders."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._counts: dict[str, int] = {}
        self._counting = BetweenFrames[dict[str, int]](self, slice_seconds=0.008, pause=0.005)
        self._count_timer: Timer | None = None
        self._order_of_folders: Order | None = None
        self._done: deque[_Done] = deque(maxlen=_TAKEN_BACK_AT_MOST)
        self._undone: list[_Done] = []

    # --- what there is --------------------------------------------------------------------------------

    def views(self) -> list[SavedView]:
        """All views: those that every collection has, then the saved ones."""
        return [*given(self.listing.vocabulary), *self.session.library.views()]

    def view_section(self) -> Section:
        """The views as the folder pane shows them."""
        lines = [TreeLine(view_key(view.key), view.name, self._counts.get(view.key)) for view in self.views()]
        return Section("views", "Views", tuple(lines))

    @property
    def shown_key(self) -> str:
        """The line of the folder pane that the table shows."""
        view = self.listing.view
        return folder_key(self.shown_folder) if view is None else view_key(view.key)

    @property
    def view_under_cursor(self) -> SavedView | None:
        """The view under the cursor of the folder pane."""
        key = view_of(self.query_one(FolderTree).current_key)
        return next((view for view in self.views() if view.key == key), None)

    def last_seen(self) -> str | None:
        """What the next start begins with, for its first frame; None where finding out would hold up leaving."""
        library = self.session.library
        listing, order = self.listing, first_order(library)
        items: Sequence[Item] | None
        if self.is_listed and listing.is_whole and listing.order == order:
            # In their order, which holds; but what is in some rows has changed where they stand.
            first = self.items_of([item.instance_id for item in self.listed[:MOST_ROWS]])
            items = [*first, *self.listed[MOST_ROWS:]]
        else:
            listing = listing.again(order)
            items = finish_within(_LEAVING_SECONDS, listing.steps())
        read_at = library.read_at()
        if items is None or read_at is None:
            return None
        context = self.column_context()
        ids = {item.instance_id for item in items[:MOST_ROWS]}
        return LastSeen(
            title=self.title_of(listing, len(items)),
            columns=library.remembered.columns(),
            items=shortened(items),
            sort_key=listing.order.first,
            descending=listing.order.descending,
            folders=tuple(library.folders()),
            fields=tuple(library.fields()),
            waiting=frozenset(context.waiting & ids),
            conflicts=frozenset(context.conflicts & ids),
            views=tuple((view.key, view.name) for view in self.views()),
            value=library.value(),
            read_at=read_at,
        ).to_text()

    # --- opening --------------------------------------------------------------------------------------

    def open_view(self, key: str) -> None:
        """Show a view in its own order, and go to its items."""
        view = next((view for view in self.views() if view.key == key), None)
        if view is not None and view != self.listing.view:
            if self.listing.view is None:
                self._order_of_folders = self.listing.order
            self.listing.view, self.listing.folder_id, self.listing.order = view, ALL_FOLDER, view.order
            self.show_all(keep_cursor=False)
        self.go_to_table()

    def leave_view(self) -> bool:
        """Back to folders, in the order that they had. Whether a view was shown."""
        if self.listing.view is None:
            return False
        self.listing.view = None
        self.listing.order = self._order_of_folders or self.listing.order
        return True

    # --- counting -------------------------------------------------------------------------------------

    def library_changed(self, changes: Changes) -> bool:
        """Bring the table up to date, and count anew in a while."""
        self.count_soon()
        return super().library_changed(changes)

    def count_soon(self) -> None:
        """Count what the views show, once nothing else has happened for a moment."""
        self._counting.drop()
        if self._count_timer is not None:
            self._count_timer.stop()
        self._count_timer = once(self, _REST_SECONDS, self._begin_to_count)

    @property
    def is_counted(self) -> bool:
        """The counts are those of what is there."""
        return self._count_timer is None and not self._counting.is_running

    def _begin_to_count(self) -> None:
        self._count_timer = None
        self._counting.run(self.listing.count_steps(self.views()), self._counted, at_once=0)

    def _counted(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self.show_folders()

    # --- the person's own -----------------------------------------------------------------------------

    def do_view_save(self) -> None:
        """Keep the filter as a view, with the order that it is shown in."""
        text = self.filter_bar.text.strip()
        if not text:
            self.say(words_of_filters.NOTHING_TO_SAVE)
            return
        if not self.can_keep_filter():
            return

        order = self.listing.order

        def save(name: str) -> None:
            self._change_views(
                saved(self.session.library.views(), name, text, order), words_of_filters.view_saved(name)
            )

        def named(name: str) -> None:
            same = view_named(self.session.library.views(), name)
            if same is None or same.text == text:
                save(name)
            else:
                question = words_of_filters.view_replaced(same)
                self.ask_yes(Question("Replace view", question, yes="Replace", no="Keep"), lambda: save(name))

        suggestion = text if len(text) <= 30 else ""
        given_views = given(self.listing.vocabulary)
        # The filter is all that is kept, not the folder in which it was typed.
        is_part = self.shown_key != folder_key(ALL_FOLDER)
        title = "Save as a view of the whole collection" if is_part else "Save as a view"
        objection = partial(_objection, others=given_views)
        self.ask(Name(title, suggestion, hint="the view's name", objection=objection), named)

    def do_folder_rename(self) -> None:
        """A folder; of a view of one's own the filter, too."""
        view = self.view_under_cursor
        if view is None:
            super().do_folder_rename()
        elif not view.is_own:
            self.tell(words_of_filters.FIXED_VIEW)
        else:
            self.ask(ViewDialog(view, self._objection_to), lambda edited: self._put_view(view, edited))

    def _objection_to(self, view: SavedView) -> str:
        """Why a view cannot be like that, "" when it can."""
        others = [each for each in self.views() if each.key != view.key]
        problems = self.problems_of(view.text)
        if not view.name or not fold(view.text):
            return words_of_filters.EMPTY_VIEW
        return _objection(view.name, others) or (words_of_filters.query_problem(problems[0]) if problems else "")

    def _put_view(self, former: SavedView, edited: SavedView) -> None:
        views = [edited if each.key == edited.key else each for each in self.session.library.views()]
        self._change_views(views, words_of_filters.view_edited(former, edited))

    def do_folder_delete(self) -> None:
        """Of a view of one's own, or a folder."""
        view = self.view_under_cursor
        if view is None:
            super().do_folder_delete()
        elif not view.is_own:
            self.tell(words_of_filters.FIXED_VIEW)
        else:
            key, name = view.key, view.name

            def delete() -> None:
                views = [each for each in self.session.library.views() if each.key != key]
                self._change_views(views, words_of_filters.view_deleted(name))

            question = f"Delete the view “{name}”? Its filter is “{view.text}”. No item is touched."
            self.ask_yes(Question("Delete view", question, yes="Delete", no="Keep"), delete)

    def do_view_up(self) -> None:
        """One place further up among the saved views."""
        self._shift(-1)

    def do_view_down(self) -> None:
        """One place further down."""
        self._shift(1)

    def _shift(self, steps: int) -> None:
        view = self.view_under_cursor
        if view is None or not view.is_own:
            self.say(words_of_filters.NOT_YOURS_TO_SHIFT)
            return
        views = self.session.library.views()
        after = shifted(views, view.key, steps)
        if after == views:
            self.say(words_of_filters.view_at_end(view.name, steps))
        else:
            self._change_views(after, words_of_filters.view_put(view.name))

    def do_edit_undo(self) -> None:
        """Take back what was done last, be it to the views or to the collection."""
        done = self._done[-1] if self._done else None
        if done is None or (latest := self._latest_edit()) is None or latest > done.edit:
            super().do_edit_undo()
        elif self._put_views(done.before):
            self._undone.append(self._done.pop())
            self.say(words_of_filters.view_undone(done.before, done.after))

    def do_edit_redo(self) -> None:
        """Do again what was undone last."""
        undone = self._undone[-1] if self._undone else None
        if undone is None or self._latest_edit() != undone.edit:
            super().do_edit_redo()
        elif self._put_views(undone.after):
            self._done.append(self._undone.pop())
            self.say(words_of_filters.view_redone(undone.before, undone.after))

    def _latest_edit(self) -> int | None:
        """The latest edit of the collection; None where the file cannot be read, which its own undo tells."""
        try:
            return self.session.library.latest_edit()
        except errors.LibraryError:
            return None

    def _change_views(self, views: list[SavedView], words: str) -> None:
        """Keep the saved views after something was done to one of them.

        Args:
            views: As they are to be.
            words: What is then said.
        """
        library = self.session.library
        try:
            done = _Done(library.views(), views, library.latest_edit())
        except errors.LibraryError as error:
            self.tell(wording.explain(error), severity="error")
            return
        if not self._put_views(views):
            return
        if done.after != done.before:
            self._done.append(done)
            self._undone.clear()
        self.say(words if self.session.start.is_read_only else wording.undoable(words))

    def _put_views(self, views: list[SavedView]) -> bool:
        """Keep the saved views and show them. Whether they could be kept."""
        try:
            self.session.library.put_views(views)
        except errors.LibraryError as error:
            self.tell(wording.explain(error), severity="error")
            return False
        self._show_views()
        return True

    def _show_views(self) -> None:
        """Show the saved views as they are now."""
        shown = self.listing.view
        if shown is not None and shown.is_own:
            after = next((view for view in self.session.library.views() if view.key == shown.key), None)
            if after is None:
                self.leave_view()
            else:
                self.listing.view = after
        self.show_all()
        self.count_soon()


def _objection(name: str, others: Iterable[SavedView]) -> str:
    """Why a view cannot have a name, "" when it can."""
    return words_of_filters.view_taken(name) if view_named(others, name) else ""
