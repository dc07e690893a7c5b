"""Networks: nodes, edges and layers, what their builders check, and how large they may be."""

from btfnet.network.network import CONSTANT, MAX_NODES, Network

__all__ = ["CONSTANT", "MAX_NODES", "Network"]
