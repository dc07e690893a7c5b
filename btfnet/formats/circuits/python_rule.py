"""`.py` of a table's model: raw rows in, labels out, also as a program that reads a CSV file. See python.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from btfnet.formats.circuits.python import BLOCK, beginning, gates, named, variables
from btfnet.formats.circuits.python_common import COMMON
from btfnet.formats.circuits.rule import Question, Rule, Sum
from btfnet.matching.cells import GROUPED
from btfnet.matching.columns import listed
from btfnet.printable import printable
from btfnet.tables.cells import MISSING
from btfnet.tables.columns import Column, Kind
from btfnet.tables.conditions import Test

_WHAT = """\
Labels for raw rows of a table, as plain Python 3, without any other module.

predict(row)           the label of one row: a dict from the columns in COLUMNS to numbers, texts or None
predict_rows(rows)     the labels of many rows, faster
conditions(row)        what the rule asks about a row
circuit(inputs)        the gates alone, on whole numbers whose bits are rows

As a program it prints the labels of the rows of a CSV file (- for standard input):

    python rule.py rows.csv\
"""


def to_text(rule: Rule) -> str:
    """A rule as one module."""
    left = [f"# Columns that the rule does not need: {printable(listed(rule.left_out))}\n"]
    parts = [
        beginning(rule.circuit, _WHAT) + "".join(left if rule.left_out else []),
        "import csv\nimport io\nimport math\nimport re\nimport struct\nimport sys\n",
        named("COLUMNS", [column.name for column in rule.columns]),
        named("BITS", [column.name for column in rule.columns if column.kind is Kind.BOOLEAN])
        + '\n"""Of these columns a text in a CSV file that spells a number is that number: 1.0 is 1."""',
        *_labels(rule),
        named("OUTPUTS_OF", rule.parts)
        + '\n"""Of each target the number of its first output, and how many it has."""',
        named("MISSING", sorted(MISSING))
        + '\n"""Words in a cell, in any case, that say that nothing is there."""\n',
        f'GROUPED = re.compile(r"{GROUPED.pattern}")\n"""Numbers with thousands apart."""\n',
        *_conditions(rule),
        *gates(rule.circuit),
        "",
        BLOCK,
        "",
        COMMON,
    ]
    return "\n".join(parts)


def _labels(rule: Rule) -> Iterator[str]:
    """The targets and their labels."""
    yield "LABELS = {"
    for target in rule.targets:
        yield f"    {target.name!r}: ("
        yield from (f"        {label!r}," for label in target.values().tolist())
        yield "    ),"
    yield "}"


def _conditions(rule: Rule) -> Iterator[str]:
    yield ""
    yield "def conditions(row):"
    yield '    """What is true of a row, a dict of its columns: the inputs of the circuit, as Booleans."""'
    if rule.comparisons is not None:
        yield '    row = row if hasattr(row, "keys") else dict(zip(COLUMNS, row))'
        yield "    x = [_pixel(row, name) for name in COLUMNS]"
    own = variables([column.name for column in rule.columns])
    for column, name in zip(rule.columns, own, strict=True):
        if rule.comparisons is None:
            kind = "number" if column.kind.is_number else "text"
            yield f"    {name} = _{kind}(row, {column.name!r})"
    yield "    return ["
    for question in rule.questions:
        asked = _asked(question, rule.columns[question.column], own[question.column])
        yield f"        {asked},  # {printable(question.name)}"
    for compared in rule.sums():
        yield f"        {_sum(compared)} > {compared.level!r},  # {printable(compared.name)}"
    yield "    ]"
    yield ""


def _asked(question: Question, column: Column, value: str) -> str:
    """A question as an expression; a missing number is NaN, a missing text None."""
    if question.test is Test.IS_MISSING:
        return f"{value} != {value}" if column.kind.is_number else f"{value} is None"
    if column.kind.is_number:
        return f"{value} {'>=' if question.test is Test.AT_LEAST else '=='} {question.level!r}"
    asked = [f"_lower({value}) in {_tuple(question.words)}"] if question.words else []
    if len(question.texts) == 1:
        asked.append(f"{value} == {question.texts[0]!r}")
    elif question.texts:
        asked.append(f"{value} in {_tuple(question.texts)}")
    return " or ".join(asked) or "False"


def _tuple(texts: Sequence[str]) -> str:
    return repr(tuple(texts))


def _sum(compared: Sum) -> str:
    text = " ".join(f"{'-' if sign < 0 else '+'} x[{place}]" for place, sign in compared.terms)
    return text.removeprefix("+ ") or "0.0"
