from __future__ import annotations

from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult

from discotui.ui.widgets.folder_tree import (
    FolderLine,
    FolderTree,
    Section,
    TreeLine,
    folder_id_of,
    folder_key,
    folder_section,
)

pytestmark = pytest.mark.anyio

FOLDERS = [
    FolderLine(5, "Ambient", 96),
    FolderLine(1, "Uncategorized", 210),
    FolderLine(0, "All", 3104),
    FolderLine(6, "Jazz", 412),
]
VIEWS = Section("views", "Views", (TreeLine("view:recent", "Recently added"), TreeLine("view:unrated", "Unrated", 12)))
HOSTILE = [
    "[/x]",
    "\x1b]52;c;x\x07",
    "山下達郎の日本の音楽とその他の音楽",
    "🎉" * 30,
    "\u202eabc",
    "a\u200bb\ufeff",
    "x" * 900,
]


class TreeApp(App[None]):
    def __init__(self, sections: Sequence[Section], selected: str = "folder:6") -> None:
        super().__init__()
        self.folders = FolderTree()
        self.sections = sections
        self.selected = selected
        self.under_cursor: list[str | None] = []
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.folders

    def on_mount(self) -> None:
        self.folders.show(self.sections, self.selected)
        self.folders.focus()

    @on(FolderTree.LineUnderCursor)
    def note_line(self, message: FolderTree.LineUnderCursor) -> None:
        self.under_cursor.append(message.key)

    @on(FolderTree.Chosen)
    def note_chosen(self, message: FolderTree.Chosen) -> None:
        self.chosen.append(message.key)


def drawn(tree: FolderTree) -> list[str]:
    return [tree.render_line(y).text.rstrip() for y in range(tree.size.height)]


async def test_all_and_uncategorized_come_first_and_counts_stand_at_the_right() -> None:
    app = TreeApp([folder_section(FOLDERS), VIEWS])
    async with app.run_test(size=(27, 12)):
        assert drawn(app.folders)[:8] == [
            "▾ Folders",
            "  All                3,104",
            "  Uncategorized        210",
            "  Ambient               96",
            "▌ Jazz                 412",
            "▾ Views",
            "  Recently added",
            "  Unrated               12",
        ]


async def test_the_cursor_starts_on_the_folder_that_is_shown() -> None:
    app = TreeApp([folder_section(FOLDERS), VIEWS])
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.pause()
        assert app.folders.current_key == "folder:6"
        assert app.under_cursor == ["folder:6"]


async def test_moving_tells_the_line_and_enter_chooses_it() -> None:
    app = TreeApp([folder_section(FOLDERS), VIEWS])
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.press("down", "down", "enter", "home")
        await pilot.pause()
        assert app.under_cursor == ["folder:6", None, "view:recent", None]
        assert app.chosen == ["view:recent"]
        assert app.folders.selected_key == "folder:6", "the screen says what is shown"


async def test_a_heading_folds_its_section_by_key_and_by_mouse() -> None:
    app = TreeApp([folder_section(FOLDERS), VIEWS])
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.press("home", "enter")
        assert drawn(app.folders)[:2] == ["▸ Folders", "▾ Views"]
        await pilot.press("space")
        assert drawn(app.folders)[0] == "▾ Folders"
        await pilot.click(FolderTree, offset=(3, 5))
        assert drawn(app.folders)[5:7] == ["▸ Views", ""]
        assert app.chosen == []


async def test_a_click_chooses_a_line_once() -> None:
    app = TreeApp([folder_section(FOLDERS)])
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.double_click(FolderTree, offset=(5, 3))
        await pilot.pause()
        assert app.chosen == ["folder:5"]


async def test_the_cursor_stays_on_its_line_when_folders_come_and_go() -> None:
    app = TreeApp([folder_section(FOLDERS)])
    async with app.run_test(size=(30, 12)) as pilot:
        more = [FolderLine(9, "Brazil", 3), *FOLDERS]
        app.folders.show([folder_section(more), VIEWS], "folder:9")
        await pilot.pause()
        assert app.folders.current_key == "folder:6"
        assert drawn(app.folders)[3].startswith("▌ Brazil")
        app.folders.show([folder_section(FOLDERS[:3])], "folder:0")
        await pilot.pause()
        assert app.folders.current_key == "folder:5", "the nearest line, as its own is gone"


async def test_a_folded_section_stays_folded_and_opens_for_its_line() -> None:
    app = TreeApp([folder_section(FOLDERS), VIEWS])
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.press("home", "enter")
        app.folders.show([folder_section(FOLDERS), VIEWS], "folder:6")
        assert drawn(app.folders)[:2] == ["▸ Folders", "▾ Views"]
        app.folders.move_to("folder:5")
        assert app.folders.current_key == "folder:5"
        app.folders.move_to("folder:404")
        assert app.folders.current_key == "folder:5"


@pytest.mark.parametrize("width", [4, 9, 20, 40])
async def test_foreign_names_are_drawn_in_exactly_the_width(width: int) -> None:
    folders = [FolderLine(number, name, 10**number) for number, name in enumerate(HOSTILE, 2)]
    app = TreeApp([folder_section(folders)], folder_key(3))
    async with app.run_test(size=(width, 20)):
        for y in range(len(HOSTILE) + 1):
            line = app.folders.render_line(y).text
            assert cell_len(line) == app.folders.scrollable_content_region.width
            assert not {"\x1b", "\x07", "\u202e", "\u200b", "\ufeff"} & set(line)


async def test_an_empty_tree_takes_keys() -> None:
    app = TreeApp([])
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.press("down", "enter", "space", "end", "pageup")
        assert app.folders.current_key is None
        assert app.chosen == []


def test_keys_name_folders() -> None:
    assert [folder_id_of(key) for key in (folder_key(12), folder_key(-3), "view:recent", None)] == [12, -3, None, None]
