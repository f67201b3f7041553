"""The main screen: folders, releases, item; below them how things stand and the commonest keys."""

from __future__ import annotations

import random
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from discotui.library.core import Changes
from discotui.library.done import Done
from discotui.library.items import Folder, Item
from discotui.ui.command import Command, Place
from discotui.ui.commands import bindings, in_place
from discotui.ui.once import once
from discotui.ui.screens.arranging import Arranging
from discotui.ui.screens.browsing import Browsing
from discotui.ui.screens.bulk_progress import BulkProgress
from discotui.ui.screens.cell_editing import CellEditing
from discotui.ui.screens.fields_of_many import FieldsOfMany
from discotui.ui.screens.leaving import Leaving
from discotui.ui.screens.losing import Losing
from discotui.ui.screens.unsettled import Unsettled
from discotui.ui.screens.viewing import Viewing
from discotui.ui.session import Session
from discotui.ui.widgets.cell_editor import CellEditor
from discotui.ui.widgets.filter_bar import FilterBar
from discotui.ui.widgets.folder_tree import (
    FolderLine,
    FolderTree,
    folder_id_of,
    folder_key,
    folder_section,
    view_of,
)
from discotui.ui.widgets.item_pane import ItemPane, Shown
from discotui.ui.widgets.key_bar import KeyBar
from discotui.ui.widgets.release_table import ReleaseTable
from discotui.ui.widgets.status_bar import StatusBar
from discotui.ui.widgets.value_box import ValueBox

Pane = Literal["folders", "table", "item"]
_PANES: tuple[Pane, ...] = ("folders", "table", "item")

_REST_SECONDS = 0.04
"""The item pane follows once the cursor rests, so that a key held down costs it nothing."""


class MainScreen(Browsing, CellEditing, Arranging, Viewing, FieldsOfMany, BulkProgress, Losing, Leaving, Unsettled):
    """Shows one folder of one collection.

    Args:
        session: The collection.
        dice: Picks at random.
    """

    AUTO_FOCUS = "#releases"
    # The form's keys hold even when the mouse has put the focus elsewhere.
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.MAIN), *bindings(Place.FORM)]

    def __init__(self, session: Session, dice: random.Random | None = None) -> None:
        super().__init__(session, dice)
        self._pane: Pane = "table"
        self._resting: Timer | None = None
        self._focused_before: Widget | None = None

    def compose(self) -> ComposeResult:
        """Three panes over two lines."""
        with Horizontal(id="panes"):
            with Vertical(id="folders", classes="pane") as folders:
                folders.border_title = "Folders"
                yield FolderTree(id="tree")
                yield ValueBox()
            with Vertical(id="table", classes="pane"):
                yield FilterBar()
                yield ReleaseTable(id="releases")
                yield CellEditor()
            with Vertical(id="item", classes="pane") as item:
                item.border_title = "Item"
                yield ItemPane(id="item-pane")
        yield self.too_small()
        yield StatusBar()
        yield KeyBar()

    def on_mount(self) -> None:
        """The copy here is on the screen before anything is asked of Discogs."""
        if not self.query(ReleaseTable):
            # The program has been left meanwhile.
            return
        self.session.last_seen = self.last_seen
        self.recall_columns()
        self.show_all(keep_cursor=False)
        self.count_soon()
        self._set_pane("table")
        self.show_status()
        self.call_after_refresh(self.start_sync)

    # --- what is shown --------------------------------------------------------------------------------

    @property
    def current_item(self) -> Item | None:
        """The item under the cursor of the table."""
        return self.query_one(ReleaseTable).current

    @property
    def is_at_rest(self) -> bool:
        """Everything that has happened is shown."""
        return self._resting is None and not self.is_gathering and self.is_listed and not self.is_carrying_out

    @property
    def has_item(self) -> bool:
        """The table's cursor is on an item."""
        return self.current_item is not None

    @property
    def is_at_folders(self) -> bool:
        """The folder pane has the focus."""
        return self._pane == "folders"

    @property
    def is_editing(self) -> bool:
        """The form is open."""
        return self.is_mounted and self.query_one(ItemPane).is_editing

    @property
    def folder_under_cursor(self) -> Folder | None:
        """The folder under the cursor of the folder pane."""
        folder_id = folder_id_of(self.query_one(FolderTree).current_key)
        found = (folder for folder in self.session.library.folders() if folder.folder_id == folder_id)
        return next(found, None)

    def show_changes(self, changes: Changes) -> None:
        """Bring all panes up to date, at a cost that follows what changed where that is little."""
        is_in_place = self.library_changed(changes)
        self.show_folders()
        if not is_in_place:
            self.query_one(ValueBox).value = self.session.library.value()
        self.when_listed(self._show_item)
        self.show_status()

    def show_all(self, *, keep_cursor: bool = True) -> None:
        """All panes, as things are."""
        self.show_table(keep_cursor=keep_cursor)
        self.show_folders()
        self.query_one(ValueBox).value = self.session.library.value()

    def follow(self, result: Done) -> None:
        """Put the cursor on what an edit brought."""
        self.when_listed(lambda: self._follow(result))

    def _follow(self, result: Done) -> None:
        if self.is_in_cell:
            # The cursor belongs to the cell.
            return
        table = self.query_one(ReleaseTable)
        for instance_id in sorted(result.changes.items):
            if table.move_to_item(instance_id):
                return
        if result.verb == "new-folder":
            newest = max(self.session.library.folders(), key=lambda folder: -folder.folder_id)
            if newest.folder_id < 0:
                self.query_one(FolderTree).move_to(folder_key(newest.folder_id))

    def show_folders(self) -> None:
        """The folder pane, as things are."""
        folders = [FolderLine(folder.folder_id, folder.name, folder.count) for folder in self.session.library.folders()]
        if folders:
            self.query_one(FolderTree).show([folder_section(folders), self.view_section()], self.shown_key)

    def _show_item(self) -> None:
        """Fill the item pane; not while it is out of sight."""
        self.query_one(ItemPane).show(Shown.of(self.session.library, self.current_item))

    @on(ReleaseTable.ItemUnderCursor)
    def _item_changed(self) -> None:
        if self._resting is None:
            self._resting = once(self, _REST_SECONDS, self._cursor_rests)
        else:
            self._resting.reset()

    def _cursor_rests(self) -> None:
        self._resting = None
        self._show_item()

    def show_folder(self, folder_id: int) -> None:
        """Show another folder, from its top."""
        if self.leave_view() or folder_id != self.shown_folder:
            self.listing.folder_id = folder_id
            self.show_all(keep_cursor=False)

    @on(FolderTree.Chosen, "#tree")
    def _folder_chosen(self, event: FolderTree.Chosen) -> None:
        event.stop()
        folder_id = folder_id_of(event.key)
        view = view_of(event.key)
        if folder_id is not None:
            self.open_folder(folder_id)
        elif view is not None:
            self.open_view(view)

    @on(ReleaseTable.Chosen, "#releases")
    def _item_chosen(self) -> None:
        self.go_to("item")

    @on(ReleaseTable.HeaderClicked)
    def _header_clicked(self, event: ReleaseTable.HeaderClicked) -> None:
        self.sort_by(event.column_key)

    def go_to_table(self) -> None:
        """Put the focus into the table."""
        self.go_to("table")

    def open_folder(self, folder_id: int) -> None:
        """Show a folder and go to its items."""
        self.show_folder(folder_id)
        self.go_to("table")

    # --- panes ----------------------------------------------------------------------------------------

    def go_to(self, pane: Pane) -> None:
        """Put the focus into a pane; where there is no room for it, it takes the table's place."""
        is_in_front = pane == self._pane
        self._set_pane(pane)
        target: Widget = {
            "folders": self.query_one(FolderTree),
            "table": self.query_one(ReleaseTable),
            "item": self.query_one(ItemPane),
        }[pane]
        if pane == "item":
            self._show_item()
        if is_in_front:
            # At once: the next key is meant for it already.
            target.focus()
        else:
            # A pane that was hidden can take the focus only after the next layout.
            self.call_after_refresh(target.focus)

    def _set_pane(self, pane: Pane) -> None:
        self._pane = pane
        for each in _PANES:
            self.set_class(each == pane, f"at-{each}")
        self.show_keys()

    def on_resize(self) -> None:
        """What a window that was too small had hidden gets its focus back."""
        if not self.is_too_small and self.focused is None and self._focused_before is not None:
            self.call_after_refresh(self._focused_before.focus)

    def on_descendant_focus(self) -> None:
        """The mouse, too, moves from pane to pane."""
        focused = self.focused
        self._focused_before = focused or self._focused_before
        for pane in _PANES:
            if focused is not None and self.query_one(f"#{pane}") in focused.ancestors and pane != self._pane:
                self._set_pane(pane)

    def focus_item_pane(self) -> None:
        """Bring the item pane to the front."""
        self._set_pane("item")

    def bring_table(self) -> None:
        """Bring the table to the front."""
        self._set_pane("table")

    def after_form(self) -> None:
        """Back to the table."""
        self._show_item()
        self.go_to("table")

    def show_keys(self) -> None:
        """The commonest keys of where one is."""
        places = [Place.MAIN, Place.ANYWHERE]
        if self.is_editing:
            places = [Place.FORM]
        elif self.filter_bar.has_focus_within:
            places = [Place.FILTER]
        elif self.is_in_cell:
            places = [Place.CELL]
        elif self._pane == "folders":
            places.append(Place.FOLDERS)
        commands = [command for command in in_place(*places) if command.rank and self._makes_sense(command)]
        commands.sort(key=lambda command: (command.place is not Place.FOLDERS, command.rank))
        self.query_one(KeyBar).commands = tuple(commands)

    def _makes_sense(self, command: Command) -> bool:
        """Whether the key bar offers a command where one is."""
        if command.changes and self.session.start.is_read_only:
            return False
        if command.needs_item:
            return not self.is_at_folders and self.why_not(command) is None
        if command.place is Place.FOLDERS:
            folder, view = self.folder_under_cursor, self.view_under_cursor
            return view.is_own if view else folder is not None and not folder.is_fixed
        return True

    @on(FolderTree.LineUnderCursor)
    def _folder_under_cursor_changed(self) -> None:
        self.show_keys()

    def refresh_bindings(self) -> None:
        """The keys of this moment have changed."""
        super().refresh_bindings()
        # Of a screen that comes while the program is being left nothing is composed.
        if self.query_one_optional(KeyBar) is not None:
            self.show_keys()

    def do_pane_next(self) -> None:
        """Tab."""
        self._step_panes(1)

    def do_pane_previous(self) -> None:
        """Shift and tab."""
        self._step_panes(-1)

    def _step_panes(self, steps: int) -> None:
        if self.filter_bar.has_focus_within and not self.can_keep_filter():
            return
        self.go_to(_PANES[(_PANES.index(self._pane) + steps) % len(_PANES)])

    def do_pane_zoom(self) -> None:
        """The focused pane alone, and back."""
        self.toggle_class("-zoomed")

    def do_app_back(self) -> None:
        """Out of a range, the columns or a zoomed pane, to the table, out of the filter, then without marks."""
        if self.let_range_go() or (self._pane == "table" and self.query_one(ReleaseTable).let_column_go()):
            return
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self._pane != "table":
            self.go_to("table")
        elif self.is_filtering:
            self.do_filter_clear()
        else:
            self.let_marks_go()
