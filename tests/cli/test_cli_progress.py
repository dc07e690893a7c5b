"""What a running search shows: lines for logs, a table for terminals, nothing when quiet."""

import io

from btfnet import Progress, TraceRow
from btfnet.cli.console import duration, number, percent, rate
from btfnet.cli.reports import progress as shown


def report(trial=0, iteration=12_000, note=""):
    look = TraceRow(iteration, 0.1234, 0.0987, 4.0, train_bits=0.975)
    return Progress(trial, 10, look, 8_300.0, 1, 0.98125, 64.2, note)


def test_line_tells_iteration_rate_gaps_bits_best_trial_and_time():
    text = shown.line(report(note="tuning"))
    for words in ("64.2 s", "trial 1/10", "iteration 12 000", "8.3 k it/s", "0.123", "0.0987", "97.50 %",
                  "best 98.12 % (trial 2)", "tuning"):  # fmt: skip
        assert words in text


def test_lines_come_at_most_every_few_seconds(capsys):
    now = [0.0]
    lines = shown.Lines(clock=lambda: now[0])
    for second in range(30):
        now[0] = float(second)
        lines(report())
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 29 // shown.SECONDS_BETWEEN_LINES + 1


def test_quiet_has_no_spectator():
    with shown.spectator(quiet=True) as watch:
        assert watch is None


def test_without_a_terminal_lines_are_printed(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with shown.spectator(quiet=False) as watch:
        assert isinstance(watch, shown.Lines)


def test_table_shows_the_latest_look_of_each_recent_trial():
    from rich.console import Console

    table = shown.LiveTable()
    for trial in range(12):
        table(report(trial, 100))
        table(report(trial, 200 + trial))
    console = Console(width=110, file=io.StringIO())
    console.print(table)
    text = console.file.getvalue()
    assert text.count("/10") == shown.ROWS
    assert "211" in text
    assert "best 98.12 % of training bits (trial 2)" in text


def test_table_shows_what_was_wrong_as_a_small_curve_and_what_is_exact():
    from rich.console import Console

    table = shown.LiveTable(validated=True)
    for k in range(400):
        look = TraceRow(
            k, float("nan"), float("nan"), 1.0, train_bits=1 - 0.5 / (1 + k // 100), test_bits=0.75
        )
        table(Progress(2, 10, look, 8.0, 2, 0.9, 1.0, "", (2, 4), 3))
    console = Console(width=80, file=io.StringIO())
    console.print(table)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    for words in ("75.00 %", "exact so far: trials 3, 5; 3 trials ended", "█", "▃"):
        assert words in text
    assert "gap" not in text


def test_exact_trials_are_named_as_far_as_there_is_room():
    assert shown.exact_so_far([], 0) == ""
    assert shown.exact_so_far([], 2) == "none exact so far; 2 trials ended"
    assert shown.exact_so_far([0], 0) == "exact so far: trial 1"
    assert shown.exact_so_far(range(30), 1).endswith("11, 12 and 18 more; 1 trial ended")


def test_table_works_before_the_first_look():
    from rich.console import Console

    console = Console(file=io.StringIO())
    console.print(shown.LiveTable())
    assert "searching" in console.file.getvalue()


def test_live_display_is_used_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    with shown.spectator(quiet=False) as watch:
        assert isinstance(watch, shown.LiveTable)
        watch(report())


def test_numbers_are_written_for_people():
    assert number(1234567) == "1 234 567"
    assert [percent(value) for value in (1.0, 0.99999999, 0.5, 0.0, float("nan"))] == [
        "100 %", "99.99 %", "50.00 %", "0.00 %", "–",
    ]  # fmt: skip
    assert [duration(seconds) for seconds in (3.21, 245, 7620)] == ["3.2 s", "4 min 05 s", "2 h 07 min"]
    assert [rate(value) for value in (12_345, 12.34, float("nan"))] == ["12.3 k it/s", "12.3 it/s", "–"]
