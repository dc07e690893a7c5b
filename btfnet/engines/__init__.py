"""The engines: how weights and gates are found.

protocol.py   what an engine is; registry.py the engines by name
projections/  reflect-reflect-relax on a network, fused into one pass over memory
descent/      gate descent: one exact change at a time
combined/     projections, and gate descent from where they are
completion/   from weights to gates: rounding, small gates, integer programs, and what the data say of a gate
tuning/       what the tuners of all engines share
infer.py      what a network computes with given weights

An engine's folder has engine.py, which says what it is, attempt.py, which a trial drives, and where it has them
tuning.py (how its settings find themselves) and kernel_tasks.py (what it compiles).
"""
