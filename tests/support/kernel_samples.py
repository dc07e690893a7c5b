"""The records that the kernels of gate descent take, on random gates, and what they say in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from btfnet.engines.descent.buffers import buffers_for
from btfnet.engines.descent.cuts import narrow_cuts
from btfnet.engines.descent.state import gate_of, no_gates, slots_for, whole_vectors
from btfnet.halting import Halt
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.kernels.descent.best_gate import random_gate
from btfnet.kernels.descent.breakout import ItemWeights
from btfnet.kernels.descent.gate_arrays import GateArrays, Shape, WalkBuffers, evaluate, literals_for
from btfnet.problem.network import Network


def booleans(seed, *shape):
    return np.random.default_rng(seed).random(shape) < 0.5


def rows_of(bits):
    """Columns of Booleans as rows of whole vectors."""
    words = pack_bits(bits)
    return np.pad(words, ((0, 0), (0, whole_vectors(words.shape[1]) - words.shape[1])))


@dataclass
class GatesOnItems:
    """A network with a gate at every node, evaluated on items. No item is repeated."""

    network: Network
    n_items: int
    shape: Shape
    gates: GateArrays
    work: WalkBuffers
    item_weights: ItemWeights
    rng: np.random.Generator

    @classmethod
    def of(cls, network, inputs, outputs, seed, *, sigma=3.0, care=None, most_seen=2**31):
        everywhere = np.ones(outputs.shape, dtype=bool)
        shape = Shape(
            n_inputs=network.n_inputs,
            first_output=network.output_nodes.start,
            sigma=int(sigma),
            fan_in_start=network.fan_in_start,
            fan_in=network.fan_in,
            targets=rows_of(outputs),
            care=rows_of(everywhere if care is None else care),
            cuts=narrow_cuts(network, outputs, care, unknown=False),
            most_seen=most_seen,
        )
        gates = no_gates(network.n_nodes, literals_for(sigma))
        work = buffers_for(network, shape.targets.shape[1], literals_for(sigma), Halt())
        work.values[1 : network.n_inputs + 1] = rows_of(inputs)
        item_weights = slots_for(len(inputs), some=False)
        rng = np.random.default_rng(seed)
        for node in network.btf_nodes:
            random_gate(shape, gates, node, rng)
        search = cls(network, len(inputs), shape, gates, work, item_weights, rng)
        search.evaluate()
        return search

    def evaluate(self):
        """Wrong output bits of the present gates."""
        return int(evaluate(self.shape, self.gates, self.work))

    def values(self):
        """(n_items, n_nodes) bool."""
        return unpack_bits(self.work.values, self.n_items)

    def gate(self, node):
        """Integer weights by sender."""
        return gate_of(self.gates, node)

    def set_gate(self, node, literals):
        """The majority of literals: ±sender, an odd number of them."""
        self.gates.arity[node] = len(literals)
        self.gates.sender[node, : len(literals)] = np.abs(literals)
        self.gates.sign[node, : len(literals)] = np.sign(literals)
