"""Circuits on rows of words.

program.py        straight-line programs, one Boolean operation a step
packed.py         XNOR and popcount
bit_transpose.py  rows of bytes to columns of bits, and back; byte_rows.py its inner loops
"""
