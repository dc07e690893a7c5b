"""`PackedModel`: a circuit as bit masks and thresholds, as it is saved."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import a, need
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit
from btfnet.logic.netlist import FlatGates
from btfnet.logic.packed.effort import Effort, effort_of
from btfnet.logic.packed.gates import PackedGates
from btfnet.logic.packed.sharing import SharedGates, Unit, share

if TYPE_CHECKING:
    from btfnet.logic.execution import Executor
    from btfnet.matching.row_kinds import Kind

FREE_LITERALS = 1 << 20
"""So many literals a circuit may always have, and beyond that …"""
LITERALS_PER_BIT = 16
"""… so many for each weight bit of the model: a few bytes may not ask for gigabytes."""


class PackedModel(PackedGates):
    """Threshold gates in layers, their ±1/0 weights as bit masks.

        model = btfnet.PackedModel.from_circuit(circuit)
        model.predict([[0, 1, 1, 0]])

    layers    int64, (n_layers,): gates of each layer; a layer's gates use inputs and earlier layers only
    at_least  int64, (n_gates,): so many literals must be true; 0 to total + 1, which are true and false
    terms     the weights, as `btfnet.logic.packed.weights` explains them; integer weights are planes 1, 2, 4, …
    outputs   int64, (n_outputs,): signed nodes as in `Circuit`: inputs from 1 on, then the gates
    training  how far it reproduces its training items, as of `Circuit`; models that differ in it alone are equal

    The values of an item are one row of bits: first the inputs, then each layer, from a new word on.
    Raises `DataError` when these do not fit together.
    """

    @classmethod
    def from_circuit(cls, circuit: Circuit) -> PackedModel:
        """The same function: gates by level, a node's literals of one gate summed to one weight.

        Raises `DataError` for a weight of 2^32 or more.
        """
        need("from_circuit", circuit=(circuit, a(Circuit)))
        return cls.pack(circuit)

    def to_circuit(self) -> Circuit:
        """The circuit, gates in the order of the layers; an integer weight is a repeated literal.

        Raises `DataError` when large weights make it more than 2^20 + 16 · (weight bits) literals.
        """
        n_literals, bits = int(self.terms.totals().sum()), int(np.bitwise_count(self.terms.mask).sum())
        most = FREE_LITERALS + LITERALS_PER_BIT * bits
        if n_literals > most:
            raise DataError(
                f"{self.name}: as a circuit it has {n_literals} literals, since weights become repeated "
                f"literals; at most {most} are made. Use the packed model."
            )
        outputs = tuple(self.outputs.tolist())
        names = (self.input_names, self.output_names, self.name)
        return Circuit(self.n_inputs, self.flat(FlatGates).gates(), outputs, *names, self.training)

    def predict(
        self, rows: ArrayLike, *, kind: Kind | None = None, threads: int | None = None
    ) -> NDArray[Any]:
        """Outputs for rows of inputs, of the same kind.

        rows     (n_items, n_inputs): bool, 0/1 or ±1; or packed words: uint64, (n_items, ceil(n_inputs / 64)),
                 input j is bit j % 64 of word j // 64; or a data frame
        kind     "bool", "bits" (0/1), "signs" (±1) or "words"; when not given: words for uint64, bool for bool,
                 signs where a -1 stands, else bits
        threads  the items are shared out among at most so many, one for each core by default
        Returns bool; int8 0/1 or ±1; or words, (n_items, ceil(n_outputs / 64)), pad bits 0.

        Raises `DataError` when the rows are of another kind or width, `UsageError` for another kind's name.
        """
        return self.executor.predict(rows, kind=kind, threads=threads)

    @cached_property
    def executor(self) -> Executor:
        """What runs the model; made at the first use."""
        from btfnet.logic.execution import (
            Executor,  # the compiler, for which those who only convert need not wait
        )

        return Executor(self)

    def shared(self, unit: Unit = "bit") -> SharedGates:
        """The gates of a layer computed from one another, counted; see `btfnet.logic.packed.sharing`.

        unit  what the spanning tree saves: "bit" (weights that differ: hardware) or "word" (terms: processors)
        """
        return share(self, unit)

    def effort(self) -> Effort:
        """The arithmetic of one prediction."""
        return effort_of(self.terms, self.at_least)
