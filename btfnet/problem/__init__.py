"""Problems: a network and the items that it must reproduce.

network.py        `Network`: who listens to whom; network_checks.py what its builders are given
widths.py         widths of layers, how large a network they make, and what memory that takes
problem.py        `Problem`; checks.py whether its items and its network fit
values.py         kinds of inputs and outputs, Booleans, classes and care bits from what a user gives
contradictions.py items that no circuit can reproduce
scores.py         fractions of bits, words and classes that are right
"""
