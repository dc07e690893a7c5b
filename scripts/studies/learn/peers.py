"""Six other learners behind the same preparation: categories as one column for each value, missing numbers as the
mean with a column that says so, missing categories as a value; numbers scaled for the MLP.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.lib.peers import boosted_trees, forest, tree


def prepared(columns: Any) -> Any:
    """Categories as text, missing ones as a value."""
    from pandas.api.types import is_numeric_dtype

    found = columns.copy()
    for name in found.columns:
        if not is_numeric_dtype(found[name]):
            cells = found[name].astype(object)
            found[name] = cells.where(cells.notna(), "?").astype(str)
    return found


def encoder(*, scaled: bool) -> Any:
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = [SimpleImputer(add_indicator=True), *([StandardScaler()] if scaled else [])]
    return make_column_transformer(
        (make_pipeline(*numbers), make_column_selector(dtype_include="number")),
        (
            OneHotEncoder(handle_unknown="ignore", sparse_output=False),
            make_column_selector(dtype_exclude="number"),
        ),
    )


def perceptron(seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((100,), max_iter=500, random_state=seed)


def figs(seed: int) -> Any:
    """FIGS, of several classes one against the rest."""
    from imodels import FIGSClassifier
    from sklearn.multiclass import OneVsRestClassifier

    class Figs:
        def fit(self, inputs: np.ndarray, classes: np.ndarray) -> Figs:
            model = FIGSClassifier(random_state=seed)
            two = len(np.unique(classes)) == 2
            self.model = (model if two else OneVsRestClassifier(model)).fit(inputs, classes)
            return self

        def predict(self, inputs: np.ndarray) -> np.ndarray:
            return np.asarray(self.model.predict(inputs)).astype(int)

    return Figs()


def ripper(seed: int) -> Any:
    """RIPPER, of several classes one against the rest."""
    import pandas as pd
    from wittgenstein import RIPPER

    class Ripper:
        def fit(self, inputs: np.ndarray, classes: np.ndarray) -> Ripper:
            self.classes = np.unique(classes)
            wanted = self.classes[1:] if len(self.classes) == 2 else self.classes
            self.models = []
            for own in wanted:
                model = RIPPER(random_state=seed)
                model.fit(self.named(inputs), y=(classes == own).astype(int), pos_class=1)
                self.models.append(model)
            return self

        def predict(self, inputs: np.ndarray) -> np.ndarray:
            rows = self.named(inputs)
            if len(self.classes) == 2:
                return self.classes[np.array(self.models[0].predict(rows)).astype(int)]
            chances = [np.array(model.predict_proba(rows))[:, -1] for model in self.models]
            return self.classes[np.argmax(chances, axis=0)]

        @staticmethod
        def named(inputs: np.ndarray) -> Any:
            return pd.DataFrame(inputs, columns=[f"c{place}" for place in range(inputs.shape[1])])

    return Ripper()


PEERS = {
    "decision tree": tree, "random forest": forest, "boosted trees": boosted_trees, "MLP": perceptron,
    "RIPPER": ripper, "FIGS": figs,
}  # fmt: skip
