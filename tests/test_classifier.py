"""Committees as they are saved: the same classes, the same bytes, and nothing believed that is damaged."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from cli_samples import run, strict_json
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_committee import JIT, SMALL, clusters

import btfnet
from btfnet import DataError, FormatError, Network, Problem, formats, train_committee
from btfnet.formats.classifier import decode, encode, load_classifier, write_classifier
from btfnet.problem import InputKind


@cache
def model_bytes():
    """A saved committee."""
    return encode(train_committee(clusters(), **SMALL).classifier())


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Kernels are there before any command says that it compiles them."""
    decode("m.btf", model_bytes()).one_hot(np.zeros((1, 6)))


def bit_classes(n_inputs=7):
    """Rows of bits in three classes: how many of the first two are true."""
    rows = np.random.default_rng(1).integers(0, 2, (60, n_inputs))
    network = Network.layered([n_inputs, 3])
    return Problem.from_arrays(rows, rows[:, :2].sum(axis=1), network, output_kind="class", name="twos")


@pytest.fixture
def saved(tmp_path):
    write_classifier(tmp_path / "m.btf", train_committee(clusters(), **SMALL).classifier())
    return tmp_path / "m.btf"


@pytest.fixture
def small(monkeypatch):
    """Committees of the command line are small, and there is nothing to warm up."""

    def train(problem, **options):
        return train_committee(problem, **(SMALL | options))

    monkeypatch.setattr("btfnet.committee.train_committee", train)
    monkeypatch.setattr("btfnet.cli.committee._warm_up", lambda: None)


def items_file(path, problem):
    formats.write_items(path, formats.Items.from_problem(problem))
    return path


def rows_text(rows):
    return "".join(",".join(f"{value:.9g}" for value in row) + "\n" for row in rows)


# -- the file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", [clusters(3, n_classes=3), bit_classes()], ids=["analog", "bits"])
def test_saved_model_names_the_class_of_the_committee_on_every_item(problem, tmp_path):
    committee = train_committee(problem, **SMALL)
    write_classifier(tmp_path / "m.btf", committee.classifier())
    found = btfnet.load_classifier(tmp_path / "m.btf")
    assert np.array_equal(found.predict(problem.inputs), committee.predict(problem.inputs))
    assert (found.one_hot(problem.inputs).sum(axis=1) == 1).all()
    assert found.class_names == committee.circuit().output_names
    assert found.input_kind is problem.input_kind
    assert encode(found) == (tmp_path / "m.btf").read_bytes()


def test_same_seed_saves_the_same_bytes():
    assert encode(train_committee(clusters(), **SMALL).classifier()) == model_bytes()


def test_the_circuit_alone_is_read_like_any_model(saved):
    committee = train_committee(clusters(), **SMALL)
    bits = committee.comparisons.encode(clusters().inputs)
    assert np.array_equal(formats.read_circuit(saved).predict(bits), committee.circuit().predict(bits))


def test_model_without_comparisons_is_no_classifier(saved):
    formats.write_circuit(saved, formats.read_circuit(saved))
    with pytest.raises(FormatError, match=r"no comparisons, so its inputs are bits; use btfnet\.load_model"):
        load_classifier(saved)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.0] * 5], "rows of 6 values"),
        ([[0.0] * 6, [0, 0, 3, 0, 0, 0]], r"item 8 has the value 3\.0 in column 2; expected a number from -1"),
        ([[np.nan] * 6], "item 7 has the value nan in column 0"),
        ([["a"] * 6], "expected numbers"),
    ],
)  # fmt: skip
def test_rows_that_are_none_are_refused(rows, message):
    with pytest.raises(DataError, match=message):
        decode("m.btf", model_bytes()).one_hot(rows, first=7)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_file_is_read_or_refused_but_never_breaks_the_reader(data):
    model = model_bytes()
    place = data.draw(st.integers(0, len(model) - 1))
    kind = data.draw(st.sampled_from(["cut", "byte", "drop", "double"]))
    other = bytes([data.draw(st.integers(0, 255))])
    found = {
        "cut": model[:place],
        "byte": model[:place] + other + model[place + 1 :],
        "drop": model[:place] + model[place + 1 :],
        "double": model[:place] + other + model[place:],
    }[kind]
    try:
        classifier = decode("m.btf", found)
    except FormatError as error:
        assert str(error).startswith("m.btf: ")  # noqa: PT017
    else:
        assert kind == "byte"
        classifier.one_hot(np.zeros((2, 6)))


def edited(edit):
    """The file with another header or other arrays, packed anew."""
    metadata, arrays = btfnet.tensors.unpack(model_bytes(), longest_header=1 << 24)
    arrays = {name: array.copy() for name, array in arrays.items()}
    edit(metadata, arrays)
    return btfnet.tensors.pack(metadata, arrays)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda m, a: a["level"].put(3, np.nan), "a level that is not finite"),
        (lambda m, a: a["level"].put(3, np.inf), "a level that is not finite"),
        (lambda m, a: a["comparison"].put(3, 2), "other weights than 0 and"),
        (lambda m, a: a["comparison"].put(3, -128), "other weights than 0 and"),
        (lambda m, a: a.update(level=a["level"][1:]), r"the shape \(36, 6\) and 35 levels"),
        (lambda m, a: a.update(comparison=a["comparison"][1:]), r"the shape \(35, 6\)"),
        (lambda m, a: a.update(comparison=a["comparison"][:, :0]), "expected 0"),
        (lambda m, a: a.update(comparison=a["comparison"].astype(np.int64)), "'int64'"),
        (lambda m, a: a.pop("level"), "the array 'level'"),
        (lambda m, a: m.update(raw_inputs='["a"]'), "found 1 names, expected 6"),
        (lambda m, a: m.update(raw_inputs=json.dumps(list("aabcde"))), "expected distinct ones"),
        (lambda m, a: m.update(raw_inputs="6"), "a JSON list of strings"),
        (lambda m, a: m.update(input_kind="unknown_bits"), "expected analog or bits"),
        (lambda m, a: m.pop("input_kind"), "metadata"),
        (lambda m, a: m.update(version="1"), "metadata"),
        (lambda m, a: m.update(version="3"), "newer btfnet"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused_with_the_reason(edit, message):
    with pytest.raises(FormatError, match=message):
        decode("m.btf", edited(edit))


# -- the command line ---------------------------------------------------------------------------------------


def test_committee_is_trained_saved_and_predicts_from_raw_rows_as_in_python(small, tmp_path):
    problem = clusters()
    data, out = items_file(tmp_path / "clusters.npz", problem), tmp_path / "run"
    given = ("solve", "--data", data, "--committee", 3, "--train", 60, "--seed", 5, "--out", out)
    result = run(*given, "--json", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    record = strict_json(result.stdout)
    committee = train_committee(problem, **SMALL, seed=5)
    assert (record["train_classes"], record["test_classes"]) == committee.scores(problem)
    assert (record["status"], record["seed"], record["committee"]["members"]) == ("trained", 5, 3)
    assert record["exact"] == (record["train_classes"] == 1)
    assert record["constant_classes"] == problem.constant_accuracy[0]
    assert strict_json((out / "run.json").read_text()) == record
    wanted = committee.predict(problem.inputs)
    (tmp_path / "rows.csv").write_text(rows_text(problem.inputs))
    np.save(tmp_path / "rows.npy", problem.inputs)
    for rows, model in (("rows.csv", out), ("rows.npy", out / "model.btf"), ("clusters.npz", out)):
        assert run("predict", model, tmp_path / rows, tmp_path / "out.npy").exit_code == 0
        found = np.load(tmp_path / "out.npy")
        assert found.dtype == np.int8
        assert np.array_equal(found, np.arange(4) == wanted[:, None])
    text = rows_text(problem.inputs)
    assert run("predict", out, "-", text=text).stdout == rows_text(found)


def test_text_shows_accuracy_beside_the_constant_answer(small, tmp_path):
    data = items_file(tmp_path / "clusters.dat", clusters())
    result = run("solve", "--data", data, "--committee", 1, "--train", 60, "--netlist", "json")
    assert result.exit_code == 0
    for words in ("1 member,", "Trained.", "training items", "test items", "constant answer (test)", "gates"):
        assert words in result.stdout
    assert run("solve", "--data", data, "--committee", 1, "--netlist", "blif").exit_code == 2


def test_problem_file_and_bits_work_too(small, tmp_path):
    problem = bit_classes()
    items_file(tmp_path / "twos.npz", problem)
    lines = ["format = 1", 'name = "twos"', "[data]", 'file = "twos.npz"', "[network]", "widths = [7, 3]"]
    (tmp_path / "twos.toml").write_text("\n".join(lines))
    assert run("solve", tmp_path / "twos.toml", "--committee", 2, "--out", tmp_path / "run").exit_code == 0
    wanted = btfnet.load_classifier(tmp_path / "run").one_hot(problem.inputs)
    for rows in ((problem.inputs > 0).astype(int), problem.inputs):
        assert run("predict", tmp_path / "run", "-", text=rows_text(rows)).stdout == rows_text(wanted)
    mixed = run("predict", tmp_path / "run", "-", text="0,1,1,1,1,1,1\n1,1,-1,1,1,1,1\n")
    assert mixed.exit_code == 1
    assert "mix 0 and -1" in mixed.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--sigma", 3], "--sigma"), (["--widths", "6,4"], "--widths"), (["--engine", "auto"], "--engine"),
        (["--resume"], "--resume"), (["--no-tune"], "--tune/--no-tune"), (["--trials", 40], "--trials"),
        (["--circuits", 2], "--circuits"), (["--optimise"], "--optimise"), (["--time-limit", 9], "--time-limit"),
    ],
)  # fmt: skip
def test_option_without_meaning_is_refused_in_one_sentence(tmp_path, option, said):
    result = run("solve", "--data", items_file(tmp_path / "c.npz", clusters()), "--committee", 2, *option)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {said} has no meaning with --committee; leave it out")
    assert len(result.stderr.splitlines()) == 1


def test_data_without_classes_says_how_to_give_them(tmp_path):
    bits = Problem.from_bits([[0, 1], [1, 0]], [[0, 1], [1, 0]])
    result = run("solve", "--data", items_file(tmp_path / "bits.csv", bits), "--committee", 2)
    assert result.exit_code == 2
    assert "the outputs are bits, but --committee learns classes; give a .dat file" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,0,0,0,0\n", "standard input:1: the row has 5 values, but the model has 6 inputs."),
        ("0,0,0,0,0,0\n0,0,0,0,0,0,0\n", "standard input:2: the row has 7 values, but the model has 6 inputs."),
        ("0,0,nan,0,0,0\n", "standard input:1: found 'nan', expected a number."),
        ("a,b,c,d,e,f\n0,0,x,0,0,0\n", "standard input:2: found 'x', expected a number."),
        ("0,0,0,0,0,0\n0,0,16,0,0,0\n", "item 1 has the value 16.0 in column 2; expected a number from -1 to 1"),
        ("", "standard input: there are no rows; give every item 6 numbers."),
        ("0,0\0,0,0,0,0\n", "standard input:1: found a zero byte"),
    ],
)  # fmt: skip
def test_bad_row_is_one_sentence_and_leaves_the_old_output(saved, tmp_path, text, message):
    (tmp_path / "out.csv").write_text("old")
    result = run("predict", saved, "-", tmp_path / "out.csv", text=text)
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert (tmp_path / "out.csv").read_text() == "old"


def test_header_and_columns_of_outputs_are_left_out(saved):
    plain = run("predict", saved, "-", text="0,0.5,0,0,0,0\n")
    typed = run("predict", saved, "-", text="in:a,in:b,out:y,in:c,in,in,in\n0,5e-1,1,0,0,0,0\n")
    assert plain.stdout == typed.stdout != ""


def test_items_of_another_kind_are_refused(saved, tmp_path):
    result = run("predict", saved, items_file(tmp_path / "twos.npz", bit_classes(6)))
    assert result.exit_code == 1
    assert (
        "the items have 6 inputs of the kind bits, but clusters classifies 6 of the kind analog"
        in result.stderr
    )


def test_model_that_is_cut_short_is_refused_by_every_command(small, tmp_path):
    data = items_file(tmp_path / "c.npz", clusters())
    assert run("solve", "--data", data, "--committee", 2, "--out", tmp_path / "run").exit_code == 0
    model = tmp_path / "run" / "model.btf"
    model.write_bytes(model.read_bytes()[:-7])
    commands = [
        ("predict", model, "-"),
        ("predict", tmp_path / "run", "-"),
        ("verify", model),
        ("inspect", model),
    ]
    for command in commands:
        result = run(*command, text="0,0,0,0,0,0\n")
        assert result.exit_code == 1
        assert "this is no packed model, or a damaged one" in result.stderr


def test_verify_counts_the_items_that_are_wrong(small, tmp_path):
    problem = clusters()
    data = items_file(tmp_path / "clusters.npz", problem)
    run("solve", "--data", data, "--committee", 3, "--train", 60, "--out", tmp_path / "run")
    wrong = (
        train_committee(problem, **SMALL, seed=0).predict(problem.inputs) != problem.outputs.argmax(1)
    ).sum()
    record = strict_json(run("verify", tmp_path / "run", data, "--json").stdout)
    assert (record["items"], record["wrong_items"], record["wrong_bits"]) == (120, wrong, 2 * wrong)
    assert strict_json(run("verify", tmp_path / "run", "--json").stdout)["items"] == 60


def test_inspect_tells_what_the_committee_is_and_export_writes_its_circuit(saved, tmp_path):
    facts = strict_json(run("inspect", saved, "--json").stdout)
    circuit = train_committee(clusters(), **SMALL).circuit()
    assert (facts["inputs"], facts["comparisons"], facts["gates"]) == (6, 36, circuit.counts())
    assert "6 inputs (analog), of which 36 comparisons make bits" in run("inspect", saved).stdout
    refused = run("inspect", saved, "--exact")
    assert refused.exit_code == 2
    assert f"btfnet export {saved} circuit.json" in refused.stderr
    assert run("export", saved, tmp_path / "circuit.json").exit_code == 0
    assert formats.read_circuit(tmp_path / "circuit.json") == formats.read_circuit(saved)


def test_run_of_a_search_gives_way_whole_but_an_unfinished_one_does_not(small, tmp_path):
    data, out = items_file(tmp_path / "c.npz", clusters()), tmp_path / "run"
    out.mkdir()
    (out / "run.json").write_text('{"problem": "x", "status": "solved", "trials": [], "model": null}')
    for name in ("weights.npz", "trace.csv", "circuit.json", "circuit.v"):
        (out / name).write_text("old")
    assert run("solve", "--data", data, "--committee", 1, "--out", out).exit_code == 0
    assert sorted(path.name for path in out.glob("[!.]*")) == ["items.npz", "model.btf", "run.json"]
    before = (out / "model.btf").read_bytes()
    (out / "checkpoint").mkdir()
    (out / "checkpoint" / "finished.safetensors").write_bytes(b"")
    result = run("solve", "--data", data, "--committee", 2, "--out", out)
    assert result.exit_code == 1
    assert "unfinished search" in result.stderr
    assert (out / "model.btf").read_bytes() == before


def test_directory_that_is_no_runs_is_left_alone(small, tmp_path):
    (tmp_path / "model.btf").write_text("mine")
    data = items_file(tmp_path / "c.npz", clusters())
    assert run("solve", "--data", data, "--committee", 1, "--out", tmp_path).exit_code == 1
    assert (tmp_path / "model.btf").read_text() == "mine"


@pytest.mark.needs_jit
@pytest.mark.skipif(not JIT, reason="too slow without compiled kernels")
def test_digits_are_learned_and_named_at_the_command_line(tmp_path):
    pytest.importorskip("sklearn")
    given = ("digits", "--committee", 2, "--train", 128, "--out", tmp_path / "run", "--json", "--quiet")
    record = strict_json(run("solve", *given).stdout)
    assert record["test_classes"] > 0.8 > 0.2 > record["constant_classes"]
    problem = btfnet.load("digits").problem
    found = btfnet.load_classifier(tmp_path / "run").predict(problem.inputs[128:])
    assert (found == problem.outputs[128:].argmax(axis=1)).mean() == record["test_classes"]
    assert btfnet.load_classifier(tmp_path / "run").input_kind is InputKind.ANALOG
