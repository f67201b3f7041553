"""What the release table costs at growing numbers of rows: ``python -m tests.benchmarks.table [rows …]``.

CPU time of the process, medians, from the call or key to the painted frame, the terminal's sequences
included. Beside the milliseconds stand two ratios: against the same at the first number of rows, and against
``sorted()`` of as many ready keys in the same process.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle
from statistics import median
from time import process_time

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.events import Key
from textual.screen import Screen

from discotui.library.columns import WIDE, ColumnChoice
from discotui.library.items import Field, Item
from discotui.ui.widgets.columns import ColumnContext
from discotui.ui.widgets.release_table import ReleaseTable

SIZES = (1_000, 10_000, 100_000, 300_000)
SCREEN = (160, 48)
REPEATS = 15

WORDS = (
    "Blue",
    "Night",
    "Train",
    "Spirit",
    "Journey",
    "Love",
    "Supreme",
    "Tokyo",
    "Rain",
    "Dub",
    "Echo",
    "Sun",
    "Arkestra",
    "Voodoo",
    "Electric",
)
CONDITIONS = ("Mint (M)", "Near Mint (NM or M-)", "Very Good Plus (VG+)", "")
FIELDS = (
    Field(1, "Media Condition", 1, options=CONDITIONS[:3]),
    Field(2, "Sleeve Condition", 2, options=CONDITIONS[:3]),
    Field(3, "Notes", 3, lines=3),
    Field(4, "Shelf", 4, lines=1),
)
CONTEXT = ColumnContext(folders={1: "Uncategorized", 2: "Jazz"}, fields=FIELDS)


def make_items(count: int) -> list[Item]:
    """Items of the shapes that collections have, in no order."""
    chance = random.Random(count)
    return [
        Item(
            instance_id=number,
            release_id=number,
            folder_id=1 + number % 2,
            rating=number % 6,
            added="2024-03-05T10:00:00-08:00",
            artist=" ".join(chance.choices(WORDS, k=2)),
            title=" ".join(chance.choices(WORDS, k=4)) + (" 山下達郎" if number % 17 == 0 else ""),
            label=chance.choice(WORDS) + " Records",
            catno=f"CAT-{number:06}",
            format="2×LP, Album, Reissue",
            year=1950 + number % 70,
            genre="Jazz",
            search="",
            notes={1: chance.choice(CONDITIONS), 2: chance.choice(CONDITIONS), 3: "Bought at the fair.\nCleaned."},
        )
        for number in range(1, count + 1)
    ]


class TableApp(App[None]):
    """The table alone; every frame is turned into what a terminal would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.table = ReleaseTable()
        self.painted = asyncio.Event()

    def compose(self) -> ComposeResult:
        """The table."""
        yield self.table

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        # A headless app writes nothing, but what it would write is part of the cost.
        update: object = renderable
        if isinstance(update, CompositorUpdate):
            update.render_segments(self.console)
            self.painted.set()
        super()._display(screen, renderable)


async def settle() -> None:
    """Lets what is under way come to its end; sleeping costs no CPU time."""
    await asyncio.sleep(0.1)


async def measure(app: TableApp, act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median CPU milliseconds from ``act`` until the frame it causes is painted and all is quiet."""
    times = []
    for _ in range(repeats):
        await settle()
        app.painted.clear()
        start = process_time()
        act()
        await app.painted.wait()
        await settle()
        times.append((process_time() - start) * 1000)
    return median(times)


async def idle_cost() -> float:
    """What :func:`settle` and the app's own timers cost without any change."""
    times = []
    for _ in range(REPEATS):
        start = process_time()
        await settle()
        times.append((process_time() - start) * 1000)
    return median(times)


def sort_cost(items: Sequence[Item]) -> float:
    """Median CPU milliseconds of ``sorted()`` of the artists, ready as keys."""
    keys = [item.artist.casefold() for item in items]
    times = []
    for _ in range(5):
        start = process_time()
        sorted(keys)
        times.append((process_time() - start) * 1000)
    return median(times)


async def run(count: int) -> dict[str, float]:
    """CPU milliseconds of each act with that many rows."""
    items = make_items(count)
    by_artist = sorted(items, key=lambda item: item.artist)
    by_year = sorted(items, key=lambda item: item.year)
    app = TableApp()
    async with app.run_test(size=SCREEN):
        table = app.table
        table.focus()
        await settle()
        idle = await idle_cost()

        def show(rows: Sequence[Item], *, keep: bool = True) -> None:
            table.show(rows, context=CONTEXT, sort_key="artist", descending=False, keep_cursor=keep)

        def key(*names: str) -> Callable[[], object]:
            turns = cycle(names)
            return lambda: app.post_message(Key(next(turns), None))

        def show_first() -> None:
            show([], keep=False)
            show(by_artist, keep=False)

        orders = [by_year, by_artist]

        def show_sorted() -> None:
            orders.reverse()
            show(orders[0])

        def replace_one() -> None:
            item = table.items[table.cursor + 1]
            table.replace([replace(item, rating=(item.rating + 1) % 6)], CONTEXT)

        results = {"show, to the first frame": await measure(app, show_first)}
        show(by_artist, keep=False)
        results["cursor down, in view"] = await measure(app, key("down"))
        table.move_cursor(len(items) // 2)
        results["cursor down, scrolling"] = await measure(app, key("down"))
        # To and fro, as a thousand rows have too few pages; it costs the same either way.
        results["page down or up"] = await measure(app, key("pagedown", "pageup"))
        results |= await run_columns(app)
        results["replace one row"] = await measure(app, replace_one)
        table.move_cursor(len(items) // 2)
        results["show in another order, cursor kept"] = await measure(app, show_sorted)
        results = {name: max(0.0, cost - idle) for name, cost in results.items()}
    results["sorted() of ready keys"] = sort_cost(items)
    return results


async def run_columns(app: TableApp) -> dict[str, float]:
    """CPU milliseconds of what is done to columns, with all of them, so that some are out of sight."""
    table = app.table
    ends = cycle(("artist", "label", "folder"))

    def turns(act: Callable[[int], object]) -> Callable[[], object]:
        steps = cycle((1, -1))
        return lambda: act(next(steps))

    table.choose(ColumnChoice(WIDE).with_width("note:3", 70).with_width("note:4", 40))
    table.put_column_cursor("artist")
    results = {"column right or left, in view": await measure(app, turns(table.move_column_cursor))}
    results["columns going sideways"] = await measure(app, lambda: table.put_column_cursor(next(ends)))
    results["column wider or narrower"] = await measure(app, turns(table.widen_column))
    table.put_column_cursor("note:3")
    table.move_cursor(table.line_count // 2)
    results["cursor down, with a column"] = await measure(app, lambda: app.post_message(Key("down", None)))
    table.let_column_go()
    table.choose(ColumnChoice())
    return results


async def main(sizes: Sequence[int]) -> None:
    """Measures and prints."""
    first: dict[str, float] = {}
    print(f"{'rows':>8}  {'':<36}{'ms CPU':>9}{f'× {sizes[0]:,} rows':>16}{'× sorted()':>12}")
    for count in sizes:
        results = await run(count)
        first = first or results
        reference = results["sorted() of ready keys"]
        for name, cost in results.items():
            print(f"{count:>8,}  {name:<36}{cost:>9.2f}{cost / first[name]:>16.2f}{cost / reference:>12.2f}")
        print()


if __name__ == "__main__":
    asyncio.run(main([int(argument) for argument in sys.argv[1:]] or SIZES))
