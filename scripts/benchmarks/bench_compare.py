"""Compare the speed of two commits in one run: A B A B …, medians, and the ratio B / A.

    python scripts/benchmarks/bench_compare.py main~5 main  # two commits
    python scripts/benchmarks/bench_compare.py HEAD .       # the last commit and the working tree as it is
    python scripts/benchmarks/bench_compare.py HEAD HEAD    # how large the noise is

Each commit is checked out into a temporary git worktree and runs in a process of its own, with a cache of its
own for compiled kernels (compiling takes a minute or two). The two take turns within a fraction of a second,
so that a busy moment of the machine meets both; a ratio is taken in each round, and its median and quartiles
over the rounds are printed. A figure that a commit cannot measure is a dash.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import numpy as np

from scripts.lib import options
from scripts.lib.pages import ROOT

WORKING_TREE = "."
FIGURES = {
    "kernel_1": "kernel, 1 thread (ns)",
    "kernel_2": "kernel, 2 threads (ns)",
    "small": "60 edges, 16 items (µs)",
    "descent": "descent (ms per sweep)",
}

# What runs inside each commit. Only what has been there from the first commits on is used outside of `try`.
WORKER = """
import sys, time
import numpy as np

def problem(widths, n_items):
    from btfnet import Network, Problem
    rng = np.random.default_rng(0)
    inputs = np.where(rng.random((n_items, widths[0])) < 0.5, np.float32(-1), np.float32(1))
    _, which = np.unique(inputs, axis=0, return_inverse=True)
    outputs = np.where(rng.random((n_items, widths[-1])) < 0.5, -1, 1)[which.ravel()]
    return Problem.from_arrays(inputs, outputs, Network.layered(widths))

def first_of(*places):
    from importlib import import_module
    for module, name in places:
        try:
            return getattr(import_module(module), name)
        except (ImportError, AttributeError):
            pass
    raise ImportError(" or ".join(f"{module}.{name}" for module, name in places))

def kernel(widths, n_items, threads, iterations, unit):
    from btfnet import Settings
    NetworkStepper = first_of(
        ("btfnet.engines.projections.stepper", "NetworkStepper"), ("btfnet.boolnet", "NetworkStepper")
    )
    task = problem(widths, n_items)
    more = {"threads": threads} if threads > 1 else {}
    stepper = NetworkStepper(task, Settings(beta=0.3, gamma=3e-4), np.random.default_rng(1), **more)
    parts = iterations if unit == 1e6 else iterations * task.network.n_edges * n_items
    return (lambda: stepper.advance(iterations, 0.0)), parts / unit

def descent():
    GateSearch = first_of(
        ("btfnet.engines.descent.local_search", "GateSearch"), ("btfnet.descent", "Walker")
    )
    search = GateSearch.of(problem((32, 32, 32, 32), 512), np.random.default_rng(1))
    search.walk(20)
    return (lambda: search.walk(2)), 4e-3

MAKE = {
    "kernel_1": lambda: kernel((32,) * 6, 512, 1, 2, 1e9),
    "kernel_2": lambda: kernel((32,) * 6, 512, 2, 2, 1e9),
    "small": lambda: kernel((4,) * 4, 16, 1, 2000, 1e6),
    "descent": descent,
}
ready = {}

def make(name):
    try:
        ready[name] = MAKE[name]()
        ready[name][0]()
        return "ready"
    except Exception as error:
        return "missing " + " ".join(f"{type(error).__name__}: {error}".split())

def turn(name, seconds):
    call, count = ready[name]
    taken, begun = [], time.perf_counter()
    while not taken or time.perf_counter() - begun < seconds:
        before = time.perf_counter()
        call()
        taken.append(time.perf_counter() - before)
    return repr(float(np.median(taken)) / count)

for line in sys.stdin:
    name, seconds = line.split()
    print(turn(name, float(seconds)) if name in ready else make(name), flush=True)
"""


class Worker:
    """A commit, running."""

    def __init__(self, tree: Path, cache: Path) -> None:
        self.missing: dict[str, str] = {}
        environment = {**os.environ, "PYTHONPATH": str(tree), "NUMBA_CACHE_DIR": str(cache)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=tree,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, name: str, seconds: float = 0) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name} {seconds}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise click.ClickException(f"a worker ended with exit code {self.process.wait()}; see above.")
        return line

    def has(self, name: str) -> bool:
        """Whether the commit could make the figure; reads the answer to the first `send`."""
        answer = self.answer()
        if answer != "ready":
            self.missing[name] = answer.removeprefix("missing ")
        return answer == "ready"

    def time(self, name: str, seconds: float) -> float:
        self.send(name, seconds)
        return float(self.answer())

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


@contextmanager
def checked_out(revision: str, folder: Path) -> Iterator[Path]:
    """A worktree of the revision, removed afterwards; the working tree itself for `.`."""
    if revision == WORKING_TREE:
        yield ROOT
        return
    git("worktree", "add", "--detach", str(folder), revision)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.strip()


def compare(workers: list[Worker], names: list[str], rounds: int, seconds: float) -> dict[str, np.ndarray]:
    """Figures of both in every round, (rounds, 2); NaN where a commit lacks one. Who goes first alternates."""
    has = []
    for name in names:
        for worker in workers:
            worker.send(name)  # both compile at the same time
        has.append([worker.has(name) for worker in workers])
    figures = {name: np.full((rounds, 2), np.nan) for name in names}
    for turn in range(rounds):
        for name, there in zip(names, has, strict=True):
            for which in (0, 1) if turn % 2 == 0 else (1, 0):
                if there[which]:
                    figures[name][turn, which] = workers[which].time(name, seconds)
    return figures


def table(figures: dict[str, np.ndarray], revisions: list[str]) -> list[str]:
    """Markdown: medians, and the ratio with its quartiles."""
    lines = [f"| figure | A {revisions[0]} | B {revisions[1]} | B / A | quartiles |", "|---|---|---|---|---|"]
    for name, values in figures.items():
        medians = [cell(value) for value in np.median(values, axis=0)]
        low, middle, high = np.percentile(values[:, 1] / values[:, 0], [25, 50, 75])
        between = "–" if np.isnan(low) else f"{low:.2f} … {high:.2f}"
        lines.append(f"| {FIGURES[name]} | {medians[0]} | {medians[1]} | {cell(middle)} | {between} |")
    return lines


def cell(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3g}"


@options.command(__doc__)
@click.argument("rev_a")
@click.argument("rev_b")
@click.option("--rounds", default=15, show_default=True)
@click.option("--seconds", default=0.1, show_default=True, help="Least duration of a turn.")
@click.option(
    "--only", multiple=True, type=click.Choice(list(FIGURES)), help="Only these figures; repeatable."
)
def main(rev_a: str, rev_b: str, rounds: int, seconds: float, only: tuple[str, ...]) -> None:
    revisions = [
        rev if rev == WORKING_TREE else git("rev-parse", "--short", f"{rev}^{{commit}}")
        for rev in (rev_a, rev_b)
    ]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="btfnet-compare-")))
        workers = []
        for letter, revision in zip("ab", revisions, strict=True):
            tree = stack.enter_context(checked_out(revision, folder / letter))
            workers.append(Worker(tree, folder / f"cache-{letter}"))
            stack.callback(workers[-1].close)
        click.echo("Compiling both …", err=True)
        figures = compare(workers, list(only or FIGURES), rounds, seconds)
        click.echo("\n".join(table(figures, revisions)))
        for letter, worker in zip("AB", workers, strict=True):
            for name, reason in worker.missing.items():
                click.echo(f"{letter} cannot measure {FIGURES[name]}: {reason}")


if __name__ == "__main__":
    main()
