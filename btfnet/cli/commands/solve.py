"""`btfnet solve`: a problem in, a circuit out that was checked on every training item."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, fields
from threading import Event
from typing import Any

import click

from btfnet.checkpoint.folder import Checkpoint
from btfnet.cli.compiling.processes import warm_up_search
from btfnet.cli.console import NOT_FOUND, say
from btfnet.cli.inputs.models import Reading
from btfnet.cli.inputs.problems import find_problem
from btfnet.cli.inputs.splits import fraction_or_file, with_files
from btfnet.cli.optimising import optimised_or_as_it_is
from btfnet.cli.outputs import checked_netlist, circuit_bytes
from btfnet.cli.reports.progress import spectator
from btfnet.cli.reports.search_report import as_record, as_text
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.live import Live, followed, told
from btfnet.cli.runs.restart import check_options, deliver, open_folder, read_by, replayed, settled
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.signals import current
from btfnet.errors import UsageError
from btfnet.files.strict_json import as_json
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem
from btfnet.search.impossible import warn_if_impossible
from btfnet.search.records import Result
from btfnet.search.solve import solve
from btfnet.settings import Settings
from btfnet.sharing.folder import SharedFolder
from btfnet.synthesis.optimising import require
from btfnet.workers.scheduler import Scheduler


@dataclass(frozen=True)
class _Order:
    """What is to be searched, as the options say it."""

    problem: Problem
    settings: Settings
    tune: bool
    options: dict[str, Any]

    @property
    def learns(self) -> bool:
        """Whether training items may stay wrong."""
        given = self.options["validation"], self.options["error"]
        return self.problem.is_learned or given != (None, None)

    @property
    def asked(self) -> Asked:
        return Asked.search(self.problem, self.settings, self.tune, self.options)


def run(problem: str | None, **options: Any) -> int:
    """As `btfnet solve` is declared."""
    check_options(options)
    names = ("separator", "header", "by_name", "by_position")
    reading = Reading.asked(**{name: options[name] for name in names})
    chosen, own = find_problem(
        problem,
        data=options["data"],
        widths=options["widths"],
        n_inputs=options["n_inputs"],
        n_unknown=options["n_unknown"],
        n_train=options["train"],
        layout=reading.layout,
    )
    options["validation"], validation = fraction_or_file(options["validation"])
    chosen = with_files(
        chosen, validation=validation, test=options["test"], n_train=options["train"], reading=reading
    )
    netlist = checked_netlist(options)
    if options["optimise"]:
        _check_optimise(options)
    order = _Order(chosen, *choose_settings(own, _settings_given(options), options["tune"]), options)
    inputs = read_by(problem, options["data"], options["widths"], validation, options["test"])
    with open_folder(options, netlist, inputs) as folder:
        if folder:
            resume = options["resume"] or options["share"]
            earlier = settled(folder, order.asked, resume=resume, force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
        with followed(folder, chosen.name, learned=order.learns) as live:
            return _solved(order, folder, live)


def _solved(order: _Order, folder: RunFolder | None, live: Live | None) -> int:
    """Search, save, print; returns the exit code."""
    options = order.options
    resumed = options["resume"] and folder is not None and folder.has_checkpoint()
    checkpoint: Checkpoint | SharedFolder | None = None
    if folder:
        checkpoint = folder.share() if options["share"] else folder.checkpoint(resume=resumed)
    if not order.learns:
        warn_if_impossible(order.problem)  # before anything is compiled
    names = ("precision", "jobs", "quiet", "engine")
    cluster = Scheduler(options["dask"]) if options["dask"] else None
    if cluster is None:  # else its workers compile
        warm_up_search(order.problem, **{name: options[name] for name in names})
    current().check()  # which the search that warms up has caught
    with current().asking() as stop, cluster or nullcontext():  # to the very end: files and exit code agree
        result = _search(order, checkpoint, stop, live, cluster)
        if folder and isinstance(checkpoint, SharedFolder):
            return _deliver_one(result, order, folder, checkpoint, stop)
        saved = _deliver(result, order, folder)
        if folder and isinstance(checkpoint, Checkpoint) and result.finished:
            if (
                saved
                and checkpoint.present()
                and (options["all_trials"] or not (result.exact or result.learned))
            ):
                folder.keep_trials()
            checkpoint.discard()
        elif isinstance(checkpoint, Checkpoint) and checkpoint.present() and not options["quiet"]:
            say("Not finished: the same command with --resume goes on from here.", err=True)
        return _exit_code(result)


def _deliver_one(result: Result, order: _Order, folder: RunFolder, share: SharedFolder, stop: Event) -> int:
    """Of all that share the search, one saves what it came to; each prints it, and ends with its exit code."""

    def done() -> bool:
        earlier = folder.earlier()
        return earlier is not None and earlier.answers(order.asked)

    with share.alone("result", done, lambda: result.finished and not stop.is_set()) as mine:
        _deliver(result, order, folder, saves=mine)
    if not result.finished and not order.options["quiet"]:
        say("Not finished: the same command goes on from here, as other jobs may do.", err=True)
    return _exit_code(result)


def _search(
    order: _Order,
    checkpoint: Checkpoint | SharedFolder | None,
    stop: Event,
    live: Live | None,
    cluster: Scheduler | None,
) -> Result:
    options = order.options
    names = ("trials", "time_limit", "jobs", "seed", "deterministic", "engine", "precision", "shrink")
    common: dict[str, Any] = {name: options[name] for name in names}
    common |= {"tune": order.tune, "stop": stop}
    with spectator(quiet=options["quiet"], validated=order.learns) as watch:
        return solve(
            order.problem,
            order.settings,
            all_trials=options["all_trials"],
            circuits=options["circuits"],
            validation=options["validation"],
            error=options["error"],
            recognise=options["recognise"],
            spectator=told(watch, live.progress if live else None),
            checkpoint=checkpoint,
            executor=cluster,
            **common,
        )


def _deliver(result: Result, order: _Order, folder: RunFolder | None, *, saves: bool = True) -> bool:
    """Save, then print; returns whether it was saved: an exact run is not replaced by one that is not.

    saves  False where another process does
    """
    options, circuit = order.options, _final_circuit(result)
    if (
        saves
        and folder
        and folder.keeps_its_run(exact=result.exact or result.learned, force=options["force"])
    ):
        folder = None
    begun: float = click.get_current_context().obj
    record = as_record(
        result,
        circuit=circuit,
        trials=options["trials"],
        model=folder.model if folder and circuit else None,
        seconds=result.seconds_before + time.monotonic() - begun,
    )
    drawn = circuit
    if options["optimise"]:
        smaller = optimised_or_as_it_is(circuit, quiet=options["quiet"]) if circuit else None
        record["optimised"] = smaller.as_dict() if smaller else None
        drawn = smaller.circuit if smaller else circuit
    report, suffix = as_text(result, circuit), options["netlist"]

    def save(folder: RunFolder) -> None:
        if not saves:
            return
        search = order.asked.record(finished=result.finished, exit_code=_exit_code(result), report=report)
        folder.save(result, circuit, record, search, netlist=drawn)

    netlist = (lambda: circuit_bytes(f".{suffix}", drawn)) if drawn and suffix else None
    deliver(report, as_json(record), folder, save, netlist, options)
    return folder is not None


def _exit_code(result: Result) -> int:
    if result.status.key == "interrupted":
        return current().exit_code
    return 0 if result.exact or result.learned or result.learned_in_time else NOT_FOUND


def _check_optimise(options: Mapping[str, Any]) -> None:
    if not options["out"] and not options["netlist"]:
        raise UsageError("--optimise is for netlists: add --out DIR or --netlist FORMAT.")
    require("auto")


def _settings_given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that are settings and were given."""
    names = (setting.name for setting in fields(Settings))
    return {name: options[name] for name in names if options[name] is not None}


def choose_settings(own: Settings | None, given: dict[str, Any], tune: bool | None) -> tuple[Settings, bool]:
    """The settings to start from, and whether β and γ, and σ from theirs upwards, find themselves.

    What was given counts most, then the problem's own. Without --tune or --no-tune, they find themselves for
    plain data, unless one of σ, β, γ was given.
    """
    if tune and {"beta", "gamma"} & set(given):
        raise UsageError("--tune finds beta and gamma, but one of them is given; leave out one of the two.")
    if tune is None:
        tune = own is None and not {"sigma", "beta", "gamma"} & set(given)
    return (own or Settings()).but(**given), tune


def _final_circuit(result: Result) -> Circuit | None:
    """The kept circuit, simplified, under the problem's names."""
    if result.circuit is None:
        return None
    problem = result.problem
    return result.circuit.simplified().named(
        name=problem.name, inputs=problem.input_names, outputs=problem.output_names
    )
