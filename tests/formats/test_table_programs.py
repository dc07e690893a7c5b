"""Rules about raw rows as C and as Python: on every row what the model says, whatever users call their columns."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from support.random_table_models import random_pixel_model, random_rows, random_table_model

from btfnet import export_table_model
from btfnet.errors import DataError, UsageError
from btfnet.formats.circuits.c99 import stem
from btfnet.formats.circuits.c99_text import BLANKS, literal, member
from btfnet.formats.circuits.rule import Rule
from btfnet.logic.circuit import Circuit
from btfnet.tables.lean import lean
from btfnet.tables.model import TableModel

MODELS = {f"m{seed}": random_table_model(seed) for seed in range(24)}
MODELS |= {f"pixels{seed}": random_pixel_model(seed, 2 + seed) for seed in range(2)}
WARNINGS = ["-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wmissing-declarations", "-Werror"]


@pytest.fixture(scope="module")
def rows():
    return {key: random_rows(model, seed) for seed, (key, model) in enumerate(MODELS.items())}


def expected(model, rows):
    """Labels, of several targets lists of them."""
    return model.predict(rows).tolist()


def built(command, *arguments, cwd):
    """Run a compiler, which must say nothing."""
    if shutil.which(command) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{command} is missing, and this is CI: install GCC")
        pytest.skip(f"{command} is missing: exported C is not compiled")
    done = subprocess.run([command, *WARNINGS, *map(str, arguments)], capture_output=True, text=True, cwd=cwd)
    assert (done.returncode, done.stderr[:2000]) == (0, "")


def value_in_c(value):
    """A value of a row, by other means than the exporter's."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        data = value.encode("utf-8", errors="surrogatepass")
        return '"' + "".join(f"\\{byte:03o}" for byte in data) + '"'
    return "NAN" if value != value else str(value).replace("inf", "INFINITY")


def main_function(rows, folder):
    lines = [
        "#include <stdio.h>",
        *(f'#include "{key}.c"' for key in MODELS),
        "int main(void)",
        "{",
        "    size_t k;",
    ]
    for key, model in MODELS.items():
        name, rule = stem(model.name), Rule.of(model)
        columns = [rows[key][column.name] for column in rule.columns]
        n_rows, kind = len(columns[0]), "double" if rule.comparisons else f"struct {name}_raw"
        cells = [", ".join(map(value_in_c, row)) for row in zip(*columns, strict=True)]
        cells = cells if rule.comparisons else [f"{{{row}}}" for row in cells]
        lines += [
            f"    static const {kind} rows_{key}[] = {{", ",\n".join(cells), "};",
            f"    static int found_{key}[{n_rows * len(model.targets)}];",
            f"    {name}_classes(rows_{key}, {n_rows}, found_{key});",
            f"    for (k = 0; k < {n_rows}; k++) {{",
        ]  # fmt: skip
        text = (folder / f"{key}.c").read_text(encoding="ascii")
        for place, labels in enumerate(re.findall(r"^extern const char \*const (\w+)\[", text, re.M)):
            lines.append(f'        printf("%s%c", {labels}[found_{key}[{name}_n_targets * k + {place}]], 1);')
        step = f"{name}_n_columns * k" if rule.comparisons else "k"
        if len(model.targets) == 1:
            lines.append(f"        if ({name}_class(rows_{key} + {step}) != found_{key}[k]) return 1;")
        n_bits = model.circuit.n_inputs
        lines += [
            f"        {{ uint8_t bits[{n_bits}]; int b; {name}_conditions(rows_{key} + {step}, bits);",
            f"          for (b = 0; b < {n_bits}; b++) putchar('0' + bits[b]);",
            "          putchar(1); }",
            "    }",
        ]
    return "\n".join([*lines, "    return 0;", "}", ""])


def test_compiled_c_gives_the_labels_of_the_model_on_every_row(rows, tmp_path):
    for key, model in MODELS.items():
        export_table_model(tmp_path / f"{key}.c", model)
    (tmp_path / "main.c").write_text(main_function(rows, tmp_path))
    built("gcc", "-std=c99", "-O0", "-o", "main", "main.c", cwd=tmp_path)
    printed = subprocess.run([tmp_path / "main"], capture_output=True, check=True).stdout
    found = iter(printed.decode("utf-8", errors="surrogatepass").split("\1"))
    for key, model in MODELS.items():
        bits = ["".join(map(str, row)) for row in model.encode(rows[key]).astype(int).tolist()]
        for row, own in zip(model.classes(rows[key]).tolist(), bits, strict=True):
            wanted = [target.labels[code] for code, target in zip(row, model.targets, strict=True)]
            assert [next(found) for _ in [*row, own]] == [*wanted, own], key


def test_the_example_in_the_head_of_the_file_compiles(tmp_path):
    export_table_model(tmp_path / "m.c", MODELS["m0"])
    line = re.search(r"/\* For example: (.*) \*/", (tmp_path / "m.c").read_text(encoding="ascii"))[1]
    main = [
        "#include <stdio.h>",
        '#include "m.c"',
        "int main(void)",
        "{",
        line.replace(", ...", ""),
        "return 0;",
        "}",
    ]
    (tmp_path / "main.c").write_text("\n".join([*main, ""]))
    built("gcc", "-std=c99", "-Wno-missing-field-initializers", "-o", "main", "main.c", cwd=tmp_path)
    label = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    assert label.strip() in [str(each) for each in MODELS["m0"].targets[0].labels]


def test_exported_rules_are_c_plus_plus_as_well(tmp_path):
    for key, model in MODELS.items():
        export_table_model(tmp_path / f"{key}.c", model)
    (tmp_path / "all.cpp").write_text("".join(f'#include "{key}.c"\n' for key in MODELS))
    built("g++", "-std=c++11", "-fsyntax-only", "all.cpp", cwd=tmp_path)


RUNNER = """\
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
with open(sys.argv[1] + "/rows.json") as file:
    tables = json.load(file)
for key, rows in tables.items():
    module = importlib.import_module(key)
    found = module.predict_rows(rows)
    assert [module.predict(row) for row in rows[:5]] == found[:5]
    print(json.dumps([found, [module.conditions(row) for row in rows]]))
assert not {name.partition(".")[0] for name in sys.modules} & {"btfnet", "numpy"}
"""


def test_python_modules_give_the_labels_of_the_model_on_every_row(rows, tmp_path):
    for key, model in MODELS.items():
        export_table_model(tmp_path / f"{key}.py", model)
    by_row = {
        key: [dict(zip(each, values, strict=True)) for values in zip(*each.values(), strict=True)]
        for key, each in rows.items()
    }
    (tmp_path / "rows.json").write_text(json.dumps(by_row))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "-c", RUNNER, str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for (key, model), line in zip(MODELS.items(), done.stdout.splitlines(), strict=True):
        found, bits = json.loads(line)
        assert bits == model.encode(rows[key]).tolist(), key
        if len(model.targets) > 1:
            found = [[labels[target.name] for target in model.targets] for labels in found]
        assert found == expected(model, rows[key]), key
        assert set(map(type, np.ravel(np.array(found, dtype=object)))) <= {int, float, str}


def module_of(model, tmp_path):
    export_table_model(tmp_path / "rule.py", model)
    scope = {"__name__": "rule"}
    exec(compile((tmp_path / "rule.py").read_text(encoding="utf-8"), "rule.py", "exec"), scope)
    return scope


@pytest.mark.parametrize("key", ["m0", "m1", "m4", "m7"])
def test_python_modules_take_single_values_of_any_type_as_the_model_does(key, tmp_path):
    model, module = MODELS[key], module_of(MODELS[key], tmp_path)
    rng, names = np.random.default_rng(1), model.input_names
    values = [
        True,
        False,
        0,
        1,
        3,
        100,
        104,
        1.0,
        0.5,
        np.float32(0.1),
        np.int64(1),
        np.bool_(True),
        None,
        "NA",
        "1",
        " 1 ",
    ]
    for _ in range(60):
        row = {
            name: values[place]
            for name, place in zip(names, rng.integers(0, len(values), len(names)), strict=True)
        }
        found = module["predict"](row)
        wanted = model.predict({name: [value] for name, value in row.items()})[0]
        assert (found if len(model.targets) == 1 else list(found.values())) == (
            wanted if len(model.targets) == 1 else wanted.tolist()
        )


def test_a_row_without_a_column_or_with_text_for_a_number_is_refused(tmp_path):
    model = MODELS["m0"]
    module = module_of(model, tmp_path)
    with pytest.raises(ValueError, match="has no column"):
        module["predict"]({})
    numbers = [column.name for column in Rule.of(model).columns if column.kind.is_number]
    with pytest.raises(ValueError, match="expected a number"):
        module["predict"]({name: "many" if name in numbers else None for name in model.input_names})
    pixels = module_of(MODELS["pixels0"], tmp_path)
    assert pixels["predict"]([0.5] * 36) == pixels["predict"](dict.fromkeys(pixels["COLUMNS"], 0.5))
    for wrong in ([0.5] * 35, [None] * 36):
        with pytest.raises(ValueError, match=r"no value|no column"):
            pixels["predict"](wrong)


def test_a_program_reads_the_numbers_of_a_file_as_training_does(tmp_path):
    module = module_of(MODELS["m0"], tmp_path)
    found = [module["_number"]({"x": cell}, "x") for cell in ("1.234,5", "-1,234,567.25", "1,5", "NA", "inf")]
    assert found[:3] == [1234.5, -1234567.25, 1.5]
    assert all(number != number for number in found[3:])
    with pytest.raises(ValueError, match="expected a number"):
        module["_number"]({"x": "12.34,5"}, "x")
    assert [module["_bit"](cell) for cell in ("1.0", "0,0", "yes", "inf")] == [1.0, 0.0, "yes", "inf"]


def test_a_pixel_that_is_no_number_makes_the_class_of_c_minus_one(tmp_path):
    export_table_model(tmp_path / "p.c", MODELS["pixels0"])
    (tmp_path / "main.c").write_text(
        '#include "p.c"\nint main(void)\n{\n    double row[36] = {0};\n    int sum = pixels_0_class(row);\n'
        "    row[7] = NAN;\n    return sum >= 0 && pixels_0_class(row) == -1 ? 0 : 1;\n}\n"
    )
    built("gcc", "-std=c99", "-o", "main", "main.c", cwd=tmp_path)
    assert subprocess.run([tmp_path / "main"]).returncode == 0


def test_a_rule_that_asks_nothing_is_a_program_as_well(tmp_path):
    model = random_table_model(3)
    learned = tuple(replace(each, committee=replace(each.committee, members=())) for each in model.learned)
    bare = lean(TableModel("bare", model.encoder, learned))
    assert not bare.encoder.conditions
    assert module_of(bare, tmp_path)["predict_rows"]([{}] * 3) == bare.predict({"x": [1, 2, 3]}).tolist()
    export_table_model(tmp_path / "bare.c", bare)
    built("gcc", "-std=c99", "-fsyntax-only", "bare.c", cwd=tmp_path)


def test_a_circuit_of_another_shape_is_refused(tmp_path):
    with pytest.raises(DataError, match="expected"):
        export_table_model(tmp_path / "x.py", random_table_model(0), circuit=Circuit(1, (), (1,)))


def test_texts_that_are_no_strings_of_c_are_refused_by_name():
    for text in ("a\0b", "x" * 5000):
        with pytest.raises(UsageError, match=r"no string of C; export \.py instead"):
            literal(text)


def test_blanks_are_what_python_strips():
    assert set(BLANKS) == {chr(code) for code in range(0x110000) if chr(code).isspace()}


def test_members_are_names_that_c_and_c_plus_plus_allow():
    assert [member(name) for name in ("int", "class", "1x", "", "NULL", "age", "a b")] == [
        "int_", "class_", "c1x", "x", "NULL_", "age", "a_b"
    ]  # fmt: skip
