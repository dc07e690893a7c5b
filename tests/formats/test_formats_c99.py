"""Exported C: compiled with every warning as an error, run on every input, and compared."""

import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, evaluate, every_input, random_circuit, table

from btfnet import Circuit, Gate
from btfnet.formats import write_circuit
from btfnet.formats.circuits.c99 import FORMULAS, clean, stem
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.kernels.logic.program import OPS

CIRCUITS = {
    **{f"{key} 1": circuit.named(name=f"1 {key}") for key, circuit in corner_circuits().items()},
    **{f"random{seed}": random_circuit(np.random.default_rng(seed), name=f"random{seed}") for seed in range(60)},
}  # fmt: skip
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wmissing-declarations", "-Werror"]
N_WORDS = 5
"""More than one vector of AVX2, and a rest."""


def built(command, *arguments):
    """Run a compiler, which must say nothing."""
    if shutil.which(command) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{command} is missing, and this is CI: install GCC")
        pytest.skip(f"{command} is missing: exported C is not compiled")
    done = subprocess.run([command, *WARNINGS, *map(str, arguments)], capture_output=True, text=True)
    assert (done.returncode, done.stderr[:2000]) == (0, "")


def main_function(circuits):
    """A program that prints, for each circuit, the words of a block, then the rows of its first word."""
    lines = ["#include <stdio.h>", "#include <inttypes.h>", *(f'#include "{name}.c"' for name in circuits)]
    lines += ["int main(void) {", f"    size_t w; enum {{ n_words = {N_WORDS} }};"]
    for index, circuit in enumerate(circuits.values()):
        name, n_in, n_out = stem(circuit.name), max(1, circuit.n_inputs), max(1, circuit.n_outputs)
        rows = [f"UINT64_C({word})" for word in inputs(circuit).ravel().tolist()] or ["0"]
        lines += [
            f"    static const uint64_t in{index}[] = {{{', '.join(rows)}}};",
            f"    uint64_t out{index}[{n_out} * n_words] = {{0}};",
            f"    uint64_t one{index}[{n_out}] = {{0}}, word{index}[{n_in}] = {{0}};",
            f"    uint8_t bits{index}[{n_in}] = {{0}}, found{index}[{n_out}] = {{0}};",
            f"    {name}_block(in{index}, out{index}, n_words);",
            f"    for (w = 0; w < {circuit.n_outputs} * n_words; w++)",
            f'        printf("%" PRIu64 "\\n", out{index}[w]);',
        ]
        for node in range(circuit.n_inputs):
            lines.append(f"    word{index}[{node}] = in{index}[{node} * n_words];")
        lines.append(f"    {name}_words(word{index}, one{index});")
        lines += [f'    printf("%" PRIu64 "\\n", one{index}[{k}]);' for k in range(circuit.n_outputs)]
        lines.append("    for (w = 0; w < 64; w++) {")
        for node in range(circuit.n_inputs):
            lines.append(f"        bits{index}[{node}] = (uint8_t)(2 * (word{index}[{node}] >> w & 1));")
        lines.append(f"        {name}_row(bits{index}, found{index});")
        lines += [f'        printf("%d\\n", found{index}[{k}]);' for k in range(circuit.n_outputs)]
        lines.append("    }")
    return "\n".join([*lines, "    return 0;", "}", ""])


def inputs(circuit):
    """Every input of small circuits, repeated to some words; (n_inputs, N_WORDS)."""
    n_items = 64 * N_WORDS
    return pack_bits(
        np.array(every_input(circuit.n_inputs) * n_items, dtype=bool)[:n_items].reshape(n_items, -1)
    )


def test_compiled_c_computes_the_same_outputs_on_every_input_by_block_word_and_row(tmp_path):
    for name, circuit in CIRCUITS.items():
        write_circuit(tmp_path / f"{name}.c", circuit)
    (tmp_path / "main.c").write_text(main_function(CIRCUITS))
    built("gcc", "-std=c99", "-O1", "-o", tmp_path / "main", tmp_path / "main.c")
    printed = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    numbers = list(map(int, printed.split()))
    for name, circuit in CIRCUITS.items():
        n_out, n_items = circuit.n_outputs, 64 * N_WORDS
        wanted = np.array((table(circuit) * n_items)[:n_items])
        block, word, rows = (take(numbers, count * n_out) for count in (N_WORDS, 1, 64))
        assert (unpack_bits(block.reshape(n_out, N_WORDS), n_items) == wanted).all(), name
        assert (unpack_bits(word.reshape(n_out, 1), 64) == wanted[:64]).all(), name
        assert (rows.reshape(64, n_out) == wanted[:64]).all(), name
    assert not numbers


def take(numbers, count):
    taken, numbers[:count] = np.array(numbers[:count], dtype=np.uint64), []
    return taken


def test_exported_c_is_c_plus_plus_as_well(tmp_path):
    for index, circuit in enumerate(CIRCUITS.values()):
        write_circuit(tmp_path / f"{index}.c", circuit)
    (tmp_path / "all.cpp").write_text("".join(f'#include "{index}.c"\n' for index in range(len(CIRCUITS))))
    built("g++", "-std=c++11", "-fsyntax-only", tmp_path / "all.cpp")


def test_names_of_inputs_and_outputs_stand_for_their_indices(tmp_path):
    circuit = corner_circuits()["names"]
    write_circuit(tmp_path / "c.c", circuit)
    text = (tmp_path / "c.c").read_text(encoding="ascii")
    name = "dash_ed_name"
    assert re.findall(rf"{name}_in_(\w+) = (\d)", text) == [
        ("a_0", "0"), ("n5", "1"), ("two_words", "2"), ("module", "3")
    ]  # fmt: skip
    assert re.findall(rf"{name}_out_(\w+) = (\d)", text) == [("n6", "0"), ("a_0_2", "1"), ("x", "2")]
    assert "/* input 'a[0]' is named a_0 here */" in text


def test_names_cannot_end_a_comment_nor_begin_another(tmp_path):
    nasty = ("*/ #error", "/* x", "??/", "a\\", "line\nbreak")
    write_circuit(tmp_path / "c.c", Circuit(5, (), (1,), nasty, name="*/"))
    built("gcc", "-std=c99", "-trigraphs", "-fsyntax-only", tmp_path / "c.c")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("int", "int"), ("_x", "x"), ("4x", "c4x"), ("", "x"), ("ü", "x"), ("a__b", "a_b"), ("a b-c", "a_b_c")],
)
def test_function_names_begin_with_what_is_left_of_the_circuits_name(name, expected):
    assert stem(name) == expected
    assert clean(clean(name)) == clean(name)


def test_every_operation_has_a_formula():
    assert set(FORMULAS) == set(OPS) - {"false"}


def test_ten_thousand_gates_still_compile(tmp_path):
    rng = np.random.default_rng(0)
    gates = tuple(
        Gate(int(rng.integers(1, 4)), tuple((rng.integers(1, node, 3) * rng.choice([-1, 1], 3)).tolist()))
        for node in range(65, 10_065)
    )
    circuit = Circuit(64, gates, tuple(range(10_001, 10_065)), name="large")
    write_circuit(tmp_path / "c.c", circuit)
    (tmp_path / "main.c").write_text(
        '#include "c.c"\n#include <stdio.h>\nint main(void) {\n'
        "    uint8_t in[64] = {1, 0, 1}, out[64];\n    size_t k;\n    large_row(in, out);\n"
        "    for (k = 0; k < 64; k++) putchar('0' + out[k]);\n    return 0;\n}\n"
    )
    built("gcc", "-std=c99", "-O0", "-o", tmp_path / "main", tmp_path / "main.c")
    printed = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    assert [sign == "1" for sign in printed] == evaluate(circuit, [True, False, True, *[False] * 61])
