"""The command line. Only this room prints or exits.

declarations/  what each command takes: arguments, options, help; nothing heavy, so that no help waits
commands/      what it does: `run` of the module with the command's name, loaded when the command runs
inputs/        what arguments name: problems, models, items, rows, and the two sides of a comparison
runs/          `--out DIR`: the run in it, what it was asked, and how it goes on
reports/       what is said of results, circuits, progress, as text and as JSON
compiling/     kernels compiled before they are needed, in processes
labels.py      labels of rows as a table of text
outputs.py     what is written, by kind, and what may be replaced; optimising.py `--optimise`
console.py     what is said on the terminal, and numbers as people read them; signals.py SIGINT and SIGTERM
ranking.py     `--ranks`: one command in many processes
checkup/       what `btfnet doctor` looks at
completing.py  what a shell completes
app.py         the group: loading by name, errors as one message, exit codes
"""

from __future__ import annotations

import click

from btfnet import __version__
from btfnet.cli.app import App


@click.group(
    cls=App,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 done (for solve: every training item is right), 1 unreadable or inconsistent input, 2 "
    "wrong usage, 3 searched and not found (for verify: they differ), 4 not decided in time, 130 interrupted, 143 "
    "terminated.",
)
@click.version_option(__version__, message="btfnet %(version)s")
def main() -> None:
    """Learn Boolean circuits from examples, without gradients, and check them on every one.

    \b
    A first session:
      btfnet problems                                  what is built in
      btfnet solve multiplier-2x2 --out runs/mult      learn a 2-bit multiplier
      btfnet verify runs/mult                          check it again
      btfnet export runs/mult mult.blif                use it elsewhere
    """


__all__ = ["main"]
