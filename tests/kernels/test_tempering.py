"""Random changes at a ladder of temperatures, step by step as a naive twin does them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import naive_copies
from support.shared_samples import adder_problem, rule_problem, two_cells_problem

from btfnet.engines.shared import search as shared_search
from btfnet.engines.shared.search import CopiesSearch
from btfnet.kernels.shared import tempering
from btfnet.kernels.shared.tempering import memory_place, move_ladder, temper
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.no_compiler


class NaiveTempering:
    """Every change evaluated on Booleans; nothing is remembered, and nothing that is not needed is left out."""

    def __init__(self, problem, rng, temperatures):
        self.problem, self.rng, self.cells = problem, rng, problem.network.shared.cells
        self.may_hear = [cell.senders(node).tolist() for cell in self.cells for node in cell.btf_nodes]
        self.replicas = [
            [[self.literal(gate) for _ in range(3)] for gate in range(len(self.may_hear))]
            for _ in temperatures
        ]
        self.temperatures = list(temperatures)
        self.costs = [naive_copies.wrong_bits(problem, gates) for gates in self.replicas]
        self.best, self.rates = min(self.costs), [0.0] * len(temperatures)

    def literal(self, gate):
        node = self.may_hear[gate][self.rng.integers(0, len(self.may_hear[gate]))]
        return node, bool(self.rng.integers(0, 2))

    def change(self, rung):
        gates = self.replicas[rung]
        number = int(self.rng.integers(0, len(gates)))
        before, gate = gates[number], list(gates[number])
        if self.rng.random() < tempering.WHOLE:
            gate = [self.literal(number) for _ in range(3)]
        else:
            literal = int(self.rng.integers(0, 3))
            turned = self.rng.random() < tempering.TURNED
            node, flip = gate[literal]
            gate[literal] = (node, not flip) if turned else self.literal(number)
        tables = naive_copies.tables(self.cells, gates)
        gates[number] = gate
        if not naive_copies.needed(self.cells, gates)[number]:
            return
        if naive_copies.tables(self.cells, gates) == tables:
            return
        limit = self.costs[rung] - self.temperatures[rung] * math.log(1.0 - self.rng.random())
        cost = naive_copies.wrong_bits(self.problem, gates)
        if cost > limit:
            gates[number] = before
            return
        self.costs[rung] = cost
        self.best = min(self.best, cost)

    def round(self):
        for rung in range(len(self.temperatures)):
            for _ in range(tempering.CHANGES):
                self.change(rung)
                if self.best == 0:
                    return
        for low in range(len(self.temperatures) - 1):
            high = low + 1
            gain = self.costs[high] - self.costs[low]
            exponent = gain * (1 / self.temperatures[high] - 1 / self.temperatures[low])
            chance = 1.0 if exponent >= 0 else math.exp(exponent)
            self.rates[low] += chance
            if self.rng.random() < chance:
                for row in (self.costs, self.replicas):
                    row[low], row[high] = row[high], row[low]


def stand(search):
    """Gates and costs, the coldest first."""
    replicas = search.replicas
    gates = [naive_copies.gates_of(replicas.sender[at], replicas.flip[at]) for at in replicas.at]
    return gates, replicas.cost[replicas.at].tolist()


@pytest.mark.parametrize(
    "problem",
    [rule_problem(rows=6, width=5), adder_problem(bits=2, rows=6), two_cells_problem(seed=3)],
    ids=lambda problem: problem.name,
)
def test_it_goes_the_way_of_its_twin_step_by_step(problem, monkeypatch):
    monkeypatch.setattr(shared_search, "REPLICAS", 3)
    search = CopiesSearch(problem, np.random.default_rng(5))
    twin = NaiveTempering(problem, np.random.default_rng(5), search.replicas.temperature)
    assert stand(search) == (twin.replicas, twin.costs)
    for rounds in range(1, 5):
        temper(search.shape, search.replicas, search.room, search.memory, rounds, search.rng)
        twin.round()
        assert stand(search) == (twin.replicas, twin.costs)
        assert search.error == twin.best
        np.testing.assert_allclose(search.replicas.rate[:2], twin.rates[:2])
        if twin.best == 0:
            break


def test_the_best_gates_are_those_that_got_fewest_bits_wrong():
    problem = rule_problem(rows=6, width=5, steps=3)
    search = CopiesSearch(problem, np.random.default_rng(1))
    search.run(3)
    best = naive_copies.gates_of(search.replicas.best_sender, search.replicas.best_flip)
    assert naive_copies.wrong_bits(problem, best) == search.error <= search.replicas.cost.min()


def test_the_ladder_has_shorter_steps_where_neighbours_hardly_exchange_and_keeps_its_ends(monkeypatch):
    monkeypatch.setattr(shared_search, "REPLICAS", 4)
    replicas = CopiesSearch(rule_problem(rows=2, width=4), np.random.default_rng(0)).replicas
    ends = replicas.temperature[[0, -1]].copy()
    replicas.rate[:3] = (0.0, 10.0, 20.0)
    move_ladder(replicas, 20)
    np.testing.assert_allclose(replicas.temperature[[0, -1]], ends)
    steps = np.diff(np.log(replicas.temperature))
    np.testing.assert_allclose(steps / steps[0], [1, 2, 3])
    assert not replicas.rate.any()


def test_the_ladder_moves_after_some_rounds(monkeypatch):
    monkeypatch.setattr(shared_search, "REPLICAS", 3)
    rng = np.random.default_rng(0)
    inputs, outputs = (rng.integers(0, 2, (4, 3)) for _ in range(2))  # random: no cell does that
    problem = Problem.from_arrays(inputs, outputs, Network.automaton(Network.free(3, 1, 1), 3, 1))
    search = CopiesSearch(problem, rng)
    before = search.replicas.temperature.copy()
    search.run(tempering.EXCHANGES - 1)
    np.testing.assert_array_equal(search.replicas.temperature, before)
    search.run(1)
    assert search.rounds == tempering.EXCHANGES
    assert not np.array_equal(search.replicas.temperature, before)


def test_cells_of_many_inputs_have_no_table_and_are_evaluated_every_time():
    rng = np.random.default_rng(0)
    copies = [list(range(1, 11)), list(range(2, 12))]
    network = Network.unrolled(Network.free(10, 1, 1), 11, copies)
    problem = Problem.from_arrays(rng.integers(0, 2, (6, 11)), rng.integers(0, 2, (6, 2)), network)
    search = CopiesSearch(problem, rng)
    assert search.room.table.size == 0
    search.run(2)
    best = naive_copies.gates_of(search.replicas.best_sender, search.replicas.best_flip)
    assert naive_copies.wrong_bits(problem, best) == search.error


def test_a_table_is_remembered_at_a_place_within_the_memory():
    search = CopiesSearch(rule_problem(rows=2, width=4), np.random.default_rng(0))
    rng = np.random.default_rng(3)
    tables = rng.integers(0, 2**63, (200, 1)).astype(np.uint64)
    places = [int(memory_place(search.memory, table)) for table in tables]
    assert all(0 <= place < search.memory.cost.size for place in places)
    assert len(set(places)) > 150, "tables are spread"


def test_halted_it_stands_between_two_changes():
    search = CopiesSearch(rule_problem(rows=4, width=5, steps=3), np.random.default_rng(0))
    search.room.halt[0] = 1
    temper(search.shape, search.replicas, search.room, search.memory, 1, search.rng)
    assert search.replicas.place.tolist() == [0, 0, 0, 0]


def test_it_ends_as_soon_as_nothing_is_wrong_and_does_nothing_from_then_on():
    problem = rule_problem(
        rule=232, rows=6, width=5, steps=1, hidden=0
    )  # a majority of three: a cell of one gate
    search = CopiesSearch(problem, np.random.default_rng(1))
    assert search.error > 0
    search.run(50)
    assert search.error == 0
    gates = naive_copies.gates_of(search.replicas.best_sender, search.replicas.best_flip)
    assert naive_copies.wrong_bits(problem, gates) == 0
    state = {name: array.copy() for name, array in search.export().items()}
    search.run(50)
    for name, array in search.export().items():
        np.testing.assert_array_equal(array, state[name])
