"""`.yosys.json`: circuits as Yosys writes them, from our Verilog. See yosys_json.md."""

from __future__ import annotations

from pathlib import Path

from btfnet.files.mark import MARK
from btfnet.formats.verilog import writer as verilog
from btfnet.logic.circuit import Circuit
from btfnet.tools.running import run_script, workbench

SCRIPT = """\
read_verilog circuit.v
hierarchy -check -auto-top
proc
opt_clean
setattr -mod -unset src
setattr -unset src
check -assert
write_json circuit.json
"""
TRAINING = 'setattr -mod -set training "{}"\n'
"""An attribute of the module, which the JSON carries."""
CREATOR = b'"creator": "'
SECONDS = 600.0


def to_bytes(circuit: Circuit) -> bytes:
    """A circuit as Yosys writes it.

    Raises `ToolMissing` without Yosys, `ToolError` when it fails or needs more than ten minutes.
    """
    with workbench() as folder:
        (Path(folder) / "circuit.v").write_text(verilog.to_text(circuit), encoding="utf-8", newline="\n")
        run_script("yosys", _script(circuit), seconds=SECONDS, cwd=folder)
        data = (Path(folder) / "circuit.json").read_bytes()
    return data.replace(CREATOR, CREATOR + f"{MARK} with ".encode(), 1)


def _script(circuit: Circuit) -> str:
    """What Yosys does, and says of the training items."""
    *first, last = SCRIPT.splitlines(keepends=True)
    return "".join([*first, *([TRAINING.format(circuit.training)] if circuit.training else []), last])
