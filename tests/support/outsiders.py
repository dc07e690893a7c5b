"""Netlists checked by programs that share nothing with btfnet, many circuits in each call.

    Icarus Verilog   simulates .v; its outputs are compared with the model's own
    C compiler       compiles .c without a warning; the program's outputs are compared likewise
    Yosys            reads .v, .yosys.json and the assignments of .c, finds no fault, and turns them into BLIF
    ABC              proves that this BLIF, .blif, .aig and .bench compute the same (cec)
    aigverse         proves that .aag and .aig compute the same
    btfnet           reads back what it can read, and proves that it computes the same as the model

Every check returns one `Finding` for each circuit and format that it looked at, and raises `Disagreement` at the
first that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btfnet import formats
from btfnet.errors import ToolError
from btfnet.formats.netlists.names import port_names
from btfnet.formats.verilog.writer import clean, identifier
from btfnet.logic.circuit import Circuit
from btfnet.tools import running
from support.judged_samples import Disagreement, Finding, Sample, compared
from support.outside_c import check_c

SECONDS = 1800.0
YOSYS_SCRIPT = """\
hierarchy -check -top btfnet_wrapper
proc
check -assert
flatten
opt_clean
techmap
opt
rename -hide
"""


# -- btfnet itself ----------------------------------------------------------------------------------------


def check_reading_back(samples: list[Sample], folder: Path) -> list[Finding]:
    found = []
    for one in samples:
        for suffix in formats.CIRCUITS_IN:
            if (folder / f"{one.key}{suffix}").exists():
                again = formats.read_circuit(folder / f"{one.key}{suffix}")
                proven = _equal(one, suffix, again)
                found.append(Finding(one.key, suffix, "btfnet", proven))
    return found


def _equal(one: Sample, suffix: str, again: Circuit) -> bool:
    """Whether it is proven; False where there are too many inputs to try and no solver."""
    from btfnet.logic.verify import compare

    if (again.gates, again.outputs) == (one.circuit.gates, one.circuit.outputs):
        return True
    try:
        from btfnet.logic.proof.equivalence import prove_equal
    except ImportError:
        if one.circuit.n_inputs <= 16:
            verdict = compare(one.circuit, again)
            if not verdict.exact:
                raise Disagreement(one, suffix, "btfnet", str(verdict)) from None
            return True
        compared(one, suffix, "btfnet", again.predict(one.rows) > 0)
        return False
    answer = prove_equal(
        one.circuit, again, time_limit=SECONDS, method="auto" if one.circuit.n_inputs <= 16 else "sat"
    )
    if answer.equal is not True:
        raise Disagreement(one, suffix, "btfnet", f"{answer.counterexample or 'no proof in time'}")
    return True


# -- Icarus Verilog ---------------------------------------------------------------------------------------


def check_icarus(samples: list[Sample], folder: Path) -> list[Finding]:
    """Simulation of `.v`. Warnings of the compiler count as failures."""
    benches = "".join(_bench(one) for one in samples)
    (folder / "benches.v").write_text(benches, encoding="ascii")
    for one in samples:
        np.savetxt(folder / f"{one.key}.rows", _binary(one.rows), fmt="%s")
    sources = [f"{one.key}.v" for one in samples]
    (folder / "sources.txt").write_text("\n".join([*sources, "benches.v\n"]))
    said = running.run(
        "iverilog",
        ["-g2001", "-Wall", "-Wno-timescale", "-o", "benches.vvp", "-c", "sources.txt"],
        seconds=SECONDS,
        cwd=folder,
    )
    if said.strip():
        raise ToolError(f"iverilog complains:\n{said[:2000]}")
    printed: dict[str, list[str]] = {one.key: [] for one in samples}
    for line in running.run("vvp", ["benches.vvp"], seconds=SECONDS, cwd=folder).splitlines():
        key, _, values = line.partition(" ")
        if key in printed:
            printed[key].append(values)
    for one in samples:
        text = "\n".join(printed[one.key])
        if set(text) - set("01\n"):
            raise Disagreement(one, ".v", "Icarus Verilog", f"prints {sorted(set(text))}")
        flat = np.frombuffer(text.replace("\n", "").encode(), dtype=np.uint8)
        found = flat.reshape(len(printed[one.key]), -1)[:, ::-1] == ord("1")
        compared(one, ".v", "Icarus Verilog", found)
    return [Finding(one.key, ".v", "Icarus Verilog", one.complete) for one in samples]


def _bench(one: Sample) -> str:
    """Prints every output for every row; ports are connected by their names."""
    width, n_rows = max(1, one.circuit.n_inputs), len(one.rows)
    return (
        f"module bench_{one.key};\n  reg [{width - 1}:0] rows [0:{n_rows - 1}];\n  reg [{width - 1}:0] x;\n"
        f"  wire [{one.circuit.n_outputs - 1}:0] y;\n  integer row;\n{_instance(one.circuit)}"
        f'  initial begin\n    $readmemb("{one.key}.rows", rows);\n'
        f"    for (row = 0; row < {n_rows}; row = row + 1) begin\n      x = rows[row];\n"
        f'      #1 $display("{one.key} %b", y);\n    end\n  end\nendmodule\n'
    )


def _instance(circuit: Circuit) -> str:
    inputs, outputs = port_names(circuit, clean)
    ports = [f".{identifier(port)}(x[{index}])" for index, port in enumerate(inputs)]
    ports += [f".{identifier(port)}(y[{index}])" for index, port in enumerate(outputs)]
    return f"  {identifier(clean(circuit.name))} dut ({', '.join(ports)});\n"


def _binary(rows: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Each row as a Verilog number: the last input first."""
    return np.array(["".join("01"[bit] for bit in row[::-1]) or "0" for row in rows.tolist()])


def _c_as_verilog(text: str, circuit: Circuit) -> str:
    """The assignments of a `.c` as a module: its operators mean the same in Verilog, on one bit as on 64."""
    body = text[text.index("; w++) {") + 8 :]
    body = body[: body.index("\n    }\n")]
    body = re.sub(r"\b(in|out)\[(?:(\d+) \* n_words \+ )?w\]", lambda m: f"{m[1]}[{m[2] or 0}]", body)
    body = (
        body.replace("const uint64_t", "wire").replace("UINT64_C(0)", "1'b0").replace("out[", "assign out[")
    )
    ports = f"input [{circuit.n_inputs - 1}:0] in, output [{circuit.n_outputs - 1}:0] out"
    return f"module c_of_it ({ports});{body}\nendmodule\n"


# -- Yosys and ABC ----------------------------------------------------------------------------------------


def check_yosys(samples: list[Sample], folder: Path) -> list[Finding]:
    """Yosys reads `.v`, `.yosys.json` and `.c` as Verilog, finds no fault, and leaves KEY_v.blif … for ABC."""
    script, found = [], []
    for one in (one for one in samples if one.circuit.n_inputs):
        ports = f"input [{one.circuit.n_inputs - 1}:0] x, output [{one.circuit.n_outputs - 1}:0] y"
        wrap = f"module btfnet_wrapper ({ports});\n"
        (folder / f"wrap_{one.key}.v").write_text(f"{wrap}{_instance(one.circuit)}endmodule\n")
        (folder / f"wrap_{one.key}_c.v").write_text(f"{wrap}  c_of_it dut (.in(x), .out(y));\nendmodule\n")
        ways = [
            (".v", f"read_verilog {one.key}.v\nread_verilog wrap_{one.key}.v\n"),
            (".yosys.json", f"read_json {one.key}.yosys.json\nread_verilog wrap_{one.key}.v\n"),
            (".c", f"read_verilog {one.key}_c.v\nread_verilog wrap_{one.key}_c.v\n"),
        ]
        if (folder / f"{one.key}.c").exists():
            text = _c_as_verilog((folder / f"{one.key}.c").read_text(), one.circuit)
            (folder / f"{one.key}_c.v").write_text(text)
        for suffix, read in ways:
            if (folder / f"{one.key}{suffix}").exists():
                blif = f"{one.key}_{suffix[1:].replace('.', '_')}.blif"
                script.append(f"{read}{YOSYS_SCRIPT}write_blif {blif}\ndesign -reset\n")
                found.append(Finding(one.key, suffix, "Yosys", False))
    running.run_script("yosys", "".join(script), seconds=SECONDS, cwd=folder)
    return found


def check_abc(samples: list[Sample], folder: Path) -> list[Finding]:
    """ABC proves that the formats compute the same as the Verilog that Yosys read, or as `.blif` without Yosys."""
    pairs = []
    for one in (one for one in samples if one.circuit.n_inputs):
        files = {".v": f"{one.key}_v.blif", ".blif": f"{one.key}.blif", ".aig": f"{one.key}.aig"}
        files |= {".bench": f"{one.key}.bench", ".yosys.json": f"{one.key}_yosys_json.blif"}
        files |= {".c": f"{one.key}_c.blif"}
        first, *others = [(suffix, file) for suffix, file in files.items() if (folder / file).exists()]
        pairs += [(one, first, other) for other in others]
    script = "\n".join(f"cec -n -T 600 -C 10000000 {first[1]} {other[1]}" for _, first, other in pairs)
    said = running.run_script("abc", script, seconds=SECONDS, cwd=folder)
    verdicts = re.findall(
        r"^Networks are (.*?)[.:]", said.replace("after ", "").replace("Networks are", "\nNetworks are"), re.M
    )
    if len(verdicts) != len(pairs):
        raise ToolError(f"ABC gave {len(verdicts)} verdicts on {len(pairs)} pairs:\n{said[-2000:]}")
    found = []
    for (one, first, other), verdict in zip(pairs, verdicts, strict=True):
        if not verdict.startswith("equivalent"):
            raise Disagreement(one, other[0], "ABC", f"against {first[0]}: {verdict}")
        found += [Finding(one.key, first[0], "ABC", True), Finding(one.key, other[0], "ABC", True)]
    return list(dict.fromkeys(found))


# -- aigverse ---------------------------------------------------------------------------------------------


def check_aigverse(samples: list[Sample], folder: Path) -> list[Finding]:
    """aigverse proves `.aag` and `.aig` equal."""
    from aigverse.algorithms import equivalence_checking
    from aigverse.io import read_aiger_into_aig, read_ascii_aiger_into_aig

    found = []
    for one in (one for one in samples if one.circuit.n_inputs and (folder / f"{one.key}.aag").exists()):
        ascii_, binary = (str(folder / f"{one.key}{suffix}") for suffix in (".aag", ".aig"))
        if equivalence_checking(read_ascii_aiger_into_aig(ascii_), read_aiger_into_aig(binary)) is not True:
            raise Disagreement(one, ".aag", "aigverse", "differs from .aig")
        found += [Finding(one.key, suffix, "aigverse", True) for suffix in (".aag", ".aig")]
    return found


CHECKS: dict[str, tuple[tuple[str, ...], Callable[[list[Sample], Path], list[Finding]]]] = {
    "btfnet": ((), check_reading_back),
    "Icarus Verilog": (("iverilog", "vvp"), check_icarus),
    "C compiler": (("cc",), check_c),
    "Yosys": (("yosys",), check_yosys),
    "ABC": (("abc",), check_abc),
    "aigverse": ((), check_aigverse),
}
"""By name: the programs that it needs, and the check. ABC looks at what Yosys leaves, so it comes later."""
