"""What a checkpoint holds of a search.

saved.py     trials as arrays and values, and back; the store of earlier sessions' trials, and of this one's
identity.py  whether a checkpoint belongs to the search at hand
"""
