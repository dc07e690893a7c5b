"""The smallest set of inputs that, as they are in a row, force an output whatever the others are.

A set forces the output when no input that agrees with the row on it gives another value: one question to a SAT
solver. Inputs are dropped one by one until none can be; then smaller sets are sought: every answer that turns the
output changes some inputs, of which a set that forces it holds at least one. A smallest set that holds one of each
list known so far either forces the output, and is smallest, or its counterexample is one more list.

Sources: R. Reiter, A theory of diagnosis from first principles, Artificial Intelligence 32 (1987), 57;
A. Ignatiev, N. Narodytska, J. Marques-Silva, Abduction-based explanations for machine learning models, AAAI 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btfnet.explaining.questions import AtMost, Clauses, Questions
from btfnet.logic.proof.deadline import Deadline, OutOfTime


@dataclass(frozen=True, slots=True)
class Sufficient:
    """Inputs that force an output.

    inputs       their numbers from 0, sorted
    smallest     no smaller set forces it: proven
    irreducible  none of them can be left out: proven
    """

    inputs: tuple[int, ...]
    smallest: bool
    irreducible: bool


def sufficient(
    questions: Questions, output: int, value: bool, inputs: Sequence[int], deadline: Deadline
) -> Sufficient:
    """As small a set as is found in time. All of `inputs`, those below the output, force it.

    The first of them are dropped first.
    """
    found, irreducible = _irreducible(questions, output, value, inputs, deadline)
    if len(found) <= 1:
        return Sufficient(tuple(sorted(found)), irreducible or not found, irreducible or not found)
    try:
        smallest = _smallest(questions, output, value, inputs, len(found), deadline)
    except OutOfTime:
        return Sufficient(tuple(sorted(found)), False, irreducible)
    return Sufficient(tuple(sorted(smallest or found)), True, True)


def _irreducible(
    questions: Questions, output: int, value: bool, inputs: Sequence[int], deadline: Deadline
) -> tuple[list[int], bool]:
    """A set of which none can be left out, and whether time was enough to know that."""
    turned, kept = questions.output(output, not value), list(inputs)
    try:
        questions.ask([turned, *map(questions.kept, kept)], deadline)
        kept = _still(questions, kept)
        waiting = list(kept)
        while waiting:
            index = waiting.pop(0)
            rest = [other for other in kept if other != index]
            if not questions.ask([turned, *map(questions.kept, rest)], deadline):
                kept = _still(questions, rest)
                waiting = [other for other in waiting if other in kept]
    except OutOfTime:
        return kept, False
    return kept, True


def _still(questions: Questions, inputs: Sequence[int]) -> list[int]:
    """Those inputs that the last proof used."""
    used = questions.needed()
    return [index for index in inputs if questions.kept(index) in used]


def _smallest(
    questions: Questions, output: int, value: bool, inputs: Sequence[int], most: int, deadline: Deadline
) -> list[int] | None:
    """A smallest set of fewer than `most` inputs; None where there is none. Raises `OutOfTime`."""
    turned, number = questions.output(output, not value), {index: i for i, index in enumerate(inputs, 1)}
    with Clauses(len(inputs)) as lists:
        taken = AtMost(lists, list(number.values()))
        for size in range(most):
            while lists.ask(taken.bound(size), deadline):
                chosen = [inputs[i - 1] for i in lists.true(number.values())]
                if not questions.ask([turned, *map(questions.kept, chosen)], deadline):
                    return chosen
                changed = questions.changed(inputs)
                lists.add(number[index] for index in _few(questions, turned, inputs, changed, deadline))
    return None


def _few(
    questions: Questions, turned: int, inputs: Sequence[int], changed: list[int], deadline: Deadline
) -> list[int]:
    """Changes that still turn the output, with as many as possible of them taken back."""
    for index in list(changed):
        if index not in changed or len(changed) == 1:
            continue
        fewer = [other for other in changed if other != index]
        kept = [questions.kept(other) for other in inputs if other not in fewer]
        if questions.ask([turned, *kept], deadline):
            changed = questions.changed(fewer)
    return changed
