"""`.btf`: packed models, alone or behind comparisons of raw inputs."""
