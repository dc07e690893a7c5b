"""A rule that was found, as text, picture and JSON."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from typing import Any

from btfnet.cli.console import COLUMNS, duration, number, percent, plural
from btfnet.cli.reports.search_report import training_record
from btfnet.explaining.rules import in_words
from btfnet.files.strict_json import strict
from btfnet.logic.circuit import Circuit
from btfnet.logic.training_fit import TrainingFit
from btfnet.rules.blocks import HALVES, in_blocks
from btfnet.rules.names import known_name, masks_shown, number_shown
from btfnet.rules.observations import DIGITS, Observations
from btfnet.rules.records import AnyRule, Forced, Reconstruction, RuleStatus
from btfnet.rules.rule import TableRule
from btfnet.rules.thresholds import ThresholdRule

MOST_BITS = 1024
"""Of a rule whose number is told: of ten neighbours."""
SPOKEN_GATES, LONGEST = 12, 300
"""Cells of so many gates, and so long a rule, are told in words."""
LISTED = 12
"""Open patterns, and other facts, that are listed."""


def as_record(found: Reconstruction, circuit: Circuit, name: str) -> dict[str, Any]:
    """What `btfnet automaton --json` prints, but for the model's place and the time."""
    rule, seen = found.rule, found.observations
    table = table_of(found)
    record: dict[str, Any] = strict({
        "problem": name,
        "seed": found.seed,
        "status": found.status.key,
        "exact": found.exact,
        "cell": found.kind,
        "neighbours": [list(offset) for offset in found.neighbourhood.offsets],
        "lattice": {"shape": list(seen.lattice.shape), "periodic": seen.lattice.periodic},
        "times": list(seen.times),
        "runs": seen.n_runs,
        "n_states": seen.n_states,
        "rule": None if table is None else table.number,
        "name": known_name(rule),
        **_masks_record(rule),
        "open": rule.open.tolist() if isinstance(rule, TableRule) else [],
        "forced": _forced_record(found.forced),
        "known_bits": found.n_known,
        "wrong_bits": found.wrong,
        "wrong": wrong_places(found),
        "states": states_as_text(found),
        "gates": circuit.counts(),
        "depth": circuit.depth,
        "training": training_record(circuit),
        "trials": [
            {"seed": trial.seed, "neighbours": [list(offset) for offset in trial.neighbourhood.offsets],
             "wrong_bits": trial.wrong, "tried": trial.tried, "seconds": round(trial.seconds, 6)}
            for trial in found.trials
        ],
    })  # fmt: skip
    return record


def _masks_record(rule: AnyRule) -> dict[str, Any]:
    if not isinstance(rule, ThresholdRule):
        return dict.fromkeys(("masks", "bounds", "signs", "join"))
    return {
        "masks": rule.weights.tolist(),
        "bounds": list(rule.bounds),
        "signs": [">=" if above else "<=" for above in rule.form.above],
        "join": "and" if rule.form.joined else "or",
    }


def table_of(found: Reconstruction) -> TableRule | None:
    """The rule as a table whose number can be told; None for more neighbours."""
    bits = max(1, (found.rule.n_states - 1).bit_length())
    inputs = found.neighbourhood.size * bits
    return found.table if inputs < MOST_BITS.bit_length() and bits << inputs <= MOST_BITS else None


def _forced_record(forced: Forced | None) -> dict[str, Any] | None:
    if forced is None:
        return None
    return {
        "forced": forced.forced, "unseen": forced.unseen, "rules": forced.rules, "proven": forced.proven,
        "confirmed": forced.confirmed, "how": forced.how,
    }  # fmt: skip


def states_as_text(found: Reconstruction) -> list[list[Any]]:
    """Of every run and step the states as digits: a text for a row, one for each line of a grid."""
    seen = found.observations
    shape = seen.lattice.shape
    told = []
    for run in found.states:
        texts = [["".join(map(DIGITS.__getitem__, line)) for line in state] for state in
                 run.reshape(len(run), -1, shape[-1]).tolist()]  # fmt: skip
        told.append([text if len(shape) == 2 else text[0] for text in texts])
    return told


def wrong_places(found: Reconstruction) -> list[list[int]]:
    """Run, time and cell of each known state that is another under the rule."""
    seen = found.observations
    known = seen.states.reshape(seen.n_runs, len(seen.times), -1)
    differ = (known >= 0) & (known != found.states[:, list(seen.times)])
    return [
        [run, seen.times[time], cell] for run, time, cell in zip(*map(list, differ.nonzero()), strict=True)
    ]


def fit_of(found: Reconstruction) -> TrainingFit:
    """What the cell gets wrong of all known states, each of which is an item."""
    n_known = int((found.observations.states >= 0).sum())
    return TrainingFit(found.wrong, found.n_known, len(wrong_places(found)), n_known)


def as_text(found: Reconstruction, circuit: Circuit, name: str, seconds: float) -> str:
    """What was found, how sure it is, and what is wrong with it."""
    seen = found.observations
    lines = [
        f"Observed  {name}: {_observed(seen)}",
        f"Status    {'Exact. ' if found.exact else _wrong(found)}{found.status.value}",
        *_rule(found, circuit),
        *_sure(found),
        *_hint(found),
        f"Time      {duration(seconds)}, seed {found.seed}, {plural(len(found.trials), 'start')}",
    ]
    return "\n".join(lines)


def _hint(found: Reconstruction) -> list[str]:
    """A number of neighbours of a row is of those to the right, which is not what everybody expects."""
    offsets, size = found.neighbourhood.offsets, found.neighbourhood.size
    if found.exact or found.status is RuleStatus.NOISY or offsets != tuple((each,) for each in range(size)):
        return []
    beside = ",".join(str(each - size // 2) for each in range(size))
    where = f"{found.neighbourhood.in_words} lie to the right only"
    return [f"Hint      {where}; --neighbours {beside} are around a cell"] if size > 1 else []


def _observed(seen: Observations) -> str:
    times = ", ".join(map(str, seen.times[:LISTED])) + (", …" if len(seen.times) > LISTED else "")
    runs = "" if seen.n_runs == 1 else f"{plural(seen.n_runs, 'run')} of a "
    states = "" if seen.n_states == 2 else f"{seen.n_states} states, "
    unknown = int((seen.states < 0).sum())
    gaps = f", {number(unknown)} of them unknown" if unknown else ""
    return f"{runs}{seen.lattice.in_words} at t = {times}; {states}{plural(seen.states.size, 'cell')}{gaps}"


def _wrong(found: Reconstruction) -> str:
    share = percent(found.wrong / max(1, found.n_known))
    return f"{plural(found.wrong, 'wrong bit')} of {number(found.n_known)} ({share}). "


def _rule(found: Reconstruction, circuit: Circuit) -> list[str]:
    """Number, name, masks, words: whatever is short."""
    where, known, table = found.neighbourhood.in_words, known_name(found.rule), table_of(found)
    called = f": {known}" if known else ""
    if isinstance(found.rule, ThresholdRule):
        join = "all of these hold" if found.rule.form.joined else "one of these holds"
        told = [f"Rule      of {where}{called}; 1 where {join}:"]
        told += [f"          {line}" for line in masks_shown(found.rule)]
        return told
    told = [f"Rule      {'a table' if table is None else number_shown(table)} of {where}{called}"]
    if len(circuit.gates) <= SPOKEN_GATES:
        words = " ".join(str(in_words(circuit)).split())
        if len(words) <= LONGEST:
            told.append(f"Words     {words}")
    return told


def _sure(found: Reconstruction) -> list[str]:
    """How sure the rule is, and which of its bits are open."""
    rule, forced = found.rule, found.forced
    told = []
    if isinstance(rule, TableRule) and rule.n_open:
        n_bits = rule.n_states**found.neighbourhood.size * rule.bits
        patterns = rule.open.tolist()
        listed = ", ".join(map(str, patterns[:LISTED])) + (", …" if len(patterns) > LISTED else "")
        told.append(
            f"Open      {rule.n_open} of {plural(n_bits, 'bit')}: no cell showed "
            f"pattern{'s' if len(patterns) > 1 else ''} {listed}"
        )
    if forced is not None:
        if forced.forced:
            said = f"yes,{' but for open bits' * bool(forced.unseen)} no other rule explains all this"
        elif forced.rules > 1:
            said = (
                f"no, {plural(forced.rules, 'rule')} {'' if forced.proven else 'at least '}explain all this"
            )
        else:
            said = "nothing is proven"
        told.append(f"Forced    {said} ({forced.how})")
    return told


def picture(found: Reconstruction, *, plain: bool) -> str:
    """The first run in space and time, as wide as the terminal, or `COLUMNS`."""
    columns = get_terminal_size((COLUMNS, 24)).columns if sys.stdout and sys.stdout.isatty() else COLUMNS
    lattice = found.observations.lattice
    plain = plain or not _can_be_printed(HALVES)
    drawn = in_blocks(found.states[0], lattice, found.rule.n_states, columns=columns, plain=plain)
    runs = found.observations.n_runs
    return drawn if runs == 1 else f"Run 1 of {runs}\n{drawn}"


def _can_be_printed(signs: str) -> bool:
    try:
        signs.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
