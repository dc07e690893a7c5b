"""What was tried on the way to a result: rounds of settings, and networks."""

from __future__ import annotations

from dataclasses import dataclass

from btfnet.settings import Settings


@dataclass(frozen=True, slots=True)
class TunerEntry:
    """A trial as the tuner judges it.

    decay     least gap of the whole trial over that of its first third; 0 if it was exact
    late_bits mean fraction of training bits right in its second half
    complete  it ran to its end; only such trials are judged
    """

    trial: int
    settings: Settings
    exact: bool
    decay: float
    late_bits: float
    complete: bool


@dataclass(frozen=True, slots=True)
class TunerRound:
    """A round of an engine's race: its number from 0, the settings that run in it, and what came of them."""

    engine: str
    number: int
    settings: tuple[Settings, ...]
    heats: tuple[TunerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class WidthsTried:
    """A network of the ladder of `solve_widths`: its widths, inputs first, and what came of its trials.

    train_bits  the fraction of training bits that its best trial has right; NaN where it was not tried
    note        why it was not tried, or not with projections: it does not fit into memory
    """

    widths: tuple[int, ...]
    edges: int
    trials: int
    seconds: float
    exact: bool
    train_bits: float
    note: str = ""
