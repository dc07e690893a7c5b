"""The smallest changes of a row that turn an output: so many columns and no fewer, proven.

A column is an input, or all inputs that are named after conditions on one column of a table: who is 20 and not 60
changed one thing, however many thresholds lie between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from btfnet.explaining.questions import AtMost, Questions
from btfnet.logic.proof.deadline import Deadline, OutOfTime


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that turn an output, each the numbers (from 0) of the inputs that are otherwise.

    sets      as many as were asked for, in the same number of columns and in different ones, the first inputs
              first; empty where none was found. None of a set's inputs can be left as it was
    size      columns that each of these changes; a column is an input where names tell nothing else
    at_least  no change of fewer columns turns it: proven
    more      whether there are others of that size, in other columns; None: not known
    never     no input at all gives another value: proven
    """

    sets: tuple[tuple[int, ...], ...]
    size: int
    at_least: int
    more: bool | None
    never: bool = False

    @property
    def smallest(self) -> bool:
        """Whether the size of those that were found is the least: proven."""
        return bool(self.sets) and self.size == self.at_least


def smallest_changes(
    questions: Questions,
    output: int,
    value: bool,
    columns: Sequence[Sequence[int]],
    most: int,
    deadline: Deadline,
) -> Changes:
    """At most so many of the smallest changes.

    columns  the inputs that may be changed, by columns
    """
    search = _Search(questions, questions.output(output, not value), columns)
    try:
        if not questions.ask([search.turned], deadline):
            return Changes((), 0, 1, False, never=True)
        search.take(deadline)
        search.descend(Deadline(max(deadline.left / 2, 0.001)))
        search.ascend(deadline)
    except OutOfTime:
        pass
    if search.at_least < search.size or not search.found:
        found = (search.found,) if search.found else ()
        return Changes(found, search.size, search.at_least, None)
    sets, more = search.others(most, deadline)
    return Changes(tuple(sorted(sets)), search.size, search.at_least, more)


class _Search:
    """The least number of columns, from above and from below."""

    def __init__(self, questions: Questions, turned: int, columns: Sequence[Sequence[int]]) -> None:
        self._questions, self.turned, self._columns = questions, turned, columns
        self._column_of = {index: place for place, column in enumerate(columns) for index in column}
        self._changed = [self._literal(column) for column in columns]
        self._counter = AtMost(questions, self._changed)
        self.found: tuple[int, ...] = ()
        self.at_least = 1

    def _literal(self, column: Sequence[int]) -> int:
        """True where an input of the column is changed."""
        if len(column) == 1:
            return -self._questions.kept(column[0])
        literal = self._questions.new()
        for index in column:
            self._questions.add([self._questions.kept(index), literal])
        return literal

    @property
    def size(self) -> int:
        """Columns of what was found last."""
        return len({self._column_of[index] for index in self.found})

    def take(self, deadline: Deadline) -> None:
        """Remember the answer to the last question, with as many changes as possible taken back."""
        self.found = tuple(self._questions.changed(self._column_of))
        for place in sorted({self._column_of[index] for index in self.found}):
            self._without(set(self._columns[place]), deadline)
        for index in self.found:
            self._without({index}, deadline)

    def _without(self, some: set[int], deadline: Deadline) -> None:
        """Leave these inputs as they were, if the others can still turn the output."""
        if not some & set(self.found) or len(self.found) == 1:
            return
        fewer = [index for index in self.found if index not in some]
        kept = [self._questions.kept(index) for index in self._column_of if index not in fewer]
        if fewer and self._questions.ask([self.turned, *kept], deadline):
            self.found = tuple(self._questions.changed(fewer))

    def descend(self, deadline: Deadline) -> None:
        """Fewer and fewer columns, as long as the time allows."""
        try:
            while self.size > self.at_least:
                if not self._within(self.size - 1, deadline):
                    self.at_least = self.size
                    return
                self.take(deadline)
        except OutOfTime:
            return

    def ascend(self, deadline: Deadline) -> None:
        """More and more columns that are proven to be too few. Raises `OutOfTime`."""
        while self.size > self.at_least:
            if self._within(self.at_least, deadline):
                self.take(deadline)
            else:
                self.at_least += 1

    def _within(self, count: int, deadline: Deadline, *more: int) -> bool:
        return self._questions.ask([self.turned, *more, *self._counter.bound(count)], deadline)

    def others(self, most: int, deadline: Deadline) -> tuple[list[tuple[int, ...]], bool | None]:
        """Up to `most` changes of the size of the one that was found, and whether there are more."""
        found, size = [self.found], self.size
        here = self._questions.new()  # clauses with `here` hold only while it is assumed
        try:
            while True:
                self._questions.add([-here, *self._unchanged(found[-1])])
                if not self._within(size, deadline, here):
                    return found, False
                if len(found) == most:
                    return found, True
                self.take(deadline)
                found.append(self.found)
        except OutOfTime:
            return found, None

    def _unchanged(self, change: Iterable[int]) -> list[int]:
        """One of the columns of a change is as it was."""
        return [-self._changed[place] for place in sorted({self._column_of[index] for index in change})]
