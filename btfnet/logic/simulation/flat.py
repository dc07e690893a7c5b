"""`FlatCircuit`: a circuit as flat arrays, run gate by gate. Nothing is prepared, so it is first for few items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS, evaluate_gates, pack_bits, unpack_bits
from btfnet.kernels.logic.bit_transpose import pack_rows, unpack_rows
from btfnet.logic.netlist import FlatGates
from btfnet.logic.simulation.rows import row_scratch, share

BLOCK = 64
"""Words that all gates run on before the next ones: 4096 items, whose values mostly fit the second-level cache."""


class FlatCircuit(FlatGates):
    """Flat gates that are run."""

    def node_words(self, inputs: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """The value of every node; (n_inputs, n_words) in, (n_nodes + 1, n_words) out, row 0 constant false.

        Pad bits of gates are arbitrary; see `btfnet.kernels.bits`.
        """
        values = self._memory(inputs.shape[1])
        values[1 : self.n_inputs + 1] = inputs
        self._evaluate(values)
        return values

    def words(self, inputs: NDArray[np.uint64], *, threads: int | None = None) -> NDArray[np.uint64]:
        """The outputs for 64 items a word; as `CompiledCircuit.words`."""
        n_words = inputs.shape[1]
        outputs = np.empty((len(self.outputs), n_words), dtype=np.uint64)
        nodes, flips = self._output_rows()

        def run(first: int, last: int) -> None:
            for start in range(first, last, BLOCK):
                block = slice(start, min(start + BLOCK, last))
                outputs[:, block] = self.node_words(inputs[:, block])[nodes] ^ flips[:, None]

        share(run, n_words, BLOCK, n_words * len(self.literals), threads)
        return outputs

    def rows(
        self, inputs: NDArray[np.uint8], *, low: int = 0, threads: int | None = None
    ) -> NDArray[np.int8]:
        """The outputs for rows of bytes; as `CompiledCircuit.rows`."""
        n_items = len(inputs)
        if n_items < WORD_BITS * BLOCK:  # few items need not wait for more kernels
            bits = unpack_bits(self.words(pack_bits(inputs == 1), threads=threads), n_items)
            return np.where(bits, np.int8(1), np.int8(low))
        outputs = np.empty((n_items, len(self.outputs)), dtype=np.uint8)
        nodes, flips = self._output_rows()

        def run(first: int, last: int) -> None:
            values, false = self._memory(BLOCK), np.uint8(low & 255)
            scratch = [row_scratch(array.shape[1]) for array in (inputs, outputs)]
            for start in range(first, last, WORD_BITS * BLOCK):
                stop = min(start + WORD_BITS * BLOCK, last)
                pack_rows(inputs, start, stop, values[1:], scratch[0])
                self._evaluate(values)
                unpack_rows(values, nodes, flips, false, outputs, start, stop, scratch[1])

        share(run, n_items, WORD_BITS * BLOCK, n_items // WORD_BITS * len(self.literals), threads)
        return outputs.view(np.int8)

    def _memory(self, n_words: int) -> NDArray[np.uint64]:
        values = np.empty((self.n_inputs + len(self.at_least) + 1, n_words), dtype=np.uint64)
        values[0] = 0
        return values

    def _evaluate(self, values: NDArray[np.uint64]) -> None:
        evaluate_gates(self.n_inputs, self.gate_start, self.literals, self.at_least, values)

    def _output_rows(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """The node of each output, and all ones where it is negated."""
        flips = np.where(self.outputs < 0, ~np.uint64(0), np.uint64(0))
        return np.abs(self.outputs), flips
