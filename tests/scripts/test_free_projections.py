"""The study of the projections on free networks compares what it says that it compares."""

import numpy as np
import pytest

from btfnet import Network, Problem
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.local_search import GateSearch
from scripts.studies.free_projections import alone
from scripts.studies.free_projections.alone import (
    SPARSE,
    in_layers,
    run_projections,
    sparse,
    start_from_gates,
    stepper_of,
)
from scripts.studies.free_projections.together import EXTRA, TOGETHER, Widened

SUMS = np.array([[(a + b) >> k & 1 for k in range(3)] for a in range(4) for b in range(4)], dtype=bool)


def adder(hidden: int | None) -> Problem:
    """Sums of two numbers of two bits each."""
    inputs = np.array([[a >> 1, a & 1, b >> 1, b & 1] for a in range(4) for b in range(4)], dtype=bool)
    problem = Problem.from_bits(inputs, SUMS)
    return problem.with_network(Network.free(4, 3, hidden))


def exact_search(problem: Problem) -> GateSearch:
    search = GateSearch.of(problem, np.random.default_rng(0))
    search.walk(500)
    assert search.error == 0
    return search


def test_gates_of_an_exact_circuit_are_a_solution_of_the_projections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "NOISE", 0.0)
    problem = adder(12)
    stepper = stepper_of(problem, np.random.default_rng(0))
    start_from_gates(stepper, exact_search(problem), np.random.default_rng(1))
    stepper.advance(1, 0.0)
    assert stepper.gap < 1e-5


def test_networks_are_as_they_are_named() -> None:
    free = Problem.from_bits(np.ones((2, 20), dtype=bool), SUMS[:2]).with_network(Network.free(20, 3, 40))
    few = sparse(free, 40, np.random.default_rng(0)).network
    assert few.n_hidden == 40
    assert np.diff(few.fan_in_start).max() == SPARSE + 1
    assert in_layers(free, 2).network.widths == (20, 20, 20, 3)


def test_projections_alone_keep_their_best_completion() -> None:
    least = run_projections(stepper_of(adder(12), np.random.default_rng(0)), 0.2)
    assert 0 <= least.wrong < 24
    assert least.iterations > 0


def test_wider_networks_keep_the_circuit() -> None:
    search = Widened(adder(None), np.random.default_rng(3))
    before, hidden = search.error, search.network.n_hidden
    wider = search._with_extra()
    assert (wider.error, wider.network.n_hidden) == (before, hidden + EXTRA)


@pytest.mark.parametrize("way", TOGETHER)
def test_every_hand_over_finds_an_adder(way: str) -> None:
    search: FreeSearch = TOGETHER[way](adder(None), np.random.default_rng(2))
    search.walk(1000)
    assert search.error == 0
    assert (search.circuit("adder").predict(adder(None).inputs > 0) == SUMS).all()
