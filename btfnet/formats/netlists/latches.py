"""Latches of sequential netlists, cut: their states become inputs, their next states outputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from btfnet.formats.netlists.names import distinct
from btfnet.printable import shown

ADVICE = (
    "Read it with --cut-latches (in Python: cut_latches=True), which makes the state of a latch an input and its "
    "next state an output."
)


class Latch(NamedTuple):
    """A latch or flip-flop: the signal that it drives, the one that it stores, and its line."""

    state: str
    stored: str
    line: int


def refusal(latch: Latch) -> str:
    """What a reader says that was not asked to cut."""
    return f"{shown(latch.state)} is a latch, but the circuit must be combinational. {ADVICE}"


def with_next_states(outputs: Iterable[str], states: Iterable[str]) -> tuple[str, ...]:
    """Names of the outputs, then of the next states: the latch's and `_next`; a name that is taken gets `_2`, …"""
    return tuple(distinct([*outputs, *(f"{state}_next" for state in states)]))


def with_states(inputs: Sequence[str], states: Iterable[str]) -> tuple[str, ...]:
    """Names of the inputs, then of the states, which are called like the latches."""
    return tuple(distinct([*inputs, *states]))
