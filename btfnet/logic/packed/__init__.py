"""The packed binary model: ±1/0 weights as bit masks, evaluated with XNOR and popcount on 64-bit words.

gates.py     `PackedGates`, the record below it: from gates, and to flat arrays
weights.py   integer weights as planes of sign and mask words, and back
checks.py    what a model from a stranger must satisfy
packed_circuit.py   `PackedCircuit`: the gates as the kernel reads them, run on rows
sharing.py   gates computed from one another along a spanning tree
effort.py    the arithmetic of one prediction, in operations on words and on single bits
report.py    the same as plain values and in words
"""
