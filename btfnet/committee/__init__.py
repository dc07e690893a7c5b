"""Classification: many small circuits that vote, one fitted to what the others leave open.

raw.py, comparisons.py   raw inputs, checked; bits made of them
layer.py, pictures.py    features that all members share: comparisons, templates in cells
templates.py, varied.py  templates that are learned; training pictures with small changes
questions.py, member.py  what a member is asked; the member, and what members say of items
fitting.py               who fits members: threads, or an executor's workers
boosting.py, trainer.py  one batch of members after another; how many there are
training.py              the door
course.py                what the validation items say of a training
arrays.py, persistence.py     members and layers as arrays; checkpoints
room.py, assembly.py     how many gates there may be; all of them as one circuit, gate by gate
committee.py, classifier.py   the members and their circuit; the same as it is saved
proof.py                 is a model its committee?
explanation.py, in_words.py, drawn.py   why an item has its class; features in words; drawn
"""
