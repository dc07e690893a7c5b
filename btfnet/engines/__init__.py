"""The engines: how weights and gates are found.

projections/  reflect-reflect-relax on a network, fused into one pass over memory
descent/      gate descent: one exact change at a time
combined/     the hand-over from the one to the other
completion/   from weights to gates: rounding, small gates, integer programs, and what the data say of a gate
"""
