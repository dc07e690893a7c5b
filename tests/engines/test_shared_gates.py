"""The engine that keeps gates shared: what it finds, and that it is the same however it is driven."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from support.shared_samples import adder_problem, rule_problem, two_cells_problem

import btfnet
from btfnet.checkpoint.folder import Checkpoint
from btfnet.engines.registry import Engine, engines_for
from btfnet.engines.shared.gates import cells_of, circuit_of
from btfnet.engines.shared.search import CopiesSearch
from btfnet.errors import DataError, UsageError
from btfnet.halting import Halt, Halted
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings

NO_TRIALS = {"jobs": 1, "deterministic": True}


def rule_of(cell):
    """The number of the rule that a cell computes."""
    patterns = np.array(list(product((0, 1), repeat=3)))
    return sum(1 << value for value, output in enumerate(cell.predict(patterns)[:, 0]) if output > 0)


@pytest.mark.parametrize(("rule", "steps"), [(30, 4), (110, 3)])
def test_a_rule_is_found_from_a_few_rows_and_all_unseen_rows_are_right(rule, steps):
    problem = rule_problem(rule, steps, rows=8, width=16, unseen=500)
    result = btfnet.solve(problem, **NO_TRIALS)
    assert result.exact
    assert result.kept.engine == result.kept.found_by == "shared"
    assert result.kept.shrunk is None
    assert result.score.test_words == 1
    (cell,) = result.cells
    assert rule_of(cell) == rule
    bits = slice(problem.n_train)
    assert verify_items(result.circuit, problem.inputs[bits] > 0, problem.outputs[bits] > 0).exact


def test_a_full_adder_is_found_from_sums_and_adds_numbers_that_nobody_saw():
    problem = adder_problem(bits=8, rows=40)
    result = btfnet.solve(problem.with_train(20), **NO_TRIALS)
    assert result.exact
    assert result.score.test_words == 1
    (cell,) = result.cells
    rows = np.array(list(product((0, 1), repeat=3)))
    sums = rows.sum(axis=1)
    np.testing.assert_array_equal(cell.predict(rows) > 0, np.column_stack([sums % 2, sums // 2]) > 0)


def searches():
    yield rule_problem(rows=70, steps=2)
    yield rule_problem(rows=9, steps=3, width=4, periodic=False)
    yield rule_problem(rows=9, steps=3, width=1, periodic=False)
    yield two_cells_problem()


@pytest.mark.parametrize("problem", [*searches()], ids=lambda problem: problem.name)
def test_the_gates_of_all_nodes_get_as_many_bits_wrong_as_the_search_says(problem):
    search = CopiesSearch(problem, np.random.default_rng(3))
    for _ in range(3):
        circuit = circuit_of(problem.network, search.integer_weights())
        bits = slice(problem.n_train)
        found = verify_items(circuit, problem.inputs[bits] > 0, problem.outputs[bits] > 0, problem.train_care)
        assert found.n_wrong_bits == search.error
        search.run(1)


def test_the_cell_is_what_all_copies_compute_also_where_some_hear_the_constant_twice():
    problem = rule_problem(90, steps=2, rows=12, width=6, periodic=False)
    search = CopiesSearch(problem, np.random.default_rng(0))
    search.run(2000)
    assert search.error == 0
    (cell,) = cells_of(problem.network, search.integer_weights())
    assert rule_of(cell) == 90


def test_a_cell_cannot_be_told_from_a_row_in_which_no_copy_has_different_neighbours():
    problem = rule_problem(rows=4, width=1, periodic=False)
    weights = CopiesSearch(problem, np.random.default_rng(0)).integer_weights()
    with pytest.raises(UsageError, match="use more cells than a cell has neighbours"):
        cells_of(problem.network, weights)


def test_weights_that_differ_from_copy_to_copy_have_no_cell():
    problem = rule_problem(rows=4, width=5)
    weights = CopiesSearch(problem, np.random.default_rng(0)).integer_weights()
    weights[0] += 1
    with pytest.raises(UsageError, match="copies of the cell have different gates"):
        cells_of(problem.network, weights)
    with pytest.raises(UsageError, match="its nodes share no gates"):
        cells_of(problem.network.apart(), weights)


def export_of(search):
    return {name: array.copy() for name, array in search.export().items()}


def assert_same(search, other):
    for name, array in search.export().items():
        np.testing.assert_array_equal(array, other.export()[name], err_msg=name)


HARD = rule_problem(30, steps=6, rows=3, width=16)


def test_the_way_does_not_depend_on_how_it_is_cut():
    whole, cut = (CopiesSearch(HARD, np.random.default_rng(2)) for _ in range(2))
    whole.run(60)
    for rounds in (1, 7, 30, 22):
        cut.run(rounds)
    assert whole.error > 0
    assert_same(whole, cut)


def test_it_goes_on_from_where_it_was_saved():
    whole = CopiesSearch(HARD, np.random.default_rng(2))
    whole.run(25)
    saved = export_of(whole)
    other = CopiesSearch(HARD, np.random.default_rng(9))
    other.restore(saved)
    for search in (whole, other):
        search.run(35)
    assert_same(whole, other)


def test_halted_it_goes_on_to_the_same_end():
    whole, halt = CopiesSearch(HARD, np.random.default_rng(2)), Halt()
    halted = CopiesSearch(HARD, np.random.default_rng(2), halt=halt)
    halted.run(5)
    halt.set()
    with pytest.raises(Halted):
        halted.run(5)
    halt.flag[0] = 0
    halted.run(10 - halted.rounds)
    whole.run(10)
    assert_same(whole, halted)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sender", lambda array: array + 1000),
        ("at", lambda array: array * 0),
        ("temperature", lambda array: -array),
        ("cost", lambda array: array + 1),
        ("sender", lambda array: array[1:]),
    ],
)
def test_a_state_that_cannot_be_is_refused(name, change):
    search = CopiesSearch(HARD, np.random.default_rng(2))
    saved = export_of(search)
    with pytest.raises(DataError, match="checkpoint"):
        search.restore({**saved, name: change(saved[name])})


def test_results_are_the_same_for_one_and_two_jobs():
    problem = rule_problem(30, steps=4, rows=2, width=16, unseen=200)
    one, two = (btfnet.solve(problem, jobs=jobs, deterministic=True, trials=4) for jobs in (1, 2))
    assert one.circuit == two.circuit
    assert one.best == two.best


def test_an_interrupted_search_ends_as_if_it_had_not_been(tmp_path):
    problem = rule_problem(30, steps=8, rows=1, width=16, seed=1)
    options = {"trials": 2, "jobs": 1, "seed": 5, "all_trials": True, "engine": "shared"}
    whole = btfnet.solve(problem, Settings(max_iterations=60), **options)
    looks: list[int] = []
    first = btfnet.solve(
        problem, Settings(max_iterations=60), **options, checkpoint=Checkpoint(tmp_path),
        spectator=lambda seen: looks.append(1), stop=lambda: len(looks) > 1,
    )  # fmt: skip
    assert first.status is Status.INTERRUPTED
    again = btfnet.solve(
        problem, Settings(max_iterations=60), **options, checkpoint=Checkpoint(tmp_path, resume=True)
    )
    for before, after in zip(whole.trials, again.trials, strict=True):
        assert (before.iterations, before.circuit, before.work_ns) == (
            after.iterations, after.circuit, after.work_ns,
        )  # fmt: skip


def test_a_checkpoint_knows_which_gates_are_shared(tmp_path):
    inputs, outputs = np.eye(3), np.eye(3)
    networks = [Network.unrolled(Network.layered([1, 1]), 3, [[1], [2], [3]])]
    networks += [Network.unrolled([Network.layered([1, 1])] * 2, 3, [[1], [2], [3]], kinds=[0, 0, 1])]
    assert networks[0].apart() == networks[1].apart()
    problems = [Problem.from_arrays(inputs, outputs, network) for network in networks]
    looks: list[int] = []
    btfnet.solve(
        problems[0], trials=1, checkpoint=Checkpoint(tmp_path), spectator=lambda seen: looks.append(1),
        stop=lambda: True,
    )  # fmt: skip
    with pytest.raises(DataError, match="belongs to another problem"):
        btfnet.solve(problems[1], trials=1, checkpoint=Checkpoint(tmp_path, resume=True))


def test_auto_is_the_engine_that_shares_and_others_refuse():
    problem = rule_problem(rows=4)
    assert [engine.name for engine in engines_for(problem, "auto")] == [Engine.SHARED]
    for name in ("rrr", "descent", "rrr+descent"):
        with pytest.raises(UsageError, match=r"share gates; choose shared or auto, or give up sharing"):
            btfnet.solve(problem, engine=name)
    apart = problem.with_network(problem.network.apart())
    with pytest.raises(UsageError, match="share gates; choose another engine"):
        btfnet.solve(apart, engine="shared")


def test_inputs_that_are_to_be_found_are_refused():
    network = Network.automaton(Network.free(3, 1, 1), 3, 1)
    unknown = Problem(
        "unknown", network, btfnet.Items(np.empty((2, 0)), np.ones((2, 3)), input_kind="unknown_bits")
    )
    with pytest.raises(UsageError, match="shared gates are found from known bits only"):
        btfnet.solve(unknown)


def test_a_shared_cell_is_learned_from_noisy_rows_too():
    problem = rule_problem(30, steps=2, rows=60, width=16)
    outputs = np.array(problem.outputs)
    noise = np.random.default_rng(1).random(outputs.shape) < 0.02
    noisy = Problem.from_arrays(
        problem.inputs, np.where(noise, -outputs, outputs), problem.network, n_validation=12
    )
    result = btfnet.solve(noisy, trials=2, jobs=1, time_limit=20)
    assert result.learned
    np.testing.assert_array_equal(result.circuit.predict(problem.inputs > 0) > 0, problem.outputs > 0)
