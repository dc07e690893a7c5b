"""`btfnet inspect` of circuits: --why, --words, names and influences."""

from __future__ import annotations

import re

import pytest
from support.circuit_samples import multiplier
from support.cli_samples import HALF_ADDER, FakeSolve, run, strict_json, write_csv

import btfnet
from btfnet import Circuit, Gate, formats


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A half adder, a product of two bits each, a circuit of conditions, and items."""
    monkeypatch.chdir(tmp_path)
    formats.write_circuit("half.json", HALF_ADDER)
    formats.write_circuit("product.blif", multiplier(2))
    names = ("age>=37", "colour=red", "age>=50", "has, comma")
    gates = (Gate(2, (1, -2)), Gate(1, (5, 3)), Gate(2, (4, 6)))
    formats.write_circuit("rules.json", Circuit(4, gates, (6, 7), names, ("rich", "y")))
    (tmp_path / "adder.csv").write_text("b,a,carry,sum\n0,0,0,0\n1,0,0,1\n0,1,0,1\n1,1,1,0\n")
    write_csv(tmp_path / "plain.csv")
    return tmp_path


def test_why_says_in_json_what_python_says(folder):
    told = strict_json(run("inspect", "product.blif", "--why", "0111", "--json").stdout)
    explained = btfnet.why(formats.read_circuit("product.blif"), [0, 1, 1, 1])
    assert told["row"] is None
    assert told["inputs"] == {"a0": 0, "a1": 1, "b0": 1, "b1": 1}
    names = explained.circuit.input_names
    for output, each in zip(told["outputs"], explained.outputs, strict=True):
        assert output["value"] == each.value
        assert [gate["node"] for gate in output["gates"]] == list(each.gates)
        assert set(output["enough"]["inputs"]) == {names[index] for index in each.enough.inputs}
        assert output["enough"]["smallest"]
        assert [set(change) for change in output["changes"]] == [
            {names[index] for index in change} for change in each.changes.sets
        ]


def test_why_reads_as_text(folder):
    assert run("inspect", "half.json", "--why", "01").output == (
        "Inputs 01: a = 0, b = 1\n"
        "\n"
        "carry = 0\n"
        "  Gates    n3 = And(a, b) is 0\n"
        "  Enough   a = 0: whatever the other input may be; no smaller set forces it: proven by SAT\n"
        "  Change   a = 1\n"
        "\n"
        "sum = 1\n"
        "  Gates    n5 = And(n4, ~n3) is 1\n"
        "           n4 = Or(a, b) is 1\n"
        "           n3 = And(a, b) is 0\n"
        "  Enough   a = 0, b = 1: no smaller set forces it: proven by SAT\n"
        "  Change   a = 1; or b = 0\n"
    )


def test_conditions_are_told_as_such_and_impossible_rows_left_out(folder):
    given = "age>=37=1,colour=red=no,age>=50=0,has, comma=1"
    text = run("inspect", "rules.json", "--why", given).output
    assert 'Inputs as given: age >= 37, colour is not red, age < 50, "has, comma" = 1' in text
    assert "Change   age < 37; or colour = red" in text
    assert "such as age < 37 and age >= 50." in text
    assert run("inspect", "rules.json", "--why", "1010", "--output", "y").output.count("\ny = 0\n") == 1


@pytest.mark.parametrize(
    "given, code, message",
    [
        (
            ("half.json", "--why", "1"),
            1,
            "no training items beside it; name rows with --data, or give the bits",
        ),
        (("half.json", "--why", "0"), 2, "give the number of a row, bits such as 0110"),
        (("half.json", "--why", "011"), 2, "--why has 3 bits, but half-adder has 2 inputs"),
        (("half.json", "--why", "a=1"), 2, "there is no value for b"),
        (("half.json", "--why", "a=1,c=0"), 2, "has no input 'c'"),
        (("half.json", "--why", "a=1,a=0"), 2, "a stands there twice"),
        (("half.json", "--why", "a=2,b=0"), 2, "expected 0 or 1"),
        (("half.json", "--why", "a,b"), 2, "no value such as a=1"),
        (("half.json", "--why", "one"), 2, "give the number of a row"),
        (("half.json", "--why", "a=1,b=0", "--data", "adder.csv"), 2, "give only one of them"),
        (("half.json", "--why", "5", "--data", "adder.csv"), 2, "adder.csv has 4 rows"),
        (("half.json", "--why", "01", "--output", "summ"), 2, "did you mean sum?"),
        (("half.json", "--output", "sum"), 2, "--output names what --why explains"),
        (("half.json", "--why", "01", "--words"), 2, "ask for one of them"),
        (("half.json", "--why", "01", "--draw", "x.svg"), 2, "draw it without --why"),
        (("half.json", "--words", "--exact"), 2, "do not go with it"),
        (("half.json", "--why", "01", "--time-limit", "0"), 2, "--time-limit"),
    ],
)
def test_what_cannot_be_explained_says_why_not(folder, given, code, message):
    result = run("inspect", *given)
    assert result.exit_code == code
    assert message in result.output


def test_rows_of_data_and_of_training_items_are_counted_from_one(folder, monkeypatch):
    assert (
        "Row 3 of adder.csv: a = 1, b = 0"
        in run("inspect", "half.json", "--data", "adder.csv", "--why", 3).output
    )
    FakeSolve(monkeypatch)
    assert run("solve", "--data", "plain.csv", "--widths", "2,2,2", "--out", "run", "--quiet").exit_code == 0
    for row, bits in enumerate(("0, 0", "0, 1", "1, 0", "1, 1"), start=1):
        text = run("inspect", "run", "--why", row).output.splitlines()[0]
        assert re.sub(r"\w+ = ", "", text) == f"Row {row} of the training items: {bits}"
    assert "there are 4 training items" in run("inspect", "run", "--why", 5).output


def test_names_and_influences_stand_in_text_and_json(folder):
    text = run("inspect", "product.blif").output
    assert "Is        multiplier: p0 … p3 are the bits of a × b" in text
    assert "(proven on all 16 inputs)" in text
    assert "Matters   a0 0.75, a1 0.75, b0 0.75, b1 0.75 (of all 16 patterns" in text
    facts = strict_json(run("inspect", "product.blif", "--json").stdout)
    (name,) = facts["is"]
    assert name["outputs"] == ["p0", "p1", "p2", "p3"]
    assert name["kind"] == "multiplier"
    assert facts["is_complete"]
    assert facts["without_effect"] == []
    assert [each["any_output"] for each in facts["influences"]["inputs"]] == [0.75] * 4


def test_items_have_influences_of_their_own_and_inputs_without_effect_are_named(folder):
    gates = (Gate(2, (1, 3)), Gate(2, (1, -3)), Gate(1, (4, 5)), Gate(2, (6, 2)))
    formats.write_circuit("idle.json", Circuit(3, gates, (7,), ("a", "b", "idle"), ("y",)))
    (folder / "rows.csv").write_text("a,b,idle,y\n1,1,0,1\n0,0,1,0\n0,1,1,0\n")
    text = run("inspect", "idle.json", "--data", "rows.csv").output
    assert "Idle      idle: no output depends on them (proven)" in text
    assert "a 0.5 / 0.667, b 0.5 / 0.333 (of all 8 patterns, and of the items turning it" in text
    facts = strict_json(run("inspect", "idle.json", "--json").stdout)
    assert facts["without_effect"] == ["idle"]


def test_words_are_those_of_python(folder):
    for name in ("half.json", "product.blif", "rules.json"):
        rules = btfnet.in_words(formats.read_circuit(name))
        assert run("inspect", name, "--words").output == f"{rules}\n"
        told = strict_json(run("inspect", name, "--words", "--json").stdout)
        assert [rule["words"] for rule in told["outputs"]] == [rule.words for rule in rules.outputs]


def test_rows_of_a_table_are_explained_as_they_stand_in_it(folder):
    """Raw rows become conditions, and rows of the training items are the same conditions."""
    ages = list(range(20, 80)) * 2
    (folder / "people.csv").write_text("age,old\n" + "".join(f"{age},{int(age >= 50)}\n" for age in ages))
    given = ("people.csv", "--target", "old", "--out", "rule", "--test", 0, "--quiet")
    assert run("learn", *given).exit_code == 0
    (folder / "more.csv").write_text("age\n70\n30\n")
    for row, bit in ((1, 1), (2, 0)):
        told = strict_json(run("inspect", "rule", "--data", "more.csv", "--why", row, "--json").stdout)
        assert [output["value"] for output in told["outputs"]] == [bit]
        assert all(name.startswith("age>=") for name in told["inputs"])
    assert "more.csv has 2 rows" in run("inspect", "rule", "--data", "more.csv", "--why", 3).output
    trained = strict_json(run("inspect", "rule", "--why", 2, "--json").stdout)
    assert set(trained["inputs"].values()) == {0}  # who is 21
    assert re.search(
        r"is true when age >= (49\.5|50)\.$", run("inspect", "rule", "--words").stdout, re.MULTILINE
    )
