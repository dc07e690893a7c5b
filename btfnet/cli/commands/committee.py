"""`btfnet solve --committee K`: classes by the votes of K networks."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from btfnet.cli.inputs.tables import layout
from btfnet.cli.outputs.outputs import circuit_bytes
from btfnet.cli.reports.humanize import as_json, duration, number, percent, plural, strict
from btfnet.cli.reports.report import training_record
from btfnet.cli.runs import run_folder as names
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.restart import read_by, replayed, settled, show
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.errors import UsageError

if TYPE_CHECKING:
    from threading import Event

    from btfnet.committee.classifier import Classifier
    from btfnet.committee.committee import Committee
    from btfnet.logic.circuit import Circuit
    from btfnet.problem.problem import Problem
    from btfnet.search.records import Score

ALLOWED = (
    "problem", "data", "n_inputs", "train", "seed", "committee", "out", "resume", "force", "netlist", "json",
    "quiet", "separator", "header",
)  # fmt: skip
TOO_LARGE = ("blif",)
"""Netlists that list covers: gigabytes for a vote of thousands of bits."""


def solve_committee(started: float, name: str | None, options: dict[str, Any], netlist: str | None) -> int:
    """Train, check, save, print; the exit code is 0, however many training classes are right."""
    from btfnet.cli.inputs.sources import AUTO, find_problem
    from btfnet.cli.signals import current

    _check_options(click.get_current_context(), netlist)
    widths = AUTO if options["data"] else None  # the problem's network is not used
    problem, _ = find_problem(
        name,
        data=options["data"],
        widths=widths,
        n_inputs=options["n_inputs"],
        n_train=options["train"],
        layout=layout(options["separator"], options["header"]),
    )
    _check_problem(problem, options["data"] or name)
    asked = Asked.committee(problem, options["committee"], options["seed"])
    with ExitStack() as stack:
        out = options["out"]
        folder = RunFolder(out, netlist=netlist, inputs=read_by(name, options)) if out else None
        if folder:
            stack.callback(folder.release)
            earlier = settled(folder, asked, resume=options["resume"], force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
            folder.checkpoint(resume=False)  # an unfinished search is not overwritten
        _warm(options)
        with current().asking() as stop:
            committee = _train(problem, options, stop)
            code = current().exit_code if committee.status.key == "interrupted" else 0
            _deliver(problem, committee, asked, folder, netlist, options, started, code)
    return code


def _check_options(context: click.Context, netlist: str | None) -> None:
    """Refuse what was given but has no meaning here."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name not in ALLOWED and source is ParameterSource.COMMANDLINE:
            given = "/".join([*parameter.opts, *parameter.secondary_opts])
            raise UsageError(
                f"{given} has no meaning with --committee; leave it out (what has: --data, --inputs, --train, "
                f"--seed, --out, --resume, --force, --netlist, --json, --quiet)."
            )
    if netlist in TOO_LARGE:
        raise UsageError(
            f"--netlist {netlist} takes gigabytes for votes of thousands of bits; choose v or aig."
        )


def _check_problem(problem: Problem, where: str | None) -> None:
    from btfnet.problem.values import OutputKind

    if problem.output_kind is not OutputKind.CLASS:
        raise UsageError(
            f"{where}: the outputs are bits, but --committee learns classes; give a .dat file with class labels, "
            f"an .npz file with output_kind class (btfnet formats npz), or a problem such as digits."
        )
    if not problem.input_kind.known:
        raise UsageError(
            f"{where}: the inputs are {problem.input_kind}, but --committee learns from given ones."
        )


def _warm(options: dict[str, Any]) -> None:
    from btfnet.cli.signals import current

    _warm_up(quiet=options["quiet"])
    current().check()


def _train(problem: Problem, options: dict[str, Any], stop: Event) -> Committee:
    from btfnet.cli.reports.progress import Counted
    from btfnet.committee.training import train_committee

    counted = Counted(options["committee"], "member")
    return train_committee(
        problem,
        members=options["committee"],
        seed=options["seed"],
        report=None if options["quiet"] else counted.add,
        stop=stop,
    )


def _warm_up(*, quiet: bool) -> None:
    from btfnet.cli.compiling.prepare import warm_up_committee

    warm_up_committee(quiet=quiet)


def _deliver(
    problem: Problem,
    committee: Committee,
    asked: Asked,
    folder: RunFolder | None,
    netlist: str | None,
    options: dict[str, Any],
    started: float,
    code: int,
) -> None:
    """Save first, then print."""
    from btfnet.search.records import Score

    circuit, classifier = committee.circuit(), committee.classifier()
    score = Score(*problem.scores(2 * classifier.one_hot(problem.inputs) - 1))
    if folder and folder.keeps_its_run(exact=score.train_words == 1, force=options["force"]):
        folder = None
    record = _record(problem, committee, circuit, score, folder, options["seed"])
    record["seconds"] = round(time.monotonic() - started, 6)
    report, printed = _text(problem, record, score), as_json(record)
    try:
        if folder:
            search = asked.record(finished=not code, exit_code=code, report=report)
            _save(folder, problem, classifier, circuit, netlist, record, search)
    except BaseException:
        show(report, printed, None, lambda: None, options)
        raise
    show(report, printed, folder, lambda: circuit_bytes(f".{netlist}", circuit) if netlist else None, options)


def _record(
    problem: Problem,
    committee: Committee,
    circuit: Circuit,
    score: Score,
    folder: RunFolder | None,
    seed: int,
) -> dict[str, Any]:
    member = committee.members[0]
    found: dict[str, Any] = strict({
        "problem": problem.name,
        "seed": seed,
        "status": "interrupted" if committee.status.key == "interrupted" else names.TRAINED,
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
        "model": folder.model if folder else None,
    })  # fmt: skip
    return found


def _save(
    folder: RunFolder,
    problem: Problem,
    classifier: Classifier,
    circuit: Circuit,
    netlist: str | None,
    record: dict[str, Any],
    search: str,
) -> None:
    from btfnet import formats
    from btfnet.formats.btf.classifier import write_classifier

    training = problem.training_items
    files: dict[str, Callable[[Path], None]] = {
        names.MODEL: lambda path: write_classifier(path, classifier),
        names.ITEMS: lambda path: formats.write_items(path, training),
    }
    if netlist:
        files[f"circuit.{netlist}"] = lambda path: formats.write_circuit(path, circuit)
    folder.store(files, record, search)


def _text(problem: Problem, record: dict[str, Any], score: Score) -> str:
    from btfnet.cli.reports.report import accuracy, items_in_words

    network, committee = problem.network, record["committee"]
    wrong = "all" if record["exact"] else percent(score.train_words)
    how = "Trained." if record["status"] == names.TRAINED else "Interrupted; these members were done."
    kinds = ", ".join(f"{number(count)} {kind}" for kind, count in record["gates"].items())
    lines = [
        f"Problem   {problem.name}: {plural(network.n_inputs, 'input')}, "
        f"{plural(network.n_outputs, 'class', 'classes')}; {items_in_words(problem)}",
        f"Committee {plural(committee['members'], 'member')}, each of {committee['comparisons']} comparisons "
        f"and {committee['outputs']} outputs; seed {record['seed']}",
        f"Status    {how} The circuit gets {wrong} of the training classes right.",
        f"Gates     {number(sum(record['gates'].values()))} ({kinds}); depth {record['depth']}",
        f"Time      {duration(record['seconds'])}",
        "",
        *accuracy(problem, score),
    ]
    return "\n".join(lines)


def inspected(classifier: Classifier, model: str, *, more: bool, json: bool) -> str:
    """What `btfnet inspect` says of a committee: thousands of gates, so only what they are together."""
    export = f"btfnet export {model} circuit.json"
    if more:
        raise UsageError(
            f"{model}: --data, --exact and --draw look at single gates, of which a committee has thousands; "
            f"inspect the circuit behind its comparisons: {export}."
        )
    circuit = classifier.model.to_circuit()
    facts = {
        "name": classifier.name,
        "inputs": classifier.n_inputs,
        "input_kind": str(classifier.input_kind),
        "comparisons": circuit.n_inputs,
        "classes": list(classifier.class_names),
        "gates": circuit.counts(),
        "depth": circuit.depth,
        "training": training_record(circuit),
    }
    if json:
        return as_json(facts)
    return "\n".join([
        f"Name      {classifier.name}",
        f"Inputs    {plural(classifier.n_inputs, 'input')} ({classifier.input_kind}), of which "
        f"{plural(circuit.n_inputs, 'comparison')} make bits",
        f"Classes   {', '.join(classifier.class_names)}",
        f"Gates     {', '.join(f'{number(count)} {kind}' for kind, count in circuit.counts().items())}",
        f"Depth     {circuit.depth}",
        *([] if circuit.training is None else [f"Training  {circuit.training}"]),
        f"\nThe circuit behind the comparisons: {export}",
    ])  # fmt: skip
