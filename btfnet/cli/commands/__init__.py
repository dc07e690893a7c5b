"""What each command does: `run`, called with the options by name."""
