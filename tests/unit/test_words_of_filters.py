"""What is said of the saved views."""

from __future__ import annotations

from dataclasses import replace

import pytest

from discotui.library.sorting import Order
from discotui.library.views import SavedView, saved, shifted
from discotui.ui.words_of_filters import view_edited, view_redone, view_undone

VIEWS = saved(saved([], "Trips", "journey", Order()), "[/x]\x1b[31m", "label:pias", Order())


def edited(**values: str) -> list[SavedView]:
    """The views after something was done to the first of them."""
    return [replace(VIEWS[0], **values), VIEWS[1]]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "undone", "redone"),
    [
        (VIEWS[:1], VIEWS, "the view “[/x][31m” is gone", "the view “[/x][31m” is there again"),
        (VIEWS, VIEWS[:1], "the view “[/x][31m” is there again", "the view “[/x][31m” is gone"),
        (VIEWS, edited(name="Tours"), "“Trips” has its former name", "“Tours” has its new name"),
        (VIEWS, edited(text="x"), "“Trips” has its former filter", "“Trips” has its new filter"),
        (
            VIEWS,
            edited(name="T", text="x"),
            "“Trips” has its former name and filter",
            "“T” has its new name and filter",
        ),
        (
            VIEWS,
            shifted(VIEWS, VIEWS[0].key, 1),
            "the views are in their former order",
            "the views are in their new order",
        ),
    ],
    ids=["saved", "deleted", "renamed", "filtered", "both", "moved"],
)
def test_undo_and_redo_say_how_a_view_is_now(
    before: list[SavedView], after: list[SavedView], undone: str, redone: str
) -> None:
    assert undone in view_undone(before, after)
    assert redone in view_redone(before, after)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "Tours"}, "renamed the view to “Tours”"),
        ({"text": "x"}, "changed the filter of the view “Trips”"),
        ({"name": "Tours", "text": "x"}, "renamed the view to “Tours” and changed its filter"),
    ],
)
def test_what_was_edited_of_a_view_is_said(values: dict[str, str], said: str) -> None:
    assert view_edited(VIEWS[0], edited(**values)[0]) == said
