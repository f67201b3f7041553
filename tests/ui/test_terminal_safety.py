"""The real program in a real terminal, on a collection full of what terminals obey: none of it gets there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from discotui.demo.data import state_from
from discotui.demo.serve import running
from discotui.demo.server import DemoServer
from tests.demo_data import TOKEN, owned, record
from tests.figures import told
from tests.terminal import environment
from tests.terminal_bytes import BIDI, C0, C1, EVERYTHING, POINTS, SEQUENCES, SURROGATES, Scan, Watched, scanned
from tests.ui.test_hostile import WHEN, hostile_data

MANY = 30
"""Items that go missing at once: more than are believed without a question."""
OWN_NAME = "u" + "".join(map(chr, [*C0, *BIDI]))
PUBLIC_NAME = "p" + "".join(map(chr, C1))
"""A person's name is a file's name too, which has room for half of them."""


def server_of(text: str, user: str) -> DemoServer:
    """A server whose every text is that one."""
    data = hostile_data(text)
    more = [record(f"M{text}{number}", f"B{text}", text, text, text, year=1) for number in range(MANY)]
    data["records"] += [each | owned("Uncategorized", WHEN) for each in more]
    data["username"] = user
    return DemoServer(state_from(data), token=TOKEN, rate_limit=100_000)


def walk_of_the_owner(screen: Watched, server: DemoServer, text: str) -> None:
    """Go through every screen and dialog."""
    screen.brings("left this minute")
    look_and_edit(screen, server, text)
    go_through_columns(screen, server, text)
    be_refused(screen, server, text)
    add(screen, server, text)
    go_through_folders(screen, server, text)
    filter_and_sort(screen, server, text)
    have_trouble(screen, server, text)
    resize(screen, server, text)
    screen.type("q")
    screen.rest()
    screen.type("y")
    assert screen.wait() == 0


def look_and_edit(screen: Watched, server: DemoServer, text: str) -> None:
    """Panes, dialogs about the item, the form."""
    screen.type("jjk\t\tGg\tz")
    screen.rest()
    screen.type("z\x1b")
    screen.type("m")
    screen.brings("type part of the folder's name")
    screen.paste(text)
    screen.type("\x1bd")
    screen.brings("Keep (n)")
    screen.type("ne")
    screen.brings("Leave")
    screen.type("\r")
    screen.rest()
    screen.type("\x1b\t\t")
    screen.paste(f"typed{text}")
    screen.type("\x1b")
    screen.brings("Throw away (y)")
    screen.type("y")


def go_through_columns(screen: Watched, server: DemoServer, text: str) -> None:
    """The dialog for the columns, all of them, and a cell of each notes field, left as it was."""
    screen.type("C")
    screen.brings("all at once")
    screen.type("wGgl\r")
    screen.rest()
    screen.type("lllllllllllllhhhhhhhhhhhhh")
    screen.rest()
    screen.type("\x1bE")
    screen.brings("Keep, next")
    for _ in range(4):
        screen.rest()
        screen.paste(text)
        screen.rest()
        screen.type("\x1b[B\x1b[A")
        screen.rest()
        screen.type("\x1blE")
    screen.type("\x1b")
    screen.rest()
    screen.type("\x1b")
    screen.rest()


def be_refused(screen: Watched, server: DemoServer, text: str) -> None:
    """An edit that is declined, the clipboard, a pick at random, and the changes."""
    server.fail_next(422, refusal(text), method="POST", times=3)
    screen.type("g2")
    screen.brings("1 refused")
    screen.type("yY")
    screen.brings("]52;")
    screen.type("x")
    screen.brings("how about")
    screen.type("c")
    screen.brings("Refused")
    screen.type("jj\t\t/")
    screen.paste(text)
    screen.type("\x1b\x1b")
    screen.rest()


def add(screen: Watched, server: DemoServer, text: str) -> None:
    """The dialog for adding."""
    screen.type("a")
    screen.brings("Add a release")
    screen.type(f"{1003 + MANY}\r")
    screen.brings("O")
    screen.rest()
    screen.paste(text)


def go_through_folders(screen: Watched, server: DemoServer, text: str) -> None:
    """New, renamed, deleted; help and the palette."""
    screen.type("\x1bn")
    screen.brings("New folder")
    screen.paste(f"made{text}")
    screen.type("\r")
    screen.brings("made the folder")
    screen.type("\x1b[Zgje")
    screen.brings("fixed folders")
    screen.type("jje")
    screen.brings("Rename")
    screen.type("\x1bd")
    screen.brings("Delete the empty folder")
    for _ in range(2):
        screen.type("\x1bjd")
        screen.rest()
    screen.type("\x1b?")
    screen.brings("Moving about")
    screen.type("\x1b\x10")
    screen.brings("Search for commands")
    screen.type("Folder")
    screen.brings("show this folder")


def filter_and_sort(screen: Watched, server: DemoServer, text: str) -> None:
    """A filter, a view of it, the order, undo."""
    screen.type("\x1b/")
    screen.type("artist:\t")
    screen.rest()
    screen.paste(text)
    screen.type(' folder:"')
    screen.paste(text)
    screen.rest()
    screen.type("\x13")
    screen.rest()
    screen.type("\x1b\x1b\x1bs")
    screen.brings("Sort by")
    screen.type("\r")
    screen.rest()
    screen.type("uU")


def have_trouble(screen: Watched, server: DemoServer, text: str) -> None:
    """A reading that fails, and items that go missing."""
    server.fail_next(404, refusal(text), match="/fields", times=9)
    screen.type("r")
    screen.brings("not read")
    server.faults.clear()
    for instance_id in [item.instance_id for item in server.state.items()][-MANY:]:
        server.state.remove(instance_id)
    screen.type("r")
    screen.brings("Missing at Discogs")
    screen.paste(text)
    screen.type("\x1b")


def resize(screen: Watched, server: DemoServer, text: str) -> None:
    """Windows of all sizes."""
    for columns, rows in ((80, 24), (60, 20), (40, 10), (140, 40)):
        screen.resize(columns, rows)
        screen.rest()


def walk_of_a_stranger(screen: Watched, server: DemoServer, text: str) -> None:
    """Look at somebody's collection, then be turned away."""
    screen.brings("left this minute")
    screen.type("jj\t\t")
    screen.rest()
    server.fail_next(403, refusal(text), times=99)
    screen.type("r")
    screen.brings("a private collection")
    screen.type("q")
    assert screen.wait() == 0


def refusal(text: str) -> str:
    """What a server says when it declines something."""
    return json.dumps({"message": text, "detail": [{"loc": ["body", text], "msg": text}, text]})


def output_of(folder: Path, text: str, walk: Callable[..., None], user: str, *arguments: str) -> Scan:
    """Everything that a run of the program has written to its terminal."""
    folder.mkdir()
    server = server_of(text, user)
    with running(server) as url:
        environ = environment(folder) | {"DISCOTUI_API_URL": url, "BROWSER": "true"}
        if not arguments:
            environ["DISCOTUI_TOKEN"] = TOKEN
        screen = Watched(environ, *arguments)
        try:
            walk(screen, server, text)
        finally:
            screen.close()
            (folder / "raw").write_bytes(bytes(screen.raw))
    return scanned(bytes(screen.raw))


def test_nothing_of_a_hostile_collection_reaches_the_terminal(tmp_path: Path) -> None:
    plain = output_of(tmp_path / "plain", "plain", walk_of_the_owner, "somebody")
    hostile = output_of(tmp_path / "hostile", EVERYTHING, walk_of_the_owner, OWN_NAME)
    assert plain.bad == []
    assert hostile.bad == []
    assert hostile.kinds <= plain.kinds
    assert hostile.copied
    told(f"{len(POINTS)} code points and {len(SEQUENCES)} sequences on every screen: {len(hostile.bad)} got through")


def test_nothing_of_a_strangers_name_and_words_reaches_the_terminal(tmp_path: Path) -> None:
    plain = output_of(tmp_path / "plain", "plain", walk_of_a_stranger, "somebody", "--user", "somebody")
    hostile = output_of(tmp_path / "hostile", EVERYTHING, walk_of_a_stranger, PUBLIC_NAME, "--user", PUBLIC_NAME)
    assert plain.bad == hostile.bad == []
    assert hostile.kinds <= plain.kinds


@pytest.mark.parametrize("point", [point for point in POINTS if point not in SURROGATES])
def test_what_would_get_through_would_be_found(point: int) -> None:
    scan = scanned(f"\x1b[1mtitle {chr(point)}\x1b[0m".encode())
    assert scan.bad or scan.kinds > {"CSI m"}
