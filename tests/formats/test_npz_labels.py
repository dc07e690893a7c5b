"""Flat arrays of labels in `.npz` files: numbers of any type, and words."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet.errors import FormatError
from btfnet.formats import read_items
from btfnet.problem.values import OutputKind


def written(folder, labels):
    np.savez(folder / "a.npz", inputs=np.arange(8).reshape(4, 2), outputs=labels)
    return folder / "a.npz"


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, np.int64])
def test_whole_numbers_of_any_type_are_labels(dtype, tmp_path):
    items = read_items(written(tmp_path, np.array([2, 0, 1, 2], dtype=dtype)))
    assert items.output_kind is OutputKind.CLASS
    assert items.outputs.argmax(axis=1).tolist() == [2, 0, 1, 2]


def test_words_are_names_of_classes(tmp_path):
    items = read_items(written(tmp_path, ["no", "yes", "maybe", "no"]))
    assert items.output_names == ("maybe", "no", "yes")
    assert items.outputs.argmax(axis=1).tolist() == [1, 2, 0, 1]


@pytest.mark.parametrize(
    "labels", [[0.5, 2, 1, 0], [np.nan, 2, 1, 0], [1e300, 2, 1, 0], [np.inf, 2, 1, 0], [-1.0, 2, 1, 0]]
)
def test_numbers_that_are_no_labels_are_refused(labels, tmp_path):
    with pytest.raises(FormatError, match="outputs"):
        read_items(written(tmp_path, labels))
