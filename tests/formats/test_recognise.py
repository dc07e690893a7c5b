"""Files without a known suffix: recognised by what they hold, or refused with the suffixes that are known."""

from __future__ import annotations

import json
import os
import re

import numpy as np
import pytest
from support.cli_samples import HALF_ADDER, INPUTS, OUTPUTS, run

from btfnet import formats
from btfnet.errors import UsageError
from btfnet.formats import Items, read_circuit, read_items
from btfnet.formats.recognise import content_of, format_of, suffix_of

CIRCUITS = [".json", ".graphml", ".blif", ".aag", ".aig", ".bench", ".btf"]
ITEMS = [".dat", ".csv", ".npz", ".npy"]
ROWS = Items(INPUTS * 2 - 1, OUTPUTS * 2 - 1)


@pytest.mark.parametrize("name", ["table", "adder.txt", "v1.2"])
@pytest.mark.parametrize("suffix", CIRCUITS)
def test_a_circuit_without_a_known_suffix_is_read_by_its_content(suffix, name, tmp_path):
    formats.write_circuit(tmp_path / f"x{suffix}", HALF_ADDER)
    (tmp_path / f"x{suffix}").rename(tmp_path / name)
    assert format_of(tmp_path / name) == suffix
    assert np.array_equal(read_circuit(tmp_path / name).predict(INPUTS), HALF_ADDER.predict(INPUTS))
    assert run("inspect", tmp_path / name).exit_code == 0
    assert run("export", tmp_path / name, tmp_path / "y.blif").exit_code == 0
    assert run("verify", tmp_path / name, tmp_path / "y.blif").exit_code == 0


@pytest.mark.parametrize("name", ["rows", "rows.text"])
@pytest.mark.parametrize("suffix", ITEMS)
def test_items_without_a_known_suffix_are_read_by_their_content(suffix, name, tmp_path):
    formats.write_items(tmp_path / f"x{suffix}", ROWS)
    (tmp_path / f"x{suffix}").rename(tmp_path / name)
    formats.write_circuit(tmp_path / "y.blif", HALF_ADDER)
    assert format_of(tmp_path / name) == suffix
    options = {"n_inputs": 2} if suffix in (".npy", ".csv") else {}
    assert np.array_equal(read_items(tmp_path / name, **options).outputs, ROWS.outputs)
    assert run("verify", tmp_path / "y.blif", tmp_path / name).exit_code == 0


TEXTS = {
    ".i 2\n.o 1\n11 1\n": ".pla",
    "# a comment\n\n  .o 1\n.i 2\n": ".pla",
    "an adder, by hand\n.i 2\n.o 1\n": ".pla",
    ".ilb a b\n.i 2\n.o 1\n": ".pla",
    ".TYPE fr\n.I 2\n": ".pla",
    "11 1\n00 0\n": ".pla",
    "1-0|01\r\n--1|1~\r\n.e\r\n": ".pla",
    ".model m\n.inputs a\n": ".blif",
    "# by hand\n.inputs a b\n": ".blif",
    ".exdc\n.names y\n": ".blif",
    "INPUT(a)\nOUTPUT(y)\n": ".bench",
    "# c17\n\ny = NAND(a, b)\n": ".bench",
    "y = LUT 0x8 ( a, b )\n": ".bench",
    "aag 1 1 0 1 0\n2\n2\n": ".aag",
    "aig 1 1 0 1 0\n2\n": ".aig",
    "// by yosys\nmodule top(a, y);\n": ".v",
    '{"format": 1}': ".json",
    '<?xml version="1.0"?>\n<graphml>': ".graphml",
    "a,b,y\n0,1,1\n1,1,0\n": ".csv",
    "0;1;1\n1;1;0\n": ".csv",
    '"a"\t"b"\nTrue\tfalse\n': ".csv",
    "2\n2 2\n2 1\n0 1 1\n1 1 0\n": ".dat",
    "[data]\ngenerator = 'parity'\n": ".toml",
}


@pytest.mark.parametrize("text", TEXTS)
def test_text_tells_its_format(text):
    assert content_of(text.encode()) == TEXTS[text]
    assert content_of(b"\xef\xbb\xbf" + text.encode()) == TEXTS[text] or text.startswith(("aag", "aig"))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n\n", b"hello world\n", b"0 1 1\n1 1 0\n", b"0\n1\n", b"a,b\nc,d\n", b"\x00\x01\x02" * 50,
        b"\xff\xfe0\x00,\x001\x00", b"3.5 4\n", b"11 1\n000 1\n", b"1 2 3 4 5 6 7\n", b"def f(x):\n  return x\n",
    ],
)  # fmt: skip
def test_what_is_unclear_is_no_format_and_an_error_that_names_those_known(data, tmp_path):
    (tmp_path / "x").write_bytes(data)
    assert content_of(data) is None
    for read, known in ((read_items, ".dat, .csv"), (read_circuit, ".json")):
        with pytest.raises(
            UsageError, match=r"neither the suffix nor the content names a known format"
        ) as caught:
            read(tmp_path / "x")
        assert known in str(caught.value)


def test_only_a_whole_beginning_counts_where_a_file_is_longer():
    rows = b"0,1,1\n" * 20_000
    assert content_of(rows[: 1 << 16], complete=False) == ".csv"
    text = b"30000\n2 2\n2 1\n" + b"0 1 1\n" * 9_000
    assert content_of(text, complete=False) == ".dat"
    assert content_of(text) is None
    assert content_of("é".encode()[:1], complete=False) is None


def test_a_known_suffix_is_believed_whatever_the_file_holds(tmp_path):
    (tmp_path / "x.blif").write_text(".i 2\n.o 1\n11 1\n")
    assert format_of(tmp_path / "x.blif") == ".blif"
    (tmp_path / "x.pla").write_text(".model m\n.inputs a\n.outputs a\n.end\n")
    assert format_of(tmp_path / "x.pla") == ".pla"


def test_content_of_another_kind_is_named(tmp_path):
    (tmp_path / "x").write_text(".model m\n.inputs a\n.outputs a\n.end\n")
    with pytest.raises(UsageError, match=re.escape("the content looks like .blif, which is not for items")):
        read_items(tmp_path / "x")
    with pytest.raises(UsageError, match=r"x\.csv: the suffix names no known format for reading circuits"):
        read_circuit(tmp_path / "x.csv")


def test_directories_pipes_and_missing_files_are_not_looked_into(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "missing", "", "a\0b"):
        assert format_of(tmp_path / name) in ("", tmp_path.suffix)


def test_the_longest_suffix_counts():
    assert suffix_of("x.yosys.json") == ".yosys.json"
    assert suffix_of("X.JSON") == ".json"
    assert suffix_of(".json") == ""
    assert suffix_of("x.rom") == ".rom"


def test_a_table_without_a_suffix_is_learned_from_verified_and_exported(tmp_path):
    """As espresso's own examples are: no suffix, or one such as .rom."""
    (tmp_path / "maj.rom").write_text(".i 3\n.o 1\n11- 1\n1-1 1\n-11 1\n")
    result = run("solve", "--data", tmp_path / "maj.rom", "--widths", "3,1", "--engine", "descent", "--quiet",
                 "--json", "--out", tmp_path / "run")  # fmt: skip
    assert json.loads(result.stdout)["exact"]
    assert run("verify", tmp_path / "run", tmp_path / "maj.rom").exit_code == 0
    assert run("export", tmp_path / "maj.rom", tmp_path / "maj.v").exit_code == 0
    assert "3 lines" in run("inspect", tmp_path / "maj.rom").stdout
