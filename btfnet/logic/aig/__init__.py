"""Circuits as and-inverter graphs, which is what netlist tools and SAT solvers take.

aig.py         `Aig` and its builder; gates.py circuits as such graphs
thresholds.py  a threshold gate as Ands: counted, selected or chained, whichever takes the fewest
"""
