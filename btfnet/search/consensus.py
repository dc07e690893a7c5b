"""Where exact circuits differ on unseen items: a circuit that says there what most of them say.

Each of several circuits that fit the training items is wrong in its own way elsewhere, so that most of them
together are right more often than the smallest one. Bits of unseen items on which hardly any of them differs count
as training items, too: the circuit that is nearest to them walks until it has them all, and then to a smaller one.
What the outputs of unseen items should be is never looked at.

Source: votes, L. Breiman, Machine Learning 24 (1996), 123; one model that says what several say, C. Bucilă,
R. Caruana and A. Niculescu-Mizil, KDD (2006), 535. docs/engines.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.completion.completion_check import Candidate, complete_and_verify, exact_scores
from btfnet.engines.descent.local_search import NS_PER_WORD, GateSearch
from btfnet.engines.descent.shrink import shrink, size, unseen_words
from btfnet.engines.descent.state import scaled_weights
from btfnet.halting import Halt, Halted
from btfnet.problem.problem import Problem
from btfnet.search.records import Consensus, Score, Trial

VOTERS = 3
"""Fewer circuits have no majority."""
CONFIDENT = 0.75
"""An unseen bit counts where so large a part of the circuits, or more, say the same."""
MOST_ITEMS = 2048
"""Unseen items that are asked, the first ones."""
MEND_NS, SHRINK_NS = 10e9, 10e9
"""Work at most, in nanoseconds."""
ROUNDS = 20
"""Of the walk, between two looks at the budget."""

Bits = NDArray[np.bool_]


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

    None where too few vote, or no circuit that fits the training items was found to say it.
    Deterministic for a seed. Raises `Halted` when it was given up.
    """
    if len(voters) < VOTERS or any(trial.integer_weights is None for trial in voters):
        return None
    answers = np.array([_answers(problem, trial) for trial in voters])
    share = answers.mean(axis=0)
    says, counts = share > 0.5, np.maximum(share, 1 - share) >= CONFIDENT
    against = ((answers != says) & counts).sum(axis=(1, 2))
    nearest = min(range(len(voters)), key=lambda place: (against[place], _size(voters[place]), place))
    trial = voters[nearest]
    problem = problem.with_network(trial.network)
    items = _items(problem, says, counts)
    search = _search(problem, items, trial, np.random.default_rng([seed, 3]), halt)
    if not _mend(search, over):
        return None
    smaller = _search(problem, items, trial, np.random.default_rng([seed, 4]), halt, repeats=False)
    found = _shrunk(problem, items[0], search, smaller, over)
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
    unseen = problem.inputs[problem.n_train :][:MOST_ITEMS] > 0
    return trial.circuit.predict(unseen) > 0


def _size(trial: Trial) -> tuple[int, int]:
    assert trial.circuit is not None
    return size(trial.circuit.simplified())


def _items(problem: Problem, says: Bits, counts: Bits) -> tuple[Bits, Bits, Bits]:
    """Inputs, outputs and the output bits that count: the training items, and the unseen ones that were asked."""
    n_train = problem.n_train
    inputs = problem.inputs[: n_train + len(says)] > 0
    care = np.ones((n_train, problem.network.n_outputs), dtype=bool)
    if problem.train_care is not None:
        care = problem.train_care
    outputs = np.concatenate([problem.outputs[:n_train] > 0, says])
    return inputs, outputs, np.concatenate([care, counts])


def _search(
    problem: Problem,
    items: tuple[Bits, Bits, Bits],
    trial: Trial,
    rng: np.random.Generator,
    halt: Halt | None,
    *,
    repeats: bool = True,
) -> GateSearch:
    """At the gates of a trial's circuit."""
    inputs, outputs, care = items
    assert trial.integer_weights is not None
    largest = max(
        int((trial.integer_weights[problem.network.edges(i)] ** 2).sum()) for i in problem.network.btf_nodes
    )
    sigma = max(trial.settings.sigma, largest)
    search = GateSearch(
        problem.network, inputs, outputs, rng, care=care, sigma=sigma, repeats=repeats, begin=False, halt=halt
    )
    search.start_from(trial.integer_weights, inputs)
    return search


def _mend(search: GateSearch, over: Callable[[], object]) -> bool:
    """Walk until all bits that count are right; False where the budget does not do. Raises `Halted` when over."""
    last = search.effort + int(MEND_NS / NS_PER_WORD)
    while search.error > 0:
        if over():
            raise Halted
        if search.effort >= last:
            return False
        search.walk(ROUNDS)
    return True


def _shrunk(
    problem: Problem, inputs: Bits, mended: GateSearch, search: GateSearch, over: Callable[[], object]
) -> Candidate | None:
    """The mended circuit, made smaller by another search, and checked on the training items alone."""
    search.start_from(mended.integer_weights(), inputs)
    if search.error:
        return None
    shrink(search, int(SHRINK_NS / NS_PER_WORD), over)
    circuit = search.circuit(problem.name, problem.input_names, problem.output_names)
    return complete_and_verify(problem, circuit, inputs[: problem.n_train], weights=search.integer_weights())
