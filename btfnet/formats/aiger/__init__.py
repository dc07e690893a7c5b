"""`.aag` and `.aig`: circuits as and-inverter graphs."""
