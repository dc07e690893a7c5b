"""`.exdc` of BLIF in `btfnet verify`: differences where it holds are none, all others are."""

from __future__ import annotations

from support.cli_samples import run, strict_json

from btfnet.formats import read_circuit, read_dont_cares

SPECIFIED = """.model seg
.inputs a b c
.outputs y z
.names a b c y
110 1
.names a z
1 1
.exdc
.inputs a b c
.outputs y
.names a b t
11 1
.names t c y
11 1
.end
"""
PLAIN = ".model seg\n.inputs a b c\n.outputs y z\n.names a b y\n11 1\n.names a z\n1 1\n.end\n"


def files(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.blif").write_text(text)
    return [folder / f"{name}.blif" for name in texts]


def test_a_difference_where_outputs_do_not_count_is_none(tmp_path):
    plain, specified = files(tmp_path, plain=PLAIN, specified=SPECIFIED)
    for method in ("exhaustive", "sat"):
        for pair in ((plain, specified), (specified, plain)):
            result = run("verify", *pair, "--method", method)
            assert (result.exit_code, result.stdout[:6]) == (0, "Equal:")
            assert f"Outputs that {specified} leaves open were not compared there." in result.stdout
    assert strict_json(run("verify", plain, specified, "--json").stdout)["equal"] is True


def test_a_difference_anywhere_else_is_one(tmp_path):
    wrong = {
        "other_input": PLAIN.replace("11 1", "1- 1"),
        "other_output": PLAIN.replace(".names a z\n1 1", ".names a b z\n1- 1\n-1 1"),
    }
    (specified,) = files(tmp_path, specified=SPECIFIED)
    for path in files(tmp_path, **wrong):
        record = strict_json(run("verify", path, specified, "--json").stdout)
        assert record["equal"] is False
        example = record["counterexample"]
        a, b, c = example["inputs"]
        assert example["expected"] == [None if a and b and c else int(a and b and not c), a]


def test_names_decide_where_dont_cares_hold(tmp_path):
    turned = SPECIFIED.replace(".inputs a b c", ".inputs c a b")
    plain, specified = files(tmp_path, plain=PLAIN, specified=turned)
    assert run("verify", plain, specified).exit_code == 0


def test_dont_cares_are_said_to_be_left_out_where_a_circuit_is_written(tmp_path):
    (specified,) = files(tmp_path, specified=SPECIFIED)
    result = run("export", specified, tmp_path / "c.json")
    assert (result.exit_code, "external don't cares (.exdc)" in result.stderr) == (0, True)
    assert read_circuit(tmp_path / "c.json") == read_circuit(specified)


def test_ports_of_dont_cares_may_be_left_out_and_latches_cut(tmp_path):
    text = (
        ".model m\n.inputs a\n.outputs y\n.latch y q\n.names a q y\n11 1\n.exdc\n.names a q y\n10 1\n.end\n"
    )
    (path,) = files(tmp_path, m=text)
    free = read_dont_cares(path, cut_latches=True)
    circuit = read_circuit(path, cut_latches=True)
    assert (free.input_names, free.output_names) == (circuit.input_names, circuit.output_names)
    assert free.predict([[0, 0], [0, 1], [1, 0], [1, 1]]).tolist() == [[0, 0], [0, 0], [1, 0], [0, 0]]
