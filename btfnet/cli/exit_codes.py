"""What the process ends with; 0 is done. The last three are the shell's: SIGINT, SIGTERM, a closed pipe."""

FAILED, WRONG_USAGE, NOT_FOUND, NOT_DECIDED = 1, 2, 3, 4
INTERRUPTED, TERMINATED, NOBODY_READS = 130, 143, 141
