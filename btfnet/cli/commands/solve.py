"""`btfnet solve`: a problem in, a circuit out that was checked on every training item."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from btfnet.cli.app import NOT_FOUND, say
from btfnet.cli.commands.solve_options import solve_options
from btfnet.cli.inputs.tables import layout
from btfnet.cli.options import settings_given
from btfnet.cli.runs.restart import check_options, read_by, replayed, settled, show
from btfnet.cli.signals import current
from btfnet.errors import UsageError

if TYPE_CHECKING:
    from threading import Event

    from btfnet.checkpoint import Checkpoint
    from btfnet.cli.runs.earlier import Asked
    from btfnet.cli.runs.run_folder import RunFolder
    from btfnet.logic.circuit import Circuit
    from btfnet.problem.problem import Problem
    from btfnet.search.records import Result
    from btfnet.settings import Settings


@click.command(short_help="Learn a circuit that reproduces every training item.")
@click.argument("problem", required=False)
@solve_options
@click.pass_obj
def command(started: float, problem: str | None, **options: Any) -> int:
    """Learn a circuit of threshold gates that reproduces every training item.

    PROBLEM is the name of a built-in problem (see btfnet problems) or the path of a problem file (.toml).
    Without --sigma, --beta and --gamma the problem's own settings hold, or, for plain data, tuned ones.

    \b
    Examples:
      btfnet solve multiplier-2x2 --out runs/multiplier
      btfnet solve --data table.csv --widths 4,4,4,4
      btfnet solve --data table.csv --inputs 4 --widths auto
      btfnet solve multiplier-2x2 --trials 20 --all-trials --json > statistics.json
      btfnet solve rule-30-3 --time-limit 3600 --out runs/rule --resume
      btfnet solve digits --committee 8 --out runs/digits

    With --out the search saves itself on the way, and when it is interrupted or its time is up. With --resume
    one command serves a restart: it begins where --out is empty, goes on where the search is unfinished, and ends
    as if nothing had happened; where it is finished, it prints the result again. An exact run is never replaced
    by one that is not, nor another problem's, without --force.

    With --committee K the outputs must be classes; the class is what most outputs of K networks vote for
    (1: a single network). It is trained once and saved, and training items may stay wrong: the exit code is 0,
    and "exact" in the JSON says whether all are right. The model takes raw inputs: see btfnet predict.

    \b
    Exit codes: 0 solved: every training item is right (or a committee trained),
    3 not found, 1 unreadable or inconsistent input, 2 wrong usage, 130
    interrupted and 143 terminated (what a search found so far is printed and
    saved).
    """
    from btfnet.cli.inputs.sources import AUTO, find_problem
    from btfnet.cli.runs.earlier import Asked
    from btfnet.cli.runs.run_folder import RunFolder

    check_options(options)
    if options["committee"] is not None:
        from btfnet.cli.commands.committee import solve_committee

        return solve_committee(started, problem, options, _checked_netlist(options))
    chosen, own = find_problem(
        problem,
        data=options["data"],
        widths=options["widths"],
        n_inputs=options["n_inputs"],
        n_unknown=options["n_unknown"],
        n_train=options["train"],
        layout=layout(options["separator"], options["header"]),
    )
    netlist = _checked_netlist(options)
    if options["optimise"]:
        _check_optimise(options)
    auto = options["widths"] == AUTO
    if auto:
        _check_auto(options)
    settings, tune = choose_settings(own, settings_given(options), options["tune"])
    asked = Asked.search(chosen, settings, tune, options, auto=auto)
    with ExitStack() as stack:
        out = options["out"]
        folder = RunFolder(out, netlist=netlist, inputs=read_by(problem, options)) if out else None
        if folder:
            stack.callback(folder.release)
            earlier = settled(folder, asked, resume=options["resume"], force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
        return _solved(chosen, settings, tune, asked, folder, options, started)


def _solved(
    chosen: Problem,
    settings: Settings,
    tune: bool,
    asked: Asked,
    folder: RunFolder | None,
    options: dict[str, Any],
    started: float,
) -> int:
    """Search, save, print; returns the exit code."""
    resumed = options["resume"] and folder is not None and folder.has_checkpoint()
    checkpoint = folder.checkpoint(resume=resumed) if folder else None
    _warm_up(chosen, options)
    with current().asking() as stop:  # to the very end: what is saved and the exit code agree
        result = _search(chosen, settings, tune, checkpoint, stop, options)
        saved = _deliver(result, asked, folder, options, started)
        if folder and checkpoint and result.finished:
            if saved and checkpoint.present() and (options["all_trials"] or not result.exact):
                folder.keep_trials()
            checkpoint.discard()
        elif checkpoint and checkpoint.present() and not options["quiet"]:
            say("Not finished: the same command with --resume goes on from here.", err=True)
        return _exit_code(result)


def _exit_code(result: Result) -> int:
    if result.status.key == "interrupted":
        return current().exit_code
    return 0 if result.exact else NOT_FOUND


def _checked_netlist(options: dict[str, Any]) -> str | None:
    """The suffix of the netlist's format, without its dot."""
    from btfnet.arguments import similar
    from btfnet.formats import CIRCUITS_OUT
    from btfnet.formats.recognise import names_of_formats, suffix_called

    if options["netlist"] is None:
        return None
    given = str(options["netlist"])
    netlist = options["netlist"] = suffix_called(given).removeprefix(".")
    if f".{netlist}" not in CIRCUITS_OUT:
        known = [suffix[1:] for suffix in CIRCUITS_OUT]
        near = similar(given, [*known, *names_of_formats()])
        raise UsageError(f"--netlist is {given!r}{near} Choose one of {', '.join(known)}.")
    if options["json"] and not options["out"]:
        raise UsageError(
            "--netlist with --json needs --out, because --json prints one object and nothing else."
        )
    return str(netlist)


def _check_auto(options: dict[str, Any]) -> None:
    if options["all_trials"]:
        raise UsageError("--all-trials runs every start of one network; name its widths instead of auto.")


def _check_optimise(options: dict[str, Any]) -> None:
    from btfnet.synthesis.optimising import require

    if not options["out"] and not options["netlist"]:
        raise UsageError("--optimise is for netlists: add --out DIR or --netlist FORMAT.")
    require("auto")


def _warm_up(problem: Problem, options: dict[str, Any]) -> None:
    from btfnet.cli.compiling.prepare import warm_up_search
    from btfnet.cli.inputs.sources import AUTO
    from btfnet.search.impossible import warn_if_impossible

    if options["widths"] != AUTO:
        warn_if_impossible(problem)  # before anything is compiled
    names = ("precision", "jobs", "quiet", "engine")
    warm_up_search(problem, **{name: options[name] for name in names})
    current().check()  # which the search that warms up has caught


def _search(
    problem: Problem,
    settings: Settings,
    tune: bool,
    checkpoint: Checkpoint | None,
    stop: Event,
    options: dict[str, Any],
) -> Result:
    import btfnet
    from btfnet.cli.inputs.sources import AUTO
    from btfnet.cli.reports.progress import spectator

    names = ("trials", "time_limit", "jobs", "seed", "deterministic", "engine", "precision", "shrink")
    common: dict[str, Any] = {name: options[name] for name in names} | {"stop": stop}
    with spectator(quiet=options["quiet"]) as watch:
        if options["widths"] == AUTO:
            return btfnet.solve_widths(problem, settings, tune=tune, spectator=watch, **common)
        return btfnet.solve(
            problem,
            settings,
            all_trials=options["all_trials"],
            circuits=options["circuits"],
            tune=tune,
            spectator=watch,
            checkpoint=checkpoint,
            **common,
        )


def choose_settings(own: Settings | None, given: dict[str, Any], tune: bool | None) -> tuple[Settings, bool]:
    """The settings to start from, and whether β and γ, and σ from theirs upwards, find themselves.

    What was given counts most, then the problem's own. Without --tune or --no-tune, they find themselves for
    plain data, unless one of σ, β, γ was given.
    """
    from btfnet.settings import Settings

    if tune and {"beta", "gamma"} & set(given):
        raise UsageError("--tune finds beta and gamma, but one of them is given; leave out one of the two.")
    if tune is None:
        tune = own is None and not {"sigma", "beta", "gamma"} & set(given)
    return (own or Settings()).but(**given), tune


def _deliver(
    result: Result, asked: Asked, folder: RunFolder | None, options: dict[str, Any], started: float
) -> bool:
    """Save first, then print: a result is never lost because nobody listens any more.

    Returns whether it was saved: an exact run is not replaced by one that is not.
    """
    from btfnet.cli.commands.synthesis import optimised_or_as_it_is
    from btfnet.cli.outputs.outputs import circuit_bytes
    from btfnet.cli.reports.humanize import as_json
    from btfnet.cli.reports.report import as_record, as_text

    circuit = _final_circuit(result)
    if folder and folder.keeps_its_run(exact=result.exact, force=options["force"]):
        folder = None
    model = folder.model if folder and circuit else None
    seconds = result.seconds_before + time.monotonic() - started
    record = as_record(result, circuit=circuit, trials=options["trials"], model=model, seconds=seconds)
    smaller = (
        optimised_or_as_it_is(circuit, quiet=options["quiet"]) if circuit and options["optimise"] else None
    )
    if options["optimise"]:
        record["optimised"] = smaller.as_dict() if smaller else None
    drawn, report = smaller.circuit if smaller else circuit, as_text(result, circuit)
    code = _exit_code(result)
    try:
        if folder:
            search = asked.record(finished=_nothing_left(result), exit_code=code, report=report)
            folder.save(result, circuit, record, search, netlist=drawn)
    except BaseException:
        show(report, as_json(record), None, lambda: None, options)
        raise

    def netlist() -> bytes | None:
        return circuit_bytes(f".{options['netlist']}", drawn) if drawn and options["netlist"] else None

    show(report, as_json(record), folder, netlist, options)
    return folder is not None


def _nothing_left(result: Result) -> bool:
    """Whether the same command could only come to the same; of a ladder nothing is kept to go on with."""
    if result.widths and not result.exact:
        return result.status.key not in ("interrupted", "time_limit")
    return result.finished


def _final_circuit(result: Result) -> Circuit | None:
    """The kept circuit, simplified, under the problem's names."""
    if result.circuit is None:
        return None
    problem = result.problem
    return result.circuit.simplified().named(
        name=problem.name, inputs=problem.input_names, outputs=problem.output_names
    )
