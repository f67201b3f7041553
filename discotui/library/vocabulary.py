"""The names that the filter language knows: its own, and those of the collection's notes fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from discotui.library.folding import fold
from discotui.library.grades import are_graded
from discotui.library.items import Field

BUILT_IN = {
    "artist": "Artist",
    "title": "Title",
    "label": "Label",
    "catno": "Catalogue number",
    "format": "Format",
    "genre": "Genre",
    "style": "Style",
    "year": "Year",
    "rating": "Rating",
    "added": "Date added",
    "folder": "Folder",
    "notes": "Notes",
}
"""The fields of every collection, and what the person reads of them. They win over notes fields of the same name."""

IS, HAS, NO = KEYWORDS = ("is", "has", "no")
"""The words before a colon that are no fields, and win over fields of the same name."""

STATES = ("duplicate", "pressing", "unrated", "rated", "waiting", "conflict")
"""What stands behind ``is:``."""

_MOST_NEAR = 3
_LONGEST_GUESSED = 40
"""Nobody mistypes a longer name; comparing it would cost the square of its length."""


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field as the language names it.

    Attributes:
        key: The shortest name by which it is found: "artist", "media".
        field_id: Of a notes field of the collection; None for one of :data:`BUILT_IN`.
        is_graded: Its values are grades, of which there are ranges.
    """

    key: str
    field_id: int | None = None
    is_graded: bool = dataclasses.field(default=False, compare=False)


class Vocabulary:
    """Finds fields by what was typed; made anew when the collection's fields change.

    A notes field goes by its whole name or by the first word of it; case, accents and blanks do not matter. Where
    names meet, the language's own win, then whole names, then first words, and among these the field that
    stands first on the screen. A field that is beaten everywhere has no name here: its values are found by words.

    Args:
        fields: The collection's notes fields.

    Attributes:
        names: Every field that has a name, in the order of the screen, with what the person reads of it as given.
    """

    def __init__(self, fields: Iterable[Field] = ()) -> None:
        ordered = sorted(fields, key=lambda field: (field.position, field.field_id))
        owners: dict[str, int | None] = dict.fromkeys((*KEYWORDS, *BUILT_IN))
        for field in ordered:
            owners.setdefault(_joined(field.name), field.field_id)
        for field in ordered:
            owners.setdefault(_first_word(field.name), field.field_id)
        self.names: dict[FieldName, str] = {FieldName(key): title for key, title in BUILT_IN.items()}
        self._found: dict[str, FieldName] = {name.key: name for name in self.names}
        for field in ordered:
            keys = [key for key in (_first_word(field.name), _joined(field.name)) if owners[key] == field.field_id]
            if any(keys):
                name = FieldName(keys[0], field.field_id, are_graded(field.options))
                self.names[name] = field.name
                self._found.update(dict.fromkeys(keys, name))

    def find(self, typed: str) -> FieldName | None:
        """The field of that name."""
        return self._found.get(_joined(typed))

    def is_begun(self, typed: str) -> bool:
        """Whether the name of a field begins like that."""
        name = _joined(typed)
        return any(key.startswith(name) for key in self._found)

    def near(self, typed: str) -> tuple[str, ...]:
        """Keys of fields that could have been meant by a name that is none, the likeliest first."""
        if len(typed) > _LONGEST_GUESSED:
            return ()
        name = _joined(typed)
        begun = [key for key in self._found if name and key.startswith(name)]
        keys = [self._found[key].key for key in (*begun, *get_close_matches(name, self._found, _MOST_NEAR))]
        return tuple(dict.fromkeys(keys))[:_MOST_NEAR]


def keyword(typed: str) -> str | None:
    """The keyword that was typed before a colon, None when it is none."""
    name = _joined(typed)
    return name if name in KEYWORDS else None


def _joined(name: str) -> str:
    # Folded again, because letters can join that a blank held apart.
    return fold(fold(name).replace(" ", ""))


def _first_word(name: str) -> str:
    return fold(name).partition(" ")[0]
