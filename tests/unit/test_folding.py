"""How texts are made comparable."""

from __future__ import annotations

import pytest

from discotui.library.folding import alphabetical, fold, natural, without_namesake_number


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("bjork", "Björk"),
        ("sigur ros", "Sigur Rós"),
        ("full width", "ＦＵＬＬ　ｗｉｄｔｈ"),
        ("strasse", "Straße"),
        ("strasse", "STRAẞE"),
        ("mo", "Mø"),
        ("aether", "Æther"),
        ("lodz", "Łódź"),
        ("istanbul", "İstanbul"),
        ("isik", "Işık"),
        ("beyonce", "Beyonce\u0301"),
        ("fi", "ﬁ"),
        ("tm", "™"),
        ("no 5", "№ 5"),
        ("zerowidth", "zero\u200bwidth\ufeff"),
        ("♥", "♥\ufe0f"),
        ("a b c", "  A\t b\n\nC "),
        ("a b", "a\u00a0b"),
        ("σισ", "ΣΙΣ"),
        ("σισ", "σις"),
    ],
)
def test_what_is_typed_plainly_finds_what_is_written_in_full(typed: str, written: str) -> None:
    assert fold(written) == fold(typed) == typed


def test_japanese_voicing_marks_are_letters_not_accents() -> None:
    assert fold("ガ") == "ガ"
    assert fold("ガ") != fold("カ")
    assert fold("ｶﾞ") == "ガ"  # half width


def test_korean_syllables_stay_whole() -> None:
    assert fold("한국") == "한국"


@pytest.mark.parametrize("text", ["Björk", "™", "ﬁ", "ガ", "İ", "ᾳ", "[PIAS] Le Label", "مرحبا", "🎷 sax", "ŉ", "ǰ"])
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "filed"),
    [
        ("The Beatles", "beatles"),
        ("Les Rita Mitsouko", "rita mitsouko"),
        ("L'Orchestre", "orchestre"),
        ("L’Orchestre", "orchestre"),
        ("Die Antwoord", "antwoord"),
        ("The The", "the"),
        ("The", "the"),
        ("A", "a"),
        ("Theatre", "theatre"),
        ("Anthrax", "anthrax"),
    ],
)
def test_names_are_filed_without_their_article(name: str, filed: str) -> None:
    assert alphabetical(name) == filed


def test_catalogue_numbers_compare_by_their_numbers() -> None:
    numbers = ["BLP 4195", "BLP 4003", "BLP 595", "blp 1", "AS-9203", "", "4AD", "BLP"]
    assert sorted(numbers, key=natural) == ["", "4AD", "AS-9203", "BLP", "blp 1", "BLP 595", "BLP 4003", "BLP 4195"]


def test_a_number_of_ten_thousand_digits_is_no_trouble() -> None:
    assert natural("9" * 10_000) > natural("1")


def test_digits_of_other_scripts_are_numbers_too() -> None:
    assert natural("٣") == natural("3")


def test_the_number_that_tells_namesakes_apart_is_hidden() -> None:
    assert without_namesake_number("Nirvana (2)") == "Nirvana"
    assert without_namesake_number("Nirvana (UK)") == "Nirvana (UK)"
    assert without_namesake_number("(2)") == "(2)"
