"""What is taken by the commands that need no circuit: problems, formats, warm, bench, doctor, completion."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.completing import format_names, problem_names
from btfnet.cli.declarations.parameters import (
    WHOLE,
    force_option,
    ranged,
)


@click.command(cls=Command, short_help="List the built-in problems, or show one.")
@click.argument("name", required=False, shell_complete=problem_names)
@click.option("--write", metavar="FILE", help="Write the problem's items (.csv, .npy, .npz, .dat).")
@click.option("--seed", type=WHOLE, callback=ranged(0, 2**63 - 1), metavar="N",
              help="With --write: make other items than the problem's own seed does.")  # fmt: skip
@click.option("--json", is_flag=True, help="Print JSON.")
@force_option
def problems() -> None:
    """List the built-in problems, or show the one called NAME (or a problem file, .toml).

    --write replaces an .npz that btfnet wrote, and other items of the same columns: of the same names in .csv, of
    as many in .dat and .npy.

    \b
    Examples:
      btfnet problems
      btfnet problems multiplier-2x2
      btfnet problems multiplier-2x2 --write items.csv
    """


@click.command(cls=Command, short_help="List the file formats, or print a specification.")
@click.argument("name", required=False, shell_complete=format_names)
def formats() -> None:
    """List the file formats, or print the specification of the one called NAME.

    \b
    Examples:
      btfnet formats
      btfnet formats csv
    """


@click.command(cls=Command)
@click.option(
    "--jobs", type=WHOLE, callback=ranged(1), metavar="N", help="Processes, one for each core by default."
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
def warm() -> None:
    """Compile all kernels now, so that no command waits for it later: in images of containers, say.

    Compiles in as many processes as there are cores (--jobs), into the first of these folders that can be
    written to: the one that NUMBA_CACHE_DIR names, the package's own, the user's cache folder. Compiled code is
    for this kind of processor, this Python and this version of btfnet; elsewhere it is compiled again when
    it is needed. A second call has nothing to do.

    \b
    Examples:
      btfnet warm
      RUN pip install btfnet && btfnet warm   (in a Dockerfile)
    """


@click.command(cls=Command, short_help="Measure the speed of this machine.")
@click.option("--json", is_flag=True, help="Print JSON.")
@click.option(
    "--quick", is_flag=True, help="A few seconds: fewer rounds and sizes, no starts of the command."
)
@click.option("--cold", is_flag=True, help="Also time a start without compiled kernels: about a minute more.")
@click.option("--device", type=click.Choice(["cpu", "gpu"]),
              help="Measure the projections in JAX there, and nothing else (pip install btfnet[jax]): batches of "
                   "1, 16 and 256 trials.")  # fmt: skip
def bench() -> None:
    """Measure the speed of this machine: ns per edge, item and iteration, and what else takes time.

    The kernel runs on 32-32-32-32-32-32 with 512 items. The time to copy 8 bytes (16 bytes of traffic) of a
    buffer as large as the state, measured in turns with it, says how near that is to the memory's own speed.
    Figures are medians over rounds in which the tasks take turns, so that other programs disturb all alike; the
    spread (distance of the quartiles) says how much they did. "Least" is the quickest call of all.

    \b
    Examples:
      btfnet bench                  all but the cold start, about a minute
      btfnet bench --quick          a first impression
      btfnet bench --cold --json    everything, for programs
      btfnet bench --device gpu     ns, bytes, share of the memory's speed, in JAX
    """


@click.command(cls=Command, short_help="Check this installation.")
@click.option("--json", is_flag=True, help="Print JSON.")
def doctor() -> None:
    """Check this installation, and say of every problem what to do.

    Versions, libraries, cores and memory, the folder of compiled kernels, extras, outside programs, plugins of
    other packages; then a small problem is learned, verified, written, read again and proven equal. A note (-) is
    something that you may want; a problem (!) is something that does not work. Send the JSON with a report.

    \b
    Examples:
      btfnet doctor
      btfnet doctor --json > doctor.json

    \b
    Exit codes: 0 no problem, 1 at least one.
    """


@click.command(cls=Command, short_help="Print what completes commands in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion() -> None:
    """Print the script with which a SHELL completes commands, options, engines, problems and files.

    \b
    Examples:
      btfnet completion bash >> ~/.bashrc
      btfnet completion zsh >> ~/.zshrc
      btfnet completion fish > ~/.config/fish/completions/btfnet.fish
    """
