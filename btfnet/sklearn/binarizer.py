"""`TableBinarizer`: columns become bits that ask about one column each; a transformer of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from btfnet.arguments import must_be, one_of, whole
from btfnet.formats.btf import table_model
from btfnet.sklearn.frames import as_value_errors, table_of
from btfnet.sklearn.labels import Labels, kind_of
from btfnet.tables.cuts import N_CUTS, Cuts
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.table import Table

AUTO = "auto"
QUANTITIES = ("continuous", "continuous-multioutput")


class TableBinarizer(TransformerMixin, BaseEstimator):
    """Numbers, Booleans, text and missing values as columns of 0 and 1, such as `age>=37` and `colour=red`.

    Columns that no rule could use are left out: constants, names of rows, free text. So are bits that say what
    another one says, or its opposite. For circuits, rules and Tsetlin machines, and wherever a model takes bits.

    cuts    how levels of numbers are chosen: "classes" where they tell the classes of y apart, "quantiles" as
            many rows between any two, "thermometer" as far from each other; "auto": classes where y has classes,
            else quantiles
    n_cuts  levels of a column of numbers, at most
    dtype   of the bits

    After `fit` there are `encoder_`, a `btfnet.TableEncoder`, and, as everywhere, `n_features_in_` and
    `feature_names_in_`.
    """

    def __init__(self, *, cuts: str = AUTO, n_cuts: int = N_CUTS, dtype: DTypeLike = np.float64) -> None:
        self.cuts = cuts
        self.n_cuts = n_cuts
        self.dtype = dtype

    def fit(self, X: Any, y: Any = None) -> TableBinarizer:
        """Find out what the columns are, and what to ask about them.

        X  an array, lists, or a data frame (pandas, polars, pyarrow), (n_rows, n_columns)
        y  classes, (n_rows,) or (n_rows, n_outputs), or None; quantities are not looked at
        Raises ValueError for parameters and data that do not fit, and where no column tells anything.
        """
        table = table_of(self, X, reset=True)
        with as_value_errors():
            must_be("cuts", self.cuts, one_of(AUTO, *Cuts))
            must_be("n_cuts", self.n_cuts, whole(1, 255))
        outputs, cuts = self._classes(y, table.n_rows)
        fitted = [TableEncoder.fit(table, own, cuts=cuts, n_cuts=self.n_cuts) for own in outputs.T]
        asked = dict.fromkeys(condition for each in fitted for condition in each.conditions)
        self.encoder_ = TableEncoder(fitted[0].columns, tuple(asked))
        if not asked:
            raise ValueError(_nothing(table))
        return self

    def transform(self, X: Any) -> NDArray[Any]:
        """The bits of rows, (n_rows, n_bits). A value that `fit` never saw answers no question about equality."""
        check_is_fitted(self)
        table = table_of(self, X, reset=False)
        with as_value_errors():
            return self.encoder_.encode(table).astype(self.dtype)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """What each bit says, such as `age>=37`.

        input_features  None, or the columns that `fit` saw
        """
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        if input_features is not None:
            given = np.asarray(input_features, dtype=object)
            if len(given) != self.n_features_in_:
                raise ValueError(
                    f"input_features should have length equal to number of features ({self.n_features_in_}), got "
                    f"{len(given)}"
                )
            if names is not None and not np.array_equal(names, given):
                raise ValueError("input_features is not equal to feature_names_in_")
        return np.array(self.encoder_.names, dtype=object)

    def _classes(self, y: Any, n_rows: int) -> tuple[NDArray[np.int64], Cuts]:
        """Classes, (n_rows, n_outputs), and how levels are chosen."""
        unknown = np.zeros((n_rows, 1), dtype=np.int64)
        if y is not None:
            check_consistent_length(np.empty(n_rows), y)
        if y is None or kind_of(y) in QUANTITIES:
            if self.cuts == Cuts.CLASSES:
                raise ValueError('cuts="classes" needs classes in y; give them, or take "quantiles".')
            return unknown, Cuts.QUANTILES if self.cuts == AUTO else Cuts(self.cuts)
        return Labels.of(y, n_rows).codes, Cuts.CLASSES if self.cuts == AUTO else Cuts(self.cuts)

    @property
    def _n_features_out(self) -> int:
        return len(self.encoder_.conditions)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        """Parameters, and the encoder as plain text and numbers."""
        state = dict(super().__getstate__())
        if "encoder_" in state:
            state["encoder_"] = table_model.told_encoder(state["encoder_"])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if "encoder_" in state:
            state["encoder_"] = table_model.encoder_of(state["encoder_"])
        super().__setstate__(state)


def _nothing(table: Table) -> str:
    """Why there are no bits."""
    return (
        f"X: no column tells anything in n_samples={table.n_rows}: all of its {len(table.names)} columns are "
        f"constants, names of rows or free text. Give 2 samples at least, and columns that differ."
    )
