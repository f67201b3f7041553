from __future__ import annotations

import sys
import unicodedata

import pytest
from rich.cells import cell_len

from discotui.ui.text import clean, fit, fit_center, fit_right, number, stars

HOSTILE = [
    "",
    "[/x]",
    "[PIAS]",
    "\x1b]52;c;c2VjcmV0\x07",
    "\x1b[2J\x9b31m",
    "山下達郎",
    "👨‍👩‍👧 ❤️ 👍🏽 🇩🇪",
    "أم كلثوم",
    "\u202eesrever\u202c \u2066x\u2069",
    "a\u200bb\ufeffc\u00add",
    "e\u0301" * 30,
    "\u0301leading",
    "two\r\nlines\tand a tab",
    "\ud800lone",
    "tag\U000e0041\U000e007f",
    "x" * 10_000,
    "\u200b" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [0, 1, 2, 3, 7, 20, 60])
def test_a_fitted_text_takes_exactly_its_cells(text: str, width: int) -> None:
    for fitted in (fit(text, width), fit_right(text, width), fit_center(text, width)):
        assert cell_len(fitted) == width
        assert clean(fitted) == fitted
        fitted.encode()


def test_no_control_or_direction_character_survives() -> None:
    unsafe = [
        *range(0x20),
        *range(0x7F, 0xA0),
        0xAD,
        0x061C,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xD800, 0xE000),
        *range(0xE0000, 0xE0080),
    ]
    for point in unsafe:
        assert clean(f"a{chr(point)}b") in {"ab", "a b"}, hex(point)
        assert clean(f"a{chr(point)}b", lines=True) in {"ab", "a b", "a\nb"}, hex(point)


def test_no_character_that_is_not_seen_survives() -> None:
    shown = {0x0600, 0x0601, 0x0602, 0x0603, 0x0604, 0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD}
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and point not in shown:
            assert clean(f"a{chr(point)}b") in {"ab", "a b"}, hex(point)


def test_every_other_character_that_can_be_printed_is_kept() -> None:
    lost = [point for point in range(sys.maxunicode + 1) if chr(point).isprintable() and not clean(chr(point))]
    names = {
        0x034F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        *range(0x180B, 0x1810),
        0x3164,
        *range(0xFE00, 0xFE10),
        0xFFA0,
        *range(0x1F3FB, 0x1F400),
        *range(0xE0100, 0xE01F0),
    }
    assert set(lost) <= names


def test_line_breaks_and_tabs_become_one_space() -> None:
    assert clean("a\r\n\n\tb\u2028c\x85d") == "a b c d"


def test_line_breaks_are_kept_when_lines_are_wanted() -> None:
    assert clean("a\r\nb\rc\u2029d\te\x1b[0m", lines=True) == "a\nb\nc\nd e[0m"


def test_a_long_text_is_cut_with_an_ellipsis_and_never_in_the_middle_of_a_wide_character() -> None:
    assert fit("Journey in Satchidananda", 12) == "Journey in… "
    assert fit("山下達郎", 6) == "山下… "
    assert fit_right("3,104", 8) == "   3,104"


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert fit("e\u0301" * 5, 3) == "e\u0301e\u0301…"


@pytest.mark.parametrize(("rating", "drawn"), [(0, "·····"), (4, "★★★★·"), (5, "★★★★★"), (9, "★★★★★"), (-1, "·····")])
def test_a_rating_is_five_cells_of_stars(rating: int, drawn: str) -> None:
    assert stars(rating) == drawn
    assert cell_len(drawn) == 5


def test_a_count_has_its_thousands_set_apart() -> None:
    assert [number(0), number(999), number(3104), number(1_234_567)] == ["0", "999", "3,104", "1,234,567"]
