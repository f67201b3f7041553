"""The words for leaving with changes that were not sent. As in :mod:`wording`, nothing is markup."""

from __future__ import annotations

import math
from collections.abc import Sequence

from discotui.ui.session import Hindrance
from discotui.ui.text import number, plural
from discotui.ui.wording import duration


def leaving(waiting: int, *, is_kept: bool, typed: bool, undecided: int = 0, more: Sequence[str] = ()) -> str:
    """What is asked before the program ends with something undone.

    Args:
        waiting: How many changes have not been sent.
        is_kept: They are there again the next time.
        typed: A form holds something that was not saved.
        undecided: How many of those that wait the person has to decide about.
        more: Sentences about sending them now.
    """
    lines = ["What you typed is not saved and would be lost."] if typed else []
    if waiting:
        has, it = ("has", "It is") if waiting == 1 else ("have", "They are")
        after = "kept on this machine and sent the next time" if is_kept else "gone then: the demo keeps nothing"
        lines.append(f"{plural(waiting, 'change')} {has} not been sent. {it} {after}.")
    elif not typed:
        lines.append("Nothing waits to be sent any more.")
    if 0 < undecided < waiting:
        waits = "waits" if undecided == 1 else "wait"
        lines.append(f"{number(undecided)} of them {waits} for your decision first.")
    return "\n".join([*lines, *more, "Leave?"])


_HINDERED = {
    Hindrance.SECOND_WINDOW: "The other window sends what waits.",
    Hindrance.READ_ONLY: "Nothing is sent while the collection is open for reading only.",
    Hindrance.NOT_STARTED: "There is no way to Discogs yet.",
    Hindrance.UNDECIDED: "What waits is not sent before you have decided about it.",
    Hindrance.NOT_LOGGED_IN: "Nothing can be sent now: Discogs does not accept the token.",
    Hindrance.BROKEN: "Nothing can be sent before a restart: something in the program broke.",
    Hindrance.OFFLINE: "Discogs cannot be reached just now.",
}


def hindered(hindrance: Hindrance) -> str:
    """Why what waits is not sent now."""
    return _HINDERED[hindrance]


def sending_takes(seconds: float) -> str:
    """How long it would take to send what waits."""
    return f"Sending now takes {duration(seconds)}."


def time_left(seconds: float) -> str:
    """How long the rest takes to be sent."""
    return f"{duration(seconds)} left at Discogs' limit"


def sent_of(sent: int, total: int, *, is_under_way: bool = False) -> str:
    """How far the sending has come.

    Args:
        sent: How many changes Discogs has confirmed.
        total: Of how many.
        is_under_way: The sending was stopped with one more on its way.
    """
    text = f"{number(sent)} of {plural(total, 'change')} sent"
    return f"{text}, and one more is on its way" if is_under_way else text


def not_accepted(first: str, more: int) -> str:
    """What Discogs declined while it was sent: the first in words, the others counted."""
    return first + (f" And {number(more)} more." if more else "")


def goes_on(seconds: float) -> str:
    """That Discogs' limit has been reached."""
    return f"Discogs' limit: goes on in {number(math.ceil(seconds))} s."


def tried_again(seconds: float, *, is_lost: bool) -> str:
    """What is waited for when not for Discogs' limit.

    Args:
        seconds: How long.
        is_lost: An answer did not arrive, so that Discogs is asked first; otherwise the change failed before.
    """
    wait = number(math.ceil(seconds))
    if is_lost:
        return f"An answer was lost: in {wait} s Discogs is asked what became of the change."
    return f"A change that failed is tried again in {wait} s."
