"""`Netlist`: the gates of a circuit and their names, as far as the functions below `Circuit` need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import NAMES, TEXT, Wanted, is_list, is_whole, need, said, whole
from btfnet.errors import DataError
from btfnet.logic.gate import LITERALS, Gate
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import Ports


@dataclass(frozen=True, eq=False)
class Netlist:
    """Inputs, gates and outputs, checked: the base of `Circuit`, which says what they mean, and nothing else."""

    n_inputs: int
    gates: tuple[Gate, ...]
    outputs: tuple[int, ...]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    name: str = "circuit"
    training: TrainingFit | None = None

    def __post_init__(self) -> None:
        self._check_kinds()
        object.__setattr__(self, "gates", tuple(self.gates))
        object.__setattr__(self, "outputs", tuple(int(output) for output in self.outputs))
        object.__setattr__(self, "input_names", tuple(self.input_names) or _numbered("x", self.n_inputs))
        object.__setattr__(self, "output_names", tuple(self.output_names) or _numbered("y", self.n_outputs))
        self._check_names()
        self._check_literals()

    @property
    def n_nodes(self) -> int:
        """Inputs and gates."""
        return self.n_inputs + len(self.gates)

    @property
    def n_outputs(self) -> int:
        return len(self.outputs)

    @property
    def ports(self) -> Ports:
        """The names, for rows whose columns have names too."""
        return Ports(self.name, self.input_names, self.output_names)

    def gate(self, node: int) -> Gate:
        """The gate at a node."""
        return self.gates[node - self.n_inputs - 1]

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Gates on the longest path from an input to each node; (n_nodes + 1,), entry 0 unused."""
        level = np.zeros(self.n_nodes + 1, dtype=np.int64)
        for index, gate in enumerate(self.gates):
            below = (level[abs(literal)] for literal in gate.literals)
            level[self.n_inputs + 1 + index] = 1 + max(below, default=-1)
        return level

    @property
    def depth(self) -> int:
        """Gates on the longest path from an input to an output."""
        return int(max((self.levels[abs(output)] for output in self.outputs), default=0))

    def reached(self) -> set[int]:
        """The nodes on which an output depends, and the outputs' own."""
        reached = {abs(output) for output in self.outputs}
        for node in range(self.n_nodes, self.n_inputs, -1):
            if node in reached:
                reached.update(abs(literal) for literal in self.gate(node).literals)
        return reached

    def counts(self) -> dict[str, int]:
        """Gates by kind; negated outputs count as a Not each."""
        kinds = Counter(gate.kind for gate in self.gates)
        inverted = len({output for output in self.outputs if output < 0})
        if inverted:
            kinds["not"] += inverted
        return dict(sorted(kinds.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Netlist) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.n_inputs, self.gates, self.outputs, self.input_names, self.output_names, self.name)

    def _check_kinds(self) -> None:
        """Raise `UsageError` for parts of another kind."""
        need(
            "Circuit",
            name=(self.name, TEXT),
            n_inputs=(self.n_inputs, whole(0)),
            gates=(self.gates, _list_of("a list of Gates", lambda gate: isinstance(gate, Gate))),
            outputs=(self.outputs, _list_of(LITERALS.words, is_whole)),
            input_names=(self.input_names, NAMES),
            output_names=(self.output_names, NAMES),
        )

    def _check_names(self) -> None:
        for what, names, expected in (
            ("input", self.input_names, self.n_inputs),
            ("output", self.output_names, len(self.outputs)),
        ):
            if len(names) != expected or len(set(names)) != expected:
                raise DataError(
                    f"{self.name}: {expected} {what}s need as many distinct names, not {list(names)[:8]}."
                )

    def _check_literals(self) -> None:
        """Raise `DataError` where a literal or an output names no earlier node."""
        for node, gate in enumerate(self.gates, start=self.n_inputs + 1):
            for literal in gate.literals:
                if type(literal) is not int and not is_whole(literal):
                    raise DataError(
                        f"{self.name}: gate {node} has the literal {said(literal)}; give node numbers."
                    )
                if not 1 <= abs(literal) < node:
                    raise DataError(
                        f"{self.name}: gate {node} uses node {abs(literal)}; "
                        f"it may use nodes 1 to {node - 1} only."
                    )
        for index, output in enumerate(self.outputs):
            if not 1 <= abs(output) <= self.n_nodes:
                raise DataError(
                    f"{self.name}: output {index} is node {abs(output)}; nodes are 1 to {self.n_nodes}."
                )


def _list_of(words: str, fits: Callable[[Any], bool]) -> Wanted:
    return Wanted(words, lambda given: is_list(given) and all(map(fits, given)))


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{index}" for index in range(count))


@dataclass(frozen=True, eq=False)
class FlatGates:
    """Gates as `btfnet.kernels.bits.evaluate_gates` reads them.

    gate_start  int64, (n_gates + 1,): where the literals of each gate begin
    literals    int64, signed nodes, (gate_start[-1],)
    at_least    int64, (n_gates,)
    outputs     int64, signed nodes, (n_outputs,)
    """

    n_inputs: int
    gate_start: NDArray[np.int64]
    literals: NDArray[np.int64]
    at_least: NDArray[np.int64]
    outputs: NDArray[np.int64]

    @classmethod
    def of(cls, circuit: Netlist) -> Self:
        """A circuit's gates; thresholds beyond any literal are cut to constants."""
        sizes = np.array([len(gate.literals) for gate in circuit.gates], dtype=np.int64)
        at_least = [min(max(gate.at_least, 0), len(gate.literals) + 1) for gate in circuit.gates]
        return cls(
            circuit.n_inputs,
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.array([literal for gate in circuit.gates for literal in gate.literals], dtype=np.int64),
            np.array(at_least, dtype=np.int64),
            np.array(circuit.outputs, dtype=np.int64),
        )

    def gates(self) -> tuple[Gate, ...]:
        """The gates one by one."""
        literals, starts = self.literals.tolist(), self.gate_start.tolist()
        parts = zip(self.at_least.tolist(), starts, starts[1:], strict=False)
        return tuple(Gate(at_least, tuple(literals[first:last])) for at_least, first, last in parts)
