"""Studies panel and rules: what is still to be measured, what tables say, which rules are the same."""

import json

import click
import numpy as np
import pytest

from btfnet.tasks.automata import step
from scripts.lib.rows import RowStore
from scripts.lib.tables import percent_reached
from scripts.studies.panel import cases as panel
from scripts.studies.panel import report, study
from scripts.studies.rules import report as rules_report
from scripts.studies.rules import study as rules

CASE = panel.Case("small", "multiplier-2x2", 10, panel.Goal(2, words=1))
SMALL = panel.Case("small", "multiplier-2x2", 10, panel.Goal(gates=7))
MEAN = panel.Case("small", "multiplier-2x2", 10, panel.Goal(2, mean=True))


def job(seed=0, *, engine="auto", limit=10, case=CASE):
    return panel.Job(case, engine, "none", seed, limit, 2)


def row(seed=0, *, exact=True, seconds=1.0, words=1.0, limit=10, sources="new", **changes):
    return {
        **panel.key_of_job(job(seed))._asdict(), "exact": exact, "seconds": seconds, "test_words": words,
        "test_bits": words, "limit": limit, "sources": sources, "found_by": "rrr" if exact else None, **changes,
    }  # fmt: skip


def by_key(*rows):
    return {panel.key_of_row(row): row for row in rows}


# -- what is still missing --------------------------------------------------------------------------------


def test_only_jobs_without_a_row_are_missing():
    wanted = [job(0), job(1000), job(0, engine="rrr")]
    assert panel.missing(wanted, by_key(row(0))) == wanted[1:]


def test_a_failed_run_is_wanted_again_when_it_may_take_longer():
    rows = by_key(row(0, exact=False, limit=10), row(1000, limit=10))
    assert panel.missing([job(0, limit=10), job(1000, limit=60)], rows) == []
    assert panel.missing([job(0, limit=60), job(1000, limit=60)], rows) == [job(0, limit=60)]


def test_rows_of_other_sources_count_unless_all_is_measured_again():
    rows = by_key(row(0, sources="old"), row(1000, sources="new"))
    assert panel.missing([job(0), job(1000)], rows) == []
    assert panel.missing([job(0), job(1000)], rows, "new") == [job(0)]


def test_other_widths_and_other_items_are_other_runs():
    keys = {panel.key_of_job(job(case=case)) for case in panel.CASES}
    assert len(keys) == len(panel.CASES)


def test_the_last_row_of_a_run_counts(tmp_path):
    store = RowStore(tmp_path / "rows.jsonl", panel.STORE.key)
    for each in (row(0, sources="old"), row(1000), row(0, sources="new")):
        store.keep(each)
    assert [each["sources"] for each in panel.last_rows(store).values()] == ["new", "new"]


@pytest.mark.parametrize(
    ("name", "problem", "widths", "train"),
    [
        ("rule-30-2-wide", "rule-30-2", "16-64-64-64-16", 512),
        ("andor-3", "andor-3", "32-32-32-32", 512),
        ("multiplier-2x2", "multiplier-2x2", "4-4-4-4", 16),
    ],
)
def test_rows_of_the_first_panel_had_the_problem_files_settings(name, problem, widths, train):
    key = panel.key_of_row(panel.completed({"problem": name, "engine": "auto", "seed": 0}))
    assert key == panel.Key(problem, widths, train, "auto", "own", 0)


def test_a_name_means_a_case_or_all_cases_of_a_problem():
    assert [case.name for case in panel.cases_named(["andor-2", "roman"])] == [
        "andor-2@512", "andor-2@256", "roman", "andor-2@512-free", "andor-2@256-free",
    ]  # fmt: skip
    assert {case.widths for case in panel.cases_named([panel.FREE])} == {panel.FREE}
    with pytest.raises(click.UsageError, match='"andor-9" is no row of the panel'):
        panel.cases_named(["andor-9"])


# -- what a cell says -------------------------------------------------------------------------------------


def test_failed_runs_count_in_the_time_of_a_circuit_and_not_in_the_median():
    rows = [row(0, seconds=1.0), row(1000, seconds=3.0), row(2000, exact=False, seconds=10.0, words=0.5)]
    entry = report.cell(CASE, "auto", "none", rows)
    assert (entry["exact"], entry["runs"], entry["seconds"], entry["seconds_most"]) == (2, 3, 2.0, 3.0)
    assert entry["seconds_a_circuit"] == 7.0
    assert entry["words_least"] == 0.5


@pytest.mark.parametrize(
    ("case", "rows", "verdict"),
    [
        (CASE, [], "not measured"),
        (CASE, [row(seed) for seed in range(5)], "met"),
        (CASE, [row(seed) for seed in range(4)], "met so far"),
        (CASE, [row(seed, seconds=2.5 if seed == 3 else 0.1) for seed in range(5)], "missed"),
        (CASE, [row(seed, words=0.9999 if seed == 3 else 1.0) for seed in range(5)], "missed"),
        (CASE, [row(seed, exact=seed != 3) for seed in range(5)], "missed"),
        (CASE, [row(0, exact=False, limit=5), row(1)], "given too little time"),
        (SMALL, [row(seed, gates=7) for seed in range(5)], "met"),
        (SMALL, [row(seed, gates=7 + seed // 4) for seed in range(5)], "missed"),
        (MEAN, [row(seed, exact=seed != 3, seconds=1.5) for seed in range(5)], "met"),
        (MEAN, [row(seed, exact=seed > 1, seconds=1.5) for seed in range(5)], "missed"),
    ],
)
def test_a_goal_is_met_by_every_run_or_by_all_time_over_the_exact_runs(case, rows, verdict):
    assert report.verdict(case, rows) == verdict


def test_every_case_has_a_line_whether_measured_or_not():
    entries = report.cells([])
    assert [entry["name"] for entry in entries] == [case.name for case in panel.CASES]
    assert report.goals_table(entries).count("\n") == 2 + len(panel.CASES)
    assert json.loads(json.dumps(entries)) == entries


def test_the_readme_has_the_better_network_of_every_problem():
    cases = [
        panel.Case(name, "multiplier-2x2", 10, panel.Goal(), widths)
        for name, widths in (("a", ()), ("b", "free"))
    ]
    layers, free = (report.cell(case, "auto", "none", [row(0, gates=8, seconds=1.0)]) for case in cases)
    assert (layers["widths"], free["widths"]) == ("4-4-4-4", "free")
    assert report.better([layers, free]) == [layers]
    assert report.better([layers, {**free, "gates": 7, "seconds": 2.0}])[0]["widths"] == "free"
    assert report.better([layers, {**free, "gates": 7, "words_least": 0.9}]) == [layers]
    assert report.better([layers, {**free, "exact": 0, "runs": 0}]) == [layers]


def test_what_may_take_least_time_is_measured_first_and_all_its_seeds():
    jobs = [job(seed, limit=limit) for limit in (60, 10) for seed in (0, 1000)]
    assert [(each.limit, each.seed) for each in study.cheapest_first(jobs)] == [
        (10, 0), (10, 1000), (60, 0), (60, 1000),
    ]  # fmt: skip


def test_not_quite_all_is_never_written_as_all():
    assert [percent_reached(fraction) for fraction in (1.0, 0.99999, 0.12345)] == ["100", "99.99", "12.34"]


def test_only_many_layers_of_one_width_are_written_short():
    assert panel.short("8-32-32-32-32-32-8") == "8-32×5-8"
    assert panel.short("16-48-48-48-16") == "16-48-48-48-16"


# -- rules ------------------------------------------------------------------------------------------------


def later(rule, rows):
    return step(rows, np.array([rule >> value & 1 for value in range(8)]), 1, periodic=True)


def test_there_are_88_rules_of_which_none_is_another_mirrored_or_complemented():
    assert len(rules.representatives()) == 88
    assert rules.representatives([86, 135, 149]) == [30]


@pytest.mark.parametrize("rule", [30, 45, 110, 184])
def test_mirrored_and_complemented_rules_do_the_same_to_mirrored_and_complemented_rows(rule):
    rows = np.random.default_rng(0).integers(0, 2, (50, 16))
    assert np.array_equal(later(rules.mirrored(rule), rows[:, ::-1]), later(rule, rows)[:, ::-1])
    assert np.array_equal(later(rules.complemented(rule), 1 - rows), 1 - later(rule, rows))


def test_a_rule_counts_as_learned_when_every_run_is_right_on_every_unseen_word():
    runs = [
        row(0, problem="rule-30-1"), row(1000, problem="rule-30-1"),
        row(0, problem="rule-22-1"), row(1000, problem="rule-22-1", words=0.99),
        row(0, problem="rule-22-2", exact=False, words=0.0),
    ]  # fmt: skip
    for run in runs:
        run.update(cpu_seconds=1.0, constant_bits=0.5, wrong_bits=0, sigma=3.0)
    assert "| 4-4-4-4 | 1 | 2 | 4 | 1 | 2 |" in rules_report.counts_table(runs)
    assert "| 4-4-4-4 | 2 | 1 | 1 | 0 | 0 |" in rules_report.counts_table(runs)
    failures = rules_report.failures_table(runs).splitlines()[2:]
    assert [line.split(" | ")[1:4] for line in failures] == [["22", "1", "1/2"], ["22", "2", "0/1"]]
