"""Random circuits through every format that is written and read, and from each into the next."""

from __future__ import annotations

import numpy as np
import pytest
from support.naive_circuit import random_circuit

from btfnet.formats import CIRCUITS_IN, CIRCUITS_OUT, read_circuit, write_circuit
from btfnet.logic.proof.equivalence import prove_equal

BOTH = [suffix for suffix in CIRCUITS_OUT if suffix in CIRCUITS_IN]


@pytest.mark.parametrize("seed", range(25))
def test_a_circuit_that_went_through_all_formats_is_the_one_it_was(seed, tmp_path):
    rng = np.random.default_rng(seed)
    widest = int(rng.choice([2, 4, 9, 40]))
    circuit = random_circuit(rng, int(rng.integers(1, 12)), int(rng.integers(0, 25)), 5, widest, name="m")
    found = circuit
    for suffix in rng.permutation(BOTH):
        write_circuit(tmp_path / f"c{suffix}", found)
        found = read_circuit(tmp_path / f"c{suffix}")
        assert prove_equal(circuit, found).equal, suffix
        if suffix != ".btf":  # its names are those of the format itself
            assert (found.n_inputs, found.n_outputs) == (circuit.n_inputs, circuit.n_outputs)
    assert len(BOTH) >= 8
