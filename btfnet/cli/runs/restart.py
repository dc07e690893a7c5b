"""Start or resume: one command begins a search, goes on with it, or shows what it came to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from btfnet import tasks
from btfnet.cli.console import say, show_report
from btfnet.cli.optimising import optimised_or_as_it_is
from btfnet.cli.runs.earlier import Asked, Earlier
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import find_model, warn_of_record
from btfnet.errors import DataError, UsageError
from btfnet.formats.by_suffix import read_circuit, write_circuit
from btfnet.logic.circuit import Circuit

Netlist = Callable[[], bytes | None]
"""The text of a netlist, made when it is printed; None where there is no circuit."""


def check_options(options: dict[str, Any]) -> None:
    """Raise `UsageError` for --resume and --force where they mean nothing, or contradict each other."""
    if options["resume"] and not options["out"]:
        raise UsageError("--resume needs --out, the directory of the search to go on with.")
    if options["force"] and not options["out"]:
        raise UsageError("--force lets --out replace what is there; add --out DIR, or leave it out.")
    if options["resume"] and options["force"]:
        raise UsageError(
            "--resume goes on with what is in --out and --force replaces it; choose one of them."
        )
    places = [f"--{name}" for name in ("dask", "share", "ranks") if options.get(name)]
    places += ["--device"] if options.get("device") else []
    if len(places) > 1:
        raise UsageError(
            f"{' and '.join(places)} each say where the search runs, and do not go together; choose one of them."
        )
    if options.get("share") and not options["out"]:
        raise UsageError("--share needs --out, the directory in which others run the same search.")
    if options.get("share") and options["force"]:
        raise UsageError(
            "--share joins the search in --out and --force replaces it; remove the directory once no job runs "
            "there, or leave out one of them."
        )


def read_by(problem: str | None, *files: str | None) -> list[str | Path | None]:
    """The files that a command reads: those that are given, and those of a problem."""
    return [*files, *(() if problem is None else tasks.files(problem))]


@contextmanager
def open_folder(
    options: dict[str, Any],
    netlist: str | None,
    inputs: list[str | Path | None],
    more: Iterable[str] = (),
) -> Iterator[RunFolder | None]:
    """The directory of --out, this process's alone for as long as this lasts, or of all that share it; None
    without --out.
    """
    if not options["out"]:
        yield None
        return
    shared = bool(options.get("share"))
    folder = RunFolder(options["out"], netlist=netlist, inputs=inputs, more=more, shared=shared)
    try:
        yield folder
    finally:
        folder.release()


def settled(folder: RunFolder, asked: Asked, *, resume: bool, force: bool) -> Earlier | None:
    """The earlier run in `folder` if it is what `asked` would come to; None when a search may begin or go on.

    Raises `DataError` where it is another one that --resume cannot go on with, `OutputError` where it may not be
    replaced.
    """
    earlier = folder.earlier()
    if not resume:
        if force:
            folder.discard_checkpoint()
        elif earlier is not None:
            earlier.check_replaceable(asked)
        return None
    if earlier is None or folder.has_checkpoint():
        return earlier if earlier is not None and earlier.answers(asked) else None
    earlier.check_same(asked)
    if earlier.answers(asked):
        return earlier
    folder.take_up_trials()
    return None


def replayed(earlier: Earlier, folder: RunFolder, options: dict[str, Any]) -> int:
    """Print what a finished run printed when it ended; returns its exit code."""
    if not options["quiet"]:
        say(f"Finished before; this is what {folder.path} holds.", err=True)
    show(earlier.report, earlier.record.rstrip("\n"), folder, lambda: _netlist(folder, options), options)
    return earlier.exit_code


def deliver(
    report: str,
    record: str,
    folder: RunFolder | None,
    save: Callable[[RunFolder], object],
    netlist: Netlist | None,
    options: dict[str, Any],
) -> None:
    """Save first, then print: no result is lost because nobody listens any more, or because a disk is full."""
    try:
        if folder:
            save(folder)
    except BaseException:
        show(report, record, None, None, options)
        raise
    show(report, record, folder, netlist, options)


def show(
    report: str, record: str, folder: RunFolder | None, netlist: Netlist | None, options: dict[str, Any]
) -> None:
    """Print a result: the record alone as JSON, else the report, the netlist, and where all of it is saved.

    A circuit that is not exact is warned of first.
    """
    warn_of_record(record)
    if options["json"]:
        say(record)
        return
    show_report(report)
    if netlist is not None and (text := netlist()) is not None:
        say("\nNetlist:\n")
        click.echo(text, nl=False)
    if folder is not None:
        where = f" (netlist: {folder.netlist})" if Path(folder.netlist).exists() else ""
        say(f"\nSaved in  {folder.path}{where}")


def _netlist(folder: RunFolder, options: dict[str, Any]) -> bytes | None:
    """The netlist asked for: as it was saved, or made now and saved; None where there is no circuit."""
    if not options["netlist"]:
        return None

    path = Path(folder.netlist)
    if not path.exists():
        try:
            circuit = read_circuit(find_model(str(folder.path)))
        except DataError:
            return None
        write_circuit(path, _optimised(circuit, options))
    with suppress(OSError):
        return path.read_bytes()
    return None


def _optimised(circuit: Circuit, options: dict[str, Any]) -> Circuit:
    smaller = optimised_or_as_it_is(circuit, quiet=options["quiet"]) if options.get("optimise") else None
    return smaller.circuit if smaller else circuit
