"""Files of an automaton's states, for readers.py: rows, grids, arrays, patterns of Life."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import numpy as np

from btfnet.formats.states.reading import read_observations
from btfnet.rules.observations import Observations
from scripts.checks.fuzz.binary import npy, npz
from scripts.checks.fuzz.laws import Reader

TEXTS = (
    b"0110-1\n1010?0\n",
    b"# t = 0\n0,1,1,0\n# t = 5\n1,-1,nan,10\n",
    b"run\nt = 0: 01101001\nt = 3: 11111111\nrun 2\nt = 0: 00000000\nt = 4: 11111111\n",
    b"0110\n1010\n0001\n1111\n\n0000\n1001\n1111\n0110\n",
    b"01 10 1a\nff ff 00\n0 1 -1 1 0 1\n",
    b".OO.OOOO\nO.O.OOOO\n\n........\nOOOOOOOO\n",
    b"0.000e+00 1.000e+00\n1.000e+00 1.000e+00\n",
)
RLE = (
    b"#N Glider\n#CXRLE Pos=0,0\nx = 3, y = 3, rule = B3/S23:T3,3\nbob$2bo$3o!\n",
    b"x = 4, y = 2\n.2A.C$4B!\n",
)
CELLS = (b"!Name: Glider\n!\n.O\n..O\nOOO\n", b"OO.*\n\n...o\n")


def states_readers() -> dict[str, Reader]:
    """By name."""
    states, file, archive = np.array([[0, 1, -1, 1], [1, 0, 1, 1]], dtype=np.int8), io.BytesIO(), io.BytesIO()
    np.save(file, states)
    np.savez(archive, states=states, times=np.array([0, 3]))
    return {
        "states": Reader(".states", list(TEXTS), read_observations, _check),
        "states-grid": Reader(".txt", list(TEXTS[3:]), partial(read_observations, grid=True), _check),
        "states-row": Reader(".txt", list(TEXTS), partial(read_observations, grid=False), _check),
        "states-npy": Reader(".npy", [file.getvalue()], read_observations, _check, npy),
        "states-npz": Reader(".npz", [archive.getvalue()], read_observations, _check, npz),
        "rle": Reader(".rle", list(RLE), _twice, _check),
        "cells": Reader(".cells", list(CELLS), _twice, _check),
    }


def _twice(path: Path) -> Observations:
    """A pattern that nothing happens to."""
    return read_observations([path, path])


def _check(value: Observations, path: Path) -> None:
    assert value.states.shape == (value.n_runs, len(value.times), *value.lattice.shape)
    assert value.states.min() >= -1
    assert value.states.max() < value.n_states <= 16
    assert value.times[0] == 0
