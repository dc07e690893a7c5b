"""Formats of circuits that take one module each: JSON, GraphML, C, Graphviz, and what Yosys writes."""
