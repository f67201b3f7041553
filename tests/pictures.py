"""Makes the pictures in ``screenshots/`` from the demo: ``python -m tests.pictures``."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual.pilot import Pilot

from discotui.start import start_demo
from discotui.ui.app import DiscotuiApp
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.status_bar import StatusBar

FOLDER = Path(__file__).parent.parent / "screenshots"

PICTURES: dict[str, tuple[tuple[int, int], list[str]]] = {
    "main-wide": ((140, 40), ["j"] * 9),
    "main-narrow": ((60, 20), ["j"] * 9),
    "edit": ((140, 40), ["j"] * 9 + ["e", "tab", "tab"]),
    "move": ((140, 40), ["j"] * 9 + ["m", "b", "r"]),
    "help": ((140, 40), ["question_mark"]),
}
"""Name → size and keys."""


async def read(pilot: Pilot[int], seconds: float = 60.0) -> None:
    """Wait until the demo's collection has been read.

    Args:
        pilot: Of a running app.
        seconds: At most.
    """
    app = pilot.app
    assert isinstance(app, DiscotuiApp)
    for _ in range(int(seconds / 0.05)):
        await pilot.pause(0.05)
        if isinstance(app.screen, MainScreen) and (bar := app.screen.query_one_optional(StatusBar)) is not None:
            status = bar.status
            if status.age is not None and not status.pages and app.screen.is_at_rest:
                return
    raise TimeoutError("the demo was not read")


async def still(pilot: Pilot[int], seconds: float = 60.0) -> None:
    """Wait until nothing moves on the screen any more.

    Args:
        pilot: Of a running app.
        seconds: At most.
    """
    before = ""
    for _ in range(int(seconds / 0.15)):
        await pilot.pause(0.15)
        screen = pilot.app.screen
        for shown in pilot.app.screen_stack:
            if isinstance(shown, MainScreen):
                shown.show_status()
        now = pilot.app.export_screenshot()
        is_busy = isinstance(screen, MainScreen) and not screen.is_at_rest
        is_asking = any("looking it up" in str(label.render()) for label in screen.query("#found"))
        if now == before and not is_busy and not is_asking:
            return
        before = now
    raise TimeoutError("the screen does not come to rest")


async def take(name: str, folder: Path) -> Path:
    """Make one picture.

    Args:
        name: One of :data:`PICTURES`.
        folder: Where it goes.

    Returns:
        The SVG file.
    """
    size, keys = PICTURES[name]
    with tempfile.TemporaryDirectory() as library:
        app = DiscotuiApp(start_demo(Path(library), read_only=False))
        async with app.run_test(size=size) as pilot:
            await read(pilot)
            for key in keys:
                await pilot.press(key)
            await still(pilot)
            return Path(app.save_screenshot(f"{name}.svg", str(folder)))


def main(folder: Path = FOLDER) -> None:
    """Make all of them."""
    folder.mkdir(exist_ok=True)
    for name in PICTURES:
        print(asyncio.run(take(name, folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
