"""`Naming`: what is known while a circuit is named, the time that is left, and proofs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from btfnet.explaining.function import MOST_INPUTS, Function
from btfnet.explaining.identity import BY_SAT, Identity, Single, on_all
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.deadline import Deadline, OutOfTime
from btfnet.logic.proof.equivalence import prove_equal

Bits = NDArray[np.bool_]
SCREENED = 256
LEAST_SECONDS = 0.001


@dataclass(eq=False)
class Naming:
    """A circuit that is being named.

    functions  each output with the inputs below it
    singles    what single outputs are by themselves
    rows       inputs at which rare values occur
    found      names, proven
    complete   False once anything was left out because of the time
    """

    circuit: Circuit
    functions: list[Function]
    deadline: Deadline
    singles: dict[int, Single] = field(default_factory=dict)
    rows: list[Bits] = field(default_factory=list)
    found: list[Identity] = field(default_factory=list)
    complete: bool = True

    def waiting(self) -> list[int]:
        """Outputs that have no name yet; a name by themselves alone does not count."""
        named = {output for each in self.found for output in each.outputs}
        return [output for output in range(self.circuit.n_outputs) if output not in named]

    def is_trivial(self, output: int) -> bool:
        """Whether an output is a constant or an input."""
        return output in self.singles and self.singles[output].is_trivial

    def support(self, output: int) -> tuple[int, ...]:
        """The inputs on which an output depends; of a wide one all that are below it."""
        function = self.functions[output]
        return function.reduced[0] if function.is_small else function.inputs

    def names_of(self, outputs: Sequence[int]) -> list[str]:
        return [self.circuit.output_names[output] for output in outputs]

    def row(self, inputs: Sequence[int], values: Sequence[bool] | Bits) -> Bits:
        """A row of all inputs from the values of some; the others are false."""
        row = np.zeros(self.circuit.n_inputs, dtype=bool)
        row[list(inputs)] = values
        return row

    def screen(self) -> Bits:
        """Inputs on which candidates are tried: all of few inputs, else random ones and rare ones."""
        n = self.circuit.n_inputs
        if n <= 8:
            return (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(bool)
        rows = np.random.default_rng(0).random((SCREENED, n)) < 0.5
        return np.concatenate([rows, *[row[None] for row in self.rows[-SCREENED:]]])

    def until(self, part: float) -> Callable[[], bool]:
        """A question whether this part of the time that is left is over."""
        share = Deadline(max(LEAST_SECONDS, part * self.deadline.left))

        def over() -> bool:
            if share.over:
                self.complete = False
            return share.over

        return over

    def equal(self, first: Circuit, second: Circuit, deadline: Deadline | None = None) -> bool:
        """Whether two circuits are proven equal. Raises `OutOfTime` where there is no time left to ask."""
        deadline = deadline or self.deadline
        if deadline.left < LEAST_SECONDS:
            raise OutOfTime
        method = "exhaustive" if first.n_inputs <= MOST_INPUTS else "sat"
        equal = prove_equal(first, second, time_limit=deadline.left, method=method).equal
        if equal is None:
            self.complete = False
        return equal is True


def over_these(circuit: Circuit, inputs: Sequence[int]) -> Circuit | None:
    """A circuit as one over some of its inputs; None where it hears others."""
    new = {index + 1: place for place, index in enumerate(inputs, start=1)}
    if any(node <= circuit.n_inputs and node not in new for node in circuit.reached()):
        return None
    fewer = circuit.n_inputs - len(inputs)
    places = [
        new.get(node, 0) if node <= circuit.n_inputs else node - fewer for node in range(circuit.n_nodes + 1)
    ]
    outputs = tuple(places[abs(x)] if x > 0 else -places[abs(x)] for x in circuit.outputs)
    return Circuit(len(inputs), tuple(gate.over(places) for gate in circuit.gates), outputs)


def how(function: Function) -> str:
    """How a name is proven that was compared on all inputs below the outputs."""
    return on_all(len(function.inputs)) if function.is_small else BY_SAT
