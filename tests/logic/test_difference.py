"""A counterexample as a cube: every input in it is one, checked by trying them all."""

from itertools import count, product

import numpy as np
import pytest
from support.circuit_samples import random_circuit

from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.proof.difference import difference_cube
from btfnet.logic.proof.equivalence import all_true, prove_equal

N_INPUTS, N_OUTPUTS = 5, 2


def members(cube):
    return np.array(list(product(*((value,) if value is not None else (False, True) for value in cube))))


def differing_pair(seed):
    """Two circuits that differ where `free` is false, the first input found on which they do, and `free`."""
    seeds = count(1000 * seed)
    while True:
        expected, got, free = (random_circuit(next(seeds), N_INPUTS, 6, N_OUTPUTS) for _ in range(3))
        found = prove_equal(expected, got, dont_care=free)
        if found.counterexample is not None:
            return expected, got, free, found.counterexample


@pytest.mark.parametrize("seed", range(30))
def test_circuits_differ_on_every_input_of_the_cube_and_none_of_them_is_left_open(seed):
    expected, got, free, example = differing_pair(seed)
    cube = difference_cube(example, expected, got, free)
    rows, output = members(cube), example.wrong_outputs[0]
    assert all(value in (None, given) for value, given in zip(cube, example.inputs, strict=True))
    assert (expected.predict(rows)[:, output] != got.predict(rows)[:, output]).all()
    assert not free.predict(rows)[:, output].any()


def test_inputs_that_no_gate_hears_are_left_out_of_the_cube():
    conjunction, nothing = Circuit(4, (Gate(2, (1, 3)),), (5,)), Circuit(4, (Gate(1, ()),), (5,))
    found = prove_equal(conjunction, nothing)
    assert difference_cube(found.counterexample, conjunction, nothing) == (True, None, True, None)


def test_a_circuit_is_all_true_only_if_every_output_is():
    assert all_true(Circuit(2, (Gate(1, (1, -1)),), (3, 3)))
    assert not all_true(Circuit(2, (Gate(1, (1, -1)), Gate(1, (1, 2))), (3, 4)))
