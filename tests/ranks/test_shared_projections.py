"""Projections whose items lie on many ranks do what one process does, to the bit; so do their first draws."""

import numpy as np
import pytest
from support.thread_ranks import on_ranks

from btfnet import InputKind, Items, Network, Problem, Settings
from btfnet.engines.projections.exchange import node_shares
from btfnet.engines.projections.layout import ROWS_AT_ONCE, skip_draws
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.kernels.projections.sweep import sweep_blocks, sweep_blocks_threads
from btfnet.ranks.ranks import ALONE

SETTINGS = Settings(beta=0.4, gamma=1e-3)


def problem_of(kind):
    draw = np.random.default_rng(0)
    bits, values = draw.random((300, 6)) < 0.5, draw.random((300, 2)) < 0.5
    if kind == "unknown inputs":
        items = Items(np.zeros((150, 0)), np.where(values[:150], 1, -1), input_kind=InputKind.UNKNOWN_BITS)
        return Problem("codes", Network.layered([4, 3, 2]), items)
    counts = draw.random(values.shape) < 0.8 if kind == "some bits do not count" else None
    items = Items(np.where(bits, 1, -1), np.where(values, 1, -1), care=counts)
    return Problem("shared", Network.layered([6, 5, 2]), items)


def stepped(kind, ranks, precision, threads=1):
    stepper = NetworkStepper(
        problem_of(kind),
        SETTINGS,
        np.random.default_rng(1),
        precision=precision,
        threads=threads,
        ranks=ranks,
    )
    stepper.advance(7, 0.0)
    stepper.advance(8, 0.0)
    codes = stepper.codes()
    return [
        stepper.weights, stepper.state.total, ranks.gathered(stepper.state.w), ranks.gathered(stepper.state.y),
        np.array(stepper.scores()), np.zeros(0) if codes is None else codes, stepper.gap, stepper.iteration,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "precision", "size"),
    [
        ("plain", "float32", 2),
        ("plain", "float64", 3),
        ("plain", "float32", 7),  # more ranks than blocks of items
        ("some bits do not count", "float32", 3),
        ("unknown inputs", "float32", 2),
    ],
)
def test_iterations_on_many_ranks_are_those_of_one_process(kind, precision, size):
    alone = stepped(kind, ALONE, precision)
    for shared in on_ranks(size, lambda ranks: stepped(kind, ranks, precision)):
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(alone, shared, strict=True))


@pytest.mark.no_compiler
def test_one_iteration_on_two_ranks_without_the_compiler_too():
    def begun(ranks):
        problem = Problem.from_bits(np.eye(70, 3) > 0, np.eye(70, 1) > 0, hidden=(2,))
        stepper = NetworkStepper(problem, SETTINGS, np.random.default_rng(1), ranks=ranks, threads=1)
        stepper.advance(1, 0.0)
        return stepper.weights

    for weights in on_ranks(2, begun):
        assert np.array_equal(weights, begun(ALONE))


@pytest.mark.no_compiler
def test_threads_of_a_rank_change_nothing():
    one, many = (
        NetworkStepper(problem_of("plain"), SETTINGS, np.random.default_rng(1), threads=threads)
        for threads in (1, 2)
    )
    sweep_blocks(one.wiring, one.state, one.scratch, np.float32(0.3))
    sweep_blocks_threads(many.wiring, many.state, many.scratch, np.float32(0.3))
    assert all(np.array_equal(a, b) for a, b in zip(one.state, many.state, strict=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("count", [0, 1, 2, 64, 2 * ROWS_AT_ONCE + 3])
def test_skipped_draws_leave_the_generator_where_drawing_does(dtype, before, count):
    drawn, skipped = (np.random.default_rng(3) for _ in range(2))
    for each in (drawn, skipped):
        each.random(before, dtype=np.float32)
    drawn.random(count, dtype=dtype)
    skip_draws(skipped, count, np.dtype(dtype))
    assert np.array_equal(drawn.random(9, dtype=dtype), skipped.random(9, dtype=dtype))


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_every_threshold_node_has_one_owner(size):
    class Wiring:
        n_inputs, fan_in_start = 2, np.array([0, 0, 0, 0, 3, 6, 20, 22])

    shares = node_shares(Wiring, size)
    assert shares[0] == 3
    assert shares[-1] == 7
    assert (np.diff(shares) >= 0).all()
    assert len(shares) == size + 1
