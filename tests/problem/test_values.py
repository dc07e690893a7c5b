"""Conversions of what users give to values: Booleans and classes."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet.errors import DataError
from btfnet.problem.values import booleans, one_hot


@pytest.mark.parametrize(
    "values, complaint",
    [
        ([[0, 1], [1]], "rows differ in length"),
        ([0, 1], "1 dimensions; expected 2"),
        ([["a"]], "expected 0/1"),
        ([[0, 2]], "item 1 has the value 2 in column 2"),
        ([[0.5, 1]], "item 1 has the value 0.5 in column 1"),
        ([[np.nan, 1]], "item 1 has the value nan in column 1"),
        ([[0, 1], [-1, 1]], "mix 0 and -1"),
    ],
)
def test_values_that_are_no_booleans_are_refused(values, complaint):
    with pytest.raises(DataError, match=f"here: .*{complaint}"):
        booleans(values, "here")


def test_one_hot_rows_have_their_single_one_at_the_label():
    assert one_hot([1, 0], 3, "here").tolist() == [[-1, 1, -1], [1, -1, -1]]


@pytest.mark.parametrize(
    "labels, complaint",
    [
        ([0, 3], "item 2 has the class 3; expected 0 to 2"),
        ([-1], "item 1 has the class -1"),
        ([0.5], "one whole number for each item"),
        ([[0]], "one whole number for each item"),
    ],
)
def test_labels_outside_the_classes_are_refused(labels, complaint):
    with pytest.raises(DataError, match=complaint):
        one_hot(labels, 3, "here")
