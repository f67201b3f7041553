"""A program that edits a library, sends, and is killed: ``python -m tests.sync.victim FILE URL STOP``.

STOP is "kept" (before anything is sent) or the number of the change after whose answer, and before it is noted, the
program stops; 0 for never. It says ``stopped`` when it got there, and then waits to be killed.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from unittest.mock import patch

from discotui.credentials import Token
from discotui.discogs.client import DiscogsClient
from discotui.discogs.throttle import Throttle
from discotui.library.library import Library
from discotui.sync.push import Sender
from discotui.sync.reading import unseen_release
from tests.demo_data import EMPTY, NOTES, ODD, OWNER, TOKEN


def main(path: str, url: str, stop: str) -> None:
    """Make one edit of each kind, and send."""
    library = Library(Path(path))
    with patch("discotui.library.library.REMOVAL_REST_SECONDS", 0.0):
        library.rate([500_003], 5)
        library.set_notes([500_004], {NOTES: "kept"})
        library.move([500_005], EMPTY)
        library.remove([500_006])
        library.add(unseen_release(1006), ODD)
        library.new_folder("Fresh")
    if stop == "kept":
        wait_to_be_killed()
    client = DiscogsClient(Token(TOKEN), base_url=url, throttle=Throttle(100_000))
    sender = Sender(client, library.outgoing, library.incoming, OWNER, report=lambda _: None, read_again=lambda: None)
    confirm, answered = library.outgoing.confirm, 0

    def stopping(seq: int, new_id: int = 0) -> object:
        nonlocal answered
        answered += 1
        if answered == int(stop):
            wait_to_be_killed()
        return confirm(seq, new_id)

    with patch.object(library.outgoing, "confirm", stopping):
        while entry := library.outgoing.next()[0]:
            sender.send(entry)


def wait_to_be_killed() -> None:
    """Say so and do nothing more."""
    print("stopped", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
