"""`.toml`: problem files."""
