"""Prove exported netlists right by programs that share nothing with btfnet, and write docs/netlists.md.

    python scripts/checks/netlists.py --cache models              # built-in problems and 500 random circuits
    python scripts/checks/netlists.py --random 50 --problem multiplier-3x3
    python scripts/checks/netlists.py --random 2000 --first 10000 --no-problems

Problems are solved with their own settings, seed 0, and kept in the cache, so that a rerun is quick. Circuits of
up to 20 inputs are simulated on every input. The first disagreement ends the run with exit code 1; the circuit and
all its netlists are then in --keep. tests/support/outsiders.py says which program judges what.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import click
import numpy as np

from scripts.lib import options

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.judged_samples import Disagreement, Finding, Sample, sample, write_all  # noqa: E402
from support.nasty_circuits import nasty_circuit, nasty_corners  # noqa: E402
from support.outsiders import CHECKS  # noqa: E402

import btfnet  # noqa: E402
from btfnet import formats  # noqa: E402
from btfnet.errors import ToolError  # noqa: E402
from btfnet.logic.circuit import Circuit  # noqa: E402
from btfnet.tools.programs import available, find  # noqa: E402
from btfnet.tools.running import workbench  # noqa: E402

PAGE = ROOT / "docs" / "netlists.md"
EXHAUSTIVE = 20
BATCH = 50
DRAWINGS = (".dot",)
PROBLEMS = {
    "multiplier-2x2": 60, "multiplier-2x2-wide": 60, "multiplier-3x3": 120, "multiplier-4x4": 120,
    "parity-4": 30, "parity-8": 30,
    "autoencoder-8": 60, "autoencoder-16": 60, "autoencoder-16-deep": 60, "decoder-16": 60,
    "rule-232-3": 90, "rule-110-1": 90, "rule-30-1": 120, "rule-30-2": 180, "andor-2": 90, "andor-3": 180,
    "maj-2": 120, "maj-3": 180, "maj-4": 180, "maj-5": 180, "permutation-64": 60, "roman-4-bit": 60,
}  # fmt: skip
"""Seconds for each that is solved within minutes."""

ABOUT = """\
# Netlists, judged by others

Written by `python scripts/checks/netlists.py --page`. All programs named in a row agreed on it; a disagreement
would have ended the run. Icarus Verilog and compiled C compute outputs, which are compared with the model's own.
ABC and aigverse prove that netlists are equal; `.v`, `.yosys.json` and the assignments of `.c`, whose operators
mean the same in Verilog, come to ABC by way of Yosys. btfnet reads netlists back and proves them equal to the
model, which is what ties larger circuits, of more inputs than can be simulated, to it; `.json`, `.graphml` and
`.btf` are read by btfnet alone. `.dot` is a drawing and not judged.
"""
ABOUT_PROBLEMS = """\
## Built-in problems

| problem | inputs | outputs | gates | depth | formats | judges | verdict |
|---|---|---|---|---|---|---|---|
"""
ABOUT_RANDOM = """\
1 to 64 inputs; all kinds of gates, weights, constants; outputs that repeat, are negated, are inputs; names that no
tool likes (tests/support/nasty_circuits.py). Circuits of more than 10 inputs are simulated on 500 random rows. One
corner case has no inputs, which only some programs read.
"""


def present() -> list[str]:
    """The checks whose programs are here; says which are not."""
    judges = []
    for name, (programs, _) in CHECKS.items():
        missing = [program for program in programs if not available(program)]
        if name == "aigverse" and importlib.util.find_spec("aigverse") is None:
            missing.append(name)
        if missing:
            click.echo(f"{name} does not judge: {', '.join(missing)} missing.", err=True)
        else:
            judges.append(name)
    return judges


def judged(samples: list[Sample], names: list[str], keep: Path) -> list[Finding]:
    """Everything that the checks find, all samples in one call of each program. Exits at a disagreement."""
    with workbench() as folder:
        try:
            return _judged(samples, names, Path(folder))
        except Disagreement as error:
            _save(error.sample, Path(folder), keep)
            sys.exit(f"DISAGREEMENT: {error}\nThe circuit and its netlists are in {keep}.")
        except ToolError as error:
            if len(samples) == 1:
                _save(samples[0], Path(folder), keep)
                sys.exit(
                    f"DISAGREEMENT: {samples[0].key}: {error}\nThe circuit and its netlists are in {keep}."
                )
            click.echo("A program failed; every circuit alone finds out on which.", err=True)
    return [finding for each in samples for finding in judged([each], names, keep)]


def _judged(samples: list[Sample], names: list[str], folder: Path) -> list[Finding]:
    write_all(samples, folder)
    findings = []
    for name in names:
        findings += CHECKS[name][1](samples, folder)
    return findings


def _save(chosen: Sample, folder: Path, keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    formats.write_circuit(keep / f"{chosen.key}.model.json", chosen.circuit)
    for path in [
        *folder.glob(f"{chosen.key}.*"),
        *folder.glob(f"{chosen.key}_*"),
        *folder.glob(f"wrap_{chosen.key}.v"),
    ]:
        shutil.copy(path, keep)


def solved(name: str, seconds: float, cache: Path | None) -> Circuit | None:
    """The circuit of a problem, from the cache or from a search."""
    path = cache / f"{name}.json" if cache else None
    if path and path.exists():
        return formats.read_circuit(path)
    task = btfnet.load(name)
    result = btfnet.solve(task.problem, task.settings, seed=0, time_limit=seconds)
    if result.circuit is None or not result.exact:
        return None
    problem = task.problem
    circuit = result.circuit.simplified().named(
        name=problem.name, inputs=problem.input_names, outputs=problem.output_names
    )
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        formats.write_circuit(path, circuit)
    return circuit


def problem_row(name: str, circuit: Circuit, findings: list[Finding]) -> str:
    judges = Counter(finding.tool for finding in findings)
    proven = {finding.suffix for finding in findings if finding.proven}
    tried = {finding.suffix for finding in findings} - proven
    missing = set(formats.CIRCUITS_OUT) - set(DRAWINGS) - proven - tried
    if circuit.n_inputs <= EXHAUSTIVE:
        verdict = f"equal on all {2**circuit.n_inputs} inputs"
    else:
        verdict = "proven equal"
    if tried:
        verdict += f"; {', '.join(sorted(tried))} on random inputs only"
    if missing:
        verdict += f"; {', '.join(sorted(missing))} not judged"
    counts = f"{circuit.n_inputs} | {circuit.n_outputs} | {len(circuit.gates)} | {circuit.depth}"
    return f"| {name} | {counts} | {len(proven | tried)} | {', '.join(judges)} | {verdict} |"


def random_table(findings: list[Finding]) -> list[str]:
    """Formats down, programs across: on how many circuits proven right (and on how many simulated)."""
    cells: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for finding in dict.fromkeys(findings):
        cells[finding.suffix][finding.tool, finding.proven] += 1
    if not findings:
        return []
    names = [name for name in CHECKS if any(finding.tool == name for finding in findings)]
    lines = [f"| format | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for suffix in formats.CIRCUITS_OUT:
        if suffix in cells:
            row = [_cell(cells[suffix][name, True], cells[suffix][name, False], name) for name in names]
            lines.append(f"| `{suffix}` | {' | '.join(row)} |")
    return lines


def _cell(proven: int, tried: int, name: str) -> str:
    word = "read" if name == "Yosys" else "on random inputs"
    parts = [f"{proven} proven"] * bool(proven) + [f"{tried} {word}"] * bool(tried)
    return ", ".join(parts)


def versions(names: list[str]) -> list[str]:
    """One line for each outside program."""
    lines = []
    for program in [program for name in names for program in CHECKS[name][0]]:
        tool = find(program)
        if tool.origin == "pyosys":
            version = f"of pyosys {importlib.metadata.version('pyosys')}"
        else:
            option = "--version" if program == "cc" else "-V"
            version = subprocess.run(
                [tool.command[0], option], capture_output=True, text=True
            ).stdout.partition("\n")[0]
        if version:  # vvp says nothing
            lines.append(f"- {program}: {version}")
    if "aigverse" in names:
        lines.append(f"- aigverse {importlib.metadata.version('aigverse')}")
    return lines


@options.command(__doc__)
@click.option(
    "--random", "n_random", default=500, show_default=True, help="Random circuits, besides the corner cases."
)
@click.option("--first", default=0, show_default=True, help="The first one's seed.")
@click.option(
    "--problem", "chosen", multiple=True, help="A built-in problem; may stand several times. Default: all."
)
@click.option("--problems/--no-problems", default=True, help="Whether to solve and check built-in problems.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where solved circuits are kept.")
@click.option("--keep", type=click.Path(path_type=Path), default="netlist-failure", show_default=True)
@click.option("--page", is_flag=True, help=f"Write {PAGE.relative_to(ROOT)}.")
def main(
    n_random: int,
    first: int,
    chosen: tuple[str, ...],
    problems: bool,
    cache: Path | None,
    keep: Path,
    page: bool,
) -> None:
    names = present()
    rng = np.random.default_rng(first)
    rows, begun = [], time.monotonic()
    for name, seconds in PROBLEMS.items() if problems else ():
        if chosen and name not in chosen:
            continue
        circuit = solved(name, seconds, cache)
        if circuit is None:
            rows.append(f"| {name} | | | | | | | not solved in {seconds} s |")
        else:
            circuit_sample = sample(name.replace("-", "_"), circuit, rng, most=EXHAUSTIVE, n_rows=10_000)
            rows.append(problem_row(name, circuit, judged([circuit_sample], names, keep)))
        click.echo(rows[-1])
    circuits = [nasty_circuit(seed) for seed in range(first, first + n_random)] + nasty_corners() * bool(
        n_random
    )
    samples = [sample(f"r{first + index}", circuit, rng) for index, circuit in enumerate(circuits)]
    findings: list[Finding] = []
    for start in range(0, len(samples), BATCH):
        findings += judged(samples[start : start + BATCH], names, keep)
        done, taken = min(start + BATCH, len(samples)), time.monotonic() - begun
        click.echo(f"{done} of {len(samples)} circuits agree, {taken:.0f} s", err=True)
    table = random_table(findings)
    click.echo("\n".join(table))
    if page:
        _write_page(rows, table, len(samples), versions(names))


def _write_page(rows: list[str], table: list[str], n_samples: int, programs: list[str]) -> None:
    PAGE.write_text(
        f"{ABOUT}\n"
        + "\n".join(programs)
        + f"\n\n{ABOUT_PROBLEMS}"
        + "\n".join(rows)
        + f"\n\n## {n_samples} random circuits and corner cases\n\n{ABOUT_RANDOM}\n"
        + "\n".join(table)
        + "\n"
    )


if __name__ == "__main__":
    main()
