"""The status line: what was just done, beside how things stand."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from discotui.ui.widgets.status_bar import Status, StatusBar

pytestmark = pytest.mark.anyio

NEWS = "moved to Jazz: Alice Coltrane – Journey In Satchidananda · u undoes it"


class Line(App[None]):
    """A status line alone."""

    def compose(self) -> ComposeResult:
        """Nothing else."""
        yield StatusBar()


async def drawn(width: int, news: str, status: Status) -> str:
    """The line in a window of that width."""
    app = Line()
    async with app.run_test(size=(width, 3)):
        bar = app.query_one(StatusBar)
        bar.status = status
        bar.news = news
        line = bar.render().plain
        assert cell_len(line) <= width - 2
        return line


STATUS = Status(who="crate.digger", age=10.0, requests_left=42, waiting=3)


async def test_what_was_just_done_is_whole_where_there_is_room() -> None:
    line = await drawn(140, NEWS, STATUS)
    assert line.startswith("crate.digger · read just now · 3 changes waiting ↑")
    assert line.endswith(NEWS)


async def test_what_matters_least_makes_room_for_what_was_just_done() -> None:
    line = await drawn(100, NEWS, STATUS)
    assert "request" not in line
    assert "read just now" not in line
    assert line.endswith(NEWS)


@pytest.mark.parametrize("width", [60, 80])
async def test_of_what_is_too_long_the_way_back_stays(width: int) -> None:
    line = await drawn(width, f"{NEWS[:-14]} and more and more{NEWS[-14:]}", STATUS)
    assert "moved to Jazz: Alice" in line
    assert line.endswith("… · u undoes it")


@pytest.mark.parametrize("width", [60, 80, 100])
async def test_marks_and_troubles_stay_beside_what_was_just_done(width: int) -> None:
    status = Status(who="crate.digger", marked="3 marked", trouble="offline", undecided="! 1 refused · c", waiting=3)
    line = await drawn(width, NEWS, status)
    for part in ("3 marked", "offline", "! 1 refused · c"):
        assert part in line


@pytest.mark.parametrize(("width", "wait"), [(60, 0), (80, 34)])
async def test_what_was_just_done_is_read_while_a_large_edit_goes_on(width: int, wait: int) -> None:
    going_on = "29 of 99 sent, about 70 seconds left · b"
    status = Status(who="crate.digger", marked="100 marked", sending=going_on, wait=wait)
    line = await drawn(width, NEWS, status)
    assert "100 marked" in line
    assert "moved to Jazz: Alice" in line
    assert line.endswith("u undoes it")
    assert going_on in await drawn(width + 20, "", status)
