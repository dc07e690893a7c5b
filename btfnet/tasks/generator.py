"""`Generator`: a function that makes items, its parameters, and their check."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from btfnet.arguments import similar
from btfnet.errors import UsageError
from btfnet.printable import printable, shown
from btfnet.problem.items import Items

REQUIRED = object()
MAX_ITEMS = 10_000_000

Make = Callable[..., Items]


class MissingPackage(UsageError):
    """A generator needs a package that is not installed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a generator: its type, its range and its help.

    default   `REQUIRED`, or the value used when the parameter is left out (None: the generator decides)
    choices   the only values allowed, for text
    """

    help: str
    kind: type = int
    low: float = 1
    high: float = math.inf
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What a value must be, as the end of a sentence."""
        if self.kind is bool:
            return "true or false"
        if self.choices:
            return " or ".join(f'"{choice}"' for choice in self.choices)
        noun = "a whole number" if self.kind is int else "a number"
        if math.isinf(self.high):
            return f"{noun} of at least {self.low:g}"
        return f"{noun} from {_plain(self.low)} to {_plain(self.high)}"

    def allows(self, value: Any) -> bool:
        if self.kind is bool:
            return isinstance(value, bool)
        if self.choices:
            return value in self.choices
        if isinstance(value, bool) or not isinstance(value, (int, float) if self.kind is float else int):
            return False
        return self.low <= value <= self.high


ITEMS = Parameter("number of items; left out: 10 000, or as many as there are", high=MAX_ITEMS, default=None)


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator. Calling it checks the parameters, then makes the items.

    Raises `UsageError` for an unknown or missing parameter and for a value outside its range.
    """

    name: str
    summary: str
    parameters: Mapping[str, Parameter]
    make: Make

    def __call__(self, rng: np.random.Generator, **given: Any) -> Items:
        return self.make(rng, **self.checked(given))

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters, defaults filled in."""
        for name in given:
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise UsageError(
                    f'generator {self.name}: there is no parameter "{printable(name[:60])}"'
                    f"{similar(name, self.parameters)} Its parameters: {known}."
                )
        values = {}
        for name, parameter in self.parameters.items():
            value = given.get(name, parameter.default)
            if name not in given and value is REQUIRED:
                raise UsageError(
                    f'generator {self.name}: the parameter "{name}" ({parameter.help}) is missing; '
                    f"give it {parameter.expected}."
                )
            if name in given and not parameter.allows(value):
                raise UsageError(
                    f"generator {self.name}: {name} is {shown(value)}, but it must be {parameter.expected} "
                    f"({parameter.help})."
                )
            values[name] = value
        return values


def generator(name: str, **parameters: Parameter) -> Callable[[Make], Generator]:
    """Make a generator of a function `make(rng, *, …) -> Items`; its docstring's first line is the summary."""

    def of(make: Make) -> Generator:
        return Generator(name, (inspect.getdoc(make) or "").partition("\n")[0], parameters, make)

    return of


def _plain(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 and number != int(number) else f"{int(number)}"
