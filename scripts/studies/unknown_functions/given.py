"""Others' data, read where they lie: --data or BTFNET_DATA names the folder. They are in no commit.

iwls2020-even.tar.gz            truth tables of the IWLS 2020 contest: iwls2020/{train,validation,test}/*.pla
iwls2020_baselines_even.csv     how the contest's published circuits do on the same tests
lwl/maj13_2_3_train, _test      nested majorities of 13 inputs (Elser, "Learning without loss")
"""

from __future__ import annotations

import csv
import tarfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from scripts.studies.unknown_functions.items import Benchmark, Part

TABLES, BASELINES = "iwls2020-even.tar.gz", "iwls2020_baselines_even.csv"
PARTS = {"train": "train", "validation": "valid", "test": "test"}
"""Folders of the archive, and what their files' names say."""


def needed(folder: Path | None) -> Path:
    if folder is None:
        raise click.UsageError("this benchmark is others' data: name the folder with --data or BTFNET_DATA.")
    return folder


@cache
def _archive(path: Path) -> dict[str, bytes]:
    """Every table of the archive by its file's name; it is read once, for it is one compressed stream."""
    if not path.exists():
        raise click.UsageError(f"{path}: there is no such file; name the folder that has it with --data.")
    with tarfile.open(path) as archive:
        return {
            Path(member.name).name: archive.extractfile(member).read()
            for member in archive
            if member.isfile() and member.name.endswith(".pla")
        }


def contest_function(folder: Path, name: str) -> Benchmark:
    """One function of the IWLS 2020 contest, one output, 6400 items each to train, to choose and to judge."""
    tables = _archive(folder / TABLES)
    train, validation, test = (minterms(tables[f"{name}.{part}.pla"].decode()) for part in PARTS.values())
    return Benchmark(train, validation, test)


def minterms(text: str) -> Part:
    """The rows of a PLA file that has only rows of bits, no don't care."""
    pairs = [line.split() for line in text.splitlines() if line.strip() and line[0] not in ".#"]
    inputs, outputs = (np.array([list(pair[side].encode()) for pair in pairs]) for side in (0, 1))
    for bits in (inputs, outputs):
        if not np.isin(bits, (48, 49)).all():
            raise click.ClickException(
                "a table has a row with something else than 0 and 1; minterms were expected."
            )
    return Part((inputs - 48).astype(np.uint8), (outputs - 48).astype(np.uint8))


def nested_majorities(folder: Path) -> Benchmark:
    """13 inputs, nested majorities of three: 4096 rows seen, the other 4096 unseen."""
    parts = []
    for part in ("train", "test"):
        path = folder / "lwl" / f"maj13_2_3_{part}"
        numbers = np.loadtxt(path, skiprows=1).astype(np.uint8)
        parts.append(Part(numbers[:, :-1], numbers[:, -1:]))
    return Benchmark(parts[0], None, parts[1])


class Published(NamedTuple):
    """A team's circuit on a function's test items: the fraction right, and its Ands."""

    team: str
    name: str
    accuracy: float
    ands: int


def published(folder: Path) -> list[Published]:
    """What the contest's teams published, judged by the same tests."""
    with (folder / BASELINES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Published(f"team {team}", row["ex"], float(row[f"team{team}_acc"]) / 100, int(row[f"team{team}_and"]))
        for team in (2, 9, 6)
        for row in rows
    ]
