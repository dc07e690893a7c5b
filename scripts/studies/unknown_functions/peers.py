"""What scikit-learn learns from the same items: trees, forests, boosted trees, neural networks.

Each is trained on the items to train on. Where there is a choice the validation items decide it; where a benchmark
has none, the last fifth of the items to train on is held out for that, and not trained on. Trees, forests and
boosted trees are one model an output, a neural network is one for all; classes are one output.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier

from scripts.lib.rows import Row
from scripts.studies.unknown_functions.items import Benchmark, Part, right_of

TREES = 100
STRENGTHS = 20
BOOSTINGS = ((0.1, 31), (0.3, 8))
"""Learning rate, most leaves of a tree."""
ROUNDS, STEP = 500, 20
HIDDEN = ((128,), (128, 128))
EPOCHS, PATIENCE = 100, 10
BATCHES = 32
"""An epoch has at least so many, of 8 to 200 items."""
HELD_OUT = 5
"""One of so many items is held out."""

Predict = Callable[[NDArray[Any]], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that could be chosen: what it says of rows of inputs, and its settings in words."""

    predict: Predict
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """A learner.

    settings    in words, for the page
    candidates  from items to train on, validation items for those that choose as they go, and a seed
    chooses     there may be more than one candidate
    joint       one model for all outputs
    """

    settings: str
    candidates: Callable[[Part, Part, int], Iterator[Candidate]]
    chooses: bool = True
    joint: bool = False


def tree(train: Part, validation: Part, seed: int) -> Iterator[Candidate]:
    model = DecisionTreeClassifier(random_state=seed)
    yield Candidate(model.fit(train.inputs, targets(train)).predict)


def pruned_tree(train: Part, validation: Part, seed: int) -> Iterator[Candidate]:
    """Along the path of least-cost pruning (Breiman, Friedman, Olshen, Stone, 1984)."""
    path = DecisionTreeClassifier(random_state=seed).cost_complexity_pruning_path(
        train.inputs, targets(train)
    )
    alphas = np.unique(np.maximum(path.ccp_alphas, 0))
    for alpha in alphas[np.unique(np.linspace(0, len(alphas) - 1, STRENGTHS).round().astype(int))]:
        model = DecisionTreeClassifier(random_state=seed, ccp_alpha=alpha)
        yield Candidate(model.fit(train.inputs, targets(train)).predict, f"strength {alpha:.2g}")


def forest(train: Part, validation: Part, seed: int) -> Iterator[Candidate]:
    model = RandomForestClassifier(TREES, random_state=seed, n_jobs=1)
    yield Candidate(model.fit(train.inputs, targets(train)).predict)


def boosting(train: Part, validation: Part, seed: int) -> Iterator[Candidate]:
    """The number of rounds is one of the choices: all of them come from one training."""
    for rate, leaves in BOOSTINGS:
        model = HistGradientBoostingClassifier(
            learning_rate=rate,
            max_leaf_nodes=leaves,
            max_iter=ROUNDS,
            early_stopping=False,
            random_state=seed,
        ).fit(train.inputs, targets(train))

        def after_rounds(inputs: NDArray[Any], model: Any = model) -> Iterator[NDArray[Any]]:
            return islice(model.staged_predict(inputs), STEP - 1, None, STEP)

        right = [right_of(said, validation)[0] for said in after_rounds(validation.inputs)]
        best = int(np.argmax(right))

        def predict(inputs: NDArray[Any], best: int = best, after: Any = after_rounds) -> NDArray[Any]:
            return next(islice(after(inputs), best, None))

        yield Candidate(predict, f"rate {rate:g}, {leaves} leaves, {STEP * (best + 1)} rounds")


def network(train: Part, validation: Part, seed: int) -> Iterator[Candidate]:
    """The epoch that is best on the validation items; no more when the last PATIENCE were no better."""
    multiple = train.answers.ndim == 2 and train.answers.shape[1] > 1
    classes = np.arange(train.answers.shape[1]) if multiple else np.unique(train.answers)
    batch = int(np.clip(len(train) // BATCHES, 8, 200))
    for hidden in HIDDEN:
        model = MLPClassifier(hidden, batch_size=batch, random_state=seed)
        best, right, epoch = model, -1.0, 0
        for now in range(1, EPOCHS + 1):
            model.partial_fit(plus_minus(train.inputs), targets(train), classes=classes)
            score = right_of(model.predict(plus_minus(validation.inputs)), validation)[0]
            if score > right:
                best, right, epoch = deepcopy(model), score, now
            if now - epoch >= PATIENCE:
                break

        def predict(inputs: NDArray[Any], best: MLPClassifier = best) -> NDArray[Any]:
            return best.predict(plus_minus(inputs))

        yield Candidate(predict, f"{'-'.join(map(str, hidden))}, {epoch} epochs")


def plus_minus(bits: NDArray[Any]) -> NDArray[np.float64]:
    return 2.0 * bits - 1


def targets(part: Part) -> NDArray[Any]:
    """As scikit-learn takes them: one output is a flat list."""
    flat = part.answers.ndim == 1 or part.answers.shape[1] == 1
    return part.answers.ravel() if flat else part.answers


PEERS = {
    "decision tree": Peer("the defaults", tree, chooses=False),
    "pruned tree": Peer(f"least-cost pruning, one of up to {STRENGTHS} strengths by validation", pruned_tree),
    "random forest": Peer(f"the defaults, {TREES} trees", forest, chooses=False),
    "gradient boosting": Peer(
        "HistGradientBoosting; learning rate and most leaves "
        + " or ".join(f"{rate:g} and {leaves}" for rate, leaves in BOOSTINGS)
        + f", {STEP}, {2 * STEP}, … {ROUNDS} rounds, by validation",
        boosting,
    ),
    "MLP": Peer(
        "inputs ±1, hidden layers "
        + " or ".join("-".join(map(str, hidden)) for hidden in HIDDEN)
        + f", Adam, the best of up to {EPOCHS} epochs by validation, stopped when {PATIENCE} bring nothing",
        network,
        joint=True,
    ),
}
"""By the names that rows carry."""


# -- measuring --------------------------------------------------------------------------------------------


def measured(benchmark: Benchmark, peer: Peer, seed: int) -> Row:
    """What a row says of a peer; seconds are those of all candidates and the choice among them, in one thread."""
    begun, worked = time.monotonic(), time.process_time()
    train, validation = benchmark.train, benchmark.validation
    if peer.chooses and validation is None:
        kept = len(train) - len(train) // HELD_OUT
        train, validation = train.rows(slice(kept)), train.rows(slice(kept, None))
    each_output = zip(columns(train, peer), columns(validation or train, peer), strict=True)
    models = [chosen(peer, mine, other, seed) for mine, other in each_output]
    seconds, processor = time.monotonic() - begun, time.process_time() - worked

    def right(part: Part | None) -> tuple[float | None, float | None]:
        if part is None:
            return None, None
        said = np.column_stack([model.predict(part.inputs) for model in models])
        bits, words = right_of(said, part)
        return round(bits, 6), round(words, 6)

    accuracy, words = right(benchmark.test)
    return {
        "settings": models[0].settings if len(models) == 1 else "",
        "train_accuracy": right(train)[0],
        "validation_accuracy": right(validation)[0],
        "accuracy": accuracy,
        "words": words,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(processor, 3),
    }


def chosen(peer: Peer, train: Part, validation: Part, seed: int) -> Candidate:
    """The first candidate of those with the most validation bits right."""
    candidates = list(peer.candidates(train, validation, seed))
    scores = [right_of(each.predict(validation.inputs), validation)[0] for each in candidates]
    return candidates[int(np.argmax(scores))]


def columns(part: Part, peer: Peer) -> list[Part]:
    """The same items, an output each; of joint learners and of classes the items themselves."""
    if peer.joint or part.answers.ndim == 1:
        return [part]
    return [Part(part.inputs, column[:, None]) for column in part.answers.T]
