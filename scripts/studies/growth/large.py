"""Two searches on more data than fit as numbers, by the command: found or not, in which memory, how fast.

    python scripts/studies/growth/large.py --folder /somewhere/with/space  # those that are missing
    large.py 1000000x64 --folder …  # one size, printed only

A file is written, its outputs those of a small circuit (planted.py): `.npy` of int8, or `.npz` with inputs as
words. Then `btfnet solve --data FILE --engine descent --trials 1 --jobs 1 --out RUN` runs in a process of its own.
Rows are kept in large.jsonl: the peak of that process's memory, seconds on the clock of the command and of the
walk until it was exact, and the sweeps of that walk.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np

from btfnet import PackedBits
from btfnet.problem.packing import Packer
from scripts.lib import options
from scripts.lib.pages import ROOT
from scripts.lib.rows import Row, RowStore
from scripts.studies.growth.planted import items_of, planted

STORE = RowStore(Path(__file__).with_name("large.jsonl"), ("items", "inputs", "form"))
SIZES = ((10_000_000, 64), (100_000, 4096))
FORMS = ("npy", "npz")


def write(path: Path, n_items: int, n_inputs: int) -> None:
    """A file of items, never all of them in memory as more than bits."""
    rng = np.random.default_rng([n_items, n_inputs])
    circuit = planted(n_inputs, rng)
    if path.suffix == ".npy":
        rows = np.lib.format.open_memmap(path, "w+", np.int8, (n_items, n_inputs + 1))
        first = 0
        for inputs, outputs in items_of(circuit, n_items, rng):
            rows[first : first + len(inputs)] = np.hstack([inputs, outputs])
            first += len(inputs)
        return
    columns, answers = Packer(n_items, n_inputs), []
    for inputs, outputs in items_of(circuit, n_items, rng):
        columns.add(inputs)
        answers.append(outputs)
    words = PackedBits(columns.columns, n_items).row_words()
    np.savez(path, input_words=words, n_inputs=n_inputs, outputs=np.concatenate(answers))


def solved(path: Path, n_inputs: int, run: Path) -> Row:
    """The command, in a process of its own; what it said, and what it took."""
    command = [sys.executable, "-m", "btfnet", "solve", "--data", str(path), "--inputs", str(n_inputs)]
    command += [f"--{name}={value}" for name, value in (("engine", "descent"), ("trials", 1), ("jobs", 1))]
    command += ["--json", "--quiet", "--force", "--out", str(run)]
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    record = json.loads(said)
    with (run / "trace.csv").open() as file:
        last = list(csv.DictReader(file))[-1]
    return {
        "code": os.waitstatus_to_exitcode(status), "exact": record["exact"],
        "gates": sum(record["gates"].values()),
        "peak": 1024 * used.ru_maxrss, "seconds": time.monotonic() - begun, "sweeps": int(last["iteration"]),
        "walk": float(last["seconds"]), "processor": used.ru_utime + used.ru_stime,
    }  # fmt: skip


def measured(items: int, inputs: int, form: str, folder: Path) -> Row:
    path = folder / f"{items}x{inputs}.{form}"
    with ProcessPoolExecutor(
        1, get_context("spawn")
    ) as pool:  # a process's peak begins at that of who starts it
        pool.submit(write, path, items, inputs).result()
    row = {"items": items, "inputs": inputs, "form": form, "bytes": path.stat().st_size}
    row |= solved(path, inputs, folder / f"run-{path.stem}-{form}")
    path.unlink()
    return row


@options.command(__doc__)
@click.argument("size", required=False)
@click.option(
    "--folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where files go.",
)
def main(size: str | None, folder: Path) -> None:
    if size is None:
        keys = [(items, inputs, form) for items, inputs in SIZES for form in FORMS]
        STORE.fill(keys, lambda items, inputs, form: measured(items, inputs, form, folder))
        return
    items, inputs = map(int, size.split("x"))
    for form in FORMS:
        click.echo(json.dumps(measured(items, inputs, form, folder)))


if __name__ == "__main__":
    main()
