"""`btfnet inspect TABLE`: what a truth table says, by its cubes."""

from __future__ import annotations

from typing import Any

from btfnet.cli.console import as_json, plural
from btfnet.formats.pla.reader import read_table
from btfnet.formats.pla.table_items import too_large
from btfnet.logic.truth_table import EITHER, OFF, ON, OPEN, Table

OUTPUTS_SHOWN = 32


def inspected(path: str, *, json: bool) -> str:
    """What is printed about the table of a file."""
    facts = _facts(read_table(path))
    return as_json(facts) if json else "\n".join(_words(facts))


def _facts(table: Table) -> dict[str, Any]:
    circuit = table.circuit()
    used = (table.cubes != EITHER).any(axis=0).tolist()
    rest = {ON: "true", OFF: "false", OPEN: "open"}[table.rest]
    sets = (("on", ON), ("off", OFF), ("open", OPEN))
    counts = {key: (table.marks & kind > 0).sum(axis=0).tolist() for key, kind in sets}
    return {
        "name": table.name,
        "table": table.source,
        "inputs": table.n_inputs,
        "outputs": table.n_outputs,
        "lines": table.n_lines,
        "signs": int((table.cubes != EITHER).sum()),
        "elsewhere": rest,
        "unused_inputs": [
            name for name, is_used in zip(circuit.input_names, used, strict=True) if not is_used
        ],
        "lines_of_outputs": [
            {"output": name, **{key: counts[key][index] for key, _ in sets}}
            for index, name in enumerate(circuit.output_names)
        ],
        "gates": len(circuit.gates),
        "too_large_for_items": too_large(table),
    }


def _words(facts: dict[str, Any]) -> list[str]:
    why = facts["too_large_for_items"]
    lines = [
        f"Name      {facts['name']}",
        f"Table     {facts['table']}: {plural(facts['inputs'], 'input')}, {plural(facts['outputs'], 'output')}, "
        f"{plural(facts['lines'], 'line')} with {plural(facts['signs'], 'literal')}",
        f"Elsewhere outputs that no line speaks of are {facts['elsewhere']}",
        f"Circuit   {plural(facts['gates'], 'gate')}: an And for each line, an Or for each output",
        f"Items     {'can be listed: solve --data learns from them' if why is None else f'too many: {why}'}",
    ]
    if facts["unused_inputs"]:
        lines.append(f"Unused    {', '.join(facts['unused_inputs'][:OUTPUTS_SHOWN])}")
    outputs = facts["lines_of_outputs"]
    width = max(6, *(len(output["output"]) for output in outputs[:OUTPUTS_SHOWN]))
    lines += ["", f"{'output':<{width}}  {'true':>6} {'false':>6} {'open':>6}  lines"]
    for output in outputs[:OUTPUTS_SHOWN]:
        lines.append(f"{output['output']:<{width}}  {output['on']:>6} {output['off']:>6} {output['open']:>6}")
    if len(outputs) > OUTPUTS_SHOWN:
        lines.append(f"… {len(outputs) - OUTPUTS_SHOWN} more; --json lists all")
    return lines
