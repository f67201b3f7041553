"""The library as a whole: many threads, and anything in any order."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from discotui.errors import EditRefused, NothingToChange
from discotui.library.edits import AddItem, DeleteFolder, NewFolder, RemoveItem, SetRating
from discotui.library.items import Folder, Item
from discotui.library.outbox import State
from discotui.library.view import View
from tests.collection import EMPTY, FOLDERS, ITEMS, JAZZ, MEDIA, ROCK, TEXT, Shelf, library_with, make_item


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library.sqlite")


def test_a_new_library_is_empty(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new.sqlite", fill=False)
    assert (shelf.library.items(), shelf.library.folders(), shelf.library.fields()) == ([], [], [])
    assert shelf.library.path == tmp_path / "new.sqlite"


def test_the_fixed_folders_come_first(tmp_path: Path) -> None:
    library = library_with(tmp_path / "a.sqlite", folders=[*FOLDERS[2:], FOLDERS[1], FOLDERS[0]])
    assert [folder.folder_id for folder in library.folders()] == [0, 1, JAZZ, ROCK, EMPTY]
    library.close()


def test_items_are_found_by_folder_and_release(shelf: Shelf) -> None:
    assert {item.instance_id for item in shelf.library.items()} == {1, 2, 3, 4, 5}
    assert {item.instance_id for item in shelf.library.items(ROCK)} == {3, 5}
    assert {item.instance_id for item in shelf.library.copies(500)} == {4, 5}
    assert shelf.library.items(77) == []
    assert shelf.library.item(77) is None


def test_closing_waits_so_long_for_a_thread_at_work_and_leaves_the_file_as_it_was_before_it(shelf: Shelf) -> None:
    is_at_work, may_go_on = threading.Event(), threading.Event()

    def work() -> None:
        with shelf.library._core.kept():
            shelf.library._core.set_meta(half="done")
            is_at_work.set()
            assert may_go_on.wait(30)

    thread = threading.Thread(target=work)
    thread.start()
    assert is_at_work.wait(30)
    assert not shelf.library.close(0)
    beside = Shelf(shelf.path, fill=False)
    assert "half" not in beside.library._core.meta
    beside.library.close()
    may_go_on.set()
    thread.join(30)
    assert shelf.library.close(30)


def test_three_threads_at_once_lose_nothing(tmp_path: Path) -> None:
    count = 60
    items = [make_item(number) for number in range(1, count + 1)]
    shelf = Shelf(tmp_path / "library.sqlite", items)
    library = shelf.library
    is_done = threading.Event()
    failures: list[BaseException] = []

    def guarded(body: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                body()
            except BaseException as error:
                failures.append(error)
                is_done.set()

        return run

    def person() -> None:
        for number in range(1, count + 1):
            library.rate([number], 4)
            library.set_notes([number], {TEXT: str(number)})
            if number % 10 == 0:
                library.undo()
                library.redo()
            library.folders()
            library.waiting_items()
        is_done.set()

    def sender() -> None:
        while not (is_done.is_set() and library.waiting_count() == 0):
            entry, _ = library.outgoing.next()
            if entry is None or library.outgoing.begin(entry.seq) is None:
                library.edited.wait(0.01)
                library.edited.clear()
                continue
            library.outgoing.confirm(entry.seq)

    def puller() -> None:
        while not is_done.is_set():
            mark = library.incoming.mark()
            page = [item for item in map(library.incoming.snapshot, range(1, count + 1)) if item]
            library.incoming.merge(page, mark)

    threads = [threading.Thread(target=guarded(body), daemon=True) for body in (person, sender, puller)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert all(not thread.is_alive() for thread in threads)
    expected = {(item.instance_id, 4, str(item.instance_id)) for item in items}
    for _ in range(2):
        assert {(item.instance_id, item.rating, item.note(TEXT)) for item in library.items()} == expected
        shelf.restart()
        library = shelf.library


# --- anything in any order --------------------------------------------------------------------------------


class Person:
    """Does whatever comes to mind, by the dice."""

    def __init__(self, shelf: Shelf, dice: random.Random) -> None:
        self._shelf = shelf
        self._dice = dice
        self._made = 0

    def act(self) -> None:
        """One edit, which may well be refused."""
        library, dice = self._shelf.library, self._dice
        ids = sorted(item.instance_id for item in library.items())
        some = dice.sample(ids, min(len(ids), dice.randint(1, 3)))
        folders = [folder.folder_id for folder in library.folders()]
        self._made += 1
        choices: list[Callable[[], object]] = [
            lambda: library.rate(some, dice.randint(0, 5)),
            lambda: library.move(some, dice.choice(folders)),
            lambda: library.set_notes(some, {dice.choice([TEXT, 99]): dice.choice(["", "a", "b", "ひ\n"])}),
            lambda: library.set_notes(some, {MEDIA: dice.choice(["", "Mint (M)", "Very Good (VG)"])}),
            lambda: library.remove(some[: dice.randint(1, 2)]),
            lambda: library.add(make_item(0, release_id=dice.choice([101, 102, 500, 900, 901])), dice.choice(folders)),
            lambda: library.new_folder(f"Folder {self._made}"),
            lambda: library.rename_folder(dice.choice(folders), f"Name {dice.randint(1, 5)}"),
            lambda: library.delete_folder(dice.choice(folders)),
            library.undo,
            library.undo,
            library.redo,
            self.decide,
        ]
        with suppress(EditRefused):
            dice.choice(choices)()

    def decide(self) -> None:
        """Say what is to become of something that is not settled."""
        library, dice = self._shelf.library, self._dice
        if failed := library.deciding.failed():
            past = dice.choice(failed)
            dice.choice([library.try_again, library.deciding.dismiss])(past)
        if standing := library.deciding.standing():
            seq, deciding = dice.choice(standing).entry.seq, library.deciding
            dice.choice([deciding.keep_mine, deciding.take_theirs, deciding.drop, deciding.retry])(seq)


def assert_sound(shelf: Shelf) -> None:
    """What is shown is what the file says: the outbox over the snapshot, computed anew."""
    core = shelf.library._core
    store, view = core.store, core.view
    anew = View(store.items(), store.folders(), store.outbox())
    assert view.items == anew.items
    assert view.folders == anew.folders
    assert list(view.pending) == list(anew.pending)
    assert [entry.change for entry in view.pending.values()] == [entry.change for entry in anew.pending.values()]
    assert core.meta == store.meta()
    assert core._aliases == {"item": store.aliases("item"), "folder": store.aliases("folder")}
    # Nothing waits for a thing that is not there: each item and folder is made before it is needed.
    made = {item.instance_id for item in view.snapshot.values()}
    folders = set(view.snapshot_folders)
    for entry in view.pending.values():
        change = entry.change
        match change:
            case AddItem():
                assert change.item.folder_id in folders
                made.add(change.instance_id)
            case NewFolder():
                folders.add(change.folder_id)
            case SetRating():
                pass
            case RemoveItem():
                assert change.instance_id in made
                made.discard(change.instance_id)
            case _ if hasattr(change, "instance_id"):
                assert change.instance_id in made
    # An item whose move out of it was declined is still in a folder whose deletion waits.
    leaving = {change.folder_id for change in shelf.changes() if isinstance(change, DeleteFolder)}
    assert {item.folder_id for item in view.items.values()} <= set(view.folders) | leaving
    for item in view.items.values():
        assert {copy.rating for copy in shelf.library.copies(item.release_id)} == {item.rating}


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_done_in_whatever_order_screen_and_file_agree(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    shelf = Shelf(tmp_path / "library.sqlite")
    person = Person(shelf, dice)

    def send(outcome: str) -> None:
        entry, wake = shelf.library.outgoing.next()
        if entry is None and wake is not None:
            shelf.clock.now = wake
            entry, _ = shelf.library.outgoing.next()
        if entry is None:
            return
        if entry.state is not State.UNKNOWN:
            shelf.library.outgoing.begin(entry.seq)
        for _ in range(dice.randint(0, 2)):
            person.act()
        change = entry.change
        holds = {item.folder_id for item in shelf.library._core.view.snapshot.values()}
        match outcome:
            case "confirm" if isinstance(change, DeleteFolder) and change.folder_id in holds:
                shelf.library.outgoing.refuse(entry.seq, "not empty")
            case "confirm":
                shelf._next_id += 1
                shelf.library.outgoing.confirm(entry.seq, shelf._next_id)
            case "refuse":
                shelf.library.outgoing.refuse(entry.seq, "no")
            case "not sent":
                shelf.library.outgoing.not_sent(entry.seq)
            case "unknown":
                shelf.library.outgoing.unknown(entry.seq)
            case "died":
                shelf.restart()

    for _ in range(60):
        for _ in range(dice.randint(0, 3)):
            person.act()
        send(dice.choice(["confirm", "confirm", "confirm", "refuse", "not sent", "unknown", "died"]))
        assert_sound(shelf)
    shown = shelf.shown()
    shelf.restart()
    assert shelf.shown() == shown
    while shelf.library.waiting_count():
        send("confirm")
        for standing in shelf.library.deciding.standing():
            if standing.entry.state is State.CONFLICT:
                dice.choice([shelf.library.deciding.keep_mine, shelf.library.deciding.take_theirs])(standing.entry.seq)
                break
        assert_sound(shelf)
    assert shelf.library._core.view.items == shelf.library._core.view.snapshot


@pytest.mark.parametrize("seed", range(25))
def test_undoing_everything_that_was_never_sent_gives_exactly_the_start(tmp_path: Path, seed: int) -> None:
    dice = random.Random(1000 + seed)
    shelf = Shelf(tmp_path / "library.sqlite")
    person = Person(shelf, dice)
    for _ in range(40):
        person.act()
        if dice.random() < 0.1:
            shelf.restart()
    assert_sound(shelf)
    while True:
        try:
            assert shelf.library.undo().skipped == 0
        except NothingToChange:
            break
        assert_sound(shelf)
    start: dict[int, Item] = {item.instance_id: item for item in ITEMS}
    assert shelf.shown() == start
    folders: list[Folder] = shelf.library.folders()
    assert [(folder.folder_id, folder.name) for folder in folders] == [(f.folder_id, f.name) for f in FOLDERS]
    # Across a folder's change, changes there and back are not joined, but together they do nothing.
    shelf.confirm_all()
    assert shelf.shown() == start
