"""Names of circuits in words (`Identity.words`), taken at their word on every input."""

import re

import numpy as np

from support.spoken_rules import Reader


def holds(words, input_names, rows, outputs):
    """Whether what is said is true of the outputs, a dict of values by name, on all these rows of inputs.

    Raises AssertionError for words that are not understood.
    """
    values = {name: rows[:, column] for column, name in enumerate(input_names)}
    if found := re.fullmatch(r"(exactly|at most) one of the outputs is true", words):
        count = np.count_nonzero(list(outputs.values()), axis=0)
        return bool(((count == 1) if found[1] == "exactly" else (count <= 1)).all())
    if found := re.fullmatch(r"(\S+) is always (true|false)", words):
        return bool((outputs[found[1]] == (found[2] == "true")).all())
    if found := re.fullmatch(r"(.+) are bits (.+) of how many of \((.+)\) are true", words):
        literals = [Reader(input_names, rows).value(name) for name in _listed(found[3])]
        return _are_bits(found[1], found[2], np.count_nonzero(literals, axis=0), outputs)
    if found := re.fullmatch(r"(.+) are true when the number \((.+)\), lowest bit first, is (.+)", words):
        number = _number([values[name] for name in _listed(found[2])])
        pairs = zip(_listed(found[1]), _listed(found[3]), strict=True)
        return all(np.array_equal(outputs[name], number == int(at)) for name, at in pairs)
    if " if " in words or ", chosen by the number " in words:
        return all(_is_chosen(part, values, outputs) for part in words.split("; "))
    body, _, where = words.partition(", where ")
    terms = dict(values)
    for name, bits in re.findall(r"(\S+) = \(([^)]*)\)", where):
        terms[name] = [values[bit] for bit in _listed(bits)]
    if found := re.fullmatch(
        r"(\S+) is true when (.+?) (<|>=|=|differs from) (.+?)( in two's complement)?", body
    ):
        first, second = _word(found[2], terms), _word(found[4], terms)
        if found[5]:
            first, second = first ^ (1 << 62), second ^ (1 << 62)
            raise AssertionError("two's complement is not expected here")
        said = {
            "<": first < second,
            ">=": first >= second,
            "=": first == second,
            "differs from": first != second,
        }
        return bool(np.array_equal(outputs[found[1]], said[found[3]]))
    if found := re.fullmatch(r"(.+?) (?:are|is) (the bits|bits?) ?(.*?) ?of (.+)", body):
        width = None if found[2] == "the bits" else found[3]
        return _are_bits(found[1], width, _result(found[4], terms), outputs)
    if found := re.fullmatch(r"(\S+) is true when (.+)", words):
        spelled = re.sub(r"\(([^()]*…[^()]*)\)", lambda list_: f"({', '.join(_listed(list_[1]))})", found[2])
        return bool(np.array_equal(outputs[found[1]], Reader(input_names, rows).value(spelled)))
    raise AssertionError(f"not understood: {words}")


def _listed(text):
    """Names or numbers between commas, "a0 … a3" spelled out."""
    found = []
    for part in text.split(", "):
        if " … " not in part:
            found.append(part)
            continue
        first, last = (re.fullmatch(r"(.*?)(\d+)", end) for end in part.split(" … "))
        low, high = int(first[2]), int(last[2])
        step = 1 if high >= low else -1
        found += [f"{first[1]}{number}" for number in range(low, high + step, step)]
    return found


def _number(bits):
    return sum((bit.astype(np.int64) << place for place, bit in enumerate(bits)), np.int64(0))


def _word(text, terms):
    if text.startswith("("):
        return _number([terms[name] for name in _listed(text[1:-1])])
    found = terms[text]
    return _number(found if isinstance(found, list) else [found])


def _result(text, terms):
    """The number that a formula of words gives."""
    for sign, join in ((" + ", np.add), (" − ", np.subtract), (" × ", np.multiply)):
        if sign in text:
            parts = [np.int64(1) if part == "1" else _word(part, terms) for part in text.split(sign)]
            total = parts[0]
            for part in parts[1:]:
                total = join(total, part)
            return total
    raise AssertionError(f"not understood: {text}")


def _are_bits(names, which, number, outputs):
    names = _listed(names)
    if which is None:
        which = ", ".join(map(str, range(len(names))))
    told = []
    for part in _listed(which):
        bit = part.removesuffix(" (negated)")
        told.append((int(bit), bit != part))
    pairs = zip(names, told, strict=True)
    return all(np.array_equal(outputs[name], (number >> bit & 1 == 1) ^ no) for name, (bit, no) in pairs)


def _is_chosen(text, values, outputs):
    def data(name):
        return ~values[name.removeprefix("not ")] if name.startswith("not ") else values[name]

    if found := re.fullmatch(r"(\S+) is (.+) if (\S+), else (.+)", text):
        said = np.where(values[found[3]], data(found[2]), data(found[4]))
    else:
        found = re.fullmatch(
            r"(\S+) is one of \((.+)\), chosen by the number \((.+)\), highest bit first", text
        )
        number = _number([values[name] for name in _listed(found[3])[::-1]])
        said = np.choose(number, [data(name) for name in _listed(found[2])])
    return np.array_equal(outputs[found[1]], said)
