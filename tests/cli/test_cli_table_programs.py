"""Models of tables leave as programs: `btfnet export`, and what the programs print."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys

import pytest
from support.cli_samples import run
from support.random_table_models import random_rows, random_table_model

from btfnet import export_table_model, save_table_model
from btfnet.formats import read_circuit
from btfnet.formats.tables import text
from btfnet.tools import programs


@pytest.mark.parametrize("seed", range(4))
def test_the_program_prints_for_a_csv_file_what_btfnet_predict_prints(seed, tmp_path):
    model = random_table_model(seed, plain=True)
    rows, names = random_rows(model, seed), model.input_names
    save_table_model(tmp_path / "rule.btf", model)
    assert run("export", tmp_path / "rule.btf", tmp_path / "rule.py").exit_code == 0
    cells = [[_cell(value) for value in column] for column in rows.values()]
    for separator in ",;":
        lines = [names, *zip(*cells, strict=True)]
        quoted = [separator.join(f'"{cell}"' for cell in line) for line in lines]
        (tmp_path / "rows.csv").write_text("\n".join(quoted) + "\n", encoding="utf-8-sig")
        options = ["--separator", separator, "--header"]
        wanted = run("predict", tmp_path / "rule.btf", tmp_path / "rows.csv", *options)
        assert wanted.exit_code == 0, wanted.stderr
        found = subprocess.run(
            [sys.executable, "-I", tmp_path / "rule.py", tmp_path / "rows.csv"],
            capture_output=True,
            encoding="utf-8",
        )
        assert (found.stderr, found.stdout) == ("", wanted.stdout)


@pytest.mark.parametrize("size", [16384, 7])
def test_codes_that_look_like_numbers_in_some_piece_of_the_rows_stay_codes(size, tmp_path, monkeypatch):
    codes, flags = ["01", "1", "A", "1.0", "B", "007"] * 12, ["1", "0", "0", "1"] * 18
    lines = [
        f"{code},{flag},{'p' if (code in ('01', '1.0')) ^ (flag == '1') else 'q'}\n"
        for code, flag in zip(codes, flags, strict=True)
    ]
    (tmp_path / "t.csv").write_text("code,flag,class\n" + "".join(lines))
    done = run(
        "learn", tmp_path / "t.csv", "--out", tmp_path / "run", "--test", 0, "--netlist", "py", "--quiet"
    )
    assert done.exit_code == 0, done.stderr
    rows = [("01", "1.0", "q"), ("1", "1", "p"), ("1.0", "0", "p"), ("007", "0.0", "q")] * 4 + [
        ("A", "x", "q")
    ]
    (tmp_path / "rows.csv").write_text("code,flag\n" + "".join(f"{code},{flag}\n" for code, flag, _ in rows))
    wanted = "class\n" + "".join(f"{label}\n" for *_, label in rows)
    monkeypatch.setattr(text, "ROWS_A_PIECE", size)
    assert run("predict", tmp_path / "run", tmp_path / "rows.csv").stdout == wanted
    program = [sys.executable, "-I", tmp_path / "run" / "circuit.py", tmp_path / "rows.csv"]
    assert subprocess.run(program, capture_output=True, encoding="utf-8").stdout == wanted
    # the same rows with their labels: none is unknown, whatever the columns look like
    (tmp_path / "test.csv").write_text(
        "code,flag,class\n" + "".join(",".join(row) + "\n" for row in rows[:16])
    )
    verified = run("verify", tmp_path / "run", tmp_path / "test.csv")
    assert verified.exit_code == 0, verified.stdout + verified.stderr


def _cell(value):
    text = "" if value is None or value != value or value in (float("inf"), -float("inf")) else str(value)
    return " ".join(re.sub(r'["\x00-\x1f\x7f-\x9f]', " ", text).split(" "))


def test_the_program_says_in_a_line_what_is_wrong(tmp_path):
    model = random_table_model(1)
    export_table_model(tmp_path / "rule.py", model)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for arguments, wanted in (
        ([], "give one CSV file"),
        (["nowhere.csv"], "No such file"),
        (["other.csv"], "does not name the columns"),
    ):
        done = subprocess.run(
            [sys.executable, "-I", "rule.py", *arguments], capture_output=True, encoding="utf-8", cwd=tmp_path
        )
        assert (done.returncode, done.stdout, wanted in done.stderr) == (1, "", True), done.stderr
        assert "Traceback" not in done.stderr


def test_export_writes_programs_for_models_of_tables_and_circuits_for_other_formats(tmp_path):
    model = random_table_model(2, plain=True)
    save_table_model(tmp_path / "rule.btf", model)
    for suffix in (".py", ".c", ".v"):
        assert run("export", tmp_path / "rule.btf", tmp_path / f"rule{suffix}").exit_code == 0
        assert run("export", tmp_path / "rule.btf", tmp_path / f"rule{suffix}").exit_code == 0, "its own file"
    assert "def predict(row)" in (tmp_path / "rule.py").read_text(encoding="utf-8")
    assert "int rule_classes" not in (tmp_path / "rule.c").read_text()
    assert "void rule_classes(" in (tmp_path / "rule.c").read_text()
    assert read_circuit(tmp_path / "rule.v").n_inputs == model.circuit.n_inputs
    (tmp_path / "mine.py").write_text("mine\n")
    refused = run("export", tmp_path / "rule.btf", tmp_path / "mine.py")
    assert (refused.exit_code, "exists already" in refused.stderr) == (1, True)


def test_an_optimised_rule_gives_the_same_labels(tmp_path):
    if importlib.util.find_spec("aigverse") is None and not programs.available("abc"):
        pytest.skip("neither aigverse nor ABC is there")
    model = random_table_model(2, plain=True)
    rows = random_rows(model, 5)
    save_table_model(tmp_path / "rule.btf", model)
    done = run("export", tmp_path / "rule.btf", tmp_path / "rule.py", "--optimise")
    assert done.exit_code == 0, done.stderr
    scope = {"__name__": "rule"}
    exec(compile((tmp_path / "rule.py").read_text(encoding="utf-8"), "rule.py", "exec"), scope)
    found = scope["predict_rows"](
        [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
    )
    assert [list(labels.values()) for labels in found] == model.predict(rows).tolist()
