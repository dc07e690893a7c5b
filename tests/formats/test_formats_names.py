"""Names of inputs and outputs survive every format that is read back, or are renamed apart."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest

from btfnet.formats import CIRCUITS_IN, read_circuit, write_circuit
from btfnet.formats.aiger import writer as aiger
from btfnet.formats.bench import writer as bench
from btfnet.formats.blif import writer as blif
from btfnet.formats.netlists.names import distinct
from btfnet.formats.verilog import writer as verilog
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit, Gate

NASTY = [
    "a", "A", " a", "a ", "a b", "a\tb", "a\nb", "", " ", "a[0]", "\\a[0] ", ".a", "#", "a#b", "a=b", "a,b",
    "(a)", "INPUT(a)", "OUTPUT", "input", "vdd", "gnd", "LUT", "n1", "n5", "n5_not", "n_1", "x0", "y0", "i0",
    "c", "0", "1", "'", '"', "<a>", "&amp;", "ü", "中", "\x7f", "\u200b", "\u2028", "a_2", "a_b", "_", "$false",
    ".end", "a\\", "-", "\ufeff", "NaN", "true", "a" * 300,
]  # fmt: skip
CLEAN = {
    ".v": verilog.clean,
    ".sv": verilog.clean,
    ".blif": blif.clean,
    ".aag": aiger.clean,
    ".aig": aiger.clean,
    ".bench": bench.clean,
}


@pytest.mark.parametrize("suffix", CIRCUITS_IN)
def test_nasty_names_survive_or_are_renamed_apart_and_the_file_says_so(suffix, tmp_path):
    names = [name for name in NASTY if suffix != ".graphml" or name.isprintable()]
    n = len(names)
    gates = tuple(Gate(2, (node, -(node % n + 1))) for node in range(1, n + 1))
    circuit = Circuit(n, gates, tuple(range(n + 1, 2 * n + 1)), tuple(names), tuple(reversed(names)), "a b")
    write_circuit(tmp_path / f"c{suffix}", circuit)
    again = read_circuit(tmp_path / f"c{suffix}")
    if suffix in (".json", ".graphml"):
        assert again == circuit
        return
    if suffix == ".btf":  # gates come back by level
        assert (again.name, again.input_names) == (circuit.name, circuit.input_names)
        assert again.output_names == circuit.output_names
        return
    clean = CLEAN[suffix]
    given = [*again.input_names, *again.output_names]
    assert len(set(given)) == 2 * n
    assert set(again.input_names) >= {name for name in names if clean(name) == name}
    text = (tmp_path / f"c{suffix}").read_bytes().decode("utf-8", errors="replace")
    for what, old, new in [
        *(("input", *pair) for pair in zip(circuit.input_names, again.input_names, strict=True)),
        *(("output", *pair) for pair in zip(circuit.output_names, again.output_names, strict=True)),
    ]:
        assert re.fullmatch(re.escape(clean(old)) + "(_[0-9]+)?", new)
        assert old == new or f"{what} {old!a} is named {new} here\n" in text
    graph, other = aig_of(circuit), aig_of(again)
    assert np.array_equal(graph.ands, other.ands)
    assert graph.outputs == other.outputs


@pytest.mark.parametrize("suffix", CIRCUITS_IN)
def test_names_that_other_languages_reserve_are_carried(suffix, tmp_path):
    names = ("module", "end", "a[3]", "p.q", "$x", "\\esc", "1st", "vdd")
    circuit = Circuit(8, (Gate(5, tuple(range(1, 9))),), (9, 1), names, ("sum", "wire"), "top.level")
    write_circuit(tmp_path / f"c{suffix}", circuit)
    again = read_circuit(tmp_path / f"c{suffix}")
    written = names if suffix != ".blif" else (*names[:5], "_esc", *names[6:])
    assert (again.input_names, again.output_names) == (written, circuit.output_names)
    assert again.name == circuit.name


def test_a_hundred_thousand_equal_names_are_told_apart_in_linear_time():
    begun = time.monotonic()
    found = distinct(["a", "a_3"] + ["a"] * 100_000)
    assert found[:5] == ["a", "a_3", "a_2", "a_4", "a_5"]
    assert len(set(found)) == len(found)
    assert time.monotonic() - begun < 5
