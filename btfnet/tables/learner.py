"""`learn`: a table in, a rule out that says what unseen rows are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import CALLED, FLAG, Wanted, a, need, one_of, optional, whole
from btfnet.committee.assembly import n_vote_gates
from btfnet.committee.member import groups_of
from btfnet.committee.pictures import Picture
from btfnet.committee.training import train_committee
from btfnet.errors import DataError, UsageError
from btfnet.halting import Stop, question
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import listed
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind
from btfnet.tables.choice import Encoding, Trials, Tried, chosen, problem_of
from btfnet.tables.columns import Column, Kind
from btfnet.tables.complete import every_row, is_truth_table
from btfnet.tables.conditions import Condition
from btfnet.tables.cuts import N_CUTS, Cuts
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.lean import lean
from btfnet.tables.model import Learned, TableModel
from btfnet.tables.pixels import PixelEncoder, picture_of
from btfnet.tables.table import Table
from btfnet.tables.targets import Target, inputs_and_outputs
from btfnet.tables.ways import WAYS, Boosted, Exact, Order, Single, Way

SEVERAL_WAYS = Wanted(
    "ways to learn (btfnet.tables.ways), one at least",
    lambda value: (
        isinstance(value, list | tuple)
        and len(value) > 0
        and all(isinstance(way, Boosted | Single | Exact) for way in value)
    ),
)
FEW_CLASSES, GATES, GATES_OF_A_CLASS, LEAST_OF_A_CLASS = 4, 100, 60, 10
"""A circuit for so few classes has so many gates at most, if nobody says how many; else so many for each."""
BETTER_THAN_NOTHING = Boosted(6, 0.05)
"""What is done where too few rows are there to try anything."""
TWO_GATES = Single((1,))
"""What is done of two classes where no other way has as few gates as were asked for."""
NAMES_OF_TARGETS = Wanted(
    "a name, or a list of names",
    lambda value: (
        isinstance(value, str)
        or (isinstance(value, list | tuple) and all(isinstance(name, str) for name in value))
    ),
)
ENOUGH = 0.995
"""The part of unseen pictures that a circuit of few gates must get right, so that no templates are looked for."""
SMALL_STEP = 0.02
"""Of the logit for a vote of a committee of pictures, which nobody judged."""


def learn(
    table: Any,
    target: str | Sequence[str] | None = None,
    *,
    labels: Any = None,
    gates: int | None = None,
    picture: Picture | None = None,
    pixels: bool = True,
    cuts: str = Cuts.CLASSES,
    n_cuts: int = N_CUTS,
    ways: Sequence[Way] = WAYS,
    name: str = "table",
    seed: int = 1,
    jobs: int | None = None,
    report: Callable[[str], object] | None = None,
    stop: Stop | None = None,
) -> TableModel:
    """Learn to say of a row what its target is, from rows where it is known.

    Columns are told apart (Booleans, numbers, categories; constants, names of rows and free text are left out),
    and become bits that ask about one column each. Several ways to learn are tried by cross-validation: votes of
    boosted small networks, a single one, votes of exact ones; the one that does best learns all rows. Of a table
    that has every combination of its values the rule is exact. Columns that are the pixels of pictures are learned
    as such. Deterministic for a seed, whatever the jobs.

    table    a data frame (pandas, polars, pyarrow), a mapping of names to columns, or an array of two axes
    target   the columns to learn; None: those that the table knows of, one with a usual name (class, target,
             label, y …), or the last one, where it holds classes
    labels   the target, (n_rows,), where it is no column of the table; several: columns
    gates    the circuit has at most so many; None: 100 for a target of up to four classes, 60 a class for more; of
             pictures any number
    picture  how the columns are a picture; None: found out by how neighbours go along, unless pixels is false
    cuts     how levels of numbers are chosen: classes, quantiles or thermometer (`btfnet.tables.cuts`)
    n_cuts   levels of a column of numbers, at most
    ways     those that are tried, in the order in which they are trusted (`btfnet.tables.ways`)
    jobs     processor cores to use, None for all
    report   is called with what is being tried, in a few words
    stop     asked now and then, from the thread that called: an object with is_set(), or a function; a true
             answer ends the search with what is there

    Raises `DataError` for a table that nothing can be learned from (a target of one value, or a quantity), and
    `UsageError` where nobody can tell what the target is; KeyboardInterrupt when it was stopped before anything
    was there.
    """
    need(
        "learn",
        target=(target, optional(NAMES_OF_TARGETS)),
        gates=(gates, optional(whole(1))),
        picture=(picture, optional(a(Picture))),
        cuts=(cuts, one_of(*Cuts)),
        n_cuts=(n_cuts, whole(1, 255)),
        seed=(seed, whole(0, 2**48)),
        jobs=(jobs, optional(whole(1))),
        pixels=(pixels, FLAG),
        ways=(ways, SEVERAL_WAYS),
        name=(name, a(str)),
        report=(report, optional(CALLED)),
    )
    inputs, outputs = inputs_and_outputs(table, target, labels)
    task = Task(
        inputs,
        outputs,
        Encoding(Cuts(cuts), n_cuts),
        gates,
        tuple(ways),
        name,
        Order(None, seed, jobs, stop),
        report,
    )
    return task.model(picture, pixels=pixels)


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be learned, from what, and how.

    inputs, outputs  the columns to learn from, and those to learn; as many rows
    order            seed, jobs and stop; its gates are those of one target
    """

    inputs: Table
    outputs: Table
    encoding: Encoding
    gates: int | None
    ways: tuple[Way, ...]
    name: str
    order: Order
    report: Callable[[str], object] | None

    def model(self, picture: Picture | None, *, pixels: bool) -> TableModel:
        """Learn all targets."""
        targets = [
            Target.of(name, values)
            for name, values in zip(self.outputs.names, self.outputs.columns, strict=True)
        ]
        labels = np.stack(
            [target.codes(column) for target, column in zip(targets, self.outputs.columns, strict=True)],
            axis=1,
        )
        one = len(targets) == 1 and (labels >= 0).all()
        found = picture_of(self.inputs) if picture is None and one and pixels else picture
        if found is not None:
            small = None if picture is not None else self._small(targets, labels)
            return self._counted(small or self._pictures(found, targets, labels), labels)
        return self._of_conditions(targets, labels)

    def _small(self, targets: Sequence[Target], labels: NDArray[np.int64]) -> TableModel | None:
        """A circuit of few gates over single pixels, where that is enough."""
        if targets[0].n_classes > FEW_CLASSES:
            return None
        model = self._of_conditions(targets, labels)
        expected = model.learned[0].expected
        return model if expected is not None and expected >= ENOUGH else None

    def _of_conditions(self, targets: Sequence[Target], labels: NDArray[np.int64]) -> TableModel:
        """Learn all targets from conditions about single columns."""
        encoder = self.encoding.fitted(self.inputs, labels[:, 0])
        if len(targets) > 1:
            encoder = replace(encoder, conditions=self._for_all(labels))
        if not encoder.conditions:
            left = listed([f"{column.name} ({column.kind})" for column in encoder.columns])
            raise DataError(
                f"{self.inputs.side}: no column tells anything: {left}. Give columns that differ."
            )
        if is_truth_table(encoder, self.inputs, labels):
            made = every_row(encoder, self.inputs, targets, labels, self.order, self.name)
            if made is not None:
                return self._counted(made, labels)
        learned = tuple(
            self._learned(encoder, target, labels[:, place]) for place, target in enumerate(targets)
        )
        return self._counted(TableModel(self.name, encoder, learned), labels)

    def _for_all(self, labels: NDArray[np.int64]) -> tuple[Condition, ...]:
        """Conditions that tell the classes of any of several targets apart, each once."""
        found = [
            self.encoding.fitted(self.inputs.some(np.flatnonzero(own >= 0)), own[own >= 0]).conditions
            for own in labels.T
        ]
        return tuple(dict.fromkeys(condition for some in found for condition in some))

    def _learned(self, encoder: TableEncoder, target: Target, labels: NDArray[np.int64]) -> Learned:
        """One target, from the rows where it is known."""
        known = np.flatnonzero(labels >= 0)
        rows, own = self.inputs.some(known), labels[known]
        order = replace(self.order, gates=self._gates(target), exact={})
        over = question(self.order.stop)
        tried = self._tried(rows, own, target.n_classes, order)
        best = chosen(tried, discrete=encoder.is_discrete) if tried else None
        way = best.way if best else BETTER_THAN_NOTHING
        problem = problem_of(encoder, rows, own, target.n_classes, target.name)
        ways = [way, BETTER_THAN_NOTHING, *self.ways, TWO_GATES]
        for each in ways:  # one that did well on parts may lead nowhere on the whole
            self._say(f"{target.name}: {each.name}")
            try:
                committee = each.fit(problem, replace(order, stop=None if over() else order.stop))
            except KeyboardInterrupt:
                committee = None
            if committee is not None:
                break
        else:
            least = n_vote_gates(groups_of(target.n_classes, OutputKind.CLASS)) + 1
            raise UsageError(
                f"{target.name}: gates is {order.gates}, and no rule has as few; allow {least} at least."
            )
        judged = next((trial for trial in tried if trial.way == each), None)
        named = replace(committee, name=target.name, class_names=(), input_names=encoder.names)
        if judged is None:
            return Learned(target, named, each.name)
        return Learned(target, named, each.name, judged.step, judged.accuracy)

    def _gates(self, target: Target) -> int:
        """So many at most for a target: as large a part for each of several."""
        if self.gates is None:
            return gates_for(target.n_classes)
        return max(1, self.gates // len(self.outputs.names))

    def _tried(self, rows: Table, labels: NDArray[np.int64], n_classes: int, order: Order) -> list[Tried]:
        """What cross-validation says of all ways; nothing where it was stopped."""
        try:
            return Trials(rows, labels, n_classes, self.encoding, order).run(self.ways, self._say)
        except KeyboardInterrupt:
            return []

    def _pictures(self, picture: Picture, targets: Sequence[Target], labels: NDArray[np.int64]) -> TableModel:
        """A committee that seeks templates in the columns, row after row of the picture."""
        if len(targets) != 1 or picture.n_inputs != len(self.inputs.names):
            raise UsageError(
                f"{self.inputs.side}: {len(self.inputs.names)} columns and {len(targets)} targets; a picture "
                f"of {picture.height} x {picture.width} pixels has {picture.n_inputs} values and one target."
            )
        columns = tuple(Column(name, Kind.REAL) for name in self.inputs.names)
        encoder, known = PixelEncoder(columns), np.flatnonzero(labels[:, 0] >= 0)
        pixels, own = encoder.encode(self.inputs.some(known)), labels[known, 0]
        target = targets[0]
        problem = Problem.from_arrays(
            pixels, own, Network.free(pixels.shape[1], target.n_classes), input_kind=InputKind.NUMBERS,
            output_kind=OutputKind.CLASS, name=target.name,
        )  # fmt: skip
        way = f"votes for pictures of {picture.height} x {picture.width}"
        self._say(way)
        committee = train_committee(
            problem, gates=self.gates, picture=picture, jobs=self.order.jobs, seed=self.order.seed,
            stop=self.order.stop,
        )  # fmt: skip
        named = replace(committee, input_names=encoder.names)
        return TableModel(self.name, encoder, (Learned(target, named, way, SMALL_STEP),))

    def _counted(self, model: TableModel, labels: NDArray[np.int64]) -> TableModel:
        """With how many training labels the circuit gets wrong, and with the conditions that it needs alone."""
        model = lean(model)
        known = labels >= 0
        wrong = (model.classes(self.inputs) != labels) & known
        widths = np.array([target.n_outputs for target in model.targets])
        bits = np.minimum(widths, 2)  # one output that should be false, one that should be true
        fit = TrainingFit(
            int((wrong * bits).sum()), int((known * widths).sum()), int(wrong.any(axis=1).sum()),
            int(known.any(axis=1).sum()),
        )  # fmt: skip
        return replace(model, training=fit)

    def _say(self, text: str) -> None:
        if self.report is not None:
            self.report(text)


def gates_for(n_classes: int) -> int:
    """So many gates at most for a target, if nobody says how many."""
    if n_classes <= FEW_CLASSES:
        return GATES
    votes = n_vote_gates(groups_of(n_classes, OutputKind.CLASS))
    return max(GATES_OF_A_CLASS * n_classes, votes + LEAST_OF_A_CLASS * n_classes)
