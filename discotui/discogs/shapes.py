"""What a value in an answer may look like, and what it is read as.

The declared type is tried first, at pydantic's own speed; only a value that does not fit goes through a
function here. So leniency costs a clean page nothing, and a strange value does not spoil a whole page. There is none
for what people gave: ratings and notes are as they have to be, or the page is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

LARGEST = 2**63 - 1
"""SQLite's largest integer; what is larger is no id and no count."""

BEST_RATING = 5
LAST_YEAR = 9999


@dataclass(frozen=True)
class Otherwise:
    """Metadata for a type: what it refuses goes to ``read``, which returns a value or raises ValueError."""

    read: Callable[[Any], object]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Try the declared type, then ``read``."""
        return core_schema.union_schema(
            [handler(source), core_schema.no_info_plain_validator_function(self.read)], mode="left_to_right"
        )


def null_is(default: object) -> Otherwise:
    """Null is the default; everything else that the declared type refuses stays refused."""

    def read(value: object) -> object:
        if value is None:
            return default
        raise ValueError("of another kind than expected")

    return Otherwise(read)


@dataclass(frozen=True)
class OrAbsent:
    """Metadata for ``X | None``: None stands for what is absent, and null, which is no X, is refused."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of X alone: defaults are not validated."""
        return handler(get_args(source)[0])


def without_halves(text: str) -> str:
    """Text that can be encoded and kept: halves of surrogate pairs, which JSON can hold, become "?"."""
    return text.encode("utf-8", "replace").decode()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_text(value: object) -> str:
    """Null is no text, a number its digits."""
    return "" if value is None else read_note(value)


def read_note(value: object) -> str:
    """A number is its digits."""
    if _is_number(value):
        return str(value)
    raise ValueError("not a text")


def read_texts(value: object) -> tuple[str, ...]:
    """Null is none, a single text is one, nulls between texts are left out."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list):
        return tuple(read_text(text) if not isinstance(text, str) else text for text in value if text is not None)
    raise ValueError("not a list of texts")


def read_year(value: object) -> int:
    """Text with a year in front, as search gives it; 0 for null, "" and what is no year."""
    if isinstance(value, str):
        found = re.match(r"\s*([0-9]{4})(?![0-9])", value)
        return int(found[1]) if found else 0
    if value is None or _is_number(value):
        return 0
    raise ValueError("not a year")


Id = Annotated[int, Strict(), Field(gt=0, le=LARGEST)]
"""Of a release, instance, field or user."""

FolderId = Annotated[int, Strict(), Field(ge=0, le=LARGEST)]
"""0 is All."""

Count = Annotated[int, Strict(), Field(ge=0, le=LARGEST)]

CountOrNull = Annotated[int, Strict(), Field(ge=0, le=LARGEST), null_is(0)]
"""A count or id that may be null, which is read as 0."""

Average = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False), null_is(0)]

Flag = Annotated[bool, null_is(False)]

Rating = Annotated[int, Strict(), Field(ge=0, le=BEST_RATING)]
"""0 is unrated. Null and numbers beyond the scale are refused: read as something else, they would overrule a person."""

Year = Annotated[int, Strict(), Field(ge=0, le=LAST_YEAR), Otherwise(read_year)]

Text = Annotated[str, Otherwise(read_text)]
"""As it came, control characters included; null is ""."""

NoteText = Annotated[str, Otherwise(read_note)]
"""Like Text, but null is no note: taken for "", it would take a person's words away."""

Texts = Annotated[tuple[str, ...], Otherwise(read_texts)]
