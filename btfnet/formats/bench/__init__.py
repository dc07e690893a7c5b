"""`.bench`: circuits as ISCAS netlists."""
