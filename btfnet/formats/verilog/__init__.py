"""`.v`: structural Verilog."""
