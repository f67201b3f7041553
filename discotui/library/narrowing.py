"""Whether a query asks for nothing that another one does not ask for: then its answer lies within the other's."""

from __future__ import annotations

from collections.abc import Sequence

from discotui.library.collected import Collection
from discotui.library.folding import fold
from discotui.library.query import Contains, Query, Term, Test, Within, Words
from discotui.library.selecting import is_short


def narrows(query: Query, former: Query, collection: Collection) -> bool:
    """Whether every match of a query is one of a former query: True only where that is certain.

    Terms are compared place by place, at a cost that follows the length of the text: it is asked for every key.
    """
    if not former.alternatives:
        return True
    if not 0 < len(query.alternatives) <= len(former.alternatives):
        return False
    pairs = zip(query.alternatives, former.alternatives, strict=False)
    return all(_all_imply(terms, others, collection) for terms, others in pairs)


def _all_imply(terms: Sequence[Term], others: Sequence[Term], collection: Collection) -> bool:
    return len(terms) >= len(others) and all(
        _implies(term, other, collection) for term, other in zip(terms, others, strict=False)
    )


def _implies(term: Term, other: Term, collection: Collection) -> bool:
    if term == other:
        return True
    if term.excluded and other.excluded:
        return _test_implies(other.test, term.test, collection)
    return not term.excluded and not other.excluded and _test_implies(term.test, other.test, collection)


def _test_implies(test: Test, other: Test, collection: Collection) -> bool:
    match test, other:
        case Words(text), Words(part):
            return fold(part) in fold(text)
        case Contains(field, text), Contains(same, part) if field == same:
            folded = fold(part)
            # What stands for a short form is not within what another text stands for.
            is_whole = field.field_id is not None and is_short(field.field_id, folded, collection)
            return folded == fold(text) if is_whole else folded in fold(text)
        case Within(field, low, high), Within(same, least, most) if field == same:
            is_after = least is None or (low is not None and low >= least)
            return is_after and (most is None or (high is not None and high <= most))
    return test == other
