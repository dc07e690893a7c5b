"""The packed binary model: ±1/0 weights as bit masks, evaluated with XNOR and popcount on 64-bit words.

model.py     `PackedModel`: from a circuit and back, predictions
weights.py   integer weights as planes of sign and mask words, and back
checks.py    what a model from a stranger must satisfy
rows.py      rows of bits, ±1, bool or packed words, in and out
schedule.py  a model as the kernel reads it
sharing.py   gates computed from one another along a spanning tree
effort.py    the arithmetic of one prediction, in operations on words and on single bits
report.py    the same as plain values and in words
"""
