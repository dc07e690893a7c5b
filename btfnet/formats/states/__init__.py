"""States of cells that were seen at some times: rows and grids as text, arrays, Life's own formats.

reading.py    the door, for one file or several; runs.py  what runs, rows, grids and times are
text.py       lines of signs; pattern.py  what Life's programs write; arrays.py  NumPy
snapshots.py  what they give to reading.py; cells.py  how a cell is spelled
entries.py    what the registry of formats says of them
"""
