"""What the registry of formats says of files of states."""

from __future__ import annotations

import re

from btfnet.formats.format import Format, Holds

_READ = {Holds.STATES: "btfnet.formats.states.reading:read"}
STATES = (
    Format(
        suffix=".states",
        summary="states of an automaton's cells at some times: rows or grids of digits",
        page="states/states",
        read=_READ,
        names=("automaton",),
    ),
    Format(
        suffix=".rle",
        summary="a grid of cells as Golly and its relatives write it, in runs",
        page="states/life",
        read=_READ,
        names=("golly", "life"),
        keyword=re.compile(r"x\s*=\s*[0-9]+\s*,\s*y\s*=\s*[0-9]+"),
    ),
    Format(
        suffix=".cells",
        summary="the same as plain text",
        page="states/life",
        read=_READ,
        begins=rb"!Name:",
    ),
)
