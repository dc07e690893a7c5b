"""Start or resume: one command begins, goes on, or shows the result; no run in --out is lost to a worse one."""

import json
import os
import shutil
from pathlib import Path

import pytest
from support.cli_samples import INPUTS, OUTPUTS, FakeSolve, run, strict_json, write_csv

from btfnet import Status, formats
from btfnet.cli.runs.run_folder import LOCK

GIVEN = ("solve", "--data", "adder.csv", "--widths", "2,2,2", "--out", "run")
AUTO = ("solve", "--data", "adder.csv", "--inputs", "2", "--widths", "auto", "--out", "run")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "adder.csv")
    return tmp_path


class NeverSolve:
    """Stands in for a search that must not begin."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr("btfnet.cli.commands.solve.solve", self)

    def __call__(self, *_, **__):
        pytest.fail("a search was begun")


def files():
    """What stands in the run's directory, but for the lock."""
    return {
        path.name: path.read_bytes() for path in Path("run").iterdir() if path.is_file() and path.name != LOCK
    }


# -- start or resume --------------------------------------------------------------------------------------


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("more", [(), ("--json",), ("--netlist", "blif")], ids=" ".join)
def test_the_same_command_begins_and_then_shows_the_result_again(monkeypatch, exact, more):
    outcome = {"exact": exact, "status": Status.SOLVED if exact else Status.ITERATION_LIMIT}
    fake = FakeSolve(monkeypatch, **outcome)
    first = run(*GIVEN, "--resume", *more)
    assert (first.exit_code, len(fake.calls)) == (0 if exact else 3, 1)
    before = files()
    NeverSolve(monkeypatch)
    again = run(*GIVEN, "--resume", *more)
    assert (again.exit_code, again.stdout) == (first.exit_code, first.stdout)
    assert again.stderr == "Finished before; this is what run holds.\n"
    assert run(*GIVEN, "--resume", "--quiet", *more).stderr == ""
    assert files() == before


def test_a_netlist_asked_for_later_is_made_from_the_saved_circuit(monkeypatch):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    NeverSolve(monkeypatch)
    text = run(*GIVEN, "--resume", "--netlist", "blif").stdout
    assert ".model" in text
    assert "(netlist: run/circuit.blif)" in text
    assert formats.read_circuit("run/circuit.blif").n_outputs == 2


def test_a_finished_search_of_a_free_network_is_shown_again_with_or_without_the_word_auto(monkeypatch):
    fake = FakeSolve(monkeypatch)
    first = run(*AUTO, "--resume")
    assert fake.problem.network.grows
    NeverSolve(monkeypatch)
    assert run(*AUTO, "--resume").stdout == first.stdout
    assert (
        run(*(word for word in AUTO if word not in ("--widths", "auto")), "--resume").stdout == first.stdout
    )
    refused = run(*GIVEN, "--resume")
    assert "the network (--widths) is another one" in refused.stderr


def test_a_trial_limit_that_grew_goes_on_and_one_that_shrank_shows_the_result(monkeypatch):
    fake = FakeSolve(monkeypatch, exact=False, status=Status.ITERATION_LIMIT)
    run(*GIVEN, "--trials", "5")
    run(*GIVEN, "--trials", "9", "--resume")
    assert len(fake.calls) == 2
    assert run(*GIVEN, "--trials", "4", "--resume").exit_code == 3
    assert len(fake.calls) == 2


def test_more_statistics_go_on_even_from_an_exact_run(monkeypatch):
    fake = FakeSolve(monkeypatch, n_trials=2)
    run(*GIVEN, "--all-trials", "--trials", "2")
    run(*GIVEN, "--all-trials", "--trials", "2", "--resume")
    assert len(fake.calls) == 1
    run(*GIVEN, "--all-trials", "--trials", "3", "--resume")
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--seed", "3"), "--seed was 0 and is now 3"),
        (("--sigma", "5"), "--sigma was 3.0 and is now 5.0; --tune was on and is now off"),
        (("--all-trials",), "--all-trials was off and is now on"),
        (("--circuits", "2"), "--circuits was not given and is now 2"),
        (("--widths", "2,3,2"), "the network (--widths) is another one"),
        (("--train", "3"), "another problem, also named adder (its items, test items too, or kinds differ)"),
        (("--data", "other.csv"), "another problem: adder, and this is other"),
    ],
)  # fmt: skip
def test_resuming_another_search_than_the_finished_one_says_what_differs(monkeypatch, folder, more, words):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    before = files()
    NeverSolve(monkeypatch)
    write_csv(folder / "other.csv", INPUTS[::-1], OUTPUTS)
    result = run(*GIVEN, *more, "--resume")
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert files() == before


def test_resume_and_force_need_a_directory_and_exclude_each_other():
    for more, words in (
        (("--resume",), "--resume needs --out"),
        (("--force",), "--force lets --out replace"),
        (("--resume", "--force", "--out", "run"), "choose one of them"),
    ):
        result = run("solve", "multiplier-2x2", *more)
        assert (result.exit_code, words in result.stderr) == (2, True)


# -- what is not replaced ---------------------------------------------------------------------------------


def test_an_exact_run_is_not_replaced_by_one_that_is_not(monkeypatch):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    before = files()
    FakeSolve(monkeypatch, exact=False, status=Status.ITERATION_LIMIT)
    worse = run(*GIVEN, "--seed", "1")
    assert worse.exit_code == 3
    assert (
        "run: holds an exact run, and this one is not exact, so its result was not saved there"
        in worse.stderr
    )
    assert "Saved in" not in worse.stdout
    assert "The iteration limit came first." in worse.stdout
    assert strict_json(run(*GIVEN, "--seed", "1", "--json").stdout)["model"] is None
    assert files() == before
    assert run(*GIVEN, "--seed", "1", "--force").exit_code == 3
    assert not json.loads((files())["run.json"])["exact"]
    assert os.listdir("run").count("checkpoint") == 0


def test_another_problems_run_is_not_replaced(monkeypatch, folder):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    before = files()
    write_csv(folder / "other.csv", INPUTS[::-1], OUTPUTS)
    other = ("solve", "--data", "other.csv", "--widths", "2,2,2", "--out", "run")
    with monkeypatch.context() as never:
        NeverSolve(never)
        refused = run(*other)
    assert refused.exit_code == 1
    assert "run: holds the run of another problem: adder, and this is other" in refused.stderr
    assert files() == before
    assert run(*other, "--force").exit_code == 0
    assert json.loads(files()["run.json"])["problem"] == "other"


def test_the_same_items_under_another_name_are_the_same_problem(monkeypatch, folder):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    shutil.copy("adder.csv", "renamed.csv")
    assert run("solve", "--data", "renamed.csv", "--widths", "2,4,2", "--out", "run").exit_code == 0
    assert json.loads(files()["run.json"])["problem"] == "renamed"


def test_a_run_that_does_not_say_its_items_is_known_by_its_name(monkeypatch):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    os.remove("run/search.json")
    assert "by a version of btfnet that did not say" in run(*GIVEN, "--resume").stderr
    assert run(*GIVEN).exit_code == 0
    assert run("solve", "multiplier-2x2", "--out", "run").exit_code == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"asked": 3, "trials": "x", "exit_code": null}', "[" * 10**5]
)
def test_a_damaged_search_json_is_as_good_as_none(monkeypatch, text):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    with open("run/search.json", "w") as file:
        file.write(text)
    assert run(*GIVEN, "--resume").exit_code == 1
    assert run(*GIVEN).exit_code == 0


def test_what_a_search_reads_is_never_overwritten_in_out(monkeypatch):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    before = files()
    NeverSolve(monkeypatch)
    for more in ((), ("--force",), ("--resume",)):
        result = run(
            "solve", "--data", "run/items.npz", "--widths", "2,2,2", "--train", "2", "--out", "run", *more
        )
        assert (result.exit_code, "is read by this very command" in result.stderr) == (1, True)
    assert files() == before


# -- the real search --------------------------------------------------------------------------------------


@pytest.mark.needs_jit
@pytest.mark.parametrize("engine", ["rrr", "descent"])
def test_more_trials_go_on_as_if_they_had_been_allowed_at_once(engine):
    given = ("solve", "multiplier-2x2", "--widths", "4,3,4", "--max-iterations", "7", "--engine", engine, "--json",
             "--jobs", "1", "--quiet")  # fmt: skip
    first = run(*given, "--trials", "2", "--out", "run", "--resume")
    assert first.exit_code == 3, first.output
    grown = run(*given, "--trials", "4", "--out", "run", "--resume")
    whole = run(*given, "--trials", "4", "--out", "whole")
    assert trials(strict_json(grown.stdout)) == trials(strict_json(whole.stdout))
    assert strict_json(grown.stdout)["trials"][:2] == strict_json(first.stdout)["trials"]
    again = run(*given, "--trials", "4", "--out", "run", "--resume")
    assert (again.exit_code, again.stdout) == (3, grown.stdout)
    assert not os.path.exists("run/checkpoint")
    assert run(*given, "--trials", "2", "--out", "run").exit_code == 3, "a plain rerun begins anew"


def trials(record):
    return [{name: value for name, value in trial.items() if name != "seconds"} for trial in record["trials"]]
