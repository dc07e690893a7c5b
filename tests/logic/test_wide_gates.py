"""Gates of thousands of literals in every netlist: right, and of a size that grows with n log n.

BLIF once grew with the square of the fan-in and had a test that said so; the other formats had none, and their
counters took quadratic time.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from btfnet.formats import CIRCUITS_IN, CIRCUITS_OUT, read_circuit, write_circuit
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.logic.aig.aig import Builder
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.evaluate import evaluate_words
from btfnet.logic.simulation.xmg import lower

TEXT = [suffix for suffix in CIRCUITS_OUT if suffix != ".yosys.json"]
KINDS = {"maj": lambda n: (n + 1) // 2, "or": lambda n: 1, "and": lambda n: n, "third": lambda n: n // 3}


def wide(n, at_least):
    """One gate over n inputs, every other one negated."""
    return Circuit(n, (Gate(at_least, tuple(i if i % 2 else -i for i in range(1, n + 1))),), (n + 1,))


def rows_about(n, at_least, rng):
    """Inputs of which so many literals count: none, all, one too few, just enough."""
    rows = []
    for count in (0, at_least - 1, at_least, n):
        literals = rng.permutation(n) < count
        rows.append(literals ^ (np.arange(1, n + 1) % 2 == 0))
    return np.array(rows)


@pytest.mark.parametrize("suffix", TEXT)
@pytest.mark.parametrize("kind", KINDS)
def test_netlists_of_wide_gates_grow_with_n_log_n(kind, suffix, tmp_path):
    sizes = []
    for n in (2000, 4000):
        write_circuit(tmp_path / f"c{suffix}", wide(n, KINDS[kind](n)))
        sizes.append((tmp_path / f"c{suffix}").stat().st_size)
    assert sizes[1] < 2.3 * sizes[0]
    assert sizes[0] < 10**6


@pytest.mark.parametrize("suffix", [suffix for suffix in TEXT if suffix in CIRCUITS_IN])
@pytest.mark.parametrize("kind", KINDS)
def test_wide_gates_read_back_are_right_at_their_threshold(kind, suffix, tmp_path):
    n, rng = 2000, np.random.default_rng(0)
    at_least = KINDS[kind](n)
    write_circuit(tmp_path / f"c{suffix}", wide(n, at_least))
    again = read_circuit(tmp_path / f"c{suffix}")
    rows = rows_about(n, at_least, rng)
    found = unpack_bits(evaluate_words(again, pack_bits(rows)), len(rows))[:, 0].tolist()
    assert found == [False, False, True, True]


@pytest.mark.parametrize("make", [aig_of, lower])
@pytest.mark.parametrize("kind", KINDS)
def test_literals_are_looked_at_n_log_n_times_when_a_wide_gate_is_taken_apart(make, kind, monkeypatch):
    asked, plain = [0], Builder.by_depth

    def counted(self, literal):
        asked[0] += 1
        return plain(self, literal)

    monkeypatch.setattr(Builder, "by_depth", counted)
    make(wide(2000, KINDS[kind](2000)))
    assert asked[0] < 50 * 2000  # sorted anew for each adder it was a million


def test_every_cover_of_blif_is_an_on_set(tmp_path):
    gates = [Gate(k, (1, -2, 3, 4, -5)[:m]) for m in range(6) for k in range(m + 2)]
    gates += [Gate(k, tuple(range(1, 41))) for k in (1, 2, 20, 39, 40)]
    circuit = Circuit(40, tuple(gates), tuple(sign * (41 + i) for i in range(len(gates)) for sign in (1, -1)))
    write_circuit(tmp_path / "c.blif", circuit)
    cubes = [line for line in (tmp_path / "c.blif").read_text().splitlines() if line[0] in "01-"]
    assert len(cubes) > 100
    assert {line[-1] for line in cubes} == {"1"}
    rng = np.random.default_rng(1)
    words = pack_bits(rng.random((512, 40)) < rng.random((512, 1)))
    again = read_circuit(tmp_path / "c.blif")
    assert (evaluate_words(again, words) == evaluate_words(circuit, words)).all()


def test_verilog_of_wide_gates_nests_no_deeper_than_its_tools_can_read(tmp_path):
    """Icarus Verilog and Yosys take quadratic time, and warn, for a chain of thousands of operators."""
    for kind in KINDS:
        write_circuit(tmp_path / "c.v", wide(4000, KINDS[kind](4000)))
        chains = re.split(r"[()]", re.sub(r"\(x\d+ \?[^)]*\)|~", "t", (tmp_path / "c.v").read_text()))
        assert max(len(re.findall(r" [&|+]\s", chain)) for chain in chains) < 16
