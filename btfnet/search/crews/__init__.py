"""Who runs the trials of a search: threads of this process, or an executor's workers anywhere.

crew.py       what a search asks of a crew, and what a crew tells the search
threads.py    `Threads`
elsewhere.py  `Elsewhere`: an executor's workers, lost ones replaced
office.py     what belongs to one executor
errand.py     what a worker is sent, and does
"""
