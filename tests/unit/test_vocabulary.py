"""By which names fields are found."""

from __future__ import annotations

import pytest

from discotui.library.items import Field
from discotui.library.vocabulary import BUILT_IN, FieldName, Vocabulary, keyword


def test_a_notes_field_goes_by_its_name_and_by_the_first_word_of_it() -> None:
    vocabulary = Vocabulary([Field(7, "Média  Condition ")])
    assert {vocabulary.find(name) for name in ("media", "MEDIA condition", "mediacondition")} == {FieldName("media", 7)}
    assert vocabulary.find("condition") is None


def test_the_languages_own_names_win() -> None:
    vocabulary = Vocabulary([Field(1, "Notes"), Field(2, "Year bought"), Field(3, "Is signed"), Field(4, "No")])
    assert vocabulary.find("notes") == FieldName("notes")
    assert vocabulary.find("year") == FieldName("year")
    assert vocabulary.find("year bought") == FieldName("yearbought", 2)
    assert vocabulary.find("is signed") == FieldName("issigned", 3)
    assert [keyword(name) for name in ("is", "No", "has", "was")] == ["is", "no", "has", None]
    assert len(vocabulary.names) == len(BUILT_IN) + 2


def test_a_whole_name_wins_over_a_first_word_whatever_the_order() -> None:
    vocabulary = Vocabulary([Field(1, "Media Condition", 1), Field(2, "Media", 2)])
    assert vocabulary.find("media") == FieldName("media", 2)
    assert vocabulary.find("media condition") == FieldName("mediacondition", 1)


def test_among_equals_the_field_that_stands_first_on_the_screen_wins() -> None:
    vocabulary = Vocabulary(
        [Field(5, "Bought at", 2), Field(6, "Bought from", 1), Field(7, "Price", 3), Field(8, "price", 4)]
    )
    assert vocabulary.find("bought") == FieldName("bought", 6)
    assert vocabulary.find("bought at") == FieldName("boughtat", 5)
    assert vocabulary.find("price") == FieldName("price", 7)
    assert FieldName("price", 8) not in vocabulary.names


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_a_field_without_a_name_has_none_here(name: str) -> None:
    vocabulary = Vocabulary([Field(1, name)])
    assert vocabulary.find(name) is None
    assert len(vocabulary.names) == len(BUILT_IN)


@pytest.mark.parametrize("name", ['6" | box', "a:b", "-x", '"', "山 下", "か \u3099x", "[/x]", "İ ß"])
def test_every_key_finds_its_field(name: str) -> None:
    vocabulary = Vocabulary([Field(1, name)])
    (found,) = (each for each in vocabulary.names if each.field_id)
    assert vocabulary.find(found.key) == vocabulary.find(name) == found


def test_letters_that_join_when_a_blank_goes_are_one_letter_in_the_key_too() -> None:
    vocabulary = Vocabulary([Field(1, "か", 1), Field(2, "か \u3099x", 2)])
    assert vocabulary.find("がx") == vocabulary.find("か \u3099x") == FieldName("がx", 2)
