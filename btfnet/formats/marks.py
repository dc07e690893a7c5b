"""By which marks circuits, drawings and archives of btfnet are known again, with a look at their ends only.

Every format that has a place for it holds the mark where reading is not disturbed, and from where it goes when
another program writes the file anew: a comment before all else, the last line of AIGER's comment, the creator of
Yosys' JSON, the text chunk of a PNG that names the software, the comment of a zip archive. Formats of our own say
their names anyway.
"""

from __future__ import annotations

import re

from btfnet.files.mark import MARK

LOOKED_AT = 1 << 12
"""So many bytes at the beginning and at the end of a file are looked at."""
_MARK = MARK.encode()
_BEGIN = {
    ".v": rb"// %s: [0-9]+ inputs, " % _MARK,
    ".c": rb"/\* %s\b" % _MARK,
    ".blif": rb"# %s\b" % _MARK,
    ".bench": rb"# [^\s]+\r?\n# %s\b" % _MARK,
    ".dot": rb"// %s\r?\n" % _MARK,
    ".graphml": rb"<\?xml [^>]*>\s*<!-- %s\b" % _MARK,
    ".json": rb'\{"format": "btfnet-circuit",',
    ".yosys.json": rb'\{\s*"creator": "%s\b' % _MARK,
    ".btf": rb'.{8}\{"__metadata__": \{"format": "btfnet-packed", "version": "1",',
    ".svg": rb"<svg [^>]*>\s*<!-- %s\b" % _MARK,
    ".png": rb"\x89PNG\r\n\x1a\n.{25}\0\0\0\x0ftEXtSoftware\0btfnet",
    ".aag": b"aag ",
    ".aig": b"aig ",
    ".npz": b"PK\3\4",
}
_END = {
    ".aag": rb"\n%s\r?\n\Z" % _MARK,
    ".aig": rb"\n%s\n\Z" % _MARK,
    ".npz": rb"%s\Z" % _MARK,
}

MARKED = tuple(_BEGIN)
"""Suffixes of formats in which a file says that btfnet wrote it."""


def is_marked(suffix: str, head: bytes, tail: bytes) -> bool:
    """Whether a file that begins and ends so is one that btfnet wrote in the format of that suffix.

    suffix      one of `MARKED`, as `btfnet.formats.recognise.suffix_of` gives it
    head, tail  the first and the last `LOOKED_AT` bytes; all of them, where there are fewer
    """
    begins = re.match(_BEGIN[suffix], head, re.DOTALL) is not None
    return begins and (suffix not in _END or re.search(_END[suffix], tail) is not None)
