"""Files: items, widths, networks, traces and circuits in and out. Nothing here solves.

    suffix          holds                          read                     write
    .dat .npz       items of every kind            read_items               write_items
    .csv .tsv .npy  items of bits                  read_items               write_items
    .pla            a truth table                  read_items, read_circuit
    .wth            widths of a layered network    read_widths
    .net .sol       a network with weights         read_network             write_network
    .gap            the trace of a run                                      write_gap
    .btf            a packed model                 read_circuit             write_circuit
    .json .graphml  a circuit, without loss        read_circuit             write_circuit
    .blif           a circuit, as covers           read_circuit             write_circuit
    .aag .aig       a circuit, as Ands             read_circuit             write_circuit
    .bench          a circuit, as Ands and Nots    read_circuit             write_circuit
    .v              a circuit, as Verilog          read_circuit             write_circuit
    .c .dot         a circuit, to run or draw                               write_circuit
    .yosys.json     a circuit, by way of Yosys                              write_circuit
    .toml           a problem                      toml_problem

Every format has its module and, beside it, its spec page; `spec("dat")` returns the page. Readers raise
`FormatError` with file and line, writers `OutputError`; a writer leaves the old file or the whole new one.
"""

from __future__ import annotations

from importlib.resources import files

from btfnet.arguments import TEXT, need, similar
from btfnet.errors import UsageError
from btfnet.formats.authors.gap import write_gap
from btfnet.formats.authors.net import read_network, write_network
from btfnet.formats.authors.wth import read_widths
from btfnet.formats.circuit_files import (
    CIRCUITS_IN,
    CIRCUITS_OUT,
    read_circuit,
    read_dont_cares,
    write_circuit,
)
from btfnet.formats.item_files import Items, read_items, write_items
from btfnet.formats.recognise import WORDS, suffix_called

__all__ = [
    "CIRCUITS_IN",
    "CIRCUITS_OUT",
    "KNOWN",
    "Items",
    "read_circuit",
    "read_dont_cares",
    "read_items",
    "read_network",
    "read_widths",
    "spec",
    "write_circuit",
    "write_gap",
    "write_items",
    "write_network",
]

KNOWN = {
    ".dat": "items as text: bits, analog inputs, unknown inputs, class labels (read, write)",
    ".csv": "items as a table of bits, with or without a header; .tsv with tabs (read, write)",
    ".npy": "items as one NumPy array of bits (read, write)",
    ".npz": "items as named NumPy arrays, every kind, with names (read, write)",
    ".pla": "a truth table with don't cares, as espresso has it: items, or a circuit (read)",
    ".wth": "widths of a layered network (read)",
    ".net": "a network with weights (read, write)",
    ".sol": "a network with trained weights (read, write)",
    ".gap": "the trace of a run (write)",
    ".btf": "a packed model: weights as bit masks, thresholds (read, write)",
    ".json": "a circuit, without loss (read, write)",
    ".graphml": "a circuit as a graph, without loss (read, write)",
    ".blif": "a circuit as covers, for logic synthesis (read, write)",
    ".aag": "a circuit as an and-inverter graph: AIGER, as text (read, write)",
    ".aig": "a circuit as an and-inverter graph: AIGER, binary (read, write)",
    ".bench": "a circuit as an ISCAS netlist (read, write)",
    ".v": "a circuit as synthesizable Verilog-2001 (read, write)",
    ".c": "a circuit as C99 functions, 64 items a word (write)",
    ".dot": "a circuit as a drawing for Graphviz (write)",
    ".yosys.json": "a circuit for tools around Yosys, which writes it (write)",
    ".toml": "a problem: network, items or generator, settings (read)",
}
"""Suffixes and what their files hold."""

_FOLDERS = {
    "aiger": ("aiger",), "arrays": ("npy", "npz"), "authors": ("dat", "gap", "net", "wth"), "bench": ("bench",),
    "blif": ("blif",), "btf": ("btf",), "circuits": ("c99", "dot", "graphml", "json_circuit", "yosys_json"),
    "csv": ("csv_items",), "pla": ("pla",), "toml": ("toml_problem",), "verilog": ("verilog",),
}  # fmt: skip
_PAGES = {page: f"{folder}/{page}" for folder, pages in _FOLDERS.items() for page in pages}
_PAGES |= {
    "csv": "csv/csv_items",
    "tsv": "csv/csv_items",
    "sol": "authors/net",
    "json": "circuits/json_circuit",
}
_PAGES |= {"toml": "toml/toml_problem", "v": "verilog/verilog", "sv": "verilog/verilog", "aag": "aiger/aiger"}
_PAGES |= {"aig": "aiger/aiger", "c": "circuits/c99", "yosys.json": "circuits/yosys_json"}


def spec(name: str) -> str:
    """The spec page of a format, as Markdown; `name` is a suffix (with or without its dot) or a page's name.

    Raises `UsageError`, listing the formats, when there is no such page.
    """
    need("spec", name=(name, TEXT))
    key = suffix_called(name).removeprefix(".")
    if key not in _PAGES:
        raise UsageError(
            f"there is no format named {name!a}{similar(name, [*KNOWN, *WORDS])} Known are {', '.join(KNOWN)}."
        )
    return files(__name__).joinpath(f"{_PAGES[key]}.md").read_text(encoding="utf-8")
