"""Prediction in one run: compiled bit-sliced evaluation, NumPy with float weights, and the exported C by GCC.

    python scripts/benchmarks/predict_speed.py                      # 32-32-32-32-32-32, 2^18 items
    python scripts/benchmarks/predict_speed.py --widths 128,128,128 --items 1000000 --json

Random And, Or (two or three literals) and Maj3 gates with random signs; all ways get the same items and must
agree. They take turns. What runs on one thread is timed by that thread's CPU time, so that other programs matter
less; several threads by the clock. Figures are medians over the rounds, and of the quickest call.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported
os.environ.setdefault("MKL_NUM_THREADS", "1")

import ctypes
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from btfnet import Circuit
from btfnet.bench.engines import random_gates
from btfnet.formats import write_circuit
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.machine import cores
from scripts.lib import options

ITEMS_AT_ONCE = 4096
"""Rows of one product of NumPy's: layers that stay in the second-level cache."""


class FloatNetwork:
    """The circuit as the network that it came from: sign(x @ w) for each layer, bias last."""

    def __init__(self, circuit: Circuit, widths: list[int]) -> None:
        self.layers, first = [], 1
        gates = iter(circuit.gates)
        for below, width in pairwise(widths):
            weights = np.zeros((below + 1, width), dtype=np.float32)
            for column in range(width):
                gate = next(gates)
                for literal in gate.literals:
                    weights[abs(literal) - first, column] += 1 if literal > 0 else -1
                weights[-1, column] = len(gate.literals) - 2 * gate.at_least + 1
            self.layers.append(weights)
            first += below

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        out = np.empty((len(rows), self.layers[-1].shape[1]), dtype=np.float32)
        for first in range(0, len(rows), ITEMS_AT_ONCE):
            x = rows[first : first + ITEMS_AT_ONCE]
            for weights in self.layers:
                x = np.sign(x @ weights[:-1] + weights[-1])
            out[first : first + ITEMS_AT_ONCE] = x
        return out


def compiled_c(circuit: Circuit, folder: Path) -> ctypes.CDLL | None:
    """The exported C as a library; None without GCC."""
    if shutil.which("gcc") is None:
        return None
    write_circuit(folder / "circuit.c", circuit)
    flags = ["-std=c99", "-O3", "-march=native", "-shared", "-fPIC"]
    command = ["gcc", *flags, "-o", str(folder / "circuit.so"), str(folder / "circuit.c")]
    subprocess.run(command, check=True)
    library = ctypes.CDLL(str(folder / "circuit.so"))
    library.circuit_block.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    library.circuit_row.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    return library


def ways(
    circuit: Circuit, widths: list[int], n_items: int, folder: Path
) -> tuple[dict[str, Callable[[], None]], Callable[[], None]]:
    """What is timed, and a check that all outputs agree."""
    rng, n_threads = np.random.default_rng(0), cores()
    rows = rng.integers(0, 2, (n_items, widths[0]), dtype=np.uint8)
    words, floats = pack_bits(rows == 1), np.where(rows == 1, np.float32(1), np.float32(-1))
    program, network, library = circuit.program, FloatNetwork(circuit, widths), compiled_c(circuit, folder)
    answers: dict[str, NDArray[np.bool_]] = {}
    c_out = np.zeros((circuit.n_outputs, words.shape[1]), dtype=np.uint64)
    tasks: dict[str, Callable[[], object]] = {
        "btfnet, words, 1 thread": lambda: program.words(words, threads=1),
        f"btfnet, words, {n_threads} threads": lambda: program.words(words, threads=n_threads),
        "btfnet, rows of bytes, 1 thread": lambda: program.rows(rows, threads=1),
        f"btfnet, rows of bytes, {n_threads} threads": lambda: program.rows(rows, threads=n_threads),
        "NumPy float32, sign(x @ w), 1 thread": lambda: network(floats),
    }
    if library is not None:
        tasks["exported C, words, gcc -O3 -march=native"] = lambda: library.circuit_block(
            words.ctypes.data, c_out.ctypes.data, words.shape[1]
        )

    def check() -> None:
        expected = unpack_bits(program.words(words), n_items)
        answers["rows"] = program.rows(rows) == 1
        answers["NumPy"] = network(floats) > 0
        if library is not None:
            library.circuit_block(words.ctypes.data, c_out.ctypes.data, words.shape[1])
            answers["C"] = unpack_bits(c_out, n_items)
        for name, outputs in answers.items():
            if not (outputs == expected).all():
                raise click.ClickException(f"{name} computes other outputs than the program on words.")

    return {name: _discard(task) for name, task in tasks.items()}, check


def _discard(task: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        task()

    return call


def measure(tasks: dict[str, Callable[[], None]], rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds of a call of each task: median and least."""
    clocks = {name: time.perf_counter if "threads" in name else time.thread_time for name in tasks}
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            begun = clocks[name]()
            task()
            taken[name].append(clocks[name]() - begun)
    return {name: (float(np.median(seconds)), min(seconds)) for name, seconds in taken.items()}


@options.command(__doc__)
@click.option("--widths", default="32,32,32,32,32,32", show_default=True)
@click.option("--items", default=1 << 18, show_default=True)
@click.option("--rounds", default=21, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(widths: str, items: int, rounds: int, seed: int, as_json: bool) -> None:
    layers = [int(width) for width in widths.split(",")]
    circuit = random_gates(layers, np.random.default_rng(seed))
    with tempfile.TemporaryDirectory() as folder:
        tasks, check = ways(circuit, layers, items, Path(folder))
        check()
        seconds = measure(tasks, rounds)
    n_gates, program = len(circuit.gates), circuit.program
    figures = [
        {
            "way": name,
            "gate_items_per_second": n_gates * items / median,
            "rows_per_second": items / median,
            "gate_items_per_second_quickest": n_gates * items / least,
        }
        for name, (median, least) in seconds.items()
    ]
    if as_json:
        click.echo(
            json.dumps({"widths": layers, "items": items, "gates": n_gates, "figures": figures}, indent=2)
        )
        return
    size = f"{program.n_steps} steps, {program.n_rows} rows of {program.n_words} words"
    click.echo(f"{n_gates} gates, {size}; {items} items\n")
    click.echo("| way | gate·items per second | quickest call | rows per second |\n|---|---|---|---|")
    for row in figures:
        click.echo(
            f"| {row['way']} | {row['gate_items_per_second']:.2g} | "
            f"{row['gate_items_per_second_quickest']:.2g} | {row['rows_per_second']:.2g} |"
        )


if __name__ == "__main__":
    main()
