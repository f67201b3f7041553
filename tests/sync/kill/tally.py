"""How cases end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class Lost(AssertionError):
    """Something that the screen had acknowledged is neither at the server nor does it wait."""


class Doubled(AssertionError):
    """Something is at the server more than once."""


@dataclass(slots=True)
class Tally:
    """How it went.

    Attributes:
        cases: How often the program was killed.
        again: How often of these a second time in the same case.
        calm: How often it was left alive, to see that the last step was passed.
        parked: How many ended with a question to the person, as they should.
        died_at: How often at which step.
        double: Cases with an effect too many.
        lost: Cases with an acknowledged edit too few.
        wrong: Cases with anything else.
        seconds: How long all of it took.
    """

    cases: int = 0
    again: int = 0
    calm: int = 0
    parked: int = 0
    died_at: Counter[str] = field(default_factory=Counter)
    double: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        told = f"cases {self.cases}, double {len(self.double)}, lost {len(self.lost)}, seconds {self.seconds:.0f}"
        return told + (f", otherwise wrong {len(self.wrong)}" if self.wrong else "")

    @property
    def failures(self) -> list[str]:
        """All that is not as it should be."""
        return [*self.double, *self.lost, *self.wrong]

    def __iadd__(self, other: Tally) -> Tally:
        for name in ("cases", "again", "calm", "parked", "died_at", "double", "lost", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self
