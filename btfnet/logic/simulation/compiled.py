"""`CompiledCircuit`: a circuit compiled for evaluation on many items, by one thread or several.

The steps of an XMG run over blocks of items so small that all values still needed lie in the first-level cache:
a row of the block's memory is given to another value as soon as nobody reads its last one any more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS
from btfnet.kernels.logic.program import LANES, OP_NUMBER, UNROLL, ProgramArrays, run_rows, run_words
from btfnet.logic.netlist import Netlist
from btfnet.logic.simulation.rows import row_scratch, share
from btfnet.logic.simulation.xmg import Step, Xmg, lower

CACHE_BYTES = 24 * 1024
"""What the values of a block may take of a first-level cache of 32 KiB or more."""
LEAST_WORDS, MOST_WORDS = LANES * UNROLL, 256
"""Words of a block: below, reading a step would take longer than running it; above, nothing is gained."""


@dataclass(frozen=True, eq=False)
class CompiledCircuit:
    """A compiled circuit.

    n_rows   rows of values that are alive at once
    n_words  words of a block
    """

    arrays: ProgramArrays
    n_rows: int
    n_words: int

    @classmethod
    def of(cls, circuit: Netlist) -> CompiledCircuit:
        """Compile a circuit: some 20 µs for each literal (scripts/benchmarks/executors.py)."""
        return cls.from_steps(lower(circuit))

    @classmethod
    def from_steps(cls, steps: Xmg) -> CompiledCircuit:
        arrays, n_rows = _allocated(steps)
        fitting = CACHE_BYTES // (8 * n_rows) // LEAST_WORDS * LEAST_WORDS
        return cls(arrays, n_rows, min(max(fitting, LEAST_WORDS), MOST_WORDS))

    @property
    def n_steps(self) -> int:
        return len(self.arrays.ops)

    def words(self, inputs: NDArray[np.uint64], *, threads: int | None = None) -> NDArray[np.uint64]:
        """The outputs for 64 items a word; (n_inputs, n_words) in, (n_outputs, n_words) out.

        threads   at most so many, one for each core by default; results do not depend on it
        Pad bits are arbitrary.
        """
        inputs = np.ascontiguousarray(inputs, dtype=np.uint64)
        n_words = inputs.shape[1]
        outputs = np.empty((len(self.arrays.output_rows), n_words), dtype=np.uint64)

        def part(first: int, last: int) -> None:
            run_words(self.arrays, inputs, outputs, first, last, self._scratch())

        share(part, n_words, self.n_words, n_words * self.n_steps, threads)
        return outputs

    def rows(
        self, inputs: NDArray[np.uint8], *, low: int = 0, threads: int | None = None
    ) -> NDArray[np.int8]:
        """The outputs for rows of bytes; (n_items, n_inputs) in, (n_items, n_outputs) int8 out.

        inputs    1 is true; 0 and 255 (-1 as int8) are false; other bytes are not looked for
        low       what false is in the outputs: 0 or -1
        """
        inputs = np.ascontiguousarray(inputs)
        outputs = np.empty((len(inputs), len(self.arrays.output_rows)), dtype=np.uint8)

        def part(first: int, last: int) -> None:
            scratch = tuple(row_scratch(array.shape[1]) for array in (inputs, outputs))
            run_rows(self.arrays, inputs, outputs, np.uint8(low & 255), first, last, self._scratch(), scratch)

        words = len(inputs) // WORD_BITS
        share(part, len(inputs), WORD_BITS * self.n_words, words * self.n_steps, threads)
        return outputs.view(np.int8)

    def _scratch(self) -> NDArray[np.uint64]:
        """Memory for a block's values that begins where a vector may."""
        size = self.n_rows * self.n_words
        memory = np.zeros(size + LANES, dtype=np.uint64)
        start = -(memory.ctypes.data // 8) % LANES
        return memory[start : start + size].reshape(self.n_rows, self.n_words)


def _allocated(steps: Xmg) -> tuple[ProgramArrays, int]:
    """The steps with rows for values, and how many rows that takes."""
    work = list(steps.steps)
    outputs = [literal >> 1 for literal in steps.outputs]
    first, constant = steps.n_inputs + 1, steps.n_inputs + 1 + len(work)
    if 0 in outputs:
        work.append(Step("false", ()))
        outputs = [value or constant for value in outputs]
    last_use = dict.fromkeys(outputs, len(work))
    for index, step in reversed(list(enumerate(work))):
        for value in step.operands:
            last_use.setdefault(value, index)
    row_of = {value: value - 1 for value in range(1, first)}
    free = [row_of[value] for value in range(first - 1, 0, -1) if value not in last_use]
    n_rows, table = steps.n_inputs, []
    for index, step in enumerate(work):
        operands = [row_of[value] for value in step.operands]
        free += {row_of[value] for value in step.operands if last_use[value] == index}
        if not free:
            free, n_rows = [n_rows], n_rows + 1
        row = row_of[first + index] = free.pop()
        table.append([*operands, *[operands[0] if operands else row] * (3 - len(operands)), row])
    arrays = ProgramArrays(
        steps.n_inputs,
        np.array([OP_NUMBER[step.op] for step in work], dtype=np.int64),
        np.array(table, dtype=np.int64).reshape(-1, 4),
        np.array([row_of[value] for value in outputs], dtype=np.int64),
        np.array([-(literal & 1) & (1 << 64) - 1 for literal in steps.outputs], dtype=np.uint64),
    )
    return arrays, max(n_rows, 1)
