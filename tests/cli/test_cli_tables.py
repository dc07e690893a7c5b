"""Truth tables that stay cubes on the command line: exported, verified, compared, inspected and learned from."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from support.cli_samples import run
from support.pla_tables import covers

from btfnet import Circuit
from btfnet.errors import BtfnetWarning, DataError
from btfnet.formats import read_circuit, read_items, write_circuit
from btfnet.formats.pla.reader import read_table

WIDE = "-" * 20
LARGE = f".i 25\n.o 2\n.ob p q\n{WIDE}11--- 1~\n{WIDE}--11- -1\n1{WIDE}---- 01\n.e\n"


def written(tmp_path, text, name="x.pla"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


@pytest.mark.parametrize("suffix", [".blif", ".aig", ".aag", ".bench", ".json", ".btf", ".graphml"])
@pytest.mark.parametrize("large", [False, True])
def test_a_table_of_any_size_is_exported_and_the_circuit_verified_in_either_order(suffix, large, tmp_path):
    text = LARGE if large else ".i 3\n.o 2\n.ilb a b c\n.ob p q\n11- 1-\n-01 01\n.e\n"
    table, out = written(tmp_path, text), tmp_path / f"y{suffix}"
    exported = run("export", table, out)
    assert (exported.exit_code, exported.stderr.count("leaves outputs open")) == (0, 1)
    for pair in ((out, table), (table, out), (table, table)):
        result = run("verify", *pair)
        assert (result.exit_code, result.stdout[:6]) == (0, "Equal:"), result.stdout + result.stderr


@pytest.mark.parametrize("suffix", [".v", ".c", ".dot"])
def test_a_table_is_written_in_formats_that_are_not_read_too(suffix, tmp_path):
    assert run("export", written(tmp_path, LARGE), tmp_path / f"y{suffix}").exit_code == 0
    assert (tmp_path / f"y{suffix}").stat().st_size > 100


def test_a_circuit_that_differs_from_a_large_table_is_told_the_cube_and_the_line(tmp_path):
    table = written(tmp_path, LARGE.replace("-1\n", "~1\n"))
    wrong = read_table(table).circuit()
    wrong = Circuit(25, wrong.gates, (wrong.outputs[0], -wrong.outputs[0]), (), ("p", "q"))
    write_circuit(tmp_path / "wrong.blif", wrong)
    result = run("verify", tmp_path / "wrong.blif", table)
    assert result.exit_code == 3
    assert "Outputs that differ: q." in result.stdout
    assert "The same holds for all inputs " in result.stdout
    facts = json.loads(run("verify", table, tmp_path / "wrong.blif", "--json").stdout)
    assert facts["subject"].endswith("wrong.blif")
    cube, example = facts["counterexample_cube"], facts["counterexample"]
    assert len(cube) == 25
    assert "-" in cube
    assert all(sign in ("-", "01"[bit]) for sign, bit in zip(cube, example["inputs"], strict=True))
    lines = table.read_text().split("\n")
    for line in facts["reference_lines"]:
        assert covers(lines[line - 1].split()[0], "".join("01"[bit] for bit in example["inputs"]))


def test_names_decide_which_column_of_a_table_is_which(tmp_path):
    names = [f"n{i}" for i in range(25)]
    head = f".i 25\n.o 2\n.ilb {' '.join(names)}\n.ob p q\n"
    table = written(tmp_path, f"{head}1{'-' * 24} 10\n-1{'-' * 23} 01\n")
    turned = Circuit(25, (), (24, 25), tuple(reversed(names)), ("q", "p"))
    write_circuit(tmp_path / "c.blif", turned)
    assert run("verify", tmp_path / "c.blif", table).exit_code == 0
    assert run("verify", table, tmp_path / "c.blif", "--by-name").exit_code == 0
    result = run("verify", tmp_path / "c.blif", table, "--by-position", "--json")
    assert result.exit_code == 3
    facts = json.loads(run("verify", tmp_path / "c.blif", table, "--by-position", "--json").stdout)
    assert facts["reference_lines"] in ([5], [6], [])


def test_dont_cares_of_a_large_table_are_not_compared(tmp_path):
    table = written(tmp_path, f".i 25\n.o 1\n{WIDE}11--- 1\n{WIDE}0---- -\n.e\n")
    for circuit, code in ((Circuit(25, (), (22,)), 0), (Circuit(25, (), (21,)), 3)):
        write_circuit(tmp_path / "c.blif", circuit)
        result = run("verify", tmp_path / "c.blif", table)
        assert result.exit_code == code, result.stdout
    assert f"{table} leaves open were not compared" in result.stdout
    itself = run("verify", str(table), str(table))
    assert itself.stdout.count("were not compared") == 1


def test_two_tables_are_compared_where_both_count(tmp_path):
    first = written(tmp_path, f".i 25\n.o 1\n.type fr\n{WIDE}1---- 1\n{WIDE}00--- 0\n.e\n", "a.pla")
    second = written(tmp_path, f".i 25\n.o 1\n.type fd\n{WIDE}1---- 1\n{WIDE}01--- 1\n.e\n", "b.pla")
    assert run("verify", first, second).exit_code == 0
    third = written(tmp_path, f".i 25\n.o 1\n.type f\n{WIDE}-1--- 1\n.e\n", "c.pla")
    result = run("verify", first, third)
    assert result.exit_code == 3
    assert result.stdout.count("were not compared there") == 1


@pytest.mark.parametrize(
    "text", [".i 25\n.o 2\n.type fr\n", f".i 25\n.o 2\n{WIDE}----- --\n{WIDE}1---- 11\n"]
)
def test_a_table_in_which_nothing_counts_is_equal_to_nothing(text, tmp_path):
    write_circuit(tmp_path / "c.blif", Circuit(25, (), (1, 2)))
    result = run("verify", tmp_path / "c.blif", written(tmp_path, text))
    assert (result.exit_code, "no output" in result.stderr) == (1, True), result.stdout


def test_a_table_alone_and_a_table_against_items_are_questions(tmp_path):
    table = written(tmp_path, LARGE)
    assert "name the circuit or table" in run("verify", table).stderr
    (tmp_path / "x.csv").write_text("0,1\n")
    assert (
        "holds items; a table is compared with circuits and tables"
        in run("verify", table, tmp_path / "x.csv").stderr
    )


def test_the_time_limit_holds_for_tables(tmp_path):
    rng = np.random.default_rng(0)
    rows = ["".join(rng.choice(list("01-"), 60, p=(0.1, 0.1, 0.8))) + " 1" for _ in range(400)]
    a = written(tmp_path, "\n".join([".i 60", ".o 1", ".type f", *rows]), "a.pla")
    b = written(tmp_path, "\n".join([".i 60", ".o 1", ".type f", *rows[::-1], rows[0]]), "b.pla")
    begun = time.monotonic()
    result = run("verify", a, b, "--time-limit", "20")
    assert (result.exit_code, time.monotonic() - begun < 40) == (0, True)


def test_inspect_counts_the_lines_of_a_table(tmp_path):
    table = written(tmp_path, LARGE)
    facts = json.loads(run("inspect", table, "--json").stdout)
    assert (facts["inputs"], facts["outputs"], facts["lines"], facts["signs"]) == (25, 2, 3, 5)
    assert facts["lines_of_outputs"] == [
        {"output": "p", "on": 1, "off": 0, "open": 1},
        {"output": "q", "on": 2, "off": 0, "open": 0},
    ]
    assert len(facts["unused_inputs"]) == 20
    text = run("inspect", table).stdout
    assert "too many: expanding the type fd, which speaks of every input, makes 33554432 items" in text
    small = run("inspect", written(tmp_path, ".i 2\n.o 1\n.type fr\n11 1\n00 0\n", "s.pla")).stdout
    assert "outputs that no line speaks of are open" in small
    assert "can be listed" in small


def test_learning_from_a_table_that_is_too_large_says_how_large_and_what_else_there_is(tmp_path):
    result = run("solve", "--data", written(tmp_path, LARGE), "--widths", "auto")
    assert result.exit_code == 1
    for words in ("makes 33554432 items of 25 + 2 bits", ".type fr", "btfnet verify", "btfnet export"):
        assert words in result.stderr


def test_a_large_table_of_few_inputs_is_learned_from(tmp_path):
    text = ".i 200\n.o 1\n.type fr\n" + "".join(f"{'0' * i}1{'0' * (199 - i)} {i % 2}\n" for i in range(200))
    assert read_items(written(tmp_path, text)).n_items == 200


def test_a_table_as_a_circuit_warns_only_where_it_leaves_something_open(tmp_path):
    with pytest.warns(BtfnetWarning, match="leaves outputs open"):
        read_circuit(written(tmp_path, ".i 2\n.o 1\n11 1\n00 -\n"))
    assert read_circuit(written(tmp_path, ".i 2\n.o 1\n11 1\n")).n_inputs == 2


def test_sides_of_different_shape_are_one_sentence(tmp_path):
    write_circuit(tmp_path / "c.blif", Circuit(24, (), (1, 2)))
    result = run("verify", tmp_path / "c.blif", written(tmp_path, LARGE))
    assert result.exit_code == 1
    assert "25 inputs" in result.stderr


@pytest.mark.filterwarnings("ignore:.*goes over several lines")
def test_a_hostile_table_is_read_in_bounded_time(tmp_path):
    start = time.process_time()
    with pytest.raises(DataError):
        read_table(written(tmp_path, ".i 3\n.o 1\n" + "1\n" * 200_000 + "11\n"))
    for count in (".i 900000000\n.o 1", ".i 1\n.o 900000000", ".mv 9000001 9000000 1"):
        with pytest.raises(DataError, match="1048576"):
            read_table(written(tmp_path, f"{count}\n.e\n"))
    assert run("inspect", written(tmp_path, ".i 1048576\n.o 1048576\n.e\n")).exit_code == 0
    assert time.process_time() - start < 20
