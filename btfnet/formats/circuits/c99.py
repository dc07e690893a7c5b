"""`.c`: circuits as one self-contained C99 file that evaluates 64 items a word. See c99.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from btfnet.files.mark import MARK
from btfnet.formats.netlists.names import port_names, remarks
from btfnet.logic.circuit import Circuit
from btfnet.logic.simulation.xmg import Xmg, lower

FORMULAS = {
    "and2": "{0} & {1}",
    "but2": "~{0} & {1}",
    "or2": "{0} | {1}",
    "and3": "{0} & {1} & {2}",
    "but3": "~{0} & {1} & {2}",
    "neither3": "~({0} | {1}) & {2}",
    "or3": "{0} | {1} | {2}",
    "maj3": "({0} & {1}) | ({2} & ({0} | {1}))",
    "maj3_not": "({1} & {2}) | (~{0} & ({1} | {2}))",
    "xor2": "{0} ^ {1}",
    "xor3": "{0} ^ {1} ^ {2}",
}
"""The operations of `btfnet.kernels.logic.program.OPS` in C."""

_HEAD = """\
{includes}

#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L
#define {guard}_RESTRICT restrict
#elif defined(__GNUC__)
#define {guard}_RESTRICT __restrict__
#else
#define {guard}_RESTRICT
#endif

#ifdef __cplusplus
extern "C" {{
#endif
"""

_BLOCK = """\
/* Item i of word w: bit i of in[k * n_words + w] is input k, of out[k * n_words + w] output k. No overlap. */
void {name}_block(const uint64_t *{guard}_RESTRICT in, uint64_t *{guard}_RESTRICT out, size_t n_words);
/* 64 items: bit i of in[k] is input k of item i, of out[k] output k. No overlap. */
void {name}_words(const uint64_t *in, uint64_t *out);
/* One item: in[k] is 0 or not 0, out[k] becomes 0 or 1. */
void {name}_row(const uint8_t *in, uint8_t *out);
"""

_INDEPENDENT = (
    "#if defined(__clang__)",
    "#pragma clang loop vectorize(assume_safety)",
    "#elif defined(__GNUC__)",
    "#pragma GCC ivdep",
    "#endif",
)
"""Rows of outputs do not overlap; without this GCC cannot know, and makes no vectors of the loop."""

_TAIL = """\
void {name}_words(const uint64_t *in, uint64_t *out)
{{
    {name}_block(in, out, 1);
}}

void {name}_row(const uint8_t *in, uint8_t *out)
{{
    uint64_t given[{n_in}] = {{0}}, found[{n_out}] = {{0}};
{count}{load}    {name}_block(given, found, 1);
{store}}}
"""

_END = """\
#ifdef __cplusplus
}
#endif
"""


@dataclass(frozen=True)
class Around:
    """What a file has beside the circuit's own functions, as lines.

    comments      sentences about the file
    includes      standard headers
    declarations  before the circuit's functions, definitions after them
    """

    comments: tuple[str, ...] = ()
    includes: tuple[str, ...] = ("stddef", "stdint")
    declarations: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()


def to_text(circuit: Circuit, around: Around | None = None) -> str:
    """A circuit as three functions, and what is around them."""
    around = around or Around()
    name = stem(circuit.name)
    inputs, outputs = port_names(circuit, clean)
    lines = [f"/* {MARK}: {len(circuit.gates)} gates. The format: btfnet formats c */"]
    sentences = [*around.comments, *remarks(circuit, inputs, outputs)]
    lines += [f"/* {comment(sentence)} */" for sentence in sentences]
    includes = "\n".join(f"#include <{header}.h>" for header in around.includes)
    head = _HEAD.format(includes=includes, guard=name.upper())
    lines += [head, *_enum(name, "in", inputs), *_enum(name, "out", outputs)]
    lines += [f"enum {{ {name}_n_inputs = {len(inputs)}, {name}_n_outputs = {len(outputs)} }};", ""]
    lines += [*around.declarations, _BLOCK.format(name=name, guard=name.upper())]
    lines += [*_block(name, lower(circuit)), _tail(name, len(inputs), len(outputs)), *around.definitions]
    return "\n".join([*lines, _END])


def clean(name: str) -> str:
    """A name that can follow `circuit_in_`: ASCII letters, digits and single underscores."""
    return re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]", "_", name)).strip("_") or "x"


def stem(name: str) -> str:
    """The circuit's name as the beginning of the functions' names; what C reserves cannot come of it."""
    text = clean(name)
    return text if text[0].isalpha() else f"c{text}"


def _enum(name: str, what: str, ports: list[str]) -> Iterator[str]:
    """Names for the indices of inputs or outputs; C has no empty enum."""
    if ports:
        yield f"enum {name}_{what}put {{"
        yield ",\n".join(f"    {name}_{what}_{port} = {index}" for index, port in enumerate(ports))
        yield "};"


def _block(name: str, steps: Xmg) -> Iterator[str]:
    """The one function with the gates in it: a loop that compilers turn into vector instructions."""
    guard, first = name.upper(), steps.n_inputs + 1
    used = {value for step in steps.steps for value in step.operands} | {
        literal >> 1 for literal in steps.outputs
    }
    yield f"void {name}_block(const uint64_t *{guard}_RESTRICT in, uint64_t *{guard}_RESTRICT out, size_t n_words)"
    yield "{"
    yield "    size_t w;"
    yield "    (void)in;"
    yield "    (void)out;"
    yield from _INDEPENDENT
    yield "    for (w = 0; w < n_words; w++) {"
    for value in range(1, first):
        if value in used:
            yield f"        const uint64_t v{value} = in[{_index(value - 1)}];"
    for value, step in enumerate(steps.steps, start=first):
        formula = FORMULAS[step.op].format(*(f"v{operand}" for operand in step.operands))
        yield f"        const uint64_t v{value} = {formula};"
    for index, literal in enumerate(steps.outputs):
        yield f"        out[{_index(index)}] = {_literal(literal)};"
    yield "    }"
    yield "}"
    yield ""


def _tail(name: str, n_inputs: int, n_outputs: int) -> str:
    """The two other functions; a loop over nothing would be a warning."""
    load = f"    for (k = 0; k < {name}_n_inputs; k++)\n        given[k] = in[k] != 0;\n"
    store = f"    for (k = 0; k < {name}_n_outputs; k++)\n        out[k] = (uint8_t)(found[k] & 1);\n"
    return _TAIL.format(
        name=name,
        n_in=max(1, n_inputs),
        n_out=max(1, n_outputs),
        count="    size_t k;\n" if n_inputs or n_outputs else "",
        load=load if n_inputs else "    (void)in;\n",
        store=store if n_outputs else "    (void)out;\n",
    )


def _index(row: int) -> str:
    return f"{row} * n_words + w" if row else "w"


def _literal(literal: int) -> str:
    value = f"v{literal >> 1}" if literal >> 1 else "UINT64_C(0)"
    return f"~{value}" if literal & 1 else value


def comment(text: str) -> str:
    """A text that cannot end the comment, nor begin one in it, nor name a character that C does not know."""
    return re.sub(r"[^\x20-\x7e]|\\|\?\?", "_", text).replace("*/", "* /").replace("/*", "/ *")
