"""`Problem` as it was made before it held an `Items`: from arrays, kinds and names side by side."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from btfnet.arguments import is_whole
from btfnet.problem.checks import data_of
from btfnet.problem.items import Items

_ORDER = (
    "inputs", "outputs", "input_kind", "output_kind", "n_train", "input_names", "output_names", "care",
)  # fmt: skip
_WARNING = (
    "Problem(name, network, inputs, outputs, …) is now "
    "Problem(name, network, Items(inputs, outputs, …), n_train)."
)

Init = TypeVar("Init", bound=Callable[..., None])


def also_from_arrays(init: Init) -> Init:
    """`__init__` of a problem that takes the arguments of before, too, with a warning."""

    @wraps(init)
    def either(self: Any, *given: Any, **named: Any) -> None:
        arrays_given = len(given) > 3 and not isinstance(given[2], Items) and not is_whole(given[3])
        if not arrays_given and "outputs" not in named:
            return init(self, *given, **named)
        warnings.warn(_WARNING, DeprecationWarning, stacklevel=2)
        named |= dict(zip(("name", "network", *_ORDER), given, strict=False))
        n_train = named.pop("n_train", -1)
        arrays = {word: named.pop(word) for word in _ORDER if word in named}
        with data_of(str(named.get("name"))):
            items = Items(**arrays)
        return init(self, items=items, n_train=None if n_train == -1 else n_train, **named)

    return either  # type: ignore[return-value]
