"""The table of docs/job_arrays.md, from the rows of study.py beside this file.

python scripts/studies/sharing_jobs/report.py
"""

from __future__ import annotations

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.sharing_jobs.study import STORE


def same(row: Row) -> str:
    return (
        "the same trials as in one process" if row["same_as_serially"] else "OTHER TRIALS THAN IN ONE PROCESS"
    )


def lines(rows: dict[str, Row]) -> list[tuple[str, str]]:
    """What was done, and what came of it; of each part the last row."""
    cost, win, kills, away, stop = (rows[part] for part in ("overhead", "win", "kills", "vanishes", "stop"))
    more, processor = cost["ms_alone_and_more"][1], cost["ms_alone_and_more_of_processor"][1]
    others = max(win["seconds_from_win_until_other_trials_had_ended"])
    closed = max(win["seconds_from_last_trial_until_closed"])
    ended = win["seconds_until_processes_had_ended"]
    return [
        (
            f"a trial that is shared, beyond one that is not ({cost['trials']} tiny trials)",
            f"{more:.1f} ms, of which {processor:.1f} ms of the processor; the rest waits for the disk",
        ),
        (
            "from a win in one of three jobs until the trials of the others had ended",
            f"{others:.1f} s at most",
        ),
        ("from the last trial until the search was closed", f"{closed:.2f} s at most"),
        ("until the three processes had printed and ended, too", f"{min(ended):.1f} to {max(ended):.1f} s"),
        (
            f"{kills['trials']} trials by two jobs, one of which is killed every 5 s",
            f"{kills['killed']} killed, {kills['lost']} lost, {same(kills)}; {kills['seconds']:.0f} s, against "
            f"{kills['seconds_alone']:.0f} s in one process without kills",
        ),
        ("the folder away for 10 s, twice", f"{away['lost']} lost, {same(away)}"),
        (
            "STOP, with three jobs",
            f"all had ended within {stop['seconds_until_all_had_ended']:.1f} s; without STOP, {same(stop)}",
        ),
    ]


@options.command(__doc__)
def main() -> None:
    rows = {row["study"]: row for row in STORE.all()}
    write_part(DOCS / "job_arrays.md", "jobs", markdown(("what", "measured"), lines(rows)))


if __name__ == "__main__":
    main()
