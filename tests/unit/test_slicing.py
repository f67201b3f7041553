"""Long work in slices: sorting."""

from __future__ import annotations

from operator import itemgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discotui.library.slicing import finish, sorted_in_slices


@settings(deadline=None)
@given(st.lists(st.integers(0, 30)), st.integers(1, 8))
def test_sorting_in_slices_is_sorting(values: list[int], size: int) -> None:
    assert finish(sorted_in_slices(values, size)) == sorted(values)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5)), st.integers(1, 8))
def test_equal_values_keep_their_order(numbers: list[int], size: int) -> None:
    values = list(enumerate(numbers))
    assert finish(sorted_in_slices(values, size, itemgetter(1))) == sorted(values, key=itemgetter(1))


@pytest.mark.parametrize("step", [1, -1, 7_919])
def test_no_slice_is_much_longer_than_two_runs(step: int) -> None:
    compared = 0

    def key(value: int) -> int:
        nonlocal compared
        compared += 1
        return value

    values = [number * step % 20_000 for number in range(20_000)]
    slices = []
    for _ in sorted_in_slices(values, 500, key):
        slices.append(compared)
        compared = 0
    assert len(slices) >= 40
    # Beyond two runs, the borders are looked up in each of the forty, and forty samples are taken from each once.
    assert max(slices) <= 2 * 500 + 40 * 10 + 40 * 42
