"""Which items train, validate and test; what engines see of them, and how a circuit is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, UsageError
from btfnet.logic.circuit import Circuit
from btfnet.problem.items import Items
from btfnet.problem.merging import Merged, merged
from btfnet.problem.network import Network
from btfnet.problem.packed_bits import Bits
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind

FRACTION = 0.2
"""Of the training items that validate where nobody says how many."""
LEAST_JUDGES = 5
"""Fewer validation items cannot tell whether an error that was asked for is reached."""


def with_validation(
    problem: Problem, fraction: float | None, seed: int, *, error: float | None = None
) -> Problem:
    """The problem; where it has no validation items, some of the training items are, drawn by the seed.

    fraction  of the training items; None: a fifth
    error     the fraction of validation items that may be wrong, where that is asked
    Raises `UsageError` where it has validation items already, or too few items to give some away or to tell the
    error, or inputs that are not bits.
    """
    if problem.input_kind is not InputKind.BITS:
        raise UsageError(
            f"{problem.name}: the inputs are {problem.input_kind}, and only bits are learned with validation "
            f"items. Give bits, leave out validation and error, or for classes use btfnet classify."
        )
    if problem.n_validation:
        if fraction is not None:
            raise UsageError(
                f"{problem.name}: {problem.n_validation} items validate already; leave out the fraction."
            )
        return problem
    n_train, n_items = problem.n_train, problem.n_items
    n_validation = round(n_train * (FRACTION if fraction is None else fraction))
    if not 0 < n_validation < n_train:
        if fraction is not None and n_train > 1:
            of, all_or_none = f"of {n_train} training items", "all" if n_validation else "none"
            raise UsageError(
                f"{problem.name}: validation is {fraction:g}, {all_or_none} {of}; let some do either."
            )
        items = "1 training item is" if n_train == 1 else f"{n_train} training items are"
        raise UsageError(
            f"{problem.name}: {items} too few to let some of them validate; "
            f"give validation items of their own, or more items."
        )
    if error is not None and n_validation < LEAST_JUDGES:
        raise UsageError(
            f"{problem.name}: the error is asked of validation items, and of {n_train} training items only "
            f"{n_validation} would validate; give validation items of their own, or leave out the error: items "
            f"that do not contradict each other are all learned."
        )
    drawn = np.random.default_rng([seed, 5]).permutation(n_train)[:n_validation]
    chosen = np.isin(np.arange(n_train), drawn)
    order = np.concatenate([np.flatnonzero(~chosen), np.flatnonzero(chosen), np.arange(n_train, n_items)])
    left = n_train - n_validation
    try:
        return replace(problem, items=problem.items.some(order), n_train=left, n_validation=n_validation)
    except DataError as error:
        raise UsageError(f"{error} Give validation items of their own.") from error


@dataclass(frozen=True)
class LearningTask:
    """A problem with validation items, as engines see it.

    problem  as it is
    error    the fraction of validation items that may be wrong: a circuit that is as good ends the search. None:
             none does so, for few validation items are soon right by chance
    """

    problem: Problem
    error: float | None = None

    @cached_property
    def training(self) -> Merged:
        """The training items, merged."""
        return merged(self.problem.training_items)

    @cached_property
    def fitting(self) -> Problem:
        """What engines fit: the merged training items, and to test it those that validate."""
        items = self.training.items.joined(self.validation)
        return replace(self.problem, items=items, n_train=self.training.items.n_items, n_validation=0)

    @property
    def validation(self) -> Items:
        """The validation items, their outputs as bits."""
        problem = self.problem
        items = problem.items.some(np.arange(problem.n_train, problem.first_test))
        return items.but(output_kind=OutputKind.BITS)

    @cached_property
    def validation_inputs(self) -> Bits:
        """(n_validation, n_inputs)"""
        return self.problem.items.bits(self.problem.n_train, self.problem.first_test)

    def judged(self, circuit: Circuit) -> Verdict:
        """What the validation items say of a circuit."""
        return self.verdict(circuit.predict(self.validation_inputs))

    def verdict(self, answers: NDArray[Any]) -> Verdict:
        """The same of its outputs on them."""
        bits, words = self.problem.fractions_right(answers, self.problem.n_train)
        return Verdict(1 - bits, 1 - words)

    @property
    def seen_inputs(self) -> Bits:
        """Of the training items, as they are, and the validation items."""
        return self.problem.items.bits(0, self.problem.first_test)

    def costs(self, answers: NDArray[Any]) -> NDArray[np.float64]:
        """What is wrong of each training and validation item. See `Targets.costs`."""
        return self.problem.items.targets.costs(answers)

    def accepts(self, verdict: Verdict) -> bool:
        """Whether nothing better is wanted."""
        return self.error is not None and verdict.words <= self.error + 1e-12

    def all_items(self, network: Network | None) -> Problem:
        """The merged training items and the validation items, all to train on, for some network."""
        items = self.fitting.items
        return replace(self.fitting.with_network(network), items=items, n_train=items.n_items)


@dataclass(frozen=True, order=True)
class Verdict:
    """Fractions of validation bits and words that are wrong; of classes twice. Fewer bits are better."""

    bits: float
    words: float
