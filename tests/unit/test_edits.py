"""Changes as values: how they are kept, joined, and told apart; and every edit that a person can make."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discotui import errors
from discotui.library import edits
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.items import Item, changed, known_as, made_item
from discotui.library.library import Library
from tests.collection import EMPTY, ITEMS, JAZZ, MEDIA, ROCK, SLEEVE, TEXT, Shelf, make_item

ALL_KINDS: list[Change] = [
    SetRating(101, 2, 5),
    MoveItem(1, 101, JAZZ, -3),
    SetNote(1, 101, TEXT, "", "[b]☃\x1b[0m\n“”"),
    RemoveItem(make_item(1, notes={1: "Mint (M)", 3: "ひ"})),
    RemoveItem(make_item(1, notes=None)),
    AddItem(make_item(-1, cover="https://i/x.jpg", master_id=7), replaces=4),
    NewFolder(-2, "New"),
    RenameFolder(JAZZ, "Jazz", "Jazz ’n’ more"),
    DeleteFolder(EMPTY, "Empty"),
]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


# --- changes as values ------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ALL_KINDS)
def test_a_change_is_read_back_as_it_was_kept(change: Change) -> None:
    back = edits.from_json(edits.to_json(change))
    assert back == change
    if isinstance(change, AddItem):
        assert isinstance(back, AddItem)
        assert back.item.cover == change.item.cover


hostile = st.text(st.characters(), max_size=20)
ids = st.integers(-(2**40), 2**62)
notes = st.none() | st.dictionaries(st.integers(1, 99), hostile, max_size=3)
items = st.builds(
    make_item,
    ids,
    release_id=st.integers(1, 9),
    folder_id=ids,
    notes=notes,
    title=hostile,
    search=hostile,
    cover=hostile,
)


@given(
    st.builds(SetRating, ids, ids, ids)
    | st.builds(MoveItem, ids, ids, ids, ids)
    | st.builds(SetNote, ids, ids, ids, hostile, hostile)
    | st.builds(RemoveItem, items)
    | st.builds(AddItem, items, ids)
)
def test_a_change_is_kept_in_the_very_words_of_the_json_module(change: Change) -> None:
    kept = {"kind": type(change).__name__, **asdict(change)}
    if isinstance(change, RemoveItem | AddItem):
        assert edits.from_json(edits.to_json(change)) == change
    assert edits.to_json(change) == json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


@given(items, st.integers(0, 5), ids, notes)
def test_an_item_that_is_made_quickly_is_like_any_other(
    item: Item, rating: int, folder_id: int, notes: dict[int, str] | None
) -> None:
    for made, same in [
        (made_item(**{field.name: getattr(item, field.name) for field in fields(item)}), item),
        (known_as(item, folder_id), replace(item, instance_id=folder_id)),
        (changed(item, folder_id, rating, notes), replace(item, folder_id=folder_id, rating=rating, notes=notes)),
    ]:
        assert type(made) is Item
        assert made == same
        assert [getattr(made, each.name) for each in fields(Item)] == [
            getattr(same, each.name) for each in fields(Item)
        ]
        assert repr(made) == repr(same)
        with pytest.raises(FrozenInstanceError):
            made.rating = 3  # type: ignore[misc]


def test_a_list_of_changes_is_read_back_as_it_was_kept() -> None:
    assert edits.many_from_json(edits.many_to_json(ALL_KINDS)) == tuple(ALL_KINDS)


def test_two_changes_of_one_thing_are_one() -> None:
    assert edits.joined(SetRating(1, 0, 3), SetRating(1, 3, 5)) == SetRating(1, 0, 5)
    assert edits.joined(SetRating(1, 0, 3), SetRating(1, 3, 0)) is None
    assert edits.joined(SetNote(1, 2, 3, "a", "b"), SetNote(1, 2, 3, "b", "c")) == SetNote(1, 2, 3, "a", "c")


def test_targets_tell_things_apart() -> None:
    assert edits.target(SetRating(1, 0, 3)) == edits.target(SetRating(1, 3, 4))
    assert edits.target(SetNote(1, 2, 3, "", "a")) != edits.target(SetNote(1, 2, 4, "", "a"))
    assert edits.target(SetRating(1, 0, 3)) != edits.target(MoveItem(1, 1, 0, 3))


@pytest.mark.parametrize("change", ALL_KINDS)
def test_ids_that_are_not_mentioned_leave_a_change_as_it_is(change: Change) -> None:
    assert edits.with_ids(change, 77, 78, folder=True) is change
    assert edits.with_ids(change, 77, 78, folder=False) is change


def test_a_folders_new_id_is_put_wherever_the_folder_stands() -> None:
    assert edits.with_ids(MoveItem(1, 2, -3, -3), -3, 8, folder=True) == MoveItem(1, 2, 8, 8)
    assert edits.with_ids(MoveItem(-3, 2, 1, 5), -3, 8, folder=True) == MoveItem(-3, 2, 1, 5)
    added = edits.with_ids(AddItem(make_item(-3, folder_id=-3)), -3, 8, folder=True)
    assert isinstance(added, AddItem)
    assert (added.item.instance_id, added.item.folder_id) == (-3, 8)
    assert edits.with_ids(RenameFolder(-3, "a", "b"), -3, 8, folder=True) == RenameFolder(8, "a", "b")


# --- what a person can do ---------------------------------------------------------------------------------


def test_a_rating_is_shown_at_once_and_waits(shelf: Shelf) -> None:
    done = shelf.library.rate([1], 4)
    assert (done.verb, done.count, done.changes.items) == ("rate", 1, frozenset({1}))
    assert shelf.item(1).rating == 4
    assert shelf.changes() == [SetRating(101, 2, 4)]
    assert shelf.library.waiting_items() == {1}
    assert shelf.library.edited.is_set()


def test_a_rating_is_shared_by_all_copies_and_sent_once(shelf: Shelf) -> None:
    done = shelf.library.rate([4, 5], 1)
    assert (done.count, done.changes.items) == (1, frozenset({4, 5}))
    assert [item.rating for item in shelf.library.copies(500)] == [1, 1]
    assert shelf.changes() == [SetRating(500, 3, 1)]
    assert shelf.library.waiting_items() == {4, 5}


def test_a_move_counts_in_both_folders_at_once(shelf: Shelf) -> None:
    shelf.library.move([1, 2, 3], ROCK)
    counts = {folder.folder_id: folder.count for folder in shelf.library.folders()}
    assert (counts[0], counts[JAZZ], counts[ROCK]) == (5, 1, 4)
    assert shelf.changes() == [MoveItem(1, 101, JAZZ, ROCK), MoveItem(2, 102, JAZZ, ROCK)]
    assert {item.instance_id for item in shelf.library.items(JAZZ)} == {4}


def test_several_notes_are_one_edit(shelf: Shelf) -> None:
    done = shelf.library.set_notes([1], {MEDIA: "Very Good (VG)", TEXT: "", SLEEVE: ""})
    assert done.count == 1
    assert shelf.item(1).notes == {MEDIA: "Very Good (VG)"}
    assert shelf.changes() == [
        SetNote(1, 101, MEDIA, "Mint (M)", "Very Good (VG)"),
        SetNote(1, 101, TEXT, "first\npressing", ""),
    ]


def test_a_dropdown_takes_its_options_only_but_keeps_what_it_has(tmp_path: Path) -> None:
    odd = Shelf(tmp_path / "odd.sqlite", [make_item(1, notes={MEDIA: "Very Good (VG)\n"}), make_item(2)])
    with pytest.raises(errors.NotAnOption) as caught:
        odd.library.set_notes([2], {TEXT: "fine", MEDIA: "Splendid"})
    assert (caught.value.field, caught.value.value) == ("Media Condition", "Splendid")
    assert odd.waiting() == []
    odd.library.set_notes([1], {MEDIA: "Very Good (VG)\n", TEXT: "kept"})
    assert odd.changes() == [SetNote(1, 101, TEXT, "", "kept")]
    odd.library.set_notes([1], {MEDIA: ""})
    assert odd.item(1).note(MEDIA) == ""


def test_a_note_of_a_field_that_is_not_listed_can_be_set(shelf: Shelf) -> None:
    shelf.library.set_notes([1], {99: "anything"})
    assert shelf.item(1).note(99) == "anything"


def test_a_removed_item_goes_at_once(shelf: Shelf) -> None:
    before = shelf.item(1)
    done = shelf.library.remove([1])
    assert done.changes.items == {1}
    assert shelf.library.item(1) is None
    assert shelf.changes() == [RemoveItem(before)]
    assert shelf.library.waiting_items() == frozenset()
    assert shelf.library.waiting_count() == 1


def test_an_added_item_is_shown_at_once_without_rating_and_notes(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900, rating=4, notes={TEXT: "somebody's"}), ROCK)
    item = shelf.item(shelf.new_id())
    assert (item.release_id, item.folder_id, item.rating, item.notes) == (900, ROCK, 0, {})
    assert shelf.changes() == [AddItem(item)]


def test_another_copy_has_the_releases_rating(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=500), ROCK)
    assert shelf.item(shelf.new_id()).rating == 3


def test_folders_are_made_renamed_and_deleted_at_once(shelf: Shelf) -> None:
    shelf.library.new_folder("  Blues ")
    shelf.library.rename_folder(ROCK, "Rock & Roll")
    shelf.library.delete_folder(EMPTY)
    assert shelf.folder_names() == ["All", "Uncategorized", "Jazz", "Rock & Roll", "Blues"]
    assert shelf.changes() == [
        NewFolder(shelf.folder_id("Blues"), "Blues"),
        RenameFolder(ROCK, "Rock", "Rock & Roll"),
        DeleteFolder(EMPTY, "Empty"),
    ]


def test_everything_that_waits_is_still_there_after_a_restart(shelf: Shelf) -> None:
    library = shelf.library
    library.rate([1], 4)
    library.move([2], ROCK)
    library.set_notes([3], {TEXT: "ひ [b]\x1b"})
    library.remove([4])
    library.add(make_item(0, release_id=900), ROCK)
    library.new_folder("Blues")
    library.move([1], shelf.folder_id("Blues"))
    library.rename_folder(JAZZ, "Jazz!")
    library.delete_folder(EMPTY)
    shown, folders, waiting = shelf.shown(), library.folders(), shelf.waiting()
    shelf.restart()
    assert shelf.shown() == shown
    assert shelf.library.folders() == folders
    assert shelf.waiting() == waiting


def test_temporary_ids_are_not_given_twice_even_after_a_restart(shelf: Shelf) -> None:
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.remove([shelf.new_id()])
    shelf.library.new_folder("A")
    shelf.restart()
    shelf.library.new_folder("B")
    assert len({-1, shelf.folder_id("A"), shelf.folder_id("B")}) == 3


@pytest.mark.parametrize("number", [-1, 6])
def test_a_rating_outside_of_0_to_5_is_a_mistake_of_the_program(shelf: Shelf, number: int) -> None:
    with pytest.raises(ValueError, match="0 to 5"):
        shelf.library.rate([1], number)


def test_edits_that_would_change_nothing_are_declined(shelf: Shelf) -> None:
    library = shelf.library
    edits_made: list[Callable[[], object]] = [
        lambda: library.rate([1], 2),
        lambda: library.move([1], JAZZ),
        lambda: library.set_notes([1], {MEDIA: "Mint (M)"}),
        lambda: library.rename_folder(JAZZ, " Jazz "),
        library.undo,
        library.redo,
    ]
    for edit in edits_made:
        with pytest.raises(errors.NothingToChange):
            edit()
    assert shelf.waiting() == []


def test_edits_against_the_rules_are_declined_with_the_facts(shelf: Shelf) -> None:
    library = shelf.library
    with pytest.raises(errors.UnknownItem):
        library.rate([77], 2)
    with pytest.raises(errors.UnknownFolder):
        library.move([1], 77)
    fixed_ones: list[Callable[[], object]] = [
        lambda: library.move([1], 0),
        lambda: library.add(make_item(0, release_id=9), 0),
        lambda: library.rename_folder(1, "Mine"),
        lambda: library.delete_folder(0),
    ]
    for fixed in fixed_ones:
        with pytest.raises(errors.FixedFolder):
            fixed()
    with pytest.raises(errors.FolderNotEmpty) as not_empty:
        library.delete_folder(JAZZ)
    assert (not_empty.value.folder, not_empty.value.count) == ("Jazz", 3)
    with pytest.raises(errors.FolderNameTaken):
        library.new_folder("JÁZZ")
    with pytest.raises(errors.FolderNameTaken):
        library.rename_folder(ROCK, "jazz")
    with pytest.raises(errors.EmptyName):
        library.new_folder(" ")
    assert shelf.waiting() == []
    assert shelf.shown() == {item.instance_id: item for item in ITEMS}


def test_a_declined_edit_leaves_file_and_memory_in_agreement(shelf: Shelf) -> None:
    before = dict(shelf.library._core.meta)
    with pytest.raises(errors.EmptyName):
        shelf.library.new_folder("")
    assert shelf.library._core.meta == before == shelf.library._core.store.meta()


def test_a_folder_can_change_the_case_of_its_own_name(shelf: Shelf) -> None:
    shelf.library.rename_folder(JAZZ, "JAZZ")
    assert "JAZZ" in shelf.folder_names()


def test_an_item_named_twice_is_changed_once(shelf: Shelf) -> None:
    shelf.library.move([1, 1], ROCK)
    assert shelf.changes() == [MoveItem(1, 101, JAZZ, ROCK)]
    shelf.library.undo()
    assert shelf.waiting() == []
    shelf.library.remove([2, 2])
    assert len(shelf.waiting()) == 1


def test_a_read_only_collection_takes_no_edit(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite", read_only=True)
    edits_made: list[Callable[[], object]] = [
        lambda: library.rate([1], 2),
        lambda: library.new_folder("A"),
        lambda: library.remove([1]),
        library.undo,
        library.redo,
    ]
    for edit in edits_made:
        with pytest.raises(errors.ReadOnly):
            edit()
