"""What `btfnet bench` reports; never how long anything took."""

from pathlib import Path

import pytest
from support.cli_samples import run, strict_json

from btfnet import bench
from btfnet.bench import goals, kernel, starts, timing

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
