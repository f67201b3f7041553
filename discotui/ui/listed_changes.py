"""What the screen of the changes lists: sections of changes, and what can be decided about each.

A further kind of section is a further kind of :class:`Listed` and a line in :func:`sections`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter, indexOf
from typing import Any, ClassVar, overload

from discotui.library.aside import Vanished
from discotui.library.core import Changes
from discotui.library.library import Library
from discotui.library.outbox import Pending, State
from discotui.library.past import Outcome, Past
from discotui.ui import words_of_changes
from discotui.ui import words_of_decisions as words
from discotui.ui.words_of_changes import Detail, Line
from discotui.ui.words_of_decisions import Heading


class Decision(Enum):
    """What the person can do about a change. The value is the id of the command."""

    KEEP_MINE = "changes.keep_mine"
    TAKE_THEIRS = "changes.take_theirs"
    RETRY = "changes.retry"
    DROP = "changes.drop"


@dataclass(frozen=True, slots=True)
class Listed(ABC):
    """A change in the list. Its words are looked up only when it is drawn."""

    asked: ClassVar[frozenset[Decision]] = frozenset()
    """What is asked about before it is done even to one change."""
    number_of: ClassVar[Callable[[Any], int]]
    """Of what it is made of: the number that it keeps, whatever becomes of it while it is of this kind."""

    @property
    @abstractmethod
    def number(self) -> int:
        """That number."""

    @abstractmethod
    def line(self, library: Library, now: float) -> Line:
        """In a line."""

    @abstractmethod
    def detail(self, library: Library, now: float) -> Detail:
        """In full."""

    @abstractmethod
    def choices(self, now: float) -> dict[Decision, str]:
        """What can be decided about it, each in a word or three."""

    @property
    def goes_by_itself(self) -> bool:
        """It is sent without the person."""
        return False

    @staticmethod
    @abstractmethod
    def decide(library: Library, decision: Decision, changes: Sequence[Any]) -> Changes:
        """Carry out a decision about changes of this kind.

        Raises:
            EditRefused: It is not possible any more.
            LibraryError: The file cannot be written.
        """


@dataclass(frozen=True, slots=True)
class Waiting(Listed):
    """A change in the outbox."""

    asked: ClassVar[frozenset[Decision]] = frozenset({Decision.DROP})
    number_of: ClassVar[Callable[[Any], int]] = attrgetter("seq")

    entry: Pending

    @property
    def number(self) -> int:
        """Its place in the order of sending."""
        return self.entry.seq

    def line(self, library: Library, now: float) -> Line:
        """In a line."""
        return words_of_changes.line_of_standing(library.deciding.standing_of(self.entry), now)

    def detail(self, library: Library, now: float) -> Detail:
        """In full."""
        return words_of_changes.detail_of_standing(library.deciding.standing_of(self.entry), now)

    def choices(self, now: float) -> dict[Decision, str]:
        """By its state; what may be under way cannot be decided about."""
        match self.entry.state:
            case State.CONFLICT:
                return {Decision.KEEP_MINE: words.KEEP_MINE, Decision.TAKE_THEIRS: words.TAKE_THEIRS}
            case State.PARKED:
                return {Decision.RETRY: words.LOOK_AND_SEND, Decision.DROP: words.GIVE_UP}
            case State.BLOCKED:
                return {Decision.RETRY: words.TRY_AGAIN, Decision.DROP: words.GIVE_UP}
            case State.WAITING if self.entry.not_before > now:
                return {Decision.RETRY: words.SEND_NOW, Decision.DROP: words.GIVE_UP}
            case State.WAITING:
                return {Decision.DROP: words.GIVE_UP}
        return {}

    @property
    def goes_by_itself(self) -> bool:
        """Unless it waits for the person, or for a login."""
        return self.entry.state.goes_by_itself

    @staticmethod
    def decide(library: Library, decision: Decision, changes: Sequence[Waiting]) -> Changes:
        """Carry out a decision."""
        seqs = [change.entry.seq for change in changes]
        match decision:
            case Decision.KEEP_MINE:
                return library.deciding.keep_mine(*seqs)
            case Decision.TAKE_THEIRS:
                return library.deciding.take_theirs(*seqs)
            case Decision.RETRY:
                return library.deciding.retry(*seqs)
            case Decision.DROP:
                return library.deciding.drop(*seqs)


@dataclass(frozen=True, slots=True)
class Gone(Listed):
    """A change in the history."""

    number_of: ClassVar[Callable[[Any], int]] = attrgetter("seq")

    past: Past

    @property
    def number(self) -> int:
        """Its number in the history."""
        return self.past.seq

    def line(self, library: Library, now: float) -> Line:  # noqa: ARG002 - it has all in itself
        """In a line."""
        return words_of_changes.line_of_past(self.past, now)

    def detail(self, library: Library, now: float) -> Detail:  # noqa: ARG002
        """In full."""
        return words_of_changes.detail_of_past(self.past, now)

    def choices(self, now: float) -> dict[Decision, str]:  # noqa: ARG002
        """What Discogs has is undone on the main screen, not here."""
        if self.past.is_open:
            return {Decision.RETRY: words.TRY_AGAIN, Decision.DROP: words.OFF_THE_LIST}
        return {} if self.past.outcome is Outcome.SENT else {Decision.RETRY: words.ONCE_MORE}

    @staticmethod
    def decide(library: Library, decision: Decision, changes: Sequence[Gone]) -> Changes:
        """Carry out a decision."""
        pasts = [change.past for change in changes]
        if decision is Decision.RETRY:
            return library.try_again(*pasts).changes
        library.deciding.dismiss(*pasts)
        return Changes()


@dataclass(frozen=True, slots=True)
class Aside(Listed):
    """An item that left the collection, and can be brought back."""

    number_of: ClassVar[Callable[[Any], int]] = attrgetter("item.instance_id")

    vanished: Vanished

    @property
    def number(self) -> int:
        """Its former instance id."""
        return self.vanished.item.instance_id

    def line(self, library: Library, now: float) -> Line:
        """In a line."""
        return words_of_changes.line_of_vanished(self.vanished, self._folder(library), now)

    def detail(self, library: Library, now: float) -> Detail:
        """In full."""
        return words_of_changes.detail_of_vanished(self.vanished, self._folder(library), library.fields(), now)

    def _folder(self, library: Library) -> str:
        return library.folder_name(self.vanished.item.folder_id)

    def choices(self, now: float) -> dict[Decision, str]:  # noqa: ARG002
        """It is added again."""
        return {Decision.RETRY: words.BRING_BACK}

    @staticmethod
    def decide(library: Library, decision: Decision, changes: Sequence[Aside]) -> Changes:  # noqa: ARG004 - there is one
        """Bring back."""
        return library.restore(change.number for change in changes).changes


class Listing(Sequence[Listed]):
    """Changes of one kind, of which each is made only when it is looked at.

    Args:
        kind: What they are; made of one thing each.
        bare: These things.
    """

    def __init__(self, kind: type[Listed], bare: Sequence[Any] = ()) -> None:
        self._kind = kind
        self._bare = bare

    def __len__(self) -> int:
        return len(self._bare)

    @overload
    def __getitem__(self, place: int) -> Listed: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Listed]: ...

    def __getitem__(self, place: int | slice) -> Listed | Sequence[Listed]:
        if isinstance(place, slice):
            return Listing(self._kind, self._bare[place])
        return self._kind(self._bare[place])  # type: ignore[call-arg]

    def place_of(self, change: Listed) -> int | None:
        """Where the same change stands, None when it is not among these."""
        if isinstance(change, self._kind):
            with suppress(ValueError):
                return indexOf(map(self._kind.number_of, self._bare), change.number)
        return None


NONE = Listing(Gone)


@dataclass(frozen=True, slots=True)
class Section:
    """Changes under a heading.

    Attributes:
        words: The heading, and what it means.
        changes: In this order; all of one kind.
        more: There are further ones that were not read.
        choices: What can be decided about all of them in one go, as it is called for one.
    """

    words: Heading
    changes: Listing = NONE
    more: bool = False
    choices: Mapping[Decision, str] = field(default_factory=dict)

    @property
    def count(self) -> str:
        """How many there are; "" for a heading alone."""
        return words.count_of(len(self.changes), more=self.more)

    @property
    def detail(self) -> Detail:
        """The heading in full."""
        return Detail(self.words.title, sentences=(self.words.explained,))


def sections(
    waiting: Iterable[Pending],
    failed: Sequence[Past],
    vanished: Sequence[Vanished],
    history: Sequence[Past],
    *,
    more: bool,
    is_held: bool = False,
) -> list[Section]:
    """Everything, what asks for a decision first; sections with nothing in them are left out.

    Args:
        waiting: The outbox in the order of sending.
        failed: What was refused and is still open.
        vanished: What can be brought back.
        history: The newest first.
        more: The history goes on.
        is_held: Nothing is sent now.
    """
    apart: dict[State, list[Pending]] = {State.CONFLICT: [], State.PARKED: []}
    going: list[Pending] = []
    for entry in waiting:
        apart.get(entry.state, going).append(entry)
    found = [
        Section(
            words.CONFLICTS,
            Listing(Waiting, apart[State.CONFLICT]),
            choices={Decision.KEEP_MINE: words.KEEP_MINE, Decision.TAKE_THEIRS: words.TAKE_THEIRS},
        ),
        Section(
            words.ASKS_YOU,
            Listing(Waiting, apart[State.PARKED]),
            choices={Decision.RETRY: words.LOOK_AND_SEND, Decision.DROP: words.GIVE_UP},
        ),
        Section(
            words.REFUSALS,
            Listing(Gone, failed),
            choices={Decision.RETRY: words.TRY_AGAIN, Decision.DROP: words.OFF_THE_LIST},
        ),
        Section(
            words.PAUSED if is_held else words.WAITS,
            Listing(Waiting, going),
            choices={Decision.RETRY: words.SEND_NOW, Decision.DROP: words.GIVE_UP},
        ),
    ]
    found = [section for section in found if section.changes] or [Section(words.ALL_SENT)]
    if vanished:
        found.append(Section(words.SET_ASIDE, Listing(Aside, vanished), choices={Decision.RETRY: words.BRING_BACK}))
    closed = [past for past in history if not past.is_open]
    return [*found, Section(words.HISTORY, Listing(Gone, closed), more)] if closed else found


def found_sections(history: Sequence[Past], *, more: bool) -> list[Section]:
    """What a search of the history has found."""
    return [Section(words.FOUND, Listing(Gone, history), more)] if history else []
