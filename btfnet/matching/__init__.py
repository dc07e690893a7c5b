"""Which column is which: names of two sides, data frames, and the values that go in and come out.

columns.py    columns matched by name, or by position where only one side has names; lists of names
cells.py      how values are spelled in tables of text
spellings.py  the same name in other signs
frames.py     data frames as arrays and names
row_kinds.py  outputs come in the kind in which the rows came
"""
