"""`btfnet learn`: an ordinary table in, a rule out that says what unseen rows are."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

from btfnet.cli.commands.report import PAGE, put_page
from btfnet.cli.compiling.processes import warm_up_tables
from btfnet.cli.console import say
from btfnet.cli.inputs.pictures import picture_named
from btfnet.cli.inputs.tables import encoded_items, parted
from btfnet.cli.outputs import checked_netlist
from btfnet.cli.reports.table_progress import Steps
from btfnet.cli.reports.table_report import as_record, as_text
from btfnet.cli.runs.earlier import Asked
from btfnet.cli.runs.live import followed, told
from btfnet.cli.runs.restart import check_options, deliver, open_folder, replayed, settled
from btfnet.cli.runs.run_folder import RunFolder
from btfnet.cli.runs.saved import CIRCUIT, ITEMS, MODEL, NETLIST
from btfnet.cli.signals import current
from btfnet.committee.persistence import digest
from btfnet.errors import DataError
from btfnet.files.strict_json import as_json
from btfnet.formats.btf.table_model import save_table_model
from btfnet.formats.by_suffix import write_circuit, write_items
from btfnet.formats.csv.layout import Layout
from btfnet.formats.programs import export_table_model, table_model_bytes
from btfnet.logic.proof.deadline import Deadline
from btfnet.tables.cells import as_texts
from btfnet.tables.learner import learn
from btfnet.tables.model import TableModel
from btfnet.tables.split import Rows
from btfnet.tables.table import Table
from btfnet.tables.ways import METHODS

MOST_DRAWN = 200
"""Gates of a circuit whose page is written unasked: the drawing takes a moment."""
NO = "no"
"""What --picture says of columns that are no pixels."""


def run(table: str, **options: Any) -> int:
    """As `btfnet learn` is declared: learn, check, save, print."""
    check_options(options)
    netlist = checked_netlist(options)
    layout = Layout(options["separator"], options["header"])
    no_picture = options["picture"] == NO
    picture = None if no_picture else picture_named(options["picture"])
    rows = parted(table, options["targets"], options["ignore"], layout, options["test"], options["seed"])
    name = Path(table).name.split(".")[0] or "table"
    asked = _asked(name, rows, options)
    with open_folder(options, netlist, [table, options["test"]]) as folder:
        if folder:
            earlier = settled(folder, asked, resume=options["resume"], force=options["force"])
            if earlier:
                return replayed(earlier, folder, options)
        warm_up_tables(quiet=options["quiet"])
        current().check()
        deadline = Deadline(options["time_limit"])
        with current().asking() as stop, followed(folder, name, learned=True) as live:
            try:
                model = learn(
                    rows.train,
                    rows.targets,
                    gates=options["gates"],
                    picture=picture,
                    pixels=not no_picture,
                    cuts=options["cuts"],
                    n_cuts=options["levels"],
                    ways=METHODS[options["method"]],
                    name=name,
                    seed=options["seed"],
                    jobs=options["jobs"],
                    report=told(None if options["quiet"] else Steps(), live.note if live else None),
                    stop=lambda: stop.is_set() or deadline.over,
                )
            except DataError as error:
                raise DataError(f"{table}: {error}") from error
            status = "time_limit" if deadline.over else "learned"
            if current().came is not None:
                status = "interrupted"
            code = current().exit_code if status == "interrupted" else 0
            _deliver(model, rows, asked, folder, netlist, options, status=status, code=code)
    if folder and len(model.circuit.gates) <= MOST_DRAWN:  # it says that the run has ended
        page = str(folder.path / PAGE)
        put_page(str(folder.path), page, force=options["force"])
        if not options["json"]:
            say(f"Page      {page}, for a browser")
    return code


def _asked(name: str, rows: Rows, options: dict[str, Any]) -> Asked:
    """What must agree for two runs to be the same."""
    tables = [rows.train, *([rows.test] if rows.test else [])]
    arrays = [np.frombuffer(_bytes(table), dtype=np.uint8) for table in tables]
    how = {name: options[name] for name in ("gates", "method", "cuts", "levels", "picture", "seed")}
    what = {"problem": name, "items": digest(*arrays), "targets": list(rows.targets), "learn": how}
    return Asked(what, None)


def _bytes(table: Table) -> bytes:
    cells = ["\0".join(table.names)]
    cells += ["\0".join(map(str, as_texts(column).tolist())) for column in table.columns]
    return "\1".join(cells).encode("utf-8", errors="surrogatepass")


def _deliver(
    model: TableModel,
    rows: Rows,
    asked: Asked,
    folder: RunFolder | None,
    netlist: str | None,
    options: dict[str, Any],
    *,
    status: str,
    code: int,
) -> None:
    """Save first, then print."""
    circuit = model.circuit
    begun: float = click.get_current_context().obj
    record = as_record(model, rows, status=status, seed=options["seed"]) | {
        "model": folder.model if folder else None,
        "seconds": round(time.monotonic() - begun, 6),
    }
    report = as_text(model, rows, record)
    files: dict[str, Callable[[Path], None]] = {
        MODEL: lambda path: save_table_model(path, model),
        CIRCUIT: lambda path: write_circuit(path, circuit),
        NETLIST: lambda path: write_circuit(path, circuit),
        ITEMS: lambda path: write_items(path, encoded_items(model, rows.train)),
    }
    if netlist:
        files[f"circuit.{netlist}"] = lambda path: export_table_model(path, model)

    def save(folder: RunFolder) -> None:
        folder.store(files, record, asked.record(finished=status == "learned", exit_code=code, report=report))

    printed = None if netlist is None else lambda: table_model_bytes(f".{netlist}", model)
    deliver(report, as_json(record), folder, save, printed, options)
