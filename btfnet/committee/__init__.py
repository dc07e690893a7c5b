"""Classification: many small circuits that vote, one fitted to what the others leave open.

raw.py, comparisons.py   raw inputs, checked; bits made of them
layer.py, pictures.py    features that all members share: comparisons, templates in cells
questions.py, member.py  what a member is asked; the member, and what members say of items
boosting.py, trainer.py  one batch of members after another; how many there are
training.py              the door
course.py                what the validation items say of a training
arrays.py, persistence.py     members and layers as arrays; checkpoints
committee.py, classifier.py   all of them as one circuit; the same as it is saved
"""
