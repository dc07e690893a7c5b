"""Rules in words, read back by somebody who knows the phrases and nothing of how they are made."""

import re

import numpy as np

from btfnet.explaining.conditions import literal_phrase

_TOKEN = re.compile(r'"[^"]*"|[(),]|[^\s(),]+')


class Reader:
    """What phrases mean on rows of inputs.

    known   literals as they are spoken, and names of gates, with their values: (n_rows,) bool
    """

    def __init__(self, names, rows):
        self.known = {}
        for column, name in enumerate(names):
            self.known[literal_phrase(name, True)] = rows[:, column]
            self.known[literal_phrase(name, False)] = ~rows[:, column]
        self.n_rows = len(rows)

    def learn(self, name, values):
        self.known[name] = values
        self.known[f"not {name}"] = ~values

    def value(self, text):
        """The values of a phrase; every sign of it must be understood."""
        self._tokens, self._at = _TOKEN.findall(text), 0
        found = self._expression()
        assert self._at == len(self._tokens), (text, self._tokens[self._at :])
        return found

    def _next(self, *words):
        if tuple(self._tokens[self._at : self._at + len(words)]) != words:
            return False
        self._at += len(words)
        return True

    def _must(self, *words):
        assert self._next(*words), (words, self._tokens[self._at :])

    def _expression(self):
        if self._next("if"):
            condition = self._term()
            self._must("then")
            yes = self._term()
            self._must("else")
            return np.where(condition, yes, self._term())
        found = self._term()
        for word, join in (("and", np.logical_and), ("or", np.logical_or)):
            while self._next(word):
                found = join(found, self._term())
        return found

    def _term(self):
        for length in range(min(6, len(self._tokens) - self._at), 0, -1):
            words = " ".join(self._tokens[self._at : self._at + length])
            if words in self.known:
                self._at += length
                return self.known[words]
        if self._next("("):
            found = self._expression()
            self._must(")")
            return found
        if self._next("true"):
            return np.ones(self.n_rows, dtype=bool)
        if self._next("false"):
            return np.zeros(self.n_rows, dtype=bool)
        return self._count()

    def _count(self):
        if self._next("at", "least"):
            bound = self._number()
            return self._list()[0] >= bound
        if self._next("at", "most"):
            bound = self._number()
            return self._list()[0] <= bound
        if self._next("exactly"):
            bound = self._number()
            return self._list()[0] == bound
        if self._next("none"):
            return self._list()[0] == 0
        if self._next("any"):
            return self._list()[0] > 0
        if self._next("all", "or", "none"):
            count, most = self._list()
            return (count == 0) | (count == most)
        if self._next("all"):
            count, most = self._list()
            return count == most
        if self._next("not", "all"):
            count, most = self._list()
            return count != most
        for word, odd in (("odd", 1), ("even", 0)):
            if self._next("an", word, "number"):
                return self._list()[0] % 2 == odd
        counts = [self._number()]
        if self._next("to"):
            counts = list(range(counts[0], self._number() + 1))
        while self._next(",") or self._next("or"):
            counts.append(self._number())
        return np.isin(self._list()[0], counts)

    def _number(self):
        self._at += 1
        return int(self._tokens[self._at - 1])

    def _list(self):
        """How many of a list are true, with their weights; and how many there are."""
        self._must("of", "(")
        total, most = np.zeros(self.n_rows, dtype=int), 0
        while True:
            weight = 1
            if self._tokens[self._at + 1 : self._at + 2] == ["×"]:
                weight = self._number()
                self._must("×")
            total += weight * self._expression()
            most += weight
            if self._next(")"):
                return total, most
            self._must(",")


def spoken_outputs(rules, names, rows):
    """The outputs that a circuit's rules say, (n_rows, n_outputs)."""
    reader = Reader(names, rows)
    waiting = {rule.name: rule.words for rule in (*rules.gates, *rules.outputs)}
    assert len(waiting) == len(rules.gates) + len(rules.outputs)
    outputs = {}
    while waiting:
        ready = {}
        for name, words in waiting.items():
            try:
                ready[name] = reader.value(words)
            except (AssertionError, ValueError, IndexError):
                continue
        assert ready, f"nobody understands {waiting}"
        for name, values in ready.items():
            del waiting[name]
            outputs[name] = values
            if name not in reader.known:
                reader.learn(name, values)
    return np.array([outputs[rule.name] for rule in rules.outputs]).reshape(-1, len(rows)).T
