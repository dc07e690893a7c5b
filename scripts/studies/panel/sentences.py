"""What docs/results.md and the README say around the panel's tables."""

GOALS = """`btfnet.solve(problem)` without settings. Met: every run is exact and reaches the goal ("a circuit":
the time of all runs over the exact ones does; "words": of the unseen items). Seconds are the median and the most
of the exact runs; iterations those of all trials, those that failed and those that were stopped, too; unseen words
the median and the least of all runs; constant: what the best constant answer gets right.
"""
BETTER = """Network: the one that does better, of layers of these widths and of one without layers, "free", to
which nobody gave widths: more exact runs, more unseen words, fewer gates, less time.
"""
OF_THE_README = """Five runs each, without settings, on two cores of a shared machine. N: training items. Met:
every run is exact and reaches the goal; seconds: the median and the most; unseen words (all output bits right):
the median and the least.
"""
AROUND = """Of rule-30-4 four seeds were run. Where "missed" stands because the items admit a smaller circuit
than the right one, [determined.md](determined.md) shows it. All 88 elementary rules: [rules.md](rules.md). The
projections are checked against the success rates of the authors' own program over β and γ:
`python scripts/studies/success/study.py`. Functions that nobody here made:
[unknown_functions.md](unknown_functions.md).
"""
MORE = """Processor: seconds of all cores, the median; load: the machine's before a run, the most. Sweeps are those
of descents from random gates. Ands are counted after every threshold has become a counter. Sources: the digest of
the package and the problem files. 32×5: five layers of 32.
"""
ENGINES = """The engines side by side, without settings: exact runs, their median seconds (or the time that
was not enough), the median of unseen words right. rrr: the projections, with gates completed at checkpoints;
descent: gate descent from random gates; rrr+descent: gate descent from where the projections are; auto: the last
two in turn.
"""
