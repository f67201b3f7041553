"""Everything that can go wrong, as one tree of values with meaning.

Lower layers raise these; they carry facts (a number of seconds, a folder's name), never finished sentences
for the screen. Words are chosen in one place, :mod:`discotui.ui.wording`. ``str()`` of an error is for logs.
"""

from __future__ import annotations


class DiscotuiError(Exception):
    """Base of every error that the program expects and can explain."""


def kept(error: DiscotuiError) -> str:
    """An error as it is kept in a file, for people to read later: its kind and its words."""
    return f"{type(error).__name__}: {error}"


# --- what Discogs, or the way to it, can answer -------------------------------------------------------


class DiscogsError(DiscotuiError):
    """A call to Discogs that did not succeed.

    Attributes:
        message: What the server said, as it came (may hold any character), or what we observed.
        may_have_happened: True when a request that changes something may have been carried out although no
            usable answer arrived. Then the truth must be read before anything is sent again.
    """

    def __init__(self, message: str = "", *, may_have_happened: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.may_have_happened = may_have_happened


class NotLoggedIn(DiscogsError):
    """401: no token, or one that Discogs does not (or no longer) accept."""


class Forbidden(DiscogsError):
    """403: somebody else's, or private."""


class NotFound(DiscogsError):
    """404: no such user, folder, release, collection item or page."""


class Refused(DiscogsError):
    """400, 405, 409, 422: understood and declined.

    Attributes:
        details: The server's reasons, one sentence each; empty when it gave none.
    """

    def __init__(self, message: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.details = details


class TooFast(DiscogsError):
    """429, still, after the waits that the client makes by itself.

    Attributes:
        retry_after: Seconds that the server asked to wait, None when it did not say.
    """

    def __init__(self, message: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Offline(DiscogsError):
    """No answer: name not resolved, connection refused, TLS failed, timed out, reset."""


class ServerFault(DiscogsError):
    """5xx, or a proxy's page in place of an answer.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, message: str = "", *, status: int, may_have_happened: bool = False) -> None:
        super().__init__(message, may_have_happened=may_have_happened)
        self.status = status


class BadAnswer(DiscogsError):
    """An answer that cannot be used: not JSON, cut short, too large, of another shape, or a redirect."""


class Interrupted(DiscogsError):
    """The call was given up before it was sent, because the program is leaving."""


# --- the copy on this machine --------------------------------------------------------------------------


class LibraryError(DiscotuiError):
    """The library file cannot be used.

    Attributes:
        path: The file in question.
        reason: What the system or SQLite said.
    """

    def __init__(self, path: object, reason: str = "") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = str(path)
        self.reason = reason


class LibraryTooNew(LibraryError):
    """The file was written by a later version of discotui."""


class NotALibrary(LibraryError):
    """Something else is in the file's place: a folder, a text, another program's database. Never touched."""


class LibraryUnreadable(LibraryError):
    """A damaged library."""


class LibraryUnwritable(LibraryError):
    """It cannot be written, or not even reached: the disk fails, or the file is gone."""


class LibraryReadOnly(LibraryUnwritable):
    """No permission to write, or a read-only disk. It may still be readable."""


class LibraryFull(LibraryUnwritable):
    """No room on the disk."""


class LibraryBusy(LibraryUnwritable):
    """Another program than this one holds the file."""


class EditRefused(DiscotuiError):
    """Base of edits that are declined here, before anything is stored or sent."""


class NothingToChange(EditRefused):
    """The edit would leave everything as it is."""


class ReadOnly(EditRefused):
    """The collection is somebody else's, or was opened with --read-only."""


class NotReadYet(EditRefused):
    """It is about an item that the first reading may still bring."""


class UnknownItem(EditRefused):
    """The item is not (or no longer) in the collection."""


class NotAtItem(EditRefused):
    """It needs an item, and the person looks at the folders."""


class NotRestorable(EditRefused):
    """Nothing to bring back: in the collection again, or set aside for too long."""


class UnknownFolder(EditRefused):
    """The folder is not (or no longer) in the collection."""


class FixedFolder(EditRefused):
    """Folders 0 (All) and 1 (Uncategorized) cannot be renamed or deleted, and nothing can be put into All.

    Attributes:
        folder: The folder's name.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class FolderNotEmpty(EditRefused):
    """Discogs deletes only folders that hold nothing.

    Attributes:
        folder: The folder's name.
        count: How many items it holds.
    """

    def __init__(self, folder: str, count: int) -> None:
        super().__init__(f"{folder}: {count}")
        self.folder = folder
        self.count = count


class FolderNameTaken(EditRefused):
    """There is a folder of that name already.

    Attributes:
        folder: The name.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class EmptyName(EditRefused):
    """A folder needs a name."""


class UnknownChange(EditRefused):
    """The change is not (or no longer) waiting for a decision."""


class UnderWay(EditRefused):
    """The change is being sent, or may have arrived: what became of it has to be known first."""


class NotATextField(EditRefused):
    """A dropdown field takes one of its options: no text can be added to what it has.

    Attributes:
        field: The field's name.
    """

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NotAnOption(EditRefused):
    """A dropdown field takes only its own options.

    Attributes:
        field: The field's name.
        value: What was to be set.
    """

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field}: {value}")
        self.field = field
        self.value = value


class ChangedElsewhere(DiscotuiError):
    """Between our edit and its sending the same thing was set to a third value, on the website for instance.

    Attributes:
        base: What it was when we edited it: text, or a number for a rating or a folder's id.
        mine: What we wanted it to be.
        theirs: What it is now.
    """

    def __init__(self, base: str | int, mine: str | int, theirs: str | int) -> None:
        super().__init__(f"{base!r} → {mine!r}, found {theirs!r}")
        self.base = base
        self.mine = mine
        self.theirs = theirs


class KeepsChanging(DiscotuiError):
    """The collection was changed elsewhere each time it was read. What was read is shown, nothing was taken out."""


# --- what was typed as a filter ---------------------------------------------------------------------------


class QueryProblem(DiscotuiError):
    """A term of a filter that cannot be read. Handed over as a value, so that all of them can be shown at once.

    Attributes:
        start: Where the term begins in the text, in characters.
        end: Where it ends.
    """

    def __init__(self, start: int, end: int, *facts: object) -> None:
        super().__init__(start, end, *facts)
        self.start = start
        self.end = end


class UnknownField(QueryProblem):
    """The word before the colon, or after ``has:`` and ``no:``, names no field of this collection.

    Attributes:
        name: What was typed.
        near: Names that could have been meant, the likeliest first.
        is_before_colon: Then the whole term could be text that happens to have a colon in it.
    """

    def __init__(self, start: int, end: int, name: str, near: tuple[str, ...], *, is_before_colon: bool) -> None:
        super().__init__(start, end, name, near)
        self.name = name
        self.near = near
        self.is_before_colon = is_before_colon


class UnknownState(QueryProblem):
    """``is:`` with a word that is not one of its own.

    Attributes:
        word: What was typed.
    """

    def __init__(self, start: int, end: int, word: str) -> None:
        super().__init__(start, end, word)
        self.word = word


class UnreadableValue(QueryProblem):
    """Neither a value nor a range of a field that is compared: year, rating, added, or a dropdown of conditions.

    Attributes:
        field: The field's name.
        value: What was typed.
        is_grade: The field has grades.
    """

    def __init__(self, start: int, end: int, field: str, value: str, *, is_grade: bool = False) -> None:
        super().__init__(start, end, field, value)
        self.field = field
        self.value = value
        self.is_grade = is_grade


class RangeBackwards(QueryProblem):
    """A range that ends before it begins.

    Attributes:
        field: The field's name.
        value: What was typed.
    """

    def __init__(self, start: int, end: int, field: str, value: str) -> None:
        super().__init__(start, end, field, value)
        self.field = field
        self.value = value


class NothingAsked(QueryProblem):
    """A field's name and a colon with nothing behind it.

    Attributes:
        name: What stands before the colon.
    """

    def __init__(self, start: int, end: int, name: str) -> None:
        super().__init__(start, end, name)
        self.name = name


# --- how the program was started ------------------------------------------------------------------------


class BadSetting(DiscotuiError):
    """An option or environment variable that cannot be used.

    Attributes:
        name: The option or variable.
        value: What it held; never a token.
        why: What would be right.
    """

    def __init__(self, name: str, value: str, why: str) -> None:
        super().__init__(f"{name}={value!r}: {why}")
        self.name = name
        self.value = value
        self.why = why
