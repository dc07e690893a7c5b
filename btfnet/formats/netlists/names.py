"""Names for other languages: kept where the language allows them, changed as little as possible elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from btfnet.logic.circuit import Circuit


def port_names(circuit: Circuit, clean: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """Names of the inputs and of the outputs, all distinct, each a fixed point of `clean`.

    clean    turns any string into a legal name, and a legal name into itself
    A legal name is kept unless an input has it already; where names meet, `_2`, `_3`, … follow.
    """
    wanted = [*circuit.input_names, *circuit.output_names]
    given: list[str | None] = [None] * len(wanted)
    taken = _Taken()
    for index, name in enumerate(wanted):
        if clean(name) == name and name not in taken.names:
            given[index] = name
            taken.names.add(name)
    names = [taken.free(clean(wanted[i])) if name is None else name for i, name in enumerate(given)]
    return names[: circuit.n_inputs], names[circuit.n_inputs :]


def completed(names: Sequence[str | None], letter: str) -> tuple[str, ...]:
    """A file's distinct names, completed by x0, y1, … (letter and position); () when it gives none at all.

    A name that is taken is followed by `_2`, `_3`, ….
    """
    if all(name is None for name in names):
        return ()
    taken = _Taken(name for name in names if name is not None)
    return tuple(taken.free(f"{letter}{index}") if name is None else name for index, name in enumerate(names))


def distinct(names: Sequence[str]) -> list[str]:
    """The names, each as it is where it stands first; a later one that is taken is followed by `_2`, `_3`, …."""
    taken, unique = _Taken(names), list[str]()
    seen = set[str]()
    for name in names:
        unique.append(taken.free(name) if name in seen else name)
        seen.add(name)
    return unique


class _Taken:
    """Names that are taken; they are never given back, so that the numbers behind a name only grow."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = set(names)
        self._last: dict[str, int] = {}

    def free(self, name: str) -> str:
        """The name, or the name with the first number behind it that is free; from now on it is taken."""
        free, number = name, self._last.get(name, 1)
        while free in self.names:
            number += 1
            free = f"{name}_{number}"
        self._last[name] = number
        self.names.add(free)
        return free


def wire_prefix(taken: Sequence[str]) -> str:
    """A prefix that makes, with a number after it, none of the names taken."""
    prefix = "n"
    while any(re.match(f"{prefix}[0-9]", name) for name in taken):
        prefix += "_"
    return prefix


def remarks(circuit: Circuit, inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """What a netlist's comments say, one line each: training bits that are wrong, ports renamed."""
    known = [] if circuit.training is None else [str(circuit.training)]
    return [*known, *renamed(circuit, inputs, outputs)]


def renamed(circuit: Circuit, inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """One sentence, free of line breaks, for every port whose name had to change."""
    pairs = [("input", old, new) for old, new in zip(circuit.input_names, inputs, strict=True)]
    pairs += [("output", old, new) for old, new in zip(circuit.output_names, outputs, strict=True)]
    return [f"{what} {old!a} is named {new} here" for what, old, new in pairs if old != new]
