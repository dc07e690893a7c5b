"""Which input is which: circuits are compared by position, and names may say otherwise."""

from __future__ import annotations

from dataclasses import replace

from btfnet.circuit.core import Circuit, Gate
from btfnet.errors import DataError


def named_otherwise(a: Circuit, b: Circuit) -> bool:
    """Whether inputs or outputs of b are named as those of a, but stand in another order."""
    pairs = ((a.input_names, b.input_names), (a.output_names, b.output_names))
    return any(first != second and set(first) == set(second) for first, second in pairs)


def ordered_as(a: Circuit, b: Circuit) -> Circuit:
    """b with its inputs and outputs in the order of a's names. Raises `DataError` when the names differ."""
    for what, first, second in (
        ("inputs", a.input_names, b.input_names),
        ("outputs", a.output_names, b.output_names),
    ):
        missing = [name for name in first if name not in set(second)]
        extra = [name for name in second if name not in set(first)]
        if missing or extra:
            lone = f"{b.name} has none named {missing[0]!r}" if missing else f"only {b.name} has {extra[0]!r}"
            raise DataError(
                f"{a.name} and {b.name}: their {what} cannot be matched by name, because {lone}.\n"
                f"Compare by position, or give both the same names."
            )
    place = {name: index + 1 for index, name in enumerate(a.input_names)}
    node = [0, *(place[name] for name in b.input_names), *range(b.n_inputs + 1, b.n_nodes + 1)]

    def moved(literal: int) -> int:
        return -node[-literal] if literal < 0 else node[literal]

    output_of = dict(zip(b.output_names, b.outputs, strict=True))
    return replace(
        b,
        gates=tuple(Gate(gate.at_least, tuple(map(moved, gate.literals))) for gate in b.gates),
        outputs=tuple(moved(output_of[name]) for name in a.output_names),
        input_names=a.input_names,
        output_names=a.output_names,
    )
