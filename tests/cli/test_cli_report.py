"""btfnet report and plot: what they write, where, and what they refuse."""

import sys

import pytest
from support.argument_cases import CLASSES, SMALL
from support.circuit_samples import full_adder
from support.cli_samples import run
from support.run_samples import NASTY, items_of, write_run

import btfnet
from btfnet.formats.btf.classifier import write_classifier


@pytest.fixture
def folder(tmp_path):
    return write_run(tmp_path / "run", full_adder())


def test_the_page_stands_in_the_run_and_is_replaced_by_the_next(folder):
    first = run("report", folder)
    assert (first.exit_code, first.stdout) == (0, f"Written to {folder}/report.html; open it in a browser.\n")
    page = folder / "report.html"
    assert "Exact, and checked" in page.read_text(encoding="utf-8")
    page.write_text(page.read_text(encoding="utf-8").replace("Exact, and checked", "old"), encoding="utf-8")
    assert run("report", folder).exit_code == 0
    assert "Exact, and checked" in page.read_text(encoding="utf-8")


def test_what_is_no_page_of_ours_is_replaced_with_force_only(folder, tmp_path):
    out = tmp_path / "mine.html"
    out.write_text("<h1>mine</h1>", encoding="utf-8")
    refused = run("report", folder, out)
    assert (refused.exit_code, out.read_text(encoding="utf-8")) == (1, "<h1>mine</h1>")
    assert "is not a page that btfnet wrote" in refused.stderr
    assert "--force" in refused.stderr
    assert run("report", folder, out, "--force").exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>\n<!-- Written by btfnet -->")


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (("nowhere",), 1, "there is no such directory"),
        ((".",), 1, "holds no run.json"),
        (("run", "page.pdf"), 2, "the page is .html"),
        (("run", "nowhere/page.html"), 1, "cannot be written"),
        (("run/circuit.json",), 1, "this is a file"),
    ],
)
def test_mistakes_are_told(folder, tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    result = run("report", *arguments)
    assert (result.exit_code, words in result.stderr) == (code, True), result.stderr


def test_a_damaged_circuit_is_named(folder):
    (folder / "circuit.json").write_text("{", encoding="utf-8")
    result = run("report", folder)
    assert result.exit_code == 1
    assert "circuit.json" in result.stderr


def test_damaged_records_leave_a_page_of_what_is_left(folder):
    (folder / "search.json").write_text("[1]", encoding="utf-8")
    (folder / "traces.csv").write_bytes(b"\xff\0")
    assert run("report", folder).exit_code == 0
    assert "did not keep the words of its command" in (folder / "report.html").read_text(encoding="utf-8")


def test_runs_without_items_or_circuit_have_a_page(tmp_path):
    bare = write_run(tmp_path / "bare", NASTY)
    (bare / "items.npz").unlink()
    assert run("report", bare).exit_code == 0
    assert "Not checked when this page was made" in (bare / "report.html").read_text(encoding="utf-8")
    nothing = write_run(tmp_path / "nothing", None, status="not_exact", exact=False)
    assert run("report", nothing).exit_code == 0
    assert "No exact circuit was found" in (nothing / "report.html").read_text(encoding="utf-8")
    killed = tmp_path / "killed"
    killed.mkdir()
    (killed / ".btfnet.lock").touch()
    assert run("report", killed).exit_code == 0
    assert "Nothing saved yet" in (killed / "report.html").read_text(encoding="utf-8")


def test_wrong_items_are_counted_when_the_page_is_made(tmp_path):
    folder = write_run(tmp_path / "run", full_adder(), items=items_of(full_adder(), wrong=3), exact=False)
    assert run("report", folder).exit_code == 0
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "2 training items of 8 not right" in text
    assert "3 of 16 output bits are wrong" in text


@pytest.mark.parametrize("suffix, begins", [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_plots_are_written_replaced_and_the_same_each_time(folder, tmp_path, suffix, begins):
    pytest.importorskip("matplotlib")
    out = tmp_path / f"curves.{suffix}"
    first = run("plot", folder, out)
    assert (first.exit_code, out.read_bytes()[: len(begins)]) == (0, begins), first.stderr
    before = out.read_bytes()
    assert run("plot", folder, out).exit_code == 0
    if suffix != "svg":  # whose parts have random names
        assert out.read_bytes() == before
    out.write_bytes(b"mine")
    refused = run("plot", folder, out)
    assert (refused.exit_code, out.read_bytes()) == (1, b"mine")


def test_a_plot_needs_curves_a_known_suffix_and_matplotlib(folder, monkeypatch):
    assert "plots are .png, .svg or .pdf" in run("plot", folder, "x.gif").stderr
    (folder / "traces.csv").unlink()
    assert "holds no curves" in run("plot", folder).stderr
    write_run(folder, full_adder())
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run("plot", folder)
    assert (result.exit_code, 'pip install "btfnet[plot]"' in result.stderr) == (2, True)


def test_a_committee_has_a_page_of_its_comparisons(tmp_path):
    committee = btfnet.train_committee(CLASSES, **SMALL)
    more = {"status": "trained", "exact": False, "committee": {"members": 1}, "trials": None}
    folder = write_run(tmp_path / "run", committee.circuit(), items=CLASSES.training_items, **more)
    (folder / "circuit.json").unlink()
    write_classifier(folder / "model.btf", committee.classifier())
    made = run("report", folder)
    assert made.exit_code == 0, made.stderr
    text = (folder / "report.html").read_text(encoding="utf-8")
    for words in (
        "Trained",
        "Raw inputs",
        "2 (bits)",
        "Comparisons",
        "Members were trained one after the other",
    ):
        assert words in text
