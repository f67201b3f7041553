"""Text that is not ours, on every surface: nothing in it is markup, and nothing in it reaches the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Button, Input, Select, TextArea

from discotui.start import Kind
from discotui.ui.screens.add import AddDialog
from discotui.ui.screens.changes import ChangesScreen
from discotui.ui.screens.dialogs import Name, Pick, Question
from discotui.ui.screens.help import HelpScreen
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.change_list import ChangeList
from tests.demo_data import NOTES, owned, record, small_data
from tests.ui.driving import (
    NARROW,
    NORMAL,
    WIDE,
    TypedPilot,
    assert_safe,
    back_on_main,
    demo_app,
    dialog,
    drawn,
    go_to,
    go_to_folder,
    main,
    news,
    pane,
    press,
    screen_text,
    server_of,
    settled,
    start_at,
    static_text,
    table,
    toasts,
    type_text,
    unsafe_in,
    until,
)

pytestmark = pytest.mark.anyio

MARKUP = "[/x][red]R[@click=app.quit]Q[/][LP]$x[b"
ESCAPES = "\x1b]52;c;aGk=\x07\x1b[31mred\x9b2J\x00\x08\x7f\x85end"
BIDI = "\u202eesrever\u202c\u2066x\u2069\u200bz\ufeff\u200d"
SCRIPTS = "山下達郎 👨‍👩‍👧 ❤️ أم كلثوم ｆｕｌｌ ♥ é\u0301"
HOSTILE = f"{MARKUP}{ESCAPES}{BIDI}{SCRIPTS}"
WHEN = "2020-01-01T00:00:00-08:00"
KINDS = {"markup": MARKUP, "escapes": ESCAPES, "bidi": BIDI, "scripts": SCRIPTS, "all": HOSTILE}


def hostile_data(text: str) -> dict[str, Any]:
    """A collection in which every text that can be is the hostile one."""
    fields = [dict(field) for field in small_data()["fields"]]
    for number, field in enumerate(fields):
        field["name"] = f"{number}{text}"
    fields[0]["options"] = [f"A{text}", f"B{text}"]
    notes = {fields[0]["name"]: f"A{text}", fields[1]["name"]: f"odd{text}", fields[2]["name"]: f"one\n{text}\n\ttwo"}
    more = {
        "genres": [text],
        "styles": [text],
        "formats": [{"name": text, "qty": text, "descriptions": [text], "text": text}],
    }
    first = record(f"T{text}", f"A{text}", text, text, "Vinyl", year=2000) | owned(f"F{text}", WHEN, 3) | more
    first |= {"notes": notes, "copies": [{"folder": f"F{text}", "added": WHEN, "notes": notes}]}
    second = record(text, text, text, text, text, year=0) | owned("Uncategorized", WHEN)
    other = record(f"O{text}", text, text, text, text, year=1) | more
    return {
        "username": small_data()["username"],
        "folders": [f"F{text}", f"E{text}"],
        "fields": fields,
        "records": [first, second],
        "others": [other],
    }


async def closed(pilot: TypedPilot, key: str = "escape") -> None:
    """Leave the dialog, which was safe to look at."""
    assert_safe(pilot)
    await press(pilot, key)
    await back_on_main(pilot)


@pytest.mark.parametrize(
    ("kind", "size"), [*((kind, NORMAL) for kind in KINDS), ("all", WIDE), ("all", NARROW)], ids=str
)
async def test_table_tree_and_item_pane_draw_any_text(kind: str, size: tuple[int, int]) -> None:
    async with demo_app(size=size, data=hostile_data(KINDS[kind])) as (app, pilot, _):
        for key in ("j", "j", "tab", "tab", "G", "enter", "z", "z"):
            await press(pilot, key)
            assert_safe(pilot)
        assert isinstance(app.screen, MainScreen)
        assert not app._exit


async def test_brackets_are_shown_as_they_are() -> None:
    async with demo_app(size=(200, 40), data=hostile_data("[LP][/x][red]")) as (_app, pilot, _):
        text = screen_text(pilot)
        for shown in ("A[LP][/x][red]", "T[LP][/x][red]", "F[LP][/x][red]", "E[LP][/x][red]"):
            assert shown in text
        await go_to(pilot, "T[LP][/x][red]")
        await press(pilot, "m")
        await dialog(pilot, Pick)
        assert "Move A[LP][/x][red] – T[LP][/x][red]" in screen_text(pilot)


@pytest.mark.parametrize("kind", ["markup", "all"])
async def test_the_form_draws_any_text_and_rewrites_nothing_by_itself(kind: str) -> None:
    async with demo_app(data=hostile_data(KINDS[kind])) as (app, pilot, server):
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(app.focused, Select))
        assert_safe(pilot)
        await press(pilot, "enter")
        assert_safe(pilot)
        await press(pilot, "escape")
        while not isinstance(app.focused, TextArea):
            await press(pilot, "tab")
            assert_safe(pilot)
        assert not pane(app).typed()
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not pane(app).is_editing)
        assert all(entry.method == "GET" for entry in server.log)


@pytest.mark.parametrize("kind", ["markup", "all"])
async def test_every_dialog_draws_any_text(kind: str) -> None:
    text = KINDS[kind]
    async with demo_app(data=hostile_data(text)) as (app, pilot, _):
        await press(pilot, "m")
        await dialog(pilot, Pick)
        await closed(pilot)
        await press(pilot, "d")
        await dialog(pilot, Question)
        await closed(pilot, "n")
        await press(pilot, "a")
        await dialog(pilot, AddDialog)
        await type_text(pilot, "1003")
        await press(pilot, "enter")
        await until(pilot, lambda: not app.screen.query_one("#add", Button).disabled)
        assert not unsafe_in(static_text(app, "#found").replace("\n", ""))
        assert_safe(pilot)
        await press(pilot, "tab", "enter")
        assert_safe(pilot)
        await press(pilot, "escape", "escape")
        await back_on_main(pilot)
        await go_to_folder(pilot, f"E{text}")
        await press(pilot, "e")
        await dialog(pilot, Name)
        await closed(pilot)
        await press(pilot, "d")
        await dialog(pilot, Question)
        await closed(pilot)
        await press(pilot, "question_mark")
        await dialog(pilot, HelpScreen)
        await closed(pilot)
        await press(pilot, "ctrl+p")
        await dialog(pilot, CommandPalette)
        await type_text(pilot, "Folder")
        await until(pilot, lambda: "Folder: F" in screen_text(pilot))
        assert_safe(pilot)
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert not app._exit


@pytest.mark.parametrize("kind", KINDS)
async def test_toasts_and_status_line_draw_any_text(kind: str) -> None:
    text = KINDS[kind]
    async with demo_app(data=hostile_data(text)) as (app, pilot, server):
        body = json.dumps({"message": text, "detail": [{"msg": text}]})
        server.fail_next(422, body, method="POST")
        await press(pilot, "5")
        await until(pilot, lambda: any("Not accepted" in said for said in toasts(app)))
        server.fail_next(404, json.dumps({"message": text}), match="/fields", times=9)
        await press(pilot, "r")
        await until(pilot, lambda: any("does not have it" in said for said in toasts(app)))
        assert_safe(pilot)
        await press(pilot, "x")
        assert "how about" in news(app)
        assert_safe(pilot)
        await go_to_folder(pilot, f"F{text}")
        await press(pilot, "d")
        await until(pilot, lambda: any("move them out first" in said for said in toasts(app)))
        assert_safe(pilot)
        for said in toasts(app):
            assert not unsafe_in(said)


@pytest.mark.parametrize("kind", ["markup", "all"])
async def test_the_clipboard_gets_clean_text(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    copied: list[str] = []
    async with demo_app(data=hostile_data(KINDS[kind])) as (app, pilot, _):
        monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
        await press(pilot, "y", "Y")
        assert len(copied) == 2
        assert not unsafe_in("".join(copied))


@pytest.mark.parametrize("kind", ["markup", "all"])
async def test_a_user_name_is_drawn_whatever_it_holds(tmp_path: Path, kind: str) -> None:
    start = start_at(server_of(), tmp_path, kind=Kind.PUBLIC, user=f"u{KINDS[kind]}"[:80])
    async with demo_app(start=start, wait=False) as (app, pilot, _):
        await until(pilot, lambda: any("knows no user" in said for said in toasts(app)))
        assert_safe(pilot)
        assert not unsafe_in(app.title + app.sub_title + str(main(app).title or ""))


async def test_names_without_an_end_are_drawn() -> None:
    data = hostile_data("x" * 5_000)
    async with demo_app(data=data) as (app, pilot, _):
        await press(pilot, "j", "m")
        await dialog(pilot, Pick)
        await closed(pilot)
        assert table(app).line_count == 3


async def open_form_at_text(pilot: TypedPilot) -> None:
    """Open the form and go to its first textarea."""
    await press(pilot, "e")
    await until(pilot, lambda: isinstance(pilot.app.focused, Select))
    while not isinstance(pilot.app.focused, TextArea):
        await press(pilot, "tab")


@pytest.mark.parametrize("keys", [["m"], ["s"], ["a"], ["n"], ["ctrl+p"], ["form"]], ids=lambda keys: str(keys[0]))
async def test_what_is_pasted_is_drawn_without_controls(keys: list[str]) -> None:
    async with demo_app() as (app, pilot, _):
        if keys == ["form"]:
            await open_form_at_text(pilot)
        else:
            await press(pilot, *keys)
            await until(pilot, lambda: isinstance(app.focused, Input))
        app.post_message(events.Paste(f"pasted{ESCAPES}{BIDI}[/x]"))
        await drawn(pilot)
        await until(pilot, lambda: "pasted" in screen_text(pilot))
        assert_safe(pilot)


@pytest.mark.parametrize(
    ("kind", "size"), [*((kind, NORMAL) for kind in KINDS), ("all", WIDE), ("all", NARROW)], ids=str
)
async def test_the_changes_draw_any_text(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    text = KINDS[kind]
    start = start_at(server_of(hostile_data(text)), tmp_path)
    async with demo_app(start=start, size=size) as (app, pilot, server):
        assert app.session is not None
        assert start.wire is not None
        library = app.session.library
        item = next(item for item in library.items() if item.title == f"T{text}")
        folder = next(folder for folder in library.folders() if folder.name == f"E{text}")
        server.fail_next(422, json.dumps({"message": text}), method="POST")
        library.rate([item.instance_id], 5)
        await until(pilot, lambda: library.deciding.counts().failed == 1)
        server.state.remove(next(item.instance_id for item in library.items() if item.title == text))
        start.wire.is_cut = True
        server.state.set_note(item.instance_id, NOTES, f"theirs{text}\n{text}")
        library.set_notes([item.instance_id], {NOTES: f"mine{text}\n{text}"})
        library.rename_folder(folder.folder_id, f"N{text}")
        start.wire.is_cut = False
        await until(pilot, lambda: library.deciding.counts().conflicts == 1)
        await until(pilot, lambda: library.deciding.counts().waiting == 0)
        assert app.session.engine is not None
        app.session.engine.read_again()
        await until(pilot, lambda: len(library.vanished()) == 1)
        assert_safe(pilot)
        await press(pilot, "c")
        await dialog(pilot, ChangesScreen)
        changes = app.screen.query_one(ChangeList)
        for _ in range(changes.line_count):
            assert_safe(pilot)
            await press(pilot, "tab", "G")
            assert_safe(pilot)
            await press(pilot, "tab", "enter")
            assert_safe(pilot)
            if isinstance(app.screen, Pick):
                await press(pilot, "escape")
            await press(pilot, "j")
        await press(pilot, "slash")
        app.post_message(events.Paste(text))
        await drawn(pilot)
        assert_safe(pilot)
        await press(pilot, "escape", "g", "j", "t")
        await until(pilot, lambda: library.deciding.counts().conflicts == 0)
        assert_safe(pilot)
        assert not app._exit


async def test_a_folder_name_with_brackets_is_sent_as_it_was_typed_and_shown_so() -> None:
    async with demo_app() as (_app, pilot, server):
        await press(pilot, "n")
        await type_text(pilot, "[/x][red]")
        await press(pilot, "enter")
        await settled(pilot)
        assert "[/x][red]" in server.state.folder_names.values()
        assert "[/x][red]" in screen_text(pilot)
