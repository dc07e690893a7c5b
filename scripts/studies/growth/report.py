"""The tables and the picture of docs/large_data.md, from the rows of study.py and large.py beside this file.

python scripts/studies/growth/report.py
"""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.wording import number
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.growth import large, study
from scripts.studies.growth.fits import LEAST_BYTES, grown, growth, series, upper_half
from scripts.studies.growth.picture import NAMES, picture

PAGE = DOCS / "large_data.md"
FORMS = {"npy": "`.npy`, int8", "npz": "`.npz`, words"}


def table(rows: Sequence[Row], name: str) -> str:
    """What a sweep takes as one size grows, beside each other for both kinds of networks."""
    by_kind = {kind: {row[name]: row for row in series(rows, kind, name)} for kind in study.KINDS}
    lines = []
    for size in study.SERIES[name]:
        both = [by_kind[kind].get(size) for kind in study.KINDS]
        lines.append([number(size), *map(_sweep, both), *map(_memory, both)])
    kinds = [NAMES[kind] for kind in study.KINDS]
    heads = (name, *(f"ms of a sweep, {kind}" for kind in kinds), *(f"MiB, {kind}" for kind in kinds))
    return markdown(heads, lines)


def _sweep(row: Row | None) -> str:
    return "–" if row is None else f"{1000 * row['sweep']:.3g}"


def _memory(row: Row | None) -> str:
    if row is None:
        return "–"
    return f"{grown(row) / 2**20:.0f}" if grown(row) >= LEAST_BYTES else f"< {LEAST_BYTES >> 20}"


def exponents(rows: Sequence[Row]) -> str:
    """Exponents of the time over all sizes and from BASE on, and of the memory where it can be told apart."""
    lines = []
    for name in study.SERIES:
        for kind in study.KINDS:
            runs = series(rows, kind, name)
            told = [row for row in runs if grown(row) >= LEAST_BYTES]
            chosen = ((runs, _seconds), (upper_half(runs, name), _seconds), (told, grown))
            lines.append([name, NAMES[kind], *(_exponent(some, name, cost) for some, cost in chosen)])
    heads = ("grows", "network", "time, all sizes", "time, upper sizes", "memory")
    return markdown(heads, lines)


def _seconds(row: Row) -> float:
    return float(row["sweep"])


def _exponent(rows: Sequence[Row], name: str, cost: object) -> str:
    if len(rows) < 3 or not callable(cost):
        return "–"
    found = growth([row[name] for row in rows], [cost(row) for row in rows])
    return f"{found.exponent:.2f} ± {found.error:.2f}"


def runs(rows: Sequence[Row]) -> str:
    """The two large searches, from either form of file."""
    last = {large.STORE.key_of(row): row for row in rows}
    lines = [
        [
            f"{number(row['items'])} × {number(row['inputs'])}",
            FORMS[row["form"]],
            f"{row['bytes'] / 2**20:.0f}",
            f"{row['peak'] / 2**20:.0f}",
            "yes" if row["exact"] else "no",
            str(row["gates"]),
            str(row["sweeps"]),
            f"{row['sweeps'] / row['walk']:.2g}",
            f"{row['walk']:.0f}",
            f"{row['seconds']:.0f}",
            f"{row['processor']:.0f}",
        ]
        for row in sorted(last.values(), key=lambda row: (-row["items"], row["form"]))
    ]
    heads = ("items × inputs", "file", "MiB on disk", "peak MiB", "exact", "gates", "sweeps", "sweeps per second",
             "s of the walk", "s in all", "s of the processor")  # fmt: skip
    return markdown(heads, lines)


@options.command(__doc__)
def main() -> None:
    rows = study.STORE.all()
    for name in study.SERIES:
        write_part(PAGE, name, table(rows, name))
    write_part(PAGE, "exponents", exponents(rows))
    write_part(PAGE, "runs", runs(large.STORE.all()))
    (DOCS / "large_data.svg").write_text(picture(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
