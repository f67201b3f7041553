"""The orders in which a collection can be shown."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from discotui.library.folding import alphabetical, fold, natural
from discotui.library.items import Field, Item
from discotui.library.sorting import SORT_KEYS, Order, Sorter, note_key, sort_keys
from tests.collection import FIELDS, JAZZ, MEDIA, ROCK, SLEEVE, TEXT, make_item

FOLDERS = {JAZZ: "Jazz", ROCK: "Rock"}


def order_of(text: str) -> Order:
    """An order as settings have it."""
    order = Order.from_text(text)
    assert order.to_text() == text
    return order


def ids(items: Iterable[Item], order: str, sorter: Sorter | None = None, **context: Any) -> list[int]:
    """Instance ids in an order."""
    context = {"folders": FOLDERS, "fields": FIELDS} | context
    return [item.instance_id for item in (sorter or Sorter()).sort(items, order_of(order), **context)]


# --- keys ---------------------------------------------------------------------------------------------------


def test_catalogue_numbers_stand_in_natural_order() -> None:
    items = [make_item(1, catno="BLP 4195"), make_item(2, catno="BLP 4003"), make_item(3, catno="BLP 595")]
    assert ids(items, "catno") == [3, 2, 1]
    assert ids(items, "-catno") == [1, 2, 3]


def test_artists_are_filed_without_article_accent_or_case() -> None:
    items = [make_item(1, artist="The Zombies"), make_item(2, artist="björk"), make_item(3, artist="Cecil Taylor")]
    assert ids(items, "artist") == [2, 3, 1]


def test_dates_of_addition_are_moments_whatever_their_offset() -> None:
    items = [
        make_item(1, added="2024-11-03T01:30:00-08:00"),
        make_item(2, added="2024-11-03T01:45:00-07:00"),
        make_item(3, added="2024-11-03T10:00:00"),
        make_item(4, added="last summer"),
    ]
    assert ids(items, "added") == [2, 1, 3, 4]


def test_a_dropdown_stands_in_the_order_of_its_options_and_other_values_after_them() -> None:
    options = ("Mint (M)", "Near Mint (NM or M-)", "Very Good (VG)")
    values = ["", "Very Good (VG)", "awful", "Mint (M)", "Äh", "Near Mint (NM or M-)"]
    items = [make_item(number, notes={7: value}) for number, value in enumerate(values, start=1)]
    fields = [Field(7, "Media", options=options)]
    assert ids(items, "note:7", fields=fields) == [4, 6, 2, 5, 3, 1]
    assert ids(items, "-note:7", fields=fields) == [3, 5, 2, 6, 4, 1]


def test_a_textarea_stands_by_its_folded_text() -> None:
    values = ["The box", "álbum", "Zoo", "\n", "al b"]
    items = [make_item(number, notes={TEXT: value}) for number, value in enumerate(values, start=1)]
    items.append(make_item(6, notes=None))
    assert ids(items, f"note:{TEXT}") == [5, 2, 1, 3, 4, 6]


def test_a_field_that_is_no_longer_there_is_sorted_like_a_text() -> None:
    items = [make_item(1, notes={99: "b"}), make_item(2, notes={99: "a"})]
    assert ids(items, "note:99") == [2, 1]


def test_every_collection_has_the_nine_columns_and_its_own_fields() -> None:
    keys = {key.key: key.title for key in sort_keys(FIELDS)}
    assert list(keys)[:9] == ["artist", "title", "label", "catno", "format", "year", "rating", "added", "folder"]
    assert list(keys.items())[9:] == [
        (note_key(MEDIA), "Media Condition"),
        (note_key(SLEEVE), "Sleeve Condition"),
        (note_key(TEXT), "Notes"),
    ]


@pytest.mark.parametrize(
    ("key", "empty"),
    [
        ("artist", {"artist": ""}),
        ("title", {"title": ""}),
        ("label", {"label": ""}),
        ("catno", {"catno": ""}),
        ("format", {"format": ""}),
        ("year", {"year": 0}),
        ("rating", {"rating": 0}),
        ("added", {"added": ""}),
        ("folder", {"folder_id": 77}),
        ("note:1", {"notes": None}),
        ("note:3", {"notes": {MEDIA: "Mint (M)"}}),
    ],
)
def test_what_is_empty_stands_last_in_both_directions(key: str, empty: dict[str, Any]) -> None:
    full = {"rating": 2, "notes": {MEDIA: "Mint (M)", TEXT: "x"}}
    items = [make_item(1, **(full | empty)), make_item(2, **full), make_item(3, **full)]  # type: ignore[arg-type]
    for order in (key, f"-{key}", f"rating,{key}" if key != "rating" else key):
        assert ids(items, order)[-1] == 1


# --- keys in turn -------------------------------------------------------------------------------------------


def test_sorting_by_year_after_artist_keeps_the_artists_in_order_within_a_year() -> None:
    items = [
        make_item(1, artist="Coltrane", year=1970),
        make_item(2, artist="Ayler", year=1970),
        make_item(3, artist="Sanders", year=1969),
    ]
    assert Order().chosen("year") == order_of("year,artist")
    assert ids(items, "year,artist") == [3, 2, 1]
    assert ids(items, "year,-artist") == [3, 1, 2]
    assert ids(items, "-year,artist") == [2, 1, 3]


def test_a_key_that_is_chosen_comes_first_and_two_former_ones_stay_as_the_next() -> None:
    order = Order()
    for key, expected in [
        ("title", "title,artist"),
        ("rating", "-rating,title,artist"),
        ("note:3", "note:3,-rating,title"),
        ("note:3", "-note:3,-rating,title"),
        ("title", "title,-note:3,-rating"),
        ("title", "-title,-note:3,-rating"),
        ("added", "-added,-title,-note:3"),
        ("added", "added,-title,-note:3"),
    ]:
        order = order.chosen(key)
        assert order.to_text() == expected


def test_ties_stand_by_artist_then_year_then_instance() -> None:
    items = [
        make_item(5, artist="B", year=1970),
        make_item(4, artist="B", year=1970),
        make_item(3, artist="A", year=0),
        make_item(2, artist="A", year=1980),
        make_item(1, artist="A", year=1980),
    ]
    for key in ("title", "rating", "format", "note:1", "folder"):
        same = [replace(item, title="same") for item in items]
        for order in (key, f"-{key}"):
            assert ids(same, order) == [1, 2, 3, 4, 5]


def test_orders_survive_being_kept_as_text() -> None:
    for text in ("artist", "-year,artist", "note:3,-note:12,folder"):
        assert Order.from_text(text).to_text() == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", "artist"),
        ("nonsense", "artist"),
        ("-,,note:,note:x,note:٣,note:-1,--year", "artist"),
        ("note:" + "9" * 5000, "artist"),
        (" -year , nonsense, year, title", "-year,title"),
        ("year,title,label,catno", "year,title,label"),
        ("\x1b[31m,rating", "rating"),
    ],
)
def test_what_cannot_be_read_of_an_order_is_left_out(text: str, read: str) -> None:
    assert Order.from_text(text).to_text() == read


def test_an_item_keeps_its_place_when_nothing_that_it_is_sorted_by_changes() -> None:
    item = make_item(1, rating=3, notes={MEDIA: "Mint (M)", TEXT: "x"})
    rated, noted = replace(item, rating=4), replace(item, notes={MEDIA: "Mint (M)", TEXT: "y"})
    assert order_of("year,note:1").keeps_place(item, rated)
    assert order_of("year,note:1").keeps_place(item, noted)
    assert not order_of("year,rating").keeps_place(item, rated)
    assert not order_of("note:3").keeps_place(item, noted)
    assert not order_of("title").keeps_place(item, replace(item, artist="Another"))
    assert not order_of("folder").keeps_place(item, replace(item, folder_id=ROCK))


# --- what changes -------------------------------------------------------------------------------------------


def test_the_order_by_folder_follows_a_renaming() -> None:
    sorter = Sorter()
    items = [make_item(1, folder_id=JAZZ), make_item(2, folder_id=ROCK)]
    assert ids(items, "folder", sorter, folders={JAZZ: "Jazz", ROCK: "Rock"}) == [1, 2]
    assert ids(items, "folder", sorter, folders={JAZZ: "Zydeco", ROCK: "Rock"}) == [2, 1]
    assert ids(items, "rating,folder", sorter, folders={JAZZ: "Jazz", ROCK: "Rock"}) == [1, 2]


def test_the_order_by_a_dropdown_follows_its_options() -> None:
    sorter = Sorter()
    items = [make_item(1, notes={7: "good"}), make_item(2, notes={7: "bad"})]
    assert ids(items, "note:7", sorter, fields=[Field(7, "State", options=("good", "bad"))]) == [1, 2]
    assert ids(items, "note:7", sorter, fields=[Field(7, "State", options=("bad", "good"))]) == [2, 1]


def test_a_changed_item_is_sorted_by_its_new_value() -> None:
    sorter = Sorter()
    assert ids([make_item(1, rating=1), make_item(2, rating=3)], "rating", sorter) == [1, 2]
    assert ids([make_item(1, rating=5), make_item(2, rating=3)], "rating", sorter) == [2, 1]


def test_an_order_that_was_not_looked_at_for_long_is_right_again() -> None:
    sorter, items = Sorter(), [make_item(number, title=f"Title {number}") for number in range(60)]
    assert ids(items, "-title", sorter) == ids(items, "-title")
    for number in range(60):
        items[number] = replace(items[number], title=f"Title {number * 7 % 60}")
        assert ids(items, "year", sorter) == ids(items, "year")
    assert ids(items, "-title", sorter) == ids(items, "-title")


def test_a_preparation_may_be_dropped_or_finished_after_other_work() -> None:
    items = [make_item(number, artist=f"Artist {number * 7 % 50}") for number in range(50)]
    sorter = Sorter(slice_size=4)
    dropped = sorter.prepare(items, order_of("title"), folders=FOLDERS, fields=FIELDS)
    late = sorter.prepare(items, order_of("-catno"), folders=FOLDERS, fields=FIELDS)
    for steps in (dropped, late):
        for _ in range(20):
            next(steps)
    changed = [replace(item, catno=f"X {item.instance_id * 3 % 50}") for item in items]
    assert ids(changed, "-catno", sorter) == ids(changed, "-catno")
    for _ in late:
        pass
    assert ids(changed, "-catno", sorter) == ids(changed, "-catno")


def test_items_that_are_gone_are_forgotten() -> None:
    sorter = Sorter(slice_size=4)
    items = [make_item(number) for number in range(100)]
    sorter.sort(items, Order(), folders=FOLDERS, fields=FIELDS)
    for _ in sorter.prepare(items[:10], Order(), folders=FOLDERS, fields=FIELDS):
        pass
    assert len(sorter._known._roll.items) == 10
    assert ids(items[:10], "artist", sorter) == ids(items[:10], "artist")


def test_hostile_texts_have_a_place_too() -> None:
    texts = ["[bold]", "\x1b[31m", "مرحبا", "株式会社", "🎷", "9" * 5000, "a\u0301", "١٢", "\ud800", "\x00", "l'"]
    items = [
        make_item(number, artist=text, title=text, label=text, catno=text, format=text, added=text, notes={TEXT: text})
        for number, text in enumerate(texts, start=1)
    ]
    for key in sort_keys(FIELDS):
        assert sorted(ids(items, key.key)) == list(range(1, len(texts) + 1))


# --- against the definition ---------------------------------------------------------------------------------

WORDS = ("", "The Fall", "fall", "Björk", "bjork", "浮世", "A", "l'été", "Zoo 10", "zoo 9", "ZOO  9")
TEXTS = st.one_of(st.sampled_from(WORDS), st.text("aA1ä ", max_size=3))
KEYS = (*SORT_KEYS, "note:1", "note:3", "note:9")
ORDERS = st.lists(st.tuples(st.sampled_from(KEYS), st.booleans()), min_size=1, max_size=3, unique_by=lambda key: key[0])


def item_with(instance_id: int) -> st.SearchStrategy[Item]:
    """Any item of that id; most have much in common."""
    values = st.sampled_from((*WORDS, *FIELDS[0].options))
    return st.builds(
        make_item,
        st.just(instance_id),
        release_id=st.just(1),
        folder_id=st.sampled_from((JAZZ, ROCK, 1)),
        rating=st.integers(0, 5),
        notes=st.one_of(st.none(), st.dictionaries(st.sampled_from((1, 3, 9)), values)),
        added=st.sampled_from(("", "2024-01-02T03:04:05-08:00", "2024-01-02T03:04:05-07:00", "2020-01-01T00:00:00Z")),
        artist=TEXTS,
        title=TEXTS,
        label=st.sampled_from(WORDS),
        catno=TEXTS,
        format=st.sampled_from(WORDS),
        year=st.sampled_from((0, 1969, 1970)),
    )


COLLECTIONS = st.permutations(range(-5, 25)).flatmap(
    lambda numbers: st.integers(0, 30).flatmap(lambda count: st.tuples(*map(item_with, numbers[:count])))
)


def value_of(item: Item, key: str, folders: Mapping[int, str]) -> Any:
    """What an item is sorted by, written once more."""
    match key:
        case "artist" | "title" | "label" | "format":
            return alphabetical(getattr(item, key))
        case "catno":
            return natural(item.catno)
        case "year" | "rating":
            return getattr(item, key)
        case "added":
            return {"2024-01-02T03:04:05-08:00": 3, "2024-01-02T03:04:05-07:00": 2, "": 0}.get(item.added, 1)
        case "folder":
            return alphabetical(folders.get(item.folder_id, ""))
        case "note:1":
            options, text = FIELDS[0].options, item.note(1)
            return text and (
                options.index(text) if text in options else len(options),
                fold(text) * (text not in options),
            )
        case _:
            return fold(item.note(int(key[5:])))


def in_order(items: Sequence[Item], order: Order, folders: Mapping[int, str] = FOLDERS) -> list[Item]:
    """What sorting means: a stable sort by each key, the last one first."""
    rows = sorted(items, key=lambda item: item.instance_id)
    for key, descending in reversed((*order.keys, ("artist", False), ("year", False))):
        full = [item for item in rows if value_of(item, key, folders)]
        empty = [item for item in rows if not value_of(item, key, folders)]
        full.sort(key=lambda item: value_of(item, key, folders), reverse=descending)
        rows = full + empty
    return rows


@settings(deadline=None)
@given(COLLECTIONS, ORDERS)
def test_sorting_is_a_stable_sort_by_each_key_in_turn(items: tuple[Item, ...], keys: list[tuple[str, bool]]) -> None:
    order = Order(tuple(keys))
    assert Sorter().sort(items, order, folders=FOLDERS, fields=FIELDS) == in_order(items, order)
    assert Order.from_text(order.to_text()) == order


@settings(deadline=None)
@given(COLLECTIONS, ORDERS, st.integers(1, 9))
def test_sorting_after_all_slices_is_the_same(
    items: tuple[Item, ...], keys: list[tuple[str, bool]], slice_size: int
) -> None:
    order, sorter = Order(tuple(keys)), Sorter(slice_size)
    for _ in sorter.prepare(items, order, folders=FOLDERS, fields=FIELDS):
        pass
    assert sorter.sort(items, order, folders=FOLDERS, fields=FIELDS) == in_order(items, order)


def some_item(instance_id: int, chance: random.Random) -> Item:
    """An item that has much in common with the others."""
    return make_item(
        instance_id,
        release_id=1,
        folder_id=chance.choice((JAZZ, ROCK)),
        rating=chance.randrange(4),
        artist=chance.choice(WORDS),
        title=f"{chance.choice(WORDS)} {chance.randrange(100)}",
        notes={MEDIA: chance.choice(("", "odd", *FIELDS[0].options))},
    )


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_what_happens_while_a_preparation_pauses_is_not_forgotten(seed: int) -> None:
    chance = random.Random(seed)
    items = {number: some_item(number, chance) for number in range(24)}
    orders = [order_of(text) for text in chance.sample(("title", "-title", "folder", "rating,note:1", "-note:1"), k=2)]
    sorter, folders = Sorter(slice_size=1), dict(FOLDERS)

    def edit() -> None:
        for number in chance.sample(sorted(items), k=chance.randint(1, 3)):
            items[number] = some_item(number, chance)
        if chance.random() < 0.3:
            folders[JAZZ] = chance.choice(WORDS)

    def check(share: float) -> None:
        for order in orders:
            some = [item for item in items.values() if chance.random() < share]
            found = sorter.sort(some, order, folders=dict(folders), fields=FIELDS)
            assert found == in_order(some, order, folders)

    check(1.0)
    for _ in range(4):
        edit()
        steps = sorter.prepare(items.values(), orders[0], folders=dict(folders), fields=FIELDS)
        for _ in range(chance.randrange(60)):
            next(steps, None)
        edit()
        check(chance.choice((0.1, 0.1, 1.0)))
        for _ in steps:
            pass
        check(chance.choice((0.1, 1.0)))


class Collection(RuleBasedStateMachine):
    """One sorter through everything that happens to a collection, while preparations are under way."""

    def __init__(self) -> None:
        super().__init__()
        self.sorter = Sorter(slice_size=3)
        self.items: dict[int, Item] = {}
        self.folders = dict(FOLDERS)
        self.order = Order()
        self.under_way: list[Iterator[None]] = []

    @initialize(items=COLLECTIONS)
    def fill(self, items: tuple[Item, ...]) -> None:
        self.items = {item.instance_id: item for item in items}

    @rule(key=st.sampled_from(KEYS))
    def choose(self, key: str) -> None:
        self.order = self.order.chosen(key)

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        if self.items:
            number = data.draw(st.sampled_from(sorted(self.items)))
            self.items[number] = data.draw(item_with(number))

    @rule(data=st.data(), rating=st.integers(0, 5))
    def rate_many(self, data: st.DataObject, rating: int) -> None:
        some = data.draw(st.sets(st.sampled_from(sorted(self.items)))) if self.items else ()
        for number in some:
            self.items[number] = replace(self.items[number], rating=rating)

    @rule(item=st.integers(-5, 70).flatmap(item_with))
    def add_or_replace(self, item: Item) -> None:
        self.items[item.instance_id] = item

    @rule(data=st.data())
    def remove_many(self, data: st.DataObject) -> None:
        some = data.draw(st.sets(st.sampled_from(sorted(self.items)))) if self.items else ()
        for number in some:
            del self.items[number]

    @rule(name=st.sampled_from(WORDS))
    def rename_folder(self, name: str) -> None:
        self.folders[JAZZ] = name

    @rule()
    def begin_to_prepare(self) -> None:
        steps = self.sorter.prepare(self.items.values(), self.order, folders=dict(self.folders), fields=FIELDS)
        self.under_way.append(steps)

    @rule(data=st.data(), slices=st.integers(1, 60))
    def go_on(self, data: st.DataObject, slices: int) -> None:
        if self.under_way:
            steps = data.draw(st.sampled_from(self.under_way))
            for _ in range(slices):
                next(steps, None)

    @rule(dice=st.randoms(use_true_random=False))
    def sort_a_part(self, dice: random.Random) -> None:
        share = dice.random()
        part = [item for item in self.items.values() if dice.random() < share]
        dice.shuffle(part)
        self.check(part)

    @rule()
    def sort_all(self) -> None:
        self.check(list(self.items.values()))

    def check(self, items: list[Item]) -> None:
        found = self.sorter.sort(items, self.order, folders=dict(self.folders), fields=FIELDS)
        assert found == in_order(items, self.order, self.folders)


TestCollection = Collection.TestCase
TestCollection.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
