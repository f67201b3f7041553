"""How long it takes to send what waits: by the number of requests, at the pace that Discogs allows."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

from discotui.discogs.client import LARGEST_PAGE
from discotui.discogs.throttle import WINDOW
from discotui.library.edits import (
    AddItem,
    Change,
    DeleteFolder,
    MoveItem,
    NewFolder,
    RemoveItem,
    RenameFolder,
    SetNote,
    SetRating,
)
from discotui.library.outbox import Pending, State
from discotui.library.outgoing import FRESH_SECONDS, Outgoing

ANSWER_SECONDS = 0.5
"""What an answer of Discogs usually takes; used until it is known."""

_REQUESTS: Mapping[type[Change], int] = {
    SetRating: 1,
    MoveItem: 1,
    SetNote: 1,
    RemoveItem: 1,
    AddItem: 2,
    NewFolder: 2,
    RenameFolder: 2,
    DeleteFolder: 2,
}
"""What comes into being, and a folder that goes or gets another name, is looked up before."""

_GOING = frozenset(state for state in State if state.goes_by_itself)
_CHANGES_WHILE_FRESH = int(FRESH_SECONDS * 54 / 60)


def requests_for(changes: Iterable[Change]) -> int:
    """How many requests it takes to send some changes when all goes well."""
    return sum(_REQUESTS[type(change)] for change in changes)


def pages_to_read(outgoing: Outgoing, more: Iterable[Change] = ()) -> tuple[int, int]:
    """How many pages are read before what stands on them is changed; one with many changes more than once.

    Args:
        outgoing: What waits.
        more: Changes that do not wait yet: what they are about is read after they were made.

    Returns:
        For what waits, and for ``more`` beside it.
    """
    waiting = outgoing.unread_pages(LARGEST_PAGE, soon=_CHANGES_WHILE_FRESH)
    alone = _times_read(waiting)
    return alone, _times_read(waiting + outgoing.pages_of(more, LARGEST_PAGE)) - alone


def _times_read(pages: Mapping[int, int]) -> int:
    return sum(math.ceil(changes / _CHANGES_WHILE_FRESH) for changes in pages.values())


def seconds_to_send(
    outbox: Iterable[Pending],
    places: Sequence[float],
    *,
    now: float,
    more: Iterable[Change] = (),
    reads: int = 0,
    answer: float = ANSWER_SECONDS,
) -> float:
    """Seconds until all that goes by itself has been sent.

    Args:
        outbox: What waits. What is for the person to decide is left out.
        places: Of :meth:`discotui.discogs.throttle.Throttle.places`.
        now: Seconds since 1970, as the outbox counts its rests.
        more: Changes that do not wait yet.
        reads: Requests beside those of the changes themselves, such as pages that are read before.
        answer: Seconds until a request is answered.
    """
    requests = Counter({0.0: reads + requests_for(more)})
    at_once = 0
    for entry in outbox:
        if entry.state in _GOING:
            number = _REQUESTS[type(entry.change)] + (entry.state is State.UNKNOWN)
            if entry.not_before > now:
                requests[entry.not_before - now] += number
            else:
                at_once += number
    requests[0.0] += at_once
    return seconds_for(requests, places, answer)


def seconds_for(requests: Mapping[float, int], places: Sequence[float], answer: float = ANSWER_SECONDS) -> float:
    """Seconds until the last of some requests is answered.

    Args:
        requests: In how many seconds they may go at the earliest → how many.
        places: Of :meth:`discotui.discogs.throttle.Throttle.places`.
        answer: Seconds until a request is answered.
    """
    free = deque(places)
    passed = 0.0

    def send(number: int) -> None:
        nonlocal passed
        for _ in range(number):
            passed = max(passed, free.popleft()) + answer
            free.append(passed + WINDOW)

    for earliest, number in sorted(requests.items()):
        rounds, rest = divmod(number, len(free))
        if number:
            passed = max(passed, earliest)
        if rounds:
            send(len(free))
            # Every round is like the one before it, a window later.
            later = (rounds - 1) * max(WINDOW + answer, len(free) * answer)
            free = deque(place + later for place in free)
            passed += later
        send(rest)
    return passed
