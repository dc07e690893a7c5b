"""How the settings of an engine's trials find themselves: what the tuners of all engines share.

rounds.py       what a tuner is, how trials are judged, and the tuner of engines whose settings stay as they are
information.py  what the network can hold, against what the data are
"""
