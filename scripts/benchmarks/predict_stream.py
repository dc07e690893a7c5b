"""`btfnet predict` on a file larger than it may hold: seconds and the most memory it ever held.

    python scripts/benchmarks/predict_stream.py  # 2 GB .npy, and a .csv of a quarter of the rows
    python scripts/benchmarks/predict_stream.py --gigabytes 0.2

Random rows for a random circuit of 32-32-32-32-32-32; the output is checked against the circuit at its end. Files
go to a folder that is removed again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np

from btfnet import Circuit
from btfnet.bench.engines import random_gates
from btfnet.formats import write_circuit
from btfnet.formats.arrays.npy_rows import RowWriter
from btfnet.formats.csv.rows import csv_text
from scripts.lib import options

N_COLUMNS, ROWS_AT_ONCE = 32, 1 << 18
MIB = 2**20


def write_rows(path: Path, n_rows: int) -> np.ndarray:
    """Random rows; the last ones are returned."""
    rng, last = np.random.default_rng(0), np.zeros((0, N_COLUMNS), dtype=np.int8)
    with open(path, "wb") as file:
        writer = RowWriter(file, N_COLUMNS, n_rows) if path.suffix == ".npy" else None
        for first in range(0, n_rows, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, n_rows - first)
            bits = np.unpackbits(np.frombuffer(rng.bytes(count * N_COLUMNS // 8), dtype=np.uint8))
            last = bits.reshape(count, N_COLUMNS).astype(np.int8)
            file.write(csv_text(last)) if writer is None else writer.write(last)
    return last


def run(arguments: list[str]) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of the processor, and the peak of the process in bytes."""
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "btfnet", *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise click.ClickException("the command failed; see above.")
    busy, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    return time.monotonic() - begun, busy, peak * (1 if sys.platform == "darwin" else 1024)


def check(path: Path, circuit: Circuit, last: np.ndarray) -> None:
    """The last rows of the output are what the circuit says."""
    if path.suffix == ".npy":
        outputs = np.load(path, mmap_mode="r")[-1000:]
    else:
        with open(path, "rb") as file:
            file.seek(-1000 * 2 * N_COLUMNS, os.SEEK_END)
            outputs = np.loadtxt(file, delimiter=",", dtype=np.int8)
    if not (outputs == (circuit.predict(last[-1000:]) > 0)).all():
        raise click.ClickException(f"{path.name}: the last rows are wrong.")


@options.command(__doc__)
@click.option("--gigabytes", default=2.0, show_default=True)
@click.option("--jobs", default=2, show_default=True)
def main(gigabytes: float, jobs: int) -> None:
    circuit = random_gates([32] * 6, np.random.default_rng(0))
    n_rows = max(1000, int(gigabytes * 1e9 / N_COLUMNS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_circuit(folder / "model.json", circuit)
        write_rows(folder / "one.npy", 1)
        model = str(folder / "model.json")
        _, start, least = run(["predict", model, str(folder / "one.npy"), str(folder / "out.npy"), "--force"])
        click.echo(f"1 row           {least / MIB:7.0f} MiB peak, {start:5.1f} s of processor: the start")
        for suffix, count in ((".npy", n_rows), (".csv", n_rows // 4)):
            source, out = folder / f"rows{suffix}", folder / f"out{suffix}"
            last = write_rows(source, count)
            options = ["--jobs", str(jobs), "--force"]
            seconds, busy, peak = run(["predict", model, str(source), str(out), *options])
            check(out, circuit, last)
            size = source.stat().st_size / MIB
            click.echo(
                f"{suffix} {count:>11} rows {size:7.0f} MiB in, {peak / MIB:5.0f} MiB peak, "
                f"{busy:5.1f} s of processor, {seconds:5.1f} s by the clock"
            )
            source.unlink()
            out.unlink()


if __name__ == "__main__":
    main()
