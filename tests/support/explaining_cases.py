"""The part of `argument_cases` that is about what circuits mean."""

import btfnet

EXPLAINED = {"Identified", "Identity", "Influence", "Rules", "Why"}
"""Records that users get and do not make."""


def explaining_cases(circuit, rows):
    """Name: (function, positional arguments, keyword arguments)."""
    return {
        "identify": (btfnet.identify, (circuit,), {"seconds": 5.0}),
        "influence": (btfnet.influence, (circuit, rows), {"seed": 0, "seconds": 5.0}),
        "in_words": (btfnet.in_words, (circuit,), {}),
        "why": (btfnet.why, (circuit, rows[0]), {"outputs": [0], "alternatives": 2, "seconds": 5.0}),
    }
