"""How much inputs matter, and which do not at all."""

import numpy as np
import pytest
from support.circuit_samples import all_inputs, naive_outputs, random_circuit

from btfnet import Circuit, Gate, influence


@pytest.mark.parametrize("seed", range(20))
def test_influences_are_those_of_trying_every_input(seed):
    circuit = random_circuit(seed, 6, 14, 3)
    rows = all_inputs(6)
    values = np.array([naive_outputs(circuit, row) for row in rows.tolist()])
    found = influence(circuit, rows[:10])
    assert found.all_patterns
    assert found.patterns == 64
    for index in range(6):
        turned = values[np.arange(64) ^ 1 << index] != values
        np.testing.assert_allclose(found.outputs[:, index], turned.mean(axis=0))
        np.testing.assert_allclose(found.any[index], turned.any(axis=1).mean())
        np.testing.assert_allclose(found.items[index], turned[:10].any(axis=1).mean())
        assert (index in found.unused) == (not turned.any())
    assert found.undecided == ()
    assert list(found.any[found.order]) == sorted(found.any, reverse=True)


def test_an_input_that_cancels_out_is_proven_not_to_matter():
    """x30 goes into two gates, which together say nothing of it; x31 goes nowhere."""
    gates = (Gate(2, (1, 31)), Gate(2, (1, -31)), Gate(1, (33, 34)), Gate(3, (35, 2, 3)))
    found = influence(Circuit(32, gates, (36,)))
    assert not found.all_patterns
    assert set(found.unused) == {*range(3, 32)}
    assert found.undecided == ()


def test_an_input_that_matters_once_in_a_billion_is_not_said_to_be_unused():
    found = influence(Circuit(32, (Gate(32, tuple(range(1, 33))),), (33,)), seconds=5.0)
    assert found.unused == ()
    assert len(found.undecided) == 32


def test_the_same_seed_gives_the_same_influences():
    circuit = random_circuit(3, 40, 60, 4)
    first, second = influence(circuit, seed=5), influence(circuit, seed=5)
    np.testing.assert_array_equal(first.outputs, second.outputs)
