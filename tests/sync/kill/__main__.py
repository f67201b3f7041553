"""All cases: ``python -m tests.sync.kill [EVERY]``, or every so many-th."""

from __future__ import annotations

import sys

from tests.sync.kill.runs import run_all, run_marked


def main(stride: int) -> int:
    """Run them, and tell."""
    sent = run_all(stride)
    print(f"killed at any step: {sent}")
    print(f"  of these again {sent.again}; asked about {sent.parked}; scenarios {sent.calm}")
    print("  " + ", ".join(f"{name} {count}" for name, count in sent.died_at.most_common()))
    marked = run_marked(1000)
    print(f"killed right after the mark: {marked}")
    print("  " + ", ".join(f"{name} {count}" for name, count in marked.died_at.most_common()))
    failures = [*sent.failures, *marked.failures]
    print("\n".join(failures[:50]))
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
