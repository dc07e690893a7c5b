"""What `btfnet doctor` looks at; all else is loaded while it looks, so that what is broken is found, not hit.

finding.py       what a look says: a value, and what to do where something is wrong
installation.py  btfnet, Python, libraries, extras, outside programs, plugins
surroundings.py  the machine: cores, memory, limits, the folder of compiled kernels
self_test.py     a small problem, from search to netlist and back
checkup.py       all looks, one after the other; whatever one of them raises is a finding, too
"""
