"""Which column is learned, and what is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from btfnet.errors import BtfnetWarning, DataError, UsageError
from btfnet.tables.cells import plain
from btfnet.tables.table import Table
from btfnet.tables.targets import NO_LABEL, OTHER_LABEL, Target, target_names

N = 60


def table(**columns):
    return Table.of({name: list(values) for name, values in columns.items()})


def test_a_usual_name_is_the_target_wherever_it_stands():
    assert target_names(table(Class=["a", "b"] * N, x=range(2 * N)), ()) == ("Class",)
    assert target_names(table(x=range(2 * N), y=[0, 1] * N, z=[0, 1] * N), ()) == ("y",)


def test_the_last_column_is_the_target_where_it_holds_classes():
    assert target_names(table(a=range(2 * N), species=["p", "q"] * N), ()) == ("species",)


def test_nobody_can_tell_where_the_last_column_is_a_quantity():
    with pytest.raises(UsageError, match=r"--target NAME.*Its columns: a, b"):
        target_names(table(a=["x", "y"] * N, b=np.arange(2 * N) / 7), ())


def test_a_misspelt_target_is_told_what_is_like_it():
    with pytest.raises(UsageError, match="did you mean species"):
        target_names(table(a=[1, 2], species=["p", "q"]), ("specis",))


def test_all_columns_cannot_be_learned():
    with pytest.raises(UsageError, match="no column is left"):
        target_names(table(a=[1, 2], b=[1, 2]), ("a", "b"))


@pytest.mark.parametrize(
    "values, says",
    [
        (["a"] * N, "one value only"),
        ([None] * N, "no value"),
        (np.arange(N) / 7, "a quantity of 60 different numbers.*regression"),
        ([f"n{number}" for number in range(N)], "looks like a name"),
    ],
    ids=["constant", "empty", "quantity", "names"],
)
def test_what_is_no_class_is_told(values, says):
    with pytest.raises(DataError, match=says):
        Target.of("t", plain(np.array(values, dtype=object)))


@pytest.mark.parametrize(
    "values, labels, outputs",
    [
        ([0, 1, 1], [0, 1], ("t",)),
        (["no", "yes", "no"], ["no", "yes"], ("t=yes",)),
        (["a b", "c", "d"], ["a b", "c", "d"], ("t=a_b", "t=c", "t=d")),
        ([10, 9, 2], [2, 9, 10], ("t=2", "t=9", "t=10")),
        ([1.5, 2.5], [1.5, 2.5], ("t=2.5",)),
        ([True, False], [0, 1], ("t",)),
    ],
    ids=str,
)
def test_labels_come_back_as_they_were(values, labels, outputs):
    target = Target.of("t", plain(values))
    assert target.values().tolist() == labels
    assert target.outputs == outputs
    assert target.values()[target.codes(plain(values))].tolist() == [
        labels[labels.index(value)] for value in values
    ]


def test_labels_that_training_never_saw_have_no_class():
    target = Target.of("t", plain(["a", "b"]))
    assert target.codes(plain(["b", "c", None])).tolist() == [1, OTHER_LABEL, NO_LABEL]


def test_an_output_that_never_changes_is_left_out_with_a_warning():
    marked = replace(table(a=[0, 1], y=[0, 1], z=[1, 1]), targets=("y", "z"))
    with pytest.warns(BtfnetWarning, match="z never changes, and is not learned"):
        assert target_names(marked, ()) == ("y",)
