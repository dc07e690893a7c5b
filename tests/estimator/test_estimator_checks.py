"""The checks that scikit-learn has for estimators."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn", reason="the extra [sklearn]")

from sklearn.utils.estimator_checks import parametrize_with_checks

from btfnet.sklearn import BTFClassifier, TableBinarizer

pytestmark = pytest.mark.needs_jit


@parametrize_with_checks([BTFClassifier(method="fast", gates=30, random_state=0), TableBinarizer()])
def test_scikit_learns_own_checks_pass(estimator, check):
    check(estimator)
