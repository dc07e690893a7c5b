"""The two sides of a proof, circuits or tables: who is the reference, what both leave open, and what came out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from btfnet.cli.inputs.models import Reading, is_items, is_table, load_checked
from btfnet.errors import DataError, UsageError
from btfnet.formats.pla.reader import read_table
from btfnet.formats.pla.table_items import too_large
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.difference import difference_cube
from btfnet.logic.proof.equivalence import Equivalence, all_true, prove_equal
from btfnet.logic.proof.names import either, ordered_as
from btfnet.logic.truth_table import Table

LINES_SHOWN = 4


class Side(NamedTuple):
    """A circuit or a table as a circuit; where it leaves outputs open, and the table itself."""

    path: str
    circuit: Circuit
    dont_care: Circuit | None = None
    table: Table | None = None


class Compared(NamedTuple):
    """What came out, which side is wrong then, and what it was held against.

    subject, reference  in their own order
    expected            the reference in the order of the subject
    cube                inputs on all of which they differ, None where an input may be either; None where they
                        do not differ, or where it would take long to find
    """

    result: Equivalence
    subject: Side
    reference: Side
    expected: Circuit
    cube: tuple[bool | None, ...] | None = None


def needs_proof(a: str, b: str | None, method: str) -> bool:
    """Whether these two are compared here: a table as A, or one as B that is too large for a list of items."""
    if is_table(a) or b is None or not is_table(b):
        return is_table(a)
    return method != "auto" or too_large(read_table(b)) is not None


def compare_sides(a: str, b: str | None, method: str, time_limit: float | None, reading: Reading) -> Compared:
    """A against B, circuits or tables; a table is the reference for a circuit, whichever comes first. Outputs do
    not count where one of the two leaves them open: don't cares of tables, external ones of BLIF (`.exdc`).
    """
    if b is None:
        raise UsageError(f"{a} is a table; name the circuit or table that it is to be compared with as B.")
    subject, reference = _side(a, reading), _side(b, reading)
    if subject.table is not None and reference.table is None:
        subject, reference = reference, subject

    def ordered(circuit: Circuit) -> Circuit:
        return ordered_as(subject.circuit, circuit, reading.by)

    free = subject.dont_care
    if reference.dont_care is not None:
        theirs = ordered(reference.dont_care)
        free = theirs if free is None else either(free, theirs)
    expected = ordered(reference.circuit)
    result = prove_equal(expected, subject.circuit, time_limit=time_limit, method=method, dont_care=free)
    if result.equal and free is not None and all_true(free, time_limit):
        raise DataError(f"{a} and {b}: no output counts for any input; there is nothing to compare.")
    cube = (
        difference_cube(result.counterexample, expected, subject.circuit, free)
        if result.counterexample
        else None
    )
    return Compared(result, subject, reference, expected, cube)


def _side(path: str, reading: Reading) -> Side:
    if is_table(path):
        table = read_table(path)
        free = table.dont_care()
        return Side(path, table.circuit().named(name=path), free and free.named(name=path), table)
    if is_items(path):
        raise UsageError(
            f"{path} holds items; a table is compared with circuits and tables only. Write the table as a circuit "
            f"first (btfnet export TABLE.pla CIRCUIT.blif), and name that as A."
        )
    circuit, free = load_checked(path, cut_latches=reading.cut_latches)
    return Side(path, circuit.named(name=path), free and free.named(name=path))


def more_words(compared: Compared) -> list[str]:
    """What is to be said beside the verdict: what was not compared, and which lines of a table say otherwise."""
    sides = [side for side in (compared.reference, compared.subject) if side.dont_care is not None]
    paths = dict.fromkeys(side.path for side in sides)
    words = [f"Outputs that {path} leaves open were not compared there." for path in paths]
    if compared.cube is not None and None in compared.cube:
        words.append(f"The same holds for all inputs {cube_signs(compared.cube)}.")
    lines = lines_that_say_so(compared)
    if lines:
        listed = ", ".join(map(str, lines[:LINES_SHOWN])) + (" …" if len(lines) > LINES_SHOWN else "")
        which = "The lines" if len(lines) > 1 else "The line"
        words.append(f"{which} of {compared.reference.path} behind it: {listed}.")
    elif compared.result.counterexample is not None and compared.reference.table is not None:
        words.append(f"No line of {compared.reference.path} lists this input.")
    return words


def more_facts(compared: Compared) -> dict[str, Any]:
    """The same for JSON."""
    cube = None if compared.cube is None else cube_signs(compared.cube)
    return {"counterexample_cube": cube, "reference_lines": lines_that_say_so(compared)}


def cube_signs(cube: tuple[bool | None, ...]) -> str:
    """As a term of a table."""
    return "".join("-" if value is None else "01"[value] for value in cube)


def lines_that_say_so(compared: Compared) -> list[int]:
    """The lines of the reference's file that decide the first wrong output of the counterexample."""
    example, table = compared.result.counterexample, compared.reference.table
    if example is None or table is None:
        return []
    ours, theirs = compared.expected, compared.reference.circuit
    position = {name: index for index, name in enumerate(ours.input_names)}
    inputs = np.array(example.inputs)[[position[name] for name in theirs.input_names]]
    output = theirs.output_names.index(ours.output_names[example.wrong_outputs[0]])
    return list(table.said(inputs, output))
