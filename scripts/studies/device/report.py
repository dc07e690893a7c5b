"""The tables of docs/device.md, from rows.jsonl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.lib.rows import RowStore
from scripts.lib.tables import markdown

ROWS = RowStore(Path(__file__).parent / "rows.jsonl", ("what", "device", "name"))


def latest(what: str) -> list[dict[str, Any]]:
    """Of rows with one key the last."""
    return list({ROWS.key_of(row): row for row in ROWS.all() if row["what"] == what}.values())


def table_of_bytes() -> str:
    return markdown(
        ("network, items", "layout of the edges", "trials", "bytes", "ns at 3.35 TB/s: arithmetic, not measured"),
        [
            (f"{row['network']}, {row['items']}", row["layout"], str(row["trials"]), f"{row['bytes']:.0f}",
             f"{row['ns_at_3.35_TB_per_second']:.3f}")
            for row in latest("bytes")
        ],
    )  # fmt: skip


def table_of_speed() -> str:
    lines = []
    for facts in latest("speed"):
        where = f"{facts['platform']}, load {facts['load']}"
        for row in facts["batches"]:
            lines.append((
                where, row["layout"], str(row["trials"]), f"{row['ns']:.3g}", f"{row['ns_least']:.3g}",
                f"{row['bytes']:.0f}", f"{row['bytes_per_second'] / 1e9:.1f}", f"{row['share_of_copy']:.0%}",
            ))  # fmt: skip
        sweep = facts["sweep"]
        lines.append((where, "the engine rrr, one thread", "1", f"{sweep['ns']:.3g}", f"{sweep['ns_least']:.3g}",
                      "", "", ""))  # fmt: skip
    return markdown(
        ("device", "layout of the edges", "trials", "ns", "least", "bytes", "GB/s", "of a copy"), lines
    )


def table_of_solutions() -> str:
    return markdown(
        ("engine", "device", "seconds", "exact", "iterations of all trials", "wrong bits of the best"),
        [
            (row["name"], row["platform"], f"{row['seconds']:.0f}", "yes" if row["exact"] else "no",
             str(sum(row["iterations"])), str(min(bits for bits in row["wrong_bits"] if bits is not None)))
            for row in latest("solution")
        ],
    )  # fmt: skip
