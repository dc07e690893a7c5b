"""Which cells a cell reads, and how users say so."""

import itertools

import numpy as np
import pytest

from btfnet.errors import UsageError
from btfnet.rules.lattice import (
    CROSS,
    MAX_CELLS,
    MAX_NEIGHBOURS,
    OUTSIDE,
    Lattice,
    Neighbourhood,
    square,
    window,
)


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("shape", [(1,), (2,), (7,), (1, 1), (3, 4), (5, 2)])
def test_cells_read_what_lies_at_an_offset(shape, periodic):
    lattice, places = Lattice(shape, periodic), list(itertools.product(*map(range, shape)))
    assert lattice.n_cells == len(places)
    for offset in itertools.product(range(-9, 10, 3), repeat=len(shape)):
        for place, number in zip(places, lattice.reads(offset), strict=True):
            there = tuple(where + step for where, step in zip(place, offset, strict=True))
            if periodic:
                there = tuple(where % length for where, length in zip(there, shape, strict=True))
            assert number == (places.index(there) if there in places else OUTSIDE)


@pytest.mark.parametrize(
    "shape, periodic, words",
    [
        ((200,), True, "ring of 200"),
        ((200,), False, "row of 200"),
        ((16, 8), True, "16 x 8 torus"),
        ((16, 8), False, "16 x 8 grid"),
    ],
)
def test_a_lattice_is_named(shape, periodic, words):
    assert Lattice(shape, periodic).in_words == words


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (-1,), (2, 2, 2), (MAX_CELLS + 1,), (MAX_CELLS, 2)])
def test_lattices_that_cannot_be_are_refused(shape):
    with pytest.raises(UsageError, match=r"a lattice of shape \(.*; expected a length, or height and width"):
        Lattice(shape)
    assert Lattice((MAX_CELLS,)).n_cells == MAX_CELLS


@pytest.mark.parametrize(
    "said, dimensions, offsets",
    [
        (3, 1, ((0,), (1,), (2,))),
        (np.int64(2), 1, ((0,), (1,))),
        ("2", 1, ((0,), (1,))),
        (" -1, 0,1 ", 1, ((-1,), (0,), (1,))),
        ([-1, 0, 2], 1, ((-1,), (0,), (2,))),
        ([2, -1], 1, ((2,), (-1,))),
        ([(3,), np.int8(1)], 1, ((3,), (1,))),
        (range(2), 1, ((0,), (1,))),
        (window(-1, 2), 1, ((-1,), (0,))),
        (1, 2, ((0, 0),)),
        (5, 2, ((-1, 0), (0, -1), (0, 0), (0, 1), (1, 0))),
        ("von-Neumann", 2, CROSS.offsets),
        (9, 2, tuple(itertools.product((-1, 0, 1), repeat=2))),
        ("moore", 2, square(3).offsets),
        ("3x3", 2, square(3).offsets),
        ("1x1", 2, ((0, 0),)),
        (25, 2, tuple(itertools.product(range(-2, 3), repeat=2))),
        ("5x5", 2, square(5).offsets),
        ("0:-1,2:0", 2, ((0, -1), (2, 0))),
        ([(0, 1), [-1, 0]], 2, ((0, 1), (-1, 0))),
    ],
)
def test_neighbours_are_a_number_a_name_or_offsets(said, dimensions, offsets):
    neighbourhood = Neighbourhood.of(said, dimensions)
    assert neighbourhood.offsets == offsets
    assert (neighbourhood.size, neighbourhood.dimensions) == (len(offsets), dimensions)


@pytest.mark.parametrize(
    "said, dimensions, message",
    [
        (0, 1, "a cell reads one cell at least"),
        (-3, 2, "a cell reads one cell at least"),
        (10**9, 1, f"a cell reads {MAX_NEIGHBOURS} cells at most"),
        ("131x131", 2, f"a cell reads {MAX_NEIGHBOURS} cells at most"),
        (range(200), 1, f"200 neighbours; a cell reads {MAX_NEIGHBOURS}"),
        ([10**30], 1, f"expected offsets of at most {MAX_CELLS}"),
        (4, 2, "on a grid a number is 5, 9, 25, 49"),
        (16, 2, "on a grid a number is"),
        ([], 1, "a neighbourhood without cells"),
        ([0, 1, 0], 1, "expected different offsets"),
        ([(0, 1), 1], 1, "whole numbers or pairs of them"),
        ([0.5], 1, "an offset is 0.5; expected a whole number"),
        ([True], 1, "an offset is True"),
        ([()], 1, r"an offset is \(\)"),
        (True, 1, "neighbours is True; expected a number, a name, or a list"),
        (2.5, 1, "neighbours is 2.5; expected"),
        (None, 1, "neighbours is None; expected"),
        ("", 1, "neighbours is ''; expected a number, offsets such as"),
        ("conway", 2, "one of moore, von-neumann"),
        ("3x4", 2, "an odd square such as 3x3"),
        ("4x4", 2, "an odd square"),
        ("-3x-3", 2, "an odd square"),
        ("3x3x3", 2, "an odd square"),
        ("1.5", 1, "neighbours is '1.5'"),
        ("moore", 1, "but the states are those of a row"),
        ("3x3", 1, "but the states are those of a row"),
        ([-1, 0], 2, "but the states are those of a grid"),
        ([(0, 1, 2)], 2, "but the states are those of a grid"),
    ],
)
def test_neighbours_that_cannot_be_are_refused(said, dimensions, message):
    with pytest.raises(UsageError, match=message):
        Neighbourhood.of(said, dimensions)


@pytest.mark.parametrize(
    "neighbourhood, words",
    [
        (window(-1, 3), "cells -1 to 1"),
        (window(4, 1), "cells 4"),
        (Neighbourhood(((-1,), (0,), (2,))), "cells -1, 0, 2"),
        (Neighbourhood(((1,), (0,))), "cells 1, 0"),
        (square(5), "5 x 5 cells"),
        (CROSS, "5 cells"),
        (Neighbourhood(square(3).offsets[::-1]), "9 cells"),
    ],
)
def test_a_neighbourhood_is_named(neighbourhood, words):
    assert neighbourhood.in_words == words
