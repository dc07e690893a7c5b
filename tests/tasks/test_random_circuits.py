"""Items of random circuits and automata: each of them obeys one circuit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.task_samples import small

from btfnet.tasks import generate
from btfnet.tasks.circuits import evaluate, random_layer
from btfnet.tasks.rows import distinct_rows

# -- circuits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fan_in, bias", [(2, True), (3, False)])
@pytest.mark.parametrize("seed", range(5))
def test_a_random_layer_consists_of_gates_and_copies_and_hears_every_node(fan_in, bias, seed):
    weights = random_layer(np.random.default_rng(seed), 16, 0.5, fan_in=fan_in, bias=bias)
    senders = (weights[:, :-1] != 0).sum(axis=1)
    constant = weights[:, -1] != 0
    assert set(senders.tolist()) == {1, fan_in}
    assert (constant == ((senders == fan_in) & bias)).all()
    assert (weights[:, :-1] != 0).any(axis=0).all()
    assert set(np.unique(weights)) == {-1, 0, 1}


@pytest.mark.parametrize("probability, expected", [(0.0, {1}), (1.0, {3})])
def test_gate_probability_decides_between_gates_and_copies(probability, expected):
    weights = random_layer(np.random.default_rng(0), 9, probability, fan_in=3, bias=False)
    assert set((weights != 0).sum(axis=1).tolist()) == expected


@given(st.integers(0, 1000), st.booleans())
def test_layers_compute_what_their_gates_say(seed, bias):
    rng = np.random.default_rng(seed)
    layers = [random_layer(rng, 5, 0.5, fan_in=2 if bias else 3, bias=bias) for _ in range(3)]
    rows = distinct_rows(rng, 10, 5)
    for row, result in zip(rows, evaluate(layers, rows), strict=True):
        values = row.tolist()
        for weights in layers:
            values = [_gate(node.tolist(), values) for node in weights]
        assert values == result.tolist()


def _gate(weights, values):
    """Count true literals; the constant is false, so with weight +1 it counts against, with -1 in favour."""
    literals = [weight * value for weight, value in zip(weights, [*values, -1], strict=True) if weight]
    return 1 if sum(literal == 1 for literal in literals) > len(literals) / 2 else -1


@pytest.mark.parametrize("name", ["andor", "maj"])
def test_circuit_items_obey_one_circuit_of_the_stated_depth_and_width(name):
    items = small(name, seed=3)
    rng = np.random.default_rng(3)
    layers = [
        random_layer(rng, 12, 0.5, fan_in=2 if name == "andor" else 3, bias=name == "andor") for _ in "123"
    ]
    assert (evaluate(layers, items.inputs.astype(np.int8)) == items.outputs).all()


def test_majority_circuits_are_self_dual():
    items = generate("maj", {"depth": 2, "width": 6}, 1)
    assert items.n_items == 64
    by_row = {tuple(row): tuple(out) for row, out in zip(items.inputs, items.outputs, strict=True)}
    for row, out in by_row.items():
        assert by_row[tuple(-value for value in row)] == tuple(-value for value in out)


# -- automata -----------------------------------------------------------------------------------------------


def slow_step(row, rule, radius, periodic):
    """One cell at a time, neighbours looked up by hand."""
    later = []
    for cell in range(len(row)):
        spelled = ""
        for neighbour in range(cell - radius, cell + radius + 1):
            inside = 0 <= neighbour < len(row)
            spelled += str(row[neighbour % len(row)] if inside or periodic else 0)
        later.append(int(f"{rule:b}".zfill(2 ** (2 * radius + 1))[::-1][int(spelled, 2)]))
    return later


@given(
    st.integers(0, 2),
    st.data(),
    st.integers(1, 3),
    st.booleans(),
    st.integers(0, 100),
)
def test_automata_agree_with_a_slow_one(extra, data, steps, periodic, seed):
    radius = data.draw(st.sampled_from([1, 1, 2]))
    rule = data.draw(st.integers(0, 2**2 ** (2 * radius + 1) - 1))
    parameters = {
        "rule": rule,
        "cells": 2 * radius + 1 + extra,
        "steps": steps,
        "radius": radius,
        "periodic": periodic,
        "items": 4,
    }
    items = generate("automaton", parameters, seed)
    for row, out in zip(items.inputs, items.outputs, strict=True):
        cells = [int(value == 1) for value in row]
        for _ in range(steps):
            cells = slow_step(cells, rule, radius, periodic)
        assert cells == [int(value == 1) for value in out]


def test_rule_30_and_rule_110_grow_from_a_single_cell_as_in_the_books():
    from btfnet.tasks.automata import step

    for rule, expected in ((30, "00111000"), (110, "00110000"), (232, "00000000")):
        table = np.array([rule >> value & 1 for value in range(8)])
        start = np.array([[0, 0, 0, 1, 0, 0, 0, 0]])
        assert "".join(map(str, step(start, table, 1, periodic=True)[0])) == expected


def test_rule_232_is_the_majority_of_three():
    items = generate("automaton", {"rule": 232, "cells": 8}, 1)
    assert items.n_items == 256
    sums = sum(np.roll(items.inputs, shift, axis=1) for shift in (-1, 0, 1))
    assert (np.sign(sums) == items.outputs).all()


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_root_of_a_tree_of_majorities_obeys_its_leaves(depth):
    items = generate("majtree", {"bits": 7, "depth": depth}, 5)
    rng = np.random.default_rng(5)
    leaves = np.concatenate([rng.choice(7, 3, replace=False) for _ in range(3 ** (depth - 1))]).tolist()
    literal_signs = rng.choice([-1, 1], len(leaves)).tolist()
    assert items.inputs.shape == (128, 7)
    for row, (root,) in zip(items.inputs.tolist(), items.outputs.tolist(), strict=True):
        values = [sign * row[leaf] for leaf, sign in zip(leaves, literal_signs, strict=True)]
        while len(values) > 1:
            values = [_gate([1, 1, 1, 0], values[first : first + 3]) for first in range(0, len(values), 3)]
        assert values == [root]
