"""All cases: ``python -m tests.sync.kill [EVERY]``, or every so many-th."""

from __future__ import annotations

import sys

from tests.sync.kill.kinds import KINDS
from tests.sync.kill.runs import run_all, run_marked
from tests.sync.kill.tally import Tally

MARKED = 1000


def main(stride: int) -> int:
    """Run them, and tell."""
    whole = Tally()
    for kind in KINDS:
        tally = run_all(stride, [kind])
        print(f"{kind}: {tally}", flush=True)
        whole += tally
        whole.seconds += tally.seconds
    print(f"killed at any step: {whole}")
    print(f"  of these again {whole.again}, asked about {whole.parked}, scenarios {whole.calm}")
    print(f"  {_counts(whole)}")
    marked = run_marked(MARKED)
    print(f"killed right after the mark: {marked}")
    print(f"  {_counts(marked)}")
    failures = [*whole.failures, *marked.failures]
    print("\n".join(failures))
    return bool(failures)


def _counts(tally: Tally) -> str:
    return ", ".join(f"{name} {count}" for name, count in tally.died_at.most_common())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
