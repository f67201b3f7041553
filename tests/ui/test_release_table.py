from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.strip import Strip

from discotui.library.items import Field, Item
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.line_view import LineView
from discotui.ui.widgets.release_table import ReleaseTable

pytestmark = pytest.mark.anyio

HOSTILE = [
    "[/x]",
    "[PIAS]",
    "[@click=app.quit]x",
    "\x1b]52;c;c2VjcmV0\x07",
    "山下達郎 FOR YOU 山下達郎 FOR YOU",
    "👨‍👩‍👧 ❤️ 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
    "أم كلثوم \u202eإنت عمري",
    "a\u200bb\ufeffc",
    "e\u0301" * 60,
    "\ud800",
    "x" * 5000,
]


def item(number: int, text: str | None = None) -> Item:
    name = text if text is not None else f"Artist {number:05}"
    return Item(
        instance_id=number,
        release_id=number,
        folder_id=1,
        rating=number % 6,
        added="2024-03-05T10:00:00-08:00",
        artist=name,
        title=name,
        label=name,
        catno=name,
        format=name,
        year=1971,
        genre="",
        search="",
        notes={1: name},
    )


ITEMS = [item(number) for number in range(1, 301)]
FIELDS = (Field(1, "Media Condition", 1, options=("Mint (M)", "Near Mint (NM or M-)")),)
CONTEXT = ColumnContext(folders={1: "Jazz"}, fields=FIELDS)


class TableApp(App[None]):
    def __init__(self, items: Sequence[Item] = ITEMS) -> None:
        super().__init__()
        self.table = ReleaseTable()
        self.rows = items
        self.under_cursor: list[Item | None] = []
        self.headers: list[str] = []
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.placeholder = "Nothing in this folder yet"
        show(self.table, self.rows)
        self.table.focus()

    @on(ReleaseTable.ItemUnderCursor)
    def note_item(self, message: ReleaseTable.ItemUnderCursor) -> None:
        self.under_cursor.append(message.item)

    @on(ReleaseTable.HeaderClicked)
    def note_header(self, message: ReleaseTable.HeaderClicked) -> None:
        self.headers.append(message.column_key)

    @on(LineView.Chosen)
    def note_chosen(self, message: LineView.Chosen) -> None:
        self.chosen.append(message.line)


def show(table: ReleaseTable, items: Sequence[Item], *, keep_cursor: bool = True) -> None:
    table.show(items, context=CONTEXT, sort_key="artist", descending=False, keep_cursor=keep_cursor)


def drawn(table: ReleaseTable) -> list[str]:
    return [table.render_line(y).text for y in range(table.size.height)]


def under(table: ReleaseTable) -> int:
    assert table.current is not None
    return table.current.instance_id


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize("size", [(30, 8), (60, 20), (140, 40), (200, 30)])
async def test_foreign_text_is_drawn_in_exactly_the_width(size: tuple[int, int]) -> None:
    app = TableApp([item(number, text) for number, text in enumerate(HOSTILE, 1)])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for line in drawn(app.table):
            assert cell_len(line) == app.table.scrollable_content_region.width
            assert not {"\x1b", "\x07", "\u202e", "\u200b", "\ufeff"} & set(line)
        assert "[/x]" in drawn(app.table)[1]


async def test_columns_stand_under_their_titles() -> None:
    app = TableApp([item(1, "山下達郎"), item(2, "Nina")])
    async with app.run_test(size=(100, 10)):
        header, wide, narrow = drawn(app.table)[:3]
        assert cell_len(header[: header.index("Title")]) == cell_len(wide[: wide.index("山", 5)])
        assert header.index("Title") == narrow.index("Nina", 8)
        assert header.index("Year") == narrow.index("1971")


async def test_only_what_is_seen_is_drawn() -> None:
    app = TableApp([item(number) for number in range(1, 5001)])
    async with app.run_test(size=(80, 20)):
        calls: list[int] = []
        original = app.table.line_strip

        def count(line: int, width: int) -> Strip:
            calls.append(line)
            return original(line, width)

        app.table.line_strip = count  # type: ignore[method-assign]
        app.table.redraw_all()
        drawn(app.table)
        app.table.move_cursor(4000)
        drawn(app.table)
        assert len(set(calls)) <= 2 * 20


async def test_keys_move_the_cursor_and_keep_it_in_sight() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        table = app.table
        await press(pilot, "down", "down", "up")
        assert under(table) == 2
        await press(pilot, "end")
        assert under(table) == 300
        assert table.is_in_sight(299)
        await press(pilot, "pageup")
        assert table.cursor == 299 - 19
        await press(pilot, "home", "pagedown")
        assert table.cursor == 19
        assert table.top_line == 17
        await press(pilot, "up")
        assert table.top_line == 16, "two lines stay in sight above the cursor"
        assert app.under_cursor[-1] is table.current


async def test_the_cursor_stays_on_its_item_when_the_order_is_reversed() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        app.table.move_cursor(120)
        await pilot.pause()
        row_on_screen = app.table.cursor - app.table.top_line
        posted = len(app.under_cursor)
        show(app.table, ITEMS[::-1])
        await pilot.pause()
        assert under(app.table) == 121
        assert app.table.cursor - app.table.top_line == row_on_screen
        assert len(app.under_cursor) == posted


async def test_an_item_that_is_gone_leaves_the_cursor_to_its_neighbour() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        app.table.move_cursor(50)
        gone = set(range(40, 53))
        show(app.table, [each for each in ITEMS if each.instance_id not in gone])
        await pilot.pause()
        assert under(app.table) == 53
        show(app.table, ITEMS[:20])
        await pilot.pause()
        assert under(app.table) == 20
        assert app.under_cursor[-1] is ITEMS[19]


async def test_other_rows_start_at_the_top_when_the_cursor_is_not_to_be_kept() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)):
        app.table.move_cursor(200)
        show(app.table, ITEMS[100:], keep_cursor=False)
        assert (app.table.cursor, app.table.top_line) == (0, 0)


async def test_an_empty_table_says_so_and_takes_keys() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        show(app.table, [])
        await press(pilot, "down", "pagedown", "end", "home", "enter")
        assert any("Nothing in this folder yet" in line for line in drawn(app.table))
        assert app.table.current is None
        assert app.under_cursor[-1:] == [None]
        assert app.chosen == []
        show(app.table, ITEMS)
        await pilot.pause()
        assert app.under_cursor[-1] is ITEMS[0]
        assert not any("Nothing" in line for line in drawn(app.table))


async def test_replaced_rows_change_where_they_are_and_the_callers_list_does_not() -> None:
    rows = list(ITEMS)
    app = TableApp(rows)
    async with app.run_test(size=(80, 21)) as pilot:
        changed = [replace(rows[number], title="Changed") for number in (0, 3, 5, 7, 299)]
        app.table.replace([*changed, item(9999)], replace(CONTEXT, waiting={4}))
        await pilot.pause()
        lines = drawn(app.table)
        assert [number for number, line in enumerate(lines) if "Changed" in line] == [1, 4, 6, 8]
        assert "↑" in lines[4]
        assert app.table.items[299].title == "Changed"
        assert len(app.table.items) == 300
        assert rows == ITEMS
        assert app.under_cursor[-1] is changed[0]


async def test_a_single_change_repaints_its_line_alone() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        await pilot.pause()
        painted: list[int] = []
        original = app.table.render_line

        def count(y: int) -> Strip:
            painted.append(y)
            return original(y)

        app.table.render_line = count  # type: ignore[method-assign]
        app.table.replace([replace(ITEMS[4], rating=1)], CONTEXT)
        await pilot.pause()
        assert painted == [5]


async def test_marks_can_change_without_any_item() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)):
        app.table.replace([], replace(CONTEXT, marked={1, 3}))
        assert [line.startswith("●") for line in drawn(app.table)[1:5]] == [True, False, True, False]


async def test_a_column_appears_when_its_field_becomes_known() -> None:
    app = TableApp()
    async with app.run_test(size=(160, 21)):
        app.table.replace([], replace(CONTEXT, fields=()))
        assert "Media" not in drawn(app.table)[0]
        app.table.replace([], CONTEXT)
        header, row = drawn(app.table)[:2]
        assert row[header.index("Media") :].startswith("Artis…")


async def test_an_added_item_keeps_its_row_and_the_cursor_when_it_gets_its_id() -> None:
    app = TableApp([item(1), replace(item(2), instance_id=-5), item(3)])
    async with app.run_test(size=(80, 21)) as pilot:
        app.table.move_cursor(1)
        assert "↑" in drawn(app.table)[2]
        app.table.rename_item(-5, 77)
        await pilot.pause()
        assert "↑" not in drawn(app.table)[2]
        assert app.under_cursor[-1] is app.table.current
        show(app.table, [item(77), item(3), item(1)])
        assert under(app.table) == 77


async def test_a_click_on_a_title_tells_its_column() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        header = drawn(app.table)[0]
        for title in ("Artist", "Title", "Year", "Rated"):
            await pilot.click(ReleaseTable, offset=(header.index(title), 0))
        await pilot.click(ReleaseTable, offset=(0, 0))
        await pilot.pause()
        assert app.headers == ["artist", "title", "year", "rating"]
        assert app.table.cursor == 0


@pytest.mark.parametrize("width", [40, 58, 80, 110, 160])
@pytest.mark.parametrize("key", ["artist", "year", "rating", "folder", "nothing"])
async def test_the_arrow_stands_at_the_sorted_column_whatever_its_width(width: int, key: str) -> None:
    app = TableApp()
    async with app.run_test(size=(width, 10)):
        app.table.show(ITEMS, context=CONTEXT, sort_key=key, descending=True)
        header = drawn(app.table)[0]
        app.table.show(ITEMS, context=CONTEXT, sort_key="", descending=False)
        plain = drawn(app.table)[0]
        assert cell_len(header) == cell_len(plain) == app.table.scrollable_content_region.width
        titles = {"artist": "Artist ▼", "year": "Year▼", "rating": "Rated▼", "folder": "Folder ▼"}
        title = titles.get(key, "")
        is_shown = title.strip(" ▼") in plain if title else False
        if is_shown and plain.endswith("Rated›"):
            # The last column shares its room with the sign that there are more.
            title = title.replace("Rated▼", "Rate▼›")
        assert (title in header) if is_shown else (header == plain)


async def test_the_mouse_moves_the_cursor_and_a_double_click_chooses() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        await pilot.click(ReleaseTable, offset=(10, 4))
        assert under(app.table) == 4
        await pilot.double_click(ReleaseTable, offset=(10, 6))
        await pilot.pause()
        assert app.chosen == [5]
        await press(pilot, "enter")
        assert app.chosen == [5, 5]


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 21)) as pilot:
        for _ in range(20):
            app.table._on_mouse_scroll_down(scroll(app.table))
        await pilot.pause()
        assert app.table.top_line > 0
        assert app.table.cursor == 0
        await press(pilot, "down")
        assert app.table.is_in_sight(1)


async def test_the_cursor_stays_in_sight_when_the_terminal_shrinks() -> None:
    app = TableApp()
    async with app.run_test(size=(140, 40)) as pilot:
        app.table.move_cursor(37)
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        assert app.table.is_in_sight(37)
        for line in drawn(app.table):
            assert cell_len(line) == app.table.scrollable_content_region.width


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "ansi-dark", "ansi-light"])
async def test_the_cursor_line_stands_out_in_every_theme(theme: str) -> None:
    app = TableApp()
    async with app.run_test(size=(80, 10)) as pilot:
        app.theme = theme
        await pilot.pause()
        (cursor,) = app.table.render_line(1)
        (other, *_) = app.table.render_line(2)
        assert cursor.style is not None
        assert other.style is not None
        assert cursor.style.bgcolor != other.style.bgcolor
        app.screen.set_focus(None)
        await pilot.pause()
        assert app.table.render_line(1) != app.table.render_line(2)
        assert len(list(app.table.render_line(1))) > 1


def scroll(table: ReleaseTable) -> MouseScrollDown:
    return MouseScrollDown(table, 5, 5, 0, 1, 0, shift=False, meta=False, ctrl=False)
