"""Circuits as pictures.

layout.py     columns, order within columns, heights, and tracks of wires
crossings.py  what stands in the columns, and in which order: few crossings
shapes.py     gates, ports and wires as SVG elements; labels.py names, shortened, and what a legend explains
svg.py        the picture; png.py the same as pixels, with the font in fonts/
"""
