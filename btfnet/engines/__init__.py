"""The engines: how weights and gates are found.

protocol.py   what an engine is; registry.py the engines by name
projections/  reflect-reflect-relax on a network, fused into one pass over memory
descent/      gate descent: one exact change at a time
shared/       one gate for all nodes that share it
combined/     projections, and gate descent from where they are
completion/   from weights to gates: rounding, small gates, integer programs, and what the data say of a gate
tuning/       what the tuners of all engines share

An engine's folder has engine.py: the attempt that a trial drives, the kernels that it compiles, and its `ENGINE`.
tuning.py, where there is one, is how its settings find themselves.
"""
