"""`Rule`: a table's model as programs in other languages take it: questions about raw rows, a circuit, labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from btfnet.committee.comparisons import Comparisons
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit
from btfnet.tables.cells import is_missing
from btfnet.tables.columns import Column, Kind
from btfnet.tables.conditions import Condition, Test, wanted_texts
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.model import Encoder, TableModel
from btfnet.tables.targets import Target, spans


@dataclass(frozen=True)
class Question:
    """An input of the circuit, as a question about one column.

    name    of the input, such as `age>=37`
    column  its number among `Rule.columns`
    level   the column's number is compared with it; None where a text or what is missing is asked for
    texts   any of them means yes, and any of words in whatever case, which are in lower case; sorted
    """

    name: str
    column: int
    test: Test
    level: float | None
    texts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Sum:
    """An input of the circuit, as a comparison of pixels: Σ sign · pixel > level.

    terms  the number of each pixel among `Rule.columns`, and ±1
    """

    name: str
    terms: tuple[tuple[int, int], ...]
    level: float


@dataclass(frozen=True, eq=False)
class Rule:
    """From raw rows to labels.

    circuit      its inputs are what the encoder asks, its outputs those of the targets, one target after the other
    comparisons  of a picture's pixels, None of tables
    """

    circuit: Circuit
    encoder: Encoder
    targets: tuple[Target, ...]
    comparisons: Comparisons | None = None

    @classmethod
    def of(cls, model: TableModel, circuit: Circuit | None = None) -> Rule:
        """The rule of a model.

        circuit  computes the same as the model's own, such as that one optimised
        Raises `DataError` for a circuit of another shape.
        """
        own = model.circuit
        circuit = circuit or own
        found, expected = (circuit.n_inputs, circuit.n_outputs), (own.n_inputs, own.n_outputs)
        if found != expected:
            raise DataError(
                f"{circuit.name}: found {found[0]} inputs and {found[1]} outputs, expected {expected[0]} and "
                f"{expected[1]}, as the model's own circuit has."
            )
        is_picture = not isinstance(model.encoder, TableEncoder)
        comparisons = model.learned[0].committee.comparisons if is_picture else None
        return cls(circuit, model.encoder, model.targets, comparisons)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that something is asked about; of pictures all."""
        return tuple(self.encoder.columns[number] for number in self.encoder.used)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of the columns that nothing is asked about."""
        return tuple(column.name for column in self.encoder.left_out)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The inputs of the circuit; () of pictures."""
        if not isinstance(self.encoder, TableEncoder):
            return ()
        place = {number: place for place, number in enumerate(self.encoder.used)}
        return tuple(
            _question(name, condition, place[condition.column], self.encoder.columns[condition.column])
            for name, condition in zip(self.circuit.input_names, self.encoder.conditions, strict=True)
        )

    def sums(self) -> Iterator[Sum]:
        """The inputs of a picture's circuit."""
        if self.comparisons is None:
            return
        names, weights = self.circuit.input_names, self.comparisons.weight
        for name, weight, level in zip(names, weights, self.comparisons.level.tolist(), strict=True):
            places = weight.nonzero()[0].tolist()
            yield Sum(name, tuple((place, int(weight[place])) for place in places), level)

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """Of each target the number of its first output, and how many it has: one says whether it is the second
        class; several, which class it is, where the first that is true counts, and no true one means the first.
        """
        return tuple((span.start, span.stop - span.start) for span in spans(self.targets))


def _question(name: str, condition: Condition, place: int, column: Column) -> Question:
    """Texts that no cell can hold, because it would be missing or have blanks around it, are left out."""
    if condition.test is Test.IS_MISSING:
        return Question(name, place, condition.test, None)
    if column.kind.is_number:
        return Question(name, place, condition.test, float(condition.value or 0))
    texts = {
        text for text in wanted_texts(condition, column) if text == text.strip() and not is_missing(text)
    }
    words = {text for text in texts if text == text.lower()} if column.kind is Kind.BOOLEAN else set()
    exact = {text for text in texts if text not in words and text.lower() not in words}
    return Question(name, place, condition.test, None, tuple(sorted(exact)), tuple(sorted(words)))
