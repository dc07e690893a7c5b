"""`.dot`: circuits as drawings for Graphviz. See dot.md."""

from __future__ import annotations

from collections import Counter

from btfnet.files.mark import MARK
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.describe import wrong_in_words
from btfnet.printable import printable


def to_text(circuit: Circuit) -> str:
    """A circuit as a directed graph."""
    lines = [f"// {line}" for line in (MARK, circuit.training) if line is not None]
    lines += [f"digraph {_quoted(circuit.name)} {{", "  rankdir=LR;"]
    lines += [f"  label={_quoted(line)}; labelloc=t;" for line in wrong_in_words(circuit)]
    for node, name in enumerate(circuit.input_names, start=1):
        lines.append(f"  n{node} [shape=plaintext, label={_quoted(name)}];")
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        lines.append(f"  n{node} [shape=box, label={_quoted(symbol(gate))}];")
        for literal, count in Counter(gate.literals).items():
            lines.append(f"  {_edge(literal, f'n{node}', count)}")
    for index, (name, literal) in enumerate(zip(circuit.output_names, circuit.outputs, strict=True)):
        lines.append(f"  y{index} [shape=plaintext, label={_quoted(name)}];")
        lines.append(f"  {_edge(literal, f'y{index}', 1)}")
    lines.append(f"  {{rank=source; {' '.join(f'n{node};' for node in range(1, circuit.n_inputs + 1))}}}")
    lines.append(f"  {{rank=sink; {' '.join(f'y{index};' for index in range(circuit.n_outputs))}}}")
    return "\n".join([*lines, "}", ""])


def symbol(gate: Gate) -> str:
    """What stands in a gate's box."""
    match gate.kind:
        case "const":
            return "true" if gate.constant else "false"
        case "copy" | "not":
            return "="
        case "and":
            return "&"
        case "maj":
            return "maj"
    return f"≥{gate.at_least}"


def _edge(literal: int, receiver: str, count: int) -> str:
    attributes = [*["arrowhead=odot"] * (literal < 0), *[f'label="{count}"'] * (count > 1)]
    listed = f" [{', '.join(attributes)}]" if attributes else ""
    return f"n{abs(literal)} -> {receiver}{listed};"


def _quoted(text: str) -> str:
    """A quoted string that Graphviz shows as the text."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
