"""The way back from gate descent to the projections."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numba import config
from test_start import planted

from btfnet.engines.descent.local_search import GateSearch
from btfnet.problem.problem import Problem
from btfnet.search.handback import hand_back, start_of, unsettled
from btfnet.settings import Settings

SETTINGS = Settings(beta=0.5, gamma=0.002)


def damaged(problem, circuit, node, seed=5):
    """The circuit with one node's gate replaced by a copy of its last sender."""
    weights = np.zeros(problem.network.n_edges, dtype=np.int64)
    for receiver in problem.network.btf_nodes:
        edges, senders = problem.network.edges(receiver), problem.network.senders(receiver)
        row, gate = weights[edges], circuit.gate(receiver)
        row[np.searchsorted(senders, list(gate))] = list(gate.values())
    row = weights[problem.network.edges(node)]
    row[:] = 0
    row[-1] = 1
    walker = GateSearch.of(problem, np.random.default_rng(seed))
    walker.start_from(weights, problem.inputs > 0)
    return walker


def test_nothing_is_unsettled_in_an_exact_circuit_and_it_stays():
    problem, circuit = planted()
    circuit = damaged(problem, circuit, problem.network.n_nodes - 1)
    circuit.walk(2000)
    assert circuit.error == 0
    assert not unsettled(problem, circuit).any()
    iterations = 20 if config.DISABLE_JIT else 200
    reading = hand_back(problem, circuit, SETTINGS, np.random.default_rng(0), iterations=iterations)
    assert reading.completion.wrong_bits == 0


def test_unsettled_nodes_are_the_wrong_outputs_and_all_that_they_hear():
    problem, circuit = planted()
    last = problem.network.n_nodes - 1
    walker = damaged(problem, circuit, last)
    assert walker.error > 0
    expected, waiting = set(), [last]
    while waiting:
        node = waiting.pop()
        if node > problem.network.n_inputs:
            expected.add(node)
            waiting.extend(walker.gate(node))
    assert set(np.flatnonzero(unsettled(problem, walker))) == expected


def test_outputs_whose_wrong_bits_do_not_count_are_settled():
    problem, circuit = planted()
    walker = damaged(problem, circuit, problem.network.n_nodes - 1)
    care = np.ones(problem.outputs.shape, dtype=bool)
    care[:, -1] = False
    loose = Problem("loose", problem.network, problem.inputs, problem.outputs, care=care)
    assert unsettled(problem, walker).any()
    assert not unsettled(loose, walker).any()


def test_noise_is_added_to_free_nodes_only():
    problem, circuit = planted()
    free = np.zeros(problem.network.n_nodes, dtype=bool)
    free[9] = True
    start = start_of(problem, circuit, free, 0.3, np.random.default_rng(0))
    moved = np.flatnonzero(start.weights != circuit.weights())
    assert set(moved) <= set(range(*problem.network.edges(9).indices(problem.network.n_edges)))
    assert 0 < np.abs(start.weights - circuit.weights()).max() <= 0.3
    assert set(np.flatnonzero((np.abs(start.values) != 1).any(axis=0))) == {9}
    np.testing.assert_array_equal(start.frozen, ~free)


def test_the_same_generator_hands_back_the_same_gates():
    problem, circuit = planted(2)
    found = []
    for _ in range(2):
        walker = damaged(problem, circuit, problem.network.n_nodes - 2)
        reading = hand_back(problem, walker, SETTINGS, np.random.default_rng(4), noise=0.2, iterations=20)
        found.append(reading.completion.weights)
    np.testing.assert_array_equal(*found)


def test_the_example_of_the_page_runs():
    page = Path(__file__).parents[2] / "docs" / "strategy-handback.md"
    names: dict[str, object] = {}
    exec(page.read_text().split("```python")[1].split("```")[0], names)
    walker, free = names["walker"], names["free"]
    assert isinstance(walker, GateSearch)
    assert isinstance(free, np.ndarray)
    assert walker.error < walker.output_bits // 4
