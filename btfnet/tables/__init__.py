"""Ordinary tables: columns of any kind become bits that say what they are, and a rule about them is learned.

cells.py, table.py      values, numbers or text; named columns of them
columns.py              what a column is: Booleans, numbers, categories, or nothing a rule could use
cuts.py, conditions.py  levels of numbers; questions about one column, whose answers are bits
encoder.py, pixels.py   all questions about a row; columns that are a picture
targets.py, split.py    which columns are learned, and their classes; rows that test
ways.py, choice.py      ways to learn; which one, by cross-validation
complete.py             tables that have every combination of their values
learner.py, lean.py     the door; a model without what it does not need
model.py, shown.py      from raw rows to labels; what is learned, in words and as a page
"""
