"""An hour of sending and reading: never too fast, nothing out of order."""

from __future__ import annotations

from contextlib import closing

import pytest

from discotui.sync.forecast import pages_to_read, seconds_to_send
from tests.figures import told
from tests.places import quick_folder
from tests.sync.long_run import LongRun

ITEMS = 50_000
EDITS = 2_000
OURS = 54
"""Nine tenths of the limit."""


def test_two_thousand_edits_and_five_hundred_pages_stay_within_the_limit() -> None:
    with quick_folder() as path, closing(LongRun(path / "library.sqlite", items=ITEMS, seed=7)) as run:
        run.edit(EDITS)
        # The reading goes on meanwhile: identity, folders, fields, all pages, value and identity.
        reads = pages_to_read(run.library.outgoing)[0] + ITEMS // 100 + 6
        expected = seconds_to_send(run.outbox, run.throttle.places(), now=run.clock.now, reads=reads)
        run.go()

        told(
            f"{EDITS} edits, {len(run.outbox)} changes, sent in {run.seconds:.0f} s of the virtual clock with"
            f" {len(run.server.times)} requests in all, at most {run.server.most_in_a_minute()} in a minute,"
            f" answers 429: {run.server.statuses.count(429)}; {expected:.0f} s were told beforehand"
        )
        pages = sum(entry.path.endswith("/folders/0/releases") for entry in run.server.log)
        assert pages >= ITEMS / 100
        assert run.server.most_in_a_minute() <= OURS
        assert 429 not in run.server.statuses
        assert len(run.sent) == len(run.outbox)
        assert run.seconds == pytest.approx(expected, rel=0.15)
        wanted, sent = run.orders()
        assert sent == wanted
        assert run.agrees()
