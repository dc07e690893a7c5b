"""btfnet for scikit-learn: an estimator, and a transformer.

    from btfnet.sklearn import BTFClassifier, TableBinarizer

classifier.py   `BTFClassifier`: `btfnet.learn` as a classifier
binarizer.py    `TableBinarizer`: columns become bits that ask about one column each
frames.py       what scikit-learn calls X, as a table
labels.py       what scikit-learn calls y, as columns of labels, and back
"""

from __future__ import annotations

from typing import Any

from lazy_loader import attach_stub

_load, __dir__, __all__ = attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Loaded on first use. Raises ImportError where scikit-learn is missing, or too old."""
    try:
        return _load(name)
    except ImportError as error:
        if (error.name or "").split(".")[0] != "sklearn":
            raise
        raise ImportError(
            f"btfnet.sklearn needs scikit-learn 1.7 or newer ({error}); install it with: "
            f"pip install 'btfnet[sklearn]'.",
            name=error.name,
        ) from error
