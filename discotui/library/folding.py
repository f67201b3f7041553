"""Making texts comparable: without case, accents, width and leading articles."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart, written the way people type them.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
# Accents proper. Japanese voicing marks are letters of their own right and stay.
_ACCENTS = re.compile("[\u0300-\u036f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff]")
_ARTICLES = frozenset(("the", "a", "an", "die", "der", "das", "les", "le", "la", "los", "el", "il"))
_ELIDED_ARTICLE = re.compile(r"^l['’](?=\w)")
_NAMESAKE = re.compile(r"\s+\(\d+\)$")
# Nineteen digits at most, because turning digits into a number costs the square of their count.
_DIGITS = re.compile(r"\d{1,19}")


def fold(text: str) -> str:
    """``text`` as it is compared when searching: "Björk" → "bjork", "ＦＵＬＬ" → "full", blanks run together."""
    if text.isascii():
        folded = text.lower()
    else:
        # Taken apart first: "™" and "№" become letters, whose case then goes like any other's.
        apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)))
        folded = unicodedata.normalize("NFC", apart.casefold().translate(_PLAIN))
    return " ".join(folded.split())


def without_namesake_number(name: str) -> str:
    """An artist's or label's name without the number by which Discogs tells namesakes apart: "Nirvana (2)"."""
    return _NAMESAKE.sub("", name)


def alphabetical(text: str) -> str:
    """The key under which a collector would file a name: folded, without a leading article."""
    folded = fold(text)
    first, _, rest = folded.partition(" ")
    if rest and first in _ARTICLES:
        return rest
    return _ELIDED_ARTICLE.sub("", folded) if folded.startswith("l") else folded


def natural(text: str) -> str:
    """A key that puts "BLP 595" before "BLP 4003": runs of digits compare as numbers, and before all text."""
    return _DIGITS.sub(_with_length, fold(text))


def _with_length(digits: re.Match[str]) -> str:
    """A number so that the shorter one is the smaller one as text, too."""
    number = str(int(digits[0]))
    return chr(len(number)) + number
