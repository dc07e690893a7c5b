"""`btfnet predict` with a committee: raw rows, and what is wrong with some."""

from __future__ import annotations

import pytest
from support.cli_samples import run, strict_json
from support.committee_samples import SMALL, bit_classes, clusters, items_file, model_bytes

from btfnet import formats, train_committee
from btfnet.formats.btf.classifier import decode

pytestmark = pytest.mark.usefixtures("compiled")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,0,0,0,0\n", "standard input:1: the row has 5 values, but the classifier clusters has 6 inputs"),
        ("0,0,0,0,0,0\n0,0,0,0,0,0,0\n", "standard input:2: item 2 has 7 values, but the first row has 6;"),
        ("0,0,nan,0,0,0\n", "standard input:1: item 1: column 3 is 'nan', a missing value; expected a number."),
        ("a,b,c,d,e,f\n0,0,x,0,0,0\n", "standard input:2: item 1: column 3 ('c') is 'x'; expected a number."),
        ("0,0,0,0,0,0\n0,0,16,0,0,0\n", "item 2 has the value 16.0 in column 3; expected a number from -1 to 1"),
        ("", "standard input: the file is empty: there are no rows"),
        ("0,0\0,0,0,0,0\n", "standard input:1: found a zero byte"),
    ],
)  # fmt: skip
def test_bad_row_is_one_sentence_and_leaves_the_old_output(saved, tmp_path, text, message):
    (tmp_path / "out.csv").write_text("0,1,0,0\n")
    result = run("predict", saved, "-", tmp_path / "out.csv", text=text)
    assert result.exit_code == 1
    assert message in result.stderr
    inexact, *told = result.stderr.splitlines()
    assert inexact.endswith(f"m.btf is not exact: {decode('m.btf', model_bytes()).training}.")
    assert len(told) == 1
    assert (tmp_path / "out.csv").read_text() == "0,1,0,0\n"


def test_header_and_columns_of_outputs_are_left_out(saved):
    plain = run("predict", saved, "-", text="0,0.5,0,0,0,0\n")
    typed = run("predict", saved, "-", text="in,in,out:y,in,in,in,in\n0,5e-1,1,0,0,0,0\n")
    assert plain.stdout == typed.stdout != ""


def test_items_of_another_kind_are_refused(saved, tmp_path):
    result = run("predict", saved, items_file(tmp_path / "twos.npz", bit_classes(6)))
    assert result.exit_code == 1
    assert (
        "the items have 6 inputs of the kind bits, but clusters classifies 6 of the kind analog"
        in result.stderr
    )


def test_inspect_tells_what_the_committee_is_and_export_writes_its_circuit(saved, tmp_path):
    facts = strict_json(run("inspect", saved, "--json").stdout)
    circuit = train_committee(clusters(), **SMALL).circuit()
    assert (facts["inputs"], facts["comparisons"], facts["gates"]) == (6, 441, circuit.counts())
    assert "6 inputs (analog), of which 441 comparisons make bits" in run("inspect", saved).stdout
    refused = run("inspect", saved, "--exact")
    assert refused.exit_code == 2
    assert f"btfnet export {saved} circuit.json" in refused.stderr
    assert run("export", saved, tmp_path / "circuit.json").exit_code == 0
    assert formats.read_circuit(tmp_path / "circuit.json") == formats.read_circuit(saved)
