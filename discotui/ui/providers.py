"""What the palette offers: every command, every folder, every order, by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from discotui.library.sorting import sort_keys
from discotui.ui.commands import in_place
from discotui.ui.screens.command_screen import CommandScreen
from discotui.ui.screens.main import MainScreen
from discotui.ui.text import clean, stars


class MainProvider(Provider):
    """Searches what the screen can do; on the main screen also the folders and the orders."""

    def _offers(self) -> Iterator[tuple[str, str, IgnoreReturnCallbackType]]:
        """Name, help and callback."""
        screen = self.screen
        if not isinstance(screen, CommandScreen):
            return
        for command in in_place(*screen.places):
            if command.id == "app.palette" or screen.why_not(command) is not None:
                continue
            if command.argument_per_key:
                # Each key is a rating.
                for digit in command.keys:
                    name = f"{command.label} {stars(int(digit))} ({digit})"
                    yield name, command.help, partial(screen.run_command, command.id, digit)
                continue
            name = f"{command.label} ({command.key_text})" if command.keys else command.label
            yield name, command.help, partial(screen.run_command, command.id)
        if not isinstance(screen, MainScreen) or screen.is_editing:
            return
        for folder in screen.session.library.folders():
            yield f"Folder: {clean(folder.name)}", "show this folder", partial(screen.open_folder, folder.folder_id)
        for view in screen.views():
            yield f"View: {clean(view.name)}", clean(view.text) or "show this view", partial(screen.open_view, view.key)
        for key in sort_keys(screen.session.library.fields()):
            help_text = "now; again reverses it" if key.key == screen.sort_key else "the former order decides the rest"
            yield f"Sort by {clean(key.title)}", help_text, partial(screen.sort_by, key.key)

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for name, help_text, callback in self._offers():
            yield DiscoveryHit(Content(name), callback, text=name, help=help_text)

    async def search(self, query: str) -> Hits:
        """What matches."""
        matcher = self.matcher(query)
        for name, help_text, callback in self._offers():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, Content(name), callback, text=name, help=help_text)
