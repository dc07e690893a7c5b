"""What a checkpoint holds of a search.

saved.py     trials as arrays and values, and back; the store of earlier sessions' trials, and of this one's
shared.py    the same where several processes run one search through a folder
identity.py  whether a checkpoint belongs to the search at hand
"""
