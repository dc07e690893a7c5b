"""Tables of `pla_tables` as btfnet and as ABC read them.

btfnet reads the unusual spelling. Its ON set, ON and DC sets together, and its OFF set must be those that ABC
reads from the plain spelling (read_pla, -d, -z), and from the other one where that is ABC's dialect too.

Sums of exclusive Ors (.type esop) are left out: ABC 1.01 reads them as plain sums, with -x as well.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from btfnet.errors import BtfnetWarning
from btfnet.formats import read_circuit
from btfnet.formats.pla.reader import read_table
from btfnet.formats.recognise import format_of
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.logic.truth_table import OFF, ON, OPEN
from btfnet.tools import running
from support.pla_tables import Sample, Spelling, plain

SECONDS = 300
FILES = ["{}", "{}.rom", "{}.pla", "{}.txt"]


class Disagreement(Exception):
    """A table that btfnet and ABC read differently; the text says which."""


def flags_of(kind: str) -> dict[str, int]:
    """How ABC is asked for a table's sets, and which sets these are."""
    asked = {"": ON} if "f" in kind else {}
    if "f" in kind and "d" in kind:
        asked["-d"] = ON | OPEN
    return asked | ({"-z": OFF} if "r" in kind else {})


def compare_tables(samples: list[tuple[Sample, Spelling]], folder: Path) -> int:
    """Write, let ABC read, read, and prove equal. How many tables ABC read in the unusual spelling itself.

    Raises `Disagreement`.
    """
    commands, both = [], 0
    for number, (sample, spelling) in enumerate(samples):
        path = folder / FILES[number % len(FILES)].format(f"t{number}")
        path.write_bytes(spelling.text.encode())
        (folder / f"plain{number}.pla").write_text(plain(sample))
        both += spelling.abc
        for form, name in ((f"plain{number}.pla", "plain"), (path.name, "same")):
            if name == "plain" or spelling.abc:
                commands += [
                    f"read_pla {flag} {form}; write_blif {name}{number}{flag}.blif"
                    for flag in flags_of(sample.kind)
                ]
    running.run_script("abc", "\n".join(commands) + "\n", seconds=SECONDS, cwd=folder)
    for number, (sample, spelling) in enumerate(samples):
        _compare(number, sample, spelling, folder)
    return both


def _compare(number: int, sample: Sample, spelling: Spelling, folder: Path) -> None:
    path = folder / FILES[number % len(FILES)].format(f"t{number}")
    if format_of(path) != ".pla":
        raise Disagreement(f"{path} is taken for {format_of(path)!r}: {spelling.ways}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BtfnetWarning)
        table = read_table(path)
    for flag, sets in flags_of(sample.kind).items():
        ours = table.cover(sets)
        for name in ("plain", *(["same"] if spelling.abc else [])):
            theirs = read_circuit(folder / f"{name}{number}{flag}.blif")
            found = prove_equal(theirs, ours, time_limit=60)
            if not found.equal:
                raise Disagreement(f"{path} ({sample.kind} {flag}, {name}): {found} {spelling.ways}")
            for given, abc, names in (
                (sample.input_names, theirs.input_names, table.input_names),
                (sample.output_names, theirs.output_names, table.output_names),
            ):
                if given and abc != names:
                    raise Disagreement(f"{path}: the names {abc} and {names}")
