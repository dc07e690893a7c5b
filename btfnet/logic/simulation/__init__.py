"""Circuits run on many items: gate by gate, or lowered to an XMG (steps of at most three operands) and compiled.

flat_gates.py a circuit as flat arrays; flat.py the same run gate by gate
xmg.py        from threshold gates to steps of one machine operation each
compiled.py   the steps as a program for the kernel
blocks.py     items shared out among threads
rows.py       rows of inputs in any spelling, and what they must be
"""
