"""The main screen's commands that change the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from textual import on

from discotui import errors
from discotui.library.done import Done
from discotui.library.folding import fold
from discotui.library.items import ALL_FOLDER, UNCATEGORIZED_FOLDER, Folder, Item
from discotui.ui import wording
from discotui.ui.screens.add import AddDialog, Addition
from discotui.ui.screens.dialogs import Choice, Name, Pick, Question
from discotui.ui.screens.showing import Showing
from discotui.ui.text import number
from discotui.ui.widgets.item_pane import ItemPane
from discotui.ui.widgets.notes_form import NotesForm


class Editing(Showing):
    """Edits go to the library, which keeps them; the panes follow; sync sends them when it can.

    A command that asks something first edits what was meant when the key was pressed, not what the cursor stands
    on by the time of the answer.
    """

    # --- what the subclass knows

    @property
    @abstractmethod
    def current_item(self) -> Item | None:
        """The item under the cursor."""

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

    # --- carrying out

    @abstractmethod
    def follow(self, result: Done) -> None:
        """Put the cursor on what an edit brought, where that is in sight of the table or the folders."""

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
        except errors.NothingToChange as error:
            self.say(nothing or wording.explain(error))
        except errors.EditRefused as error:
            self.say_refused(error)
        except errors.LibraryError as error:
            self.tell(wording.explain(error), severity="error")
        else:
            self.show_changes(result.changes)
            if follows:
                self.follow(result)
            self.say(words(result))
            return result
        return None

    def say_refused(self, error: errors.EditRefused) -> None:
        """Why an edit was declined here."""
        self.tell(wording.explain(error))

    def name_of(self, result: Done) -> str:
        """The item that an edit was about, "" when it was about several or is gone."""
        items = [self.session.library.item(instance_id) for instance_id in result.changes.items]
        names = {wording.item_name(item) for item in items if item is not None}
        return names.pop() if len(names) == 1 else ""

    # --- the item

    def do_item_rate(self, key: str) -> None:
        """0 to 5."""
        item = self.current_item
        if item is not None:
            rating = int(key)
            self.edit(lambda: self.session.library.rate([item.instance_id], rating), lambda _: wording.rated(rating))

    def do_item_move(self) -> None:
        """Choose a folder by name."""
        item = self.current_item
        if item is None:
            return
        choices = [
            Choice(folder.folder_id, folder.name, number(folder.count))
            for folder in self.session.library.folders()
            if folder.folder_id not in (ALL_FOLDER, item.folder_id)
        ]
        if not choices:
            self.tell("There is no other folder yet: n makes one.")
            return
        title = f"Move {wording.item_name(item)}"

        def chosen(folder_id: int) -> None:
            self.edit(lambda: self.session.library.move([item.instance_id], folder_id), wording.done)

        self.ask(Pick(title, choices, hint="type part of the folder's name"), chosen)

    def do_item_remove(self) -> None:
        """Ask, naming the item; the default is no."""
        item = self.current_item
        if item is None:
            return
        copies = len(self.session.library.copies(item.release_id))
        others = f" You have {copies} copies; only this one goes." if copies > 1 else ""
        notes = " Its notes go with it." if item.notes else ""
        question = f"Remove {wording.item_name(item)} from the collection?{others}{notes}\nu brings it back."
        self.ask_yes(
            Question("Remove", question, yes="Remove", no="Keep"),
            lambda: self.edit(lambda: self.session.library.remove([item.instance_id]), wording.done),
        )

    # --- the notes

    async def do_item_edit(self) -> None:
        """Open the form."""
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

    def do_form_save(self) -> None:
        """Keep what was typed."""
        pane = self.query_one(ItemPane)
        if pane.choose_highlighted():
            return  # A list of choices was open: the first ctrl+s takes what it is on.
        typed = pane.typed()
        if typed:
            done = self.edit(lambda: self.session.library.set_notes([self._edited_id(pane)], typed), wording.done)
            if done is None:
                return  # What was typed stays in the form.
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
        question = "What you typed is not saved. Throw it away?"
        self.ask_yes(Question("Unsaved notes", question, yes="Throw away", no="Go on editing"), self._close_form)

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
        )

        def answered(addition: Addition) -> None:
            folder = next(folder for folder in session.library.folders() if folder.folder_id == addition.folder_id)
            self.edit(
                lambda: session.library.add(addition.release, addition.folder_id),
                lambda _: f"added to {folder.name} · u undoes it",
                follows=True,
            )

        self.ask(dialog, answered)

    def do_edit_undo(self) -> None:
        """Take back."""
        self.edit(
            self.session.library.undo,
            lambda result: wording.undone(result, self.name_of(result)),
            nothing="nothing to undo",
            follows=True,
        )

    def do_edit_redo(self) -> None:
        """Do again."""
        self.edit(
            self.session.library.redo,
            lambda result: wording.redone(result, self.name_of(result)),
            nothing="nothing to do again",
            follows=True,
        )

    # --- folders

    def do_folder_new(self) -> None:
        """Ask for a name."""

        def named(name: str) -> None:
            self.edit(lambda: self.session.library.new_folder(name), wording.done, follows=True)

        dialog = Name("New folder", hint="the folder's name", objection=lambda name: self._objection(name, ""))
        self.ask(dialog, named)

    def do_folder_rename(self) -> None:
        """Ask for another name, where Discogs allows one."""
        folder = self.folder_under_cursor
        if folder is None:
            return
        if folder.is_fixed:
            self.say_refused(errors.FixedFolder(folder.name))
            return

        def named(name: str) -> None:
            self.edit(lambda: self.session.library.rename_folder(folder.folder_id, name), wording.done)

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
            return
        if folder.is_fixed or folder.count:
            refused = errors.FixedFolder(folder.name) if folder.is_fixed else None
            self.say_refused(refused or errors.FolderNotEmpty(folder.name, folder.count))
            return

        def delete() -> None:
            if self.shown_folder == folder.folder_id:
                self.show_folder(ALL_FOLDER)
            self.edit(lambda: self.session.library.delete_folder(folder.folder_id), wording.done)

        question = f"Delete the empty folder “{folder.name}”?"
        self.ask_yes(Question("Delete folder", question, yes="Delete", no="Keep"), delete)
