"""`btfnet problems`: what is built in."""

from __future__ import annotations

from typing import Any

from btfnet import tasks
from btfnet.cli.console import plural, say, show_report
from btfnet.cli.outputs import check_output, put_items
from btfnet.errors import UsageError
from btfnet.files.strict_json import as_json
from btfnet.tasks import Task


def run(name: str | None, write: str | None, seed: int | None, json: bool, force: bool) -> None:
    """As `btfnet problems` is declared."""
    if seed is not None and not write:
        raise UsageError("--seed makes other items for --write; add --write FILE.")
    if name is None:
        if write:
            raise UsageError("--write needs the NAME of a problem.")
        _show_all(json)
        return
    if write:
        check_output(write, tasks.files(name))
    task = tasks.load(name, seed)
    if write:
        put_items(write, task.problem.items, force=force)
    if json:
        say(as_json(_facts(task)))
    elif write:
        say(f"{plural(task.problem.n_items, 'item')} of {task.name} written to {write}.")
    else:
        show_report(tasks.describe(name))


def _show_all(json: bool) -> None:
    summaries, families = tasks.summaries(), tasks.families()
    others = tasks.summaries_of_plugins()
    if json:
        listed = {
            "problems": [_entry("name", *each) for each in (summaries | others).items()],
            "families": [_entry("form", *each) for each in families.items()],
        }
        say(as_json(listed))
        return
    width = max(map(len, (*summaries, *families, *others)), default=0)
    for name, summary in summaries.items():
        show_report(f"{name:<{width}}  {summary}")
    say("\nOther sizes, by name:")
    for form, summary in families.items():
        show_report(f"{form:<{width}}  {summary}{_from(form)}")
    if others:
        say("\nOf other packages:")
    for name, summary in others.items():
        show_report(f"{name:<{width}}  {summary}{_from(name)}")
    say("\nMore about one: btfnet problems NAME. Learn it: btfnet solve NAME.")


def _entry(key: str, name: str, summary: str) -> dict[str, str | None]:
    return {key: name, "summary": summary, "package": tasks.origin(name) or None}


def _from(name: str) -> str:
    package = tasks.origin(name)
    return f" [{package}]" if package else ""


def _facts(task: Task) -> dict[str, Any]:
    problem, network = task.problem, task.problem.network
    bits, words = problem.constant_accuracy
    return {
        "name": task.name,
        "summary": task.summary,
        "source": task.source,
        "data": task.data,
        "inputs": network.n_inputs,
        "input_kind": str(problem.input_kind),
        "outputs": network.n_outputs,
        "output_kind": str(problem.output_kind),
        "train_items": problem.n_train,
        "test_items": problem.n_test,
        "nodes": None if network.grows else network.n_btf,
        "edges": None if network.grows else network.n_edges,
        "constant_bits": bits,
        "constant_words": words,
        "settings": None if task.settings is None else task.settings.as_dict(),
    }
