"""Latches cut into inputs and outputs, in every netlist that has them, and as ABC cuts them."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest
from support.cli_samples import run
from support.naive_circuit import evaluate, every_input

from btfnet.errors import BtfnetError, FormatError
from btfnet.formats import read_circuit, write_circuit
from btfnet.logic.proof.equivalence import prove_equal

BLIF = """.model counter
.inputs up
.outputs high
.latch low_in low re clock 0
.latch high_in high
.names up low low_in
10 1
01 1
.names up low high high_in
0-1 1
-01 1
110 1
.end
"""
BENCH = """INPUT(up)
OUTPUT(high)
low = DFF(low_in)
high = dff ( high_in )
low_in = XOR(up, low)
carry = AND(up, low)
high_in = XOR(high, carry)
"""
AAG = """aag 10 1 2 1 7
2
4 14 1
6 20 6
6
8 2 4
10 3 5
14 9 11
12 8 6
16 9 7
20 13 17
18 2 6
i0 up
l0 low
l1 high
o0 high
c
"""
NETLISTS = {"c.blif": BLIF, "c.bench": BENCH, "c.aag": AAG}


def counted(up, low, high):
    """Outputs: the high bit, then both bits of the number plus `up`."""
    return [high, up != low, high != (up and low)]


@pytest.mark.parametrize("name", NETLISTS)
def test_states_become_inputs_and_next_states_outputs(name, tmp_path):
    (tmp_path / name).write_text(NETLISTS[name])
    circuit = read_circuit(tmp_path / name, cut_latches=True)
    assert circuit.input_names == ("up", "low", "high")
    assert circuit.output_names == ("high", "low_next", "high_next")
    assert [evaluate(circuit, bits) for bits in every_input(3)] == [counted(*bits) for bits in every_input(3)]


@pytest.mark.parametrize("name", NETLISTS)
def test_latches_are_refused_with_the_option_that_cuts_them(name, tmp_path):
    (tmp_path / name).write_text(NETLISTS[name])
    with pytest.raises(FormatError, match=r"latch.*--cut-latches \(in Python: cut_latches=True\)"):
        read_circuit(tmp_path / name)


@pytest.mark.parametrize("name", NETLISTS)
def test_every_command_that_reads_a_circuit_cuts_latches_when_told_to(name, tmp_path):
    path, other, rows = tmp_path / name, tmp_path / "other.blif", tmp_path / "rows.csv"
    path.write_text(NETLISTS[name])
    other.write_text(BLIF)
    rows.write_text("1,1,0\n0,0,1\n")
    commands = [("export", path, tmp_path / "c.json"), ("predict", path, rows), ("inspect", path)]
    commands.append(("verify", path, other))
    for command in commands:
        refused = run(*command)
        assert (refused.exit_code, "--cut-latches" in refused.stderr) == (1, True)
        assert run(*command, "--cut-latches").exit_code == 0
    assert run("predict", path, rows, "--cut-latches").stdout == "0,0,1\n1,0,1\n"
    cut = read_circuit(tmp_path / "c.json")
    assert prove_equal(cut, read_circuit(path, cut_latches=True)).equal


def test_a_latch_needs_its_signal_and_no_other_definition(tmp_path):
    broken = {
        "a.blif": (".model m\n.inputs a\n.outputs q\n.latch d q\n.end\n", 4, "'d' is used here"),
        "b.blif": (".model m\n.inputs a\n.outputs q\n.latch a q\n.names a q\n1 1\n.end\n", 5, "before on line 4"),
        "c.blif": (".model m\n.inputs a q\n.outputs q\n.latch a q\n.end\n", 4, "the input 'q' is also defined"),
        "a.bench": ("INPUT(a)\nOUTPUT(q)\nq = DFF(d)\n", 3, "'d' is used here"),
        "b.bench": ("INPUT(a)\nOUTPUT(q)\nq = DFF(a)\nq = NOT(a)\n", 4, "'q' is defined twice, before on line 3"),
        "c.bench": ("INPUT(a)\nOUTPUT(q)\nq = DFF(a)\nINPUT(q)\n", 4, "'q' is defined twice, before on line 3"),
        "d.bench": ("INPUT(a)\nOUTPUT(q)\nq = DFF(a, a)\n", 3, "found DFF with 2 inputs"),
        "a.aag": ("aag 2 1 1 1 0\n2\n4 6\n4\n", 3, "found the literal 6"),
        "b.aag": ("aag 3 1 1 1 0\n2\n4 6\n4\n", 3, "the literal 6 is used here"),
        "c.aag": ("aag 2 1 1 1 0\n2\n2 2\n4\n", 3, "the literal 2 is defined twice"),
        "d.aag": ("aag 2 1 1 1 0\n2\n4 2 3\n4\n", 3, "the latch 4 begins as 3; expected 0, 1, or 4"),
    }  # fmt: skip
    for name, (text, line, message) in broken.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(FormatError, match=re.escape(message)) as caught:
            read_circuit(tmp_path / name, cut_latches=True)
        assert caught.value.line == line


def test_a_loop_through_a_latch_is_none_once_it_is_cut(tmp_path):
    (tmp_path / "c.blif").write_text(
        ".model m\n.inputs a\n.outputs q\n.latch d q\n.names a q d\n01 1\n.end\n"
    )
    circuit = read_circuit(tmp_path / "c.blif", cut_latches=True)
    assert [evaluate(circuit, bits)[1] for bits in every_input(2)] == [False, True, False, False]


def test_names_of_states_that_others_have_are_followed_by_a_number(tmp_path):
    (tmp_path / "c.blif").write_text(
        ".model m\n.inputs a\n.outputs q q_next\n.latch a q\n.names a q_next\n0 1\n.end\n"
    )
    circuit = read_circuit(tmp_path / "c.blif", cut_latches=True)
    assert (circuit.input_names, circuit.output_names) == (("a", "q"), ("q", "q_next", "q_next_2"))


# -- properties of AIGER 1.9 ------------------------------------------------------------------------------

PROPERTIES = (
    "aag 5 2 1 1 2 1 1 2 1\n2\n4\n6 10\n8\n9\n3\n1\n2\n5\n7\n11\n2\n8 2 4\n10 6 8\n"
    "b0 never\nc0 given\nj1 live\nf0 fair\nc\nproperties\n"
)


def test_properties_of_aiger_become_outputs_when_latches_are_cut(tmp_path):
    (tmp_path / "c.aag").write_text(PROPERTIES)
    circuit = read_circuit(tmp_path / "c.aag", cut_latches=True)
    assert circuit.input_names == ("x0", "x1", "l0")
    assert circuit.output_names == ("y0", "never", "given", "j0", "live_0", "live_1", "fair", "l0_next")
    for a, b, q in every_input(3):
        both = a and b
        expected = [both, not both, not a, not b, not q, not (q and both), a, q and both]
        assert evaluate(circuit, (a, b, q)) == expected


def test_properties_without_latches_are_refused_by_name(tmp_path):
    (tmp_path / "c.aag").write_text("aag 1 1 0 0 0 1 2\n2\n2\n3\n2\n")
    with pytest.raises(FormatError, match="the file has 1 bad state, 2 constraints; expected inputs"):
        read_circuit(tmp_path / "c.aag")
    circuit = read_circuit(tmp_path / "c.aag", cut_latches=True)
    assert (circuit.output_names, circuit.outputs) == (("b0", "c0", "c1"), (1, -1, 1))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("aag 1 1 0 0 0 0 0 1\n2\n5\n2\n", 3, "found the literal 5"),
        ("aag 1 1 0 0 0 0 0 1\n2\n3\n2\n", 3, "have 3 literals, for which the file is too short"),
        ("aag 1 1 0 0 0 0 0 0 9\n2\n2\n", 1, "take 20 bytes at least, but 4 follow"),
        ("aag 1 1 0 0 0 1\n2\nx\n", 3, "expected a bad state's literal"),
        ("aag 1 1 0 0 0 1\n2\n2\nb1 bad\n", 4, "'b1' does not exist"),
    ],
)
def test_properties_that_break_a_rule_name_the_line(text, line, message, tmp_path):
    (tmp_path / "c.aag").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_circuit(tmp_path / "c.aag", cut_latches=True)
    assert caught.value.line == line


# -- against ABC ------------------------------------------------------------------------------------------


def abc(folder, script):
    program = shutil.which("berkeley-abc")
    if program is None:
        pytest.skip("ABC is missing")
    subprocess.run([program, "-c", script], cwd=folder, check=True, capture_output=True, timeout=60)


def sequential(rng, n_inputs, n_latches, n_gates):
    """A BLIF of random covers and latches; every signal but the inputs may be stored."""
    signals = [f"i{k}" for k in range(n_inputs)] + [f"q{k}" for k in range(n_latches)]
    lines = [".model random", ".inputs " + " ".join(signals[:n_inputs]), ".outputs y0 y1"]
    gates = []
    for index in range(n_gates):
        used = rng.permutation(signals)[: int(rng.integers(1, 4))]
        name = f"n{index}" if index < n_gates - 2 else f"y{index - n_gates + 2}"
        first = rng.choice(list("01"))  # ABC ends where a cover of several cubes is always true
        cubes = {first + "".join(rng.choice(list("01-"), len(used) - 1)) for _ in range(rng.integers(1, 4))}
        gates += [f".names {' '.join(used)} {name}", *(f"{cube} 1" for cube in cubes)]
        signals.append(name)
    lines += [f".latch {rng.choice(signals)} q{k} {rng.integers(4)}" for k in range(n_latches)]
    return "\n".join([*lines, *gates, ".end", ""])


@pytest.mark.parametrize("seed", range(12))
def test_cut_circuits_are_those_of_abc(seed, tmp_path):
    """ABC's `comb` appends states to the inputs and next states to the outputs, as we do."""
    rng = np.random.default_rng(seed)
    (tmp_path / "a.blif").write_text(sequential(rng, 3, int(rng.integers(1, 4)), 8))
    abc(tmp_path, "read_blif a.blif; strash; write_aiger -s a.aig")
    for name, read in (("a.blif", "read_blif"), ("a.aig", "read_aiger")):
        abc(tmp_path, f"{read} {name}; comb; strash; write_aiger cut.aig")
        expected = read_circuit(tmp_path / "cut.aig")
        found = read_circuit(tmp_path / name, cut_latches=True)
        assert (found.n_inputs, found.n_outputs) == (expected.n_inputs, expected.n_outputs)
        assert prove_equal(expected, found).equal


def test_what_is_cut_can_be_written_and_read_back_in_every_format(tmp_path):
    (tmp_path / "c.blif").write_text(BLIF)
    circuit = read_circuit(tmp_path / "c.blif", cut_latches=True)
    for suffix in (".json", ".blif", ".aag", ".aig", ".bench", ".btf", ".graphml"):
        write_circuit(tmp_path / f"out{suffix}", circuit)
        try:
            again = read_circuit(tmp_path / f"out{suffix}")
        except BtfnetError as error:  # pragma: no cover - the message is what one wants to see
            raise AssertionError(suffix) from error
        assert prove_equal(circuit, again).equal


def test_flip_flops_beside_tables_are_read_as_abc_writes_them(tmp_path):
    """ABC writes every latch of a network of tables as DFFRSE with four gnd, and reads it as DFF."""
    (tmp_path / "c.blif").write_text(BLIF)
    abc(tmp_path, "read c.blif; write_bench c.bench")
    assert "DFFRSE(" in (tmp_path / "c.bench").read_text()
    one, other = (read_circuit(tmp_path / name, cut_latches=True) for name in ("c.blif", "c.bench"))
    assert prove_equal(one, other).equal


def test_a_flip_flop_with_a_control_is_refused(tmp_path):
    head = "INPUT(a)\nINPUT(gnd)\nOUTPUT(y)\n"
    for number, (text, message) in enumerate(
        {
            "INPUT(a)\nOUTPUT(y)\ny = DFFRSE(a, gnd, a, gnd, gnd)\n": "of flip-flops only DFF",
            head + "y = DFFRSE(a, gnd, gnd, gnd, gnd)\n": "'gnd' is a signal of this file",
        }.items()
    ):
        (tmp_path / f"{number}.bench").write_text(text)
        with pytest.raises(FormatError, match=message):
            read_circuit(tmp_path / f"{number}.bench", cut_latches=True)
