"""btfnet watch: what it says of runs that go on, have ended, or were killed; and the file that it reads."""

import json
import threading
import time

import pytest
from filelock import FileLock
from support.circuit_samples import full_adder
from support.cli_samples import FakeSolve, fake_result, run, write_csv
from support.run_samples import write_run

from btfnet import Progress, TraceRow
from btfnet.cli.inputs.stories import is_running, json_object, live_curves
from btfnet.cli.runs import live as live_module
from btfnet.cli.runs.live import Live, told
from btfnet.cli.runs.saved import LOCK, PROGRESS
from btfnet.committee.trainer import Look


def look(iteration, right, trial=0, exact=()):
    row = TraceRow(iteration, float("nan"), float("nan"), iteration / 100, train_bits=right, test_bits=0.8)
    return Progress(trial, 40, row, 120.0, trial, right, 3.0, "tuning", exact, len(exact))


@pytest.fixture
def running(tmp_path):
    """A directory in which a run goes on."""
    with Live(tmp_path, "rule \x1b[31m30", learned=True) as live:
        yield tmp_path, live


def written(folder, live):
    live._write()
    return json_object(folder / PROGRESS)


def test_what_runs_leave_says_what_was_seen_and_goes_when_they_end(tmp_path):
    with Live(tmp_path, "x") as live:
        assert json_object(tmp_path / PROGRESS)["problem"] == "x"
        for k in range(500):
            live.progress(look(10 * k, 0.5 + k / 1000, exact=(3,)))
        seen = written(tmp_path, live)
        (curve,) = live_curves(seen)
        assert (seen["exact"], seen["n_trials"]) == ([3], 40)
        assert len(curve.points) <= 100
        assert curve.points[-1].iteration == 4990
        assert curve.points[-1].test == 0.8
        assert is_running(tmp_path, seen)
    assert list(tmp_path.iterdir()) == []


def test_only_the_trials_that_were_looked_at_last_are_kept(running):
    folder, live = running
    for trial in range(100):
        live.progress(look(10, 0.5, trial))
    kept = [curve.trial for curve in live_curves(written(folder, live))]
    assert kept == list(range(100 - live_module.MOST_TRIALS, 100))


def test_the_file_is_written_by_a_thread_and_never_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(live_module, "SECONDS_BETWEEN", 0.01)
    with Live(tmp_path, "x") as live:
        live.progress(look(7, 0.5))
        ends = time.monotonic() + 10
        while time.monotonic() < ends and not json_object(tmp_path / PROGRESS)["trials"]:
            time.sleep(0.01)
        assert live_curves(json_object(tmp_path / PROGRESS))[0].points[0].iteration == 7


def test_a_directory_that_cannot_be_written_to_hinders_nothing(tmp_path):
    with Live(tmp_path / "gone", "x") as live:
        live.progress(look(1, 0.5))
        live._write()


@pytest.mark.parametrize("once", [True, False])
def test_a_search_leaves_nothing_of_it_when_it_has_ended(tmp_path, monkeypatch, once):
    seen = {}

    class Watched(FakeSolve):
        def __call__(self, problem, settings, **options):
            options["spectator"](look(5, 0.75))
            seen.update(json_object(tmp_path / "run" / PROGRESS))
            return fake_result(problem, settings, exact=once)

    Watched(monkeypatch)
    arguments = (
        "solve",
        "--data",
        write_csv(tmp_path / "a.csv"),
        "--widths",
        "2,2,2",
        "--out",
        tmp_path / "run",
    )
    assert run(*arguments).exit_code in (0, 3)
    assert seen["command"][:2] == ["solve", "--data"]
    assert not (tmp_path / "run" / PROGRESS).exists()
    search = json.loads((tmp_path / "run" / "search.json").read_text())
    assert search["command"] == [str(word) for word in arguments]
    assert (tmp_path / "run" / "traces.csv").read_text().startswith("trial,iteration,seconds,train_bits,")


def test_once_shows_trials_small_curves_and_what_is_exact(running):
    folder, live = running
    before = run("watch", folder, "--once")
    assert (before.exit_code, "Nothing was looked at yet" in before.stdout) == (0, True)
    for k in range(8):
        live.progress(look(100 * k, 1 - 0.4 / (1 + k), trial=2, exact=(2, 5)))
    live._write()
    result = run("watch", folder, "--once")
    assert result.exit_code == 0
    for words in ("rule \\x1b[31m30", "3/40", "120 it/s", "95.00 %", "80.00 %", "█", "exact so far: trials 3, 6",
                  "2 trials ended", "tuning"):  # fmt: skip
        assert words in result.stdout
    assert "\x1b" not in result.stdout


def test_a_committee_in_training_is_shown_by_its_members(tmp_path):
    with Live(tmp_path, "digits", unit="members") as live:
        live.look(Look(100, (0.9, 0.8)))
        live.look(Look(200, (0.95, None)))
        live.look(Look(4, (0.25, None)))
        live._write()
        assert [len(curve.points) for curve in live.curves()] == [2, 1]
        shown = run("watch", tmp_path, "--once").stdout
    for words in ("member", "200", "95.00 %", "80.00 %"):
        assert words in shown


def test_watching_ends_when_the_run_does_and_says_how(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    live = Live(folder, "sample").__enter__()

    def end():
        time.sleep(0.3)
        live.progress(look(300, 0.9))
        live._write()
        time.sleep(0.4)
        write_run(folder, full_adder())
        live.__exit__()

    ending = threading.Thread(target=end)
    ending.start()
    result = run("watch", folder, "--interval", "0.1")
    ending.join()
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert any("iteration 300  training bits 90.00 %  █" in line for line in lines)
    assert "ended: solved, exact" in result.stdout
    assert "2 trials, 1 exact" in result.stdout
    assert lines[-1] == f"More      btfnet report {folder}"


def test_a_process_that_is_gone_is_told_from_one_that_works(tmp_path):
    value = {"problem": "x", "updated": time.time() - 3600, "trials": []}
    (tmp_path / PROGRESS).write_text(json.dumps(value), encoding="utf-8")
    gone = run("watch", tmp_path)
    assert (gone.exit_code, "is gone" in gone.stdout, "--resume" in gone.stdout) == (3, True, True)
    with FileLock(tmp_path / LOCK):
        assert run("watch", tmp_path, "--once").exit_code == 0
        assert is_running(tmp_path, value)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"trials": 3}', '{"trials": [{"trial": "x", "points": [[1], [], null]}]}']
)
def test_a_file_that_is_something_else_is_shown_as_far_as_it_goes(tmp_path, text):
    (tmp_path / PROGRESS).write_text(text, encoding="utf-8")
    (tmp_path / LOCK).touch()
    with FileLock(tmp_path / LOCK):
        assert run("watch", tmp_path, "--once").exit_code == 0


def test_no_run_no_watching(tmp_path):
    assert run("watch", tmp_path / "nowhere").exit_code == 1
    assert run("watch", tmp_path).exit_code == 1
    assert run("watch", tmp_path, "--interval", "0").exit_code == 2


def test_several_listeners_are_told_and_none_is_none():
    heard = []
    assert told(None, None) is None
    assert told(heard.append, None) == heard.append
    told(heard.append, heard.append)(3)
    assert heard == [3, 3]
