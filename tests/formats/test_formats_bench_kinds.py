"""Spellings of BENCH: kinds of cirbo, constants, and what ISCAS files look like."""

from __future__ import annotations

import numpy as np
import pytest
from support.naive_circuit import every_input, table

from btfnet.formats import read_circuit

CIRBO = {
    "NXOR": lambda a, b: a == b,
    "LIFF": lambda a, b: a,
    "RIFF": lambda a, b: b,
    "LNOT": lambda a, b: not a,
    "RNOT": lambda a, b: not b,
    "GT": lambda a, b: a > b,
    "GEQ": lambda a, b: a >= b,
    "LT": lambda a, b: a < b,
    "LEQ": lambda a, b: a <= b,
    "ALWAYS_TRUE": lambda a, b: True,
    "ALWAYS_FALSE": lambda a, b: False,
    "AND": lambda a, b: a and b,
    "NAND": lambda a, b: not (a and b),
    "OR": lambda a, b: a or b,
    "NOR": lambda a, b: not (a or b),
    "XOR": lambda a, b: a != b,
}


def tables_of(path, text):
    path.write_text(text)
    return table(read_circuit(path))


@pytest.mark.parametrize("kind", CIRBO)
@pytest.mark.parametrize("pair", ["a, b", "b, a", "a, a"])
def test_kinds_of_cirbo_mean_what_its_source_says(kind, pair, tmp_path):
    text = f"INPUT(a)\nINPUT(b)\nOUTPUT(y)\ny = {kind.lower() if pair == 'b, a' else kind}({pair})\n"
    expected = []
    for a, b in every_input(2):
        values = {"a": a, "b": b}
        expected.append([bool(CIRBO[kind](*(values[name] for name in pair.split(", "))))])
    assert tables_of(tmp_path / "c.bench", text) == expected


def test_unary_and_wide_kinds_of_cirbo(tmp_path):
    text = "INPUT(a)\nINPUT(b)\nINPUT(c)\n" + "".join(f"OUTPUT(y{k})\n" for k in range(5))
    text += "y0 = IFF(a)\ny1 = NXOR(a, b, c)\ny2 = ALWAYS_TRUE()\ny3 = ALWAYS_FALSE(a)\ny4 = INV(b)\n"
    assert tables_of(tmp_path / "c.bench", text) == [
        [a, (a + b + c) % 2 == 0, True, False, not b] for a, b, c in every_input(3)
    ]


def test_supplies_are_constants_where_nothing_defines_them(tmp_path):
    head = "INPUT(a)\nOUTPUT(y)\nOUTPUT(z)\n"
    for high, low in (("vdd", "gnd"), ("VDD", "GND"), ("1'b1", "1'b0")):
        text = f"{head}y = AND(a, {high})\nz = OR({low}, {low})\n"
        assert tables_of(tmp_path / "c.bench", text) == [[a, False] for a in (False, True)]
    defined = f"{head}y = AND(a, vdd)\nz = BUFF(gnd)\nvdd = NOT(a)\ngnd = NOT(a)\n"
    assert tables_of(tmp_path / "c.bench", defined) == [[False, not a] for a in (False, True)]


def test_tables_without_inputs_are_constants(tmp_path):
    text = "INPUT(a)\nOUTPUT(f)\nOUTPUT(g)\nOUTPUT(h)\nf = LUT 0x1 ()\ng = LUT 0x0 ()\nh = LUT 0x2 (a)\n"
    assert tables_of(tmp_path / "c.bench", text) == [[True, False, a] for a in (False, True)]


def test_files_as_iscas_has_them_in_any_case_blanks_and_line_ends(tmp_path):
    lines = ["# c17", "# 2 inputs", "", "\tINPUT( G1 )", "input(G2)", "Output (G9)"]
    lines += ["G7=nand(G1,G2)  # first", "G9 = Buff( G7 )", ""]
    for end in ("\n", "\r\n"):
        (tmp_path / "c.bench").write_bytes(end.join(lines).encode())
        assert table(read_circuit(tmp_path / "c.bench")) == [[not (a and b)] for a, b in every_input(2)]


@pytest.mark.parametrize("seed", range(20))
def test_circuits_that_cirbo_writes_compute_what_cirbo_says(seed, tmp_path):
    core = pytest.importorskip("cirbo.core.circuit")
    kinds = [getattr(core.gate, name) for name in (*CIRBO, "NOT", "IFF")]
    rng = np.random.default_rng(seed)
    circuit, labels = core.Circuit(), ["x0", "x1", "x2"]
    for label in labels:
        circuit.add_gate(core.Gate(label, core.gate.INPUT))
    for index in range(15):
        kind = kinds[rng.integers(len(kinds))]
        count = 0 if kind.name.startswith("ALWAYS") else 1 if kind.name in ("NOT", "IFF") else 2
        used = tuple(labels[k] for k in rng.integers(len(labels), size=count))
        circuit.add_gate(core.Gate(f"g{index}", kind, used))
        labels.append(f"g{index}")
    for label in labels[-4:]:
        circuit.mark_as_output(label)
    (tmp_path / "c.bench").write_text(circuit.format_circuit())
    assert table(read_circuit(tmp_path / "c.bench")) == [
        [bool(value) for value in circuit.evaluate(list(bits))] for bits in every_input(3)
    ]
