"""`btfnet machine`: traces in, a state machine out, as gates with registers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

from btfnet.arguments import similar
from btfnet.cli.console import FAILED, NOT_FOUND, say
from btfnet.cli.reports.machine_report import as_record, as_text
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.restart import deliver, open_folder, settled
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import CIRCUIT, ITEMS, MODEL
from btfnet.cli.signals import current
from btfnet.committee.persistence import digest
from btfnet.errors import UsageError
from btfnet.files.strict_json import as_json
from btfnet.formats.by_suffix import write_circuit, write_items
from btfnet.machines.cell import items_of
from btfnet.machines.export import WRITERS, write_machine
from btfnet.machines.learn import learn_machine
from btfnet.machines.learned import LearnedMachine
from btfnet.machines.machine import Machine
from btfnet.machines.reading import read_several
from btfnet.machines.traces import Traces

PRINTED = ("v", "blif", "aag", "dot", "svg")


NAMES = tuple(f"machine{suffix}" for suffix in WRITERS)
"""Of the files in --out that hold the machine, in every format."""


def run(traces: str, **options: Any) -> int:
    """As `btfnet machine` is declared: read, learn, check, save, print."""
    netlist = _checked(options)
    train, test = _read(traces, options)
    asked = _asked(train, options)
    with open_folder(options, None, [traces, options["test"]], NAMES) as folder:
        if folder:
            settled(folder, asked, resume=False, force=options["force"])
        if not options["quiet"]:
            say(f"Looking for the smallest machine of {len(train)} traces …", err=True)
        with current().asking() as stop:
            learned = learn_machine(
                train,
                state_bits=options["state_bits"],
                kind=options["kind"] or "auto",
                unknown_start=options["unknown_start"],
                seed=options["seed"],
                jobs=options["jobs"],
                time_limit=options["time_limit"],
                stop=stop,
            )
            return _delivered(learned, train, test, asked, folder, netlist, options)


def _checked(options: dict[str, Any]) -> str | None:
    """The format of --netlist. Raises `UsageError` for what contradicts itself."""
    netlist: str | None = options["netlist"]
    if netlist is not None and netlist not in PRINTED:
        raise UsageError(
            f"--netlist is {netlist!a}{similar(netlist, PRINTED)} Choose one of "
            f"{', '.join(PRINTED)}; --out saves all."
        )
    if netlist and options["json"]:
        raise UsageError(
            "--json prints one object and nothing else; leave out --netlist, and add --out DIR for files."
        )
    if options["force"] and not options["out"]:
        raise UsageError("--force lets --out replace what is there; add --out DIR, or leave it out.")
    if options["test"] and options["held_out"] is not None:
        raise UsageError("--test and --held-out both say what to test on; choose one of them.")
    return netlist


def _read(traces: str, options: dict[str, Any]) -> tuple[Traces, Traces | None]:
    """Traces to learn from, and to test on."""
    if options["test"]:
        train, test = read_several([traces, options["test"]])
        return train, test
    [train] = read_several([traces])
    if not options["held_out"]:
        return train, None
    return train.split(options["held_out"], seed=options["seed"])


def _asked(train: Traces, options: dict[str, Any]) -> Asked:
    """What must agree for two runs to be the same."""
    said = "\n".join(" ".join(map(str, step)) for trace in train.steps for step in (*trace, ("end",)))
    names = ("state_bits", "kind", "unknown_start", "seed")
    how = {name: options[name] for name in names}
    what = {
        "problem": train.name,
        "items": digest(np.frombuffer(said.encode(), dtype=np.uint8)),
        "machine": how,
    }
    return Asked(what, None)


def _delivered(
    learned: LearnedMachine,
    train: Traces,
    test: Traces | None,
    asked: Asked,
    folder: RunFolder | None,
    netlist: str | None,
    options: dict[str, Any],
) -> int:
    """Save first, then print; returns the exit code."""
    machine = learned.machine
    begun: float = click.get_current_context().obj
    record = as_record(learned, train, test, seed=options["seed"]) | {
        "model": folder.model if folder and machine else None,
        "seconds": round(time.monotonic() - begun, 6),
    }
    report, code = as_text(learned, train, record), _exit_code(learned, record)
    files = _files(machine) if machine else {}

    def save(folder: RunFolder) -> None:
        finished = learned.status != "interrupted"
        folder.store(files, record, asked.record(finished=finished, exit_code=code, report=report))

    printed = (lambda: WRITERS[f".{netlist}"](machine)) if machine and netlist else None
    deliver(report, as_json(record), folder if machine else None, save, printed, options)
    return code


def _exit_code(learned: LearnedMachine, record: dict[str, Any]) -> int:
    if learned.status == "interrupted":
        return current().exit_code
    if learned.machine is None:
        return NOT_FOUND
    return 0 if record["exact"] else FAILED


def _files(machine: Machine) -> dict[str, Callable[[Path], None]]:
    """What --out holds: the cell as a model with its truth table, and the machine in every format."""
    files: dict[str, Callable[[Path], None]] = {
        name: lambda path: write_machine(path, machine) for name in NAMES
    }
    return files | {
        MODEL: lambda path: write_circuit(path, machine.circuit),
        CIRCUIT: lambda path: write_circuit(path, machine.circuit),
        ITEMS: lambda path: write_items(path, items_of(machine.table, machine.codes, machine.circuit)),
    }
