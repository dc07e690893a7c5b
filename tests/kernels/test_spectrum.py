"""What sets of inputs tell of an output, against counting cells one item at a time."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from support.kernel_samples import booleans

from btfnet.engines.descent.inputs import find_sets, spectrum_of
from btfnet.kernels.spectrum import LEAST, SCREEN

pytestmark = pytest.mark.no_compiler


def naive_interaction(inputs, output, weights, members):
    """z² of the interaction of some inputs, from the means of the output in their cells."""
    signs, share = 1.0 - 2 * output, np.average(output, weights=weights)
    difference, spread = 0.0, 0.0
    for cell in product((False, True), repeat=len(members)):
        inside = (inputs[:, members] == cell).all(axis=1)
        weight = weights[inside].sum()
        if weight * min(share, 1 - share) < LEAST:
            return 0.0
        difference += (-1) ** sum(cell) * (weights * signs)[inside].sum() / weight
        spread += 1 / weight
    return difference**2 / ((1 - (1 - 2 * share) ** 2) * spread)


def naive_correlation(inputs, output, weights, members):
    """z² of the correlation of an output with the exclusive or of some inputs."""
    x, y = 1.0 - 2 * (inputs[:, members].sum(axis=1) % 2), 1.0 - 2 * output
    x, y = x - np.average(x, weights=weights), y - np.average(y, weights=weights)
    total = weights.sum()
    return (weights * x * y).sum() ** 2 * total / ((weights * x**2).sum() * (weights * y**2).sum())


def samples(seed, n_items, n_inputs, *, weights=2, share=0.5):
    """Inputs of different frequencies, one noisy function of three of them, and whole weights, 0 among them."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((n_items, n_inputs)) < rng.uniform(0.3, 0.7, n_inputs)
    a, b, c = inputs[:, :3].T
    output = (a ^ (b & c)) ^ (rng.random(n_items) < 0.2)
    output &= rng.random(n_items) < 2 * share
    return inputs, output, rng.integers(0, weights, n_items)


def squares_of(inputs, output, weights, n_partners, size):
    """The naive z² of all sets of a size whose members, all but the last, are partners."""
    squares = {}
    for members in combinations(range(inputs.shape[1]), size):
        if all(member < n_partners for member in members[:-1]):
            passed = size == 3 and naive_correlation(inputs, output, weights, list(members)) < SCREEN
            squares[members] = 0.0 if passed else naive_interaction(inputs, output, weights, list(members))
    return squares


@pytest.mark.parametrize("n_partners", [0, 1, 4, 6])
@pytest.mark.parametrize("weights", [2, 6])
def test_strengths_are_the_largest_of_all_sets_by_their_definition(n_partners, weights):
    inputs, output, counted = samples(n_partners + weights, 150, 6, weights=weights)
    spectrum = spectrum_of(inputs, output, counted, n_partners)
    find_sets(spectrum, 3)
    for size in (1, 2, 3):
        squares = squares_of(inputs, output, counted, n_partners, size)
        for i in range(6):
            own = {members: square for members, square in squares.items() if i in members}
            largest = max(own.values(), default=0.0)
            assert spectrum.strength[size - 1, i] == pytest.approx(largest, abs=1e-9)
            if largest:
                members = (i, *(other for other in spectrum.others[size - 1, i].tolist() if other >= 0))
                assert squares[tuple(sorted(members))] == pytest.approx(largest)


def test_no_more_than_so_many_inputs_are_formed_into_sets():
    inputs, output, weights = samples(1, 2000, 6)
    for most in (1, 2, 3):
        spectrum = spectrum_of(inputs, output, weights, 6)
        find_sets(spectrum, most)
        assert spectrum.strength[:most].any(axis=1).all()
        assert not spectrum.strength[most:].any()


def test_an_output_that_is_constant_has_no_interactions():
    inputs = booleans(1, 100, 5)
    for value in (False, True):
        spectrum = spectrum_of(inputs, np.full(100, value), np.ones(100, dtype=np.int64), 5)
        find_sets(spectrum, 3)
        assert not spectrum.strength.any()


def test_items_without_weight_tell_nothing():
    inputs = booleans(1, 100, 5)
    spectrum = spectrum_of(inputs, inputs[:, 0], np.zeros(100, dtype=np.int64), 5)
    find_sets(spectrum, 3)
    assert not spectrum.strength.any()


def test_a_cell_with_too_few_items_decides_nothing():
    inputs = np.zeros((100, 1), dtype=bool)
    inputs[:3] = True
    spectrum = spectrum_of(inputs, inputs[:, 0], np.ones(100, dtype=np.int64), 1)
    find_sets(spectrum, 1)
    assert not spectrum.strength.any()


@pytest.mark.parametrize("seed", range(3))
def test_by_chance_z_squared_has_a_mean_of_one(seed):
    rng = np.random.default_rng(seed)
    inputs = rng.random((600, 60)) < 0.3
    spectrum = spectrum_of(inputs, rng.random(600) < 0.3, np.ones(600, dtype=np.int64), 60)
    find_sets(spectrum, 1)
    assert 0.5 < spectrum.strength[0].mean() < 1.7


def test_what_items_weigh_is_the_same_as_repeating_them():
    inputs, output, weights = samples(3, 300, 7, weights=4)
    weighed = spectrum_of(inputs, output, weights, 7)
    repeated = spectrum_of(
        inputs.repeat(weights, axis=0), output.repeat(weights), np.ones(weights.sum(), dtype=np.int64), 7
    )
    for spectrum in (weighed, repeated):
        find_sets(spectrum, 3)
    np.testing.assert_allclose(weighed.strength, repeated.strength)
    assert np.array_equal(weighed.others, repeated.others)
