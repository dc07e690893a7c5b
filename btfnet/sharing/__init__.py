"""Several processes, perhaps on several machines, that work on one thing through the files of a shared folder.

whole_files.py  files that appear whole, or not at all, and only once
log.py          `Log`: entries in an order that is the same for all who read it
jobs.py         `Jobs`: who is there, and who has not been heard of for too long
claims.py       `Claims`: who works on which part
folder.py       `SharedFolder`: what `btfnet.solve` takes
member.py       `Member`: one process in it

No clock of one machine is compared with another's, and no time of a file is looked at.
"""
