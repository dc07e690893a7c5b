"""How long proofs take: every input tried, and SAT sweeping on pairs of circuits of different structure.

    python scripts/benchmarks/proof_speed.py
    proof_speed.py --only adder --plain

Prints Markdown tables. Where `berkeley-abc` or `yosys-abc` is on the path, circuits are also compared with what
ABC makes of them. --plain adds a column: the same pair as one miter without sweeping, by the same solver.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import numpy as np

from btfnet.formats import read_circuit, write_circuit
from btfnet.logic.aig.aig import FALSE, Builder
from btfnet.logic.aig.gates import add_circuit, aig_of
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.proof.deadline import Deadline, OutOfTime
from btfnet.logic.proof.equivalence import Equivalence, prove_equal
from btfnet.logic.proof.sat import SatSolver
from scripts.lib import options
from scripts.lib.tables import head, line

ABC = next((path for name in ("berkeley-abc", "yosys-abc") if (path := shutil.which(name))), None)
SCRIPT = (
    "strash; balance; rewrite; refactor; balance; rewrite -z; refactor -z; dch; if -K 6; strash; dch; balance"
)


def circuit_of(n_inputs: int, name: str, build: Callable[[Builder, list[int]], list[int]]) -> Circuit:
    builder = Builder(n_inputs)
    outputs = build(builder, [2 * node for node in range(1, n_inputs + 1)])
    return Circuit.from_aig(builder.finish(outputs, (), (), name))


def add(builder: Builder, a: list[int], b: list[int]) -> list[int]:
    """Two numbers, lowest bit first; ripple carry."""
    carry, total = FALSE, []
    for index in range(max(len(a), len(b))):
        first, second = (number[index] if index < len(number) else FALSE for number in (a, b))
        bit, carry = builder.add(first, second, carry)
        total.append(bit)
    return [*total, carry]


def select_add(builder: Builder, a: list[int], b: list[int]) -> list[int]:
    """The same by carry select: upper halves for both carries."""
    width = max(len(a), len(b))
    a, b = ([*number, *[FALSE] * (width - len(number))] for number in (a, b))
    half = width // 2
    if width < 4:
        return add(builder, a, b)
    low = select_add(builder, a[:half], b[:half])
    without = select_add(builder, a[half:], b[half:])
    carried = add(builder, [1, *a[half:]], [1, *b[half:]])[1:]
    return [
        *low[:-1],
        *(
            builder.either(builder.both(low[-1], with_carry), builder.both(low[-1] ^ 1, bit))
            for with_carry, bit in zip(carried, without, strict=True)
        ),
    ]


def sum_chain(builder: Builder, numbers: list[list[int]]) -> list[int]:
    total = numbers[0]
    for number in numbers[1:]:
        total = add(builder, total, number)
    return total


def sum_tree(builder: Builder, numbers: list[list[int]]) -> list[int]:
    while len(numbers) > 1:
        sums = [add(builder, *numbers[i : i + 2]) for i in range(0, len(numbers) - 1, 2)]
        numbers = sums + numbers[len(numbers) - len(numbers) % 2 :]
    return numbers[0]


def add_columns(builder: Builder, columns: list[list[int]]) -> list[int]:
    """Three bits of a column at a time, in the order in which they come."""
    columns, weight = [list(column) for column in columns], 0
    while weight < len(columns):
        column = columns[weight]
        while len(column) > 1:
            three = [column.pop(0) if column else FALSE for _ in range(3)]
            total, carry = builder.add(*three)
            column.append(total)
            if weight + 1 == len(columns):
                columns.append([])
            columns[weight + 1].append(carry)
        weight += 1
    return [column[0] if column else FALSE for column in columns]


def products(builder: Builder, x: list[int], y: list[int]) -> list[list[int]]:
    return [[FALSE] * i + [builder.both(x[i], bit) for bit in y] for i in range(len(x))]


def columns_of(numbers: list[list[int]]) -> list[list[int]]:
    width = max(map(len, numbers))
    return [[n[p] for n in numbers if p < len(n) and n[p] != FALSE] for p in range(width)]


def multiplier_by_rows(builder: Builder, bits: list[int]) -> list[int]:
    half = len(bits) // 2
    return sum_chain(builder, products(builder, bits[:half], bits[half:]))[: len(bits)]


def multiplier_by_columns(builder: Builder, bits: list[int]) -> list[int]:
    half = len(bits) // 2
    return add_columns(builder, columns_of(products(builder, bits[:half], bits[half:])))[: len(bits)]


def numbers_of(bits: list[int], width: int) -> list[list[int]]:
    return [bits[first : first + width] for first in range(0, len(bits), width)]


def at_least_by_adding(at_least: int) -> Callable[[Builder, list[int]], list[int]]:
    """Count by a tree of adders, then compare, bit by bit."""

    def build(builder: Builder, bits: list[int]) -> list[int]:
        count, reached = sum_tree(builder, [[bit] for bit in bits]), 1
        for index, bit in enumerate(count):
            join = builder.both if at_least >> index & 1 else builder.either
            reached = join(bit, reached)
        return [reached]

    return build


def threshold_network(widths: list[int], fan_in: int, seed: int) -> Circuit:
    rng, gates, below, node = np.random.default_rng(seed), [], list(range(1, widths[0] + 1)), widths[0]
    for width in widths[1:]:
        layer = []
        for _ in range(width):
            senders = rng.choice(below, fan_in, replace=False) * rng.choice([-1, 1], fan_in)
            gates.append(Gate(int(rng.integers(2, fan_in)), tuple(senders.tolist())))
            node += 1
            layer.append(node)
        below = layer
    return Circuit(
        widths[0],
        tuple(gates),
        tuple(below),
        name=f"{len(widths) - 1} layers of {widths[0]}, {fan_in} inputs to a gate",
    )


def by_abc(circuit: Circuit) -> Circuit:
    """What ABC makes of it."""
    assert ABC is not None
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.blif"), Path(folder, "after.blif")
        write_circuit(before, Circuit.from_aig(aig_of(circuit)))
        command = f"read_blif {before}; {SCRIPT}; write_blif {after}"
        subprocess.run([ABC, "-q", command], check=True, capture_output=True)
        return read_circuit(after)


def mutated(circuit: Circuit) -> Circuit:
    """The same with one gate in the middle off by one."""
    middle = len(circuit.gates) // 2
    gate = circuit.gates[middle]
    wrong = replace(gate, at_least=gate.at_least - 1)
    return replace(circuit, gates=(*circuit.gates[:middle], wrong, *circuit.gates[middle + 1 :]))


def built(n_inputs: int, *builds: Callable[[Builder, list[int]], list[int]]) -> tuple[Circuit, Circuit]:
    first, second = (circuit_of(n_inputs, "circuit", build) for build in builds)
    return first, second


def beside_adders(majority: Circuit) -> tuple[Circuit, Circuit]:
    (gate,) = majority.gates
    return majority, circuit_of(majority.n_inputs, "circuit", at_least_by_adding(gate.at_least))


def beside_abc(circuit: Circuit) -> tuple[Circuit, Circuit]:
    return circuit, by_abc(circuit)


def pairs() -> Iterator[tuple[str, Callable[[], tuple[Circuit, Circuit]]]]:
    """What is compared, made when it is needed."""

    yield (
        "adder 64 + 64, ripple and carry select",
        lambda: built(128, lambda b, x: add(b, x[:64], x[64:]), lambda b, x: select_add(b, x[:64], x[64:])),
    )
    yield (
        "8 numbers of 8 bits, chain and tree",
        lambda: built(
            64, lambda b, x: sum_chain(b, numbers_of(x, 8))[:11], lambda b, x: sum_tree(b, numbers_of(x, 8))
        ),
    )
    yield (
        "8 numbers of 8 bits, tree and columns",
        lambda: built(
            64,
            lambda b, x: sum_tree(b, numbers_of(x, 8))[:11],
            lambda b, x: add_columns(b, columns_of(numbers_of(x, 8)))[:11],
        ),
    )
    for width in (31, 64):
        majority = Circuit(width, (Gate(width // 2 + 1, tuple(range(1, width + 1))),), (width + 1,))
        yield f"majority of {width}, gate and tree of adders", partial(beside_adders, majority)
        if ABC:
            yield f"majority of {width} and ABC", partial(beside_abc, majority)
    for bits in (8, 10, 12, 16):
        builds = (multiplier_by_rows, multiplier_by_columns)
        yield f"multiplier {bits} × {bits}, rows and columns", partial(built, 2 * bits, *builds)
        if ABC:
            multiplier = circuit_of(2 * bits, "circuit", multiplier_by_columns)
            yield f"multiplier {bits} × {bits} and ABC", partial(beside_abc, multiplier)
    for widths, fan_in in (([32] * 6, 3), ([64] * 6, 5), ([64] * 6, 9)):
        network = threshold_network(widths, fan_in, 1)
        if ABC:
            yield f"{network.name}, and ABC", partial(beside_abc, network)
    wrong = circuit_of(64, "circuit", lambda b, x: sum_chain(b, numbers_of(x, 8))[:11])
    yield "8 numbers of 8 bits, one gate wrong", lambda: (wrong, mutated(wrong))
    yield (
        "and of 100, one input missing",
        lambda: built(100, lambda b, x: [b.all_of(x)], lambda b, x: [b.all_of(x[1:])]),
    )


def plain(a: Circuit, b: Circuit, time_limit: float) -> str:
    """One miter without sweeping: the graph is shared, outputs are asked for one by one."""
    deadline, builder = Deadline(time_limit), Builder(a.n_inputs)
    try:
        with SatSolver(builder, deadline) as sat_solver:
            for first, second in zip(add_circuit(builder, a), add_circuit(builder, b), strict=True):
                if first != second and sat_solver.equal(first, second, 1 << 60) is not True:
                    break
    except OutOfTime:
        return f"> {time_limit:.0f} s"
    return f"{deadline.seconds:.2f} s"


def cells_of(name: str, a: Circuit, b: Circuit, answer: Equivalence) -> list[str]:
    ands = [str(aig_of(circuit).n_ands) for circuit in (a, b)]
    word = {True: "equal", False: "different", None: "not decided"}[answer.equal]
    effort = answer.effort
    assert effort is not None
    counts = (effort.rounds, effort.merged, effort.sums, effort.solver_calls, effort.cones)
    return [name, str(a.n_inputs), " / ".join(ands), word, f"{answer.seconds:.2f} s", *map(str, counts)]


def exhaustive() -> None:
    click.echo("\n".join(head(("every input tried", "inputs", "gates", "time"))))
    for n_inputs in (16, 20, 24):
        for layers in (3, 13):
            network = threshold_network([n_inputs] * layers, 3, 1)
            answer = prove_equal(network, network.simplified(), method="exhaustive")
            assert answer.equal
            click.echo(
                line([network.name, str(n_inputs), str(len(network.gates)), f"{answer.seconds:.2f} s"])
            )


COLUMNS = (
    "pair", "inputs", "Ands", "answer", "time", "rounds", "merged", "sums", "solver calls", "cones", "plain miter",
)  # fmt: skip


@options.command(__doc__)
@click.option("--time-limit", default=60.0, show_default=True)
@click.option("--only", default="", help="Pairs whose name holds this word.")
@click.option("--plain", "also_plain", is_flag=True, help="Also as one miter without sweeping.")
def main(time_limit: float, only: str, also_plain: bool) -> None:
    prove_equal(*[Circuit(1, (Gate(1, (1,)),), (2,))] * 2)  # compiles
    if not only:
        exhaustive()
        click.echo()
    click.echo("\n".join(head(COLUMNS)))
    for name, make in pairs():
        if only in name:
            a, b = make()
            answer = prove_equal(a, b, time_limit=time_limit, method="sat")
            other = plain(a, b, time_limit) if also_plain else ""
            click.echo(line([*cells_of(name, a, b, answer), other]))


if __name__ == "__main__":
    main()
