"""Gates of the built-in problems' circuits: docs/gates.md.

    python scripts/studies/gates/study.py  # every problem, 60 s each; writes docs/gates.md
    study.py parity-4 rule-110-1  # these alone, to the screen
    study.py --seconds 20 --save DIR

A problem whose circuit is not exact in time stands below the table. Which circuit is found depends on the
machine where trials race against the clock; its gates are counted exactly. The last columns need the extra hw. A
column is a title and a function of a `Row`: append to COLUMNS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

import btfnet
from btfnet import Circuit, NodeEvidence, Result, formats, tasks
from btfnet.synthesis.optimising import Optimised, optimise
from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.tables import markdown

SYNTHESIS_SECONDS = 30.0


@dataclass(frozen=True)
class Row:
    name: str
    result: Result
    circuit: Circuit
    evidence: tuple[NodeEvidence, ...]
    optimised: Optimised

    def kind(self, kind: str) -> str:
        return str(self.circuit.counts().get(kind, 0))

    def verdicts(self, *starts: str) -> str:
        return str(sum(node.verdict.startswith(starts) for node in self.evidence))


COLUMNS: dict[str, Callable[[Row], str]] = {
    "problem": lambda row: row.name,
    "σ": lambda row: f"{row.result.kept.settings.sigma:g}",
    "in → out": lambda row: f"{row.circuit.n_inputs} → {row.circuit.n_outputs}",
    "items": lambda row: str(row.result.problem.n_train),
    "gates": lambda row: str(len(row.circuit.gates)),
    "And": lambda row: row.kind("and"),
    "Or": lambda row: row.kind("or"),
    "Maj": lambda row: row.kind("maj"),
    "at least k": lambda row: row.kind("threshold"),
    "Not": lambda row: row.kind("not"),
    "depth": lambda row: str(row.circuit.depth),
    "Ands": lambda row: str(row.optimised.before.ands),
    "optimised": lambda row: str(row.optimised.after.ands),
    "LUT6": lambda row: str(row.optimised.before.luts),
    "LUT6 optimised": lambda row: str(row.optimised.after.luts),
    "all patterns seen": lambda row: str(sum(node.patterns == node.possible for node in row.evidence)),
    "forced": lambda row: row.verdicts("forced"),
    "only of its size": lambda row: row.verdicts("only"),
    "one of several": lambda row: row.verdicts("one of"),
    "smaller would do": lambda row: row.verdicts("a smaller"),
    "not decided": lambda row: row.verdicts("not decided", "no other"),
}
HEAD = """# Gates of the built-in problems

Circuits that `btfnet.solve(task.problem, task.settings, seed=0, time_limit={seconds:g})` found, each exact on all
its training items, after shrinking and simplification. docs/inspect.md says what the columns from "all patterns
seen" on mean. Ands and six-input look-up tables are counted after each threshold has become a counter, and after
`--optimise` (docs/synthesis.md), which was proven to change nothing.
Made by `python scripts/studies/gates/study.py{option}`.
Time counts: a faster or idle machine finds some of those that stand below the table.

"""


def solved(name: str, seconds: float) -> Row | None:
    """A problem's exact circuit and the evidence for it; None where none was found in time."""
    task = btfnet.load(name)
    if task.problem.input_kind is btfnet.InputKind.ANALOG:
        return None
    result = btfnet.solve(task.problem, task.settings, seed=0, time_limit=seconds)
    if not result.exact or result.circuit is None:
        return None
    problem, kept = task.problem, result.kept
    inputs = problem.inputs[: problem.n_train] if kept.codes is None else kept.codes
    nodes = btfnet.evidence(
        result.circuit,
        inputs,
        care=problem.train_care,
        sigma=kept.settings.sigma,
        exact=True,
        seconds=seconds,
    )
    return Row(name, result, result.circuit, nodes, optimise(result.circuit, seconds=SYNTHESIS_SECONDS))


def table(rows: Sequence[Row]) -> str:
    return markdown(tuple(COLUMNS), [[column(row) for column in COLUMNS.values()] for row in rows])


def totals(rows: Sequence[Row]) -> str:
    verdicts = Counter(node.verdict.split(" of ")[0] for row in rows for node in row.evidence)
    return ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())


@options.command(__doc__)
@click.argument("names", nargs=-1)
@click.option("--seconds", default=60.0, show_default=True, help="For each problem.")
@click.option("--save", type=click.Path(file_okay=False), help="Keep the circuits here, as .json.")
def main(names: tuple[str, ...], seconds: float, save: str | None) -> None:
    rows, missing = [], []
    for name in names or tasks.names():
        row = solved(name, seconds)
        click.echo(f"{name}: {len(row.circuit.gates)} gates" if row else f"{name}: not in time", err=True)
        if row is None:
            missing.append(name)
            continue
        rows.append(row)
        if save is not None:
            Path(save).mkdir(parents=True, exist_ok=True)
            formats.write_circuit(Path(save) / f"{name}.json", row.circuit)
    text = table(rows)
    if missing:
        text += f"\nNot exact within {seconds:g} s, or with analog inputs: {', '.join(missing)}.\n"
    if names:
        click.echo(text)
    else:
        option = "" if seconds == 60 else f" --seconds {seconds:g}"
        (DOCS / "gates.md").write_text(HEAD.format(seconds=seconds, option=option) + text, encoding="utf-8")
    click.echo(totals(rows), err=True)


if __name__ == "__main__":
    main()
