"""Names decide in every command, tables are read alike by all of them, and what is unclear is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.cli_samples import FakeSolve, run

from btfnet import Circuit, Gate, formats
from btfnet.cli.inputs.problems import find_problem
from btfnet.formats import Items

CASES = Path(__file__).parents[3] / "shared" / "cases"
AND_NOT = Circuit(2, (Gate(2, (1, -2)),), (3,), ("a", "b"), ("y",), "and-not")
TWO = Circuit(2, (Gate(2, (1, -2)), Gate(1, (1, 2))), (3, 4), ("a", "b"), ("y", "z"), "two")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    formats.write_circuit("and_not.blif", AND_NOT)
    formats.write_circuit("two.json", TWO)


def outcome(*arguments, text=None):
    result = run(*arguments, text=text)
    return result.exit_code, result.stdout.strip(), result.stderr


def write(name, text):
    Path(name).write_text(text)
    return name


# -- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a,b\n1,0\n", "1"), ("b,a\n0,1\n", "1"), ("in:b,in:a\n0,1\n", "1"), ("y,b,a\n0,0,1\n", "1"),
        ("b,y,a\n1,?,0\n", "0"), ("out:y,in:b,in:a\nfree text,0,1\n", "1"), ("B,A\n0,1\n", "1"),
        ("column_0,column_1\n1,0\n", "1"),
    ],
)  # fmt: skip
def test_predict_finds_its_inputs_by_name(text, answer):
    """Every file of rows in the tests used to have its columns in the circuit's order."""
    code, said, errors = outcome("predict", "and_not.blif", write("x.csv", text))
    assert (code, said) == (0, answer)
    assert ("spell inputs differently" in errors) == text.startswith("B")
    assert outcome("predict", "and_not.blif", "-", text=text)[:2] == (0, answer)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zzz,qqq\n0,1\n", ["no input of the circuit", "named zzz, qqq", ": a, b\n"]),
        ("b,zzz\n0,1\n", ["named zzz", "has no input named a"]),
        ("b,a,zzz\n0,1,1\n", ["named zzz"]),
        ("b\n0\n", ["has no input named a"]),
        ("in:b,in:zzz,out:y\n0,1,1\n", ["named zzz", "has no input named a"]),
        (",a,b\n0,1,0\n", ["the first column has no name; it looks like an index"]),
    ],
)
def test_predict_refuses_names_that_it_does_not_know(text, words):
    code, said, errors = outcome("predict", "and_not.blif", write("x.csv", text))
    assert (code, said) == (1, "")
    for word in (*words, "x.csv:1: "):
        assert word in errors


def test_position_and_name_can_be_said():
    rows = write("x.csv", "zzz,qqq\n1,0\n")
    assert outcome("predict", "and_not.blif", rows, "--by-position") == (0, "1", "")
    rows = write("x.csv", "b,a\n1,0\n")
    assert outcome("predict", "and_not.blif", rows, "--by-position") == (0, "1", "")
    assert outcome("predict", "and_not.blif", rows, "--by-name")[:2] == (0, "0")
    plain = write("plain.csv", "1,0,1\n1,1,0\n")
    assert "say --by-position" in outcome("predict", "and_not.blif", plain)[2]
    assert outcome("predict", "and_not.blif", plain, "--by-position") == (0, "1\n0", "")
    np.save("plain.npy", [[1, 0, 1], [1, 1, 0]])
    assert "say --by-position" in outcome("predict", "and_not.blif", "plain.npy")[2]
    assert outcome("predict", "and_not.blif", "plain.npy", "--by-position") == (0, "1\n0", "")
    assert outcome("predict", "and_not.blif", write("y.csv", "1,0\n"), "--by-name")[0] == 2
    for command in (("predict", "and_not.blif", rows), ("verify", "and_not.blif", "and_not.blif")):
        code, _, errors = outcome(*command, "--by-name", "--by-position")
        assert code == 2
        assert "contradict each other" in errors


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".npz"])
def test_verify_holds_items_against_the_names_of_the_circuit(suffix):
    right = Items([[-1, 1], [1, -1]], [[1, 1], [1, -1]], input_names=("b", "a"), output_names=("z", "y"))
    formats.write_items(f"right{suffix}", right)
    assert outcome("verify", "two.json", f"right{suffix}")[::2] == (0, "")
    assert outcome("verify", "two.json", f"right{suffix}", "--by-position")[0] == 3
    wrong = Items([[1, -1]], [[1, 1]], input_names=("b", "a"), output_names=("y", "z"))
    formats.write_items(f"wrong{suffix}", wrong)
    assert outcome("verify", "two.json", f"wrong{suffix}")[0] == 3
    assert outcome("verify", "two.json", f"wrong{suffix}", "--by-position")[0] == 0
    lone = Items([[1, -1]], [[1, 1]], input_names=("b", "c"), output_names=("y", "z"))
    formats.write_items(f"lone{suffix}", lone)
    code, _, errors = outcome("verify", "two.json", f"lone{suffix}")
    assert code == 1
    assert "no input of the circuit two is named c" in errors
    foreign = Items([[1, -1]], [[1, 1]], input_names=("p", "q"), output_names=("y", "z"))
    formats.write_items(f"foreign{suffix}", foreign)
    code, _, errors = outcome("verify", "two.json", f"foreign{suffix}")
    assert code == 0
    assert errors.count("matched by position: p, q of the latter for a, b") == 1


def test_names_of_a_truth_table_decide_too():
    write("t.pla", ".i 2\n.o 1\n.ilb b a\n.ob y\n00 0\n01 1\n10 0\n11 0\n.e\n")
    assert outcome("verify", "and_not.blif", "t.pla")[0] == 0
    assert outcome("verify", "and_not.blif", "t.pla", "--by-position")[0] == 3
    assert outcome("verify", "and_not.blif", "t.pla", "--method", "sat")[0] == 0
    assert outcome("verify", "t.pla", "and_not.blif", "--by-position")[0] == 3


def test_netlists_are_matched_by_name_and_renamed_ones_by_position_with_a_notice():
    other = Circuit(2, (Gate(2, (-1, 2)),), (3,), ("b", "a"), ("y",))
    formats.write_circuit("other.blif", other)
    assert outcome("verify", "and_not.blif", "other.blif")[::2] == (0, "")
    assert outcome("verify", "and_not.blif", "other.blif", "--by-position")[0] == 3
    formats.write_circuit("foreign.blif", AND_NOT.named(inputs=("p", "q")))
    code, _, errors = outcome("verify", "and_not.blif", "foreign.blif")
    assert (code, errors.count("Warning")) == (0, 1)
    formats.write_circuit("crossed.blif", AND_NOT.named(inputs=("b", "c")))
    assert outcome("verify", "and_not.blif", "crossed.blif")[0] == 1


@pytest.mark.parametrize("suffix", [".blif", ".bench", ".aag", ".json", ".graphml", ".btf"])
def test_an_own_export_is_equal_whatever_its_format_does_to_names(suffix):
    odd = Circuit(
        3, (Gate(2, (1, -2, 3)), Gate(2, (1, -3))), (4, 5, 1),
        ("a b", "1'b0", "INPUTx"), ("a b", "s=1", "out"), "odd",
    )  # fmt: skip
    formats.write_circuit("odd.json", odd)
    formats.write_circuit(f"copy{suffix}", odd)
    assert outcome("verify", "odd.json", f"copy{suffix}")[0] == 0


def test_rows_of_items_files_are_matched_by_name():
    formats.write_items("x.npz", Items([[-1, 1]], [[1]], input_names=("b", "a"), output_names=("whatever",)))
    assert outcome("predict", "and_not.blif", "x.npz")[:2] == (0, "1")
    assert outcome("predict", "and_not.blif", "x.npz", "--by-position")[:2] == (0, "0")
    formats.write_items("y.npz", Items([[-1, 1]], [[1]], input_names=("b", "c"), output_names=("y",)))
    assert outcome("predict", "and_not.blif", "y.npz")[0] == 1
    np.save("z.npy", np.array([[1, 0]]))
    assert outcome("predict", "and_not.blif", "z.npy", "--by-name")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("predict", "order.blif", "order_rows.csv"), 0, "1"),
        (("predict", "order.blif", "order_unknown.csv"), 1, "is named zzz"),
        (("verify", "order.blif", "order_items.csv"), 0, "Equal"),
        (("verify", "order.blif", "order_false_equal.csv"), 3, "on 2 of 2 items"),
    ],
)
def test_cases_of_outsiders_are_answered_rightly(arguments, code, said, monkeypatch):
    if not CASES.is_dir():
        pytest.skip("needs ../shared/cases")
    monkeypatch.chdir(CASES)
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.stdout + result.stderr


# -- one reader -------------------------------------------------------------------------------------------

TABLES = {
    "plain": "a,b,y\n0,0,0\n0,1,0\n1,0,1\n1,1,0\n",
    "semicolons": "a;b;y\n0;0;0\n0;1;0\n1;0;1\n1;1;0\n",
    "tabs": "a\tb\ty\n0\t0\t0\n0\t1\t0\n1\t0\t1\n1\t1\t0\n",
    "words": "a,b,y\nFALSE,FALSE,FALSE\nfalse,TRUE,no\nTRUE,false,Yes\nT,T,F\n",
    "numbers": "a,b,y\n0.0,0.0,0.0\n0.0,1.0,0\n1.0,0.0,1.0\n1,1,0\n",
    "decimal commas": "a;b;y\n0,0;0,0;0,0\n0,0;1,0;0\n1,0;0,0;1,0\n1;1;0\n",
    "signs": "a,b,y\n-1,-1,-1\n-1,1,-1\n1,-1,1\n1,1,-1\n",
    "quotes": '"a","b","y"\n"0","0","0"\n"0","1","0"\n"1","0","1"\n"1","1","0"\n',
    "mixed lines": "a,b,y\r\n0,0,0\n0,1,0\r1,0,1\r\n\r\n1,1,0",
    "marks": "a,b,y\n0,0,-\n0,1,0\n1,0,1\n1,1,x\n",
    "typed": "in:a,out:y,in:b\n0,0,0\n0,0,1\n1,1,0\n1,0,1\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("table", TABLES)
def test_solve_predict_verify_and_inspect_read_the_same_tables(table, encoding, monkeypatch):
    Path("x.csv").write_bytes(TABLES[table].encode(encoding))
    fake = FakeSolve(monkeypatch, circuit=None, exact=False)
    assert run("solve", "--data", "x.csv", "--inputs", 2, "--widths", "2,1,1", "--quiet").exit_code in (0, 3)
    problem = fake.problem
    assert (problem.input_names, problem.output_names) == (("a", "b"), ("y",))
    assert problem.inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    code, said, _ = outcome("predict", "and_not.blif", "x.csv")
    assert (code, said.split()) == (0, ["0", "0", "1", "0"])
    assert outcome("verify", "and_not.blif", "x.csv")[0] == 0
    assert outcome("inspect", "and_not.blif", "--data", "x.csv")[0] == 0


def test_every_command_takes_the_separator_and_refuses_it_where_it_has_no_meaning():
    table = write("x.csv", "a~b~y\n1~0~1\n")
    for command in (("predict", "and_not.blif", table), ("verify", "and_not.blif", table),
                    ("inspect", "and_not.blif", "--data", table)):  # fmt: skip
        assert outcome(*command, "--separator", "~")[0] == 0
        assert outcome(*command, "--separator", "nonsense")[0] == 2
    np.save("x.npy", np.array([[1, 0]]))
    for command in (("predict", "and_not.blif", "x.npy"), ("verify", "and_not.blif", "and_not.blif"),
                    ("inspect", "and_not.blif"), ("solve", "multiplier-2x2"),
                    ("export", "and_not.blif", "out.v")):  # fmt: skip
        code, _, errors = outcome(*command, "--separator", ";")
        assert code == 2
        assert "--separator" in errors


# -- questions ----------------------------------------------------------------------------------------------


def test_inputs_asked_for_beside_a_header_of_outputs_are_a_question(monkeypatch):
    fake = FakeSolve(monkeypatch, circuit=None, exact=False)
    table = write("x.csv", "out:p,out:q,out:r\n0,1,1\n1,0,1\n")
    command = ("solve", "--data", table, "--quiet", "--widths")
    code, _, errors = outcome(*command, "auto", "--inputs", 2)
    assert code == 1
    assert "say --unknown 2; if some columns are inputs, begin their names with in:" in errors
    assert outcome(*command, "2,3,3", "--inputs", 2)[0] == 1
    assert not fake.calls
    ladder, _ = find_problem(None, data=table, widths="auto", n_inputs=None, n_unknown=2, n_train=None)
    assert (ladder.input_kind, ladder.network.n_inputs) == ("unknown_bits", 2)
    assert outcome(*command, "2,3,3", "--unknown", 2)[0] in (0, 3)
    assert outcome(*command, "2,3,3")[0] in (0, 3)
    assert (fake.problem.input_kind, fake.problem.network.n_inputs) == ("unknown_bits", 2)
    assert "add --unknown N" in outcome(*command, "auto")[2]
    assert outcome(*command, "auto", "--unknown", 2, "--inputs", 2)[0] == 2
    assert outcome(*command, "3,3,3", "--unknown", 2)[0] == 2
    given = write("y.csv", "in:a,out:y\n0,1\n")
    assert "leave out --unknown" in outcome("solve", "--data", given, "--widths", "auto", "--unknown", 2)[2]


def test_a_problem_file_answers_the_questions_about_its_table(monkeypatch):
    fake = FakeSolve(monkeypatch, circuit=None, exact=False)
    write("x.csv", "0~1\n0~1\n1~0\n")
    said = 'format = 1\nname = "x"\n[data]\nfile = "x.csv"\ninputs = 1\n{}[network]\nwidths = [1, 1]\n'
    write("x.toml", said.format('separator = "~"\nheader = true\n'))
    assert outcome("solve", "x.toml", "--quiet")[0] == 3
    assert fake.problem.n_items == 2
    write("x.toml", said.format('separator = "~"\n'))
    assert "is it a header" in outcome("solve", "x.toml")[2]
    write("x.toml", said.format('separator = "0"\n'))
    assert "x.toml:6: the separator is '0'" in outcome("solve", "x.toml")[2]
    write("x.toml", said.format("header = 1\n"))
    assert '"header" in [data] is 1, but it must be true or false' in outcome("solve", "x.toml")[2]


def test_a_first_row_of_0_and_1_is_a_question_in_every_command(monkeypatch):
    fake = FakeSolve(monkeypatch, circuit=None, exact=False)
    table = write("x.csv", "0,1\n0,1\n1,0\n")
    for command in (
        ("solve", "--data", table, "--widths", "1,1", "--quiet"),
        ("predict", "and_not.blif", table),
    ):
        code, said, errors = outcome(*command)
        assert (code, said) == (1, "")
        assert "x.csv:1: the first row is 0,1: is it a header" in errors
        assert "--header or --no-header" in errors
    assert outcome("predict", "and_not.blif", table, "--header")[1].split() == ["0", "1"]
    assert outcome("predict", "and_not.blif", table, "--no-header")[1].split() == ["0", "0", "1"]
    assert outcome("predict", "and_not.blif", "-", text="0,1\n")[:2] == (0, "0")
    run("solve", "--data", table, "--widths", "1,1", "--quiet", "--header")
    assert fake.problem.n_items == 2


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "NaN", "null", "None", "#N/A", "."])
@pytest.mark.parametrize("column", ["a", "y"])
def test_a_missing_value_is_named_with_its_line_and_column(missing, column):
    cells = {"a": "1", "b": "0", "y": "1"} | {column: missing}
    table = write("x.csv", f"b,a,y\n0,1,1\n{','.join(cells[one] for one in 'bay')}\n")
    code, _, errors = outcome("verify", "and_not.blif", table)
    assert code == 1
    assert f"x.csv:3: item 2: column {'bay'.index(column) + 1} ({column!r}) is " in errors
    assert "a missing value" in errors or "is empty" in errors
    assert ("write - where" if column == "y" else "give it a value") in errors
