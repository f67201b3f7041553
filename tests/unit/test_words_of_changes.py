"""The words for changes: what is kept in the file is turned into sentences."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from discotui import errors
from discotui.library.deciding import Counts
from discotui.ui.widgets.change_list import from_to
from discotui.ui.wording import explain
from discotui.ui.words_of_changes import moment, reason, undecided

KEPT = [
    errors.NotLoggedIn("expired"),
    errors.Forbidden("not yours"),
    errors.NotFound("gone: [/x]"),
    errors.Refused("no: not that"),
    errors.TooFast(""),
    errors.Offline("timed out"),
    errors.BadAnswer("<html>"),
    errors.FolderNotEmpty("A: B", 3),
]


@pytest.mark.parametrize("error", KEPT, ids=lambda error: type(error).__name__)
def test_an_error_that_was_kept_is_explained_as_when_it_happened(error: errors.DiscotuiError) -> None:
    assert reason(errors.kept(error)) == explain(error)


def test_a_fault_of_the_server_is_explained_without_its_number_which_is_not_kept() -> None:
    text = reason(errors.kept(errors.ServerFault("bad gateway", status=502)))
    assert text.startswith("Discogs has trouble of its own. ")


@pytest.mark.parametrize("text", ["", "no", "SomethingElse: \x1b[2Jno", "FolderNotEmpty: three"])
def test_what_no_error_wrote_is_shown_cleaned(text: str) -> None:
    assert "\x1b" not in reason(text)


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (Counts(waiting=7, blocked=2), ""),
        (Counts(conflicts=1), "! 1 conflict · c"),
        (Counts(conflicts=2, parked=1, failed=3), "! 2 conflicts, 1 asks you, 3 refused · c"),
        (Counts(parked=1_200), "! 1,200 ask you · c"),
    ],
)
def test_the_status_line_tells_only_of_what_asks_for_a_decision(counts: Counts, text: str) -> None:
    assert undecided(counts) == text


def test_a_moment_is_told_by_the_clock_and_as_an_age() -> None:
    assert moment(1_790_000_000.0, 1_790_000_720.0).endswith(", 12 min ago")


@pytest.mark.parametrize("cells", [9, 15, 24, 60])
@pytest.mark.parametrize("before", ["", "x", "a long text that was there", "浮世" * 20])
@pytest.mark.parametrize("after", ["y", "another long text that is set", "山下達郎" * 9])
def test_both_values_of_a_change_are_in_sight_and_have_room(before: str, after: str, cells: int) -> None:
    text = from_to(before, after, cells)
    if not before:
        assert text == after
        return
    assert cell_len(text) <= cells
    left, right = text.split(" → ")
    assert left.strip("… ")
    assert right.strip("… ")
    if cell_len(before) + cell_len(after) + 3 <= cells:
        assert (left, right) == (before, after)


def test_of_a_long_text_that_was_added_to_the_end_is_in_sight() -> None:
    note = "Vom Flohmarkt am Boxhagener Platz, mit Poster, ohne Beiheft"
    assert from_to(note, f"{note}. Sold.", 40) == "…eiheft → …eiheft. Sold."
    assert from_to("short", "short, too", 40) == "short → short, too"
