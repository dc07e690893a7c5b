"""A result as the JSON object of the command line's contract, and as text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from btfnet.cli.console import duration, number, percent, plural
from btfnet.cli.reports.learning_report import learning_record, least_error_text, recognised_text, vote_text
from btfnet.cli.reports.tuning_report import tuning_record, tuning_text, wide_text, widths_record
from btfnet.files.strict_json import strict
from btfnet.logic.circuit import Circuit
from btfnet.logic.describe import headline, wrong_in_words
from btfnet.printable import printable
from btfnet.problem.problem import Problem
from btfnet.search.notable_outputs import Notable
from btfnet.search.records import Agreement, Consensus, Result, Score, Shrinking, Trial

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
        "seconds": round(seconds, 6),
    })  # fmt: skip


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
    if circuit is not None:
        lines += ["", *_circuit(result, circuit)]
    return "\n".join(lines)


def _circuit(result: Result, circuit: Circuit) -> Iterator[str]:
    """Every gate of an exact circuit, and of a learned one; of another one only how far it comes."""
    if result.exact or result.learned:
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
        return f"{result.status.value} {all_right}" if result.exact else result.status.value
    if result.exact:
        return f"Solved. {all_right}"
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
    if result.learned:
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


COPIES = "every output of the circuit is an input or its complement: it computes nothing"
NARROW = (
    "; where the way to the outputs is to be narrow, as in autoencoders, give --widths, which are binding."
)
MOST_NOTES = 6
"""Outputs that the text names; the JSON has all."""


def unseen_record(result: Result) -> dict[str, Any]:
    """Agreement, consensus, notable outputs, and whether all outputs are copies of inputs."""
    return {
        "agreement": None if result.agreement is None else asdict(result.agreement),
        "consensus": None if result.consensus is None else _consensus(result.consensus),
        "notable_outputs": [asdict(notable) for notable in result.notable_outputs],
        "copies_inputs": result.copies_inputs,
    }


def _consensus(consensus: Consensus) -> dict[str, Any]:
    names = ("circuits", "counted", "against", "gates", "words")
    return {name: getattr(consensus, name) for name in names} | asdict(consensus.score)


def unseen_text(result: Result) -> Iterator[str]:
    """Lines for the same."""
    if result.agreement is not None:
        yield f"Compared  {_compared(result.agreement)}"
    if result.consensus is not None:
        yield f"Consensus {_consensus_words(result.consensus)}"
    if result.copies_inputs:
        yield f"Note      {COPIES}{NARROW if result.kept.network else '.'}"
    notes = result.notable_outputs
    for notable in notes[:MOST_NOTES]:
        yield f"Note      {_note(notable)}"
    if len(notes) > MOST_NOTES:
        more = plural(len(notes) - MOST_NOTES, "more output")
        yield f"Note      {more} of these kinds: see notable_outputs in the JSON"


def _compared(agreement: Agreement) -> str:
    """How many circuits were compared on how many items, and what came of it."""
    circuits, items = agreement.circuits, plural(agreement.items, "unseen item")
    if agreement.alike == circuits - 1:
        return f"all {circuits} exact circuits give the same outputs on all {items}"
    rest = f"on {percent(agreement.unanimous)}: the training items leave a choice"
    if agreement.alike:
        alike = f"{agreement.alike + 1} of {circuits} exact circuits"
        return f"{alike} give the same outputs on all {items}; all {circuits} {rest}"
    return (
        f"no other of {circuits} exact circuits gives the kept one's outputs on all {items}, the nearest "
        f"differs on {percent(agreement.differ)}; all {circuits} say the same {rest}"
    )


def _consensus_words(consensus: Consensus) -> str:
    """What the circuit was made to say."""
    change = (
        f"{plural(consensus.against, 'bit')} of unseen items, as most of {consensus.circuits} circuits say"
    )
    words = (
        ""
        if math.isnan(consensus.words[0])
        else f"; test words {percent(consensus.words[0])} before, {percent(consensus.words[1])} after"
    )
    return (
        f"made from the trial's circuit, and kept in its place: changed in {change}; "
        f"{consensus.gates[0]} to {plural(consensus.gates[1], 'gate')}{words}"
    )


def _note(notable: Notable) -> str:
    name = printable(notable.output)
    in_all = f"all {plural(notable.items, 'training item')}"
    if notable.copy_of is not None:
        return f"{name} is the same as the input {printable(notable.copy_of)} in {in_all}"
    if notable.complement_of is not None:
        return f"{name} is the complement of the input {printable(notable.complement_of)} in {in_all}"
    verb = "is" if notable.ones == 1 else "are"
    kind = "constant" if notable.constant else "almost constant"
    return f"{name} is {kind}: {number(notable.ones)} of {plural(notable.items, 'training item')} {verb} 1"
