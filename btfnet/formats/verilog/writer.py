"""`.v`: circuits as synthesizable Verilog-2001. See verilog.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from btfnet.files.mark import MARK
from btfnet.formats.netlists.names import port_names, remarks, wire_prefix
from btfnet.logic.circuit import Circuit, Gate

_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_LONG_LINE = 100
CHAIN = 16
"""So many terms stand side by side; more are grouped, or simulators and Yosys take n² for a deep chain of them."""

KEYWORDS = frozenset(
    """
    always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign
    default defparam design disable edge else end endcase endconfig endfunction endgenerate endmodule
    endprimitive endspecify endtable endtask event for force forever fork function generate genvar
    highz0 highz1 if ifnone incdir include initial inout input instance integer join large liblist
    library localparam macromodule medium module nand negedge nmos nor noshowcancelled not notif0 notif1
    or output parameter pmos posedge primitive pull0 pull1 pulldown pullup pulsestyle_onevent
    pulsestyle_ondetect rcmos real realtime reg release repeat rnmos rpmos rtran rtranif0 rtranif1
    scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table task
    time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire vectored wait wand
    weak0 weak1 while wire wor xnor xor alias assert bit bool break byte chandle checker class clocking
    const constraint continue cover do enum export extends extern final foreach import inside int
    interface logic longint new null package packed priority program property protected pure rand ref
    return sequence shortint shortreal static string struct super tagged this throughout type typedef
    union unique var virtual void with within accept_on always_comb always_ff always_latch before bind
    bins binsof context covergroup coverpoint cross dist endchecker endclass endclocking endgroup
    endinterface endpackage endprogram endproperty endsequence eventually expect first_match forkjoin
    global iff ignore_bins illegal_bins implements implies interconnect intersect join_any join_none let
    local matches modport nettype nexttime randc randcase randsequence reject_on restrict s_always
    s_eventually s_nexttime s_until s_until_with soft solve strong sync_accept_on sync_reject_on
    throughout timeprecision timeunit unique0 until until_with untyped wait_order weak wildcard
    """.split()  # noqa: SIM905
)
"""Reserved in Verilog-2001 or in SystemVerilog (IEEE 1800): such a name is escaped."""


def to_text(circuit: Circuit) -> str:
    """A circuit as one module, and before it a module for each kind of wide gates that recurs."""
    inputs, outputs = port_names(circuit, clean)
    prefix = wire_prefix([*inputs, *outputs])
    wires = [f"{prefix}{node}" for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1)]
    names = ["", *map(identifier, inputs), *wires]
    top = clean(circuit.name)
    shared = shared_shapes(circuit.gates, top)
    ports = [f"  input wire {identifier(name)}" for name in inputs]
    ports += [f"  output wire {identifier(name)}" for name in outputs]
    counts = f"{circuit.n_inputs} inputs, {len(circuit.gates)} gates, {circuit.n_outputs} outputs"
    lines = [f"// {MARK}: {counts}"]
    lines += [f"// {sentence}" for sentence in remarks(circuit, inputs, outputs)]
    lines += [_module(name, shape) for shape, name in shared.items()]
    lines += [f"module {identifier(top)} (", ",\n".join(ports), ");"]
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        module = shared.get(shape_of(gate)) if shared else None
        if module is None:
            lines.append(f"  wire {names[node]} = {expression(gate, names)};")
        else:
            vector = ", ".join(names[abs(literal)] for literal in reversed(gate.literals))
            lines.append(f"  wire {names[node]};")
            lines.append(f"  {module} {names[node]}_of (.x({{{vector}}}), .y({names[node]}));")
    for name, literal in zip(outputs, circuit.outputs, strict=True):
        lines.append(f"  assign {identifier(name)} = {_literal(literal, names)};")
    return "\n".join([*lines, "endmodule", ""])


def clean(name: str) -> str:
    """A name that Verilog can carry: printable ASCII without spaces, escaped where `identifier` has to.

    Preprocessors expand a backtick even in an escaped identifier, and Icarus Verilog takes the names # and @
    for "super" and "this", and a port connection that starts with * for a wildcard; these become _, too.
    """
    return "_" if name in ("", "#", "@") else re.sub(r"[^\x21-\x7e]|`|^\*", "_", name)


def identifier(name: str) -> str:
    """A clean name as it stands in the text; an escaped identifier ends with a space that belongs to it."""
    return name if _SIMPLE.fullmatch(name) and name not in KEYWORDS else f"\\{name} "


def expression(gate: Gate, names: Sequence[str]) -> str:
    """The gate as a one-bit expression."""
    literals = [_literal(literal, names) for literal in gate.literals]
    match gate.kind:
        case "const":
            return "1'b1" if gate.constant else "1'b0"
        case "copy" | "not":
            return literals[0]
        case "and":
            return _joined(literals, "&")
        case "or":
            return _joined(literals, "|")
        case "maj" if len(literals) == 3:
            a, b, c = literals
            return f"({a} & {b}) | ({a} & {c}) | ({b} & {c})"
    return _comparison(gate, names)


def _comparison(gate: Gate, names: Sequence[str]) -> str:
    """Weights of the true literals, added up in as many bits as their total needs, against at_least."""
    width = len(gate.literals).bit_length()
    terms = [
        f"({names[abs(literal)]} ? {width}'d{count * (literal > 0)} : {width}'d{count * (literal < 0)})"
        for literal, count in Counter(gate.literals).items()
    ]
    return f"({_joined(terms, '+')}) >= {width}'d{gate.at_least}"


def _literal(literal: int, names: Sequence[str]) -> str:
    return f"{'' if literal > 0 else '~'}{names[abs(literal)]}"


def _joined(terms: list[str], operator: str) -> str:
    while len(terms) > CHAIN:
        groups = range(0, len(terms), CHAIN)
        terms = [f"({f' {operator} '.join(terms[first : first + CHAIN])})" for first in groups]
    text = f" {operator} ".join(terms)
    return text if len(text) <= _LONG_LINE else f" {operator}\n    ".join(terms)


WIDE, OFTEN = 16, 4
"""Gates of so many literals, and so many of the same shape, are instances of a module."""
Shape = tuple[int, tuple[bool, ...]]
"""Of a gate: how many literals must be true, and which of them are positive."""


def shape_of(gate: Gate) -> Shape:
    return gate.at_least, tuple(literal > 0 for literal in gate.literals)


def shared_shapes(gates: Sequence[Gate], top: str) -> dict[Shape, str]:
    """The shapes that have a module of their own, and its name, in the order in which they are first needed."""
    times = Counter(shape_of(gate) for gate in gates if len(gate.literals) >= WIDE)
    often = [shape for shape, number in times.items() if number >= OFTEN]
    prefix = "count" if not top.startswith("count") else "_count"
    return {shape: f"{prefix}{number}" for number, shape in enumerate(often)}


def _module(name: str, shape: Shape) -> str:
    """One output, and one input for all literals."""
    at_least, signs = shape
    gate = Gate(at_least, tuple(node if sign else -node for node, sign in enumerate(signs, start=1)))
    value = expression(gate, ["", *(f"x[{place}]" for place in range(len(signs)))])
    ports = f"  input wire [{len(signs) - 1}:0] x,\n  output wire y"
    return f"module {name} (\n{ports}\n);\n  assign y = {value};\nendmodule\n"
