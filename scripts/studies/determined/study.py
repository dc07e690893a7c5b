"""Do the items decide? From the circuit that made the data to smaller ones that fit the first N items as well.

    python scripts/studies/determined/study.py  # all of it, into docs/determined.md
    study.py andor-4 --train 256  # one problem, printed only

The planted circuit of andor-2 … maj-5 is put into the network, which a search does not know, and walks to smaller
circuits that get no training bit wrong (gate descent's `shrink`), once on all items and five times on the first N.
Where a smaller circuit than on all items fits, or another one of its size, no search that prefers the smallest one
can be expected to find the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

import btfnet
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.shrink import shrink, size
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem
from btfnet.tasks.circuits import random_layer
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import line, markdown, percent

NAMES = tuple(f"{kind}-{depth}" for kind in ("andor", "maj") for depth in (2, 3, 4, 5))
SIZES = (64, 128, 256, 384, 512, 1024)
FAN_IN = {"andor": 2, "maj": 3}
WALKS = 5
WORK = 1_000_000_000
"""Words read in one walk at most; it ends when nothing improves any more."""


COLUMNS = (
    "problem",
    "on all items: gates, senders",
    "N",
    "on N items, the least",
    "unseen words right",
    "decided",
)
VALUE_COLUMNS = ("problem", "N", "unseen words with a value never seen", "the others")
NEVER_SEEN = (("roman", (300, 400, 500, 600)), ("rorschach-3", (200,)), ("rule-30-1", (64, 128)))
"""Problems without a planted circuit, and N."""


class Small(NamedTuple):
    """A circuit that fits: its size, and the fraction of unseen words that it gets right."""

    gates: int
    senders: int
    words: float


def planted(name: str, problem: Problem) -> NDArray[np.int64]:
    """The weights of the circuit that made the items; (n_edges,). Raises `AssertionError` if they do not."""
    kind, depth = name.split("-")
    rng, width = np.random.default_rng(1), problem.network.n_inputs
    layers = [
        random_layer(rng, width, 0.5, fan_in=FAN_IN[kind], bias=kind == "andor") for _ in range(int(depth))
    ]
    network, weights = problem.network, np.zeros(problem.network.n_edges, dtype=np.int64)
    for index, node in enumerate(network.btf_nodes):
        row, first = layers[index // width][index % width], 1 + width * (index // width)
        senders = network.senders(node)
        weights[network.edges(node)] = row[np.where(senders == 0, width, senders - first)]
    return weights


def walked(problem: Problem, weights: NDArray[np.int64], seed: int) -> Circuit:
    """A small circuit that fits the training items, reached from these weights, which must fit them."""
    rng = np.random.default_rng(seed)
    search = GateSearch.of(problem, rng, repeats=False, begin=False)
    search.start_from(weights, problem.inputs[: problem.n_train] > 0)
    assert search.error == 0, "the planted circuit does not make these items"
    shrink(search, WORK)
    return search.circuit(problem.name).simplified()


def small(problem: Problem, weights: NDArray[np.int64], seed: int) -> Small:
    circuit = walked(problem, weights, seed)
    unseen = circuit.predict(problem.inputs[problem.n_train :] > 0)
    words = problem.fractions_right(unseen, problem.n_train)[1] if problem.n_test else 1.0
    return Small(*size(circuit), words)


def verdict(right: Small, fitting: Sequence[Small]) -> str:
    """What the circuits that fit say about the right one, as small as it gets on all items."""
    if any(each.words < 1 and each[:2] < right[:2] for each in fitting):
        return "no: a smaller one fits"
    if any(each.words < 1 and each[:2] == right[:2] for each in fitting):
        return "no: another of its size fits"
    return "as far as seen" if any(each.words == 1 for each in fitting) else "nothing as small found"


def lines_of(name: str, sizes: Sequence[int]) -> list[list[str]]:
    """One for every N."""
    whole = btfnet.load(name).problem
    whole = whole.with_train(len(whole.inputs))
    weights = planted(name, whole)
    right = small(whole, weights, 0)
    rows = []
    for n_train in sizes:
        fitting = [small(whole.with_train(n_train), weights, seed) for seed in range(WALKS)]
        least, words = min(fitting), [circuit.words for circuit in fitting]
        spread = f"{percent(min(words))} % … {percent(max(words))} %"
        sizes_of = [f"{circuit.gates}, {circuit.senders}" for circuit in (right, least)]
        rows.append([name, sizes_of[0], str(n_train), sizes_of[1], spread, verdict(right, fitting)])
        click.echo(line(rows[-1]))
    return rows


def never_seen(name: str, n_train: int) -> list[str]:
    """Unseen words in which an output has a value that it has in no training item."""
    problem = btfnet.load(name).problem.with_train(n_train)
    outputs = problem.outputs > 0
    ever = [(outputs[:n_train] == value).any(axis=0) for value in (False, True)]
    new = np.where(outputs[n_train:], ~ever[1], ~ever[0]).any(axis=1)
    return [name, str(n_train), f"{new.sum()} of {new.size}", f"{percent(1 - new.mean())} %"]


@options.command(__doc__)
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--train", "sizes", multiple=True, type=click.IntRange(min=1))
def main(names: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    lines = [each for name in names or NAMES for each in lines_of(name, sizes or SIZES)]
    if names or sizes:
        return
    page = DOCS / "determined.md"
    write_part(page, "circuits", markdown(COLUMNS, lines))
    values = [never_seen(name, size) for name, train in NEVER_SEEN for size in train]
    write_part(page, "values", markdown(VALUE_COLUMNS, values))


if __name__ == "__main__":
    main()
