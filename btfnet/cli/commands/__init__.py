"""The commands of `btfnet`, a module each."""
