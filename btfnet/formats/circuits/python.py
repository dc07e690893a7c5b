"""`.py`: circuits as Python modules that need nothing but Python. See python.md."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Sequence

from btfnet.files.mark import MARK
from btfnet.formats.circuits.c99 import FORMULAS, clean, stem
from btfnet.formats.netlists.names import distinct, remarks
from btfnet.logic.circuit import Circuit
from btfnet.logic.simulation.xmg import lower
from btfnet.printable import printable

_DOC = '''\
"""{mark}: {n_gates} gates. The format: btfnet formats py

{what}
"""
'''
_WHAT = """\
The circuit {name} as plain Python 3, without any other module.

predict(row)         outputs for the bits of one row
predict_rows(rows)   the same for many rows, faster
circuit(inputs)      the gates alone, on whole numbers whose bits are rows\
"""
BLOCK = '''\
AT_ONCE = 4096
"""Rows that predict_rows computes together, a bit of every number each."""


def _columns(rows):
    """Columns of rows of Booleans as whole numbers: bit i belongs to row i."""
    return [int("".join("01"[bit] for bit in reversed(column)), 2) for column in zip(*rows)]


def _outputs(rows):
    """The outputs of some rows of Booleans, a list of Booleans each."""
    found = circuit(_columns(rows))
    return [[bool(output >> place & 1) for output in found] for place in range(len(rows))]
'''
_PREDICT = '''

def predict(row):
    """The outputs for one row.

    row  a sequence of bits in the order of INPUTS, or a dict of them by name; what is more than 0 is true
    Gives a list of Booleans in the order of OUTPUTS, for a dict a dict.
    """
    return predict_rows([row])[0]


def predict_rows(rows):
    """The outputs for many rows, as a list; see predict."""
    rows, found = list(rows), []
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        outputs = _outputs([_bits(row) for row in some])
        for row, own in zip(some, outputs):
            found.append(dict(zip(OUTPUTS, own)) if hasattr(row, "keys") else own)
    return found


def _bits(row):
    values = [row[name] for name in INPUTS] if hasattr(row, "keys") else list(row)
    if len(values) != len(INPUTS):
        raise ValueError("a row has {} bits; expected {}".format(len(values), len(INPUTS)))
    return [bool(value > 0) for value in values]
'''


def to_text(circuit: Circuit) -> str:
    """A circuit as a module."""
    what = _WHAT.format(name=stem(circuit.name))
    tables = [named("INPUTS", circuit.input_names), named("OUTPUTS", circuit.output_names)]
    return "\n".join([beginning(circuit, what), *tables, "", *gates(circuit), "", BLOCK]) + _PREDICT


def beginning(circuit: Circuit, what: str) -> str:
    """The docstring, and what is to be said of the circuit; nothing of it is a user's text but comments."""
    text = _DOC.format(mark=MARK, n_gates=len(circuit.gates), what=what)
    known = remarks(circuit, circuit.input_names, circuit.output_names)
    return text + "".join(f"# {printable(sentence)}\n" for sentence in known)


def named(name: str, texts: Sequence[object]) -> str:
    """A tuple of values, one a line."""
    return "\n".join([f"{name} = (", *(f"    {text!r}," for text in texts), ")"])


def gates(circuit: Circuit) -> Iterator[str]:
    """The function with the gates in it."""
    steps = lower(circuit)
    first = steps.n_inputs + 1
    inputs = variables(circuit.input_names)
    values = ["0", *inputs, *(f"g{place}" for place in range(1, len(steps.steps) + 1))]
    used = {value for step in steps.steps for value in step.operands}
    used |= {literal >> 1 for literal in steps.outputs}
    yield ""
    yield "def circuit(inputs):"
    yield '    """The outputs for many rows at once: bit i of every whole number belongs to row i.'
    yield ""
    yield "    An output may be negative, as ~ makes it; its low bits are those of the rows."
    yield '    """'
    for place, name in enumerate(inputs):
        if place + 1 in used:
            yield f"    {name} = inputs[{place}]"
    for value, step in enumerate(steps.steps, start=first):
        yield f"    {values[value]} = {FORMULAS[step.op].format(*(values[each] for each in step.operands))}"
    outputs = ["~" * (literal & 1) + values[literal >> 1] for literal in steps.outputs]
    yield "    return ["
    for name, output in zip(circuit.output_names, outputs, strict=True):
        yield f"        {output},  # {printable(name)}"
    yield "    ]"
    yield ""


def variables(names: Sequence[str]) -> list[str]:
    """Distinct names of variables, none of them a gate's, a keyword or a name of the module."""
    return distinct([_variable(name) for name in names])


def _variable(name: str) -> str:
    text = clean(name)
    text = f"x{text}" if text[0].isdigit() else text
    is_gate = text[0] == "g" and text[1:].isdigit()
    return f"{text}_" if is_gate or text in _TAKEN or keyword.iskeyword(text) else text


_TAKEN = frozenset({"inputs", "row", "print", "exec", *keyword.softkwlist})
