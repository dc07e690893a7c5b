"""The general engine: reflect-reflect-relax for any two constraints, and constraints that are ready to use.

rrr.py          the loop that drives every engine, and what it records of a run
reconcile.py    `reconcile`: the loop on two constraints of the user's
point.py        what a constraint is, and the checks of arguments that all of them share
values.py       constraints on single entries
choice.py       one of a group, k of a group, a permutation
continuous.py   sphere, hyperplane, half-space, agreement
ties.py         entries that are equal, rows that read one table
btf.py          the Boolean threshold function with margin
combine.py      constraints joined: on blocks of a point, or on copies of it

Users find the constraints in `btfnet.constraints`.
"""
