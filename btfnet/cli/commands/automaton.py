"""`btfnet automaton`: the rule of a cellular automaton, from snapshots."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from btfnet.cli.compiling.processes import warm_up_rules
from btfnet.cli.console import NOT_FOUND, say
from btfnet.cli.outputs import (
    check_circuit,
    check_output,
    check_replaceable,
    checked_netlist,
    circuit_bytes,
    put_circuit,
)
from btfnet.cli.reports.automaton_progress import Wrong
from btfnet.cli.reports.automaton_report import as_record, as_text, fit_of, picture
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.restart import deliver, open_folder, replayed, settled
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import CIRCUIT, MODEL, NETLIST, SPACE_TIME
from btfnet.cli.signals import current
from btfnet.committee.persistence import digest
from btfnet.errors import OutputError, UsageError
from btfnet.files.atomic import write_text
from btfnet.files.mark import MARK
from btfnet.files.reading import both_ends
from btfnet.files.strict_json import as_json
from btfnet.formats.by_suffix import write_circuit
from btfnet.formats.format import MARK_BYTES
from btfnet.formats.states.reading import read_observations
from btfnet.logic.circuit import Circuit
from btfnet.rules.cell_gates import circuit_of
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.observations import Observations
from btfnet.rules.reconstruct import AUTO, reconstruct
from btfnet.rules.records import Reconstruction, RuleStatus
from btfnet.rules.smallest import smallest_circuit
from btfnet.rules.space_time import draw_space_time
from btfnet.rules.thresholds import ThresholdForm
from btfnet.rules.unrolling import unrolled

IDENTITY = (
    "neighbours",
    "cell",
    "gates",
    "bounds",
    "weights",
    "join",
    "noise",
    "seed",
    "deterministic",
    "unique",
)
"""Options that must agree for two runs to be the same search."""

WRITTEN = ("export", "unrolled", "svg")
"""Options that name a file to write."""


@dataclass(frozen=True)
class _Order:
    """What is asked: observations under a name, and all options."""

    name: str
    files: tuple[str, ...]
    observations: Observations
    options: dict[str, Any]

    @property
    def asked(self) -> Asked:
        seen = self.observations
        where = {
            "times": list(seen.times),
            "shape": list(seen.lattice.shape),
            "periodic": seen.lattice.periodic,
        }
        how = {name: self.options[name] for name in IDENTITY}
        if how["bounds"] is not None:
            how["bounds"] = list(how["bounds"])
        what = {"problem": self.name, "items": digest(seen.states), "automaton": True, **how, **where}
        return Asked(what, self.options["trials"])


def run(files: tuple[str, ...], **options: Any) -> int:
    """As `btfnet automaton` is declared: read, search, save, print."""
    _check_options(options)
    netlist = checked_netlist(options)
    for option in WRITTEN:
        _check_written(option, files, options)
    observations = read_observations(
        files,
        grid=options["grid"],
        steps=options["steps"],
        times=options["times"],
        periodic=options["periodic"],
    )
    if options["neighbours"].strip().lower() != AUTO:
        Neighbourhood.of(options["neighbours"], len(observations.lattice.shape))
    order = _Order(Path(files[0]).name.split(".")[0] or "automaton", files, observations, options)
    with open_folder(options, netlist, list(files)) as folder:
        if folder:
            earlier = settled(folder, order.asked, resume=options["resume"], force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
        return _searched(order, folder, netlist)


def _check_options(options: dict[str, Any]) -> None:
    """Raise `UsageError` for options that mean nothing together."""
    if options["resume"] and not options["out"]:
        raise UsageError("--resume needs --out, the directory of the search to go on with.")
    if options["resume"] and options["force"]:
        raise UsageError(
            "--resume goes on with what is in --out and --force replaces it; choose one of them."
        )
    if options["force"] and not any(options[name] for name in ("out", *WRITTEN)):
        raise UsageError("--force lets files be replaced, and none is written; leave it out.")
    if options["cell"] != "masks":
        for name, default in (("bounds", None), ("weights", "plain"), ("join", "and")):
            if options[name] != default:
                raise UsageError(f"--{name} belongs to --cell masks; add that, or leave it out.")
    if options["gates"] is not None and options["cell"] != "gates":
        raise UsageError("--gates belongs to --cell gates; add that, or leave it out.")
    if options["bounds"] is not None and len(options["bounds"]) != len(ThresholdForm().above):
        raise UsageError(f"--bounds has {len(options['bounds'])} numbers; expected two, such as 3,3.")


def _check_written(option: str, files: tuple[str, ...], options: dict[str, Any]) -> None:
    """Before any work: whether a file may be written there."""
    out = options[option]
    if out is None:
        return
    check_output(out, files)
    for other in WRITTEN[: WRITTEN.index(option)]:
        if options[other] and os.path.realpath(options[other]) == os.path.realpath(out):
            raise UsageError(f"--{other} and --{option} both name {out}; give each a file of its own.")
    if not Path(out).parent.is_dir():
        raise OutputError(
            f"{out}: there is no directory {Path(out).parent}; make it, or choose another place."
        )
    if option != "svg":
        check_circuit(out, force=options["force"])
        return
    if Path(out).suffix.lower() != ".svg":
        raise UsageError(f"{out}: the picture of space and time is an .svg file; name it so.")
    check_replaceable(out, "an .svg picture that btfnet wrote", lambda: _is_own(out), force=options["force"])


def _is_own(path: str) -> bool:
    return MARK.encode() in both_ends(path, MARK_BYTES)[0]


def _searched(order: _Order, folder: RunFolder | None, netlist: str | None) -> int:
    """Search, save, print; returns the exit code."""
    options = order.options
    resumed = options["resume"] and folder is not None and folder.has_checkpoint()
    checkpoint = folder.checkpoint(resume=resumed) if folder else None
    warm_up_rules(options["cell"], quiet=options["quiet"])
    current().check()
    form = None
    if options["cell"] == "masks":
        bounds = options["bounds"]
        form = ThresholdForm(
            joined=options["join"] == "and", signed=options["weights"] == "signed", bounds=bounds
        )
    names = (
        "neighbours",
        "cell",
        "noise",
        "gates",
        "trials",
        "time_limit",
        "jobs",
        "seed",
        "deterministic",
        "unique",
    )
    with current().asking() as stop:
        found = reconstruct(
            order.observations,
            form=form,
            checkpoint=checkpoint,
            watcher=None if options["quiet"] else Wrong(order.observations),
            stop=stop,
            **{name: options[name] for name in names},
        )
        _deliver(found, order, folder, netlist)
        if folder and checkpoint:
            if found.status.finished:
                checkpoint.discard()
            elif checkpoint.present() and not options["quiet"]:
                say("Not finished: the same command with --resume goes on from here.", err=True)
        return _exit_code(found)


def _exit_code(found: Reconstruction) -> int:
    if found.status is RuleStatus.INTERRUPTED:
        return current().exit_code
    return 0 if found.status.found else NOT_FOUND


def _deliver(found: Reconstruction, order: _Order, folder: RunFolder | None, netlist: str | None) -> None:
    """Save first, then print."""
    options = order.options
    if folder and folder.keeps_its_run(exact=found.exact, force=options["force"]):
        folder = None
    begun: float = click.get_current_context().obj
    circuit = circuit_of(found.rule, order.name)
    if options["shrink"] and found.status.found:
        how = {name: options[name] for name in ("jobs", "seed")}
        circuit = smallest_circuit(found.rule, name=order.name, stop=current().stop, **how)
    circuit = replace(circuit, training=fit_of(found))
    record = as_record(found, circuit, order.name) | {
        "model": folder.model if folder else None,
        "seconds": round(time.monotonic() - begun, 6),
    }
    report = as_text(found, circuit, order.name, record["seconds"])
    shown = f"{report}\n\n{picture(found, plain=options['plain'])}"
    kept = (MODEL, CIRCUIT, NETLIST, *([f"circuit.{netlist}"] if netlist else []))
    saved: dict[str, Callable[[Path], None]] = {
        name: lambda path: write_circuit(path, circuit) for name in kept
    }
    saved[SPACE_TIME] = lambda path: write_text(path, _space_time(found, order))

    def save(folder: RunFolder) -> None:
        told = order.asked.record(finished=found.status.finished, exit_code=_exit_code(found), report=shown)
        folder.store(saved, record, told)

    printed = None if netlist is None else lambda: circuit_bytes(f".{netlist}", circuit)
    try:
        _write_files(found, circuit, order)
    finally:  # a disk may be full, and all steps too many for a circuit
        deliver(shown, as_json(record), folder, save, printed, options)


def _write_files(found: Reconstruction, circuit: Circuit, order: _Order) -> None:
    """What --export, --unrolled and --svg name."""
    options, seen = order.options, order.observations
    if options["export"]:
        put_circuit(options["export"], circuit, force=options["force"])
    if options["unrolled"]:
        whole = unrolled(circuit, seen.lattice, found.neighbourhood, seen.steps)
        put_circuit(options["unrolled"], whole, force=options["force"])
    if options["svg"]:
        write_text(options["svg"], _space_time(found, order))
    for name in WRITTEN:
        if options[name] and not options["quiet"]:
            say(f"Written to {options[name]}.", err=True)


def _space_time(found: Reconstruction, order: _Order) -> str:
    title = f"{order.name}: {order.observations.lattice.in_words}"
    return draw_space_time(order.observations, found.states, title=title)
