"""Which columns of the table a person has chosen, in which order, and how wide.

Columns go by the keys that items are sorted by: "artist", or "note:7" for a notes field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from discotui.library.sorting import is_key

USUAL = "usual"
NARROW = "narrow"
WIDE = "wide"
PRESETS = (USUAL, NARROW, WIDE)

MOST_CELLS = 400
"""No column is wider, whatever a file says."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Columns as a person wants them.

    Attributes:
        preset: One of :data:`PRESETS`, whose columns are the table's to say; "" where they were chosen one by one.
        keys: These columns, in their order, none twice; () with a preset.
        widths: Cells of the columns that were given a width, by key, in the order of the keys. Columns that are not
            shown keep theirs.
    """

    preset: str = USUAL
    keys: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()

    def width_of(self, key: str) -> int:
        """The cells that a column was given, 0 where it takes what suits it."""
        return dict(self.widths).get(key, 0)

    def with_width(self, key: str, cells: int) -> ColumnChoice:
        """The same with a column of that many cells; 0 lets it take what suits it again."""
        widths = dict(self.widths)
        widths.pop(key, None)
        if cells:
            widths[key] = max(1, min(cells, MOST_CELLS))
        return replace(self, widths=tuple(sorted(widths.items())))

    def with_keys(self, keys: Iterable[str]) -> ColumnChoice:
        """These columns in this order, no preset's; the usual ones if there are none. Widths stay."""
        keys = tuple(dict.fromkeys(keys))
        return replace(self, preset="" if keys else USUAL, keys=keys)

    def with_preset(self, preset: str) -> ColumnChoice:
        """A preset as it is meant: no width is set."""
        return ColumnChoice(preset)

    def to_json(self) -> str:
        """As it is kept in the library file."""
        return json.dumps({"preset": self.preset, "columns": self.keys, "widths": dict(self.widths)})

    @classmethod
    def from_json(cls, text: str) -> ColumnChoice:
        """What :meth:`to_json` wrote. What cannot be read is left out; the usual columns when nothing can."""
        try:
            kept = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(kept, dict):
            return cls()
        preset = kept.get("preset")
        choice = cls()
        if preset in PRESETS:
            choice = cls(preset)
        elif isinstance(columns := kept.get("columns"), list):
            choice = choice.with_keys(key for key in columns if isinstance(key, str) and is_key(key))
        widths = kept.get("widths")
        for key, cells in widths.items() if isinstance(widths, dict) else ():
            if is_key(key) and type(cells) is int and cells > 0:
                choice = choice.with_width(key, cells)
        return choice


def put(keys: Sequence[str], key: str, place: int) -> list[str]:
    """The keys with one of them at another place, the nearest there is."""
    others = [other for other in keys if other != key]
    others.insert(max(0, min(place, len(others))), key)
    return others
