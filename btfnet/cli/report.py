"""A result as the JSON object of the command line's contract, and as text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from btfnet.cli.chosen import tuning_record, tuning_text, wide_text, widths_record
from btfnet.cli.words import duration, number, percent, plural, strict

if TYPE_CHECKING:
    from btfnet.circuit import Circuit
    from btfnet.problem import Problem
    from btfnet.search import Result, Score, Trial
    from btfnet.search.records import Agreement, Consensus, Shrinking


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
        "agreement": None if result.agreement is None else asdict(result.agreement),
        "consensus": None if result.consensus is None else asdict(result.consensus),
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
        f"Status    {_status(result)}",
        *_trials(result),
        "",
        *accuracy(problem, result.kept.score),
    ]
    if circuit is not None:
        lines += ["", *_circuit(result, circuit)]
    return "\n".join(lines)


def _circuit(result: Result, circuit: Circuit) -> Iterator[str]:
    """Every gate of an exact circuit; of another one only how far it comes."""
    if result.exact:
        yield "Circuit"
        yield ""
        yield str(circuit)
        return
    from btfnet.circuit.words import headline

    wrong, total = result.kept.wrong_bits, result.problem.n_train_bits
    yield f"The nearest circuit gets {number(wrong or 0)} of {plural(total, 'training bit')} wrong:"
    yield headline(circuit)
    yield from (f"  {doubt}" for doubt in result.kept.doubts)


def items_in_words(problem: Problem) -> str:
    test = f", {plural(problem.n_test, 'test item')}" if problem.n_test else ""
    open_bits = problem.n_train * problem.network.n_outputs - problem.n_train_bits
    free = f" ({plural(open_bits, 'training bit')} need not fit)" if open_bits else ""
    return plural(problem.n_train, "training item") + test + free


def _status(result: Result) -> str:
    if result.exact:
        return f"Solved. Integer gates reproduce all {plural(result.problem.n_train, 'training item')}."
    if result.status.key == "solved":
        return (
            "The gap closed, but no integer gates were found that reproduce every training item. "
            "Try another seed, or a smaller sigma or gap."
        )
    return str(result.status.value)


def _trials(result: Result) -> Iterator[str]:
    kept = result.kept
    found = f", found by {kept.found_by}" if kept.found_by else ""
    yield (
        f"Kept      trial {kept.index + 1} of {len(result.trials)}: seed {kept.seed}{found}; "
        f"{plural(kept.iterations, 'iteration')}, gap {kept.gap:.3g}, {duration(kept.seconds)}"
    )
    if kept.shrunk is not None:
        yield _shrunk_words(kept.shrunk)
    if result.agreement is not None:
        yield _agreement_words(result.agreement)
    if result.consensus is not None:
        yield _consensus_words(result.consensus)
    if len(result.trials) < 2:
        return
    exact = sum(trial.exact for trial in result.trials)
    yield f"Exact     {exact} of {plural(len(result.trials), 'trial')}; {duration(result.seconds)} altogether"
    yield ""
    yield ROW.format("trial", "seed", "status", "exact", "iterations", "gap", "train bits")
    for trial in result.trials:
        yield ROW.format(
            trial.index + 1,
            trial.seed,
            trial.status.key,
            "yes" if trial.exact else "no",
            number(trial.iterations),
            f"{trial.gap:.3g}",
            percent(trial.score.train_bits),
        )


def _shrunk_words(shrunk: Shrinking) -> str:
    gates, senders, words = shrunk.gates, shrunk.senders, shrunk.words
    said = f"{gates[0]} to {plural(gates[1], 'gate')}, {senders[0]} to {plural(senders[1], 'sender')}"
    if not math.isnan(words[0]):
        said += f"; test words {percent(words[0])} before, {percent(words[1])} after"
    return f"Shrunk    from {said}; {duration(shrunk.seconds)}"


def _agreement_words(agreement: Agreement) -> str:
    """Whether the items leave a choice."""
    others = plural(agreement.circuits - 1, "other exact circuit")
    if agreement.alike:
        return f"Agreed    on every unseen item: {agreement.alike} of {others}, found from other starts"
    return (
        f"Doubt     {others}, none with the same outputs on all unseen items; the nearest differs on "
        f"{percent(agreement.differ)}; all say the same on {percent(agreement.unanimous)}: the training items "
        f"leave a choice"
    )


def _consensus_words(made: Consensus) -> str:
    """What the circuit was made to say."""
    said = f"{plural(made.against, 'bit')} of unseen items, as most of {made.circuits} circuits say"
    words = (
        ""
        if math.isnan(made.words[0])
        else f"; test words {percent(made.words[0])} before, {percent(made.words[1])} after"
    )
    return f"Consensus changed in {said}; {made.gates[0]} to {plural(made.gates[1], 'gate')}{words}"


def accuracy(problem: Problem, score: Score) -> Iterator[str]:
    """The score beside what the best constant answer gets on the same items."""
    columns = ("classes",) if problem.output_kind == "class" else ("bits", "words")
    on = "test" if problem.n_test else "training"

    def line(name: str, *cells: str) -> str:
        return f"{name:<26}" + "".join(f" {cell:>10}" for cell in cells[: len(columns)])

    yield line("Accuracy", *columns)
    yield line("  training items", percent(score.train_bits), percent(score.train_words))
    if problem.n_test:
        yield line("  test items", percent(score.test_bits), percent(score.test_words))
    yield line(f"  constant answer ({on})", *map(percent, problem.constant_accuracy))
