"""The words for what the person decides about changes. As in :mod:`wording`, nothing is markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discotui.ui.text import number
from discotui.ui.words_of_changes import Line


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over changes of one sort.

    Attributes:
        title: In a word or two.
        hint: What these are, in half a sentence.
        explained: The same in full, with what can be done.
    """

    title: str
    hint: str
    explained: str


CONFLICTS = Heading(
    "Conflicts",
    "m keeps mine, t takes theirs",
    "The same thing was changed here and at Discogs, each to something else. Yours is shown in the collection, and "
    "nothing is sent before you decide. Neither is lost: undoing your edit brings theirs back; what you give up stays "
    "in the history.",
)
ASKS_YOU = Heading(
    "Asks you",
    "sent twice, never answered, not found",
    "An addition was sent twice, was never answered, and no reading has found it. It may still arrive, so it is not "
    "sent once more without you.",
)
REFUSALS = Heading(
    "Refused",
    "not accepted by Discogs, and undone here",
    "Discogs did not accept these, and they were undone here. r does them once more, d takes them off this list.",
)
WAITS = Heading(
    "Waiting",
    "sent by themselves, in this order",
    "These go to Discogs by themselves, one after the other. r lets go at once what rests, d gives up.",
)
PAUSED = Heading(
    "Paused",
    "nothing is sent; r goes on",
    "Sending is paused, so these wait. r goes on, and so does p behind b on the main screen; d gives up.",
)
SET_ASIDE = Heading(
    "Set aside",
    "left the collection in the last 30 days",
    "These were removed from here, or were no longer at Discogs when it was read. They are kept for 30 days with "
    "folder, rating and notes. r adds them again with all of it; Discogs gives them a new date.",
)
ALL_SENT = Heading(
    "Everything is at Discogs",
    "what you change is listed here",
    "Nothing waits, nothing is in conflict, and nothing was refused that you have not seen. What you change is listed "
    "here until Discogs has it, and afterwards as history.",
)
HISTORY = Heading(
    "History",
    "the newest first; / searches",
    "What became of your changes, the newest first. / searches names, fields and texts.",
)
FOUND = Heading("Found in the history", "the newest first; esc shows everything again", HISTORY.explained)
NOTHING_FOUND = "Nothing in the history has all of these words."

KEEP_MINE = "Keep mine"
TAKE_THEIRS = "Take theirs"
LOOK_AND_SEND = "Look once more, then send it again"
TRY_AGAIN = "Try again"
SEND_NOW = "Send it now"
GIVE_UP = "Give it up"
ONCE_MORE = "Do it once more"
OFF_THE_LIST = "Take it off this list"
BRING_BACK = "Bring it back"
LEAVE = "Leave it"

GOES_BY_ITSELF = "nothing to do: what waits goes by itself"
GOES_ON = "sending goes on"

_FOR_ALL = {
    KEEP_MINE: "Keep mine in {}",
    TAKE_THEIRS: "Take theirs in {}",
    LOOK_AND_SEND: "Look for {} once more, then send",
    TRY_AGAIN: "Try {} again",
    SEND_NOW: "Send {} now",
    GIVE_UP: "Give {} up",
    ONCE_MORE: "Do {} once more",
    OFF_THE_LIST: "Take {} off this list",
    BRING_BACK: "Bring {} back",
}
_DECIDED = {
    KEEP_MINE: "kept yours, sent over theirs · theirs comes back when that edit is undone",
    TAKE_THEIRS: "taken as Discogs has it · yours is in the history",
    LOOK_AND_SEND: "is looked for once more",
    TRY_AGAIN: "tried again",
    SEND_NOW: "goes now",
    GIVE_UP: "given up · it is in the history",
    ONCE_MORE: "done once more",
    BRING_BACK: "added again · Discogs gives it a new date",
    OFF_THE_LIST: "off this list · it stays in the history",
}


def for_all(choice: str, count: int) -> str:
    """A decision about all changes under a heading.

    Args:
        choice: What it is called for one change.
        count: How many changes there are.
    """
    return _FOR_ALL[choice].format("it" if count == 1 else f"all {number(count)}")


def question(choice: str, line: Line, count: int, *, asked: bool) -> str:
    """What is asked before a decision that is about several changes, or that gives one up.

    Args:
        choice: What it is called for one change.
        line: The first of the changes.
        count: How many.
        asked: Something that was to be sent is given up.
    """
    what = f"{line.what.lower()} of {line.title}" if count == 1 else f"{number(count)} changes"
    if asked:
        return f"Give up: {what}? Discogs never hears of it. What you set stays in the history, and nowhere else."
    return f"{for_all(choice, count)}?"


def decided(choice: str, count: int) -> str:
    """What is said after a decision.

    Args:
        choice: What was chosen, as it was offered.
        count: About how many changes.
    """
    return _DECIDED[choice] if count == 1 else f"{number(count)} changes: {_DECIDED[choice]}"


def nothing_to_decide(choices: Iterable[str]) -> str:
    """What is said when something is not possible with a line.

    Args:
        choices: What is possible.
    """
    labels = ", ".join(f"“{choice}”" for choice in choices)
    return f"here there is only: {labels}" if labels else "there is nothing to decide about this line"


def count_of(count: int, *, more: bool) -> str:
    """How many changes stand under a heading; "" for a heading alone.

    Args:
        count: How many are listed.
        more: There are further, older ones.
    """
    if not count:
        return ""
    return f"the newest {number(count)}" if more else number(count)
