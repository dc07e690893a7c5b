"""What a circuit is, and why it says what it says: everything proven, or said not to be.

why.py                   the door to three questions about one row
decisive.py              gates whose change would change an output, by simulation
sufficient.py, changes.py     the fewest inputs that force an output; the smallest changes that turn it
questions.py             a SAT solver that knows a circuit, and counts changes
conditions.py, spoken.py      names of inputs as phrases, `age>=37` negated "age < 37"; numbered names
influence.py, patterns.py     on which inputs outputs depend, and how much; inputs to try
identify.py              the door: names of circuits, proven
naming.py                what is known meanwhile, and the time that is left
singles.py, groups.py    names of single outputs; of several together
identity.py              a name
function.py, symmetric.py     outputs as tables; functions of how many literals are true, multiplexers
arithmetic.py            words of inputs in arithmetic
proposals.py             what wide outputs might be, from samples
rules.py                 the door: a circuit as rules in words
definitions.py, expressions.py     gates in terms of others; expressions and their phrases
dnf.py                   the fewest products
"""
