"""What a checkpoint holds of a search.

trial_store.py  trials of earlier sessions, and of this one
saved.py        trials as arrays and values, and back
identity.py     whether a checkpoint belongs to the search at hand
"""
