"""Files that promise, nest or repeat more than anybody needs: refused at once, in little memory.

The files of the older tests were damaged by accident, so that none of them was of a size, a depth or a kind that
only an enemy chooses.
"""

from __future__ import annotations

import time

import networkx
import pytest
from support.cli_samples import HALF_ADDER, run
from support.little_memory import QUICK, little

from btfnet import formats
from btfnet.errors import FormatError
from btfnet.formats import read_circuit
from btfnet.formats.btf import model as btf
from btfnet.formats.circuits import graphml
from btfnet.formats.toml.problem import read_problem_file

assert btf, graphml  # imported, so that no test counts that
networkx.DiGraph()

# -- text -------------------------------------------------------------------------------------------------


def circuit_text(**changes):
    fields = {"format": '"btfnet-circuit"', "version": "1", "name": '"c"', "inputs": '["a"]', "gates": "[]",
              "outputs": '[{"name": "y", "node": 1}]', **changes}  # fmt: skip
    return "{" + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "{" + ", ".join(f'"{i}": 0' for i in range(30_000)) + ', "29999": 1}'}, "'29999' stands twice"),
        ({"name": "[" * 100_000}, "nested too deeply"),
        ({"version": "9" * 5000}, "a number of 5000 characters"),
        ({"version": "1." + "9" * 5000}, "a number of 5002 characters"),
        ({"version": "1e400"}, "found version inf"),
        ({"version": "-Infinity"}, "found -Infinity"),
        ({"name": "9" * 400}, "name: found 999"),
        ({"outputs": '[{"name": "y", "node": 99999999999999999999}]'}, "node of output 0: found 99999"),
    ],
)  # fmt: skip
def test_json_of_absurd_depth_length_or_repetition_is_refused_at_once(changes, message, tmp_path):
    (tmp_path / "x.json").write_text(circuit_text(**changes))
    with little(1 << 25), pytest.raises(FormatError, match=message) as caught:
        read_circuit(tmp_path / "x.json")
    assert len(str(caught.value)) < 500


PROBLEM = """format = 1
name = "x"
[data]
generator = "parity"
bits = 2
[network]
widths = [2, 2, 1]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bits = 2", "bits = " + "9" * 5000, "a value is not accepted"),
        ("bits = 2", "bits = 0x" + "f" * 5000, "a number of 20000 bits"),
        ("bits = 2", ".".join(["a"] * 50_000) + " = 1", "mine.toml:5: a key has more than 64 parts"),
        ("bits = 2", "bits." + '"b" . ' * 64 + "c = 1", "mine.toml:5: a key has more than 64 parts"),
        ("bits = 2", "bits = " + "[" * 20_000, "nested too deeply"),
        ("[2, 2, 1]", "[2" + ",2" * 10**6 + "]", "a file of this kind has at most 1.0 MiB"),
        ('name = "x"', "name = 'x\x1b[31my'".replace("\x1b", "\\u001b").replace("'", '"'), "name"),
        ('format = 1', 'format = 1\n"\\u001b[31m" = 1', "is unknown"),
    ],
)  # fmt: skip
def test_toml_of_absurd_length_depth_or_numbers_is_refused_at_once(old, new, message, tmp_path):
    (tmp_path / "mine.toml").write_text(PROBLEM.replace(old, new))
    begun = time.monotonic()
    with pytest.raises(FormatError, match=message) as caught:
        read_problem_file(tmp_path / "mine.toml")
    assert time.monotonic() - begun < QUICK
    assert str(caught.value).replace("\n", "").isprintable()
    assert len(str(caught.value)) < 500


def test_long_texts_and_long_words_in_toml_take_no_time(tmp_path):
    for filler in ("a" * 10**6, "a." * 60, '"a' * 60, "'" + "b" * 10**5 + "'"):
        (tmp_path / "mine.toml").write_text(f"summary = '''{filler}'''\n" + PROBLEM)
        begun = time.monotonic()
        assert read_problem_file(tmp_path / "mine.toml").name == "x"
        assert time.monotonic() - begun < QUICK


# -- what is printed --------------------------------------------------------------------------------------

RED = "\x1b[31mred\x07\u202e\ud800\n"


def test_names_with_escape_sequences_are_printed_without_any(tmp_path):
    named = HALF_ADDER.named(name=RED, inputs=(RED + "a", "b"), outputs=(RED + "y", "z"))
    for name in ("x.json", "x.btf"):
        formats.write_circuit(tmp_path / name, named)
    formats.write_items(tmp_path / "i.csv", formats.Items([[1, 1]], [[1, 1]]))
    for arguments in (
        ("inspect", tmp_path / "x.json"),
        ("inspect", tmp_path / "x.btf"),
        ("verify", tmp_path / "x.json", tmp_path / "i.csv"),
        ("verify", tmp_path / "x.json", tmp_path / "x.btf"),
        ("export", tmp_path / "x.json", tmp_path / "out.dot"),
        ("export", tmp_path / "x.json", tmp_path / "out.svg"),
        ("export", tmp_path / "x.json", tmp_path / "out.v"),
    ):
        result = run(*arguments)
        said = result.stdout + result.stderr
        assert not set(said) & set(RED.replace("\n", "").replace("red", "").replace("[31m", "")), arguments
    for name in ("out.dot", "out.svg", "out.v"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert str(named).count("\n") == HALF_ADDER.n_nodes


def test_a_file_whose_own_name_has_escape_sequences_is_named_without_any(tmp_path):
    result = run("inspect", str(tmp_path / "\x1b[31m.json"))
    assert result.exit_code == 1
    assert "\\x1b[31m.json: there is no such file" in result.stderr
    assert "\x1b" not in result.stderr


def test_what_is_left_out_of_a_message_is_never_made_first():
    from btfnet.printable import shown

    with little():
        assert shown(10**6000).startswith("a number of 19932 bits")
        assert len(shown("\x1b" * 10**5)) <= 42
