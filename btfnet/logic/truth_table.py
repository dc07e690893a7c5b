"""`Table`: a truth table as cubes with don't cares, however many inputs it has; and the circuits that it means.

A cube is an input row in which some bits may be either. Nothing here ever lists the inputs of a cube.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit, Gate

FALSE, TRUE, EITHER = 0, 1, 2
"""The signs of a cube."""
ON, OFF, OPEN = 1, 2, 4
"""The sets into which a line puts an output, as bits: true, false, does not count."""


@dataclass(frozen=True, eq=False)
class Table:
    """For every input and output: true (ON), false (OFF), or a value that does not count (OPEN).

    cubes    uint8, (n_lines, n_inputs): FALSE, TRUE, EITHER
    marks    uint8, (n_lines, n_outputs): ON | OFF | OPEN, 0 where a line says nothing about an output
    rest     ON, OFF or OPEN: where no line puts an output anywhere
    parity   an output is true where an odd number of lines puts it into ON (a sum of exclusive Ors)
    lines    where each line stands in its file, for messages
    input_names, output_names   distinct names, or empty
    source   what the file calls such a table, for messages: "type fd"

    OPEN wins over ON and OFF. Lines that put an output into ON and OFF contradict each other where they meet
    outside OPEN; `btfnet.logic.proof.tables.contradiction_of` finds them.
    """

    cubes: NDArray[np.uint8]
    marks: NDArray[np.uint8]
    rest: int
    lines: tuple[int, ...]
    parity: bool = False
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    name: str = "table"
    source: str = ""

    @property
    def n_inputs(self) -> int:
        return self.cubes.shape[1]

    @property
    def n_outputs(self) -> int:
        return self.marks.shape[1]

    @property
    def n_lines(self) -> int:
        return len(self.cubes)

    @cached_property
    def n_either(self) -> NDArray[np.int64]:
        """How many inputs each line leaves open; a line with d of them covers 2^d inputs; (n_lines,)."""
        return np.asarray((self.cubes == EITHER).sum(axis=1, dtype=np.int64))

    @property
    def has_open(self) -> bool:
        """Whether the table may leave an output open somewhere."""
        return self.rest == OPEN or bool((self.marks & OPEN).any())

    def output_name(self, output: int) -> str:
        return self.output_names[output] if self.output_names else f"y{output}"

    def said(self, inputs: NDArray[np.bool_], output: int) -> tuple[int, ...]:
        """The lines of the file that put an output somewhere for this input; (n_inputs,) bool."""
        meets = ((self.cubes == EITHER) | (self.cubes == inputs)).all(axis=1)
        return tuple(self.lines[line] for line in np.flatnonzero(meets & (self.marks[:, output] != 0)))

    def circuit(self) -> Circuit:
        """What the table says, as a circuit of one And a cube and one Or an output.

        Where an output does not count, the circuit is true only if some line puts it into ON as well.
        """
        if not self.parity:
            return self.cover(OFF, negated=True) if self.rest == ON else self.cover(ON)
        gates = _Gates(self)
        return self._named(gates, [gates.odd(gates.cubes(output, ON)) for output in range(self.n_outputs)])

    def cover(self, sets: int, *, negated: bool = False) -> Circuit:
        """A circuit that is true, or false, where some line puts an output into one of the sets."""
        gates, sign = _Gates(self), -1 if negated else 1
        covered = (gates.any_of(gates.cubes(output, sets)) for output in range(self.n_outputs))
        return self._named(gates, [sign * node for node in covered])

    def dont_care(self) -> Circuit | None:
        """A circuit that is true where an output does not count; None where all do."""
        if not self.has_open:
            return None
        gates, outputs = _Gates(self), []
        for output in range(self.n_outputs):
            open_here = gates.any_of(gates.cubes(output, OPEN))
            if self.rest == OPEN:
                unsaid = -gates.any_of(gates.cubes(output, ON | OFF))
                open_here = gates.any_of([open_here, unsaid])
            outputs.append(open_here)
        return self._named(gates, outputs)

    def _named(self, gates: _Gates, outputs: list[int]) -> Circuit:
        return Circuit(
            self.n_inputs,
            tuple(gates.gates),
            tuple(outputs),
            self.input_names,
            self.output_names,
            self.name,
        )


class _Gates:
    """Gates in the making; equal cubes are one node."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.gates: list[Gate] = []
        self._known: dict[bytes | tuple[int, ...], int] = {}

    def cubes(self, output: int, sets: int) -> list[int]:
        """The nodes of all lines that put an output into one of the sets, in their order."""
        table = self._table
        chosen = np.flatnonzero(table.marks[:, output] & sets)
        return [self._cube(table.cubes[line]) for line in chosen.tolist()]

    def any_of(self, nodes: list[int]) -> int:
        """The literal of their disjunction; false without any."""
        nodes = list(dict.fromkeys(nodes))
        return nodes[0] if len(nodes) == 1 else self._gate(1, tuple(nodes))

    def odd(self, nodes: list[int]) -> int:
        """True where an odd number of the literals is; as a tree, so that it is not deep."""
        while len(nodes) > 1:
            pairs = [self._xor(a, b) for a, b in zip(nodes[::2], nodes[1::2], strict=False)]
            nodes = pairs + nodes[2 * len(pairs) :]
        return nodes[0] if nodes else self.any_of([])

    def _cube(self, signs: NDArray[np.uint8]) -> int:
        key = signs.tobytes()
        if key not in self._known:
            held = np.flatnonzero(signs != EITHER)
            literals = tuple(np.where(signs[held] == TRUE, held + 1, -held - 1).tolist())
            self._known[key] = literals[0] if len(literals) == 1 else self._gate(len(literals), literals)
        return self._known[key]

    def _xor(self, a: int, b: int) -> int:
        return self._gate(1, (self._gate(2, (a, -b)), self._gate(2, (-a, b))))

    def _gate(self, at_least: int, literals: tuple[int, ...]) -> int:
        """A node for a gate; (0, ()) is the constant true, (1, ()) the constant false."""
        key = (at_least, *literals)
        if key not in self._known:
            self.gates.append(Gate(at_least, literals))
            self._known[key] = self._table.n_inputs + len(self.gates)
        return self._known[key]
