"""A third engine, tiny: random gates, the best of which are kept. The package knows it by its registry alone."""

from __future__ import annotations

import numpy as np

from btfnet.checkpoint.file import Record, generator_state, set_generator_state
from btfnet.engines.completion.completion_check import complete_and_verify
from btfnet.engines.protocol import EngineSpec
from btfnet.logic.circuit import Circuit, Gate
from btfnet.projections.rrr import Schedule

NAME = "random"


class RandomGates:
    """Both the attempt and its stepper: an iteration is one draw of all gates, each of one or three senders."""

    found_by = NAME

    def __init__(self, orders):
        problem = self.problem = orders.problem
        self.halt, self.rng = orders.halt, np.random.default_rng(orders.seed)
        self.stepper, self.schedule = self, Schedule(first=20)
        self.iteration, self.gap = 0, float(problem.outputs[: problem.n_train].size)
        self.best = np.zeros(problem.network.n_edges, dtype=np.int64)

    def advance(self, iterations, stop_gap):
        for _ in range(iterations):
            self.halt.check()
            self.iteration += 1
            weights = self.drawn()
            wrong = self.candidate(weights).wrong_bits
            if wrong < self.gap:
                self.gap, self.best = float(wrong), weights
            if self.gap <= stop_gap:
                return

    def drawn(self):
        network = self.problem.network
        weights = np.zeros(network.n_edges, dtype=np.int64)
        for node in network.btf_nodes:
            row = weights[network.edges(node)]
            chosen = self.rng.choice(row.size, 3 if row.size > 2 else 1, replace=False)
            row[chosen] = self.rng.choice((-1, 1), chosen.size)
        return weights

    def candidate(self, weights):
        network, problem = self.problem.network, self.problem
        gates = tuple(
            Gate.from_weights({
                int(sender): int(weight)
                for sender, weight in zip(network.senders(node), weights[network.edges(node)], strict=True)
                if weight
            })
            for node in network.btf_nodes
        )  # fmt: skip
        circuit = Circuit(network.n_inputs, gates, tuple(network.output_nodes))
        return complete_and_verify(problem, circuit, problem.inputs[: problem.n_train] > 0, weights=weights)

    def measure(self):
        return {"train_bits": 1 - self.gap / self.problem.outputs[: self.problem.n_train].size}

    def look(self):
        return self.gap == 0

    def finish(self, status):
        return self.candidate(self.best)

    def weights(self, candidate):
        return candidate.weights.astype(float)

    def scores(self, candidate):
        return self.problem.scores(candidate.circuit.predict(self.problem.inputs > 0))

    @property
    def work_ns(self):
        return 1e5 * self.iteration

    def export(self):
        arrays = {"best": self.best, "generator": generator_state(self.rng)}
        return Record({"iteration": self.iteration, "gap": self.gap}, arrays)

    def restore(self, saved):
        self.iteration, self.gap = saved.values["iteration"], saved.values["gap"]
        self.best = saved.arrays["best"]
        set_generator_state(self.rng, saved.arrays["generator"])


ENGINE = EngineSpec(
    name=NAME,
    start=RandomGates,
    state_bytes=lambda sizes: 16 * sizes.n_edges,
    measures_distance=False,
)
