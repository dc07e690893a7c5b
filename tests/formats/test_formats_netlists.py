"""AIGER and BENCH: in, out, and what is refused."""

from __future__ import annotations

import re
import tracemalloc

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, evaluate, every_input, random_circuit, table

from btfnet.errors import FormatError
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.netlists.circuit_builder import CircuitBuilder
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.verify import compare

AIGER_AND_BENCH = [".aag", ".aig", ".bench"]
CORNERS = corner_circuits()


@pytest.mark.parametrize("suffix", AIGER_AND_BENCH)
@pytest.mark.parametrize("name", CORNERS)
def test_corner_circuits_read_back_compute_the_same(name, suffix, tmp_path):
    write_circuit(tmp_path / f"c{suffix}", CORNERS[name])
    assert table(read_circuit(tmp_path / f"c{suffix}")) == table(CORNERS[name])


@pytest.mark.parametrize("suffix", AIGER_AND_BENCH)
@pytest.mark.parametrize("seed", range(30))
def test_random_circuits_read_back_compute_the_same(seed, suffix, tmp_path):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, int(rng.integers(1, 11)), int(rng.integers(0, 25)), 5, widest=14)
    write_circuit(tmp_path / f"c{suffix}", circuit)
    assert compare(circuit, read_circuit(tmp_path / f"c{suffix}")).exact


@pytest.mark.parametrize("suffix", [".aag", ".aig"])
def test_what_was_read_from_aiger_is_written_to_the_same_bytes(suffix, tmp_path):
    for seed in range(10):
        write_circuit(tmp_path / f"a{suffix}", random_circuit(np.random.default_rng(seed), name="again"))
        write_circuit(tmp_path / f"b{suffix}", read_circuit(tmp_path / f"a{suffix}"))
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_long_differences_take_several_bytes_and_read_back(tmp_path):
    circuit = Circuit(20_000, (Gate(2, (1, -20_000)), Gate(2, (20_001, -2))), (20_002,))
    write_circuit(tmp_path / "c.aig", circuit)
    again = read_circuit(tmp_path / "c.aig")
    assert set(again.gates) == {Gate(2, (-20_000, 1)), Gate(2, (20_001, -2))}


@pytest.mark.parametrize("suffix", AIGER_AND_BENCH)
def test_deep_chains_in_the_wrong_order_do_not_exhaust_the_stack(suffix, tmp_path):
    gates = tuple(Gate(1 + node % 2, (node, 1 if node % 3 else -1)) for node in range(2, 5002))
    circuit = Circuit(2, gates, (5002,))
    write_circuit(tmp_path / f"c{suffix}", circuit)
    if suffix != ".aig":
        lines = (tmp_path / f"c{suffix}").read_text().splitlines()
        is_and = [suffix == ".bench" or (len(line.split()) == 3 and line[0].isdigit()) for line in lines]
        ands = [line for line, found in zip(lines, is_and, strict=True) if found]
        lines = [ands.pop() if found else line for line, found in zip(lines, is_and, strict=True)]
        (tmp_path / f"c{suffix}").write_text("\n".join([*lines, ""]))
    again = read_circuit(tmp_path / f"c{suffix}")
    assert compare(circuit, again).exact
    assert len(again.gates) == 5000


# -- AIGER ------------------------------------------------------------------------------------------------


HALF_ADDER = "aag 7 2 0 2 3\n2\n4\n6\n12\n6 13 15\n12 2 4\n14 3 5\ni0 x\ni1 y\no0 s\no1 c\nc\nhalf adder\n"


def test_aiger_text_may_be_in_any_order_and_leave_variables_out(tmp_path):
    (tmp_path / "c.aag").write_text(HALF_ADDER)
    circuit = read_circuit(tmp_path / "c.aag")
    assert (circuit.input_names, circuit.output_names) == (("x", "y"), ("s", "c"))
    assert [evaluate(circuit, bits) for bits in every_input(2)] == [
        [a != b, a and b] for a, b in every_input(2)
    ]


def test_aiger_is_told_apart_by_its_first_word_and_not_by_its_suffix(tmp_path):
    write_circuit(tmp_path / "c.aig", CORNERS["weights"])
    (tmp_path / "c.aig").rename(tmp_path / "d.aag")
    assert table(read_circuit(tmp_path / "d.aag")) == table(CORNERS["weights"])


def test_ports_without_a_symbol_get_names_that_no_other_has(tmp_path):
    (tmp_path / "c.aag").write_text("aag 3 3 0 2 0\n2\n4\n6\n2\n5\ni2 x0\ni1 a b\n")
    circuit = read_circuit(tmp_path / "c.aag")
    assert circuit.input_names == ("x0_2", "a b", "x0")
    assert circuit.output_names == ("y0", "y1")


def test_what_follows_the_ands_is_optional_and_abc_may_add_its_own(tmp_path):
    ands = b"aig 3 2 0 1 1\n6\n\2\2"
    for behind in (b"", b"i1 b\n", b"c\n", b"c", b"o0 y\ncnTOP\0e\0\0\0\4", b"c\nTOP\0\n\xff\n"):
        (tmp_path / "c.aig").write_bytes(ands + behind)
        assert read_circuit(tmp_path / "c.aig").gates == (Gate(2, (2, 1)),)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("aag 7", "aag 4", 1, "the largest variable M is 4; expected at least 5"),
        ("aag 7", "aag 07", 1, "expected aag or aig and the numbers"),
        ("0 2 3\n", "0 0 3\n", 1, "no outputs"),
        ("aag 7 2 0 2 3\n", "aag 3002 2 0 2 3000\n", 1, "take 18008 bytes at least, but 64 follow"),
        ("\n2\n4\n", "\n2\n3\n", 3, "the literal 3 is defined here"),
        ("\n2\n4\n", "\n0\n4\n", 2, "the literal 0 is defined here"),
        ("\n2\n4\n", "\n2\n2\n", 3, "the literal 2 is defined twice, before on line 2"),
        ("\n2\n4\n", "\n2\n4 \n", 3, "found '4 '"),
        ("12 2 4", "4 2 4", 7, "the literal 4 is defined twice, before on line 3"),
        ("12 2 4", "12 2 10", 7, "the literal 10 is used here"),
        ("\n12\n", "\n11\n", 5, "the literal 11 is used here"),
        ("12 2 4", "12 2 16", 7, "found the literal 16; the header allows at most 15"),
        ("12 2 4", "12 2", 7, "expected an And: its literal and two others"),
        ("12 2 4", "12 2 6", 6, "the literal 6 depends on itself (6 uses 12 uses 6)"),
        ("i1 y", "i2 y", 10, "'i2' does not exist"),
        ("i1 y", "i0 y", 10, "'i0' is named twice"),
        ("i1 y", "i1 x", 10, "the name 'x' stands twice"),
        ("i1 y", "i1 \x07", 10, "is not printable"),
        ("c\nhalf", "cnhalf", 13, "found 'cnhalf adder'"),
        ("i1 y", "l1 y", 10, "'l1' does not exist; expected no names of this kind"),
        ("i1 y", "k1 y", 10, "expected a symbol such as i0 NAME"),
        ("o1 c\nc\nhalf adder\n", "o1 c", 12, "ends within this line"),
    ],
)
def test_aiger_text_that_breaks_a_rule_names_the_line(old, new, line, message, tmp_path):
    assert HALF_ADDER.count(old) == 1
    (tmp_path / "c.aag").write_text(HALF_ADDER.replace(old, new))
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_circuit(tmp_path / "c.aag")
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"aig 4 2 0 1 1\n6\n\2\2", "the largest variable M is 4; expected 3"),
        (
            b"aig 3 2 0 1 1\n6\n\0\2",
            "found 6 = 6 & 4; expected the first below it and the second not above the first",
        ),
        (b"aig 3 2 0 1 1\n6\n\2\5", "found 6 = 4 & -1"),
        (b"aig 3 2 0 1 1\n6\n\2\x82", "And 0, before byte 18: found the end of the file"),
        (b"aig 3 2 0 1 1\n6\n\x80\x80\x80\x80\x80\x00\x02", "a difference of more than 5 bytes"),
        (b"aig 3 2 0 1 1\n8\n\2\2", "found the literal 8; the header allows at most 7"),
    ],
)
def test_binary_aiger_that_breaks_a_rule_is_refused(data, message, tmp_path):
    (tmp_path / "c.aig").write_bytes(data)
    with pytest.raises(FormatError, match=re.escape(message)):
        read_circuit(tmp_path / "c.aig")


@pytest.mark.parametrize(
    "header",
    [
        "aig 2000000000 2000000000 0 1 0\n0\n",
        "aig 2000000000 1 0 1 1999999999\n0\n",
        "aig 1 1 0 2000000000 0\n0\n",
        "aag 2000000000 2000000000 0 1 0\n0\n",
        "aag 2000000000 1 0 1 1999999999\n2\n0\n",
        "aag 2147483647 1 0 1 1\n2\n4294967294\n4294967294 2 3\n",
    ],
)
def test_header_of_a_small_file_makes_no_large_allocation(header, tmp_path):
    (tmp_path / "c.aig").write_text(header)
    tracemalloc.start()
    try:
        circuit = read_circuit(tmp_path / "c.aig")
        assert circuit.n_inputs == 1
    except FormatError:
        pass
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


# -- BENCH ------------------------------------------------------------------------------------------------


KINDS = {
    "AND": all,
    "NAND": lambda row: not all(row),
    "or": any,
    "NOR": lambda row: not any(row),
    "XOR": lambda row: sum(row) % 2 == 1,
    "xnor": lambda row: sum(row) % 2 == 0,
    "MAJ": lambda row: sum(row) > 1,
    "MUX": lambda row: row[1] if row[0] else row[2],
    "LUT 0xE8": lambda row: sum(row) > 1,
    "LUT 0x0d": lambda row: not row[2] and (row[1] or not row[0]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_gates_of_bench_mean_what_its_page_says(kind, tmp_path):
    (tmp_path / "c.bench").write_text(
        f"OUTPUT(y)\ny={kind} ( a , b,c )# y\n INPUT (a)\ninput(b)\r\nINPUT(c)\n"
    )
    circuit = read_circuit(tmp_path / "c.bench")
    assert table(circuit) == [[bool(KINDS[kind](row))] for row in every_input(3)]


def test_bench_has_buffers_inverters_constants_and_outputs_that_are_inputs(tmp_path):
    lines = ["INPUT(a)", *(f"OUTPUT({name})" for name in "abcdef")]
    lines += ["b = NOT(a)", "c = buff(a)", "d = BUF(b)", "e = vdd", "f = gnd"]
    (tmp_path / "c.bench").write_text("\n".join(lines))
    assert table(read_circuit(tmp_path / "c.bench")) == [
        [a, not a, a, not a, True, False] for a in (False, True)
    ]


@pytest.mark.parametrize("n_inputs", range(1, 8))
def test_every_table_becomes_gates_of_the_same_function(n_inputs):
    rng = np.random.default_rng(n_inputs)
    for _ in range(40):
        bits = rng.random(2**n_inputs) < rng.choice([0.03, 0.5, 0.9])
        gates = CircuitBuilder(n_inputs)
        signs = rng.choice([-1, 1], n_inputs)
        output = gates.table(
            sum(1 << int(row) for row in np.flatnonzero(bits)), (signs * range(1, n_inputs + 1)).tolist()
        )
        circuit = Circuit(n_inputs, tuple(gates.gates), (output,))
        for inputs in every_input(n_inputs):
            literals = [bit == (sign > 0) for bit, sign in zip(inputs, signs, strict=True)]
            row = sum(literal << index for index, literal in enumerate(literals))
            assert evaluate(circuit, inputs) == [bits[row]]


@pytest.mark.parametrize("at_least", range(1, 7))
def test_tables_that_count_become_one_gate(at_least):
    gates = CircuitBuilder(7)
    rows = [row for row in range(2**7) if ((row & 62) ^ 18).bit_count() + (row & 1) >= at_least]
    output = gates.table(sum(1 << row for row in rows), list(range(1, 8)))
    assert len(gates.gates) == 1
    gate = gates.gates[0] if output > 0 else gates.gates[0].dual()
    assert gate == Gate(at_least, (1, -2, 3, 4, -5, 6))


def test_parities_as_tables_need_three_gates_an_input():
    gates = CircuitBuilder(16)
    gates.table(sum((row.bit_count() & 1) << row for row in range(2**16)), list(range(1, 17)))
    assert len(gates.gates) == 3 * 15


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (
            4,
            "y = DFF(a)",
            "'y' is a latch, but the circuit must be combinational. Read it with --cut-latches",
        ),
        (4, "y = DFFRSE(a, b, a, b)", "of flip-flops only DFF with one is known"),
        (4, "y = TRI(a, b)", "'TRI' is no known gate; expected one of AND"),
        (4, "y = NOT(a, b)", "NOT has 2 inputs; expected 1"),
        (4, "y = MUX(a, b)", "MUX has 2 inputs; expected 3"),
        (4, "y = MAJ(a, b)", "MAJ has 2 inputs; expected an odd number"),
        (4, "y = AND()", "AND has 0 inputs; expected 1"),
        (4, "y = AND(a b)", "found 'a b' between the brackets"),
        (4, "y = AND(a,,b)", "between the brackets"),
        (4, "y = AND(a, q)", "'q' is used here"),
        (4, "y = LUT (a, b)", "only LUT 0x… has one"),
        (4, "y = AND 0x8 (a, b)", "only LUT 0x… has one"),
        (4, "y = LUT 0x10 (a, b)", "2 inputs have 4 rows"),
        (4, f"y = LUT 0x1 ({', '.join(['a'] * 17)})", "LUT has 17 inputs; expected 0 to 16"),
        (4, "y = AND(a, b", "found 'y = AND(a, b'; expected INPUT(a)"),
        (4, "AND(y, a, b)", "expected INPUT(a)"),
        (4, "INPUT(a)", "stands twice, before on line 1"),
        (4, "OUTPUT(y)", "stands twice, before on line 3"),
        (4, "a = NOT(b)", "'a' is defined twice, before on line 1"),
        (5, "y = NOT(b)\ny = NOT(a)", "'y' is defined twice, before on line 4"),
        (5, "y = NOT(b)\nINPUT(y)", "'y' is defined twice, before on line 4"),
        (4, "y = AND(t, a)\nt = NOT(y)", "'y' depends on itself ('y' uses 't' uses 'y')"),
        (3, "t = NOT(a)", "the output 'y' is driven by nothing"),
    ],
)
def test_bench_that_cannot_be_read_names_the_line(line, text, message, tmp_path):
    (tmp_path / "c.bench").write_text(f"INPUT(a)\nINPUT(b)\nOUTPUT(y)\n{text}\n")
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_circuit(tmp_path / "c.bench")
    assert caught.value.line == line
