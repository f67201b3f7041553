"""A plan that is made in slices is the plan that is made at once."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from discotui import errors
from discotui.library.edits import SetRating
from discotui.library.intentions import AppendNote, Intention, Move, Rate, Remove, SetNotes
from discotui.library.planning import planning
from discotui.library.slicing import finish
from tests.collection import MEDIA, ROCK, TEXT, library_with, make_item

INTENTIONS = (Rate(4), Move(ROCK), SetNotes({MEDIA: "Mint (M)"}), AppendNote(TEXT, "played"), Remove())


@pytest.mark.parametrize("intention", INTENTIONS, ids=lambda intention: type(intention).__name__)
def test_slices_make_the_same_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, intention: Intention) -> None:
    monkeypatch.setattr("discotui.library.planning._SLICE", 3)
    # Two copies of each release, far apart.
    items = [make_item(number, 200 + number % 5, rating=number % 5) for number in range(1, 11)]
    with closing(library_with(tmp_path / "library.sqlite", items)) as library:
        ids = [item.instance_id for item in items]
        assert finish(planning(partial(library.plan, intention), ids)) == library.plan(intention, ids)


def test_what_is_so_for_some_is_left_out_and_for_all_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("discotui.library.planning._SLICE", 2)
    items = [make_item(number, rating=4 if number < 5 else 0) for number in range(1, 7)]
    with closing(library_with(tmp_path / "library.sqlite", items)) as library:
        plan = partial(library.plan, Rate(4))
        assert finish(planning(plan, [1, 2, 3, 4, 5, 6])).changes == (SetRating(105, 0, 4), SetRating(106, 0, 4))
        with pytest.raises(errors.NothingToChange):
            finish(planning(plan, [1, 2, 3, 4]))
        with pytest.raises(errors.UnknownItem):
            finish(planning(plan, [77, 78, 79]))
