"""`identify`: what a circuit is called, where that can be proven."""

from __future__ import annotations

from dataclasses import dataclass

from btfnet.arguments import a, need, number
from btfnet.explaining.function import functions_of
from btfnet.explaining.groups import name_groups, name_one_hot
from btfnet.explaining.identity import Identity
from btfnet.explaining.naming import Naming
from btfnet.explaining.singles import name_by_families, name_singles
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.deadline import Deadline, OutOfTime


@dataclass(frozen=True, slots=True)
class Identified:
    """What a circuit is.

    names     proven, in the order of the outputs
    unnamed   outputs (from 0) for which there is none; what is said of all outputs together counts as one
    complete  whether everything was tried in time
    """

    names: tuple[Identity, ...]
    unnamed: tuple[int, ...]
    complete: bool


def identify(circuit: Circuit, *, seconds: float = 2.0) -> Identified:
    """What outputs and groups of outputs are called: parity, majority, adder, comparator, decoder …

    seconds   for all of it; what is not proven by then has no name

    Candidates come from truth tables, the families of `btfnet.recognise` and samples; each is proven, by a table
    of all inputs below the outputs or by SAT.
    """
    need("identify", circuit=(circuit, a(Circuit)), seconds=(seconds, number(0, 1e9, open_low=True)))
    naming = Naming(circuit, functions_of(circuit), Deadline(seconds))
    for step in (name_singles, name_groups, _by_themselves, name_by_families, name_one_hot):
        try:
            step(naming)
        except OutOfTime:
            naming.complete = False
    unnamed = set(range(circuit.n_outputs)) - {output for each in naming.found for output in each.outputs}
    names = sorted(naming.found, key=lambda each: min(each.outputs))
    return Identified(tuple(names), tuple(sorted(unnamed)), naming.complete)


def _by_themselves(naming: Naming) -> None:
    """Outputs that belong to no group."""
    for output in naming.waiting():
        if output in naming.singles:
            naming.found.append(naming.singles[output].identity(naming.circuit))
