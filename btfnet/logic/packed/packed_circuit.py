"""`PackedCircuit`: packed gates on rows of bits, by XNOR and popcount."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS, pack_bits, unpack_bits, words_for
from btfnet.kernels.logic.packed import BLOCK, PackedSchedule, predict_rows
from btfnet.logic.packed.gates import PackedGates
from btfnet.logic.simulation.rows import share
from btfnet.matching.row_kinds import pack_rows, unpack_rows


@dataclass(frozen=True, eq=False)
class PackedCircuit:
    """Gates as the kernel reads them, and how many words a row of values has."""

    schedule: PackedSchedule
    n_inputs: int
    row_words: int

    @classmethod
    def of(cls, gates: PackedGates) -> PackedCircuit:
        """Every gate by itself, in order."""
        own, outputs = gates.places[gates.n_inputs :], gates.places[np.abs(gates.outputs) - 1]
        schedule = PackedSchedule(
            at_least=gates.at_least,
            place=own // 64,
            bit=np.uint64(1) << (own % 64).astype(np.uint64),
            start=gates.terms.start,
            word=gates.terms.word,
            plane=gates.terms.plane,
            sign=gates.terms.sign,
            mask=gates.terms.mask,
            out_word=outputs // 64,
            out_shift=(outputs % 64).astype(np.uint64),
            out_flip=(gates.outputs < 0).astype(np.uint64),
        )
        return cls(schedule, gates.n_inputs, gates.row_words)

    @property
    def n_outputs(self) -> int:
        return int(self.schedule.out_word.size)

    def word_rows(self, rows: NDArray[np.uint64], *, threads: int | None = None) -> NDArray[np.uint64]:
        """The outputs for rows of packed bits; (n_items, input words) in, (n_items, output words) out."""
        outputs = np.empty((len(rows), words_for(self.n_outputs)), dtype=np.uint64)

        def run(first: int, last: int) -> None:
            values = np.zeros((self.row_words, BLOCK), dtype=np.uint64)
            count, gathered = np.zeros(BLOCK, np.int64), np.zeros((outputs.shape[1], BLOCK), np.uint64)
            predict_rows(self.schedule, rows[first:last], outputs[first:last], values, count, gathered)

        share(run, len(rows), BLOCK, len(rows) * self.schedule.word.size, threads)
        return outputs

    def rows(
        self, inputs: NDArray[np.uint8], *, low: int = 0, threads: int | None = None
    ) -> NDArray[np.int8]:
        """The outputs for rows of bytes; as `CompiledCircuit.rows`."""
        outputs = unpack_rows(self.word_rows(pack_rows(inputs == 1), threads=threads), self.n_outputs)
        return np.where(outputs, np.int8(1), np.int8(low))

    def words(self, inputs: NDArray[np.uint64], *, threads: int | None = None) -> NDArray[np.uint64]:
        """The outputs for 64 items a word; as `CompiledCircuit.words`."""
        bits = unpack_bits(inputs, WORD_BITS * inputs.shape[1])
        outputs = self.word_rows(pack_rows(bits), threads=threads)
        return pack_bits(unpack_rows(outputs, self.n_outputs))
