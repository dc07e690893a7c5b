"""`btfnet problems`: what is built in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from btfnet.cli.app import say
from btfnet.cli.options import WholeNumber, ranged
from btfnet.cli.outputs.outputs import check_output, force_option, put_items
from btfnet.cli.reports.humanize import as_json, plural
from btfnet.errors import UsageError

if TYPE_CHECKING:
    from btfnet.tasks import Task


@click.command(short_help="List the built-in problems, or show one.")
@click.argument("name", required=False)
@click.option("--write", metavar="FILE", help="Write the problem's items (.csv, .npy, .npz, .dat).")
@click.option("--seed", type=WholeNumber(), callback=ranged(0, 2**63 - 1), metavar="N",
              help="With --write: make other items than the problem's own seed does.")  # fmt: skip
@click.option("--json", is_flag=True, help="Print JSON.")
@force_option
def command(name: str | None, write: str | None, seed: int | None, json: bool, force: bool) -> None:
    """List the built-in problems, or show the one called NAME (or a problem file, .toml).

    --write replaces an .npz that btfnet wrote, and other items of the same columns: of the same names in .csv, of
    as many in .dat and .npy.

    \b
    Examples:
      btfnet problems
      btfnet problems multiplier-2x2
      btfnet problems multiplier-2x2 --write items.csv
    """
    if seed is not None and not write:
        raise UsageError("--seed makes other items for --write; add --write FILE.")
    if name is None:
        if write:
            raise UsageError("--write needs the NAME of a problem.")
        _show_all(json)
        return
    from btfnet import tasks

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
        say(tasks.describe(name))


def _show_all(json: bool) -> None:
    from btfnet import tasks

    summaries, families = tasks.summaries(), tasks.families()
    if json:
        listed = {
            "problems": [{"name": name, "summary": summary} for name, summary in summaries.items()],
            "families": [{"form": form, "summary": summary} for form, summary in families.items()],
        }
        say(as_json(listed))
        return
    width = max(map(len, (*summaries, *families)), default=0)
    for name, summary in summaries.items():
        say(f"{name:<{width}}  {summary}")
    say("\nOther sizes, by name:")
    for form, summary in families.items():
        say(f"{form:<{width}}  {summary}")
    say("\nMore about one: btfnet problems NAME. Learn it: btfnet solve NAME.")


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
        "nodes": network.n_btf,
        "edges": network.n_edges,
        "constant_bits": bits,
        "constant_words": words,
        "settings": None if task.settings is None else task.settings.as_dict(),
    }
