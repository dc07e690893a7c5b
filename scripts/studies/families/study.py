"""Which of the contest's functions are recognised by name, with which circuit, and how that does on unseen rows.

    python scripts/studies/families/study.py --data DIR   # writes the table of docs/families.md; a minute
    study.py --data DIR ex28 ex46

DIR (or BTFNET_DATA) has others' data, which are in no commit. Only training and validation rows are given.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

import btfnet
from btfnet.logic.aig.gates import aig_of
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import markdown, percent
from scripts.studies.unknown_functions.benchmarks import IWLS
from scripts.studies.unknown_functions.cases import MOST_ANDS
from scripts.studies.unknown_functions.given import contest_function
from scripts.studies.unknown_functions.items import Benchmark, Part, right_of

COLUMNS = ("", "recognised as", "circuit", "gates", "Ands", "items %", "unseen %", "s")


class Named(NamedTuple):
    """What was recognised of a benchmark with one output.

    found   None where nothing was
    unseen  fraction of the test rows that its circuit gets right; None without one
    """

    found: btfnet.Recognised | None
    unseen: float | None
    ands: int | None
    seconds: float


def recognised(given: Benchmark, error: float = 0.0) -> Named:
    """From the training and validation rows alone, judged by the test rows."""
    parts = [given.train] if given.validation is None else [given.train, given.validation]
    rows = Part(
        np.concatenate([part.inputs for part in parts]), np.concatenate([part.answers for part in parts])
    )
    n_validation = len(rows) - len(given.train)
    problem = btfnet.Problem.from_bits(rows.inputs, rows.answers, n_validation=n_validation)
    begun = time.process_time()
    found = next(iter(btfnet.recognise(problem, error=error, max_ands=MOST_ANDS)), None)
    seconds = time.process_time() - begun
    if found is None or found.circuit is None:
        return Named(found, None, None, seconds)
    unseen, _ = right_of(found.circuit.predict(given.test.inputs), given.test)
    return Named(found, unseen, aig_of(found.circuit).n_ands, seconds)


def line(name: str, named: Named) -> list[str]:
    found = named.found
    assert found is not None
    items = percent(min(found.train, found.validation if found.validation == found.validation else 1))
    if found.circuit is None:
        return [name, found.name, f"more than {MOST_ANDS} Ands", "", "", "", "", f"{named.seconds:.1f}"]
    kind = "exact" if found.exact else "nearby"
    sizes = [str(len(found.circuit.gates)), str(named.ands)]
    return [name, found.name, kind, *sizes, items, percent(named.unseen), f"{named.seconds:.1f}"]


@options.command(__doc__)
@click.argument("names", nargs=-1, type=click.Choice(IWLS))
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="BTFNET_DATA",
    required=True,
    help="The folder of others' data.",
)
def main(names: tuple[str, ...], data: Path) -> None:
    recognised(contest_function(data, IWLS[0]))  # compiles
    rows = {name: recognised(contest_function(data, name)) for name in names or IWLS}
    table = markdown(COLUMNS, [line(name, named) for name, named in rows.items() if named.found])
    without = sorted(name for name, named in rows.items() if named.found is None)
    slowest = max(named.seconds for named in rows.values())
    text = f"{table}\nNot recognised: {', '.join(without)}. The slowest took {slowest:.1f} s of one core.\n"
    click.echo(text)
    if not names:
        write_part(DOCS / "families.md", "recognised", text)


if __name__ == "__main__":
    main()
