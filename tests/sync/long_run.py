"""Two thousand edits sent and fifty thousand items read by a server that counts, on one virtual clock."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx

from discotui.credentials import Token
from discotui.demo import shapes
from discotui.demo.catalogue import Artist, Format, Label, Release
from discotui.demo.server import DemoServer
from discotui.demo.state import CollectionState, Instance, NotesField
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.errors import EditRefused
from discotui.library.edits import AddItem, Change, FolderChange, MoveItem, NewFolder, SetNote, SetRating
from discotui.library.folding import fold
from discotui.library.incoming import Reading
from discotui.library.items import NO_NOTES, Field, Folder, Item
from discotui.library.library import Library
from discotui.library.outbox import Pending
from discotui.sync.events import Event, ReadingStarted, Sent
from discotui.sync.pull import Puller
from discotui.sync.push import Sender
from discotui.sync.reading import unseen_release
from tests.demo_data import NOTES, OWNER, SHELF, TOKEN
from tests.virtual import VirtualClock

START = 1_790_000_000.0
MINUTE = 60.0
LIMIT = 60
NOT_OWNED = range(900_001, 900_101)
FIELDS = (NotesField(NOTES, "Notes", 1, lines=3), NotesField(SHELF, "Shelf", 2, lines=1))
PART_OF_READING = 0.2
"""How many of the steps are the reader's."""


class CountingServer(DemoServer):
    """Notes when each request came.

    Attributes:
        times: Of every request, in seconds of the clock.
        statuses: Of every answer.
    """

    def __init__(self, state: CollectionState, clock: Callable[[], float]) -> None:
        super().__init__(state, token=TOKEN, rate_limit=LIMIT, clock=clock)
        self._now = clock
        self.times: list[float] = []
        self.statuses: list[int] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.times.append(self._now())

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
            self.statuses.append(int(status[:3]))
            return start_response(status, headers)

        return super().__call__(environ, started)

    def most_in_a_minute(self) -> int:
        """The largest number of requests in any 60 seconds."""
        return max(
            number - bisect_right(self.times, now - MINUTE, 0, number) for number, now in enumerate(self.times, 1)
        )


class SlowLine(httpx.BaseTransport):
    """The way to the server: half a second there and back."""

    def __init__(self, server: DemoServer, clock: VirtualClock, chance: Random) -> None:
        self._inner = httpx.WSGITransport(app=server)
        self._clock, self._chance = clock, chance

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._clock.now += self._chance.uniform(0.05, 0.55)
        answer = self._inner.handle_request(request)
        self._clock.now += self._chance.uniform(0.05, 0.35)
        return answer


class TurnByTurn:
    """A thread that stops before each call to Discogs, and goes on when it is its turn: nothing happens by chance.

    Args:
        client: What it calls.
        work: What it does, with a client of its own.
    """

    def __init__(self, client: DiscogsClient, work: Callable[[Any], None]) -> None:
        self._client, self._work = client, work
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._error: BaseException | None = None
        self.is_over = False
        threading.Thread(target=self._run, daemon=True).start()
        self._stopped.acquire()

    def step(self) -> None:
        """Let it make a call, and come to the next one or to its end."""
        self._go.release()
        self._stopped.acquire()
        if self._error is not None:
            raise self._error

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def in_turn(*args: object, **options: object) -> object:
            self._stopped.release()
            self._go.acquire()
            return call(*args, **options)

        return in_turn

    def _run(self) -> None:
        try:
            self._work(self)
        except BaseException as error:
            self._error = error
        self.is_over = True
        self._stopped.release()


class QuickOrder:
    """The demo's order of items by date, newest first, kept from page to page: sorting is what would take long."""

    def __init__(self, state: CollectionState) -> None:
        self._state = state
        self._sort = shapes.in_order
        self._ordered = self._sort(state.items(), state, "added", "desc")

    def __call__(self, items: list[Instance], state: CollectionState, sort: str, sort_order: str) -> list[Instance]:
        if len(items) != len(state.instances) or (sort, sort_order) != ("added", "desc"):
            return self._sort(items, state, sort, sort_order)
        known = {item.instance_id for item in self._ordered[:1000]}
        newest = []
        for item in reversed(items):
            if item.instance_id in known:
                break
            newest.append(item)
        if newest or len(items) != len(self._ordered):
            self._ordered = [*newest, *(item for item in self._ordered if item.instance_id in state.instances)]
        return self._ordered

    def is_right(self) -> bool:
        """Whether it is still the demo's own."""
        return self(self._state.items(), self._state, "added", "desc") == self._sort(
            self._state.items(), self._state, "added", "desc"
        )


class LongRun:
    """A large collection that is known here, edited, sent and read again.

    Attributes:
        library: The collection here.
        throttle: What paces the requests.
        outbox: What waited when the sending began.
        sent: What was sent, in order.
        seconds: How long it took until the outbox was empty.
        readings: How often the reading was begun.
    """

    def __init__(self, path: Path, *, items: int, seed: int) -> None:
        self.clock = VirtualClock()
        self.clock.now = START
        self._chance = Random(seed)
        self.state = big_collection(items)
        self.server = CountingServer(self.state, self.clock)
        self._order = QuickOrder(self.state)
        self.throttle = Throttle(clock=self.clock, wait=self.clock.wait)
        line = SlowLine(self.server, self.clock, self._chance)
        self.client = DiscogsClient(Token(TOKEN), transport=line, throttle=self.throttle)
        self.library = Library(path, clock=self.clock)
        self.library.incoming.publish(as_read(self.state))
        self.outbox: list[Pending] = []
        self.sent: list[Change] = []
        self.seconds = 0.0
        self.readings = 0

    def close(self) -> None:
        """Close what is open."""
        self.client.close()
        self.library.close()

    # --- edits ----------------------------------------------------------------------------------------

    def edit(self, count: int) -> None:
        """So many edits: a person who goes through a shelf for a while, and then through another one."""
        done = 0
        while done < count:
            first = self._chance.randrange(len(self.state.instances) - 200)
            shelf = list(self.state.instances)[first : first + 200]
            for _ in range(min(100, count - done)):
                done += self._edit(shelf)
        self.outbox = [standing.entry for standing in self.library.deciding.standing()]

    def _edit(self, shelf: list[int]) -> bool:
        library, chance = self.library, self._chance
        item = chance.choice(shelf)
        folders = [folder for folder in library.folders() if folder.folder_id]
        with suppress(EditRefused):
            match chance.choices(*zip(*SHARES.items(), strict=True))[0]:
                case "rate":
                    library.rate([item], chance.randrange(6))
                case "move":
                    library.move([item], chance.choice(folders[:8]).folder_id)
                case "note":
                    library.set_notes([item], {chance.choice((NOTES, SHELF)): f"[b] {chance.randrange(10**6)}"})
                case "clear note":
                    library.set_notes([item], {chance.choice((NOTES, SHELF)): ""})
                case "remove":
                    library.remove([item])
                case "add":
                    library.add(unseen_release(chance.choice(NOT_OWNED)), chance.choice(folders[:8]).folder_id)
                case "new folder":
                    library.new_folder(f"Folder {chance.randrange(10**6)}")
                case "rename folder":
                    library.rename_folder(chance.choice(folders).folder_id, f"Name {chance.randrange(10**6)}")
                case "delete folder":
                    library.delete_folder(min(folders, key=lambda folder: folder.count).folder_id)
                case "bulk":
                    library.set_notes(chance.sample(shelf, 10), {SHELF: f"all {chance.randrange(10**6)}"})
                case "undo":
                    library.undo()
            return True
        return False

    # --- sync -----------------------------------------------------------------------------------------

    def go(self) -> None:
        """Send all and read all, by turns, until there is nothing left to do."""
        sender = Sender(
            self.client,
            self.library.outgoing,
            self.library.incoming,
            OWNER,
            report=self._heard,
            read_again=lambda: None,
        )
        with patch.object(shapes, "in_order", self._order):
            reader = TurnByTurn(self.client, self._read)
            while True:
                entry, wake = self.library.outgoing.next()
                if not reader.is_over and (entry is None or self._chance.random() < PART_OF_READING):
                    reader.step()
                elif entry is not None:
                    sender.send(entry)
                    self.seconds = self.clock.now - START
                elif wake is not None:
                    self.clock.now = max(self.clock.now, wake)
                else:
                    return

    def _read(self, client: Any) -> None:
        Puller(
            client, self.library.incoming, OWNER, own=True, report=self._heard, pause=lambda _: False
        ).read_whole()  # fmt: skip

    def _heard(self, event: Event) -> None:
        match event:
            case Sent(change=change):
                self.sent.append(change)
            case ReadingStarted():
                self.readings += 1

    # --- what came of it ------------------------------------------------------------------------------

    def agrees(self) -> bool:
        """Whether both sides have the same items and folders."""
        here = {
            item.instance_id: (item.release_id, item.folder_id, item.rating, dict(item.notes or {}))
            for item in self.library.items()
        }
        there = {
            item.instance_id: (item.release_id, item.folder_id, self.state.rating(item.release_id), item.notes)
            for item in self.state.items()
        }
        folders = {folder.folder_id: (folder.name, folder.count) for folder in self.library.folders()}
        return here == there and folders == {row.folder_id: (row.name, row.count) for row in self.state.folders()}

    def orders(self) -> tuple[dict[object, list[object]], dict[object, list[object]]]:
        """What waited, and what was sent: of each release, and of all folders, in order."""
        return self._by_thing(entry.change for entry in self.outbox), self._by_thing(self.sent)

    def _by_thing(self, changes: Iterable[Change]) -> dict[object, list[object]]:
        found: dict[object, list[object]] = defaultdict(list)
        for change in changes:
            thing = "folders" if isinstance(change, FolderChange) else change.release_id
            found[thing].append(self._signature(change))
        return found

    def _signature(self, change: Change) -> object:
        """A change by what it does, with the numbers that count in the end."""
        resolve = self.library._core.resolve
        match change:
            case SetRating(value=value):
                return "rate", value
            case MoveItem(instance_id=number, value=value):
                return "move", resolve("item", number), resolve("folder", value)
            case SetNote(instance_id=number, field_id=field_id, value=value):
                return "note", resolve("item", number), field_id, value
            case NewFolder(name=name):
                return "new folder", name
            case _ if isinstance(change, FolderChange):
                return type(change).__name__, resolve("folder", change.folder_id)
            case AddItem(item=item):
                return "add", resolve("item", item.instance_id)
        return type(change).__name__, resolve("item", change.instance_id)


SHARES = {
    "rate": 25,
    "move": 20,
    "note": 25,
    "clear note": 8,
    "remove": 3,
    "add": 4,
    "new folder": 1,
    "rename folder": 1,
    "delete folder": 2,
    "bulk": 2,
    "undo": 5,
}
"""How many of a hundred edits are of a kind."""


def big_collection(items: int) -> CollectionState:
    """So many items of simple releases, two copies of every tenth, in five folders."""
    numbers = [number for number in range(1, items + 1) for _ in range(1 if number % 10 else 2)][:items]
    releases = {number: _release(number) for number in [*dict.fromkeys(numbers), *NOT_OWNED]}
    state = CollectionState(OWNER, releases, fields=FIELDS)
    folders = [1, *(state.create_folder(f"Shelf {number}") for number in range(4))]
    for place, number in enumerate(numbers):
        added = (
            f"20{10 + place // 4000}-{1 + place // 400 % 10:02}-{1 + place // 20 % 20:02}T{place % 20:02}:00:00-08:00"
        )
        state.add(folders[place % 5], number, added=added, notes={SHELF: f"B{place}"} if place % 3 else None)
    state.ratings.update({number: 1 + number % 5 for number in numbers if number % 2})
    return state


def _release(number: int) -> Release:
    artists = (Artist(number, f"Artist {number}"),)
    labels = (Label(number, f"Label {number}", f"CAT {number}"),)
    return Release(number, f"Title {number}", artists, labels, (Format("CD", "1"),), 1971)


def as_read(state: CollectionState) -> Reading:
    """The whole collection as a reading would find it."""
    items = {}
    for item in state.items():
        number = item.release_id
        texts = (f"Artist {number}", f"Title {number}", f"Label {number}", f"CAT {number}", "CD")
        items[item.instance_id] = Item(
            item.instance_id,
            number,
            item.folder_id,
            state.rating(number),
            item.added,
            *texts,
            year=1971,
            genre="",
            search=fold("\n".join((texts[0], texts[1], f"{texts[0]} {texts[2]}", texts[3], texts[4], ""))),
            notes=dict(item.notes) or NO_NOTES,
        )
    folders = [Folder(row.folder_id, row.name, row.count) for row in state.folders()]
    fields = [Field(row.field_id, row.name, row.position, row.public, row.options, row.lines) for row in FIELDS]
    return Reading(items, folders, fields, None)
