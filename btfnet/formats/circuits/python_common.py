"""What every exported `.py` of a table's model has in common, as text; what goes before it gives it its tables."""

COMMON = r'''
def predict(row):
    """The label of a row, of several targets a dict of them; a missing value is None, NaN, or a word of MISSING.

    row  a dict with a number, text or None for each of COLUMNS; others are not looked at. Of pictures also a list
    Raises ValueError for a row without one of these columns, and for text where a number is expected.
    """
    return predict_rows([row])[0]


def predict_rows(rows):
    """The labels of many rows, as a list; see predict."""
    rows, found = list(rows), []
    for start in range(0, len(rows), AT_ONCE):
        some = [conditions(row) for row in rows[start : start + AT_ONCE]]
        found += [_label(outputs) for outputs in _outputs(some)]
    return found


def _label(outputs):
    labels = {}
    for (first, n_outputs), (target, names) in zip(OUTPUTS_OF, LABELS.items()):
        own = outputs[first : first + n_outputs]
        labels[target] = names[int(own[0]) if n_outputs == 1 else own.index(True) if True in own else 0]
    return labels if len(labels) > 1 else labels[next(iter(labels))]


def _known(value):
    """A value as a float or a text without blanks around it; None where it is missing."""
    value = value.item() if hasattr(value, "item") else value  # NumPy's
    if value is None or isinstance(value, (bool, int, float)):
        return float(value) if value is not None and math.isfinite(value) else None
    text = str(value).strip()
    return None if text.lower() in MISSING else text


def _value(row, name):
    try:
        return _known(row[name])
    except KeyError:
        raise ValueError("the row has no column {!r}; expected {}".format(name, ", ".join(COLUMNS))) from None


def _number(row, name):
    """NaN where it is missing, or infinite."""
    value = _value(row, name)
    try:
        number = math.nan if value is None else _decimal(value)
    except ValueError:
        raise ValueError("{!r} in the column {!r}; expected a number".format(value, name)) from None
    return number if math.isfinite(number) else math.nan


def _text(row, name):
    """None where it is missing; a whole number without a point."""
    value = _value(row, name)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else str(value)
    return value


def _bit(text):
    """A cell of a CSV file; a number where it spells one."""
    try:
        number = _decimal(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _lower(text):
    return None if text is None else text.lower()


def _pixel(row, name):
    """A number of single precision, as it was in training."""
    value = _number(row, name)
    if math.isnan(value):
        raise ValueError("no value in the column {!r}; expected a number, as all pixels are".format(name))
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def _decimal(text):
    """A number with a point or a comma. Raises ValueError for anything else."""
    if isinstance(text, str) and ("_" in text or not text.isascii()):  # which float would overlook
        raise ValueError(text)
    try:
        return float(text)
    except ValueError:
        grouped = GROUPED.fullmatch(text)
        if grouped:
            return float(grouped.group(1).replace(",", "").replace(".", "") + "." + grouped.group(2))
        if text.count(",") != 1:
            raise
        return float(text.replace(",", "."))


def _read(file):
    """The rows of a CSV file as dicts of the columns of the rule."""
    text = file.read()
    for separator in (",", ";", "\t", "|", " "):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
        lines = [line for line in reader if line]
        first = lines[0] if lines else []
        names = [cell.strip() or "column{}".format(place) for place, cell in enumerate(first, start=1)]
        if set(COLUMNS) <= set(names):
            return _rows(names, lines[1:])
        counted = [[str(place + begin) for place in range(len(first))] for begin in (0, 1)]
        numbers = ["x{}".format(place) for place in range(len(first))]  # as columns without names are called
        if set(COLUMNS) <= set(numbers):
            return _rows(numbers, lines[names in counted :])
    raise ValueError("the first line does not name the columns {}".format(", ".join(COLUMNS)))


def _rows(names, lines):
    for number, line in enumerate(lines, start=1):
        if len(line) != len(names):
            raise ValueError("row {} has {} cells; expected {}".format(number, len(line), len(names)))
    rows = [{} for _ in lines]
    for name in COLUMNS:
        place = names.index(name)
        for row, line in zip(rows, lines):
            row[name] = _bit(line[place]) if name in BITS else line[place]
    return rows


def main(arguments):
    """Print the labels of the rows of a CSV file below the names of the targets, as CSV."""
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        raise ValueError("give one CSV file whose first line names the columns {}".format(", ".join(COLUMNS)))
    if arguments[0] == "-":
        rows = _read(sys.stdin)
    else:
        with open(arguments[0], encoding="utf-8-sig", newline="") as file:
            rows = _read(file)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(LABELS)
    for label in predict_rows(rows):
        writer.writerow(label.values() if isinstance(label, dict) else [label])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        sys.exit("{}: {}".format(sys.argv[0], error))
'''[1:]
