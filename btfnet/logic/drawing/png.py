"""Circuits as pictures of pixels: the SVG drawing through resvg, with a font of our own, so without Graphviz."""

from __future__ import annotations

import struct
import zlib
from importlib.resources import as_file, files

from btfnet.errors import UsageError
from btfnet.logic.drawing.svg import draw_svg, size_of_drawing
from btfnet.logic.netlist import Netlist

SCALE = 2.0
"""Pixels for each unit of the drawing."""
MOST_PIXELS = 100_000_000
FONT = "DejaVu Sans"
HEADER_BYTES = 33
"""The signature and the chunk IHDR, which comes first in every PNG file."""


def draw_png(circuit: Netlist) -> bytes:
    """The picture of `draw_svg` as a PNG file, two pixels for each unit, fewer where it became too large.

    The font is bundled (Latin, Greek, a few symbols); other letters need a font of the system.
    Raises `UsageError` when resvg is not installed.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise UsageError(
            "a .png drawing needs resvg, which is not installed; "
            'write .svg instead, or install it: pip install "btfnet[draw]".'
        ) from error
    text = draw_svg(circuit)
    width, height = size_of_drawing(text)
    scale = min(SCALE, (MOST_PIXELS / (width * height)) ** 0.5)
    with as_file(files("btfnet.logic.drawing") / "fonts" / "DejaVuSans.ttf") as font:
        drawn = bytes(
            svg_to_bytes(
                svg_string=text,
                width=max(1, int(width * scale)),
                font_files=[str(font)],
                font_family=FONT,
                sans_serif_family=FONT,
            )
        )
    return _signed(drawn)


def _signed(png: bytes) -> bytes:
    """The picture with a text chunk behind its header that names the software, as PNG has it."""
    chunk = b"tEXtSoftware\0btfnet"
    length, check = struct.pack(">I", len(chunk) - 4), struct.pack(">I", zlib.crc32(chunk))
    return png[:HEADER_BYTES] + length + chunk + check + png[HEADER_BYTES:]
