"""The fused sweep: one RRR iteration in one pass over the weights and inputs of all items.

sweep.py           the iteration
blocks.py          items as lanes, and one block's arrays
edge_update.py     the edges of a node; node_update.py the values of a node
project_margin.py  the A projection, lane by lane; margin_root.py its one root
"""
