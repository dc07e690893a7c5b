"""Scenes of cells that share a rule, and how the kernels take them."""

import numpy as np

from btfnet.kernels.cells.lookup import LEAST_INPUTS
from btfnet.rules.arrays import PackedRun
from btfnet.rules.lattice import Lattice, Neighbourhood
from btfnet.rules.observations import Observations
from support.cell_samples import CROSS, SQUARE, nibbles_of, scene_of, windows


def observations(scene):
    states = np.array(scene.states)
    return Observations(states, scene.times, Lattice(scene.shape, scene.periodic), scene.n_states)


def packed_run(scene):
    """As the kernels take it."""
    return PackedRun.of(observations(scene), Neighbourhood(scene.offsets))


def table_for(run, scene, table):
    """Of a scene, as nibbles for every channel; tables of few inputs are repeated for those they ignore."""
    n_inputs = max(LEAST_INPUTS, run.n_inputs)
    shifts = range(scene.n_bits - 1, -1, -1)
    return nibbles_of(
        [[state >> shift & 1 for state in table] * (2**n_inputs // len(table)) for shift in shifts]
    )


def start_of(scene):
    """Dictionaries of the first states of all runs, unknown ones 0."""
    return [
        {place: max(state, 0) for place, state in scene.at(run, 0).items()}
        for run in range(len(scene.states))
    ]


SCENES = {
    "ring, one rotation": scene_of((40,), windows(0, 1), seed=1),
    "ring, two": scene_of((70,), ((-1,), (1,)), seed=2),
    "ring, three": scene_of((200,), windows(-1, 3), seed=3, times=(0, 3)),
    "ring, four": scene_of((256,), windows(0, 4), seed=4, times=(0, 1, 4)),
    "ring, five, short": scene_of((3,), windows(-2, 5), seed=5, times=(0, 2)),
    "ring, six": scene_of((255,), windows(0, 6), seed=6, times=(0, 2)),
    "ring, seven": scene_of((128,), windows(-3, 7), seed=7, times=(0, 2)),
    "ring, eight": scene_of((65,), windows(0, 8), seed=8),
    "ring, nine": scene_of((300,), windows(-4, 9), seed=9),
    "ring, ten": scene_of((64,), windows(0, 10), seed=10),
    "ring, far": scene_of((200,), ((-90,), (0,), (90,)), seed=11, times=(0, 2)),
    "ring, gaps": scene_of((90,), windows(-1, 3), seed=12, times=(0, 2, 5), unknown=0.3),
    "ring, wrong": scene_of((90,), windows(-1, 3), seed=13, times=(0, 1, 2), wrong=0.1),
    "rings": scene_of((50,), windows(-1, 3), seed=14, runs=5, times=(0, 2)),
    "row": scene_of((250,), windows(-1, 3), seed=15, periodic=False, times=(0, 3)),
    "rows, far": scene_of((3,), ((-4,), (0,), (1,)), seed=16, periodic=False, runs=4, times=(0, 2)),
    "torus": scene_of((15, 16), SQUARE, seed=17),
    "torus, cross": scene_of((16, 16), CROSS, seed=18, times=(0, 2)),
    "grid": scene_of((5, 50), CROSS, seed=19, periodic=False, times=(0, 2)),
    "grids": scene_of((6, 7), CROSS, seed=20, periodic=False, runs=6, times=(0, 1, 3), unknown=0.1),
    "ring, three states": scene_of((100,), windows(-1, 3), seed=21, n_states=3, times=(0, 2)),
    "ring, four states": scene_of((100,), windows(-2, 5), seed=22, n_states=4),
    "grids, four states": scene_of((5, 5), CROSS, seed=23, n_states=4, runs=2, times=(0, 2)),
    "rings, nine states": scene_of((20,), windows(0, 2), seed=24, n_states=9, runs=2, times=(0, 2)),
}
