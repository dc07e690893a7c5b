"""`btfnet verify`: is a circuit right?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from btfnet.cli.app import NOT_FOUND
from btfnet.cli.words import as_json
from btfnet.errors import DataError, UsageError

if TYPE_CHECKING:
    from btfnet.circuit import Circuit
    from btfnet.circuit.verify import Verdict

MAX_INPUTS = 24
"""Two circuits are compared on all inputs, so on 2^24 at most."""


@click.command(short_help="Check a circuit against items or another circuit.")
@click.argument("a")
@click.argument("b", required=False)
@click.option("--data", metavar="FILE", help="Items to check A against; the same as naming them as B.")
@click.option("--json", is_flag=True, help="Print JSON.")
def command(a: str, b: str | None, data: str | None, json: bool) -> int:
    """Check the circuit A against its own training items, or against B.

    A is the directory of a run or a circuit's file. B is a data file, a built-in problem or problem file
    (all its items), or another circuit, which is then compared on every possible input.
    Output bits that do not count are not compared. Nothing but Boolean operations is involved.

    \b
    Examples:
      btfnet verify runs/multiplier
      btfnet verify runs/multiplier items.csv
      btfnet verify runs/multiplier multiplier.blif

    Exit codes: 0 they agree, 3 they differ, 1 unreadable or inconsistent input, 2 wrong usage.
    """
    from btfnet.cli.models import load_circuit
    from btfnet.cli.warm import warm_up_circuits

    if b is not None and data is not None:
        raise UsageError("name B or give --data, not both.")
    circuit = load_circuit(a)
    warm_up_circuits()
    verdict = _check(circuit, a, b or data, is_data=data is not None)
    click.echo(as_json(_facts(verdict)) if json else _words(verdict))
    return 0 if verdict.exact else NOT_FOUND


def _check(circuit: Circuit, a: str, b: str | None, *, is_data: bool) -> Verdict:
    from dataclasses import replace

    from btfnet.circuit.verify import compare, verify_items
    from btfnet.cli.models import boolean_items, is_items, load_circuit, load_items
    from btfnet.cli.run_folder import training_items

    if b is not None and not is_data and not is_items(b):
        other = load_circuit(b)
        if circuit.n_inputs > MAX_INPUTS:
            raise UsageError(
                f"{a} has {circuit.n_inputs} inputs, and two circuits are compared on every input, "
                f"of at most {MAX_INPUTS}. Check both on the same items: btfnet verify MODEL ITEMS."
            )
        return replace(compare(other, circuit, max_inputs=MAX_INPUTS), subject=a, reference=b)
    items = training_items(a) if b is None else load_items(b, circuit)
    if items is None:
        raise DataError(
            f"{a}: there are no training items beside it; name a data file or a built-in problem as B."
        )
    reference = "its training items" if b is None else b
    inputs, outputs = boolean_items(items, circuit, reference)
    return replace(verify_items(circuit, inputs, outputs, items.care), subject=a, reference=reference)


def _words(verdict: Verdict) -> str:
    return f"{'Equal' if verdict.exact else 'Different'}: {verdict}"


def _facts(verdict: Verdict) -> dict[str, Any]:
    example = verdict.counterexample
    return {
        "equal": verdict.exact,
        "subject": verdict.subject,
        "reference": verdict.reference,
        "items": verdict.n_items,
        "wrong_items": verdict.n_wrong_items,
        "wrong_bits": verdict.n_wrong_bits,
        "counterexample": None
        if example is None
        else {
            "item": example.item,
            "inputs": [int(value) for value in example.inputs],
            "expected": [None if value is None else int(value) for value in example.expected],
            "got": [int(value) for value in example.got],
        },
    }
