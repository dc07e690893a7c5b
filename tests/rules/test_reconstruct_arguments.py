"""What the door refuses, and how it says so."""

import tracemalloc

import numpy as np
import pytest

from btfnet.errors import CapacityError, DataError, UsageError
from btfnet.rules.attempt import CellKind
from btfnet.rules.lattice import Lattice, Neighbourhood
from btfnet.rules.observations import Observations
from btfnet.rules.reconstruct import reconstruct
from btfnet.rules.thresholds import MOST_NODES, ThresholdForm

ROWS = ["0110100", "1011101"]
FOUR = ["01230123", "12301230"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"noise": -0.1}, "noise is -0.1; expected a fraction of at most 0.5"),
        ({"noise": 0.6}, "noise is 0.6"),
        ({"noise": float("nan")}, "noise is nan"),
        ({"noise": True}, "noise is True"),
        ({"noise": "some"}, "noise is 'some'"),
        ({"noise": np.array([0.1, 0.2])}, "noise is an array"),
        ({"noise": "auto", "neighbours": "auto"}, "a larger neighbourhood always explains more"),
        ({"noise": 0.1, "neighbours": " AUTO"}, "a larger neighbourhood always explains more"),
        ({"neighbours": b"3"}, "neighbours is b'3'"),
        ({"neighbours": None}, "neighbours is None"),
        ({"neighbours": 11}, "table of cells 0 to 10 see 11 bits; 10 at most"),
        ({"neighbours": "0:0"}, "the states are those of a row"),
        ({"cell": "tables"}, "reconstruct: cell is 'tables'"),
        ({"gates": 0}, "gates is 0"),
        ({"gates": 65}, "gates is 65"),
        ({"form": (True, False)}, "form is "),
        ({"trials": 0}, "trials is 0"),
        ({"time_limit": 0}, "time_limit is 0"),
        ({"jobs": 0}, "jobs is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 1.0}, "seed is 1.0"),
        ({"steps": 0}, "steps is 0"),
        ({"grid": 1}, "grid is 1"),
        ({"deterministic": None}, "deterministic is None"),
        ({"unique": 1}, "unique is 1"),
        ({"checkpoint": "folder"}, "checkpoint is 'folder'; expected a btfnet.Checkpoint"),
        ({"watcher": 3}, "watcher is 3"),
        ({"stop": 3}, "stop is 3"),
    ],
)
def test_arguments_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        reconstruct(ROWS, **arguments)


@pytest.mark.parametrize(
    "states, arguments, message",
    [
        (["012", "120"], {"cell": "masks"}, "masks are for cells of two states"),
        (["012", "120"], {"cell": "masks", "neighbours": "auto"}, "masks are for cells of two states"),
        (["012", "120"], {"cell": "gates"}, "gates are for cells of 2, 4, 8 or 16 states, not of 3"),
        (
            ["012", "120"],
            {"cell": "gates", "neighbours": "auto"},
            "gates are for cells of 2, 4, 8 or 16 states",
        ),
        (FOUR, {"cell": "gates", "gates": 1, "neighbours": "auto"}, "1 gates; a state of 2 bits"),
    ],
)
def test_cells_that_cannot_be_are_refused(states, arguments, message):
    with pytest.raises(UsageError, match=message):
        reconstruct(states, **arguments)


def test_observations_have_their_own_times():
    with pytest.raises(UsageError, match="steps and grid are for states"):
        reconstruct(Observations.of(ROWS), steps=3)


@pytest.mark.parametrize(
    "states", [[], ["01", "0"], [[0.5, 1], [0, 1]], np.array([[None, 1], [0, 1]]), ["--", "01"]]
)
def test_states_that_cannot_be_are_refused(states):
    with pytest.raises(DataError):
        reconstruct(states)


def test_a_seed_may_be_large():
    found = reconstruct(ROWS, neighbours=6, seed=np.int64(2**63 - 1), jobs=1, time_limit=20)
    assert found.seed == 2**63 - 1
    assert found.exact


# -- forms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"above": ()}, r"above is \(\); expected True or False for each of 1 to 16 nodes"),
        ({"above": (True,) * (MOST_NODES + 1)}, "above is a tuple of 17 entries"),
        ({"above": 3}, "above is 3"),
        ({"above": None}, "above is None"),
        ({"above": "ab"}, "above is 'ab'"),
        ({"above": (1, 0)}, r"above is \(1, 0\)"),
        ({"joined": 1}, "joined is 1"),
        ({"signed": None}, "signed is None"),
        ({"bounds": (1,)}, r"bounds are \(1,\); expected a whole number .* each of the nodes, 2, or None"),
        ({"bounds": (1, 1.0)}, "bounds are"),
        ({"bounds": (1, True)}, "bounds are"),
        ({"bounds": (1, 63)}, "bounds are"),
        ({"bounds": (-63, 1)}, "bounds are"),
        ({"bounds": (1, 10**100)}, "bounds are"),
        ({"bounds": 3}, "bounds are 3"),
        ({"bounds": "ab"}, "bounds are 'ab'"),
    ],
)
def test_forms_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        ThresholdForm(**arguments)


def test_forms_are_what_they_say_whatever_they_are_made_of():
    form = ThresholdForm(np.array([True, False]), bounds=[np.int64(3), 2])
    assert form == ThresholdForm((True, False), bounds=(3, 2))
    assert repr(form) == repr(ThresholdForm((True, False), bounds=(3, 2)))


# -- records --------------------------------------------------------------------------------------------------

STATES = np.array([[[0, 1, 1], [1, 0, -1]]], dtype=np.int8)
RING = Lattice((3,))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([[0, 1]], (0, 1), RING), "states is .*; expected an int8 array"),
        ((STATES, [0, 1], RING), "times is"),
        ((STATES, (0, 1), (3,)), "lattice is"),
        ((STATES, (1, 2), RING), "times are .*; expected 0 for the first"),
        ((STATES, (0, 0), RING), "times are"),
        ((STATES, (3, 1), RING), "times are"),
        ((STATES, (0, 1), RING, 1), "n_states is 1"),
        ((STATES, (0, 1), RING, 17), "n_states is 17"),
        ((STATES, (0, 1), RING, 2.0), "n_states is 2.0"),
    ],
)
def test_records_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        Observations(*arguments)


@pytest.mark.parametrize("states", [STATES.astype(float), STATES + 2, STATES - 1, STATES.astype(str)])
def test_states_that_are_none_are_refused(states):
    with pytest.raises(DataError, match="states"):
        Observations(states, (0, 1), RING)


@pytest.mark.parametrize("shape", ["ab", (2.5,), 3, None, (True,), ()])
def test_lattices_that_cannot_be_are_refused(shape):
    with pytest.raises(UsageError, match="a lattice of shape"):
        Lattice(shape)


@pytest.mark.parametrize("offsets", [((0.5,),), "abc", (0, 1), None, [(0,)], ((True,),)])
def test_neighbourhoods_that_cannot_be_are_refused(offsets):
    with pytest.raises(UsageError, match="offsets are"):
        Neighbourhood(offsets)


# -- sizes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "states, arguments, message",
    [
        (np.zeros((2, 10)), {"times": (0, 200_000)}, "at most 100000 steps"),
        (np.zeros((2, 70_000)), {"steps": 1000}, "70000 cells, and 1000 steps"),
        (np.zeros((65, 2, 1 << 16)), {"steps": 20}, "4259840 cells, and 20 steps"),
    ],
)
def test_what_is_too_large_is_refused_before_it_takes_memory(states, arguments, message):
    seen = Observations.of(states.astype(np.int8), **arguments)
    tracemalloc.start()
    try:
        with pytest.raises(CapacityError, match=message):
            reconstruct(seen, neighbours=8)
        assert tracemalloc.get_traced_memory()[1] < seen.states.nbytes + (1 << 20)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [CellKind("table"), CellKind("masks"), CellKind("gates", gates=5)])
def test_unknown_cells_have_places_only_up_to_a_million(kind):
    states = np.zeros((2, 2, 1 << 20), dtype=np.int8)
    states[:, 0, : 1 << 19] = -1
    seen = Observations.of(states)
    with pytest.raises(CapacityError, match="1048576 unknown bits at the first time, besides"):
        kind.check(seen, Neighbourhood.of(5, 1))


def test_what_there_is_no_memory_for_is_refused(monkeypatch):
    monkeypatch.setattr("btfnet.rules.attempt.fits", lambda n_bytes: n_bytes < 10)
    with pytest.raises(CapacityError, match=r"need about 0\.0 GB, which this machine has not free"):
        reconstruct(ROWS)
