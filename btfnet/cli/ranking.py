"""`--ranks`: one command in many processes, of which the first opens files and speaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from btfnet.cli.console import FAILED, WRONG_USAGE, warn
from btfnet.errors import UsageError
from btfnet.ranks.mpi import MpiRanks, ranks_of
from btfnet.ranks.ranks import Ranks

SILENT = {"out": None, "resume": False, "force": False, "netlist": None, "optimise": False, "quiet": True}
"""Options of the other ranks, in place of those given: what they find the first one saves and prints."""


def among_ranks(run: Callable[[Ranks, dict[str, Any]], int], options: dict[str, Any]) -> int:
    """What `run` returns on the first rank, with its options as they are; the others are told it.

    What all ranks raise alike the first one raises. A rank that fails alone says so, and ends the others.
    """
    ranks = ranks_of(options["ranks"])
    if options["ranks"] and not ranks.many and not options["quiet"]:
        warn("--ranks: there is one process, which shares nothing; start it with mpirun -n K btfnet solve ….")
    if not isinstance(ranks, MpiRanks) or not ranks.many:
        return run(ranks, options)
    try:
        with _silent(not ranks.first):
            code = run(ranks, options if ranks.first else {**options, **SILENT})
    except BaseException as error:
        code = WRONG_USAGE if isinstance(error, UsageError) else FAILED
        if ranks.all_fail(code) and not ranks.first:
            return code
        raise
    return code


@contextmanager
def _silent(wanted: bool) -> Iterator[None]:
    with ExitStack() as stack:
        if wanted:
            nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            stack.enter_context(redirect_stdout(nowhere))
            stack.enter_context(redirect_stderr(nowhere))
        yield
