"""What an output above many inputs might be: functions of a count, guessed from samples, to be proven by SAT."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.explaining.function import Function
from btfnet.explaining.questions import Questions
from btfnet.explaining.symmetric import Counted, best_read
from btfnet.families.counting import Count, Table
from btfnet.families.gate_builder import GateBuilder
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import evaluate_words
from btfnet.logic.proof.deadline import Deadline

Bits = NDArray[np.bool_]
BETWEEN = 512
"""Rows between one at which the output is true and one at which it is false: there, inputs matter."""
TRIED = 1024
"""Random rows before a solver is asked."""
EACH_COUNT = 4
"""Rows with each number of true literals."""


def witnesses(function: Function, deadline: Deadline) -> tuple[Bits | None, Bits | None]:
    """An input at which a single output is false, and one at which it is true; None where there is none: proven.

    Raises `OutOfTime`.
    """
    n = len(function.inputs)
    rows = np.random.default_rng(0).random((TRIED, n)) < 0.5
    answers = _ask(function, rows)
    found: list[Bits | None] = []
    for value in (False, True):
        if (answers == value).any():
            found.append(rows[int(np.argmax(answers == value))])
            continue
        with Questions(function.circuit, np.zeros(n, dtype=bool)) as questions:
            if questions.ask([questions.output(0, value)], deadline):
                row = np.zeros(n, dtype=bool)
                row[questions.changed(range(n))] = True
                found.append(row)
            else:
                found.append(None)
    return found[0], found[1]


def counted_likely(
    function: Function, low: Bits, high: Bits, deadline: Deadline, seed: int = 0
) -> Counted | None:
    """The function of a count that a single output seems to be, of all inputs below it; None where it seems none.

    low, high   inputs at which it is false and true
    Raises `OutOfTime`.
    """
    for true, turned in ((high, low), (low, high)):
        found = _alone(function, true, turned)
        if found is not None:
            return found
    rng = np.random.default_rng(seed)
    signs = _signs(function, low, high, rng, deadline)
    n = len(signs)
    rows = np.repeat(np.arange(n + 1), EACH_COUNT)
    true = np.argsort(rng.random((len(rows), n)), axis=1).argsort(axis=1) < rows[:, None]
    answers = _ask(function, true ^ ~signs).reshape(n + 1, EACH_COUNT)
    if (answers != answers[:, :1]).any():
        return None
    return best_read(Counted(tuple(signs.tolist()), answers[:, 0]))


def _alone(function: Function, row: Bits, other: Bits) -> Counted | None:
    """An And or a Nand: one row at which every turned input changes the output."""
    n = len(row)
    rows = np.tile(row, (n + 1, 1))
    rows[np.arange(1, n + 1), np.arange(n)] ^= True
    answers = _ask(function, rows)
    if (answers[1:] == answers[0]).any() or _ask(function, other[None])[0] == answers[0]:
        return None
    if _ask(function, ~row[None])[0] == answers[0]:  # a parity of an even number
        return None
    values = np.full(n + 1, not answers[0])
    values[n] = answers[0]
    return best_read(Counted(tuple(row.tolist()), values))


def _signs(function: Function, low: Bits, high: Bits, rng: np.random.Generator, deadline: Deadline) -> Bits:
    """Whether the output rather rises with each input, near where it changes."""
    n = len(low)
    part = rng.random((BETWEEN, 1))
    rows = np.where(rng.random((BETWEEN, n)) < part, high, low)
    rows ^= rng.random((BETWEEN, n)) < 1 / (2 * n)
    words = pack_bits(rows)
    before, slopes = evaluate_words(function.circuit, words)[0], np.empty(n)
    for index in range(n):
        deadline.check()
        turned = words.copy()
        turned[index] = ~turned[index]
        changed = evaluate_words(function.circuit, turned)[0] ^ before
        rising = unpack_bits((changed & ~(before ^ words[index]))[None], BETWEEN).sum()
        slopes[index] = 2 * int(rising) - int(unpack_bits(changed[None], BETWEEN).sum())
    scale = np.abs(slopes).max()
    return slopes >= 0 if np.abs(slopes).min() > scale / 4 else np.ones(n, dtype=bool)


def circuit_of(counted: Counted) -> Circuit:
    """A circuit of one output for a function of a count of its inputs."""
    n = len(counted.signs)
    count = Count.of("", np.arange(n), ~np.array(counted.signs, dtype=bool))
    builder = GateBuilder(n)
    return builder.circuit([Table(count, counted.values).build(builder)])


def _ask(function: Function, rows: Bits) -> Bits:
    answers: Bits = function.circuit.predict(rows, kind="bool")[:, 0]
    return answers
