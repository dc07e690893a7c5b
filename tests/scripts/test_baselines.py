"""Gradient baselines (scripts/studies/baselines): estimators as published, networks that learn what is easy."""

import numpy as np
import pytest

from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

torch = pytest.importorskip("torch", reason="the baselines need the extra [baselines]")
from scripts.studies.baselines import networks as nets  # noqa: E402
from scripts.studies.baselines import study as baselines  # noqa: E402

BINARY = ("ste", "reste", "biper")


def copies(n_bits=4, n_train=None):
    """Every word of so many bits, to be reproduced."""
    words = np.arange(2**n_bits)[:, None] >> np.arange(n_bits) & 1
    return Problem.from_bits(words, words, hidden=(2 * n_bits,), n_train=n_train)


def slopes(function, x):
    x = torch.tensor(x, requires_grad=True)
    values = function(x)
    values.backward(torch.full_like(values, 2.0))
    return values.detach().tolist(), (x.grad / 2).tolist()


# -- estimators -------------------------------------------------------------------------------------------


def test_straight_through_is_one_inside_and_nothing_outside():
    values, slope = slopes(nets.SignStraightThrough.apply, [-1.5, -1.0, -0.2, 0.0, 0.7, 1.01])
    assert values == [-1, -1, -1, 1, 1, 1]
    assert slope == [0, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("o", [1.0, 2.0, 3.0])
def test_power_estimator_has_the_derivative_of_the_power_function(o):
    x = np.array([-1.6, -1.2, -0.3, -0.05, 0.02, 0.11, 1.0, 1.49, 1.51], dtype=np.float32)
    values, slope = slopes(lambda x: nets.SignPower.apply(x, o), x.tolist())
    assert values == np.sign(x).tolist()
    step = 1e-6
    wide = np.abs(x.astype(np.float64))
    expected = ((wide + step) ** (1 / o) - (wide - step) ** (1 / o)) / (2 * step)
    expected[wide <= 0.1] = 0.1 ** (1 / o) / 0.1
    expected[wide > 1.5] = 0
    np.testing.assert_allclose(slope, expected, rtol=1e-4)


def test_power_estimator_with_exponent_one_is_straight_through():
    x = [-1.4, -0.5, -0.01, 0.3, 1.2]
    assert slopes(lambda x: nets.SignPower.apply(x, 1.0), x)[1] == [1] * 5


def test_periodic_estimator_has_the_derivative_of_the_sine():
    x = np.linspace(-0.5, 0.5, 12, dtype=np.float32)
    values, slope = slopes(lambda x: nets.SignPeriodic.apply(x, 20.0), x.tolist())
    assert values == np.sign(np.sin(20 * x)).tolist()
    np.testing.assert_allclose(slope, 20 * np.cos(20 * x), rtol=1e-4, atol=1e-4)


def test_polynomial_estimator_falls_from_two_to_nothing():
    values, slope = slopes(nets.SignPolynomial.apply, [-2.0, -0.5, 0.0, 0.25, 1.0])
    assert values == [-1, -1, 1, 1, 1]
    assert slope == [0, 1, 2, 1.5, 0]


# -- networks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", nets.METHODS)
def test_every_baseline_learns_to_copy_bits(method):
    problem = copies()
    fits = nets.train(problem, method, seeds=[0, 1, 2], steps=400)
    assert max(problem.scores(fit.outputs)[0] for fit in fits) >= (0.95 if method in BINARY else 1.0)


@pytest.mark.parametrize("method", nets.METHODS)
def test_a_seed_gives_the_same_network_alone_and_beside_others(method):
    problem = copies(n_train=10)
    (alone,) = nets.train(problem, method, seeds=[7], steps=5)
    beside = nets.train(problem, method, seeds=[3, 7], steps=5)
    np.testing.assert_allclose(alone.outputs, beside[1].outputs, rtol=1e-3, atol=1e-3)
    assert not np.array_equal(beside[0].outputs, beside[1].outputs)


def test_unseen_items_change_nothing():
    """Neither the training nor the normalisation."""
    problem, few = copies(n_train=8), copies(n_train=8)
    few = Problem("few", few.network, Items(few.inputs[:8], few.outputs[:8]))
    for method in ("relu", "reste"):
        (known,), (all_items,) = (nets.train(given, method, seeds=[1], steps=20) for given in (few, problem))
        np.testing.assert_allclose(all_items.outputs[:8], known.outputs, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("method", BINARY)
def test_binary_networks_end_with_binary_weights(method):
    networks = nets.METHODS[method].build([3, 5, 2], [0])
    for weight in networks.weights:
        assert set(networks.binarize_weights(weight, 1.0).flatten().tolist()) <= {-1.0, 1.0}


def test_nothing_is_positive_whatever_its_sign():
    assert nets.plus_minus(torch.tensor([0.0, -0.0, 1e-30, -1e-30])).tolist() == [1, 1, 1, -1]


def test_normalisation_leaves_mean_nothing_and_variance_one_on_the_training_items():
    networks = nets.METHODS["sign"].build([6, 4], [0, 1])
    x = torch.randn(2, 40, 6, generator=torch.Generator().manual_seed(5))
    values = networks(x, 30, 1.0)[:, :30]
    torch.testing.assert_close(values.mean(dim=1), torch.zeros(2, 4), atol=1e-5, rtol=0)
    torch.testing.assert_close(values.var(dim=1, correction=0), torch.ones(2, 4), atol=1e-3, rtol=0)


def test_widths_are_those_of_the_problem():
    problem = Problem.from_bits(np.eye(5), np.eye(5), hidden=(7, 3))
    assert nets.layer_widths(problem) == [5, 7, 3, 5]
    assert nets.layer_widths(problem.with_network(Network.layered([5, 4, 5]))) == [5, 4, 5]


# -- what is measured -------------------------------------------------------------------------------------


def test_the_largest_cells_come_first_and_each_problem_has_its_own_sizes():
    assert baselines.largest_first(["maj-2", "rorschach-3"], [], ["ste"]) == [
        (512, "ste", "maj-2"),
        (256, "ste", "maj-2"),
        (200, "ste", "rorschach-3"),
        (128, "ste", "maj-2"),
        (128, "ste", "rorschach-3"),
        (64, "ste", "maj-2"),
        (64, "ste", "rorschach-3"),
    ]
    assert baselines.largest_first(["rorschach-3"], [50, 150], ["relu", "ste"]) == [
        (150, "relu", "rorschach-3"),
        (150, "ste", "rorschach-3"),
        (50, "relu", "rorschach-3"),
        (50, "ste", "rorschach-3"),
    ]


def test_fewer_steps_than_wanted_are_not_enough():
    counts = baselines.enough(3000)
    assert [counts({"budget": f"{steps} steps"}) for steps in (1000, 3000, 10000)] == [False, True, True]
