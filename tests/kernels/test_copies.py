"""Copies of cells, evaluated 64 items to a word."""

from __future__ import annotations

import numpy as np
import pytest
from support import naive_copies
from support.shared_samples import adder_problem, rule_problem, two_cells_problem

from btfnet.engines.shared.search import CopiesSearch
from btfnet.kernels.shared.copies import find_needed, write_tables, wrong_bits

pytestmark = pytest.mark.no_compiler

PROBLEMS = {
    "ring": lambda seed: rule_problem(rows=70, steps=2, seed=seed),
    "row": lambda seed: rule_problem(rows=5, steps=3, width=4, periodic=False, seed=seed),
    "adder": lambda seed: adder_problem(seed=seed),
    "two cells": lambda seed: two_cells_problem(seed=seed),
}


@pytest.fixture(params=[(name, seed) for name in PROBLEMS for seed in range(2)], ids=str)
def search(request):
    name, seed = request.param
    return CopiesSearch(PROBLEMS[name](seed), np.random.default_rng(seed))


@pytest.fixture
def problem(search, request):
    name, seed = request.node.callspec.params["search"]
    return PROBLEMS[name](seed)


def replica_gates(search, replica):
    replicas = search.replicas
    return replicas.sender[replica], replicas.flip[replica]


def test_wrong_bits_are_those_that_booleans_count(search, problem):
    for replica in range(3):
        sender, flip = replica_gates(search, replica)
        find_needed(search.shape, sender, search.room)
        wrong = wrong_bits(search.shape, sender, flip, search.room, np.inf)
        assert wrong == naive_copies.wrong_bits(problem, naive_copies.gates_of(sender, flip))
        assert wrong == search.replicas.cost[replica]


def test_beyond_the_limit_counting_ends_with_the_word(search, problem):
    sender, flip = replica_gates(search, 0)
    find_needed(search.shape, sender, search.room)
    whole = wrong_bits(search.shape, sender, flip, search.room, np.inf)
    assert wrong_bits(search.shape, sender, flip, search.room, float(whole)) == whole
    gates = naive_copies.gates_of(sender, flip)
    first = naive_copies.wrong_bits(problem.with_train(min(64, problem.n_train)), gates)
    assert wrong_bits(search.shape, sender, flip, search.room, -1.0) == first


def test_the_gates_needed_are_those_that_an_output_of_their_cell_hears(search, problem):
    for replica in range(3):
        sender, flip = replica_gates(search, replica)
        find_needed(search.shape, sender, search.room)
        expected = naive_copies.needed(problem.network.shared.cells, naive_copies.gates_of(sender, flip))
        assert search.room.needed.tolist() == expected


def test_tables_say_what_cells_compute(search, problem):
    cells = problem.network.shared.cells
    for replica in range(3):
        sender, flip = replica_gates(search, replica)
        find_needed(search.shape, sender, search.room)
        write_tables(search.shape, sender, flip, search.room)
        expected = naive_copies.tables(cells, naive_copies.gates_of(sender, flip))
        words = iter(search.room.table.tolist())
        for cell, rows in zip(cells, expected, strict=True):
            for output in range(cell.n_outputs):
                word = next(words)
                for pattern, row in enumerate(rows):
                    index = int(f"{pattern:0{cell.n_inputs}b}"[::-1], 2)  # the first input is the lowest bit
                    assert bool(word >> index & 1) == row[output]
        assert next(words, None) is None
