"""Cells as circuits, unrolled over cells and steps: they do what the rule does when it is run."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet.errors import CapacityError, UsageError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.rules.cell_gates import circuit_of, input_names
from btfnet.rules.gates import GateRule
from btfnet.rules.lattice import CROSS, Lattice, Neighbourhood, square, window
from btfnet.rules.rule import TableRule, run
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule
from btfnet.rules.unrolled import unrolled

MAJORITY = Circuit(3, (Gate(2, (1, -2, 3)),), (4,))


def table(size, seed=0, n_states=2, neighbourhood=None):
    rng = np.random.default_rng(seed)
    neighbourhood = neighbourhood or window(-1, size)
    n_values = (1 << max(1, (n_states - 1).bit_length())) ** neighbourhood.size
    values = rng.integers(0, n_states, n_values)
    return TableRule(neighbourhood, values, np.zeros(n_values, dtype=bool), n_states)


def masks(seed, form, neighbourhood=CROSS):
    rng = np.random.default_rng(seed)
    weights = rng.integers(-1 if form.signed else 0, 2, (2, neighbourhood.size)).astype(np.int8)
    return ThresholdRule(neighbourhood, weights, tuple(rng.integers(-1, 4, 2).tolist()), form)


RULES = {
    **{f"table {size}": table(size, size) for size in range(1, 7)},
    "constant": TableRule(window(0, 2), np.ones(4, dtype=np.int64), np.zeros(4, dtype=bool)),
    "cross": table(5, 7, neighbourhood=CROSS),
    "three states": table(3, 8, 3),
    "five states": table(2, 9, 5),
    "four states on a grid": table(2, 3, 4, Neighbourhood(((0, 0), (1, 2)))),
    **{f"masks {seed}": masks(seed, ThresholdForm()) for seed in range(6)},
    **{f"signed {seed}": masks(seed, ThresholdForm(joined=False, signed=True)) for seed in range(6)},
    "gates": GateRule(window(0, 3), MAJORITY),
}


def bits_of(states, bits):
    """(n_rows, n_cells · bits), the most significant first."""
    return (states[..., None] >> np.arange(bits)[::-1] & 1).reshape(len(states), -1)


def lattices(rule):
    shapes = [(1,), (7,)] if rule.neighbourhood.dimensions == 1 else [(1, 1), (4, 5)]
    return [Lattice(shape, periodic) for shape in shapes for periodic in (True, False)]


@pytest.mark.parametrize("name", RULES)
def test_the_circuit_of_a_cell_gives_its_next_state_for_every_pattern(name):
    rule = RULES[name]
    circuit = circuit_of(rule)
    bits = circuit.n_outputs
    whole = rule if isinstance(rule, TableRule) else rule.as_table()
    patterns = bits_of(np.arange(len(whole.values))[:, None], circuit.n_inputs)
    assert (circuit.predict(patterns) == bits_of(whole.values[:, None], bits)).all()


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("steps", [1, 3])
def test_the_unrolled_circuit_does_what_running_the_rule_does(name, steps):
    rule = RULES[name]
    circuit = circuit_of(rule)
    for lattice in lattices(rule):
        first = np.random.default_rng(steps).integers(0, rule.n_states, (40, lattice.n_cells))
        last = run(rule, first, steps, lattice)[:, -1]
        whole = unrolled(circuit, lattice, rule.neighbourhood, steps)
        bits = circuit.n_outputs
        assert (whole.predict(bits_of(first, bits)) == bits_of(last, bits)).all()


def test_ports_are_called_by_where_cells_lie_and_when():
    assert input_names(window(-1, 3)) == ("left1", "here", "right1")
    assert input_names(square(3))[:5] == ("up1_left1", "up1", "up1_right1", "left1", "here")
    assert input_names(window(0, 2), 2) == ("here_b1", "here_b0", "right1_b1", "right1_b0")
    whole = unrolled(circuit_of(table(3)), Lattice((5,)), window(-1, 3), 2)
    assert whole.input_names == ("c0", "c1", "c2", "c3", "c4")
    assert whole.output_names == ("c0_t2", "c1_t2", "c2_t2", "c3_t2", "c4_t2")


def test_equal_gates_stand_once_in_an_unrolled_circuit():
    cell = Circuit(2, (Gate(2, (1, 2)),), (3,))
    assert len(unrolled(cell, Lattice((2,)), window(0, 2), 1).gates) == 1


def test_what_does_not_fit_or_is_too_large_is_refused():
    cell = circuit_of(table(3))
    with pytest.raises(UsageError, match="a cell of 3 inputs"):
        unrolled(cell, Lattice((9,)), window(0, 2), 1)
    with pytest.raises(UsageError, match="as many dimensions"):
        unrolled(cell, Lattice((3, 3)), window(0, 3), 1)
    with pytest.raises(UsageError, match="steps is 0"):
        unrolled(cell, Lattice((9,)), window(-1, 3), 0)
    with pytest.raises(CapacityError, match="Unroll fewer steps"):
        unrolled(cell, Lattice((1 << 19,)), window(-1, 3), 9)
