"""Items, by the suffix; a file of items may replace one that has the same columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from btfnet.cli.outputs.replacing import both_ends, check_replaceable, values_at_both_ends
from btfnet.formats.authors.dat import shape_lines
from btfnet.formats.csv.items import typed_header
from btfnet.formats.format import MARK_BYTES, Holds
from btfnet.formats.item_files import write_items
from btfnet.formats.registry import FORMATS
from btfnet.formats.writing import checked_suffix
from btfnet.problem.items import Items

ITEM_COUNT_BYTES = 32
"""More than a file of items has for their number."""


def put_items(out: str, items: Items, *, force: bool) -> None:
    """Write items. Raises `UsageError` for a suffix that names no format of items, `OutputError` where a file is
    that may not be replaced.
    """
    suffix = checked_suffix(out, "items", Holds.ITEMS)
    what = "an .npz file that btfnet wrote" if suffix == ".npz" else f"a {suffix} file of the same columns"
    check_replaceable(out, what, lambda: _has_same_columns(out, items), force=force)
    write_items(out, items)


def _has_same_columns(path: str, items: Items) -> bool:
    """Names of .csv, kinds and counts of .dat, the count of .npy; an .npz says that btfnet wrote it."""
    suffix = Path(path).suffix.lower()
    if suffix == ".npz":
        return FORMATS[suffix].is_own(*both_ends(path, MARK_BYTES))
    if suffix == ".npy":
        values = values_at_both_ends(path, items.inputs.shape[1] + items.n_outputs, ("int8", "float32"))
        return values is not None and bool(((np.abs(values) == 1) | np.isnan(values)).all())
    if suffix == ".dat":
        shape = shape_lines(items).encode()
        words = both_ends(path, ITEM_COUNT_BYTES + len(shape))[0].split()
        return words[:1] != [] and words[0].isdigit() and words[1:5] == shape.split()
    header = typed_header(items, "\t" if suffix == ".tsv" else ",").encode()
    return both_ends(path, len(header))[0] == header
