"""The check-up: what is there, what is not, and what to do; it never fails itself."""

from __future__ import annotations

import json

import pytest
from support.cli_samples import run, strict_json

from btfnet import __version__
from btfnet.cli.checkup import checkup, installation, self_test, surroundings
from btfnet.cli.checkup.finding import Finding, Verdict
from btfnet.errors import ToolMissing

PARTS = ("btfnet", "libraries", "machine", "kernels", "extras", "programs", "plugins", "self-test")


@pytest.fixture
def no_self_test(monkeypatch):
    monkeypatch.setitem(checkup.LOOKS, "self-test", lambda: iter(()))


def found(look):
    return {finding.what: finding for finding in look()}


def test_a_whole_installation_has_no_problem_and_its_small_problem_goes_round(monkeypatch):
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    result = run("doctor", "--json")
    report = strict_json(result.stdout)
    assert [each for each in report["findings"] if each["verdict"] == "problem"] == []
    assert (result.exit_code, report["ok"]) == (0, True)
    assert set(PARTS) == {each["topic"] for each in report["findings"]}
    values = {each["what"]: each["found"] for each in report["findings"]}
    assert values["version"] == __version__
    assert values["verify"] == "every item"
    assert "proven equal" in values["export"]


def test_the_report_is_lines_of_80_columns_that_say_what_to_do(no_self_test, monkeypatch):
    finding = Finding("extras", "plot", "without " + "matplotlib " * 10, Verdict.NOTE, "pip install " * 10)
    monkeypatch.setitem(checkup.LOOKS, "extras", lambda: iter([finding]))
    text = run("doctor").stdout
    assert "- plot" in text
    assert [line for line in text.splitlines() if len(line) > 80 and "/" not in line] == []


def test_a_library_that_is_missing_is_a_problem_and_what_needs_it_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(installation, "LIBRARIES", ("click", "no_such_library"))
    result = run("doctor")
    assert result.exit_code == 1
    assert "! no_such_library" in result.stdout
    assert "pip install --force-reinstall" in result.stdout
    assert result.stdout.count("Mend these first.") == 3
    assert "1 problem, marked with !." in result.stdout


def test_a_look_that_fails_is_a_finding(no_self_test, monkeypatch):
    def look():
        yield Finding("machine", "cores", "2")
        raise RuntimeError("the machine is gone")

    monkeypatch.setitem(checkup.LOOKS, "machine", look)
    report = json.loads(run("doctor", "--json").stdout)
    (failed,) = [each for each in report["findings"] if each["verdict"] == "problem"]
    assert "the machine is gone" in failed["found"]
    assert failed["advice"]


def test_programs_that_are_missing_are_notes_with_what_to_install(monkeypatch):
    def missing(name):
        raise ToolMissing(f"{name} is not on this machine. Install it: the Debian package {name}.")

    monkeypatch.setattr("btfnet.tools.programs.find", missing)
    for name, finding in found(installation.programs).items():
        assert finding.verdict is Verdict.NOTE
        assert finding.advice == f"Install it: the Debian package {name}."


def test_extras_that_are_missing_say_how_to_install_them(monkeypatch):
    monkeypatch.setattr(installation, "find_spec", lambda name: None)
    for name, finding in found(installation.extras).items():
        assert f"pip install 'btfnet[{name}]'" in finding.advice


def test_little_memory_and_a_folder_that_cannot_be_written_to_are_told(monkeypatch):
    monkeypatch.setattr(surroundings, "available_bytes", lambda: 1 << 29)
    assert found(surroundings.machine)["free memory"].verdict is Verdict.NOTE
    monkeypatch.setattr(surroundings, "available_bytes", lambda: None)
    assert found(surroundings.machine)["free memory"].found == "nobody tells"
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setattr("btfnet.kernels.cache.writable_folder", lambda: None)
    assert "NUMBA_CACHE_DIR" in found(surroundings.kernels)["folder"].advice
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert found(surroundings.kernels)["compiler"].verdict is Verdict.PROBLEM


def test_a_circuit_that_comes_back_as_another_one_is_a_problem(monkeypatch):
    class Different:
        equal = False

    monkeypatch.setattr("btfnet.logic.proof.equivalence.prove_equal", lambda a, b: Different())
    monkeypatch.setattr("btfnet.prove_equal", lambda a, b: Different(), raising=False)
    finding = found(self_test.self_test)["export"]
    assert finding.verdict is Verdict.PROBLEM
    assert ".blif" in finding.found
