"""Values of wrong kinds, to put in the place of each argument."""

from pathlib import Path

import numpy as np


def wrong_values(problem, circuit):
    """Name: value."""
    return {
        "None": None,
        "a text": "text",
        "3": 3,
        "-1": -1,
        "3.5": 3.5,
        "True": True,
        "a dict": {"a": 1},
        "a set": {1, 2},
        "an object": object(),
        "mixed": [1, "a"],
        "ragged": [[1], [2, 3]],
        "NaN": float("nan"),
        "bytes": b"x",
        "flat": [1, 0, 1],
        "complex": 1j,
        "array of NaN": np.array([np.nan, 1.0]),
        "int64": np.int64(2),
        "empty": [],
        "huge": 10**40,
        "a class": int,
        "a problem": problem,
        "a circuit": circuit,
        "a path": Path("nowhere"),
        "array of objects": np.array([None, 1], dtype=object),
        "array of complex": np.array([1j, 2.0]),
        "texts": ["a", "b"],
        "Nones": [None, None],
        "surrogate": "\ud800",
        "negative zero": -0.0,
        "infinity": float("inf"),
    }
