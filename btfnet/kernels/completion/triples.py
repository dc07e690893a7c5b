"""Every Copy and every majority of three that is right at all items, counted.

A majority of three literals is right where at most one of them is wrong. So three literals make such a gate
exactly when no two of them are wrong at the same item: literals are the corners of a graph, pairs with disjoint
errors its edges, gates its triangles. With the constant -1 among the senders, And and Or are majorities too.

Arguments: marks  uint64, (n_columns, n_words): a sender's value XOR the target, columns in order of preference;
mask  uint64, (n_words,): the items that count. A literal is 2 column, or 2 column + 1 where it is negated.
Source: own; derived above. Twin: tests/engines/test_evidence.py, majorities.
"""

import numpy as np

from btfnet.kernels.bits import ALL, NONE, popcount
from btfnet.kernels.compiled import compiled


@compiled
def exact_copies(marks, mask, first):
    """How many literals are right at all items of the mask: returns the number.

    first  int64, (1,). Writes the first such literal into it, of marks and mask as above
    """
    count = 0
    for literal in range(2 * marks.shape[0]):
        flip = ALL if literal & 1 else NONE
        right = True
        for word in range(mask.size):
            if (marks[literal >> 1, word] ^ flip) & mask[word]:
                right = False
                break
        if right:
            if count == 0:
                first[0] = literal
            count += 1
    return count


@compiled(allocates=True)
def exact_triples(marks, mask, first):
    """How many majorities of three literals are right at all items, given that no single literal is: returns it.

    first  int64, (3,). Writes the literals of the first triple into it, of marks and mask as above
    Cost: a pass over the pairs of literals that is cut short at the first shared error, then bit-parallel
    counting of triangles; 4 n_columns² bits of memory.
    """
    n_literals = 2 * marks.shape[0]
    n_blocks = (n_literals + 63) // 64
    after = np.zeros((n_literals, n_blocks), dtype=np.uint64)
    for i in range(n_literals):
        flip_i = ALL if i & 1 else NONE
        for j in range(i + 1, n_literals):
            flip_j = ALL if j & 1 else NONE
            disjoint = True
            for word in range(mask.size):
                if (marks[i >> 1, word] ^ flip_i) & (marks[j >> 1, word] ^ flip_j) & mask[word]:
                    disjoint = False
                    break
            if disjoint:
                after[i, j >> 6] |= np.uint64(1) << np.uint64(j & 63)
    count = 0
    for i in range(n_literals):
        for j in range(i + 1, n_literals):
            if not (after[i, j >> 6] >> np.uint64(j & 63)) & np.uint64(1):
                continue
            for block in range(j >> 6, n_blocks):
                thirds = after[i, block] & after[j, block]
                if thirds:
                    if count == 0:
                        lowest = 0
                        while not (thirds >> np.uint64(lowest)) & np.uint64(1):
                            lowest += 1
                        first[0], first[1], first[2] = i, j, 64 * block + lowest
                    count += popcount(thirds)
    return count
