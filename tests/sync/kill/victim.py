"""Programs that edit, send, and kill themselves: ``python -m tests.sync.kill.victim URL`` makes one for each line.

A line of standard input is a :class:`Job` in JSON. On standard output a victim says what it has done, and at last
``over STATUS`` is said of it. Nothing is caught, closed or written at the end: SIGKILL leaves no time for that.
"""

from __future__ import annotations

import gc
import http.client
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.discogs.transport import Transport
from discotui.errors import DiscogsError, NotLoggedIn
from discotui.library.library import Library
from discotui.library.store import Store
from discotui.sync.push import Sender
from tests.demo_data import OWNER, TOKEN
from tests.sync.kill.kinds import ALL_KINDS, random_edits
from tests.sync.kill.server import DELIVER, Way
from tests.sync.rig import Clock
from tests.virtual import VirtualClock

STEPS = {
    "http11.send_request_headers.started": "connected",
    "http11.send_request_body.complete": "sent",
    "http11.receive_response_headers.complete": "answered",
    "http11.receive_response_body.complete": "read",
}
"""What the HTTP library tells of a request, and how we call it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a victim is to do.

    Attributes:
        path: The library file.
        now: When it starts, in seconds since 1970.
        crash_at: At which of its steps it dies, from 1; 0 for never.
        kind: Which edits it makes; "" when it was started to send what is there.
        way: How the server goes wrong.
        seed: With a number: it makes ``count`` edits by chance in place of all this, and its steps are their marks.
    """

    path: str
    now: float
    crash_at: int = 0
    kind: str = ""
    way: str = Way.ANSWERS.value
    seed: int | None = None
    count: int = 0


def say(words: str) -> None:
    """Told at once: nothing is left in a buffer."""
    os.write(1, f"{words}\n".encode())


class Steps:
    """Counts the steps, and dies at one of them."""

    def __init__(self, crash_at: int) -> None:
        self._crash_at = crash_at
        self.count = 0

    def __call__(self, name: str) -> None:
        """A step; nothing follows if it is the one."""
        self.count += 1
        if self.count == self._crash_at:
            say(f"killed {name}")
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Count each transaction and each request of this process."""
        transaction, watch = Store.transaction, Transport._watch

        @contextmanager
        def counted(store: Store) -> Iterator[None]:
            with transaction(store):
                self("begun")
                yield
                self("written")
            self("committed")

        def watched(transport: Transport, event: str, info: dict[str, Any]) -> None:
            watch(transport, event, info)
            if name := STEPS.get(event):
                if name == "sent":
                    say(name)
                self(name)

        with patch.object(Store, "transaction", counted), patch.object(Transport, "_watch", watched):
            yield


class Victim:
    """The program, without its screen and its threads."""

    def __init__(self, job: Job, client: DiscogsClient, step: Steps) -> None:
        self._job, self._client, self._step = job, client, step
        self._way = Way(job.way)
        self._clock = Clock(job.now)
        self._library = Library(Path(job.path), clock=self._clock)
        library = self._library
        library._core.store._db.execute("PRAGMA cache_size = 1")
        self._sender = Sender(
            client, library.outgoing, library.incoming, OWNER, report=lambda _: None, read_again=lambda: None
        )

    def live(self) -> None:
        """Make the edits and send them; or send what is there."""
        job = self._job
        if job.seed is not None:
            random_edits(self._library, job.seed, job.count, self._shown)
        elif job.kind:
            self._edit_and_send(job.kind)
        else:
            self._send()

    def _shown(self, verb: str = "") -> None:
        say(f"shown {verb}")
        self._step("shown")

    def _edit_and_send(self, name: str) -> None:
        kind = ALL_KINDS[name]
        for edit in kind.edits:
            say("edits")
            if edit(self._library) is not False:
                self._shown()
            if kind.one_by_one:
                self._send()
        self._send()

    def _send(self) -> None:
        """Send until nothing may go any more, moving the clock over every rest."""
        library, clock = self._library, self._clock
        if is_time_for_late(self._way, library):
            self._let_deliver()
        while True:
            entry, wake = library.outgoing.next()
            if entry is None and wake is None:
                return
            if entry is None and wake is not None:
                clock.now = max(clock.now, wake)
                continue
            assert entry is not None
            try:
                self._sender.send(entry)
            except NotLoggedIn:
                return
            except DiscogsError:
                clock.now += 1
                if self._way is Way.LATE_FIRST:
                    self._let_deliver()
            if self._way is Way.LATE_AFTER and entry.state.is_under_way:
                self._let_deliver()

    def _let_deliver(self) -> None:
        """Tell the server that now is the time to get to what it was slow with."""
        line = http.client.HTTPConnection(urlsplit(self._client.base_url).netloc)
        line.request("POST", DELIVER)
        line.getresponse().read()
        line.close()


def is_time_for_late(way: Way, library: Library) -> bool:
    """Whether, when the program starts, it is high time for the server to get to a late request.

    Late means seconds: before the second time that it is looked for.
    """
    if way is not Way.LATE_AFTER:
        return way is Way.LATE_FIRST
    under_way = [s.entry for s in library.deciding.standing() if s.entry.state.is_under_way]
    return any(entry.checks for entry in under_way)


def main(url: str) -> None:
    """Make a victim of each line."""
    clock = VirtualClock()
    client = DiscogsClient(
        Token(TOKEN), base_url=url, throttle=Throttle(100_000, clock=clock, wait=clock.wait)
    )  # fmt: skip
    # Pages that the collector does not touch are not copied by forks.
    gc.freeze()
    for line in sys.stdin:
        job = Job(**json.loads(line))
        number = os.fork()
        if not number:
            _live(job, client)
        _, status = os.waitpid(number, 0)
        say(f"over {status}")


def _live(job: Job, client: DiscogsClient) -> None:
    status = 1
    try:
        step = Steps(job.crash_at)
        with step.everywhere() if job.seed is None else nullcontext():
            Victim(job, client, step).live()
        say(f"lived {step.count}")
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1])
