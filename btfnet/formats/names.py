"""Names for other languages: kept where the language allows them, changed as little as possible elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from btfnet.circuit import Circuit


def port_names(circuit: Circuit, clean: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """Names of the inputs and of the outputs, all distinct, each a fixed point of `clean`.

    clean    turns any string into a legal name, and a legal name into itself
    A legal name is kept unless an input has it already; where names meet, `_2`, `_3`, … follow.
    """
    wanted = [*circuit.input_names, *circuit.output_names]
    given: list[str | None] = [None] * len(wanted)
    taken: set[str] = set()
    for index, name in enumerate(wanted):
        if clean(name) == name and name not in taken:
            given[index] = name
            taken.add(name)
    names = [_free(clean(wanted[i]), taken) if name is None else name for i, name in enumerate(given)]
    return names[: circuit.n_inputs], names[circuit.n_inputs :]


def completed(names: Sequence[str | None], letter: str) -> tuple[str, ...]:
    """A file's distinct names, completed by x0, y1, … (letter and position); () when it gives none at all.

    A name that is taken is followed by `_2`, `_3`, ….
    """
    if all(name is None for name in names):
        return ()
    taken = {name for name in names if name is not None}
    return tuple(
        _free(f"{letter}{index}", taken) if name is None else name for index, name in enumerate(names)
    )


def distinct(names: Sequence[str]) -> list[str]:
    """The names, each as it is where it stands first; a later one that is taken is followed by `_2`, `_3`, …."""
    taken, found = set(names), list[str]()
    seen = set[str]()
    for name in names:
        found.append(_free(name, taken) if name in seen else name)
        seen.add(name)
    return found


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
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
