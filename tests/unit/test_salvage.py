"""Damaged files: what can be read of them is in the new library, and they themselves are kept."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from discotui.errors import EditRefused, LibraryError, LibraryFull, LibraryTooNew, LibraryUnreadable, NotReadYet
from discotui.library import edits
from discotui.library.edits import AddItem, NewFolder, SetNote
from discotui.library.library import Library
from discotui.library.outbox import State
from discotui.library.pages import PAGE_SIZE
from discotui.library.past import Outcome
from discotui.library.remains import in_circles
from discotui.library.salvage import salvage
from discotui.library.sorting import Order
from discotui.library.views import saved
from tests.collection import JAZZ, ROCK, TEXT, Clock, Shelf, library_with, make_item, put_old_library, reading_of

HOSTILE = "[/x] [PIAS]\x1b[31m\x00\u202e 株式会社 🎷"
ITEMS = 150


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with something in every table, most of them larger than a page."""
    path = tmp_path_factory.mktemp("whole") / "library.sqlite"
    shelf = Shelf(path, [make_item(number, notes={TEXT: HOSTILE * (number % 9)}) for number in range(1, ITEMS + 1)])
    library = shelf.library
    library.rate([1], 5)
    shelf.refuse_next()
    library.rate(range(2, 30), 4)
    library.remove(range(30, 40))
    library.add(make_item(0, release_id=900), ROCK)
    library.new_folder("Blues")
    shelf.confirm_all()
    library.add(make_item(0, release_id=901, title=HOSTILE), JAZZ)
    library.outgoing.noted(shelf.begin().seq, [7, 8])
    for number in range(50, 120):
        library.set_notes([number], {TEXT: f"{number} {HOSTILE * (number % 5)}"})
    library.set_notes([121], {TEXT: "long " * 4000})
    library.move([122], ROCK)
    library.new_folder(HOSTILE)
    library.put_views(saved([], HOSTILE, "is:waiting", Order()))
    library.close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ann.sqlite"


def open_again(path: Path) -> Library:
    return Library(path, clock=Clock())


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


def waiting(library: Library) -> dict[int, str]:
    """The outbox as it is in memory."""
    return {seq: edits.to_json(entry.change) for seq, entry in library._core.view.pending.items()}


def as_sqlite_reads_it(path: Path) -> dict[int, str]:
    """The outbox, asked for number by number, as far as it makes sense."""
    found = {}
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        for seq in range(1, 300):
            with suppress(sqlite3.Error, ValueError, TypeError, KeyError):
                for (text,) in db.execute("SELECT change FROM outbox WHERE seq = ?", (seq,)):
                    found[seq] = edits.to_json(edits.from_json(text))
    return found


def flipped(content: bytes, place: int, dice: random.Random) -> bytes:
    """With another byte at a place."""
    return content[:place] + bytes([content[place] ^ dice.randrange(1, 256)]) + content[place + 1 :]


def without_page(content: bytes, number: int, page: bytes = bytes(PAGE_SIZE)) -> bytes:
    """With something else in place of a page."""
    return content[: number * PAGE_SIZE] + page + content[(number + 1) * PAGE_SIZE :]


def check(path: Path, content: bytes) -> Library | None:
    """Open what may be a damaged file, and see that nothing is lost that could be read.

    Returns:
        The library; None when it was refused.
    """
    path.write_bytes(content)
    readable = as_sqlite_reads_it(path)
    path.write_bytes(content)
    try:
        library = open_again(path)
    except LibraryTooNew:
        assert path.read_bytes() == content
        return None
    if library.salvaged is not None:
        assert library.salvaged.damaged.read_bytes() == content
        assert library.salvaged.waiting == library.waiting_count()
        assert not list(path.parent.glob("*.part"))
    found = waiting(library)
    assert readable.items() <= found.items()
    return library


def work_on(library: Library) -> None:
    """Edit and take back; what is damaged is told as such."""
    with suppress(LibraryError, EditRefused):
        library.rate([5], 5)
    for _ in range(2):
        with suppress(LibraryError, EditRefused):
            library.undo()
    library.close()


# --- damage anywhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(10))
def test_another_byte_anywhere_loses_nothing_that_sqlite_can_read(path: Path, whole: bytes, part: int) -> None:
    salvaged = 0
    for seed in range(part * 20, part * 20 + 20):
        dice = random.Random(seed)
        page = dice.randrange(len(whole) // PAGE_SIZE) * PAGE_SIZE
        # Half of them where a page tells what is on it.
        place = page + dice.randrange(16 if seed % 2 else PAGE_SIZE)
        library = check(path.with_name(f"{seed}.sqlite"), flipped(whole, place, dice))
        if library is not None:
            salvaged += library.salvaged is not None
            if seed % 4:
                library.close()
            else:
                work_on(library)
    assert salvaged


def test_another_byte_anywhere_in_the_header_loses_nothing(path: Path, whole: bytes) -> None:
    refused = 0
    for place in range(0, 100, 2):
        library = check(path.with_name(f"{place}.sqlite"), flipped(whole, place, random.Random(place)))
        if library is None:
            refused += 1
        else:
            work_on(library)
    assert refused <= 2, "a version that could be a later one's"


def test_a_lost_page_costs_what_was_on_it_and_nothing_else(path: Path, whole: bytes) -> None:
    everything = {seq: text for seq, text in waiting_in(path, whole).items() if text}
    lost_at = []
    for number in range(len(whole) // PAGE_SIZE):
        noise = random.Random(number).randbytes(PAGE_SIZE) if number % 2 else bytes(PAGE_SIZE)
        library = check(path.with_name(f"{number}.sqlite"), without_page(whole, number, noise))
        assert library is not None
        found = waiting(library)
        assert found.items() <= everything.items()
        if found != everything:
            lost_at.append(len(everything) - len(found))
        library.close()
    pages_of_the_outbox = lost_at.count(1) + sum(lost > 1 for lost in lost_at)
    assert 5 < pages_of_the_outbox < 20
    assert max(lost_at) < 40


def waiting_in(path: Path, content: bytes) -> dict[int, str]:
    path.write_bytes(content)
    library = open_again(path)
    assert library.salvaged is None
    library.close()
    return waiting(library)


def test_a_file_that_was_cut_short_is_read_as_far_as_it_goes(path: Path, whole: bytes) -> None:
    for seed in range(20):
        dice = random.Random(seed)
        library = check(path.with_name(f"{seed}.sqlite"), whole[: dice.randrange(200, len(whole))])
        assert library is not None
        assert library.salvaged is not None
        library.close()


@pytest.mark.parametrize("seed", range(3))
def test_many_bad_places_at_once_are_no_worse(path: Path, whole: bytes, seed: int) -> None:
    dice = random.Random(seed)
    content = whole
    for _ in range(40):
        content = flipped(content, dice.randrange(PAGE_SIZE, len(content)), dice)
    library = check(path, content)
    assert library is not None
    assert library.waiting_count() > 40
    work_on(library)


# --- what is taken over -----------------------------------------------------------------------------------


def salvaged_shelf(path: Path, content: bytes) -> Shelf:
    """A shelf over what is left of a file whose first page is lost."""
    path.write_bytes(without_page(content, 0))
    shelf = Shelf(path, fill=False)
    assert shelf.library.salvaged is not None
    return shelf


def test_everything_the_person_did_is_taken_over_row_by_row(path: Path, whole: bytes, tmp_path: Path) -> None:
    before = tmp_path / "before.sqlite"
    before.write_bytes(whole)
    salvaged_shelf(path, whole).library.close()
    with closing(sqlite3.connect(before)) as old, closing(sqlite3.connect(path)) as new:
        for table in ("step", "history", "vanished", "alias", "item", "folder", "field", "sqlite_sequence"):
            every = f"SELECT * FROM {table}"
            assert set(old.execute(every)) == set(new.execute(every)), table
            assert old.execute(f"SELECT count(*) FROM {table}").fetchone()[0], table
        columns = "seq, change, steps, not_before, seen, created_at, checks, sendings, reason"
        rows = f"SELECT {columns}, CASE state WHEN 'sending' THEN 'unknown' ELSE state END FROM outbox ORDER BY seq"
        assert old.execute(rows).fetchall() == new.execute(rows).fetchall()


def test_what_was_under_way_is_looked_up_before_it_is_sent_again(path: Path, whole: bytes) -> None:
    shelf = salvaged_shelf(path, whole)
    (under_way,) = (entry for entry in shelf.waiting() if entry.state is not State.WAITING)
    assert isinstance(under_way.change, AddItem)
    assert (under_way.state, under_way.seen) == (State.UNKNOWN, (7, 8))
    shelf.library.close()


def test_the_new_library_counts_as_never_read_and_shows_what_could_be_read(path: Path, whole: bytes) -> None:
    shelf = salvaged_shelf(path, whole)
    assert shelf.library.read_at() is None
    assert shelf.library.incoming.never_read()
    assert len(shelf.library.items()) == ITEMS - 10 + 2
    assert shelf.item(60).note(TEXT) == f"60 {HOSTILE * 0}"
    assert HOSTILE in shelf.folder_names()
    assert [view.name for view in shelf.library.views()] == [HOSTILE], "the person's own views are kept"
    shelf.library.close()


def test_no_number_is_given_twice(path: Path, whole: bytes) -> None:
    highest = max(waiting_in(path, whole))
    shelf = salvaged_shelf(path, whole)
    taken = {change.instance_id for change in shelf.changes() if isinstance(change, AddItem)}
    taken |= {change.folder_id for change in shelf.changes() if isinstance(change, NewFolder)}
    shelf.library.add(make_item(0, release_id=999), ROCK)
    latest = shelf.waiting()[-1]
    assert latest.seq == highest + 1
    assert isinstance(latest.change, AddItem)
    assert latest.change.instance_id < min(taken)
    shelf.library.close()


def test_the_parts_of_a_large_edit_stay_together(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.library.carrying.SLICE", 2)
    shelf = Shelf(path)
    done = shelf.library.rate([1, 2, 3, 4], 1)
    shelf.refuse_next()
    shelf.library.close()
    rows_of(path, "UPDATE item SET rating = 'x' WHERE instance_id = 5")
    library = open_again(path)
    assert library.salvaged is not None
    progress = library.progress(done.step_id)
    assert progress is not None
    assert (progress.total, progress.waiting, progress.refused) == (4, 3, (1,))
    library.incoming.publish(reading_of())
    assert library.undo().count == 3
    assert library.waiting_count() == 0
    library.close()


def test_what_was_sent_does_not_come_back(path: Path) -> None:
    shelf = Shelf(path, [make_item(number) for number in range(1, 60)])
    shelf.library._core.store._db.execute("PRAGMA synchronous = OFF")
    dice = random.Random(1)
    for turn in range(30):
        some = dice.sample(range(1, 60), dice.randrange(1, 20))
        shelf.library.set_notes(some, {TEXT: f"{turn} " + "x" * dice.choice([5, 300, 6000])})
        for _ in range(dice.randrange(min(15, shelf.library.waiting_count() + 1))):
            shelf.confirm_next()
    shelf.library.close()
    before = waiting(shelf.library)
    assert len(before) > 5
    shelf = salvaged_shelf(path, path.read_bytes())
    assert waiting(shelf.library) == before
    shelf.library.close()


def test_edits_of_a_salvaged_library_are_taken_back_and_sent(path: Path, whole: bytes) -> None:
    shelf = salvaged_shelf(path, whole)
    count = shelf.library.waiting_count()
    shelf.library.undo()
    assert HOSTILE not in shelf.folder_names()
    shelf.library.undo()
    assert shelf.item(122).folder_id == JAZZ
    assert shelf.library.waiting_count() == count - 2
    shelf.library.close()


def rows_of(path: Path, statement: str) -> None:
    """Write into a file as no program of ours does."""
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()


@pytest.mark.parametrize(
    ("column", "value", "after"),
    [
        ("steps", "'['", {"steps": ()}),
        ("state", "'waitinh'", {"state": State.UNKNOWN}),
        ("state", "x'00'", {"state": State.UNKNOWN}),
        ("not_before", "9e99", {"not_before": Clock().now + 600}),
        ("not_before", "'soon'", {"not_before": 0.0}),
        ("created_at", "-1", {"created_at": 0.0}),
        ("checks", "-1", {"checks": 0}),
        ("reason", "cast(x'ff' AS TEXT)", {"reason": ""}),
    ],
)
def test_a_waiting_change_is_kept_whatever_became_of_the_rest_of_its_row(
    path: Path, column: str, value: str, after: dict[str, object]
) -> None:
    shelf = Shelf(path)
    shelf.library.rate([1], 5)
    shelf.library.close()
    rows_of(path, f"UPDATE outbox SET {column} = {value}")
    rows_of(path, "DROP TABLE alias")
    library = open_again(path)
    (entry,) = library._core.view.pending.values()
    assert {name: getattr(entry, name) for name in after} == after
    library.close()


def test_an_addition_of_which_nobody_knows_what_became_is_left_to_the_person(path: Path) -> None:
    shelf = Shelf(path)
    shelf.library.add(make_item(0, release_id=900), ROCK)
    shelf.library.close()
    rows_of(path, "UPDATE outbox SET state = 'unknown', seen = '[1'")
    library = open_again(path)
    assert [entry.state for entry in library._core.view.pending.values()] == [State.PARKED]
    library.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET change = '{' WHERE seq = 2",
        "UPDATE outbox SET change = replace(change, 'SetRating', 'SetRatinh')",
        "UPDATE outbox SET change = replace(change, '101', '1.1'); DROP TABLE step",
        "UPDATE item SET notes = '[1]' WHERE instance_id = 3",
        "UPDATE item SET year = 'x' WHERE instance_id = 3",
        "UPDATE item SET title = cast(x'ff41' AS TEXT) WHERE instance_id = 3",
        "UPDATE item SET title = x'41' WHERE instance_id = 3",
        "UPDATE folder SET name = x'05' WHERE folder_id = 10",
        "UPDATE field SET options = '5' WHERE field_id = 3",
        "UPDATE step SET verb = x'05'",
        "INSERT INTO alias VALUES ('item', 5, 6), ('item', 6, 5)",
        "DROP TABLE history",
        "ALTER TABLE history RENAME COLUMN open TO shut",
        "PRAGMA application_id = 5",
        "PRAGMA user_version = 0",
    ],
)
def test_a_row_or_table_that_means_nothing_is_lost_alone(path: Path, statement: str) -> None:
    shelf = Shelf(path)
    shelf.library.move([4], ROCK)
    shelf.confirm_all()
    shelf.library.move([5], JAZZ)
    shelf.library.rate([1], 5)
    shelf.library.close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statement)
        db.commit()
    with pytest.raises(LibraryUnreadable):
        Library(path, writes=False)
    library = open_again(path)
    assert library.salvaged is not None
    assert len(library.items()) >= 4
    assert library.waiting_count() >= 1
    library.close()
    again = open_again(path)
    assert again.salvaged is None
    again.close()


def test_an_old_file_is_salvaged_too(path: Path) -> None:
    put_old_library(path, 1)
    before = waiting_in(path.with_name("sound.sqlite"), path.read_bytes())
    shelf = salvaged_shelf(path, path.read_bytes())
    assert waiting(shelf.library) == before
    past = shelf.library._core.store.history((), 100)
    assert len(past) == 15
    assert past[-4].told.title.startswith("Artist 820")
    assert {entry.outcome for entry in past} == {Outcome.SENT, Outcome.REFUSED}
    assert len(shelf.library._core.store.vanished(0.0)) == 4
    shelf.library.close()


def test_ids_that_never_come_to_an_end_are_found() -> None:
    assert in_circles({1: 2, 2: 3, 4: 5, 5: 4, 6: 4, 7: 7}) == {4, 5, 6, 7}
    assert in_circles({number: number - 1 for number in range(1000)}) == set()


# --- the files --------------------------------------------------------------------------------------------


def test_the_damaged_file_is_kept_each_time_under_a_name_of_its_own(path: Path, whole: bytes) -> None:
    for number in (0, 3):
        path.write_bytes(without_page(whole, number))
        open_again(path).close()
    assert names(path) == [path.name, "ann.sqlite.damaged-2026-09-21", "ann.sqlite.damaged-2026-09-21-2"]
    assert path.with_name("ann.sqlite.damaged-2026-09-21").read_bytes() == without_page(whole, 0)
    assert path.with_name("ann.sqlite.damaged-2026-09-21-2").read_bytes() == without_page(whole, 3)


def test_where_a_file_cannot_have_two_names_it_is_copied(
    path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    shelf = salvaged_shelf(path, whole)
    assert shelf.library.salvaged is not None
    assert shelf.library.salvaged.damaged.read_bytes() == without_page(whole, 0)
    shelf.library.close()


def test_what_sqlite_kept_beside_the_damaged_file_goes_with_it(path: Path, whole: bytes) -> None:
    path.write_bytes(without_page(whole, 0))
    path.with_name("ann.sqlite-journal").write_bytes(b"of the damaged file, and nothing for the new one")
    result = salvage(path, Clock().now)
    journal = result.damaged.with_name(f"{result.damaged.name}-journal")
    assert names(path) == [path.name, result.damaged.name, journal.name]
    library = open_again(path)
    assert library.salvaged is None
    library.close()


def test_without_room_for_that_copy_there_is_no_half_of_one(
    path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    def half(path: Path, damaged: Path) -> None:
        damaged.write_bytes(path.read_bytes()[:5000])
        raise OSError(28, "No space left on device")

    content = without_page(whole, 0)
    path.write_bytes(content)
    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr("shutil.copy2", half)
    with pytest.raises(LibraryFull):
        open_again(path)
    assert names(path) == [path.name]
    assert path.read_bytes() == content


@pytest.mark.parametrize("step", ["_fill", "_keep", "_move_aside"])
def test_when_it_cannot_be_put_aside_it_stays_where_it_is(
    path: Path, whole: bytes, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = without_page(whole, 0)
    path.write_bytes(content)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"discotui.library.salvage.{step}", no_room)
        with pytest.raises(LibraryFull):
            open_again(path)
    assert path.read_bytes() == content
    assert not list(path.parent.glob("*.part"))
    assert waiting(open_again(path))


def test_who_may_not_write_is_told_and_touches_nothing(path: Path, whole: bytes) -> None:
    for number in (0, 1, 20):
        content = without_page(whole, number)
        path.write_bytes(content)
        with pytest.raises(LibraryUnreadable):
            Library(path, writes=False)
        assert path.read_bytes() == content
        assert names(path) == [path.name]


def test_a_link_stays_a_link(path: Path, whole: bytes) -> None:
    elsewhere = path.with_name("elsewhere")
    elsewhere.mkdir()
    real = elsewhere / "real.sqlite"
    real.write_bytes(without_page(whole, 0))
    path.symlink_to(real)
    library = open_again(path)
    library.close()
    assert path.is_symlink()
    assert library.salvaged is not None
    assert library.salvaged.damaged.parent == elsewhere
    assert open_again(path).waiting_count() == library.salvaged.waiting


# --- damage that is met while the program runs -----------------------------------------------------------


def was_damaged(shelf: Shelf) -> bool:
    return shelf.library.salvaged is not None


def damage(path: Path, number: int) -> None:
    """Spoil a page of a file behind its program's back."""
    with path.open("r+b") as file:
        file.seek(number * PAGE_SIZE)
        file.write(b"\xff" * PAGE_SIZE)


def root_of(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        number: int = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        return number - 1


@pytest.mark.parametrize("table", ["step", "outbox"])
def test_an_edit_that_meets_damage_is_not_kept_and_the_next_start_saves_the_others(path: Path, table: str) -> None:
    shelf = Shelf(path)
    shelf.library.rate([1], 5)
    if table == "outbox":
        shelf.library.set_notes([1, 2, 3, 4, 5], {TEXT: "x" * 3000})
    kept = waiting(shelf.library)
    page = root_of(path, table)
    # Another connection writes, so that this one has to look at the file again.
    rows_of(path, "INSERT INTO meta VALUES ('seen by', 'another program')")
    damage(path, page)
    with pytest.raises(LibraryUnreadable):
        shelf.library.rate([2], 4)
    assert shelf.item(2).rating == 0
    shelf.restart()
    assert shelf.library.salvaged is not None
    assert waiting(shelf.library) == kept
    assert shelf.item(2).rating == 0
    shelf.library.close()


def test_damage_that_no_start_meets_is_looked_for_after_it_was_met(path: Path) -> None:
    shelf = Shelf(path)
    shelf.library.rate([1], 5)
    shelf.library.rate([2], 5)
    shelf.restart()
    rows_of(path, "UPDATE step SET changes = '[{' WHERE step_id = 2")
    shelf.restart()
    assert not was_damaged(shelf)
    with pytest.raises(LibraryUnreadable):
        shelf.library.undo()
    assert shelf.library.waiting_count() == 2
    shelf.restart()
    assert was_damaged(shelf)
    assert shelf.library.waiting_count() == 2
    shelf.library.undo()
    assert shelf.item(1).rating == 2
    shelf.restart()
    assert not was_damaged(shelf)
    shelf.library.close()


def test_what_looked_like_damage_and_was_none_costs_nothing(path: Path) -> None:
    shelf = Shelf(path)
    shelf.library.rate([1], 5)
    path.with_name("ann.sqlite.suspect").touch()
    shelf.restart()
    assert shelf.library.salvaged is None
    assert names(path) == [path.name]
    shelf.library.close()


# --- items that are not known yet ------------------------------------------------------------------------


def without_items(path: Path, edit: Callable[[Library], object]) -> Shelf:
    """A salvaged library that has waiting changes and none of the items that they are about."""
    library = library_with(path)
    edit(library)
    library.close()
    rows_of(path, "DELETE FROM item")
    rows_of(path, "DROP TABLE alias")
    shelf = Shelf(path, fill=False)
    assert shelf.library.salvaged is not None
    return shelf


def test_changes_of_items_that_are_not_there_yet_wait_to_be_looked_up(path: Path) -> None:
    def edit(library: Library) -> None:
        library.rate([1], 5)
        library.set_notes([2], {TEXT: HOSTILE})
        library.move([3], JAZZ)
        library.remove([4])

    shelf = without_items(path, edit)
    outgoing, pending = shelf.library.outgoing, shelf.waiting()
    assert shelf.library.items() == []
    assert len(pending) == 4
    assert not any(map(outgoing.is_known, pending))
    shelf.library.incoming.merge([make_item(2)])
    assert shelf.item(2).note(TEXT) == HOSTILE
    assert [entry.change for entry in pending if outgoing.is_known(entry)] == [SetNote(2, 102, TEXT, "", HOSTILE)]
    shelf.library.close()


def test_an_edit_whose_item_is_not_there_yet_is_not_taken_back_half(path: Path) -> None:
    shelf = without_items(path, lambda library: library.rate([1], 5))
    with pytest.raises(NotReadYet):
        shelf.library.undo()
    assert shelf.library.waiting_count() == 1
    shelf.library.incoming.merge([make_item(1, rating=2)])
    assert shelf.item(1).rating == 5
    shelf.library.undo()
    assert shelf.item(1).rating == 2
    assert shelf.library.waiting_count() == 0
    shelf.library.close()
