"""Views: parts of a collection that are not folders, each a filter with an order. Some are given, some are saved."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from discotui.library.folding import fold
from discotui.library.parsing import parse
from discotui.library.query import Query
from discotui.library.sorting import Order
from discotui.library.vocabulary import Vocabulary

MOST_RECENT = 100
_OWN = "saved:"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view of the folder pane.

    Attributes:
        key: One of a kind among all views.
        name: As the person reads it; any text.
        text: A filter as it is typed; "" shows everything.
        order: The order that it is opened in.
        most: It shows at most so many items; None for all.
    """

    key: str
    name: str
    text: str
    order: Order
    most: int | None = None

    @property
    def is_own(self) -> bool:
        """The person has saved it."""
        return self.key.startswith(_OWN)

    def as_typed(self, name: str, text: str) -> SavedView:
        """The same under another name, with another filter."""
        return replace(self, name=name, text=text)

    def query(self, vocabulary: Vocabulary) -> Query:
        """What it asks for. A term that cannot be read any more, as of a field that is gone, finds nothing."""
        parsed = parse(self.text, vocabulary)
        return NOTHING if parsed.query is None else parsed.query


NOTHING = parse("is:rated is:unrated", Vocabulary(())).query or Query()
"""What no item can be."""

_BY_ARTIST = Order()
_ADDED = Order((("added", True),))
RECENT = SavedView("recent", "Recently added", "", _ADDED, MOST_RECENT)
UNRATED = SavedView("unrated", "Unrated", "is:unrated", _BY_ARTIST)
DUPLICATES = SavedView("duplicates", "Duplicates", "is:duplicate", Order((("artist", False), ("title", False))))
PRESSINGS = SavedView("pressings", "Other pressings", "is:pressing", Order((("artist", False), ("title", False))))
WAITING = SavedView("waiting", "Waiting", "is:waiting | is:conflict", _BY_ARTIST)


def given(vocabulary: Vocabulary) -> list[SavedView]:
    """The views that every collection has; No condition only where there are fields for one."""
    names = [name for name in ("media", "sleeve") if parse(f"no:{name}", vocabulary).query is not None]
    missing = " | ".join(f"no:{name}" for name in names)
    conditions = [SavedView("no-condition", "No condition", missing, _BY_ARTIST)] if names else []
    return [RECENT, UNRATED, DUPLICATES, PRESSINGS, *conditions, WAITING]


def named(views: Iterable[SavedView], name: str) -> SavedView | None:
    """The view of that name, whatever its case and accents."""
    return next((view for view in views if fold(view.name) == fold(name)), None)


def saved(views: Iterable[SavedView], name: str, text: str, order: Order) -> list[SavedView]:
    """The saved views with one more; one of the same name is replaced where it stands."""
    views = list(views)
    number = 1 + max((int(view.key.removeprefix(_OWN)) for view in views), default=0)
    new = SavedView(f"{_OWN}{number}", name, text, order)
    same = named(views, name)
    if same is None:
        return [*views, new]
    return [SavedView(same.key, name, text, order) if view is same else view for view in views]


def shifted(views: Iterable[SavedView], key: str, steps: int) -> list[SavedView]:
    """The saved views with one of them moved down so many places, or up."""
    views = list(views)
    place = next(place for place, view in enumerate(views) if view.key == key)
    view = views.pop(place)
    views.insert(max(0, min(place + steps, len(views))), view)
    return views


def views_to_json(views: Iterable[SavedView]) -> str:
    """The saved views as they are kept in the library file."""
    rows = [{"key": v.key, "name": v.name, "text": v.text, "order": v.order.to_text()} for v in views]
    return json.dumps(rows, ensure_ascii=False)


def views_from_json(text: str) -> list[SavedView]:
    """Read back what :func:`views_to_json` wrote; what cannot be read is left out."""
    try:
        rows = json.loads(text)
        return [SavedView(row["key"], row["name"], row["text"], Order.from_text(row["order"])) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
