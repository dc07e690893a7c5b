"""A result as the JSON object of the command line's contract, and as text."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from btfnet.cli.console import duration, number, percent, plural
from btfnet.cli.reports.learning_report import (
    learning_record,
    least_error_text,
    missed_error,
    recognised_text,
    vote_text,
)
from btfnet.cli.reports.tuning_report import tuning_record, tuning_text, wide_text, widths_record
from btfnet.cli.reports.unseen_report import unseen_record, unseen_text
from btfnet.files.strict_json import strict
from btfnet.formats.circuits.json_circuit import to_text
from btfnet.logic.circuit import Circuit
from btfnet.logic.describe import headline, wrong_in_words
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.records import Result, Shrinking, Trial
from btfnet.search.score import Score

ROW = "{:>7} {:>12} {:>16} {:>6} {:>13} {:>9} {:>11}"


def as_record(
    result: Result, *, circuit: Circuit | None, trials: int, model: str | None, seconds: float
) -> dict[str, Any]:
    """The object that `btfnet solve --json` prints: strict JSON, so null for what is not a number."""
    return strict({
        "problem": result.problem.name,
        "seed": result.seed,
        "settings": result.kept.settings.as_dict() | {"trials": trials},
        "status": result.status.key,
        "exact": result.exact,
        "trials": [_trial(trial) for trial in result.trials],
        "best": result.best,
        "gates": None if circuit is None else circuit.counts(),
        "depth": None if circuit is None else circuit.depth,
        "model": model,
        "tuning": tuning_record(result),
        "widths": widths_record(result),
        **unseen_record(result),
        "score": asdict(result.score),
        **learning_record(result),
        "recognised": [each.as_dict() for each in result.recognised],
        "training": None if result.circuit is None else training_record(result.circuit),
        **cells_record(result),
        "seconds": round(seconds, 6),
    })  # fmt: skip


def cells_record(result: Result) -> dict[str, Any]:
    """The cells as `.json` circuits, where nodes share gates; else nothing."""
    if result.problem.network.shared is None:
        return {}
    return {"cells": [json.loads(to_text(cell)) for cell in result.cells]}


def _trial(trial: Trial) -> dict[str, Any]:
    score = trial.score
    return {
        "seed": trial.seed,
        "engine": str(trial.engine),
        "found_by": None if trial.found_by is None else str(trial.found_by),
        "status": trial.status.key,
        "exact": trial.exact,
        "iterations": trial.iterations,
        "gap": trial.gap,
        "seconds": trial.seconds,
        "train_bits": score.train_bits,
        "train_words": score.train_words,
        "test_bits": score.test_bits,
        "test_words": score.test_words,
        "validation_bits": score.validation_bits,
        "validation_words": score.validation_words,
        "wrong_bits": trial.wrong_bits,
        "shrunk": None if trial.shrunk is None else _shrunk(trial.shrunk),
    }


def _shrunk(shrunk: Shrinking) -> dict[str, Any]:
    """Before and after, of the simplified circuit."""
    pairs = {"gates": shrunk.gates, "senders": shrunk.senders, "test_words": shrunk.words}
    return {
        f"{name}_{when}": value
        for name, pair in pairs.items()
        for when, value in zip(("before", "after"), pair, strict=True)
    }


# -- text -------------------------------------------------------------------------------------------------


def as_text(result: Result, circuit: Circuit | None) -> str:
    """Status, seeds, accuracy beside the constant predictor's, and the circuit."""
    problem, settings = result.problem, result.kept.settings
    network = problem.network
    lines = [
        f"Problem   {problem.name}: {plural(network.n_inputs, 'input')}, "
        f"{plural(network.n_outputs, 'output')}, {plural(network.n_btf, 'threshold node')}, "
        f"{plural(network.n_edges, 'edge')}; {items_in_words(problem)}",
        f"Settings  sigma {settings.sigma:g}, beta {settings.beta:g}, gamma {settings.gamma:g}, "
        f"gap {settings.gap:g}, at most {plural(settings.max_iterations, 'iteration')}"
        f"{wide_text(settings.widen)}; seed {result.seed}",
        *tuning_text(result),
        *least_error_text(problem),
        *recognised_text(result),
        f"Status    {_status(result)}",
        *_trials(result),
        "",
        *accuracy(problem, result.score),
    ]
    for cell in result.cells:
        lines += ["", "Cell, whose gates all its copies share", "", str(cell)]
    if circuit is not None:
        lines += ["", *_circuit(result, circuit)]
    return "\n".join(lines)


def _circuit(result: Result, circuit: Circuit) -> Iterator[str]:
    """Every gate of an exact circuit, and of a learned one; of another one only how far it comes."""
    if result.exact or result.problem.n_validation:
        yield "Circuit"
        yield ""
        yield str(circuit)
        return

    yield "The nearest circuit, which was kept:"
    yield headline(circuit)
    yield from wrong_in_words(circuit)
    yield from (f"  {doubt}" for doubt in result.kept.doubts)


def items_in_words(problem: Problem) -> str:
    test = f", {plural(problem.n_validation, 'validation item')}" if problem.n_validation else ""
    test += f", {plural(problem.n_test, 'test item')}" if problem.n_test else ""
    open_bits = problem.n_train * problem.network.n_outputs - problem.n_train_bits
    free = f" ({plural(open_bits, 'training bit')} need not fit)" if open_bits else ""
    return plural(problem.n_train, "training item") + test + free


def _status(result: Result) -> str:
    all_right = f"Integer gates reproduce all {plural(result.problem.n_train, 'training item')}."
    if result.learned:
        missed = "" if result.as_good_as_asked else f" {missed_error(result)}"
        return f"{result.status.value} {all_right}" if result.exact else f"{result.status.value}{missed}"
    if result.exact:
        return f"Solved. {all_right}"
    if result.status is Status.TIME_LIMIT and result.problem.n_validation:
        return "The time limit came first; this is the best so far, by the validation items."
    fit = None if result.circuit is None else result.circuit.training
    wrong = "" if fit is None else f"Not exact: {fit}. "
    if result.kept.status.key == "solved":
        return (
            f"{wrong}The gap closed, but no integer gates were found that reproduce every training item. "
            "Try another seed, or a smaller sigma or gap."
        )
    return f"{wrong}{result.status.value}".replace("max_iterations", "--max-iterations")


def _trials(result: Result) -> Iterator[str]:
    kept = result.kept
    by = f", found by {kept.found_by}" if kept.found_by else ""
    gap = "" if kept.gap is None else f", gap {kept.gap:.3g}"
    yield (
        f"Kept      trial {kept.index + 1} of {len(result.trials)}: seed {kept.seed}{by}; "
        f"{plural(kept.iterations, 'iteration')}{gap}, {duration(kept.seconds)}"
    )
    if kept.shrunk is not None:
        yield _shrunk_words(kept.shrunk)
    yield from vote_text(result)
    yield from unseen_text(result)
    if len(result.trials) < 2:
        return
    exact = sum(trial.exact for trial in result.trials)
    if result.problem.n_validation:
        yield f"Trials    {len(result.trials)}; {duration(result.seconds)} altogether"
    else:
        yield f"Exact     {exact} of {plural(len(result.trials), 'trial')}; {duration(result.seconds)} altogether"
    yield ""
    validated = result.problem.n_validation > 0
    yield ROW.format(
        "trial", "seed", "status", "exact", "iterations", "gap", "validation" if validated else "train bits"
    )
    for trial in result.trials:
        yield ROW.format(
            trial.index + 1,
            trial.seed,
            trial.status.key,
            "yes" if trial.exact else "no",
            number(trial.iterations),
            "–" if trial.gap is None else f"{trial.gap:.3g}",
            percent(trial.score.validation_bits if validated else _bits_right(trial)),
        )


def _bits_right(trial: Trial) -> float:
    """Of training bits, by the trial's circuit; by its weights where there is none."""
    fit = None if trial.circuit is None else trial.circuit.training
    return trial.score.train_bits if fit is None else 1 - fit.wrong_bits / fit.n_bits


def _shrunk_words(shrunk: Shrinking) -> str:
    gates, senders, words = shrunk.gates, shrunk.senders, shrunk.words
    change = f"{gates[0]} to {plural(gates[1], 'gate')}, {senders[0]} to {plural(senders[1], 'sender')}"
    if not math.isnan(words[0]):
        change += f"; test words {percent(words[0])} before, {percent(words[1])} after"
    return f"Shrunk    from {change}; {duration(shrunk.seconds)}"


def accuracy(problem: Problem, score: Score) -> Iterator[str]:
    """The score beside what the best constant answer gets on the same items."""
    columns = ("classes",) if problem.output_kind == "class" else ("bits", "words")
    on = "test" if problem.n_test else "training"

    def line(name: str, *cells: str) -> str:
        return f"{name:<26}" + "".join(f" {cell:>10}" for cell in cells[: len(columns)])

    yield line("Accuracy", *columns)
    yield line("  training items", percent(score.train_bits), percent(score.train_words))
    if problem.n_validation:
        yield line("  validation items", percent(score.validation_bits), percent(score.validation_words))
    if problem.n_test:
        yield line("  test items", percent(score.test_bits), percent(score.test_words))
    yield line(f"  constant answer ({on})", *map(percent, problem.constant_accuracy))


def training_record(circuit: Circuit) -> dict[str, int] | None:
    """What the circuit gets wrong of its training items; None where that is not known."""
    return None if circuit.training is None else circuit.training.as_dict()
