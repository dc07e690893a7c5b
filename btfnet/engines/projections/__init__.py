"""The network engine: the RRR iteration of BTF networks, fused into one pass over memory.

layout.py   how a problem lies in memory: blocks of items as contiguous lanes
stepper.py  `NetworkStepper`: a problem's iteration as the loop drives it
exchange.py what ranks that share the items tell each other between two iterations
engine.py   projections in a trial, what the search knows of them, and β, γ and σ by a race
"""
