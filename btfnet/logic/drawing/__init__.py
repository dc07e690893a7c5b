"""Circuits as pictures.

layout.py     columns, order within columns, heights, and tracks of wires
crossings.py  what stands in the columns, and in which order: few crossings
svg.py        the picture; png.py the same as pixels, with the font in fonts/
"""
