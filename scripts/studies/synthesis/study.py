"""What logic synthesis makes of circuits: docs/synthesis.md, its table written anew.

    python scripts/studies/synthesis/study.py  # every circuit with every tool, some minutes
    study.py maj multiplier  # only circuits whose names begin so, printed, not written

Circuits are the same on every run (seed 0); figures too, as no tool comes near its time limit. Seconds are this
machine's. Every figure is of a circuit proven equal.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

import btfnet
from btfnet import Circuit, Gate
from btfnet.errors import ToolError
from btfnet.synthesis.costs import Figures, figures
from btfnet.synthesis.optimising import optimise
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import line, markdown

TOOLS = ("aigverse", "yosys", "abc", "auto")
MAJORITIES = (5, 7, 9, 13)
LEARNED = (
    "multiplier-2x2", "multiplier-3x3", "rule-30-1", "rule-110-1", "andor-2", "maj-2", "parity-4", "roman-4-bit",
    "autoencoder-8",
)  # fmt: skip


def majority(width: int) -> Circuit:
    return Circuit(
        width, (Gate((width + 1) // 2, tuple(range(1, width + 1))),), (width + 1,), name=f"maj{width}"
    )


def multiplier(n_bits: int) -> Circuit:
    """By columns of half and full adders, written as threshold gates: the sum as one gate of the carry."""
    gates: list[Gate] = []

    def add(at_least: int, *literals: int) -> int:
        gates.append(Gate(at_least, literals))
        return 2 * n_bits + len(gates)

    columns: list[list[int]] = [[] for _ in range(2 * n_bits)]
    for i in range(n_bits):
        for j in range(n_bits):
            columns[i + j].append(add(2, i + 1, n_bits + j + 1))
    for weight, column in enumerate(columns):
        while len(column) > 1:
            bits, column[:] = column[:3], column[3:]
            carry = add(2, *bits)
            column.append(add(3, *bits, -carry, -carry))  # of two bits too: bits + 2 not-carries
            columns[weight + 1].append(carry)
    outputs = tuple(column[0] for column in columns)
    return Circuit(2 * n_bits, tuple(gates), outputs, name=f"multiplier {n_bits}x{n_bits}, by hand")


def learned(name: str) -> Circuit | None:
    task = btfnet.load(name)
    result = btfnet.solve(task.problem, task.settings, seed=0, deterministic=True, jobs=1, time_limit=600)
    if not result.exact or result.circuit is None:
        return None
    return result.circuit.simplified().named(name=f"{name}, learned")


def circuits(wanted: tuple[str, ...]) -> Iterator[Circuit]:
    def asked(name: str) -> bool:
        return not wanted or name.startswith(wanted)

    yield from (majority(width) for width in MAJORITIES if asked(f"maj{width}"))
    yield from (multiplier(n_bits) for n_bits in (2, 3, 4) if asked("multiplier"))
    for name in filter(asked, LEARNED):
        circuit = learned(name)
        if circuit is None:
            click.echo(f"{name}: not solved, left out", err=True)
        else:
            yield circuit


def cell(cost: Figures) -> str:
    return f"{cost.ands} / {cost.luts} / {cost.and_depth} / {cost.lut_depth}"


def cells_of(circuit: Circuit) -> list[str]:
    cells = [circuit.name, f"{len(circuit.gates)} ({circuit.depth})", cell(figures(circuit))]
    for tool in TOOLS:
        try:
            result = optimise(circuit, tool=tool)
            cells.append(f"{cell(result.after)}, {result.seconds:.0f} s")
        except ToolError as error:
            click.echo(f"{circuit.name}: {error}", err=True)
            cells.append("–")
    return cells


@options.command(__doc__)
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    lines = []
    for circuit in circuits(names):
        lines.append(cells_of(circuit))
        click.echo(line(lines[-1]))
    if not names:
        columns = ("circuit", "gates (depth)", "before", *TOOLS)
        write_part(DOCS / "synthesis.md", "circuits", markdown(columns, lines))


if __name__ == "__main__":
    main()
