"""Files of others: opening them, strict JSON, and the layout of named arrays."""
