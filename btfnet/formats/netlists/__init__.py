"""What all netlists have in common: names, order, latches, and gates that other programs know."""
