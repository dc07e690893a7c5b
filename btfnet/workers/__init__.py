"""Other processes and machines: an executor that runs what it is given, and how to talk with what runs there.

workplace.py      `Workplace`: an executor, or what makes one; made anew where its workers are lost
mailbox.py        what is said between a search and its workers: news and states one way, who must end the other
choice.py         which mailbox an executor has
folder.py         through files, which any executor of this machine, or of a shared file system, can do
dask.py           through a Dask scheduler; mpi.py through messages between MPI ranks
scheduler.py      `Scheduler`: executors of a Dask scheduler by its address
"""
