"""`TableBinarizer`: tables as bits with names."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pytest
from support.estimator_samples import plain_table

pytest.importorskip("sklearn", reason="the extra [sklearn]")

import btfnet.sklearn
from btfnet.sklearn import TableBinarizer

X, Y = plain_table()


def test_bits_say_what_their_names_say():
    binarizer = TableBinarizer(n_cuts=4).fit(X, Y)
    names = binarizer.get_feature_names_out().tolist()
    bits = binarizer.transform(X)
    assert bits.dtype == np.float64
    assert bits.shape == (80, len(names))
    assert np.array_equal(bits[:, names.index("colour=red")] == 1, X["colour"] == "red")
    assert np.array_equal(bits[:, names.index("size=missing")] == 1, X["size"].isna())
    level = next(name for name in names if name.startswith("size>="))
    assert np.array_equal(bits[:, names.index(level)] == 1, X["size"] >= float(level.removeprefix("size>=")))


def test_levels_stand_where_classes_part_and_without_classes_at_quantiles():
    rows = np.linspace(0, 10, 201)[:, None] ** 2
    parted = TableBinarizer(n_cuts=1).fit(rows, rows[:, 0] > 81).encoder_.conditions
    assert 81 < parted[0].value < 82
    halves = TableBinarizer(n_cuts=1).fit_transform(rows)
    assert abs(halves.mean() - 0.5) < 0.01
    assert np.array_equal(TableBinarizer(n_cuts=1).fit_transform(rows, rows[:, 0] + 0.5), halves)
    even = TableBinarizer(cuts="thermometer", n_cuts=1).fit(rows).encoder_.conditions
    assert abs(even[0].value - 50) < 1


def test_several_outputs_are_all_told_apart():
    rows = np.random.default_rng(0).random((200, 1))
    outputs = np.column_stack([rows[:, 0] > 0.2, rows[:, 0] > 0.9])
    levels = [
        condition.value for condition in TableBinarizer(n_cuts=1).fit(rows, outputs).encoder_.conditions
    ]
    assert len(levels) == 2
    assert np.allclose(levels, [0.2, 0.9], atol=0.02)


def test_pandas_and_polars_come_out_and_any_type_of_bits():
    for kind in ("pandas", "polars"):
        out = TableBinarizer(dtype=np.uint8).set_output(transform=kind).fit_transform(X, Y)
        assert "colour=red" in out.columns
        assert set(np.unique(out.to_numpy())) == {0, 1}
    assert TableBinarizer(dtype=bool).fit_transform(X, Y).dtype == bool


def test_what_does_not_fit_is_said():
    with pytest.raises(ValueError, match="needs classes in y"):
        TableBinarizer(cuts="classes").fit(X)
    with pytest.raises(ValueError, match="cuts is 'best', but it must be \"auto\""):
        TableBinarizer(cuts="best").fit(X)
    with pytest.raises(ValueError, match="no column tells anything in n_samples=1"):
        TableBinarizer().fit(X[:1])
    with pytest.raises(ValueError, match="input_features is not equal"):
        TableBinarizer().fit(X).get_feature_names_out(["a", "b", "c"])


def test_without_scikit_learn_one_is_told_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("btfnet.sklearn", "sklearn"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delattr(btfnet, "sklearn")
    room = importlib.import_module("btfnet.sklearn")
    with pytest.raises(ImportError, match=r"pip install 'btfnet\[sklearn\]'"):
        room.BTFClassifier  # noqa: B018
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        room.nothing_of_the_kind  # noqa: B018
