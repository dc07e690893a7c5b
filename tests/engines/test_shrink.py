"""Shrinking: exact at every sweep, never dearer, the cheapest gate of all, and what a search makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config
from support.cli_samples import run, strict_json
from support.descent_samples import all_small_gates, booleans, random_network, wrong_bits
from support.naive_circuit import evaluate as evaluate_circuit

import btfnet
from btfnet.engines.completion.completion_check import complete_and_verify
from btfnet.engines.descent.buffers import shrink_buffers
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.shrink import shrink, shrink_found, size
from btfnet.engines.registry import Engine
from btfnet.halting import Halt, Halted
from btfnet.kernels.descent.cheapest_gate import CANDIDATES, GATE, total_cost
from btfnet.kernels.descent.shrink import shrink_node, shrink_sweep
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler

JIT = not config.DISABLE_JIT
SEEDS = range(8 if JIT else 2)
N_ITEMS = 40 if JIT else 12


def exact_search(seed, network=None, *, n_items=N_ITEMS, sigma=3.0, weights=None, care=None, inputs=None):
    """Random gates (or those of weights) on items whose outputs are what these gates say."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, n_hidden=8) if network is None else network
    inputs = booleans(seed + 1, n_items, network.n_inputs) if inputs is None else inputs
    nothing = np.zeros((len(inputs), network.n_outputs), dtype=bool)
    first = GateSearch(network, inputs, nothing, rng, sigma=sigma)
    if weights is None:
        weights = first.integer_weights()
    first.start_from(weights, inputs)
    outputs = first.circuit("").predict(inputs) > 0
    search = GateSearch(network, inputs, outputs, rng, sigma=sigma, care=care)
    search.start_from(weights, inputs)
    assert search.error == 0
    return search, inputs, outputs


def assert_exact(search, inputs, outputs):
    circuit = search.circuit("")
    for bits, wanted in zip(inputs, outputs, strict=True):
        assert evaluate_circuit(circuit, bits) == list(wanted)


def naive_cost(search, gates=None):
    """GATE times the majorities that an output depends on plus their senders, by walking from the outputs."""
    needed, found, total = list(search.network.output_nodes), set(), 0
    while needed:
        node = needed.pop()
        if node <= search.network.n_inputs or node in found:
            continue
        found.add(node)
        gate = gates[node] if gates and node in gates else search.gate(node)
        total += (GATE + sum(sender > 0 for sender in gate)) * (len(gate) > 1)
        needed += gate
    return total


def buffers_of(search):
    return shrink_buffers(search.network, search.shape.targets.shape[1])


def visit(search, node, seed=0):
    return shrink_node(
        search.shape, search.gates, search.buffers, buffers_of(search), node, np.random.default_rng(seed)
    )


@pytest.mark.parametrize("sigma", [3.0, 9.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_after_every_sweep_the_circuit_is_exact_and_costs_no_more(seed, sigma):
    search, inputs, outputs = exact_search(seed, sigma=sigma)
    buffers = buffers_of(search)
    gates, cost = size(search.circuit("").simplified())[0], naive_cost(search)
    for _ in range(4):
        assert shrink_sweep(search.shape, search.gates, search.buffers, buffers, search.rng) == 0
        assert_exact(search, inputs, outputs)
        now = naive_cost(search)
        assert total_cost(search.shape, search.gates, buffers) == now <= cost
        cost = now
    assert size(search.circuit("").simplified())[0] <= max(gates, cost // GATE)


@pytest.mark.parametrize("n_items", [9, 70])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_gets_the_cheapest_of_all_gates_that_keep_the_circuit_exact(seed, n_items):
    search, inputs, outputs = exact_search(seed, n_items=n_items)
    for node in search.network.btf_nodes:
        if not _needed(search, node):
            continue
        costs = [
            naive_cost(search, {node: gate})
            for gate in all_small_gates(search.network.senders(node))
            if not wrong_bits(search, inputs, outputs, gates={node: gate}).any()
        ]
        assert visit(search, node, seed) == 0
        assert naive_cost(search) == min(costs)


def _needed(search, node):
    """Whether an output depends on the node."""
    needed, found = list(search.network.output_nodes), set()
    while needed:
        other = needed.pop()
        if other not in found and other > search.network.n_inputs:
            found.add(other)
            needed += search.gate(other)
    return node in found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_no_output_needs_is_free(seed):
    network = Network.layered([4, 4, 1])
    weights = np.zeros(network.n_edges, dtype=np.int64)
    for node in network.btf_nodes:
        weights[network.edges(node).start + 1] = 1  # copies of the second sender
    search, inputs, outputs = exact_search(seed, network, weights=weights)
    seen = set()
    for draw in range(10):
        assert visit(search, 8, draw) == 0
        seen.add(tuple(sorted(search.gate(8).items())))
        assert_exact(search, inputs, outputs)
    assert len(seen) > 3


def test_an_output_of_which_no_bit_counts_costs_nothing():
    network = Network.layered([4, 3, 2])
    care = np.ones((N_ITEMS, 2), dtype=bool)
    care[:, 1] = False
    search, *_ = exact_search(3, network, care=care)
    assert shrink(search, 10**9) > 0
    assert len(search.gate(network.n_nodes - 1)) == 1


def test_a_gate_of_seven_literals_loses_the_two_that_do_not_matter():
    network = Network.layered([7, 1])
    inputs = booleans(0, 128, 7)
    inputs[:, 6] = ~inputs[:, 5]
    weights = np.zeros(network.n_edges, dtype=np.int64)
    senders = list(network.senders(8))
    for sender in range(1, 8):
        weights[senders.index(sender)] = 1
    search, inputs, outputs = exact_search(0, network, weights=weights, sigma=7.0, inputs=inputs)
    assert visit(search, 8) == 0
    assert sorted(search.gate(8)) == [1, 2, 3, 4, 5]
    assert_exact(search, inputs, outputs)


def test_nodes_of_more_senders_than_are_tried_stay_exact():
    search, inputs, outputs = exact_search(0, Network.layered([CANDIDATES + 20, 3, 1]), n_items=9)
    for node in search.network.btf_nodes:
        visit(search, node)
        assert_exact(search, inputs, outputs)


def test_shrinking_is_the_same_every_time():
    circuits = []
    for _ in range(2):
        search, *_ = exact_search(5)
        assert shrink(search, 3_000_000) > 0
        circuits.append(search.circuit(""))
    assert circuits[0] == circuits[1]


def test_it_ends_when_it_is_told_to_and_when_its_budget_is_used_up():
    search, *_ = exact_search(5)
    with pytest.raises(Halted):
        shrink(search, 10**9, lambda: True)
    assert shrink(search, 1) == 1


def test_a_circuit_with_a_wrong_bit_is_refused():
    search, inputs, outputs = exact_search(5)
    wrong = GateSearch(search.network, inputs, ~outputs, np.random.default_rng(0))
    with pytest.raises(ValueError, match="only exact circuits"):
        shrink(wrong, 10**9)


# -- in a search ------------------------------------------------------------------------------------------


def found_circuit(seed=0):
    """A problem, and an exact finding for it that is larger than it need be."""
    bits = booleans(seed, 40, 5)
    task = btfnet.Problem.from_bits(bits, bits[:, :1] & bits[:, 1:2], hidden=(6,), n_train=30)
    search = GateSearch.of(task, np.random.default_rng(seed))
    while search.error:
        search.walk(5)
    inputs = bits[:30]
    return task, complete_and_verify(task, search.circuit(""), inputs, weights=search.integer_weights())


def test_a_found_circuit_comes_back_exact_and_smaller_with_what_was_measured():
    task, found = found_circuit()
    small, shrunk, whole = shrink_found(task, found, sigma=3.0, seed=0, work_ns=0.0, over=lambda: None)
    assert whole
    assert small.exact
    assert size(small.circuit)[0] <= 1
    assert shrunk.gates == (size(found.circuit)[0], size(small.circuit)[0])
    assert shrunk.senders == (size(found.circuit)[1], size(small.circuit)[1])
    assert all(0 <= part <= 1 for part in shrunk.words)


def test_it_can_be_given_up_and_halted():
    task, found = found_circuit()
    halt = Halt()
    halt.set()
    for over, given in ((lambda: True, None), (lambda: False, halt)):
        small, _, whole = shrink_found(task, found, sigma=3.0, seed=0, work_ns=0.0, over=over, halt=given)
        assert small.exact
        assert not whole


@pytest.mark.skipif(not JIT, reason="searches")
def test_a_resumed_search_shrinks_its_circuit_to_the_same(tmp_path):
    task = btfnet.load("multiplier-3x3")
    options = {"engine": "descent", "deterministic": True, "jobs": 1, "trials": 1, "seed": 1}
    whole = btfnet.solve(task.problem, task.settings, **options)
    assert whole.exact
    resumed = None
    for limit in (0.001, 60):
        checkpoint = btfnet.Checkpoint(tmp_path, resume=resumed is not None)
        resumed = btfnet.solve(
            task.problem, task.settings, **options, time_limit=limit, checkpoint=checkpoint
        )
    assert resumed.seconds_before > 0
    assert resumed.circuit == whole.circuit
    assert resumed.kept.shrunk.gates == whole.kept.shrunk.gates


@pytest.mark.skipif(not JIT, reason="searches")
@pytest.mark.parametrize("engine", ["rrr", "descent", "rrr+descent"])
def test_every_engine_has_its_exact_circuit_shrunk(engine):
    task = btfnet.load("multiplier-2x2")
    result = btfnet.solve(task.problem, task.settings, engine=engine, deterministic=True, jobs=1)
    plain = btfnet.solve(task.problem, task.settings, engine=engine, deterministic=True, jobs=1, shrink=False)
    assert result.exact
    assert result.kept.engine is Engine(engine)
    assert plain.kept.shrunk is None
    assert result.kept.iterations == plain.kept.iterations
    assert result.kept.shrunk.gates == (len(plain.circuit.gates), len(result.circuit.gates))
    assert len(result.circuit.gates) <= len(plain.circuit.gates)
    for bits, wanted in zip(task.problem.inputs > 0, task.problem.outputs > 0, strict=True):
        assert evaluate_circuit(result.circuit, bits) == list(wanted)


@pytest.mark.skipif(not JIT, reason="searches")
def test_the_command_line_says_what_shrinking_did_and_can_do_without():
    options = ("solve", "multiplier-2x2", "--deterministic", "--jobs", 1)
    shrunk = strict_json(run(*options, "--json").stdout)
    before = strict_json(run(*options, "--json", "--no-shrink").stdout)
    entry = shrunk["trials"][shrunk["best"]]["shrunk"]
    assert entry["gates_before"] == sum(before["gates"].values())
    assert entry["gates_after"] == sum(shrunk["gates"].values())
    assert entry["test_words_after"] is None
    assert before["trials"][before["best"]]["shrunk"] is None
    assert f"to {entry['gates_after']} gates" in run(*options).stdout
    assert "Shrunk" not in run(*options, "--no-shrink").stdout


@pytest.mark.skipif(not JIT, reason="searches")
def test_a_circuit_found_with_its_codes_is_shrunk_for_them():
    outputs = booleans(3, 4, 5)
    network = Network.layered([2, 8, 5])
    task = btfnet.Problem(
        "small", network, btfnet.Items(np.empty((4, 0)), np.where(outputs, 1, -1), "unknown_bits")
    )
    result = btfnet.solve(task, engine="rrr+descent", deterministic=True, jobs=1)
    assert result.exact
    assert result.kept.shrunk.gates[1] == len(result.circuit.gates)
    for bits, wanted in zip(result.kept.codes > 0, outputs, strict=True):
        assert evaluate_circuit(result.circuit, bits) == list(wanted)
