"""Ordinary tables, of any values, for `btfnet learn`.

text.py     tables of text: what separates cells, whether there is a header, pieces of any size
arrays.py   arrays of NumPy that are no items
reading.py  the door; Parquet; items of other formats as tables
"""
