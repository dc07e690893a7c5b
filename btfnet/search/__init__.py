"""Restarts, tuning, parallel trials, budgets: a `Problem` in, a verified result out.

solve.py          the door; widths.py the door for networks that find themselves; options.py what both were asked
by_name.py        functions of known families, recognised before a search
learning/         problems of which some items may stay wrong
tried.py          rounds of settings and networks that were tried
records.py        what a search hands back; score.py what is right of it; progress.py what is told while it runs
plan.py           which engine and which settings a trial gets, and how many trials fit into memory
shares.py         how many trials run at a time, and which of them as one
side_by_side.py   trials side by side; trial.py one of them, and when it must end
selection.py      which circuit is kept, and what is said at the end; consensus.py what most exact circuits say
notable_outputs.py outputs of which the items say little
impossible.py     what no circuit of a network can do, told before a search
persistence/      what a checkpoint holds of a search
"""
