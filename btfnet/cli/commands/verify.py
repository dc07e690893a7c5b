"""`btfnet verify`: is a circuit right?"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from btfnet.cli.console import NOT_DECIDED, NOT_FOUND, duration, number, percent, plural, say
from btfnet.cli.inputs.compared import compare_sides, more_facts, more_words, needs_proof
from btfnet.cli.inputs.models import (
    Predictor,
    Reading,
    check_boolean,
    check_sides,
    circuit_behind,
    compared,
    is_items,
    load_items,
    load_predictor,
)
from btfnet.cli.inputs.tables import encoded_items
from btfnet.cli.runs.saved import COMMITTEE, training_items, was_learned
from btfnet.committee.classifier import Classifier
from btfnet.committee.proof import Agreement, agreement
from btfnet.errors import DataError, UsageError
from btfnet.files.strict_json import as_json
from btfnet.formats.btf.committee import load_committee
from btfnet.formats.tables.reading import read_table
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import warm_up_circuits
from btfnet.logic.proof.equivalence import Equivalence
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.targets import Fractions
from btfnet.tables.model import TableModel

ITEMS = "items"
"""The method of a comparison with data."""
NAMES_SHOWN = 8
EXACT_INTEGERS = 1 << 53
"""Larger numbers lose digits in many readers of JSON."""


def run(
    a: str,
    b: str | None,
    data: str | None,
    method: str,
    time_limit: float | None,
    json: bool,
    **options: Any,
) -> int:
    """As `btfnet verify` is declared."""
    reading = Reading.asked(**options)
    if b is not None and data is not None:
        raise UsageError("name B or give --data, not both.")
    check_sides(a, b or data)
    of_circuits = b is not None and not is_items(a) and not is_items(b)
    if of_circuits or needs_proof(a, b or data, method):
        _check_no_layout(reading, b or data or a)
        warm_up_circuits()
        return _against_circuit(a, b or data, method, time_limit, reading, json=json)
    if is_items(a):
        raise UsageError(
            f"{a} holds items, and A is the circuit to check; name the circuit first: btfnet verify MODEL {a}."
        )
    predictor = load_predictor(a, cut_latches=reading.cut_latches)
    warm_up_circuits()
    if method != "auto":
        raise UsageError("--method is for two circuits; items are all tried.")
    result, right, circuit = _against_items(predictor, a, b or data, reading)
    reference = b or data or "its training items"
    votes = _votes(a, predictor)
    if json:
        accuracy = dict(zip(("bits", "words"), right, strict=True))
        told = {} if votes is None else {"committee": asdict(votes) | {"proven": votes.proven}}
        say(as_json(_facts(result, circuit, a, reference) | {"accuracy": accuracy} | told))
    else:
        if votes is not None:
            say(_of_votes(votes))
        say(_words(result, circuit, a, reference))
        if not result.equal:
            say(f"Accuracy: {percent(right[0])} of bits, {percent(right[1])} of words.")
            if reference == "its training items" and was_learned(a):
                say("The run was learned as well as its items allow, so that some of them may be wrong.")
    return _exit_code(result) if votes is None or votes.proven else NOT_FOUND


def _votes(a: str, model: Predictor) -> Agreement | None:
    """Whether the model is the committee that the run saved; None where it saved none."""
    path = Path(a) / COMMITTEE
    if (
        isinstance(model, TableModel) or not path.exists()
    ):  # of a table's model that was seen to when it was read
        return None
    return agreement(load_committee(path), model)


def _of_votes(votes: Agreement) -> str:
    if not votes.proven:
        what = "comparisons, names or kinds of inputs" if not votes.same_bits else "gates"
        return (
            f"The model is not shown to be the committee beside it: {what} differ, so that one of the two files "
            f"is of another run, damaged, or was rewritten."
        )
    tried = (
        "" if votes.tried is None else f", and votes and circuit agree on all {number(votes.tried)} inputs"
    )
    return (
        f"The model is the committee: the same comparisons, gate for gate the same circuit, in which each of "
        f"{plural(votes.n_members, 'member')} stands as it was trained{tried}."
    )


def _against_circuit(
    a: str, b: str | None, method: str, time_limit: float | None, reading: Reading, *, json: bool
) -> int:
    compared = compare_sides(a, b, method, time_limit, reading)
    result, circuit = compared.result, compared.subject.circuit
    sides = compared.subject.path, compared.reference.path
    if json:
        say(as_json(_facts(result, circuit, *sides) | more_facts(compared)))
    else:
        say("\n".join([_words(result, circuit, *sides), *more_words(compared)]))
    return _exit_code(result)


def _check_no_layout(reading: Reading, path: str) -> None:
    if not reading.layout.is_default:
        raise UsageError(f"--separator and --header are for .csv files, and {path} is none.")


def _exit_code(result: Equivalence) -> int:
    return NOT_DECIDED if result.equal is None else 0 if result.equal else NOT_FOUND


def _items(model: Predictor, a: str, b: str | None, reading: Reading) -> tuple[Items | None, Circuit]:
    """The items to try, as the model's circuit sees them, and that circuit."""
    circuit = circuit_behind(model)
    if isinstance(model, TableModel):
        if b is None:
            return training_items(a), circuit
        return encoded_items(model, read_table(b, reading.layout, raw=True)), circuit
    items = training_items(a) if b is None else load_items(b, model, reading)
    classifier = model if isinstance(model, Classifier) else None
    return items and compared(items, classifier, b or "its training items"), circuit


def _against_items(
    model: Predictor, a: str, b: str | None, reading: Reading
) -> tuple[Equivalence, Fractions, Circuit]:
    """What was found, the fractions of bits and of words that are right, of those that count, and the circuit."""
    begun = time.monotonic()
    items, circuit = _items(model, a, b, reading)
    if items is None:
        raise DataError(
            f"{a}: there are no training items beside it; name a data file or a built-in problem as B."
        )
    where = b or "its training items"
    check_boolean(items, circuit, where)
    outputs = items.outputs
    verdict = verify_items(circuit, items.bits(), outputs, items.care)
    seconds = time.monotonic() - begun
    n_counting = len(outputs) if items.care is None else int(items.care.any(axis=1).sum())
    counts = (verdict.n_items, verdict.n_wrong_items, verdict.n_wrong_bits)
    n_bits = outputs.size if items.care is None else int(items.care.sum())
    if n_bits == 0:
        raise DataError(
            f"{where}: no output bit of its {len(outputs)} items counts; there is nothing to compare."
        )
    found = Equivalence(verdict.exact, ITEMS, seconds, verdict.counterexample, *counts, n_bits=n_bits)
    return found, (1 - verdict.n_wrong_bits / n_bits, 1 - verdict.n_wrong_items / n_counting), circuit


def _words(result: Equivalence, circuit: Circuit, a: str, b: str) -> str:
    took = "" if result.method == ITEMS else f" ({result.method}, {duration(result.seconds)})"
    if result.equal is None:
        tried = (
            f"; {number(result.n_items)} of 2^{circuit.n_inputs} inputs were tried" if result.n_items else ""
        )
        return (
            f"Not decided: no input was found on which {a} and {b} differ, but the time limit came before "
            f"the proof{tried}{took}.\nRaise --time-limit, or try another --method."
        )
    if result.counterexample is None:
        return f"Equal: {a} agrees with {b} on {_compared(result, circuit)}{took}."
    where, example = "", result.counterexample
    if result.n_items is not None:
        where = f" on {result.n_wrong_items} of {result.n_items} items ({result.n_wrong_bits} output bits)"
        where += f"; item {example.item + 1}"
    wrong = [circuit.output_names[index] for index in example.wrong_outputs]
    shown = ", ".join(wrong[:NAMES_SHOWN]) + (" …" if len(wrong) > NAMES_SHOWN else "")
    return f"Different: {a} differs from {b}{where}, for example: {example}{took}.\nOutputs that differ: {shown}."


def _compared(result: Equivalence, circuit: Circuit) -> str:
    if result.n_items is None:
        return "every input"
    n_bits, counted = result.n_items * circuit.n_outputs, result.n_bits
    some = "" if counted in (None, n_bits) else f", in the {counted} of {n_bits} output bits that count"
    return f"all {result.n_items} items{some}"


def _facts(result: Equivalence, circuit: Circuit, a: str, b: str) -> dict[str, Any]:
    example = result.counterexample
    return {
        "equal": result.equal,
        "method": result.method,
        "seconds": result.seconds,
        "subject": a,
        "reference": b,
        "items": result.n_items,
        "wrong_items": result.n_wrong_items,
        "wrong_bits": result.n_wrong_bits,
        "compared_bits": result.n_bits,
        "counterexample": None
        if example is None
        else {
            "item": example.item if example.item < EXACT_INTEGERS else None,
            "input_names": list(circuit.input_names),
            "inputs": [int(value) for value in example.inputs],
            "output_names": list(circuit.output_names),
            "expected": [None if value is None else int(value) for value in example.expected],
            "got": [int(value) for value in example.got],
            "wrong_outputs": [circuit.output_names[index] for index in example.wrong_outputs],
        },
    }
