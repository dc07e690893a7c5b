"""`.c` of a table's model: raw rows in, classes out, around the functions of its circuit. See c99.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from btfnet.formats.circuits.c99 import Around, clean, comment, stem
from btfnet.formats.circuits.c99 import to_text as circuit_text
from btfnet.formats.circuits.c99_text import functions, literal, member
from btfnet.formats.circuits.rule import Question, Rule, Sum
from btfnet.formats.netlists.names import distinct, port_names
from btfnet.matching.columns import listed
from btfnet.tables.columns import Column
from btfnet.tables.conditions import Test

_PIXEL = """\
/* A pixel as it was in training: of single precision. */
static double {name}_pixel(double pixel)
{{
    return (double)(float)pixel;
}}
"""
_CLASSES = """\
void {name}_classes(const {raw} *rows, size_t n_rows, int *classes)
{{
    static const size_t first[] = {{{first}}}, n_outputs[] = {{{n_outputs}}};
    size_t start, row, target, k;
    for (start = 0; start < n_rows; start += 64) {{
        const size_t here = n_rows - start < 64 ? n_rows - start : 64;
        uint64_t in[{n_in}] = {{0}}, out[{n_out}] = {{0}};
        uint8_t bits[{n_in}] = {{0}};
        for (row = 0; row < here; row++) {{
            {name}_conditions(rows + {row}, bits);
{gather}        }}
        {name}_words(in, out);
        for (row = 0; row < here; row++)
            for (target = 0; target < {name}_n_targets; target++) {{
                int *const found = classes + (start + row) * {name}_n_targets + target;
                *found = 0;
                for (k = n_outputs[target]; k-- > 0;)
                    if (out[first[target] + k] >> row & 1)
                        *found = n_outputs[target] == 1 ? 1 : (int)k;
{check}            }}
    }}
}}
"""
_GATHER = """\
            for (k = 0; k < {name}_n_inputs; k++)
                in[k] |= (uint64_t)bits[k] << row;
"""
_CHECK = """\
                for (k = 0; k < {name}_n_columns; k++)
                    if (!isfinite(rows[(start + row) * {name}_n_columns + k]))
                        *found = -1;
"""
_ONE = """
int {name}_class(const {raw} *row)
{{
    int found;
    {name}_classes(row, 1, &found);
    return found;
}}
"""


def to_text(rule: Rule) -> str:
    """A rule as one file: the circuit's functions, and those that take raw rows.

    Raises `UsageError` for labels and values that no string of C99 holds.
    """
    name = stem(rule.circuit.name)
    left = [f"Columns that the rule does not need: {listed(rule.left_out)}"] if rule.left_out else []
    around = Around(
        (f"Raw rows become classes: see {name}_classes below", *_example(rule, name), *left),
        ("math", "stddef", "stdint", "string"),
        tuple(_declarations(rule, name)),
        tuple(_definitions(rule, name)),
    )
    return circuit_text(rule.circuit, around)


def _example(rule: Rule, name: str) -> Iterator[str]:
    """How to ask about one row, in a line of a program that includes the file."""
    if rule.comparisons is not None or len(rule.targets) != 1 or not rule.columns:
        return
    some = list(zip(_members(rule.columns), rule.columns, strict=True))[:2]
    cells = ", ".join(f".{each} = {'NAN' if column.kind.is_number else 'NULL'}" for each, column in some)
    more = ", ..." if len(rule.columns) > 2 else ""
    label = f"{name}_labels_{clean(rule.targets[0].name)}[{name}_class(&row)]"
    yield f"For example: struct {name}_raw row = {{{cells}{more}}}; puts({label});"


def _raw(rule: Rule, name: str) -> str:
    """The type of a row, or of a pixel."""
    return "double" if rule.comparisons is not None else f"struct {name}_raw"


def _targets(rule: Rule) -> list[str]:
    return distinct([clean(target.name) for target in rule.targets])


def _members(columns: Sequence[Column]) -> list[str]:
    return distinct([member(column.name) for column in columns])


def _declarations(rule: Rule, name: str) -> Iterator[str]:
    targets = _targets(rule)
    if rule.comparisons is None:
        yield from _struct(rule, name)
    else:
        yield f"/* A row is an array of {len(rule.columns)} pixels, in this order:"
        yield from (f"   {comment(column.name)}" for column in rule.columns)
        yield "   A pixel that is no finite number makes the class -1. */"
        yield f"enum {{ {name}_n_columns = {len(rule.columns)} }};"
        yield ""
    yield "/* What is learned: number of each target, and the labels of its classes 0, 1, ... */"
    numbers = ", ".join(f"{name}_target_{target} = {place}" for place, target in enumerate(targets))
    yield f"enum {{ {numbers}, {name}_n_targets = {len(targets)} }};"
    for target, each in zip(targets, rule.targets, strict=True):
        yield f"extern const char *const {name}_labels_{target}[{each.n_classes}];"
    yield ""
    raw = _raw(rule, name)
    yield "/* The circuit's inputs of one row: bits[k] becomes 0 or 1. */"
    yield f"void {name}_conditions(const {raw} *row, uint8_t *bits);"
    yield f"/* The classes of many rows: classes[{len(targets)} * row + target] indexes its target's labels. */"
    yield f"void {name}_classes(const {raw} *rows, size_t n_rows, int *classes);"
    if len(targets) == 1:
        yield "/* The class of one row. */"
        yield f"int {name}_class(const {raw} *row);"
    yield ""


def _struct(rule: Rule, name: str) -> Iterator[str]:
    """A raw row; C has no empty struct."""
    yield "/* A raw row. Of a number NAN means that it is missing, of a text (UTF-8) NULL. */"
    yield f"struct {name}_raw {{"
    for column, own in zip(rule.columns, _members(rule.columns), strict=True):
        kind = "double " if column.kind.is_number else "const char *"
        said = "" if own == column.name else f", the column {column.name!a}"
        yield f"    {kind}{own}; /* {column.kind}{comment(said)} */"
    if not rule.columns:
        yield "    char unused;"
    yield "};"
    yield ""


def _definitions(rule: Rule, name: str) -> Iterator[str]:
    targets = _targets(rule)
    for target, each in zip(targets, rule.targets, strict=True):
        yield f"const char *const {name}_labels_{target}[{each.n_classes}] = {{"
        yield ",\n".join(f"    {literal(label)}" for label in each.labels)
        yield "};"
        yield ""
    yield from functions(rule, name)
    if any(each.terms for each in rule.sums()):
        yield _PIXEL.format(name=name)
    inputs = port_names(rule.circuit, clean)[0]
    yield f"void {name}_conditions(const {_raw(rule, name)} *row, uint8_t *bits)"
    yield "{"
    if not inputs:
        yield "    (void)row;\n    (void)bits;"
    yield from _conditions(rule, name, inputs)
    yield "}"
    yield ""
    yield from _classes(rule, name, len(inputs))


def _conditions(rule: Rule, name: str, inputs: Sequence[str]) -> Iterator[str]:
    members = _members(rule.columns)
    for own, question in zip(inputs, rule.questions, strict=False):
        asked = _asked(question, rule.columns[question.column], name, f"row->{members[question.column]}")
        yield f"    bits[{name}_in_{own}] = {asked};"
    for own, compared in zip(inputs, rule.sums(), strict=False):
        yield f"    bits[{name}_in_{own}] = {_sum(compared, name)} > {compared.level!r};"


def _asked(question: Question, column: Column, name: str, value: str) -> str:
    """A question as an expression; infinity counts as missing."""
    if column.kind.is_number:
        match question.test:
            case Test.IS_MISSING:
                return f"(uint8_t)!isfinite({value})"
            case Test.AT_LEAST:
                return f"isfinite({value}) && {value} >= {question.level!r}"
        return f"{value} == {question.level!r}"
    if question.test is Test.IS_MISSING:
        return f"{name}_missing({value})"
    asked = [f"{name}_says({value}, {literal(text)})" for text in question.words]
    asked += [f"{name}_is({value}, {literal(text)})" for text in question.texts]
    return "\n        || ".join(asked) or "0"


def _sum(compared: Sum, name: str) -> str:
    signs = [f"{'-' if sign < 0 else '+'} {name}_pixel(row[{place}])" for place, sign in compared.terms]
    return " ".join(signs).removeprefix("+ ") or "0.0"


def _classes(rule: Rule, name: str, n_inputs: int) -> Iterator[str]:
    is_picture = rule.comparisons is not None
    text = _CLASSES.format(
        name=name,
        raw=_raw(rule, name),
        row=f"(start + row) * {name}_n_columns" if is_picture else "start + row",
        first=", ".join(str(first) for first, _ in rule.parts),
        n_outputs=", ".join(str(n_outputs) for _, n_outputs in rule.parts),
        n_in=max(1, n_inputs),
        n_out=max(1, rule.circuit.n_outputs),
        gather=_GATHER.format(name=name) if n_inputs else "",
        check=_CHECK.format(name=name) if is_picture else "",
    )
    yield text + (_ONE.format(name=name, raw=_raw(rule, name)) if len(rule.targets) == 1 else "")
