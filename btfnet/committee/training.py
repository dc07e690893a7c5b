"""Training a committee: a random output code, random comparisons and random wiring each, then gate descent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import CALLED, a, need, optional, whole
from btfnet.committee.committee import Committee, Member
from btfnet.committee.comparisons import Comparisons
from btfnet.engines.descent.local_search import GateSearch
from btfnet.errors import UsageError
from btfnet.halting import Halt, Halted, Stop, attended, question
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind
from btfnet.projections.rrr import Status

SIGMA = 9.0
"""Gates of up to nine literals: of three, five and nine the last were best (docs/digits.md)."""
SIDE = 0.3
"""Fraction of the classes on each side of an output's question; the others do not count (docs/digits.md)."""
MOST_MEMBERS, MOST_NODES = 2**16, 2**31 - 1
ALONE, AMONG_OTHERS = (512, 1023), (256, 255)
"""Hidden nodes and outputs of a member: a single one has to ask more (docs/digits.md)."""


def train_committee(
    problem: Problem,
    *,
    members: int = 8,
    hidden: int | None = None,
    code_bits: int | None = None,
    bits: int = 1024,
    fan_in: int = 128,
    rounds: int = 4,
    seed: int = 1,
    report: Callable[[int], object] | None = None,
    stop: Stop | None = None,
) -> Committee:
    """Learn the classes of a problem's training items with networks of one hidden layer.

    The problem's own network is not used: random sums of a few inputs, compared with levels, are
    the bits that a member sees; an output asks whether an item is of some classes or of some others; every
    node listens to `fan_in` random nodes. Training bits may stay wrong; what counts is the sum of all votes.
    Deterministic for a seed; test items are never seen.

    members    networks, each with its own comparisons, code and wiring; 1 is a single network
    bits       comparisons of each member
    hidden, code_bits   threshold nodes in the hidden layer, and in the output layer; by default 256 and 255,
               of a single network 512 and 1023
    rounds     rounds of gate descent, two sweeps each
    report     is called with 1 after each member
    stop       asked ten times a second, from the thread that called: an object with is_set(), such as
               threading.Event(), or a function. A true answer ends the training, as Ctrl-C does, within a second:
               the committee has the members that were done, and its status says interrupted

    Raises `UsageError` for a problem without classes or known inputs, and for numbers below 1; KeyboardInterrupt
    when it was interrupted before the first member was done.
    """
    need(
        "train_committee",
        problem=(problem, a(Problem)),
        seed=(seed, whole(0, 2**63)),
        report=(report, optional(CALLED)),
        members=(members, whole(1, MOST_MEMBERS)),
        hidden=(hidden, optional(whole(1, MOST_NODES))),
        code_bits=(code_bits, optional(whole(1, MOST_NODES))),
        bits=(bits, whole(1, MOST_NODES)),
        fan_in=(fan_in, whole(1)),
        rounds=(rounds, whole(1, MOST_NODES)),
    )
    usual = ALONE if members == 1 else AMONG_OTHERS
    hidden = usual[0] if hidden is None else hidden
    code_bits = usual[1] if code_bits is None else code_bits
    _check(problem)
    trained, stopped, status = list[Member](), question(stop), Status.SOLVED
    for rng in np.random.default_rng(seed).spawn(members):
        sizes = (hidden, code_bits, bits, fan_in, rounds)
        try:
            if stopped():
                raise Halted
            trained.append(attended(partial(_member, problem, *sizes, rng), stopped))
        except (Halted, KeyboardInterrupt) as end:
            if not trained:
                raise KeyboardInterrupt from end
            status = Status.INTERRUPTED
            break
        if report:
            report(1)
    committee = Committee(
        tuple(trained),
        problem.output_names,
        problem.name,
        problem.input_kind,
        problem.input_names,
        status=status,
    )
    return committee.counted(problem)


def output_code(n_classes: int, n_bits: int, rng: np.random.Generator) -> NDArray[np.int8]:
    """For every bit a few classes at random against as many others; int8, (n_classes, n_bits): +1, -1 and 0."""
    side = max(1, round(SIDE * n_classes))
    row = np.zeros(n_classes, dtype=np.int8)
    row[:side], row[side : 2 * side] = 1, -1
    return rng.permuted(np.tile(row, (n_bits, 1)), axis=1).T


def _member(
    problem: Problem,
    hidden: int,
    code_bits: int,
    n_bits: int,
    fan_in: int,
    rounds: int,
    rng: np.random.Generator,
    halt: Halt,
) -> Member:
    items = slice(0, problem.n_train)
    comparisons = Comparisons.draw(problem.inputs[items], n_bits, rng)
    code = output_code(problem.network.n_outputs, code_bits, rng)
    wanted = code[problem.outputs[items].argmax(axis=1)]
    care = wanted != 0
    if problem.care is not None:
        care &= problem.care[items].all(axis=1, keepdims=True)
    bits = comparisons.encode(problem.inputs[items])
    network = Network.sparse([bits.shape[1], hidden, code_bits], fan_in, rng)
    search = GateSearch(network, bits, wanted > 0, rng, care=care, sigma=SIGMA, repeats=False, halt=halt)
    search.walk(rounds)
    return Member(comparisons, search.circuit(problem.name).simplified(), code)


def _check(problem: Problem) -> None:
    if problem.output_kind is not OutputKind.CLASS or not problem.input_kind.known:
        raise UsageError(
            f"{problem.name}: a committee learns classes from known inputs, but the outputs are "
            f"{problem.output_kind} and the inputs {problem.input_kind}; use btfnet.solve, or give classes."
        )
    if problem.network.n_outputs < 2:
        raise UsageError(f"{problem.name}: there is one class only; give at least two.")


def warm_up() -> None:
    """Compile, or load, what training a committee runs beside gate descent, and the model that is saved."""
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    problem = Problem.from_arrays(
        corners, [0, 0, 0, 1], Network.layered([2, 2]), output_kind=OutputKind.CLASS
    )
    train_committee(problem, members=1, hidden=2, code_bits=2, bits=4, fan_in=2).classifier().one_hot(corners)
