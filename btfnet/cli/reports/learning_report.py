"""What a result says of learning as well as items allow: scores, the least error there can be, votes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from btfnet.cli.console import percent, plural
from btfnet.printable import printable
from btfnet.problem.merging import Merged, merged
from btfnet.problem.problem import Problem
from btfnet.search.by_name import FAMILIES
from btfnet.search.records import Result


def learning_record(result: Result) -> dict[str, Any]:
    """Scores by what items are for, the best that a circuit can do on the training items, and the vote."""
    vote = result.vote
    bits, words = (1.0, 1.0) if (same := _merged(result.problem)) is None else same.best
    return {
        "scores": result.score.by_items(),
        "best_possible": {"bits": bits, "words": words},
        "error": None
        if result.error is None
        else {"asked": result.error, "reached": result.as_good_as_asked},
        "vote": None
        if vote is None
        else {
            "trials": [number + 1 for number in vote.trials],
            "validation_bits_before": vote.validation[0],
            "validation_bits_after": vote.validation[1],
        },
    }


def _merged(problem: Problem) -> Merged | None:
    """The training items as one for each input; None where they do not contradict each other."""
    return None if problem.contradiction is None else merged(problem.training_items)


def least_error_text(problem: Problem) -> Iterator[str]:
    """What no circuit can get right."""
    same, found = _merged(problem), problem.contradiction
    if same is None or found is None:
        return
    item, other, column = found
    output = printable(problem.output_names[column]) if problem.output_names else str(column + 1)
    bits, words = same.best
    of_words = "" if words != words else f", and {percent(words)} of words,"
    yield (
        f"Items     at best {percent(bits)} of training bits{of_words} can be right: items {item + 1} and "
        f"{other + 1}, for example, have the same inputs and differ in output {output}"
    )


def missed_error(result: Result) -> str:
    """Where more validation items are wrong than was asked for."""
    return (
        f"That is not what was asked: {percent(1 - result.score.validation_words)} of the validation items are "
        f"wrong, not {percent(result.error or 0.0)} at most."
    )


def vote_text(result: Result) -> Iterator[str]:
    """Who votes, and what that gains."""
    if result.vote is None:
        return
    vote = result.vote
    before, after = vote.validation
    yield (
        f"Vote      the majority of {plural(len(vote.trials), 'circuit')}, of the trials "
        f"{', '.join(str(number + 1) for number in vote.trials)}: {percent(after)} of validation bits are right, "
        f"{percent(before)} of the best one alone"
    )


def recognised_text(result: Result) -> Iterator[str]:
    """Outputs that belong to known families, by their names."""
    names = result.problem.output_names or tuple(
        f"y{number}" for number in range(result.problem.items.n_outputs)
    )
    for found in result.recognised:
        name = printable(names[found.output])
        if result.kept.engine == FAMILIES:
            yield f"By name   {name}, not learned but recognised: {found.name}"
            continue
        right = percent(found.train)
        circuit = "learned all the same" if found.circuit is not None else "whose circuit would be too large"
        yield f"By name   {name} looks like {found.name} ({right} of training bits), {circuit}"
