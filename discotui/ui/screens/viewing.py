"""The views of the folder pane: opening them, keeping their counts current, saving a filter as one more."""

from __future__ import annotations

from textual.timer import Timer

from discotui import errors
from discotui.library.core import Changes
from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER
from discotui.library.slicing import finish_within
from discotui.library.sorting import Order
from discotui.library.views import SavedView, given, saved, shifted
from discotui.ui import wording
from discotui.ui.between_frames import BetweenFrames
from discotui.ui.last_seen import MOST_ROWS, LastSeen, shortened
from discotui.ui.once import once
from discotui.ui.screens.dialogs import Name, Question
from discotui.ui.screens.editing import Editing
from discotui.ui.session import Session, first_order
from discotui.ui.widgets.folder_tree import FolderTree, Section, TreeLine, folder_key, view_key, view_of

_REST_SECONDS = 0.3
"""Views are counted once changes have stopped coming in."""
_LEAVING_SECONDS = 0.15
"""What the first frame is to show next time is known at once, but for an order that was not used since the start."""


class Viewing(Editing):
    """Shows views beside the folders."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._counts: dict[str, int] = {}
        self._counting = BetweenFrames[dict[str, int]](self, slice_seconds=0.008, pause=0.005)
        self._count_timer: Timer | None = None
        self._order_of_folders: Order | None = None

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
        listing = self.listing.again(first_order(library))
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
        if not text or self.has_problem:
            self.say("nothing to save: type a filter first" if not text else "the filter cannot be read")
            return

        def named(name: str) -> None:
            self._put_views(saved(self.session.library.views(), name, text, self.listing.order))
            self.say(f"saved as the view “{name}”")

        suggestion = text if len(text) <= 30 else ""
        self.ask(Name("Save as a view", suggestion, hint="the view's name", objection=self._view_objection), named)

    def _view_objection(self, name: str) -> str:
        taken = any(fold(view.name) == fold(name) for view in given(self.listing.vocabulary))
        return f"There is a view “{name}” already." if taken else ""

    def do_folder_rename(self) -> None:
        """Of a view of one's own, or a folder."""
        view = self.view_under_cursor
        if view is None:
            super().do_folder_rename()
        elif not view.is_own:
            self.tell(wording.FIXED_VIEW)
        else:
            key = view.key

            def named(name: str) -> None:
                views = self.session.library.views()
                self._put_views([each.renamed(name) if each.key == key else each for each in views])

            self.ask(Name(f"Rename {view.name}", view.name, objection=self._view_objection), named)

    def do_folder_delete(self) -> None:
        """Of a view of one's own, or a folder."""
        view = self.view_under_cursor
        if view is None:
            super().do_folder_delete()
        elif not view.is_own:
            self.tell(wording.FIXED_VIEW)
        else:
            key = view.key
            question = f"Delete the view “{view.name}”? Its filter is “{view.text}”. No item is touched."
            self.ask_yes(
                Question("Delete view", question, yes="Delete", no="Keep"),
                lambda: self._put_views([each for each in self.session.library.views() if each.key != key]),
            )

    def do_view_up(self) -> None:
        """One place further up among the saved views."""
        self._shift(-1)

    def do_view_down(self) -> None:
        """One place further down."""
        self._shift(1)

    def _shift(self, steps: int) -> None:
        view = self.view_under_cursor
        if view is None or not view.is_own:
            self.say("only saved views can be put in another place")
        else:
            self._put_views(shifted(self.session.library.views(), view.key, steps))

    def _put_views(self, views: list[SavedView]) -> None:
        try:
            self.session.library.put_views(views)
        except errors.LibraryError as error:
            self.tell(wording.explain(error), severity="error")
            return
        shown = self.listing.view
        if shown is not None and shown.is_own:
            after = next((view for view in views if view.key == shown.key), None)
            if after is None:
                self.leave_view()
            else:
                self.listing.view = after
        self.show_all()
        self.count_soon()
