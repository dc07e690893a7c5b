"""Circuits as pictures.

parts.py      what stands in the columns
layout.py     columns, order within columns, heights, and tracks of wires
crossings.py  the order within columns: few crossings
svg.py        the picture; png.py the same as pixels, with the font in fonts/
"""
