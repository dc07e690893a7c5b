"""`optimise`: a circuit in, a smaller one out that is proven to be the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from btfnet.arguments import a, need, number, said
from btfnet.errors import ToolError, ToolMissing, UsageError
from btfnet.logic.aig.aig import Aig
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.equivalence import Equivalence, prove_equal
from btfnet.synthesis import abc, in_process
from btfnet.synthesis.costs import Figures, figures

TOOLS = ("auto", "aigverse", "yosys", "abc")
SECONDS = 120.0
FIRST_SHARE = 0.3
"""Of the time, what the first of two tools may take: the second, ABC, finds more."""

Improve = Callable[[Aig, float], Aig]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one tool made of what it was given.

    tool     "aigverse", or ABC with where it is from: "abc (pyosys)"
    graph    None when it failed, or when what it made was not proven to be the same; `note` says why
    seconds  wall clock
    """

    tool: str
    graph: Aig | None
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Optimised:
    """A circuit of two-input Ands, and how it came about.

    before, after  figures of the normalised threshold circuit and of this one
    attempts       the tools in the order in which they ran, each on the best graph until then
    tools          those whose work is in the circuit; empty when no tool gained anything
    proof          that the circuit computes the same as the one given; method "identity" where it is that one
    """

    circuit: Circuit
    before: Figures
    after: Figures
    attempts: tuple[Attempt, ...]
    tools: tuple[str, ...]
    proof: Equivalence
    seconds: float

    @property
    def notes(self) -> tuple[str, ...]:
        """What went wrong on the way, a sentence each."""
        return tuple(attempt.note for attempt in self.attempts if attempt.note)

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "tools": list(self.tools),
            "proof": self.proof.method,
            "notes": list(self.notes),
            "seconds": round(self.seconds, 6),
        }

    def __str__(self) -> str:
        how = {"exhaustive": "proven equal on every input", "sat": "proven equal by SAT"}.get(
            self.proof.method, "the circuit given"
        )
        by = f"by {' and '.join(self.tools)}" if self.tools else "no tool found a smaller one"
        return (
            f"Before    {self.before}\nAfter     {self.after}\nOptimised {by}, in {self.seconds:.1f} s; {how}"
        )


def optimise(circuit: Circuit, *, tool: str = "auto", seconds: float = SECONDS) -> Optimised:
    """A circuit of as few two-input Ands as the tools find, proven equal to the one given.

    tool     "aigverse" works in this process, "yosys" is the ABC that comes with Yosys, "abc" the one alone;
             "auto" is aigverse and then an ABC, as far as they are there
    seconds  wall clock for the tools, more than 0; the proof may take as long again. The result is the same on
             every run as long as the tools end before.

    What cannot be proven equal is dropped, and `notes` says so; then the best of what came before it is the
    answer, at last the circuit with its thresholds normalised, and failing that the circuit itself.
    Raises `ToolMissing` when the tool is not installed (for "auto": none), `ToolError` when a tool named
    explicitly fails, `UsageError` for an unknown tool or a time that is not positive.
    """
    need("optimise", circuit=(circuit, a(Circuit)), seconds=(seconds, number(0, 1e9, open_low=True)))
    ways = list(_ways(tool))
    begun = time.monotonic()
    start = aig_of(circuit)
    attempts, best = [], start
    for index, (name, improve) in enumerate(ways):
        left = seconds - (time.monotonic() - begun)
        share = left if index == len(ways) - 1 else FIRST_SHARE * left
        attempts.append(_attempt(name, improve, best, share, forgiving=tool == "auto"))
        best = attempts[-1].graph or best
    return _proven(circuit, start, attempts, seconds, begun)


def require(tool: str) -> None:
    """Raises as `optimise` does when it could not begin: to be asked before hours of other work."""
    list(_ways(tool))


def _ways(tool: str) -> Iterator[tuple[str, Improve]]:
    if not isinstance(tool, str) or tool not in TOOLS:
        raise UsageError(f"there is no tool {said(tool)}; choose one of {', '.join(TOOLS)}.")
    if tool == "auto":
        yield from installed()
    elif tool == "aigverse":
        in_process.require()
        yield tool, _by_aigverse
    else:
        yield _by_abc(tool)


def installed() -> list[tuple[str, Improve]]:
    """The tools that are on this machine, in the order in which they run. Raises `ToolMissing` for none."""
    ways: list[tuple[str, Improve]] = []
    for copies in (("aigverse",), ("yosys", "abc")):  # of two copies of ABC one is enough
        for tool in copies:
            with suppress(ToolMissing):
                ways += _ways(tool)
                break
    if not ways:
        raise ToolMissing(
            "no tool for logic synthesis is on this machine (aigverse, yosys-abc, abc). "
            "Install them: pip install 'btfnet[hw]'."
        )
    return ways


def _by_aigverse(graph: Aig, seconds: float) -> Aig:
    return in_process.improve(graph, seconds=seconds)


def _by_abc(tool: str) -> tuple[str, Improve]:
    found = abc.program(tool)
    return f"{found.name} ({found.origin})", lambda graph, seconds: abc.improve(graph, found, seconds=seconds)


def _attempt(name: str, improve: Improve, graph: Aig, seconds: float, *, forgiving: bool) -> Attempt:
    begun = time.monotonic()
    try:
        improved, note = improve(graph, seconds), ""
    except ToolError as error:
        if not forgiving:
            raise
        improved, note = None, str(error)
    return Attempt(name, improved, time.monotonic() - begun, note)


def _proven(circuit: Circuit, start: Aig, attempts: list[Attempt], seconds: float, begun: float) -> Optimised:
    """The last graph that can be proven: each is at most as large as those before it."""
    for index in range(len(attempts) - 1, -1, -1):
        graph, tool = attempts[index].graph, attempts[index].tool
        if graph is None:
            continue
        candidate = Circuit.from_aig(graph)
        proof = prove_equal(circuit, candidate, time_limit=seconds)
        if proof.equal:
            candidate = replace(candidate, training=circuit.training)
            return _result(candidate, graph, start, attempts, index, proof, begun)
        why = f"differs from the circuit given ({proof.counterexample})" if proof.equal is False else (
            f"could not be proven equal to the circuit given within {seconds:g} s"
        )  # fmt: skip
        note = f"what {tool} made {why}; it was dropped."
        attempts[index] = Attempt(tool, None, attempts[index].seconds, note)
    candidate = replace(Circuit.from_aig(start), training=circuit.training)
    proof = prove_equal(circuit, candidate, time_limit=seconds)
    if not proof.equal:
        candidate, proof = circuit, Equivalence(True, "identity", 0.0)
    return _result(candidate, start, start, attempts, -1, proof, begun)


def _result(
    made: Circuit,
    graph: Aig,
    start: Aig,
    attempts: list[Attempt],
    last: int,
    proof: Equivalence,
    begun: float,
) -> Optimised:
    tools, size = [], (start.n_ands, start.depth)
    for attempt in attempts[: last + 1]:
        if attempt.graph and (attempt.graph.n_ands, attempt.graph.depth) < size:
            tools.append(attempt.tool)
            size = attempt.graph.n_ands, attempt.graph.depth
    return Optimised(
        made, figures(start), figures(graph), tuple(attempts), tuple(tools), proof, time.monotonic() - begun
    )
