"""`Traces`: what was observed of a machine, sequences of inputs and the outputs beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from btfnet.arguments import NAMES, is_iterable, must_be, need, number, said, whole
from btfnet.errors import DataError, UsageError
from btfnet.machines.columns import MOST_PORTS, UNKNOWN, Column, cells_in, columns_of, packed, ports_of
from btfnet.printable import shown


class Step(NamedTuple):
    """One clock cycle: words whose bit k is port k; `known` has the bits of the output that were observed."""

    inputs: int
    outputs: int
    known: int


class Row(NamedTuple):
    """A cycle as it was read: cells, and where it stood."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    where: str


@dataclass(frozen=True, eq=False)
class Traces:
    """Sequences of inputs and outputs of one machine.

    The outputs of a step are those beside its inputs, in the same clock cycle, before the edge. Make them with
    `of` or `btfnet.read_traces`.

    inputs, outputs  the columns
    steps            one tuple of `Step` for every trace
    places           where each step stood, for messages: as `steps`
    name             of the machine
    """

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    steps: tuple[tuple[Step, ...], ...]
    places: tuple[tuple[str, ...], ...]
    name: str = "machine"

    @classmethod
    def of(
        cls, sequences: Iterable[Any], *, inputs: Sequence[str] = (), outputs: Sequence[str] = ()
    ) -> Traces:
        """From sequences of pairs (inputs, outputs).

        sequences        one for each trace; inputs and outputs are words of bits ("01"), symbols ("coin"), whole
                         numbers, truth values, or tuples of such; an output that is None or "-" was not observed
        inputs, outputs  names of the columns; x0 …, y0 … by default

        Raises `UsageError` for anything else, `DataError` where rows have different lengths.
        """
        need("Traces.of", inputs=(inputs, NAMES), outputs=(outputs, NAMES))
        if not is_iterable(sequences):
            raise UsageError(f"Traces.of: sequences is {said(sequences)}; expected a list of traces.")
        rows = [list(_rows(trace, index)) for index, trace in enumerate(sequences, start=1)]
        return from_rows(rows, tuple(inputs), tuple(outputs), "traces")

    @property
    def n_steps(self) -> int:
        return sum(map(len, self.steps))

    @property
    def input_ports(self) -> tuple[str, ...]:
        return ports_of(self.inputs)

    @property
    def output_ports(self) -> tuple[str, ...]:
        return ports_of(self.outputs)

    def __len__(self) -> int:
        return len(self.steps)

    def chosen(self, numbers: Iterable[int]) -> Traces:
        """Some of the traces, numbered from 0, of the same columns."""
        picked = list(numbers)
        steps, places = (
            tuple(self.steps[index] for index in picked),
            tuple(self.places[index] for index in picked),
        )
        return replace(self, steps=steps, places=places)

    def coded_as(self, inputs: Sequence[Column], outputs: Sequence[Column]) -> Traces:
        """The same traces in the codes of other columns. Raises `DataError` for symbols that these do not know."""
        if (self.inputs, self.outputs) == (tuple(inputs), tuple(outputs)):
            return self
        if (len(self.inputs), len(self.outputs)) != (len(inputs), len(outputs)):
            raise DataError(
                f"the traces have {len(self.inputs)} columns of inputs and {len(self.outputs)} of outputs, the "
                f"machine has {len(inputs)} and {len(outputs)}; give traces of the same machine."
            )
        steps = []
        for trace, places in zip(self.steps, self.places, strict=True):
            coded = []
            for step, place in zip(trace, places, strict=True):
                cells = cells_in(self.inputs, step.inputs), cells_in(self.outputs, step.outputs, step.known)
                try:
                    coded.append(Step(packed(inputs, cells[0])[0], *packed(outputs, cells[1])))
                except DataError as error:
                    raise DataError(f"{place}: {error}") from error
            steps.append(tuple(coded))
        return replace(self, inputs=tuple(inputs), outputs=tuple(outputs), steps=tuple(steps))

    def split(self, fraction: float, *, seed: int = 0) -> tuple[Traces, Traces]:
        """Traces to learn from, and a random fraction of them that is held out, both in the order of the file.

        Raises `UsageError` where nothing would be left of either.
        """
        must_be("fraction", fraction, number(0, 1))
        must_be("seed", seed, whole(0))
        held = round(fraction * len(self))
        if not 0 < held < len(self):
            raise UsageError(
                f"a fraction of {fraction:g} of {len(self)} traces leaves none to learn from or none to test on; "
                f"give more traces or another fraction."
            )
        order = np.random.default_rng(seed).permutation(len(self)).tolist()
        return self.chosen(sorted(order[held:])), self.chosen(sorted(order[:held]))

    def __repr__(self) -> str:
        ends = f"{len(self.input_ports)} input bits, {len(self.output_ports)} output bits"
        return f"<Traces: {len(self)} traces, {self.n_steps} steps, {ends}>"


def _rows(trace: Any, index: int) -> Iterator[Row]:
    if not is_iterable(trace):
        raise UsageError(f"Traces.of: trace {index} is {said(trace)}; expected a list of (inputs, outputs).")
    for place, pair in enumerate(trace, start=1):
        where = f"trace {index}, step {place}"
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise UsageError(f"Traces.of: {where} is {said(pair)}; expected a pair (inputs, outputs).")
        yield Row(cells_of(pair[0], where), cells_of(pair[1], where), where)


def cells_of(
    value: Any, where: str, caller: str = "Traces.of", n_columns: int | None = None
) -> tuple[str, ...]:
    """One side of a step, as Python gives it, as cells. Raises `UsageError` for what cannot be one."""
    words = []
    for part in value if isinstance(value, tuple | list) else [value]:
        if not isinstance(part, str | bool | int | np.integer | np.bool_ | type(None)):
            raise UsageError(
                f"{caller}: {where} has {said(part)}; expected words of bits, symbols, whole numbers, None or "
                f"tuples of such."
            )
        truth = isinstance(part, bool | np.bool_)
        words.append("-" if part is None else str(int(part)) if truth else str(part).strip())
    if not words or any(not word or len(word.split()) > 1 for word in words):
        raise UsageError(f"{caller}: {where} has an empty word, or one with blanks; leave them out.")
    return spread(words, n_columns)


def spread(words: Sequence[str], n_columns: int | None = None) -> tuple[str, ...]:
    """Cells of one side of a row: a single word of several bits is as many cells.

    n_columns  how many there are, if that is known: a word of bits may then be one symbol
    """
    if len(words) == 1 and n_columns != 1 and len(words[0]) > 1 and set(words[0]) <= {"0", "1", *UNKNOWN}:
        return tuple(words[0])
    if len(words) == 1 and n_columns is not None and n_columns > 1 and words[0] in UNKNOWN:
        return ("-",) * n_columns
    return tuple(words)


def from_rows(
    rows: Sequence[Sequence[Row]], inputs: tuple[str, ...], outputs: tuple[str, ...], source: str
) -> Traces:
    """Traces of rows of cells, after what they hold is found to fit. Names may be (), for x0 …, y0 ….

    Raises `DataError`, with the place of the row.
    """
    every = [row for trace in rows for row in trace]
    if not every:
        raise DataError(f"{source}: there is no trace; expected lines of inputs and outputs.")
    widths = [len(inputs) or len(every[0].inputs), len(outputs) or _widest(every)]
    every = [_checked(row, widths) for row in every]
    names = (
        inputs or tuple(f"x{n}" for n in range(widths[0])),
        outputs or tuple(f"y{n}" for n in range(widths[1])),
    )
    if len(set(names[0] + names[1])) < sum(widths):
        raise DataError(f"{source}: two columns have the same name; give each its own.")
    columns = (
        columns_of(names[0], [row.inputs for row in every]),
        columns_of(names[1], [row.outputs for row in every]),
    )
    if max(len(ports_of(side)) for side in columns) > MOST_PORTS:
        raise DataError(
            f"{source}: there are more than {MOST_PORTS} input or output bits; give fewer columns."
        )
    steps = [Step(packed(columns[0], row.inputs)[0], *packed(columns[1], row.outputs)) for row in every]
    ends = np.cumsum([0, *map(len, rows)]).tolist()
    spans = [slice(first, end) for first, end in pairwise(ends) if first < end]
    return Traces(
        *columns,
        tuple(tuple(steps[span]) for span in spans),
        tuple(tuple(row.where for row in every[span]) for span in spans),
    )


def _widest(rows: Sequence[Row]) -> int:
    """Outputs of the first row that says how many there are: a lone - may stand for all of them."""
    return next((len(row.outputs) for row in rows if row.outputs != ("-",)), 1)


def _checked(row: Row, widths: Sequence[int]) -> Row:
    outputs = ("-",) * widths[1] if row.outputs in (("-",), ("?",)) else row.outputs
    for what, cells, width in (("inputs", row.inputs, widths[0]), ("outputs", outputs, widths[1])):
        if len(cells) != width:
            raise DataError(
                f"{row.where}: found {len(cells)} {what} ({shown(' '.join(cells))}), expected {width}, as in the "
                f"header or the first line; complete the line."
            )
    if set(row.inputs) & set(UNKNOWN):
        raise DataError(
            f"{row.where}: an input is unknown ({shown(' '.join(row.inputs))}); only outputs may be. End the "
            f"trace before this line, or begin a new one behind it."
        )
    return row._replace(outputs=outputs)
