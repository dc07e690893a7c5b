"""Learning as well as items allow, where they need not all be right: validation items choose, everything else is a
search like any other.

learn.py     the search: `solve` comes here with a problem that `is_learned`
task.py      which items train, validate and test; what engines see of them, and how a circuit is judged
attempt.py   an engine at work, of which the best state by the validation items is kept
tuner.py     settings of the trials, and which of them are worth more trials
choice.py    which trial is kept, and when no other is needed
simpler.py   gates that matter to neither training nor validation items go
vote.py      the majority of several circuits, as one
"""
