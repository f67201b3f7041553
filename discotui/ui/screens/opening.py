"""The first frame: the main screen as it was when the program was left, while the collection is opened."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen

from discotui.start import Kind, Start
from discotui.ui.command import Place
from discotui.ui.commands import in_place
from discotui.ui.last_seen import LastSeen
from discotui.ui.text import clean
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.folder_tree import FolderLine, FolderTree, Section, TreeLine, folder_key, folder_section
from discotui.ui.widgets.key_bar import KeyBar
from discotui.ui.widgets.release_table import ReleaseTable
from discotui.ui.widgets.status_bar import StatusBar
from discotui.ui.widgets.too_small import TooSmall
from discotui.ui.widgets.value_box import ValueBox


class OpeningScreen(Screen[None]):
    """Looks like the main screen, and does nothing: keys wait for that one.

    Args:
        start: What is opened.
        seen: What it began with last time; None when that is not known, or not true any more.
        drawn: Called once all of it has been drawn.
    """

    AUTO_FOCUS = "#releases"

    def __init__(self, start: Start, seen: LastSeen | None, drawn: Callable[[], object]) -> None:
        super().__init__(classes="at-table")
        self._start = start
        self._seen = seen
        self._drawn = drawn

    def compose(self) -> ComposeResult:
        """The panes and lines of the main screen."""
        with Horizontal(id="panes"):
            with Vertical(id="folders", classes="pane") as folders:
                folders.border_title = "Folders"
                yield FolderTree(id="tree")
                yield ValueBox()
            with Vertical(id="table", classes="pane"):
                yield ReleaseTable(id="releases")
            with Vertical(id="item", classes="pane") as item:
                item.border_title = "Item"
        yield TooSmall()
        yield StatusBar()
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill it, at a cost that does not depend on the collection."""
        self.query_one(StatusBar).update(
            who=self._start.who,
            read_only=self._start.read_only and self._start.kind is not Kind.PUBLIC,
            age=None if self._seen is None else max(0.0, time.time() - self._seen.read_at),
            opening=True,
        )
        if self._seen is None:
            self.query_one(ReleaseTable).placeholder = "Opening the collection …"
        else:
            self._show(self._seen)
        self._show_keys(bool(self._seen and self._seen.items))
        self.call_after_refresh(self._drawn)

    def _show(self, seen: LastSeen) -> None:
        self.query_one("#table").border_title = Content(clean(seen.title))
        table = self.query_one(ReleaseTable)
        table.choose(seen.columns)
        table.show(
            seen.items,
            context=ColumnContext.of(seen.folders, seen.fields, waiting=seen.waiting, conflicts=seen.conflicts),
            sort_key=seen.sort_key,
            descending=seen.descending,
            keep_cursor=False,
        )
        folders = [FolderLine(folder.folder_id, folder.name, folder.count) for folder in seen.folders]
        views = tuple(TreeLine(key, name) for key, name in seen.views)
        self.query_one(FolderTree).show([folder_section(folders), Section("views", "Views", views)], folder_key(0))
        self.query_one(ValueBox).value = seen.value

    def _show_keys(self, has_item: bool) -> None:
        """The keys that the main screen will have: they may be pressed already."""
        commands = [
            command
            for command in in_place(Place.MAIN, Place.ANYWHERE)
            if command.rank
            and not (command.changes and self._start.is_read_only)
            and not (command.needs_item and not has_item)
        ]
        self.query_one(KeyBar).commands = tuple(sorted(commands, key=lambda command: command.rank))
