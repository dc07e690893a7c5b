"""The part of `argument_cases` that is about ordinary tables and plugins."""

import btfnet
from btfnet import tasks
from btfnet.tables.ways import Single

TABLE_RECORDS = {"TableEncoder", "TableModel", "tasks.Family"}
"""Records that users get and do not make, or plugins."""
COLUMNS = {"a": [0, 1, 2, 3] * 3, "b": ["x", "y", "x", "x"] * 3, "class": ["p", "q", "q", "p"] * 3}


def table_cases():
    """Name: (function, positional arguments, keyword arguments); files are in the working directory."""
    options = {"gates": 5, "cuts": "classes", "n_cuts": 4, "seed": 1, "jobs": 1, "report": None, "stop": None}
    options |= {"picture": None, "pixels": False, "ways": (Single((3,)),), "name": "t"}
    model = btfnet.learn(COLUMNS, "class", **options)
    btfnet.save_table_model("t.btf", model)
    rows = {name: values[:2] for name, values in COLUMNS.items()}
    return {
        "learn": (btfnet.learn, (COLUMNS, "class"), options),
        "export_table_model": (btfnet.export_table_model, ("t.py", model), {"circuit": None}),
        "load_table_model": (btfnet.load_table_model, ("t.btf",), {}),
        "save_table_model": (btfnet.save_table_model, ("t.btf", model), {}),
        "TableModel.predict": (model.predict, (rows,), {}),
        "TableModel.predict_proba": (model.predict_proba, (rows,), {}),
        "TableModel.score": (model.score, (rows, ["p", "q"]), {}),
        "TableEncoder.encode": (model.encoder.encode, (rows,), {}),
        "tasks.origin": (tasks.origin, ("digits",), {}),
    }
