"""The main screen's commands that change the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from textual import on

from discotui import errors
from discotui.library.done import Done
from discotui.library.folding import fold
from discotui.library.intentions import Move, Rate, Remove, SetNotes
from discotui.library.items import ALL_FOLDER, UNCATEGORIZED_FOLDER, Folder, Item
from discotui.ui import wording
from discotui.ui.screens.add import AddDialog, Addition
from discotui.ui.screens.changing import Changing
from discotui.ui.screens.dialogs import Choice, Name, Pick, Question, unsaved
from discotui.ui.text import number, plural
from discotui.ui.widgets.item_pane import ItemPane
from discotui.ui.widgets.notes_form import NotesForm

_NO_FOLDER = "that is for a folder or view: this is a heading"


class Editing(Changing):
    """What is done to items, one or many, and to folders."""

    # --- what the subclass knows

    @property
    @abstractmethod
    def folder_under_cursor(self) -> Folder | None:
        """The folder under the cursor of the folder pane."""

    @abstractmethod
    def focus_item_pane(self) -> None:
        """Bring the item pane to the front, where it is folded away."""

    @abstractmethod
    def after_form(self) -> None:
        """The form was closed."""

    @abstractmethod
    def show_folder(self, folder_id: int) -> None:
        """Show another folder."""

    @abstractmethod
    def show_folders(self) -> None:
        """Show the folder pane, as things are."""

    @abstractmethod
    def show_all(self, *, keep_cursor: bool = True) -> None:
        """Show all panes, as things are."""

    # --- one item, or all that are marked

    def do_item_rate(self, key: str) -> None:
        """0 to 5."""
        self.carry_out(Rate(int(key)), self.targets())

    def do_item_move(self) -> None:
        """Choose a folder by name."""
        targets = self.targets()
        items = self.items_of(targets)
        if not items:
            return
        here = {item.folder_id for item in items}
        # Where all of them are already is no choice.
        left_out = {ALL_FOLDER, *(here if len(here) == 1 else ())}
        choices = [
            Choice(folder.folder_id, folder.name, number(folder.count))
            for folder in self.session.library.folders()
            if folder.folder_id not in left_out
        ]
        if not choices:
            self.tell("There is no other folder yet: n makes one.")
            return
        name = wording.item_name(items[0]) if len(items) == 1 else plural(len(items), "item")
        dialog = Pick(f"Move {name}", choices, hint="type part of the folder's name")
        self.ask(dialog, lambda folder_id: self.carry_out(Move(folder_id), targets))

    def do_item_remove(self) -> None:
        """Ask, naming what goes; the default is no."""
        self.carry_out(Remove(), self.targets())

    # --- the notes

    async def do_item_edit(self) -> None:
        """Open the form on the item under the cursor."""
        item = self.current_item
        fields = self.session.library.fields()
        if item is None:
            return
        if not fields:
            self.tell("This collection has no notes fields yet. They are made at Discogs.")
            return
        self.focus_item_pane()
        await self.query_one(ItemPane).edit(item, fields)
        self.refresh_bindings()

    def do_form_next(self) -> None:
        """Tab in the form."""
        self.focus_next("NotesForm *")

    def do_form_previous(self) -> None:
        """Shift and tab in the form."""
        self.focus_previous("NotesForm *")

    def do_form_save(self) -> None:
        """Keep what was typed."""
        pane = self.query_one(ItemPane)
        if pane.choose_highlighted():
            return  # A list of choices was open: the first ctrl+s takes what it is on.
        typed = pane.typed()
        if typed:
            done = self.edit(
                lambda: self.session.library.set_notes([self._edited_id(pane)], typed),
                lambda result: wording.done(result, self.name_of(result)),
            )
            if done is None:
                return  # What was typed stays in the form.
            self.done_once(SetNotes(typed))
        else:
            self.say("nothing was changed")
        self._close_form()

    def _edited_id(self, pane: ItemPane) -> int:
        """The form's item, which may have got its real id meanwhile."""
        item = self.session.library.item(pane.edited_item_id)
        return item.instance_id if item else pane.edited_item_id

    def do_form_leave(self) -> None:
        """Leave; ask when something was typed."""
        if not self.query_one(ItemPane).typed():
            self._close_form()
            return
        self.ask_yes(unsaved("Unsaved notes"), self._close_form)

    @on(NotesForm.Pressed)
    def _form_button(self, event: NotesForm.Pressed) -> None:
        if event.save:
            self.do_form_save()
        else:
            self.do_form_leave()

    def _close_form(self) -> None:
        self.query_one(ItemPane).close_form()
        self.after_form()
        self.refresh_bindings()

    # --- the collection

    def do_collection_add(self) -> None:
        """Ask for a release and a folder."""
        from discotui.sync.reading import item_of_release, unseen_release  # noqa: PLC0415 - brings the HTTP side

        session = self.session

        def look_up(release_id: int) -> Item:
            if session.client is None:
                raise errors.Offline
            return item_of_release(session.client.release(release_id))

        dialog = AddDialog(
            session.library.folders(),
            self.shown_folder or UNCATEGORIZED_FOLDER,
            look_up=look_up,
            unseen=unseen_release,
            copies_of=lambda release_id: len(session.library.copies(release_id)),
            examples=session.start.examples({item.release_id for item in session.library.items()}),
        )

        def answered(addition: Addition) -> None:
            folder = next(folder for folder in session.library.folders() if folder.folder_id == addition.folder_id)
            self.edit(
                lambda: session.library.add(addition.release, addition.folder_id),
                lambda result: wording.done(result, wording.item_name(addition.release), folder.name),
                follows=True,
            )

        self.ask(dialog, answered)

    # --- folders

    def do_folder_new(self) -> None:
        """Ask for a name."""

        def named(name: str) -> None:
            self.edit(lambda: self.session.library.new_folder(name), _told_of(name), follows=True)

        dialog = Name("New folder", hint="the folder's name", objection=lambda name: self._objection(name, ""))
        self.ask(dialog, named)

    def do_folder_rename(self) -> None:
        """Ask for another name, where Discogs allows one."""
        folder = self.folder_under_cursor
        if folder is None:
            self.say(_NO_FOLDER)
            return
        if folder.is_fixed:
            self.say_refused(errors.FixedFolder(folder.name))
            return

        def named(name: str) -> None:
            self.edit(lambda: self.session.library.rename_folder(folder.folder_id, name), _told_of(name))

        self.ask(
            Name(f"Rename {folder.name}", folder.name, objection=lambda name: self._objection(name, folder.name)),
            named,
        )

    def _objection(self, name: str, own: str) -> str:
        """Why a folder cannot have a name, "" when it can."""
        names = [folder.name for folder in self.session.library.folders() if folder.name != own]
        taken = next((taken for taken in names if fold(taken) == fold(name)), None)
        return "" if taken is None else wording.explain(errors.FolderNameTaken(taken))

    def do_folder_delete(self) -> None:
        """Ask, where Discogs allows it at all."""
        folder = self.folder_under_cursor
        if folder is None:
            self.say(_NO_FOLDER)
            return
        if folder.is_fixed or folder.count:
            refused = errors.FixedFolder(folder.name) if folder.is_fixed else None
            self.say_refused(refused or errors.FolderNotEmpty(folder.name, folder.count))
            return

        def delete() -> None:
            if self.shown_folder == folder.folder_id:
                self.show_folder(ALL_FOLDER)
            self.edit(lambda: self.session.library.delete_folder(folder.folder_id), _told_of(folder.name))

        question = f"Delete the empty folder “{folder.name}”?"
        self.ask_yes(Question("Delete folder", question, yes="Delete", no="Keep"), delete)


def _told_of(folder: str) -> Callable[[Done], str]:
    """The words for what was done to a folder."""
    return lambda result: wording.done(result, f"“{folder}”")
