"""Random filters on random items, against the plain definition of what filters mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from discotui.discogs.models import ItemsPage, WireFields, WireFolders
from discotui.library.collected import Collection
from discotui.library.items import Field, Item
from discotui.library.matching import Finder, match
from discotui.library.parsing import parse
from discotui.library.query import Contains, Has, Query, Term, Words
from discotui.library.vocabulary import Vocabulary
from discotui.sync.reading import field_of, folder_of, item_of
from tests.queries import VOCABULARY, collection_of, is_asked_for, item_lists, queries, texts, typed
from tests.recorded import recorded

careful = settings(deadline=None, max_examples=100)


def by_definition(items: list[Item], query: Query, collection: Collection) -> list[Item]:
    return [item for item in items if is_asked_for(item, query, collection)]


@careful
@given(item_lists, queries)
def test_a_filter_finds_what_it_means(items: list[Item], query: Query) -> None:
    collection = collection_of(items)
    assert match(query, items, collection) == by_definition(items, query, collection)


@careful
@given(item_lists, typed, st.data())
@example([], "label:x", None)
def test_typing_it_letter_by_letter_in_slices_finds_the_same(items: list[Item], text: str, data: st.DataObject) -> None:
    collection = collection_of(items)
    finder = Finder(clock=ticking(), tests_at_once=2)
    for end in range(len(text) + 1):
        query = parse(text[:end], VOCABULARY).query
        if query is None:
            continue
        search = finder.search(query, items, collection)
        # The next letter may come before the answer is there.
        for _ in range(data.draw(st.integers(0, 3)) if data and end < len(text) else len(items)):
            search.step()
        if search.is_done:
            assert search.matches == by_definition(items, query, collection)


@careful
@given(item_lists, st.lists(queries, min_size=2, max_size=4))
def test_one_filter_after_another_finds_what_each_means(items: list[Item], asked: list[Query]) -> None:
    collection = collection_of(items)
    finder = Finder()
    for query in asked:
        assert finder.search(query, items, collection).run() == by_definition(items, query, collection)


@careful
@given(item_lists, item_lists, queries, st.data())
def test_a_filter_finds_what_it_means_in_a_collection_that_has_changed(
    items: list[Item], others: list[Item], query: Query, data: st.DataObject
) -> None:
    finder = Finder(clock=ticking(), tests_at_once=2)
    for _ in range(3):
        collection = collection_of(items)
        search = finder.search(query, items, collection)
        for _step in range(data.draw(st.integers(0, len(items)))):
            search.step()
        if search.is_done:
            assert search.matches == by_definition(items, query, collection)
        items = [*items[:1], *(data.draw(st.sampled_from((item, *others))) for item in items[1:])]


@careful
@given(queries)
def test_a_written_query_reads_as_itself(query: Query) -> None:
    assert parse(str(query), VOCABULARY).query == query


@careful
@given(st.lists(texts | st.text(max_size=6), max_size=4))
def test_every_name_of_a_field_reads_as_itself_when_written(names: list[str]) -> None:
    vocabulary = Vocabulary([Field(number, name, number) for number, name in enumerate(names, 1)])
    for name in vocabulary.names:
        query = Query(((Term(Contains(name, "x") if name.field_id else Words("x")), Term(Has(name), excluded=True)),))
        assert parse(str(query), vocabulary).query == query


@settings(deadline=None, max_examples=500)
@given(typed | st.text(max_size=20))
def test_whatever_is_typed_is_read_or_told_and_reads_the_same_when_written(text: str) -> None:
    parsed = parse(text, VOCABULARY)
    assert (parsed.query is None) == bool(parsed.problems)
    for problem in (*parsed.problems, *parsed.unfinished):
        assert 0 <= problem.start < problem.end <= len(text)
    if parsed.query is not None:
        again = parse(str(parsed.query), VOCABULARY)
        assert (again.query, again.problems, again.unfinished) == (parsed.query, (), ())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("quasimoto", lambda item: item.artist == "Quasimoto"),
        ('"[pias] recordings"', lambda item: "[PIAS] Recordings" in item.label),
        ("media:vg+", lambda item: item.note(1).strip() == "Very Good Plus (VG+)"),
        ('12"', lambda item: '12"' in item.format),
        ("year:2000..2009 rating:4..", lambda item: 2000 <= item.year <= 2009 and item.rating >= 4),
        ("added:2019", lambda item: item.added.startswith("2019")),
        ("no:media | rating:0", lambda item: not item.note(1) or not item.rating),
        ("has:width -folder:12", None),
        ("cleaned:2 vinyl -is:duplicate", None),
        ("notes:a genre:electronic | style:house", None),
    ],
)
def test_recorded_items_are_found(text: str, wanted: Callable[[Item], bool] | None) -> None:
    page = ItemsPage.model_validate_json(recorded("collection-2023-page1-of-48.json"))
    items = [item_of(wire, notes_shown=True) for wire in page.releases]
    fields = [field_of(wire) for wire in WireFields.model_validate_json(recorded("fields-2023.json")).fields]
    folders = [folder_of(wire) for wire in WireFolders.model_validate_json(recorded("folders-2023.json")).folders]
    collection = Collection.of(items, folders, fields)
    query = parse(text, Vocabulary(fields)).query
    assert query is not None
    found = match(query, items, collection)
    assert found == by_definition(items, query, collection)
    if wanted is not None:
        assert found == list(filter(wanted, items))
        assert found


def ticking() -> Callable[[], float]:
    """A clock that is an hour later whenever it is looked at."""
    now = 0.0

    def tick() -> float:
        nonlocal now
        now += 3600
        return now

    return tick
