"""Networks of copies of cells, evaluated one item and one gate at a time on plain Booleans."""

from __future__ import annotations

from itertools import product

import numpy as np


def gates_of(sender, flip):
    """Gates as lists of three (node of the cell, whether complemented)."""
    return [
        [(int(node), bool(turned)) for node, turned in zip(nodes, turns, strict=True)]
        for nodes, turns in zip(sender, flip, strict=True)
    ]


def cell_values(cell, gates, inputs):
    """The value of every node of a cell for one row of inputs."""
    values = [False, *map(bool, inputs)]
    for gate in gates:
        votes = sum(values[node] != turned for node, turned in gate)
        values.append(votes >= 2)
    return values


def gates_by_cell(cells, gates):
    """The gates of each cell."""
    left, parts = list(gates), []
    for cell in cells:
        parts.append(left[: cell.n_btf])
        left = left[cell.n_btf :]
    return parts


def network_values(network, gates, row):
    """The value of every node of a network for one row of inputs."""
    shared = network.shared
    parts = gates_by_cell(shared.cells, gates)
    values = [False, *map(bool, row), *[None] * network.n_btf]
    for copy, kind in enumerate(shared.kind.tolist()):
        cell = shared.cells[kind]
        place = shared.place[shared.start[copy] : shared.start[copy + 1]].tolist()
        heard = [values[node] for node in place[1 : cell.n_inputs + 1]]
        for node, value in zip(place, cell_values(cell, parts[kind], heard), strict=True):
            values[node] = value
    return values


def wrong_bits(problem, gates):
    """Output bits that count and are wrong, of the training items."""
    total = 0
    for item in range(problem.n_train):
        outputs = network_values(problem.network, gates, problem.inputs[item] > 0)
        outputs = np.array(outputs[-problem.network.n_outputs :])
        differs = outputs != (problem.outputs[item] > 0)
        counts = True if problem.train_care is None else problem.train_care[item]
        total += int((differs & counts).sum())
    return total


def tables(cells, gates):
    """What every cell puts out, for every pattern of its inputs."""
    return [
        [
            cell_values(cell, part, pattern)[-cell.n_outputs :]
            for pattern in product((0, 1), repeat=cell.n_inputs)
        ]
        for cell, part in zip(cells, gates_by_cell(cells, gates), strict=True)
    ]


def needed(cells, gates):
    """Whether an output of its cell can depend on each gate, by who hears whom."""
    marks = []
    for cell, part in zip(cells, gates_by_cell(cells, gates), strict=True):
        first = 1 + cell.n_inputs
        reached = set(range(cell.n_nodes - cell.n_outputs, cell.n_nodes))
        for node in reversed(range(first, cell.n_nodes)):
            if node in reached:
                reached |= {heard for heard, _ in part[node - first]}
        marks += [node in reached for node in range(first, cell.n_nodes)]
    return marks
