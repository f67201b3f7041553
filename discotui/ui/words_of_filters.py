"""The words for filters and views: why a term cannot be read, and what was done to the saved views."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from discotui import errors
from discotui.library.views import SavedView
from discotui.library.vocabulary import STATES
from discotui.ui.text import clean, fit

FIXED_VIEW = "This view is always there. Views that you have saved can be renamed and deleted."
NOTHING_TO_SAVE = "nothing to save: type a filter first"
CANNOT_BE_READ = "the filter cannot be read"

PROBLEM_CELLS = 70
"""A problem is told in one line below the filter: so much of it is seen in a window of 80 columns."""
_TYPED_CELLS = 16

EXAMPLES = {
    "year": "1971, 1970..1979, 1970.. or >=1970",
    "rating": "0 to 5, 4.. or >=3",
    "added": "2024, 2024-03, 2024-01..2024-06 or >=2024-05",
}
GRADE_EXAMPLES = "vg+.., g..vg or >=nm"


def query_problem(problem: errors.QueryProblem) -> str:
    """Why a term of a filter cannot be read, and what could be; in one line."""
    match problem:
        case errors.UnknownField():
            name = _cut(problem.name)
            guess = f"Did you mean {_either(problem.near)}?" if problem.near else ""
            quotes = f'In quotes it is text: "{name}:…"' if problem.is_before_colon else ""
            return _as_fits(f"There is no field “{name}”.", guess, quotes)
        case errors.UnknownState():
            return f"is: takes {_either(STATES)}."
        case errors.UnreadableValue():
            is_date = problem.field == "added"
            kind = "range of grades" if problem.is_grade else "date" if is_date else problem.field
            rest = f"” is no {kind}: {GRADE_EXAMPLES if problem.is_grade else EXAMPLES[problem.field]}."
            return f"“{_cut(problem.value, PROBLEM_CELLS - cell_len(rest) - 1)}{rest}"
        case errors.RangeBackwards():
            return f"“{_cut(problem.value, 2 * _TYPED_CELLS)}” ends before it begins."
        case errors.NothingAsked():
            return f"Nothing stands behind “{_cut(problem.name)}:”."
    return "That cannot be understood."


def _cut(text: str, cells: int = _TYPED_CELLS) -> str:
    return fit(text, cells).rstrip()


def _either(words: Sequence[str]) -> str:
    cleaned = [_cut(word) for word in words]
    return " or ".join(filter(None, (", ".join(cleaned[:-1]), cleaned[-1])))


def _as_fits(first: str, *others: str) -> str:
    """A sentence, and of those that may follow it as many as there is room for."""
    text = first
    for other in filter(None, others):
        longer = f"{text} {other}"
        if cell_len(longer) <= PROBLEM_CELLS:
            text = longer
    return text


# --- views --------------------------------------------------------------------------------------------------

EMPTY_VIEW = "A view needs a name and a filter."
NOT_YOURS_TO_SHIFT = "only saved views can be put in another place"


def view_taken(name: str) -> str:
    """That there is a view of that name."""
    return f"There is a view “{clean(name)}” already."


def view_saved(name: str) -> str:
    """What is said when a filter was saved as a view."""
    return f"saved as the view “{clean(name)}”"


def view_edited(former: SavedView, edited: SavedView) -> str:
    """What is said when a view has got another name, another filter, or both."""
    if former.text == edited.text:
        return f"renamed the view to “{clean(edited.name)}”"
    if former.name == edited.name:
        return f"changed the filter of the view “{clean(edited.name)}”"
    return f"renamed the view to “{clean(edited.name)}” and changed its filter"


def view_replaced(view: SavedView) -> str:
    """The question before a filter takes the place of another one."""
    return f"There is a view “{view.name}” already; its filter is “{view.text}”. Replace it?"


def view_deleted(name: str) -> str:
    """What is said when a view was deleted."""
    return f"deleted the view “{clean(name)}”"


def view_put(name: str) -> str:
    """What is said when a view was put in another place."""
    return f"moved the view “{clean(name)}”"


def view_at_end(name: str, steps: int) -> str:
    """Why a view is not put further up, or down."""
    return f"“{clean(name)}” is the {'first' if steps < 0 else 'last'} of the saved views"


def view_undone(before: Sequence[SavedView], after: Sequence[SavedView]) -> str:
    """What is said when what was done to a view last was taken back.

    Args:
        before: The views before it was done, and now again.
        after: The views after it.
    """
    return f"undone: {_as_it_is(after, before, 'former')}"


def view_redone(before: Sequence[SavedView], after: Sequence[SavedView]) -> str:
    """What is said when it was done again; arguments as of :func:`view_undone`."""
    return f"done again: {_as_it_is(before, after, 'new')}"


def _as_it_is(former: Sequence[SavedView], now: Sequence[SavedView], word: str) -> str:
    """The view in which some views differ from what they were, and how; the word is for what is there now."""
    was, is_now = {view.key: view for view in former}, {view.key: view for view in now}
    for key in was.keys() - is_now.keys():
        return f"the view “{clean(was[key].name)}” is gone"
    for key, view in is_now.items():
        if key not in was:
            return f"the view “{clean(view.name)}” is there again"
        if was[key] != view:
            return f"the view “{clean(view.name)}” has its {word} {_difference(was[key], view)}"
    return f"the views are in their {word} order"


def _difference(one: SavedView, other: SavedView) -> str:
    parts = [("name", one.name != other.name), ("filter", one.text != other.text), ("order", one.order != other.order)]
    return " and ".join(part for part, is_other in parts if is_other)
