"""`TableModel`: what was learned of a table, from raw rows to labels; its encoder belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.committee import Committee
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.gate import literal_over
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import numbered
from btfnet.tables import shown
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.pixels import PixelEncoder
from btfnet.tables.table import Table, labels_table
from btfnet.tables.targets import NO_LABEL, Target, spans

LARGE = 5000
"""Gates from which on a circuit is left as its committee made it."""

Encoder = TableEncoder | PixelEncoder


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned of one target.

    committee  from what the encoder makes of rows to the target's classes, by votes
    way        how it was learned, in words
    step       by how much a vote changes the logit of a class
    expected   the fraction of unseen rows that are right, by cross-validation; None where nobody judged
    """

    target: Target
    committee: Committee
    way: str
    step: float = 0.1
    expected: float | None = None

    def __post_init__(self) -> None:
        if len(self.committee.groups) != self.target.n_classes:
            raise DataError(
                f"{self.target.name}: votes for {len(self.committee.groups)} classes, expected "
                f"{self.target.n_classes}."
            )


@dataclass(frozen=True, eq=False)
class TableModel:
    """Rows of a table in, labels out. Make one with `btfnet.learn` or `btfnet.load_table_model`.

    name      of what was learned
    encoder   from raw rows to the inputs of the committees
    learned   one for each target
    training  how many labels of the training rows the circuit gets wrong
    """

    name: str
    encoder: Encoder
    learned: tuple[Learned, ...]
    training: TrainingFit | None = None

    def facts(self) -> dict[str, str]:
        """What was learned, in a few lines of words: what is said, and of what."""
        circuit, expected = self.circuit, [each.expected for each in self.learned]
        found = {
            "predicts": "; ".join(map(shown.target_in_words, self.targets)),
            "columns": shown.columns_in_words(self.encoder.columns),
            "circuit": shown.circuit_in_words(circuit),
            "learned by": shown.few(list(dict.fromkeys(each.way for each in self.learned))),
        }
        if isinstance(self.encoder, TableEncoder) and self.encoder.conditions:
            asked = [condition.column for condition in self.encoder.conditions]
            found["asks about"] = shown.asked_in_words(self.encoder.columns, asked)
        if self.training is not None and self.training.n_items:
            right, n_items = self.training.n_items - self.training.wrong_items, self.training.n_items
            found["training"] = f"{right} of {n_items} rows right ({right / n_items:.1%})"
        if None not in expected:
            found["unseen rows"] = (
                f"{shown.few([f'{one:.1%}' for one in expected])} right in cross-validation"
            )
        return found

    def __str__(self) -> str:
        return shown.as_text(f"TableModel {self.name}", self.facts())

    def __repr__(self) -> str:
        """In one line."""
        names = shown.few([target.name for target in self.targets])
        return (
            f"<TableModel {self.name}: {names} from {len(self.encoder.columns)} columns by "
            f"{len(self.circuit.gates)} gates>"
        )

    def _repr_html_(self) -> str:
        """For notebooks: the same as a table, and the circuit."""
        return shown.as_html(f"TableModel {self.name}", self.facts(), self.circuit)

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(each.target for each in self.learned)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The raw columns, those that nothing depends on among them."""
        return tuple(column.name for column in self.encoder.columns)

    @cached_property
    def circuit(self) -> Circuit:
        """One circuit for all targets. Its inputs are conditions about a row, such as `age>=37`; its outputs are
        `Target.outputs`.
        """
        whole = joined([each.committee.circuit() for each in self.learned])
        outputs: list[int] = []
        end = 0
        for target in self.targets:
            end += target.n_classes
            outputs += whole.outputs[end - target.n_outputs : end]  # of two classes the second says it all
        names = [name for target in self.targets for name in target.outputs]
        circuit = replace(whole, outputs=tuple(outputs), output_names=numbered(names), name=self.name)
        if len(circuit.gates) <= LARGE:
            circuit = circuit.simplified()
        return replace(circuit, training=self.training)

    def encode(self, rows: Any, *, first: int = 0) -> NDArray[np.bool_]:
        """The inputs of `circuit` for rows, (n_rows, n_conditions); see `TableEncoder.encode`."""
        if isinstance(self.encoder, TableEncoder):
            return self.encoder.encode(rows, first=first)
        return self.learned[0].committee.comparisons.encode(self.encoder.encode(rows, first=first))

    def predict(self, rows: Any, *, first: int = 0) -> NDArray[Any]:
        """The label of each row, as labels were in the table: (n_rows,), of several targets (n_rows, n_targets).

        rows   a data frame, a mapping of names to columns, or an array of two axes with the columns that trained
        first  the number of the first row, for messages
        Raises `DataError` for rows that lack a column, and for values of another kind.
        """
        codes = self.classes(rows, first=first)
        columns = [each.target.values()[codes[:, place]] for place, each in enumerate(self.learned)]
        if len(columns) == 1:
            return columns[0]
        return np.stack([column.astype(object) for column in columns], axis=1)

    def classes(self, rows: Any, *, first: int = 0) -> NDArray[np.int64]:
        """The class of each row, 0 …, by the circuit; (n_rows, n_targets)."""
        found = self.circuit.predict(self.encode(rows, first=first)) > 0
        outputs = [found[:, span] for span in spans(self.targets)]
        columns = [own[:, 0].astype(np.int64) if own.shape[1] == 1 else own.argmax(axis=1) for own in outputs]
        return np.stack(columns, axis=1)

    def votes(self, rows: Any) -> list[NDArray[np.int64]]:
        """Of each target the votes for minus those against each class, (n_rows, n_classes)."""
        encoded = self.encoder.encode(rows)
        inputs = encoded.astype(np.int8) if encoded.dtype == bool else encoded
        return [each.committee.votes(inputs) for each in self.learned]

    def predict_proba(self, rows: Any) -> NDArray[np.float64] | list[NDArray[np.float64]]:
        """How likely each class is by the votes, (n_rows, n_classes); of several targets a list.

        A vote counts as cross-validation found it to count (`Learned.step`).
        """
        found = [
            softmax(votes * each.step) for each, votes in zip(self.learned, self.votes(rows), strict=True)
        ]
        return found[0] if len(found) == 1 else found

    def score(self, rows: Any, labels: Any) -> float:
        """The fraction of rows whose labels, of all targets, are right; rows without a label are left out, a label
        that training never saw is wrong.

        labels  (n_rows,) or (n_rows, n_targets), or columns by the targets' names
        """
        table, wanted = Table.of(rows), labels_of(labels, self.targets)
        if len(wanted) != table.n_rows:
            raise DataError(f"found {table.n_rows} rows and {len(wanted)} labels; give one for each row.")
        return self.fractions_right(table, wanted)[1]

    def fractions_right(self, table: Table, labels: NDArray[np.int64]) -> tuple[float, float]:
        """Of labels, and of rows with all theirs; NaN where none is known. labels  as `labels_of` gives them."""
        known = labels != NO_LABEL
        right, rows = self.classes(table) == labels, known.any(axis=1)
        if not rows.any():
            return float("nan"), float("nan")
        return float(right[known].mean()), float((right | ~known).all(axis=1)[rows].mean())


def softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """How likely each class is, (n_rows, n_classes), by their logits."""
    chance: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
    return chance / chance.sum(axis=1, keepdims=True)


def labels_of(labels: Any, targets: tuple[Target, ...]) -> NDArray[np.int64]:
    """Classes, (n_rows, n_targets), from labels as they are in a table."""
    table = labels_table(labels)
    if len(table.names) != len(targets):
        raise DataError(f"the labels: found {len(table.names)} columns, expected {len(targets)}.")
    names = [target.name for target in targets]
    columns = table.chosen(names).columns if set(names) <= set(table.names) else table.columns
    return np.stack([target.codes(column) for target, column in zip(targets, columns, strict=True)], axis=1)


def joined(circuits: list[Circuit]) -> Circuit:
    """One circuit with the outputs of all, which have the same inputs."""
    first = circuits[0]
    if len(circuits) == 1:
        return first
    n_inputs, gates, outputs = first.n_inputs, list[Gate](), list[int]()
    for circuit in circuits:
        nodes = list(range(n_inputs + 1))
        for gate in circuit.gates:
            gates.append(gate.over(nodes))
            nodes.append(n_inputs + len(gates))
        outputs += [literal_over(output, nodes) for output in circuit.outputs]
    return Circuit(n_inputs, tuple(gates), tuple(outputs), first.input_names)
