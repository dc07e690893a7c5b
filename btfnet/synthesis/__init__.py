"""Fewer gates for hardware: logic synthesis by existing tools, and every result proven.

`optimising` holds `optimise`, the door; `in_process` works with aigverse, `abc` with ABC in a subprocess;
`costs` counts Ands, levels and look-up tables, which `luts` maps without any tool.
"""
