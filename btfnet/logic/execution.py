"""`Executor`: which of three forms of a circuit runs the rows at hand. This is decided here and nowhere else.

    FlatCircuit      gate by gate, 64 items a word; nothing to prepare
    CompiledCircuit  steps of three operands; two to three times faster, but lowering takes 20 µs for each literal
    PackedCircuit    XNOR and popcount, an item a row; for gates of many literals

All compute the same. What is made stays, so the second call does not pay again.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import need, optional, whole
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.netlist import Netlist
from btfnet.logic.packed.gates import PackedGates
from btfnet.logic.packed.packed_circuit import PackedCircuit
from btfnet.logic.simulation.compiled import CompiledCircuit
from btfnet.logic.simulation.flat import FlatCircuit
from btfnet.logic.simulation.rows import as_bytes, check_width, kind_of_bytes
from btfnet.matching.frames import input_rows
from btfnet.matching.row_kinds import Kind, checked_kind, checked_words, pack_rows, unpack_rows
from btfnet.problem.packed_bits import PackedBits

WIDE = 128
"""Literals per gate from which XNOR and popcount are faster than counting in bit planes: some 65 where outputs are
few, 160 where half of the gates are outputs."""
COMPILED_ROWS = 1 << 21
"""Rows after which compiling has paid for itself. Both what it costs and what it saves grow with the literals, so
that it is 2 to 3 million rows whatever the gates, of 5 literals or of 97 (0.3 million of 3)."""
PACKED_ROWS = 1 << 15
"""Rows after which packing a circuit has paid for itself: 16 to 70 thousand, with 400 to 200 literals a gate."""

Runnable = FlatCircuit | CompiledCircuit | PackedCircuit


class Executor:
    """Runs a circuit or a packed model.

    Of rows that come in many calls nobody knows how many will follow, so the dearer form is made once the rows so
    far would have paid for it: at most twice the least time, whatever comes. Measured by
    scripts/benchmarks/executors.py.
    """

    def __init__(self, source: Netlist | PackedGates) -> None:
        self.source, self.n_rows = source, 0
        if isinstance(source, PackedGates):
            n_literals = int(source.terms.totals().sum())
            self.literals_per_gate = n_literals / max(1, source.n_gates)
        else:
            n_literals = sum(len(gate.literals) for gate in source.gates)
            self.literals_per_gate = n_literals / max(1, len(source.gates))

    def choose(self, n_rows: int) -> Runnable:
        """The form for so many rows more."""
        before, self.n_rows = self.n_rows, self.n_rows + n_rows
        if self.literals_per_gate >= WIDE:
            at_hand = isinstance(self.source, PackedGates) or "packed" in self.__dict__
            return self.packed if at_hand or self.n_rows >= PACKED_ROWS else self.flat
        # Of threads that run pieces at the same time the one that crosses the mark compiles; others go on.
        if "compiled" in self.__dict__ or before < COMPILED_ROWS <= self.n_rows:
            return self.compiled
        return self.flat

    @cached_property
    def flat(self) -> FlatCircuit:
        return (
            self.source.flat(FlatCircuit)
            if isinstance(self.source, PackedGates)
            else FlatCircuit.of(self.source)
        )

    @cached_property
    def compiled(self) -> CompiledCircuit:
        source, flat = self.source, self.flat
        if isinstance(source, PackedGates):
            source = Netlist(flat.n_inputs, flat.gates(), tuple(flat.outputs.tolist()), name=source.name)
        return CompiledCircuit.of(source)

    @cached_property
    def packed(self) -> PackedCircuit:
        source = self.source
        return PackedCircuit.of(source if isinstance(source, PackedGates) else PackedGates.pack(source))

    def words(self, inputs: NDArray[np.uint64], *, threads: int | None = None) -> NDArray[np.uint64]:
        """The outputs for 64 items a word; (n_inputs, n_words) in, (n_outputs, n_words) out.

        threads   at most so many, one for each core by default; results do not depend on it
        Pad bits are arbitrary.
        """
        return self.choose(64 * inputs.shape[1]).words(inputs, threads=threads)

    def rows(
        self, inputs: NDArray[np.uint8], *, low: int = 0, threads: int | None = None
    ) -> NDArray[np.int8]:
        """The outputs for rows of bytes; (n_items, n_inputs) in, (n_items, n_outputs) int8 out.

        inputs    1 is true; 0 and 255 (-1 as int8) are false; other bytes are not looked for
        low       what false is in the outputs: 0 or -1
        """
        return self.choose(len(inputs)).rows(inputs, low=low, threads=threads)

    def predict(
        self, inputs: ArrayLike, *, kind: Kind | None = None, threads: int | None = None
    ) -> NDArray[Any]:
        """Outputs for rows of any kind, of the same kind; see `Circuit.predict` and `PackedModel.predict`."""
        kind = checked_kind(kind)
        need("predict", threads=(threads, optional(whole(1, 4096))))
        ports, n_inputs = self.source.ports, self.source.n_inputs
        if isinstance(inputs, PackedBits):
            if kind in (None, "bool"):
                check_width(ports, inputs.shape[1])
                return self._packed(inputs, threads)
            inputs = np.asarray(inputs)
        inputs = input_rows(inputs, ports)
        if kind == "words" or (kind is None and getattr(inputs, "dtype", None) == np.uint64):
            return self._word_rows(checked_words(inputs, n_inputs, ports.side), threads)
        rows = as_bytes(inputs, f"{ports.side}: inputs")
        check_width(ports, rows.shape[1])
        kind = kind or kind_of_bytes(inputs, rows)
        outputs = self.rows(rows, low=-1 if kind == "signs" else 0, threads=threads)
        return outputs.view(np.bool_) if kind == "bool" else outputs

    def _packed(self, inputs: PackedBits, threads: int | None) -> NDArray[np.bool_]:
        outputs = unpack_bits(self.words(inputs.column_words, threads=threads), inputs.n_items)
        return np.ascontiguousarray(outputs)

    def _word_rows(self, rows: NDArray[np.uint64], threads: int | None) -> NDArray[np.uint64]:
        """Rows of packed words, which one of the forms takes as they are."""
        form = self.choose(len(rows))
        if isinstance(form, PackedCircuit):
            return form.word_rows(rows, threads=threads)
        bits = unpack_rows(rows, self.source.n_inputs)
        return pack_rows(form.rows(bits.view(np.uint8), threads=threads) == 1)
