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
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

import btfnet
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.shrink import shrink
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem
from btfnet.search.shrinking import size
from btfnet.tasks.circuits import random_layer

PAGE = Path(__file__).resolve().parents[3] / "docs" / "determined.md"
MARKS = ("<!-- table: written by scripts/studies/determined/study.py -->\n", "<!-- end of table -->")
NAMES = tuple(f"{kind}-{depth}" for kind in ("andor", "maj") for depth in (2, 3, 4, 5))
SIZES = (64, 128, 256, 384, 512, 1024)
FAN_IN = {"andor": 2, "maj": 3}
WALKS = 5
WORK = 1_000_000_000
"""Words read in one walk at most; it ends when nothing improves any more."""


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
    for place, node in enumerate(network.btf_nodes):
        row, first = layers[place // width][place % width], 1 + width * (place // width)
        senders = network.senders(node)
        weights[network.edges(node)] = row[np.where(senders == 0, width, senders - first)]
    return weights


def walked(problem: Problem, weights: NDArray[np.int64], seed: int) -> Circuit:
    """A small circuit that fits the training items, reached from these weights, which must fit them."""
    rng = np.random.default_rng(seed)
    walker = GateSearch.of(problem, rng, repeats=False, begin=False)
    walker.start_from(weights, problem.inputs[: problem.n_train] > 0)
    assert walker.error == 0, "the planted circuit does not make these items"
    shrink(walker, WORK)
    return walker.circuit(problem.name).simplified()


def small(problem: Problem, weights: NDArray[np.int64], seed: int) -> Small:
    circuit = walked(problem, weights, seed)
    unseen = circuit.predict(problem.inputs[problem.n_train :] > 0)
    words = problem.fractions_right(unseen, problem.n_train)[1] if problem.n_test else 1.0
    return Small(*size(circuit), words)


def verdict(right: Small, found: Sequence[Small]) -> str:
    """What the circuits that fit say about the right one, as small as it gets on all items."""
    if any(one.words < 1 and one[:2] < right[:2] for one in found):
        return "no: a smaller one fits"
    if any(one.words < 1 and one[:2] == right[:2] for one in found):
        return "no: another of its size fits"
    return "as far as seen" if any(one.words == 1 for one in found) else "nothing as small found"


def lines(name: str, sizes: Sequence[int]) -> list[str]:
    """One for every N."""
    whole = btfnet.load(name).problem
    whole = whole.with_train(len(whole.inputs))
    weights = planted(name, whole)
    right = small(whole, weights, 0)
    rows = []
    for n_train in sizes:
        found = [small(whole.with_train(n_train), weights, seed) for seed in range(WALKS)]
        least, words = min(found), [one.words for one in found]
        rows.append(
            f"| {name} | {right.gates}, {right.senders} | {n_train} | {least.gates}, {least.senders} "
            f"| {percent(min(words))} … {percent(max(words))} | {verdict(right, found)} |"
        )
        click.echo(rows[-1])
    return rows


def never_seen(name: str, n_train: int) -> str:
    """Unseen words in which an output has a value that it has in no training item."""
    problem = btfnet.load(name).problem.with_train(n_train)
    outputs = problem.outputs > 0
    ever = [(outputs[:n_train] == value).any(axis=0) for value in (False, True)]
    new = np.where(outputs[n_train:], ~ever[1], ~ever[0]).any(axis=1)
    return f"| {name} | {n_train} | {new.sum()} of {new.size} | {percent(1 - new.mean())} |"


def percent(fraction: float) -> str:
    """100 only if nothing is wrong."""
    return "100 %" if fraction == 1 else f"{min(100 * fraction, 99.99):.2f} %"


@click.command(help=__doc__)
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--train", "sizes", multiple=True, type=click.IntRange(min=1))
def main(names: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    rows = [line for name in names or NAMES for line in lines(name, sizes or SIZES)]
    if names or sizes:
        return
    head = "| problem | on all items: gates, senders | N | on N items, the least | unseen words right | decided |"
    write(0, [head, "|---" * 6 + "|", *rows])
    head = "| problem | N | unseen words with a value never seen | the others |"
    write(
        1, [head, "|---" * 4 + "|", *(never_seen(name, size) for name, some in NEVER_SEEN for size in some)]
    )


def write(number: int, table: list[str]) -> None:
    """Between one of the page's pairs of marks, counted from 0."""
    parts = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    parts[number + 1] = "\n".join(table) + "\n" + MARKS[1] + parts[number + 1].split(MARKS[1])[1]
    PAGE.write_text(MARKS[0].join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
