"""What starting costs on libraries of growing size: ``python -m tests.benchmarks.opening [items …]``.

The first frame is that of a fresh interpreter in a terminal of 140 × 40: CPU time of the process from its start until
the frame has been handed to the terminal, medians. The reference is a Textual app with one line of text. Reading and
memory are measured in one more fresh interpreter: CPU time of the thread that reads, against a plain ``SELECT`` of the
table's nine columns, best of some runs each. Meanwhile another thread looks for damage: for less time, as shown.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from discotui.credentials import KnownUsers, Token
from discotui.library.core import Core
from discotui.library.items import ALL_FOLDER, Folder
from discotui.paths import library_file
from tests.benchmarks.collections import FIELDS, FOLDERS, make_collection
from tests.benchmarks.figures import Figure, print_figures
from tests.terminal import ROOT, Terminal, environment

SIZES = (1_000, 10_000, 100_000)
STARTS = 9
NOWHERE = "http://127.0.0.1:9"
"""Nothing answers there."""
TOKEN = "abcdefghijklmnop"
USER = "ann"
HEAVY = ("httpx", "pydantic", "keyring", "textual_image", "PIL", "plotext", "discotui.library.library")

FRAME = """
def tell(self, screen, renderable, original=App._display):
    original(self, screen, renderable)
    if renderable is not None and is_it(screen) and os.environ["TO"]:
        cpu = time.process_time() * 1000
        with open(os.environ.pop("TO"), "w") as file:
            json.dump({"cpu": cpu, "modules": list(sys.modules)}, file)
        os.environ["TO"] = ""
App._display = tell
"""
BARE = f"""
import json, os, sys, time
from textual.app import App
from textual.widgets import Static
is_it = lambda screen: True
{FRAME}
class Bare(App):
    def compose(self):
        yield Static("one line of text")
Bare().run()
"""
OURS = f"""
import argparse, json, os, sys, time
from pathlib import Path
from discotui import cli
from discotui.credentials import Token
from discotui.start import Kind, Start
from textual.app import App
is_it = lambda screen: any(len(table.items) for table in screen.query("ReleaseTable"))
{FRAME}
start = Start(Kind.OWN, {USER!r}, Token({TOKEN!r}), {NOWHERE!r}, folder=Path(os.environ["XDG_DATA_HOME"]) / "discotui")
cli._show(start, argparse.Namespace(read_only=False))
"""
READ = """
import gc, json, sqlite3, sys, time, tracemalloc
from pathlib import Path
from discotui.library import opening
from discotui.library.library import Library
from discotui.library.listing import Listing
from discotui.library.slicing import finish
path, repeats = Path(sys.argv[1]), int(sys.argv[2])
columns = "artist, title, label, catno, format, year, rating, added, folder_id"

def plain():
    db = sqlite3.connect(path)
    rows = db.execute(f"SELECT {columns} FROM item").fetchall()
    db.close()
    return rows

def timed(act):
    gc.collect()
    gc.disable()
    start = time.thread_time()
    made = act()
    seconds = time.thread_time() - start
    gc.enable()
    return seconds * 1000, made

def listed(library):
    return finish(Listing(library).steps())

def watched(self, original=opening.Opened._look):
    start = time.thread_time()
    original(self)
    looks.append((time.thread_time() - start) * 1000)

opening.Opened._look = watched
plains, libraries, lists, looks = [], [], [], []
for _ in range(repeats):
    plains.append(timed(plain)[0])
    seconds, library = timed(lambda: Library(path))
    libraries.append(seconds)
    lists.append(timed(lambda: listed(library))[0])
    library.close()
    del library
tracemalloc.start()
library = Library(path)
of_items = tracemalloc.get_traced_memory()[0]
listing = Listing(library)
finish(listing.steps())
of_list = tracemalloc.get_traced_memory()[0]
print(json.dumps({"plain": min(plains), "library": min(libraries), "list": min(lists), "look": min(looks),
                  "items": of_items, "all": of_list}))
"""


def make_library(path: Path, count: int) -> None:
    """A library of so many items, as a whole reading leaves it."""
    core = Core(path, lambda: 1_790_000_000.0)
    with core.kept():
        core.store.put_items(make_collection(count))
        named = [Folder(folder_id, name) for folder_id, name in FOLDERS.items()]
        core.store.put_folders([Folder(ALL_FOLDER, "All", count), *named])
        core.store.put_fields(FIELDS)
        core.set_meta(pulled_at=core.clock(), checked_at=core.clock())
    core.store.close()


def first_frame(code: str, environ: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Start a program in a terminal, and end it once it has drawn. Returns what it tells of its first frame."""
    told = folder / "frame.json"
    told.unlink(missing_ok=True)
    screen = Terminal({**environ, "TO": str(told)}, command=[sys.executable, "-c", code], columns=140, rows=40)
    try:
        while not told.exists() or not told.stat().st_size:
            screen.read_on()
        found: dict[str, Any] = json.loads(told.read_text())
        return found
    finally:
        screen.close()


def leave_once(environ: Mapping[str, str]) -> None:
    """Start the program and leave it, so that it knows what was seen last."""
    settings = {**environ, "DISCOTUI_TOKEN": TOKEN, "DISCOTUI_API_URL": NOWHERE}
    screen = Terminal(settings, columns=140, rows=40)
    try:
        screen.read_until("offline")
        screen.type("q")
        assert screen.wait() == 0
    finally:
        screen.close()


def measure(count: int, starts: int = STARTS) -> tuple[list[Figure], list[str]]:
    """All of it for one size.

    Args:
        count: Items.
        starts: Fresh interpreters for each median.

    Returns:
        What was measured, and which modules that the first frame must not wait for were there by then.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = environment(folder)
        # Without compiled modules every start would measure the compiler.
        del environ["PYTHONDONTWRITEBYTECODE"]
        KnownUsers(folder / "data" / "discotui").remember(Token(TOKEN), NOWHERE, USER)
        path = library_file(folder / "data" / "discotui", NOWHERE, USER, public=False)
        path.parent.mkdir(parents=True)
        make_library(path, count)
        leave_once(environ)
        bare, ours, modules = [], [], set[str]()
        for _ in range(starts):
            bare.append(first_frame(BARE, environ, folder)["cpu"])
            frame = first_frame(OURS, environ, folder)
            ours.append(frame["cpu"])
            modules |= set(frame["modules"])
        command = [sys.executable, "-c", READ, str(path), "5"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ)
        read = json.loads(done.stdout)
    read_plainly, allowed = "SELECT of nine columns", "bytes allowed"
    everything = read["library"] + read["list"]
    return [
        Figure("first frame, with the first rows", count, median(ours), median(bare), "bare Textual app", 1.5),
        Figure("all items there", count, read["library"], read["plain"], read_plainly, 3),
        Figure("all items there, and their first list", count, everything, read["plain"], read_plainly),
        Figure("looking for damage meanwhile", count, read["look"], read["library"], "reading all items", 1),
        Figure("bytes an item", count, read["items"] / count, 2000, allowed, 1),
        Figure("bytes an item, with the first list", count, read["all"] / count, 2000, allowed, 1),
    ], sorted(modules & set(HEAVY))


def figures(size: int) -> Iterator[Figure]:
    """What starting costs on a library of that size."""
    found, heavy = measure(size)
    yield from found
    yield Figure("heavy modules loaded before the first frame", size, len(heavy), len(HEAVY), "that could be", 0)


if __name__ == "__main__":
    print_figures(figures, [int(argument) for argument in sys.argv[1:]] or SIZES)
