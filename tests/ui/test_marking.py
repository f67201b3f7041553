"""Marks by keys: one by one, in ranges, all at once; how long they stay, and that their number is always told."""

from __future__ import annotations

import pytest

from discotui.library.items import ALL_FOLDER
from discotui.ui.app import DiscotuiApp
from discotui.ui.widgets.status_bar import StatusBar
from tests.demo_data import EMPTY
from tests.ui.driving import (
    NARROW,
    TypedPilot,
    WiredStart,
    current,
    demo_app,
    drawn,
    go_to,
    main,
    news,
    open_folder,
    press,
    screen_text,
    settled,
    table,
    titles,
    type_text,
    until,
)

pytestmark = pytest.mark.anyio

JOURNEY = "Journey In Satchidananda"


def marked_rows(app: DiscotuiApp) -> list[int]:
    """The lines of the table whose items are marked."""
    return [row for row, item in enumerate(table(app).items) if item.instance_id in main(app).marked]


def drawn_marks(pilot: TypedPilot) -> int:
    """How many rows are drawn with a mark."""
    return sum("●" in line.split("marked")[0] for line in screen_text(pilot).splitlines()[:-2])


def told(app: DiscotuiApp) -> str:
    """What the status line says about marks."""
    return main(app).query_one(StatusBar).status.marked


async def filter_by(pilot: TypedPilot, text: str) -> None:
    await press(pilot, "slash")
    await type_text(pilot, text)
    await press(pilot, "enter")


async def test_space_marks_and_steps_on_and_lets_go_again() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "space", "space")
        assert marked_rows(app) == [0, 1]
        assert table(app).cursor == 2
        assert told(app) == "2 marked"
        assert drawn_marks(pilot) == 2
        await press(pilot, "k", "space")
        assert marked_rows(app) == [0]
        assert drawn_marks(pilot) == 1


async def test_a_range_follows_the_cursor_and_gives_back_what_it_leaves() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "j", "j", "space", "k", "v")  # the third is marked, the range begins there
        assert marked_rows(app) == [2]
        await press(pilot, "j", "j")
        assert marked_rows(app) == [2, 3, 4]
        await press(pilot, "g")
        assert marked_rows(app) == [0, 1, 2]
        await press(pilot, "j", "j", "j")
        assert marked_rows(app) == [2, 3]
        assert drawn_marks(pilot) == 2
        await press(pilot, "v", "j")
        assert marked_rows(app) == [2, 3]


async def test_esc_leaves_a_range_with_what_was_marked_before_it() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "j", "space", "g", "v", "G")
        assert len(marked_rows(app)) == 6
        await press(pilot, "escape")
        assert marked_rows(app) == [1]
        assert drawn_marks(pilot) == 1
        await press(pilot, "escape")
        assert not main(app).marked
        assert news(app) == "let 1 mark go"
        assert told(app) == ""


async def test_an_edit_and_its_undo_leave_a_range_as_it_is() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "g", "v", "j", "j", "4", "u")
        await settled(pilot)
        assert marked_rows(app) == [0, 1, 2]


async def test_space_ends_a_range() -> None:
    async with demo_app() as (app, pilot, _):
        await press(pilot, "v", "j", "space", "j", "j")
        assert marked_rows(app) == [0, 1]


async def test_star_marks_all_that_are_shown_and_lets_them_go_again() -> None:
    async with demo_app() as (app, pilot, _):
        await filter_by(pilot, "journey")
        await press(pilot, "asterisk")
        assert told(app) == "2 marked"
        await press(pilot, "escape")
        assert [titles(app)[row] for row in marked_rows(app)] == [JOURNEY, JOURNEY]
        await press(pilot, "asterisk")
        assert told(app) == "6 marked"
        await press(pilot, "asterisk")
        assert told(app) == ""


async def test_marks_are_inverted_among_what_is_shown() -> None:
    async with demo_app() as (app, pilot, _):
        await go_to(pilot, "Meeting")
        await press(pilot, "space")
        await filter_by(pilot, "journey")
        await press(pilot, "g", "space", "I")
        assert marked_rows(app) == [1]
        assert told(app) == "2 marked, 1 not shown"
        await press(pilot, "I", "I")
        assert marked_rows(app) == [1]


async def test_marks_outlast_filters_folders_orders_and_a_reading_and_esc_clears_the_filter_first() -> None:
    async with demo_app() as (app, pilot, _):
        await go_to(pilot, JOURNEY)
        await press(pilot, "space")
        kept = main(app).marked
        await filter_by(pilot, "meeting")
        assert told(app) == "1 marked, 1 not shown"
        assert "1 marked, 1 not shown" in screen_text(pilot)
        await press(pilot, "escape")
        assert not main(app).is_filtering
        assert main(app).marked == kept
        main(app).open_folder(EMPTY)
        await drawn(pilot)
        assert told(app) == "1 marked, 1 not shown"
        main(app).open_folder(ALL_FOLDER)
        main(app).sort_by("year")
        await press(pilot, "r")
        await settled(pilot)
        assert main(app).marked == kept
        assert told(app) == "1 marked"


async def test_the_number_is_in_sight_in_the_smallest_window_and_in_every_pane() -> None:
    async with demo_app(size=NARROW) as (_app, pilot, _):
        await press(pilot, "space", "space", "space")
        for _pane in range(3):
            assert "3 marked" in screen_text(pilot)
            await press(pilot, "tab")


async def test_the_mark_of_an_item_that_is_gone_goes_with_it(own_start: WiredStart) -> None:
    async with demo_app(start=own_start) as (app, pilot, server):
        await press(pilot, "asterisk")
        gone = current(app).instance_id
        del server.state.instances[gone]
        await press(pilot, "r")
        await until(pilot, lambda: told(app) == "5 marked")
        assert gone not in main(app).marked


async def test_the_mark_of_an_added_item_follows_it_to_its_real_number(own_start: WiredStart) -> None:
    assert own_start.wire is not None
    async with demo_app(start=own_start) as (app, pilot, server):
        own_start.wire.is_cut = True
        await press(pilot, "d", "y")
        await settled_without_network(pilot, app)
        await press(pilot, "u")
        await press(pilot, "space")
        assert len(main(app).marked) == 1
        own_start.wire.is_cut = False
        await press(pilot, "r")
        await settled(pilot)
        assert main(app).marked <= set(server.state.instances)
        assert told(app) == "1 marked"


async def settled_without_network(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until the screen shows what was done."""
    await until(pilot, lambda: main(app).is_at_rest)
    await drawn(pilot)


async def test_marking_needs_an_item() -> None:
    async with demo_app() as (app, pilot, _):
        await open_folder(pilot, "Empty")
        await press(pilot, "space", "v")
        assert news(app) == "no item here"
        await press(pilot, "asterisk", "I")
        assert told(app) == ""
