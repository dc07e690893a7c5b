"""`btfnet classify`: classes, or Boolean outputs, by the votes of many small circuits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click

from btfnet.cli.compiling.processes import warm_up_committee
from btfnet.cli.console import NOT_FOUND, duration, number, percent, plural, say
from btfnet.cli.inputs.models import Reading
from btfnet.cli.inputs.pictures import picture_name, picture_named
from btfnet.cli.inputs.problems import AUTO, find_problem
from btfnet.cli.inputs.splits import fraction_or_file, with_files
from btfnet.cli.outputs import checked_netlist, circuit_bytes
from btfnet.cli.reports.search_report import accuracy, items_in_words, training_record
from btfnet.cli.reports.training_progress import Looks
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.live import Live, followed, told
from btfnet.cli.runs.restart import check_options, deliver, open_folder, read_by, replayed, settled
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import COMMITTEE, ITEMS, MODEL, TRACES, TRAINED
from btfnet.cli.signals import current
from btfnet.committee.committee import Committee
from btfnet.committee.training import train_committee
from btfnet.errors import UsageError
from btfnet.files.atomic import write_text
from btfnet.files.strict_json import as_json, strict
from btfnet.formats.btf.classifier import write_classifier
from btfnet.formats.btf.committee import save_committee
from btfnet.formats.by_suffix import write_circuit, write_items
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.deadline import Deadline
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind
from btfnet.projections.rrr import Status
from btfnet.search.score import Score
from btfnet.viewing.curves import as_csv

TOO_LARGE = ("blif",)
"""Netlists that list covers: gigabytes for a vote of thousands of bits."""
HOW_IT_ENDED = {
    TRAINED: "Trained.",
    "interrupted": "Interrupted; these members were done.",
    "time_limit": "The time limit came first; these members were done.",
}
"""By the record's status."""


class _Ended(NamedTuple):
    """How training ended: the record's status, the exit code, and what it looked like on the way."""

    status: str
    code: int
    traces: str


def run(problem: str | None, **options: Any) -> int:
    """As `btfnet classify` is declared: train, check, save, print; 0, however many training classes are right."""
    check_options(options)
    netlist = checked_netlist(options)
    if netlist in TOO_LARGE:
        raise UsageError(
            f"--netlist {netlist} takes gigabytes for votes of thousands of bits; choose v or aig."
        )
    options["picture"] = picture_named(options["picture"])
    fraction, validation = fraction_or_file(options["validation"])
    options["validation"] = fraction
    items = _problem(problem, validation, options)
    asked = Asked.committee(items, options["members"], options["seed"])
    asked.what["validation"] = fraction
    if options["gates"] is not None:
        asked.what["gates"] = options["gates"]
    if options["picture"] is not None:
        asked.what["picture"] = picture_name(options["picture"])
    with open_folder(
        options, netlist, read_by(problem, options["data"], validation, options["test"])
    ) as folder:
        if folder:
            earlier = settled(folder, asked, resume=options["resume"], force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
        warm_up_committee(quiet=options["quiet"])
        current().check()
        with followed(folder, items.name, unit="members") as live:
            return _trained(items, asked, folder, netlist, options, live)


def _problem(name: str | None, validation: str | None, options: dict[str, Any]) -> Problem:
    """The problem that is named, or the items of --data; its network is not used."""
    data = options["data"]
    if (name is None) == (data is None):
        raise UsageError("name a problem, or give --data, and not both. An example: btfnet classify digits")
    reading = Reading.asked(
        separator=options["separator"], header=options["header"], by_name=False, by_position=False
    )
    problem, _ = find_problem(
        name,
        data=data,
        widths=AUTO if data else None,
        n_inputs=options["n_inputs"],
        n_train=options["train"],
        layout=reading.layout,
    )
    if not problem.input_kind.known:
        raise UsageError(
            f"{data or name}: the inputs are {problem.input_kind}, but classify learns from given ones."
        )
    if problem.output_kind is not OutputKind.CLASS and not problem.input_kind.boolean:
        raise UsageError(
            f"{data or name}: the inputs are numbers and the outputs are bits; give classes: an .npz file with "
            f"output_kind class, which may be a flat array of labels (btfnet formats npz)."
        )
    return with_files(
        problem, validation=validation, test=options["test"], n_train=options["train"], reading=reading
    )


def _trained(
    problem: Problem,
    asked: Asked,
    folder: RunFolder | None,
    netlist: str | None,
    options: dict[str, Any],
    live: Live | None,
) -> int:
    """Train, save, print; returns the exit code."""
    resumed = options["resume"] and folder is not None and folder.has_checkpoint()
    checkpoint = folder.checkpoint(resume=resumed) if folder else None
    deadline = Deadline(options["time_limit"])
    signals = current()
    with signals.asking() as stop:
        try:
            committee = train_committee(
                problem,
                members=options["members"],
                gates=options["gates"],
                picture=options["picture"],
                validation=options["validation"],
                jobs=options["jobs"],
                seed=options["seed"],
                report=told(
                    None if options["quiet"] else Looks(options["members"]), live.look if live else None
                ),
                stop=lambda: stop.is_set() or deadline.over,
                checkpoint=checkpoint,
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
        seen = [] if live is None else live.curves()
        ended = _Ended(status, code, as_csv(seen))
        _deliver(problem, committee, asked, folder, netlist, options, ended)
        if checkpoint and status == TRAINED:
            checkpoint.discard()
        elif checkpoint and checkpoint.present() and not options["quiet"]:
            say("Not finished: the same command with --resume goes on from here.", err=True)
    return code


def _deliver(
    problem: Problem,
    committee: Committee,
    asked: Asked,
    folder: RunFolder | None,
    netlist: str | None,
    options: dict[str, Any],
    ended: _Ended,
) -> None:
    """Save first, then print."""
    circuit = committee.circuit()
    classifier = None if committee.is_of_bits else committee.classifier()
    score = committee.score(problem)
    if folder and folder.keeps_its_run(exact=score.train_words == 1, force=options["force"]):
        folder = None
    begun: float = click.get_current_context().obj
    record = _record(problem, committee, circuit, score, options["seed"], ended.status) | {
        "model": folder.model if folder else None,
        "seconds": round(time.monotonic() - begun, 6),
    }
    report = _text(problem, record, score)
    files: dict[str, Callable[[Path], None]] = {
        MODEL: lambda path: (
            write_circuit(path, circuit) if classifier is None else write_classifier(path, classifier)
        ),
        COMMITTEE: lambda path: save_committee(path, committee),
        ITEMS: lambda path: write_items(path, problem.training_items),
        TRACES: lambda path: write_text(path, ended.traces),
    }
    if netlist:
        files[f"circuit.{netlist}"] = lambda path: write_circuit(path, circuit)

    def save(folder: RunFolder) -> None:
        folder.store(
            files, record, asked.record(finished=ended.status == TRAINED, exit_code=ended.code, report=report)
        )

    printed = None if netlist is None else lambda: circuit_bytes(f".{netlist}", circuit)
    deliver(report, as_json(record), folder, save, printed, options)


def _record(
    problem: Problem, committee: Committee, circuit: Circuit, score: Score, seed: int, status: str
) -> dict[str, Any]:
    """What --json prints, but for the model's place and the time."""
    record: dict[str, Any] = strict({
        "problem": problem.name,
        "seed": seed,
        "status": status,
        "exact": score.train_words == 1,
        "committee": {
            "members": len(committee.members),
            "member_gates": sum(len(member.circuit.gates) for member in committee.members),
            "features": len(committee.features),
            "comparisons": committee.comparisons.n_bits,
            "classes": list(circuit.output_names),
        },
        "scores": score.by_items(),
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
    of_class = problem.output_kind is OutputKind.CLASS
    what = plural(network.n_outputs, "class", "classes") if of_class else plural(network.n_outputs, "output")
    right = "all" if record["exact"] else percent(score.train_words)
    kinds = ", ".join(f"{number(count)} {kind}" for kind, count in record["gates"].items())
    return "\n".join([
        f"Problem   {problem.name}: {plural(network.n_inputs, 'input')}, {what}; {items_in_words(problem)}",
        f"Committee {plural(committee['members'], 'member')} of {number(committee['member_gates'])} gates in all, "
        f"which hear {plural(committee['features'], 'feature')}; seed {record['seed']}",
        f"Status    {HOW_IT_ENDED[record['status']]} The circuit gets {right} of the training "
        f"{'classes' if of_class else 'items'} right.",
        f"Gates     {number(sum(record['gates'].values()))} ({kinds}); depth {record['depth']}",
        f"Time      {duration(record['seconds'])}",
        "",
        *accuracy(problem, score),
    ])  # fmt: skip
