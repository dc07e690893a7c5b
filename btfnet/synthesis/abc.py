"""ABC in a subprocess: Yosys brings one, and it also comes alone.

Graphs go there and back as BLIF, through our own writer and reader. Each part of the script leaves a file, so that
a part that fails or takes too long costs nothing of what came before it.
Source: R. Brayton, A. Mishchenko, ABC: an academic industrial-strength verification tool, CAV 2010.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from btfnet import formats
from btfnet.errors import BtfnetError, ToolError, ToolMissing
from btfnet.logic.aig.aig import Aig
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit
from btfnet.tools.programs import Program, candidates
from btfnet.tools.running import run_script, workbench

ORIGINS = {"yosys": ("pyosys", "yosys-abc"), "abc": ("berkeley-abc", "abc")}
"""Which of the programs called abc are Yosys' own, and which stand alone."""
_COMPRESS = (
    "balance -l; resub -K 6 -l; rewrite -l; resub -K 6 -N 2 -l; refactor -l; resub -K 8 -l; balance -l; "
    "resub -K 8 -N 2 -l; rewrite -l; resub -K 10 -l; rewrite -z -l; resub -K 10 -N 2 -l; balance -l; "
    "resub -K 12 -l; refactor -z -l; resub -K 12 -N 2 -l; rewrite -z -l; balance -l"
)
_ALIAS = f'alias compress2rs "{_COMPRESS}"'
"""As abc.rc has it; that file is not read, and &deepsyn of older versions calls it by this name."""
DEEP = 4
"""Starts of &deepsyn, each from another seed: so many with two-input tables, which majorities want, and so many
without."""
STALE = 40
"""Steps without a gain that end a start."""
_FAST = ("compress2rs; compress2rs", "ifraig; dch; balance -l; compress2rs; compress2rs; compress2rs")
_MARGIN = 0.8
"""Of the time that is left, what &deepsyn may plan with."""


def program(tool: str) -> Program:
    """The program of a tool: "yosys" is the ABC that comes with Yosys, "abc" the one alone.

    Raises `ToolMissing`, saying what to install.
    """
    for found in candidates("abc"):
        if found.origin in ORIGINS[tool]:
            return found
    how = {"yosys": "pip install 'btfnet[hw]'", "abc": "the Debian package berkeley-abc"}[tool]
    what = {"yosys": "Yosys' ABC (yosys-abc)", "abc": "ABC (abc or berkeley-abc)"}[tool]
    raise ToolMissing(f"{what} is not on this machine. Install it: {how}.")


def improve(graph: Aig, tool: Program, *, seconds: float) -> Aig:
    """The smallest graph that ABC finds, the shallowest among equals. That it is equivalent is not checked here.

    The same on every run, unless its time is over first. Raises `ToolError` when the first part fails.
    """
    if not graph.n_ands:
        return graph
    end = time.monotonic() + seconds
    circuit = Circuit.from_aig(replace(graph, name="circuit", input_names=(), output_names=()))
    with workbench() as folder:
        formats.write_circuit(Path(folder) / "best.blif", circuit)
        best = graph
        for number, commands in enumerate(_parts(seconds)):
            left = end - time.monotonic()
            if left <= 0:
                break
            try:
                smaller = _run(tool, commands, Path(folder), graph, seconds=left)
            except ToolError:
                if number == 0:
                    raise
                break  # an older version, or no time: what there is counts
            if _price(smaller) < _price(best):
                best = smaller
                formats.write_circuit(Path(folder) / "best.blif", Circuit.from_aig(best))
        return replace(best, name=graph.name, input_names=graph.input_names, output_names=graph.output_names)


def _parts(seconds: float) -> Iterator[str]:
    """What is tried in turn, each on the best so far."""
    for commands in _FAST:
        yield f"strash; {commands}"
    limit = max(1, int(seconds * _MARGIN / (2 * DEEP)))
    for option in (" -t", ""):
        yield f"strash; &get -n; &deepsyn -I {DEEP} -J {STALE} -T {limit}{option}; &put"


def _run(tool: Program, commands: str, folder: Path, graph: Aig, *, seconds: float) -> Aig:
    written = folder / "made.blif"
    written.unlink(missing_ok=True)
    script = "\n".join(
        [_ALIAS, "read_blif best.blif", *commands.split("; "), "strash", "write_blif made.blif"]
    )
    log = run_script(tool, script, seconds=seconds, cwd=folder)
    who = f"{tool.name} ({tool.origin})"
    if not written.exists():
        raise ToolError(f"{who} wrote no circuit. Its last words: {log.strip()[-300:] or '(nothing)'}")
    try:
        circuit = formats.read_circuit(written)
    except BtfnetError as error:
        raise ToolError(f"{who} wrote what cannot be read: {error}") from error
    if (circuit.n_inputs, circuit.n_outputs) != (graph.n_inputs, len(graph.outputs)):
        raise ToolError(
            f"{who} wrote a circuit of {circuit.n_inputs} inputs and {circuit.n_outputs} outputs, "
            f"but was given {graph.n_inputs} and {len(graph.outputs)}."
        )
    return aig_of(circuit)


def _price(graph: Aig) -> tuple[int, int]:
    return graph.n_ands, graph.depth
