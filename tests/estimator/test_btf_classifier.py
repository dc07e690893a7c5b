"""`BTFClassifier` by itself: labels of all kinds, tables of all kinds, and what it says of what it learned."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from support.estimator_samples import QUICK, numbers, plain_table

pytest.importorskip("sklearn", reason="the extra [sklearn]")

import btfnet
from btfnet.sklearn import BTFClassifier

pytestmark = pytest.mark.needs_jit
X, Y = plain_table()


@pytest.fixture(scope="module")
def fitted():
    return BTFClassifier(**QUICK).fit(X, Y)


@pytest.mark.parametrize(
    "labels",
    [
        ["no", "yes"],
        [0, 1],
        [-1, 1],
        [False, True],
        [0.0, 1.0],
        ["?", "none"],
        [" a", "a"],
        [7, 2**40],
        ["1", "0"],
    ],
    ids=str,
)
def test_labels_come_back_as_they_were_given(labels):
    rows, which = numbers()
    wanted = np.array(labels)[which]
    model = BTFClassifier(**QUICK).fit(rows, wanted)
    assert np.array_equal(model.classes_, np.unique(wanted))
    found = model.predict(rows)
    assert found.dtype == wanted.dtype
    assert (found == wanted).mean() > 0.95
    assert np.array_equal(model.classes_[model.predict_proba(rows).argmax(axis=1)], found)
    assert np.array_equal(model.classes_[(model.decision_function(rows) > 0).astype(int)], found)


def test_three_classes_whose_order_is_a_scale_keep_scikit_learns_order():
    rows = np.random.default_rng(1).normal(size=(90, 2))
    wanted = np.array(["high", "low", "medium"])[np.digitize(rows[:, 0], [-0.4, 0.4])]
    model = BTFClassifier(method="votes", random_state=0).fit(rows, wanted)
    assert model.classes_.tolist() == ["high", "low", "medium"]
    chances = model.predict_proba(rows)
    assert np.allclose(chances.sum(axis=1), 1)
    assert (model.classes_[chances.argmax(axis=1)] == wanted).mean() > 0.9
    assert model.decision_function(rows).shape == (90, 3)


def test_several_outputs_of_different_kinds_and_one_that_never_changes():
    rows, which = numbers()
    wanted = np.column_stack([np.array(["a", "b"])[which], (rows[:, 0] > 0).astype(int), np.full(80, "same")])
    wanted = wanted.astype(object)
    model = BTFClassifier(**QUICK).fit(rows, wanted)
    assert [own.tolist() for own in model.classes_] == [["a", "b"], ["0", "1"], ["same"]]
    assert model.predict(rows).shape == (80, 3)
    assert model.score(rows, wanted) > 0.9
    chances = model.predict_proba(rows)
    assert [own.shape for own in chances] == [(80, 2), (80, 2), (80, 1)]
    assert not hasattr(model, "decision_function")
    assert model.circuit_.n_outputs == 2


def test_the_columns_of_a_frame_of_labels_keep_their_types_and_names():
    wanted = pd.DataFrame({"a": Y, "b": X["noise"] > 25, "noise": X["noise"] % 3})
    model = BTFClassifier(method="fast", gates=40, random_state=0).fit(X, wanted)
    assert [own.dtype.kind for own in model.classes_] == ["O", "b", "i"]
    assert [target.name for target in model.model_.targets] == ["a", "b", "noise"]
    assert set(map(type, model.predict(X)[0])) == {str, bool, int}


def test_pandas_and_polars_give_the_same_and_missing_values_are_taken(fitted):
    assert fitted.feature_names_in_.tolist() == ["size", "colour", "noise"]
    assert fitted.score(X, Y) > 0.9
    assert X["size"].isna().any()
    other = BTFClassifier(**QUICK).fit(pl.from_pandas(X), Y.to_numpy())
    assert np.array_equal(other.predict(pl.from_pandas(X)), fitted.predict(X))
    assert fitted.predict(pd.DataFrame({"size": [np.nan], "colour": [None], "noise": [3]})).shape == (1,)


def test_lists_of_numbers_and_text_keep_their_numbers():
    rows = [[float(size), colour] for size, colour in zip(range(40), "ab" * 20, strict=True)]
    model = BTFClassifier(**QUICK).fit(
        [[size % 10, colour] for size, colour in rows], [size % 10 > 4 for size, _ in rows]
    )
    assert model.predict([[2.5, "a"], [7.5, "b"]]).tolist() == [False, True]


def test_other_columns_are_refused_as_scikit_learn_refuses_them(fitted):
    with pytest.raises(ValueError, match="now missing:\n- noise"):
        fitted.predict(X[["size", "colour"]])
    with pytest.raises(ValueError, match="must be in the same order"):
        fitted.predict(X[["colour", "size", "noise"]])
    with pytest.raises(ValueError, match="row 1 has 'big' in the column size; expected a number"):
        fitted.predict(X.assign(size="big"))


@pytest.mark.parametrize(
    "parameters, rows, labels, message",
    [
        ({"method": "best"}, X, Y, "method is 'best', but it must be \"auto\""),
        ({"gates": 0}, X, Y, "gates is 0; expected a whole number of at least 1"),
        ({"picture": (3, 3)}, X, Y, "3 columns and 1 targets; a picture of 3 x 3"),
        ({"picture": (3,)}, X, Y, r"expected \"auto\", None, \(height, width\)"),
        ({}, X, X["noise"] + 0.5, "Unknown label type: continuous"),
        ({}, X, np.zeros(len(X)), "the number of classes has to be greater than one"),
        ({}, X, Y.where(Y == "yes"), "y contains NaN"),
        ({}, X, pd.Series(Y, dtype="string").where(Y == "yes"), "y contains NaN"),
        ({}, X, Y[:9], "inconsistent numbers of samples"),
        ({}, X, None, "requires y"),
        ({}, X.assign(noise=np.inf), Y, "row 1 has infinity in the column noise"),
        ({}, X[:0], Y[:0], "0 sample"),
        ({}, X[["noise"]].assign(noise=1), Y, "no column tells anything"),
    ],
    ids=lambda value: str(value)[:25] if isinstance(value, str | dict) else "",
)
def test_what_does_not_fit_is_a_value_error_that_says_why(parameters, rows, labels, message):
    with pytest.raises(ValueError, match=message):
        BTFClassifier(**parameters).fit(rows, labels)


def test_an_integer_gives_the_same_circuit_again_whatever_the_jobs(fitted):
    again = BTFClassifier(**QUICK, n_jobs=2).fit(X, Y)
    assert again.circuit_ == fitted.circuit_
    assert np.array_equal(again.predict_proba(X), fitted.predict_proba(X))


def test_what_was_learned_is_told_as_text_and_as_a_page(fitted):
    assert repr(fitted) == "BTFClassifier(gates=12, method='fast', random_state=0)"
    text = fitted.to_text()
    assert "wanted: no or yes" in text
    assert "right in cross-validation" in text
    assert str(fitted.circuit_) in text
    assert 0.8 < fitted.expected_score_ <= 1
    page = fitted._repr_html_()
    assert "sk-top-container" in page
    assert "data:image/svg+xml;base64," in page
    assert "TableModel wanted" in page
    assert "data:image/svg+xml;base64," in fitted._repr_mimebundle_()["text/html"]
    assert "TableModel" not in BTFClassifier()._repr_html_()


def test_before_fit_nothing_is_there():
    model = BTFClassifier()
    assert not hasattr(model, "circuit_")
    assert not hasattr(model, "expected_score_")
    with pytest.raises(ValueError, match="not fitted yet"):
        model.predict(X)


def test_an_exported_model_takes_the_same_raw_rows_and_a_netlist_is_the_circuit(fitted, tmp_path):
    fitted.export(tmp_path / "model.btf")
    loaded = btfnet.load_table_model(tmp_path / "model.btf")
    assert np.array_equal(loaded.predict(X), fitted.predict(X))
    fitted.export(tmp_path / "model.json")
    assert btfnet.formats.read_circuit(tmp_path / "model.json").input_names == fitted.circuit_.input_names
    fitted.export(tmp_path / "rule.py")
    assert "colour" in (tmp_path / "rule.py").read_text(encoding="utf-8")
    with pytest.raises(btfnet.UsageError, match="suffix"):
        fitted.export(tmp_path / "model.docx")


def test_pixels_are_found_out_or_left_alone():
    rng = np.random.default_rng(3)
    which = rng.integers(0, 2, 120)
    pictures = rng.random((120, 6, 6)) * 0.3
    pictures[which == 0, 2:4] += 0.7
    pictures[which == 1, :, 2:4] += 0.7
    rows = pictures.reshape(120, 36)
    model = BTFClassifier(picture=(6, 6), gates=60, random_state=0).fit(rows, which)
    assert model.score(rows, which) > 0.95
    assert model.model_.learned[0].way == "votes for pictures of 6 x 6"
    flat = BTFClassifier(picture=None, **QUICK).fit(rows, which)
    assert "picture" not in flat.model_.learned[0].way
