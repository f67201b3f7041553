"""Many items that are missing at once stay, until a reading shows them again or the person says that they are gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from discotui.library.incoming import Published
from discotui.library.items import Folder, Item, Value
from discotui.library.losses import allowed, spread
from tests.collection import EMPTY, FIELDS, FOLDERS, JAZZ, ROCK, TEXT, Shelf, make_item, reading_of

TOTAL = 100
ALL = tuple(
    make_item(number, folder_id=JAZZ if number > 30 else ROCK, notes={TEXT: f"note {number}"})
    for number in range(1, TOTAL + 1)
)
LOST = frozenset(range(1, 31))
"""Everything in Rock: more than may go without a word."""
REST = tuple(item for item in ALL if item.instance_id not in LOST)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite", ALL)


def publish(shelf: Shelf, *items: Item, folders: tuple[Folder, ...] = FOLDERS) -> Published:
    return shelf.library.incoming.publish(reading_of(items, folders))


def held(shelf: Shelf) -> tuple[int, int] | None:
    loss = shelf.library.held_loss()
    return None if loss is None else (loss.count, loss.total)


def set_aside(shelf: Shelf) -> set[int]:
    return {gone.item.instance_id for gone in shelf.library.vanished()}


@pytest.mark.parametrize(
    ("total", "may_go"), [(1, 20), (30, 20), (399, 20), (420, 21), (439, 21), (3104, 155), (100_000, 5000)]
)
def test_twenty_or_one_in_twenty_may_go_without_a_word(total: int, may_go: int) -> None:
    assert allowed(total) == may_go


@pytest.mark.parametrize(
    ("count", "chosen"), [(0, []), (1, [0]), (3, [0, 1, 2]), (4, [0, 1, 2]), (9, [0, 3, 6]), (10, [0, 3, 6])]
)
def test_a_sample_is_spread_over_the_whole(count: int, chosen: list[int]) -> None:
    assert spread(range(count), 3) == chosen


@pytest.mark.parametrize(("missing", "goes"), [(20, True), (21, False)])
def test_so_many_go_and_one_more_is_held(shelf: Shelf, missing: int, goes: bool) -> None:
    published = publish(shelf, *ALL[missing:])
    assert published.vanished == (missing if goes else 0)
    assert (published.held is None) == goes
    assert len(shelf.shown()) == (TOTAL - missing if goes else TOTAL)


def test_a_large_collection_may_lose_five_in_a_hundred(tmp_path: Path) -> None:
    items = [make_item(number) for number in range(1, 1001)]
    shelf = Shelf(tmp_path / "large.sqlite", items)
    assert publish(shelf, *items[:949]).held is not None
    assert publish(shelf, *items[:950]).vanished == 50


def test_a_held_loss_takes_nothing_out_and_is_told_with_its_facts(shelf: Shelf) -> None:
    published = publish(shelf, *REST)
    loss = shelf.library.held_loss()
    assert loss is not None
    assert published.held == loss
    assert (loss.count, loss.total, loss.when) == (30, TOTAL, shelf.clock.now)
    assert [item.instance_id for item in loss.sample] == [1, 7, 13, 19, 25]
    assert shelf.shown() == {item.instance_id: item for item in ALL}
    assert set_aside(shelf) == set()


def test_all_else_of_the_reading_is_taken_over(shelf: Shelf) -> None:
    news = [replace(REST[0], rating=5, folder_id=EMPTY), *REST[1:], make_item(500)]
    fields = [*FIELDS[:2], replace(FIELDS[2], name="Remarks")]
    folders = [*FOLDERS[:-1], Folder(EMPTY, "Void")]
    shelf.library.incoming.publish(reading_of(news, folders, fields, Value("$1", "$2", "$3")))
    item = shelf.item(REST[0].instance_id)
    assert (item.rating, item.folder_id) == (5, EMPTY)
    assert 500 in shelf.shown()
    assert "Void" in shelf.folder_names()
    assert shelf.library.fields()[2].name == "Remarks"
    assert shelf.library.value() == Value("$1", "$2", "$3")
    assert shelf.library.read_at() == shelf.clock.now
    assert held(shelf) == (30, TOTAL)


def test_a_held_loss_is_still_held_after_a_restart(shelf: Shelf) -> None:
    publish(shelf, *REST)
    before = shelf.library.held_loss()
    shelf.restart()
    assert shelf.library.held_loss() == before is not None
    assert len(shelf.shown()) == TOTAL


def test_saying_yes_sets_all_of_it_aside(shelf: Shelf) -> None:
    publish(shelf, *REST)
    shelf.clock.now += 100
    changes = shelf.library.accept_loss()
    assert changes.items == LOST
    assert shelf.library.held_loss() is None
    assert set_aside(shelf) == LOST
    assert {(gone.when, gone.cause) for gone in shelf.library.vanished()} == {(shelf.clock.now, "missing")}
    shelf.restart()
    assert shelf.shown() == {item.instance_id: item for item in REST}
    assert shelf.library.held_loss() is None
    assert publish(shelf, *REST).vanished == 0


def test_saying_yes_twice_or_with_nothing_held_does_nothing(shelf: Shelf) -> None:
    assert shelf.library.accept_loss().items == frozenset()
    publish(shelf, *REST)
    shelf.library.accept_loss()
    assert shelf.library.accept_loss().items == frozenset()
    assert len(shelf.shown()) == 70


def test_a_collection_for_reading_only_can_be_told_yes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", ALL)
    publish(shelf, *REST)
    shelf.library.read_only = True
    assert len(shelf.library.accept_loss().items) == 30


def test_a_reading_in_which_all_are_back_clears_it(shelf: Shelf) -> None:
    publish(shelf, *REST)
    assert publish(shelf, *ALL).held is None
    assert shelf.library.held_loss() is None
    assert shelf.library.accept_loss().items == frozenset()
    assert shelf.shown() == {item.instance_id: item for item in ALL}


def test_a_reading_in_which_fewer_are_missing_makes_it_smaller(shelf: Shelf) -> None:
    noticed = shelf.clock.now
    publish(shelf, *REST)
    shelf.clock.now += 3600
    publish(shelf, *ALL[:5], *REST)
    loss = shelf.library.held_loss()
    assert loss is not None
    assert (loss.count, loss.when) == (25, noticed)
    assert shelf.library.accept_loss().items == LOST - {1, 2, 3, 4, 5}
    assert set(range(1, 6)) <= shelf.shown().keys()


def test_a_loss_that_has_become_small_settles_like_any_other(shelf: Shelf) -> None:
    publish(shelf, *REST)
    published = publish(shelf, *ALL[:20], *REST)
    assert (published.vanished, published.held) == (10, None)
    assert shelf.library.held_loss() is None
    assert set_aside(shelf) == set(range(21, 31))


def test_a_loss_may_grow_while_it_is_held(shelf: Shelf) -> None:
    publish(shelf, *REST)
    publish(shelf, *REST[5:])
    assert held(shelf) == (35, TOTAL)


def test_what_a_page_shows_again_is_not_taken_out_by_a_yes(shelf: Shelf) -> None:
    publish(shelf, *REST)
    shelf.library.incoming.merge(ALL[:3])
    assert held(shelf) == (27, TOTAL)
    shelf.restart()
    assert shelf.library.accept_loss().items == LOST - {1, 2, 3}


def test_counts_for_comparing_leave_out_what_is_held(shelf: Shelf) -> None:
    publish(shelf, *REST)
    counts = shelf.library.incoming.folder_counts()
    assert (counts[0], counts[JAZZ], counts[ROCK]) == (("All", 70), ("Jazz", 70), ("Rock", 0))
    assert {folder.name: folder.count for folder in shelf.library.folders()}["Rock"] == 30


def test_a_folder_deleted_elsewhere_with_its_items_stays_until_the_yes(shelf: Shelf) -> None:
    without_rock = tuple(folder for folder in FOLDERS if folder.folder_id != ROCK)
    for _ in range(2):
        publish(shelf, *REST, folders=without_rock)
        assert len(shelf.library.items(ROCK)) == 30
        assert "Rock" in shelf.folder_names()
        assert ROCK not in shelf.library.incoming.folder_counts()
    shelf.restart()
    assert ROCK not in shelf.library.incoming.folder_counts()
    changes = shelf.library.accept_loss()
    assert changes.folders
    assert "Rock" not in shelf.folder_names()
    shelf.restart()
    assert "Rock" not in shelf.folder_names()


def test_a_folder_that_is_there_again_is_counted_again(shelf: Shelf) -> None:
    publish(shelf, *REST, folders=tuple(folder for folder in FOLDERS if folder.folder_id != ROCK))
    publish(shelf, *ALL)
    assert shelf.library.incoming.folder_counts()[ROCK] == ("Rock", 30)


def test_a_few_items_go_with_their_folder(shelf: Shelf) -> None:
    publish(shelf, *(replace(item, folder_id=JAZZ) for item in ALL[:20]), *ALL[20:])
    published = publish(
        shelf, *ALL[:20], *REST, folders=tuple(folder for folder in FOLDERS if folder.folder_id != ROCK)
    )
    assert (published.vanished, published.held) == (10, None)
    assert "Rock" not in shelf.folder_names()


def test_held_items_can_be_edited_and_a_refusal_undoes_it(shelf: Shelf) -> None:
    publish(shelf, *REST)
    shelf.library.rate([1], 5)
    assert shelf.item(1).rating == 5
    shelf.refuse_next()
    assert shelf.item(1).rating == 0
    assert held(shelf) == (30, TOTAL)


def test_a_held_item_whose_removal_was_confirmed_counts_no_more(shelf: Shelf) -> None:
    publish(shelf, *REST)
    shelf.library.remove([1, 2])
    shelf.confirm_all()
    assert held(shelf) == (28, TOTAL)
    assert len(shelf.library.accept_loss().items) == 28


def test_what_is_being_removed_from_here_is_no_loss(shelf: Shelf) -> None:
    shelf.library.remove(LOST)
    shelf.begin()
    published = publish(shelf, *REST)
    assert (published.vanished, published.held) == (30, None)
    assert {gone.cause for gone in shelf.library.vanished()} == {"removed"}
    shelf.confirm_all()
    assert len(shelf.shown()) == 70


def test_what_is_being_removed_goes_even_while_a_loss_is_held(shelf: Shelf) -> None:
    shelf.library.remove([90])
    published = publish(shelf, *(item for item in REST if item.instance_id != 90))
    assert published.vanished == 1
    assert held(shelf) == (30, TOTAL)


def test_a_copy_that_was_never_read_whole_is_not_guarded(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new.sqlite", fill=False)
    shelf.library.incoming.merge(ALL)
    assert shelf.library.incoming.missing({}, shelf.library.incoming.mark()) == []
    published = publish(shelf, ALL[0])
    assert (published.vanished, published.held) == (99, None)


def test_an_empty_copy_is_not_guarded(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library.sqlite", ())
    assert publish(shelf, *ALL).held is None
    assert len(shelf.shown()) == TOTAL


def test_missing_is_what_the_reading_should_show(shelf: Shelf) -> None:
    incoming = shelf.library.incoming
    mark = incoming.mark()
    shelf.library.remove([1, 2])
    shelf.confirm_next()
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.rate([5], 3)
    read = {item.instance_id: item for item in ALL[4:]}
    assert [item.instance_id for item in incoming.missing(read, mark)] == [3, 4]
