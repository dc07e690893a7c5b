"""Searches on networks that grow: which engines, what a result says, shrinking, votes, going on later."""

from __future__ import annotations

import numpy as np
import pytest
from support.search_samples import same_trials, sixty_four

import btfnet
from btfnet.checkpoint.folder import Checkpoint
from btfnet.engines.descent import free, tighten
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.registry import AUTO, Engine, engines_for
from btfnet.engines.tuning.information import sized
from btfnet.errors import DataError
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings

SQUARE = [[0, 0], [0, 1], [1, 0], [1, 1]]
XOR = [0, 1, 1, 0]
pytestmark = pytest.mark.needs_jit


@pytest.fixture(autouse=True)
def soon_small(monkeypatch):
    """A circuit that is found at once is not made smaller for a second."""
    monkeypatch.setattr(tighten, "LEAST_NS", 5e7)
    monkeypatch.setattr(tighten, "STEP_NS", 5e6)


def growing():
    problem = sixty_four()
    return problem.with_network(Network.free(problem.network.n_inputs, problem.network.n_outputs))


def test_auto_takes_the_engines_that_make_it_grow():
    free_xor, given = Problem.from_bits(SQUARE, XOR), Problem.from_bits(SQUARE, XOR, hidden=2)
    assert [one.name for one in engines_for(free_xor, AUTO)] == [Engine.DESCENT]
    assert [one.name for one in engines_for(given, AUTO)] == [Engine.BOTH, Engine.DESCENT]
    assert [one.name for one in engines_for(free_xor, "rrr")] == [Engine.RRR]
    analog = Problem.from_arrays([[0.5], [-0.5]], [1, 0], Network.free(1, 1), input_kind="analog")
    assert [one.name for one in engines_for(analog, AUTO)] == [Engine.RRR]


@pytest.mark.parametrize("engine", ["auto", "descent", "rrr", "rrr+descent"])
def test_plain_data_need_no_widths(engine):
    result = btfnet.solve(Problem.from_bits(SQUARE, XOR), engine=engine, trials=8, jobs=1, seed=1)
    assert result.exact
    assert not result.problem.network.grows
    assert (result.circuit.predict(np.array(SQUARE, dtype=bool)) > 0).ravel().tolist() == [0, 1, 1, 0]
    assert result.weights.shape == (result.problem.network.n_edges,)
    assert len(result.circuit.gates) <= 3


def test_analog_inputs_get_a_free_network_of_fixed_size():
    values = np.linspace(-1, 1, 16).reshape(8, 2)
    problem = Problem.from_arrays(values, [1, 1, 1, 0, 0, 0, 1, 1], Network.free(2, 1), input_kind="analog")
    result = btfnet.solve(problem, Settings(max_iterations=50), trials=1, jobs=1)
    assert result.circuit is None
    assert result.problem.network == Network.free(2, 1, 8)
    assert result.weights.shape == (result.problem.network.n_edges,)


def test_every_trial_says_which_network_its_weights_are_of():
    problem = growing()
    result = btfnet.solve(problem, trials=3, all_trials=True, jobs=1, seed=3)
    for trial in result.trials:
        assert trial.weights.shape == trial.integer_weights.shape == (trial.network.n_edges,)
        search = GateSearch.of(problem.with_network(trial.network), np.random.default_rng(0))
        search.start_from(trial.integer_weights, problem.inputs[: problem.n_train] > 0)
        assert search.error == 0
        assert trial.shrunk is not None
    assert result.problem.network == result.kept.network
    assert result.weights.shape == (result.problem.network.n_edges,)


def test_votes_are_taken_on_networks_of_different_sizes(monkeypatch):
    monkeypatch.setattr(free, "WINDOW", 4)
    result = btfnet.solve(growing(), Settings(), trials=6, circuits=6, jobs=1, seed=3, deterministic=True)
    assert result.exact
    if result.consensus is not None:
        network = result.trials[result.best].network
        assert result.weights.shape == (network.n_edges,)
        assert result.problem.network == network


def test_a_search_goes_on_from_its_checkpoint_to_the_same_end(tmp_path, monkeypatch):
    monkeypatch.setattr(free, "WINDOW", 8)
    monkeypatch.setattr(free, "LOOK", 4)
    inputs = np.unique(np.random.default_rng(0).random((60, 8)) < 0.5, axis=0)
    problem = Problem.from_bits(inputs, np.random.default_rng(1).random((len(inputs), 2)) < 0.5)
    options = {"trials": 3, "jobs": 1, "seed": 5, "all_trials": True}
    settings = Settings(max_iterations=900)
    whole = btfnet.solve(problem, settings, **options)
    assert len({trial.network.n_hidden for trial in whole.trials} | {8}) > 1
    looks: list[int] = []
    first = btfnet.solve(
        problem, settings, **options, checkpoint=Checkpoint(tmp_path), spectator=lambda seen: looks.append(1),
        stop=lambda: len(looks) > 12,
    )  # fmt: skip
    assert first.status is Status.INTERRUPTED
    again = btfnet.solve(problem, settings, **options, checkpoint=Checkpoint(tmp_path, resume=True))
    assert again.finished
    assert same_trials(again.trials, whole.trials)
    finished = btfnet.solve(problem, settings, **options, checkpoint=Checkpoint(tmp_path, resume=True))
    assert same_trials(finished.trials, whole.trials)


def test_a_checkpoint_of_a_network_that_grows_is_not_that_of_one_without_hidden_nodes(tmp_path):
    items = ([[0, 1], [1, 0], [1, 1]], [0, 0, 1])
    options = {"trials": 1, "jobs": 1, "engine": "descent"}
    btfnet.solve(Problem.from_bits(*items), **options, checkpoint=Checkpoint(tmp_path))
    with pytest.raises(DataError, match="belongs to another problem"):
        btfnet.solve(
            Problem.from_bits(*items, hidden=()), **options, checkpoint=Checkpoint(tmp_path, resume=True)
        )


def test_a_network_of_fixed_size_has_nodes_for_the_bits_of_the_items():
    few = sized(Problem.from_bits(SQUARE, XOR))
    assert few.network == Network.free(2, 1, 8)
    assert sized(few) is few
    inputs = np.unique(np.random.default_rng(0).random((300, 12)) < 0.5, axis=0)
    many = sized(Problem.from_bits(inputs, np.random.default_rng(1).random((len(inputs), 2)) < 0.5))
    assert 8 < many.network.n_hidden < 120
    more = sized(Problem.from_bits(inputs, np.random.default_rng(1).random((len(inputs), 40)) < 0.5))
    assert more.network == Network.free(12, 40, 120)


def test_unknown_one_hot_codes_and_classes_are_learned_by_networks_that_grow():
    outputs = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 0], [0, 0, 1], [1, 0, 0]])
    problem = Problem.from_arrays(None, outputs, Network.free(3, 3), input_kind="unknown_one_hot")
    assert btfnet.solve(problem, trials=4, jobs=1, seed=1).exact
    inputs = np.random.default_rng(0).permutation(32)[:, None] >> np.arange(5) & 1
    classes = Problem.from_arrays(inputs, inputs.sum(axis=1) % 3, Network.free(5, 3), output_kind="class")
    result = btfnet.solve(classes, trials=6, jobs=1, seed=1)
    assert result.exact
    assert result.score.train_bits == 1
