"""Gates that many nodes share: a change of one is a change of all copies, priced by evaluating them all.

copies.py     cells and their copies as arrays, what a cell computes, and how many output bits its copies get wrong
tempering.py  random changes at a ladder of temperatures that tunes itself
"""
