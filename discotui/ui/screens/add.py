"""Adding a release: its number or address is typed, what it is is shown, a folder is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Label, Select

from discotui.errors import DiscogsError, NotFound, Offline
from discotui.library.items import ALL_FOLDER, Folder, Item
from discotui.ui.screens.dialogs import Dialog
from discotui.ui.text import clean, plural
from discotui.ui.wording import explain, item_name

_NUMBER = re.compile(r"^\[?r?(\d{1,12})\]?$", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^(?:https?://)?(?:[\w-]+\.)*discogs\.com/(?:[a-z-]{2,5}/)?(?:.*/)?releases?/(\d{1,12})(?:\D|$)", re.IGNORECASE
)
_OTHER_PAGE = re.compile(r"discogs\.com/.*\b(master|artist|label|user|sell)s?\b", re.IGNORECASE)
_EXAMPLE = "249504  or  https://www.discogs.com/release/249504-…"


def release_number(text: str) -> int | None:
    """The release that was typed: "249504", "r249504", "[r249504]", or the address of its page; else None."""
    text = text.strip()
    found = _NUMBER.match(text) or _ADDRESS.match(text)
    return int(found[1]) or None if found else None


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be added.

    Attributes:
        release: What is known of the release.
        folder_id: Where it goes.
    """

    release: Item
    folder_id: int


class AddDialog(Dialog[Addition]):
    """Asks for a release and a folder.

    Args:
        folders: The folders to choose from; All is left out.
        folder_id: The folder proposed.
        look_up: Asks Discogs for a release; called in a thread, raises DiscogsError.
        unseen: Makes an item of a number alone, for when Discogs cannot be asked.
        copies_of: How many copies of a release there are.
        examples: Some that could be typed, in the demo, which has releases of its own.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "add", "Add", show=False)]

    def __init__(
        self,
        folders: Sequence[Folder],
        folder_id: int,
        *,
        look_up: Callable[[int], Item],
        unseen: Callable[[int], Item],
        copies_of: Callable[[int], int],
        examples: Sequence[int] = (),
    ) -> None:
        super().__init__("Add a release")
        self._folders = [folder for folder in folders if folder.folder_id != ALL_FOLDER]
        self._folder_id = folder_id
        self._look_up = look_up
        self._unseen = unseen
        self._copies_of = copies_of
        self._examples = ", ".join(map(str, examples))
        self._found: Item | None = None

    def compose_box(self) -> ComposeResult:
        """Number, what it is, folder, buttons."""
        yield Label("Release number, or the address of its page", classes="label")
        example = f"in the demo: {self._examples}" if self._examples else _EXAMPLE
        yield Input(placeholder=example, compact=True)
        yield Label("", id="found", classes="text")
        yield Label("Folder", classes="label")
        known = {folder.folder_id for folder in self._folders}
        proposed = self._folder_id if self._folder_id in known else 1
        yield Select(
            [(Content(clean(folder.name)), folder.folder_id) for folder in self._folders],
            value=proposed if proposed in known else Select.NULL,
            allow_blank=proposed not in known,
            compact=True,
        )
        with Horizontal(classes="buttons"):
            yield Button("Add ctrl+s", id="add", variant="primary", compact=True, disabled=True)
            yield Button("Leave esc", id="leave", compact=True)
        yield Label("enter looks it up, enter again adds it", classes="hint")

    def on_mount(self) -> None:
        """Start with the number."""
        self.query_one(Input).focus()

    def on_input_changed(self) -> None:
        """Another number: what was found no longer counts."""
        self._take(None)
        self.query_one("#found", Label).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter looks it up; once more adds it."""
        if self._found is not None:
            self.action_add()
            return
        number = release_number(event.value)
        if number is None:
            self._tell(_not_a_release(event.value))
            return
        self._tell("looking it up …")
        self._ask(number)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _ask(self, number: int) -> None:
        """Ask Discogs; in a thread."""
        item: Item | None
        try:
            item = self._look_up(number)
            text = self._describe(item)
        except NotFound:
            item, text = None, self._unknown(number)
        except Offline:
            item = self._unseen(number)
            text = f"Discogs cannot be reached. Enter adds release {number} unseen, and it is filled in later."
        except DiscogsError as error:
            item, text = None, explain(error)
        if self.is_attached:
            self.app.call_from_thread(self._answered, number, item, text)

    def _answered(self, number: int, item: Item | None, text: str) -> None:
        """What was found; dropped when another number was typed meanwhile."""
        if release_number(self.query_one(Input).value) == number:
            self._tell(text)
            self._take(item)

    def _describe(self, item: Item) -> str:
        lines = [item_name(item)]
        details = [item.label, item.catno, item.format, str(item.year or "")]
        lines.append(" · ".join(clean(detail) for detail in details if detail))
        copies = self._copies_of(item.release_id)
        if copies:
            lines.append(f"You have {plural(copies, 'copy', 'copies')} of it already.")
        return "\n".join(lines)

    def _unknown(self, number: int) -> str:
        if self._examples:
            return f"The demo knows no release {number}: it has some of its own, such as {self._examples}."
        return f"Discogs knows no release {number}."

    def _take(self, item: Item | None) -> None:
        self._found = item
        self.query_one("#add", Button).disabled = item is None

    def _tell(self, text: str) -> None:
        self.query_one("#found", Label).update(Content(clean(text, lines=True)))

    def action_add(self) -> None:
        """Add what was found."""
        folder_id = self.query_one(Select).value
        if self._found is None:
            self._tell("First look the release up: enter.")
        elif isinstance(folder_id, int):
            self.dismiss(Addition(self._found, folder_id))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Add and Leave."""
        if event.button.id == "add":
            self.action_add()
        else:
            self.dismiss(None)


def _not_a_release(text: str) -> str:
    if _OTHER_PAGE.search(text):
        return "That is another kind of page. A collection holds releases: open one and take its address."
    return "That is no release number, and not the address of a release's page at Discogs."
