"""Records of a search: `Result`, `Trial`, scores, agreement, consensus, vote."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btfnet.deprecation import deprecated
from btfnet.engines.descent.shrink import Shrinking
from btfnet.engines.shared.gates import cells_of
from btfnet.families.recognise import Recognised
from btfnet.logic.circuit import Circuit
from btfnet.printable import printable
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.notable_outputs import Notable, copies_of_inputs, notable_outputs
from btfnet.search.progress import gaps_as_distances
from btfnet.search.score import Score
from btfnet.search.tried import TunerRound, WidthsTried
from btfnet.settings import Settings
from btfnet.viewing.curves import Curve, Point
from btfnet.viewing.figure import plotted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Trial:
    """One start.

    exact      integer gates reproduce every training item, checked without floats
    engine     what ran: rrr, descent, rrr+descent, or shared
    found_by   what found the exact circuit, None without one: rrr where the projections' weights gave it
               alone, rrr+descent where gate descent finished what they began
    score      of the circuit when it is exact, else of the weights
    gap        the distance at its end; None for gate descent, which has none
    weights    float64, (n_edges,): the B weights, each BTF's with norm sqrt(fan-in); for descent, its gates'
    circuit    the exact circuit, or the completion with the fewest wrong bits; None for analog inputs. In a
               `Result` its `training` says what is wrong
    trace      looks; of gate descent their gaps are numbers of wrong output bits
    wrong_bits output bits of the training items that the circuit gets wrong, None without one
    doubts     sentences naming the nodes that no small gate reproduces
    codes      int8 ±1, (n_train, n_inputs): what was found for unknown inputs, else None
    integer_weights  int64, (n_edges,): the exact circuit as weights of the network's nodes; None without one
    shrunk     what shrinking did to the exact circuit; None where it was not tried, or not to its end
    network    the network whose edges the weights are of, where the problem's grows; None: the problem's
    work_ns    estimated nanoseconds of work, from sizes and counts, not the clock's
    """

    index: int
    seed: int
    settings: Settings
    engine: str
    found_by: str | None
    status: Status
    exact: bool
    iterations: int
    gap: float | None
    seconds: float
    score: Score
    weights: NDArray[np.float64] = field(repr=False)
    circuit: Circuit | None = field(repr=False)
    trace: list[TraceRow] = field(repr=False)
    wrong_bits: int | None = None
    doubts: tuple[str, ...] = ()
    codes: NDArray[np.int8] | None = field(default=None, repr=False)
    shrunk: Shrinking | None = None
    integer_weights: NDArray[np.int64] | None = field(default=None, repr=False)
    network: Network | None = None
    work_ns: float = 0.0

    @property
    def gates(self) -> NDArray[np.int64] | None:
        """The old name of `integer_weights`."""
        deprecated("Trial.gates", "Trial.integer_weights")
        return self.integer_weights


@dataclass(frozen=True, slots=True)
class Agreement:
    """What independently found exact circuits say about the unseen items.

    circuits  exact ones, the kept trial's among them: at least 2
    alike     of the others, those with the kept one's outputs on every unseen item
    differ    the fraction of unseen items on which the most similar other one differs; 0 if one is alike
    unanimous the fraction of unseen items to which all of them give the same outputs
    items     unseen items on which they were compared

    That circuits say the same shows that the training items lead there, not that it is right: all may be wrong
    alike.
    """

    circuits: int
    alike: int
    differ: float
    unanimous: float
    items: int


@dataclass(frozen=True, slots=True)
class Consensus:
    """A circuit that says what most of several exact ones say about unseen items, and what came of making it.

    trial     the number of the trial from whose circuit it was made, which keeps its own
    circuit   exact, as all of them are
    weights   as of a `Trial`
    score     of the circuit
    circuits  exact ones that were asked
    counted   the fraction of unseen bits on which enough of them say the same
    against   such bits on which the circuit that it was made from said something else
    gates     of that trial's circuit and of this one, simplified
    words     the fractions of test items that the two get right in all bits
    """

    trial: int
    circuit: Circuit = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False, compare=False)
    score: Score
    circuits: int
    counted: float
    against: int
    gates: tuple[int, int]
    words: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Vote:
    """The majority of several circuits, as one circuit, which is right more often than the best of them.

    trials      the numbers of the trials that vote, the best by the validation items first
    circuit     at least half of them, for every output; simplified
    score       of the circuit
    validation  fractions of validation bits that are right: of the best one alone, and of the vote
    """

    trials: tuple[int, ...]
    circuit: Circuit = field(repr=False)
    score: Score
    validation: tuple[float, float]


@dataclass(frozen=True)
class Result:
    """What `solve` hands back: trials, and the circuit that was kept, with its weights and its score.

    The problem's network, where it grew, is that of the kept trial.
    That circuit is the one of the trial `best`, or, where there is one, the consensus', which was made from it, or
    the vote's, which has no weights in the network: `weights` are the trial's then.

    seconds         of this session and all earlier ones, of which seconds_before are the latter
    finished        nothing is left to go on with; else a checkpoint can be resumed
    tuning          the rounds in which settings found themselves; none without tuning
    widths          the networks that were tried; none unless the widths were to be found
    agreement       what other exact circuits say on the unseen items; None where none was found or can be compared
    consensus       the circuit that says what most exact circuits say, which is kept then; None without one
    vote            the majority of several circuits, which is kept where the problem is learned and it does better
    error           the fraction of validation items that might be wrong, where that was asked for
    recognised      outputs that are functions of known families; where all are, their circuit is kept, and the
                    only trial's engine is "families"
    """

    problem: Problem
    settings: Settings
    status: Status
    trials: tuple[Trial, ...]
    best: int
    seconds: float
    seed: int
    seconds_before: float = 0.0
    finished: bool = True
    tuning: tuple[TunerRound, ...] = ()
    widths: tuple[WidthsTried, ...] = ()
    agreement: Agreement | None = None
    consensus: Consensus | None = None
    vote: Vote | None = None
    error: float | None = None
    recognised: tuple[Recognised, ...] = ()

    def __repr__(self) -> str:
        """Short, for it is what a Python prompt shows: circuits and weights are pages long."""
        found = "exact" if self.exact else f"not exact ({self.status.key})"
        if self.learned:
            right = self.score
            found = f"learned, right in {right.validation_bits:.2%} of validation bits"
        return f"<Result {printable(self.problem.name)}: {found}, {len(self.trials)} trials, {self.seconds:.1f} s>"

    @property
    def kept(self) -> Trial:
        return self.trials[self.best]

    @property
    def exact(self) -> bool:
        if self.vote is not None and self.vote.circuit.training is not None:
            return self.vote.circuit.training.exact
        return self.kept.exact

    @property
    def learned(self) -> bool:
        """Whether it is as good as the data allow, as far as the search can tell; it may be exact besides."""
        return self.status is Status.LEARNED

    @property
    def learned_in_time(self) -> bool:
        """Whether its time was up when one trial at least was as good as the data allow; more might do better."""
        ended = any(trial.status is Status.LEARNED for trial in self.trials)
        return self.status is Status.TIME_LIMIT and self.problem.n_validation > 0 and ended

    @property
    def as_good_as_asked(self) -> bool:
        """Whether no more validation items are wrong than was allowed; True where nothing was asked."""
        return self.error is None or 1 - self.score.validation_words <= self.error + 1e-12

    @property
    def circuit(self) -> Circuit | None:
        if self.vote is not None:
            return self.vote.circuit
        return self.kept.circuit if self.consensus is None else self.consensus.circuit

    @property
    def weights(self) -> NDArray[np.float64]:
        return self.kept.weights if self.consensus is None else self.consensus.weights

    @cached_property
    def cells(self) -> tuple[Circuit, ...]:
        """Those of the kept trial's circuit, where nodes share gates; none where there is no exact one."""
        weights = self.kept.integer_weights
        if self.problem.network.shared is None or weights is None:
            return ()
        return cells_of(self.problem.network, weights)

    @cached_property
    def notable_outputs(self) -> tuple[Notable, ...]:
        """Outputs that are constant or almost constant in training, or copies of inputs."""
        return notable_outputs(self.problem)

    @cached_property
    def copies_inputs(self) -> bool:
        """Whether every output of the circuit is an input or its complement, so that it computes nothing."""
        return self.circuit is not None and copies_of_inputs(self.circuit)

    @cached_property
    def score(self) -> Score:
        """Of the circuit that was kept; of the weights where there is none."""
        kept, problem = self.kept, self.problem
        if self.vote is not None:
            return self.vote.score
        if self.consensus is not None:
            return self.consensus.score
        if kept.exact or kept.circuit is None:
            return kept.score
        if problem.input_kind.known:
            return Score.of(problem, kept.circuit)
        return kept.score if kept.codes is None else Score(*problem.scores(kept.circuit.predict(kept.codes)))

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The looks of every trial; where items validate, they judge what an engine tests."""
        validated = self.problem.n_validation > 0
        return tuple(
            Curve(
                trial.index,
                tuple(
                    Point.of(look, validated=validated) for look in gaps_as_distances(trial.trace, trial.gap)
                ),
            )
            for trial in self.trials
        )

    def plot(self) -> Figure:
        """A matplotlib figure: errors and gap of the kept trial, and all trials side by side.

        `figure.savefig("run.png")` writes it; no display is needed. Raises `UsageError` when matplotlib is not
        installed.
        """
        return plotted(self.curves, best=self.kept.index, title=self.problem.name)

    @property
    def trace(self) -> list[TraceRow]:
        """The kept trial's looks, in which a gap is a distance: NaN for gate descent, which has none."""
        return gaps_as_distances(self.kept.trace, self.kept.gap)
