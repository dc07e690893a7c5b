"""Circuits as and-inverter graphs: equivalent, and as small as counting makes them."""

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, random_circuit

from btfnet.errors import DataError
from btfnet.logic.aig.aig import FALSE, TRUE, Aig, Builder
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.aig.thresholds import COMPARATORS, chain, count, median
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.verify import compare


def threshold(at_least, literals):
    n_inputs = max(map(abs, literals))
    return Circuit(n_inputs, (Gate(at_least, tuple(literals)),), (n_inputs + 1,))


@pytest.mark.parametrize("name", corner_circuits())
def test_corner_circuits_keep_their_function_and_names(name):
    circuit = corner_circuits()[name]
    back = Circuit.from_aig(aig_of(circuit))
    assert compare(circuit, back).exact
    assert (back.input_names, back.output_names) == (circuit.input_names, circuit.output_names)


@pytest.mark.parametrize("seed", range(40))
def test_random_circuits_keep_their_function_and_are_clean_already(seed):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, int(rng.integers(1, 10)), int(rng.integers(0, 20)), widest=13)
    graph = aig_of(circuit)
    assert compare(circuit, Circuit.from_aig(graph)).exact
    assert np.array_equal(graph.cleaned().ands, graph.ands)
    assert graph.cleaned().outputs == graph.outputs


@pytest.mark.parametrize("at_least", range(-1, 9))
def test_every_threshold_of_weighted_literals(at_least):
    circuit = threshold(at_least, (1, 1, 1, -2, -2, 3, -4))
    assert compare(circuit, Circuit.from_aig(aig_of(circuit))).exact


@pytest.mark.parametrize("width, most", [(3, 4), (5, 10), (7, 20), (9, 30), (13, 61)])
def test_majorities_are_compared_or_counted_not_written_out(width, most):
    circuit = threshold((width + 1) // 2, range(1, width + 1))
    assert aig_of(circuit).n_ands <= most


@pytest.mark.parametrize("width", range(1, 11))
@pytest.mark.parametrize("at_least", range(1, 11))
def test_a_threshold_takes_as_many_ands_as_its_dual_and_is_right(width, at_least):
    if at_least > width:
        return
    circuit = threshold(at_least, range(1, width + 1))
    graph = aig_of(circuit)
    assert compare(circuit, Circuit.from_aig(graph)).exact
    assert graph.n_ands == aig_of(threshold(width - at_least + 1, range(1, width + 1))).n_ands


@pytest.mark.parametrize("half", COMPARATORS)
@pytest.mark.parametrize("way", [count, median, chain])
def test_every_way_finds_the_median(half, way):
    width = 2 * half - 1
    builder = Builder(width)
    output = way(builder, half, {2 * node: 1 for node in range(1, width + 1)})
    graph = builder.finish([output], (), (), "median")
    assert compare(threshold(half, range(1, width + 1)), Circuit.from_aig(graph)).exact


def test_wide_conjunctions_are_balanced():
    assert aig_of(threshold(64, range(1, 65))).depth == 6


def test_builder_folds_and_shares():
    builder = Builder(2)
    assert builder.both(2, 3) == FALSE
    assert builder.either(2, 3) == TRUE
    assert builder.both(2, TRUE) == builder.both(2, 2) == 2
    assert builder.both(2, 5) == builder.both(5, 2)


@pytest.mark.parametrize(
    "ands, outputs", [([[6, 2]], (2,)), ([[4, -1]], (2,)), ([[4, 2]], (8,)), ([], (-1,))]
)
def test_literals_of_no_earlier_variable_are_refused(ands, outputs):
    with pytest.raises(DataError, match="expected 0 to"):
        Aig(2, np.array(ands, dtype=np.int64), outputs)


def test_constant_in_an_and_is_folded_by_cleaned_only():
    graph = Aig(1, np.array([[2, 1], [4, 2]]), (4, 1))
    with pytest.raises(DataError, match="cleaned"):
        Circuit.from_aig(graph)
    assert graph.cleaned().outputs == (2, 1)
