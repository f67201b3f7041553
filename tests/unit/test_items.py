"""What is read out of the parts of a collection."""

from __future__ import annotations

import pytest

from discotui.library.items import short_condition


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("Near Mint (NM or M-)", "NM"),
        ("Very Good Plus (VG+)", "VG+"),
        ("Not Graded", "Not Graded"),
        ("", ""),
        ("odd )(", "odd )("),
        ("empty ()", "empty ()"),
    ],
)
def test_conditions_are_written_as_collectors_do(value: str, short: str) -> None:
    assert short_condition(value) == short
