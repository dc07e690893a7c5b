"""`.v` with registers: the cell as a module, and around it one that clocks it. See verilog.md."""

from __future__ import annotations

from btfnet.formats.netlists.registers import Clocked
from btfnet.formats.verilog.writer import clean, identifier, to_text
from btfnet.printable import printable

CLOCK, RESET = "clk", "rst"


def clocked_text(clocked: Clocked) -> str:
    """Two modules: the cell, called NAME_cell, and NAME with the ports, `clk` and `rst` (another name where a port
    has it), which is synchronous and active high.

    Registers begin at 0, as simulators and FPGAs take it from the declaration; others pulse `rst`.
    """
    names = clocked.names(clean)
    taken = {*names.inputs, *names.outputs, *names.states, *names.stored}
    clock, reset = (_free(name, taken) for name in (CLOCK, RESET))
    name = clean(clocked.cell.name)
    cell = clocked.cell.named(name=f"{name}_cell")
    ports = [f"  input wire {identifier(port)}" for port in (clock, reset, *names.inputs)]
    ports += [f"  output wire {identifier(port)}" for port in names.outputs]
    ends = (*names.inputs, *names.states, *names.outputs, *names.stored)
    lines = [to_text(cell), *(f"// {printable(remark)}" for remark in clocked.remarks)]
    lines += [f"module {identifier(name)} (", ",\n".join(ports), ");"]
    lines += [f"  reg {identifier(state)} = 1'b0;" for state in names.states]
    lines += [f"  wire {identifier(stored)};" for stored in names.stored]
    joined = ",\n    ".join(f".{identifier(end)}({identifier(end)})" for end in ends)
    lines += [f"  {identifier(clean(cell.name))} cell_of (", f"    {joined}", "  );"]
    if names.states:
        lines += [f"  always @(posedge {clock})", f"    if ({reset}) begin"]
        lines += [f"      {identifier(state)} <= 1'b0;" for state in names.states]
        lines += ["    end else begin"]
        pairs = zip(names.states, names.stored, strict=True)
        lines += [f"      {identifier(state)} <= {identifier(stored)};" for state, stored in pairs]
        lines += ["    end"]
    return "\n".join([*lines, "endmodule", ""])


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
