"""The two threads of sync: one reads, one sends. They share the client, the library, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from discotui.discogs.client import DiscogsClient
from discotui.errors import DiscogsError, DiscotuiError, Forbidden, Interrupted, NotFound, NotLoggedIn
from discotui.library.edits import Change
from discotui.library.library import Library
from discotui.sync.events import Broken, Drained, Event, Reached, ReadingFailed, Report, SendingHeld
from discotui.sync.forecast import ANSWER_SECONDS, pages_to_read, requests_for, seconds_to_send
from discotui.sync.pull import Puller
from discotui.sync.push import Sender

FRESH_SECONDS = 6 * 3600.0
"""Discogs' terms: what is shown is not to be older than six hours."""
SECONDS_BETWEEN_TRIES = (5.0, 10.0, 20.0, 40.0, 60.0)
"""How long a thread rests after each failure in a row; the last counts for all further ones."""
HOPELESS = -1
"""In place of a number of failures: asking again by itself makes no sense."""
BREAKING_OFF_SECONDS = 0.4
"""How long leaving waits for the threads to note that their request was broken off."""


class _Sending(Enum):
    """How the sender goes about its work."""

    AS_USUAL = "what waits is sent as it comes"
    ALL = "somebody waits for the outbox to become empty"
    HELD = "nothing more is sent"


class Engine:
    """Keeps a library and Discogs in agreement.

    Args:
        library: The collection here.
        client: The way to Discogs.
        user: Whose collection.
        own: Whether the client's token is that person's. Otherwise nothing is ever sent.
        report: Told of everything, from either thread.
    """

    def __init__(self, library: Library, client: DiscogsClient, user: str, *, own: bool, report: Report) -> None:
        self._library = library
        self._client = client
        self._own = own
        self._tell = report
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._trouble: DiscotuiError | None = None
        self._defect: Exception | None = None
        self._sending = _Sending.AS_USUAL
        self._counting = threading.Lock()
        self._running = 0
        self._idle = threading.Event()
        self._idle.set()
        self._puller = Puller(client, library.incoming, user, own=own, report=self._report, pause=self._pause)
        self._sender = Sender(
            client, library.outgoing, library.incoming, user, report=self._report, read_again=self.read_again
        )

    # --- from outside ---------------------------------------------------------------------------------

    def read_again(self) -> None:
        """Have the whole collection read as soon as possible, and try to send what waits."""
        self._wanted.set()
        self._library.edited.set()

    def send_as_usual(self) -> None:
        """Send what waits as it comes; with something waiting, try at once."""
        self._send(_Sending.AS_USUAL)

    def send_all(self) -> None:
        """As usual, and tell by :class:`~discotui.sync.events.Drained` when nothing is left that could be sent."""
        self._send(_Sending.ALL)

    def hold_sending(self) -> None:
        """Send nothing more for now. What is under way, also what waits at Discogs' limit, is finished."""
        self._send(_Sending.HELD)

    @property
    def is_held(self) -> bool:
        """Nothing more is sent for now."""
        return self._sending is _Sending.HELD

    def _send(self, how: _Sending) -> None:
        self._sending = how
        self._library.edited.set()

    @property
    def trouble(self) -> Exception | None:
        """What was in the way when Discogs, or the file here, was last needed; None when all went well."""
        return self._defect or self._trouble

    def cost_of(self, changes: Sequence[Change]) -> tuple[int, int, float]:
        """What changes cost that do not wait yet.

        Returns:
            How many requests they take; how many of these read what is to be changed; and in how many seconds all is
            sent that waits then.
        """
        reads = pages_to_read(self._library.outgoing, changes)
        return requests_for(changes) + reads[1], reads[1], self._seconds(changes, sum(reads), at_once=False)

    def seconds_to_send(self, more: Iterable[Change] = (), *, at_once: bool = False) -> float:
        """How long it takes, at Discogs' limit, to send what waits.

        Args:
            more: Changes that do not wait yet.
            at_once: Removals go without their rest.
        """
        more = list(more)
        return self._seconds(more, sum(pages_to_read(self._library.outgoing, more)), at_once=at_once)

    def _seconds(self, more: Sequence[Change], reads: int, *, at_once: bool) -> float:
        waiting, now = self._library.outgoing.waiting(at_once=at_once), self._library.outgoing.now()
        throttle = self._client.throttle
        answer = throttle.answer_seconds
        return seconds_to_send(
            waiting,
            throttle.places(),
            now=now,
            more=more,
            reads=reads,
            answer=ANSWER_SECONDS if answer is None else answer,
        )

    def stop(self) -> None:
        """Make both threads end: at once when they wait, after the request under way otherwise."""
        self._stopping.set()
        self._client.stop()
        self._wanted.set()
        self._library.edited.set()

    def leave(self, seconds: float) -> bool:
        """Stop, give the request under way some time to be answered, then break it off.

        Nothing is lost: a change whose answer was not awaited is looked up at Discogs the next time.

        Args:
            seconds: How long to wait for an answer.

        Returns:
            Whether both threads have ended.
        """
        self.stop()
        if self._idle.wait(seconds):
            return True
        self._client.break_off()
        return self._idle.wait(BREAKING_OFF_SECONDS)

    @property
    def requests_left(self) -> int:
        """How many requests may go out right now."""
        return self._client.throttle.left

    @property
    def waiting_seconds(self) -> float:
        """How long Discogs' limit makes us wait, 0.0 for not at all."""
        throttle = self._client.throttle
        until = throttle.waiting_until
        return 0.0 if until is None else max(0.0, until - throttle.clock())

    # --- the threads ----------------------------------------------------------------------------------

    def run_puller(self) -> None:
        """Read: at once, whenever asked to, and before the copy is six hours old. Ends after :meth:`stop`."""
        self._guarded(self._pull)

    def run_sender(self) -> None:
        """Send whatever waits, in order. Ends after :meth:`stop`."""
        if self._own and not self._library.read_only:
            self._guarded(self._push)

    def _guarded(self, body: Callable[[], None]) -> None:
        with self._counting:
            self._running += 1
            self._idle.clear()
        try:
            body()
        except Interrupted:
            return
        except Exception as error:
            if body == self._push:
                self._defect = error
            self._tell(Broken(error))
        finally:
            with self._counting:
                self._running -= 1
                if not self._running:
                    self._idle.set()

    def _pull(self) -> None:
        failures = 0
        whole = False
        while not self._stopping.is_set():
            try:
                self._read(whole=whole)
                failures, whole = 0, False
            except Interrupted:
                return
            except DiscotuiError as error:
                # Who may not look will not be let in by asking again.
                is_hopeless = isinstance(error, NotLoggedIn | Forbidden | NotFound)
                failures = HOPELESS if is_hopeless else min(max(failures, 0) + 1, len(SECONDS_BETWEEN_TRIES))
                self._reached(error)
                self._tell(ReadingFailed(error))
            is_wanted = self._wanted.wait(self._seconds_to_next_reading(failures))
            self._wanted.clear()
            # What was to be read whole and could not be is still to be read whole.
            whole = whole or is_wanted or failures == 0

    def _read(self, *, whole: bool) -> None:
        incoming = self._library.incoming
        # A time in the future is that of a clock which was wrong.
        is_old = not 0 <= incoming.now() - incoming.pulled_at() <= FRESH_SECONDS
        if whole or is_old or not self._puller.look():
            self._puller.read_whole()
            # What waited for items that were not known goes now.
            self._library.edited.set()
        self._reached(None)

    def _seconds_to_next_reading(self, failures: int) -> float:
        if failures == HOPELESS:
            return FRESH_SECONDS
        if failures:
            return SECONDS_BETWEEN_TRIES[failures - 1]
        incoming = self._library.incoming
        return min(max(60.0, incoming.pulled_at() + FRESH_SECONDS - incoming.now()), FRESH_SECONDS)

    def _push(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            how = self._sending
            entry, wake = (None, None) if how is _Sending.HELD else self._library.outgoing.next()
            if entry is None:
                if how is _Sending.ALL and wake is None:
                    self._tell(Drained())
                self._library.edited.wait(None if wake is None else max(0.05, wake - self._library.outgoing.now()))
                self._library.edited.clear()
                continue
            try:
                self._sender.send(entry)
                failures = 0
                self._reached(None)
            except Interrupted:
                return
            except DiscotuiError as error:
                if isinstance(error, DiscogsError):
                    self._reached(error)
                else:
                    self._trouble = error
                self._tell(SendingHeld(error))
                rest = SECONDS_BETWEEN_TRIES[min(failures, len(SECONDS_BETWEEN_TRIES) - 1)]
                failures += 1
                # A token that is not accepted will not be accepted by waiting: only being asked again helps.
                self._library.edited.wait(None if isinstance(error, NotLoggedIn) else rest)
                self._library.edited.clear()

    def _pause(self, seconds: float) -> bool:
        return self._stopping.wait(seconds)

    def _report(self, event: Event) -> None:
        self._tell(event)

    def _reached(self, error: DiscotuiError | None) -> None:
        """Tell once when Discogs answers again."""
        former, self._trouble = self._trouble, error
        if former is not None and error is None:
            self._tell(Reached())
            # What was held back by the other thread's failure need not wait for its turn to try again.
            self._library.edited.set()
