"""Damaged and hostile files of every format: each gives a true value, or one sentence that names the file.

    python scripts/checks/fuzz/readers.py                             # 10 000 files for each reader
    python scripts/checks/fuzz/readers.py --files 500 --reader pla --reader npz --seed 7

Good files are mutated in ways that know their format (text.py, binary.py): sections
swapped, lines and cells dropped and repeated, counts and names changed, numbers made extreme, brackets nested,
bytes flipped, files cut, joined and encoded otherwise; headers, directories and digests of binary files stay
consistent, so that what lies behind them is reached. What is read is written again and must read the same; a
circuit must do the same.

No file may take more than SECONDS of processor time or LIMIT bytes (the address space is limited, and one file
in ten is read under tracemalloc), nor raise anything but a `BtfnetError` of a few printable lines, nor warn but
as btfnet does. What breaks a promise is kept in --broken, one file for each kind, and told at the end.
"""

from __future__ import annotations

import re
import resource
import signal
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click
import numpy as np

from btfnet.errors import BtfnetError, BtfnetWarning, UsageError
from scripts.checks.fuzz.catalogue import readers
from scripts.checks.fuzz.laws import Reader, Refused
from scripts.lib import options

SECONDS, HANGS = 2.0, 20
"""Of the processor for one file; of the clock until it is given up."""
LIMIT = 1 << 30
"""Bytes that the process may grow by."""
PEAK_BASE, PEAK_PER_BYTE = 1 << 24, 400
"""What reading may take, and for each byte of the file."""
LONGEST = 1500
"""Signs of a message."""


class Broken(AssertionError):
    """A promise that did not hold."""


@dataclass
class Tally:
    """What became of a reader's files."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    broken: dict[str, bytes] = field(default_factory=dict)


def examine(reader: Reader, path: Path, tally: Tally, *, traced: bool) -> None:
    """Read one file. Raises whatever should not be."""
    begun = time.process_time()
    if traced:
        tracemalloc.start()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", BtfnetWarning)
            value = reader.read(path)
            spent = time.process_time() - begun
            peak = tracemalloc.get_traced_memory()[1] if traced else 0
            if not traced:
                reader.check(value, path)
        tally.read += 1
    except BtfnetError as error:
        spent = time.process_time() - begun
        peak = tracemalloc.get_traced_memory()[1] if traced else 0
        _check_message(error, path)
        tally.refused += 1
        tally.reasons[_reason(str(error), path)] += 1
    finally:
        if traced:
            tracemalloc.stop()
    tally.slowest = max(tally.slowest, 0 if traced else spent)
    size = path.stat().st_size
    if spent > SECONDS * (4 if traced else 1):
        raise Broken(f"{spent:.1f} s for {size} bytes")
    if peak > PEAK_BASE + PEAK_PER_BYTE * size:
        raise Broken(f"{peak >> 20} MiB for {size} bytes")


def _check_message(error: BtfnetError, path: Path) -> None:
    text = str(error)
    if isinstance(error, UsageError):
        raise Broken(f"a file's fault told as wrong usage: {text[:200]!a}") from error
    if path.name not in text and path.parent.name not in text:
        raise Broken(f"without the file's name: {text[:200]!a}") from error
    if re.match(rf"{re.escape(str(path))}(:\d+)?: {re.escape(str(path))}", text) and not isinstance(
        error, Refused
    ):
        raise Broken(f"the file's name twice: {text[:200]!a}") from error
    if len(text) > LONGEST and not isinstance(error, Refused):
        raise Broken(f"{len(text)} signs: {text[:200]!a}") from error
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise Broken(f"not printable: {text[:400]!a}") from error


def _reason(text: str, path: Path) -> str:
    """The kind of a refusal: its text without names, numbers and quoted words."""
    return re.sub(r"'.*?'|\"|-?[0-9.]+", "#", text.replace(str(path), ""))[:50]


def _kind(error: BaseException) -> str:
    """Where something broke: the error, and the last place in btfnet."""
    source, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "btfnet" in name and "scripts" not in name:
            source = f"{Path(name).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    message = re.sub(r"[0-9.]+", "#", str(error))[:60]
    return f"{type(error).__name__} at {source}: {message}"


def _give_up(signal_number: int, frame: FrameType | None) -> None:
    raise Broken(f"no end after {HANGS} s")


def fuzz(name: str, reader: Reader, n_files: int, seed: int) -> Tally:
    """So many files for a reader, drawn from the seed."""
    rng = np.random.default_rng([seed, *name.encode()])
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (reader.suffix if "." in reader.suffix[1:] else f"x{reader.suffix}")
        for other, data in reader.beside.items():
            (path.parent / other).write_bytes(data)
        for data in reader.samples:
            path.write_bytes(data)
            _one(reader, path, data, tally, traced=False)
        for number in range(n_files):
            data = reader.mutate(reader.samples[int(rng.integers(len(reader.samples)))], rng)
            path.write_bytes(data)
            _one(reader, path, data, tally, traced=number % 10 == 9)
    return tally


def _one(reader: Reader, path: Path, data: bytes, tally: Tally, *, traced: bool) -> None:
    signal.alarm(HANGS)
    try:
        examine(reader, path, tally, traced=traced)
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        kind = _kind(error)
        if kind not in tally.broken or len(data) < len(tally.broken[kind]):
            tally.broken[kind] = data
    finally:
        signal.alarm(0)


@options.command(__doc__)
@click.option("--files", default=10_000, show_default=True, help="For each reader.")
@click.option("--seed", default=0, show_default=True)
@click.option("--reader", "names", multiple=True, type=click.Choice(list(readers())), help="All by default.")
@click.option("--broken", type=click.Path(path_type=Path), default="broken", help="Where failures are kept.")
@click.option("--reasons", is_flag=True, help="List why files were refused.")
def main(files: int, seed: int, names: tuple[str, ...], broken: Path, reasons: bool) -> None:
    signal.signal(signal.SIGALRM, _give_up)
    chosen = {name: reader for name, reader in readers().items() if not names or name in names}
    for name, reader in chosen.items():  # everything is imported and compiled
        fuzz(name, reader, 20, 0)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + LIMIT, used + LIMIT))
    n_broken = 0
    for name, reader in chosen.items():
        begun = time.monotonic()
        tally = fuzz(name, reader, files, seed)
        counts = f"{tally.read:>6} read {tally.refused:>6} refused, {len(tally.reasons):>4} reasons"
        click.echo(f"{name:<16} {counts}; {time.monotonic() - begun:5.0f} s, slowest {tally.slowest:.2f} s")
        for reason, count in tally.reasons.most_common(30 if reasons else 0):
            click.echo(f"{count:>10}  {reason}")
        for number, (kind, data) in enumerate(tally.broken.items()):
            broken.mkdir(exist_ok=True)
            (broken / f"{name}-{number}{reader.suffix}").write_bytes(data)
            click.echo(f"    BROKEN {name}-{number}: {kind}")
        n_broken += len(tally.broken)
    sys.exit(1 if n_broken else 0)


if __name__ == "__main__":
    main()
