"""The main screen's commands that change nothing."""

from __future__ import annotations

import random
import webbrowser
from abc import abstractmethod
from collections import deque

from discotui.library.items import Item
from discotui.library.sorting import sort_keys
from discotui.ui import wording
from discotui.ui.screens.dialogs import Choice, Pick
from discotui.ui.screens.showing import Showing
from discotui.ui.session import Session
from discotui.ui.widgets.release_table import ReleaseTable

_PICKS_KEPT = 100
"""So many picks are not made again soon, as far as there are enough others."""


class Browsing(Showing):
    """Looking, copying, ordering.

    Args:
        session: The collection.
        dice: Picks at random.
    """

    def __init__(self, session: Session, dice: random.Random | None = None) -> None:
        super().__init__(session)
        self._dice = dice or random.Random()  # noqa: S311 - what to play, not a secret
        self._picked: deque[int] = deque(maxlen=_PICKS_KEPT)

    @property
    @abstractmethod
    def current_item(self) -> Item | None:
        """The item under the cursor; the subclass's."""

    def do_item_open(self) -> None:
        """The page in the browser."""
        url = self._url()
        if url is None:
            return
        try:
            webbrowser.get()
        except webbrowser.Error:
            self.tell(f"There is no browser here. The page is {url} · Y copies the address.")
            return
        self.app.open_url(url)
        self.say("opened in the browser")

    def do_item_copy(self) -> None:
        """Artist and title."""
        if self.current_item is not None:
            self.app.copy_to_clipboard(wording.item_name(self.current_item))
            self.say("copied artist and title")

    def do_item_copy_url(self) -> None:
        """The address."""
        url = self._url()
        if url is not None:
            self.app.copy_to_clipboard(url)
            self.say("copied the address")

    def _url(self) -> str | None:
        item = self.current_item
        url = self.session.start.release_url(item.release_id) if item else None
        if url is None:
            self.tell("The demo's releases are its own: they have no page at Discogs.")
        return url

    def do_collection_sort(self) -> None:
        """Choose the order."""
        choices = [
            Choice(key.key, key.title, "now; again reverses it" if key.key == self.sort_key else "")
            for key in sort_keys(self.session.library.fields())
        ]

        def chosen(key: str | None) -> None:
            if key is not None:
                self.sort_by(key)

        self.app.push_screen(Pick("Sort by", choices, hint="type part of a name", current=self.sort_key), chosen)

    def do_collection_random(self) -> None:
        """Anything of what is shown, but not what was picked lately, and not what the cursor is on."""
        table = self.query_one(ReleaseTable)
        lines = table.line_count
        if lines < 2:
            self.say("nothing to pick from" if not lines else "this is the only one")
            return
        shown = table.items
        # Not much more than half of them are out of the question, so that falling on another one does not take long.
        lately = {table.current.instance_id} if table.current else set()
        lately.update(list(self._picked)[-(lines // 2) :] if lines > 2 else ())
        row = self._dice.randrange(lines)
        while shown[row].instance_id in lately:
            row = self._dice.randrange(lines)
        self._picked.append(shown[row].instance_id)
        table.move_cursor(row)
        self.say(f"how about {wording.item_name(shown[row])}?")
        self.go_to_table()

    def do_collection_sync(self) -> None:
        """Read all of it now."""
        if self.session.is_second:
            self.say("the other window reads it")
        elif self.session.only_looks:
            self.say("nothing that is read could be kept here")
        elif self.session.engine is not None:
            self.session.engine.read_again()
            self.wants_word = True
            self.say("reading the collection again", seconds=2)
