"""`train_committee`: boosted members, as many as the validation items ask for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import closing, nullcontext
from dataclasses import asdict, astuple, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import CALLED, a, need, number, optional, whole
from btfnet.checkpoint.folder import Checkpoint
from btfnet.committee.boosting import OF_PICTURES, Boost
from btfnet.committee.committee import Committee
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.layer import JoinedLayer, Layer, PlainLayer
from btfnet.committee.member import groups_of
from btfnet.committee.persistence import MemberStore, digest
from btfnet.committee.pictures import LARGEST, Picture
from btfnet.committee.templates import is_small, picture_layer
from btfnet.committee.trainer import Look, Trainer
from btfnet.errors import UsageError
from btfnet.halting import Stop, question
from btfnet.machine import cores
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind
from btfnet.projections.rrr import Status
from btfnet.workers.workplace import EXECUTOR, Workplace

MOST_MEMBERS, MOST_CLASSES = 2**16, 256


def train_committee(
    problem: Problem,
    *,
    members: int = 3000,
    gates: int | None = None,
    picture: Picture | None = None,
    boost: Boost | None = None,
    validation: float | None = None,
    jobs: int | None = None,
    seed: int = 1,
    report: Callable[[Look], object] | None = None,
    stop: Stop | None = None,
    checkpoint: Checkpoint | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
) -> Committee:
    """Learn the classes of a problem's training items, or its Boolean outputs, by the votes of small circuits.

    The problem's own network is not used: each member is a free network of a few gates that hears some features of
    the inputs (`btfnet.committee.layer`), learned by gate descent on items that the members before it leave open.
    Training bits may stay wrong; what counts is the sum of all votes. Validation items (the problem's, or drawn
    from those that train) say how many members there are; drawn ones then train, too, so many members.
    Deterministic for a seed, whatever the jobs; test items are never seen.

    members    at most so many
    gates      the whole circuit has at most so many, those of templates at all positions and of votes among them;
               None: any number
    picture    how a row of inputs is a picture: then templates are learned, and pictures with small changes train
    boost      how members are fitted; None: as usual
    validation the fraction of the training items that validate, where the problem has no validation items; None:
               0.15; 0: none, and all members stay
    jobs       processor cores to use, None for all; more than four do not help
    report     is called with a `Look` after each batch of members
    stop       asked ten times a second, from the thread that called: an object with is_set(), such as
               threading.Event(), or a function. A true answer ends the training, as Ctrl-C does, within a second:
               the committee has the members that were done, and its status says interrupted
    checkpoint where members are saved now and then, and from where an interrupted training goes on
    executor   fits the members, in place of this process: any of `concurrent.futures`, or a function that makes
               one, which is asked again when its workers are lost (docs/workers.md)

    Raises `UsageError` for a problem without known inputs, for a picture of another size, and for numbers that
    mean nothing; KeyboardInterrupt when it was interrupted before the first members were done.
    """
    need(
        "train_committee",
        problem=(problem, a(Problem)),
        members=(members, whole(1, MOST_MEMBERS)),
        gates=(gates, optional(whole(1))),
        picture=(picture, optional(a(Picture))),
        boost=(boost, optional(a(Boost))),
        validation=(validation, optional(number(0, 0.9))),
        jobs=(jobs, optional(whole(1))),
        seed=(seed, whole(0, 2**63)),
        report=(report, optional(CALLED)),
        checkpoint=(checkpoint, optional(a(Checkpoint))),
        executor=(executor, optional(EXECUTOR)),
    )
    _check(problem, picture)
    boost = boost or Boost()
    if boost.hidden is None and picture is not None:
        boost = replace(boost, hidden=OF_PICTURES)
    how = asdict(boost) | {"validation": validation, "seed": int(seed), "gates": gates}
    store = MemberStore(checkpoint, _identity(problem, picture, how))
    layer = _layer(problem, picture, np.random.default_rng([seed, 1]), gates)
    over = question(stop)
    workplace = None if executor is None else Workplace(executor)
    trainer = Trainer(
        problem, layer, picture, boost, seed, jobs or cores(), report, over, store, gates, workplace
    )
    with nullcontext() if workplace is None else closing(workplace):
        found, status = trainer.run(members, validation)
    if not found and status is Status.SOLVED:
        raise UsageError(f"{problem.name}: gates is {gates}, but not even the first member fits; allow more.")
    if not found:
        raise KeyboardInterrupt
    committee = Committee(
        layer,
        groups_of(problem.network.n_outputs, problem.output_kind),
        tuple(found),
        problem.output_names,
        problem.name,
        problem.input_kind,
        problem.input_names,
        output_kind=problem.output_kind,
        status=status,
    )
    return committee.counted(problem)


def _identity(problem: Problem, picture: Picture | None, how: dict[str, Any]) -> dict[str, Any]:
    """What a training depends on, apart from how many members there may be."""
    seen, nothing = slice(problem.first_test), np.zeros(0)
    care, weights = problem.care, problem.items.weights
    arrays: list[NDArray[Any]] = [
        problem.inputs[seen],
        problem.outputs[seen],
        nothing if care is None else care[seen],
        nothing if weights is None else weights[seen],
    ]
    return {
        **how,
        "picture": None if picture is None else list(astuple(picture)),
        "items": digest(*arrays),
        "kinds": [str(problem.input_kind), str(problem.output_kind)],
        "n_train": problem.n_train,
    }


def _layer(problem: Problem, picture: Picture | None, rng: np.random.Generator, gates: int | None) -> Layer:
    """Templates for pictures; for tables, and for small pictures besides, comparisons; bits as they are."""
    train = problem.inputs[: problem.n_train]
    templates = None if picture is None else picture_layer(picture, train, rng, gates)
    if picture is not None and templates is not None and not is_small(picture):
        return templates
    plain = _plain_layer(problem, train, rng)
    return plain if templates is None else JoinedLayer((templates, plain))


def _plain_layer(problem: Problem, train: NDArray[np.float32], rng: np.random.Generator) -> Layer:
    if problem.input_kind is InputKind.BITS:
        return PlainLayer.of_bits(train.shape[1])
    return PlainLayer(Comparisons.of_table(train, rng))


def _check(problem: Problem, picture: Picture | None) -> None:
    if not problem.input_kind.known:
        raise UsageError(
            f"{problem.name}: a committee learns from known inputs, and these are {problem.input_kind}; use "
            f"btfnet.solve."
        )
    if problem.output_kind is OutputKind.CLASS and problem.network.n_outputs < 2:
        raise UsageError(f"{problem.name}: there is one class only; give at least two.")
    if problem.network.n_outputs > MOST_CLASSES:
        raise UsageError(
            f"{problem.name}: {problem.network.n_outputs} outputs; a committee has {MOST_CLASSES} at most."
        )
    if problem.output_kind is OutputKind.BITS and (
        picture is not None or problem.input_kind is not InputKind.BITS
    ):
        raise UsageError(
            f"{problem.name}: Boolean outputs are learned from inputs that are bits, and not from pictures; give "
            f"classes."
        )
    if picture is not None and picture.n_inputs != problem.inputs.shape[1]:
        raise UsageError(
            f"{problem.name}: a picture of {picture.height} x {picture.width} pixels and {picture.channels} "
            f"channels has {picture.n_inputs} values, and the items have {problem.inputs.shape[1]} inputs."
        )
    if picture is not None and picture.n_inputs > LARGEST:
        raise UsageError(f"{problem.name}: pictures have {picture.n_inputs} values; {LARGEST} are the most.")


def warm_up() -> None:
    """Compile, or load, what training a committee runs beside gate descent, and the model that is saved."""
    corners = [[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 1], [1, 1, 1, 1]] * 8
    problem = Problem.from_arrays(
        corners, [0, 0, 0, 1] * 8, Network.layered([4, 2]), output_kind=OutputKind.CLASS
    )
    boost = Boost(items=16, inputs=2, hidden=2, rounds=1)
    made = train_committee(problem, members=1, picture=Picture(2, 2), boost=boost, validation=0)
    made.classifier().one_hot(corners)
