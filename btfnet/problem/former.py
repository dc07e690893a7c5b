"""`Problem` as it was made before it held an `Items`: from arrays, kinds and names side by side."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from btfnet.arguments import is_whole
from btfnet.problem.checks import data_of
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind

_OF_ITEMS = ("inputs", "outputs", "input_kind", "output_kind", "input_names", "output_names", "care")
_WARNING = (
    "Problem(name, network, inputs, outputs, …) is now "
    "Problem(name, network, Items(inputs, outputs, …), n_train)."
)

Init = TypeVar("Init", bound=Callable[..., None])
Method = TypeVar("Method", bound=Callable[..., Any])


def also_from_arrays(init: Init) -> Init:
    """`__init__` of a problem that takes the arguments of before, too, with a warning.

    Arrays beside an `Items` take the place of what it holds: so asks `dataclasses.replace(problem, outputs=…)`.
    """

    @wraps(init)
    def either(self: Any, *given: Any, **named: Any) -> None:
        arrays_given = len(given) > 3 and not isinstance(given[2], Items) and not is_whole(given[3])
        if not arrays_given and not any(word in named for word in _OF_ITEMS):
            return init(self, *given, **named)
        warnings.warn(_WARNING, DeprecationWarning, stacklevel=2)
        return init(self, **(_changed if "items" in named else _former)(*given, **named))

    return either  # type: ignore[return-value]


def also_found(method: Method) -> Method:
    """A method of a problem whose `answers` may be called `found` too, as they were, with a warning."""

    @wraps(method)
    def either(self: Any, *given: Any, **named: Any) -> Any:
        if "found" in named:
            warnings.warn("found= is now answers=.", DeprecationWarning, stacklevel=2)
            named["answers"] = named.pop("found")
        return method(self, *given, **named)

    return either  # type: ignore[return-value]


def _former(
    name: str,
    network: Any,
    inputs: Any,
    outputs: Any,
    input_kind: InputKind = InputKind.BITS,
    output_kind: OutputKind = OutputKind.BITS,
    n_train: int | None = -1,
    input_names: tuple[str, ...] = (),
    output_names: tuple[str, ...] = (),
    care: Any = None,
) -> dict[str, Any]:
    """What `Problem` takes, from what it took; n_train -1 was all items."""
    with data_of(str(name)):
        items = Items(
            inputs, outputs, input_kind, output_kind,
            input_names=input_names, output_names=output_names, care=care,
        )  # fmt: skip
    return {"name": name, "network": network, "items": items, "n_train": None if n_train == -1 else n_train}


def _changed(*, name: str, items: Items, n_train: int | None = None, **named: Any) -> dict[str, Any]:
    changes = {word: named.pop(word) for word in _OF_ITEMS if word in named}
    with data_of(str(name)):
        items = replace(items, **changes)
    return {"name": name, "items": items, "n_train": None if n_train == -1 else n_train, **named}
