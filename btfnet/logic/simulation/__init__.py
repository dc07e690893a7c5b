"""Circuits run on many items: gate by gate, or lowered to an XMG (steps of at most three operands) and compiled.

flat.py       a circuit as flat arrays, run gate by gate
xmg.py        from threshold gates to steps of one machine operation each
compiled.py   the steps as a program for the kernel
rows.py       rows of inputs in any spelling, what they must be, and items shared out among threads
"""
