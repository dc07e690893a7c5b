"""Every format of files, once: what it holds, who reads and writes it, and by what it is known.

A new format is its own module (or folder), with its spec page beside it, and one entry in `FORMATS`. All else
follows: `read_circuit` and its like, `btfnet formats`, which file is of which format by its suffix or its content,
and which may be replaced because btfnet wrote it.

Functions are named as "module:function" and imported when a file needs them, so that nothing waits for the others.
"""

from __future__ import annotations

import re
from dataclasses import replace

from btfnet import plugins
from btfnet.files.mark import MARK
from btfnet.formats.content import is_dat, is_table, is_terms
from btfnet.formats.format import Format, Holds, Suffixes
from btfnet.plugins import Registry


def _keywords(words: str) -> re.Pattern[str]:
    """A line that begins with one of the words, in any case."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, words.split()))})(?!\S)", re.I)


_MARK = MARK.encode()
_TEXT = rb"(?:\xef\xbb\xbf)?\s*"
_BENCH_LINE = re.compile(
    r"(INPUT|OUTPUT)\s*\(|[^\s=]+\s*=\s*[A-Za-z]+[A-Za-z0-9_]*\s*(0x[0-9a-fA-F]+\s*)?\(", re.I
)

_OWN: dict[str, Format] = {
    entry.suffix: entry
    for entry in (
        Format(
            suffix=".dat",
            summary="items as text: bits, analog inputs, unknown inputs, class labels",
            page="authors/dat",
            read={Holds.ITEMS: "btfnet.formats.authors.dat:read"},
            write={Holds.ITEMS: "btfnet.formats.authors.dat:to_text"},
            columns_of="btfnet.formats.authors.dat:has_columns_of",
            looks_like=is_dat,
        ),
        Format(
            suffix=".csv",
            summary="items as a table of bits, with or without a header",
            page="csv/csv_items",
            read={Holds.ITEMS: "btfnet.formats.csv.rows:read"},
            write={Holds.ITEMS: "btfnet.formats.csv.rows:to_text"},
            columns_of="btfnet.formats.csv.rows:has_columns_of",
            names=("table",),
            looks_like=is_table,
            has_layout=True,
        ),
        Format(
            suffix=".tsv",
            summary="the same, cut at tabs",
            page="csv/csv_items",
            read={Holds.ITEMS: "btfnet.formats.csv.rows:read"},
            write={Holds.ITEMS: "btfnet.formats.csv.rows:to_tabbed_text"},
            columns_of="btfnet.formats.csv.rows:has_tabbed_columns_of",
            has_layout=True,
        ),
        Format(
            suffix=".npy",
            summary="items as one NumPy array of bits",
            page="arrays/npy",
            read={Holds.ITEMS: "btfnet.formats.arrays.npy:read"},
            write={Holds.ITEMS: "btfnet.formats.arrays.npy:to_bytes"},
            columns_of="btfnet.formats.arrays.npy:has_columns_of",
            names=("numpy",),
            begins=rb"\x93NUMPY",
        ),
        Format(
            suffix=".npz",
            summary="items as named NumPy arrays, every kind, with names",
            page="arrays/npz",
            read={Holds.ITEMS: "btfnet.formats.arrays.npz:read"},
            write={Holds.ITEMS: "btfnet.formats.arrays.npz:to_bytes"},
            begins=rb"PK\x03\x04",
            mark=(rb"PK\x03\x04", rb"%s\Z" % _MARK),
        ),
        Format(
            suffix=".pla",
            summary="a truth table with don't cares, as espresso has it: items, or a circuit",
            page="pla/pla",
            read={
                Holds.ITEMS: "btfnet.formats.pla.reader:read",
                Holds.CIRCUIT: "btfnet.formats.pla.reader:read_circuit",
                Holds.TABLE: "btfnet.formats.pla.reader:read_table",
            },
            names=("espresso",),
            keyword=_keywords(".i .o .ilb .ob .type .mv .p .phase .pair .label .kiss .symbolic"),
            looks_like=is_terms,
        ),
        Format(
            suffix=".wth",
            summary="widths of a layered network",
            page="authors/wth",
            read={Holds.WIDTHS: "btfnet.formats.authors.wth:read_widths"},
        ),
        Format(
            suffix=".net",
            summary="a network with weights",
            page="authors/net",
            read={Holds.NETWORK: "btfnet.formats.authors.net:read_network"},
            write={Holds.NETWORK: "btfnet.formats.authors.net:to_text"},
        ),
        Format(
            suffix=".sol",
            summary="a network with trained weights",
            page="authors/net",
            read={Holds.NETWORK: "btfnet.formats.authors.net:read_network"},
            write={Holds.NETWORK: "btfnet.formats.authors.net:to_text"},
        ),
        Format(
            suffix=".gap",
            summary="the trace of a run",
            page="authors/gap",
            write={Holds.TRACE: "btfnet.formats.authors.gap:to_text"},
        ),
        Format(
            suffix=".btf",
            summary="a packed model: weights as bit masks, thresholds",
            page="btf/btf",
            read={
                Holds.CIRCUIT: "btfnet.formats.btf.model:read",
                Holds.MODEL: "btfnet.formats.btf.model:read_model",
                Holds.PREDICTOR: "btfnet.formats.btf.predictor:read_predictor",
            },
            write={Holds.CIRCUIT: "btfnet.formats.btf.model:to_bytes"},
            begins=rb"(?![\0\1]\0\0\0).{4}\0{4}\{.",  # a length in eight bytes, and a header in JSON
            mark=(rb'.{8}\{"__metadata__": \{"format": "btfnet-packed", "version": "1",', b""),
        ),
        Format(
            suffix=".json",
            summary="a circuit, without loss",
            page="circuits/json_circuit",
            read={Holds.CIRCUIT: "btfnet.formats.circuits.json_circuit:read"},
            write={Holds.CIRCUIT: "btfnet.formats.circuits.json_circuit:to_text"},
            also=(".jsn",),
            begins=_TEXT + rb"\{",
            mark=(rb'\{"format": "btfnet-circuit",', b""),
        ),
        Format(
            suffix=".graphml",
            summary="a circuit as a graph, without loss",
            page="circuits/graphml",
            read={Holds.CIRCUIT: "btfnet.formats.circuits.graphml:read"},
            write={Holds.CIRCUIT: "btfnet.formats.circuits.graphml:to_bytes"},
            begins=_TEXT + rb"(?=<)[^\0]*?<graphml",
            mark=(rb"<\?xml [^>]*>\s*<!-- %s\b" % _MARK, b""),
        ),
        Format(
            suffix=".blif",
            summary="a circuit as covers, for logic synthesis",
            page="blif/blif",
            read={
                Holds.CIRCUIT: "btfnet.formats.blif.reader:read",
                Holds.CHECKED: "btfnet.formats.blif.reader:read_with_dont_cares",
            },
            write={Holds.CIRCUIT: "btfnet.formats.blif.writer:to_text"},
            keyword=_keywords(".model .inputs .outputs .names .latch .exdc .subckt .gate .clock .search"),
            mark=(rb"# %s\b" % _MARK, b""),
            has_latches=True,
        ),
        Format(
            suffix=".aag",
            summary="a circuit as an and-inverter graph: AIGER, as text",
            page="aiger/aiger",
            read={Holds.CIRCUIT: "btfnet.formats.aiger.reader:read"},
            write={Holds.CIRCUIT: "btfnet.formats.aiger.writer:to_ascii"},
            begins=b"aag ",
            mark=(b"aag ", rb"\n%s\r?\n\Z" % _MARK),
            has_latches=True,
        ),
        Format(
            suffix=".aig",
            summary="a circuit as an and-inverter graph: AIGER, binary",
            page="aiger/aiger",
            read={Holds.CIRCUIT: "btfnet.formats.aiger.reader:read"},
            write={Holds.CIRCUIT: "btfnet.formats.aiger.writer:to_binary"},
            names=("aiger",),
            begins=b"aig2? ",
            mark=(b"aig ", rb"\n%s\n\Z" % _MARK),
            has_latches=True,
        ),
        Format(
            suffix=".bench",
            summary="a circuit as an ISCAS netlist",
            page="bench/bench",
            read={Holds.CIRCUIT: "btfnet.formats.bench.reader:read"},
            write={Holds.CIRCUIT: "btfnet.formats.bench.writer:to_text"},
            names=("iscas",),
            keyword=_BENCH_LINE,
            mark=(rb"# [^\s]+\r?\n# %s\b" % _MARK, b""),
            has_latches=True,
        ),
        Format(
            suffix=".v",
            summary="a circuit as synthesizable Verilog-2001",
            page="verilog/verilog",
            read={Holds.CIRCUIT: "btfnet.formats.verilog.reader:read"},
            write={Holds.CIRCUIT: "btfnet.formats.verilog.writer:to_text"},
            also=(".sv", ".verilog"),
            names=("verilog", "systemverilog"),
            keyword=_keywords("module"),
            mark=(rb"// %s: [0-9]+ inputs, " % _MARK, b""),
            has_latches=True,
        ),
        Format(
            suffix=".c",
            summary="a circuit as C99 functions, 64 items a word; a table's model, from raw rows on",
            page="circuits/c99",
            write={
                Holds.CIRCUIT: "btfnet.formats.circuits.c99:to_text",
                Holds.RULE: "btfnet.formats.circuits.c99_rule:to_text",
            },
            names=("c99",),
            mark=(rb"/\* %s\b" % _MARK, b""),
        ),
        Format(
            suffix=".py",
            summary="a circuit as a Python module that needs nothing else; a table's model, from raw rows on",
            page="circuits/python",
            write={
                Holds.CIRCUIT: "btfnet.formats.circuits.python:to_text",
                Holds.RULE: "btfnet.formats.circuits.python_rule:to_text",
            },
            names=("python",),
            mark=(rb'"""%s\b' % _MARK, b""),
        ),
        Format(
            suffix=".dot",
            summary="a circuit as a drawing for Graphviz",
            page="circuits/dot",
            write={Holds.CIRCUIT: "btfnet.formats.circuits.dot:to_text"},
            also=(".gv",),
            names=("graphviz",),
            mark=(rb"// %s\r?\n" % _MARK, b""),
        ),
        Format(
            suffix=".yosys.json",
            summary="a circuit for tools around Yosys, which writes it",
            page="circuits/yosys_json",
            write={Holds.CIRCUIT: "btfnet.formats.circuits.yosys_json:to_bytes"},
            names=("yosys",),
            mark=(rb'\{\s*"creator": "%s\b' % _MARK, b""),
            tool="yosys",
        ),
        Format(
            suffix=".toml",
            summary="a problem: network, items or generator, settings",
            page="toml/toml_problem",
            read={Holds.PROBLEM: "btfnet.formats.toml.problem:read_problem_file"},
            keyword=re.compile(r"\[(data|network|train|settings)\]\Z"),
        ),
        Format(
            suffix=".states",
            summary="states of an automaton's cells at some times: rows or grids of digits",
            page="states/states",
            read={Holds.STATES: "btfnet.formats.states.reading:read"},
            names=("automaton",),
        ),
        Format(
            suffix=".rle",
            summary="a grid of cells as Golly and its relatives write it, in runs",
            page="states/life",
            read={Holds.STATES: "btfnet.formats.states.reading:read"},
            names=("golly", "life"),
            keyword=re.compile(r"x\s*=\s*[0-9]+\s*,\s*y\s*=\s*[0-9]+"),
        ),
        Format(
            suffix=".cells",
            summary="the same as plain text",
            page="states/life",
            read={Holds.STATES: "btfnet.formats.states.reading:read"},
            begins=rb"!Name:",
        ),
        Format(
            suffix=".svg",
            summary="a circuit as a picture for browsers",
            write={Holds.DRAWING: "btfnet.logic.drawing.svg:draw_svg"},
            mark=(rb"<svg [^>]*>\s*<!-- %s\b" % _MARK, b""),
        ),
        Format(
            suffix=".png",
            summary="a circuit as a picture of pixels",
            write={Holds.DRAWING: "btfnet.logic.drawing.png:draw_png"},
            mark=(rb"\x89PNG\r\n\x1a\n.{25}\0\0\0\x0ftEXtSoftware\0btfnet", b""),
        ),
    )
}


FORMATS: Registry[Format] = Registry(
    plugins.FORMATS,
    _OWN,
    ("btfnet.formats.format:Format",),
    Format.has_suffix,
    adopted=lambda entry, plugin: replace(entry, plugin=plugin),
    taken=lambda suffix: any(entry.has_suffix(suffix) for entry in _OWN.values()),
    start=".",
)
"""The formats by suffix: btfnet's own, and those of plugins (docs/extending.md)."""


def readable(*things: Holds) -> Suffixes:
    """Suffixes of the formats from which one of these things can be read."""
    return Suffixes(FORMATS, "read", things)


def writable(*things: Holds) -> Suffixes:
    """Suffixes of the formats to which one of these things can be written."""
    return Suffixes(FORMATS, "write", things)


def documented() -> dict[str, Format]:
    """Of btfnet's own formats those that have a spec page, by suffix."""
    return {suffix: entry for suffix, entry in FORMATS.own.items() if entry.page}
