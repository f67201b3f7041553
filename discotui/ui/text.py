"""Makes text that is not ours safe to draw, and measures it in terminal cells.

Titles, notes, folder names and server messages may hold anything: escape sequences that the terminal would
obey, controls that turn the direction of writing, characters without width. Every surface shows such text
through :func:`clean`, or through :func:`fit` and :func:`fit_right`, which clean as well. Nothing here knows
markup: draw the result as plain text.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, get_character_cell_size

ELLIPSIS = "…"
STAR = "★"
NO_STAR = "·"
ASCENDING = "▲"
DESCENDING = "▼"
MOST_STARS = 5

# A row shows some hundred cells; a title of a megabyte must not cost more than that.
_LONGEST_FIT = 4096

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BREAKS_AND_TABS = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

# What terminals obey, and what they draw in a width that no two of them agree on.
_UNSAFE = re.compile(
    "["
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 but newline, DEL, C1
    "\xad"  # soft hyphen
    "\u034f"  # combining grapheme joiner
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # fillers: letters that are not seen
    "\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff"  # zero width
    "\u2028\u2029"  # line and paragraph separators
    "\ud800-\udfff"  # lone surrogates: cannot be written to the terminal at all
    "\ufff0-\ufffb"  # interlinear annotation and its unassigned neighbours
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # layout of hieroglyphs, shorthand, music
    "\U0001f3fb-\U0001f3ff"  # skin tones
    "\U000e0000-\U000e007f"  # tags
    "]+"
)


def clean(text: str, *, lines: bool = False) -> str:
    """The text without anything that a terminal would obey or draw in an unpredictable width.

    Args:
        text: Any text, lone surrogates included.
        lines: Keep line breaks, as newlines. Without it a run of breaks and tabs becomes one space.

    Returns:
        Text to be drawn as it is. Brackets stay: it is not escaped for markup.
    """
    # isprintable() is one pass in C and false for every control, format character and surrogate.
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text).replace("\t", " ") if lines else _BREAKS_AND_TABS.sub(" ", text)
    return _UNSAFE.sub("", text)


def _cut(text: str, width: int) -> str:
    """As much of a cleaned text as fits beside an ellipsis, the ellipsis included; ``width`` is at least 1."""
    room = width - 1
    if text.isascii():
        return text[:room].rstrip() + ELLIPSIS
    used = 0
    for index, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > room:
            return text[:index].rstrip() + ELLIPSIS
    return text


def _shorten(text: str, width: int) -> tuple[str, int]:
    """The cleaned text, cut to at most ``width`` cells, and the cells it takes."""
    if len(text) > _LONGEST_FIT:
        text = text[:_LONGEST_FIT]
    text = clean(text)
    cells = len(text) if text.isascii() else cell_len(text)
    if cells <= width:
        return text, cells
    if width <= 0:
        return "", 0
    text = _cut(text, width)
    return text, cell_len(text)


def fit(text: str, width: int) -> str:
    """The cleaned text in exactly ``width`` terminal cells, cut with "…" or padded on the right."""
    text, cells = _shorten(text, width)
    return text + " " * (width - cells)


def fit_right(text: str, width: int) -> str:
    """The cleaned text in exactly ``width`` terminal cells, cut with "…" or padded on the left."""
    text, cells = _shorten(text, width)
    return " " * (width - cells) + text


def fit_center(text: str, width: int) -> str:
    """The cleaned text in exactly ``width`` terminal cells, cut with "…" or padded on both sides."""
    text, cells = _shorten(text, width)
    left = (width - cells) // 2
    return " " * left + text + " " * (width - cells - left)


def stars(rating: int) -> str:
    """A rating of 0 to 5 in five cells: "★★★★·". Other numbers count as the nearest of these."""
    count = min(max(rating, 0), MOST_STARS)
    return STAR * count + NO_STAR * (MOST_STARS - count)


def number(n: int) -> str:
    """A count with its thousands set apart: "3,104"."""
    return f"{n:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 item", "3,104 items"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def age(seconds: float) -> str:
    """How long ago: "just now", "12 min ago", "3 h ago", "5 days ago"."""
    minutes = int(max(0.0, seconds) // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"
