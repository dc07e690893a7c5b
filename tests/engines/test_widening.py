"""Descent that begins in wider layers and narrows: where it ends, what it says on the way, going on later."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from support.cli_samples import run
from support.descent_samples import JIT, booleans

import btfnet
from btfnet.cli.reports.search_report import as_text
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.widening import WideStart, can_widen, widened
from btfnet.engines.registry import Engine
from btfnet.errors import DataError
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

compiled = pytest.mark.skipif(not JIT, reason="whole searches need compiled kernels")
WIDTHS = (5, 6, 4, 3)


def signs(bits):
    return np.where(bits, 1, -1)


def planted(widths=WIDTHS, seed=0, n_items=24):
    """Items that a random circuit of these widths made."""
    inputs = booleans(seed, n_items, widths[0])
    network = Network.layered(widths)
    maker = GateSearch(
        network, inputs, np.zeros((n_items, widths[-1]), dtype=bool), np.random.default_rng(seed)
    )
    return Problem("planted", network, Items(signs(inputs), signs(maker.circuit("").predict(inputs) > 0)))


def walked(problem, seed=0, rounds=400, factor=2.0):
    squeeze = WideStart(problem, np.random.default_rng(seed), factor)
    seen = [squeeze.widths]
    for _ in range(rounds):
        if squeeze.error == 0:
            break
        squeeze.walk(1)
        seen.append(squeeze.widths)
    return squeeze, seen


def test_it_ends_exact_in_the_network_that_was_asked_for():
    for seed in range(4 if JIT else 1):
        problem = planted(seed=seed)
        squeeze, seen = walked(problem, seed)
        assert squeeze.error == 0
        assert seen[0] == (5, 12, 8, 3)
        assert squeeze.widths == WIDTHS
        assert all(b <= a for before, after in pairwise(seen) for a, b in zip(before, after, strict=True))
        search = squeeze.fitted()
        assert search.network == problem.network
        assert search.integer_weights().shape == (problem.network.n_edges,)
        assert verify_items(search.circuit(""), problem.inputs > 0, problem.outputs > 0).exact


def test_an_exact_circuit_that_is_too_wide_is_not_the_end():
    problem = planted()
    squeeze = WideStart(problem, np.random.default_rng(1), 4.0)
    while squeeze.error:
        assert squeeze.search.error > 0
        squeeze.walk(1)
    assert squeeze.widths == WIDTHS


def test_what_is_left_of_its_gates_in_the_network_itself_changes_nothing():
    problem = planted(n_items=30)
    squeeze = WideStart(problem, np.random.default_rng(2), 3.0)
    squeeze.walk(1)
    state, before = squeeze.rng.bit_generator.state, squeeze.export()
    before = {name: array.copy() for name, array in before.items()}
    first, second = squeeze.fitted(), squeeze.fitted()
    assert first.network == problem.network
    assert np.array_equal(first.integer_weights(), second.integer_weights())
    assert squeeze.rng.bit_generator.state == state
    assert all(np.array_equal(array, before[name]) for name, array in squeeze.export().items())


def test_nodes_with_most_listeners_stay_and_their_gates_lose_only_what_is_gone():
    problem = planted((4, 3, 2))
    squeeze = WideStart(problem, np.random.default_rng(3), 3.0)
    wide = squeeze.search
    heard = np.zeros(wide.network.n_nodes, dtype=int)
    for node in wide.network.output_nodes:
        heard[list(wide.gate(node))] += 1
    hidden = range(5, 14)
    kept = sorted(sorted(hidden, key=lambda node: -heard[node])[:3])
    narrow, place = squeeze.fitted(), {0: 0, **{node: 5 + turn for turn, node in enumerate(kept)}}
    for turn, node in enumerate(kept):
        assert narrow.gate(5 + turn) == wide.gate(node)
    for turn in range(2):
        left = {place[s]: w for s, w in wide.gate(14 + turn).items() if s in place}
        assert set(narrow.gate(8 + turn)) <= (set(left) or {0})


def test_a_walk_that_was_saved_goes_on_as_if_nothing_had_happened():
    problem = planted(n_items=40)
    for rounds in (0, 1, 30):
        squeeze = WideStart(problem, np.random.default_rng(5), 3.0)
        squeeze.walk(rounds)
        saved = {name: array.copy() for name, array in squeeze.export().items()}
        other = WideStart(problem, np.random.default_rng(6), 3.0)
        other.restore(saved)
        assert (other.widths, other.error, other.sweeps, other.effort) == (
            squeeze.widths, squeeze.error, squeeze.sweeps, squeeze.effort,
        )  # fmt: skip
        for one in (squeeze, other):
            one.walk(20)
        assert other.error == squeeze.error
        assert np.array_equal(other.fitted().integer_weights(), squeeze.fitted().integer_weights())


@pytest.mark.parametrize("widths", [[], [5, 6, 3], [5, 5, 4, 3], [5, 6, 9, 3], [6, 6, 4, 3]])
def test_widths_that_do_not_belong_to_the_problem_are_refused(widths):
    squeeze = WideStart(planted(), np.random.default_rng(0), 2.0)
    with pytest.raises(DataError, match="widths"):
        squeeze.restore({**squeeze.export(), "widths": np.array(widths, dtype=np.int64)})


def test_what_cannot_be_widened():
    problem = planted()
    assert can_widen(problem)
    assert widened(problem, 1.5).network == Network.layered([5, 9, 6, 3])
    sparse = Network.sparse(WIDTHS, 2, np.random.default_rng(0))
    assert sparse.widths is None
    assert not can_widen(problem.with_network(sparse))
    assert not can_widen(problem.with_network(Network.layered([5, 3])))
    assert not can_widen(btfnet.load("autoencoder-8").problem)
    codes = np.eye(8, dtype=bool)
    through = Problem("through three bits", Network.layered([8, 3, 8]), Items(signs(codes), signs(codes)))
    assert not can_widen(through)
    assert can_widen(through.with_network(Network.layered([8, 5, 8])))


@compiled
def test_a_search_that_begins_wide_hands_back_weights_of_the_network():
    problem = btfnet.load("rule-110-1").problem
    settings = Settings(widen=2)
    result = btfnet.solve(problem, settings, engine="descent", trials=2, all_trials=True, jobs=1, seed=3)
    first, wide = result.trials
    assert (first.settings.widen, wide.settings.widen) == (1, 2)
    assert wide.exact
    assert wide.found_by is Engine.DESCENT
    assert wide.integer_weights.shape == wide.weights.shape == (problem.network.n_edges,)
    again = GateSearch.of(problem, np.random.default_rng(0))
    again.start_from(wide.integer_weights, problem.inputs[: problem.n_train] > 0)
    assert again.error == 0


@compiled
def test_a_search_that_ends_while_still_wide_tells_of_a_circuit_in_the_network():
    problem = btfnet.load("maj-3").problem
    settings = Settings(widen=3, max_iterations=20)
    result = btfnet.solve(problem, settings, engine="descent", trials=2, all_trials=True, jobs=1)
    wide = result.trials[1]
    assert wide.settings.widen == 3
    assert not wide.exact
    inputs, outputs = (rows[: problem.n_train] > 0 for rows in (problem.inputs, problem.outputs))
    assert verify_items(wide.circuit, inputs, outputs).n_wrong_bits == wide.wrong_bits
    assert wide.score.train_bits == pytest.approx(1 - wide.wrong_bits / outputs.size)
    assert wide.weights.shape == (problem.network.n_edges,)
    assert wide.circuit.n_inputs == problem.network.n_inputs
    assert len(wide.circuit.gates) <= problem.network.n_btf


@compiled
@pytest.mark.parametrize("factor, said", [(1.0, ""), (2.5, ", 2.5 times as wide at first")])
def test_the_text_says_that_a_circuit_began_wide(factor, said):
    result = btfnet.solve(planted(), Settings(), engine="descent", trials=1)
    kept = replace(result.kept, settings=result.kept.settings.but(widen=factor))
    line = as_text(replace(result, trials=(kept,), settings=kept.settings), None).splitlines()[1]
    assert f"iterations{said}; seed" in line


@pytest.mark.parametrize("factor", ["0.5", "101", "nan", "wide"])
def test_absurd_widths_are_refused_on_the_command_line(factor):
    refused = run("solve", "rule-110-1", "--widen", factor)
    assert refused.exit_code == 2
    assert "--widen" in refused.stderr
