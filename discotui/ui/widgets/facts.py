"""Labels and their values, as text that wraps beside its label."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.table import Table
from rich.text import Text

from discotui.ui.text import clean, fit


def facts_grid(lines: Sequence[tuple[str, str]], label: Style, cells: int) -> Table:
    """One line or more for each pair of a label and its value.

    Args:
        lines: Label and value. Any text; a value may have several lines, and an empty one is shown as a dash.
        label: How labels are drawn.
        cells: Width of the labels.
    """
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=cells, style=label)
    grid.add_column(ratio=1, overflow="fold")
    for name, value in lines:
        grid.add_row(Text(fit(name, cells)), Text(clean(value, lines=True).strip() or "–"))
    return grid
