"""The command group: commands load when they are called, and every error becomes one message."""

from __future__ import annotations

import os
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import click

from btfnet.arguments import on_the_command_line, similar
from btfnet.cli.signals import Signals, obeyed
from btfnet.errors import BtfnetError, BtfnetWarning, UsageError
from btfnet.machine import address_space
from btfnet.printable import printable

COMMANDS = ("solve", "problems", "export", "predict", "verify", "inspect", "formats", "warm", "bench")
"""One module of this package for each, in the order in which the help shows them."""

OPTIONS = {
    "n_inputs": "--inputs", "n_train": "--train", "resume=True": "--resume", "force": "--force",
    **{name: f"--{name.replace('_', '-')}" for name in (
        "trials", "time_limit", "jobs", "seed", "all_trials", "deterministic", "tune", "engine", "precision",
        "shrink", "circuits", "sigma", "beta", "gamma", "gap", "max_iterations", "widen",
    )},
}  # fmt: skip
"""What the command line calls arguments of the library."""
FAILED, WRONG_USAGE, NOT_FOUND, NOT_DECIDED, NOBODY_READS = 1, 2, 3, 4, 141
"""Exit codes; the last is the shell's own for a closed pipe, as `signals` has those for SIGINT and SIGTERM."""

LEAST_ADDRESS_SPACE = 640 * 2**20
"""Bytes without which NumPy and the compiler hang or crash while they load, or send SIGINT to say so."""


class App(click.Group):
    """A group whose commands are the modules named in `COMMANDS`, each with a `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"btfnet.cli.commands.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; a misspelt one is told which are like it."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            known = ", ".join(COMMANDS)
            ctx.fail(f"there is no command {name!a}{similar(name, COMMANDS)} The commands are {known}.")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it returns is the exit code, None being 0."""
        allowed = address_space()
        if allowed is not None and allowed < LEAST_ADDRESS_SPACE:
            say(
                f"Error: only {allowed // 2**20} MiB of address space are allowed (ulimit -v), and btfnet needs "
                f"{LEAST_ADDRESS_SPACE // 2**20} MiB at least; allow more: ulimit -v 1000000.",
                err=True,
            )
            ctx.exit(FAILED)
        with obeyed() as signals:
            code = self._run(ctx, signals)
        ctx.exit(code or 0)

    def _run(self, ctx: click.Context, signals: Signals) -> Any:
        ctx.obj = time.monotonic()
        try:
            with _warnings_printed(), on_the_command_line(OPTIONS):
                code = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except KeyboardInterrupt:
            code = _interrupted(signals)
        except BrokenPipeError:
            code = _close_quietly()
        except BtfnetError as error:
            say(f"Error: {error}", err=True)
            code = WRONG_USAGE if isinstance(error, UsageError) else FAILED
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # a signal's exception may have become another one on its way
            code = _explain(error) if signals.came is None else _interrupted(signals)
        return code


def _interrupted(signals: Signals) -> int:
    with suppress(OSError, ValueError):
        click.echo("Interrupted.", err=True)
    return signals.exit_code


def say(text: str, *, err: bool = False) -> None:
    """Print a text in which names from files may stand: none of them moves the cursor or colours the terminal."""
    click.echo(printable(text, keep="\n\t"), err=err)


def warn(text: str) -> None:
    """Say it on standard error, if anybody listens: a closed one must not end a command."""
    with suppress(OSError, ValueError):
        say(f"Warning: {text}", err=True)


@contextmanager
def _warnings_printed() -> Iterator[None]:
    """Every `BtfnetWarning` becomes a line on standard error, the same text once; others stay as they are."""
    said = set[str]()
    with warnings.catch_warnings():
        warnings.simplefilter("always", BtfnetWarning)
        others = warnings.showwarning

        def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
            if not issubclass(category, BtfnetWarning):
                others(message, category, *where, **more)
            elif str(message) not in said:
                said.add(str(message))
                warn(str(message))

        warnings.showwarning = show
        yield


def _explain(error: Exception) -> int:
    """Say in a line what nobody expected; BTFNET_DEBUG=1 adds the traceback for a report."""
    if os.environ.get("BTFNET_DEBUG", "0") not in ("", "0"):
        traceback.print_exception(error)
    if isinstance(error, MemoryError):
        message = "there is not enough memory for this. Use fewer items or a smaller network."
    elif isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    elif isinstance(error, (ImportError, OSError)):  # as the loader of shared libraries says it
        message = (
            f"a library cannot be loaded ({error}).\n"
            "Either too little memory is allowed for it (ulimit -v: allow 1 GB at least), or it is not installed "
            "whole: install btfnet anew."
        )
    elif isinstance(error, RuntimeError) and "start new thread" in str(error):
        message = (
            "no thread can be started: too little memory or too few processes are allowed "
            "(ulimit -v, ulimit -u, limits of the container)."
        )
    else:
        message = (
            f"something went wrong inside btfnet ({type(error).__name__}: {error}).\n"
            "This is a defect: please report it with the command that you ran. "
            "With BTFNET_DEBUG=1 in the environment it also says where it happened."
        )
    say(f"Error: {message}", err=True)
    return FAILED


def _close_quietly() -> int:
    """Nobody reads our output any more (`btfnet … | head`): let the interpreter end without complaint."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open until the interpreter ends
    return NOBODY_READS
