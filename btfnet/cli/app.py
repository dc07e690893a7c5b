"""The command group: commands load when they are called, and every error becomes one message."""

from __future__ import annotations

import os
import re
import sys
import time
import traceback
from contextlib import suppress
from pkgutil import resolve_name
from typing import Any

import click

from btfnet.arguments import on_the_command_line, similar
from btfnet.cli.completing import Words
from btfnet.cli.console import (
    FAILED,
    NOBODY_READS,
    WORDS,
    WRONG_USAGE,
    replace_what_cannot_be_said,
    say,
    warn,
    warnings_printed,
)
from btfnet.cli.signals import Signals, obeyed
from btfnet.errors import BtfnetError, UsageError
from btfnet.machine import address_space

COMMANDS = {
    "solve": "learning",
    "learn": "tables",
    "classify": "learning",
    "automaton": "automata",
    "machine": "machines",
    "problems": "others",
    "export": "circuits",
    "predict": "circuits",
    "verify": "circuits",
    "inspect": "circuits",
    "report": "viewing",
    "watch": "viewing",
    "plot": "viewing",
    "formats": "others",
    "warm": "others",
    "bench": "others",
    "doctor": "others",
    "completion": "others",
}
"""The module of `btfnet.cli.declarations` that has each, in the order in which the help shows them."""

OPTIONS = {
    "n_inputs": "--inputs", "n_train": "--train", "resume=True": "--resume", "force": "--force",
    "committee": "--members",
    "grid=True": "--grid", "grid=False": "--row", "steps": "--steps", "times": "--times",
    **{name: f"--{name.replace('_', '-')}" for name in (
        "trials", "time_limit", "jobs", "seed", "all_trials", "deterministic", "tune", "engine", "precision",
        "shrink", "circuits", "validation", "error", "sigma", "beta", "gamma", "gap", "max_iterations", "widen",
    )},
}  # fmt: skip
"""What the command line calls arguments of the library."""
LEAST_ADDRESS_SPACE = 640 * 2**20
"""Bytes without which NumPy and the compiler hang or crash while they load, or send SIGINT to say so."""


class Command(click.Command):
    """A command as it is declared; what it does is `run` in the module of `btfnet.cli.commands` with its name.

    That module is loaded when the command runs, so that no help waits for NumPy and the compiler. `run` gets the
    options by name; what it returns is the exit code, None being 0.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for parameter in self.params:
            if parameter.type is click.STRING:
                parameter.type = Words()

    def invoke(self, ctx: click.Context) -> Any:
        return ctx.invoke(resolve_name(f"btfnet.cli.commands.{self.name}:run"), **ctx.params)


class App(click.Group):
    """A group whose commands are functions of the modules of `btfnet.cli.declarations`."""

    def main(self, *given: Any, **named: Any) -> Any:
        """The command line, whatever the encoding of the terminal or the file that is written to."""
        replace_what_cannot_be_said()
        return super().main(*given, **named)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """A context that remembers the words of the command."""
        words = tuple(args)
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[WORDS] = words
        return context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        declared: click.Command = resolve_name(f"btfnet.cli.declarations.{COMMANDS[cmd_name]}:{cmd_name}")
        return declared

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; a misspelt one is told which are like it, the old spelling of `classify` is understood."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            known = ", ".join(COMMANDS)
            ctx.fail(f"there is no command {name!a}{similar(name, COMMANDS)} The commands are {known}.")
        if name == "solve" and (renamed := _as_classify(args[1:])) is not None:
            warn("solve --committee K is now a command of its own: btfnet classify --members K.")
            args = ["classify", *renamed]
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
            with warnings_printed(), on_the_command_line(OPTIONS):
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


def _as_classify(words: list[str]) -> list[str] | None:
    """The words of `solve` with --committee as those of `classify`; None where that option is not among them."""
    renamed = [re.sub("^--committee(?=$|=)", "--members", word) for word in words]
    return None if renamed == words else renamed


def _interrupted(signals: Signals) -> int:
    with suppress(OSError, ValueError):
        click.echo("Interrupted.", err=True)
    return signals.exit_code


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
