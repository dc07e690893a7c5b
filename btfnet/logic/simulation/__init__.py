"""Circuits run on many items: lowered to an XMG (steps of at most three operands), compiled, evaluated.

xmg.py        from threshold gates to steps of one machine operation each
compiled.py   the steps as a program for the kernel, by one thread or several
evaluate.py   rows of bits through a circuit, and what inputs must be
"""
