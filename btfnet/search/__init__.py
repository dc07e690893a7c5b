"""Restarts, tuning, parallel trials, budgets: a `Problem` in, a verified result out.

solve.py          the door; widths.py the door for networks that find themselves; options.py what both were asked
records.py        what a search hands back
plan.py           which engine and which settings a trial gets
side_by_side.py   trials side by side; trial.py one of them; stop_token.py when it must end
selection.py      which exact circuit is kept; consensus.py what most exact circuits say; ranking.py all others
ending.py         what is said at the end; notable_outputs.py outputs of which the items say little
impossible.py     what no circuit of a network can do, told before a search
memory.py         how many trials fit into memory
persistence/      what a checkpoint holds of a search
"""
