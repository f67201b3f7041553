"""Random filters and items, hostile ones among them, and a plain definition of what filters mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hypothesis import strategies as st

from discotui.library.collected import Collection
from discotui.library.folding import fold
from discotui.library.items import Field, Folder, Item, short_condition
from discotui.library.query import Contains, Has, Is, Query, Term, Test, Within, Words
from discotui.library.vocabulary import STATES, FieldName, Vocabulary

GRADES = (
    "Mint (M)",
    "Near Mint (NM or M-)",
    "Very Good Plus (VG+)",
    "Very Good (VG)",
    "Good Plus (G+)",
    "Good (G)",
)
MEDIA, SLEEVE, NOTES, SHOP, UNLISTED = 41, 42, 43, 44, 99
FIELDS = (
    Field(MEDIA, "Media Condition", 1, True, GRADES),
    Field(SLEEVE, "Sleeve Condition", 2, True, ("Generic", "No Cover", *GRADES)),
    Field(NOTES, "Notes", 3, False, (), 3),
    Field(SHOP, 'Käufer: "Shop" | Ort', 4, False, (), 1),
)
FOLDERS = (Folder(0, "All"), Folder(1, "Uncategorized"), Folder(10, "Jazz"), Folder(11, "山 & Björk [x]"))
VOCABULARY = Vocabulary(FIELDS)

# --- random texts -----------------------------------------------------------------------------------------

_BITS = (
    *("blue", "Blue", "Björk", "bjo\u0308rk", "ＢＬＵＥ", "mø", "train", "a", "b", "vg", "VG+", "nm", '12"', '7"'),
    *(
        "(2)",
        "-",
        "- ",
        "|",
        ":",
        '"',
        "[/x]",
        "[PIAS]",
        "\x1b[31m",
        "\u202eRTL",
        "مرحبا",
        "ガ",
        "カ",
        "\u3099",
        "한국",
        "🎷",
        "👩\u200d🎤",
    ),
    *(
        "e\u0301",
        "\u0301",
        "\u200b",
        "ß",
        "İ",
        "ﬁ",
        "™",
        "ǰ",
        "\n",
        "\t",
        "\u3000",
        "\xa0",
        "\x85",
        "\ud800",
        "1971",
        "０",
    ),
)
_SYNTAX = (
    *(
        '"',
        '""',
        "|",
        " | ",
        "-",
        ":",
        " ",
        "  ",
        "..",
        ">=",
        "<",
        ">",
        "//",
        ".",
        "is:",
        "has:",
        "no:",
        "-is:",
        "foo:",
    ),
    *("year:", "rating:", "added:", "1970", "1971..", "2024-03", "2024-0", "label:", "artist:", "title:", "notes:"),
    *("folder:", "media:", "sleeve:", '"sleeve condition":', '"media condition":"', "kaufer:", "style:", "duplicate"),
    *("unrated", "waiting", "jazz", "3", "0", "5", "near"),
)
texts = st.lists(st.sampled_from(_BITS) | st.text(max_size=2), max_size=5).map("".join)
typed = st.lists(st.sampled_from((*_BITS, *_SYNTAX)) | st.text(max_size=2), max_size=10).map("".join)
"""What somebody may type: mostly pieces of the language, in any order."""

# --- random items -----------------------------------------------------------------------------------------

_dates = st.sampled_from(("", "2023-12-31", "2024-01-01", "2024-03-05", "2024-03-31", "2024-04-01", "1999-02-28"))
_notes = st.none() | st.dictionaries(
    st.sampled_from((MEDIA, SLEEVE, NOTES, SHOP, UNLISTED)),
    st.sampled_from((*GRADES, "Generic", "Very Good (VG)\n", " ", "", "vg", "blue\ntrain")) | texts,
)


def _item(
    number: int, texts_: tuple[str, ...], numbers: tuple[int, ...], added: str, notes: dict[int, str] | None
) -> Item:
    release_id, folder_id, rating, year = numbers
    artist, title, label, catno, format_, genre = texts_
    return Item(
        instance_id=number,
        release_id=release_id,
        folder_id=folder_id,
        rating=rating,
        added=f"{added}T10:00:00-08:00" if added else "",
        artist=artist,
        title=title,
        label=label,
        catno=catno,
        format=format_,
        year=year,
        genre=genre,
        search=fold(f"{artist}\n{title}\n{label} (3)\n{catno}\n{format_}\n{genre}"),
        notes=notes,
    )


_numbers = st.tuples(
    st.integers(1, 6),
    st.sampled_from((0, 1, 10, 11, 12)),
    st.integers(0, 5),
    st.sampled_from((0, 1969, 1970, 1971, 1980)),
)
_rows = st.lists(st.tuples(st.tuples(*[texts] * 6), _numbers, _dates, _notes), max_size=8)
item_lists = _rows.map(lambda rows: [_item(number - 1, *row) for number, row in enumerate(rows)])


def collection_of(items: list[Item]) -> Collection:
    """A collection with the fields and folders of this module, some of its items waiting and in conflict."""
    return Collection.of(items, FOLDERS, FIELDS, waiting={0, 3}, conflicts={3, 4})


# --- random queries ---------------------------------------------------------------------------------------

_SCALES = {
    "year": (1000, 2999),
    "rating": (0, 5),
    "added": (date(2023, 11, 1).toordinal(), date(2025, 2, 1).toordinal()),
}
_says = texts.filter(fold)
_name = st.sampled_from(list(VOCABULARY.names))
_text_name = _name.filter(lambda name: name.key not in _SCALES)


@st.composite
def _ranges(draw: st.DrawFn) -> Within:
    key = draw(st.sampled_from(list(_SCALES)))
    if draw(st.booleans()):
        low, high = sorted((draw(st.integers(1, 8)), draw(st.integers(1, 8))))
        field = draw(st.sampled_from([name for name in VOCABULARY.names if name.is_graded]))
        return Within(field, *draw(st.sampled_from(((low, high), (low, None), (None, high), (low, low)))))
    near = {"year": st.integers(1968, 1982)}.get(key, st.integers(*_SCALES[key]))
    low, high = sorted((draw(near), draw(near)))
    ends = draw(st.sampled_from(((low, high), (low, None), (None, high), (low, low))))
    return Within(FieldName(key), *ends)


_tests: st.SearchStrategy[Test] = st.one_of(
    st.builds(Words, _says),
    st.builds(Contains, _text_name, _says | st.sampled_from(("vg", "VG+", "NM", "near", "m-", "g", "generic"))),
    _ranges(),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, _name, st.booleans()),
)
_terms = st.lists(st.builds(Term, _tests, st.booleans()), min_size=1, max_size=3).map(tuple)
queries = st.lists(_terms, max_size=3).map(lambda alternatives: Query(tuple(alternatives)))

# --- what filters mean ------------------------------------------------------------------------------------


def is_asked_for(item: Item, query: Query, collection: Collection) -> bool:
    """Whether an item matches, by the definition: one item, one term at a time, nothing kept."""
    return not query.alternatives or any(
        all(_passes(item, term.test, collection) != term.excluded for term in terms) for terms in query.alternatives
    )


def _passes(item: Item, test: Test, collection: Collection) -> bool:
    match test:
        case Words(text):
            everywhere = [collection.folders.get(item.folder_id, ""), *(item.notes or {}).values()]
            return fold(text) in item.search or any(fold(text) in fold(place) for place in everywhere)
        case Contains(field, text):
            options = collection.fields[field.field_id].options if field.field_id is not None else ()
            shorts = {fold(short_condition(option)) for option in options}
            if fold(text) in shorts:
                return any(fold(short_condition(value)) == fold(text) for value in _values(item, field, collection))
            return any(fold(text) in fold(value) for value in _values(item, field, collection))
        case Within(FieldName(field_id=int(field_id)), low, high):
            condition = (item.notes or {}).get(field_id, "")
            ranks = {short: rank for rank, short in enumerate(("P", "F", "G", "G+", "VG", "VG+", "NM", "M"), 1)}
            rank = ranks.get(short_condition(condition).strip().upper(), 0)
            return rank > 0 and (low or 1) <= rank <= (high or 8)
        case Within(FieldName("added"), low, high):
            first, last = date.fromordinal(low or 1), date.fromordinal(high or date.max.toordinal())
            return bool(item.added) and first <= date.fromisoformat(item.added[:10]) <= last
        case Within(FieldName(key), low, high):
            value = item.year if key == "year" else item.rating
            is_known = value > 0 or key == "rating"
            return is_known and (value if low is None else low) <= value <= (value if high is None else high)
        case Is("duplicate"):
            return sum(other.release_id == item.release_id for other in collection.items) > 1
        case Is("pressing"):
            works = {other.release_id for other in collection.items if other.master_id == item.master_id}
            return item.master_id > 0 and len(works) > 1
        case Is("rated" | "unrated" as state):
            return (item.rating > 0) == (state == "rated")
        case Is("waiting"):
            return item.instance_id < 0 or item.instance_id in collection.waiting
        case Is("conflict"):
            return item.instance_id in collection.conflicts
        case Has(FieldName("folder"), wanted):
            return (item.folder_id > 1) == wanted
        case Has(FieldName("year" | "rating" as key), wanted):
            return bool(item.year if key == "year" else item.rating) == wanted
        case Has(field, wanted):
            return any(value.strip() for value in _values(item, field, collection)) == wanted
    raise AssertionError(test)


def _values(item: Item, field: FieldName, collection: Collection) -> Iterator[str]:
    notes = item.notes or {}
    if field.field_id is not None:
        yield notes.get(field.field_id, "")
    elif field.key == "notes":
        dropdowns = {field.field_id for field in collection.fields.values() if field.options}
        yield from (value for field_id, value in notes.items() if field_id not in dropdowns)
    elif field.key == "folder":
        yield collection.folders.get(item.folder_id, "")
    else:
        yield getattr(item, "genre" if field.key == "style" else field.key)
