"""A network that cannot do what is asked is told so at once; one that can never is."""

from itertools import product

import numpy as np
import pytest
from support.cli_samples import FakeSolve, run

import btfnet
from btfnet import BtfnetWarning, Network, Problem
from btfnet.search.impossible import against_gate, impossible, vanishes

SQUARE = np.array(list(product([0, 1], repeat=2)))
CUBE = np.array(list(product([0, 1], repeat=3)))


def gates(n_inputs):
    """All threshold functions of few inputs, by small integer weights, as rows of outputs on all inputs."""
    rows = np.array(list(product([-1, 1], repeat=n_inputs)))
    found = set()
    for weights in product(range(-2, 3), repeat=n_inputs):
        for bias in range(-2 * n_inputs - 1, 2 * n_inputs + 2):
            found.add(tuple((rows @ weights + bias > 0).astype(int)))
    return found


@pytest.mark.parametrize("n_inputs", [2, 3])
def test_single_gates_are_refused_exactly_where_there_is_no_threshold_function(n_inputs):
    inputs, possible = np.array(list(product([0, 1], repeat=n_inputs))), gates(n_inputs)
    assert len(possible) == {2: 14, 3: 104}[n_inputs]
    for outputs in product([0, 1], repeat=2**n_inputs):
        reason = impossible(Problem.from_bits(inputs, outputs, hidden=()))
        assert (reason is None) == (outputs in possible), outputs


def test_the_output_and_the_items_are_named():
    outputs = np.column_stack([SQUARE.any(axis=1), SQUARE.sum(axis=1) == 1]).astype(int)
    problem = Problem.from_bits(SQUARE, outputs, hidden=())
    assert impossible(problem) == (
        "no circuit of this network reproduces all training items: output 2 is one gate of inputs, but no "
        "threshold gate gives what it must at the items 1, 2, 3, 4; give the network a hidden layer."
    )
    assert impossible(Problem.from_bits(SQUARE, outputs, hidden=2)) is None
    assert impossible(Problem.from_bits(SQUARE, outputs)) is None, "a free network grows"


def test_bits_that_do_not_count_and_test_items_rule_nothing_out():
    assert impossible(Problem.from_bits(SQUARE, [0, 1, 1, 0], hidden=(), care=[1, 1, 1, 0])) is None
    assert impossible(Problem.from_bits(SQUARE, [0, 1, 1, 0], hidden=(), n_train=3)) is None


def test_a_layer_lets_only_so_many_outputs_through():
    reason = impossible(Problem.from_bits(CUBE, CUBE, hidden=(8, 2, 8)))
    assert reason.endswith(
        "they have 8 different outputs, but a layer of 2 lets at most 4 through; give it more nodes."
    )
    assert impossible(Problem.from_bits(CUBE, CUBE, hidden=(8, 3, 8))) is None


def test_an_output_depends_on_the_inputs_that_reach_it_alone():
    network = Network.from_edges(3, 1, [(4, 1), (4, 2), (5, 1), (5, 2), (6, 4), (6, 5)])
    with_two = Problem.from_arrays(CUBE, CUBE[:, 0] ^ CUBE[:, 1], network)
    assert impossible(with_two) is None
    reason = impossible(Problem.from_arrays(CUBE, CUBE[:, 2], network))
    assert "items 1 and 2 differ in output 1, but agree on the 2 inputs that reach it" in reason


def test_random_majorities_are_never_refused():
    rng = np.random.default_rng(0)
    for _ in range(20):
        inputs = rng.integers(0, 2, (60, 12))
        weights = rng.integers(-5, 6, 12)
        outputs = (2 * inputs - 1) @ weights > rng.integers(-3, 4)
        inputs, first = np.unique(inputs, axis=0, return_index=True)
        assert impossible(Problem.from_bits(inputs, outputs[first], hidden=())) is None


def test_a_combination_is_proven_in_integers():
    assert vanishes(np.array([[1, 1], [-1, -1]]))
    assert vanishes(np.array([[2, 0], [-1, 0]]))
    assert not vanishes(np.array([[1, 1], [1, 1]]))
    assert not vanishes(np.array([[1, 0], [0, 1]]))
    parity = np.array(list(product([-1, 1], repeat=4)))
    rows = np.column_stack([parity, np.ones(16, dtype=int)])
    assert against_gate(rows, parity.prod(axis=1).astype(np.int8)) is not None
    assert against_gate(rows, parity[:, 0].astype(np.int8)) is None


@pytest.mark.needs_jit
def test_python_warns_and_searches_all_the_same():
    with pytest.warns(
        BtfnetWarning, match=r"xor: no circuit of this network .* output 1 is one gate of inputs"
    ):
        result = btfnet.solve(
            Problem.from_bits(SQUARE, [0, 1, 1, 0], hidden=(), name="xor"),
            btfnet.Settings(max_iterations=5),
            trials=1,
            jobs=1,
        )
    assert not result.exact


def test_the_command_line_says_it_before_the_search(monkeypatch, tmp_path):
    (tmp_path / "xor.csv").write_text("in:a,in:b,out:odd\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    FakeSolve(monkeypatch, circuit=None, exact=False)
    result = run("solve", "--data", tmp_path / "xor.csv", "--widths", "2,1")
    said = "Warning: xor: no circuit of this network reproduces all training items: output odd is one gate of"
    assert said in result.stderr
