"""Where exact circuits differ on unseen items: a circuit that says there what most of them say.

Bits of unseen items on which hardly any of several circuits differs count as training items, too (votes.py of the
descents): the circuit that is nearest to them walks until it has them all, and then to a smaller one.
docs/engines.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from btfnet.engines.completion.completion_check import Candidate, complete_and_verify, exact_scores
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.shrink import shrink, size, unseen_words
from btfnet.engines.descent.state import scaled_weights
from btfnet.engines.descent.votes import VOTERS, Bits, Sample, confident, mended, unseen_inputs
from btfnet.halting import Halt
from btfnet.problem.packed_bits import Bits as AnyBits
from btfnet.problem.problem import Problem
from btfnet.search.records import Consensus, Trial
from btfnet.search.score import Score

MEND_NS, SHRINK_NS = 10e9, 10e9
"""Work at most, in nanoseconds."""


def agreed(
    problem: Problem,
    voters: Sequence[Trial],
    *,
    seed: int,
    over: Callable[[], object],
    halt: Halt | None = None,
) -> Consensus | None:
    """An exact circuit that says what most of the exact ones say about unseen items.

    voters  exact trials, all of which count
    over    asked now and then whether to give up
    halt    gives up at once, see `GateSearch`

    None where too few vote, where nodes share gates, which would no longer, or where no circuit that fits the
    training items was found to say it.
    Deterministic for a seed. Raises `Halted` when it was given up.
    """
    if len(voters) < VOTERS or problem.network.shared is not None:
        return None
    if any(trial.integer_weights is None for trial in voters):
        return None
    answers = np.array([_answers(problem, trial) for trial in voters])
    share = answers.mean(axis=0)
    counts = confident(share)
    against = ((answers != (share > 0.5)) & counts).sum(axis=(1, 2))
    nearest = min(range(len(voters)), key=lambda place: (against[place], _size(voters[place]), place))
    trial = voters[nearest]
    problem = problem.with_network(trial.network)
    training = Sample.of(problem, problem.train_inputs)
    sample = training.with_votes(unseen_inputs(problem), share)
    search = _search(problem, sample, trial, np.random.default_rng([seed, 3]), halt)
    if not mended(search, search.words_in(MEND_NS), over):
        return None
    smaller = _search(problem, sample, trial, np.random.default_rng([seed, 4]), halt, repeats=False)
    found = _shrunk(problem, sample.inputs, search, smaller, over)
    if found is None or not found.exact:
        return None
    assert trial.circuit is not None
    assert found.weights is not None
    words = (unseen_words(problem, trial.circuit), unseen_words(problem, found.circuit))
    gates = (_size(trial)[0], size(found.circuit.simplified())[0])
    return Consensus(
        trial.index,
        found.circuit,
        scaled_weights(problem.network, found.weights),
        Score(*exact_scores(problem, found)),
        len(voters),
        float(counts.mean()),
        int(against[nearest]),
        gates,
        words,
    )


def _answers(problem: Problem, trial: Trial) -> Bits:
    """A circuit's outputs on the unseen items that are asked; (n_asked, n_outputs)."""
    assert trial.circuit is not None
    return trial.circuit.predict(unseen_inputs(problem)) > 0


def _size(trial: Trial) -> tuple[int, int]:
    assert trial.circuit is not None
    return size(trial.circuit.simplified())


def _search(
    problem: Problem,
    sample: Sample,
    trial: Trial,
    rng: np.random.Generator,
    halt: Halt | None,
    *,
    repeats: bool = True,
) -> GateSearch:
    """At the gates of a trial's circuit."""
    assert trial.integer_weights is not None
    largest = max(
        int((trial.integer_weights[problem.network.edges(i)] ** 2).sum()) for i in problem.network.btf_nodes
    )
    sigma = max(trial.settings.sigma, largest)
    search = sample.search_in(problem.network, sigma, rng, halt, repeats=repeats)
    search.start_from(trial.integer_weights, sample.inputs)
    return search


def _shrunk(
    problem: Problem, inputs: AnyBits, begun: GateSearch, search: GateSearch, over: Callable[[], object]
) -> Candidate | None:
    """The mended circuit, made smaller by another search, and checked on the training items alone."""
    search.start_from(begun.integer_weights(), inputs)
    if search.error:
        return None
    shrink(search, search.words_in(SHRINK_NS, shrinks=True), over)
    circuit = search.circuit(problem.name, problem.input_names, problem.output_names)
    return complete_and_verify(problem, circuit, problem.train_inputs, weights=search.integer_weights())
