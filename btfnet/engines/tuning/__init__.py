"""How the settings of an engine's trials find themselves: what the tuners of all engines share.

rounds.py       what a tuner is, and the one of engines whose settings stay as they are
judge.py        how trials are judged, and which support comes next
information.py  what the network can hold, against what the data are
"""
