"""What `btfnet bench` reports; never how long anything took."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from support.cli_samples import run, strict_json

import btfnet
from btfnet import bench
from btfnet.bench import goals, kernel, starts, timing
from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.gate_arrays import evaluate

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
TINY = bench.BenchSizes(
    rounds=2,
    turn_seconds=0.0,
    widths=(24, 8, 8),
    items=64,
    items_scaling=(16, 64),
    widths_scaling=((4, 4), (8, 8, 8)),
    descent_widths=(4, 4),
    words=4,
    starts=0,
)


@pytest.fixture(autouse=True)
def _little_work(monkeypatch):
    monkeypatch.setattr(bench, "QUICK", TINY)
    monkeypatch.setattr(kernel, "EDGE_ITEMS_A_CALL", 1)


def script(name):
    """A script of this repository as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# -- the command ------------------------------------------------------------------------------------------


def test_bench_reports_what_the_contract_names():
    record = strict_json(run("bench", "--quick", "--json").stdout)
    figures = record["ns_per_edge_item_iteration"]
    assert set(figures) == set(record["ratio_to_copy"]) == {"one_thread", "all_threads"}
    assert all(value > 0 for value in (*figures.values(), record["copy_ns_per_16_bytes"]))
    assert record["state_bytes_per_edge_item"] >= kernel.BYTES_PER_EDGE_ITEM
    assert record["predictions_per_second"]["bit_sliced"] > 0
    assert record["bit_sliced"]["gates"] == 16
    for figure in ("gate_items_per_second", "rows_per_second"):
        assert min(record["bit_sliced"][figure].values()) > 0
    assert record["predictions_per_second"]["packed"] > 0


def test_every_size_of_the_plan_is_reported():
    record = strict_json(run("bench", "--quick", "--json").stdout)
    assert [row["items"] for row in record["by_items"]] == [16, 64]
    assert [row["network"] for row in record["by_edges"]] == ["4-4", "8-8-8"]
    assert [row["edges"] for row in record["by_edges"]] == [20, 144]
    assert [row["threads"] for row in record["by_threads"]] == kernel.thread_counts()
    assert (record["small_problem"]["edges"], record["small_problem"]["items"]) == (60, 16)
    assert record["descent"]["sweeps_per_second"] > 0
    assert record["cached_start_seconds"] is record["cold_start_seconds"] is None


def test_table_names_every_goal_and_whether_it_is_met():
    text = run("bench", "--quick").stdout
    lines = [line for line in text.splitlines() if line.endswith(("met", "missed"))]
    assert len(lines) == (8 if kernel.cores() > 1 else 5)
    assert "ns per edge, item and iteration" in text
    assert "sweeps per second" in text


def test_full_plan_is_the_one_that_the_goals_speak_of():
    assert (bench.FULL.widths, bench.FULL.items) == ((32,) * 6, 512)
    networks = [kernel.random_problem(widths, 1).network for widths in bench.FULL.widths_scaling]
    assert networks[0].n_edges == 60
    assert networks[-1].n_edges > 100_000
    assert (bench.FULL.items_scaling[0], bench.FULL.items_scaling[-1]) == (16, 4096)


# -- goals ------------------------------------------------------------------------------------------------


FACTS = {
    "threads": 2,
    "ns_per_edge_item_iteration": {"one_thread": 0.8, "all_threads": 0.46},
    "least": {"one_thread": 0.7, "all_threads": 0.4},
    "ratio_to_copy": {"one_thread": 2.1, "all_threads": 1.1},
    "ratio_to_copy_by_as_many_threads": {"one_thread": 2.1, "all_threads": 1.3},
    "small_problem": {"edges": 60, "items": 16, "us_per_iteration": 2.9, "us_per_iteration_least": 2.8},
    "bit_sliced": {
        "gate_items_per_second": {"one_thread": 9.9e10},
        "gate_items_per_second_quickest": {"one_thread": 1.1e11},
    },
    "state_bytes_per_edge_item": 8.6,
}


def test_goal_is_met_up_to_its_value():
    assert [goal.met for goal in goals.goals_of(FACTS)] == [
        True,
        False,
        False,
        True,
        False,
        True,
        False,
        True,
    ]


def test_goals_for_two_threads_are_left_out_on_one_core():
    assert all("threads" not in goal.figure for goal in goals.goals_of({**FACTS, "threads": 1}))


# -- timing -----------------------------------------------------------------------------------------------


def test_tasks_take_turns():
    order = []
    times = timing.alternate(
        {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3, turn_seconds=0
    )
    assert order == ["a", "b"] * 3
    assert all(len(task.rounds) == 3 and task.least <= task.median for task in times.values())


def test_ratio_is_taken_within_each_round():
    quiet, disturbed = timing.Times((1.0, 10.0, 1.0), 1.0), timing.Times((2.0, 20.0, 2.0), 2.0)
    assert disturbed.over(quiet) == 2
    assert disturbed.median == 2
    assert timing.Times((1.0, 2.0, 3.0), 1.0).spread == 0.5


def test_copy_copies_everything_whatever_the_number_of_threads():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as pool:
        for threads in (1, 2, 3):
            copy = kernel.Copy(20_001, pool, threads)
            copy()
            assert copy.target.all()


# -- starts -----------------------------------------------------------------------------------------------


def test_start_that_fails_is_an_error_with_its_message(monkeypatch):
    monkeypatch.setattr(starts, "COMMAND", ("solve", "no-such-problem"))
    with pytest.raises(starts.BtfnetError, match="no-such-problem"):
        starts.cached_start(1)


def test_cold_start_has_an_empty_cache_of_its_own(monkeypatch):
    seen = []
    monkeypatch.setattr(
        starts, "_seconds", lambda environment: seen.append(Path(environment["NUMBA_CACHE_DIR"])) or 1.0
    )
    assert starts.cold_start() == 1.0
    assert not seen[0].exists()


# -- scripts ----------------------------------------------------------------------------------------------


def test_precision_rates_are_compared_in_standard_errors():
    precision = script("precision")
    assert precision.standard_error([50, 50], 100) == pytest.approx(0.0707, abs=1e-3)
    assert "(!)" not in precision.row("a", 100, [60, 50], [1, 1])
    assert "(!)" in precision.row("a", 100, [90, 50], [1, 1])


class Pretended:
    """A commit whose figures are known; without those in `lacks`."""

    def __init__(self, log, letter, value, lacks=()):
        self.log, self.letter, self.value, self.lacks = log, letter, value, lacks

    def send(self, name):
        pass

    def has(self, name):
        return name not in self.lacks

    def time(self, name, seconds):
        self.log.append(self.letter)
        return self.value


def test_commits_take_turns_and_so_does_who_goes_first():
    log = []
    commits = [Pretended(log, "A", 2.0), Pretended(log, "B", 1.0)]
    figures = script("bench_compare").compare(commits, ["small"], 3, 0.1)
    assert "".join(log) == "ABBAAB"
    assert figures["small"].tolist() == [[2.0, 1.0]] * 3


def test_figure_that_a_commit_lacks_is_a_dash():
    compare = script("bench_compare")
    commits = [Pretended([], "A", 2.0, lacks=("descent",)), Pretended([], "B", 1.0)]
    lines = compare.table(compare.compare(commits, ["small", "descent"], 3, 0.1), ["old", "new"])
    assert lines[2].split("|")[2:6] == [" 2 ", " 1 ", " 0.5 ", " 0.50 … 0.50 "]
    assert lines[3].split("|")[2:6] == [" – ", " 1 ", " – ", " – "]


def test_worker_measures_every_figure_of_this_commit(tmp_path):
    compare = script("bench_compare")
    scope = {"__name__": "worker"}
    exec(compare.WORKER.split("for line in sys.stdin")[0], scope)
    assert set(scope["MAKE"]) == set(compare.FIGURES)
    assert scope["make"]("small") == "ready"
    assert float(scope["turn"]("small", 0)) > 0
    scope["MAKE"]["new"] = lambda: 1 / 0
    assert scope["make"]("new") == "missing ZeroDivisionError: division by zero"


@pytest.mark.skipif(not (SCRIPTS.parent / ".git").exists(), reason="needs the repository")
def test_worktree_is_removed_after_the_comparison(tmp_path):
    compare = script("bench_compare")
    with compare.checked_out("HEAD", tmp_path / "tree") as tree:
        assert (tree / "btfnet" / "__init__.py").exists()
    assert not tree.exists()
    assert str(tmp_path) not in compare.git("worktree", "list")


def test_memory_beyond_the_data_is_measured_and_what_cannot_fit_is_refused():
    memory = script("memory")
    found = memory.in_own_process("measure(1, 1, 1, False)")
    assert found["edge_items"] == found["edges"] == 501_000
    assert found["peak_bytes"] > found["data_bytes"] > 0
    refused = memory.refuse(4.0)
    assert refused["refused"]
    assert "GiB" in refused["message"]


def walkers(n, seed=3):
    """The same walker so many times."""
    problem = btfnet.load("multiplier-2x2").problem
    return [GateSearch.of(problem, np.random.default_rng(seed), repeats=False) for _ in range(n)]


def parts(walker):
    return walker._shape, walker._part, walker._gates, walker._best, walker._work


def test_walk_of_the_study_is_the_packages_own_where_their_choices_agree():
    ours, theirs = walkers(2)
    walks, start = script("strategy_walks"), theirs.error
    for rounds in (1, 2, 3):
        found = walks.walk_otherwise(*parts(theirs), start, start, rounds, 0.1, False, 0.0, theirs.rng)
        assert found == (ours.walk(rounds, 1, 0.1, merging=False),) * 2
        start = found[0]


def test_annealing_keeps_count_of_the_wrong_bits():
    (walker,) = walkers(1)
    shape, _, gates, kept, work = parts(walker)
    error, record = script("strategy_walks").anneal(
        shape, gates, kept, work, walker.error, walker.error, 500, 2.0, walker.rng
    )
    assert error == evaluate(shape, gates, work)
    assert record <= error


def test_cutoff_of_restarts_weighs_time_spent_against_successes():
    report = script("strategy_report")
    assert report.expected([1.0, 9.0], 9.0) == 5.0
    assert report.expected([1.0, 9.0], 1.0) == 2.0
    assert report.best_cutoff([1.0, 9.0, float("inf")], 10.0) == 1.0
    assert report.expected([2.0], 1.0) == float("inf")
