"""`.graphml`: circuits as graphs for networkx, Gephi, yEd, Cytoscape and others. See graphml.md."""

from __future__ import annotations

import io
import os
import re
import warnings
from xml.etree import ElementTree

import networkx

from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files.mark import MARK
from btfnet.files.text import read_text
from btfnet.logic.circuit import Circuit
from btfnet.printable import shown

_LARGEST = 2**31 - 1


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a `.graphml` file. Raises `FormatError` as graphml.md lists it."""
    text = read_text(path)
    declared = re.search(r"<!(DOCTYPE|ENTITY)", text)
    if declared:
        line = text.count("\n", 0, declared.start()) + 1
        raise FormatError(path, line, f"found {declared.group()}; documents with own entities are not read.")
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise FormatError(path, error.position[0], f"this is no XML ({error}).") from error
    except ValueError as error:
        raise FormatError(path, 1, f"this is no XML ({error}).") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph = networkx.parse_graphml(text)
    except (
        Exception
    ) as error:  # networkx raises many kinds on XML that is no GraphML, none of them documented
        reason = shown(str(error) or type(error).__name__)
        raise FormatError(
            path, None, f"this is no GraphML ({reason}); expected one as btfnet writes it."
        ) from error
    try:
        circuit = Circuit.from_networkx(graph)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error
    if not circuit.outputs:
        raise FormatError(path, None, "found no output nodes; expected at least one node of the kind output.")
    for index, gate in enumerate(circuit.gates):
        if abs(gate.at_least) > _LARGEST:
            raise FormatError(
                path, None, f"gate {index} has at_least = {gate.at_least}; expected at most {_LARGEST}."
            )
    return circuit


def to_bytes(circuit: Circuit) -> bytes:
    """A circuit as a graph. Raises `UsageError` for a name that XML cannot hold."""
    for name in (circuit.name, *circuit.input_names, *circuit.output_names):
        if not name.isprintable():
            raise UsageError(f"GraphML cannot hold the name {name!a}; rename it, or write .json.")
    file = io.BytesIO()
    networkx.write_graphml_xml(circuit.to_networkx(), file)
    declaration, _, document = file.getvalue().partition(b"\n")
    return b"%s\n<!-- %s -->\n%s\n" % (declaration, MARK.encode(), document)
