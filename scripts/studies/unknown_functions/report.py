"""docs/unknown_functions.md, from the rows of study.py beside this file.

python scripts/studies/unknown_functions/report.py
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any

from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent, seconds
from scripts.studies.unknown_functions.benchmarks import ENTRIES, IWLS, KINDS, kind
from scripts.studies.unknown_functions.cases import (
    BUDGET,
    COMMITTEE,
    LEARNED,
    MOST_ANDS,
    RECOGNISED,
    last_rows,
    with_families,
)
from scripts.studies.unknown_functions.peers import PEERS

TREE = "decision tree"
WITH_FAMILIES = "btfnet, families too"
TEAMS = ("team 2", "team 9", "team 6")
LEARNERS = (LEARNED, RECOGNISED, COMMITTEE, *PEERS)
REACHED = 0.6
"""What no learner gets right of so much is out of their reach."""
Rows = dict[tuple[Any, ...], Row]

TEXT = """# Functions that nobody knows

How many unseen answers are right when a circuit is learned from examples of a function that nobody here made?
Beside it what other learners get from the same items.
Made by `python scripts/studies/unknown_functions/study.py`; every run stands in
[rows.jsonl](../scripts/studies/unknown_functions/rows.jsonl).

- *btfnet*: learned, by `btfnet.solve(problem)` without widths and settings, on one core in at most {budget:g} s on
  the clock; a row's `limit` says how long it had. The core had other work, too: seconds in the tables are the
  processor's.
- *recognised*: what `btfnet.recognise(problem)` knows by name ([families.md](families.md)). That is not learning,
  and stands apart. *{with_families}*: of the two what does better on the validation items; where there are none,
  on the items to train on.
- Ands: of the circuit after `btfnet.optimise`, proven to be the same.
- Peers are scikit-learn's, trained on the items to train on. Choices are made by the validation items, or, where a
  benchmark has none, by the last fifth of the others, which are not trained on then. Trees, forests and boosted
  trees are one model an output.
{peers}

## The IWLS 2020 contest

Logic synthesis meets machine learning (Rai et al., DATE 2021): 6400 rows of a function of one output to train on,
6400 to choose by, 6400 unseen; the {count} even-numbered functions from ex00 to ex88. Teams: circuits that the
contest's teams published, judged by the same rows; those of more than {most_ands} Ands were not admitted. Per cent
of the unseen rows that are right, the mean over the functions of a kind and over all.

{kinds}
{goals}{incomplete}{hard}
### Each function

Best peer: the one that is best on the unseen rows, which nobody could have chosen. Seconds are the processor's.

{functions}
## Other functions

Per cent of unseen answers that are right (bits, or classes): the mean over seeds, and the least. None of these has
validation items.

{what}

{others}"""

WHAT = {
    "maj13": "nested majorities of 13 inputs (Elser, *Learning without loss*): 4096 rows seen, 4096 unseen",
    "maj13-3, maj13-4": "complete trees of majorities of three, of depth 3 and 4, on random literals of 13 "
    "inputs; as many rows",
    "noisy-xor-10, noisy-xor-40": "whether two of twelve bits differ, 5000 items, 10 and 40 % of whose labels are "
    "wrong (Granmo, arXiv 1804.01508); test labels are right",
    "rule-30-1-flipped-2, -5": "one step of rule 30 on a ring of 16 cells, 512 items, 2 and 5 % of whose output "
    "bits are wrong; test bits are right",
    "parity-16": "whether an odd number of 16 bits is 1: 4096 rows seen, 4096 unseen",
    "breast-cancer, wine, iris": "tables of scikit-learn, 30 % of whose rows are unseen; a number becomes three "
    "bits: above the first, second, third quartile of the rows seen",
    "digits": "8×8 pixels, each one bit: darker than half of the greatest grey; 30 % of the rows are unseen",
}


def shown(value: float | None) -> str:
    return "" if value is None else percent(value)


def of(rows: Rows, learner: str, name: str, seed: int = 0) -> Row | None:
    """A learner's row of a function; None where it has none, or names nothing."""
    row = with_families(rows, name, seed) if learner == WITH_FAMILIES else rows.get((name, seed, learner))
    return row if row and row.get("accuracy") is not None else None


def all_of(rows: Rows, learner: str, names: Iterable[str] = IWLS) -> list[Row]:
    return [row for name in names if (row := of(rows, learner, name))]


# -- the contest ------------------------------------------------------------------------------------------


def kinds_table(rows: Rows) -> str:
    lines = []
    for method in (LEARNED, WITH_FAMILIES, COMMITTEE, *PEERS):
        each = [all_of(rows, method, (name for name in IWLS if kind(name) == one)) for one in KINDS]
        found = [row for group in each for row in group]
        if found:
            lines.append(_line(method, [_accuracy(group) for group in each], _accuracy(found), found))
    for team in TEAMS:
        if found := all_of(rows, team, KINDS):
            lines.append(_line(team, [row["accuracy"] for row in found], _accuracy(found), found))
    return markdown(("learner", *KINDS, "all", "functions", "gates", "Ands", "CPU"), lines)


def _line(name: str, kinds: Sequence[float | None], whole: float | None, rows: Sequence[Row]) -> list[str]:
    functions = sum(row.get("functions", 1) for row in rows)
    return [
        name, *map(shown, kinds), f"**{shown(whole)}**", str(functions),
        *(_mean(rows, name, "{:.0f}") for name in ("gates", "ands")), _mean(rows, "cpu_seconds", "{:.1f} s"),
    ]  # fmt: skip


def _accuracy(rows: Sequence[Row]) -> float | None:
    return mean(row["accuracy"] for row in rows) if rows else None


def _mean(rows: Sequence[Row], name: str, form: str) -> str:
    values = [row[name] for row in rows if row.get(name) is not None]
    return form.format(mean(values)) if values else ""


def goals(rows: Rows) -> str:
    """What was asked for, beside what is there."""
    lines = []
    for method, least in ((LEARNED, 0.93), (WITH_FAMILIES, 0.97)):
        found = all_of(rows, method)
        if not found:
            continue
        below = [row["benchmark"] for row in found if _loses(row, rows, TREE)]
        large = [row["benchmark"] for row in found if row["ands"] > MOST_ANDS]
        lines.append(
            [
                method,
                f"{shown(_accuracy(found))} (goal {shown(least)})",
                f"{len(below)}{': ' * bool(below)}{', '.join(below)} (goal 0)",
                f"{_mean(found, 'gates', '{:.0f}')} (goal 300)",
                f"{seconds(max(row['cpu_seconds'] for row in found))} (goal 240 s)",
                ", ".join(large) or "none",
                f"{sum(not _loses(row, rows, *PEERS) for row in found)} of {len(found)}",
            ]
        )
    head = ("", "mean", "below the decision tree", "gates, mean", "CPU, most", f"more than {MOST_ANDS} Ands",
            "as good as every peer on")  # fmt: skip
    return markdown(head, lines) if lines else "btfnet is not measured yet.\n"


def incomplete(rows: Rows) -> str:
    """Which functions are not measured, and on which btfnet was ended by the clock."""
    learned = all_of(rows, LEARNED)
    names = {row["benchmark"] for row in learned}
    missing, cut = [name for name in IWLS if name not in names], [row for row in learned if _cut(row)]
    text = ""
    if missing and learned:
        text += f"\nbtfnet is not measured yet on {', '.join(missing)}. On the others:\n\n" + markdown(
            ("learner", "mean"),
            [[name, shown(_accuracy(all_of(rows, name, sorted(names))))] for name in (LEARNED, *PEERS)],
        )
    if cut:
        given = ", ".join(f"{row['benchmark']} ({seconds(row['cpu_seconds'])})" for row in cut)
        text += f"\nThe clock ended btfnet before it was done, and so many seconds of the processor, on {given}.\n"
    return text


def hard(rows: Rows) -> str:
    """The functions that nobody learns, and how the learners do on the others."""
    best = {
        name: [row["accuracy"] for each in (LEARNED, *PEERS) if (row := of(rows, each, name))]
        for name in IWLS
    }
    out_of_reach = [name for name, right in best.items() if right and max(right) < REACHED]
    rest = [name for name, right in best.items() if right and name not in out_of_reach]
    if not out_of_reach or not all_of(rows, LEARNED):
        return ""
    means = ", ".join(f"{name} {shown(_accuracy(all_of(rows, name, rest)))}" for name in (LEARNED, *PEERS))
    return (
        f"\nNo learner here gets more than {shown(REACHED)} % of {', '.join(out_of_reach)}; near 50, chance "
        f"decides which one is above another. On the other {len(rest)}: {means}.\n"
    )


def _cut(row: Row) -> bool:
    return row.get("status") == "time_limit"


def _loses(row: Row, rows: Rows, *methods: str) -> bool:
    """Whether one of these is better on the unseen rows."""
    others = [rows.get((row["benchmark"], 0, method)) for method in methods]
    return any(other is not None and row["accuracy"] < other["accuracy"] for other in others)


def functions_table(rows: Rows) -> str:
    lines = []
    for name in IWLS:
        each = {method: row for method in LEARNERS if (row := of(rows, method, name))}
        if not each:
            continue
        known, peers = next(iter(each.values())), [method for method in PEERS if method in each]
        best = max(peers, key=lambda method: each[method]["accuracy"], default=None)
        learned, recognised = each.get(LEARNED, {}), each.get(RECOGNISED, {})
        lines.append([
            name, kind(name), str(known["inputs"]), shown(known["constant"]),
            shown(each.get(TREE, {}).get("accuracy")), shown(each.get(COMMITTEE, {}).get("accuracy")),
            f"{shown(each[best]['accuracy'])} ({best})" if best else "",
            f"**{shown(learned['accuracy'])}**" if learned else "",
            *(str(learned.get(figure, "")) for figure in ("gates", "ands")),
            seconds(learned.get("cpu_seconds")),
            recognised.get("recognised", ""), shown(recognised.get("accuracy")), str(recognised.get("ands", "")),
        ])  # fmt: skip
    head = ("function", "kind", "inputs", "constant", TREE, COMMITTEE, "best peer", LEARNED, "gates", "Ands",
            "CPU", RECOGNISED, "right", "Ands")  # fmt: skip
    return markdown(head, lines)


# -- the others -------------------------------------------------------------------------------------------


def others_table(rows: Rows) -> str:
    lines = []
    for name in (name for name in ENTRIES if name not in IWLS):
        each = {method: seeds_of(rows, name, method) for method in LEARNERS}
        if not any(each.values()):
            continue
        mine = each[LEARNED]
        found = sorted({row["recognised"] for row in each[RECOGNISED]})
        constant = mean(row["constant"] for group in each.values() for row in group)
        lines.append([
            name, str(max(map(len, each.values()))), shown(constant),
            *(_mean_and_least(each[method]) for method in LEARNERS),
            *(_mean(mine, figure, form) for figure, form in (("gates", "{:.0f}"), ("ands", "{:.0f}"),
                                                           ("cpu_seconds", "{:.1f} s"))),
            "; ".join(found),
        ])  # fmt: skip
    head = ("function", "seeds", "constant", *LEARNERS, "gates", "Ands", "CPU", "as")
    return markdown(head, lines)


def seeds_of(rows: Rows, name: str, method: str) -> list[Row]:
    return [row for seed in range(ENTRIES[name].seeds) if (row := of(rows, method, name, seed))]


def _mean_and_least(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    values = [row["accuracy"] for row in rows]
    least, most = min(values), max(values)
    return shown(_accuracy(rows)) + (f" ({shown(least)})" if least < most else "")


# -- the page ---------------------------------------------------------------------------------------------


def page(rows: Rows) -> str:
    return TEXT.format(
        budget=BUDGET,
        with_families=WITH_FAMILIES,
        peers="\n".join(f"  - *{name}*: {peer.settings}" for name, peer in PEERS.items()),
        count=len(IWLS),
        most_ands=MOST_ANDS,
        kinds=kinds_table(rows),
        goals=goals(rows),
        incomplete=incomplete(rows),
        hard=hard(rows),
        functions=functions_table(rows),
        what="\n".join(f"- {name}: {text}" for name, text in WHAT.items()),
        others=others_table(rows),
    )


@options.command(__doc__)
def main() -> None:
    (DOCS / "unknown_functions.md").write_text(page(last_rows()), encoding="utf-8")


if __name__ == "__main__":
    main()
