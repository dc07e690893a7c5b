"""Restarts, tuning, parallel trials, budgets: a `Problem` in, a verified result out.

solve.py          the door; widths.py the door for networks that find themselves; arguments.py what both check
records.py        what a search is asked for and what it hands back
side_by_side.py   trials side by side; trial.py one of them; attempts.py what it drives
selection.py      which exact circuit is kept; consensus.py what most exact circuits say
shrinking.py     the exact circuit made smaller
ending.py         what is said at the end; notable_outputs.py outputs of which the items say little
impossible.py     what no circuit of a network can do, told before a search
memory.py         how many trials fit into memory
stop_token.py     when a trial must end

tuning/       which settings and which engine a trial gets
persistence/  what a checkpoint holds of a search
"""
