"""Settings and widths that find themselves: the same for a seed, judged by what came of the trials before."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numba import config
from support.cli_samples import run, strict_json, write_csv
from support.tuning_samples import FALLING, FLAT, ended

import btfnet
from btfnet.checkpoint.folder import Checkpoint
from btfnet.engines.projections.engine import ENTRANTS, FIELD, HEAT
from btfnet.engines.registry import Engine
from btfnet.engines.tuning.rounds import decay, next_support, score_key, stalled
from btfnet.errors import UsageError
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.plan import plan_for
from btfnet.search.records import Trial
from btfnet.settings import Settings

compiled = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")
PARITY = np.array([[1 if number >> bit & 1 else -1 for bit in range(4)] for number in range(16)])


def narrow():
    """Parity of four bits by two hidden nodes: none of the settings can do it."""
    return Problem("parity", Network.layered([4, 2, 1]), Items(PARITY, PARITY.prod(axis=1, keepdims=True)))


def carried_through(plan, n_trials, gaps_of):
    """All trials that can begin when every trial ends at once with the gaps that gaps_of gives it."""
    trials: dict[int, Trial] = {}
    while True:
        ready = [i for i in range(n_trials) if i not in trials and plan(i, trials) is not None]
        if not ready:
            return trials
        for index in ready:
            trials[index] = ended(index, *plan(index, trials), gaps_of(*plan(index, trials)))


def test_half_of_the_settings_go_on_after_every_round_for_four_times_as_long():
    best = {(0.5, 1e-4): 0.1, (0.3, 3e-3): 0.2, (0.5, 3e-4): 0.3, (0.3, 1e-3): 0.4}

    def gaps_of(_, settings):
        least = best.get((settings.beta, settings.gamma), 0.6)
        return [1.0, 0.8, least]

    plan = plan_for(narrow(), Settings(), Engine.RRR, True)
    trials = carried_through(plan, len(ENTRANTS) + 3 * FIELD, gaps_of)
    rounds = plan.report(trials)
    assert [{(one.beta, one.gamma) for one in heats.settings} for heats in rounds] == [
        set(ENTRANTS), set(best), {(0.5, 1e-4), (0.3, 3e-3)}, {(0.5, 1e-4)},
    ]  # fmt: skip
    assert [heats.settings[0].max_iterations for heats in rounds] == [HEAT, 4 * HEAT, 16 * HEAT, 1_000_000]
    assert {heats.settings[0].sigma for heats in rounds} == {3.0}


@pytest.mark.parametrize("engine", [Engine.RRR, Engine.BOTH])
def test_support_grows_only_after_rounds_that_stand_still_and_then_begins_again(engine):
    plan = plan_for(narrow(), Settings(), engine, True)
    flat = plan.report(carried_through(plan, 40, lambda *_: FLAT))
    assert [heats.settings[0].sigma for heats in flat][:5] == [3, 5, 7, 3, 5]
    plan = plan_for(narrow(), Settings(sigma=5.0), engine, True)
    flat = plan.report(carried_through(plan, 40, lambda *_: FLAT))
    assert [heats.settings[0].sigma for heats in flat][:4] == [5, 7, 5, 7]
    plan = plan_for(narrow(), Settings(), engine, True)
    falling = plan.report(carried_through(plan, 40, lambda *_: FALLING))
    assert {heats.settings[0].sigma for heats in falling} == {3}


def levels(plan, gaps_of, n_trials=12):
    """σ and sweeps, in units of the first level's, of the rounds of descents."""
    rounds = plan.report(carried_through(plan, n_trials, gaps_of))
    first = rounds[0].settings[0].max_iterations
    return [(heats.settings[0].sigma, heats.settings[0].max_iterations / first) for heats in rounds]


def test_descents_that_stand_still_get_larger_gates_besides_small_ones():
    plan = plan_for(narrow(), Settings(max_iterations=10**9, widen=1), Engine.DESCENT, True)
    flat = levels(plan, lambda *_: FLAT)
    assert flat[:9] == [(3, 1), (3, 5), (5, 5), (3, 25), (5, 25), (7, 25), (3, 125), (5, 125), (7, 125)]
    plan = plan_for(narrow(), Settings(max_iterations=10**9, widen=1), Engine.DESCENT, True)
    falling = levels(plan, lambda *_: FALLING)
    assert falling[:5] == [(3, 1), (3, 5), (3, 25), (3, 125), (3, 625)]
    plan = plan_for(narrow(), Settings(max_iterations=10**9, widen=1), Engine.DESCENT, True)
    mixed = levels(plan, lambda _, settings: FLAT if settings.sigma == 3 else FALLING)
    assert mixed[:5] == [(3, 1), (3, 5), (5, 5), (3, 25), (5, 25)]
    plan = plan_for(narrow(), Settings(sigma=5.0, max_iterations=10**9, widen=1), Engine.DESCENT, True)
    assert levels(plan, lambda *_: FLAT)[:4] == [(5, 1), (5, 5), (7, 5), (5, 25)]


def ways(plan, gaps_of, exact=lambda _: False, n_trials=12):
    """σ and how wide at first, of the rounds of descents; some trials are exact."""
    trials: dict[int, Trial] = {}
    for index in range(n_trials):
        engine, settings = plan(index, trials)
        trials[index] = ended(index, engine, settings, gaps_of(settings), exact=exact(settings))
    return [(one.settings[0].sigma, one.settings[0].widen) for one in plan.report(trials)]


def test_descents_that_stand_still_begin_in_wider_networks_too():
    flat = ways(plan_for(narrow(), Settings(), Engine.DESCENT, True), lambda _: FLAT)
    assert flat[:8] == [(3, 1), (3, 1), (3, 3), (5, 1), (3, 1), (3, 3), (5, 1), (7, 1)]
    falling = ways(plan_for(narrow(), Settings(), Engine.DESCENT, True), lambda _: FALLING)
    assert set(falling) == {(3, 1)}


def test_what_stands_still_is_left_out_while_a_wider_network_does_not():
    def gaps(settings):
        return FALLING if settings.widen > 1 and settings.max_iterations < 10**6 else FLAT

    settings = Settings(max_iterations=10**6)
    wide = ways(plan_for(narrow(), settings, Engine.DESCENT, True), gaps, n_trials=14)
    assert wide[:4] == [(3, 1), (3, 1), (3, 3), (5, 1)]
    again = 4 + wide[4:].index((3, 1))
    assert set(wide[4:again]) == {(3, 3)}
    assert wide[again : again + 3] == [(3, 1), (3, 3), (5, 1)]


def test_of_two_ways_to_begin_the_one_that_was_exact_goes_on_alone():
    def only(widen):
        return lambda settings: settings.widen == widen and settings.max_iterations > 10_000

    plan = plan_for(narrow(), Settings(widen=2), Engine.DESCENT, True)
    assert set(ways(plan, lambda _: FLAT, only(2), 20)[8:]) == {(3, 2)}
    plan = plan_for(narrow(), Settings(widen=2), Engine.DESCENT, True)
    assert {widen for _, widen in ways(plan, lambda _: FLAT, only(1), 20)[8:]} == {1}


def test_descents_that_grow_are_long_from_the_first_on_and_begin_in_no_wider_network():
    growing = narrow().with_network(Network.free(4, 1))

    def told(gaps):
        plan = plan_for(growing, Settings(), Engine.AUTO, True)
        rounds = plan.report(carried_through(plan, 6, lambda *_: gaps))
        return [(one.settings[0].sigma, one.settings[0].max_iterations) for one in rounds], rounds

    falling, rounds = told(FALLING)
    first = falling[0][1]
    most = Settings().max_iterations
    assert falling == [(3, min(most, first << level)) for level in range(5)]
    assert [len(one.heats) for one in rounds] == [2, 1, 1, 1, 1]
    assert {one.settings[0].widen for one in rounds} == {1.0}
    assert [sigma for sigma, _ in told(FLAT)[0]] == [3, 5, 7, 3, 5]
    assert plan_for(growing, Settings(max_iterations=9), Engine.AUTO, True)(0, {})[1].max_iterations == 9


def test_untuned_descents_begin_by_turns_in_the_network_and_in_a_wider_one():
    plan = plan_for(narrow(), Settings(widen=2), Engine.AUTO, False)
    tasks = [plan(index, {}) for index in range(6)]
    assert [settings.widen for engine, settings in tasks if engine.name == Engine.DESCENT] == [1, 2, 1]
    assert {settings.widen for engine, settings in tasks if engine.name == Engine.BOTH} == {1}
    codes = btfnet.load("autoencoder-8").problem
    assert {plan_for(codes, Settings(), Engine.DESCENT, False)(i, {})[1].widen for i in range(4)} == {1}


def test_no_trial_begins_before_the_trials_that_decide_about_it_have_ended():
    plan = plan_for(narrow(), Settings(), Engine.RRR, True)
    trials = {i: ended(i, *plan(i, {}), FALLING) for i in range(len(ENTRANTS))}
    assert plan(len(ENTRANTS), {}) is None
    for status in (Status.TIME_LIMIT, Status.INTERRUPTED, Status.STOPPED):
        assert plan(len(ENTRANTS), {**trials, 3: replace(trials[3], status=status)}) is None
    assert plan(len(ENTRANTS), trials) is not None
    assert plan(len(ENTRANTS) + FIELD, trials) is None


def test_the_limit_that_the_user_gave_is_never_exceeded():
    plan = plan_for(narrow(), Settings(max_iterations=7000), Engine.AUTO, True)
    trials = carried_through(plan, 40, lambda *_: [1.0] * 7)
    assert len(trials) == 40
    assert max(trial.settings.max_iterations for trial in trials.values()) == 7000


def test_exactness_counts_before_decay_and_that_before_bits_and_gaps():
    settings = Settings(max_iterations=300)
    exact = ended(0, Engine.RRR, settings, [0.9, 0.8, 0.7], exact=True)
    close = ended(1, Engine.RRR, settings, [0.02, 0.02, 0.02])
    falling = ended(2, Engine.RRR, settings, [0.9, 0.6, 0.5])
    right = ended(3, Engine.RRR, settings, [0.5, 0.5, 0.5], bits=0.9)
    assert score_key(exact) < score_key(falling) < score_key(right) < score_key(close)
    assert score_key(right) < score_key(replace(close, trace=[]))
    assert not stalled([exact, close, close])
    assert stalled([close, close])
    assert decay(exact) == 0
    assert decay(close) == 1
    assert decay(ended(2, Engine.RRR, settings, FALLING)) == pytest.approx(0.5)


def test_supports_follow_one_another():
    assert [next_support(sigma, 3.0) for sigma in (3.0, 5.0, 7.0)] == [5, 7, 3]
    assert next_support(9.0, 9.0) == 9


@compiled
def test_network_that_needs_larger_gates_gets_them_without_being_told():
    task = btfnet.load("multiplier-2x2-wide")
    result = btfnet.solve(task.problem, seed=1, jobs=1, trials=24)
    assert result.exact
    assert result.kept.settings.sigma > 3
    assert {heats.settings[0].sigma for heats in result.tuning} >= {3.0, result.kept.settings.sigma}


@compiled
def test_tuned_trials_are_the_same_for_any_number_of_jobs():
    options = {"trials": 14, "all_trials": True, "seed": 4}
    settings = Settings(max_iterations=900)
    one, three = (btfnet.solve(narrow(), settings, tune=True, jobs=jobs, **options) for jobs in (1, 3))
    assert [(t.settings, t.iterations, t.wrong_bits) for t in one.trials] == [
        (t.settings, t.iterations, t.wrong_bits) for t in three.trials
    ]
    assert one.tuning == three.tuning
    assert len(one.trials) == 14


@compiled
def test_race_goes_on_after_a_time_limit_as_if_nothing_had_happened(tmp_path):
    options = {"trials": 12, "engine": "rrr", "seed": 4, "jobs": 1, "tune": True}
    settings = Settings(max_iterations=40_000)
    whole = btfnet.solve(narrow(), settings, **options)
    cut = btfnet.solve(narrow(), settings, time_limit=0.01, checkpoint=Checkpoint(tmp_path / "c"), **options)
    assert cut.status is Status.TIME_LIMIT
    assert len(cut.trials) < 12
    result = btfnet.solve(narrow(), settings, checkpoint=Checkpoint(tmp_path / "c", resume=True), **options)
    assert result.finished
    assert result.tuning == whole.tuning
    for trial, other in zip(result.trials, whole.trials, strict=True):
        np.testing.assert_array_equal(trial.weights, other.weights)


# -- widths -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [(1, 1, 1), (4, 4, 16), (16, 1, 50), (2, 9, 3)])
def test_ladder_rises_and_fits_the_items(counts):
    ladder = btfnet.widths_ladder(*counts)
    edges = [Network.layered(list(widths)).n_edges for widths in ladder]
    assert edges == sorted(edges)
    assert len(set(ladder)) == len(ladder)
    assert all((widths[0], widths[-1]) == counts[:2] for widths in ladder)
    assert all(width <= max(counts) for widths in ladder for width in widths)


def test_ladder_of_nothing_is_refused():
    with pytest.raises(UsageError, match="n_items"):
        btfnet.widths_ladder(3, 3, 0)


@compiled
def test_widths_are_found_again_from_the_same_seed():
    problem = btfnet.load("multiplier-2x2").problem
    found = [btfnet.solve_widths(problem, seed=2, jobs=jobs, deterministic=True) for jobs in (1, 2)]
    assert all(result.exact for result in found)
    assert found[0].problem.network == found[1].problem.network
    assert found[0].circuit == found[1].circuit
    tried = [each for each in found[0].widths if each.trials]
    assert [each.exact for each in tried] == [False] * (len(tried) - 1) + [True]


@compiled
def test_ladder_without_a_fit_ends_with_its_best_network():
    problem, ladder = narrow(), [(4, 1), (4, 2, 1)]
    result = btfnet.solve_widths(problem, Settings(max_iterations=50), ladder=ladder, trials=3, tune=True)
    assert result.status is Status.ITERATION_LIMIT
    assert not result.exact
    assert result.kept.score.train_bits == max(each.train_bits for each in result.widths)
    limited = btfnet.solve_widths(problem, time_limit=0.1, trials=10**6)
    assert limited.status in (Status.TIME_LIMIT, Status.SOLVED)


@compiled
def test_command_line_tells_what_found_itself(tmp_path):
    inputs = (PARITY + 1) // 2
    data = write_csv(tmp_path / "and.csv", inputs, inputs[:, :1] & inputs[:, 1:2])
    arguments = ("solve", "--data", data, "--inputs", "4", "--widths", "auto", "--quiet")
    record = strict_json(run(*arguments, "--json", "--out", tmp_path / "run").stdout)
    assert record["exact"]
    assert record["widths"]["kept"] == [4, 8, 1]
    assert record["tuning"][0]["sigma"] == 3
    assert json.loads((tmp_path / "run" / "run.json").read_text())["widths"] == record["widths"]
    text = run(*arguments).stdout
    assert "Network   free: 8 hidden nodes tried, 8 at most; 1 gate kept" in text
    assert "Tuned     descent" in text
