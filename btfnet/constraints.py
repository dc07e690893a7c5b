"""Ready-made constraints for `btfnet.reconcile`, and what joins them.

A constraint is any object with `project(point) -> point` on flat float64 arrays: the member of its set that
is nearest to the point. These are small frozen records; write your own beside them, no base class is needed.

    a, b = btfnet.on_copies([OneHot(rows), OneHot(columns), Fixed(clues, 1.0)])
    solution = btfnet.reconcile(a, b, a.spread(start))
    answer = b.merge(solution.point)

Values of entries   Fixed, PlusMinusOne
Choices             OneHot, ExactlyK, Permutation
One rule, many places  Table: rows that look their outputs up; Equal: entries that are the same
Smooth sets         Sphere, Hyperplane, HalfSpace, Agreement
Threshold function  Btf
Joining             on_blocks: each constraint on its own entries; on_copies: all on the same entries
"""

from btfnet.projections.btf import Btf
from btfnet.projections.choice import ExactlyK, OneHot, Permutation
from btfnet.projections.combine import Blocks, CopiesAgree, EachCopy, on_blocks, on_copies
from btfnet.projections.continuous import Agreement, HalfSpace, Hyperplane, Sphere
from btfnet.projections.point import Constraint
from btfnet.projections.ties import Equal, Table
from btfnet.projections.values import Fixed, PlusMinusOne

__all__ = [
    "Agreement",
    "Blocks",
    "Btf",
    "Constraint",
    "CopiesAgree",
    "EachCopy",
    "Equal",
    "ExactlyK",
    "Fixed",
    "HalfSpace",
    "Hyperplane",
    "OneHot",
    "Permutation",
    "PlusMinusOne",
    "Sphere",
    "Table",
    "on_blocks",
    "on_copies",
]
