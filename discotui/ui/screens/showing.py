"""What the table shows: a folder, narrowed by a filter, in an order; worked out in slices between two frames."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from textual import on
from textual.content import Content

from discotui.errors import QueryProblem
from discotui.library.completing import Completer
from discotui.library.core import Changes
from discotui.library.items import ALL_FOLDER, Item
from discotui.library.listing import EVERYTHING, Listing
from discotui.library.parsing import parse
from discotui.ui import wording, words_of_filters
from discotui.ui.between_frames import BetweenFrames
from discotui.ui.screens.commanding import Commanding
from discotui.ui.session import Session
from discotui.ui.text import clean, plural
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.filter_bar import FilterBar
from discotui.ui.widgets.release_table import ReleaseTable
from discotui.ui.widgets.status_bar import StatusBar

_MOVED_AT_MOST = 20
"""Up to so many changed rows are changed where they stand; beyond, the table is filled anew."""


class Showing(Commanding):
    """Fills the table, and keeps it filled with what belongs there."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.listing = session.first_list
        self._completer: Completer | None = None
        self._work = BetweenFrames[list[Item]](self)
        self._then: list[Callable[[], object]] = []
        self._keeps_cursor = True
        self._is_filling = True
        self._before_filter: int | None = None
        self._returns_to: int | None = None

    @abstractmethod
    def go_to_table(self) -> None:
        """Put the focus into the table; the subclass's."""

    @abstractmethod
    def show_keys(self) -> None:
        """Show the keys of this moment; the subclass's."""

    # --- what is shown --------------------------------------------------------------------------------

    @property
    def shown_folder(self) -> int:
        """The folder whose items the table shows."""
        return self.listing.folder_id

    @property
    def sort_key(self) -> str:
        """The key the table is ordered by first."""
        return self.listing.order.first

    @property
    def is_listed(self) -> bool:
        """The table shows what it should."""
        return not self._work.is_running

    def sort_by(self, key: str) -> None:
        """Order by a key, then as before; the same one again reverses."""
        self.listing.order = self.listing.order.chosen(key)
        self.show_table()

    def library_changed(self, changes: Changes) -> bool:
        """Bring the table up to date.

        Returns:
            Whether the rows kept their places; otherwise the table is filled anew.
        """
        table, listing, library = self.query_one(ReleaseTable), self.listing, self.session.library
        for old, new in changes.renamed.items():
            table.rename_item(old, new)
            if listing.folder_id == old:
                listing.folder_id = new
        listing.changed()
        self._completer = None
        if changes.folders and all(folder.folder_id != listing.folder_id for folder in library.folders()):
            listing.folder_id = ALL_FOLDER
        if self._stay_in_place(changes):
            items = [item for item in map(library.item, changes.items) if item is not None]
            table.replace(items, self.column_context())
            return True
        self.show_table()
        return False

    def _stay_in_place(self, changes: Changes) -> bool:
        """Whether the rows that changed are in the table already and keep their place in the order."""
        if changes.folders or changes.fields or changes.renamed or len(changes.items) > _MOVED_AT_MOST:
            return False
        if not self.is_listed:
            return False
        table = self.query_one(ReleaseTable)
        for instance_id in changes.items:
            before, item = table.shown(instance_id), self.session.library.item(instance_id)
            if (before is not None) != (item is not None and self.listing.holds(item)):
                return False
            if before is not None and item is not None and not self.listing.order.keeps_place(before, item):
                return False
        return True

    def column_context(self) -> ColumnContext:
        """What rows say beyond their items."""
        library = self.session.library
        waiting, conflicts = library.waiting_items(), library.conflict_items()
        return ColumnContext.of(library.folders(), library.fields(), waiting=waiting, conflicts=conflicts)

    # --- filling the table ----------------------------------------------------------------------------

    def show_table(self, *, keep_cursor: bool = True) -> None:
        """Fill the table anew: at once where that is quick, else between the next frames.

        Args:
            keep_cursor: The cursor stays on its item; otherwise it goes to the top.
        """
        self._keeps_cursor = keep_cursor and (self._keeps_cursor or self.is_listed)
        self._work.run(self.listing.steps(), self._fill)

    def when_listed(self, then: Callable[[], object]) -> None:
        """Do something once the table shows what it should: now, or in some frames."""
        if self.is_listed:
            then()
        else:
            self._then.append(then)

    def _fill(self, items: list[Item]) -> None:
        self.listed = items
        library, listing = self.session.library, self.listing
        context = self.column_context()
        table = self.query_one(ReleaseTable)
        keep_cursor, self._keeps_cursor = self._keeps_cursor, True
        if self._is_filling and table.cursor == 0:
            # The first rows come page by page: who has not moved yet stays at the top, wherever that row went.
            keep_cursor = False
        self._is_filling = library.read_at() is None
        self.show_placeholder()
        table.show(
            items,
            context=context,
            sort_key=listing.order.first,
            descending=listing.order.descending,
            keep_cursor=keep_cursor,
        )
        self._show_title(len(items))
        self.show_keys()
        then, self._then = self._then, []
        for act in then:
            act()

    def _show_title(self, count: int) -> None:
        self.query_one("#table").border_title = Content(self.title_of(self.listing, count))
        if self.filter_bar.is_open:
            # What is kept although it has left the folder is not counted there.
            self.filter_bar.show_matches(count, max(count, self.listing.size))

    def title_of(self, listing: Listing, count: int) -> str:
        """The table's title when it shows a list."""
        library = self.session.library
        names = {folder.folder_id: folder.name for folder in library.folders()}
        so_far = "" if library.read_at() is not None or not count else " so far"
        order = wording.order_of(listing.order, library.fields())
        filtered = " · filtered" if listing.query != EVERYTHING else ""
        name = clean(listing.view.name if listing.view else names.get(listing.folder_id, "All"))
        return f"{name} · {plural(count, 'item')}{so_far}{filtered} · {order}"

    def show_placeholder(self) -> None:
        """What stands in an empty table: why it is empty."""
        if self.listing.query != EVERYTHING:
            text = "Nothing matches the filter: esc clears it"
        elif self.listing.view is not None and self.session.library.read_at() is not None:
            text = "Nothing is in this view"
        elif self.session.library.read_at() is not None:
            text = "Nothing in this folder yet"
        elif trouble := self.query_one(StatusBar).status.trouble:
            text = f"Not read yet: {trouble}"
        else:
            text = "Reading the collection …"
        self.query_one(ReleaseTable).placeholder = text

    # --- the filter -----------------------------------------------------------------------------------

    @property
    def filter_bar(self) -> FilterBar:
        """Where filters are typed."""
        return self.query_one(FilterBar)

    def can_keep_filter(self) -> bool:
        """Whether all of what is typed says something; where not, the reason is shown."""
        problems = self.problems_of(self.filter_bar.text)
        if problems:
            self._show_problems(problems)
            self.say(words_of_filters.CANNOT_BE_READ)
        return not problems

    def problems_of(self, text: str) -> Sequence[QueryProblem]:
        """The terms of a filter to which nothing more is typed: what could still have become right is wrong now."""
        parsed = parse(text, self.listing.vocabulary)
        return parsed.problems + parsed.unfinished

    @property
    def is_filtering(self) -> bool:
        """A filter is kept, or being typed."""
        return self.filter_bar.is_open

    def do_collection_filter(self) -> None:
        """Type a filter, or go on with the one that is kept."""
        item = self.query_one(ReleaseTable).current
        self._before_filter = None if item is None else item.instance_id
        self.filter_bar.open()
        self._offer(self.filter_bar.text, len(self.filter_bar.text))
        self._show_title(self.query_one(ReleaseTable).line_count)

    def do_filter_keep(self) -> None:
        """Go to the items; an empty filter goes, and one that cannot be read stays where it is."""
        if not self.filter_bar.text.strip():
            self.do_filter_clear()
        elif self.can_keep_filter():
            self.go_to_table()

    def do_filter_clear(self) -> None:
        """Show everything again: the cursor on its item, or, while typing, where it was before."""
        self._returns_to = self._before_filter if self.filter_bar.has_focus_within else None
        self.filter_bar.set_text("")
        self.go_to_table()

    def do_filter_complete(self) -> None:
        """Take what is offered."""
        self.filter_bar.complete()

    def do_filter_next(self) -> None:
        """Another offer."""
        self.filter_bar.choose(1)

    def do_filter_previous(self) -> None:
        """The offer before."""
        self.filter_bar.choose(-1)

    @on(FilterBar.Typed)
    def _filter_typed(self, event: FilterBar.Typed) -> None:
        """Live: what can be read counts at once; while a term cannot be, the rows stay as they are."""
        event.stop()
        parsed = parse(event.text, self.listing.vocabulary)
        if parsed.problems:
            self._show_problems(parsed.problems)
            return
        self._offer(event.text, event.cursor)
        if parsed.query is not None and parsed.query != self.listing.query:
            self.listing.query = parsed.query
            self.show_table()
        elif self.is_listed:
            self._show_title(self.query_one(ReleaseTable).line_count)
        returns_to, self._returns_to = self._returns_to, None
        if returns_to is not None:
            self.when_listed(lambda: self.query_one(ReleaseTable).move_to_item(returns_to))

    def _show_problems(self, problems: Sequence[QueryProblem]) -> None:
        spans = [(problem.start, problem.end) for problem in problems]
        self.filter_bar.show_problem(spans, words_of_filters.query_problem(problems[0]))

    def _offer(self, text: str, cursor: int) -> None:
        if self._completer is None:
            self._completer = Completer(self.listing.collection)
        self.filter_bar.show_offers(self._completer.complete(text, cursor))
