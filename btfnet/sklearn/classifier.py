"""`BTFClassifier`: `btfnet.learn` as a classifier of scikit-learn."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MultiOutputMixin
from sklearn.utils import Tags, check_random_state, estimator_html_repr
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from btfnet.arguments import list_of, must_be, one_of, whole
from btfnet.committee.pictures import Picture
from btfnet.formats.btf import table_model
from btfnet.formats.programs import export_table_model
from btfnet.logic.circuit import Circuit
from btfnet.sklearn.frames import as_value_errors, table_of
from btfnet.sklearn.labels import Labels, places, together
from btfnet.tables.cuts import N_CUTS
from btfnet.tables.learner import learn
from btfnet.tables.model import TableModel, softmax
from btfnet.tables.ways import METHODS

AUTO = "auto"
MOST = 2**31 - 1
SIZES = list_of(whole(1), "a list of whole numbers")


def _has_one_output(estimator: Any) -> bool:
    """Or is not fitted yet."""
    return not isinstance(getattr(estimator, "classes_", None), list)


class BTFClassifier(MultiOutputMixin, ClassifierMixin, BaseEstimator):
    """A classifier whose rule is a small Boolean circuit over conditions such as `age>=37`.

    Takes tables as they are: numbers, Booleans and text, missing values (NaN, None); no scaling, no encoding.
    Learns one target of two or more classes, or several at once. See docs/estimator.md.

    gates         the circuit has at most so many; None: 100 for up to four classes, 60 a class for more; of
                  pictures any number
    method        "votes" of boosted small networks; votes of "exact" networks, which reproduce the training rows;
                  a "single" small network (two classes; of more, votes); "auto" tries all of them by
                  cross-validation, and takes what does best; "fast" is one kind of votes, for searches over other
                  parameters
    picture       whether the columns are the pixels of pictures, row after row: "auto" finds out by how
                  neighbours go along with each other; None: they are not; (height, width) or
                  (height, width, channels)
    cuts          how levels of numbers are chosen: "classes" where they tell classes apart, "quantiles" as many
                  rows between any two, "thermometer" as far from each other
    n_cuts        levels of a column of numbers, at most
    random_state  an int gives the same circuit again, whatever n_jobs; else as everywhere in scikit-learn
    n_jobs        processor cores; None: 1; -1: all

    After `fit` there are, beside `n_features_in_` and, where X had names that are all strings,
    `feature_names_in_`:

    classes_         (n_classes,), of several outputs a list of them
    model_           the `btfnet.TableModel`, from raw rows to labels; of outputs with one class in all training
                     rows nothing is learned
    circuit_         the `btfnet.Circuit`, from conditions to classes
    expected_score_  the accuracy on unseen rows that cross-validation within `fit` found, of several outputs a
                     list; None where too few rows were there
    """

    def __init__(
        self,
        gates: int | None = None,
        *,
        method: str = AUTO,
        picture: Any = AUTO,
        cuts: str = "classes",
        n_cuts: int = N_CUTS,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.gates = gates
        self.method = method
        self.picture = picture
        self.cuts = cuts
        self.n_cuts = n_cuts
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> BTFClassifier:
        """Learn from rows and their labels.

        X  an array, lists, or a data frame (pandas, polars, pyarrow), (n_rows, n_columns)
        y  (n_rows,), or (n_rows, n_outputs): labels of any kind that sorts
        Raises ValueError for parameters and data that do not fit, and for one class alone.
        """
        if y is None:
            raise ValueError(
                "This BTFClassifier estimator requires y to be passed, but the target y is None."
            )
        table = table_of(self, X, reset=True)
        labels = Labels.of(y, table.n_rows)
        columns = labels.varying()
        if not columns:
            raise ValueError(
                "BTFClassifier tells classes apart: the number of classes has to be greater than one; got 1 class."
            )
        with as_value_errors():
            must_be("method", self.method, one_of(*METHODS))
            self.model_ = learn(
                table,
                labels=columns,
                gates=self.gates,
                picture=self._picture(),
                pixels=self.picture is not None,
                cuts=self.cuts,
                n_cuts=self.n_cuts,
                ways=METHODS[self.method],
                name=labels.names[0] if labels.flat else "outputs",
                seed=self._seed(),
                jobs=effective_n_jobs(self.n_jobs),
            )
        self.classes_ = labels.classes[0] if labels.flat else list(labels.classes)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The label of each row, by the circuit: (n_rows,), of several outputs (n_rows, n_outputs)."""
        check_is_fitted(self)
        table = table_of(self, X, reset=False)
        with as_value_errors():
            codes = self.model_.classes(table)
        columns = []
        for classes, number, place in self._outputs():
            own = np.zeros(table.n_rows, np.int64) if number is None else place[codes[:, number]]
            columns.append(classes[own])
        return together(columns) if isinstance(self.classes_, list) else columns[0]

    def predict_proba(self, X: Any) -> NDArray[np.float64] | list[NDArray[np.float64]]:
        """How likely each class is, by the votes: (n_rows, n_classes), of several outputs a list of them."""
        found = [softmax(logits) for logits in self._logits(X)]
        return found if isinstance(self.classes_, list) else found[0]

    @available_if(_has_one_output)
    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Votes, in units of the logit: (n_rows,) of two classes, above 0 for the second; (n_rows, n_classes) of
        more. Not there for several outputs.
        """
        logits = self._logits(X)[0]
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The fraction of rows that are right, of several outputs in all of them; weighted by weights of rows."""
        found, wanted = self.predict(X), np.asarray(y)
        if found.ndim == 1:
            return float(super().score(X, y, sample_weight))
        return float(np.average((found == wanted).all(axis=1), weights=sample_weight))

    def to_text(self) -> str:
        """What was learned, and every gate of the circuit."""
        check_is_fitted(self)
        return f"{self.model_}\n\n{self.circuit_}"

    def export(self, path: str | os.PathLike[str]) -> None:
        """Write the model (`.btf`: `btfnet.load_table_model`, `btfnet predict`), a program that takes raw rows
        (`.py`, `.c`), or the circuit: Verilog, BLIF, AIGER … (`btfnet.formats.CIRCUITS_OUT`).

        Raises `UsageError` for another suffix, `OutputError` when the file cannot be written.
        """
        check_is_fitted(self)
        if os.fspath(path).lower().endswith(".btf"):
            table_model.save_table_model(path, self.model_)
        else:
            export_table_model(path, self.model_)

    @property
    def circuit_(self) -> Circuit:
        return self._fitted.circuit

    @property
    def expected_score_(self) -> float | list[float | None] | None:
        found = [each.expected for each in self._fitted.learned]
        return found if isinstance(self.classes_, list) else found[0]

    @property
    def _fitted(self) -> TableModel:
        """Raises AttributeError before `fit`, as attributes of scikit-learn do."""
        if "model_" not in self.__dict__:
            raise AttributeError("this BTFClassifier is not fitted yet; call fit first.")
        model: TableModel = self.__dict__["model_"]
        return model

    def _outputs(self) -> Iterator[tuple[NDArray[Any], int | None, NDArray[np.int64]]]:
        """Of each output its classes, its number among those that were learned, None where it has one class, and
        the place among its classes of each one that the model knows.
        """
        learned = count()
        for classes in self.classes_ if isinstance(self.classes_, list) else [self.classes_]:
            if len(classes) > 1:
                number = next(learned)
                yield classes, number, places(self.model_.targets[number], classes)
            else:
                yield classes, None, np.zeros(1, dtype=np.int64)

    def _logits(self, X: Any) -> list[NDArray[np.float64]]:
        """Of each output the votes of the classes, in the order of `classes_`, in units of the logit."""
        check_is_fitted(self)
        table = table_of(self, X, reset=False)
        with as_value_errors():
            votes = self.model_.votes(table)
        found: list[NDArray[np.float64]] = []
        for _, number, place in self._outputs():
            if number is None:
                found.append(np.zeros((table.n_rows, 1)))
            else:
                ordered = votes[number][:, np.argsort(place)]
                found.append(np.multiply(ordered, self.model_.learned[number].step, dtype=np.float64))
        return found

    def _picture(self) -> Picture | None:
        if self.picture is None or (isinstance(self.picture, str) and self.picture == AUTO):
            return None
        must_be("picture", self.picture, SIZES)
        if len(self.picture) not in (2, 3):
            raise ValueError('picture: expected "auto", None, (height, width) or (height, width, channels).')
        return Picture(*map(int, self.picture))

    def _seed(self) -> int:
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(MOST))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.classifier_tags.multi_label = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return "model_" in self.__dict__

    def __getstate__(self) -> dict[str, Any]:
        """Parameters, labels, and the model as the bytes of its file."""
        state = dict(super().__getstate__())
        if "model_" in state:
            state["model_"] = table_model.encode(state["model_"])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if "model_" in state:
            state["model_"] = table_model.decode("the pickled BTFClassifier", state["model_"])
        super().__setstate__(state)

    def _repr_html_inner(self) -> str:
        """Scikit-learn's diagram; once fitted what was learned, and the circuit where it is small."""
        page = str(estimator_html_repr(self))
        return page + self.model_._repr_html_() if self.__sklearn_is_fitted__() else page

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return bundle | {"text/html": self._repr_html_inner()} if "text/html" in bundle else bundle
