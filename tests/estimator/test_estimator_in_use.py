"""What scikit-learn does with estimators: pipelines, searches, votes, calibration, importances, files."""

from __future__ import annotations

import io
import pickle
import pickletools

import joblib
import numpy as np
import pytest
from support.estimator_samples import QUICK, numbers, plain_table

pytest.importorskip("sklearn", reason="the extra [sklearn]")

from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import VotingClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multioutput import ClassifierChain
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from btfnet.errors import FormatError
from btfnet.sklearn import BTFClassifier, TableBinarizer

pytestmark = pytest.mark.needs_jit
X, Y = plain_table()
CLASSIFIER = BTFClassifier(**QUICK)


@pytest.fixture(scope="module")
def fitted():
    return clone(CLASSIFIER).fit(X, Y)


def modules_of(data: bytes) -> set[str]:
    """Modules that a pickle imports from."""
    found, texts = set(), []
    for code, argument, _ in pickletools.genops(data):
        if code.name == "STACK_GLOBAL":
            found.add(texts[-2])
        elif code.name == "GLOBAL":
            found.add(argument.split()[0])
        elif isinstance(argument, str):
            texts.append(argument)
    return {name for name in found if name.startswith("btfnet")}


def test_a_pickle_holds_the_bytes_of_the_model_and_no_record_of_btfnet(fitted):
    data = pickle.dumps(fitted)
    assert modules_of(data) == {"btfnet.sklearn.classifier"}
    again = pickle.loads(data)
    assert again.circuit_ == fitted.circuit_
    assert np.array_equal(again.predict_proba(X), fitted.predict_proba(X))
    assert again.get_params() == fitted.get_params()
    binarizer = TableBinarizer().fit(X, Y)
    data = pickle.dumps(binarizer)
    assert modules_of(data) == {"btfnet.sklearn.binarizer"}
    assert pickle.loads(data).encoder_ == binarizer.encoder_


def test_joblib_keeps_it_too_and_one_that_is_not_fitted(fitted):
    file = io.BytesIO()
    joblib.dump([fitted, CLASSIFIER], file)
    file.seek(0)
    again, plain = joblib.load(file)
    assert np.array_equal(again.predict(X), fitted.predict(X))
    assert not hasattr(plain, "model_")


def test_a_damaged_model_in_a_pickle_is_refused(fitted):
    state = fitted.__getstate__()
    state["model_"] = state["model_"][:-9]
    with pytest.raises(FormatError, match="the pickled BTFClassifier"):
        BTFClassifier().__setstate__(state)


def test_cross_validation_on_two_processes_is_that_on_one():
    alone = cross_val_score(CLASSIFIER, X, Y, cv=3)
    assert alone.mean() > 0.8
    assert np.array_equal(cross_val_score(CLASSIFIER, X, Y, cv=3, n_jobs=2), alone)


def test_a_search_over_parameters_in_a_pipeline():
    steps = make_pipeline(TableBinarizer(), BTFClassifier(**QUICK))
    grid = {"tablebinarizer__n_cuts": [2, 10], "btfclassifier__gates": [2, 20]}
    search = GridSearchCV(steps, grid, cv=2, error_score="raise").fit(X, Y)
    assert search.best_score_ > 0.8
    assert search.best_estimator_.n_features_in_ == 3


def test_some_columns_may_be_transformed_before():
    columns = make_column_transformer((StandardScaler(), ["noise"]), remainder="passthrough")
    for kind in ("default", "pandas", "polars"):
        steps = make_pipeline(columns.set_output(transform=kind), clone(CLASSIFIER))
        assert steps.fit(X, Y).score(X, Y) > 0.9
    bits = make_column_transformer((TableBinarizer(n_cuts=4), ["size", "colour"]), remainder="drop")
    steps = make_pipeline(bits, LogisticRegression(C=100)).fit(X, Y)
    assert steps.score(X, Y) > 0.9
    assert "tablebinarizer__colour=red" in steps[0].get_feature_names_out()


def test_it_votes_with_others_and_is_calibrated():
    rows, labels = numbers()
    others = [("line", LogisticRegression()), ("circuit", clone(CLASSIFIER))]
    assert VotingClassifier(others, voting="soft").fit(rows, labels).score(rows, labels) > 0.9
    calibrated = CalibratedClassifierCV(clone(CLASSIFIER), cv=2).fit(rows, labels)
    assert calibrated.score(rows, labels) > 0.9
    assert ClassifierChain(clone(CLASSIFIER)).fit(rows, np.column_stack([labels, labels])).score(
        rows, np.column_stack([labels, labels])
    ) > 0.9  # fmt: skip


def test_the_column_that_says_nothing_has_no_importance(fitted):
    found = permutation_importance(fitted, X, Y, n_repeats=3, random_state=0).importances_mean
    assert found[0] > 0.1
    assert found[1] > 0.1
    assert abs(found[2]) < 0.1
