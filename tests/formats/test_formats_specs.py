"""The spec pages: their examples are real files, their readers agree with the real ones."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, every_input, random_circuit, table
from support.spec_pages import block, reader

from btfnet import formats
from btfnet.errors import FormatError, UsageError
from btfnet.formats import Items, read_circuit, read_items, read_network, read_widths
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.network import Network
from btfnet.problem.values import InputKind, OutputKind
from btfnet.projections.rrr import TraceRow

PAGES = {
    "dat": ".dat", "csv_items": ".csv", "npy": ".npy", "npz": ".npz", "wth": ".wth", "net": ".net",
    "gap": ".gap", "json_circuit": ".json", "graphml": ".graphml", "blif": ".blif", "verilog": ".v", "dot": ".dot",
    "aiger": ".aag", "bench": ".bench", "pla": ".pla", "btf": ".btf", "c99": ".c",
    "python": ".py", "yosys_json": ".yosys.json", "states": ".states", "life": ".rle",
}  # fmt: skip
SECTIONS = ["Purpose and audience", "Encoding", "Layout", "Meaning", "Worked example", "A short reader",
            "What a reader must reject", "Changes"]  # fmt: skip
CIRCUIT = Circuit(
    3,
    (Gate(2, (1, -2)), Gate(2, (1, 2, 3)), Gate(2, (4, 4, 5, -3))),
    (6, -5),
    ("a", "b", "c"),
    ("y", "z"),
    "example",
)
XOR = Items([[-1, 1], [1, -1]], [[1], [-1]])
CIRCUITS = {
    **corner_circuits(),
    **{f"random{seed}": random_circuit(np.random.default_rng(seed)) for seed in range(20)},
}


def write_example(page, path):
    """The file of a page's worked example."""
    match page:
        case "dat":
            classes = [[-1, -1, 1], [1, -1, -1]]
            formats.write_items(
                path, Items([[-1, 0.5], [1, -0.75]], classes, InputKind.ANALOG, OutputKind.CLASS)
            )
        case "csv_items":
            formats.write_items(path, Items([[-1, 1], [1, -1]], [[1], [-1]], input_names=("a", "b")))
        case "npy":
            formats.write_items(path, XOR)
        case "npz":
            formats.write_items(path, Items([[-1, 1], [1, -1]], [[1], [-1]], input_names=("a", "b")))
        case "wth":
            path.write_text("3\n4 4 4 4\n")
        case "net":
            network = Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 0), (4, 3)], bias=False)
            formats.write_network(path, network, [0.5, -1.25, 1e-3, 2])
        case "pla":
            lines = ["11- 1~", "1-1 1~", "-11 1~", "111 -1", "100 ~1", "010 ~1", "001 ~1"]
            path.write_text("\n".join([".i 3", ".o 2", ".ilb a b c", ".ob carry sum", *lines, ".e\n"]))
        case "states":
            lines = ["# rule 110, read to the right", "t = 0", "00010110", "t = 2", "1000?001"]
            path.write_text("\n".join([*lines, ""]))
        case "life":
            path.write_text("#N Glider\nx = 3, y = 3, rule = B3/S23\nbob$2bo$3o!\n")
        case "gap":
            looks = [
                TraceRow(100, 0.82, 0.82, 1.0, 0.4, 0.3, 0.6457, 0.75),
                TraceRow(200, 0.0078125, 0.0078125, 2.0),
            ]
            formats.write_gap(path, looks)
        case _:
            formats.write_circuit(path, CIRCUIT)


def shown(page, path):
    """An example as its page prints it: the file itself, for binary files a dump."""
    if page == "npy":
        return dump(path.read_bytes())
    if page == "btf":
        data = path.read_bytes()
        begin = 8 + int.from_bytes(data[:8], "little")
        header = data[8:begin].decode().rstrip().replace('}, "', '},\n "')
        rows = [f"{at:04x}  {data[begin + at :][:16].hex(' ')}" for at in range(0, len(data) - begin, 16)]
        return "\n".join([data[:8].hex(" "), header, *rows])
    if page == "npz":
        with np.load(path, allow_pickle=False) as arrays:
            return "\n".join(f"{key:12} {a.dtype}  {a.shape}  {a.tolist()}" for key, a in arrays.items())
    return path.read_text(encoding="utf-8").rstrip("\n")


def dump(data):
    rows = [data[start : start + 16] for start in range(0, len(data), 16)]
    return "\n".join(
        f"{16 * index:04x}  {row.hex(' '):47}  {re.sub(rb'[^ -~]', b'.', row).decode()}".rstrip()
        for index, row in enumerate(rows)
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_the_same_sections(page):
    assert re.findall(r"^## (.*)$", formats.spec(page), re.M) == SECTIONS


@pytest.mark.parametrize("page", [page for page in PAGES if page != "yosys_json"])  # test_yosys_json.py
def test_the_worked_example_is_the_file_that_btfnet_writes(page, tmp_path):
    path = tmp_path / f"x{PAGES[page]}"
    if page == "graphml":  # how exactly it is written is up to the version of networkx
        path.write_text(block(page, "Worked example", "text"))
        assert read_circuit(path) == CIRCUIT
        return
    write_example(page, path)
    assert block(page, "Worked example", "text") == shown(page, path)


def test_the_binary_example_of_aiger_is_the_file_that_btfnet_writes(tmp_path):
    formats.write_circuit(tmp_path / "x.aig", CIRCUIT)
    assert block("aiger", "Worked example", "hex") == dump((tmp_path / "x.aig").read_bytes())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("page", ["dat", "csv_items", "npy", "npz"])
def test_item_reader_printed_in_the_page_agrees_with_read_items(page, seed, tmp_path):
    rng = np.random.default_rng(seed)
    path = tmp_path / f"x{PAGES[page]}"
    bits = rng.choice([-1, 1], (20, 5))
    if page in ("dat", "npz") and seed % 2:
        values = np.round(rng.uniform(0, 1, (20, 3)), 3).astype(np.float32)
        items = Items(values, np.where(np.eye(6)[rng.integers(0, 6, 20)], 1, -1), "analog", "class")
    else:
        items = (
            Items(bits[:, :3], bits[:, 3:], output_names=("p", "q"))
            if page == "csv_items"
            else Items(bits[:, :3], bits[:, 3:])
        )
    if seed >= 3:
        of_class = items.output_kind is OutputKind.CLASS
        care = rng.random((20, 1 if of_class else items.n_outputs)) < 0.5
        items = replace(items, care=np.broadcast_to(care, items.outputs.shape))
    formats.write_items(path, items)
    options = {"n_inputs": 3} if page == "npy" else {}
    expected, found = read_items(path, **options), reader(page)(path, **options)
    assert np.array_equal(np.array(found[0], dtype=np.float32), expected.inputs)
    assert np.array_equal(found[1], expected.outputs * (1 if expected.care is None else expected.care))
    assert expected == items


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", ["fd", "f", "fr", "fdr", "dr", "r"])
def test_pla_reader_printed_in_the_page_agrees_with_read_items(kind, seed, tmp_path):
    rng = np.random.default_rng(seed)
    lines = [
        "".join(rng.choice(list("001122-x"), 5)) + "".join(rng.choice(list("01-~2x4"), 2)) for _ in range(5)
    ]
    (tmp_path / "x.pla").write_text("\n".join([".i 5", ".o 2", f".type {kind}", *lines, ".e\n"]))
    try:
        items = read_items(tmp_path / "x.pla")
    except FormatError:  # two lines that contradict each other, or everything is open
        assert kind != "f"
        return
    inputs, outputs = reader("pla")(tmp_path / "x.pla")
    assert np.array_equal(np.array(inputs, dtype=np.float32), items.inputs)
    assert np.array_equal(outputs, items.outputs * (1 if items.care is None else items.care))


def test_widths_reader_printed_in_the_page_agrees_with_read_widths(tmp_path):
    write_example("wth", tmp_path / "x.wth")
    assert reader("wth")(tmp_path / "x.wth") == read_widths(tmp_path / "x.wth")


@pytest.mark.parametrize("seed", range(3))
def test_network_reader_printed_in_the_page_agrees_with_read_network(seed, tmp_path):
    rng = np.random.default_rng(seed)
    network = Network.sparse([3, 4, 2], 2, rng)
    formats.write_network(tmp_path / "x.net", network, rng.normal(size=network.n_edges))
    again, weights = read_network(tmp_path / "x.net")
    edges = zip(again.edge_receiver.tolist(), again.fan_in.tolist(), weights.tolist(), strict=True)
    assert reader("net")(tmp_path / "x.net") == (
        again.n_nodes,
        again.n_inputs,
        again.n_outputs,
        sorted(edges),
    )


def test_trace_reader_printed_in_the_page_gives_what_was_written(tmp_path):
    write_example("gap", tmp_path / "x.gap")
    rows = reader("gap")(tmp_path / "x.gap")
    assert rows[0][:7] == [100, 0.4, 0.3, 0.6457, 0.82, 0.82, 75]
    assert np.isnan(rows[1][1:4] + rows[1][6:]).all()


@pytest.mark.parametrize("name", CIRCUITS)
@pytest.mark.parametrize(
    "page", ["json_circuit", "graphml", "blif", "verilog", "dot", "aiger", "bench", "btf", "c99", "python"]
)
def test_circuit_reader_printed_in_the_page_computes_the_same_function(page, name, tmp_path):
    circuit, path = CIRCUITS[name], tmp_path / f"x{PAGES[page]}"
    if page == "graphml" and not all(port.isprintable() for port in circuit.output_names):
        circuit = circuit.named(outputs=tuple(f"y{index}" for index in range(circuit.n_outputs)))
    formats.write_circuit(path, circuit)
    compute = reader(page)(path)
    assert [compute(list(bits)) for bits in every_input(circuit.n_inputs)] == table(circuit)
    if PAGES[page] in formats.CIRCUITS_IN:
        assert table(read_circuit(path)) == table(circuit)
    if page == "aiger":
        formats.write_circuit(path.with_suffix(".aig"), circuit)
        compute = reader(page)(path.with_suffix(".aig"))
        assert [compute(list(bits)) for bits in every_input(circuit.n_inputs)] == table(circuit)


def test_every_known_suffix_has_a_page_and_every_page_a_suffix():
    pages = {formats.spec(suffix) for suffix in formats.KNOWN}
    assert pages == {formats.spec(page) for page in [*PAGES, "toml_problem"]}
    assert (
        len(pages) == len(formats.KNOWN) - 4
    )  # .csv and .tsv share theirs, .net and .sol, .aag and .aig, .rle and .cells too
    directory = Path(formats.__file__).parent
    assert {path.stem for path in directory.rglob("*.md")} >= set(PAGES)
    for name in ("pdf", "", "../../pyproject", "/etc/passwd", "a\0b"):
        with pytest.raises(UsageError, match=r"Known are \.dat, "):
            formats.spec(name)
