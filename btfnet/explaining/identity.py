"""`Identity`: a proven name; and names of single outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btfnet.explaining.conditions import literal_phrase, plain
from btfnet.explaining.function import Function
from btfnet.explaining.spoken import span
from btfnet.explaining.symmetric import Choice, Counted, choice, count_phrase, counted
from btfnet.logic.circuit import Circuit

BY_SAT = "by SAT"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an output, or several together, are called.

    outputs  their numbers, from 0, in the order in which the words speak of them
    kind     what it is called, such as "parity", "at least 2 of 5", "adder"
    words    the same in the names of the circuit
    inputs   numbers of the inputs, from 0, on which it depends
    proof    "on all 64 inputs", of those below the outputs, or "by SAT"
    """

    outputs: tuple[int, ...]
    kind: str
    words: str
    inputs: tuple[int, ...]
    proof: str


@dataclass(frozen=True, eq=False)
class Single:
    """A single output that has a name by itself: `is_` is what it is, None for a constant."""

    output: int
    inputs: tuple[int, ...]
    is_: Counted | Choice | bool
    proof: str

    @property
    def kind(self) -> str:
        if isinstance(self.is_, bool):
            return f"constant {'true' if self.is_ else 'false'}"
        return self.is_.kind if isinstance(self.is_, Counted) else "multiplexer"

    @property
    def is_trivial(self) -> bool:
        """A constant or an input."""
        return isinstance(self.is_, bool) or self.kind in ("copy", "not")

    def identity(self, circuit: Circuit) -> Identity:
        words = self._words(plain(circuit.output_names[self.output]), circuit.input_names)
        return Identity((self.output,), self.kind, words, self.inputs, self.proof)

    def literals(self, names: Sequence[str]) -> list[str]:
        """The literals that are counted, in words."""
        assert isinstance(self.is_, Counted)
        return [
            literal_phrase(names[index], sign)
            for index, sign in zip(self.inputs, self.is_.signs, strict=True)
        ]

    def _words(self, output: str, names: Sequence[str]) -> str:
        if isinstance(self.is_, bool):
            return f"{output} is always {'true' if self.is_ else 'false'}"
        if isinstance(self.is_, Counted):
            literals = self.literals(names)
            if self.is_trivial:
                return f"{output} is true when {literals[0]}"
            return f"{output} is true when {count_phrase(self.is_.values, [span(literals)])}"
        return f"{output} is {choice_words(self.is_, self.inputs, names)}"


def choice_words(is_: Choice, inputs: Sequence[int], names: Sequence[str]) -> str:
    """What a multiplexer passes on, in words."""
    data = [f"{'not ' if no else ''}{plain(names[inputs[index]])}" for index, no in is_.data]
    selects = [plain(names[inputs[index]]) for index in is_.selects]
    if len(selects) == 1:
        return f"{data[1]} if {selects[0]}, else {data[0]}"
    return f"one of ({', '.join(data)}), chosen by the number ({', '.join(selects)}), highest bit first"


def single(function: Function) -> Single | None:
    """The name of one output that is small enough for a table; None where it has none."""
    (output,) = function.outputs
    inputs, table = function.reduced
    proof = on_all(len(function.inputs))
    if not inputs:
        return Single(output, (), bool(table[0]), proof)
    found = counted(table) or choice(table)
    return None if found is None else Single(output, inputs, found, proof)


def on_all(n_inputs: int) -> str:
    """How a table proves."""
    return f"on all {1 << n_inputs} inputs" if n_inputs else "no input is below it"
