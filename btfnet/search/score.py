"""`Score`: what a circuit, or weights, get right of the items that train, validate and test."""

from __future__ import annotations

from dataclasses import dataclass

from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Score:
    """Fractions of bits and whole words that are right, of classes twice; NaN where there are no such items.

    Only bits that count are counted; see `Problem.scores`.
    """

    train_bits: float
    train_words: float
    test_bits: float = float("nan")
    test_words: float = float("nan")
    validation_bits: float = float("nan")
    validation_words: float = float("nan")

    @classmethod
    def of(cls, problem: Problem, circuit: Circuit) -> Score:
        """Of a circuit on all items of a problem with known inputs."""
        answers = circuit.predict(problem.items.bits())
        return cls(*problem.scores(answers), *problem.validation_right(answers))

    def by_items(self) -> dict[str, dict[str, float]]:
        """The fractions of bits and words, by what the items are for: train, validation, test."""
        return {
            name: {kind: getattr(self, f"{name}_{kind}") for kind in ("bits", "words")}
            for name in ("train", "validation", "test")
        }
