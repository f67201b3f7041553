"""What is typed as a filter, and what is understood of it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from discotui import errors
from discotui.library.items import Field
from discotui.library.parsing import parse
from discotui.library.query import Contains, Has, Is, Query, Term, Within, Words
from discotui.library.vocabulary import FieldName, Vocabulary
from discotui.ui import wording
from discotui.ui.words_of_filters import EXAMPLES, GRADE_EXAMPLES, PROBLEM_CELLS, query_problem
from tests.queries import MEDIA, SHOP, VOCABULARY


def read(text: str) -> Query:
    parsed = parse(text, VOCABULARY)
    assert parsed.query is not None, parsed.problems
    assert not parsed.unfinished
    return parsed.query


def test_each_kind_of_term_is_told_apart() -> None:
    media, shop = FieldName("media", MEDIA), FieldName("kaufer:", SHOP)
    assert read('blue -"tr ain" artist:x media:nm | -year:1970..1979 is:rated has:media -no:year "käufer:":y') == Query(
        (
            (
                Term(Words("blue")),
                Term(Words("tr ain"), excluded=True),
                Term(Contains(FieldName("artist"), "x")),
                Term(Contains(media, "nm")),
            ),
            (
                Term(Within(FieldName("year"), 1970, 1979), excluded=True),
                Term(Is("rated")),
                Term(Has(media)),
                Term(Has(FieldName("year"), wanted=False), excluded=True),
                Term(Contains(shop, "y")),
            ),
        )
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""),
        ("  blue   train ", "blue train"),
        ("blue\u3000train\u00a0x", "blue train x"),
        ("a b | c d", "a b | c d"),
        ("a|b", "a | b"),
        ("a || b | ", "a | b"),
        ("|", ""),
        ('"blue train"', '"blue train"'),
        ('"blue"', "blue"),
        ('"a""b"', 'a"b'),
        ('"a" "b""c d"', 'a "b""c d"'),
        ('"a"b', "a b"),
        ('"":a', '":a"'),
        ('"a|b" label:"a|b"', '"a|b" label:"a|b"'),
        ('"""a" label:"""a"', '"""a" label:"""a"'),
        ("nirvana (2)", "nirvana (2)"),
        ("(a | b)", "(a | b)"),
        ('12" 7"', '12" 7"'),
        ('format:12"', 'format:12"'),
        ("-blue", "-blue"),
        ("--blue", '-"-blue"'),
        ('"-blue"', '"-blue"'),
        ("alice - journey", "alice journey"),
        ("-", ""),
        ('""', ""),
        ("\u200b", ""),
        ("12:30", '"12:30"'),
        (":)", '":)"'),
        ("http://discogs.com", '"http://discogs.com"'),
        ('"re:mix"', '"re:mix"'),
        ("ARTIST:Björk", "artist:Björk"),
        ("ａｒｔｉｓｔ:x", "artist:x"),
        ("title://x", "title://x"),
        ("title:a:b", "title:a:b"),
        ('label:"blue note"', 'label:"blue note"'),
        ('-label:"blue"', "-label:blue"),
        ("label:-x", "label:-x"),
        ('"media condition":nm', "media:nm"),
        ("mediacondition:nm", "media:nm"),
        ("Média:nm", "media:nm"),
        ("has:mediacondition", "has:media"),
        ('no:"Sleeve Condition"', "no:sleeve"),
        ("IS:Rated", "is:rated"),
        ("year:1971", "year:1971"),
        ("year:1970..1979", "year:1970..1979"),
        ("year:1970..", "year:1970.."),
        ("year:..1979", "year:..1979"),
        ("year:>=1970", "year:1970.."),
        ("year:>1970", "year:1971.."),
        ("year:<=1970", "year:..1970"),
        ("year:<1970", "year:..1969"),
        ("year:1970..1970", "year:1970"),
        ('year:"1970 .. 1979"', "year:1970..1979"),
        ("year:１９７１", "year:1971"),
        ("rating:0", "rating:0"),
        ("rating:4..", "rating:4.."),
        ("rating:>=3", "rating:3.."),
        ("rating:<3", "rating:..2"),
        ("added:2024", "added:2024"),
        ("added:2024-03", "added:2024-03"),
        ("added:2024-03-05", "added:2024-03-05"),
        ("added:2024-01..2024-06", "added:2024-01..2024-06"),
        ("added:2024-01..2024-12", "added:2024"),
        ("added:2023..2024-02-29", "added:2023-01..2024-02"),
        ("added:2024-01-02..2024", "added:2024-01-02..2024-12-31"),
        ("added:>=2024-05-01", "added:2024-05.."),
        ("added:>2024-12", "added:2025.."),
        ("added:<2024-03", "added:..2024-02"),
        ("added:<2024-03-01", "added:..2024-02"),
        ("added:..2024-03-30", "added:..2024-03-30"),
        ("media:vg+", "media:vg+"),
        ("media:VG+..", "media:vg+.."),
        ("sleeve:g..vg", "sleeve:g..vg"),
        ("sleeve:vg..g", "sleeve:g..vg"),
        ("media:>=nm", "media:nm.."),
        ("media:>VG", "media:vg+.."),
        ("media:<=m-", "media:..nm"),
        ("media:<vg", "media:..g+"),
        ("media:vg..vg", "media:vg..vg"),
        ("media:NearMint..", "media:nm.."),
        ('"media condition":"very good"', 'media:"very good"'),
        ('media:"vg+.."', 'media:"vg+.."'),
        ("notes:>=vg", "notes:>=vg"),
        ("artist:a..b", "artist:a..b"),
    ],
)
def test_a_filter_is_written_in_one_way(typed: str, written: str) -> None:
    assert str(read(typed)) == written
    assert read(written) == read(typed)


@pytest.mark.parametrize(
    ("typed", "start", "end", "kind"),
    [
        ("foo:bar", 0, 7, errors.UnknownField),
        ("a -foo:bar b", 2, 10, errors.UnknownField),
        ("re:mix", 0, 6, errors.UnknownField),
        ('"foo bar":x', 0, 11, errors.UnknownField),
        ('foo:"x', 0, 6, errors.UnknownField),
        ("has:foo", 0, 7, errors.UnknownField),
        ("no:sle a", 0, 6, errors.UnknownField),
        ("has:is", 0, 6, errors.UnknownField),
        ("is:blah", 0, 7, errors.UnknownState),
        ("is:dup a", 0, 6, errors.UnknownState),
        ("year:197x", 0, 9, errors.UnreadableValue),
        ("year:197 a", 0, 8, errors.UnreadableValue),
        ("year:197|a", 0, 8, errors.UnreadableValue),
        ('year:"197"', 0, 10, errors.UnreadableValue),
        ("year:0", 0, 6, errors.UnreadableValue),
        ("year:3000", 0, 9, errors.UnreadableValue),
        ("year:<1000", 0, 10, errors.UnreadableValue),
        ("year:1970-1979", 0, 14, errors.UnreadableValue),
        ("year:1970...1979", 0, 16, errors.UnreadableValue),
        ("year:197*", 0, 9, errors.UnreadableValue),
        ("year:.. a", 0, 7, errors.UnreadableValue),
        ("year:197..1", 0, 11, errors.UnreadableValue),
        ("rating:6", 0, 8, errors.UnreadableValue),
        ("rating:>5", 0, 9, errors.UnreadableValue),
        ("rating:<0", 0, 9, errors.UnreadableValue),
        ("rating:٣", 0, 8, errors.UnreadableValue),
        ("added:2024-13", 0, 13, errors.UnreadableValue),
        ("added:2024-02-30", 0, 16, errors.UnreadableValue),
        ("added:yesterday", 0, 15, errors.UnreadableValue),
        ("media:>=x", 0, 9, errors.UnreadableValue),
        ("media:>m a", 0, 8, errors.UnreadableValue),
        ("sleeve:<p a", 0, 9, errors.UnreadableValue),
        ("sleeve:generic..", 0, 16, errors.UnreadableValue),
        ("media:vg..x a", 0, 11, errors.UnreadableValue),
        ("year:1979..1970", 0, 15, errors.RangeBackwards),
        ("added:2024-06..2024-01", 0, 22, errors.RangeBackwards),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    typed: str, start: int, end: int, kind: type[errors.QueryProblem]
) -> None:
    parsed = parse(typed, VOCABULARY)
    assert parsed.query is None
    (problem,) = parsed.problems
    assert (type(problem), problem.start, problem.end) == (kind, start, end)


def test_every_term_that_cannot_be_read_is_told() -> None:
    parsed = parse("foo:1 blue is:blah | year:x", VOCABULARY)
    assert [(problem.start, problem.end) for problem in parsed.problems] == [(0, 5), (11, 18), (21, 27)]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("year:", errors.NothingAsked),
        ("label:", errors.NothingAsked),
        ('label:""', errors.NothingAsked),
        ("-media:", errors.NothingAsked),
        ("is:", errors.NothingAsked),
        ("no:", errors.NothingAsked),
        ('label:"', errors.NothingAsked),
        ("is:dup", errors.UnknownState),
        ('is:"dup', errors.UnknownState),
        ('year:"197', errors.UnreadableValue),
        ("has:sle", errors.UnknownField),
        *((f"year:{text}", errors.UnreadableValue) for text in ("1", "197", ">", ">=", "<19", ".", "..", "1970.")),
        *((f"year:{text}", errors.UnreadableValue) for text in ("1970..1", "..19")),
        *((f"rating:{text}", errors.UnreadableValue) for text in ("3.", ">=", "..")),
        *((f"added:{text}", errors.UnreadableValue) for text in ("2", "2024-", "2024-0", "2024-03-", "2024-03-1")),
        *((f"added:{text}", errors.UnreadableValue) for text in (">=2024-", "2024..20", "2024-03.")),
        *((f"media:{text}", errors.UnreadableValue) for text in (">", ">=", ".", "..", "vg+.", "<ve", "p..near")),
    ],
)
def test_what_is_half_typed_at_the_end_asks_for_nothing_yet(typed: str, kind: type[errors.QueryProblem]) -> None:
    parsed = parse(f"blue {typed}", VOCABULARY)
    assert parsed.query == read("blue")
    assert not parsed.problems
    (problem,) = parsed.unfinished
    assert (type(problem), problem.start, problem.end) == (kind, 5, 5 + len(typed))
    assert parse(typed, VOCABULARY).query == Query()


def test_no_year_is_a_problem_on_any_way_to_it() -> None:
    texts = (
        "year:1970..1979",
        "added:>=2024-03-05",
        "-rating:4..",
        "media:vg+..nm",
        "sleeve:<verygood",
        "is:duplicate",
        'no:"sleeve condition"',
        'is:"rated"',
    )
    for text in texts:
        for end in range(text.index(":"), len(text) + 1):
            assert parse(text[:end], VOCABULARY).problems == ()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('"', ""),
        ('-"', ""),
        ('"blue tr', '"blue tr"'),
        ('"blue ', '"blue "'),
        ('"blue train" "', '"blue train"'),
        ('"a""', 'a"'),
        ('x label:"blue n', 'x label:"blue n"'),
        ('"a | b', '"a | b"'),
    ],
)
def test_a_quote_that_is_still_open_is_closed_where_the_text_ends(typed: str, written: str) -> None:
    assert str(read(typed)) == written
    assert read(written) == read(typed)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("artits:x", ("artist",)),
        ("lable:x", ("label",)),
        ("art:x", ("artist",)),
        ("sleve:x", ("sleeve",)),
        ("cond:x", ()),
        ("mediacond:x", ("media",)),
        ("x" * 5000 + ":x", ()),
    ],
)
def test_a_mistyped_field_brings_the_names_near_it(typed: str, near: tuple[str, ...]) -> None:
    (problem,) = parse(typed, VOCABULARY).problems
    assert isinstance(problem, errors.UnknownField)
    assert problem.near[: len(near)] == near
    assert bool(problem.near) == bool(near)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("artits:x", "There is no field “artits”. Did you mean artist?"),
        ("xyzzy:x", 'There is no field “xyzzy”. In quotes it is text: "xyzzy:…"'),
        ("has:qqq", "There is no field “qqq”."),
        ("is:blah", "is: takes duplicate, pressing, unrated, rated, waiting or conflict."),
        ("year:197x", "“197x” is no year: 1971, 1970..1979, 1970.. or >=1970."),
        ("media:>=worn", "“>=worn” is no range of grades: vg+.., g..vg or >=nm."),
        ("year:1979..1970", "“1979..1970” ends before it begins."),
        ("year:", "Nothing stands behind “year:”."),
        ("rating:\x1b[31m\u202e[/x]", "“[31m[/x]” is no rating: 0 to 5, 4.. or >=3."),
        ("added:2024-13-01", "“2024-13-01” is no date: 2024, 2024-03, 2024-01..2024-06 or >=2024-05."),
        ('"a\x1b\nb":x', 'There is no field “a b”. In quotes it is text: "a b:…"'),
    ],
)
def test_the_reason_is_a_clean_sentence(typed: str, said: str) -> None:
    parsed = parse(typed, VOCABULARY)
    (problem,) = parsed.problems or parsed.unfinished
    assert query_problem(problem) == wording.explain(problem) == said


@pytest.mark.parametrize("value", ["x", "y" * 15, "奇" * 40, "z" * 1000])
def test_the_reason_fits_into_the_line_below_the_filter(value: str) -> None:
    typed = [
        f"{name}:{value}" for name in ("is", "has", "year", "rating", "added", "media", value, f"art{value}", "artis")
    ]
    for text in [
        *typed,
        f"media:>={value}",
        f"added:{'1' * 20}..{'0' * 20}",
        "year:",
        "year:1979..1970",
        "mediax:1",
        "s:1",
    ]:
        parsed = parse(text, VOCABULARY)
        for problem in parsed.problems + parsed.unfinished:
            assert cell_len(query_problem(problem)) <= PROBLEM_CELLS, query_problem(problem)


@pytest.mark.parametrize(
    "text", ['"' * 50_000, "a:" * 50_000, "-" * 50_000, "|" * 50_000, "x" * 100_000, 'a"' * 50_000]
)
def test_a_text_of_a_hundred_thousand_characters_is_read(text: str) -> None:
    parsed = parse(text, VOCABULARY)
    assert (parsed.query is None) == bool(parsed.problems)


def test_the_examples_of_the_wording_can_be_read() -> None:
    for field, examples in EXAMPLES.items():
        for example in examples.replace(" to ", ", ").replace(" or ", ", ").split(", "):
            read(f"{field}:{example}")
    for example in GRADE_EXAMPLES.replace(" or ", ", ").split(", "):
        assert isinstance(read(f"media:{example}").alternatives[0][0].test, Within)


def test_fields_that_are_gone_are_unknown() -> None:
    assert parse("media:nm", Vocabulary([Field(1, "Notes")])).query is None
