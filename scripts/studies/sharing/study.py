"""What sharing across nodes saves: operation counts, plain and shared, into docs/sharing.md.

python scripts/studies/sharing/study.py  # prints the table; a minute
study.py --page  # puts it into docs/sharing.md
"""

from __future__ import annotations

from collections.abc import Iterator

import click
import numpy as np

from btfnet import solve, tasks
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed_model import PackedModel
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import line

HEAD = """| layer | bit operations | by bits | word operations | by bits | by words |
|---|---:|---:|---:|---:|---:|
"""
LEARNED = ("multiplier-2x2", "decoder-16", "rule-30-1")


def dense(weights: np.ndarray) -> PackedModel:
    """One layer of gates with weights ±1 and 0, (n_gates, n_inputs)."""
    n = weights.shape[1]
    rows = [(np.arange(1, n + 1) * row)[row != 0].tolist() for row in weights]
    gates = tuple(Gate(len(row) // 2 + 1, tuple(row)) for row in rows)
    return PackedModel.from_circuit(Circuit(n, gates, tuple(range(n + 1, n + 1 + len(gates)))))


def layers() -> Iterator[tuple[str, PackedModel]]:
    """Random ±1 layers; rows that copy a prototype but for some places; sparse rows."""
    rng = np.random.default_rng(0)
    for n in (256, 512, 1024):
        yield f"random ±1, {n} × {n}", dense(rng.choice([-1, 1], (n, n)))
    for share in (0.25, 0.1, 0.03, 0.01, 0.003):
        prototypes = rng.choice([-1, 1], (16, 1024))[rng.integers(0, 16, 1024)]
        flipped = np.where(rng.random((1024, 1024)) < share, -1, 1)
        yield f"16 prototypes, {share:.1%} flipped, 1024 × 1024", dense(prototypes * flipped)
    clustered = rng.choice([-1, 1], (16, 1024))[rng.integers(0, 16, 1024)]
    for row in clustered:
        first = 64 * rng.integers(16)
        row[first : first + 64] = rng.choice([-1, 1], 64)
    yield "16 prototypes, one word of 16 anew, 1024 × 1024", dense(clustered)
    sparse = rng.choice([-1, 1], (512, 512)) * (rng.random((512, 512)) < 3 / 512)
    yield "random, 3 of 512 weights, 512 × 512", dense(sparse)


def learned(seconds: float) -> Iterator[tuple[str, PackedModel]]:
    """Circuits of built-in problems that are solved at once."""
    for name in LEARNED:
        task = tasks.load(name)
        result = solve(task.problem, task.settings, time_limit=seconds, trials=100, seed=1)
        if result.circuit is not None:
            yield f"learned, {name}", PackedModel.from_circuit(result.circuit.simplified())


def cells_of(name: str, model: PackedModel) -> list[str]:
    plain, by_bits, by_words = model.effort(), model.shared("bit").effort(), model.shared("word").effort()
    return [
        name,
        f"{plain.bit_operations:,}",
        f"{by_bits.bit_operations / plain.bit_operations:.2f}",
        f"{plain.word_operations:,}",
        f"{by_bits.word_operations / plain.word_operations:.2f}",
        f"{by_words.word_operations / plain.word_operations:.2f}",
    ]


@options.command(__doc__)
@click.option("--page", is_flag=True, help="Put the table into docs/sharing.md.")
@options.limit(20.0, "Seconds at most, for each learned circuit.")
def main(page: bool, limit: float) -> None:
    lines = []
    for name, model in (*layers(), *learned(limit)):
        lines.append(line(cells_of(name, model)))
        click.echo(lines[-1])
    if page:
        write_part(DOCS / "sharing.md", "layers", HEAD + "".join(f"{each}\n" for each in lines))


if __name__ == "__main__":
    main()
