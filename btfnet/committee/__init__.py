"""Classification: networks whose outputs vote for classes, and committees of such networks."""

from btfnet.committee.classifier import Classifier
from btfnet.committee.committee import Committee, Member
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.training import train_committee

__all__ = ["Classifier", "Committee", "Comparisons", "Member", "train_committee"]
