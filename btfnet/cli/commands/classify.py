"""`btfnet classify`: classes by the votes of K networks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from btfnet.cli.compiling.processes import warm_up_committee
from btfnet.cli.console import NOT_FOUND, Counted, duration, number, percent, plural, say
from btfnet.cli.inputs.problems import AUTO, find_problem
from btfnet.cli.outputs import checked_netlist, circuit_bytes
from btfnet.cli.reports.search_report import accuracy, items_in_words, training_record
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.restart import check_options, deliver, open_folder, read_by, replayed, settled
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import ITEMS, MODEL, TRAINED
from btfnet.cli.signals import current
from btfnet.committee.committee import Committee
from btfnet.committee.training import train_committee
from btfnet.errors import UsageError
from btfnet.files.strict_json import as_json, strict
from btfnet.formats.btf.classifier import write_classifier
from btfnet.formats.by_suffix import write_circuit, write_items
from btfnet.formats.csv.layout import Layout
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind
from btfnet.projections.rrr import Status
from btfnet.search.records import Score

TOO_LARGE = ("blif",)
"""Netlists that list covers: gigabytes for a vote of thousands of bits."""
HOW_IT_ENDED = {
    TRAINED: "Trained.",
    "interrupted": "Interrupted; these members were done.",
    "time_limit": "The time limit came first; these members were done.",
}
"""By the record's status."""


def run(problem: str | None, **options: Any) -> int:
    """As `btfnet classify` is declared: train, check, save, print; 0, however many training classes are right."""
    check_options(options)
    netlist = checked_netlist(options)
    if netlist in TOO_LARGE:
        raise UsageError(
            f"--netlist {netlist} takes gigabytes for votes of thousands of bits; choose v or aig."
        )
    items = _problem(problem, options)
    asked = Asked.committee(items, options["members"], options["seed"])
    with open_folder(options, netlist, read_by(problem, options["data"])) as folder:
        if folder:
            earlier = settled(folder, asked, resume=options["resume"], force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
            folder.checkpoint(resume=False)  # an unfinished search is not overwritten
        warm_up_committee(quiet=options["quiet"])
        current().check()
        return _trained(items, asked, folder, netlist, options)


def _problem(name: str | None, options: dict[str, Any]) -> Problem:
    """The problem that is named, or the items of --data; its network is not used."""
    data = options["data"]
    if (name is None) == (data is None):
        raise UsageError("name a problem, or give --data, and not both. An example: btfnet classify digits")
    problem, _ = find_problem(
        name,
        data=data,
        widths=AUTO if data else None,
        n_inputs=options["n_inputs"],
        n_train=options["train"],
        layout=Layout(options["separator"], options["header"]),
    )
    where = data or name
    if problem.output_kind is not OutputKind.CLASS:
        raise UsageError(
            f"{where}: the outputs are bits, but classify learns classes; give a .dat file with class labels, "
            f"an .npz file with output_kind class (btfnet formats npz), or a problem such as digits."
        )
    if not problem.input_kind.known:
        raise UsageError(
            f"{where}: the inputs are {problem.input_kind}, but classify learns from given ones."
        )
    return problem


def _trained(
    problem: Problem, asked: Asked, folder: RunFolder | None, netlist: str | None, options: dict[str, Any]
) -> int:
    """Train, save, print; returns the exit code."""
    limit = options["time_limit"]
    ends = float("inf") if limit is None else time.monotonic() + limit
    signals = current()
    with signals.asking() as stop:
        try:
            committee = train_committee(
                problem,
                members=options["members"],
                seed=options["seed"],
                report=None if options["quiet"] else Counted(options["members"], "member").add,
                stop=lambda: stop.is_set() or time.monotonic() >= ends,
            )
        except KeyboardInterrupt:
            if signals.came is not None:
                raise
            say("The time limit came before the first network was trained; raise --time-limit.", err=True)
            return NOT_FOUND
        status = TRAINED
        if committee.status is Status.INTERRUPTED:
            status = "time_limit" if signals.came is None else "interrupted"
        code = signals.exit_code if status == "interrupted" else 0
        _deliver(problem, committee, asked, folder, netlist, options, status=status, code=code)
    return code


def _deliver(
    problem: Problem,
    committee: Committee,
    asked: Asked,
    folder: RunFolder | None,
    netlist: str | None,
    options: dict[str, Any],
    *,
    status: str,
    code: int,
) -> None:
    """Save first, then print."""
    circuit, classifier = committee.circuit(), committee.classifier()
    score = Score(*problem.scores(2 * classifier.one_hot(problem.inputs) - 1))
    if folder and folder.keeps_its_run(exact=score.train_words == 1, force=options["force"]):
        folder = None
    begun: float = click.get_current_context().obj
    record = _record(problem, committee, score, options["seed"], status) | {
        "model": folder.model if folder else None,
        "seconds": round(time.monotonic() - begun, 6),
    }
    report = _text(problem, record, score)
    files: dict[str, Callable[[Path], None]] = {
        MODEL: lambda path: write_classifier(path, classifier),
        ITEMS: lambda path: write_items(path, problem.training_items),
    }
    if netlist:
        files[f"circuit.{netlist}"] = lambda path: write_circuit(path, circuit)

    def save(folder: RunFolder) -> None:
        folder.store(files, record, asked.record(finished=status == TRAINED, exit_code=code, report=report))

    printed = None if netlist is None else lambda: circuit_bytes(f".{netlist}", circuit)
    deliver(report, as_json(record), folder, save, printed, options)


def _record(problem: Problem, committee: Committee, score: Score, seed: int, status: str) -> dict[str, Any]:
    """What --json prints, but for the model's place and the time."""
    member, circuit = committee.members[0], committee.circuit()
    record: dict[str, Any] = strict({
        "problem": problem.name,
        "seed": seed,
        "status": status,
        "exact": score.train_words == 1,
        "committee": {
            "members": len(committee.members),
            "comparisons": member.comparisons.n_bits,
            "outputs": member.circuit.n_outputs,
            "classes": list(circuit.output_names),
        },
        "train_classes": score.train_words,
        "test_classes": score.test_words,
        "constant_classes": problem.constant_accuracy[1],
        "gates": circuit.counts(),
        "depth": circuit.depth,
        "training": training_record(circuit),
    })  # fmt: skip
    return record


def _text(problem: Problem, record: dict[str, Any], score: Score) -> str:
    network, committee = problem.network, record["committee"]
    right = "all" if record["exact"] else percent(score.train_words)
    kinds = ", ".join(f"{number(count)} {kind}" for kind, count in record["gates"].items())
    return "\n".join([
        f"Problem   {problem.name}: {plural(network.n_inputs, 'input')}, "
        f"{plural(network.n_outputs, 'class', 'classes')}; {items_in_words(problem)}",
        f"Committee {plural(committee['members'], 'member')}, each of {committee['comparisons']} comparisons "
        f"and {committee['outputs']} outputs; seed {record['seed']}",
        f"Status    {HOW_IT_ENDED[record['status']]} The circuit gets {right} of the training classes right.",
        f"Gates     {number(sum(record['gates'].values()))} ({kinds}); depth {record['depth']}",
        f"Time      {duration(record['seconds'])}",
        "",
        *accuracy(problem, score),
    ])  # fmt: skip
