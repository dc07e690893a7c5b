"""`.wth`: the widths of a layered network, the format of the authors' research program. See wth.md."""

from __future__ import annotations

import os

from btfnet.arguments import PATH, need
from btfnet.errors import FormatError
from btfnet.files.text import Words
from btfnet.problem.widths import MOST_LAYERS

MAX_WIDTH = 2**31 - 1


def read_widths(path: str | os.PathLike[str]) -> list[int]:
    """The widths of a `.wth` file, inputs first; at least two, each from 1 to 2^31 - 1.

    Nothing is allocated for them; `Network.layered` checks their sum.
    Raises `FormatError` as wth.md lists it.
    """
    need("read_widths", path=(path, PATH))
    words = Words(path)
    n_layers = words.whole(0, "the number of layers", 1, MOST_LAYERS - 1)
    expected, found = n_layers + 1, len(words) - 1
    if found != expected:
        raise FormatError(
            path,
            words.line(1 + min(expected, found)),
            f"found {found} widths, expected {expected} for {n_layers} layers (one more, for the inputs); "
            f"change the first number or the widths.",
        )
    return [words.whole(1 + layer, f"the width of layer {layer}", 1, MAX_WIDTH) for layer in range(expected)]
