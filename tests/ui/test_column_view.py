"""Columns of the table alone: the cursor among them, going sideways, widths and places by key and mouse."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollRight, MouseScrollUp
from textual.pilot import Pilot

from discotui.library.columns import NARROW, WIDE, ColumnChoice
from discotui.library.items import Field, Item
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.release_table import ReleaseTable
from tests.ui.test_release_table import HOSTILE, drawn, item

pytestmark = pytest.mark.anyio

GRADES = ("Mint (M)", "Near Mint (NM or M-)")
FIELDS = (
    Field(1, "Media Condition", 1, options=GRADES),
    Field(2, "Sleeve Condition", 2, options=GRADES),
    Field(3, "Notes", 3, lines=3),
    Field(4, "Shelf", 4, lines=1),
)
ITEMS = [item(number) for number in range(1, 61)]


class ColumnsApp(App[None]):
    def __init__(self, fields: tuple[Field, ...] = FIELDS, items: list[Item] = ITEMS) -> None:
        super().__init__()
        self.table = ReleaseTable()
        self.rows = items
        self.fields = fields
        self.choices: list[ColumnChoice] = []
        self.headers: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.fill()
        self.table.focus()

    def fill(self, sort_key: str = "artist") -> None:
        context = ColumnContext(folders={1: "Jazz"}, fields=self.fields)
        self.table.show(self.rows, context=context, sort_key=sort_key, descending=False)

    @on(ReleaseTable.HeaderClicked)
    def note_header(self, message: ReleaseTable.HeaderClicked) -> None:
        self.headers.append(message.column_key)

    @on(ReleaseTable.ChoiceChanged)
    def note_choice(self, message: ReleaseTable.ChoiceChanged) -> None:
        self.choices.append(message.choice)


def assert_fits(table: ReleaseTable) -> None:
    for line in drawn(table):
        assert cell_len(line) == table.row_width


def header(app: ColumnsApp) -> str:
    return drawn(app.table)[0]


async def drag(pilot: Pilot[None], start: int, end: int, *, y: int = 0) -> None:
    await pilot.mouse_down(ReleaseTable, offset=(start, y))
    await pilot.hover(ReleaseTable, offset=((start + end) // 2, y))
    await pilot.hover(ReleaseTable, offset=(end, y))
    await pilot.mouse_up(ReleaseTable, offset=(end, y))
    await pilot.pause()


# --- the cursor among the columns


async def test_there_is_no_column_cursor_until_it_is_used_and_letting_it_go_takes_it_away() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        table = app.table
        plain = table.render_line(1)
        assert len(list(plain)) == 1
        assert not table.let_column_go()
        table.move_column_cursor(1)
        await pilot.pause()
        assert table.column_cursor == "artist"
        assert len(list(table.render_line(1))) == 3
        assert table.let_column_go()
        assert table.render_line(1) == plain


async def test_it_enters_from_the_side_that_it_goes_to() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(60, 12)):
        app.table.move_column_cursor(-1)
        assert app.table.column_cursor == "rating"
        app.table.move_column_cursor(-1)
        assert app.table.column_cursor == "year"


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "ansi-dark", "ansi-light"])
async def test_the_cell_stands_out_by_more_than_colour_with_and_without_the_focus(theme: str) -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        app.theme = theme
        app.table.put_column_cursor("title")
        await pilot.pause()
        for _ in range(2):
            region = app.table.cell_region()
            assert region is not None
            cell = app.table.render_line(1).crop(region.x, region.right)
            rest = app.table.render_line(1).crop(0, region.x)
            assert all(style is not None and style.underline and style.bold for _, style, _ in cell)
            assert not any(style is not None and style.underline for _, style, _ in rest)
            app.screen.set_focus(None)
            await pilot.pause()


async def test_the_cell_of_another_line_is_not_marked() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        app.table.put_column_cursor("title")
        app.table.move_cursor(3)
        await pilot.pause()
        assert len(list(app.table.render_line(4))) == 3
        assert app.table.render_line(1) == app.table.line_strip(0, app.table.row_width)


@pytest.mark.parametrize("width", [30, 60, 80, 140])
@pytest.mark.parametrize("preset", ["usual", NARROW, WIDE])
async def test_every_column_is_reached_and_the_line_stays_as_wide_as_the_table(width: int, preset: str) -> None:
    rows = [item(number, text) for number, text in enumerate(HOSTILE, 1)]
    app = ColumnsApp(items=rows)
    async with app.run_test(size=(width, 14)):
        table = app.table
        table.choose(ColumnChoice(preset))
        reached = []
        for _ in table.columns:
            table.move_column_cursor(1)
            reached.append(table.column_cursor)
            assert table.column_cursor in table.keys_in_sight
            region = table.cell_region()
            assert region is not None
            assert region.right <= table.row_width
            for line in range(len(rows)):
                table.move_cursor(line)
                assert_fits(table)
        everything = reached.copy()
        for _ in table.columns:
            table.move_column_cursor(-1)
            reached.append(table.column_cursor)
        assert set(reached) == {column.key for column in table.columns}
        assert everything[-1] == ("folder" if preset != NARROW else "note:2")


async def test_artist_and_title_stay_in_sight_and_the_edges_tell_that_there_is_more() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(60, 12)):
        app.table.choose(ColumnChoice(WIDE))
        assert "‹" not in header(app)
        assert header(app).endswith("›")
        app.table.put_column_cursor("note:3")
        assert header(app).startswith(" ‹ Artist")
        assert "Title" in header(app)
        assert header(app).rstrip().endswith("›")
        app.table.put_column_cursor("folder")
        assert "›" not in header(app)
        app.table.let_column_go()
        assert "‹" not in header(app)


async def test_that_columns_have_no_room_is_told_among_the_usual_ones_too() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(60, 12)) as pilot:
        assert header(app).endswith("›")
        await pilot.resize_terminal(220, 12)
        await pilot.pause()
        assert "›" not in header(app)


async def test_the_column_stays_in_sight_when_the_window_shrinks() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(160, 12)) as pilot:
        app.table.put_column_cursor("folder")
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert "folder" in app.table.keys_in_sight
        assert_fits(app.table)


async def test_a_column_whose_field_is_gone_takes_the_cursor_with_it() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.table.choose(ColumnChoice(WIDE))
        app.table.put_column_cursor("note:4")
        app.fields = FIELDS[:2]
        app.fill()
        await pilot.pause()
        assert app.table.column_cursor == ""
        assert "Artist" in header(app)
        assert_fits(app.table)


# --- changing the columns


async def test_a_column_gets_wider_and_narrower_but_never_senseless() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        table = app.table
        assert not table.widen_column(1)
        table.put_column_cursor("artist")
        before = table.cells_of("artist")
        table.widen_column(1)
        assert table.cells_of("artist") == before + 1
        table.widen_column(-200)
        assert table.cells_of("artist") == 4
        table.widen_column(200)
        assert table.cells_of("artist") == table.row_width - 3
        assert_fits(table)
        table.put_column_cursor("rating")
        table.widen_column(-200)
        assert table.cells_of("rating") == 5
        await pilot.pause()
        assert app.choices[-1] == table.choice
        assert len(app.choices) == 4


async def test_a_column_is_put_further_left_and_right_and_its_cursor_goes_with_it() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(160, 12)) as pilot:
        table = app.table
        assert not table.shift_column(1)
        table.put_column_cursor("note:1")
        table.shift_column(-1)
        table.shift_column(-1)
        await pilot.pause()
        keys = [column.key for column in table.columns]
        assert keys.index("note:1") == keys.index("year") - 1
        assert table.column_cursor == "note:1"
        table.shift_column(99)
        assert [column.key for column in table.columns][-1] == "note:1"
        table.shift_column(1)
        await pilot.pause()
        assert len(app.choices) == 3


async def test_putting_in_order_begins_with_what_is_seen() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(60, 12)):
        table = app.table
        assert table.keys_in_sight == ["artist", "title", "year", "rating"]
        table.put_column_cursor("year")
        table.shift_column(-1)
        assert [column.key for column in table.columns][:4] == ["artist", "year", "title", "rating"]
        assert set(table.keys_in_sight) >= {"artist", "year", "title", "rating"}


# --- the mouse


async def test_a_border_is_drawn_with_the_mouse_and_that_sorts_nothing() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        table = app.table
        before = table.cells_of("artist")
        border = header(app).index("Title") - 1
        await drag(pilot, border, border + 7)
        assert table.cells_of("artist") == before + 7
        assert app.choices == [table.choice]
        assert header(app).index("Title") == border + 8
        await drag(pilot, border + 7, 2)
        assert table.cells_of("artist") == 4
        assert app.headers == []
        assert_fits(table)


async def test_a_title_is_drawn_onto_another_place_and_that_sorts_nothing() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        await drag(pilot, header(app).index("Year"), header(app).index("Artist") + 1)
        assert app.table.keys_in_sight[:3] == ["year", "artist", "title"]
        await drag(pilot, header(app).index("Year"), header(app).index("Title") + 1)
        assert app.table.keys_in_sight[:3] == ["artist", "title", "year"]
        assert len(app.choices) == 2
        assert app.headers == []


async def test_while_a_title_is_held_the_header_shows_where_it_would_go() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        plain = app.table.render_line(0)
        await pilot.mouse_down(ReleaseTable, offset=(header(app).index("Year"), 0))
        await pilot.hover(ReleaseTable, offset=(header(app).index("Title"), 0))
        assert app.table.render_line(0) != plain
        await pilot.hover(ReleaseTable, offset=(header(app).index("Year"), 0))
        await pilot.mouse_up(ReleaseTable, offset=(header(app).index("Year"), 0))
        await pilot.pause()
        assert app.table.render_line(0) == plain
        assert (app.choices, app.headers) == ([], [])


async def test_a_simple_click_still_tells_the_column_even_behind_a_drag() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        border = header(app).index("Title") - 1
        await drag(pilot, border, border + 3)
        await pilot.click(ReleaseTable, offset=(header(app).index("Year"), 0))
        await pilot.click(ReleaseTable, offset=(header(app).index("Title") - 1, 0))
        await pilot.pause()
        assert app.headers == ["year", "artist"]
        assert len(app.choices) == 1


async def test_the_title_of_a_notes_field_is_clicked_like_any_other() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(160, 12)) as pilot:
        app.table.choose(ColumnChoice(WIDE))
        for title in ("Media", "Notes", "Shelf"):
            await pilot.click(ReleaseTable, offset=(header(app).index(title), 0))
        await pilot.pause()
        assert app.headers == ["note:1", "note:3", "note:4"]
        app.fill("note:3")
        assert "Notes ▲" in header(app)


async def test_a_cell_that_is_clicked_takes_the_column_cursor_where_there_is_one() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(100, 12)) as pilot:
        x = header(app).index("Year")
        await pilot.click(ReleaseTable, offset=(x, 3))
        assert app.table.column_cursor == ""
        app.table.move_column_cursor(1)
        await pilot.click(ReleaseTable, offset=(x, 4))
        assert app.table.column_cursor == "year"
        assert app.table.cursor == 3


async def test_the_wheel_goes_sideways_where_there_is_more() -> None:
    app = ColumnsApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        table.choose(ColumnChoice(WIDE))
        home = table.keys_in_sight
        for _ in range(30):
            table.post_message(wheel(MouseScrollRight, table))
        await pilot.pause()
        assert table.keys_in_sight[-1] == "folder"
        assert table.cursor == table.top_line == 0
        for _ in range(30):
            table.post_message(wheel(MouseScrollUp, table, shift=True))
        await pilot.pause()
        assert table.keys_in_sight == home
        table.post_message(wheel(MouseScrollDown, table, shift=True))
        await pilot.pause()
        assert table.keys_in_sight != home
        assert table.let_column_go()
        assert table.keys_in_sight == home


def wheel(
    kind: type[MouseScrollDown | MouseScrollUp | MouseScrollRight], table: ReleaseTable, *, shift: bool = False
) -> MouseScrollDown | MouseScrollUp | MouseScrollRight:
    return kind(table, 5, 5, 0, 1, 0, shift=shift, meta=False, ctrl=False)


# --- what fields may be called


@pytest.mark.parametrize("name", [*HOSTILE, "", "   ", "山下達郎山下達郎山下達郎"])
@pytest.mark.parametrize("width", [40, 60, 140])
async def test_a_field_of_any_name_and_value_is_drawn_in_exactly_the_width(name: str, width: int) -> None:
    fields = (Field(1, name, 1, options=(name, "A")), Field(2, name, 2, lines=1))
    rows = [item(number, text) for number, text in enumerate(HOSTILE, 1)]
    app = ColumnsApp(fields, rows)
    async with app.run_test(size=(width, 14)):
        table = app.table
        table.choose(ColumnChoice().with_keys(["artist", "note:1", "note:2"]))
        for sort_key in ("", "note:1", "note:2"):
            app.fill(sort_key)
            table.move_column_cursor(1)
            assert_fits(table)
            assert not {"\x1b", "\x07", "\u202e", "\u200b", "\ufeff"} & set("".join(drawn(table)))
