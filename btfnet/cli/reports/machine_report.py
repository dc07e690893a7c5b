"""What is said of a machine that was learned from traces, as text and as JSON."""

from __future__ import annotations

from typing import Any

from btfnet.cli.console import duration, number, percent, plural
from btfnet.files.strict_json import strict
from btfnet.machines.columns import Column, in_text
from btfnet.machines.learned import LearnedMachine, Score
from btfnet.machines.machine import Machine
from btfnet.machines.traces import Traces

MOST_SHOWN = 40
"""Transitions of a machine whose table is printed."""
MOST_NAMED = 6


def as_record(learned: LearnedMachine, traces: Traces, test: Traces | None, *, seed: int) -> dict[str, Any]:
    """What --json prints, but for the model's place and the time."""
    machine = learned.machine
    record: dict[str, Any] = strict({
        "problem": traces.name,
        "seed": seed,
        "status": learned.status,
        "exact": learned.exact,
        "kind": machine.kind if machine else None,
        "states": machine.n_states if machine else None,
        "state_bits": machine.state_bits if machine else None,
        "least_states": learned.least_states,
        "smallest": learned.smallest,
        "forced": learned.forced,
        "unknown_start": learned.unknown_start,
        "traces": len(traces),
        "steps": traces.n_steps,
        "inputs": _columns(traces.inputs),
        "outputs": _columns(traces.outputs),
        "held_out": _score(learned.score(test)) if machine and test else None,
    })  # fmt: skip
    return record | (_machine(machine, learned) if machine else dict.fromkeys(MACHINE))


MACHINE = ("initial", "codes", "table", "seen", "unseen", "open", "gates", "depth")
"""What only a machine has."""


def _columns(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    return [{"name": each.name, "symbols": list(each.symbols), "ports": list(each.ports)} for each in columns]


def _score(score: Score) -> dict[str, Any]:
    return {"traces": score.traces, "right": score.right, "bits": score.bits, "beyond": score.beyond}


def _machine(machine: Machine, learned: LearnedMachine) -> dict[str, Any]:
    bits = machine.state_bits
    transitions = machine.transitions
    values: tuple[Any, ...] = (
        machine.initial,
        [format(code, f"0{bits}b") if bits else "" for code in machine.codes],
        [list(each) for each in transitions],
        sum(each.to is not None for each in transitions),
        sum(each.to is None for each in transitions),
        [[state, in_text(machine.inputs, word)] for state, word in learned.open_transitions],
        machine.circuit.counts(),
        machine.circuit.depth,
    )
    return dict(zip(MACHINE, values, strict=True))


def as_text(learned: LearnedMachine, traces: Traces, record: dict[str, Any]) -> str:
    """The report."""
    machine = learned.machine
    ends = f"{plural(len(traces.input_ports), 'input bit')}, {plural(len(traces.output_ports), 'output bit')}"
    lines = [
        f"Traces    {traces.name}: {plural(len(traces), 'trace')}, {plural(traces.n_steps, 'step')}; {ends}"
    ]
    if machine is None:
        lines += [f"Machine   none found ({STATUS[learned.status]}); {_at_least(learned)}"]
        return "\n".join([*lines, f"Time      {duration(record['seconds'])}"])
    kinds = ", ".join(f"{number(count)} {kind}" for kind, count in record["gates"].items())
    lines += [
        f"Machine   {machine.kind.capitalize()}, {plural(machine.n_states, 'state')}, "
        f"{plural(machine.state_bits, 'register')}; {_smallest(learned)}",
        f"Traces    {'all explained by the gates' if record['exact'] else 'NOT all explained by the gates'}",
        f"Open      {_open(learned, record)}",
        f"Gates     {plural(sum(record['gates'].values()), 'gate')}{f' ({kinds})' if kinds else ''}; "
        f"depth {record['depth']}",
    ]
    if record["held_out"]:
        lines.append(f"Held out  {_held_out(record['held_out'])}")
    if learned.status != "solved":
        lines.append(f"Status    {STATUS[learned.status]}: proofs or gates were cut short")
    lines.append(f"Time      {duration(record['seconds'])}")
    if len(machine.transitions) <= MOST_SHOWN:
        lines += ["", *_table(machine)]
    return "\n".join(lines)


STATUS = {
    "solved": "finished",
    "time_limit": "the time limit came first",
    "interrupted": "interrupted",
    "no_machine": "not within the states that are allowed",
}


def _at_least(learned: LearnedMachine) -> str:
    return f"it has at least {plural(learned.least_states, 'state')}, that is proven"


def _smallest(learned: LearnedMachine) -> str:
    return "proven: none has fewer" if learned.smallest else f"not proven smallest: {_at_least(learned)}"


def _open(learned: LearnedMachine, record: dict[str, Any]) -> str:
    whole = record["seen"] + record["unseen"]
    seen = f"{number(record['seen'])} of {number(whole)} transitions were seen"
    if learned.forced:
        return f"{seen}, and no other machine of as many states explains the traces"
    if learned.forced is None:
        return f"{seen}; whether another machine of as many states explains the traces is not decided"
    if not record["open"]:
        return f"{seen}; another machine of as many states, with other states, explains the traces too"
    some = ", ".join(f"{state} with {word}" for state, word in record["open"][:MOST_NAMED])
    more = ", …" if len(record["open"]) > MOST_NAMED else ""
    return f"{seen}; {len(record['open'])} could lead elsewhere as well: {some}{more}"


def _held_out(score: dict[str, Any]) -> str:
    beyond = f"; {score['beyond']} take transitions that were never seen" if score["beyond"] else ""
    right = f"{number(score['right'])} of {plural(score['traces'], 'trace')} right"
    return f"{right} ({percent(score['bits'])} of bits){beyond}"


def _table(machine: Machine) -> list[str]:
    """State, inputs, next state, outputs; the initial state is 0."""
    rows = [("state", "inputs", "next", "outputs")]
    rows += [
        (str(each.state), each.inputs, "-" if each.to is None else str(each.to), each.outputs)
        for each in machine.transitions
    ]
    wide = [max(len(row[place]) for row in rows) for place in range(4)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows
    ]
